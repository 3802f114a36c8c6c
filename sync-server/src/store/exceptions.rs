//! Exceptions: findings that finance works off. The detectors are `shared::ledger::exceptions`; here
//! their findings are kept, each once, and sent.

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::Timestamp,
    ids::CustomerId,
    ledger::exceptions,
    sync::message::{ExceptionKind, ExceptionRow, InvoiceRow, Row},
};

use super::{
    StoreError, WriteTx, rows,
    sql::{self, BlobId},
};

/// Keeps a finding. A closed one is only kept if it closes an open one; when it was first found stands.
pub(crate) fn keep(tx: &mut WriteTx<'_>, finding: &ExceptionRow) -> Result<(), StoreError> {
    let known = tx
        .prepare_cached("SELECT found_at, open FROM exception WHERE id = ?1")?
        .query_row([finding.id.blob()], |row| {
            Ok((Timestamp(row.get(0)?), row.get::<_, bool>(1)?))
        })
        .optional()?;
    let mut finding = finding.clone();
    match known {
        None if !finding.open => return Ok(()),
        Some((_, false)) if !finding.open => return Ok(()),
        Some((found_at, _)) => finding.found_at = found_at,
        None => {}
    }
    tx.prepare_cached(
        "INSERT INTO exception (id, kind, customer, document, subject, amount, found_at, open)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET customer = ?3, document = ?4, subject = ?5, amount = ?6, open = ?8",
    )?
    .execute(params![
        finding.id.blob(),
        finding.kind.slug(),
        finding.customer.blob(),
        finding.document.as_ref().map(BlobId::blob),
        finding.subject,
        finding.amount.map(|a| a.fen()),
        finding.found_at.0,
        finding.open
    ])?;
    rows::emit(tx, &Row::Exception(finding))
}

/// Over-paid or not, as it stands now.
pub(crate) fn judge_invoice(tx: &mut WriteTx<'_>, row: &InvoiceRow) -> Result<(), StoreError> {
    let finding = exceptions::overpaid(&row.invoice, row.settled, tx.now())?;
    keep(tx, &finding)
}

/// Findings, the newest first, of one customer or of all.
pub fn list(
    conn: &Connection,
    customer: Option<CustomerId>,
    only_open: bool,
    limit: u32,
) -> Result<Vec<ExceptionRow>, StoreError> {
    let by_customer = match customer {
        Some(_) => "customer = ?1",
        None => "?1 IS NULL",
    };
    Ok(conn
        .prepare_cached(&format!(
            "SELECT id, kind, customer, document, subject, amount, found_at, open FROM exception
             WHERE {by_customer} AND (open OR NOT ?2) ORDER BY found_at DESC, id LIMIT ?3"
        ))?
        .query_map(
            params![customer.as_ref().map(BlobId::blob), only_open, limit],
            |row| {
                Ok(ExceptionRow {
                    id: sql::id(row, 0)?,
                    kind: ExceptionKind::from_slug(&row.get::<_, String>(1)?),
                    customer: sql::id(row, 2)?,
                    document: sql::opt_id(row, 3)?,
                    subject: row.get(4)?,
                    amount: sql::opt_money(row, 5)?,
                    found_at: Timestamp(row.get(6)?),
                    open: row.get(7)?,
                })
            },
        )?
        .collect::<Result<_, _>>()?)
}
