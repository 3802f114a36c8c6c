//! How sums, days, times, distances and durations look on a screen, in both languages.
//!
//! Pure: the present is passed in. Functions without a language argument read the current one, so a
//! component that calls them redraws when the language changes. Sums never pass through a float.

use chrono::{Datelike, Timelike};
use shared::{
    day::{Day, Timestamp},
    money::Money,
};

use crate::i18n::{Arg, Lang, lang, text};

/// A sum cut for display: `¥`, `-12,345`, `.60`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyParts {
    /// Whole yuan with thousands separators, with a leading minus if negative.
    pub whole: String,
    /// Point and two decimals.
    pub cents: String,
    /// Whether the sum lies below zero.
    pub negative: bool,
}

/// Cuts a sum for display.
pub fn money_parts(value: Money) -> MoneyParts {
    let plain = value.to_string();
    let (negative, digits) = match plain.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, plain.as_str()),
    };
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, "00"));
    MoneyParts {
        whole: thousands(whole),
        cents: format!(".{cents}"),
        negative,
    }
}

/// `¥12,345.60`, `-¥5.00`.
pub fn money(value: Money) -> String {
    let MoneyParts {
        whole,
        cents,
        negative,
    } = money_parts(value);
    format!("{}¥{whole}{cents}", if negative { "-" } else { "" })
}

/// `12,345.60` without the currency, for columns.
pub fn money_plain(value: Money) -> String {
    let MoneyParts {
        whole,
        cents,
        negative,
    } = money_parts(value);
    format!("{}{whole}{cents}", if negative { "-" } else { "" })
}

/// `¥12,345`, with decimals only where there are any: for tags and sentences.
pub fn money_short(value: Money) -> String {
    let full = money(value);
    full.strip_suffix(".00").map(str::to_owned).unwrap_or(full)
}

/// Puts separators between thousands in a string of digits; other text is returned as it is.
pub fn thousands(digits: &str) -> String {
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return digits.to_owned();
    }
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What a person typed on the number pad, with separators as typed: `12000.5` → `12,000.5`.
pub fn typed(raw: &str) -> String {
    match raw.split_once('.') {
        Some((whole, cents)) => format!("{}.{cents}", thousands(whole)),
        None => thousands(raw),
    }
}

/// `2026-11-21`, for lists and tables.
pub fn date(day: Day) -> String {
    day.to_string()
}

/// `11-21` within the year of `today`, else the whole date.
pub fn date_short(day: Day, today: Day) -> String {
    if day.0.year() == today.0.year() {
        format!("{:02}-{:02}", day.0.month(), day.0.day())
    } else {
        date(day)
    }
}

/// `2026年11月21日`, `2026-11-21` in English.
pub fn date_long(day: Day) -> String {
    date_long_in(lang(), day)
}

/// [`date_long`] in a given language.
pub fn date_long_in(lang: Lang, day: Day) -> String {
    match lang {
        Lang::Zh => text(
            lang,
            "date-long",
            &[
                ("year", Arg::from(day.0.year().to_string())),
                ("month", Arg::from(day.0.month())),
                ("day", Arg::from(day.0.day())),
            ],
        ),
        Lang::En => date(day),
    }
}

/// `11月21日 星期六`, `Saturday 21/11`.
pub fn date_weekday(day: Day) -> String {
    date_weekday_in(lang(), day)
}

/// [`date_weekday`] in a given language.
pub fn date_weekday_in(lang: Lang, day: Day) -> String {
    let weekday = text(
        lang,
        &format!("weekday-{}", day.0.weekday().number_from_monday()),
        &[],
    );
    text(
        lang,
        "date-weekday",
        &[
            ("month", Arg::from(day.0.month())),
            ("day", Arg::from(day.0.day())),
            ("weekday", Arg::from(weekday)),
        ],
    )
}

/// `今天`, `昨天`, `3 天后`; beyond a week the date.
pub fn day_relative(day: Day, today: Day) -> String {
    day_relative_in(lang(), day, today)
}

