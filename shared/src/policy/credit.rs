//! Credit grade 信用等级 and limit 信用额度: re-rated from what happened, as a proposal that a person decides.
//!
//! Source: seed 003 (信用评定: limit and term per customer, re-rated by what happened, usually every half year),
//! seed 000 (月评、季检和年审), seed 002 (grade from willingness, record, business, liquidity). The points are ours.

use chrono::Datelike as _;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{
    day::Day,
    money::{Money, MoneyError},
};

use super::Settings;

crate::slug_enum! {
    /// Credit grade.
    pub enum Grade {
        /// Pays as agreed.
        A = "A",
        /// Pays, sometimes late.
        B = "B",
        /// Pays late, promises are broken.
        C = "C",
        /// No credit.
        D = "D",
    }
}

/// What happened since the last rating.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conduct {
    /// What fell due.
    pub due: Money,
    /// Of it paid by its due date.
    pub on_time: Money,
    /// The longest that anything was overdue, in days.
    pub worst_days: u32,
    /// Promises broken.
    pub broken: u32,
    /// Cheques and bills that came back.
    pub bounced: u32,
    /// Warning signs seen.
    pub signs: u32,
}

/// A rating: as it stands, or as proposed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// Grade.
    pub grade: Grade,
    /// Credit limit.
    pub limit: Money,
    /// Term in days.
    pub term_days: u16,
}

/// Is a re-rating due, the last one being of this day?
pub fn rerating_due(last: Option<Day>, today: Day, settings: &Settings) -> bool {
    let months = i64::from(settings.figures.rerate_months);
    let count = |day: Day| i64::from(day.0.year()) * 12 + i64::from(day.0.month0());
    months > 0 && last.is_none_or(|last| count(today) - count(last) >= months)
}

/// How many grades each side of conduct costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Steps {
    /// What was not paid on time.
    pub share: u8,
    /// The longest delay.
    pub delay: u8,
    /// Broken promises.
    pub broken: u8,
    /// Cheques and bills that came back.
    pub bounced: u8,
    /// Warning signs.
    pub signs: u8,
}

impl Steps {
    /// Does anything cost more than it did?
    pub fn rose_from(&self, before: &Self) -> bool {
        let all = |s: &Self| [s.share, s.delay, s.broken, s.bounced, s.signs];
        all(self)
            .iter()
            .zip(all(before))
            .any(|(now, then)| *now > then)
    }
}

/// How much of what fell due was not paid by its day, in whole percent, rounded up; nothing of nothing.
pub fn late_percent(conduct: &Conduct) -> u32 {
    match conduct.due.is_positive() {
        true => 100_u32.saturating_sub(super::alarm::share_percent(conduct.on_time, conduct.due)),
        false => 0,
    }
}

/// What conduct costs.
pub fn steps(conduct: &Conduct) -> Steps {
    Steps {
        share: by_limits(late_percent(conduct), [5, 20, 50]),
        delay: by_limits(conduct.worst_days, [7, 30, 90]),
        broken: by_limits(conduct.broken, [0, 1, 3]),
        bounced: by_limits(conduct.bounced, [0, 0, 1]),
        signs: u8::from(conduct.signs > 0),
    }
}

/// The grade that conduct earns: the worst of what the share on time, the longest delay, broken promises and
/// returned cheques each allow; a warning sign costs a grade.
pub fn grade(conduct: &Conduct) -> Grade {
    let Steps {
        share,
        delay,
        broken,
        bounced,
        signs,
    } = steps(conduct);
    let worst = share.max(delay).max(broken).max(bounced);
    let place = usize::from(worst + signs);
    Grade::ALL.get(place).copied().unwrap_or(Grade::D)
}

/// How many grades below the best a figure stands.
fn by_limits(figure: u32, most: [u32; 3]) -> u8 {
    most.iter().map(|most| u8::from(figure > *most)).sum()
}

