//! Approvals 审批: void requests and proposals that wait for a decision. The money stands where it stood until then.

use dioxus::prelude::*;
use shared::{
    ids::{DocumentId, ElementId},
    money::Money,
    proposal::{Ask, ProposalKind, ProposalState},
};

use super::{
    frame::Screen,
    parts::{Waiting, toast_failure},
    proposal::typed,
};
use crate::{
    components::{
        Amount, AmountSize, Button, ButtonKind, Card, ConfirmSheet, EmptyState, Field, FieldKind,
        IconName, NavLink, Tag, TextArea, Tone, toast,
    },
    format::{self, money},
    i18n::{t, t_args, term},
    replica::api::{ApprovalOf, ApprovalView, NewDecision, Request},
    route::Route,
    state::{navigate::use_go, take, use_app, use_query, words},
};

/// What waits for the supervisor.
#[component]
pub fn ApprovalsScreen() -> Element {
    let approvals = use_query(Request::Approvals, take::approvals);
    let mut deciding = use_signal(|| None::<(ApprovalView, bool)>);
    rsx! {
        Screen { title: t("nav-approvals"), tabs: true,
            match approvals.view() {
                Some(list) if list.is_empty() => rsx! {
                    EmptyState { icon: IconName::Check, title: t("approvals-none"), body: t("approvals-none-body") }
                },
                Some(list) => rsx! {
                    for approval in list.iter().cloned() {
                        Approval { key: "{approval.document}-{approval.at.0}", approval, ondecide: move |choice| deciding.set(Some(choice)) }
                    }
                },
                None => rsx! { Waiting { error: approvals.error(), onretry: move |()| approvals.again() } },
            }
        }
        if let Some((approval, approve)) = deciding() {
            match approval.what.clone() {
                ApprovalOf::Void { request, number, .. } => rsx! {
                    Decide { approval, void: (request, number), approve, onclose: move |()| deciding.set(None) }
                },
                ApprovalOf::Proposal { line, .. } => rsx! {
                    DecideProposal {
                        about: Deciding {
                            document: approval.document,
                            ask: line.ask,
                            name: approval.person_name.clone(),
                            approve,
                        },
                        onclose: move |()| deciding.set(None),
                    }
                },
            }
        }
    }
}

#[component]
fn Approval(approval: ApprovalView, ondecide: EventHandler<(ApprovalView, bool)>) -> Element {
    let app = use_app();
    let go = use_go();
    let (for_yes, for_no) = (approval.clone(), approval.clone());
    let asked = t_args(
        "approval-asked",
        &[
            ("name", approval.person_name.clone().into()),
            ("when", app.moment(approval.at).into()),
        ],
    );
    let (title, about, tag) = match &approval.what {
        ApprovalOf::Void { number, method, .. } => (
            t_args("approval-title", &[("number", number.clone().into())]),
            term("method", method.slug()),
            None,
        ),
        ApprovalOf::Proposal { line, invoices } => {
            let until = line.ask.until.map(format::date).unwrap_or_default();
            let about = words::joined(&[words::joined(invoices), until]);
            let early = line.state == ProposalState::AgreedByFinance;
            let tag = early.then(|| words::proposal_state(line.state).1);
            (words::asked(&line.ask), about, tag)
        }
    };
    let is_void = matches!(approval.what, ApprovalOf::Void { .. });
    rsx! {
        Card {
            div { class: "row between top-align",
                div { class: "grow",
                    h2 { class: "t1",
                        NavLink { href: Route::Record { document: approval.document }.to_string(), onnavigate: go, "{title}" }
                    }
                    p { class: "t2", {words::joined(&[approval.customer.1.clone(), about])} }
                    if let Some(tag) = tag {
                        Tag { tone: Tone::Amber, "{tag}" }
                    }
                }
                Amount { value: approval.amount, size: AmountSize::Large }
            }
            p { class: "body", margin_top: "8px", "{approval.reason}" }
            p { class: "t3", "{asked}" }
            if approval.is_mine {
                p { class: "t3", margin_top: "12px", {t("approval-mine")} }
            } else {
            div { class: "row", margin_top: "12px",
                Button { kind: ButtonKind::Sub, small: true, onclick: move |_| ondecide.call((for_no.clone(), false)), {t("approval-deny")} }
                Button { kind: if is_void { ButtonKind::Danger } else { ButtonKind::Primary }, small: true, onclick: move |_| ondecide.call((for_yes.clone(), true)),
                    {t(if is_void { "approval-approve" } else { "proposal-agree" })}
                }
            }
            }
        }
    }
}

