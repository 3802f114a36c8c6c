//! Where the device stands: cursor, epoch, the batch under way, clock offset, freshness of the data.

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::Timestamp,
    ids::{ChangeHash, Digest},
    sync::message::Cursor,
};

use super::time;
use crate::replica::error::Result;

/// The state of sync as stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncState {
    /// The server's epoch; 0 if not known.
    pub epoch: u64,
    /// The store's generation as the server recorded it.
    pub generation: u64,
    /// Number of the last batch that was begun.
    pub batch: u64,
    /// Its changes in order, while it is not answered.
    pub batch_hashes: Option<Vec<ChangeHash>>,
    /// Where the device stands in the log.
    pub cursor: Cursor,
    /// Phone clock minus server clock at the last answer.
    pub clock_offset_ms: i64,
    /// When the data were last known complete, by the server's clock.
    pub data_as_of: Option<Timestamp>,
    /// Last answer, by the phone's clock.
    pub last_success: Option<Timestamp>,
    /// The token was refused.
    pub revoked: bool,
    /// See the migration: what is being read.
    pub reading: Option<String>,
    /// When the file was last read through for damage.
    pub checked_at: Option<Timestamp>,
    /// The server does not know the cursor: it is told where this device stood before.
    pub cursor_unknown: bool,
    /// The log is being read anew from the beginning; what it does not bring again goes at its end.
    pub rereading: bool,
}

fn unsigned(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::cast_unsigned)
}

impl SyncState {
    /// Reads it; that of a new store if nothing is there.
    pub fn load(db: &Connection) -> Result<Self> {
        let read = db.prepare_cached(
            "SELECT epoch, generation, batch, batch_hashes, cursor_seq, cursor_part, cursor_chain,
                    clock_offset_ms, data_as_of, last_success, revoked, reading, checked_at,
                    cursor_unknown, rereading FROM sync_state",
        )?
        .query_row([], |row| {
            let hashes: Option<Vec<u8>> = row.get(3)?;
            let chain: Option<[u8; 32]> = row.get(6)?;
            Ok(Self {
                epoch: unsigned(row, 0)?,
                generation: unsigned(row, 1)?,
                batch: unsigned(row, 2)?,
                batch_hashes: hashes.map(|bytes| {
                    bytes.as_chunks::<32>().0.iter().map(|h| ChangeHash(*h)).collect()
                }),
                cursor: Cursor {
                    seq: unsigned(row, 4)?,
                    part: unsigned(row, 5)?,
                    chain: chain.map(Digest),
                },
                clock_offset_ms: row.get(7)?,
                data_as_of: row.get::<_, Option<i64>>(8)?.map(Timestamp),
                last_success: row.get::<_, Option<i64>>(9)?.map(Timestamp),
                revoked: row.get(10)?,
                reading: row.get(11)?,
                checked_at: if row.get::<_, Option<i64>>(12)?.is_some() { Some(time(row, 12)?) } else { None },
                cursor_unknown: row.get(13)?,
                rereading: row.get(14)?,
            })
        });
        Ok(read.optional()?.unwrap_or_default())
    }

    /// Writes all of it.
    pub fn save(&self, db: &Connection) -> Result<()> {
        let hashes: Option<Vec<u8>> = self
            .batch_hashes
            .as_ref()
            .map(|hashes| hashes.iter().flat_map(|h| h.0).collect());
        db.prepare_cached(
            "INSERT OR REPLACE INTO sync_state (one, epoch, generation, batch, batch_hashes, cursor_seq,
               cursor_part, cursor_chain, clock_offset_ms, data_as_of, last_success, revoked, reading, checked_at,
               cursor_unknown, rereading)
             VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        )?
        .execute(params![
            self.epoch.cast_signed(),
            self.generation.cast_signed(),
            self.batch.cast_signed(),
            hashes,
            self.cursor.seq.cast_signed(),
            self.cursor.part.cast_signed(),
            self.cursor.chain.map(|c| c.0),
            self.clock_offset_ms,
            self.data_as_of.map(|t| t.0),
            self.last_success.map(|t| t.0),
            self.revoked,
            self.reading,
            self.checked_at.map(|t| t.0),
            self.cursor_unknown,
            self.rereading,
        ])?;
        Ok(())
    }
}

/// Notes durably what is about to be read; none when it is over.
pub fn note_reading(db: &Connection, what: Option<&str>) -> Result<()> {
    let mut state = SyncState::load(db)?;
    state.reading = what.map(str::to_owned);
    state.save(db)
}
