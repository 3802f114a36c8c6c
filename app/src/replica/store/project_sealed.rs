//! Query rows of promises and receipts.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use shared::{
    ids::{CustomerId, DocumentId, InvoiceId},
    promise::Instalment,
    receipt::{Receipt, ReceiptState},
    sync::digest::{PromiseDigest, ReceiptDigest},
};

use super::rows;
use crate::replica::error::Result;

/// What lists need of a promise beyond its columns, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseBody {
    /// Instalments in due order.
    pub instalments: Vec<Instalment>,
    /// Invoices covered; none means the whole account.
    pub invoices: Vec<InvoiceId>,
}

/// Writes the rows of a promise.
pub fn put_promise(
    db: &Connection,
    id: DocumentId,
    customer: CustomerId,
    promise: &PromiseDigest,
) -> Result<()> {
    let body = PromiseBody {
        instalments: promise.instalments.clone(),
        invoices: promise.invoices.clone(),
    };
    db.prepare_cached(
        "INSERT OR REPLACE INTO promise (document, customer, person, made_at, day, total, replaces, cancelled, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        id.0,
        customer.0.into_bytes(),
        promise.person.0.into_bytes(),
        promise.made_at.0,
        promise.day.number(),
        promise.total.fen(),
        promise.replaces.map(|d| d.0),
        promise.cancelled,
        serde_json::to_string(&body)?,
    ])?;
    Ok(())
}

/// Writes the rows of a receipt. Voided is what the server says; a request alone moves nothing.
pub fn put_receipt(
    db: &Connection,
    place: i64,
    (id, customer, mine): (DocumentId, CustomerId, bool),
    receipt: &ReceiptDigest,
) -> Result<()> {
    let voided = rows::receipt_state(db, id)? == Some(ReceiptState::Voided);
    db.prepare_cached("DELETE FROM receipt WHERE place = ?1")?
        .execute([place])?;
    db.prepare_cached(
        "INSERT INTO receipt (document, customer, person, mine, number, issued_at, day, method,
           amount, rest, next_day, void_pending, voided, place)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(params![
        id.0,
        customer.0.into_bytes(),
        receipt.person.0.into_bytes(),
        mine,
        receipt.number,
        receipt.issued_at.0,
        receipt.day.number(),
        receipt.method.slug(),
        receipt.amount.fen(),
        receipt.rest.fen(),
        receipt.next_day.map(|d| d.number()),
        receipt.void_pending && !voided,
        voided,
        place,
    ])?;
    for (line, (invoice, amount)) in receipt.allocations.iter().enumerate() {
        db.prepare_cached(
            "INSERT OR REPLACE INTO receipt_allocation (receipt, line, invoice, amount)
             VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            place,
            line as i64,
            invoice.0.into_bytes(),
            amount.fen()
        ])?;
    }
    Ok(())
}

/// Writes the void requests of a receipt.
pub fn put_void_requests(db: &Connection, id: DocumentId, receipt: &Receipt) -> Result<()> {
    let decided = |request| receipt.void_decisions.iter().any(|d| d.request == request);
    for request in &receipt.void_requests {
        db.prepare_cached(
            "INSERT OR REPLACE INTO void_request (id, document, author, at, reason, decided)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            request.id.0.into_bytes(),
            id.0,
            request.author.0.into_bytes(),
            request.at.0,
            request.reason,
            decided(request.id)
        ])?;
    }
    Ok(())
}
