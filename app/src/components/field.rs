//! Text, number and date entry: label above, input, hint or error below.
//!
//! Invariant: inputs are uncontrolled. They start with `initial` and report every change; the program
//! never writes into a field while somebody types (composed Chinese input would break). To start anew,
//! give the component another `key`.

use dioxus::prelude::*;
use shared::day::Day;

use super::icon::{Icon, IconName};
use crate::i18n::t;

/// What is typed into a field: decides keyboard, autofill and look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    /// A line of text.
    #[default]
    Text,
    /// A telephone number.
    Phone,
    /// A sum of money: decimal pad, right-aligned, ¥ in front.
    Money,
    /// A whole number.
    Digits,
    /// A search.
    Search,
    /// A short code read from another screen.
    Code,
}

impl FieldKind {
    const fn input_type(self) -> &'static str {
        match self {
            FieldKind::Phone => "tel",
            FieldKind::Search => "search",
            _ => "text",
        }
    }

    const fn input_mode(self) -> Option<&'static str> {
        match self {
            FieldKind::Phone => Some("tel"),
            FieldKind::Money => Some("decimal"),
            FieldKind::Digits => Some("numeric"),
            FieldKind::Search => Some("search"),
            FieldKind::Text | FieldKind::Code => None,
        }
    }

    const fn class(self) -> &'static str {
        match self {
            FieldKind::Money => "input money",
            FieldKind::Search => "input search",
            _ => "input",
        }
    }
}

/// A labelled line of input.
#[component]
pub fn Field(
    id: String,
    label: String,
    #[props(default)] kind: FieldKind,
    #[props(default)] initial: String,
    oninput: EventHandler<String>,
    /// Enter was pressed.
    #[props(default)]
    onenter: EventHandler<()>,
    #[props(default)] hint: Option<String>,
    #[props(default)] error: Option<String>,
    #[props(default)] placeholder: Option<String>,
    /// Unit behind the value.
    #[props(default)]
    unit: Option<String>,
    #[props(default)] required: bool,
    #[props(default)] disabled: bool,
    /// Hides the label from the eye, not from screen readers (search boxes).
    #[props(default)]
    label_hidden: bool,
    #[props(default = 200)] max_length: u32,
    #[props(default)] autocomplete: Option<String>,
) -> Element {
    let note = note_id(&id, &hint, &error);
    let invalid = error.is_some().then_some("true");
    rsx! {
        div { class: "field",
            label { r#for: "{id}", class: if label_hidden { "sr" },
                "{label}"
                if required {
                    span { class: "must", {t("required")} }
                }
            }
            div { class: if kind == FieldKind::Money { "input-wrap unit" } else { "input-wrap" },
                match kind {
                    FieldKind::Money => rsx! { span { class: "lead", aria_hidden: "true", "¥" } },
                    FieldKind::Search => rsx! { span { class: "lead", aria_hidden: "true", Icon { name: IconName::Search, class: "sm" } } },
                    _ => rsx! {},
                }
                input {
                    id: "{id}",
                    class: kind.class(),
                    r#type: kind.input_type(),
                    inputmode: kind.input_mode(),
                    autocapitalize: if kind == FieldKind::Code { "characters" },
                    autocomplete: autocomplete.unwrap_or_else(|| "off".to_owned()),
                    initial_value: "{initial}",
                    placeholder,
                    maxlength: "{max_length}",
                    required,
                    disabled,
                    aria_invalid: invalid,
                    aria_describedby: note,
                    oninput: move |event| oninput.call(event.value()),
                    onkeydown: move |event| {
                        if event.key() == Key::Enter && !event.is_composing() {
                            onenter.call(());
                        }
                    },
                }
                if let Some(unit) = unit {
                    span { class: "trail", "{unit}" }
                }
            }
            Note { id: "{id}", hint, error }
        }
    }
}

