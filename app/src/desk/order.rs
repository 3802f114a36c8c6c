//! The sheet in which a command of finance is issued: what will happen, what it needs, why.
//!
//! Invariants: the command's id is drawn when the sheet opens, so that a second tap, or another try after the
//! connection broke, changes nothing twice; the sheet stays open with everything in it until the server has
//! said that the command stands.

use dioxus::prelude::*;
use serde_json::Value;

use super::{
    api::{self, Failure, Taken},
    browser,
    state::use_desk,
    words,
};
use crate::{
    components::{Banner, Button, ButtonKind, Sheet, TextArea, Tone, toast},
    i18n::t,
};

/// The longest reason that the server takes, in characters.
const LONGEST_REASON: u32 = 500;

/// Issues one command. `children` say what it does and hold its fields.
#[component]
pub fn Order(
    title: String,
    /// The button that issues it.
    confirm: String,
    /// The command's id, where what it is about gives one: whoever issues it, it is taken once.
    #[props(default)]
    id: Option<String>,
    /// Where the reason is sent in place of a command, with what `command` gives beside it.
    #[props(default)]
    send_to: Option<String>,
    /// It takes something away or cannot be taken back.
    #[props(default)]
    danger: bool,
    /// A reason to begin with, where it is mostly the same.
    #[props(default)]
    reason: String,
    /// The command as it is sent, or the sentence that says what is missing.
    command: Callback<(), Result<Value, String>>,
    /// What is said when it stands.
    done: String,
    /// Called with the command as it stands.
    #[props(default)]
    ontaken: EventHandler<Taken>,
    onclose: EventHandler<()>,
    children: Element,
) -> Element {
    let desk = use_desk();
    let id = use_hook(|| id.or_else(browser::command_id));
    let mut busy = use_signal(|| false);
    let mut problem = use_signal(|| None::<String>);
    let first_reason = reason.clone();
    let mut why = use_signal(move || reason);
    let send = move |_| {
        if busy() {
            return;
        }
        let Some(id) = id.clone() else {
            let code = "device.no_entropy".to_owned();
            problem.set(Some(words::sentence(&Failure { code })));
            return;
        };
        let reason = why.read().trim().to_owned();
        let body = match command.call(()) {
            Err(sentence) => return problem.set(Some(sentence)),
            Ok(_) if reason.is_empty() => return problem.set(Some(t("desk-reason-missing"))),
            Ok(body) => body,
        };
        busy.set(true);
        problem.set(None);
        let done = done.clone();
        let send_to = send_to.clone();
        spawn(async move {
            let answer = match send_to {
                None => api::command(&id, &reason, body).await.map(Some),
                Some(path) => api::send(&path, &id, &reason, body).await.map(|()| None),
            };
            busy.set(false);
            match answer {
                Ok(taken) => {
                    toast(Tone::Green, done);
                    desk.look_again();
                    if let Some(taken) = taken {
                        ontaken.call(taken);
                    }
                    onclose.call(());
                }
                Err(failure) => problem.set(Some(words::sentence(&failure))),
            }
        });
    };
    let kind = match danger {
        true => ButtonKind::Danger,
        false => ButtonKind::Primary,
    };
    rsx! {
        Sheet {
            title,
            id: "order",
            onclose,
            foot: rsx! {
                Button { kind: ButtonKind::Sub, disabled: busy(), id: "order-no", onclick: move |_| onclose.call(()), {t("cancel")} }
                Button { kind, busy: busy(), wide: true, id: "order-yes", onclick: send, "{confirm}" }
            },
            {children}
            TextArea {
                id: "order-reason",
                label: t("desk-reason"),
                initial: first_reason,
                required: true,
                max_length: LONGEST_REASON,
                oninput: move |text| why.set(text),
            }
            if let Some(problem) = problem() {
                Banner { tone: Tone::Red, urgent: true, id: "order-problem", title: t("desk-not-done"), body: problem }
            }
        }
    }
}

/// What the sum that was typed is: none if nothing was typed, an error if it is no sum.
pub fn typed_sum(raw: &str) -> Result<Option<shared::money::Money>, String> {
    let plain: String = raw
        .chars()
        .filter(|c| !matches!(c, ',' | ' ' | '¥' | '，'))
        .collect();
    match plain.is_empty() {
        true => Ok(None),
        false => plain.parse().map(Some).map_err(|_| t("desk-sum-wrong")),
    }
}

/// The sum that was typed, which has to be there and to be positive.
pub fn needed_sum(raw: &str) -> Result<shared::money::Money, String> {
    match typed_sum(raw)? {
        Some(sum) if sum.is_positive() => Ok(sum),
        _ => Err(t("desk-sum-wrong")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read_as_people_type_them() {
        let check = |raw: &str, expected: Option<&str>| {
            let found = needed_sum(raw).ok().map(|sum| sum.to_string());
            assert_eq!(found.as_deref(), expected, "{raw}");
        };
        check("1,200.5", Some("1200.50"));
        check(" ¥30 ", Some("30.00"));
        check("0", None);
        check("-5", None);
        check("abc", None);
        check("1.234", None);
        check("", None);
        assert_eq!(typed_sum(""), Ok(None));
    }
}
