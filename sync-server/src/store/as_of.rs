//! What was owed on a day gone by: the sums kept for today, less the journal's postings on later days.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::{
    aging::AgingBuckets,
    day::Day,
    ids::{CustomerId, InvoiceId},
    money::Money,
};

use super::{StoreError, books, sql};

/// What one invoice, or what a customer had on account, came to on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalanceAsOf {
    /// Whose.
    pub customer: CustomerId,
    /// The invoice; none for money on account.
    pub invoice: Option<InvoiceId>,
    /// Due day of the invoice, as it stands now.
    pub due: Option<Day>,
    /// Debit balance; negative for what was over-paid or on account.
    pub balance: Money,
}

/// Every receivable that was not zero at the end of a day, by customer and invoice.
pub fn receivables(conn: &Connection, day: Day) -> Result<Vec<BalanceAsOf>, StoreError> {
    let mut found = Vec::new();
    each(conn, day, &mut |item| {
        found.push(item);
        Ok(())
    })?;
    found.sort_by_key(|item| (item.customer, item.invoice));
    Ok(found)
}

/// The aging buckets of all customers together as of a day; money on account counts as over-paid.
pub fn aging(conn: &Connection, day: Day) -> Result<AgingBuckets, StoreError> {
    let mut buckets = AgingBuckets::default();
    each(conn, day, &mut |item| {
        Ok(buckets.add(item.due.unwrap_or(day), item.balance, day)?)
    })?;
    Ok(buckets)
}

/// Gives every receivable that was not zero at the end of a day; those of a customer mostly lie together. What is
/// open now, less what was posted for later days: hardly anything lies later than the day that is asked for.
pub(crate) fn each(
    conn: &Connection,
    day: Day,
    take: &mut dyn FnMut(BalanceAsOf) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut later = posted_later(conn, day)?;
    let mut give = |item: BalanceAsOf| {
        let balance = match later.remove(&(item.customer, item.invoice)) {
            None => item.balance,
            Some(off) => item.balance.checked_sub(off)?,
        };
        match balance.is_zero() {
            true => Ok(()),
            false => take(BalanceAsOf { balance, ..item }),
        }
    };
    let mut open = conn.prepare_cached(
        "SELECT customer, id, due, amount - settled FROM invoice WHERE amount <> settled ORDER BY customer, due",
    )?;
    let mut rows = open.query([])?;
    while let Some(row) = rows.next()? {
        give(BalanceAsOf {
            customer: sql::id(row, 0)?,
            invoice: Some(sql::id(row, 1)?),
            due: Some(sql::day(row, 2)?),
            balance: sql::money(row, 3)?,
        })?;
    }
    let mut on_account =
        conn.prepare_cached("SELECT id, -on_account FROM customer WHERE on_account <> 0")?;
    let mut rows = on_account.query([])?;
    while let Some(row) = rows.next()? {
        give(BalanceAsOf {
            customer: sql::id(row, 0)?,
            invoice: None,
            due: None,
            balance: sql::money(row, 1)?,
        })?;
    }
    // What has come to nothing since.
    for ((customer, invoice), off) in later {
        let known = invoice.map(|id| books::invoice(conn, id)).transpose()?;
        if !off.is_zero() {
            take(BalanceAsOf {
                customer,
                invoice,
                due: known.flatten().map(|row| row.invoice.due),
                balance: off.negated(),
            })?;
        }
    }
    Ok(())
}

/// Sums by receivable.
type Sums = BTreeMap<(CustomerId, Option<InvoiceId>), Money>;

fn posted_later(conn: &Connection, day: Day) -> Result<Sums, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT p.customer, p.invoice, SUM(p.amount)
             FROM journal_entry e CROSS JOIN posting p ON p.entry = e.number
             WHERE e.day > ?1 AND p.customer IS NOT NULL GROUP BY p.customer, p.invoice",
        )?
        .query_map([day.number()], |row| {
            let key = (sql::id(row, 0)?, sql::opt_id(row, 1)?);
            Ok((key, sql::money(row, 2)?))
        })?
        .collect::<Result<_, _>>()?)
}
