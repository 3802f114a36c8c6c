//! Collection rules (defaults from the seeds, each a setting): deadlines, recovery curve, risk class,
//! and the work list that says why to go where now.

use serde::{Deserialize, Serialize};

pub mod deadline;
pub mod recovery;
pub mod risk;
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
        }
    }
}
