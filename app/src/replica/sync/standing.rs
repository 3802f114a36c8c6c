//! When store and server do not stand as each remembers the other: the store was rolled back or has a
//! twin, the server was restored from a backup, or the device was revoked.
//!
//! Invariants: nothing own is ever dropped here; after a server lost part of its log, every own change
//! that it lost is in the outbox again, in the order made, and what others made after the common place
//! is gone from here until it comes again, but for what own changes that wait may build on: that is shown.

use rusqlite::{Connection, params};
use shared::{
    day::Timestamp,
    ids::Digest,
    sync::{
        limits,
        message::{Checkpoint, Cursor},
    },
};

use super::super::{
    error::Result,
    store::{rows, sync_state::SyncState},
};

/// Places older than this are forgotten: own changes are kept for as long (90 days).
const CHECKPOINTS_KEPT_MS: i64 = 90 * 24 * 3_600_000;
/// The newest places, all of which are kept; older ones lie further and further apart.
const NEWEST_KEPT: usize = 16;

/// Where this device stood, the newest first. Never empty: an empty list asks nothing.
pub fn checkpoints(db: &Connection) -> Result<Vec<Checkpoint>> {
    let mut statement =
        db.prepare_cached("SELECT seq, chain FROM checkpoint ORDER BY seq DESC LIMIT ?1")?;
    let found = statement.query_map(params![limits::CHECKPOINTS as i64], |row| {
        Ok(Checkpoint {
            seq: row.get::<_, i64>(0)?.cast_unsigned(),
            chain: Digest(row.get(1)?),
        })
    })?;
    let mut found = found.collect::<rusqlite::Result<Vec<_>>>()?;
    if found.is_empty() {
        found.push(Checkpoint {
            seq: 0,
            chain: Digest([0; 32]),
        });
    }
    Ok(found)
}

/// Remembers where the device stands now.
pub fn remember(db: &Connection, cursor: Cursor, now: Timestamp) -> Result<()> {
    let (0, Some(chain)) = (cursor.part, cursor.chain) else {
        return Ok(());
    };
    db.prepare_cached(
        "INSERT INTO checkpoint (seq, chain, at) VALUES (?1, ?2, ?3)
         ON CONFLICT (seq) DO UPDATE SET chain = ?2, at = ?3",
    )?
    .execute(params![cursor.seq.cast_signed(), chain.0, now.0])?;
    db.prepare_cached("DELETE FROM checkpoint WHERE at < ?1 AND seq <> ?2")?
        .execute(params![
            now.plus_ms(-CHECKPOINTS_KEPT_MS).0,
            cursor.seq.cast_signed()
        ])?;
    let places: Vec<i64> = db
        .prepare_cached("SELECT seq FROM checkpoint ORDER BY seq")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    if let Some(seq) = superfluous(&places) {
        db.prepare_cached("DELETE FROM checkpoint WHERE seq = ?1")?
            .execute([seq])?;
    }
    Ok(())
}

/// The place that tells the least, if there are too many: that whose neighbours lie closest together,
/// measured by how far back it is. What is left lies as the powers of a number.
fn superfluous(places: &[i64]) -> Option<i64> {
    if places.len() <= limits::CHECKPOINTS {
        return None;
    }
    let head = *places.last()?;
    let old = places.len().saturating_sub(NEWEST_KEPT);
    places
        .windows(3)
        .take(old)
        .filter_map(|near| match near {
            [before, place, after] => Some((*place, after - before)),
            _ => None,
        })
        // gap / distance, compared without dividing
        .min_by(|(a, gap_a), (b, gap_b)| {
            let (far_a, far_b) = (head - a + 1, head - b + 1);
            (i128::from(*gap_a) * i128::from(far_b)).cmp(&(i128::from(*gap_b) * i128::from(far_a)))
        })
        .map(|(place, _)| place)
}

/// The device has been revoked and what the batch brought is kept for review: it is not sent again
/// until the device is let in again, and stays here. Gives how many changes were not sent yet, and whether
/// the batch brought any.
pub fn note_review(db: &Connection, state: &mut SyncState) -> Result<(u64, bool)> {
    let batch = state.batch_hashes.take().unwrap_or_default();
    let brought = !batch.is_empty();
    for hash in batch {
        db.prepare_cached("UPDATE outbox SET reviewed = 1 WHERE hash = ?1")?
            .execute([hash.0])?;
    }
    state.revoked = true;
    let left = db
        .query_row(
            "SELECT COUNT(*) FROM outbox WHERE reviewed = 0",
            [],
            |row| row.get::<_, i64>(0),
        )?
        .unsigned_abs();
    Ok((left, brought))
}

/// The device is let in (again): everything that waits is sent, in the order made. (A batch under way may
/// lack what it builds on: that had been sent before, for review.)
pub fn note_let_in(db: &Connection, state: &mut SyncState) -> Result<()> {
    if state.revoked {
        state.revoked = false;
        state.batch_hashes = None;
        db.execute("UPDATE outbox SET reviewed = 0 WHERE reviewed = 1", [])?;
    }
    Ok(())
}

/// Tables of rows that carry their place in the log.
pub(super) const NUMBERED: [&str; 8] = [
    "invoice",
    "account",
    "receipt_state",
    "promise_state",
    "field_cash",
    "hand_in_state",
    "proposal_state",
    "statement",
];

