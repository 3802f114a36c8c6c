//! A record as it stands: a visit, a promise, a receipt, a proposal; where it is on its way; what was said about it.

mod hand_in;
mod journey;
mod promise;
mod proposal;
mod reason;
mod receipt;
mod share;
mod statement;
mod thread;
mod visit;

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{document::Kind, ids::DocumentId, statement::StatementState};

use super::{frame::Screen, not_found::Missing, parts::Waiting};
use crate::{
    components::{Banner, Button, IconButton, IconName, NavLink, Tag, Tone},
    i18n::{t, t_args, term},
    replica::api::{RecordContent, RecordView, ReplicaFailure, Request},
    route::Route,
    state::{
        errors,
        navigate::{use_back, use_go},
        take, use_app, use_query, words,
    },
};

/// The record by itself.
#[component]
pub fn RecordScreen(document: DocumentId) -> Element {
    let record = use_query(Request::Record(document), take::record);
    let onback = use_back(record.view().map_or(Route::Home {}, |view| parent(&view)));
    if record.view().is_none()
        && record
            .error()
            .is_some_and(|failure| failure.code.ends_with("not_found"))
    {
        return rsx! { Missing { title: t("record-gone-title"), body: t("record-gone-body") } };
    }
    let view = record.view();
    // One frame for all states: if it changed, focus and scrolling would be lost when the data arrive.
    rsx! {
        Screen {
            title: view.as_ref().map_or_else(|| t("record"), |view| title(view.kind)),
            kicker: view.as_ref().map(|view| whose(view)),
            onback,
            aside: rsx! {
                if let Some(view) = view.clone() {
                    StateTag { view }
                }
            },
            actions: view.as_ref().and_then(actions),
            match view {
                Some(view) => rsx! { Body { view } },
                None => rsx! { NotYet { error: record.error(), onretry: move |()| record.again() } },
            }
        }
    }
}

/// While there is nothing to show: the record is on its way from the server, or could not be read.
#[component]
fn NotYet(error: Option<ReplicaFailure>, onretry: EventHandler<()>) -> Element {
    if error
        .as_ref()
        .is_some_and(|failure| failure.code == "record.being_fetched")
    {
        return rsx! {
            Banner { tone: Tone::Amber, title: t("record-fetching-title"), body: t("record-fetching-body"), id: "fetching" }
        };
    }
    rsx! { Waiting { error, onretry } }
}

/// The record in the detail pane of a list: with its own heading, and the composer at the pane's foot.
#[component]
pub fn RecordPane(document: DocumentId, onclose: EventHandler<()>) -> Element {
    let app = use_app();
    let go = use_go();
    let record = use_query(Request::Record(document), take::record);
    let view = record.view();
    let kicker = view.as_ref().map(|view| {
        let when = match &view.content {
            RecordContent::Visit(visit) => visit.started_at,
            _ => view.journey.saved_at,
        };
        words::joined(&[view.author.1.clone(), app.moment(when)])
    });
    rsx! {
        div { class: "stack",
            div { class: "row between top-align",
                div { class: "detail-head grow",
                    p { class: "t3", {kicker.unwrap_or_default()} }
                    if let Some((href, name)) = view.as_ref().map(|view| (parent(view).to_string(), whose(view))) {
                        h2 {
                            NavLink { href, onnavigate: go, "{name}" }
                        }
                    }
                }
                IconButton { icon: IconName::Close, label: t("close"), id: "detail-close", onclick: move |_| onclose.call(()) }
            }
            match view.clone() {
                Some(view) => rsx! {
                    Body { view: Rc::clone(&view), composer: false }
                    {actions(&view).map(|actions| rsx! { div { class: "row wrap", {actions} } })}
                },
                None => rsx! { NotYet { error: record.error(), onretry: move |()| record.again() } },
            }
        }
        if let Some(view) = view {
            div { class: "push", thread::Composer { view } }
        }
    }
}

/// Where a record belongs.
fn parent(view: &RecordView) -> Route {
    match view.kind {
        Kind::HandIn => Route::HandIn {},
        _ => Route::Customer {
            id: view.customer.0,
        },
    }
}

/// The customer's name; of a hand-in the person's.
fn whose(view: &RecordView) -> String {
    match view.kind {
        Kind::HandIn => view.author.1.clone(),
        _ => view.customer.1.clone(),
    }
}

/// Title of a record of a kind.
pub fn title(kind: Kind) -> String {
    term("kind", kind.slug())
}

