//! Where a promise stands as far as this phone knows: the server's word, moved on by the calendar.

use std::collections::BTreeMap;

use rusqlite::params;
use shared::{
    day::Day,
    ids::{CustomerId, DocumentId, InvoiceId},
    ledger::promise_state::{by_calendar, whole},
    money::Money,
    promise::{Instalment, PromiseState},
};

use super::super::{
    error::Result,
    open::Open,
    store::{customer_id, day, document_id, money, project_sealed::PromiseBody, time},
};

/// A promise with its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Promise.
    pub id: DocumentId,
    /// Whose.
    pub customer: CustomerId,
    /// Signed at.
    pub made_at: shared::day::Timestamp,
    /// Day of the letter.
    pub day: Day,
    /// Sum.
    pub total: Money,
    /// Instalments.
    pub instalments: Vec<Instalment>,
    /// Invoices covered; none means the whole account.
    pub invoices: Vec<InvoiceId>,
    /// State of the whole.
    pub state: PromiseState,
    /// State of each instalment with what was paid on it.
    pub parts: Vec<(PromiseState, Money)>,
    /// Has the server got it?
    pub synced: bool,
}

const SELECT: &str = "SELECT p.document, p.customer, p.made_at, p.day, p.total, p.body, p.cancelled
        OR EXISTS (SELECT 1 FROM promise later WHERE later.replaces = p.document),
      s.state, s.instalments, d.received_at IS NOT NULL,
      COALESCE((SELECT in_transit FROM account a WHERE a.customer = p.customer), 0) <> 0
    FROM promise p CROSS JOIN document d ON d.filed IN (0, 1) AND d.id = p.document
      LEFT JOIN promise_state s ON s.document = p.document";

/// All promises of everybody in scope that are neither kept nor cancelled, by customer: history that is
/// done with is not read.
pub fn standing_by_customer(
    open: &Open,
    today: Day,
) -> Result<BTreeMap<CustomerId, Vec<Standing>>> {
    let mut found: BTreeMap<CustomerId, Vec<Standing>> = BTreeMap::new();
    let sql = format!(
        "{SELECT} WHERE p.cancelled = 0 AND (s.state IS NULL OR s.state NOT IN ('kept', 'cancelled'))"
    );
    for promise in read(open, &sql, [], today)? {
        if promise.state != PromiseState::Cancelled {
            found.entry(promise.customer).or_default().push(promise);
        }
    }
    Ok(found)
}

/// One customer's promises, newest first, cancelled ones as well.
pub fn of_customer(open: &Open, customer: CustomerId, today: Day) -> Result<Vec<Standing>> {
    let sql = format!("{SELECT} WHERE p.customer = ?1 ORDER BY p.made_at DESC, p.document");
    read(open, &sql, params![customer.0.into_bytes()], today)
}

/// One promise.
pub fn of_document(open: &Open, id: DocumentId, today: Day) -> Result<Option<Standing>> {
    let sql = format!("{SELECT} WHERE p.document = ?1");
    Ok(read(open, &sql, params![id.0], today)?.pop())
}

fn read(open: &Open, sql: &str, key: impl rusqlite::Params, today: Day) -> Result<Vec<Standing>> {
    let grace_days = open.settings()?.promise_grace_days;
    let mut statement = open.db.prepare_cached(sql)?;
    let mut rows = statement.query(key)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let body: PromiseBody = serde_json::from_str(&row.get::<_, String>(5)?)?;
        let over: bool = row.get(6)?;
        let said: Option<String> = row.get(8)?;
        let said: Vec<(PromiseState, Money)> = match &said {
            Some(json) => serde_json::from_str(json)?,
            None => vec![],
        };
        let hopeful = row.get(10)?;
        let parts = by_calendar(&body.instalments, &said, over, hopeful, today, grace_days);
        let state = match row.get::<_, Option<String>>(7)? {
            _ if over => PromiseState::Cancelled,
            Some(slug) if PromiseState::from_slug(&slug) == PromiseState::Cancelled => {
                PromiseState::Cancelled
            }
            _ => whole(&parts),
        };
        found.push(Standing {
            id: document_id(row, 0)?,
            customer: customer_id(row, 1)?,
            made_at: time(row, 2)?,
            day: day(row, 3)?,
            total: money(row, 4)?,
            instalments: body.instalments,
            invoices: body.invoices,
            state,
            parts,
            synced: row.get(9)?,
        });
    }
    Ok(found)
}
