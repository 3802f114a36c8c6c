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
