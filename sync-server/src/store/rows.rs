//! Authoritative rows: the latest state of each thing the server has the word on. Sending one puts it
//! at a new place of the log; sending what devices have already does nothing.

use std::borrow::Cow;

use rusqlite::{OptionalExtension, params};
use shared::{ids::PersonId, sync::message::Row};

use super::{
    StoreError, WriteTx,
    log::{self, LogKind},
    sql::{self, BlobId},
};

/// Kind and id of a row: what it replaces.
fn key(row: &Row) -> (&'static str, Cow<'_, [u8]>) {
    match row {
        Row::Company(r) => ("company", Cow::Borrowed(r.id.blob())),
        Row::Person(r) => ("person", Cow::Borrowed(r.id.blob())),
        Row::Territory(r) => ("territory", Cow::Borrowed(r.id.blob())),
        Row::Customer(r) => ("customer", Cow::Borrowed(r.id.blob())),
        Row::Invoice(r) => ("invoice", Cow::Borrowed(r.invoice.id.blob())),
        Row::Account(r) => ("account", Cow::Borrowed(r.customer.blob())),
        Row::Payment(r) => ("payment", Cow::Borrowed(r.id.blob())),
        Row::Receipt(r) => ("receipt", Cow::Borrowed(r.document.blob())),
        Row::Promise(r) => ("promise", Cow::Borrowed(r.document.blob())),
        Row::Exception(r) => ("exception", Cow::Borrowed(r.id.blob())),
        Row::FieldCash(r) => ("field_cash", Cow::Borrowed(r.person.blob())),
        Row::HandIn(r) => ("hand_in", Cow::Borrowed(r.document.blob())),
        Row::Proposal(r) => ("proposal", Cow::Borrowed(r.document.blob())),
        Row::Statement(r) => ("statement", Cow::Borrowed(r.statement.blob())),
        Row::Case(r) => ("case", Cow::Borrowed(r.customer.blob())),
        Row::Rules(_) => ("rules", Cow::Borrowed(&[])),
    }
}

/// The person whose own row it is.
fn person(row: &Row) -> Option<PersonId> {
    match row {
        Row::FieldCash(r) => Some(r.person),
        Row::HandIn(r) => Some(r.person),
        _ => None,
    }
}

/// Sends a row unless its last state says the same.
pub(crate) fn emit(tx: &mut WriteTx<'_>, row: &Row) -> Result<(), StoreError> {
    let body = postcard::to_stdvec(row)?;
    let (kind, id) = key(row);
    let same = tx
        .prepare_cached("SELECT body = ?3 FROM row WHERE kind = ?1 AND id = ?2")?
        .query_row(params![kind, id, body], |r| r.get::<_, bool>(0))
        .optional()?;
    if same == Some(true) {
        return Ok(());
    }
    put(tx, row, &body)
}

/// Was a row of this kind ever sent?
pub(crate) fn is_any(tx: &WriteTx<'_>, kind: &str) -> Result<bool, StoreError> {
    Ok(tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM row WHERE kind = ?1)")?
        .query_row([kind], |row| row.get(0))?)
}

/// Sends a row again although nothing in it changed, for people who had no right to it before.
pub(crate) fn emit_again(tx: &mut WriteTx<'_>, row: &Row) -> Result<(), StoreError> {
    let body = postcard::to_stdvec(row)?;
    put(tx, row, &body)
}

fn put(tx: &mut WriteTx<'_>, row: &Row, body: &[u8]) -> Result<(), StoreError> {
    let (kind, id) = key(row);
    let reference = [kind.as_bytes(), b":", &id].concat();
    let (customer, person) = (row.customer(), person(row));
    let seq = log::append(tx, LogKind::Row, &reference, body, customer, person)?;
    tx.prepare_cached(
        "INSERT INTO row (kind, id, customer, person, seq, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (kind, id) DO UPDATE SET customer = ?3, person = ?4, seq = ?5, body = ?6",
    )?
    .execute(params![
        kind,
        id,
        customer.as_ref().map(BlobId::blob),
        person.as_ref().map(BlobId::blob),
        sql::int(seq),
        body
    ])?;
    Ok(())
}
