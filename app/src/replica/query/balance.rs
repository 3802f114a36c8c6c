//! What a customer owes, as the phone knows it: the server's figures less own receipts that they do
//! not contain yet. Cash lowers the balance, all else is in transit; a pending void changes nothing.

use rusqlite::{Row, params};
use shared::{
    day::Day,
    ids::{CustomerId, InvoiceId},
    invoice::Invoice,
    money::Money,
    sync::message::InvoiceRow,
};

use super::super::{
    api::InvoiceLine,
    error::Result,
    open::Open,
    store::{day, money, uuid},
};

/// A customer's figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Outstanding on all invoices, less what is on account.
    pub outstanding: Money,
    /// Overdue, without what is on account.
    pub overdue: Money,
    /// Oldest due day passed with something outstanding.
    pub oldest_due: Option<Day>,
    /// Claimed, not confirmed.
    pub in_transit: Money,
    /// Paid and not allocated.
    pub on_account: Money,
}

/// One row a customer in scope: figures of invoices and account, own receipts taken off. `?1` is today.
/// Columns: customer, outstanding, overdue, oldest due day, in transit, on account.
pub const BALANCES: &str = "
    WITH inv AS (
      SELECT customer, SUM(outstanding) AS open_sum,
        SUM(CASE WHEN due < ?1 AND outstanding > 0 THEN outstanding ELSE 0 END) AS overdue,
        MIN(CASE WHEN due < ?1 AND outstanding > 0 THEN due END) AS oldest
      FROM open_invoice GROUP BY customer),
    own AS (
      SELECT o.customer,
        SUM(CASE WHEN o.method = 'cash' THEN o.rest ELSE 0 END) AS rest,
        SUM(CASE WHEN o.method <> 'cash' THEN o.amount ELSE 0 END) AS claimed
      FROM own_receipt o LEFT JOIN account a ON a.customer = o.customer
      WHERE o.seq IS NULL OR o.seq > COALESCE(a.row_seq, 0) GROUP BY o.customer)
    SELECT c.id AS customer,
      COALESCE(inv.open_sum, 0) - COALESCE(a.on_account, 0) - COALESCE(own.rest, 0) AS outstanding,
      COALESCE(inv.overdue, 0) AS overdue, inv.oldest AS oldest,
      COALESCE(a.in_transit, 0) + COALESCE(own.claimed, 0) AS in_transit,
      COALESCE(a.on_account, 0) + COALESCE(own.rest, 0) AS on_account
    FROM customer c LEFT JOIN inv ON inv.customer = c.id LEFT JOIN account a ON a.customer = c.id
      LEFT JOIN own ON own.customer = c.id";

/// What the view `open_invoice` says of the one customer `?1`, as `open_of_one`: the view adds up all own cash first,
/// this reads the customer's alone. (A receipt pays invoices of its own customer, and an invoice keeps its customer.)
pub const OPEN_OF_ONE: &str = "
    WITH own AS MATERIALIZED (
      SELECT invoice, SUM(amount) AS amount FROM own_cash_line WHERE customer = ?1 GROUP BY invoice),
    open_of_one AS (
      SELECT i.id, i.customer, i.number, i.issued, i.due, i.amount, i.settled,
        i.amount - i.settled - COALESCE(o.amount, 0) AS outstanding
      FROM invoice i LEFT JOIN own o ON o.invoice = i.id WHERE i.customer = ?1 AND i.amount <> i.settled
      UNION ALL
      SELECT i.id, i.customer, i.number, i.issued, i.due, i.amount, i.settled, -o.amount AS outstanding
      FROM own o JOIN invoice i ON i.id = o.invoice WHERE i.amount = i.settled)";

/// The figures of one customer; overdue as of the far past, so none: use [`customer_balance_on`].
pub fn customer_balance(open: &Open, customer: CustomerId) -> Result<Balance> {
    customer_balance_on(open, customer, Day::from_number(0))
}

/// The figures of one customer as of a day.
pub fn customer_balance_on(open: &Open, customer: CustomerId, today: Day) -> Result<Balance> {
    let lines = invoice_lines(open, customer, today)?;
    let mut balance = Balance::default();
    for line in &lines {
        balance.outstanding = balance.outstanding.checked_add(line.outstanding)?;
        if line.overdue_days > 0 && line.outstanding.is_positive() {
            balance.overdue = balance.overdue.checked_add(line.outstanding)?;
            let due = line.row.invoice.due;
            balance.oldest_due = Some(balance.oldest_due.map_or(due, |d| d.min(due)));
        }
    }
    let (on_account, in_transit) = open
        .db
        .prepare_cached(
            "SELECT
               COALESCE((SELECT on_account FROM account WHERE customer = ?1), 0)
                 + COALESCE(SUM(CASE WHEN o.method = 'cash' THEN o.rest ELSE 0 END), 0),
               COALESCE((SELECT in_transit FROM account WHERE customer = ?1), 0)
                 + COALESCE(SUM(CASE WHEN o.method <> 'cash' THEN o.amount ELSE 0 END), 0)
             FROM own_receipt o LEFT JOIN account a ON a.customer = o.customer
             WHERE o.customer = ?1 AND (o.seq IS NULL OR o.seq > COALESCE(a.row_seq, 0))",
        )?
        .query_row(params![customer.0.into_bytes()], |row| {
            Ok((money(row, 0)?, money(row, 1)?))
        })?;
    balance.on_account = on_account;
    balance.in_transit = in_transit;
    balance.outstanding = balance.outstanding.checked_sub(on_account)?;
    Ok(balance)
}

/// A customer's invoices on which something is outstanding (or over-paid), oldest due first.
pub fn invoice_lines(open: &Open, customer: CustomerId, today: Day) -> Result<Vec<InvoiceLine>> {
    let mut statement = open.db.prepare_cached(&format!(
        "{OPEN_OF_ONE}
         SELECT id, number, issued, due, amount, settled, outstanding FROM open_of_one
         WHERE outstanding <> 0 ORDER BY due, number"
    ))?;
    let lines = statement.query_map(params![customer.0.into_bytes()], |row| {
        invoice_line(row, customer, today)
    })?;
    Ok(lines.collect::<rusqlite::Result<_>>()?)
}

fn invoice_line(row: &Row<'_>, customer: CustomerId, today: Day) -> rusqlite::Result<InvoiceLine> {
    let due = day(row, 3)?;
    Ok(InvoiceLine {
        row: InvoiceRow {
            invoice: Invoice {
                id: InvoiceId(uuid(row, 0)?),
                customer,
                number: row.get(1)?,
                issued: day(row, 2)?,
                due,
                amount: money(row, 4)?,
            },
            settled: money(row, 5)?,
        },
        outstanding: money(row, 6)?,
        overdue_days: today.days_since(due),
    })
}
