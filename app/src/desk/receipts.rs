//! Receipts to confirm 待确认: transfers that are said to be on their way, and the register of cheques and bills.

use dioxus::prelude::*;
use serde_json::{Value, json};
use shared::money::Money;

use super::{
    api::{Receipt, Receipts},
    frame::Screen,
    order::{Order, typed_sum},
    parts::{CustomerLink, Due, SectionHead, Stale, Sum, Waiting},
    state::{use_desk, use_read},
    words::word,
};
use crate::{
    components::{
        Amount, AmountSize, Button, ButtonKind, Column, DataRow, DataTable, EmptyState, Field,
        FieldKind, IconName, Tag, Tone,
    },
    format,
    i18n::{t, t_args, term},
};

/// What finance says of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Confirm,
    Cleared,
    Bounced,
    Presented,
}

/// A receipt, and what is to be said of it.
type Chosen = Signal<Option<(Receipt, What)>>;

/// The screen.
#[component]
pub fn ReceiptsScreen() -> Element {
    let receipts = use_read::<Receipts>("/v1/desk/receipts".to_owned());
    let mut chosen: Chosen = use_signal(|| None);
    rsx! {
        Screen { title: t("desk-receipts"),
            match receipts.view() {
                None => rsx! { Waiting { error: receipts.error() } },
                Some(list) => rsx! {
                    Stale { error: receipts.error() }
                    Claims { list: list.receipts.iter().filter(|r| r.custody == "claim").cloned().collect::<Vec<_>>(), chosen }
                    Papers { list: by_due(&list.receipts), chosen }
                },
            }
            if let Some((receipt, what)) = chosen() {
                Say { receipt, what, onclose: move |()| chosen.set(None) }
            }
        }
    }
}

/// Cheques and bills, those that fall due first at the top; without a due day they are due at once.
fn by_due(list: &[Receipt]) -> Vec<Receipt> {
    let mut papers: Vec<Receipt> = list.iter().filter(|r| r.is_paper()).cloned().collect();
    papers.sort_by_key(|r| {
        (
            r.custody != "clearing",
            r.due.unwrap_or(r.day),
            r.number.clone(),
        )
    });
    papers
}

/// `3 张 · ¥12,000.00`
pub fn totals(list: &[Receipt]) -> String {
    let sum = Money::sum(list.iter().filter_map(|r| r.amount));
    let sum = sum.map(format::money).unwrap_or_default();
    t_args(
        "desk-count-sum",
        &[("count", list.len().into()), ("sum", sum.into())],
    )
}

#[component]
fn Claims(list: Vec<Receipt>, chosen: Chosen) -> Element {
    let desk = use_desk();
    let columns = vec![
        Column::text(t("desk-col-day")),
        Column::text(t("desk-col-receipt")),
        Column::text(t("desk-col-customer")),
        Column::text(t("desk-col-method")),
        Column::text(t("desk-col-person")),
        Column::figures(t("desk-col-amount")),
        Column::figures(t("desk-col-action")),
    ];
    rsx! {
        SectionHead { title: t("desk-claims"), aside: totals(&list) }
        if list.is_empty() {
            EmptyState { icon: IconName::Check, title: t("desk-claims-none"), body: t("desk-claims-none-body") }
        } else {
            DataTable { caption: t("desk-claims"), columns,
                for receipt in list {
                    DataRow { key: "{receipt.document}",
                        td { class: "nowrap", {format::date(receipt.day)} }
                        td { class: "nowrap", "{receipt.number}" VoidTag { receipt: receipt.clone() } }
                        td { CustomerLink { id: receipt.customer.clone() } }
                        td {
                            {term("method", &receipt.method)}
                            if !receipt.reference.is_empty() {
                                p { class: "t3", "{receipt.reference}" }
                            }
                        }
                        td { {desk.person_name(&receipt.person)} }
                        Sum { value: receipt.amount, strong: true }
                        td {
                            div { class: "acts", SayButton { receipt, what: What::Confirm, chosen } }
                        }
                    }
                }
            }
        }
    }
}

