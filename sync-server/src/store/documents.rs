//! Documents and their changes. Raw change bytes are the truth; the record beside them is a cache of
//! what they say.

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::Timestamp,
    document::{Kind, Record},
    evidence::Attachment,
    ids::{ChangeHash, CustomerId, DeviceId, DocumentId, PersonId},
    ledger::exceptions,
    planted::{self, Bug},
    sync::{
        admission::{self, Admitted, Pusher, Rejection, Stored},
        message::ExceptionKind,
    },
};

use crate::scope::Access;

use super::{
    StoreError, WriteTx, attachments, corrections, devices, exceptions as kept, hand_ins,
    log::{self, LogKind},
    promises, proposals, receipts,
    sql::{self, BlobId},
    statements, voids,
};

/// Why a trusted record was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum AdmitError {
    /// The rules refused it.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The store refused it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How a change came in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    /// Who pushed it.
    pub person: PersonId,
    /// From which device.
    pub device: DeviceId,
    /// Phone clock minus server clock.
    pub clock_offset_ms: i64,
    /// How the person stands to the customer.
    pub access: Access,
    /// Made on a device that had been revoked when it came in.
    pub after_revocation: bool,
}

/// The place of a change in the log, if it is stored.
pub fn place_of(conn: &Connection, hash: ChangeHash) -> Result<Option<u64>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT seq FROM document_by_id WHERE filed = 0 AND id = ?1
             UNION ALL SELECT seq FROM document_by_id WHERE filed = 1 AND id = ?1
             UNION ALL SELECT seq FROM change WHERE hash = ?1 AND hash <> document",
        )?
        .query_row([hash.blob()], |row| sql::uint(row, 0))
        .optional()?)
}

/// A stored document with all its changes.
pub fn stored(conn: &Connection, document: DocumentId) -> Result<Option<Stored>, StoreError> {
    let author = conn
        .prepare_cached(concat!("SELECT person FROM document WHERE ", sql::of_id!()))?
        .query_row([document.blob()], |row| sql::id(row, 0))
        .optional()?;
    let Some(author) = author else {
        return Ok(None);
    };
    let changes = conn
        .prepare_cached(concat!(
            "SELECT bytes FROM change WHERE ",
            sql::of_document!(),
            " ORDER BY seq"
        ))?
        .query_map([document.blob()], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(Some(Stored {
        document,
        author,
        changes,
    }))
}

/// What kind of document it is, and whose: a customer's, or of a hand-in the person's who hands in.
pub fn owner_of(
    conn: &Connection,
    document: DocumentId,
) -> Result<Option<(Kind, CustomerId)>, StoreError> {
    Ok(conn
        .prepare_cached(concat!(
            "SELECT kind, customer FROM document WHERE ",
            sql::of_id!()
        ))?
        .query_row([document.blob()], |row| {
            let kind = Kind::from_slug(&row.get::<_, String>(0)?);
            Ok((kind, sql::id(row, 1)?))
        })
        .optional()?)
}

/// Whose document it is.
pub fn customer_of(
    conn: &Connection,
    document: DocumentId,
) -> Result<Option<CustomerId>, StoreError> {
    Ok(conn
        .prepare_cached(concat!(
            "SELECT customer FROM document WHERE ",
            sql::of_id!()
        ))?
        .query_row([document.blob()], |row| sql::id(row, 0))
        .optional()?)
}

/// What a document says now.
pub fn record(conn: &Connection, document: DocumentId) -> Result<Option<Record>, StoreError> {
    let text = conn
        .prepare_cached(concat!("SELECT record FROM document WHERE ", sql::of_id!()))?
        .query_row([document.blob()], |row| row.get::<_, String>(0))
        .optional()?;
    Ok(text.map(|t| serde_json::from_str(&t)).transpose()?)
}

/// Takes an admitted change in: stores and logs it, projects the record, posts what it means to the
/// ledger. The caller has checked that its hash is not known yet. Gives its place in the log.
pub(crate) fn take_in(
    tx: &mut WriteTx<'_>,
    admitted: &Admitted,
    arrival: Arrival,
) -> Result<u64, StoreError> {
    let (document, customer) = (admitted.document, admitted.head.customer);
    if planted::is(Bug::LogTwice) && !admitted.creates {
        let (hash, bytes) = (admitted.hash.blob(), &admitted.bytes);
        log::append(tx, LogKind::Change, hash, bytes, Some(customer), None)?;
    }
    let seq = log::append(
        tx,
        LogKind::Change,
        admitted.hash.blob(),
        &admitted.bytes,
        Some(customer),
        Some(arrival.person),
    )?;
    project(tx, seq, admitted, arrival)?;
    tx.prepare_cached(
        "INSERT INTO change (seq, hash, document, kind, customer, person, device, received_at, clock_offset_ms, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        sql::int(seq),
        admitted.hash.blob(),
        document.blob(),
        admitted.head.kind.slug(),
        customer.blob(),
        arrival.person.blob(),
        arrival.device.blob(),
        tx.now().0,
        arrival.clock_offset_ms,
        admitted.bytes
    ])?;
    tx.prepare_cached("DELETE FROM quarantine WHERE hash = ?1")?
        .execute([admitted.hash.blob()])?;
    corrections::note(tx, admitted)?;
    match &admitted.record {
        Record::Receipt(receipt, seal) if admitted.creates => {
            receipts::take_in(tx, document, arrival.device, receipt, seal)?;
        }
        Record::Receipt(receipt, _) => voids::judge(tx, document, receipt)?,
        Record::Promise(promise, _) if admitted.creates => {
            promises::take_in(tx, document, promise)?;
        }
        Record::Promise(promise, _) => promises::take_edit_in(tx, document, promise)?,
        Record::HandIn(hand_in, _) if admitted.creates => hand_ins::take_in(tx, document, hand_in)?,
        Record::Proposal(proposal) if admitted.creates => {
            proposals::take_in(tx, document, proposal)?;
        }
        Record::Proposal(proposal) => proposals::judge(tx, document, proposal)?,
        Record::Statement(answer, _) if admitted.creates => {
            statements::take_in(tx, document, answer)?;
        }
        Record::Visit(_) | Record::ContactBook(_) | Record::HandIn(..) | Record::Statement(..) => {}
    }
    flag(tx, admitted, arrival)?;
    Ok(seq)
}

