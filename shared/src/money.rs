//! Money: exact sums with two decimal places in the company's currency.
//!
//! Invariants: a `Money` has at most two decimal places and lies within ±[`Money::MAX`]; every
//! operation is checked; no floating point number ever comes near it. Stores and wire carry whole
//! fen (hundredths) as an integer, people and JSON see `12345.60`.

use std::{fmt, str::FromStr};

use autosurgeon::{Hydrate, HydrateError, Reconcile, Reconciler, reconcile::NoKey};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Why something is not a sum of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The text is not a decimal number.
    #[error("not an amount")]
    Invalid,
    /// More than two decimal places.
    #[error("more than two decimal places")]
    TooPrecise,
    /// Beyond ±9,999,999,999,999.99.
    #[error("amount out of range")]
    OutOfRange,
}

impl MoneyError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Invalid => "money.invalid",
            Self::TooPrecise => "money.too_precise",
            Self::OutOfRange => "money.out_of_range",
        }
    }
}

/// A sum of money with two decimal places.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(Decimal);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(Decimal::ZERO);
    /// The largest sum: 9,999,999,999,999.99.
    pub const MAX: Money = Money(Decimal::from_parts(2_764_472_319, 232_830, 0, false, 2));
    const MAX_FEN: i64 = 999_999_999_999_999;

    /// Takes a decimal that has at most two places and lies in range.
    pub fn new(value: Decimal) -> Result<Self, MoneyError> {
        let value = value.normalize();
        if value.scale() > 2 {
            return Err(MoneyError::TooPrecise);
        }
        Self(value).bounded()
    }

    /// Rounds a decimal to two places, halves away from zero (the rule of Chinese invoices, 四舍五入).
    pub fn rounded(value: Decimal) -> Result<Self, MoneyError> {
        Self(value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)).bounded()
    }

    /// From hundredths, as stores and the wire carry them.
    pub fn from_fen(fen: i64) -> Result<Self, MoneyError> {
        match fen.unsigned_abs() > Self::MAX_FEN.unsigned_abs() {
            true => Err(MoneyError::OutOfRange),
            false => Ok(Self(Decimal::new(fen, 2))),
        }
    }

    /// From whole yuan.
    pub fn from_yuan(yuan: u32) -> Self {
        Self(Decimal::from(yuan)).with_two_places()
    }

    /// Hundredths.
    pub fn fen(self) -> i64 {
        let mut value = self.0;
        value.rescale(2);
        // |mantissa| ≤ MAX_FEN by construction, so the cast keeps every digit.
        value.mantissa() as i64
    }

    /// The exact decimal.
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// Sum, if it stays in range.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        Self::from_fen(self.fen() + other.fen())
    }

    /// Difference, if it stays in range.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        Self::from_fen(self.fen() - other.fen())
    }

    /// Adds all sums; an error if any partial sum leaves the range.
    pub fn sum(items: impl IntoIterator<Item = Money>) -> Result<Self, MoneyError> {
        items.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// The same sum with the other sign.
    pub fn negated(self) -> Self {
        Self(-self.0)
    }

    /// Splits into `parts` sums that differ by at most one fen and add up exactly; the earlier ones
    /// are the larger. No parts give an empty list.
    pub fn split(self, parts: u32) -> Vec<Money> {
        let (fen, count) = (self.fen(), i64::from(parts));
        (0..count)
            .map(|i| {
                let (share, rest) = (fen.div_euclid(count), fen.rem_euclid(count));
                Self(Decimal::new(share + i64::from(i < rest), 2))
            })
            .collect()
    }

    /// Is it exactly nothing?
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Is it more than nothing?
    pub fn is_positive(self) -> bool {
        self.0 > Decimal::ZERO
    }

    /// Is it less than nothing?
    pub fn is_negative(self) -> bool {
        self.0 < Decimal::ZERO
    }

    fn bounded(self) -> Result<Self, MoneyError> {
        let limit = Decimal::new(Self::MAX_FEN, 2);
        if self.0 > limit || self.0 < -limit {
            Err(MoneyError::OutOfRange)
        } else {
            Ok(self.with_two_places())
        }
    }

    fn with_two_places(mut self) -> Self {
        self.0.rescale(2);
        if self.0.is_zero() {
            self.0 = Decimal::new(0, 2);
        }
        self
    }
}

