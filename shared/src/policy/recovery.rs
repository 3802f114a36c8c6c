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
    let _ = (days_overdue, settings);
    unimplemented!()
}

/// What waiting one more day costs in expectation: the sum of outstanding × fall of the chance until
/// tomorrow, over all items (due day, outstanding). Items not due or over-paid cost nothing.
pub fn daily_loss(
    items: impl IntoIterator<Item = (Day, Money)>,
    as_of: Day,
    settings: &Settings,
) -> Result<Money, MoneyError> {
    let _ = (items, as_of, settings);
    Money::rounded(Decimal::ZERO)
}
