//! When a new credit rating is offered to finance, and when it stays quiet.
//!
//! Source: seed 003 (信用评定 is looked at again by a calendar, usually every half year), seed 002 (a fall of the rating
//! is an alarm). So a review is due by the calendar; between two reviews only a fall is offered.
//!
//! Invariant: what somebody has decided stays decided until the facts get worse, the rule says something else, or the
//! next review comes. Nothing here changes a rating: two persons do.

use chrono::Datelike as _;
use serde::{Deserialize, Serialize};

use super::{
    Settings,
    credit::{self, Conduct, Grade, Rating, Steps},
};
use crate::{day::Day, money::MoneyError};

/// What the rule said, and by what: whoever decides names it, so that nobody decides about facts that have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The rating that the rule proposed.
    pub proposed: Rating,
    /// What conduct cost then.
    pub steps: Steps,
}

/// The last time that somebody decided, whichever way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reviewed {
    /// When.
    pub day: Day,
    /// About what; none if the rule had proposed nothing.
    pub basis: Option<Basis>,
}

/// What is to be done about a customer's rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Review {
    /// The rule proposes another rating.
    Proposed(Basis),
    /// It does, but somebody has decided about just this.
    Quiet(Basis),
    /// Nothing to propose.
    AsIs,
}

/// The day from which conduct counts: the last rating, but no longer ago than a review lasts.
pub fn conduct_since(last: Option<Day>, today: Day, settings: &Settings) -> Day {
    let months = match settings.figures.rerate_months {
        0 => super::figures::Figures::default().rerate_months,
        months => months,
    };
    let longest = months_later(today, -i64::from(months));
    last.map_or(longest, |last| last.max(longest))
}

/// The first day of the next review; none if none is set.
pub fn next_review(last: Day, settings: &Settings) -> Option<Day> {
    let months = settings.figures.rerate_months;
    (months > 0).then(|| months_later(last, i64::from(months)))
}

/// The first day of the month so many months later.
fn months_later(day: Day, months: i64) -> Day {
    let count = i64::from(day.0.year()) * 12 + i64::from(day.0.month0()) + months;
    let month = u32::try_from(count.rem_euclid(12)).unwrap_or(0) + 1;
    let year = i32::try_from(count.div_euclid(12)).unwrap_or(day.0.year());
    Day::new(year, month, 1).unwrap_or(day)
}

