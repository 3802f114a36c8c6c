//! What is laid ready for the next opening of the app: the work list of a day, as bytes.
//!
//! Invariant: what is here is what would be made out anew. Whoever changes records or rows forgets it in the
//! same transaction (`Open::begin` does), and another build never reads it.

use rusqlite::{Connection, OptionalExtension, params};
use shared::day::Day;

use crate::replica::error::Result;

/// What this build has laid ready for a day.
pub fn load(db: &Connection, build: &str, day: Day) -> Result<Option<Vec<u8>>> {
    Ok(db
        .prepare_cached("SELECT body FROM laid_ready WHERE day = ?1 AND build = ?2")?
        .query_row(params![day.number(), build], |row| row.get(0))
        .optional()?)
}

/// Lays something ready for a day; what other days and other builds had goes, but for the day before.
pub fn keep(db: &Connection, build: &str, day: Day, body: &[u8]) -> Result<()> {
    db.prepare_cached("DELETE FROM laid_ready WHERE build <> ?1 OR day NOT IN (?2, ?3)")?
        .execute(params![build, day.number(), day.plus_days(-1).number()])?;
    db.prepare_cached("INSERT OR REPLACE INTO laid_ready (day, build, body) VALUES (?1, ?2, ?3)")?
        .execute(params![day.number(), build, body])?;
    Ok(())
}

/// Something changes: nothing is ready any more.
pub fn forget(db: &Connection) -> Result<()> {
    db.prepare_cached("DELETE FROM laid_ready")?.execute([])?;
    Ok(())
}
