//! Values as SQLite stores them: ids as BLOBs, sums as whole fen, days as numbers.

/// SQL: the place of the record `?1`: looked up among the newest, and among those that were filed. (Two questions:
/// for `filed IN (0, 1)` SQLite makes a table of two rows anew each time it is asked, which costs as much again.)
macro_rules! place_of_id {
    () => {
        "COALESCE((SELECT seq FROM document_by_id WHERE filed = 0 AND id = ?1),
                  (SELECT seq FROM document_by_id WHERE filed = 1 AND id = ?1))"
    };
}
pub(crate) use place_of_id;

/// SQL: which row is of the record `?1`.
macro_rules! of_id {
    () => {
        concat!("seq = ", crate::store::sql::place_of_id!())
    };
}
pub(crate) use of_id;

/// SQL: which changes are of the document `?1`. Its creation stands where its record does; the edits have an index
/// of their own.
macro_rules! of_document {
    () => {
        concat!(
            "(",
            crate::store::sql::of_id!(),
            " OR (document = ?1 AND hash <> document))"
        )
    };
}
pub(crate) use of_document;

/// SQL: which row of `receipt_state` is of the receipt `?1`: by its record, or by the id that it had before that came.
macro_rules! of_receipt {
    () => {
        concat!(
            "seq = COALESCE(",
            crate::store::sql::place_of_id!(),
            ", (SELECT place FROM paper_receipt WHERE id = ?1))"
        )
    };
}
pub(crate) use of_receipt;

/// SQL: where the records of the customer `?1` stand: among the newest, and among those that were filed.
macro_rules! records_of_customer {
    () => {
        "SELECT seq FROM document_by_customer WHERE filed IN (0, 1) AND customer = ?1"
    };
}
pub(crate) use records_of_customer;

use rusqlite::{Row, types::Type};
use shared::{day::Day, ids, money::Money};
use uuid::Uuid;

/// An id that is stored as a BLOB.
pub(crate) trait BlobId: Sized {
    /// Takes the bytes, if there are as many as there should be.
    fn from_blob(bytes: &[u8]) -> Option<Self>;
    /// Gives the bytes.
    fn blob(&self) -> &[u8];
}

macro_rules! blob_ids {
    (uuid: $($uuid:ident)+; hash: $($hash:ident)+) => {
        $(impl BlobId for ids::$uuid {
            fn from_blob(bytes: &[u8]) -> Option<Self> { Uuid::from_slice(bytes).ok().map(Self) }
            fn blob(&self) -> &[u8] { self.0.as_bytes() }
        })+
        $(impl BlobId for ids::$hash {
            fn from_blob(bytes: &[u8]) -> Option<Self> { Self::from_slice(bytes).ok() }
            fn blob(&self) -> &[u8] { &self.0 }
        })+
    };
}

blob_ids! {
    uuid: CompanyId PersonId DeviceId TerritoryId CustomerId InvoiceId PaymentId ElementId CommandId;
    hash: DocumentId ChangeHash ContentHash Digest StatementId
}

fn wrong(index: usize, kind: Type, what: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(index, kind, what.into())
}

/// An id column.
pub(crate) fn id<T: BlobId>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let bytes = row
        .get_ref(index)?
        .as_blob()
        .map_err(|_| wrong(index, Type::Blob, "not an id"))?;
    T::from_blob(bytes).ok_or_else(|| wrong(index, Type::Blob, "id of another length"))
}

/// An id column that may be NULL.
pub(crate) fn opt_id<T: BlobId>(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<T>> {
    match row.get_ref(index)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => id(row, index).map(Some),
    }
}

/// A sum column in fen.
pub(crate) fn money(row: &Row<'_>, index: usize) -> rusqlite::Result<Money> {
    Money::from_fen(row.get(index)?).map_err(|_| wrong(index, Type::Integer, "sum out of range"))
}

/// A sum column in fen that may be NULL.
pub(crate) fn opt_money(row: &Row<'_>, index: usize) -> rusqlite::Result<Option<Money>> {
    match row.get::<_, Option<i64>>(index)? {
        None => Ok(None),
        Some(_) => money(row, index).map(Some),
    }
}

/// A day column.
pub(crate) fn day(row: &Row<'_>, index: usize) -> rusqlite::Result<Day> {
    Ok(Day::from_number(row.get(index)?))
}

/// A whole number that is never negative, as SQLite's signed integer.
pub(crate) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The other way round.
pub(crate) fn uint(row: &Row<'_>, index: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(index)?).unwrap_or(0))
}
