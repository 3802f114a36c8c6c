//! Query rows of promises and receipts.

use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use shared::{
    ids::{DocumentId, InvoiceId},
    promise::{Instalment, Promise},
    receipt::{Receipt, ReceiptState},
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
pub fn put_promise(db: &Connection, id: DocumentId, promise: &Promise) -> Result<()> {
    let core = &promise.core;
    let body = PromiseBody {
        instalments: core.instalments.clone(),
        invoices: core.invoices.iter().map(|i| i.invoice).collect(),
    };
    db.prepare_cached(
        "INSERT OR REPLACE INTO promise (document, customer, person, made_at, day, total, replaces, cancelled, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        id.0,
        core.customer.0.into_bytes(),
        core.person.0.into_bytes(),
        core.made_at.0,
        core.day.number(),
        core.total.fen(),
        core.replaces.map(|d| d.0),
        !promise.cancellations.is_empty(),
        serde_json::to_string(&body)?,
    ])?;
    Ok(())
}

/// Writes the rows of a receipt. Voided is what the server says; a request alone moves nothing.
pub fn put_receipt(db: &Connection, id: DocumentId, mine: bool, receipt: &Receipt) -> Result<()> {
    let core = &receipt.core;
    let decided = |request| receipt.void_decisions.iter().any(|d| d.request == request);
    let pending = receipt.void_requests.iter().any(|r| !decided(r.id));
    let voided = rows::receipt_state(db, id)? == Some(ReceiptState::Voided);
    let next_day = core.shortfall.as_ref().map(|s| s.next_day.number());
    db.prepare_cached(
        "INSERT OR REPLACE INTO receipt (document, customer, person, mine, number, issued_at, day, method,
           amount, rest, next_day, void_pending, voided)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        id.0,
        core.customer.0.into_bytes(),
        core.person.0.into_bytes(),
        mine,
        core.number.to_string(),
        core.issued_at.0,
        core.day.number(),
        core.method.kind().slug(),
        core.amount.fen(),
        core.on_account()?.fen(),
        next_day,
        pending && !voided,
        voided,
    ])?;
    for (line, allocation) in core.allocations.iter().enumerate() {
        db.prepare_cached(
            "INSERT OR REPLACE INTO receipt_allocation (document, line, invoice, amount) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            id.0,
            line as i64,
            allocation.invoice.0.into_bytes(),
            allocation.amount.fen()
        ])?;
    }
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
