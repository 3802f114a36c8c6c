//! The company's own recovery curve, in place of that of seed 000 once there are enough debts to go by.
//!
//! Invariant: the curve made never rises with age, whatever the debts were.

use rust_decimal::Decimal;

use crate::money::Money;

use super::{Settings, recovery::CurvePoint};

/// How one debt went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastDebt {
    /// Days overdue on which it was paid, or which it has reached unpaid.
    pub days: u32,
    /// What it was.
    pub amount: Money,
    /// What came of it in the end.
    pub recovered: Money,
    /// Settled: paid or written off. A debt still open says nothing yet.
    pub closed: bool,
}

/// The company's curve at the points of the settings' curve: of all that was still unpaid at that age, the share
/// that came in in the end. A point with fewer debts than the settings ask for keeps its value, as far as that
/// does not make the curve rise.
pub fn own_curve(debts: &[PastDebt], settings: &Settings) -> Vec<CurvePoint> {
    let mut points = settings.recovery_curve.clone();
    points.sort_by_key(|point| point.months);
    let mut most = 1_000;
    for point in &mut points {
        if let Some(per_mille) = share(debts, point.months, settings) {
            point.per_mille = per_mille;
        }
        point.per_mille = point.per_mille.min(most);
        most = point.per_mille;
    }
    points
}

fn share(debts: &[PastDebt], months: u16, settings: &Settings) -> Option<u16> {
    let from = u32::from(months) * 30;
    let reached = || {
        debts
            .iter()
            .filter(|d| d.closed && d.days >= from && d.amount.is_positive())
    };
    if reached().count() < usize::try_from(settings.figures.curve_debts.max(1)).ok()? {
        return None;
    }
    let owed: Decimal = reached().map(|d| d.amount.decimal()).sum();
    let came: Decimal = reached().map(|d| d.recovered.min(d.amount).decimal()).sum();
    let per_mille = (came * Decimal::from(1_000)).checked_div(owed)?.round();
    u16::try_from(per_mille).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::policy::recovery::default_curve;

    fn debt(days: u32, yuan: u32, recovered: u32) -> PastDebt {
        PastDebt {
            days,
            amount: Money::from_yuan(yuan),
            recovered: Money::from_yuan(recovered),
            closed: true,
        }
    }

    #[test]
    fn seed_000_stands_until_there_are_enough_debts_of_an_age() {
        let settings = Settings::default();
        assert_eq!(own_curve(&[], &settings), default_curve());
        let few = vec![debt(0, 100, 100); 29];
        assert_eq!(own_curve(&few, &settings), default_curve());
        // Thirty that were never overdue for a month: only the first point is the company's own.
        let many = vec![debt(10, 100, 90); 30];
        let curve = own_curve(&many, &settings);
        let found: Vec<u16> = curve.iter().map(|p| p.per_mille).collect();
        assert_eq!(found, [900, 900, 862, 736, 578, 428, 266, 136]);
    }

    #[test]
    fn a_debt_still_open_says_nothing() {
        let mut open = vec![debt(400, 100, 0); 40];
        for debt in &mut open {
            debt.closed = false;
        }
        assert_eq!(own_curve(&open, &Settings::default()), default_curve());
    }

    proptest! {
        #[test]
        fn the_curve_never_rises(
            debts in proptest::collection::vec((0u32..900, 1u32..10_000, 0u32..12_000), 0..120),
        ) {
            let debts: Vec<_> = debts.iter().map(|(d, a, r)| debt(*d, *a, *r)).collect();
            let mut settings = Settings::default();
            settings.figures.curve_debts = 5;
            let curve = own_curve(&debts, &settings);
            prop_assert!(curve.is_sorted_by(|a, b| a.per_mille >= b.per_mille));
            prop_assert!(curve.iter().all(|p| p.per_mille <= 1_000));
        }
    }
}
