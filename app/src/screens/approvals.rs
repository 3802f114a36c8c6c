//! Approvals 审批: void requests that wait for a decision. The money stands where it stood until then.

use dioxus::prelude::*;

use super::{
    frame::Screen,
    parts::{Waiting, toast_failure},
};
use crate::{
    components::{
        Amount, AmountSize, Button, ButtonKind, Card, ConfirmSheet, EmptyState, IconName, NavLink,
        TextArea, Tone, toast,
    },
    format::money,
    i18n::{t, t_args, term},
    replica::api::{ApprovalView, Request},
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
                        Approval { key: "{approval.request}", approval, ondecide: move |choice| deciding.set(Some(choice)) }
                    }
                },
                None => rsx! { Waiting { error: approvals.error(), onretry: move |()| approvals.again() } },
            }
        }
        if let Some((approval, approve)) = deciding() {
            Decide { approval, approve, onclose: move |()| deciding.set(None) }
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
    rsx! {
        Card {
            div { class: "row between top-align",
                div { class: "grow",
                    h2 { class: "t1",
                        NavLink { href: Route::Record { document: approval.document }.to_string(), onnavigate: go,
                            {t_args("approval-title", &[("number", approval.number.clone().into())])}
                        }
                    }
                    p { class: "t2", {words::joined(&[approval.customer.1.clone(), term("method", approval.method.slug())])} }
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
                Button { kind: ButtonKind::Danger, small: true, onclick: move |_| ondecide.call((for_yes.clone(), true)), {t("approval-approve")} }
            }
            }
        }
    }
}

/// The exact consequence, and a note to the one who asked.
#[component]
fn Decide(approval: ApprovalView, approve: bool, onclose: EventHandler<()>) -> Element {
    let app = use_app();
    let mut note = use_signal(String::new);
    let mut busy = use_signal(|| false);
    let (document, request) = (approval.document, approval.request);
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
        ("number", approval.number.clone().into()),
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