/// The server's log ends at `common` as far as this device knows it: makes ready to send again what the
/// server lost, and to read the log anew.
pub fn roll_back(db: &Connection, state: &mut SyncState, common: u64) -> Result<()> {
    let common = common.cast_signed();
    db.execute(
        "UPDATE change SET state = 'waiting', seq = NULL
         WHERE own = 1 AND state IN ('admitted', 'kept') AND (seq IS NULL OR seq > ?1)",
        [common],
    )?;
    db.execute(
        "UPDATE document SET seq = NULL, received_at = NULL, clock_offset_ms = NULL WHERE seq > ?1",
        [common],
    )?;
    // What own ones that wait may build on stays to be seen, until it comes again.
    db.execute(
        "UPDATE change SET state = 'base', seq = NULL WHERE own = 0 AND seq > ?1
           AND document IN (SELECT document FROM change WHERE state IN ('waiting', 'parked', 'held'))",
        [common],
    )?;
    db.execute("DELETE FROM change WHERE own = 0 AND seq > ?1", [common])?;
    // A document whose creation is gone cannot be read until it comes again. Own additions to it stay.
    const GONE: &str = "SELECT d.id FROM document d WHERE NOT EXISTS (
          SELECT 1 FROM change c WHERE c.hash = d.id AND c.state <> 'kept')";
    for sql in [
        format!("DELETE FROM visit WHERE document IN ({GONE})"),
        format!("DELETE FROM visit_related WHERE visit IN ({GONE})"),
        format!("DELETE FROM promise WHERE document IN ({GONE})"),
        format!("DELETE FROM receipt WHERE document IN ({GONE})"),
        format!(
            "DELETE FROM receipt_allocation WHERE receipt IN (SELECT place FROM document WHERE filed IN (0, 1) AND id IN ({GONE}))"
        ),
        format!("DELETE FROM void_request WHERE document IN ({GONE})"),
        format!("DELETE FROM book WHERE document IN ({GONE})"),
        format!("DELETE FROM hand_in WHERE document IN ({GONE})"),
        format!("DELETE FROM hand_in_receipt WHERE document IN ({GONE})"),
        format!("DELETE FROM proposal WHERE document IN ({GONE})"),
        format!("DELETE FROM statement_answer WHERE document IN ({GONE})"),
        format!(
            "DELETE FROM document WHERE filed IN (0, 1) AND id IN ({GONE}) AND id NOT IN (SELECT document FROM change)"
        ),
        // The order made: a creation lies before what builds on it.
        "DELETE FROM outbox".into(),
        "INSERT INTO outbox (hash, document, size)
           SELECT hash, document, length(bytes) FROM change WHERE state = 'waiting' ORDER BY place"
            .into(),
        // Rows come again; those that do not are swept away at the end.
        "DELETE FROM payment".into(),
        "DELETE FROM exception".into(),
        "DELETE FROM handed_in".into(),
        "DELETE FROM case_step".into(),
        "DELETE FROM rules".into(),
        "DELETE FROM older".into(),
        "DELETE FROM wanted WHERE absent = 1".into(),
        "UPDATE scope SET leaving = 2 WHERE leaving = 0".into(),
        format!("DELETE FROM checkpoint WHERE seq > {common}"),
    ] {
        db.execute(&sql, [])?;
    }
    state.batch_hashes = None;
    state.cursor = Cursor::default();
    state.cursor_unknown = false;
    state.rereading = true;
    Ok(())
}

/// The log is read once more from the beginning, with nothing of what is here put in doubt but the scope: customers that
/// left it before are passed over there. Those that do not enter again have left.
pub fn read_anew(db: &Connection, state: &mut SyncState) -> Result<()> {
    state.cursor = Cursor::default();
    db.execute("UPDATE scope SET leaving = 2 WHERE leaving = 0", [])?;
    Ok(())
}

/// The log has been read to its end: what it did not bring again, if it was read anew, is no more.
pub fn sweep(db: &Connection, state: &mut SyncState) -> Result<()> {
    if state.rereading {
        state.rereading = false;
        for table in NUMBERED {
            db.execute(&format!("DELETE FROM {table} WHERE row_seq = 0"), [])?;
        }
    }
    match db.execute("UPDATE scope SET leaving = 1 WHERE leaving = 2", [])? {
        0 => Ok(()),
        _ => rows::drop_left(db),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_kept_reach_back_to_the_first_and_lie_closer_the_newer_they_are() {
        let mut places: Vec<i64> = Vec::new();
        for seq in 1..=10_000 {
            places.push(seq);
            if let Some(gone) = superfluous(&places) {
                places.retain(|place| *place != gone);
            }
        }
        assert_eq!(places.len(), limits::CHECKPOINTS);
        assert_eq!(places[0], 1);
        assert_eq!(&places[places.len() - 3..], [9_998, 9_999, 10_000]);
        // Whatever was lost, the next common place lies less than three quarters of it further back.
        for lost in [10, 100, 1_000, 5_000] {
            let common = places.iter().rev().find(|p| **p <= 10_000 - lost).unwrap();
            assert!(
                10_000 - lost - common <= lost * 3 / 4 + 1,
                "{lost}: {common}"
            );
        }
    }
}
