//! The facts of the ledger in the order in which they were taken, and the days that are closed to them.

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::{Day, Timestamp},
    ids::InvoiceId,
    ledger::{book, entry::Source},
    money::Money,
};

use super::{
    StoreError, WriteTx,
    sql::{self, BlobId},
};

/// Keeps a fact at the next place.
pub(crate) fn keep(
    tx: &WriteTx<'_>,
    source: &Source,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO fact (source, received_at) VALUES (?1, ?2)")?
        .execute(params![serde_json::to_string(source)?, received_at.0])?;
    Ok(())
}

/// Keeps what a state of an invoice comes to.
pub(crate) fn keep_revision(
    tx: &WriteTx<'_>,
    invoice: &shared::invoice::Invoice,
    revision: u32,
    received_at: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO invoice_revision (invoice, revision, issued, amount) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        invoice.id.blob(),
        revision,
        invoice.issued.number(),
        invoice.amount.fen()
    ])?;
    let id = invoice.id;
    keep(tx, &Source::Invoice { id, revision }, received_at)
}

/// Day of issue and amount of an invoice in one of its states.
pub(crate) fn revision(
    conn: &Connection,
    invoice: InvoiceId,
    revision: u32,
) -> Result<Option<(Day, Money)>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT issued, amount FROM invoice_revision WHERE invoice = ?1 AND revision = ?2",
        )?
        .query_row(params![invoice.blob(), revision], |row| {
            Ok((sql::day(row, 0)?, sql::money(row, 1)?))
        })
        .optional()?)
}

/// A fact with its number and when it came in.
pub(crate) type Kept = (u64, Source, Timestamp);

/// Facts after a number, in their order, at most `limit`.
pub(crate) fn after(conn: &Connection, number: u64, limit: u32) -> Result<Vec<Kept>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT number, source, received_at FROM fact WHERE number > ?1 ORDER BY number LIMIT ?2",
    )?;
    let mut rows = statement.query(params![sql::int(number), limit])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let source = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let source = serde_json::from_str(source)?;
        found.push((sql::uint(row, 0)?, source, Timestamp(row.get(2)?)));
    }
    Ok(found)
}

/// The last closed day.
pub fn closed_through(conn: &Connection) -> Result<Option<Day>, StoreError> {
    let found: Option<Option<i64>> = conn
        .prepare_cached("SELECT closed_through FROM company")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(found.flatten().map(Day::from_number))
}

/// The day itself, or the first open day after it.
pub(crate) fn open_day(conn: &Connection, day: Day) -> Result<Day, StoreError> {
    Ok(book::open_day(day, closed_through(conn)?))
}

/// Notes that an entry lies later than its record says.
pub(crate) fn note_late(tx: &WriteTx<'_>, entry: u64, own_day: Day) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO late_entry (entry, own_day) VALUES (?1, ?2)")?
        .execute(params![sql::int(entry), own_day.number()])?;
    Ok(())
}

/// The day that the record of an entry says, if the entry lies later.
pub fn own_day(conn: &Connection, entry: u64) -> Result<Option<Day>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT own_day FROM late_entry WHERE entry = ?1")?
        .query_row([sql::int(entry)], |row| sql::day(row, 0))
        .optional()?)
}