/// Prints `12345.60`, without separators: for files, JSON and logs of tests.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_two_places().0.fmt(f)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "¥{self}")
    }
}

/// Reads `12345.6`, `12,345.60`, `¥12,345.60` and a leading minus; nothing else.
impl FromStr for Money {
    type Err = MoneyError;
    fn from_str(s: &str) -> Result<Self, MoneyError> {
        let text = s.trim();
        let (negative, text) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        let text = text.trim_start_matches(['¥', '¥']);
        let (whole, fraction) = text
            .split_once('.')
            .map_or((text, None), |(w, f)| (w, Some(f)));
        let digits = without_separators(whole).ok_or(MoneyError::Invalid)?;
        let fraction = fraction.unwrap_or("");
        if !fraction.bytes().all(|b| b.is_ascii_digit()) || digits.is_empty() && fraction.is_empty()
        {
            return Err(MoneyError::Invalid);
        }
        if fraction.trim_end_matches('0').len() > 2 {
            return Err(MoneyError::TooPrecise);
        }
        if digits.len() > 13 {
            return Err(MoneyError::OutOfRange);
        }
        let fen: String = digits
            .chars()
            .chain(fraction.chars().chain("00".chars()).take(2))
            .collect();
        let fen: i64 = fen.parse().map_err(|_| MoneyError::Invalid)?;
        Self::from_fen(if negative { -fen } else { fen })
    }
}

/// Digits without thousands separators, which must stand where they belong if there are any.
fn without_separators(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let well_placed = rest.is_empty()
        || (!first.is_empty() && first.len() <= 3 && rest.iter().all(|g| g.len() == 3));
    let digits = whole.replace(',', "");
    let digits_only = digits.bytes().all(|b| b.is_ascii_digit());
    (well_placed && digits_only).then(|| {
        let trimmed = digits.trim_start_matches('0');
        if trimmed.is_empty() && !digits.is_empty() {
            "0".to_owned()
        } else {
            trimmed.to_owned()
        }
    })
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() {
            s.collect_str(self)
        } else {
            s.serialize_i64(self.fen())
        }
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        if d.is_human_readable() {
            String::deserialize(d)?.parse().map_err(D::Error::custom)
        } else {
            Self::from_fen(i64::deserialize(d)?).map_err(D::Error::custom)
        }
    }
}

impl Reconcile for Money {
    type Key<'a> = NoKey;
    fn reconcile<R: Reconciler>(&self, mut r: R) -> Result<(), R::Error> {
        r.str(self.to_string())
    }
}

