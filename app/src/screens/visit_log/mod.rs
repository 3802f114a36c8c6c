//! The visit log 拜访日志: who visited whom, when, how long, where against where it should be, with what
//! result. New visits appear by themselves. Filters and the open visit stand in the address bar.

mod filters;
mod rows;

use dioxus::prelude::*;
use shared::{ids::DocumentId, sync::client::Status};

use super::{frame::Screen, parts::Waiting, record::RecordPane};
use crate::{
    components::{Button, ButtonKind, EmptyState, IconName, Tag, Tone},
    i18n::{t, t_args},
    replica::api::{Request, VisitLogView},
    route::{LogQuery, Route},
    state::{page, take, use_app, use_search},
};
use filters::Filters;
use rows::{Cards, Table};

/// Rows asked for at a time.
const STEP: u32 = 100;

/// The log.
#[component]
pub fn VisitLogScreen(query: LogQuery) -> Element {
    let app = use_app();
    let navigator = use_navigator();
    let mut limit = use_signal(|| STEP);
    // Fields keep what was typed in them: when the filters are cleared they are made anew.
    let mut cleared = use_signal(|| 0_u32);
    let log = use_search(Request::VisitLog(query.filter(limit())), take::visit_log);
    let wide = *app.wide.read();
    let open = query.open.filter(|_| wide);
    let change = move |query: LogQuery| {
        navigator.replace(Route::Log { query });
    };
    let closed = LogQuery {
        open: None,
        ..query.clone()
    };
    rsx! {
        Screen {
            title: t("nav-log"),
            tabs: true,
            full: true,
            aside: log.view().map(|view| rsx! { Live { people: view.people, customers: view.customers } }),
            detail: open.map(|document| rsx! {
                Pane { document, onclose: move |()| change(closed.clone()) }
            }),
            detail_label: t("kind-visit"),
            for round in [cleared()] {
                Filters { key: "{round}", query: query.clone(), conspicuous: log.view().map_or(0, |view| view.conspicuous), onchange: change }
            }
            match log.view() {
                Some(view) => rsx! {
                    Found { view: (*view).clone(), query, wide, onclear: move |()| {
                        cleared += 1;
                        change(LogQuery::default());
                    } }
                    if (view.lines.len() as u32) < view.total {
                        Button { kind: ButtonKind::Sub, full: true, id: "more", onclick: move |_| limit += STEP,
                            {t_args("more-count", &[("count", (view.total - view.lines.len() as u32).into())])}
                        }
                    }
                },
                None => rsx! { Waiting { error: log.error(), onretry: move |()| log.again() } },
            }
        }
    }
}

/// Says that the list follows by itself, and how much it holds.
#[component]
fn Live(people: u32, customers: u32) -> Element {
    let app = use_app();
    let live = app
        .sync
        .read()
        .as_ref()
        .is_some_and(|sync| matches!(sync.status, Status::Idle { .. } | Status::Syncing));
    let args = [("customers", customers.into()), ("people", people.into())];
    let (tone, text) = if live {
        (Tone::Green, t_args("log-live", &args))
    } else {
        (Tone::Neutral, t_args("log-not-live", &args))
    };
    rsx! {
        Tag { tone, id: "live",
            span { class: if live { "dot live" } else { "dot" }, aria_hidden: "true" }
            "{text}"
        }
    }
}

#[component]
fn Found(view: VisitLogView, query: LogQuery, wide: bool, onclear: EventHandler<()>) -> Element {
    let navigator = use_navigator();
    if view.lines.is_empty() {
        let filtered = query.is_filtered();
        let (title, body) = if filtered {
            (t("log-none-filtered"), t("log-none-filtered-body"))
        } else {
            (t("log-none"), t("log-none-body"))
        };
        return rsx! {
            EmptyState { icon: IconName::Team, title, body,
                if filtered {
                    Button {
                        kind: ButtonKind::Soft,
                        id: "filters-clear",
                        onclick: move |_| onclear.call(()),
                        {t("log-clear")}
                    }
                }
            }
        };
    }
    if !wide {
        return rsx! { Cards { lines: view.lines } };
    }
    let order: Vec<DocumentId> = view.lines.iter().map(|line| line.document).collect();
    let at = query.clone();
    rsx! {
        div {
            onkeydown: move |event| {
                let step = match event.key() {
                    Key::ArrowDown => 1,
                    Key::ArrowUp => -1,
                    _ => return,
                };
                let open = at.open.and_then(|open| order.iter().position(|document| *document == open));
                let next = match open {
                    Some(index) => index.checked_add_signed(step),
                    None => Some(0),
                };
                if let Some(document) = next.and_then(|index| order.get(index)) {
                    event.prevent_default();
                    navigator.replace(Route::Log { query: LogQuery { open: Some(*document), ..at.clone() } });
                    page::focus_row(&document.to_string());
                }
            },
            Table { lines: view.lines, query }
        }
    }
}

/// The open visit beside the list.
#[component]
fn Pane(document: DocumentId, onclose: EventHandler<()>) -> Element {
    rsx! {
        for document in [document] {
            RecordPane { key: "{document}", document, onclose }
        }
    }
}
