//! Collection rules: each a file of its own, which names the seed it comes from; the figures are settings with the
//! seeds' values as defaults.
//!
//! `account` is what the rules ask about a customer, `work_list` whom to see today and why (`reason`), `advice` what
//! to know and do there, `told` a reason as the server tells it. The others are the rules: before the due date
//! (`reminder`, `best_time`, `statement_calendar`), after it (`deadline`, `dunning`, `escalation`, `legal`, `charges`), goods and credit
//! (`hold`, `credit`, `credit_review`, `risk`, `alarm`), the manner (`plan`, `playbook`), money (`allocation`, `cash`, `recovery`,
//! `own_curve`), people (`month_target`, `score`), visits (`place`).
//!
//! The phone computes all that Today and a customer's page show. `legal`, `charges`, `credit`, `credit_review`, `cash`, `own_curve`,
//! `month_target` and `score` are what the desk asks; nothing on the phone calls them. `setting` says what a company may
//! set, within which bounds.

use serde::{Deserialize, Serialize};

/// Declares an enum that screens name by a slug and that travels to them as a number: all its values, and the
/// name under which the words of each stand in the locale files.
macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $slug:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }
        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// The name under which its words stand.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }
        }
    };
}

pub mod account;
pub mod advice;
pub mod alarm;
pub mod allocation;
pub mod best_time;
pub mod cash;
pub mod charges;
pub mod credit;
pub mod credit_review;
pub mod deadline;
pub mod dunning;
pub mod escalation;
pub mod figures;
pub mod hold;
pub mod legal;
pub mod month_target;
pub mod own_curve;
pub mod place;
pub mod plan;
pub mod playbook;
pub mod reason;
pub mod recovery;
pub mod reminder;
pub mod risk;
pub mod score;
pub mod setting;
pub mod statement_calendar;
pub mod told;
pub mod work_list;

/// Settings of the collection rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Days after an instalment's date before it counts as broken (ledger: 3).
    pub promise_grace_days: u16,
    /// Remind this many days before the due date (seeds 003, 000, 001: 7).
    pub remind_days: u16,
    /// Fix the date this many days before (3).
    pub fix_days: u16,
    /// The final deadline is due + ⌈term ÷ this⌉ (seed 003: 3).
    pub deadline_divisor: u16,
    /// Clock difference from which a record is flagged, in minutes (5).
    pub clock_skew_minutes: u16,
    /// A check-in further than this from the known place is flagged, in metres (300).
    pub far_from_customer_m: u32,
    /// Days overdue from which each step of the dunning ladder is due (seed 000: 0, 15, 30, 60, 90).
    pub dunning_days: [u16; 5],
    /// Days overdue from which a debt is near-doubtful 准呆账, doubtful 呆账, dead 死账 (61, 181, 361).
    pub risk_days: [u16; 3],
    /// Chance of recovery by age overdue, youngest first (seed 000).
    pub recovery_curve: Vec<recovery::CurvePoint>,
    /// Figures of the other rules. They travel in a row of their own (`sync::message::RulesRow`): a phone of the version
    /// before goes by the seeds'.
    #[serde(skip)]
    pub figures: figures::Figures,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            promise_grace_days: 3,
            remind_days: 7,
            fix_days: 3,
            deadline_divisor: 3,
            clock_skew_minutes: 5,
            far_from_customer_m: 300,
            dunning_days: [0, 15, 30, 60, 90],
            risk_days: [61, 181, 361],
            recovery_curve: recovery::default_curve(),
            figures: figures::Figures::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_screens_name_has_a_name_of_its_own() {
        fn check<T: Copy>(all: &[T], slug: fn(T) -> &'static str) {
            let mut names: Vec<_> = all.iter().map(|value| slug(*value)).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all.len(), "{names:?}");
        }
        check(playbook::Tip::ALL, playbook::Tip::slug);
        check(advice::Step::ALL, advice::Step::slug);
        check(hold::HoldReason::ALL, hold::HoldReason::slug);
        check(plan::Manner::ALL, plan::Manner::slug);
        check(plan::Factor::ALL, plan::Factor::slug);
        check(escalation::Escalation::ALL, escalation::Escalation::slug);
    }
}
