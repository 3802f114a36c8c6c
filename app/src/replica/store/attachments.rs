//! Photos and files by the hash of their bytes: those that wait for upload, and those kept for viewing.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest as _, Sha256};
use shared::{
    day::Timestamp,
    ids::{ContentHash, DocumentId},
    planted::{self, Bug},
    sync::limits,
};

use super::{document_id, laid_ready, rows, time};
use crate::replica::error::{Error, Result};

/// A photo that the server does not have yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Hash of its bytes.
    pub hash: ContentHash,
    /// Media type.
    pub media_type: String,
    /// The record it belongs to.
    pub document: DocumentId,
    /// Length.
    pub size: u64,
    /// Kept at.
    pub at: Timestamp,
}

/// The hash under which bytes are kept; an error if they are too many.
pub fn hash_of(bytes: &[u8]) -> Result<ContentHash> {
    if bytes.is_empty() || bytes.len() as u64 > limits::ATTACHMENT_BYTES {
        return Err(Error::Invalid("photo.too_large"));
    }
    Ok(ContentHash(Sha256::digest(bytes).into()))
}

/// Keeps bytes: to be sent for a record, or (no record) fetched to be seen.
pub fn keep(
    db: &Connection,
    hash: ContentHash,
    media_type: &str,
    bytes: &[u8],
    document: Option<DocumentId>,
    now: Timestamp,
) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO attachment (hash, media_type, bytes, document, waiting, uploaded, at)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6) ON CONFLICT (hash) DO NOTHING",
    )?
    .execute(params![
        hash.0,
        media_type,
        bytes,
        document.map(|d| d.0),
        document.is_some() && !planted::is(Bug::ForgetPhoto),
        now.0
    ])?;
    Ok(())
}

/// Media type and bytes.
pub fn load(db: &Connection, hash: ContentHash) -> Result<Option<(String, Vec<u8>)>> {
    let read = db
        .prepare_cached("SELECT media_type, bytes FROM attachment WHERE hash = ?1")?
        .query_row(params![hash.0], |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(read.optional()?)
}

/// What waits, oldest first; with `ready` only those whose record the server has.
pub fn waiting(db: &Connection, ready: bool) -> Result<Vec<Waiting>> {
    let mut statement = db.prepare_cached(
        "SELECT hash, media_type, document, length(bytes), at FROM attachment a
         WHERE waiting = 1 AND (NOT ?1 OR (
           NOT EXISTS (SELECT 1 FROM outbox o WHERE o.document = a.document)
           AND NOT EXISTS (SELECT 1 FROM document d
             WHERE d.filed IN (0, 1) AND d.id = a.document AND d.rejected IS NOT NULL)))
         ORDER BY at, hash",
    )?;
    let found = statement.query_map(params![ready], |row| {
        Ok(Waiting {
            hash: row.get(0).map(ContentHash)?,
            media_type: row.get(1)?,
            document: document_id(row, 2)?,
            size: row.get::<_, i64>(3)?.unsigned_abs(),
            at: time(row, 4)?,
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// A photo that was taken for a refused record is sent for the one made in its place.
pub fn send_for(db: &Connection, hash: ContentHash, document: DocumentId) -> Result<()> {
    db.prepare_cached("UPDATE attachment SET document = ?2, waiting = 1 WHERE hash = ?1")?
        .execute(params![hash.0, document.0])?;
    Ok(())
}

/// How many wait.
pub fn waiting_count(db: &Connection) -> Result<u32> {
    Ok(db
        .prepare_cached("SELECT COUNT(*) FROM attachment WHERE waiting = 1")?
        .query_row([], |row| row.get(0))?)
}

/// The server has all of it. A customer that has left goes now, if only this still waited.
pub fn done(db: &Connection, hash: ContentHash) -> Result<()> {
    let tx = db.unchecked_transaction()?;
    tx.prepare_cached(
        "UPDATE attachment SET waiting = 0, uploaded = length(bytes) WHERE hash = ?1",
    )?
    .execute(params![hash.0])?;
    rows::drop_left(&tx)?;
    laid_ready::forget(&tx)?;
    Ok(tx.commit()?)
}
