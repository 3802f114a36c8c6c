//! What the person has chosen for this store, and the version of the protocol in which it has read.

use rusqlite::{Connection, OptionalExtension, params};
use shared::sync::message::OLDEST_VERSION;

use crate::replica::error::Result;

const PHOTOS: &str = "photos";
const ALWAYS: &str = "always";
const WIFI: &str = "wifi";
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
