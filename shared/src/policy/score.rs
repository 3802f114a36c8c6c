//! A salesperson's score: sales, collection and receivables together.
//!
//! Source: seed 003 (个人利益不仅要和销售、回款业绩挂钩，也要和应收帐款的管理联系在一起). The weights are settings.

use crate::money::Money;

use super::{Settings, month_target::permille};

/// What a salesperson did in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Results {
    /// Sold.
    pub sold: Money,
    /// To be sold; none set: nothing counts for sales.
    pub sales_target: Money,
    /// Collected of what fell due in the period or before.
    pub collected: Money,
    /// What fell due in the period or before and was owed.
    pub collectable: Money,
    /// Overdue at the end.
    pub overdue: Money,
    /// Owed at the end in all.
    pub receivable: Money,
}

/// The parts of a score in thousandths, and the whole by the weights of the settings. A part without anything to
/// measure does not count, the others count for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// Sales of the target; never more than all of it.
    pub sales: Option<u16>,
    /// Collected of what could be.
    pub collection: Option<u16>,
    /// Not overdue of what is owed; a thousand if nothing is.
    pub receivables: u16,
    /// All together.
    pub total: u16,
}

/// The score of a period.
pub fn score(results: &Results, settings: &Settings) -> Score {
    let part = |done: Money, of: Money| of.is_positive().then(|| permille(done, of));
    let sales = part(results.sold, results.sales_target);
    let collection = part(results.collected, results.collectable);
    let receivables =
        part(results.overdue, results.receivable).map_or(1_000, |share| 1_000 - share);
    let figures = &settings.figures;
    let weighed = [
        (sales, figures.score_sales),
        (collection, figures.score_collection),
        (Some(receivables), figures.score_receivables),
    ];
    let counted = || {
        weighed
            .iter()
            .filter_map(|(part, weight)| part.map(|p| (p, u64::from(*weight))))
    };
    let weights: u64 = counted().map(|(_, weight)| weight).sum();
    let sum: u64 = counted()
        .map(|(part, weight)| u64::from(part) * weight)
        .sum();
    let total = sum.checked_div(weights).unwrap_or(0);
    Score {
        sales,
        collection,
        receivables,
        total: u16::try_from(total).unwrap_or(1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_003_sales_collection_and_receivables_count_together() {
        let check = |sums: [u32; 6], expected: (Option<u16>, Option<u16>, u16, u16)| {
            let [
                sold,
                sales_target,
                collected,
                collectable,
                overdue,
                receivable,
            ] = sums.map(Money::from_yuan);
            let results = Results {
                sold,
                sales_target,
                collected,
                collectable,
                overdue,
                receivable,
            };
            let found = score(&results, &Settings::default());
            let parts = (
                found.sales,
                found.collection,
                found.receivables,
                found.total,
            );
            assert_eq!(parts, expected, "{sums:?}");
        };
        check(
            [100, 100, 100, 100, 0, 100],
            (Some(1_000), Some(1_000), 1_000, 1_000),
        );
        check(
            [50, 100, 80, 100, 25, 100],
            (Some(500), Some(800), 750, 695),
        );
        // Selling more than asked makes up for nothing that was not collected.
        check([900, 100, 0, 100, 100, 100], (Some(1_000), Some(0), 0, 300));
        check([50, 0, 80, 100, 0, 0], (None, Some(800), 1_000, 885));
        check([0, 0, 0, 0, 0, 0], (None, None, 1_000, 1_000));
    }
}
