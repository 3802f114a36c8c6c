//! Towards zero 归零管理: what is still to come in until the month's end, and how much a day that makes.
//!
//! Source: seed 000 (all that is due at month-end comes in on time, receivables are zero).

use crate::{
    day::Day,
    money::{Money, MoneyError},
};

/// Where a salesperson stands in the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthTarget {
    /// Still to come in.
    pub to_zero: Money,
    /// What of the month's dues has come in, in permille of the whole.
    pub paid_permille: u16,
    /// Days left in the month, today included.
    pub days_left: u32,
    /// What has to come in each of these days, rounded up to the fen.
    pub per_day: Money,
}

/// Where the month stands: `to_zero` is due by its end and unpaid, `paid` is what of its dues has come in.
pub fn month_target(to_zero: Money, paid: Money, today: Day) -> Result<MonthTarget, MoneyError> {
    let to_zero = to_zero.max(Money::ZERO);
    let whole = to_zero.checked_add(paid.max(Money::ZERO))?;
    let days_left = u32::try_from(today.month_end().days_since(today) + 1).unwrap_or(1);
    Ok(MonthTarget {
        to_zero,
        paid_permille: permille(paid, whole),
        days_left,
        // The first part of an even split is the largest.
        per_day: to_zero.split(days_left).first().copied().unwrap_or(to_zero),
    })
}

/// A part in permille of the whole, between nothing and all.
pub fn permille(part: Money, whole: Money) -> u16 {
    if !whole.is_positive() {
        return 0;
    }
    let permille = i128::from(part.fen()) * 1_000 / i128::from(whole.fen());
    u16::try_from(permille.clamp(0, 1_000)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_000_the_month_goes_towards_zero_by_so_much_a_day() {
        let check = |to_zero: u32, paid: u32, day: &str, permille: u16, days: u32, a_day: &str| {
            let yuan = Money::from_yuan;
            let found = month_target(yuan(to_zero), yuan(paid), day.parse().unwrap()).unwrap();
            assert_eq!(
                (found.paid_permille, found.days_left, found.per_day),
                (permille, days, a_day.parse().unwrap()),
                "{day}"
            );
        };
        check(1_000, 0, "2026-11-21", 0, 10, "100.00");
        check(1_000, 3_000, "2026-11-28", 750, 3, "333.34");
        check(0, 3_000, "2026-11-28", 1_000, 3, "0");
        check(500, 500, "2026-11-30", 500, 1, "500.00");
        check(0, 0, "2024-02-01", 0, 29, "0");
    }
}
