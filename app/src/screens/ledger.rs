//! Balances 应收总览: what all customers owe, who owes most, what is overdue, and what does not add up.

use dioxus::prelude::*;
use shared::money::Money;

use super::{
    frame::Screen,
    parts::{DeskLink, Waiting},
};
use crate::{
    components::{
        Amount, AmountSize, Button, ButtonKind, Card, Column, DataRow, DataTable, EmptyState,
        IconName, ListRow, RowLink, Rows, Tag, Tone,
    },
    i18n::{t, t_args},
    replica::api::{CustomerLine, Request},
    route::Route,
    state::{navigate::use_go, take, use_app, use_query},
};

/// Customers read for the totals.
const MOST_CUSTOMERS: u32 = 10_000;
/// Rows drawn at a time.
const STEP: usize = 100;

/// The balances.
#[component]
pub fn LedgerScreen() -> Element {
    let customers = use_query(
        Request::Customers {
            search: String::new(),
            limit: MOST_CUSTOMERS,
        },
        take::customers,
    );
    let exceptions = use_query(Request::Exceptions, take::exceptions);
    let open = exceptions.view().map_or(0, |list| list.len());
    rsx! {
        Screen { title: t("nav-ledger"), tabs: true, full: true, aside: rsx! { DeskLink {} },
            match customers.view() {
                Some(lines) => rsx! {
                    Totals { lines: (*lines).clone(), exceptions: open }
                    Balances { lines: by_sum(&lines) }
                },
                None => rsx! { Waiting { error: customers.error(), onretry: move |()| customers.again() } },
            }
        }
    }
}

/// Those who owe something, the largest sum first.
fn by_sum(lines: &[CustomerLine]) -> Vec<CustomerLine> {
    let mut list: Vec<CustomerLine> = lines
        .iter()
        .filter(|line| !line.outstanding.is_zero())
        .cloned()
        .collect();
    list.sort_by(|a, b| {
        b.outstanding
            .cmp(&a.outstanding)
            .then_with(|| a.number.cmp(&b.number))
    });
    list
}

#[component]
fn Totals(lines: Vec<CustomerLine>, exceptions: usize) -> Element {
    let navigator = use_navigator();
    // Sums beyond the range of money are not shown rather than shown wrong.
    let sum = |of: fn(&CustomerLine) -> Money| Money::sum(lines.iter().map(of)).ok();
    let (outstanding, overdue) = (sum(|line| line.outstanding), sum(|line| line.overdue));
    let late = lines.iter().filter(|line| line.overdue_days > 0).count();
    rsx! {
        Card { id: "totals",
            div { class: "row between wrap",
                div {
                    h2 { class: "t2", font_weight: "400", {t("ledger-outstanding")} }
                    if let Some(outstanding) = outstanding {
                        Amount { value: outstanding, size: AmountSize::Huge, id: "ledger-outstanding" }
                    }
                }
                div {
                    p { class: "t2", {t("ledger-overdue")} }
                    if let Some(overdue) = overdue {
                        Amount { value: overdue, size: AmountSize::Large, tone: Tone::Red, id: "ledger-overdue" }
                    }
                    p { class: "t3", {t_args("ledger-late-customers", &[("count", late.into())])} }
                }
            }
            if exceptions > 0 {
                Button {
                    kind: ButtonKind::Soft,
                    small: true,
                    icon: IconName::Alert,
                    id: "ledger-exceptions",
                    onclick: move |_| {
                        navigator.push(Route::Exceptions {});
                    },
                    {t_args("ledger-exceptions", &[("count", exceptions.into())])}
                }
            }
        }
    }
}

#[component]
fn Balances(lines: Vec<CustomerLine>) -> Element {
    let app = use_app();
    let go = use_go();
    let mut shown = use_signal(|| STEP);
    let count = lines.len();
    let part: Vec<CustomerLine> = lines.into_iter().take(shown()).collect();
    let columns = vec![
        Column::text(t("customers-number")),
        Column::text(t("customers-name")),
        Column::figures(t("customers-outstanding")),
        Column::figures(t("customers-overdue")),
        Column::figures(t("customers-overdue-days")),
    ];
    if count == 0 {
        return rsx! {
            EmptyState { icon: IconName::Chart, title: t("ledger-none"), body: t("ledger-none-body") }
        };
    }
    rsx! {
        if *app.wide.read() {
            DataTable { caption: t("nav-ledger"), columns,
                for line in part {
                    DataRow { key: "{line.id}",
                        td { "{line.number}" }
                        td {
                            RowLink { href: Route::Customer { id: line.id }.to_string(), onnavigate: go, "{line.name}" }
                        }
                        td { class: "r", Amount { value: line.outstanding, bare: true } }
                        td { class: "r", Amount { value: line.overdue, bare: true } }
                        td { class: "r", if line.overdue_days > 0 { "{line.overdue_days}" } else { "–" } }
                    }
                }
            }
        } else {
            Card { class: "flush",
                Rows {
                    for line in part {
                        ListRow {
                            key: "{line.id}",
                            title: line.name.clone(),
                            subtitle: line.number.clone(),
                            href: Route::Customer { id: line.id }.to_string(),
                            onnavigate: go,
                            Amount { value: line.outstanding }
                            if line.overdue_days > 0 {
                                br {}
                                Tag { tone: Tone::Red, {t_args("overdue-days", &[("days", line.overdue_days.into())])} }
                            }
                        }
                    }
                }
            }
        }
        if count > shown() {
            Button { kind: ButtonKind::Sub, full: true, id: "more", onclick: move |_| shown += STEP,
                {t_args("more-count", &[("count", (count - shown()).into())])}
            }
        }
    }
}
