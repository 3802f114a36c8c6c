//! The column map that was used last for each kind of uploaded file: what the next file is read by.
//!
//! Invariant: no part of the ledger; a map that this version cannot read is as if none was kept.

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::PersonId;

use super::{StoreError, WriteTx, sql::BlobId};
use crate::import::{Kind, Mapping};

/// The map kept for a kind of file.
pub fn get(conn: &Connection, kind: Kind) -> Result<Option<Mapping>, StoreError> {
    let text: Option<String> = conn
        .prepare_cached("SELECT mapping FROM import_map WHERE kind = ?1")?
        .query_row([kind.slug()], |row| row.get(0))
        .optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Keeps the map that somebody has just used.
pub fn keep(
    tx: &mut WriteTx<'_>,
    kind: Kind,
    mapping: &Mapping,
    person: PersonId,
) -> Result<(), StoreError> {
    if get(tx, kind)?.as_ref() == Some(mapping) {
        return Ok(());
    }
    tx.prepare_cached(
        "INSERT INTO import_map (kind, mapping, person, at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (kind) DO UPDATE SET mapping = ?2, person = ?3, at = ?4",
    )?
    .execute(params![
        kind.slug(),
        serde_json::to_string(mapping)?,
        person.blob(),
        tx.now().0
    ])?;
    Ok(())
}
