//! Cash is the exception: handed in the same day, and from ¥10,000 on fetched with an escort (seed 000, 3.3.1).

use crate::{
    day::{Day, Timestamp},
    money::Money,
};

use super::Settings;

/// Does a sum in cash call for an escort (大额现金上万元以上的申请车辆接送)?
pub fn needs_escort(cash: Money, settings: &Settings) -> bool {
    let from = settings.figures.escort_yuan;
    from > 0 && cash >= Money::from_yuan(from)
}

/// The moment by which cash taken on a day has to be handed in, by clocks at this offset from UTC.
pub fn hand_in_deadline(day: Day, offset_minutes: i32, settings: &Settings) -> Timestamp {
    let minute = i64::from(settings.figures.hand_in_minute);
    Timestamp((day.number() * 1_440 + minute - i64::from(offset_minutes)) * 60_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::CHINA_OFFSET_MINUTES;

    #[test]
    fn seed_000_an_escort_is_asked_for_from_ten_thousand() {
        let check = |cash: &str, escort: bool| {
            let found = needs_escort(cash.parse().unwrap(), &Settings::default());
            assert_eq!(found, escort, "{cash}");
        };
        check("9999.99", false);
        check("10000.00", true);
        check("123456.00", true);
        let mut settings = Settings::default();
        settings.figures.escort_yuan = 0;
        assert!(!needs_escort(Money::MAX, &settings));
    }

    #[test]
    fn seed_000_cash_is_handed_in_the_same_day() {
        let day = Day::new(2026, 11, 21).unwrap();
        let deadline = hand_in_deadline(day, CHINA_OFFSET_MINUTES, &Settings::default());
        assert_eq!(Day::of(deadline, CHINA_OFFSET_MINUTES), day);
        // 18:00 in China is 10:00 UTC.
        assert_eq!(deadline.0.rem_euclid(86_400_000), 10 * 3_600_000);
    }
}
