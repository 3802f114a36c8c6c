//! The best time: when to telephone, and when the customer has money.
//!
//! Source: seed 001 §13 (telephone at 15:30, never at mealtimes; ask when about 80 % of the delivered goods are
//! sold), seed 000 (know the purchasing and payment cycle and be the first on the day they have money).
//! Cycles are what salespeople noted in their own words; what cannot be read calls for nothing.

use chrono::{Datelike as _, Weekday};

use crate::day::Day;

use super::Settings;

/// Is this minute of the day one at which to telephone: not a mealtime?
pub fn may_call(minute_of_day: u32, settings: &Settings) -> bool {
    let figures = &settings.figures;
    let lunch = figures.lunch_from_minute..figures.lunch_until_minute;
    let supper = figures.supper_from_minute..figures.supper_until_minute;
    !lunch.contains(&minute_of_day) && !supper.contains(&minute_of_day)
}

/// The best time to telephone as clocks show it: `15:30`.
pub fn call_time(settings: &Settings) -> String {
    let minute = settings.figures.call_minute % 1_440;
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Does a noted payment cycle fall on this day? Read are: the month's end (`月底`, `month end`: its last three
/// days), a date of the month (`每月25号`, `25日`, `25th`: that day and the two after it), a weekday (`周五`,
/// `星期五`, `Friday`).
pub fn has_money(cycle: &str, today: Day) -> bool {
    if cycle.is_empty() {
        return false;
    }
    let cycle = cycle.to_ascii_lowercase();
    if ["月底", "月末", "month end", "end of month", "month's end"]
        .iter()
        .any(|word| cycle.contains(word))
    {
        return today.month_end().days_since(today) < 3;
    }
    if let Some(date) = date_of_month(&cycle) {
        // A date that the month does not have is its last day.
        let date = date.min(today.month_end().0.day());
        return (date..date + 3).contains(&today.0.day());
    }
    names(today.0.weekday())
        .iter()
        .any(|name| cycle.contains(name))
}

/// Has enough been sold, by what was noted (`80%`, `卖了八成` is not read)?
pub fn enough_sold(stock_sold: &str, settings: &Settings) -> bool {
    let before = stock_sold.split(['%', '％']).next();
    before
        .filter(|before| before.len() < stock_sold.len())
        .and_then(last_number)
        .is_some_and(|percent| (settings.figures.sold_percent..=100).contains(&percent))
}

/// The number before `号`, `日` or an English ending, if it is a date of the month.
fn date_of_month(cycle: &str) -> Option<u32> {
    let marks = ["号", "日", "th", "st", "nd", "rd"];
    let date = marks
        .iter()
        .find_map(|mark| last_number(cycle.rsplit_once(mark)?.0));
    date.filter(|date| (1..=31).contains(date))
}

/// The number at the end of a text.
fn last_number(text: &str) -> Option<u32> {
    let text = text.trim_end();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_digit());
    text.get(digits.len()..)?.parse().ok()
}

fn names(day: Weekday) -> [&'static str; 3] {
    match day {
        Weekday::Mon => ["周一", "星期一", "monday"],
        Weekday::Tue => ["周二", "星期二", "tuesday"],
        Weekday::Wed => ["周三", "星期三", "wednesday"],
        Weekday::Thu => ["周四", "星期四", "thursday"],
        Weekday::Fri => ["周五", "星期五", "friday"],
        Weekday::Sat => ["周六", "星期六", "saturday"],
        Weekday::Sun => ["周日", "星期日", "sunday"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seed_001_half_past_three_and_never_at_mealtimes() {
        let settings = Settings::default();
        assert_eq!(call_time(&settings), "15:30");
        let check = |hour: u32, minute: u32, may: bool| {
            assert_eq!(
                may_call(hour * 60 + minute, &settings),
                may,
                "{hour}:{minute}"
            );
        };
        check(11, 29, true);
        check(11, 30, false);
        check(13, 29, false);
        check(13, 30, true);
        check(15, 30, true);
        check(18, 0, false);
        check(19, 30, true);
    }

    #[test]
    fn seed_000_the_day_on_which_the_customer_has_money_is_known_by_the_cycle() {
        // 2026-11-21 is a Saturday.
        let check = |cycle: &str, day: &str, has: bool| {
            assert_eq!(has_money(cycle, day.parse().unwrap()), has, "{cycle} {day}");
        };
        check("", "2026-11-30", false);
        check("月底", "2026-11-27", false);
        check("月底结", "2026-11-28", true);
        check("月底", "2026-11-30", true);
        check("month end", "2026-02-28", true);
        check("每月25号", "2026-11-24", false);
        check("每月25号", "2026-11-25", true);
        check("每月25号", "2026-11-27", true);
        check("每月25号", "2026-11-28", false);
        check("31日", "2026-11-30", true);
        check("on the 10th", "2026-11-11", true);
        check("99号", "2026-11-11", false);
        check("周六结账", "2026-11-21", true);
        check("every Saturday", "2026-11-21", true);
        check("周五", "2026-11-21", false);
        check("看情况", "2026-11-21", false);
    }

    #[test]
    fn seed_001_at_eighty_percent_sold_one_asks() {
        let check = |sold: &str, enough: bool| {
            assert_eq!(enough_sold(sold, &Settings::default()), enough, "{sold}");
        };
        check("", false);
        check("79%", false);
        check("80%", true);
        check("卖了约 85 %", true);
        check("90％以上", true);
        check("80", false);
        check("1000%", false);
        check("大部分", false);
    }
}
