//! Amounts as files write them: separators, currency signs, negatives, too many decimals.
//!
//! Invariant: an amount is read exactly or refused; only the map's `half_up` rule may round, and
//! then the difference is handed back to be reported.

use rust_decimal::Decimal;
use serde::Deserialize;
use shared::money::{Money, MoneyError};

use super::{error::ImportError, report::Reason};

/// Digits before and behind the point that are looked at.
const WHOLE_DIGITS: usize = 13;
const FRACTION_DIGITS: usize = 12;

/// What to do with more than two decimal places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExtraDecimals {
    /// Refuse the row.
    #[default]
    Reject,
    /// Round halves away from zero (四舍五入), and report how many and by how much.
    HalfUp,
}

/// How amounts are written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AmountStyle {
    /// Between groups of three digits; empty for none.
    pub thousands: String,
    /// The decimal point.
    pub decimal: String,
    /// Texts in front of or behind the number that mean nothing, such as `¥` or `元`.
    pub signs: Vec<String>,
    /// `(12.00)` and `12.00-` mean −12.00.
    pub accounting_negatives: bool,
    /// Are negative amounts (credit notes) allowed?
    pub negative: bool,
    /// Are amounts of nothing allowed?
    pub zero: bool,
    /// More than two decimal places.
    pub extra_decimals: ExtraDecimals,
}

impl Default for AmountStyle {
    fn default() -> Self {
        Self {
            thousands: ",".to_owned(),
            decimal: ".".to_owned(),
            signs: [
                "\u{a5}", "\u{ffe5}", "元", "RMB", "CNY", "$", "USD", "€", "EUR",
            ]
            .map(str::to_owned)
            .to_vec(),
            accounting_negatives: true,
            negative: false,
            zero: false,
            extra_decimals: ExtraDecimals::default(),
        }
    }
}

/// An amount as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadAmount {
    /// What is taken.
    pub money: Money,
    /// What was written.
    pub exact: Decimal,
}

impl ReadAmount {
    /// Taken minus written: not zero only where the amount was rounded.
    pub fn difference(&self) -> Decimal {
        self.money.decimal() - self.exact
    }
}

impl AmountStyle {
    /// Refuses a style that reads numbers ambiguously.
    pub fn check(&self) -> Result<(), ImportError> {
        let mark = |s: &str| {
            s.chars().count() == 1 && !s.chars().any(|c| c.is_alphanumeric() || "+-()".contains(c))
        };
        let thousands_ok = self.thousands.is_empty() || mark(&self.thousands);
        if !thousands_ok || !mark(&self.decimal) || self.thousands == self.decimal {
            return Err(ImportError::Map(
                "[amount] thousands and decimal must be two different punctuation marks".to_owned(),
            ));
        }
        if self
            .signs
            .iter()
            .any(|s| s.is_empty() || s.chars().any(|c| c.is_ascii_digit()))
        {
            return Err(ImportError::Map(
                "[amount] signs must be texts without digits".to_owned(),
            ));
        }
        Ok(())
    }

    /// Reads one amount.
    pub fn read(&self, text: &str) -> Result<ReadAmount, Reason> {
        let exact = self.exact(text)?;
        let money = match (Money::new(exact), self.extra_decimals) {
            (Err(MoneyError::TooPrecise), ExtraDecimals::HalfUp) => Money::rounded(exact),
            (other, _) => other,
        }
        .map_err(|e| match e {
            MoneyError::TooPrecise => Reason::AmountTooPrecise,
            MoneyError::OutOfRange => Reason::AmountOutOfRange,
            MoneyError::Invalid => Reason::AmountInvalid,
        })?;
        if money.is_negative() && !self.negative {
            return Err(Reason::AmountNegative);
        }
        if money.is_zero() && !self.zero {
            return Err(Reason::AmountZero);
        }
        Ok(ReadAmount { money, exact })
    }

    /// What is written, whatever may be done with it; for sums of refused rows too.
    pub fn exact(&self, text: &str) -> Result<Decimal, Reason> {
        let (mut negative, mut text) = (false, self.bare(text));
        if self.accounting_negatives {
            let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
            let wide = || {
                text.strip_prefix('\u{ff08}')
                    .and_then(|t| t.strip_suffix('\u{ff09}'))
            };
            let inner = inner.or_else(wide);
            if let Some(inner) = inner.or_else(|| text.strip_suffix('-')) {
                (negative, text) = (true, self.bare(inner));
            }
        }
        if !negative {
            for minus in ['-', '\u{2212}', '\u{ff0d}'] {
                if let Some(rest) = text.strip_prefix(minus) {
                    (negative, text) = (true, self.bare(rest));
                    break;
                }
            }
        }
        let number = self.unsigned(text)?;
        Ok(if negative { -number } else { number })
    }

