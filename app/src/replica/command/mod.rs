//! What people save: each command is one transaction, and *saved* is said after its commit.
//!
//! Invariants: a command that fails changes nothing; rules are asked before anything is written;
//! counters (records, receipt numbers) move in the transaction of the record that uses them.

pub mod book;
pub mod correct;
pub mod edit;
pub mod hand_in;
pub mod promise;
pub mod proposal;
pub mod receipt;
pub mod statement;
pub mod visit;

use rusqlite::Connection;
use shared::{
    day::Timestamp,
    document::{Head, Kind, NewChange, Origin, Record, SCHEMA, rules},
    evidence::Attachment,
    ids::{CustomerId, DocumentId},
    sync::limits,
};

use super::{
    api::NewPhoto,
    error::{Error, Result},
    host::Host,
    open::{Open, new_element},
    store::{
        attachments,
        documents::{self, DocumentRow, Source},
        identity::Identity,
        project,
    },
};

/// The next creation of this device: its counter is used up only if `identity` is saved.
fn next_origin(open: &Open, identity: &mut Identity, now: Timestamp) -> Origin {
    identity.record_counter += 1;
    Origin {
        device: identity.device,
        counter: identity.record_counter,
        actor: open.actor,
        at_s: now.0.div_euclid(1_000),
    }
}

/// Photos as elements of a record's list.
fn attach(
    open: &Open,
    host: &Host,
    photos: &[NewPhoto],
    now: Timestamp,
) -> Result<Vec<Attachment>> {
    let attachment = |photo: &NewPhoto| {
        Ok(Attachment {
            id: new_element(host)?,
            content: attachments::hash_of(&photo.bytes)?,
            media_type: photo.media_type.clone(),
            size_bytes: photo.bytes.len() as u64,
            author: open.identity.person,
            at: now,
            caption: photo.caption.clone(),
        })
    };
    photos.iter().map(attachment).collect()
}

/// Keeps the bytes of photos for upload.
fn keep_photos(
    db: &Connection,
    document: DocumentId,
    photos: &[NewPhoto],
    now: Timestamp,
) -> Result<()> {
    for photo in photos {
        let hash = attachments::hash_of(&photo.bytes)?;
        attachments::keep(
            db,
            hash,
            &photo.media_type,
            &photo.bytes,
            Some(document),
            now,
        )?;
    }
    Ok(())
}

/// Writes a record that has just been made: change, document, outbox and query rows.
fn put_new(
    db: &Connection,
    open: &Open,
    change: &NewChange,
    record: (CustomerId, &Record),
    origin: Origin,
    now: Timestamp,
) -> Result<()> {
    let (customer, record) = record;
    let none: &[Vec<u8>] = &[];
    rules::phone_check(
        none,
        &change.bytes,
        open.role()?,
        open.identity.person,
        true,
    )?;
    let kind = match record {
        Record::Visit(_) => Kind::Visit,
        Record::Promise(..) => Kind::Promise,
        Record::Receipt(..) => Kind::Receipt,
        Record::ContactBook(_) => Kind::ContactBook,
        Record::HandIn(..) => Kind::HandIn,
        Record::Proposal(_) => Kind::Proposal,
        Record::Statement(..) => Kind::Statement,
    };
    let row = DocumentRow {
        id: change.document,
        kind,
        customer,
        author: open.identity.person,
        device: open.identity.device,
        mine: true,
        saved_at: now,
        received_at: None,
        seq: None,
        clock_offset_ms: None,
        rejected: None,
    };
    documents::insert(db, &row, documents::Place::Newest)?;
    documents::insert_change(
        db,
        change.document,
        change.hash,
        &change.bytes,
        &Source::Own(None),
        now,
    )?;
    let head = Head {
        kind,
        schema: SCHEMA,
        customer,
        device: origin.device,
        counter: origin.counter,
    };
    project::project_record(db, change.document, &head, record)
}

/// Text that people typed: without blanks around it, and not too long.
fn text(typed: &str, code: &'static str) -> Result<String> {
    let text = typed.trim();
    if text.chars().count() > limits::TEXT_CHARS {
        return Err(Error::Invalid(code));
    }
    Ok(text.to_owned())
}

/// The same, and it must say something.
fn some_text(typed: &str, code: &'static str) -> Result<String> {
    match text(typed, code)? {
        text if text.is_empty() => Err(Error::Invalid(code)),
        text => Ok(text),
    }
}

/// Drafts of a form are forgotten with the record that came of it.
fn drop_draft(db: &Connection, form: &str, customer: CustomerId) -> Result<()> {
    super::store::drafts::drop(db, &format!("{form}/{customer}"))
}
