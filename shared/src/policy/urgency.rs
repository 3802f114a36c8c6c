//! How urgent a reason of the work list is: figures good only for comparing.
//!
//! Invariant: a reason of a more urgent kind is never overtaken by the number of lesser ones.

use super::work_list::{DunningStep, Why};

/// How urgent a reason is by itself. Our own word (an appointment) first, then the customer's
/// (promises), then deadlines, then age.
pub(super) fn urgency(why: &Why) -> u32 {
    // A day nearer counts one more, up to the width of the band.
    let near =
        |days: i64, width: u32| width.saturating_sub(u32::try_from(days.max(0)).unwrap_or(width));
    let old = |days: i64, width: u32| u32::try_from(days.max(0)).unwrap_or(width).min(width);
    match why {
        Why::Appointment { days: 0 } => 1_000,
        Why::PromiseDueIn { days: ..=0, .. } => 950,
        Why::PromiseBroken { days, .. } => 850 + near(*days, 90),
        Why::FinalDeadlineIn { days } => 800 + near(*days, 30),
        Why::DueIn { days: 0, .. } => 790,
        Why::Appointment { .. } => 780,
        Why::PromiseDueIn { days, .. } => 700 + near(*days, 30),
        Why::DunningStep { step } => match step {
            DunningStep::FourthLetter => 650,
            DunningStep::ThirdLetter => 640,
            DunningStep::SecondLetter => 630,
            DunningStep::FirstLetter => 620,
            DunningStep::Call | DunningStep::Unknown => 400,
        },
        Why::DueIn { days, .. } if *days <= 3 => 600 + near(*days, 3),
        Why::Overdue { days, .. } => 500 + old(*days, 90),
        Why::DueIn { days, .. } => 300 + near(*days, 30),
        Why::LosingPerDay(_) => 30,
        Why::Sign(_) => 20,
        Why::Hold => 10,
    }
}

/// The most urgent reason decides; each further one adds a little, never enough to overtake a
/// reason that is a step more urgent.
pub(super) fn priority(reasons: &[Why]) -> u32 {
    let most = reasons.iter().map(urgency).max().unwrap_or(0);
    let further = u32::try_from(reasons.len().saturating_sub(1)).unwrap_or(0);
    most * 10 + further.min(9)
}