fn actions(view: &Rc<RecordView>) -> Option<Element> {
    if view.journey.corrected_by.is_some() {
        // It counts nowhere: nobody hands it on or asks for it to be voided.
        return None;
    }
    match &view.content {
        RecordContent::Receipt(..) => Some(rsx! { receipt::Actions { view: Rc::clone(view) } }),
        RecordContent::Promise(..) => Some(rsx! { promise::Actions { view: Rc::clone(view) } }),
        RecordContent::Proposal(_) => Some(rsx! { proposal::Actions { view: Rc::clone(view) } }),
        RecordContent::Statement(..) => Some(rsx! { statement::Actions { view: Rc::clone(view) } }),
        RecordContent::Visit(_) | RecordContent::HandIn(..) => None,
    }
}

/// What a record says of its state in one tag.
#[component]
fn StateTag(view: Rc<RecordView>) -> Element {
    let (tone, text) = if view.journey.rejected.is_some() {
        (Tone::Red, t("journey-rejected"))
    } else if view.journey.corrected_by.is_some() {
        (Tone::Neutral, t("corrected"))
    } else if view.journey.received_at.is_none() {
        (Tone::Amber, t("receipt-on-phone"))
    } else {
        match &view.content {
            RecordContent::Visit(_) => (Tone::Green, t("journey-sent")),
            RecordContent::Promise(_, state, _) => words::promise_state(*state),
            RecordContent::Receipt(_, state) => words::receipt_state(*state),
            RecordContent::HandIn(_, row) => words::hand_in_state(false, true, row.as_ref()),
            RecordContent::Proposal(asked) => words::proposal_state(asked.state),
            RecordContent::Statement(_, row) => match row {
                Some(row) if row.state != StatementState::Sent => {
                    words::statement_state(row.state, true, row.until, row.until)
                }
                _ => (Tone::Teal, t("statement-with-finance")),
            },
        }
    };
    rsx! {
        Tag { tone, id: "record-state", "{text}" }
    }
}

#[component]
fn Body(view: Rc<RecordView>, #[props(default = true)] composer: bool) -> Element {
    let refused = view
        .journey
        .rejected
        .as_ref()
        .map(|code| errors::rejection_sentence(code));
    let go = use_go();
    let document = view.document;
    rsx! {
        if let Some(refused) = refused {
            Banner { tone: Tone::Red, title: t("journey-rejected"), body: refused, id: "rejected",
                if view.journey.correctable {
                    Button { small: true, id: "correct", onclick: move |_| go(Route::Correct { document }.to_string()), {t("correct")} }
                }
            }
        }
        if let Some(by) = view.journey.corrected_by {
            Banner { tone: Tone::Neutral, title: t("corrected-title"), body: t("corrected-body"), id: "corrected",
                NavLink { href: Route::Record { document: by }.to_string(), onnavigate: go, {t("corrected-see")} }
            }
        }
        if let Some(old) = view.journey.corrects {
            p { class: "t2", id: "corrects",
                NavLink { href: Route::Record { document: old }.to_string(), onnavigate: go, {t("corrects-see")} }
            }
        }
        match &view.content {
            RecordContent::Visit(_) => rsx! { visit::VisitBody { view: Rc::clone(&view) } },
            RecordContent::Promise(..) => rsx! { promise::PromiseBody { view: Rc::clone(&view) } },
            RecordContent::Receipt(..) => rsx! { receipt::ReceiptBody { view: Rc::clone(&view) } },
            RecordContent::HandIn(..) => rsx! { hand_in::HandInBody { view: Rc::clone(&view) } },
            RecordContent::Proposal(_) => rsx! { proposal::ProposalBody { view: Rc::clone(&view) } },
            RecordContent::Statement(..) => rsx! { statement::StatementBody { view: Rc::clone(&view) } },
        }
        // Money is followed first; of a visit people want to see and say something.
        if view.kind != Kind::Visit {
            journey::JourneyCard { view: Rc::clone(&view) }
        }
        // Finance sees a hand-in at its desk, which has no thread.
        if view.kind != Kind::HandIn {
            thread::Photos { view: Rc::clone(&view) }
            thread::Thread { view: Rc::clone(&view), composer }
        }
        if view.kind == Kind::Visit {
            journey::JourneyCard { view }
        }
    }
}

/// Seal fingerprint under a sealed record.
#[component]
fn Sealed(view: Rc<RecordView>) -> Element {
    let Some(seal) = &view.seal else {
        return rsx! {};
    };
    rsx! {
        p { class: "t3",
            {t("record-sealed")}
            " "
            span { class: "hash", id: "fingerprint", {t_args("record-fingerprint", &[("print", seal.digest.fingerprint().into())])} }
        }
    }
}
