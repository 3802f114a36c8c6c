//! Date formats of column maps, such as `YYYY-MM-DD`, `M/D/YYYY` or `YYYY年M月D日`.
//!
//! `YYYY` four digits, `YY` two (20YY), `MM` and `DD` two, `M` and `D` one or two; anything else
//! stands for itself. The whole text must match.

use serde::{Deserialize, Deserializer, de::Error as _};
use shared::day::Day;

/// The years that a business day may lie in.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2199;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Year(usize),
    Month { min: usize },
    DayOfMonth { min: usize },
    Literal(char),
}

/// One way of writing a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormat {
    parts: Vec<Part>,
}

impl DateFormat {
    /// Reads a pattern; an error if it does not name year, month and day once each.
    pub fn parse(pattern: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = pattern;
        while let Some(first) = rest.chars().next() {
            let run = rest.chars().take_while(|c| *c == first).count();
            let (part, bytes) = match (first, run) {
                ('Y', 4) => (Part::Year(4), 4),
                ('Y', 2) => (Part::Year(2), 2),
                ('M', 1 | 2) => (Part::Month { min: run }, run),
                ('D', 1 | 2) => (Part::DayOfMonth { min: run }, run),
                (c, _) if !c.is_ascii_alphanumeric() => (Part::Literal(c), c.len_utf8()),
                _ => return Err(Self::explain(pattern)),
            };
            parts.push(part);
            rest = rest.get(bytes..).unwrap_or_default();
        }
        let count = |kind: fn(&Part) -> bool| parts.iter().filter(|p| kind(p)).count();
        let complete = count(|p| matches!(p, Part::Year(_))) == 1
            && count(|p| matches!(p, Part::Month { .. })) == 1
            && count(|p| matches!(p, Part::DayOfMonth { .. })) == 1;
        if !complete {
            return Err(Self::explain(pattern));
        }
        Ok(Self { parts })
    }

    fn explain(pattern: &str) -> String {
        format!(
            "dates: {pattern:?} is not a format made of YYYY or YY, MM or M, DD or D and punctuation"
        )
    }

    /// The day that a text means in this format, if it does.
    pub fn read(&self, text: &str) -> Option<Day> {
        let (mut year, mut month, mut day) = (None, None, None);
        let mut rest = text;
        for part in &self.parts {
            match part {
                Part::Literal(c) => rest = rest.strip_prefix(*c)?,
                Part::Year(width) => {
                    let value = digits(&mut rest, *width, *width)?;
                    year = Some(if *width == 2 { 2000 + value } else { value });
                }
                Part::Month { min } => month = Some(digits(&mut rest, *min, 2)?),
                Part::DayOfMonth { min } => day = Some(digits(&mut rest, *min, 2)?),
            }
        }
        let year = i32::try_from(year?).ok().filter(|y| YEARS.contains(y))?;
        rest.is_empty()
            .then(|| Day::new(year, month?, day?))
            .flatten()
    }
}

/// Takes `min` to `max` digits off the front.
fn digits(rest: &mut &str, min: usize, max: usize) -> Option<u32> {
    let run = rest
        .bytes()
        .take(max)
        .take_while(u8::is_ascii_digit)
        .count();
    if run < min {
        return None;
    }
    let (head, tail) = rest.split_at_checked(run)?;
    *rest = tail;
    head.parse().ok()
}

/// The day that a text means in the first format that fits.
pub fn read_day(text: &str, formats: &[DateFormat]) -> Option<Day> {
    formats.iter().find_map(|format| format.read(text))
}

impl<'de> Deserialize<'de> for DateFormat {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(d)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_reads_its_own_days_and_no_others() {
        let check = |format: &str, text: &str, expected: Option<&str>| {
            let day = DateFormat::parse(format)
                .unwrap()
                .read(text)
                .map(|d| d.to_string());
            assert_eq!(day.as_deref(), expected, "{format} {text}");
        };
        check("YYYY-MM-DD", "2026-11-21", Some("2026-11-21"));
        check("YYYY-MM-DD", "2026-1-21", None);
        check("YYYY-MM-DD", "2026-02-30", None);
        check("M/D/YYYY", "4/6/2013", Some("2013-04-06"));
        check("M/D/YYYY", "12/31/2013", Some("2013-12-31"));
        check("M/D/YYYY", "31/12/2013", None);
        check("DD-MM-YYYY", "30-03-2020", Some("2020-03-30"));
        check("DD-MM-YYYY", "30-03-2020 ", None);
        check("YYYYMMDD", "20261121", Some("2026-11-21"));
        check("YYYYMMDD", "2026112", None);
        check("YYYY/M/D", "2026/1/2", Some("2026-01-02"));
        check("YYYY年M月D日", "2026年11月21日", Some("2026-11-21"));
        check("YYYY年M月D日", "2026年11月21", None);
        check("D.M.YY", "1.2.26", Some("2026-02-01"));
        check("YYYY-MM-DD", "0000-01-01", None);
        check("YYYY-MM-DD", "2400-01-01", None);
        check("YYYY-MM-DD", "", None);
        check("YYYY-MM-DD", "年年-01-01", None);
    }

    #[test]
    fn a_pattern_that_does_not_name_a_day_is_refused() {
        for bad in [
            "",
            "YYYY-MM",
            "YYYY-MM-DD-DD",
            "YYYYY-M-D",
            "hello",
            "MMM-D-YYYY",
        ] {
            assert!(DateFormat::parse(bad).is_err(), "{bad}");
        }
    }
}
