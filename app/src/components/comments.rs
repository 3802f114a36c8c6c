//! A thread of comments on a record, and the line to write another.

use dioxus::prelude::*;

use super::icon::{Icon, IconName};
use crate::i18n::t;

/// A comment as shown.
#[derive(Clone, Debug, PartialEq)]
pub struct CommentView {
    /// Identity.
    pub id: String,
    /// Role and name of who wrote it.
    pub author: String,
    /// When, and that it was written offline and merged later, if so.
    pub when: String,
    /// What they wrote.
    pub text: String,
    /// Written by the person at this device: stands at the right.
    pub mine: bool,
    /// Written by a supervisor: stands out.
    pub lead: bool,
    /// Not yet with the server.
    pub pending: bool,
}

/// Comments, oldest first. Announces new ones to screen readers.
#[component]
pub fn CommentThread(comments: Vec<CommentView>) -> Element {
    rsx! {
        div { class: "thread", id: "comments", role: "log", aria_label: t("comment-new"),
            if comments.is_empty() {
                p { class: "t3", {t("comment-none")} }
            }
            for comment in comments {
                article {
                    key: "{comment.id}",
                    class: match (comment.mine, comment.lead) {
                        (true, true) => "comment mine lead",
                        (true, false) => "comment mine",
                        (false, true) => "comment lead",
                        (false, false) => "comment",
                    },
                    p { class: "t3",
                        "{comment.author} · {comment.when}"
                        if comment.pending {
                            " · "
                            {t("status-waiting")}
                        }
                    }
                    p { class: "bubble", "{comment.text}" }
                }
            }
        }
    }
}

/// The line to write a comment: Ctrl+Enter or the button sends it, and empties the line.
#[component]
pub fn CommentBox(
    placeholder: String,
    onsend: EventHandler<String>,
    /// What was begun and not sent, kept by the caller.
    #[props(default)]
    initial: String,
    #[props(default)] oninput: EventHandler<String>,
    #[props(default)] disabled: bool,
) -> Element {
    let start = initial.clone();
    let mut draft = use_signal(move || start);
    // Another key makes a new, empty field: nothing is ever written into one that is in use.
    let mut sent = use_signal(|| 0_u32);
    let mut send = move || {
        let text = draft.peek().trim().to_owned();
        if !text.is_empty() {
            draft.set(String::new());
            sent += 1;
            oninput.call(String::new());
            onsend.call(text);
        }
    };
    let first = if sent() == 0 { initial } else { String::new() };
    rsx! {
        div { class: "reply",
            for round in [sent()] {
                textarea {
                    key: "{round}",
                    id: "comment-text",
                    rows: "1",
                    aria_label: "{placeholder}",
                    placeholder: "{placeholder}",
                    maxlength: "2000",
                    disabled,
                    initial_value: "{first}",
                    oninput: move |event| {
                        draft.set(event.value());
                        oninput.call(event.value());
                    },
                    onkeydown: move |event| {
                        let with_ctrl = event.modifiers().ctrl() || event.modifiers().meta();
                        if event.key() == Key::Enter && with_ctrl {
                            send();
                        }
                    },
                }
            }
            button {
                class: "icon-btn teal",
                id: "comment-send",
                r#type: "button",
                aria_label: t("send"),
                disabled: disabled || draft.read().trim().is_empty(),
                onclick: move |_| send(),
                Icon { name: IconName::Send }
            }
        }
    }
}
