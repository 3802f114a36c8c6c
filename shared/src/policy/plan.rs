//! The plan: hard 武 (take the goods back, suit) or soft 文 (help the customer collect from their own debtors,
//! a promotion), weighed by the seeds' seven factors: age, sum, type, reputation, character, funds, distance.
//!
//! Source: seeds 000 (3) and 001 §18: what decides most is whether the customer cooperates; who means not to pay is
//! collected from the hard way only. The points are ours.

use serde::{Deserialize, Serialize};

use crate::{money::Money, visit::UnpaidReason};

use super::{Settings, hold::HoldReason, risk::RiskClass};

named! {
    /// Hard or soft.
    Manner {
        /// 文: help, persuade, promote.
        Soft = "soft",
        /// Neither yet: ask, fix dates, and see.
        Firm = "firm",
        /// 武: goods back, letter of a lawyer, suit.
        Hard = "hard",
    }
}

named! {
    /// What the plan was weighed by.
    Factor {
        /// How old the debt is 货款期限.
        Age = "age",
        /// How large 金额大小.
        Sum = "sum",
        /// Of what type 类型: on credit, or cash that was never paid.
        Type = "type",
        /// The customer's reputation 信誉度.
        Reputation = "reputation",
        /// How they are to deal with 为人.
        Character = "character",
        /// Their funds 资金实力.
        Funds = "funds",
        /// How far away 远近.
        Distance = "distance",
    }
}

/// What is known of the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanFacts<'a> {
    /// Class of the oldest debt.
    pub class: RiskClass,
    /// What is overdue.
    pub overdue: Money,
    /// Why no credit is given, if so.
    pub hold: Option<HoldReason>,
    /// Credit grade `A` to `D`; empty if not rated.
    pub grade: &'a str,
    /// Instalments missed.
    pub broken: bool,
    /// Visits in a row without money or promise.
    pub no_result: u32,
    /// Why less was paid, the last time.
    pub reason: Option<UnpaidReason>,
    /// Warning signs seen lately.
    pub signs: u32,
    /// How far from the company, in metres.
    pub distance_m: Option<u32>,
}

/// A plan and what speaks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Hard or soft.
    pub manner: Manner,
    /// Factors that speak for hard (positive) or soft (negative), the weightiest first.
    pub factors: Vec<(Factor, i32)>,
}

/// Points from which on the plan is hard, and up to which (negative) it is soft.
const HARD: i32 = 4;
/// No factor has more points than this.
const MOST_POINTS: i32 = 3;
const SOFT: i32 = 0;

/// The plan for a customer who owes something overdue.
pub fn plan(facts: &PlanFacts<'_>, settings: &Settings) -> Plan {
    let weighed = [
        (Factor::Age, age(facts.class)),
        (Factor::Sum, i32::from(large(facts.overdue, settings))),
        (Factor::Type, kind(facts.hold)),
        (Factor::Reputation, reputation(facts)),
        (Factor::Character, character(facts)),
        (Factor::Funds, funds(facts)),
        (Factor::Distance, distance(facts.distance_m, settings)),
    ];
    let (mut sum, mut factors) = (0, Vec::new());
    // The weightiest first; factors of equal weight stay in the seeds' order. A sort would be more code than this,
    // and the phone has to fetch it.
    for weight in (1..=MOST_POINTS).rev() {
        for (factor, points) in weighed {
            if points.abs() == weight {
                sum += points;
                factors.push((factor, points));
            }
        }
    }
    let manner = match sum {
        // Who means not to pay: the hard way only (seed 001 §18).
        _ if facts.reason == Some(UnpaidReason::Unwilling) && facts.broken => Manner::Hard,
        HARD.. => Manner::Hard,
        ..=SOFT => Manner::Soft,
        _ => Manner::Firm,
    };
    Plan { manner, factors }
}

fn age(class: RiskClass) -> i32 {
    match class {
        RiskClass::NotDue | RiskClass::Unknown => -1,
        RiskClass::UnderCollection => 0,
        RiskClass::NearDoubtful => 1,
        RiskClass::Doubtful => 2,
        RiskClass::Dead => 3,
    }
}

fn large(overdue: Money, settings: &Settings) -> bool {
    let from = settings.figures.large_yuan;
    from > 0 && overdue >= Money::from_yuan(from)
}

fn kind(hold: Option<HoldReason>) -> i32 {
    match hold {
        // Goods that were to be paid at once and were not.
        Some(HoldReason::NoCredit) => 1,
        _ => 0,
    }
}

fn reputation(facts: &PlanFacts<'_>) -> i32 {
    let grade = match facts.grade {
        "A" => -1,
        "D" => 1,
        _ => 0,
    };
    grade + i32::from(facts.broken)
}

