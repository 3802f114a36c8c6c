//! What the collection rules need to know of what was noted in the field: visits without result and the reason given,
//! cycles and stock from the contact book, how a customer settles.

use rusqlite::params;
use shared::{
    contact_book::BookField,
    customer::Settlement,
    day::Day,
    policy::{account::NO_RESULT_DAYS, statement_calendar},
    visit::UnpaidReason,
};

use super::{
    super::{
        error::Result,
        open::Open,
        store::{customer_id, day},
    },
    facts::{Accounts, filter},
};

/// Puts it into the accounts: of one customer (`only`) or of all.
pub(super) fn facts(
    open: &Open,
    only: Option<[u8; 16]>,
    today: Day,
    accounts: &mut Accounts,
) -> Result<()> {
    without_result(open, only, today, accounts)?;
    from_books(open, only, accounts)?;
    let settings = open.settings()?;
    let called_for = |settlement| statement_calendar::phase(settlement, today, &settings).is_some();
    if called_for(Settlement::Monthly) || called_for(Settlement::Quarterly) {
        settlements(open, only, accounts)?;
        agreed(open, only, accounts)?;
    }
    Ok(())
}

/// Visits that brought nothing since the last receipt, promise or payment in the books, and the reason given at the
/// latest. (SQLite takes a plain column beside MAX from the row of the maximum.)
fn without_result(
    open: &Open,
    only: Option<[u8; 16]>,
    today: Day,
    accounts: &mut Accounts,
) -> Result<()> {
    let mut statement = open.db.prepare_cached(&format!(
        "SELECT customer, COUNT(*), MAX(CASE WHEN reason IS NOT NULL THEN started_at END), reason FROM visit v
         WHERE {} AND started_at >= ?2 AND result IN ('unpaid', 'disputed', 'nobody_met')
           AND started_at > COALESCE((SELECT MAX(issued_at) FROM receipt r WHERE r.customer = v.customer AND r.voided = 0), 0)
           AND started_at > COALESCE((SELECT MAX(made_at) FROM promise p WHERE p.customer = v.customer AND p.cancelled = 0), 0)
           AND started_at >= COALESCE((SELECT MAX(day) FROM payment b WHERE b.customer = v.customer) * 86400000, 0)
             - ?3 * 60000
         GROUP BY customer",
        filter(only)
    ))?;
    let since = open.day_start(today.plus_days(-NO_RESULT_DAYS))?;
    let mut rows = statement.query(params![only, since.0, open.offset_minutes()?])?;
    while let Some(row) = rows.next()? {
        if let Some(account) = accounts.get_mut(&customer_id(row, 0)?) {
            account.no_result = row.get(1)?;
            let reason: Option<String> = row.get(3)?;
            account.reason = reason.as_deref().map(UnpaidReason::from_slug);
        }
    }
    Ok(())
}

/// Payment cycle and stock sold, as noted in the contact books. The bodies are not parsed: of all that they hold
/// two short texts are wanted, of every customer.
fn from_books(open: &Open, only: Option<[u8; 16]>, accounts: &mut Accounts) -> Result<()> {
    let (cycle, sold) = (key(BookField::PaymentCycle), key(BookField::StockSold));
    let mut statement = open.db.prepare_cached(&format!(
        "SELECT customer, body FROM book WHERE {} AND (instr(body, ?2) > 0 OR instr(body, ?3) > 0)",
        filter(only)
    ))?;
    let mut rows = statement.query(params![only, cycle, sold])?;
    while let Some(row) = rows.next()? {
        if let Some(account) = accounts.get_mut(&customer_id(row, 0)?) {
            let body = row.get_ref(1)?.as_str().unwrap_or_default();
            account.payment_cycle = text_after(body, &cycle);
            account.stock_sold = text_after(body, &sold);
        }
    }
    Ok(())
}

/// How a field begins in the JSON of a book. No text in it can look like that: its quotes are escaped.
fn key(field: BookField) -> String {
    format!("\"{}\":\"", field.slug())
}

fn text_after(body: &str, key: &str) -> String {
    let text = body
        .split_once(key)
        .and_then(|(_, after)| after.split('"').next());
    text.unwrap_or_default().to_owned()
}

/// How customers settle: those that the statement calendar knows.
fn settlements(open: &Open, only: Option<[u8; 16]>, accounts: &mut Accounts) -> Result<()> {
    let with = |settlement: Settlement| format!("\"settlement\":\"{settlement}\"");
    let mut statement = open.db.prepare_cached(&format!(
        "SELECT id, instr(body, ?2) > 0 FROM customer
         WHERE {} AND (instr(body, ?2) > 0 OR instr(body, ?3) > 0)",
        filter(only).replace("customer", "id")
    ))?;
    let (monthly, quarterly) = (with(Settlement::Monthly), with(Settlement::Quarterly));
    let mut rows = statement.query(params![only, monthly, quarterly])?;
    while let Some(row) = rows.next()? {
        if let Some(account) = accounts.get_mut(&customer_id(row, 0)?) {
            account.settlement = Some(match row.get(1)? {
                true => Settlement::Monthly,
                false => Settlement::Quarterly,
            });
        }
    }
    Ok(())
}

/// The latest statement that each customer has agreed, or that finance has closed; an answer that waits here counts.
fn agreed(open: &Open, only: Option<[u8; 16]>, accounts: &mut Accounts) -> Result<()> {
    let mut statement = open.db.prepare_cached(&format!(
        "SELECT customer, MAX(as_of) FROM (
           SELECT customer, as_of FROM statement WHERE state IN ('agreed', 'closed') AND {0}
           UNION ALL
           SELECT a.customer, a.as_of FROM statement_answer a
             JOIN document d ON d.filed IN (0, 1) AND d.id = a.document
             JOIN statement s ON s.id = a.statement
             WHERE a.disputed = 0 AND s.state = 'sent' AND d.rejected IS NULL AND {1})
         GROUP BY customer",
        filter(only),
        filter(only).replace("customer", "a.customer"),
    ))?;
    let mut rows = statement.query(params![only])?;
    while let Some(row) = rows.next()? {
        if let Some(account) = accounts.get_mut(&customer_id(row, 0)?) {
            account.agreed = Some(day(row, 1)?);
        }
    }
    Ok(())
}