/// The record as it is with the change that stands at `seq` of the log.
fn project(
    tx: &mut WriteTx<'_>,
    seq: u64,
    admitted: &Admitted,
    arrival: Arrival,
) -> Result<(), StoreError> {
    let head = &admitted.head;
    let record = serde_json::to_string(&admitted.record)?;
    if admitted.creates {
        tx.prepare_cached(
            "INSERT INTO document (seq, id, kind, customer, person, device, counter, received_at, record)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            sql::int(seq),
            admitted.document.blob(),
            head.kind.slug(),
            head.customer.blob(),
            arrival.person.blob(),
            head.device.blob(),
            sql::int(head.counter),
            tx.now().0,
            record
        ])?;
        let place = sql::int(seq);
        tx.prepare_cached("INSERT INTO document_by_id (filed, id, seq) VALUES (0, ?1, ?2)")?
            .execute(params![admitted.document.blob(), place])?;
        tx.prepare_cached(
            "INSERT INTO document_by_customer (filed, customer, seq) VALUES (0, ?1, ?2)",
        )?
        .execute(params![head.customer.blob(), place])?;
    } else {
        tx.prepare_cached(concat!(
            "UPDATE document SET record = ?2 WHERE ",
            sql::of_id!()
        ))?
        .execute(params![admitted.document.blob(), record])?;
    }
    for attachment in attachments_of(&admitted.record) {
        attachments::name(tx, admitted.document, head.customer, attachment)?;
    }
    Ok(())
}

/// How many of the newest records may lie apart from those that are filed.
const NEWEST_RECORDS: i64 = 512;

/// Files the newest records by id and by customer once they have become many: each alone would write pages of its own.
pub(crate) fn file_newest(tx: &WriteTx<'_>) -> Result<(), StoreError> {
    let newest: i64 = tx
        .prepare_cached("SELECT COUNT(*) FROM document_by_customer WHERE filed = 0")?
        .query_row([], |row| row.get(0))?;
    if newest <= NEWEST_RECORDS {
        return Ok(());
    }
    Ok(tx.execute_batch(
        "INSERT INTO document_by_id (filed, id, seq) SELECT 1, id, seq FROM document_by_id WHERE filed = 0;
         DELETE FROM document_by_id WHERE filed = 0;
         INSERT INTO document_by_customer (filed, customer, seq)
           SELECT 1, customer, seq FROM document_by_customer WHERE filed = 0;
         DELETE FROM document_by_customer WHERE filed = 0;",
    )?)
}