/// A new rating: the grade that conduct earns, and limit and term moved with it. A better grade raises the limit
/// by a fifth (a first grade is not a better one); C halves it and shortens the term by a third; D ends credit.
pub fn proposal(now: &Rating, conduct: &Conduct) -> Result<Rating, MoneyError> {
    let grade = grade(conduct);
    let share = |numerator: u32, denominator: u32| {
        let part = now.limit.decimal() * Decimal::from(numerator) / Decimal::from(denominator);
        Money::rounded(part)
    };
    let (limit, term_days) = match grade {
        Grade::A
            if matches!(now.grade, Grade::B | Grade::C | Grade::D)
                || now.grade == Grade::A && conduct.due > now.limit =>
        {
            (share(6, 5)?, now.term_days)
        }
        Grade::A | Grade::B | Grade::Unknown => (now.limit, now.term_days),
        Grade::C if now.grade == Grade::C => (now.limit, now.term_days),
        Grade::C => (share(1, 2)?, now.term_days - now.term_days / 3),
        Grade::D => (Money::ZERO, 0),
    };
    Ok(Rating {
        grade,
        limit,
        term_days,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conduct(on_time: u32, worst_days: u32, broken: u32, bounced: u32, signs: u32) -> Conduct {
        Conduct {
            due: Money::from_yuan(100),
            on_time: Money::from_yuan(on_time),
            worst_days,
            broken,
            bounced,
            signs,
        }
    }

    #[test]
    fn seed_003_the_grade_follows_what_happened() {
        let check = |conduct: Conduct, expected: Grade| {
            assert_eq!(grade(&conduct), expected, "{conduct:?}");
        };
        check(Conduct::default(), Grade::A);
        check(conduct(95, 7, 0, 0, 0), Grade::A);
        check(conduct(94, 7, 0, 0, 0), Grade::B);
        check(conduct(100, 8, 0, 0, 0), Grade::B);
        check(conduct(100, 0, 1, 0, 0), Grade::B);
        check(conduct(79, 0, 0, 0, 0), Grade::C);
        check(conduct(100, 31, 0, 0, 0), Grade::C);
        check(conduct(100, 0, 0, 1, 0), Grade::C);
        check(conduct(49, 0, 0, 0, 0), Grade::D);
        check(conduct(100, 91, 0, 0, 0), Grade::D);
        check(conduct(100, 0, 4, 0, 0), Grade::D);
        check(conduct(100, 0, 0, 2, 0), Grade::D);
        check(conduct(100, 0, 0, 0, 1), Grade::B);
        check(conduct(49, 0, 0, 0, 3), Grade::D);
    }

    #[test]
    fn seed_003_limit_and_term_move_with_the_grade() {
        let check = |grade: Grade, conduct: Conduct, limit: u32, term_days: u16| {
            let now = Rating {
                grade,
                limit: Money::from_yuan(600),
                term_days: 30,
            };
            let found = proposal(&now, &conduct).unwrap();
            let limit = Money::from_yuan(limit);
            assert_eq!(
                (found.limit, found.term_days),
                (limit, term_days),
                "{grade} {conduct:?}"
            );
        };
        check(Grade::B, conduct(100, 0, 0, 0, 0), 720, 30);
        check(Grade::A, conduct(100, 0, 0, 0, 0), 600, 30);
        check(Grade::A, conduct(90, 0, 0, 0, 0), 600, 30);
        check(Grade::B, conduct(79, 0, 0, 0, 0), 300, 20);
        check(Grade::C, conduct(79, 0, 0, 0, 0), 600, 30);
        check(Grade::A, conduct(0, 0, 0, 0, 0), 0, 0);
        check(Grade::Unknown, conduct(100, 0, 0, 0, 0), 600, 30);
        check(Grade::Unknown, conduct(79, 0, 0, 0, 0), 300, 20);
    }

    #[test]
    fn seed_003_a_rating_lasts_half_a_year() {
        let today = Day::new(2026, 11, 21).unwrap();
        let check = |last: Option<(i32, u32)>, due: bool| {
            let last = last.map(|(year, month)| Day::new(year, month, 30).unwrap());
            assert_eq!(
                rerating_due(last, today, &Settings::default()),
                due,
                "{last:?}"
            );
        };
        check(None, true);
        check(Some((2026, 6)), false);
        check(Some((2026, 5)), true);
        check(Some((2025, 12)), true);
    }
}
