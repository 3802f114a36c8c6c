//! What waits for a second person 复核: refunds and write-offs, and voids of receipts whose money had left the
//! field. Nobody approves what they proposed themselves.

use dioxus::prelude::*;
use serde_json::{Value, json};

use super::{
    api::{Commands, Taken, Void, Voids},
    credit::rating_of,
    frame::Screen,
    order::Order,
    parts::{CustomerLink, SectionHead, Stale, Sum, Waiting},
    receipts::Custody,
    state::{use_desk, use_read},
    words::word,
};
use crate::{
    components::{
        Amount, AmountSize, Button, ButtonKind, Column, DataRow, DataTable, EmptyState, IconName,
        Tag, Tone,
    },
    i18n::t,
};

/// The screen.
#[component]
pub fn ApprovalsScreen() -> Element {
    let desk = use_desk();
    let commands = use_read::<Commands>("/v1/ledger/commands".to_owned());
    let mut deciding = use_signal(|| None::<(Taken, bool)>);
    rsx! {
        Screen { title: t("desk-approvals"),
            SectionHead { title: t("desk-proposals"), aside: t("desk-two-persons") }
            match commands.view() {
                None => rsx! { Waiting { error: commands.error() } },
                Some(list) => rsx! {
                    Stale { error: commands.error() }
                    Proposals { list: list.commands.clone(), ondecide: move |decision| deciding.set(Some(decision)) }
                },
            }
            if desk.sees_ledger() {
                VoidList {}
            }
            if let Some((proposal, approve)) = deciding() {
                Decide { proposal, approve, onclose: move |()| deciding.set(None) }
            }
        }
    }
}

