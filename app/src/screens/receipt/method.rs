//! How the money came, with the particulars of each method.

use dioxus::prelude::*;
use shared::receipt::MethodKind;

use super::draft::ReceiptDraft;
use crate::{
    components::{Card, Choice, ChoiceGroup, DateField, Field, FieldKind, Segmented},
    i18n::{t, term},
    state::Form,
};

const OTHER: &str = "other";

/// Picks the method; cheque and bill ask for number and bank.
#[component]
pub fn MethodPicker(form: Form<ReceiptDraft>) -> Element {
    let mut value = form.value;
    let draft = value.read().clone();
    let kind = draft.kind();
    let in_row = [
        MethodKind::Cash,
        MethodKind::Transfer,
        MethodKind::Cheque,
        MethodKind::WeChat,
    ];
    let others = [MethodKind::Alipay, MethodKind::AcceptanceBill];
    let mut options: Vec<Choice> = in_row
        .iter()
        .map(|k| Choice::new(k.slug(), term("method-short", k.slug())))
        .collect();
    options.push(Choice::new(OTHER, t("method-short-other")));
    let chosen = if others.contains(&kind) {
        OTHER
    } else {
        kind.slug()
    };
    rsx! {
        Segmented {
            name: "method",
            label: t("receipt-method"),
            options,
            value: chosen,
            onchange: move |slug: String| {
                value.write().method = Some(if slug == OTHER { MethodKind::Alipay } else { MethodKind::from_slug(&slug) });
            },
        }
        if kind != MethodKind::Cash {
            Card {
                div { class: "stack",
                    if others.contains(&kind) {
                        ChoiceGroup {
                            name: "method-other",
                            label: t("receipt-method"),
                            options: others.iter().map(|k| Choice::new(k.slug(), term("method", k.slug()))).collect::<Vec<_>>(),
                            selected: vec![kind.slug().to_owned()],
                            onchange: move |chosen: Vec<String>| {
                                value.write().method = chosen.first().map(|slug| MethodKind::from_slug(slug));
                            },
                        }
                    }
                    Particulars { key: "{kind}", form, kind }
                    p { class: "hint", {term("method-hint", kind.slug())} }
                }
            }
        }
    }
}

#[component]
fn Particulars(form: Form<ReceiptDraft>, kind: MethodKind) -> Element {
    let mut value = form.value;
    let draft = value.peek().clone();
    let paper = matches!(kind, MethodKind::Cheque | MethodKind::AcceptanceBill);
    rsx! {
        Field {
            id: "method-reference",
            label: term("method-number", kind.slug()),
            kind: FieldKind::Text,
            initial: draft.reference,
            required: paper,
            max_length: 60,
            oninput: move |text: String| value.write().reference = text,
        }
        if paper {
            Field {
                id: "method-bank",
                label: t("receipt-bank"),
                initial: draft.bank,
                max_length: 100,
                oninput: move |text: String| value.write().bank = text,
            }
        }
        if kind == MethodKind::AcceptanceBill {
            DateField {
                id: "method-due",
                label: t("receipt-bill-due"),
                initial: draft.bill_due,
                onchange: move |day| value.write().bill_due = day,
            }
        }
    }
}
