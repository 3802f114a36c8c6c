//! What salespeople's customers bought, paid and owe in a month, and how past debts went: sums for the desk.

use std::collections::BTreeMap;

use chrono::Datelike as _;
use rusqlite::{Connection, params};
use shared::{
    day::Day, ids::CustomerId, ledger::entry::EntryKind, money::Money, policy::own_curve::PastDebt,
};

use super::{StoreError, sql};

/// Debts that fell due within so many years before today make the company's own curve: what was long ago says little,
/// and is not read.
const CURVE_YEARS: i32 = 3;

/// What a customer bought and paid in a month up to a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MonthSums {
    /// Invoices issued, credit notes taken off.
    pub sold: Money,
    /// Money that came in on invoices that had fallen due by the day.
    pub collected: Money,
    /// Invoices that fall due in the whole month.
    pub due_in_month: Money,
}

/// The first day of the month of a day.
pub fn month_begin(day: Day) -> Day {
    Day::new(day.0.year(), day.0.month(), 1).unwrap_or(day)
}

/// The month of every customer of whom something was issued, falls due or was paid in it.
pub fn month(conn: &Connection, today: Day) -> Result<BTreeMap<CustomerId, MonthSums>, StoreError> {
    let (begin, end) = (month_begin(today), today.month_end());
    let mut found: BTreeMap<CustomerId, MonthSums> = BTreeMap::new();
    let mut billed = conn.prepare_cached(
        "SELECT customer, SUM(CASE WHEN issued BETWEEN ?1 AND ?2 THEN amount ELSE 0 END),
           SUM(CASE WHEN due BETWEEN ?1 AND ?3 AND amount > 0 THEN amount ELSE 0 END)
         FROM invoice WHERE issued >= ?1 OR due >= ?1 GROUP BY customer",
    )?;
    let mut rows = billed.query(params![begin.number(), today.number(), end.number()])?;
    while let Some(row) = rows.next()? {
        let sums = MonthSums {
            sold: sql::money(row, 1)?,
            collected: Money::ZERO,
            due_in_month: sql::money(row, 2)?,
        };
        found.insert(sql::id(row, 0)?, sums);
    }
    let mut paid = conn.prepare_cached(
        "SELECT p.customer, e.kind, -SUM(p.amount)
         FROM journal_entry e CROSS JOIN posting p ON p.entry = e.number JOIN invoice i ON i.id = p.invoice
         WHERE e.day BETWEEN ?1 AND ?2 AND p.customer IS NOT NULL AND i.due <= ?2
         GROUP BY p.customer, e.kind",
    )?;
    let mut rows = paid.query(params![begin.number(), today.number()])?;
    while let Some(row) = rows.next()? {
        let kind = EntryKind::from_slug(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
        if kind.is_money() {
            let sums = found.entry(sql::id(row, 0)?).or_default();
            sums.collected = sums.collected.checked_add(sql::money(row, 2)?)?;
        }
    }
    Ok(found)
}

/// How the debts went that fell due lately and are settled: the last posting on each closed it. What was written off
/// and not recovered is lost; what was returned or discounted was settled otherwise and is not.
pub fn past_debts(conn: &Connection, today: Day) -> Result<Vec<PastDebt>, StoreError> {
    let since = Day::new(today.0.year() - CURVE_YEARS, today.0.month(), 1).unwrap_or(today);
    let mut statement = conn.prepare_cached(
        "SELECT i.due, i.amount, COALESCE(w.amount, 0),
           (SELECT MAX(e.day) FROM posting p CROSS JOIN journal_entry e ON e.number = p.entry
            WHERE p.invoice = i.id AND e.kind <> 'invoice') AS closed
         FROM invoice i LEFT JOIN written_off w ON w.customer = i.customer AND w.invoice = i.id
         WHERE i.amount = i.settled AND i.amount > 0 AND i.due BETWEEN ?1 AND ?2 AND closed IS NOT NULL",
    )?;
    let mut rows = statement.query(params![since.number(), today.number()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let amount = sql::money(row, 1)?;
        let days = sql::day(row, 3)?.days_since(sql::day(row, 0)?);
        found.push(PastDebt {
            days: u32::try_from(days).unwrap_or(0),
            amount,
            recovered: amount.checked_sub(sql::money(row, 2)?)?.max(Money::ZERO),
            closed: true,
        });
    }
    Ok(found)
}
