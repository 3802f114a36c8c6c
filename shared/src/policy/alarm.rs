//! Alarms 预警: days overdue, overdue share of the total, fall of the rating, reminders without result.
//!
//! Source: seed 002 (逾期账款预警信号). It names the four signals; their figures are settings.

use serde::{Deserialize, Serialize};

use crate::money::Money;

use super::Settings;

/// An alarm that has gone off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Alarm {
    /// Overdue for longer than allowed.
    Days(i64),
    /// Too much of what is owed is overdue: whole percent.
    Share(u32),
    /// The credit grade has fallen.
    RatingFell,
    /// So many visits in a row brought neither money nor a promise.
    NoResult(u32),
}

/// What sets alarms off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlarmFacts<'a> {
    /// Days overdue of the oldest debt; zero or less while not due.
    pub days_overdue: i64,
    /// What is overdue.
    pub overdue: Money,
    /// All that is owed, not yet due included.
    pub owed: Money,
    /// Grade now and before the last re-rating, where both are known: `A` is best.
    pub grades: Option<(&'a str, &'a str)>,
    /// Visits in a row without money or promise.
    pub no_result: u32,
}

/// The alarms that have gone off, in the order of seed 002.
pub fn alarms(facts: &AlarmFacts<'_>, settings: &Settings) -> Vec<Alarm> {
    let figures = &settings.figures;
    let share = share_percent(facts.overdue, facts.owed);
    let fell = facts
        .grades
        .is_some_and(|(now, before)| !now.is_empty() && !before.is_empty() && now > before);
    let over = |figure: u32, limit: u32| limit > 0 && figure >= limit;
    [
        (facts.days_overdue > 0 && facts.days_overdue >= i64::from(figures.alarm_days))
            .then_some(Alarm::Days(facts.days_overdue)),
        over(share, figures.alarm_share_percent).then_some(Alarm::Share(share)),
        fell.then_some(Alarm::RatingFell),
        over(facts.no_result, figures.alarm_reminders).then_some(Alarm::NoResult(facts.no_result)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A part in whole percent of the whole, rounded down; nothing of nothing is zero.
pub fn share_percent(part: Money, whole: Money) -> u32 {
    if !part.is_positive() || !whole.is_positive() {
        return 0;
    }
    let percent = i128::from(part.fen()) * 100 / i128::from(whole.fen());
    u32::try_from(percent).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_002_each_alarm_goes_off_at_its_figure() {
        let check = |facts: AlarmFacts<'_>, expected: &[Alarm]| {
            assert_eq!(alarms(&facts, &Settings::default()), expected, "{facts:?}");
        };
        let yuan = Money::from_yuan;
        let facts = |days_overdue, overdue, owed| AlarmFacts {
            days_overdue,
            overdue: yuan(overdue),
            owed: yuan(owed),
            ..AlarmFacts::default()
        };
        check(facts(0, 0, 100), &[]);
        check(facts(29, 49, 100), &[]);
        check(facts(30, 49, 100), &[Alarm::Days(30)]);
        check(facts(5, 50, 100), &[Alarm::Share(50)]);
        check(facts(31, 100, 100), &[Alarm::Days(31), Alarm::Share(100)]);
        let graded = |now, before| AlarmFacts {
            grades: Some((now, before)),
            ..AlarmFacts::default()
        };
        check(graded("C", "B"), &[Alarm::RatingFell]);
        check(graded("B", "C"), &[]);
        check(graded("B", "B"), &[]);
        check(graded("", "B"), &[]);
        let asked = |no_result| AlarmFacts {
            no_result,
            ..AlarmFacts::default()
        };
        check(asked(2), &[]);
        check(asked(3), &[Alarm::NoResult(3)]);
    }

    #[test]
    fn an_alarm_set_to_zero_is_off_but_for_the_days() {
        let mut settings = Settings::default();
        settings.figures.alarm_share_percent = 0;
        settings.figures.alarm_reminders = 0;
        settings.figures.alarm_days = 0;
        let facts = AlarmFacts {
            overdue: Money::from_yuan(1),
            owed: Money::from_yuan(1),
            no_result: 9,
            ..AlarmFacts::default()
        };
        assert!(alarms(&facts, &settings).is_empty());
    }
}
