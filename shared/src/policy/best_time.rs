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
/// `星期五`, `Friday`) or one of the month's (`2nd Friday`). A term (`月结30日`, `票到30日内付`) is no date.
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
    let weekday = names(today.0.weekday())
        .iter()
        .any(|name| cycle.contains(name));
    match date_of_month(&cycle) {
        Some(Date::Day(date)) => (0..3).any(|since| is_date(today.plus_days(-since), date)),
        Some(Date::Weekday(nth)) => weekday && today.0.day().div_ceil(7) == nth,
        None => weekday,
    }
}

/// Is it this date of its month? A date that the month does not have is its last day.
fn is_date(day: Day, date: u32) -> bool {
    day.0.day() == date.min(day.month_end().0.day())
}

/// Has enough been sold, by what was noted (`80%`, `卖了八成` is not read)?
pub fn enough_sold(stock_sold: &str, settings: &Settings) -> bool {
    let before = stock_sold.split(['%', '％']).next();
    before
        .filter(|before| before.len() < stock_sold.len())
        .and_then(last_number)
        .is_some_and(|percent| (settings.figures.sold_percent..=100).contains(&percent))
}

/// What an ordinal in a cycle names.
enum Date {
    /// A date of the month, 1 to 31.
    Day(u32),
    /// Of a weekday named beside it the first, second, … in the month.
    Weekday(u32),
}

/// The first number that is a date by what stands around it.
fn date_of_month(cycle: &str) -> Option<Date> {
    let mut rest = cycle;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from) = rest.split_at(start);
        let digits = from.len() - from.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = from.split_at(digits);
        let number = number.parse().ok().filter(|n| (1..=31).contains(n));
        if let Some(date) = number.and_then(|number| as_date(before, number, after)) {
            return Some(date);
        }
        rest = after;
    }
    None
}

fn as_date(before: &str, number: u32, after: &str) -> Option<Date> {
    if after.starts_with('号') {
        return Some(Date::Day(number));
    }
    if let Some(after) = after.strip_prefix('日') {
        let term = after.starts_with('内') || before.ends_with(['结', '期', '到', '后']);
        return (!term).then_some(Date::Day(number));
    }
    let after = ["st", "nd", "rd", "th"]
        .iter()
        .find_map(|ending| after.strip_prefix(ending))?
        .trim_start();
    let of_weekday = WEEK.iter().any(|day| after.starts_with(names(*day)[2]));
    Some(match of_weekday {
        true => Date::Weekday(number),
        false => Date::Day(number),
    })
}

const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

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
        check("30号", "2026-12-02", true);
        check("30号", "2026-12-03", false);
        check("30号", "2026-12-31", true);
        check("29号", "2026-12-01", true);
        check("月结30日", "2026-11-30", false);
        check("票到30日内付", "2026-11-30", false);
        check("月结，每月25号付款", "2026-11-25", true);
        check("the 25th of the month", "2026-11-26", true);
        check("3rd Saturday", "2026-11-21", true);
        check("2nd Saturday", "2026-11-21", false);
        check("2nd Saturday", "2026-11-02", false);
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
