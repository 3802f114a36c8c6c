//! What the person has chosen for this store.

use rusqlite::{Connection, OptionalExtension, params};

use crate::replica::error::Result;

const PHOTOS: &str = "photos";
const ALWAYS: &str = "always";
const WIFI: &str = "wifi";

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