/// What is to be done.
pub fn review(
    now: &Rating,
    conduct: &Conduct,
    last: Option<&Reviewed>,
    today: Day,
    settings: &Settings,
) -> Result<Review, MoneyError> {
    let steps = credit::steps(conduct);
    let proposed = credit::proposal(now, conduct)?;
    // Where nothing fell due and nothing bad happened, there is nothing to rate by.
    let has_happened = conduct.due.is_positive() || steps != Steps::default();
    if !has_happened || proposed == *now {
        return Ok(Review::AsIs);
    }
    let is_due = credit::rerating_due(last.map(|last| last.day), today, settings);
    let falls = now.grade != Grade::Unknown && proposed.grade > now.grade;
    let basis = Basis { proposed, steps };
    let decided = last.and_then(|last| last.basis);
    Ok(match (is_due, falls, decided) {
        (true, ..) => Review::Proposed(basis),
        (false, _, Some(then)) if then.proposed == proposed && !steps.rose_from(&then.steps) => {
            Review::Quiet(basis)
        }
        (false, true, _) => Review::Proposed(basis),
        (false, false, _) => Review::AsIs,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::Money;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn rated(grade: Grade) -> Rating {
        Rating {
            grade,
            limit: Money::from_yuan(600),
            term_days: 30,
        }
    }

    fn late(worst_days: u32, bounced: u32) -> Conduct {
        Conduct {
            due: Money::from_yuan(100),
            on_time: Money::from_yuan(100),
            worst_days,
            bounced,
            ..Conduct::default()
        }
    }

    fn basis(now: &Rating, conduct: &Conduct) -> Basis {
        Basis {
            proposed: credit::proposal(now, conduct).unwrap(),
            steps: credit::steps(conduct),
        }
    }

    #[test]
    fn seed_003_a_better_grade_waits_for_the_review_and_a_fall_is_offered_at_once() {
        let today = day("2026-11-21");
        let check = |grade, conduct: Conduct, last: Option<&str>, offered: bool| {
            let last = last.map(|text| Reviewed {
                day: day(text),
                basis: None,
            });
            let now = rated(grade);
            let found = review(&now, &conduct, last.as_ref(), today, &Settings::default());
            let expected = match offered {
                true => Review::Proposed(basis(&now, &conduct)),
                false => Review::AsIs,
            };
            assert_eq!(found, Ok(expected), "{grade} {conduct:?} {last:?}");
        };
        check(Grade::B, late(0, 0), None, true);
        check(Grade::B, late(0, 0), Some("2026-05-31"), true);
        check(Grade::B, late(0, 0), Some("2026-06-01"), false);
        check(Grade::B, late(31, 0), Some("2026-11-20"), true);
        check(Grade::C, late(31, 0), None, false);
        // A first grade is given at the first review.
        check(Grade::Unknown, late(31, 0), None, true);
        check(Grade::Unknown, late(31, 0), Some("2026-11-01"), false);
        // Nothing fell due: nothing to rate by.
        check(Grade::B, Conduct::default(), None, false);
    }

    #[test]
    fn what_was_turned_down_stays_quiet_until_the_facts_get_worse_or_the_next_review() {
        let now = rated(Grade::A);
        let then = late(31, 0);
        let last = Reviewed {
            day: day("2026-11-02"),
            basis: Some(basis(&now, &then)),
        };
        let check = |conduct: Conduct, on: &str, is_quiet: bool| {
            let found = review(&now, &conduct, Some(&last), day(on), &Settings::default());
            let basis = basis(&now, &conduct);
            let expected = match is_quiet {
                true => Review::Quiet(basis),
                false => Review::Proposed(basis),
            };
            assert_eq!(found, Ok(expected), "{conduct:?} {on}");
        };
        check(then, "2026-11-03", true);
        check(late(89, 0), "2026-12-31", true);
        // The same grade, but a cheque came back meanwhile.
        check(late(40, 1), "2026-11-20", false);
        check(late(91, 0), "2027-01-31", false);
        check(then, "2027-04-30", true);
        check(then, "2027-05-01", false);
        assert_eq!(
            next_review(last.day, &Settings::default()),
            Some(day("2027-05-01"))
        );
    }

    #[test]
    fn conduct_counts_since_the_last_rating_and_no_longer_than_a_review_lasts() {
        let check = |last: Option<&str>, since: &str| {
            let found = conduct_since(last.map(day), day("2026-11-21"), &Settings::default());
            assert_eq!(found, day(since), "{last:?}");
        };
        check(None, "2026-05-01");
        check(Some("2025-01-09"), "2026-05-01");
        check(Some("2026-10-09"), "2026-10-09");
        let mut never = Settings::default();
        never.figures.rerate_months = 0;
        assert_eq!(next_review(day("2026-11-21"), &never), None);
        assert_eq!(
            conduct_since(None, day("2026-03-31"), &never),
            day("2025-09-01")
        );
    }

    proptest! {
        /// Whatever happened: what is decided about is quiet the next moment, unless the review is due again.
        #[test]
        fn a_decision_is_not_asked_for_again_on_the_same_facts(
            due in 0_u32..1_000, on_time in 0_u32..1_000, worst_days in 0_u32..200,
            broken in 0_u32..6, bounced in 0_u32..4, signs in 0_u32..3, grade in 0_usize..5, limit in 0_u32..10_000,
        ) {
            let conduct = Conduct {
                due: Money::from_yuan(due),
                on_time: Money::from_yuan(on_time.min(due)),
                worst_days, broken, bounced, signs,
            };
            let now = Rating {
                grade: Grade::ALL.get(grade).copied().unwrap_or(Grade::Unknown),
                limit: Money::from_yuan(limit),
                term_days: 30,
            };
            let today = day("2026-11-21");
            let settings = Settings::default();
            let first = review(&now, &conduct, None, today, &settings).unwrap();
            if let Review::Proposed(basis) = first {
                let last = Reviewed { day: today, basis: Some(basis) };
                let again = review(&now, &conduct, Some(&last), today, &settings).unwrap();
                prop_assert_eq!(again, Review::Quiet(basis));
                // Taken as proposed it is not asked for again either.
                let taken = review(&basis.proposed, &conduct, Some(&last), today, &settings).unwrap();
                prop_assert!(!matches!(taken, Review::Proposed(_)), "{:?}", taken);
            }
        }
    }
}