/// [`day_relative`] in a given language.
pub fn day_relative_in(lang: Lang, day: Day, today: Day) -> String {
    let days = day.days_since(today);
    let key = match days {
        0 => "day-today",
        -1 => "day-yesterday",
        -2 => "day-before-yesterday",
        1 => "day-tomorrow",
        2 => "day-after-tomorrow",
        -7..=-3 => "day-ago",
        3..=7 => "day-in",
        _ => return date_short(day, today),
    };
    text(lang, key, &[("days", Arg::from(days.abs()))])
}

/// `逾期 34 天`, `今天到期`, `3 天后到期`.
pub fn due(due: Day, today: Day) -> String {
    due_in(lang(), due, today)
}

/// [`due`] in a given language.
pub fn due_in(lang: Lang, due: Day, today: Day) -> String {
    let days = due.days_since(today);
    let key = match days {
        0 => "due-today",
        ..0 => "overdue-days",
        _ => "due-in-days",
    };
    text(lang, key, &[("days", Arg::from(days.abs()))])
}

/// `14:32` at an offset from UTC in minutes east.
pub fn clock(at: Timestamp, offset_minutes: i32) -> String {
    local(at, offset_minutes)
        .map(|t| format!("{:02}:{:02}", t.hour(), t.minute()))
        .unwrap_or_default()
}

/// `14:32:07`.
pub fn clock_seconds(at: Timestamp, offset_minutes: i32) -> String {
    local(at, offset_minutes)
        .map(|t| format!("{:02}:{:02}:{:02}", t.hour(), t.minute(), t.second()))
        .unwrap_or_default()
}

/// `14:32` on the day of `now`, `昨天 14:32` a day before, else `11-14 14:32`.
pub fn moment(at: Timestamp, now: Timestamp, offset_minutes: i32) -> String {
    moment_in(lang(), at, now, offset_minutes)
}

/// [`moment`] in a given language.
pub fn moment_in(lang: Lang, at: Timestamp, now: Timestamp, offset_minutes: i32) -> String {
    let (day, today) = (Day::of(at, offset_minutes), Day::of(now, offset_minutes));
    let time = clock(at, offset_minutes);
    match today.days_since(day) {
        0 => time,
        1 | -1 => format!("{} {time}", day_relative_in(lang, day, today)),
        _ => format!("{} {time}", date_short(day, today)),
    }
}

/// `刚刚`, `5 分钟前`, `3 小时前`; beyond a day as [`moment`].
pub fn ago(at: Timestamp, now: Timestamp, offset_minutes: i32) -> String {
    ago_in(lang(), at, now, offset_minutes)
}

/// [`ago`] in a given language.
pub fn ago_in(lang: Lang, at: Timestamp, now: Timestamp, offset_minutes: i32) -> String {
    let minutes = now.ms_since(at) / 60_000;
    match minutes {
        ..0 => moment_in(lang, at, now, offset_minutes),
        0 => text(lang, "just-now", &[]),
        1..60 => text(lang, "minutes-ago", &[("minutes", Arg::from(minutes))]),
        60..1440 => text(lang, "hours-ago", &[("hours", Arg::from(minutes / 60))]),
        _ => moment_in(lang, at, now, offset_minutes),
    }
}

fn local(at: Timestamp, offset_minutes: i32) -> Option<chrono::NaiveDateTime> {
    let ms =
        at.0.checked_add(i64::from(offset_minutes).checked_mul(60_000)?)?;
    chrono::DateTime::from_timestamp_millis(ms).map(|t| t.naive_utc())
}

/// `26 分钟`, `1 小时 5 分`, `3 天`. Negative lengths count as none.
pub fn duration(ms: i64) -> String {
    duration_in(lang(), ms)
}

/// [`duration`] in a given language.
pub fn duration_in(lang: Lang, ms: i64) -> String {
    let minutes = ms.max(0) / 60_000;
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (hours, rest) {
        (0, 0) => text(lang, "duration-under-minute", &[]),
        (0, _) => text(lang, "duration-minutes", &[("minutes", Arg::from(minutes))]),
        (48.., _) => text(lang, "duration-days", &[("days", Arg::from(hours / 24))]),
        (_, 0) => text(lang, "duration-hours", &[("hours", Arg::from(hours))]),
        _ => text(
            lang,
            "duration-hours-minutes",
            &[("hours", Arg::from(hours)), ("minutes", Arg::from(rest))],
        ),
    }
}

