//! Customers 客户: found by name, pinyin or number while typing; who owes most, who is overdue.

use dioxus::prelude::*;

use super::{frame::Screen, parts::Waiting};
use crate::{
    components::{
        Amount, Button, ButtonKind, Card, Column, DataRow, DataTable, EmptyState, Field, FieldKind,
        IconName, ListRow, RowLink, Rows, Tag, Tone,
    },
    i18n::{t, t_args},
    replica::api::{CustomerLine, Request},
    route::Route,
    state::{take, use_app, use_search, words},
};

/// Rows asked for at a time.
const STEP: u32 = 50;

/// The list of customers.
#[component]
pub fn CustomersScreen(q: String) -> Element {
    let app = use_app();
    let navigator = use_navigator();
    let start = q.clone();
    let mut search = use_signal(move || start);
    let mut limit = use_signal(|| STEP);
    let request = Request::Customers {
        search: search(),
        limit: limit() + 1,
    };
    let found = use_search(request, take::customers);
    // The search goes into the address when it is left, so that coming back shows the same list.
    let open = move |href: String| {
        let search = search.peek().clone();
        if search != q {
            navigator.replace(Route::Customers { q: search });
        }
        if let Ok(route) = href.parse::<Route>() {
            navigator.push(route);
        }
    };
    rsx! {
        Screen { title: t("tab-customers"), tabs: true, full: true,
            div { role: "search",
                Field {
                    id: "search",
                    label: t("customers-search"),
                    label_hidden: true,
                    kind: FieldKind::Search,
                    placeholder: t("customers-search"),
                    initial: search.peek().clone(),
                    max_length: 60,
                    oninput: move |text: String| {
                        search.set(text);
                        limit.set(STEP);
                    },
                }
            }
            match found.view() {
                Some(lines) => {
                    let more = lines.len() > limit() as usize;
                    let shown: Vec<CustomerLine> = lines.iter().take(limit() as usize).cloned().collect();
                    rsx! {
                        if shown.is_empty() {
                            NobodyFound { search: search() }
                        } else if *app.wide.read() {
                            CustomerTable { lines: shown, onopen: open }
                        } else {
                            CustomerRows { lines: shown, onopen: open }
                        }
                        if more {
                            Button { kind: ButtonKind::Sub, full: true, id: "more", onclick: move |_| limit += STEP, {t("more")} }
                        }
                    }
                }
                None => rsx! { Waiting { error: found.error(), onretry: move |()| found.again() } },
            }
        }
    }
}

#[component]
fn NobodyFound(search: String) -> Element {
    if search.is_empty() {
        return rsx! {
            EmptyState { icon: IconName::Customers, title: t("today-no-customers"), body: t("today-no-customers-body") }
        };
    }
    rsx! {
        EmptyState {
            icon: IconName::Search,
            title: t_args("customers-none", &[("search", search.into())]),
            body: t("customers-none-body"),
        }
    }
}

/// What makes a customer stand out in a list.
fn badge(line: &CustomerLine) -> Option<(Tone, String)> {
    if line.overdue_days > 0 {
        return Some((
            Tone::Red,
            t_args("overdue-days", &[("days", line.overdue_days.into())]),
        ));
    }
    line.hold.then(|| (Tone::Amber, t("hold")))
}

#[component]
fn CustomerRows(lines: Vec<CustomerLine>, onopen: EventHandler<String>) -> Element {
    rsx! {
        Card { class: "flush", id: "customer-list",
            Rows {
                for line in lines {
                    ListRow {
                        key: "{line.id}",
                        title: line.name.clone(),
                        subtitle: words::joined(&[line.number.clone(), if line.hold { t("hold") } else { String::new() }]),
                        href: Route::Customer { id: line.id }.to_string(),
                        onnavigate: onopen,
                        Amount { value: line.outstanding }
                        if let Some((tone, text)) = badge(&line) {
                            br {}
                            Tag { tone, "{text}" }
                        }
                    }
                }
            }
        }
    }
}

#[component]
fn CustomerTable(lines: Vec<CustomerLine>, onopen: EventHandler<String>) -> Element {
    let columns = vec![
        Column::text(t("customers-number")),
        Column::text(t("customers-name")),
        Column::text(t("customers-state")),
        Column::figures(t("customers-outstanding")),
        Column::figures(t("customers-overdue")),
    ];
    rsx! {
        DataTable { caption: t("tab-customers"), columns,
            for line in lines {
                DataRow { key: "{line.id}",
                    td { "{line.number}" }
                    td {
                        RowLink { href: Route::Customer { id: line.id }.to_string(), onnavigate: onopen, "{line.name}" }
                    }
                    td {
                        if let Some((tone, text)) = badge(&line) {
                            Tag { tone, "{text}" }
                        }
                        if line.hold && line.overdue_days > 0 {
                            " "
                            Tag { tone: Tone::Amber, {t("hold")} }
                        }
                    }
                    td { class: "r", Amount { value: line.outstanding, bare: true } }
                    td { class: "r",
                        if line.overdue.is_zero() {
                            "–"
                        } else {
                            Amount { value: line.overdue, bare: true }
                        }
                    }
                }
            }
        }
    }
}
