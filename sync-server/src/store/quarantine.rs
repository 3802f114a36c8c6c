//! What was refused: the frames lie in quarantine with the reason, and can be looked through. What revoked devices
//! sent is listed in [`crate::review`].

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::Timestamp,
    ids::{ChangeHash, Digest, DocumentId, PersonId},
    paper::receipt_check::Aside,
    sync::admission::{self, Rejection},
};

use super::{
    StoreError,
    sql::{self, BlobId},
};
use crate::{merge, review};

/// Frames of one person that are looked through for a receipt at most, the newest first.
const LOOKED_THROUGH: u32 = 2_000;

/// A frame that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Hash of its change.
    pub hash: ChangeHash,
    /// Stable code of the reason.
    pub code: String,
    /// The reason in words.
    pub detail: String,
    /// Code of the device that sent it.
    pub device: String,
    /// Whose device it was then.
    pub person: String,
    /// When it came.
    pub received_at: Timestamp,
    /// Its size.
    pub bytes: u64,
}

/// Everything that was refused, in the order in which it came.
pub fn list(conn: &Connection) -> Result<Vec<Refused>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT q.hash, q.code, q.detail, COALESCE(d.code, ''), COALESCE(p.name, ''), q.received_at, length(q.frame)
             FROM quarantine q LEFT JOIN device d ON d.id = q.device LEFT JOIN person p ON p.id = q.person
             WHERE q.code NOT IN (?1, ?2) ORDER BY q.received_at, q.rowid",
        )?
        .query_map(params![review::CODE, review::DISCARDED], |row| {
            Ok(Refused {
                hash: sql::id(row, 0)?,
                code: row.get(1)?,
                detail: row.get(2)?,
                device: row.get(3)?,
                person: row.get(4)?,
                received_at: Timestamp(row.get(5)?),
                bytes: sql::uint(row, 6)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// Does a receipt with this digest lie among what came from a person and is not in the ledger?
pub(crate) fn receipt(
    conn: &Connection,
    person: PersonId,
    core: Digest,
) -> Result<Option<Aside>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT frame, code FROM quarantine WHERE person = ?1 ORDER BY received_at DESC, rowid DESC LIMIT ?2",
    )?;
    let mut rows = statement.query(params![person.blob(), LOOKED_THROUGH])?;
    let mut found = None;
    while let Some(row) = rows.next()? {
        let frame = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        if merge::guarded(|| admission::sealed_receipt(frame))
            .ok()
            .flatten()
            != Some(core)
        {
            continue;
        }
        let aside = match row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)? {
            // Of one that was sent from two devices, what can still be released counts.
            review::CODE => return Ok(Some(Aside::InReview)),
            code if code == Rejection::Corrected.code() => Aside::Corrected,
            _ => Aside::Refused,
        };
        found = found.or(Some(aside));
    }
    Ok(found)
}

/// The digest of the core of a receipt that was refused, by its id; none if there is no such receipt.
pub(crate) fn core_of(
    conn: &Connection,
    document: DocumentId,
) -> Result<Option<Digest>, StoreError> {
    let frame: Option<Vec<u8>> = conn
        .prepare_cached("SELECT frame FROM quarantine WHERE hash = ?1 LIMIT 1")?
        .query_row([document.blob()], |row| row.get(0))
        .optional()?;
    let read = |frame: Vec<u8>| merge::guarded(|| admission::sealed_receipt(&frame)).ok();
    Ok(frame.and_then(read).flatten())
}
