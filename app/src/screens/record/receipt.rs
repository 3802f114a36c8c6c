//! A receipt as it stands: the paper 收款收据 with allocations, the sum in capitals, the code to check
//! it; the seal 收讫 only once finance has confirmed the money. A void is a request with a reason.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{
    day::Day,
    paper::receipt_paper::{ReceiptPaper, receipt_paper},
    receipt::{Receipt, ReceiptState},
};

use super::{Sealed, reason::ReasonSheet, share::PrintAndShare};
use crate::{
    components::{
        Amount, AmountSize, Banner, Button, ButtonKind, Card, QrCode, SignatureSlot, Tone, Voucher,
        VoucherLine,
    },
    format::{self, money},
    i18n::{t, t_args, term},
    replica::api::{RecordContent, RecordView, Request},
    state::{use_app, words},
};

/// The body of a receipt.
#[component]
pub fn ReceiptBody(view: Rc<RecordView>) -> Element {
    let app = use_app();
    let RecordContent::Receipt(receipt, state) = &view.content else {
        return rsx! {};
    };
    let cleared = *state == Some(ReceiptState::Cleared);
    let sealed_on = cleared.then(|| {
        view.journey
            .received_at
            .map_or(receipt.core.day, |at| Day::of(at, app.offset()))
    });
    let paper = receipt_paper(&receipt.core);
    let shortfall = receipt.core.shortfall.clone();
    rsx! {
        VoidBanner { receipt: receipt.clone(), state: *state }
        Paper { paper, sealed_on }
        if let Some(signature) = receipt.core.signature.clone() {
            SignatureSlot { strokes: signature.strokes, signer: signature.signer.name, sealed: true }
        }
        if let Some(short) = shortfall {
            Card { tone: Tone::Amber, id: "shortfall",
                h2 { class: "t1 amber", {t_args("receipt-short", &[("sum", money(short.amount).into())])} }
                p { class: "t2",
                    {words::joined(&[term("unpaid-reason", short.reason.slug()), t_args("receipt-short-next", &[("day", format::date(short.next_day).into())])])}
                }
            }
        }
        if let Some(code) = view.qr.clone() {
            Card { id: "qr",
                div { class: "row",
                    QrCode { text: code, label: t("receipt-qr-label") }
                    p { class: "t2 grow", {t("receipt-qr-hint")} }
                }
            }
        }
        Sealed { view: Rc::clone(&view) }
    }
}

/// The paper as the customer gets it.
#[component]
fn Paper(paper: ReceiptPaper, sealed_on: Option<Day>) -> Element {
    let method = words::joined(&[
        term("method", paper.method.slug()),
        paper.method_detail.clone(),
    ]);
    let number = t_args("receipt-number", &[("number", paper.number.clone().into())]);
    rsx! {
        Voucher { title: paper.title, date: format::date_long(paper.day), number, sealed_on,
            VoucherLine { label: t("paper-payer"), "{paper.payer}" }
            VoucherLine { label: t("paper-payee"), "{paper.payee}" }
            VoucherLine { label: t("paper-method"), "{method}" }
            VoucherLine { label: t("paper-amount"),
                Amount { value: paper.amount, size: AmountSize::Large, id: "receipt-amount" }
                p { class: "capitals", "{paper.amount_capitals}" }
            }
            VoucherLine { label: t("paper-purpose"),
                for (index , (invoice , amount)) in paper.allocations.into_iter().enumerate() {
                    p { key: "{index}", "{invoice} {money(amount)}" }
                }
                if let Some(rest) = paper.on_account {
                    p { {t_args("paper-on-account", &[("amount", money(rest).into())])} }
                }
                if !paper.purpose.is_empty() {
                    p { "{paper.purpose}" }
                }
            }
            VoucherLine { label: t("paper-handler"), "{paper.handler}" }
            if let Some(signer) = paper.signer {
                VoucherLine { label: t("paper-signer"), "{signer}" }
            }
        }
    }
}

