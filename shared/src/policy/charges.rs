//! Interest on arrears, only after written notice (seed 001 §10), and the discount for paying early (seed 000:
//! 凡是按约定时间回款的，可以给予一定点数的奖励). Rates are settings; the seeds name none.

use rust_decimal::Decimal;

use crate::{
    day::Day,
    money::{Money, MoneyError},
};

use super::Settings;

/// Simple interest on a sum overdue from its due date, or from the written notice if that came later, up to a
/// day. Without notice, or before a day has passed, there is none.
pub fn interest(
    overdue: Money,
    due: Day,
    notice: Option<Day>,
    until: Day,
    settings: &Settings,
) -> Result<Money, MoneyError> {
    let Some(notice) = notice else {
        return Ok(Money::ZERO);
    };
    let days = until.days_since(due.max(notice));
    if days <= 0 || !overdue.is_positive() {
        return Ok(Money::ZERO);
    }
    let rate = Decimal::from(settings.figures.interest_year_bp) * Decimal::from(days);
    let parts = Decimal::from(10_000_i64 * 365);
    let charge = overdue.decimal().checked_mul(rate);
    Money::rounded(charge.ok_or(MoneyError::OutOfRange)? / parts)
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
