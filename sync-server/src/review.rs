//! What a revoked device or person still sends: kept for review, never dropped, never posted by itself.
//! Somebody in the office releases it, and it goes the way of every record (and is flagged), or discards it.
//!
//! Invariants: nothing in review is in the log or the ledger; a released frame leaves the review in the
//! transaction that takes it in; what was discarded is kept and can still be released (its author's phone
//! may never come back).

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::Timestamp,
    ids::{ChangeHash, DeviceId, DocumentId},
    sync::{limits, message::Frame},
};

use crate::{
    merge::{self, Batch},
    store::{
        Store, StoreError,
        devices::{self, Device},
        documents,
        sql::{self, BlobId},
    },
};

/// Code under which a frame waits for review.
pub const CODE: &str = "review.revoked";

/// Code under which a discarded frame is kept.
pub const DISCARDED: &str = "review.discarded";

/// A frame that waits, or was discarded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Hash of its change.
    pub hash: ChangeHash,
    /// Who sent it.
    pub device: Device,
    /// When.
    pub received_at: Timestamp,
    /// Why it could not be released the last time; empty before that.
    pub detail: String,
}

/// Why a frame was not released.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// No such frame waits.
    #[error("no such record waits for review")]
    NotFound,
    /// The rules refuse it.
    #[error("the rules refuse it: {detail}")]
    Refused {
        /// Code of the reason.
        code: &'static str,
        /// The reason.
        detail: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ReviewError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "review.not_found",
            Self::Refused { code, .. } => code,
            Self::Store(e) => e.code(),
        }
    }
}

/// Keeps a batch of a revoked device, as far as the limits go; what is known or kept already is left.
pub fn keep(
    store: &Store,
    device: &Device,
    batch: &Batch<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    store.write_at(now, |tx| {
        let (mut frames, mut bytes) = kept(tx, device.id)?;
        for frame in batch.frames {
            let hash = shared::document::frame_hash(&frame.change);
            if documents::place_of(tx, hash)?.is_some() {
                continue;
            }
            (frames, bytes) = (frames + 1, bytes + frame.change.len());
            if frames > limits::REVIEW_FRAMES || bytes > limits::REVIEW_BYTES {
                return Err(StoreError::ReviewFull);
            }
            tx.prepare_cached(
                "INSERT INTO quarantine (hash, device, person, code, detail, received_at, frame, document, clock_offset_ms)
                 VALUES (?1, ?2, ?3, ?4, '', ?5, ?6, ?7, ?8) ON CONFLICT (hash, device) DO NOTHING",
            )?
            .execute(params![
                hash.blob(),
                device.id.blob(),
                device.person.id.blob(),
                CODE,
                now.0,
                frame.change,
                frame.document.as_ref().map(BlobId::blob),
                batch.clock_offset_ms,
            ])?;
        }
        Ok(())
    })
}

/// Frames and bytes of a device that wait.
fn kept(conn: &Connection, device: DeviceId) -> Result<(usize, usize), StoreError> {
    let (frames, bytes): (u64, u64) = conn
        .prepare_cached(
            "SELECT COUNT(*), COALESCE(SUM(length(frame)), 0) FROM quarantine WHERE device = ?1 AND code = ?2",
        )?
        .query_row(params![device.blob(), CODE], |row| {
            Ok((sql::uint(row, 0)?, sql::uint(row, 1)?))
        })?;
    let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    Ok((count(frames), count(bytes)))
}

/// Everything that waits, in the order in which it came.
pub fn list(conn: &Connection) -> Result<Vec<Waiting>, StoreError> {
    listed(conn, CODE)
}

/// Everything that was discarded, in the order in which it came.
pub fn discarded(conn: &Connection) -> Result<Vec<Waiting>, StoreError> {
    listed(conn, DISCARDED)
}

fn listed(conn: &Connection, code: &str) -> Result<Vec<Waiting>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT hash, device, received_at, detail FROM quarantine WHERE code = ?1 ORDER BY received_at, rowid",
    )?;
    let mut rows = statement.query([code])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let device = devices::by_id(conn, sql::id(row, 1)?)?;
        found.push(Waiting {
            hash: sql::id(row, 0)?,
            device: device.ok_or(StoreError::NotFound("device"))?,
            received_at: Timestamp(row.get(2)?),
            detail: row.get(3)?,
        });
    }
    Ok(found)
}

/// Takes a frame that waits, or was discarded, into the log and the ledger; gives its place in the log.
pub fn release(store: &Store, hash: ChangeHash, now: Timestamp) -> Result<u64, ReviewError> {
    store.write_at(now, |tx| {
        let found = tx
            .prepare_cached(
                "SELECT device, frame, document, clock_offset_ms FROM quarantine
                 WHERE hash = ?1 AND code IN (?2, ?3) ORDER BY code <> ?2 LIMIT 1",
            )
            .and_then(|mut statement| {
                statement
                    .query_row(params![hash.blob(), CODE, DISCARDED], |row| {
                        Ok((
                            sql::id::<DeviceId>(row, 0)?,
                            row.get::<_, Vec<u8>>(1)?,
                            sql::opt_id::<DocumentId>(row, 2)?,
                            row.get::<_, i64>(3)?,
                        ))
                    })
                    .optional()
            })
            .map_err(StoreError::from)?;
        let (device, change, document, offset_ms) = found.ok_or(ReviewError::NotFound)?;
        let device = devices::by_id(tx, device)?.ok_or(StoreError::NotFound("device"))?;
        let frame = Frame { document, change };
        merge::take_reviewed(tx, &frame, &device, offset_ms)?
            .map_err(|(code, detail)| ReviewError::Refused { code, detail })
    })
}

/// Puts a frame that waits aside: it is listed no more, and kept for the day on which it is missed.
pub fn discard(store: &Store, hash: ChangeHash) -> Result<(), ReviewError> {
    store.write(|tx| {
        let gone = tx
            .execute(
                "UPDATE quarantine SET code = ?3 WHERE hash = ?1 AND code = ?2",
                params![hash.blob(), CODE, DISCARDED],
            )
            .map_err(StoreError::from)?;
        match gone {
            0 => Err(ReviewError::NotFound),
            _ => Ok(()),
        }
    })
}
