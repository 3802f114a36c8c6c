//! Everything that happened with a customer, newest first.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::ids::CustomerId;

use super::super::parts::toast_failure;
use crate::{
    components::{Button, ButtonKind, Tag, Timeline, TimelineItem, Tone},
    format,
    i18n::{t, t_args},
    replica::api::{CustomerView, OlderRecords, Request, TimelineLine},
    route::Route,
    state::{navigate::use_go, use_app, words},
};

/// Events shown at first.
const FIRST_EVENTS: usize = 12;

/// The timeline with its heading.
#[component]
pub fn History(view: Rc<CustomerView>) -> Element {
    let mut shown = use_signal(|| FIRST_EVENTS);
    let count = view.timeline.len();
    rsx! {
        section { aria_label: t("customer-history"), class: "stack", id: "history",
            h2 { class: "section", {t("customer-history")} }
            if count == 0 {
                p { class: "t2", {t("customer-no-history")} }
            }
            if count > 0 {
                Timeline {
                    for (index , line) in view.timeline.iter().take(shown()).cloned().enumerate() {
                        Event { key: "{index}", line }
                    }
                }
            }
            if count > shown() {
                Button { kind: ButtonKind::Sub, full: true, id: "history-more", onclick: move |_| shown += 50,
                    {t_args("more-count", &[("count", (count - shown()).into())])}
                }
            } else {
                Older { customer: view.customer.id, older: view.older }
            }
        }
    }
}

/// At the end of what is on this device: a button that fetches what is older.
#[component]
fn Older(customer: CustomerId, older: OlderRecords) -> Element {
    let app = use_app();
    match older {
        OlderRecords::None => rsx! {},
        OlderRecords::Wanted => rsx! {
            p { class: "t2", role: "status", id: "history-fetching", {t("history-fetching")} }
        },
        OlderRecords::Maybe => rsx! {
            Button {
                kind: ButtonKind::Sub,
                full: true,
                id: "history-older",
                onclick: move |_| {
                    spawn(async move {
                        if let Err(failure) = app.order(Request::OlderRecords(customer)).await {
                            toast_failure(&failure);
                        }
                    });
                },
                {t("history-older")}
            }
        },
    }
}

/// One event; leads to its record if it has one.
#[component]
pub fn Event(line: TimelineLine, #[props(default)] customer: String) -> Element {
    let app = use_app();
    let go = use_go();
    let (tone, title, detail) = words::event(&line, app.today());
    let when = match line.at {
        Some(at) => app.moment(at),
        None => format::day_relative(line.day, app.today()),
    };
    rsx! {
        TimelineItem {
            tone,
            title,
            when,
            href: line.document.map(|document| Route::Record { document }.to_string()),
            onnavigate: go,
            {words::joined(&[customer, detail])}
            if !line.synced {
                " "
                Tag { tone: Tone::Amber, {t("record-waiting")} }
            }
        }
    }
}
