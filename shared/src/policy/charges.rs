//! Interest on arrears, only after written notice (seed 001 §10), and the discount for paying early (seed 000:
//! 凡是按约定时间回款的，可以给予一定点数的奖励). Rates are settings; the seeds name none.

use rust_decimal::Decimal;

use crate::{
    day::Day,
    money::{Money, MoneyError},
};

use super::Settings;

/// Interest as it is reckoned, so that it can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reckoned {
    /// From this day on: the due day, or that of the written notice if it came later (seed 001 §10).
    pub from: Day,
    /// For so many days.
    pub days: i64,
    /// It comes to so much, to the fen.
    pub sum: Money,
}

/// Simple interest at a rate a year (hundredths of a percent, of 365 days) on a sum overdue, up to a day. Without a
/// rate or notice, or before a day has passed, there is none.
pub fn reckon(
    overdue: Money,
    due: Day,
    notice: Option<Day>,
    until: Day,
    year_bp: u32,
) -> Result<Option<Reckoned>, MoneyError> {
    let Some(from) = notice.map(|notice| due.max(notice)) else {
        return Ok(None);
    };
    let days = until.days_since(from);
    if days <= 0 || !overdue.is_positive() || year_bp == 0 {
        return Ok(None);
    }
    let rate = Decimal::from(year_bp) * Decimal::from(days);
    let parts = Decimal::from(10_000_i64 * 365);
    let charge = overdue.decimal().checked_mul(rate);
    let sum = Money::rounded(charge.ok_or(MoneyError::OutOfRange)? / parts)?;
    Ok(Some(Reckoned { from, days, sum }))
}

/// As [`reckon`], at the rate of the settings: the sum alone.
pub fn interest(
    overdue: Money,
    due: Day,
    notice: Option<Day>,
    until: Day,
    settings: &Settings,
) -> Result<Money, MoneyError> {
    let rate = settings.figures.interest_year_bp;
    let reckoned = reckon(overdue, due, notice, until, rate)?;
    Ok(reckoned.map_or(Money::ZERO, |reckoned| reckoned.sum))
}

/// The discount on a sum paid in full on a day, for something due later.
pub fn discount(
    amount: Money,
    due: Day,
    paid: Day,
    settings: &Settings,
) -> Result<Money, MoneyError> {
    let figures = &settings.figures;
    let early = due.days_since(paid) >= i64::from(figures.discount_days);
    if !early || !amount.is_positive() {
        return Ok(Money::ZERO);
    }
    let part = amount.decimal() * Decimal::from(figures.discount_bp.min(10_000));
    Money::rounded(part / Decimal::from(10_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_001_interest_runs_only_after_written_notice() {
        let due = Day::new(2026, 9, 1).unwrap();
        let mut settings = Settings::default();
        settings.figures.interest_year_bp = 1_460;
        let check = |notice: Option<i64>, until: i64, expected: &str| {
            let notice = notice.map(|days| due.plus_days(days));
            let sum = Money::from_yuan(10_000);
            let found = interest(sum, due, notice, due.plus_days(until), &settings);
            assert_eq!(found, Ok(expected.parse().unwrap()), "{notice:?} {until}");
        };
        check(None, 100, "0");
        check(Some(-10), 100, "400.00");
        check(Some(50), 100, "200.00");
        check(Some(50), 50, "0");
        check(Some(50), 10, "0");
        let none = interest(
            Money::MAX,
            due,
            Some(due),
            due.plus_days(99),
            &Settings::default(),
        );
        assert_eq!(none, Ok(Money::ZERO));
    }

    #[test]
    fn how_interest_is_reckoned_is_told_with_it() {
        let due = Day::new(2026, 9, 1).unwrap();
        let sum = "5250.50".parse().unwrap();
        let found = reckon(sum, due, Some(due.plus_days(10)), due.plus_days(55), 1_460);
        let expected = Reckoned {
            from: due.plus_days(10),
            days: 45,
            sum: "94.51".parse().unwrap(),
        };
        assert_eq!(found, Ok(Some(expected)));
        assert_eq!(reckon(sum, due, Some(due), due.plus_days(55), 0), Ok(None));
        assert_eq!(reckon(sum, due, None, due.plus_days(55), 1_460), Ok(None));
        let credit = Money::from_fen(-500).unwrap();
        assert_eq!(
            reckon(credit, due, Some(due), due.plus_days(55), 1),
            Ok(None)
        );
    }

    #[test]
    fn seed_000_a_discount_is_for_who_pays_early() {
        let due = Day::new(2026, 9, 30).unwrap();
        let mut settings = Settings::default();
        settings.figures.discount_bp = 200;
        let check = |days_before: i64, expected: &str| {
            let sum = "1234.56".parse().unwrap();
            let found = discount(sum, due, due.plus_days(-days_before), &settings);
            assert_eq!(found, Ok(expected.parse().unwrap()), "{days_before}");
        };
        check(9, "0");
        check(10, "24.69");
        check(30, "24.69");
    }
}
