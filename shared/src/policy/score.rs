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
    /// To be collected; none set: all that could be.
    pub collection_target: Money,
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
    /// Collected of the target, or of what could be; never more than all of it.
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
    let to_collect = match results.collection_target.is_positive() {
        true => results.collection_target,
        false => results.collectable,
    };
    let collection = part(results.collected, to_collect);
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
                collection_target: Money::ZERO,
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

    #[test]
    fn a_target_of_collection_counts_in_place_of_what_could_be_collected() {
        let check = |target: u32, collected: u32, expected: u16| {
            let results = Results {
                collected: Money::from_yuan(collected),
                collection_target: Money::from_yuan(target),
                collectable: Money::from_yuan(100),
                ..Results::default()
            };
            let found = score(&results, &Settings::default());
            assert_eq!(found.collection, Some(expected), "{target} {collected}");
        };
        check(0, 80, 800);
        check(160, 80, 500);
        check(40, 80, 1_000);
    }

    proptest::proptest! {
        /// No sums give a part or a whole outside of nothing and all, and the whole lies between its parts.
        #[test]
        fn a_score_lies_between_its_parts(sums in proptest::array::uniform7(0_u32..2_000)) {
            let [sold, sales_target, collected, collection_target, collectable, overdue, receivable] =
                sums.map(Money::from_yuan);
            let results = Results {
                sold, sales_target, collected, collection_target, collectable, overdue, receivable,
            };
            let found = score(&results, &Settings::default());
            let parts: Vec<u16> =
                [found.sales, found.collection, Some(found.receivables)].into_iter().flatten().collect();
            let (least, most) = (parts.iter().min(), parts.iter().max());
            proptest::prop_assert!(least <= Some(&found.total) && Some(&found.total) <= most && found.total <= 1_000);
            proptest::prop_assert_eq!(found.sales.is_some(), sales_target.is_positive());
        }
    }
}