#[component]
fn Papers(list: Vec<Receipt>, chosen: Chosen) -> Element {
    let desk = use_desk();
    let columns = vec![
        Column::text(t("desk-col-due")),
        Column::text(t("desk-col-paper")),
        Column::text(t("desk-col-customer")),
        Column::text(t("desk-col-receipt")),
        Column::text(t("desk-col-where")),
        Column::figures(t("desk-col-amount")),
        Column::figures(t("desk-col-action")),
    ];
    rsx! {
        SectionHead { title: t("desk-papers"), aside: totals(&list) }
        if list.is_empty() {
            EmptyState { icon: IconName::Check, title: t("desk-papers-none"), body: t("desk-papers-none-body") }
        } else {
            DataTable { caption: t("desk-papers"), columns,
                for receipt in list {
                    DataRow { key: "{receipt.document}",
                        td {
                            match receipt.due {
                                Some(_) => rsx! { Due { day: receipt.due } },
                                None => rsx! { span { class: "t2", {t("desk-on-sight")} } },
                            }
                        }
                        td {
                            {term("method", &receipt.method)}
                            " {receipt.reference}"
                            p { class: "t3", "{receipt.bank}" }
                        }
                        td { CustomerLink { id: receipt.customer.clone() } }
                        td {
                            span { class: "nowrap", "{receipt.number}" }
                            VoidTag { receipt: receipt.clone() }
                            p { class: "t3", {desk.person_name(&receipt.person)} }
                        }
                        td { Custody { custody: receipt.custody.clone() } }
                        Sum { value: receipt.amount, strong: true }
                        td {
                            div { class: "acts",
                                match receipt.custody.as_str() {
                                    "clearing" => rsx! {
                                        SayButton { receipt: receipt.clone(), what: What::Cleared, chosen }
                                        SayButton { receipt, what: What::Bounced, chosen }
                                    },
                                    "bounced" => rsx! {
                                        SayButton { receipt, what: What::Presented, chosen }
                                    },
                                    _ => rsx! {
                                        span { class: "t3", {t("desk-by-hand-in")} }
                                    },
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
fn VoidTag(receipt: Receipt) -> Element {
    if !receipt.void_waits {
        return rsx! {};
    }
    rsx! {
        " "
        Tag { tone: Tone::Amber, {t("desk-void-waits")} }
    }
}

/// Where the money of a receipt is, in a word.
#[component]
pub fn Custody(custody: String) -> Element {
    let tone = match custody.as_str() {
        "bounced" => Tone::Red,
        "clearing" => Tone::Teal,
        _ => Tone::Neutral,
    };
    rsx! {
        Tag { tone, {word("desk-custody", &custody)} }
    }
}

impl What {
    const fn slug(self) -> &'static str {
        match self {
            What::Confirm => "confirm",
            What::Cleared => "cleared",
            What::Bounced => "bounced",
            What::Presented => "presented",
        }
    }
}

/// The button that opens the sheet for one word on one receipt.
#[component]
fn SayButton(receipt: Receipt, what: What, chosen: Chosen) -> Element {
    let kind = match what {
        What::Bounced => ButtonKind::GhostDanger,
        _ => ButtonKind::Soft,
    };
    let label = t(&format!("desk-{}", what.slug()));
    let id = format!("{}-{}", what.slug(), receipt.number);
    let mut chosen = chosen;
    rsx! {
        Button {
            kind,
            small: true,
            id,
            aria_label: "{label} {receipt.number}",
            onclick: move |_| chosen.set(Some((receipt.clone(), what))),
            "{label}"
        }
    }
}

/// The sheet.
#[component]
fn Say(receipt: Receipt, what: What, onclose: EventHandler<()>) -> Element {
    let desk = use_desk();
    let slug = what.slug();
    let claimed = receipt.reference.clone();
    let mut line = use_signal(move || claimed);
    let mut fee = use_signal(String::new);
    let document = receipt.document.clone();
    let command = use_callback(move |()| {
        let receipt = document.clone();
        let fee = typed_sum(&fee.read())?.unwrap_or(Money::ZERO);
        let line = line.read().trim().to_owned();
        Ok::<Value, String>(match what {
            What::Confirm if line.is_empty() => return Err(t("desk-bank-line-missing")),
            What::Confirm => {
                json!({ "kind": "confirm_transfer", "receipt": receipt, "fee": fee, "bank_line": line })
            }
            What::Cleared => json!({ "kind": "cheque_cleared", "receipt": receipt, "fee": fee }),
            What::Bounced => json!({ "kind": "cheque_bounced", "receipt": receipt }),
            What::Presented => json!({ "kind": "cheque_presented", "receipt": receipt }),
        })
    });
    let routine = match what {
        What::Confirm | What::Cleared => t("desk-reason-bank"),
        _ => String::new(),
    };
    rsx! {
        Order {
            title: t(&format!("desk-{slug}-title")),
            confirm: t(&format!("desk-{slug}")),
            danger: what == What::Bounced,
            reason: routine,
            done: t(&format!("desk-{slug}-done")),
            command,
            onclose,
            dl { class: "facts",
                dt { {t("desk-col-customer")} }
                dd { {desk.customer_name(&receipt.customer)} }
                dt { {t("desk-col-receipt")} }
                dd { class: "num", "{receipt.number}" }
                dt { {t("desk-col-method")} }
                dd { {term("method", &receipt.method)} " {receipt.reference}" }
                dt { {t("desk-col-amount")} }
                dd {
                    if let Some(value) = receipt.amount {
                        Amount { value, size: AmountSize::Large }
                    }
                }
            }
            p { class: "t2", {t(&format!("desk-{slug}-note"))} }
            if what == What::Confirm {
                Field {
                    id: "bank-line",
                    label: t("desk-bank-line"),
                    hint: t("desk-bank-line-hint"),
                    initial: receipt.reference.clone(),
                    required: true,
                    oninput: move |text| line.set(text),
                }
            }
            if matches!(what, What::Confirm | What::Cleared) {
                Field { id: "bank-fee", label: t("desk-fee"), kind: FieldKind::Money, oninput: move |text| fee.set(text) }
            }
        }
    }
}