/// `18 米`, `800 米`, `1.2 公里`, `34 公里`.
pub fn distance(metres: u32) -> String {
    distance_in(lang(), metres)
}

/// [`distance`] in a given language.
pub fn distance_in(lang: Lang, metres: u32) -> String {
    let tenths = metres.saturating_add(50) / 100;
    let kilometres = match tenths {
        ..100 => format!("{}.{}", tenths / 10, tenths % 10),
        _ => thousands(&(metres.saturating_add(500) / 1000).to_string()),
    };
    match metres {
        ..1000 => text(lang, "distance-metres", &[("metres", Arg::from(metres))]),
        _ => text(
            lang,
            "distance-kilometres",
            &[("kilometres", Arg::from(kilometres))],
        ),
    }
}

/// A hash in groups of four for reading aloud: the first 12 hex digits, `7c1e 09b4 52f8`.
pub fn fingerprint(hex: &str) -> String {
    let digits: Vec<char> = hex
        .chars()
        .filter(char::is_ascii_hexdigit)
        .take(12)
        .collect();
    digits
        .chunks(4)
        .map(|group| group.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `3.4 MB`, `820 KB`, `17 B`: sizes of files, in decimal units.
pub fn bytes(count: u64) -> String {
    let tenth = |unit: u64| {
        let tenths = (count.saturating_mul(10).saturating_add(unit / 2)) / unit;
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    match count {
        0..=999 => format!("{count} B"),
        1_000..=999_999 => format!("{} KB", count.saturating_add(500) / 1_000),
        1_000_000..=999_999_999 => format!("{} MB", tenth(1_000_000)),
        _ => format!("{} GB", tenth(1_000_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIN: i64 = 60_000;
    const HOUR: i64 = 60 * MIN;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn sums_show_thousands_and_two_decimals() {
        for (raw, full, short, plain) in [
            ("0", "¥0.00", "¥0", "0.00"),
            ("5", "¥5.00", "¥5", "5.00"),
            ("999.9", "¥999.90", "¥999.90", "999.90"),
            ("1000", "¥1,000.00", "¥1,000", "1,000.00"),
            ("286410.50", "¥286,410.50", "¥286,410.50", "286,410.50"),
            (
                "-1234567.08",
                "-¥1,234,567.08",
                "-¥1,234,567.08",
                "-1,234,567.08",
            ),
            (
                "9999999999999.99",
                "¥9,999,999,999,999.99",
                "¥9,999,999,999,999.99",
                "9,999,999,999,999.99",
            ),
        ] {
            let value: Money = raw.parse().unwrap();
            assert_eq!(
                (
                    money(value).as_str(),
                    money_short(value).as_str(),
                    money_plain(value).as_str()
                ),
                (full, short, plain)
            );
        }
    }

    #[test]
    fn typing_shows_separators_as_it_goes() {
        for (raw, expected) in [
            ("", ""),
            ("1", "1"),
            ("120", "120"),
            ("1200", "1,200"),
            ("12000.", "12,000."),
            ("12000.5", "12,000.5"),
            ("x", "x"),
        ] {
            assert_eq!(typed(raw), expected, "{raw}");
        }
    }

    #[test]
    fn days_near_today_have_names() {
        let today = day("2026-11-21");
        for (text, zh, en) in [
            ("2026-11-21", "今天", "today"),
            ("2026-11-20", "昨天", "yesterday"),
            ("2026-11-19", "前天", "2 days ago"),
            ("2026-11-22", "明天", "tomorrow"),
            ("2026-11-23", "后天", "in 2 days"),
            ("2026-11-24", "3 天后", "in 3 days"),
            ("2026-11-14", "7 天前", "7 days ago"),
            ("2026-11-13", "11-13", "11-13"),
            ("2025-12-31", "2025-12-31", "2025-12-31"),
        ] {
            assert_eq!(day_relative_in(Lang::Zh, day(text), today), zh);
            assert_eq!(day_relative_in(Lang::En, day(text), today), en);
        }
    }

    #[test]
    fn dates_follow_the_language() {
        let d = day("2026-11-21");
        assert_eq!(date_long_in(Lang::Zh, d), "2026年11月21日");
        assert_eq!(date_long_in(Lang::En, d), "2026-11-21");
        assert_eq!(date_weekday_in(Lang::Zh, d), "11月21日 星期六");
        assert_eq!(date_weekday_in(Lang::En, d), "Saturday 21/11");
    }

    #[test]
    fn due_days_say_overdue_or_left() {
        let today = day("2026-11-21");
        for (text, zh, en) in [
            ("2026-10-18", "逾期 34 天", "34 days overdue"),
            ("2026-11-20", "逾期 1 天", "1 day overdue"),
            ("2026-11-21", "今天到期", "due today"),
            ("2026-11-22", "1 天后到期", "due in 1 day"),
            ("2026-11-24", "3 天后到期", "due in 3 days"),
        ] {
            assert_eq!(due_in(Lang::Zh, day(text), today), zh);
            assert_eq!(due_in(Lang::En, day(text), today), en);
        }
    }

    #[test]
    fn times_show_in_the_offset_of_the_company() {
        // 2026-11-21T06:32:07Z
        let at = Timestamp(1_795_242_727_000);
        assert_eq!(clock(at, 480), "14:32");
        assert_eq!(clock_seconds(at, 480), "14:32:07");
        assert_eq!(clock(at, 0), "06:32");
        assert_eq!(clock(Timestamp(i64::MAX), 480), "");
        for (later, zh, en) in [
            (0, "14:32", "14:32"),
            (24 * HOUR, "昨天 14:32", "yesterday 14:32"),
            (7 * 24 * HOUR, "11-21 14:32", "11-21 14:32"),
        ] {
            assert_eq!(moment_in(Lang::Zh, at, at.plus_ms(later), 480), zh);
            assert_eq!(moment_in(Lang::En, at, at.plus_ms(later), 480), en);
        }
    }

    #[test]
    fn the_recent_past_counts_back() {
        let at = Timestamp(1_795_242_727_000);
        for (later, zh, en) in [
            (0, "刚刚", "just now"),
            (5 * MIN, "5 分钟前", "5 min ago"),
            (3 * HOUR + MIN, "3 小时前", "3 h ago"),
            (25 * HOUR, "昨天 14:32", "yesterday 14:32"),
            (-5 * MIN, "14:32", "14:32"),
        ] {
            assert_eq!(ago_in(Lang::Zh, at, at.plus_ms(later), 480), zh);
            assert_eq!(ago_in(Lang::En, at, at.plus_ms(later), 480), en);
        }
    }

    #[test]
    fn lengths_of_time_round_down() {
        for (ms, zh, en) in [
            (-5, "不到 1 分钟", "under 1 min"),
            (59_999, "不到 1 分钟", "under 1 min"),
            (26 * MIN, "26 分钟", "26 min"),
            (HOUR, "1 小时", "1 h"),
            (65 * MIN, "1 小时 5 分", "1 h 5 min"),
            (72 * HOUR, "3 天", "3 days"),
        ] {
            assert_eq!(duration_in(Lang::Zh, ms), zh);
            assert_eq!(duration_in(Lang::En, ms), en);
        }
    }

    #[test]
    fn distances_change_unit_at_a_kilometre() {
        for (metres, zh, en) in [
            (0, "0 米", "0 m"),
            (18, "18 米", "18 m"),
            (999, "999 米", "999 m"),
            (1_000, "1.0 公里", "1.0 km"),
            (1_249, "1.2 公里", "1.2 km"),
            (9_949, "9.9 公里", "9.9 km"),
            (9_950, "10 公里", "10 km"),
            (u32::MAX, "4,294,967 公里", "4,294,967 km"),
        ] {
            assert_eq!(distance_in(Lang::Zh, metres), zh);
            assert_eq!(distance_in(Lang::En, metres), en);
        }
    }

    #[test]
    fn hashes_and_sizes_read_well() {
        assert_eq!(fingerprint("7c1e09b452f8aa00"), "7c1e 09b4 52f8");
        assert_eq!(fingerprint(""), "");
        for (count, expected) in [
            (17, "17 B"),
            (1_000, "1 KB"),
            (820_400, "820 KB"),
            (3_449_999, "3.4 MB"),
            (2_000_000_000, "2.0 GB"),
        ] {
            assert_eq!(bytes(count), expected);
        }
    }
}
