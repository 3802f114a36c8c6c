//! Collection rules (defaults from the seeds, each a setting): deadlines, recovery curve, risk class,
//! how a payment is allocated, and the work list that says why to go where now.

use serde::{Deserialize, Serialize};

pub mod allocation;
pub mod deadline;
pub mod playbook;
pub mod recovery;
pub mod risk;
mod urgency;
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
        }
    }
}