/// The exact consequence, and a note to the one who asked.
#[component]
fn Decide(
    approval: ApprovalView,
    void: (ElementId, String),
    approve: bool,
    onclose: EventHandler<()>,
) -> Element {
    let app = use_app();
    let mut note = use_signal(String::new);
    let mut busy = use_signal(|| false);
    let (document, (request, number)) = (approval.document, void);
    let confirm = move |()| {
        let note = note.peek().trim().to_owned();
        busy.set(true);
        spawn(async move {
            let done = app
                .order(Request::DecideVoid {
                    document,
                    request,
                    approve,
                    note,
                })
                .await;
            busy.set(false);
            match done {
                Ok(()) => {
                    toast(
                        Tone::Green,
                        if approve {
                            t("approval-approved")
                        } else {
                            t("approval-denied")
                        },
                    );
                    onclose.call(());
                }
                Err(failure) => toast_failure(&failure),
            }
        });
    };
    let args = [
        ("number", number.into()),
        ("amount", money(approval.amount).into()),
        ("name", approval.person_name.clone().into()),
    ];
    let (title, consequence, label) = if approve {
        (
            t("approval-approve"),
            t_args("approval-approve-body", &args),
            t("approval-approve-confirm"),
        )
    } else {
        (
            t("approval-deny"),
            t_args("approval-deny-body", &args),
            t("approval-deny-confirm"),
        )
    };
    rsx! {
        ConfirmSheet { title, confirm_label: label, danger: approve, busy: busy(), onconfirm: confirm, oncancel: onclose,
            p { "{consequence}" }
            p { class: "t2", "{approval.customer.1}" }
            TextArea { id: "decision-note", label: t_args("approval-note", &[("name", approval.person_name.into())]), oninput: move |text| note.set(text) }
        }
    }
}

/// A proposal on which a supervisor is about to say something.
#[derive(Clone, Debug, PartialEq)]
pub struct Deciding {
    /// The proposal.
    pub document: DocumentId,
    /// What is asked for.
    pub ask: Ask,
    /// Who asks.
    pub name: String,
    /// Agree, or decline.
    pub approve: bool,
}

/// What follows from it, how much is agreed to, and a note to the one who asked.
#[component]
pub fn DecideProposal(about: Deciding, onclose: EventHandler<()>) -> Element {
    let app = use_app();
    let Deciding {
        document,
        ask,
        name,
        approve,
    } = about;
    let first = ask.amount;
    let mut amount = use_signal(|| first);
    let mut note = use_signal(String::new);
    let mut busy = use_signal(|| false);
    let is_posted = matches!(
        ask.what,
        ProposalKind::Discount | ProposalKind::GoodsReturn | ProposalKind::WriteOff
    );
    let confirm = move |()| {
        let sum: Money = *amount.peek();
        let new = NewDecision {
            document,
            approve,
            amount: (approve && is_posted).then_some(sum),
            note: note.peek().clone(),
        };
        busy.set(true);
        spawn(async move {
            match app.order(Request::DecideProposal(new)).await {
                Ok(()) => {
                    let done = if approve {
                        "proposal-agreed"
                    } else {
                        "approval-denied"
                    };
                    toast(Tone::Green, t(done));
                    onclose.call(());
                }
                Err(failure) => {
                    busy.set(false);
                    toast_failure(&failure);
                }
            }
        });
    };
    let args = [
        ("name", name.clone().into()),
        ("amount", money(*amount.read()).into()),
        (
            "until",
            ask.until.map(format::date).unwrap_or_default().into(),
        ),
    ];
    let (title, consequence) = match approve {
        true => (
            t("proposal-agree"),
            t_args(&format!("proposal-agree-{}", ask.what.slug()), &args),
        ),
        false => (
            t("proposal-decline"),
            t_args("proposal-decline-body", &args),
        ),
    };
    rsx! {
        ConfirmSheet { title: title.clone(), confirm_label: title, danger: !approve, busy: busy(), onconfirm: confirm, oncancel: onclose,
            p { "{consequence}" }
            p { class: "t2", {words::asked(&ask)} }
            if approve && is_posted {
                Field {
                    id: "decision-amount",
                    label: t("proposal-agree-amount"),
                    kind: FieldKind::Money,
                    initial: first.to_string(),
                    hint: t_args("proposal-agree-amount-hint", &[("amount", money(first).into())]),
                    oninput: move |text: String| amount.set(typed(&text)),
                }
            }
            TextArea { id: "decision-note", label: t_args("approval-note", &[("name", name.into())]), required: !approve, oninput: move |text| note.set(text) }
        }
    }
}
