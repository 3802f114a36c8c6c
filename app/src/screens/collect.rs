//! Collect 收款: cash and cheques in hand, what was taken, today's receipts; a new receipt begins by
//! picking the customer.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::ids::CustomerId;

use super::{customer::Event, frame::Screen, parts::Waiting};
use crate::{
    components::{
        Amount, AmountSize, Button, ButtonKind, Card, EmptyState, Field, FieldKind, IconName,
        ListRow, Rows, Sheet, Timeline, Tone,
    },
    format,
    i18n::{t, t_args},
    replica::api::{CollectView, Request, TimelineLine},
    route::Route,
    state::{take, use_app, use_query, use_search},
};

/// Receipts shown at first beside today's.
const FIRST_EARLIER: usize = 20;

/// The salesperson's money.
#[component]
pub fn CollectScreen() -> Element {
    let collect = use_query(Request::Collect, take::collect);
    let mut picking = use_signal(|| false);
    rsx! {
        Screen { title: t("tab-collect"), tabs: true,
            match collect.view() {
                Some(view) => rsx! {
                    InHand { view: Rc::clone(&view) }
                    Button { full: true, icon: IconName::Plus, id: "new-receipt", onclick: move |_| picking.set(true), {t("collect-new")} }
                    Receipts { view }
                },
                None => rsx! { Waiting { error: collect.error(), onretry: move |()| collect.again() } },
            }
        }
        if picking() {
            PickCustomer { onclose: move |()| picking.set(false) }
        }
    }
}

#[component]
fn InHand(view: Rc<CollectView>) -> Element {
    // The ledger's figure can lag behind what this phone has not sent yet; then both are shown.
    let ledger = view
        .ledger
        .as_ref()
        .map(|row| row.cash)
        .filter(|cash| *cash != view.cash_in_hand);
    rsx! {
        Card { id: "in-hand",
            div { class: "row between top-align",
                div {
                    h2 { class: "t2", font_weight: "400", {t("collect-cash")} }
                    Amount { value: view.cash_in_hand, size: AmountSize::Huge, id: "cash-in-hand" }
                }
                div { class: "end",
                    p { class: "t2", {t("today-collected")} }
                    Amount { value: view.collected_today, size: AmountSize::Large, tone: Tone::Green }
                }
            }
            if view.cheques_in_hand.is_positive() {
                p { class: "t2", {t_args("collect-cheques", &[("amount", format::money(view.cheques_in_hand).into())])} }
            }
            if let Some(ledger) = ledger {
                p { class: "t3", {t_args("collect-ledger", &[("amount", format::money(ledger).into())])} }
            }
            if view.cash_in_hand.is_positive() {
                p { class: "t3", {t("collect-hand-in")} }
            }
        }
    }
}

#[component]
fn Receipts(view: Rc<CollectView>) -> Element {
    let today = use_app().today();
    let mut shown = use_signal(|| FIRST_EARLIER);
    if view.receipts.is_empty() {
        return rsx! {
            EmptyState { icon: IconName::Collect, title: t("collect-none"), body: t("collect-none-body") }
        };
    }
    let is_today = |line: &TimelineLine| line.day == today;
    let todays: Vec<_> = view
        .receipts
        .iter()
        .filter(|(line, ..)| is_today(line))
        .cloned()
        .collect();
    let earlier: Vec<_> = view
        .receipts
        .iter()
        .filter(|(line, ..)| !is_today(line))
        .cloned()
        .collect();
    let more = earlier.len().saturating_sub(shown());
    rsx! {
        if !todays.is_empty() {
            ReceiptList { id: "today-receipts", title: t("collect-today"), lines: todays }
        }
        if !earlier.is_empty() {
            ReceiptList { id: "earlier-receipts", title: t("collect-earlier"), lines: earlier.into_iter().take(shown()).collect::<Vec<_>>() }
        }
        if more > 0 {
            Button { kind: ButtonKind::Sub, full: true, id: "more", onclick: move |_| shown += 50,
                {t_args("more-count", &[("count", more.into())])}
            }
        }
    }
}

#[component]
fn ReceiptList(
    id: String,
    title: String,
    lines: Vec<(TimelineLine, CustomerId, String)>,
) -> Element {
    rsx! {
        section { class: "stack", id,
            h2 { class: "section", "{title}" }
            Timeline {
                for (index , (line , _ , customer)) in lines.into_iter().enumerate() {
                    Event { key: "{index}", line, customer }
                }
            }
        }
    }
}

/// Who pays? Search and tap.
#[component]
fn PickCustomer(onclose: EventHandler<()>) -> Element {
    let navigator = use_navigator();
    let mut search = use_signal(String::new);
    let found = use_search(
        Request::Customers {
            search: search(),
            limit: 30,
        },
        take::customers,
    );
    let open = move |href: String| {
        if let Ok(route) = href.parse::<Route>() {
            navigator.push(route);
        }
    };
    rsx! {
        Sheet { title: t("collect-who"), id: "pick", onclose,
            Field {
                id: "pick-search",
                label: t("customers-search"),
                label_hidden: true,
                kind: FieldKind::Search,
                placeholder: t("customers-search"),
                max_length: 60,
                oninput: move |text| search.set(text),
            }
            match found.view() {
                Some(lines) if lines.is_empty() => rsx! { p { class: "t2", {t("customers-none-body")} } },
                Some(lines) => rsx! {
                    Rows {
                        for line in lines.iter().cloned() {
                            ListRow {
                                key: "{line.id}",
                                title: line.name.clone(),
                                subtitle: line.number.clone(),
                                href: Route::NewReceipt { customer: line.id }.to_string(),
                                onnavigate: open,
                                Amount { value: line.outstanding }
                            }
                        }
                    }
                },
                None => rsx! { Waiting { error: found.error(), onretry: move |()| found.again(), cards: 1 } },
            }
        }
    }
}
