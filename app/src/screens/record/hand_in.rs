//! A hand-in as it stands: what was counted and signed, and what finance made of it.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{capitals::capitals, evidence::Signature, hand_in::HandInState, receipt::MethodKind};

use super::Sealed;
use crate::{
    components::{Amount, AmountSize, Banner, SignatureSlot, Tone, Voucher, VoucherLine},
    format::{self, money},
    i18n::{t, t_args, term},
    replica::api::{HandInWord, RecordContent, RecordView},
    screens::hand_in::{difference, pieces_words},
    state::words,
};

/// The body of a hand-in.
#[component]
pub fn HandInBody(view: Rc<RecordView>) -> Element {
    let RecordContent::HandIn(hand_in, word) = &view.content else {
        return rsx! {};
    };
    let core = &hand_in.core;
    let receipts = core.receipts.iter();
    rsx! {
        if let Some(word) = word {
            {standing(word)}
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
            VoucherLine { label: t("hand-in-receipts-of"),
                for receipt in receipts {
                    p { key: "{receipt.receipt}", class: "num",
                        {words::joined(&[receipt.number.clone(), method(receipt.method), money(receipt.amount)])}
                    }
                }
            }
            if !core.note.is_empty() {
                VoucherLine { label: t("hand-in-note"), "{core.note}" }
            }
        }
        {difference(core.cash, core.expected)}
        {signed("signature-giver", "hand-in-giver", &core.person_name, &core.signature)}
        {signed("signature-receiver", "hand-in-taken", &core.received.signer.name, &core.received)}
        Sealed { view: Rc::clone(&view) }
    }
}

/// A signature, with whose it is above.
fn signed(id: &'static str, key: &str, name: &str, signature: &Signature) -> Element {
    let who = t_args(key, &[("name", name.to_owned().into())]);
    rsx! {
        section { class: "stack tight",
            h2 { class: "section", "{who}" }
            SignatureSlot { id, strokes: signature.strokes.clone(), signer: name.to_owned(), sealed: true }
        }
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
fn standing(word: &HandInWord) -> Element {
    let (tone, title, body) = match word.state {
        HandInState::Accepted => {
            let open = word.undecided.filter(|open| !open.is_zero());
            let counted = word.counted.map(money).unwrap_or_default();
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
            match word.reason.is_empty() {
                true => t("hand-in-returned-otherwise"),
                false => t_args(
                    "hand-in-returned-reason",
                    &[("reason", word.reason.clone().into())],
                ),
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
