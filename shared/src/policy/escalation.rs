//! Escalation: the list of what is overdue for more than two months, made on the 1st to 3rd for the sales
//! vice-president, and the handover from the salesperson to a specialist collector after two to three months.
//!
//! Source: seed 000 (contract management 1.3; stages of collecting).

use chrono::Datelike as _;

use crate::day::Day;

use super::Settings;

named! {
    /// How far a debt has gone beyond the salesperson.
    Escalation {
        /// Stands on the list to the sales vice-president.
        Listed = "listed",
        /// Handing over to a specialist collector is due.
        Handover = "handover",
    }
}

/// What is called for with the oldest debt this many days overdue.
pub fn escalation(days_overdue: i64, settings: &Settings) -> Option<Escalation> {
    let figures = &settings.figures;
    if days_overdue >= i64::from(figures.handover_days.max(1)) {
        Some(Escalation::Handover)
    } else if days_overdue > i64::from(figures.escalate_days) {
        Some(Escalation::Listed)
    } else {
        None
    }
}

/// May a handover be proposed already?
pub fn handover_may_be_proposed(days_overdue: i64, settings: &Settings) -> bool {
    days_overdue >= i64::from(settings.figures.handover_from_days.max(1))
}

/// Is the list to the sales vice-president made on this day?
pub fn list_is_made(today: Day, settings: &Settings) -> bool {
    today.0.day() <= settings.figures.escalate_until
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_000_more_than_two_months_is_listed_and_three_months_is_handed_over() {
        let check = |days: i64, expected: Option<Escalation>, may: bool| {
            let settings = Settings::default();
            assert_eq!(escalation(days, &settings), expected, "{days}");
            assert_eq!(handover_may_be_proposed(days, &settings), may, "{days}");
        };
        check(0, None, false);
        check(59, None, false);
        check(60, None, true);
        check(61, Some(Escalation::Listed), true);
        check(89, Some(Escalation::Listed), true);
        check(90, Some(Escalation::Handover), true);
    }

    #[test]
    fn seed_000_the_list_is_made_on_the_first_to_third() {
        let check = |day: u32, made: bool| {
            let day = Day::new(2026, 11, day).unwrap();
            assert_eq!(list_is_made(day, &Settings::default()), made, "{day}");
        };
        check(1, true);
        check(3, true);
        check(4, false);
        check(30, false);
    }
}
