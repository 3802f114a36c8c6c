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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_final_deadline_is_a_third_of_the_term_after_due() {
        let issued = Day::new(2026, 9, 1).unwrap();
        let check = |term: i64, divisor: u16, last_day: i64| {
            let settings = Settings {
                deadline_divisor: divisor,
                ..Settings::default()
            };
            let last = final_deadline(issued, issued.plus_days(term), &settings);
            assert_eq!(last.days_since(issued), last_day, "term {term} ÷ {divisor}");
        };
        check(30, 3, 40);
        check(60, 3, 80);
        check(31, 3, 42);
        check(1, 3, 2);
        check(0, 3, 0);
        check(-5, 3, -5);
        check(30, 0, 30);
    }
}
