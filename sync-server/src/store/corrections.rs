//! Refused records and what was made in their place.
//!
//! Invariant: of a refused record and all that correct it at most one is in the log, whatever is sent
//! again or released from review, in whatever order.

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    ids::{ChangeHash, DocumentId, PersonId},
    sync::admission::{Admitted, Corrected, Rejection, judge_correction},
};

use super::{
    StoreError, WriteTx, documents,
    sql::{self, BlobId},
};

/// Is there anything against admitting this new record: was it corrected, or may it not correct what it
/// says it corrects?
pub(crate) fn judge(
    conn: &Connection,
    admitted: &Admitted,
    pusher: PersonId,
) -> Result<Result<(), Rejection>, StoreError> {
    if !admitted.creates {
        return Ok(Ok(()));
    }
    if by(conn, admitted.document)?.is_some() {
        return Ok(Err(Rejection::Corrected));
    }
    for old in admitted.record.corrects() {
        let known = Corrected {
            admitted: documents::place_of(conn, ChangeHash(old.0))?.is_some(),
            corrected: by(conn, *old)?.is_some(),
            sender: sender(conn, *old, pusher)?,
        };
        if let Err(rejection) = judge_correction(known, pusher) {
            return Ok(Err(rejection));
        }
    }
    Ok(Ok(()))
}

/// Notes what a record that has just been admitted corrects. What of that lay in quarantine or waited for
/// review stays there as corrected: nobody releases it any more.
pub(crate) fn note(tx: &WriteTx<'_>, admitted: &Admitted) -> Result<(), StoreError> {
    if !admitted.creates {
        return Ok(());
    }
    for old in admitted.record.corrects() {
        tx.prepare_cached("INSERT INTO correction (corrected, document) VALUES (?1, ?2)")?
            .execute(params![old.blob(), admitted.document.blob()])?;
        tx.prepare_cached("UPDATE quarantine SET code = ?2, detail = ?3 WHERE hash = ?1")?
            .execute(params![
                old.blob(),
                Rejection::Corrected.code(),
                Rejection::Corrected.to_string()
            ])?;
    }
    Ok(())
}

/// The record that was admitted in place of a refused one.
pub fn by(conn: &Connection, refused: DocumentId) -> Result<Option<DocumentId>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT document FROM correction WHERE corrected = ?1")?
        .query_row([refused.blob()], |row| sql::id(row, 0))
        .optional()?)
}

/// Who sent a record that lies in quarantine; if several did, the person who asks counts first.
fn sender(
    conn: &Connection,
    refused: DocumentId,
    asking: PersonId,
) -> Result<Option<PersonId>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT person FROM quarantine WHERE hash = ?1 ORDER BY person <> ?2 LIMIT 1",
        )?
        .query_row(params![refused.blob(), asking.blob()], |row| {
            sql::id(row, 0)
        })
        .optional()?)
}
