//! Calendar days and points in time. A `Day` is a business day in the company's time zone; a
//! `Timestamp` is milliseconds since 1970 UTC as some clock claimed it.
//!
//! Invariant: nothing here reads a clock.

use std::{fmt, str::FromStr};

use autosurgeon::{Hydrate, HydrateError, Reconcile, Reconciler, reconcile::NoKey};
use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// China's offset from UTC, the default of a company's setting.
pub const CHINA_OFFSET_MINUTES: i32 = 480;

/// Text that is not a day of the form `2026-11-21`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a day of the form YYYY-MM-DD")]
pub struct DayError;

impl DayError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        "day.invalid"
    }
}

/// A calendar day, printed and stored as `2026-11-21`; the wire carries days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub NaiveDate);

impl Day {
    /// The day of the given year, month and day of month, if there is one.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self)
    }

    /// The day that clocks at the given offset from UTC (minutes east) show at `at`.
    pub fn of(at: Timestamp, offset_minutes: i32) -> Self {
        let minutes =
            at.0.div_euclid(60_000)
                .saturating_add(i64::from(offset_minutes));
        Self::from_number(minutes.div_euclid(1_440))
    }

    /// Days since 1970-01-01.
    pub fn number(self) -> i64 {
        i64::from(self.0.num_days_from_ce()) - 719_163
    }

    /// The day with this number since 1970-01-01; far outside the calendar it stays at its ends.
    pub fn from_number(number: i64) -> Self {
        let ce = number.saturating_add(719_163).clamp(-3_000_000, 3_000_000);
        // The clamp keeps the number inside chrono's calendar, so the fallback is never taken.
        Self(NaiveDate::from_num_days_from_ce_opt(ce as i32).unwrap_or_default())
    }

    /// The day this many days later (earlier if negative).
    pub fn plus_days(self, days: i64) -> Self {
        Self::from_number(self.number().saturating_add(days))
    }

    /// How many days from `earlier` to this day; negative if it lies before.
    pub fn days_since(self, earlier: Day) -> i64 {
        self.number() - earlier.number()
    }

    /// The last day of this day's month.
    pub fn month_end(self) -> Self {
        let (year, month) = match self.0.month() {
            12 => (self.0.year() + 1, 1),
            month => (self.0.year(), month + 1),
        };
        NaiveDate::from_ymd_opt(year, month, 1)
            .and_then(|first| first.checked_sub_days(Days::new(1)))
            .map_or(self, Self)
    }

    /// As letters write it: `2026年11月21日`.
    pub fn in_letters(self) -> String {
        format!("{}年{}月{}日", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // ISO 8601, without reading a pattern first: lists print thousands of days.
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for Day {
    type Err = DayError;
    fn from_str(s: &str) -> Result<Self, DayError> {
        // By hand: reading a pattern each time would be most of the cost of a stored promise.
        let [year @ .., b'-', m1, m2, b'-', d1, d2] = s.as_bytes() else {
            return Err(DayError);
        };
        if year.len() != 4 {
            return Err(DayError);
        }
        let day = || {
            let (month, day) = (number(&[*m1, *m2])?, number(&[*d1, *d2])?);
            Self::new(number(year)?.cast_signed(), month, day)
        };
        day().ok_or(DayError)
    }
}

/// The number that these few bytes write in digits alone.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number: u32, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + u32::from(byte - b'0'))
    })
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() {
            s.collect_str(self)
        } else {
            s.serialize_i32(self.number() as i32)
        }
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        if d.is_human_readable() {
            String::deserialize(d)?.parse().map_err(D::Error::custom)
        } else {
            i32::deserialize(d).map(|n| Self::from_number(i64::from(n)))
        }
    }
}

impl Reconcile for Day {
    type Key<'a> = NoKey;
    fn reconcile<R: Reconciler>(&self, mut r: R) -> Result<(), R::Error> {
        r.str(self.to_string())
    }
}

impl Hydrate for Day {
    fn hydrate_string(s: &str) -> Result<Self, HydrateError> {
        s.parse()
            .map_err(|_| HydrateError::unexpected("a day", s.to_owned()))
    }
}

/// Milliseconds since 1970-01-01 UTC, as the clock that wrote it claimed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Milliseconds from `earlier` to this time; negative if it lies before.
    pub fn ms_since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The time this many milliseconds later.
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

impl Reconcile for Timestamp {
    type Key<'a> = NoKey;
    fn reconcile<R: Reconciler>(&self, mut r: R) -> Result<(), R::Error> {
        r.timestamp(self.0)
    }
}

impl Hydrate for Timestamp {
    fn hydrate_timestamp(t: i64) -> Result<Self, HydrateError> {
        Ok(Self(t))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_the_company_not_of_utc() {
        let last_utc_evening = Timestamp(1_795_219_200_000 - 8 * 3_600_000);
        assert_eq!(
            Day::of(last_utc_evening, CHINA_OFFSET_MINUTES).to_string(),
            "2026-11-21"
        );
        assert_eq!(
            Day::of(last_utc_evening.plus_ms(-1), CHINA_OFFSET_MINUTES).to_string(),
            "2026-11-20"
        );
    }

    #[test]
    fn numbers_and_text_of_a_day_read_back() {
        for text in ["1970-01-01", "2024-02-29", "2026-11-21", "1969-12-31"] {
            let day: Day = text.parse().unwrap();
            assert_eq!(day.to_string(), text);
            assert_eq!(Day::from_number(day.number()), day);
        }
        assert_eq!(Day::new(1970, 1, 1).unwrap().number(), 0);
        for text in [
            "2026-2-30",
            "2026-02-30",
            "",
            "2026-11-2",
            "2026-11-211",
            "2026/11/21",
            "+026-11-21",
            "2026-11-é",
            "二六-11-21",
            " 2026-11-21",
            "12026-11-21",
        ] {
            assert!(text.parse::<Day>().is_err(), "{text}");
        }
    }

    #[test]
    fn month_ends_are_found_in_every_month() {
        let check = |day: &str, end: &str| {
            assert_eq!(day.parse::<Day>().unwrap().month_end().to_string(), end)
        };
        check("2026-11-21", "2026-11-30");
        check("2024-02-01", "2024-02-29");
        check("2026-12-31", "2026-12-31");
    }
}
