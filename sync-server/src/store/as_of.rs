//! What was owed on a day gone by: from the journal's postings up to that day, not from the sums kept
//! for today.

use rusqlite::Connection;
use shared::{
    aging::AgingBuckets,
    day::Day,
    ids::{CustomerId, InvoiceId},
    money::Money,
};

use super::{StoreError, sql};

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
    Ok(conn
        .prepare_cached(
            "SELECT p.customer, p.invoice, i.due, SUM(p.amount) AS balance
             FROM posting p JOIN journal_entry e ON e.number = p.entry LEFT JOIN invoice i ON i.id = p.invoice
             WHERE p.customer IS NOT NULL AND e.day <= ?1
             GROUP BY p.customer, p.invoice HAVING balance <> 0 ORDER BY p.customer, p.invoice",
        )?
        .query_map([day.number()], |row| {
            Ok(BalanceAsOf {
                customer: sql::id(row, 0)?,
                invoice: sql::opt_id(row, 1)?,
                due: row.get::<_, Option<i64>>(2)?.map(Day::from_number),
                balance: sql::money(row, 3)?,
            })
        })?
        .collect::<Result<_, _>>()?)
}

/// The aging buckets of all customers together as of a day; money on account counts as over-paid.
pub fn aging(conn: &Connection, day: Day) -> Result<AgingBuckets, StoreError> {
    let mut buckets = AgingBuckets::default();
    for item in receivables(conn, day)? {
        buckets.add(item.due.unwrap_or(day), item.balance, day)?;
    }
    Ok(buckets)
}
