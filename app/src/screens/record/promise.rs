//! A promise as it stands: the letter as it was signed, the instalments and what became of them, the
//! signature. Nothing of it can be changed; a new promise may replace it, a supervisor may cancel it.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{
    day::Day,
    money::Money,
    people::Role,
    promise::{Instalment, PromiseState},
};

use super::{Sealed, reason::ReasonSheet, share::PrintAndShare};
use crate::{
    components::{Amount, Button, ButtonKind, Card, Letter, SignatureSlot, Tag},
    format,
    i18n::{t, t_args},
    replica::api::{RecordContent, RecordView, Request},
    route::Route,
    state::{use_app, words},
};

/// The body of a promise.
#[component]
pub fn PromiseBody(view: Rc<RecordView>) -> Element {
    let RecordContent::Promise(promise, state, instalments) = &view.content else {
        return rsx! {};
    };
    let core = &promise.core;
    let (title, lines) = core.letter.split_first().map_or_else(
        || (t("kind-promise"), Vec::new()),
        |(title, rest)| (title.clone(), rest.to_vec()),
    );
    let (tone, word) = words::promise_state(*state);
    let signer = &core.signature.signer;
    let cancelled = promise.cancellations.last().cloned();
    let rows: Vec<(Instalment, PromiseState, Money)> = core
        .instalments
        .iter()
        .enumerate()
        .map(|(index, instalment)| {
            let (state, paid) = instalments
                .get(index)
                .copied()
                .unwrap_or((PromiseState::Unknown, Money::ZERO));
            (instalment.clone(), state, paid)
        })
        .collect();
    rsx! {
        Card { id: "promise-sum",
            div { class: "row between",
                div {
                    h2 { class: "t2", font_weight: "400", {t("promise-total")} }
                    Amount { value: core.total, size: crate::components::AmountSize::Huge }
                }
                Tag { tone, "{word}" }
            }
            if let Some(cancelled) = cancelled {
                p { class: "t2", {t_args("promise-cancelled", &[("reason", cancelled.reason.into())])} }
            }
            Instalments { rows }
        }
        Letter { title,
            for (index , line) in lines.into_iter().enumerate() {
                p { key: "{index}", "{line}" }
            }
        }
        SignatureSlot { strokes: core.signature.strokes.clone(), signer: signer.name.clone(), sealed: true }
        Card {
            p { class: "t1", "{signer.name}" }
            p { class: "t2", {words::joined(&[signer.role.clone(), signer.phone.clone()])} }
        }
        Sealed { view: Rc::clone(&view) }
    }
}

#[component]
fn Instalments(rows: Vec<(Instalment, PromiseState, Money)>) -> Element {
    let app = use_app();
    rsx! {
        table { class: "alloc num", id: "instalments", margin_top: "8px",
            thead { class: "sr",
                tr {
                    th { scope: "col", {t("instalment-due")} }
                    th { scope: "col", {t("instalment-amount")} }
                    th { scope: "col", {t("instalment-state")} }
                }
            }
            tbody {
                for (index , (instalment , state , paid)) in rows.into_iter().enumerate() {
                    tr { key: "{index}",
                        td {
                            span { class: "strong", {format::date(instalment.due)} }
                            br {}
                            span { class: "t3", {near(instalment.due, app.today())} }
                        }
                        td { class: "r",
                            Amount { value: instalment.amount }
                            if paid.is_positive() && state != PromiseState::Kept {
                                br {}
                                span { class: "t3", {t_args("instalment-paid", &[("amount", format::money_short(paid).into())])} }
                            }
                        }
                        td { class: "r", StateWord { state } }
                    }
                }
            }
        }
    }
}

/// How far a day is, if it is within a week; its date stands above.
fn near(day: Day, today: Day) -> String {
    if day.days_since(today).abs() <= 7 {
        format::day_relative(day, today)
    } else {
        String::new()
    }
}

#[component]
fn StateWord(state: PromiseState) -> Element {
    let (tone, word) = words::promise_state(state);
    rsx! {
        Tag { tone, "{word}" }
    }
}

/// Replace (salesperson), cancel (supervisor), share, print.
#[component]
pub fn Actions(view: Rc<RecordView>) -> Element {
    let app = use_app();
    let navigator = use_navigator();
    let mut cancelling = use_signal(|| false);
    let RecordContent::Promise(promise, state, _) = &view.content else {
        return rsx! {};
    };
    let open = !matches!(state, PromiseState::Cancelled | PromiseState::Kept);
    let (document, customer) = (view.document, view.customer.0);
    let text = promise.core.letter.join("\n");
    let title = t("kind-promise");
    rsx! {
        if open && app.is_rep() {
            Button {
                kind: ButtonKind::Sub,
                id: "promise-replace",
                onclick: move |_| {
                    navigator.push(Route::NewPromise { customer });
                },
                {t("promise-replace")}
            }
        }
        if open && matches!(app.role(), Role::Supervisor | Role::Admin) {
            Button { kind: ButtonKind::GhostDanger, id: "promise-cancel", onclick: move |_| cancelling.set(true), {t("promise-cancel")} }
        }
        PrintAndShare { title, text }
        if cancelling() {
            ReasonSheet {
                id: "cancel-reason",
                title: t("promise-cancel"),
                confirm_label: t("promise-cancel-confirm"),
                consequence: t("promise-cancel-body"),
                done: t("promise-cancel-done"),
                request: move |reason| Request::CancelPromise { document, reason },
                onclose: move |()| cancelling.set(false),
            }
        }
    }
}
