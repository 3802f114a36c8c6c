//! What is not on this device and is fetched when somebody wants it: whole documents of which only the
//! digest is here, and a customer's older records.
//!
//! Invariants: a document is whole here if its creation change is (that hash is its id); what is wanted
//! stays so until the server has answered, over restarts as well.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::Timestamp,
    ids::{CustomerId, DocumentId},
    sync::{
        limits,
        message::{FetchOutcome, Fetched, Want},
    },
};

use super::{customer_id, document_id, time};
use crate::replica::error::Result;

/// Is the document's content here, not only what lists show of it?
pub fn is_whole(db: &Connection, document: DocumentId) -> Result<bool> {
    Ok(db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM change WHERE hash = ?1 AND state <> 'kept')")?
        .query_row(params![document.0], |row| row.get(0))?)
}

/// Somebody or something wants the whole document. True if that is news; a document of which the
/// server has said that there is none is not asked for again.
pub fn want(db: &Connection, document: DocumentId, now: Timestamp) -> Result<bool> {
    let added = db
        .prepare_cached(
            "INSERT INTO wanted (document, at, absent) VALUES (?1, ?2, 0) ON CONFLICT (document) DO NOTHING",
        )?
        .execute(params![document.0, now.0])?;
    Ok(added == 1)
}

/// Newest records that are fetched whole without being asked for: a first sync brings most only as lines,
/// and out of signal nothing can be fetched.
const AHEAD: i64 = 200;

/// Wants the newest records that are not whole here. True if there are some that nobody wanted yet.
pub fn want_newest(db: &Connection) -> Result<bool> {
    let added = db
        .prepare_cached(
            "INSERT INTO wanted (document, at, absent)
             SELECT id, received_at, 0 FROM
               (SELECT id, received_at FROM document WHERE received_at IS NOT NULL
                ORDER BY received_at DESC LIMIT ?1)
             WHERE NOT EXISTS (SELECT 1 FROM change c WHERE c.hash = id AND c.state <> 'kept')
             ON CONFLICT (document) DO NOTHING",
        )?
        .execute(params![AHEAD])?;
    Ok(added > 0)
}

/// The server tells of the document (again): if it had said that there is none for this person (the
/// customer was out of scope for a while), that holds no more.
pub fn is_told_of(db: &Connection, document: DocumentId) -> Result<()> {
    db.prepare_cached("DELETE FROM wanted WHERE document = ?1 AND absent = 1")?
        .execute(params![document.0])?;
    Ok(())
}

/// Has the server said of any document that there is none for this person?
pub fn is_anything_absent(db: &Connection) -> Result<bool> {
    Ok(db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM wanted WHERE absent = 1)")?
        .query_row([], |row| row.get(0))?)
}

/// Has the server said that there is no such document for this person?
pub fn is_absent(db: &Connection, document: DocumentId) -> Result<bool> {
    Ok(db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM wanted WHERE document = ?1 AND absent = 1)")?
        .query_row(params![document.0], |row| row.get(0))?)
}

/// Somebody wants older records of a customer: those before `before`, or before the oldest fetched yet.
pub fn want_older(db: &Connection, customer: CustomerId, before: Timestamp) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO older (customer, before, more, wanted) VALUES (?1, ?2, 1, 1)
         ON CONFLICT (customer) DO UPDATE SET wanted = more",
    )?
    .execute(params![customer.0.into_bytes(), before.0])?;
    Ok(())
}

/// What is known of a customer's older records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Older {
    /// There may be some that are not here.
    pub more: bool,
    /// They have been asked for.
    pub wanted: bool,
}

/// Older records of a customer.
pub fn older(db: &Connection, customer: CustomerId) -> Result<Older> {
    let found = db
        .prepare_cached("SELECT more, wanted FROM older WHERE customer = ?1")?
        .query_row(params![customer.0.into_bytes()], |row| {
            Ok(Older {
                more: row.get(0)?,
                wanted: row.get(1)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or(Older {
        more: true,
        wanted: false,
    }))
}

/// What the next request asks for: customers' older records first (somebody looks at them), then
/// documents, the latest wanted first.
pub fn wants(db: &Connection) -> Result<Vec<Want>> {
    let most = limits::WANTS_PER_REQUEST;
    let mut wants = Vec::new();
    let mut statement =
        db.prepare_cached("SELECT customer, before FROM older WHERE wanted = 1 LIMIT ?1")?;
    let mut rows = statement.query([most as i64])?;
    while let Some(row) = rows.next()? {
        wants.push(Want::Older {
            customer: customer_id(row, 0)?,
            before: time(row, 1)?,
        });
    }
    let left = most.saturating_sub(wants.len());
    let mut statement = db.prepare_cached(
        "SELECT document FROM wanted WHERE absent = 0 ORDER BY at DESC, document LIMIT ?1",
    )?;
    let mut rows = statement.query([left as i64])?;
    while let Some(row) = rows.next()? {
        wants.push(Want::Document(document_id(row, 0)?));
    }
    Ok(wants)
}

/// Is anything still to be asked for?
pub fn is_anything_wanted(db: &Connection) -> Result<bool> {
    Ok(db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM wanted WHERE absent = 0) OR EXISTS (SELECT 1 FROM older WHERE wanted = 1)",
        )?
        .query_row([], |row| row.get(0))?)
}

/// The documents among what was fetched.
pub fn documents(fetched: &[Fetched]) -> BTreeSet<DocumentId> {
    let document = |answer: &Fetched| match answer.want {
        Want::Document(document) => Some(document),
        Want::Older { .. } => None,
    };
    fetched.iter().filter_map(document).collect()
}

/// The server has answered a want.
pub fn answered(db: &Connection, fetched: &Fetched) -> Result<()> {
    match fetched.want {
        Want::Document(document) => {
            let sql = match fetched.outcome {
                FetchOutcome::Absent => "UPDATE wanted SET absent = 1 WHERE document = ?1",
                _ => "DELETE FROM wanted WHERE document = ?1",
            };
            db.prepare_cached(sql)?.execute(params![document.0])?;
        }
        Want::Older { customer, .. } => {
            let (until, more) = match fetched.outcome {
                FetchOutcome::Until(until) => (Some(until.0), true),
                FetchOutcome::Whole | FetchOutcome::Absent => (None, false),
            };
            db.prepare_cached(
                "UPDATE older SET before = COALESCE(?2, before), more = ?3, wanted = 0 WHERE customer = ?1",
            )?
            .execute(params![customer.0.into_bytes(), until, more])?;
        }
    }
    Ok(())
}
