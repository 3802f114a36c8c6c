//! Choosing from few: segmented control, chips, switch, select. Real radio buttons, checkboxes and selects
//! underneath, so that keyboard and screen readers work as everywhere.

use dioxus::prelude::*;

use super::icon::{Icon, IconName};
use crate::i18n::{Lang, lang, set_lang, t};

/// One thing to choose: what the program calls it, and what people read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the handler is given.
    pub value: String,
    /// What is shown.
    pub label: String,
}

impl Choice {
    /// A choice from value and label.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// Two to five views or kinds, exactly one chosen. `name` is unique on the screen; `label` is read aloud only.
#[component]
pub fn Segmented(
    name: String,
    label: String,
    options: Vec<Choice>,
    value: String,
    onchange: EventHandler<String>,
) -> Element {
    rsx! {
        fieldset { class: "seg", id: "{name}",
            legend { class: "sr", "{label}" }
            for option in options {
                label { key: "{option.value}",
                    input {
                        r#type: "radio",
                        name: "{name}",
                        value: "{option.value}",
                        checked: option.value == value,
                        onchange: {
                            let value = option.value.clone();
                            move |_| onchange.call(value.clone())
                        },
                    }
                    span { "{option.label}" }
                }
            }
        }
    }
}

/// Chips under a question: one (radio) or, with `multiple`, any number (checkboxes).
/// The handler gets everything that is chosen now, in the order of `options`.
#[component]
pub fn ChoiceGroup(
    name: String,
    label: String,
    options: Vec<Choice>,
    selected: Vec<String>,
    #[props(default)] multiple: bool,
    #[props(default)] required: bool,
    #[props(default)] error: Option<String>,
    onchange: EventHandler<Vec<String>>,
) -> Element {
    let described_by = error.is_some().then(|| format!("{name}-error"));
    let order: Vec<String> = options.iter().map(|option| option.value.clone()).collect();
    rsx! {
        fieldset {
            class: "choices",
            id: "{name}",
            aria_describedby: described_by,
            legend {
                "{label}"
                if required {
                    span { class: "must", {t("required")} }
                }
            }
            div { class: "chips",
                for option in options {
                    label { key: "{option.value}", class: "chip",
                        input {
                            r#type: if multiple { "checkbox" } else { "radio" },
                            name: "{name}",
                            value: "{option.value}",
                            checked: selected.contains(&option.value),
                            onchange: {
                                let (value, selected, order) = (option.value.clone(), selected.clone(), order.clone());
                                move |event: FormEvent| {
                                    onchange.call(picked(&order, &selected, &value, multiple, event.checked()));
                                }
                            },
                        }
                        Icon { name: IconName::Check }
                        span { "{option.label}" }
                    }
                }
            }
            if let Some(error) = error {
                p { class: "error", id: "{name}-error", role: "alert",
                    Icon { name: IconName::Alert }
                    span { "{error}" }
                }
            }
        }
    }
}

/// What is chosen after `value` was switched on or off.
fn picked(
    order: &[String],
    selected: &[String],
    value: &str,
    multiple: bool,
    on: bool,
) -> Vec<String> {
    if !multiple {
        return vec![value.to_owned()];
    }
    order
        .iter()
        .filter(|v| {
            if *v == value {
                on
            } else {
                selected.contains(v)
            }
        })
        .cloned()
        .collect()
}

/// A setting that is on or off.
#[component]
pub fn Switch(
    label: String,
    #[props(default)] hint: Option<String>,
    checked: bool,
    onchange: EventHandler<bool>,
    #[props(extends = GlobalAttributes)] attributes: Vec<Attribute>,
) -> Element {
    rsx! {
        label { class: "switch",
            span { class: "grow",
                span { class: "t1", "{label}" }
                if let Some(hint) = hint {
                    br {}
                    span { class: "t2", "{hint}" }
                }
            }
            input {
                r#type: "checkbox",
                role: "switch",
                checked,
                onchange: move |event| onchange.call(event.checked()),
                ..attributes,
            }
        }
    }
}

/// A box to tick, with a sentence beside it.
#[component]
pub fn CheckBox(
    label: String,
    checked: bool,
    onchange: EventHandler<bool>,
    #[props(extends = GlobalAttributes)] attributes: Vec<Attribute>,
) -> Element {
    rsx! {
        label { class: "check",
            input { r#type: "checkbox", checked, onchange: move |event| onchange.call(event.checked()), ..attributes }
            span { "{label}" }
        }
    }
}

/// A filter of a list: a native select in a pill. The first option is the one that filters nothing (value "").
#[component]
pub fn FilterSelect(
    id: String,
    label: String,
    options: Vec<Choice>,
    value: String,
    onchange: EventHandler<String>,
) -> Element {
    rsx! {
        span { class: if value.is_empty() { "filter" } else { "filter on" },
            select {
                id,
                aria_label: "{label}",
                onchange: move |event| onchange.call(event.value()),
                for option in options {
                    option { key: "{option.value}", value: "{option.value}", selected: option.value == value, "{option.label}" }
                }
            }
            Icon { name: IconName::Down }
        }
    }
}

/// A filter that is on or off, for example "only exceptions".
#[component]
pub fn FilterToggle(id: String, label: String, on: bool, onchange: EventHandler<bool>) -> Element {
    rsx! {
        label { class: "chip alert",
            input { id, r#type: "checkbox", checked: on, onchange: move |event| onchange.call(event.checked()) }
            Icon { name: IconName::Check }
            span { "{label}" }
        }
    }
}

/// Switches the language of the interface. `onchange` is for storing the choice and setting `<html lang>`.
#[component]
pub fn LangSwitch(#[props(default)] onchange: EventHandler<Lang>) -> Element {
    let options = Lang::ALL
        .iter()
        .map(|lang| Choice::new(lang.tag(), lang.own_name()))
        .collect::<Vec<_>>();
    rsx! {
        Segmented {
            name: "lang",
            label: t("lang-label"),
            options,
            value: lang().tag(),
            onchange: move |tag: String| {
                let lang = Lang::from_tag(&tag);
                set_lang(lang);
                onchange.call(lang);
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::picked;

    #[test]
    fn chips_give_what_is_chosen_in_the_order_shown() {
        let order = ["a", "b", "c"].map(str::to_owned);
        let check =
            |selected: &[&str], value: &str, multiple: bool, on: bool, expected: &[&str]| {
                let selected: Vec<String> = selected.iter().map(|s| (*s).to_owned()).collect();
                assert_eq!(picked(&order, &selected, value, multiple, on), expected);
            };
        check(&[], "b", false, true, &["b"]);
        check(&["a"], "b", false, true, &["b"]);
        check(&["c"], "a", true, true, &["a", "c"]);
        check(&["a", "c"], "a", true, false, &["c"]);
        check(&["a"], "b", true, false, &["a"]);
    }
}
