//! Reasons of the work list, and how urgent each is: figures good only for comparing.
//!
//! The order, most urgent first: our own word (an appointment today), the customer's word (a promise due, then
//! broken), the final deadline, what falls due today, a missed appointment, a promise soon due, the later steps of
//! the ladder with handover and list, visits without result, what falls due within three days, age, the first call,
//! what falls due within a week, the statement calendar. What makes today a good day, what waiting costs, alarms,
//! disputes, signs and holds only move an account up among its equals.
//!
//! Invariant: a reason of a more urgent kind is never overtaken by the number of lesser ones.

use serde::{Deserialize, Serialize};

use crate::{money::Money, visit::WarningSign};

use super::{
    alarm::Alarm, dunning::DunningStep, escalation::Escalation, statement_calendar::StatementPhase,
};

/// A reason to go there now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// We agreed to come: days from today (0 today, negative missed).
    Appointment {
        /// Days from today.
        days: i64,
    },
    /// Instalments missed: what is still unpaid of them, and days since the latest date missed.
    PromiseBroken {
        /// Still unpaid.
        amount: Money,
        /// Days since the date promised.
        days: i64,
    },
    /// The next instalment is due in so many days (0 today, negative within grace).
    PromiseDueIn {
        /// Days from today.
        days: i64,
        /// Still unpaid of it.
        amount: Money,
    },
    /// The final deadline of an overdue invoice is in so many days (0 today).
    FinalDeadlineIn {
        /// Days from today.
        days: i64,
    },
    /// Something falls due in so many days (0 today).
    DueIn {
        /// Days from today.
        days: i64,
        /// What falls due on that day.
        amount: Money,
    },
    /// Something is overdue.
    Overdue {
        /// Days of the oldest item.
        days: i64,
        /// All that is overdue.
        amount: Money,
    },
    /// The dunning ladder has come to a step.
    DunningStep {
        /// Step, by age.
        step: DunningStep,
        /// The letter that is to be sent now; none if the step calls for none, or all that it calls for went out.
        letter: Option<u8>,
    },
    /// Expected loss by waiting one more day, by the recovery curve.
    LosingPerDay(Money),
    /// The debt has gone beyond the salesperson.
    Escalation(Escalation),
    /// An alarm that calls for going there: reminders without result, or a fallen rating.
    Alarm(Alarm),
    /// The statement calendar calls for something, for so many more days (0: today is the last).
    Statement {
        /// What.
        phase: StatementPhase,
        /// Days left.
        days: i64,
    },
    /// By their payment cycle they have money today.
    HasMoney,
    /// Enough of the delivered goods is sold.
    Sold,
    /// A warning sign was seen.
    Sign(WarningSign),
    /// No new goods on credit.
    Hold,
    /// So much is contested and not answered yet: sales and finance answer jointly (002), and nobody asks for it as if
    /// it were agreed.
    Disputed(Money),
}

impl Why {
    /// Does the rule behind the reason ask for a telephone call: a reminder that is not yet the day, or the ladder's
    /// steps that begin with one?
    pub const fn is_telephoned(&self) -> bool {
        matches!(
            self,
            Self::DueIn { days: 1.., .. }
                | Self::DunningStep {
                    step: DunningStep::Call | DunningStep::FirstLetter | DunningStep::SecondLetter,
                    ..
                }
        )
    }
}

/// How urgent a reason is by itself. Our own word (an appointment) first, then the customer's
/// (promises), then deadlines, then age.
pub fn urgency(why: &Why) -> u32 {
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
        Why::DunningStep { step, .. } => match step {
            DunningStep::FourthLetter => 650,
            DunningStep::ThirdLetter => 640,
            DunningStep::SecondLetter => 630,
            DunningStep::FirstLetter => 620,
            DunningStep::Call | DunningStep::Unknown => 400,
        },
        Why::Escalation(Escalation::Handover) => 660,
        Why::Escalation(Escalation::Listed) => 645,
        Why::Alarm(Alarm::NoResult(_)) => 610,
        Why::DueIn { days, .. } if *days <= 3 => 600 + near(*days, 3),
        Why::Overdue { days, .. } => 500 + old(*days, 90),
        Why::DueIn { days, .. } => 300 + near(*days, 30),
        Why::Statement { phase, days } => match phase {
            StatementPhase::Settle => 240 + near(*days, 15),
            StatementPhase::Agree => 220 + near(*days, 15),
        },
        Why::Disputed(_) => 70,
        Why::HasMoney => 60,
        Why::Sold => 50,
        Why::LosingPerDay(_) => 30,
        Why::Alarm(_) => 40,
        Why::Sign(_) => 20,
        Why::Hold => 10,
    }
}

/// The most urgent reason decides; each further one adds a little, never enough to overtake a
/// reason that is a step more urgent.
pub fn priority(reasons: &[Why]) -> u32 {
    let most = reasons.iter().map(urgency).max().unwrap_or(0);
    let further = u32::try_from(reasons.len().saturating_sub(1)).unwrap_or(0);
    most * 10 + further.min(9)
}
