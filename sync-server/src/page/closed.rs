//! In which form a document comes to a device that has nothing of it yet: open matters whole, closed
//! ones as a digest of what lists show, old ones not at all. The device asks for the rest when somebody
//! wants to see it.
//!
//! Why visits never come whole: reading a document costs the phone about a millisecond, and most of a
//! territory's documents are visits that nobody will open again.
//!
//! Invariant: whatever the lists and figures of a phone depend on comes: contact books, promises that
//! may still be kept, receipts that finance has not decided on, proposals (few, and their words are all there is), what was made on the very device, every
//! record on which something came in since the reader's time, and of each customer the last visit.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::Timestamp,
    document::{Kind, Record},
    ids::{CustomerId, DeviceId, DocumentId},
    promise::PromiseState,
    receipt::ReceiptState,
    sync::{
        digest::RecordDigest,
        limits,
        message::{ChangeItem, DigestItem},
    },
};

use super::Reader;
use crate::store::{
    StoreError, documents,
    sql::{self, BlobId},
};

/// How a document comes.
pub enum Form {
    /// With all its changes.
    Whole,
    /// As lists show it.
    Digest(Box<DigestItem>),
    /// Only when asked for.
    Nothing,
}

/// Decides it for one page.
pub(super) struct Closed {
    device: DeviceId,
    since: Timestamp,
    /// The last visit of each customer asked about.
    last_visits: BTreeMap<CustomerId, Option<DocumentId>>,
}

/// What is to be known of a document's changes.
struct Extent {
    changes: u32,
    bytes: usize,
    last: Timestamp,
}

impl Closed {
    pub(super) fn new(reader: &Reader<'_>) -> Self {
        Self {
            device: reader.device,
            since: reader.since,
            last_visits: BTreeMap::new(),
        }
    }

    /// The form of a document, from its creation change and that one's place in the log.
    pub(super) fn form_of(
        &mut self,
        conn: &Connection,
        seq: u64,
        creation: &ChangeItem,
    ) -> Result<Form, StoreError> {
        let extent = Extent::of(conn, creation)?;
        let fits = extent.bytes <= limits::DOCUMENT_BYTES;
        let is_shown = extent.last >= self.since
            || !fits
            || (creation.kind == Kind::Visit
                && self.last_visit(conn, creation.customer)? == Some(creation.document));
        // One look at what is kept of the document: which device made it, and what it says.
        let mut statement =
            conn.prepare_cached("SELECT device, record FROM document WHERE seq = ?1")?;
        let mut rows = statement.query([sql::int(seq)])?;
        let Some(row) = rows.next()? else {
            return Ok(Form::Whole);
        };
        let is_own = sql::id::<DeviceId>(row, 0)? == self.device;
        if fits && (is_own || is_open(conn, creation)?) {
            return Ok(Form::Whole);
        }
        if !is_shown {
            return Ok(Form::Nothing);
        }
        let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        Ok(
            match digest_of(serde_json::from_str(text)?, creation, extent.changes) {
                Some(digest) => Form::Digest(digest),
                None => Form::Whole,
            },
        )
    }

    fn last_visit(
        &mut self,
        conn: &Connection,
        customer: CustomerId,
    ) -> Result<Option<DocumentId>, StoreError> {
        if let Some(known) = self.last_visits.get(&customer) {
            return Ok(*known);
        }
        let last = conn
            .prepare_cached(concat!(
                "SELECT id FROM document WHERE seq IN (",
                sql::records_of_customer!(),
                ") AND kind = 'visit' ORDER BY seq DESC LIMIT 1"
            ))?
            .query_row([customer.blob()], |row| sql::id(row, 0))
            .optional()?;
        self.last_visits.insert(customer, last);
        Ok(last)
    }
}

/// May something still come of it?
fn is_open(conn: &Connection, creation: &ChangeItem) -> Result<bool, StoreError> {
    match creation.kind {
        // An answer to a statement has no form for lists: a recent one comes whole.
        Kind::Visit | Kind::Statement => Ok(false),
        Kind::Promise => is_open_promise(conn, creation.document),
        Kind::Receipt => is_open_receipt(conn, creation.document),
        Kind::ContactBook | Kind::HandIn | Kind::Proposal | Kind::Unknown => Ok(true),
    }
}

/// A document as lists show it; none if it has no such form.
pub(super) fn digest(
    conn: &Connection,
    creation: &ChangeItem,
) -> Result<Option<Box<DigestItem>>, StoreError> {
    let Some(record) = documents::record(conn, creation.document)? else {
        return Ok(None);
    };
    let changes = Extent::of(conn, creation)?.changes;
    Ok(digest_of(record, creation, changes))
}

fn digest_of(record: Record, creation: &ChangeItem, changes: u32) -> Option<Box<DigestItem>> {
    let content = RecordDigest::of(&record)?;
    Some(Box::new(DigestItem {
        document: creation.document,
        kind: creation.kind,
        customer: creation.customer,
        person: creation.person,
        device: creation.device,
        received_at: creation.received_at,
        clock_offset_ms: creation.clock_offset_ms,
        changes,
        content,
    }))
}

/// May it go out whole, with all its changes?
pub(super) fn fits(conn: &Connection, document: DocumentId) -> Result<bool, StoreError> {
    let bytes: i64 = conn
        .prepare_cached(concat!(
            "SELECT COALESCE(SUM(LENGTH(bytes)), 0) FROM change WHERE ",
            sql::of_document!()
        ))?
        .query_row([document.blob()], |row| row.get(0))?;
    Ok(usize::try_from(bytes).is_ok_and(|bytes| bytes <= limits::DOCUMENT_BYTES))
}

impl Extent {
    /// The creation change is at hand; its edits, if there are any, are found by an index of their own.
    fn of(conn: &Connection, creation: &ChangeItem) -> Result<Self, StoreError> {
        let (edits, bytes, last): (u32, i64, i64) = conn
            .prepare_cached(
                "SELECT COUNT(*), COALESCE(SUM(LENGTH(bytes)), 0), COALESCE(MAX(received_at), 0)
                 FROM change WHERE document = ?1 AND hash <> document",
            )?
            .query_row([creation.document.blob()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?;
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
        Ok(Self {
            changes: edits.saturating_add(1),
            bytes: bytes.saturating_add(creation.change.len()),
            last: Timestamp(last.max(creation.received_at.0)),
        })
    }
}

fn is_open_promise(conn: &Connection, document: DocumentId) -> Result<bool, StoreError> {
    let found = conn
        .prepare_cached(
            "SELECT state, EXISTS (SELECT 1 FROM promise_state later WHERE later.replaces = ?1)
             FROM promise_state WHERE document = ?1",
        )?
        .query_row(params![document.blob()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?))
        })
        .optional()?;
    Ok(match found {
        Some((state, replaced)) => {
            !replaced
                && !matches!(
                    PromiseState::from_slug(&state),
                    PromiseState::Kept | PromiseState::Cancelled
                )
        }
        None => true,
    })
}

fn is_open_receipt(conn: &Connection, document: DocumentId) -> Result<bool, StoreError> {
    let state = conn
        .prepare_cached(concat!(
            "SELECT state FROM receipt_state WHERE ",
            sql::of_id!()
        ))?
        .query_row(params![document.blob()], |row| row.get::<_, String>(0))
        .optional()?;
    Ok(match state {
        Some(state) => !matches!(
            ReceiptState::from_slug(&state),
            ReceiptState::Posted | ReceiptState::Cleared | ReceiptState::Voided
        ),
        None => true,
    })
}
