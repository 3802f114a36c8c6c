//! What was refused: the frames lie in quarantine with the reason, and can be looked through. What revoked devices
//! sent is not here but in [`crate::review`].

use rusqlite::{Connection, params};
use shared::{day::Timestamp, ids::ChangeHash};

use super::{StoreError, sql};
use crate::review;

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
