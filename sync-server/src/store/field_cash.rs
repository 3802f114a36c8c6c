//! What salespeople carry: cash and cheques taken and not handed in yet, as the journal says.

use rusqlite::{Connection, OptionalExtension};
use shared::{
    ids::PersonId,
    sync::message::{FieldCashRow, Row},
};

use super::{
    StoreError, WriteTx, rows,
    sql::{self, BlobId},
};

/// Cash and cheques in a person's hands; none if they never held any.
pub fn get(conn: &Connection, person: PersonId) -> Result<Option<FieldCashRow>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT cash, cheques FROM field_cash WHERE person = ?1")?
        .query_row([person.blob()], |row| {
            Ok(FieldCashRow {
                person,
                cash: sql::money(row, 0)?,
                cheques: sql::money(row, 1)?,
            })
        })
        .optional()?)
}

pub(crate) fn send(tx: &mut WriteTx<'_>, person: PersonId) -> Result<(), StoreError> {
    match get(tx, person)? {
        Some(row) => rows::emit(tx, &Row::FieldCash(row)),
        None => Ok(()),
    }
}

/// Sends a person's cash row to people who may see it only now.
pub(crate) fn send_again(tx: &mut WriteTx<'_>, person: PersonId) -> Result<(), StoreError> {
    match get(tx, person)? {
        Some(row) => rows::emit_again(tx, &Row::FieldCash(row)),
        None => Ok(()),
    }
}