/// Does the customer cooperate? What decides most (seed 001 §18).
fn character(facts: &PlanFacts<'_>) -> i32 {
    match facts.reason {
        Some(UnpaidReason::Unwilling) => 3,
        _ if facts.no_result >= 3 => 2,
        Some(UnpaidReason::DecisionMakerAway) => 1,
        // A difference in the account or in the goods is settled by talking (seed 002: jointly).
        Some(UnpaidReason::StatementDiffers | UnpaidReason::QualityDispute) => -2,
        _ => 0,
    }
}

/// Who cannot pay is helped; who may soon not be there any more is not waited for.
fn funds(facts: &PlanFacts<'_>) -> i32 {
    let short = match facts.reason {
        Some(UnpaidReason::GoodsUnsold | UnpaidReason::AwaitingOwnDebtors) => -2,
        Some(UnpaidReason::NoCash) => -1,
        _ => 0,
    };
    short + i32::try_from(facts.signs.min(2)).unwrap_or(2)
}

/// Taking goods back far away costs more than it brings.
fn distance(distance_m: Option<u32>, settings: &Settings) -> i32 {
    let far = settings.figures.far_km.saturating_mul(1_000);
    if distance_m.is_some_and(|metres| far > 0 && metres > far) {
        -1
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> PlanFacts<'static> {
        PlanFacts {
            class: RiskClass::UnderCollection,
            overdue: Money::from_yuan(1_000),
            hold: None,
            grade: "B",
            broken: false,
            no_result: 0,
            reason: None,
            signs: 0,
            distance_m: None,
        }
    }

    #[test]
    fn seed_001_each_factor_speaks_for_its_manner() {
        let check = |change: &dyn Fn(&mut PlanFacts<'static>), factor: Factor, points: i32| {
            let mut facts = facts();
            change(&mut facts);
            let found = plan(&facts, &Settings::default());
            assert_eq!(found.factors, [(factor, points)], "{facts:?}");
        };
        assert!(plan(&facts(), &Settings::default()).factors.is_empty());
        check(&|f| f.class = RiskClass::Dead, Factor::Age, 3);
        check(&|f| f.class = RiskClass::NotDue, Factor::Age, -1);
        check(&|f| f.overdue = Money::from_yuan(50_000), Factor::Sum, 1);
        check(&|f| f.hold = Some(HoldReason::NoCredit), Factor::Type, 1);
        check(&|f| f.grade = "A", Factor::Reputation, -1);
        check(&|f| f.broken = true, Factor::Reputation, 1);
        check(&|f| f.no_result = 3, Factor::Character, 2);
        check(
            &|f| f.reason = Some(UnpaidReason::Unwilling),
            Factor::Character,
            3,
        );
        check(
            &|f| f.reason = Some(UnpaidReason::QualityDispute),
            Factor::Character,
            -2,
        );
        check(
            &|f| f.reason = Some(UnpaidReason::AwaitingOwnDebtors),
            Factor::Funds,
            -2,
        );
        check(&|f| f.signs = 5, Factor::Funds, 2);
        check(&|f| f.distance_m = Some(100_001), Factor::Distance, -1);
    }

    #[test]
    fn seed_001_who_means_not_to_pay_is_collected_from_the_hard_way_only() {
        let check = |change: &dyn Fn(&mut PlanFacts<'static>), expected: Manner| {
            let mut facts = facts();
            change(&mut facts);
            assert_eq!(
                plan(&facts, &Settings::default()).manner,
                expected,
                "{facts:?}"
            );
        };
        check(&|_| {}, Manner::Soft);
        check(&|f| f.broken = true, Manner::Firm);
        check(&|f| f.reason = Some(UnpaidReason::Unwilling), Manner::Firm);
        check(
            &|f| {
                f.reason = Some(UnpaidReason::Unwilling);
                f.broken = true;
                f.grade = "A";
            },
            Manner::Hard,
        );
        check(
            &|f| {
                f.class = RiskClass::Doubtful;
                f.no_result = 4;
            },
            Manner::Hard,
        );
        check(
            &|f| {
                f.class = RiskClass::NearDoubtful;
                f.reason = Some(UnpaidReason::AwaitingOwnDebtors);
            },
            Manner::Soft,
        );
    }

    #[test]
    fn the_weightiest_factor_is_named_first() {
        let mut facts = facts();
        facts.class = RiskClass::NearDoubtful;
        facts.reason = Some(UnpaidReason::Unwilling);
        facts.grade = "D";
        let found = plan(&facts, &Settings::default());
        assert_eq!(
            found.factors,
            [
                (Factor::Character, 3),
                (Factor::Age, 1),
                (Factor::Reputation, 1)
            ]
        );
        assert_eq!(found.manner, Manner::Hard);
    }
}
