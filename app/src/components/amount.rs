//! Sums of money on the screen: amounts, bars of shares, aging.

use dioxus::prelude::*;
use shared::money::Money;

use super::tone::Tone;
use crate::format::{self, MoneyParts};

/// How large a sum stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AmountSize {
    /// In a row or a table.
    #[default]
    Row,
    /// In a card's head, 20 px.
    Large,
    /// The sum of a screen, 34 px.
    Huge,
    /// The sum being entered, 44 px.
    Display,
}

impl AmountSize {
    const fn class(self) -> &'static str {
        match self {
            AmountSize::Row => "row-size",
            AmountSize::Large => "large",
            AmountSize::Huge => "huge",
            AmountSize::Display => "display",
        }
    }
}

/// A sum with ¥, thousands, and smaller decimals where it stands large.
#[component]
pub fn Amount(
    value: Money,
    #[props(default)] size: AmountSize,
    #[props(default)] tone: Tone,
    /// Without the ¥, in columns whose head names the currency.
    #[props(default)]
    bare: bool,
    #[props(extends = GlobalAttributes)] attributes: Vec<Attribute>,
) -> Element {
    let MoneyParts {
        whole,
        cents,
        negative,
    } = format::money_parts(value);
    let sign = match (negative, bare) {
        (true, true) => "-",
        (true, false) => "-¥",
        (false, true) => "",
        (false, false) => "¥",
    };
    // Sums of a hundred million and more would not fit a phone at the largest size.
    let long = if whole.len() > 10 && matches!(size, AmountSize::Huge | AmountSize::Display) {
        "long"
    } else {
        ""
    };
    let tone = if tone == Tone::Neutral {
        ""
    } else {
        tone.class()
    };
    rsx! {
        span { class: "amount {size.class()} {long} {tone}", ..attributes,
            "{sign}{whole}"
            span { class: "cents", "{cents}" }
        }
    }
}

/// The sum being typed on the number pad: separators as typed, the decimals that are still missing in grey.
#[component]
pub fn TypedAmount(raw: String, #[props(default)] id: Option<String>) -> Element {
    let shown = if raw.is_empty() {
        "0".to_owned()
    } else {
        format::typed(&raw)
    };
    let ghost = match raw.split_once('.') {
        None => ".00",
        Some((_, "")) => "00",
        Some((_, cents)) if cents.len() == 1 => "0",
        Some(_) => "",
    };
    let long = if shown.len() > 10 { "long" } else { "" };
    rsx! {
        output { class: "amount display {long}", id, aria_label: crate::i18n::t("amount-entered"),
            "¥{shown}"
            span { class: "ghost", "{ghost}" }
        }
    }
}

/// One part of a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct BarPart {
    /// What it is, with its figure: `1–30 天 13,860`.
    pub label: String,
    /// Its length against the other parts.
    pub weight: Money,
    /// Its colour.
    pub colour: BarColour,
}

/// Colours of bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarColour {
    /// Done.
    Primary,
    /// Under way.
    PrimaryMid,
    /// What is left; shows the bar's ground.
    Rest,
    /// Aging: not yet due.
    Age0,
    /// Up to 30 days overdue.
    Age1,
    /// 31 to 60 days.
    Age2,
    /// 61 to 90 days.
    Age3,
    /// More than 90 days.
    Age4,
}

impl BarColour {
    /// The colour of an aging bucket: 0 not yet due, 1 up to 30 days, …, 4 and above more than 90.
    pub const fn age(bucket: usize) -> Self {
        match bucket {
            0 => BarColour::Age0,
            1 => BarColour::Age1,
            2 => BarColour::Age2,
            3 => BarColour::Age3,
            _ => BarColour::Age4,
        }
    }

    const fn class(self) -> &'static str {
        match self {
            BarColour::Primary => "p0",
            BarColour::PrimaryMid => "p1",
            BarColour::Rest => "rest",
            BarColour::Age0 => "a0",
            BarColour::Age1 => "a1",
            BarColour::Age2 => "a2",
            BarColour::Age3 => "a3",
            BarColour::Age4 => "a4",
        }
    }

    const fn is_late(self) -> bool {
        matches!(self, BarColour::Age3 | BarColour::Age4)
    }
}

/// Shares of a whole as one bar, with a legend of the parts that have a label. Parts of nothing are left out.
/// Account aging: one part for each bucket, coloured by [`BarColour::age`].
#[component]
pub fn AgingBar(
    parts: Vec<BarPart>,
    /// What the bar shows, read aloud.
    label: String,
) -> Element {
    let total: i64 = parts
        .iter()
        .map(|part| part.weight.fen().max(0))
        .fold(0, i64::saturating_add);
    let shown: Vec<&BarPart> = parts
        .iter()
        .filter(|part| part.weight.is_positive())
        .collect();
    rsx! {
        div { class: "bar-box",
            div { class: "bar", role: "img", aria_label: "{label}",
                for (index , part) in shown.iter().enumerate() {
                    i {
                        key: "{index}",
                        class: part.colour.class(),
                        width: "{share_percent(part.weight.fen(), total)}%",
                    }
                }
            }
            ul { class: "legend",
                for (index , part) in shown.iter().enumerate().filter(|(_, part)| !part.label.is_empty()) {
                    li { key: "{index}", class: if part.colour.is_late() { "late" },
                        span { class: "key {part.colour.class()}", aria_hidden: "true" }
                        span { class: "num", "{part.label}" }
                    }
                }
            }
        }
    }
}

/// A share as text with one decimal: `33.3`.
fn share_percent(part: i64, total: i64) -> String {
    if total <= 0 {
        return "0".to_owned();
    }
    let permille = i128::from(part.max(0)) * 1_000 / i128::from(total);
    format!("{}.{}", permille / 10, permille % 10)
}

#[cfg(test)]
mod tests {
    use super::share_percent;

    #[test]
    fn shares_of_a_bar_stay_within_it() {
        for (part, total, expected) in [
            (1, 3, "33.3"),
            (3, 3, "100.0"),
            (0, 5, "0.0"),
            (-5, 5, "0.0"),
            (5, 0, "0"),
            (999_999_999_999_999, 999_999_999_999_999, "100.0"),
        ] {
            assert_eq!(share_percent(part, total), expected);
        }
    }
}
