//! What the person has chosen for this store, the version of the protocol in which it has read, and whether to the end.

use rusqlite::{Connection, OptionalExtension, params};
use shared::sync::message::OLDEST_VERSION;

use crate::replica::error::Result;

const PHOTOS: &str = "photos";
const ALWAYS: &str = "always";
const WIFI: &str = "wifi";
/// Under which key it stands whether there was more to be read after the last page.
const MORE: &str = "more";
const READ_IN: &str = "read_in";

/// Do photos wait for Wi-Fi where the network is metered? Unless somebody chose otherwise they do.
pub fn photos_wait_for_wifi(db: &Connection) -> Result<bool> {
    let chosen: Option<String> = db
        .prepare_cached("SELECT value FROM preference WHERE key = ?1")?
        .query_row([PHOTOS], |row| row.get(0))
        .optional()?;
    Ok(chosen.as_deref() != Some(ALWAYS))
}

/// Chooses whether they do.
pub fn let_photos_wait_for_wifi(db: &Connection, wait: bool) -> Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO preference (key, value) VALUES (?1, ?2)")?
        .execute(params![PHOTOS, if wait { WIFI } else { ALWAYS }])?;
    Ok(())
}

/// Notes whether there was more to be read after a page.
pub fn note_more(db: &Connection, more: bool) -> Result<()> {
    if is_more(db)? == more {
        return Ok(());
    }
    db.prepare_cached("INSERT OR REPLACE INTO preference (key, value) VALUES (?1, ?2)")?
        .execute(params![MORE, if more { "yes" } else { "no" }])?;
    Ok(())
}

/// Was there more to be read after the last page?
pub fn is_more(db: &Connection) -> Result<bool> {
    let said: Option<String> = db
        .prepare_cached("SELECT value FROM preference WHERE key = ?1")?
        .query_row([MORE], |row| row.get(0))
        .optional()?;
    Ok(said.as_deref() == Some("yes"))
}

/// Notes the version of the protocol in which a page was read. True if it is a newer one than those before were read
/// in: in that there was less to be said, and what was passed over does not come by itself.
pub fn note_read_in(db: &Connection, version: u16) -> Result<bool> {
    let before: Option<String> = db
        .prepare_cached("SELECT value FROM preference WHERE key = ?1")?
        .query_row([READ_IN], |row| row.get(0))
        .optional()?;
    let before = before.and_then(|text| text.parse().ok());
    let before = before.unwrap_or(OLDEST_VERSION);
    if version != before {
        db.prepare_cached("INSERT OR REPLACE INTO preference (key, value) VALUES (?1, ?2)")?
            .execute(params![READ_IN, version.to_string()])?;
    }
    Ok(version > before)
}