/// A void asked for, granted or refused.
#[component]
fn VoidBanner(receipt: Receipt, state: Option<ReceiptState>) -> Element {
    let Some(request) = receipt.void_requests.last() else {
        return rsx! {};
    };
    let decision = receipt
        .void_decisions
        .iter()
        .rev()
        .find(|decision| decision.request == request.id);
    let reason = t_args(
        "void-reason-was",
        &[("reason", request.reason.clone().into())],
    );
    let (tone, title, body) = match decision {
        // Approved, and not in the ledger: where the company has the money, finance has to confirm it.
        Some(decision) if decision.approved && state != Some(ReceiptState::Voided) => (
            Tone::Amber,
            t("void-granted"),
            words::joined(&[reason, decision.note.clone(), t("void-pending-body")]),
        ),
        Some(decision) if decision.approved => (
            Tone::Neutral,
            t("void-approved"),
            words::joined(&[reason, decision.note.clone()]),
        ),
        Some(decision) => (
            Tone::Amber,
            t("void-denied"),
            words::joined(&[reason, decision.note.clone()]),
        ),
        None if state == Some(ReceiptState::Voided) => (Tone::Neutral, t("void-approved"), reason),
        None => (
            Tone::Amber,
            t("void-pending"),
            words::joined(&[reason, t("void-pending-body")]),
        ),
    };
    rsx! {
        Banner { tone, title, body, id: "void-state" }
    }
}

/// Ask for a void, print, share.
#[component]
pub fn Actions(view: Rc<RecordView>) -> Element {
    let app = use_app();
    let mut asking = use_signal(|| false);
    let RecordContent::Receipt(receipt, state) = &view.content else {
        return rsx! {};
    };
    let waits = receipt.void_requests.iter().any(|request| {
        !receipt
            .void_decisions
            .iter()
            .any(|d| d.request == request.id)
    });
    let may_void = app.is_rep()
        && view.mine
        && !waits
        && !matches!(
            state,
            Some(ReceiptState::Voided | ReceiptState::VoidPending)
        );
    // The money is the company's by now: finance has the last word.
    let consequence = match state {
        Some(ReceiptState::Cleared) => "void-consequence-cleared",
        _ => "void-consequence",
    };
    let title = t("receipt-paper");
    let text = share_text(&receipt_paper(&receipt.core), view.qr.as_deref());
    let document = view.document;
    let (number, amount) = (receipt.core.number.to_string(), money(receipt.core.amount));
    rsx! {
        if may_void {
            Button { kind: ButtonKind::GhostDanger, id: "void", onclick: move |_| asking.set(true), {t("void-ask")} }
        }
        PrintAndShare { title, text }
        if asking() {
            ReasonSheet {
                id: "void-reason",
                title: t("void-ask"),
                confirm_label: t("void-send"),
                consequence: t_args(consequence, &[("number", number.into()), ("amount", amount.into())]),
                done: t("void-asked"),
                request: move |reason| Request::RequestVoid { document, reason },
                onclose: move |()| asking.set(false),
            }
        }
    }
}

/// The receipt as a message.
fn share_text(paper: &ReceiptPaper, code: Option<&str>) -> String {
    let mut lines = vec![
        format!("{} {}", paper.title, paper.number),
        paper.date.clone(),
        format!("{}: {}", t("paper-payer"), paper.payer),
        format!("{}: {}", t("paper-payee"), paper.payee),
        format!(
            "{}: {} {}",
            t("paper-amount"),
            paper.amount_figures,
            paper.amount_capitals
        ),
        format!(
            "{}: {}",
            t("paper-method"),
            term("method", paper.method.slug())
        ),
    ];
    lines.extend(
        paper
            .allocations
            .iter()
            .map(|(number, amount)| format!("{number} {}", money(*amount))),
    );
    lines.push(format!("{}: {}", t("paper-handler"), paper.handler));
    lines.extend(code.map(str::to_owned));
    lines.join("\n")
}
