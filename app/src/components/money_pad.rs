//! The number pad for sums: big keys under the thumb, and the same keys on a keyboard.
//!
//! Invariant: the raw text it hands out is always a sum that `Money` can read, or empty:
//! at most 10 digits, one point, two decimals, no leading zeros.

use dioxus::prelude::*;

use super::icon::{Icon, IconName};
use crate::i18n::t;

/// Whole digits that can be typed: sums below ten thousand million yuan.
const MAX_WHOLE_DIGITS: usize = 10;

/// A key of the pad.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PadKey {
    /// A digit, 0–9.
    Digit(u8),
    /// Two zeros at once.
    DoubleZero,
    /// The decimal point.
    Point,
    /// Takes the last character away.
    Backspace,
}

impl PadKey {
    /// The key that a keyboard's text stands for (`，`, `。` and `,` count as a point).
    fn from_keyboard(key: &Key) -> Option<Self> {
        match key {
            Key::Backspace | Key::Delete => Some(PadKey::Backspace),
            Key::Character(text) => match text.as_str() {
                "." | "," | "。" | "\u{ff0c}" | "\u{ff0e}" => Some(PadKey::Point),
                digit => digit
                    .parse::<u8>()
                    .ok()
                    .filter(|d| *d < 10)
                    .map(PadKey::Digit),
            },
            _ => None,
        }
    }
}

/// The text after a key; a key that does not fit changes nothing.
pub fn press(raw: &str, key: PadKey) -> String {
    let mut text = raw.to_owned();
    match key {
        PadKey::Backspace => {
            text.pop();
            if text == "0" {
                text.clear();
            }
        }
        PadKey::Point => {
            if !text.contains('.') {
                if text.is_empty() {
                    text.push('0');
                }
                text.push('.');
            }
        }
        PadKey::Digit(digit) => push_digit(&mut text, digit),
        PadKey::DoubleZero => {
            push_digit(&mut text, 0);
            push_digit(&mut text, 0);
        }
    }
    text
}

fn push_digit(text: &mut String, digit: u8) {
    let fits = match text.split_once('.') {
        Some((_, cents)) => cents.len() < 2,
        None => text.len() < MAX_WHOLE_DIGITS && !(text.is_empty() && digit == 0),
    };
    if fits {
        text.push(char::from(b'0' + digit.min(9)));
    }
}

const KEYS: [PadKey; 13] = [
    PadKey::Digit(1),
    PadKey::Digit(2),
    PadKey::Digit(3),
    PadKey::Backspace,
    PadKey::Digit(4),
    PadKey::Digit(5),
    PadKey::Digit(6),
    PadKey::Digit(7),
    PadKey::Digit(8),
    PadKey::Digit(9),
    PadKey::Point,
    PadKey::Digit(0),
    PadKey::DoubleZero,
];
/// The commit key stands after the 6, spanning three rows.
const KEYS_BEFORE_COMMIT: usize = 7;

/// The pad. `value` is the raw text so far (show it with `TypedAmount`); `onchange` gets the text after a key;
/// the large key, or Enter, calls `oncommit`.
#[component]
pub fn MoneyPad(
    value: String,
    onchange: EventHandler<String>,
    commit_label: String,
    #[props(default)] commit_disabled: bool,
    oncommit: EventHandler<()>,
) -> Element {
    let typed = value.clone();
    let key_button = move |key: PadKey| {
        let value = value.clone();
        rsx! {
            PadButton { key: "{key:?}", pad_key: key, onpress: move |key| onchange.call(press(&value, key)) }
        }
    };
    rsx! {
        div {
            class: "pad no-print",
            role: "group",
            aria_label: t("pad-label"),
            onkeydown: move |event| {
                if let Some(key) = PadKey::from_keyboard(&event.key()) {
                    event.prevent_default();
                    onchange.call(press(&typed, key));
                }
            },
            for key in KEYS.into_iter().take(KEYS_BEFORE_COMMIT) {
                {key_button(key)}
            }
            button {
                class: "go",
                id: "pad-commit",
                r#type: "button",
                disabled: commit_disabled,
                onclick: move |_| oncommit.call(()),
                "{commit_label}"
            }
            for key in KEYS.into_iter().skip(KEYS_BEFORE_COMMIT) {
                {key_button(key)}
            }
        }
    }
}

#[component]
fn PadButton(pad_key: PadKey, onpress: EventHandler<PadKey>) -> Element {
    let (text, label, id) = match pad_key {
        PadKey::Digit(digit) => (digit.to_string(), None, format!("pad-{digit}")),
        PadKey::DoubleZero => ("00".to_owned(), None, "pad-00".to_owned()),
        PadKey::Point => (".".to_owned(), Some(t("pad-point")), "pad-point".to_owned()),
        PadKey::Backspace => (
            String::new(),
            Some(t("pad-backspace")),
            "pad-backspace".to_owned(),
        ),
    };
    rsx! {
        button { id, r#type: "button", aria_label: label, onclick: move |_| onpress.call(pad_key),
            if pad_key == PadKey::Backspace {
                Icon { name: IconName::Backspace }
            } else {
                "{text}"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::money::Money;

    use super::*;

    #[test]
    fn keys_build_only_sums() {
        use PadKey::{Backspace as Back, Digit as D, DoubleZero as DD, Point as P};
        for (keys, expected) in [
            (vec![], ""),
            (vec![D(1), D(2), DD, D(0)], "12000"),
            (vec![D(0), D(0), D(5)], "5"),
            (vec![DD], ""),
            (vec![P, D(5)], "0.5"),
            (vec![D(0), P, D(0), D(5), D(9)], "0.05"),
            (vec![D(1), P, P, DD, D(1)], "1.00"),
            (vec![D(1), P, D(5), Back, Back, D(7)], "17"),
            (vec![P, Back], ""),
            (vec![Back], ""),
            (vec![D(9); 15], "9999999999"),
        ] {
            let typed = keys
                .iter()
                .fold(String::new(), |raw, key| press(&raw, *key));
            assert_eq!(typed, expected, "{keys:?}");
            assert!(
                typed.is_empty() || typed.trim_end_matches('.').parse::<Money>().is_ok(),
                "{typed}"
            );
        }
    }

    #[test]
    fn a_keyboard_types_the_same_keys() {
        for (key, expected) in [
            (Key::Character("7".into()), Some(PadKey::Digit(7))),
            (Key::Character("。".into()), Some(PadKey::Point)),
            (Key::Backspace, Some(PadKey::Backspace)),
            (Key::Character("12".into()), None),
            (Key::Tab, None),
        ] {
            assert_eq!(PadKey::from_keyboard(&key), expected, "{key:?}");
        }
    }
}
