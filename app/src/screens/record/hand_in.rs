//! A hand-in as it stands: what was counted and signed, and what finance made of it.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{
    capitals::capitals, hand_in::HandInState, receipt::MethodKind, sync::message::HandInRow,
};

use super::Sealed;
use crate::{
    components::{Amount, AmountSize, Banner, SignatureSlot, Tone, Voucher, VoucherLine},
    format::{self, money},
    i18n::{t, t_args, term},
    replica::api::{RecordContent, RecordView},
    screens::hand_in::{Difference, pieces_words},
    state::words,
};

/// The body of a hand-in.
#[component]
pub fn HandInBody(view: Rc<RecordView>) -> Element {
    let RecordContent::HandIn(hand_in, row) = &view.content else {
        return rsx! {};
    };
    let core = hand_in.core.clone();
    let receipts = core.receipts.iter();
    rsx! {
        if let Some(row) = row.clone() {
            Standing { row }
        }
        Voucher {
            title: t("hand-in-paper"),
            date: format::date_long(core.day),
            number: t_args("hand-in-receipt-count", &[("count", core.receipts.len().into())]),
            VoucherLine { label: t("hand-in-cash"),
                Amount { value: core.cash, size: AmountSize::Large, id: "hand-in-cash" }
                if core.cash.is_positive() {
                    p { class: "capitals", {capitals(core.cash)} }
                }
            }
            VoucherLine { label: t("hand-in-pieces-list"), {pieces_words(&core.pieces)} }
            VoucherLine { label: t("hand-in-receipts"),
                for receipt in receipts {
                    p { key: "{receipt.receipt}", class: "num",
                        {words::joined(&[receipt.number.clone(), method(receipt.method), money(receipt.amount)])}
                    }
                }
            }
            if !core.note.is_empty() {
                VoucherLine { label: t("hand-in-note"), "{core.note}" }
            }
            VoucherLine { label: t("hand-in-giver-name"), "{core.person_name}" }
            VoucherLine { label: t("hand-in-receiver"), "{core.received.signer.name}" }
        }
        Difference { cash: core.cash, expected: core.expected }
        SignatureSlot { id: "signature-giver", strokes: core.signature.strokes.clone(), signer: core.person_name.clone(), sealed: true }
        SignatureSlot { id: "signature-receiver", strokes: core.received.strokes.clone(), signer: core.received.signer.name.clone(), sealed: true }
        Sealed { view: Rc::clone(&view) }
    }
}

/// Cash is what most are; a paper is named.
fn method(method: MethodKind) -> String {
    match method {
        MethodKind::Cash => String::new(),
        method => term("method", method.slug()),
    }
}

/// What finance made of it.
#[component]
fn Standing(row: HandInRow) -> Element {
    let (tone, title, body) = match row.state {
        HandInState::Accepted => {
            let open = row.undecided.filter(|open| !open.is_zero());
            let counted = row.counted.map(money).unwrap_or_default();
            let title = t_args("hand-in-accepted", &[("counted", counted.into())]);
            match open {
                None => (Tone::Green, title, t("hand-in-accepted-even")),
                Some(open) if open.is_positive() => (
                    Tone::Amber,
                    title,
                    t_args("hand-in-accepted-short", &[("off", money(open).into())]),
                ),
                Some(open) => (
                    Tone::Amber,
                    title,
                    t_args(
                        "hand-in-accepted-over",
                        &[("off", money(open.negated()).into())],
                    ),
                ),
            }
        }
        HandInState::Returned => (
            Tone::Red,
            t("hand-in-returned"),
            match row.reason.is_empty() {
                true => t("hand-in-returned-otherwise"),
                false => t_args("hand-in-returned-reason", &[("reason", row.reason.into())]),
            },
        ),
        HandInState::Offered | HandInState::Unknown => (
            Tone::Teal,
            t("hand-in-state-offered"),
            t("hand-in-offered-body"),
        ),
    };
    rsx! {
        Banner { tone, title, body, id: "hand-in-standing" }
    }
}
