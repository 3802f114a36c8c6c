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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn invoice(id: u128, due: i64, fen: i64) -> OpenInvoice {
        OpenInvoice {
            invoice: InvoiceId(Uuid::from_u128(id)),
            due: Day::from_number(20_000 + due),
            outstanding: Money::from_fen(fen).unwrap(),
        }
    }

    #[test]
    fn the_oldest_due_is_paid_first_and_the_rest_stays_on_account() {
        let open = [
            invoice(1, 9, 1_386_000),
            invoice(2, 1, 974_000),
            invoice(3, 0, -500),
        ];
        let check = |yuan: u32, expected: &[(u128, i64)]| {
            let found: Vec<(u128, i64)> = suggest(Money::from_yuan(yuan), &open)
                .into_iter()
                .map(|(id, part)| (id.0.as_u128(), part.fen()))
                .collect();
            assert_eq!(found, expected, "{yuan}");
        };
        check(12_000, &[(2, 974_000), (1, 226_000)]);
        check(9_740, &[(2, 974_000)]);
        check(50_000, &[(2, 974_000), (1, 1_386_000)]);
        check(0, &[]);
        assert!(suggest(Money::from_fen(-1).unwrap(), &open).is_empty());
    }

    #[test]
    fn what_is_asked_for_is_the_promise_then_the_overdue_then_what_was_chosen() {
        let yuan = Money::from_yuan;
        assert_eq!(asked(yuan(1), yuan(2), yuan(3)), yuan(1));
        assert_eq!(asked(Money::ZERO, yuan(2), yuan(3)), yuan(2));
        assert_eq!(asked(Money::ZERO, Money::ZERO, yuan(3)), yuan(3));
        assert_eq!(shortfall(yuan(20), yuan(12)), Ok(Some(yuan(8))));
        assert_eq!(shortfall(yuan(20), yuan(20)), Ok(None));
        assert_eq!(shortfall(yuan(20), yuan(25)), Ok(None));
    }

    #[test]
    fn instalments_are_even_and_in_due_order() {
        let first = Day::new(2026, 11, 28).unwrap();
        let dates = instalment_dates(first, 14, 3);
        let found: Vec<String> = even_instalments(Money::from_yuan(10_000), &dates)
            .iter()
            .map(|i| format!("{} {}", i.due, i.amount))
            .collect();
        assert_eq!(
            found,
            [
                "2026-11-28 3333.34",
                "2026-12-12 3333.33",
                "2026-12-26 3333.33"
            ]
        );
        assert!(even_instalments(Money::from_yuan(5), &[]).is_empty());
        assert_eq!(
            even_instalments(Money::from_fen(1).unwrap(), &dates).len(),
            1
        );
        assert_eq!(instalment_dates(first, 0, 2), [first, first.plus_days(1)]);
    }

    proptest! {
        #[test]
        fn a_suggestion_spends_no_more_than_there_is_nor_more_than_is_owed(
            amount in 0i64..3_000_000,
            open in proptest::collection::vec((0i64..50, -1_000i64..500_000), 0..12),
        ) {
            let open: Vec<OpenInvoice> = open
                .iter()
                .zip(1u128..)
                .map(|((due, fen), id)| invoice(id, *due, *fen))
                .collect();
            let parts = suggest(Money::from_fen(amount).unwrap(), &open);
            let spent: i64 = parts.iter().map(|(_, part)| part.fen()).sum();
            let owed: i64 = open.iter().map(|i| i.outstanding.fen().max(0)).sum();
            prop_assert_eq!(spent, amount.min(owed));
            for (id, part) in parts {
                let invoice = open.iter().find(|i| i.invoice == id).unwrap();
                prop_assert!(part.is_positive() && part <= invoice.outstanding);
            }
        }
    }
}