    /// Without blanks and currency signs around it.
    fn bare<'a>(&self, text: &'a str) -> &'a str {
        let mut text = text.trim();
        for _ in 0..2 {
            for sign in &self.signs {
                text = text
                    .strip_prefix(sign.as_str())
                    .unwrap_or(text)
                    .trim_start();
                text = text.strip_suffix(sign.as_str()).unwrap_or(text).trim_end();
            }
        }
        text
    }

    fn unsigned(&self, text: &str) -> Result<Decimal, Reason> {
        let (whole, fraction) = text.split_once(self.decimal.as_str()).unwrap_or((text, ""));
        let whole = self.without_thousands(whole).ok_or(Reason::AmountInvalid)?;
        let digits_only = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if !digits_only(&whole) || !digits_only(fraction) || whole.is_empty() && fraction.is_empty()
        {
            return Err(Reason::AmountInvalid);
        }
        let (whole, fraction) = (
            whole.trim_start_matches('0'),
            fraction.trim_end_matches('0'),
        );
        if whole.len() > WHOLE_DIGITS {
            return Err(Reason::AmountOutOfRange);
        }
        if fraction.len() > FRACTION_DIGITS {
            return Err(Reason::AmountTooPrecise);
        }
        let digits: i128 = format!("0{whole}{fraction}")
            .parse()
            .map_err(|_| Reason::AmountInvalid)?;
        Decimal::try_from_i128_with_scale(digits, fraction.len() as u32)
            .map_err(|_| Reason::AmountOutOfRange)
    }

    /// Separators, if there are any, must stand before every third digit.
    fn without_thousands(&self, whole: &str) -> Option<String> {
        if self.thousands.is_empty() || !whole.contains(self.thousands.as_str()) {
            return Some(whole.to_owned());
        }
        let groups: Vec<&str> = whole.split(self.thousands.as_str()).collect();
        let (first, rest) = groups.split_first()?;
        let well_placed = (1..=3).contains(&first.len()) && rest.iter().all(|g| g.len() == 3);
        well_placed.then(|| groups.concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(toml: &str) -> AmountStyle {
        let style: AmountStyle = toml::from_str(toml).unwrap();
        style.check().unwrap();
        style
    }

    #[test]
    fn amounts_are_read_exactly_or_refused() {
        let check = |rules: &str, text: &str, expected: Result<&str, Reason>| {
            let read = style(rules).read(text).map(|a| a.money.to_string());
            assert_eq!(read.as_deref().map_err(|e| *e), expected, "{text}");
        };
        check("", "55.94", Ok("55.94"));
        check("", "51.6", Ok("51.60"));
        check("", "1,234,567.8", Ok("1234567.80"));
        check("", " ¥ 1,234.50 元", Ok("1234.50"));
        check("", "¥0012", Ok("12.00"));
        check("", "12.3400", Ok("12.34"));
        check("", "12,34", Err(Reason::AmountInvalid));
        check("", "", Err(Reason::AmountInvalid));
        check("", ".", Err(Reason::AmountInvalid));
        check("", "1E+05", Err(Reason::AmountInvalid));
        check("", "1.2.3", Err(Reason::AmountInvalid));
        check("", "12.345", Err(Reason::AmountTooPrecise));
        check("", "-3.00", Err(Reason::AmountNegative));
        check("", "(3.00)", Err(Reason::AmountNegative));
        check("", "0.00", Err(Reason::AmountZero));
        check("", "99999999999999.00", Err(Reason::AmountOutOfRange));
        check("zero = true", "-0", Ok("0.00"));
        check("negative = true", "-3.00", Ok("-3.00"));
        check("negative = true", "(¥3.00)", Ok("-3.00"));
        check("negative = true", "3.00-", Ok("-3.00"));
        check("negative = true", "--3", Err(Reason::AmountInvalid));
        check("negative = true", "(-3)", Err(Reason::AmountInvalid));
        check(
            "negative = true\naccounting_negatives = false",
            "(3)",
            Err(Reason::AmountInvalid),
        );
        check(
            "thousands = \".\"\ndecimal = \",\"",
            "1.234,50",
            Ok("1234.50"),
        );
        check(
            "thousands = \" \"\ndecimal = \",\"",
            "1 234,5 €",
            Ok("1234.50"),
        );
        check("extra_decimals = \"half_up\"", "64982.585", Ok("64982.59"));
        check(
            "extra_decimals = \"half_up\"",
            "0.004",
            Err(Reason::AmountZero),
        );
        check(
            "extra_decimals = \"half_up\"\nnegative = true",
            "-1.005",
            Ok("-1.01"),
        );
    }

    #[test]
    fn a_rounded_amount_says_by_how_much() {
        let read = style("extra_decimals = \"half_up\"")
            .read("64982.589")
            .unwrap();
        assert_eq!(read.difference().to_string(), "0.001");
    }

    #[test]
    fn a_style_that_reads_ambiguously_is_refused() {
        for bad in [
            "thousands = \".\"",
            "decimal = \"\"",
            "decimal = \"1\"",
            "thousands = \"ab\"",
            "signs = [\"\"]",
        ] {
            let style: AmountStyle = toml::from_str(bad).unwrap();
            assert!(style.check().is_err(), "{bad}");
        }
    }
}
