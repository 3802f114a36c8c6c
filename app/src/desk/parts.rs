//! Small parts that the screens of the desk share.

use dioxus::prelude::*;
use shared::{day::Day, money::Money};

use super::{api::Failure, frame::use_go, route::Place, state::use_desk, words};
use crate::{
    components::{Amount, Banner, Button, ButtonKind, IconName, RowLink, Skeleton, Tag, Tone},
    format,
    i18n::t,
};

/// Stands where data will be; with a failure it says what is wrong and offers to try again.
#[component]
pub fn Waiting(#[props(default)] error: Option<Failure>) -> Element {
    match error {
        Some(failure) => rsx! { ErrorBanner { failure } },
        None => rsx! { Skeleton { cards: 2 } },
    }
}

/// A failure in words, with a button to try again.
#[component]
pub fn ErrorBanner(failure: Failure) -> Element {
    let desk = use_desk();
    rsx! {
        Banner { tone: Tone::Red, urgent: true, title: t("error-title"), body: words::sentence(&failure),
            Button { kind: ButtonKind::Sub, small: true, icon: IconName::Sync, onclick: move |_| desk.look_again(), {t("retry")} }
        }
    }
}

/// What was read stands, but could not be read again just now.
#[component]
pub fn Stale(error: Option<Failure>) -> Element {
    match error {
        Some(failure) => rsx! { ErrorBanner { failure } },
        None => rsx! {},
    }
}

/// A customer's name that leads to their account.
#[component]
pub fn CustomerLink(id: String, #[props(default)] whole_row: bool) -> Element {
    let desk = use_desk();
    let go = use_go();
    let name = desk.customer_name(&id);
    let href = Place::Customer { id }.to_string();
    if whole_row {
        return rsx! {
            RowLink { href, onnavigate: go, "{name}" }
        };
    }
    rsx! {
        crate::components::NavLink { class: "row-link-plain", href, onnavigate: go, "{name}" }
    }
}

/// A cell with a sum; a dash for none.
#[component]
pub fn Sum(value: Option<Money>, #[props(default)] strong: bool) -> Element {
    rsx! {
        td { class: "r nowrap",
            match value {
                Some(value) if strong => rsx! { strong { Amount { value, bare: true } } },
                Some(value) => rsx! { Amount { value, bare: true } },
                None => rsx! { "–" },
            }
        }
    }
}

/// A due day with what it means today: overdue, today, soon.
#[component]
pub fn Due(day: Option<Day>) -> Element {
    let today = use_desk().today();
    let Some(day) = day else {
        return rsx! { "–" };
    };
    let days = day.days_since(today);
    let tone = match days {
        ..0 => Tone::Red,
        0..=3 => Tone::Amber,
        _ => Tone::Neutral,
    };
    rsx! {
        span { class: "nowrap", {format::date(day)} }
        if days <= 7 {
            " "
            Tag { tone, {format::due(day, today)} }
        }
    }
}

/// A heading over a table, with what it adds up to at the right.
#[component]
pub fn SectionHead(title: String, #[props(default)] aside: Option<String>) -> Element {
    rsx! {
        div { class: "section-head",
            h2 { "{title}" }
            if let Some(aside) = aside {
                span { class: "t2 num", "{aside}" }
            }
        }
    }
}
