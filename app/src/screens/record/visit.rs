//! A visit as it stands: where it was against where the customer is, when, whom, with what result;
//! the notes, which its author may go on editing.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{evidence::Fix, ids::DocumentId, visit::Visit};

use crate::{
    components::{
        Button, ButtonKind, Card, IconName, ListRow, PositionMap, Rows, Tag, TextArea, Tone, toast,
    },
    format,
    i18n::{t, t_args, term},
    replica::api::{RecordContent, RecordView, Request},
    route::Route,
    screens::parts::toast_failure,
    state::{AppState, navigate::use_go, take, use_app, use_query, words},
};

/// The body of a visit.
#[component]
pub fn VisitBody(view: Rc<RecordView>) -> Element {
    let app = use_app();
    let RecordContent::Visit(visit) = &view.content else {
        return rsx! {};
    };
    let signs = visit.signs.clone();
    let related = visit.related.clone();
    let (tone, note) = words::place_of(visit.check_in, view.customer_position, app);
    rsx! {
        PositionMap { fix: visit.check_in, customer: view.customer_position, tone, note }
        p { class: "t2", id: "visit-times", {times(&view, visit, app)} }
        Notes { document: view.document, notes: visit.notes.clone(), mine: view.mine }
        if !related.is_empty() {
            Card { class: "flush", title: None,
                Rows {
                    for document in related {
                        Related { key: "{document}", document }
                    }
                }
            }
        }
        Card { id: "visit-facts",
            dl { class: "facts",
                dt { {t("visit-purpose")} }
                dd { {term("visit-purpose", visit.purpose.slug())} }
                dt { {t("visit-met")} }
                dd { if visit.person_met.is_empty() { {t("visit-met-nobody")} } else { "{visit.person_met}" } }
                dt { {t("visit-result")} }
                dd { class: "strong", {term("visit-result", visit.result.slug())} }
                if let Some(reason) = visit.reason {
                    dt { {t("visit-reason")} }
                    dd { {term("unpaid-reason", reason.slug())} }
                }
                if let Some(day) = visit.next_day {
                    dt { {t("visit-next")} }
                    dd { {format::day_relative(day, app.today())} }
                }
                dt { {t("check-in-place")} }
                dd { id: "check-in-place", {place(visit.check_in, &view, app)} }
                dt { {t("check-out-place")} }
                dd { id: "check-out-place", {place(visit.check_out, &view, app)} }
                dt { {t("visit-by")} }
                dd { "{view.author.1}" }
            }
            if !signs.is_empty() {
                div { class: "why",
                    for sign in signs {
                        Tag { key: "{sign}", tone: Tone::Amber, {term("warning-sign", sign.slug())} }
                    }
                }
            }
        }
    }
}

/// Where against the customer's place, and how exactly the phone knew.
fn place(fix: Option<Fix>, view: &RecordView, app: AppState) -> String {
    let accuracy = fix.map(|fix| t_args("accuracy", &[("metres", fix.accuracy_m.into())]));
    let (_, note) = words::place_of(fix, view.customer_position, app);
    words::joined(&[note, accuracy.unwrap_or_default()])
}

/// Check-in with accuracy, check-out, clock.
fn times(view: &RecordView, visit: &Visit, app: AppState) -> String {
    let clock = |at| format::clock_seconds(at, app.offset());
    let accuracy = visit
        .check_in
        .map(|fix| t_args("accuracy", &[("metres", fix.accuracy_m.into())]))
        .map(|text| format!(" {text}"))
        .unwrap_or_default();
    let check_in = format!("{} {}{accuracy}", t("check-in"), clock(visit.started_at));
    let check_out = format!("{} {}", t("check-out"), clock(visit.ended_at));
    let length = words::visit_length(visit.started_at, visit.ended_at);
    let offset = view
        .clock_offset_ms
        .map(words::clock_offset)
        .unwrap_or_default();
    words::joined(&[check_in, check_out, length, offset])
}

/// The notes; their author may edit them, also without a signal.
#[component]
fn Notes(document: DocumentId, notes: String, mine: bool) -> Element {
    let app = use_app();
    let mut editing = use_signal(|| false);
    let mut draft = use_signal(String::new);
    let start = notes.clone();
    let save = move |_| {
        let notes = draft.peek().clone();
        spawn(async move {
            match app.order(Request::EditNotes { document, notes }).await {
                Ok(()) => {
                    editing.set(false);
                    toast(Tone::Green, t("notes-saved"));
                }
                // The text stays in the field.
                Err(failure) => toast_failure(&failure),
            }
        });
    };
    rsx! {
        Card { title: t("visit-notes"), id: "notes",
            if editing() {
                div { class: "stack",
                    TextArea { id: "notes-text", label: t("visit-notes"), initial: draft.peek().clone(), oninput: move |text| draft.set(text) }
                    div { class: "row",
                        Button { kind: ButtonKind::Sub, small: true, onclick: move |_| editing.set(false), {t("cancel")} }
                        Button { small: true, wide: true, id: "notes-save", onclick: save, {t("save")} }
                    }
                }
            } else {
                if notes.is_empty() {
                    p { class: "t2", {t("notes-none")} }
                } else {
                    p { class: "body", id: "notes-read", white_space: "pre-wrap", "{notes}" }
                }
                if mine {
                    Button {
                        kind: ButtonKind::Ghost,
                        small: true,
                        icon: IconName::Pen,
                        id: "notes-edit",
                        onclick: move |_| {
                            draft.set(start.clone());
                            editing.set(true);
                        },
                        {t("notes-edit")}
                    }
                }
            }
        }
    }
}

/// A promise or receipt made during the visit, with a link to it.
#[component]
fn Related(document: DocumentId) -> Element {
    let go = use_go();
    let record = use_query(Request::Record(document), take::record);
    let Some(view) = record.view() else {
        return rsx! {};
    };
    let (title, tag) = match &view.content {
        RecordContent::Receipt(receipt, state) => {
            let title = t_args(
                "related-receipt",
                &[("number", receipt.core.number.to_string().into())],
            );
            (title, words::receipt_state(*state))
        }
        RecordContent::Promise(promise, state, _) => {
            let title = t_args(
                "related-promise",
                &[("count", promise.core.instalments.len().into())],
            );
            (title, words::promise_state(*state))
        }
        RecordContent::Proposal(asked) => (
            words::asked(&asked.proposal.ask),
            words::proposal_state(asked.state),
        ),
        RecordContent::Visit(_) | RecordContent::HandIn(..) | RecordContent::Statement(..) => {
            (super::title(view.kind), (Tone::Neutral, String::new()))
        }
    };
    let sum = match &view.content {
        RecordContent::Receipt(receipt, _) => Some(receipt.core.amount),
        RecordContent::Promise(promise, ..) => Some(promise.core.total),
        RecordContent::Proposal(asked) => Some(asked.proposal.ask.amount),
        RecordContent::Visit(_) | RecordContent::HandIn(..) | RecordContent::Statement(..) => None,
    };
    rsx! {
        ListRow {
            title,
            subtitle: sum.map(format::money),
            href: Route::Record { document }.to_string(),
            onnavigate: go,
            Tag { tone: tag.0, "{tag.1}" }
        }
    }
}