impl Hydrate for Money {
    fn hydrate_string(s: &str) -> Result<Self, HydrateError> {
        s.parse()
            .map_err(|_| HydrateError::unexpected("an amount", s.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_largest_sum_is_the_documented_one() {
        assert_eq!(Money::MAX.fen(), Money::MAX_FEN);
        assert_eq!(Money::MAX.to_string(), "9999999999999.99");
        assert_eq!(
            Money::MAX.checked_add(Money::from_fen(1).unwrap()),
            Err(MoneyError::OutOfRange)
        );
    }

    #[test]
    fn text_is_read_exactly_or_refused() {
        let check = |text: &str, expected: Result<i64, MoneyError>| {
            assert_eq!(text.parse::<Money>().map(Money::fen), expected, "{text}");
        };
        check("12345.6", Ok(1_234_560));
        check("¥12,345.60", Ok(1_234_560));
        check("-0.05", Ok(-5));
        check(".5", Ok(50));
        check("007", Ok(700));
        check("0", Ok(0));
        check("1.230", Ok(123));
        check("1.234", Err(MoneyError::TooPrecise));
        check("12,34.00", Err(MoneyError::Invalid));
        check("", Err(MoneyError::Invalid));
        check(".", Err(MoneyError::Invalid));
        check("1e5", Err(MoneyError::Invalid));
        check("--1", Err(MoneyError::Invalid));
        check("12345678901234", Err(MoneyError::OutOfRange));
    }

    #[test]
    fn a_split_adds_up_and_is_even_to_the_fen() {
        let parts = Money::from_fen(10_000).unwrap().split(3);
        assert_eq!(
            parts.iter().map(|p| p.fen()).collect::<Vec<_>>(),
            [3_334, 3_333, 3_333]
        );
        assert_eq!(Money::sum(parts), Money::from_fen(10_000));
        assert!(Money::MAX.split(0).is_empty());
    }

    fn any_money() -> impl Strategy<Value = Money> {
        let fen = prop_oneof![
            -Money::MAX_FEN..=Money::MAX_FEN,
            -200i64..200,
            Just(Money::MAX_FEN),
            Just(-Money::MAX_FEN),
        ];
        fen.prop_map(|fen| Money::from_fen(fen).unwrap())
    }

    proptest! {
        #[test]
        fn what_is_printed_or_stored_reads_back_as_the_same_sum(sum in any_money()) {
            prop_assert_eq!(sum.to_string().parse(), Ok(sum));
            prop_assert_eq!(Money::from_fen(sum.fen()), Ok(sum));
            prop_assert_eq!(Money::new(sum.decimal()), Ok(sum));
            let json = serde_json::to_string(&sum).unwrap();
            prop_assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), sum);
            let wire = postcard::to_stdvec(&sum).unwrap();
            prop_assert_eq!(postcard::from_bytes::<Money>(&wire).unwrap(), sum);
        }

        #[test]
        fn thousands_separators_change_nothing(sum in any_money()) {
            let text = sum.to_string();
            let (whole, fraction) = text.split_once('.').unwrap();
            let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |d| ("-", d));
            let groups: Vec<&str> = digits
                .as_bytes()
                .rchunks(3)
                .rev()
                .map(|group| std::str::from_utf8(group).unwrap())
                .collect();
            let grouped = format!("{sign}¥{}.{fraction}", groups.join(","));
            prop_assert_eq!(grouped.parse(), Ok(sum));
        }

        #[test]
        fn taking_away_what_was_added_gives_the_sum_back(a in any_money(), b in any_money()) {
            match a.checked_add(b) {
                Ok(sum) => {
                    prop_assert_eq!(sum.checked_sub(b), Ok(a));
                    prop_assert_eq!(b.checked_add(a), Ok(sum));
                    prop_assert_eq!(a.checked_sub(b.negated()), Ok(sum));
                }
                Err(error) => {
                    prop_assert_eq!(error, MoneyError::OutOfRange);
                    prop_assert!((a.fen() + b.fen()).abs() > Money::MAX_FEN);
                }
            }
        }

        #[test]
        fn the_parts_of_a_split_add_up_and_differ_by_a_fen_at_most(
            sum in any_money(),
            parts in 1u32..60,
        ) {
            let shares = sum.split(parts);
            prop_assert_eq!(shares.len(), parts as usize);
            prop_assert_eq!(shares.iter().map(|s| s.fen()).sum::<i64>(), sum.fen());
            let (most, least) = (shares.iter().max().unwrap(), shares.iter().min().unwrap());
            prop_assert!(most.fen() - least.fen() <= 1);
            prop_assert!(shares.is_sorted_by(|a, b| a >= b));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in ".{0,30}") {
            if let Ok(sum) = text.parse::<Money>() {
                prop_assert_eq!(sum.to_string().parse(), Ok(sum));
            }
        }

        #[test]
        fn order_and_equality_are_those_of_the_fen(a in any_money(), b in any_money()) {
            prop_assert_eq!(a.cmp(&b), a.fen().cmp(&b.fen()));
            prop_assert_eq!(a == b, a.fen() == b.fen());
        }
    }
}
