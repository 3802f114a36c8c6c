//! Reminders before the due date (seed 003: a week before call or visit, three days before fix the date; seeds
//! 000 and 001: on the day be there, early).
//!
//! Three days before, both sides have a substitute: if we cannot come, a colleague is named to the customer;
//! if they cannot be there, they name whoever may pay in their place (seed 003).

use crate::day::Day;

use super::Settings;

/// What a reminder asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reminder {
    /// Call or visit: the sum, and that we shall come on the day.
    Announce,
    /// Fix date and hour; name a stand-in and have a delegate named.
    FixDate,
    /// Be there, early.
    BeThere,
}

/// What is called for on `today` for something due on `due`; none outside the days of reminding.
pub fn reminder(due: Day, today: Day, settings: &Settings) -> Option<Reminder> {
    match due.days_since(today) {
        0 => Some(Reminder::BeThere),
        days if (1..=i64::from(settings.fix_days)).contains(&days) => Some(Reminder::FixDate),
        days if (1..=i64::from(settings.remind_days)).contains(&days) => Some(Reminder::Announce),
        _ => None,
    }
}

/// The days on which the reminders of something due on `due` fall, in their order.
pub fn reminder_days(due: Day, settings: &Settings) -> [(Reminder, Day); 3] {
    [
        (
            Reminder::Announce,
            due.plus_days(-i64::from(settings.remind_days)),
        ),
        (
            Reminder::FixDate,
            due.plus_days(-i64::from(settings.fix_days)),
        ),
        (Reminder::BeThere, due),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_003_a_week_before_announce_three_days_before_fix_and_on_the_day_be_there() {
        let today = Day::new(2026, 11, 21).unwrap();
        let check = |in_days: i64, expected: Option<Reminder>| {
            let found = reminder(today.plus_days(in_days), today, &Settings::default());
            assert_eq!(found, expected, "due in {in_days}");
        };
        check(8, None);
        check(7, Some(Reminder::Announce));
        check(4, Some(Reminder::Announce));
        check(3, Some(Reminder::FixDate));
        check(1, Some(Reminder::FixDate));
        check(0, Some(Reminder::BeThere));
        check(-1, None);
    }

    #[test]
    fn every_reminder_is_called_for_on_its_day() {
        let due = Day::new(2026, 3, 2).unwrap();
        let settings = Settings::default();
        for (kind, day) in reminder_days(due, &settings) {
            assert_eq!(reminder(due, day, &settings), Some(kind));
        }
    }
}
