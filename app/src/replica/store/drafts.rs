//! Half-filled forms: kept as text under a key, forgotten when the record is saved.

use rusqlite::{Connection, OptionalExtension, params};
use shared::day::Timestamp;

use crate::replica::error::{Error, Result};

/// The longest draft in bytes: forms hold their photos.
const LONGEST: usize = 16 << 20;

/// Keeps a draft in place of the one under the same key.
pub fn save(db: &Connection, key: &str, json: &str, now: Timestamp) -> Result<()> {
    if json.len() > LONGEST || key.len() > 200 {
        return Err(Error::Invalid("draft.too_large"));
    }
    db.prepare_cached("INSERT OR REPLACE INTO draft (key, json, at) VALUES (?1, ?2, ?3)")?
        .execute(params![key, json, now.0])?;
    Ok(())
}

/// The draft under a key.
pub fn load(db: &Connection, key: &str) -> Result<Option<String>> {
    let read = db
        .prepare_cached("SELECT json FROM draft WHERE key = ?1")?
        .query_row(params![key], |row| row.get(0));
    Ok(read.optional()?)
}

/// Forgets the form under a key and its photos, both at once: photos left behind would turn up in the next record.
pub fn drop(db: &Connection, key: &str) -> Result<()> {
    db.prepare_cached("DELETE FROM draft WHERE key IN (?1, ?1 || '/photos')")?
        .execute(params![key])?;
    Ok(())
}
