//! Refused records and what was made in their place.
//!
//! Invariant: a record that was corrected stands in no list and no figure; its bytes stay, and it can be
//! looked at. If the server takes it in after all, it is not corrected any more.

use rusqlite::{Connection, OptionalExtension, params};
use shared::ids::DocumentId;

use super::{document_id, documents};
use crate::replica::error::Result;

/// Refusals that nothing can be done about: the record itself, or another one in its place, counts.
const SETTLED: &[&str] = &[
    "admission.corrected",
    "admission.corrected_already",
    "admission.corrects_admitted",
];

/// Can a record that was refused with this code be corrected?
pub fn is_correctable(code: &str) -> bool {
    !SETTLED.contains(&code)
}

/// The record that was made in place of this one.
pub fn by(db: &Connection, corrected: DocumentId) -> Result<Option<DocumentId>> {
    Ok(db
        .prepare_cached("SELECT document FROM correction WHERE corrected = ?1")?
        .query_row(params![corrected.0], |row| document_id(row, 0))
        .optional()?)
}

/// Notes what a record corrects, unless it was refused itself: that needs no attention any more.
pub fn note(db: &Connection, document: DocumentId, corrects: &[DocumentId]) -> Result<()> {
    if corrects.is_empty() || documents::get(db, document)?.rejected.is_some() {
        return Ok(());
    }
    for old in corrects {
        if is_counted(db, *old)? {
            continue;
        }
        db.prepare_cached(
            "INSERT OR REPLACE INTO correction (corrected, document) VALUES (?1, ?2)",
        )?
        .execute(params![old.0, document.0])?;
        set_aside(db, *old)?;
    }
    Ok(())
}

/// Has the server got the record?
fn is_counted(db: &Connection, document: DocumentId) -> Result<bool> {
    Ok(db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM change WHERE hash = ?1 AND state IN ('admitted', 'kept'))",
        )?
        .query_row(params![document.0], |row| row.get(0))?)
}

/// The server has the record after all.
pub fn forget(db: &Connection, corrected: DocumentId) -> Result<()> {
    db.prepare_cached("DELETE FROM correction WHERE corrected = ?1")?
        .execute(params![corrected.0])?;
    Ok(())
}

/// A refused record has been dealt with: it stands in no list and no figure any more. Its bytes stay.
pub fn set_aside(db: &Connection, document: DocumentId) -> Result<()> {
    db.prepare_cached("UPDATE quarantine SET dismissed = 1 WHERE document = ?1")?
        .execute(params![document.0])?;
    let refused: bool = db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM document WHERE filed IN (0, 1) AND id = ?1 AND rejected IS NOT NULL)",
        )?
        .query_row(params![document.0], |row| row.get(0))?;
    if !refused {
        return Ok(());
    }
    for sql in [
        "DELETE FROM visit WHERE place = (SELECT place FROM document WHERE filed IN (0, 1) AND id = ?1)",
        "DELETE FROM visit_related WHERE visit = ?1",
        "DELETE FROM promise WHERE document = ?1",
        "DELETE FROM receipt WHERE place = (SELECT place FROM document WHERE filed IN (0, 1) AND id = ?1)",
        "DELETE FROM receipt_allocation WHERE receipt = (SELECT place FROM document WHERE filed IN (0, 1) AND id = ?1)",
        "DELETE FROM void_request WHERE document = ?1",
        "DELETE FROM hand_in WHERE document = ?1",
        "DELETE FROM proposal WHERE document = ?1",
        "DELETE FROM hand_in_receipt WHERE document = ?1",
        "DELETE FROM statement_answer WHERE document = ?1",
        "UPDATE attachment SET waiting = 0 WHERE document = ?1",
    ] {
        db.prepare_cached(sql)?.execute(params![document.0])?;
    }
    Ok(())
}
