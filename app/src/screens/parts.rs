//! Small parts that several screens share and that know the domain.

use dioxus::prelude::*;
use shared::{customer::ContactRole, policy::work_list::Why};

use crate::{
    components::{Banner, Button, ButtonKind, IconName, Skeleton, Tag, Tone, toast},
    i18n::{t, term},
    replica::api::{ReplicaFailure, Request},
    state::{errors, page, use_app, words},
};

/// Stands where data will be; with a failure it says what is wrong and offers to try again.
#[component]
pub fn Waiting(
    #[props(default)] error: Option<ReplicaFailure>,
    #[props(default)] onretry: EventHandler<()>,
    #[props(default = 3)] cards: u8,
) -> Element {
    match error {
        Some(failure) => rsx! { ErrorBanner { failure, onretry } },
        None => rsx! { Skeleton { cards } },
    }
}

/// A failure in words, with a button to try again.
#[component]
pub fn ErrorBanner(failure: ReplicaFailure, onretry: EventHandler<()>) -> Element {
    rsx! {
        Banner { tone: Tone::Red, urgent: true, title: t("error-title"), body: errors::sentence(&failure),
            Button { kind: ButtonKind::Sub, small: true, icon: IconName::Sync, onclick: move |_| onretry.call(()), {t("retry")} }
        }
    }
}

/// Leads to the desk of finance, a page of its own in the browser.
#[component]
pub fn DeskLink() -> Element {
    let app = use_app();
    let open = move |_| {
        spawn(async move {
            match app.order(Request::OpenDesk).await {
                Ok(()) => page::leave_for("/desk"),
                Err(failure) => toast_failure(&failure),
            }
        });
    };
    rsx! {
        Button { kind: ButtonKind::Sub, small: true, id: "desk-link", onclick: open, {t("desk-link")} }
    }
}

/// Says in a toast that an order could not be carried out.
pub fn toast_failure(failure: &ReplicaFailure) {
    toast(Tone::Red, errors::sentence(failure));
}

/// Reasons as tags, at most `most`.
#[component]
pub fn WhyTags(
    reasons: Vec<Why>,
    #[props(default = 4)] most: usize,
    #[props(default)] first: Option<(Tone, String)>,
) -> Element {
    let tags = reasons
        .iter()
        .map(words::why)
        .chain(first)
        .take(most)
        .collect::<Vec<_>>();
    rsx! {
        div { class: "why",
            for (index , (tone , text)) in tags.into_iter().enumerate() {
                Tag { key: "{index}", tone, "{text}" }
            }
        }
    }
}

/// The word for a contact's part in paying; nothing for "other".
pub fn role_word(role: ContactRole) -> String {
    match role {
        ContactRole::Other | ContactRole::Unknown => String::new(),
        role => term("contact-role", role.slug()),
    }
}
