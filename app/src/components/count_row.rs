//! A line of a count: of what, how many, and what that is worth.
//!
//! Invariant: as every input it is uncontrolled: it begins with `initial` and reports every change.

use dioxus::prelude::*;
use shared::money::Money;

use super::amount::Amount;

/// A line of a count. `oncount` gets none for text that is no count.
#[component]
pub fn CountRow(
    id: String,
    /// Of what: `100 元`.
    label: String,
    /// What is counted: 张.
    unit: String,
    initial: u32,
    /// What that many are worth.
    worth: Option<Money>,
    oncount: EventHandler<Option<u32>>,
) -> Element {
    let mut wrong = use_signal(|| false);
    let start = use_hook(|| match initial {
        0 => String::new(),
        count => count.to_string(),
    });
    rsx! {
        div { class: "count-row",
            label { r#for: "{id}", class: "t1", "{label}" }
            span { class: "count-of",
                span { aria_hidden: "true", "×" }
                input {
                    id: "{id}",
                    class: "input",
                    r#type: "text",
                    inputmode: "numeric",
                    autocomplete: "off",
                    maxlength: "6",
                    placeholder: "0",
                    initial_value: "{start}",
                    aria_invalid: wrong().then_some("true"),
                    oninput: move |event| {
                        let text = event.value();
                        let text = text.trim();
                        let count = match text.is_empty() {
                            true => Some(0),
                            false => text.parse::<u32>().ok(),
                        };
                        wrong.set(count.is_none());
                        oncount.call(count);
                    },
                }
                span { class: "t3", "{unit}" }
            }
            span { class: "count-worth",
                if let Some(value) = worth {
                    Amount { value }
                }
            }
        }
    }
}
