//! A sheet that asks for the reason of an order that takes a record's word back, and then gives it.

use dioxus::prelude::*;

use crate::{
    components::{ConfirmSheet, TextArea, Tone, toast},
    i18n::t,
    replica::api::Request,
    screens::parts::toast_failure,
    state::use_app,
};

/// Says what follows in `consequence`; orders nothing without a reason. `request` makes the order of it, `done` is
/// said when it was carried out.
#[component]
pub fn ReasonSheet(
    /// Of the field.
    id: &'static str,
    title: String,
    confirm_label: String,
    consequence: String,
    done: String,
    request: Callback<String, Request>,
    onclose: EventHandler<()>,
) -> Element {
    let app = use_app();
    let mut reason = use_signal(String::new);
    let mut error = use_signal(|| None::<String>);
    let mut busy = use_signal(|| false);
    let confirm = move |()| {
        let reason = reason.peek().trim().to_owned();
        if reason.is_empty() {
            error.set(Some(t("reason-missing")));
            return;
        }
        busy.set(true);
        let done = done.clone();
        spawn(async move {
            let ordered = app.order(request.call(reason)).await;
            busy.set(false);
            match ordered {
                Ok(()) => {
                    toast(Tone::Green, done);
                    onclose.call(());
                }
                Err(failure) => toast_failure(&failure),
            }
        });
    };
    let written = move |text: String| {
        reason.set(text);
        error.set(None);
    };
    rsx! {
        ConfirmSheet { title, confirm_label, danger: true, busy: busy(), onconfirm: confirm, oncancel: onclose,
            p { "{consequence}" }
            TextArea { id, label: t("reason"), required: true, error: error(), oninput: written }
        }
    }
}
