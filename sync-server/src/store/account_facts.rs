//! What the collection rules ask about accounts (`shared::policy::account`), read from the ledger: the facts that a
//! synced phone has of the same customers, so that the same rules give the same list.
//!
//! Invariant: nothing is decided here that the phone decides otherwise. What both derive without a database is in
//! `shared` (`by_calendar`, `AccountFacts`); a phone knows in addition its own records that are not synced.

use rusqlite::Connection;
use shared::{
    customer::{Customer, Settlement},
    day::Day,
    ids::CustomerId,
    ledger::promise_state::{by_calendar, whole},
    policy::{
        account::{AccountFacts, InstalmentFacts, InvoiceFacts, PromiseFacts},
        statement_calendar,
    },
    promise::PromiseState,
};

use super::{
    StoreError, cases,
    company::Company,
    field_notes::{self, Window},
    promises,
    sql::{self, BlobId},
};

/// An account with the customer that it is of.
#[derive(Clone, Debug)]
pub struct Account {
    /// The customer as the books have it: name, terms.
    pub customer: Customer,
    /// What the rules ask.
    pub facts: AccountFacts,
}

/// The accounts of these customers as of a day that is today or later: what is known now, seen from that day.
/// Customers that are not in the books are left out.
pub fn accounts(
    conn: &Connection,
    company: &Company,
    day: Day,
    customers: &[CustomerId],
) -> Result<Vec<Account>, StoreError> {
    let window = Window::until(conn, company, day)?;
    let mut found = Vec::with_capacity(customers.len());
    for id in customers {
        let Some((mut account, hopeful)) = balances(conn, *id)? else {
            continue;
        };
        add_promises(conn, company, day, hopeful, &mut account.facts)?;
        field_notes::add(conn, &window, &mut account.facts)?;
        account.facts.case = cases::steps(conn, *id)?;
        account.facts.settlement = called_for(&account.customer, day, company);
        found.push(account);
    }
    Ok(found)
}

/// What a customer owes and has on account; and whether money of theirs is in transit. None if there is no such
/// customer.
pub(crate) fn balances(
    conn: &Connection,
    id: CustomerId,
) -> Result<Option<(Account, bool)>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT body, on_account, in_transit FROM customer WHERE id = ?1")?;
    let mut rows = statement.query([id.blob()])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let body = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
    let customer: Customer = serde_json::from_str(body)?;
    let hopeful = !sql::money(row, 2)?.is_zero();
    let facts = AccountFacts {
        on_account: sql::money(row, 1)?,
        hold: customer.hold,
        invoices: open_invoices(conn, id)?,
        ..AccountFacts::new(id)
    };
    Ok(Some((Account { customer, facts }, hopeful)))
}

fn open_invoices(conn: &Connection, id: CustomerId) -> Result<Vec<InvoiceFacts>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT id, issued, due, amount - settled FROM invoice WHERE customer = ?1 AND amount <> settled",
        )?
        .query_map([id.blob()], |row| {
            Ok(InvoiceFacts {
                invoice: sql::id(row, 0)?,
                issued: sql::day(row, 1)?,
                due: sql::day(row, 2)?,
                outstanding: sql::money(row, 3)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// Promises that may still be kept.
fn add_promises(
    conn: &Connection,
    company: &Company,
    day: Day,
    hopeful: bool,
    facts: &mut AccountFacts,
) -> Result<(), StoreError> {
    let grace_days = company.policy.promise_grace_days;
    let all = promises::said(conn, facts.customer)?;
    let replaced: Vec<_> = all.iter().filter_map(|(p, _)| p.replaces).collect();
    for (promise, (state, said)) in &all {
        let is_over = promise.cancelled || replaced.contains(&promise.id);
        if is_over || matches!(state, PromiseState::Kept | PromiseState::Cancelled) {
            continue;
        }
        let parts = by_calendar(&promise.instalments, said, false, hopeful, day, grace_days);
        let instalments = promise.instalments.iter().zip(&parts);
        facts.promises.push(PromiseFacts {
            promise: promise.id,
            state: whole(&parts),
            instalments: instalments
                .map(|(instalment, (state, paid))| InstalmentFacts {
                    due: instalment.due,
                    amount: instalment.amount,
                    paid: *paid,
                    state: *state,
                })
                .collect(),
            invoices: promise.invoices.iter().copied().collect(),
        });
    }
    Ok(())
}

/// How the customer settles, while the statement calendar calls for something.
fn called_for(customer: &Customer, day: Day, company: &Company) -> Option<Settlement> {
    let settlement = customer.terms.settlement;
    statement_calendar::phase(settlement, day, &company.policy).map(|_| settlement)
}
