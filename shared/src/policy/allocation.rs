//! How a payment is spread over invoices, what is asked for at a visit, and even instalments.
//!
//! Oldest due first is only the suggestion: the debtor may say which debt a payment settles (Civil
//! Code art. 560).

use crate::{
    day::Day,
    ids::InvoiceId,
    money::{Money, MoneyError},
    promise::Instalment,
};

/// An invoice with what is still owed on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenInvoice {
    /// Invoice.
    pub invoice: InvoiceId,
    /// Due day.
    pub due: Day,
    /// Outstanding; what is zero or negative takes nothing.
    pub outstanding: Money,
}

/// Spreads a sum over invoices, oldest due first (whatever the order given); what is left over stays
/// on account. A sum that is not positive is not spread.
pub fn suggest(amount: Money, invoices: &[OpenInvoice]) -> Vec<(InvoiceId, Money)> {
    let mut sorted: Vec<&OpenInvoice> = invoices
        .iter()
        .filter(|i| i.outstanding.is_positive())
        .collect();
    sorted.sort_by_key(|i| (i.due, i.invoice));
    let mut left = amount;
    let mut parts = Vec::new();
    for invoice in sorted {
        let part = left.min(invoice.outstanding);
        if !part.is_positive() {
            break;
        }
        // `part` is at most `left`, so the difference stays in range.
        left = left.checked_sub(part).unwrap_or(Money::ZERO);
        parts.push((invoice.invoice, part));
    }
    parts
}

/// What is asked for: the promise instalment due, else the overdue balance, else the invoices chosen.
pub fn asked(promise_due: Money, overdue: Money, chosen: Money) -> Money {
    [promise_due, overdue, chosen]
        .into_iter()
        .find(|sum| sum.is_positive())
        .unwrap_or(Money::ZERO)
}

/// What a payment leaves of what was asked for 差额; none if nothing stays short.
pub fn shortfall(asked: Money, paid: Money) -> Result<Option<Money>, MoneyError> {
    let short = asked.checked_sub(paid)?;
    Ok(short.is_positive().then_some(short))
}

/// Splits a sum evenly over dates, to the fen, in due order; dates given twice count once. Fewer
/// instalments come back if the sum has fewer fen than there are dates.
pub fn even_instalments(total: Money, dates: &[Day]) -> Vec<Instalment> {
    let mut dates = dates.to_vec();
    dates.sort();
    dates.dedup();
    let count = u32::try_from(dates.len()).unwrap_or(u32::MAX);
    dates
        .into_iter()
        .zip(total.split(count))
        .map(|(due, amount)| Instalment { due, amount })
        .filter(|instalment| instalment.amount.is_positive())
        .collect()
}

/// Dates of `count` instalments: the first, and then every so many days (at least one).
pub fn instalment_dates(first: Day, every_days: u16, count: u16) -> Vec<Day> {
    let step = i64::from(every_days.max(1));
    (0..i64::from(count))
        .map(|i| first.plus_days(i * step))
        .collect()
}
