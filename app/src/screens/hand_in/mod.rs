//! Hand-in 交账: what is in hand, by when it has to be handed in, and where what was handed in stands.

mod count;
mod sign;

pub use sign::{Difference, pieces_words};

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{money::Money, policy::cash, receipt::MethodKind};

use super::{frame::Screen, parts::Waiting};
use crate::{
    components::{
        Amount, AmountSize, Banner, Button, Card, EmptyState, IconName, ListRow, Rows, Tag, Tone,
    },
    format,
    i18n::{t, t_args},
    replica::api::{HandInLine, HandInView, HeldReceipt, NewHandIn, Request},
    route::Route,
    state::{
        draft::key,
        navigate::{use_back, use_go},
        take, use_app, use_form, use_me, use_query, words,
    },
};

/// What is in hand, and what was handed in.
#[component]
pub fn HandInScreen() -> Element {
    let hand_ins = use_query(Request::HandIns, take::hand_ins);
    rsx! {
        Screen { title: t("tab-hand-in"), tabs: true,
            match hand_ins.view() {
                Some(view) => rsx! {
                    InHand { view: Rc::clone(&view) }
                    HandedIn { view }
                },
                None => rsx! { Waiting { error: hand_ins.error(), onretry: move |()| hand_ins.again() } },
            }
        }
    }
}

/// The form: first the count, then what it comes to and both signatures.
#[component]
pub fn HandInFormScreen() -> Element {
    let hand_ins = use_query(Request::HandIns, take::hand_ins);
    let form = use_form::<NewHandIn>(key::hand_in());
    let back = use_back(Route::HandIn {});
    let ready = *form.ready.read();
    let Some(view) = hand_ins.view().filter(|_| ready) else {
        return rsx! {
            Screen { title: t("hand-in-count-title"), onback: back, Waiting { error: hand_ins.error(), onretry: move |()| hand_ins.again() } }
        };
    };
    match form.value.read().receipts.is_empty() {
        true => rsx! { count::CountStep { form, view, onback: back } },
        false => rsx! { sign::SignStep { form, view } },
    }
}

/// What the receipts come to: cash, or papers.
fn sum_of(receipts: &[HeldReceipt], is_cash: bool) -> Money {
    let wanted = receipts
        .iter()
        .filter(|held| (held.receipt.method == MethodKind::Cash) == is_cash);
    Money::sum(wanted.map(|held| held.receipt.amount)).unwrap_or(Money::ZERO)
}

#[component]
fn InHand(view: Rc<HandInView>) -> Element {
    let go = use_go();
    if view.held.is_empty() {
        let waits = view
            .hand_ins
            .iter()
            .any(|line| line.row.is_none() && !line.rejected)
            || view.cash_in_hand.is_positive()
            || view.cheques_in_hand.is_positive();
        return rsx! {
            if waits {
                Sums { view: Rc::clone(&view) }
            } else {
                EmptyState { icon: IconName::HandIn, title: t("hand-in-none"), body: t("hand-in-none-body") }
            }
        };
    }
    rsx! {
        Sums { view: Rc::clone(&view) }
        Deadline { view: Rc::clone(&view) }
        Button {
            full: true,
            icon: IconName::HandIn,
            id: "new-hand-in",
            onclick: move |_| go.call(Route::NewHandIn {}.to_string()),
            {t("hand-in-start")}
        }
    }
}

#[component]
fn Sums(view: Rc<HandInView>) -> Element {
    rsx! {
        Card { id: "in-hand",
            h2 { class: "t2", font_weight: "400", {t("collect-cash")} }
            Amount { value: view.cash_in_hand, size: AmountSize::Huge, id: "cash-in-hand" }
            if view.cheques_in_hand.is_positive() {
                p { class: "t2", {t_args("collect-cheques", &[("amount", format::money(view.cheques_in_hand).into())])} }
            }
            p { class: "t3", {t_args("hand-in-held", &[("count", view.held.len().into())])} }
        }
    }
}

/// By when cash has to be handed in; and that a large sum is not carried alone.
#[component]
fn Deadline(view: Rc<HandInView>) -> Element {
    let app = use_app();
    let Some(me) = use_me() else {
        return rsx! {};
    };
    let oldest = view
        .held
        .iter()
        .filter(|held| held.receipt.method == MethodKind::Cash)
        .map(|held| held.day)
        .min();
    let due = oldest.map(|day| cash::hand_in_deadline(day, app.offset(), &me.policy));
    let late = due.is_some_and(|due| due <= app.now());
    let escort = cash::needs_escort(sum_of(&view.held, true), &me.policy);
    rsx! {
        if let Some((day, due)) = oldest.zip(due) {
            Banner {
                tone: if late { Tone::Red } else { Tone::Amber },
                id: "deadline",
                title: if late {
                    t_args("hand-in-late", &[("day", format::day_relative(day, app.today()).into())])
                } else {
                    t_args("hand-in-deadline", &[("time", format::clock(due, app.offset()).into())])
                },
                body: if escort { t("hand-in-escort") } else { t("collect-hand-in") },
            }
        }
    }
}

#[component]
fn HandedIn(view: Rc<HandInView>) -> Element {
    if view.hand_ins.is_empty() {
        return rsx! {};
    }
    rsx! {
        section { class: "stack", id: "hand-ins",
            h2 { class: "section", {t("hand-in-earlier")} }
            Card { class: "flush",
                Rows {
                    for line in view.hand_ins.iter().cloned() {
                        Line { key: "{line.document}", line }
                    }
                }
            }
        }
    }
}

#[component]
fn Line(line: HandInLine) -> Element {
    let app = use_app();
    let go = use_go();
    let (tone, state) = words::hand_in_state(line.rejected, line.synced, line.row.as_ref());
    let sum = line.cash.checked_add(line.cheques).unwrap_or(line.cash);
    let subtitle = words::joined(&[
        app.moment(line.at),
        t_args("hand-in-receipt-count", &[("count", line.receipts.into())]),
    ]);
    rsx! {
        ListRow {
            title: format::money(sum),
            subtitle,
            href: Route::Record { document: line.document }.to_string(),
            onnavigate: go,
            Tag { tone, "{state}" }
        }
    }
}