fn attachments_of(record: &Record) -> &[Attachment] {
    match record {
        Record::Visit(visit) => &visit.attachments,
        Record::Promise(promise, _) => &promise.attachments,
        Record::Receipt(receipt, _) => &receipt.attachments,
        Record::ContactBook(book) => &book.attachments,
        Record::HandIn(hand_in, _) => &hand_in.attachments,
        Record::Proposal(proposal) => &proposal.attachments,
        Record::Statement(answer, _) => &answer.attachments,
    }
}

/// What finance should know of how the record came in.
fn flag(tx: &mut WriteTx<'_>, admitted: &Admitted, arrival: Arrival) -> Result<(), StoreError> {
    if admitted.head.kind == Kind::HandIn {
        // It moves no money before finance has counted it, and the receipts that it names were flagged themselves.
        return Ok(());
    }
    let (document, customer, now) = (admitted.document, admitted.head.customer, tx.now());
    let subject = match &admitted.record {
        Record::Receipt(receipt, _) => receipt.core.number.to_string(),
        _ => document.fingerprint(),
    };
    if arrival.access == Access::Former {
        let kind = ExceptionKind::OutOfScope;
        let finding = exceptions::about_document(kind, document, customer, &subject, now);
        kept::keep(tx, &finding)?;
    }
    if arrival.after_revocation {
        let kind = ExceptionKind::RevokedAuthor;
        let finding = exceptions::about_document(kind, document, customer, &subject, now);
        kept::keep(tx, &finding)?;
    }
    if admitted.creates && shares_its_counter(tx, admitted)? {
        let kind = ExceptionKind::CopiedStore;
        let finding = exceptions::about_document(kind, document, customer, &subject, now);
        kept::keep(tx, &finding)?;
    }
    let policy = tx.company()?.policy;
    let skew = exceptions::clock_skew(
        document,
        customer,
        &subject,
        arrival.clock_offset_ms,
        &policy,
        now,
    );
    match skew {
        Some(finding) => kept::keep(tx, &finding),
        None => Ok(()),
    }
}

/// Has the device counted another record with the same number?
fn shares_its_counter(conn: &Connection, admitted: &Admitted) -> Result<bool, StoreError> {
    let head = &admitted.head;
    if head.kind == Kind::ContactBook {
        // Made from the customer's id alone, on any device.
        return Ok(false);
    }
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM document
               WHERE device = ?1 AND counter = ?2 AND id <> ?3 AND kind <> 'contact_book')",
        )?
        .query_row(
            params![
                head.device.blob(),
                sql::int(head.counter),
                admitted.document.blob()
            ],
            |row| row.get(0),
        )?)
}

/// Takes a whole change chunk in without asking who may: for the history of a demo company. It goes
/// the same way as a pushed change (rules, ledger, log). `document` is the document of an edit, none
/// for a creation change. A known change gives its place again.
pub fn admit_trusted(
    tx: &mut WriteTx<'_>,
    document: Option<DocumentId>,
    change: &[u8],
    person: PersonId,
    device: DeviceId,
    received_at: Timestamp,
    clock_offset_ms: i64,
) -> Result<u64, AdmitError> {
    let frame = shared::document::to_frame(change);
    admission::check_frame(frame)?;
    let creates = admission::creates(frame)?;
    let hash = shared::document::frame_hash(frame);
    if let Some(seq) = place_of(tx, hash)? {
        return Ok(seq);
    }
    let device = devices::by_id(tx, device)?.ok_or(StoreError::NotFound("device"))?;
    let owner = super::people::get(tx, person)?.ok_or(StoreError::NotFound("person"))?;
    let pusher = Pusher {
        person,
        role: owner.role,
        device: device.id,
        device_code: device.code,
        public_key: device.public_key,
    };
    let stored = match (creates, document) {
        (true, _) => None,
        (false, Some(document)) => stored(tx, document)?,
        (false, None) => return Err(Rejection::NoSuchDocument.into()),
    };
    let admitted = admission::admit(frame, stored.as_ref(), &pusher)?;
    let outer = tx.now();
    tx.set_now(received_at);
    let arrival = Arrival {
        person,
        device: device.id,
        clock_offset_ms,
        access: Access::Now,
        after_revocation: false,
    };
    let seq = take_in(tx, &admitted, arrival);
    tx.set_now(outer);
    Ok(seq?)
}