#[component]
fn Proposals(list: Vec<Taken>, ondecide: EventHandler<(Taken, bool)>) -> Element {
    let desk = use_desk();
    let columns = vec![
        Column::text(t("desk-col-what")),
        Column::text(t("desk-col-customer")),
        Column::text(t("desk-col-proposed")),
        Column::text(t("desk-col-reason")),
        Column::figures(t("desk-col-amount")),
        Column::figures(t("desk-col-action")),
    ];
    if list.is_empty() {
        return rsx! {
            EmptyState { icon: IconName::Check, title: t("desk-proposals-none"), body: t("desk-proposals-none-body") }
        };
    }
    rsx! {
        DataTable { caption: t("desk-proposals"), columns,
            for proposal in list {
                DataRow { key: "{proposal.id}",
                    td {
                        Tag { tone: Tone::Amber, {word("desk-command", &proposal.kind)} }
                        if let Some(rating) = rating_of(&proposal) {
                            p { class: "t2", "{rating}" }
                        }
                    }
                    td {
                        match proposal.customer() {
                            Some(id) => rsx! { CustomerLink { id: id.to_owned() } },
                            None => rsx! { "–" },
                        }
                    }
                    td {
                        {desk.person_name(&proposal.person)}
                        p { class: "t3 nowrap", {desk.moment(proposal.at)} }
                    }
                    td { "{proposal.reason}" }
                    Sum { value: proposal.amount(), strong: true }
                    td {
                        if desk.is_me(&proposal.person) {
                            div { class: "acts", Tag { tone: Tone::Neutral, {t("desk-own-proposal")} } }
                        } else {
                            div { class: "acts",
                                Button {
                                    small: true,
                                    kind: ButtonKind::Soft,
                                    id: "approve-{proposal.id}",
                                    onclick: {
                                        let proposal = proposal.clone();
                                        move |_| ondecide.call((proposal.clone(), true))
                                    },
                                    {t("desk-approve")}
                                }
                                Button {
                                    small: true,
                                    kind: ButtonKind::GhostDanger,
                                    id: "reject-{proposal.id}",
                                    onclick: move |_| ondecide.call((proposal.clone(), false)),
                                    {t("desk-reject")}
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[component]
fn Decide(proposal: Taken, approve: bool, onclose: EventHandler<()>) -> Element {
    let desk = use_desk();
    let slug = if approve { "approve" } else { "reject" };
    let id = proposal.id.clone();
    let command =
        use_callback(move |()| Ok::<Value, String>(json!({ "kind": slug, "proposal": id })));
    rsx! {
        Order {
            title: t(&format!("desk-{slug}-title")),
            confirm: t(&format!("desk-{slug}")),
            danger: !approve,
            done: t(&format!("desk-{slug}-done")),
            command,
            onclose,
            dl { class: "facts",
                dt { {t("desk-col-what")} }
                dd { {word("desk-command", &proposal.kind)} }
                if let Some(rating) = rating_of(&proposal) {
                    dt { {t("desk-col-credit-proposed")} }
                    dd { "{rating}" }
                }
                if let Some(customer) = proposal.customer() {
                    dt { {t("desk-col-customer")} }
                    dd { {desk.customer_name(customer)} }
                }
                if let Some(value) = proposal.amount() {
                    dt { {t("desk-col-amount")} }
                    dd { Amount { value, size: AmountSize::Large } }
                }
                dt { {t("desk-col-reason")} }
                dd { "{proposal.reason}" }
            }
            p { class: "t2",
                match (approve, rating_of(&proposal)) {
                    (true, Some(_)) => t("desk-credit-approve-note"),
                    _ => t(&format!("desk-{slug}-note")),
                }
            }
        }
    }
}

/// Voids after hand-in: a supervisor approved them, finance is the second person.
#[component]
fn VoidList() -> Element {
    let desk = use_desk();
    let voids = use_read::<Voids>("/v1/desk/voids".to_owned());
    let mut confirming = use_signal(|| None::<Void>);
    let columns = vec![
        Column::text(t("desk-col-receipt")),
        Column::text(t("desk-col-customer")),
        Column::text(t("desk-col-where")),
        Column::text(t("desk-col-asked-by")),
        Column::text(t("desk-col-approved-by")),
        Column::figures(t("desk-col-amount")),
        Column::figures(t("desk-col-action")),
    ];
    let Some(list) = voids.view() else {
        return rsx! { Waiting { error: voids.error() } };
    };
    rsx! {
        SectionHead { title: t("desk-voids") }
        if list.voids.is_empty() {
            EmptyState { icon: IconName::Check, title: t("desk-voids-none"), body: t("desk-voids-none-body") }
        } else {
            DataTable { caption: t("desk-voids"), columns,
                for void in list.voids.clone() {
                    DataRow { key: "{void.receipt}",
                        td { class: "nowrap", "{void.number}" }
                        td { CustomerLink { id: void.customer.clone() } }
                        td { Custody { custody: void.custody.clone() } }
                        td { {desk.person_name(&void.requester)} }
                        td { {desk.person_name(&void.approver)} }
                        Sum { value: void.amount, strong: true }
                        td {
                            div { class: "acts",
                                if desk.is_me(&void.approver) || desk.is_me(&void.requester) {
                                    Tag { tone: Tone::Neutral, {t("desk-own-proposal")} }
                                } else {
                                    Button {
                                        small: true,
                                        kind: ButtonKind::GhostDanger,
                                        id: "void-{void.number}",
                                        onclick: move |_| confirming.set(Some(void.clone())),
                                        {t("desk-void")}
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        if let Some(void) = confirming() {
            ConfirmVoid { void, onclose: move |()| confirming.set(None) }
        }
    }
}

#[component]
fn ConfirmVoid(void: Void, onclose: EventHandler<()>) -> Element {
    let desk = use_desk();
    let receipt = void.receipt.clone();
    let command = use_callback(move |()| {
        Ok::<Value, String>(json!({ "kind": "confirm_void", "receipt": receipt }))
    });
    rsx! {
        Order {
            title: t("desk-void-title"),
            confirm: t("desk-void"),
            danger: true,
            done: t("desk-void-done"),
            command,
            onclose,
            dl { class: "facts",
                dt { {t("desk-col-receipt")} }
                dd { class: "num", "{void.number}" }
                dt { {t("desk-col-customer")} }
                dd { {desk.customer_name(&void.customer)} }
                dt { {t("desk-col-amount")} }
                dd { Amount { value: void.amount, size: AmountSize::Large } }
            }
            p { class: "t2", {t("desk-void-note")} }
        }
    }
}
