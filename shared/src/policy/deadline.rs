//! The final deadline of an invoice: due + ⌈term ÷ 3⌉ (seed 003: 30 days → day 40, 60 → day 80).

use crate::day::Day;

use super::Settings;

/// The last day on which an invoice may be paid before sterner steps. Its term are the days from issue to
/// due; one due at once (or before it was issued) has no respite.
pub fn final_deadline(issued: Day, due: Day, settings: &Settings) -> Day {
    let term = due.days_since(issued).max(0);
    match i64::from(settings.deadline_divisor) {
        0 => due,
        divisor => due.plus_days((term + divisor - 1) / divisor),
    }
}
