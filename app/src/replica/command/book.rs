//! The contact book: made on first use (the same bytes on every phone), then edited key by key.

use rusqlite::Connection;
use shared::{
    contact_book::{BookContact, BookSign},
    day::Timestamp,
    document::{self, Kind, edit::Edit},
    ids::{CustomerId, DeviceId, DocumentId},
    visit::WarningSign,
};

use super::{some_text, text};
use crate::replica::{
    api::BookEdit,
    error::Result,
    host::Host,
    open::{Open, new_element},
    store::{
        documents::{self, DocumentRow, Source},
        project,
    },
};

/// The customer's book; made if nobody has yet, as far as this phone knows.
pub fn ensure(
    db: &Connection,
    open: &Open,
    customer: CustomerId,
    now: Timestamp,
) -> Result<DocumentId> {
    let change = document::create_contact_book(customer)?;
    if documents::get(db, change.document).is_ok() {
        return Ok(change.document);
    }
    let row = DocumentRow {
        id: change.document,
        kind: Kind::ContactBook,
        customer,
        author: open.identity.person,
        device: DeviceId(uuid::Uuid::nil()),
        mine: false,
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
    project::project(db, change.document)?;
    Ok(change.document)
}

/// Writes warning signs seen on a visit.
pub fn add_signs(
    db: &Connection,
    open: &Open,
    host: &Host,
    customer: CustomerId,
    signs: &[WarningSign],
    now: Timestamp,
) -> Result<()> {
    if signs.is_empty() {
        return Ok(());
    }
    let book = ensure(db, open, customer, now)?;
    for sign in signs {
        let seen = BookSign {
            id: new_element(host)?,
            author: open.identity.person,
            at: now,
            sign: *sign,
        };
        super::edit::apply(db, open, book, &Edit::BookSign(seen), now)?;
    }
    Ok(())
}

/// Carries out an edit.
pub fn edit(
    open: &Open,
    host: &Host,
    customer: CustomerId,
    edit: BookEdit,
    now: Timestamp,
) -> Result<()> {
    crate::replica::store::rows::customer(&open.db, customer)?;
    let edit = match edit {
        BookEdit::Field(field, value) => {
            Edit::BookField(field, text(&value, "book.text_too_long")?)
        }
        BookEdit::Contact {
            replaces,
            name,
            role,
            phone,
        } => Edit::BookContact(BookContact {
            id: new_element(host)?,
            replaces,
            author: open.identity.person,
            at: now,
            name: some_text(&name, "book.contact_name")?,
            role,
            phone: text(&phone, "book.contact_phone")?,
        }),
        BookEdit::Sign(sign) => Edit::BookSign(BookSign {
            id: new_element(host)?,
            author: open.identity.person,
            at: now,
            sign,
        }),
        BookEdit::Position(point) => Edit::BookPosition(point),
    };
    let tx = open.begin()?;
    let book = ensure(&tx, open, customer, now)?;
    super::edit::apply(&tx, open, book, &edit, now)?;
    Ok(tx.commit()?)
}
