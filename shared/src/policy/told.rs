//! A reason of the work list as the server's API tells it: a stable code with its values. The desk makes the reason of
//! it again, and words it as the phone does.
//!
//! Invariant: what was told is read back as the same reason; what a newer server tells and this build has no word for
//! is none.

use serde::Deserialize;

use crate::{money::Money, visit::WarningSign};

use super::{
    alarm::Alarm, dunning::DunningStep, escalation::Escalation, reason::Why,
    statement_calendar::StatementPhase,
};

/// A code with the values that it has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Told {
    /// For example `promise_broken`.
    pub code: String,
    /// Days from today, or days overdue.
    pub days: Option<i64>,
    /// Sum.
    pub amount: Option<Money>,
    /// How many visits, whole percent, or the number of a letter.
    pub count: Option<u32>,
    /// Slug of the step, phase or sign.
    pub what: Option<String>,
}

impl Told {
    fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            ..Self::default()
        }
    }

    fn with_days(code: &str, days: i64, amount: Option<Money>) -> Self {
        Self {
            days: Some(days),
            amount,
            ..Self::new(code)
        }
    }

    fn with_what(code: &str, what: &str) -> Self {
        Self {
            what: Some(what.to_owned()),
            ..Self::new(code)
        }
    }

    fn with_count(code: &str, count: u32) -> Self {
        Self {
            count: Some(count),
            ..Self::new(code)
        }
    }

    /// The reason that was told; none if it has no such code or lacks a value.
    pub fn why(&self) -> Option<Why> {
        let (days, amount) = (self.days, self.amount);
        Some(match self.code.as_str() {
            "appointment" => Why::Appointment { days: days? },
            "promise_broken" => Why::PromiseBroken {
                amount: amount?,
                days: days?,
            },
            "promise_due" => Why::PromiseDueIn {
                days: days?,
                amount: amount?,
            },
            "final_deadline" => Why::FinalDeadlineIn { days: days? },
            "due" => Why::DueIn {
                days: days?,
                amount: amount?,
            },
            "overdue" => Why::Overdue {
                days: days?,
                amount: amount?,
            },
            "dunning" => match DunningStep::from_slug(self.what.as_deref()?) {
                DunningStep::Unknown => return None,
                step => Why::DunningStep {
                    step,
                    letter: self.count.and_then(|letter| u8::try_from(letter).ok()),
                },
            },
            "losing" => Why::LosingPerDay(amount?),
            "disputed" => Why::Disputed(amount?),
            "escalation" => Why::Escalation(self.named(Escalation::ALL, Escalation::slug)?),
            "statement" => Why::Statement {
                phase: self.named(StatementPhase::ALL, StatementPhase::slug)?,
                days: days?,
            },
            "has_money" => Why::HasMoney,
            "sold" => Why::Sold,
            "sign" => match WarningSign::from_slug(self.what.as_deref()?) {
                WarningSign::Unknown => return None,
                sign => Why::Sign(sign),
            },
            "hold" => Why::Hold,
            _ => Why::Alarm(self.alarm()?),
        })
    }

    /// The alarm that was told.
    pub fn alarm(&self) -> Option<Alarm> {
        Some(match self.code.as_str() {
            "alarm_days" => Alarm::Days(self.days?),
            "alarm_share" => Alarm::Share(self.count?),
            "alarm_rating" => Alarm::RatingFell,
            "alarm_no_result" => Alarm::NoResult(self.count?),
            _ => return None,
        })
    }

    fn named<T: Copy>(&self, all: &[T], slug: fn(T) -> &'static str) -> Option<T> {
        let what = self.what.as_deref()?;
        all.iter().copied().find(|value| slug(*value) == what)
    }
}

impl From<Alarm> for Told {
    fn from(alarm: Alarm) -> Self {
        match alarm {
            Alarm::Days(days) => Self::with_days("alarm_days", days, None),
            Alarm::Share(percent) => Self::with_count("alarm_share", percent),
            Alarm::RatingFell => Self::new("alarm_rating"),
            Alarm::NoResult(count) => Self::with_count("alarm_no_result", count),
        }
    }
}

impl From<&Why> for Told {
    fn from(why: &Why) -> Self {
        match why {
            Why::Appointment { days } => Self::with_days("appointment", *days, None),
            Why::PromiseBroken { amount, days } => {
                Self::with_days("promise_broken", *days, Some(*amount))
            }
            Why::PromiseDueIn { days, amount } => {
                Self::with_days("promise_due", *days, Some(*amount))
            }
            Why::FinalDeadlineIn { days } => Self::with_days("final_deadline", *days, None),
            Why::DueIn { days, amount } => Self::with_days("due", *days, Some(*amount)),
            Why::Overdue { days, amount } => Self::with_days("overdue", *days, Some(*amount)),
            Why::DunningStep { step, letter } => Self {
                count: letter.map(u32::from),
                ..Self::with_what("dunning", step.slug())
            },
            Why::LosingPerDay(amount) => Self {
                amount: Some(*amount),
                ..Self::new("losing")
            },
            Why::Disputed(amount) => Self {
                amount: Some(*amount),
                ..Self::new("disputed")
            },
            Why::Escalation(escalation) => Self::with_what("escalation", escalation.slug()),
            Why::Alarm(alarm) => Self::from(*alarm),
            Why::Statement { phase, days } => Self {
                what: Some(phase.slug().to_owned()),
                ..Self::with_days("statement", *days, None)
            },
            Why::HasMoney => Self::new("has_money"),
            Why::Sold => Self::new("sold"),
            Why::Sign(sign) => Self::with_what("sign", sign.slug()),
            Why::Hold => Self::new("hold"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_that_is_told_is_read_back_as_it_was() {
        let amount = Money::from_yuan(12);
        let mut all = vec![
            Why::Appointment { days: -2 },
            Why::PromiseBroken { amount, days: 3 },
            Why::PromiseDueIn { days: 0, amount },
            Why::FinalDeadlineIn { days: 4 },
            Why::DueIn { days: 7, amount },
            Why::Overdue { days: 90, amount },
            Why::LosingPerDay(amount),
            Why::Disputed(amount),
            Why::Alarm(Alarm::Days(31)),
            Why::Alarm(Alarm::Share(80)),
            Why::Alarm(Alarm::RatingFell),
            Why::Alarm(Alarm::NoResult(4)),
            Why::HasMoney,
            Why::Sold,
            Why::Hold,
        ];
        all.extend(
            DunningStep::ALL
                .iter()
                .zip([None, None, Some(1), Some(3), Some(4)])
                .map(|(step, letter)| Why::DunningStep {
                    step: *step,
                    letter,
                }),
        );
        all.extend(WarningSign::ALL.iter().copied().map(Why::Sign));
        all.extend(Escalation::ALL.iter().copied().map(Why::Escalation));
        all.extend(StatementPhase::ALL.iter().map(|phase| Why::Statement {
            phase: *phase,
            days: 1,
        }));
        for why in all {
            assert_eq!(Told::from(&why).why(), Some(why.clone()), "{why:?}");
        }
    }

    #[test]
    fn what_this_build_has_no_word_for_is_no_reason() {
        let check = |told: Told| assert_eq!(told.why(), None, "{told:?}");
        check(Told::new("moon_phase"));
        check(Told::new("due"));
        check(Told::with_what("sign", "whistles"));
        check(Told::with_what("escalation", "police"));
        check(Told::with_what("dunning", ""));
    }
}
