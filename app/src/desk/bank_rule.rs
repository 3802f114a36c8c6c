//! The company's rule for bank statements 自动入账规则: while it is on, lines that name a claim, with its sum, are posted
//! when a statement is read.
//!
//! Invariant: it is said who switched it on, and every line that it posted.

use dioxus::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::money::Money;

use super::{
    order::Order,
    parts::{SectionHead, Stale, Sum},
    state::{use_desk, use_read},
};
use crate::{
    components::{Banner, Button, ButtonKind, Card, Column, DataRow, DataTable, Tag, Tone},
    format,
    i18n::{t, t_args},
};

/// Who switched it on.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct SwitchedOn {
    person: String,
    approver: String,
    at: i64,
    reason: String,
}

/// The rule as it stands.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Rule {
    on: Option<SwitchedOn>,
    waits: Option<String>,
}

/// A line that the rule has posted.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ByRule {
    /// The bank's own number of it.
    pub reference: String,
    /// Sum.
    pub amount: Money,
    /// Number of the receipt whose claim it settled.
    pub number: String,
    /// Customer by the receipt.
    pub payer: String,
}

/// How the rule stands, and the way to switch it.
#[component]
pub fn RuleCard() -> Element {
    let desk = use_desk();
    let rule = use_read::<Rule>("/v1/desk/bank-rule".to_owned());
    let mut switching = use_signal(|| None::<bool>);
    let Some(found) = rule.view() else {
        return rsx! { Stale { error: rule.error() } };
    };
    let is_on = found.on.is_some();
    rsx! {
        Card { id: "bank-rule",
            div { class: "row between wrap",
                div { class: "grow",
                    h2 { class: "card-title",
                        {t("desk-rule")}
                        " "
                        if is_on {
                            Tag { tone: Tone::Green, {t("desk-rule-is-on")} }
                        } else if found.waits.is_some() {
                            Tag { tone: Tone::Amber, {t("desk-rule-is-waiting")} }
                        } else {
                            Tag { tone: Tone::Neutral, {t("desk-rule-is-off")} }
                        }
                    }
                    if let Some(on) = found.on.clone() {
                        p { class: "t2", {t("desk-rule-on-note")} }
                        p { class: "t3", id: "rule-by",
                            {t_args("desk-rule-by", &[
                                ("person", desk.person_name(&on.person).into()),
                                ("approver", desk.person_name(&on.approver).into()),
                                ("moment", desk.moment(on.at).into()),
                                ("reason", on.reason.into()),
                            ])}
                        }
                    } else if found.waits.is_some() {
                        p { class: "t2", {t("desk-rule-waits")} }
                    } else {
                        p { class: "t2", {t("desk-rule-off-note")} }
                    }
                }
                if found.waits.is_none() {
                    Button {
                        kind: if is_on { ButtonKind::GhostDanger } else { ButtonKind::Soft },
                        small: true,
                        id: "rule-switch",
                        onclick: move |_| switching.set(Some(!is_on)),
                        {t(if is_on { "desk-rule-do-off" } else { "desk-rule-do-on" })}
                    }
                }
            }
        }
        if let Some(on) = switching() {
            Switch { on, onclose: move |()| switching.set(None) }
        }
    }
}

#[component]
fn Switch(on: bool, onclose: EventHandler<()>) -> Element {
    let command =
        use_callback(move |()| Ok::<Value, String>(json!({ "kind": "bank_rule", "on": on })));
    let key = |what: &str| format!("desk-rule-{what}-{}", if on { "on" } else { "off" });
    rsx! {
        Order {
            title: t(&key("title")),
            confirm: t(&key("do")),
            danger: !on,
            done: t(&key("done")),
            command,
            onclose,
            p { class: "t2", {t(&key("sheet"))} }
        }
    }
}

/// Lines that wait for somebody to say that the columns were guessed right.
#[component]
pub fn HeldBack(count: u64, busy: bool, ongo: EventHandler<()>) -> Element {
    rsx! {
        Banner { tone: Tone::Amber, id: "held-back", title: t_args("desk-rule-held", &[("count", count.into())]), body: t("desk-rule-held-body"),
            Button { kind: ButtonKind::Sub, small: true, busy, id: "rule-go", onclick: move |_| ongo.call(()), {t("desk-rule-go")} }
        }
    }
}

/// What the rule has posted of the statement that was just read.
#[component]
pub fn PostedByRule(lines: Vec<ByRule>) -> Element {
    if lines.is_empty() {
        return rsx! {};
    }
    let sum = Money::sum(lines.iter().map(|line| line.amount)).unwrap_or(Money::ZERO);
    let facts = [
        ("count", lines.len().into()),
        ("sum", format::money(sum).into()),
    ];
    let columns = vec![
        Column::text(t("desk-bank-line")),
        Column::text(t("desk-col-receipt")),
        Column::text(t("desk-col-customer")),
        Column::figures(t("desk-col-amount")),
    ];
    rsx! {
        Banner { tone: Tone::Green, id: "by-rule", title: t_args("desk-rule-posted", &facts), body: t("desk-rule-posted-body") }
        SectionHead { title: t("desk-rule-lines") }
        DataTable { caption: t("desk-rule-lines"), columns,
            for line in lines {
                DataRow { key: "{line.reference}",
                    td { "{line.reference}" }
                    td { class: "nowrap", "{line.number}" }
                    td { "{line.payer}" }
                    Sum { value: line.amount, strong: true }
                }
            }
        }
    }
}
