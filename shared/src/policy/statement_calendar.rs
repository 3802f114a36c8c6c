//! The statement calendar 对账: when accounts are agreed and when they are settled.
//!
//! Source: seed 000, 3.2 (monthly customers agree on the 1st to 7th and settle on the 8th to 15th; quarterly
//! customers agree monthly, keep a copy, and settle on the 1st to 7th after the quarter), seed 003 (a confirmation
//! with legal effect every three months or half year).

use chrono::Datelike as _;

use crate::{customer::Settlement, day::Day};

use super::Settings;

named! {
    /// What the calendar calls for.
    StatementPhase {
        /// Agree last month's statement, signed and stamped; with a quarterly customer keep a copy.
        Agree = "agree",
        /// Settle the period that was agreed.
        Settle = "settle",
    }
}

/// What is called for on a day, and the last day of the window; none outside the windows and for customers that
/// settle otherwise.
pub fn phase(
    settlement: Settlement,
    today: Day,
    settings: &Settings,
) -> Option<(StatementPhase, Day)> {
    let figures = &settings.figures;
    let (agree_until, settle_until) = (figures.statement_until, figures.settle_until);
    let date = today.0.day();
    let until = |last: u32| Some(today.plus_days(i64::from(last) - i64::from(date)));
    let quarter_begins = today.0.month0().is_multiple_of(3);
    let (phase, last) = match settlement {
        Settlement::Monthly if date <= agree_until => (StatementPhase::Agree, agree_until),
        Settlement::Monthly if date <= settle_until => (StatementPhase::Settle, settle_until),
        Settlement::Quarterly if date <= agree_until && quarter_begins => {
            (StatementPhase::Settle, agree_until)
        }
        Settlement::Quarterly if date <= agree_until => (StatementPhase::Agree, agree_until),
        _ => return None,
    };
    until(last).map(|last| (phase, last))
}

/// Is last month agreed, the latest statement that was agreed being of this day?
pub fn is_agreed(agreed: Option<Day>, today: Day) -> bool {
    let last_month_ended = today.plus_days(-i64::from(today.0.day()));
    agreed.is_some_and(|as_of| as_of >= last_month_ended)
}

/// Is a confirmation with legal effect due, the last one being of this day?
pub fn confirmation_due(last: Option<Day>, today: Day, settings: &Settings) -> bool {
    let months = i64::from(settings.figures.confirmation_months);
    let count = |day: Day| i64::from(day.0.year()) * 12 + i64::from(day.0.month());
    match last {
        _ if months == 0 => false,
        None => true,
        Some(last) => {
            let gone = count(today) - count(last) - i64::from(today.0.day() < last.0.day());
            gone >= months
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_000_monthly_customers_agree_until_the_7th_and_settle_until_the_15th() {
        use StatementPhase::*;
        let check = |settlement, day: &str, expected: Option<(StatementPhase, &str)>| {
            let found = phase(settlement, day.parse().unwrap(), &Settings::default());
            let found = found.map(|(phase, last)| (phase, last.to_string()));
            let expected = expected.map(|(phase, last)| (phase, last.to_owned()));
            assert_eq!(found, expected, "{settlement} {day}");
        };
        let (monthly, quarterly) = (Settlement::Monthly, Settlement::Quarterly);
        check(monthly, "2026-11-01", Some((Agree, "2026-11-07")));
        check(monthly, "2026-11-07", Some((Agree, "2026-11-07")));
        check(monthly, "2026-11-08", Some((Settle, "2026-11-15")));
        check(monthly, "2026-11-15", Some((Settle, "2026-11-15")));
        check(monthly, "2026-11-16", None);
        check(quarterly, "2026-11-03", Some((Agree, "2026-11-07")));
        check(quarterly, "2026-10-03", Some((Settle, "2026-10-07")));
        check(quarterly, "2026-01-07", Some((Settle, "2026-01-07")));
        check(quarterly, "2026-10-08", None);
        check(Settlement::CashOnDelivery, "2026-11-01", None);
    }

    #[test]
    fn a_statement_of_the_end_of_last_month_or_later_is_agreed_for_this_month() {
        let check = |agreed: Option<&str>, today: &str, expected: bool| {
            let agreed = agreed.map(|day| day.parse().unwrap());
            assert_eq!(
                is_agreed(agreed, today.parse().unwrap()),
                expected,
                "{agreed:?} {today}"
            );
        };
        check(None, "2026-11-03", false);
        check(Some("2026-09-30"), "2026-11-03", false);
        check(Some("2026-10-30"), "2026-11-03", false);
        check(Some("2026-10-31"), "2026-11-03", true);
        check(Some("2025-12-31"), "2026-01-01", true);
        check(Some("2026-11-02"), "2026-11-03", true);
    }

    #[test]
    fn seed_003_a_confirmation_is_due_every_three_months() {
        let check = |last: Option<&str>, today: &str, due: bool| {
            let last = last.map(|day| day.parse().unwrap());
            let found = confirmation_due(last, today.parse().unwrap(), &Settings::default());
            assert_eq!(found, due, "{last:?} {today}");
        };
        check(None, "2026-11-21", true);
        check(Some("2026-08-22"), "2026-11-21", false);
        check(Some("2026-08-21"), "2026-11-21", true);
        check(Some("2025-12-01"), "2026-02-28", false);
        check(Some("2025-12-01"), "2026-03-01", true);
    }
}