/// Several lines of text; grows with what is written.
#[component]
pub fn TextArea(
    id: String,
    label: String,
    #[props(default)] initial: String,
    oninput: EventHandler<String>,
    #[props(default)] hint: Option<String>,
    #[props(default)] error: Option<String>,
    #[props(default)] placeholder: Option<String>,
    #[props(default)] required: bool,
    #[props(default = 2_000)] max_length: u32,
) -> Element {
    let note = note_id(&id, &hint, &error);
    let invalid = error.is_some().then_some("true");
    rsx! {
        div { class: "field",
            label { r#for: "{id}",
                "{label}"
                if required {
                    span { class: "must", {t("required")} }
                }
            }
            textarea {
                id: "{id}",
                class: "input",
                rows: "3",
                initial_value: "{initial}",
                placeholder,
                maxlength: "{max_length}",
                required,
                aria_invalid: invalid,
                aria_describedby: note,
                oninput: move |event| oninput.call(event.value()),
            }
            Note { id: "{id}", hint, error }
        }
    }
}

/// A day, picked with the calendar of the device. The handler gets nothing while the day is incomplete.
#[component]
pub fn DateField(
    id: String,
    label: String,
    #[props(default)] initial: Option<Day>,
    #[props(default)] min: Option<Day>,
    #[props(default)] max: Option<Day>,
    onchange: EventHandler<Option<Day>>,
    #[props(default)] hint: Option<String>,
    #[props(default)] error: Option<String>,
    #[props(default)] required: bool,
) -> Element {
    let note = note_id(&id, &hint, &error);
    let invalid = error.is_some().then_some("true");
    rsx! {
        div { class: "field",
            label { r#for: "{id}",
                "{label}"
                if required {
                    span { class: "must", {t("required")} }
                }
            }
            input {
                id: "{id}",
                class: "input",
                r#type: "date",
                initial_value: initial.map(|day| day.to_string()).unwrap_or_default(),
                min: min.map(|day| day.to_string()),
                max: max.map(|day| day.to_string()),
                required,
                aria_invalid: invalid,
                aria_describedby: note,
                oninput: move |event| onchange.call(parse_day(&event.value())),
            }
            Note { id: "{id}", hint, error }
        }
    }
}

/// One of many, from the list of the device.
#[component]
pub fn SelectField(
    id: String,
    label: String,
    options: Vec<super::choice::Choice>,
    value: String,
    onchange: EventHandler<String>,
    #[props(default)] hint: Option<String>,
    #[props(default)] error: Option<String>,
) -> Element {
    let note = note_id(&id, &hint, &error);
    let invalid = error.is_some().then_some("true");
    rsx! {
        div { class: "field",
            label { r#for: "{id}", "{label}" }
            select {
                id: "{id}",
                class: "input",
                aria_invalid: invalid,
                aria_describedby: note,
                onchange: move |event| onchange.call(event.value()),
                for option in options {
                    option { key: "{option.value}", value: "{option.value}", selected: option.value == value, "{option.label}" }
                }
            }
            Note { id: "{id}", hint, error }
        }
    }
}

#[component]
fn Note(id: String, hint: Option<String>, error: Option<String>) -> Element {
    rsx! {
        if let Some(error) = error {
            p { class: "error", id: "{id}-note", role: "alert",
                Icon { name: IconName::Alert }
                span { "{error}" }
            }
        } else if let Some(hint) = hint {
            p { class: "hint", id: "{id}-note", "{hint}" }
        }
    }
}

fn note_id(id: &str, hint: &Option<String>, error: &Option<String>) -> Option<String> {
    (hint.is_some() || error.is_some()).then(|| format!("{id}-note"))
}

fn parse_day(text: &str) -> Option<Day> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_input_gives_a_day_or_nothing() {
        for (text, expected) in [
            ("2026-11-21", Day::new(2026, 11, 21)),
            ("", None),
            ("2026-11", None),
            ("2026-02-30", None),
        ] {
            assert_eq!(parse_day(text), expected, "{text}");
        }
    }
}
