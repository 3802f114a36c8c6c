//! Aging 账龄: what is owed, by how long it is overdue.
//!
//! Invariants: the buckets and the over-paid figure add up to the sum of all items; the order of items
//! does not matter; an item is not due until the day after its due date.

use serde::{Deserialize, Serialize};

use crate::{
    day::Day,
    money::{Money, MoneyError},
};

crate::slug_enum! {
    /// How long something is overdue.
    pub enum Bucket {
        /// Not overdue yet (the due day itself counts as not due).
        NotDue = "not_due",
        /// 1–30 days overdue.
        Days1To30 = "days_1_30",
        /// 31–60 days overdue.
        Days31To60 = "days_31_60",
        /// 61–90 days overdue.
        Days61To90 = "days_61_90",
        /// More than 90 days overdue.
        Over90 = "over_90",
    }
}

impl Bucket {
    /// The bucket of something due on `due`, as of a day.
    pub fn of(due: Day, as_of: Day) -> Self {
        match as_of.days_since(due) {
            ..=0 => Self::NotDue,
            1..=30 => Self::Days1To30,
            31..=60 => Self::Days31To60,
            61..=90 => Self::Days61To90,
            _ => Self::Over90,
        }
    }
}

/// Outstanding sums by how long they are overdue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgingBuckets {
    /// Not overdue.
    pub not_due: Money,
    /// 1–30 days.
    pub days_1_30: Money,
    /// 31–60 days.
    pub days_31_60: Money,
    /// 61–90 days.
    pub days_61_90: Money,
    /// More than 90 days.
    pub over_90: Money,
    /// Over-paid invoices and unused credit notes: zero or negative, in no bucket.
    pub overpaid: Money,
}

impl AgingBuckets {
    /// The sum in one bucket.
    pub fn get(&self, bucket: Bucket) -> Money {
        match bucket {
            Bucket::NotDue => self.not_due,
            Bucket::Days1To30 => self.days_1_30,
            Bucket::Days31To60 => self.days_31_60,
            Bucket::Days61To90 => self.days_61_90,
            Bucket::Over90 => self.over_90,
            Bucket::Unknown => Money::ZERO,
        }
    }

    /// All that is overdue, without the over-paid figure.
    pub fn overdue(&self) -> Result<Money, MoneyError> {
        Money::sum([
            self.days_1_30,
            self.days_31_60,
            self.days_61_90,
            self.over_90,
        ])
    }

    /// All items together, the over-paid figure taken off.
    pub fn total(&self) -> Result<Money, MoneyError> {
        Money::sum([self.not_due, self.overdue()?, self.overpaid])
    }

    /// Takes one more item in.
    pub fn add(&mut self, due: Day, outstanding: Money, as_of: Day) -> Result<(), MoneyError> {
        let slot = match Bucket::of(due, as_of) {
            _ if outstanding.is_negative() => &mut self.overpaid,
            Bucket::NotDue => &mut self.not_due,
            Bucket::Days1To30 => &mut self.days_1_30,
            Bucket::Days31To60 => &mut self.days_31_60,
            Bucket::Days61To90 => &mut self.days_61_90,
            Bucket::Over90 | Bucket::Unknown => &mut self.over_90,
        };
        *slot = slot.checked_add(outstanding)?;
        Ok(())
    }
}

/// Sorts items (due day, outstanding) into buckets as of a day. Negative items are over-paid.
pub fn age(
    items: impl IntoIterator<Item = (Day, Money)>,
    as_of: Day,
) -> Result<AgingBuckets, MoneyError> {
    let mut buckets = AgingBuckets::default();
    for (due, outstanding) in items {
        buckets.add(due, outstanding, as_of)?;
    }
    Ok(buckets)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_bucket_begins_and_ends_on_its_day() {
        let as_of = Day::new(2026, 11, 21).unwrap();
        let check = |days: i64, bucket: Bucket| {
            assert_eq!(Bucket::of(as_of.plus_days(-days), as_of), bucket, "{days}");
        };
        check(-400, Bucket::NotDue);
        check(0, Bucket::NotDue);
        check(1, Bucket::Days1To30);
        check(30, Bucket::Days1To30);
        check(31, Bucket::Days31To60);
        check(60, Bucket::Days31To60);
        check(61, Bucket::Days61To90);
        check(90, Bucket::Days61To90);
        check(91, Bucket::Over90);
        check(4_000, Bucket::Over90);
    }

    #[test]
    fn what_is_over_paid_stands_in_its_own_figure() {
        let as_of = Day::new(2026, 11, 21).unwrap();
        let items = [(0, 840_000), (15, 1_386_000), (34, 1_974_000), (40, -500)]
            .map(|(days, fen)| (as_of.plus_days(-days), Money::from_fen(fen).unwrap()));
        let aged = age(items, as_of).unwrap();
        assert_eq!(aged.not_due, Money::from_yuan(8_400));
        assert_eq!(aged.get(Bucket::Days1To30), Money::from_yuan(13_860));
        assert_eq!(aged.get(Bucket::Days31To60), Money::from_yuan(19_740));
        assert_eq!(aged.overdue(), Ok(Money::from_yuan(33_600)));
        assert_eq!(aged.overpaid.fen(), -500);
        assert_eq!(aged.total().map(Money::fen), Ok(4_200_000 - 500));
    }

    #[test]
    fn a_sum_out_of_range_is_an_error() {
        let day = Day::from_number(0);
        assert_eq!(
            age([(day, Money::MAX), (day, Money::MAX)], day),
            Err(MoneyError::OutOfRange)
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost_between_buckets_and_order_does_not_matter(
            items in proptest::collection::vec((-50i64..200, -1_000i64..100_000), 0..30),
        ) {
            let as_of = Day::new(2026, 11, 21).unwrap();
            let mut items: Vec<(Day, Money)> = items
                .into_iter()
                .map(|(days, fen)| (as_of.plus_days(-days), Money::from_fen(fen).unwrap()))
                .collect();
            let aged = age(items.clone(), as_of).unwrap();
            prop_assert_eq!(aged.total(), Money::sum(items.iter().map(|(_, sum)| *sum)));
            items.reverse();
            prop_assert_eq!(age(items, as_of), Ok(aged));
        }
    }
}
