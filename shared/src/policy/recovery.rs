//! The recovery curve: how likely a debt of a given age is to be paid, and what a further day costs.
//!
//! Source: seed 000 (chance by months overdue). Between its points the chance falls in a straight
//! line by days, a month being 30; beyond the last point it stays. Exact decimals, no floats.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    day::Day,
    money::{Money, MoneyError},
};

use super::Settings;

/// Days that count as a month on the curve.
pub const DAYS_PER_MONTH: i64 = 30;

/// One point of the curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// Months overdue.
    pub months: u16,
    /// Chance of recovery in thousandths.
    pub per_mille: u16,
}

/// The curve of seed 000.
pub fn default_curve() -> Vec<CurvePoint> {
    [
        (0, 982),
        (1, 938),
        (2, 862),
        (3, 736),
        (6, 578),
        (9, 428),
        (12, 266),
        (24, 136),
    ]
    .map(|(months, per_mille)| CurvePoint { months, per_mille })
    .to_vec()
}

/// Chance of recovery at this many days overdue, in thousandths (not rounded). Before the due date
/// it is that of the first point. An empty curve gives 1000: no loss is expected.
pub fn chance_per_mille(days_overdue: i64, settings: &Settings) -> Decimal {
    let mut curve = settings.recovery_curve.clone();
    curve.sort_by_key(|point| point.months);
    let day_of = |point: &CurvePoint| i64::from(point.months) * DAYS_PER_MONTH;
    let after = curve.iter().position(|point| day_of(point) > days_overdue);
    let before = after.unwrap_or(curve.len()).checked_sub(1);
    let from = before.and_then(|i| curve.get(i));
    let to = after.and_then(|i| curve.get(i));
    match (from, to) {
        (None, None) => Decimal::from(1000),
        (Some(only), None) | (None, Some(only)) => Decimal::from(only.per_mille),
        (Some(from), Some(to)) => {
            let fall = Decimal::from(from.per_mille) - Decimal::from(to.per_mille);
            // Two neighbours differ by at least one month, so the divisor is not zero.
            let days = Decimal::from(day_of(to) - day_of(from));
            let gone = Decimal::from(days_overdue - day_of(from));
            Decimal::from(from.per_mille) - fall * gone / days
        }
    }
}

/// What waiting one more day costs in expectation: the sum of outstanding × fall of the chance until
/// tomorrow, over all items (due day, outstanding). Items not due or over-paid cost nothing.
pub fn daily_loss(
    items: impl IntoIterator<Item = (Day, Money)>,
    as_of: Day,
    settings: &Settings,
) -> Result<Money, MoneyError> {
    let mut loss = Decimal::ZERO;
    for (due, outstanding) in items {
        let days = as_of.days_since(due);
        if days < 0 || !outstanding.is_positive() {
            continue;
        }
        let fall = chance_per_mille(days, settings) - chance_per_mille(days + 1, settings);
        // A sum of money has 15 digits and the fall is at most 1, so this stays in range.
        loss += outstanding.decimal() * fall / Decimal::from(1000);
    }
    Money::rounded(loss)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings::default()
    }

    #[test]
    fn the_curve_goes_through_its_points_and_falls_straight_between_them() {
        let check = |days: i64, expected: &str| {
            let chance = chance_per_mille(days, &settings());
            assert_eq!(chance, expected.parse::<Decimal>().unwrap(), "{days} days");
        };
        check(-10, "982");
        check(0, "982");
        check(15, "960");
        check(30, "938");
        check(60, "862");
        check(90, "736");
        check(135, "657");
        check(180, "578");
        check(270, "428");
        check(360, "266");
        check(540, "201");
        check(720, "136");
        check(10_000, "136");
    }

    #[test]
    fn the_chance_never_rises_with_age() {
        for days in -5..800 {
            let (today, tomorrow) = (
                chance_per_mille(days, &settings()),
                chance_per_mille(days + 1, &settings()),
            );
            assert!(tomorrow <= today, "{days}");
        }
    }

    #[test]
    fn a_day_costs_outstanding_times_the_fall_of_the_chance() {
        let as_of = Day::new(2026, 11, 21).unwrap();
        let check = |days: i64, yuan: &str, loss: &str| {
            let item = (as_of.plus_days(-days), yuan.parse().unwrap());
            let found = daily_loss([item], as_of, &settings()).unwrap();
            assert_eq!(found, loss.parse().unwrap(), "{yuan} {days} days overdue");
        };
        check(-1, "10000", "0");
        check(0, "30000", "44.00");
        check(30, "30000", "76.00");
        check(59, "30000", "76.00");
        check(60, "30000", "126.00");
        check(800, "30000", "0");
        check(45, "-30000", "0");
        let both = [
            (as_of, Money::from_yuan(30_000)),
            (as_of, Money::from_yuan(30_000)),
        ];
        assert_eq!(
            daily_loss(both, as_of, &settings()),
            Ok(Money::from_yuan(88))
        );
    }

    #[test]
    fn an_empty_curve_expects_no_loss_and_one_point_is_flat() {
        let mut odd = settings();
        odd.recovery_curve.clear();
        assert_eq!(chance_per_mille(50, &odd), Decimal::from(1000));
        odd.recovery_curve.push(CurvePoint {
            months: 3,
            per_mille: 500,
        });
        assert_eq!(chance_per_mille(1, &odd), Decimal::from(500));
        odd.recovery_curve.push(CurvePoint {
            months: 3,
            per_mille: 400,
        });
        assert_eq!(chance_per_mille(90, &odd), Decimal::from(400));
        assert_eq!(chance_per_mille(89, &odd), Decimal::from(500));
    }
}
