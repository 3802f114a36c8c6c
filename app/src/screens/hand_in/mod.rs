//! Hand-in 交账: what is in hand, by when it has to be handed in, and where what was handed in stands.

mod count;
mod sign;

pub use sign::{difference, pieces_words};

use dioxus::prelude::*;
use shared::{
    hand_in::HandInState,
    money::Money,
    policy::{Settings, cash},
    receipt::MethodKind,
};

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
        AppState,
        draft::key,
        navigate::{use_back, use_go},
        take, use_app, use_form, use_me, use_query, words,
    },
};

/// What is in hand, and what was handed in.
#[component]
pub fn HandInScreen() -> Element {
    let hand_ins = use_query(Request::HandIns, take::hand_ins);
    let app = use_app();
    let go = use_go();
    let me = use_me();
    rsx! {
        Screen { title: t("tab-hand-in"), tabs: true,
            match hand_ins.view() {
                Some(view) => rsx! {
                    {in_hand(&view)}
                    if !view.held.is_empty() {
                        {me.and_then(|me| deadline(&view, app, &me.settings()))}
                        Button {
                            full: true,
                            icon: IconName::HandIn,
                            id: "new-hand-in",
                            onclick: move |_| go.call(Route::NewHandIn {}.to_string()),
                            {t("hand-in-start")}
                        }
                    }
                    if !view.hand_ins.is_empty() {
                        section { class: "stack", id: "hand-ins",
                            h2 { class: "section", {t("hand-in-earlier")} }
                            Card { class: "flush",
                                Rows {
                                    for line in &view.hand_ins {
                                        {row(line, app, go)}
                                    }
                                }
                            }
                        }
                    }
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

/// Is it on its way, or with finance?
fn is_open(line: &HandInLine) -> bool {
    let state = line.word.as_ref().map(|word| word.state);
    !line.rejected && state.is_none_or(|state| state == HandInState::Offered)
}

/// What the receipts come to: cash, or papers.
fn sum_of(receipts: &[HeldReceipt], is_cash: bool) -> Money {
    let wanted = receipts
        .iter()
        .filter(|held| (held.receipt.method == MethodKind::Cash) == is_cash);
    Money::sum(wanted.map(|held| held.receipt.amount)).unwrap_or(Money::ZERO)
}

/// The sums in hand; where there is nothing, how there comes to be something.
fn in_hand(view: &HandInView) -> Element {
    let is_given = view.hand_ins.iter().any(is_open);
    let has_money = view.cash_in_hand.is_positive() || view.cheques_in_hand.is_positive();
    if view.held.is_empty() && !is_given && !has_money {
        return rsx! {
            EmptyState { icon: IconName::HandIn, title: t("hand-in-none"), body: t("hand-in-none-body") }
        };
    }
    rsx! {
        Card { id: "in-hand",
            h2 { class: "t2", font_weight: "400", {t("collect-cash")} }
            Amount { value: view.cash_in_hand, size: AmountSize::Huge, id: "cash-in-hand" }
            if view.cheques_in_hand.is_positive() {
                p { class: "t2", {t_args("collect-cheques", &[("amount", format::money(view.cheques_in_hand).into())])} }
            }
            p { class: "t3",
                if view.held.is_empty() && is_given {
                    {t("hand-in-all-given")}
                } else {
                    {t_args("hand-in-held", &[("count", view.held.len().into())])}
                }
            }
        }
    }
}

/// By when cash has to be handed in; and that a large sum is not carried alone. None if there is no cash.
fn deadline(view: &HandInView, app: AppState, policy: &Settings) -> Option<Element> {
    let taken = view
        .held
        .iter()
        .filter(|held| held.receipt.method == MethodKind::Cash);
    let oldest = taken.map(|held| held.day).min()?;
    let due = cash::hand_in_deadline(oldest, app.offset(), policy);
    let (tone, title) = match due <= app.now() {
        true => {
            let day = format::day_relative(oldest, app.today());
            (Tone::Red, t_args("hand-in-late", &[("day", day.into())]))
        }
        false => {
            let time = format::clock(due, app.offset());
            (
                Tone::Amber,
                t_args("hand-in-deadline", &[("time", time.into())]),
            )
        }
    };
    let body = match cash::needs_escort(sum_of(&view.held, true), policy) {
        true => t("hand-in-escort"),
        false => t("collect-hand-in"),
    };
    Some(rsx! {
        Banner { tone, id: "deadline", title, body }
    })
}

/// One's own hand-in.
fn row(line: &HandInLine, app: AppState, go: EventHandler<String>) -> Element {
    let (tone, state) = words::hand_in_state(line.rejected, line.synced, line.word.as_ref());
    let sum = line.cash.checked_add(line.cheques).unwrap_or(line.cash);
    let count = t_args("hand-in-receipt-count", &[("count", line.receipts.into())]);
    rsx! {
        ListRow {
            key: "{line.document}",
            title: format::money(sum),
            subtitle: words::joined(&[app.moment(line.at), count]),
            href: Route::Record { document: line.document }.to_string(),
            onnavigate: go,
            Tag { tone, "{state}" }
        }
    }
}
