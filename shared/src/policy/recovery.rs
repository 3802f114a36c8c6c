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

/// The curve of some settings, made ready for many questions.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Days overdue and thousandths, in the order of days.
    points: Vec<(i64, Decimal)>,
}

impl Curve {
    /// The curve of these settings.
    pub fn of(settings: &Settings) -> Self {
        let mut curve = settings.recovery_curve.clone();
        curve.sort_by_key(|point| point.months);
        let point = |point: &CurvePoint| {
            let day = i64::from(point.months) * DAYS_PER_MONTH;
            (day, Decimal::from(point.per_mille))
        };
        Self {
            points: curve.iter().map(point).collect(),
        }
    }

    /// Chance of recovery at this many days overdue, in thousandths (not rounded). Before the due date
    /// it is that of the first point. An empty curve gives 1000: no loss is expected.
    pub fn chance_per_mille(&self, days_overdue: i64) -> Decimal {
        let after = self.points.iter().position(|(day, _)| *day > days_overdue);
        let before = after.unwrap_or(self.points.len()).checked_sub(1);
        let from = before.and_then(|i| self.points.get(i));
        let to = after.and_then(|i| self.points.get(i));
        match (from, to) {
            (None, None) => Decimal::from(1000),
            (Some((_, only)), None) | (None, Some((_, only))) => *only,
            (Some((from_day, from)), Some((to_day, to))) => {
                // Two neighbours differ by at least one month, so the divisor is not zero.
                let days = Decimal::from(to_day - from_day);
                let gone = Decimal::from(days_overdue - from_day);
                *from - (*from - *to) * gone / days
            }
        }
    }

    /// What waiting one more day costs in expectation: the sum of outstanding × fall of the chance until
    /// tomorrow, over all items (due day, outstanding). Items not due or over-paid cost nothing.
    pub fn daily_loss(
        &self,
        items: impl IntoIterator<Item = (Day, Money)>,
        as_of: Day,
    ) -> Result<Money, MoneyError> {
        let mut loss = Decimal::ZERO;
        for (due, outstanding) in items {
            let days = as_of.days_since(due);
            if days < 0 || !outstanding.is_positive() {
                continue;
            }
            let fall = self.chance_per_mille(days) - self.chance_per_mille(days + 1);
            // A sum of money has 15 digits and the fall is at most 1, so this stays in range.
            loss += outstanding.decimal() * fall / Decimal::from(1000);
        }
        Money::rounded(loss)
    }
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
            let chance = Curve::of(&settings()).chance_per_mille(days);
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
                Curve::of(&settings()).chance_per_mille(days),
                Curve::of(&settings()).chance_per_mille(days + 1),
            );
            assert!(tomorrow <= today, "{days}");
        }
    }

    #[test]
    fn a_day_costs_outstanding_times_the_fall_of_the_chance() {
        let as_of = Day::new(2026, 11, 21).unwrap();
        let check = |days: i64, yuan: &str, loss: &str| {
            let item = (as_of.plus_days(-days), yuan.parse().unwrap());
            let found = Curve::of(&settings()).daily_loss([item], as_of).unwrap();
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
            Curve::of(&settings()).daily_loss(both, as_of),
            Ok(Money::from_yuan(88))
        );
    }

    #[test]
    fn an_empty_curve_expects_no_loss_and_one_point_is_flat() {
        let mut odd = settings();
        odd.recovery_curve.clear();
        assert_eq!(Curve::of(&odd).chance_per_mille(50), Decimal::from(1000));
        odd.recovery_curve.push(CurvePoint {
            months: 3,
            per_mille: 500,
        });
        assert_eq!(Curve::of(&odd).chance_per_mille(1), Decimal::from(500));
        odd.recovery_curve.push(CurvePoint {
            months: 3,
            per_mille: 400,
        });
        assert_eq!(Curve::of(&odd).chance_per_mille(90), Decimal::from(400));
        assert_eq!(Curve::of(&odd).chance_per_mille(89), Decimal::from(500));
    }
}
