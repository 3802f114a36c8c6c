//! The last step of a hand-in: what the count comes to beside the receipts, both signatures, one summary, sealed.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{
    capitals::capitals, day::Day, evidence::Strokes, hand_in::counted, money::Money,
    receipt::MethodKind,
};

use super::sum_of;
use crate::{
    components::{
        Amount, AmountSize, Banner, Button, ButtonKind, Card, ConfirmSheet, Field, IconName, Tone,
        Voucher, VoucherLine, toast,
    },
    format,
    i18n::{t, t_args},
    replica::api::{HandInView, HeldReceipt, NewHandIn, Request},
    screens::{frame::Screen, saving::use_saving, signer::SignatureField},
    state::{Form, use_app, words},
};

/// What is handed in, as it was counted.
struct Counted {
    receipts: Vec<HeldReceipt>,
    expected: Money,
    cash: Money,
    papers: Money,
}

impl Counted {
    fn of(draft: &NewHandIn, view: &HandInView) -> Self {
        let is_in = |held: &&HeldReceipt| draft.receipts.contains(&held.receipt.receipt);
        let receipts: Vec<HeldReceipt> = view.held.iter().filter(is_in).cloned().collect();
        Self {
            expected: sum_of(&receipts, true),
            papers: sum_of(&receipts, false),
            cash: counted(&draft.pieces).unwrap_or(Money::ZERO),
            receipts,
        }
    }

    fn problem(&self, draft: &NewHandIn) -> Option<&'static str> {
        if self.receipts.len() != draft.receipts.len() {
            Some("hand-in-changed")
        } else if self.cash != self.expected && draft.note.trim().is_empty() {
            Some("hand-in-missing-note")
        } else if draft.receiver_name.trim().is_empty() {
            Some("hand-in-missing-receiver")
        } else if draft.giver.0.is_empty() || draft.receiver.0.is_empty() {
            Some("hand-in-missing-signature")
        } else {
            None
        }
    }
}

/// Signatures and sealing.
#[component]
pub fn SignStep(form: Form<NewHandIn>, view: Rc<HandInView>) -> Element {
    let mut value = form.value;
    let mut asking = use_signal(|| false);
    let app = use_app();
    let draft = value.read().clone();
    let found = Counted::of(&draft, &view);
    let problem = found.problem(&draft);
    let differs = found.cash != found.expected;
    // Signatures drawn under one count are not taken over to another.
    let mut recount = move || {
        let mut draft = value.write();
        draft.receipts.clear();
        draft.giver = Strokes::default();
        draft.receiver = Strokes::default();
    };
    let subject = format!("{} {}", t("hand-in-paper"), format::money(found.cash));
    rsx! {
        Screen {
            title: t("hand-in-sign-title"),
            onback: move |()| recount(),
            actions: rsx! {
                Button { kind: ButtonKind::Sub, id: "hand-in-back", onclick: move |_| recount(), {t("hand-in-recount")} }
                Button {
                    wide: true,
                    icon: IconName::Lock,
                    id: "hand-in-seal",
                    onclick: move |_| match problem {
                        Some(key) => toast(Tone::Red, t(key)),
                        None => asking.set(true),
                    },
                    {t("hand-in-submit")}
                }
            },
            {difference(found.cash, found.expected)}
            {paper(&found, &draft, app.today())}
            if differs {
                Card {
                    Field {
                        id: "hand-in-note",
                        label: t("hand-in-note"),
                        required: true,
                        initial: draft.note.clone(),
                        oninput: move |text| value.write().note = text,
                    }
                }
            }
            section { class: "stack", aria_labelledby: "giver-title",
                h2 { class: "section", id: "giver-title", {t_args("hand-in-giver", &[("name", view.my_name.clone().into())])} }
                SignatureField {
                    id: "signature-giver",
                    strokes: draft.giver.clone(),
                    signer: view.my_name.clone(),
                    subject: subject.clone(),
                    onchange: move |strokes| value.write().giver = strokes,
                }
            }
            section { class: "stack", aria_labelledby: "receiver-title",
                h2 { class: "section", id: "receiver-title", {t("hand-in-receiver-sign")} }
                Card {
                    Field {
                        id: "receiver-name",
                        label: t("hand-in-receiver"),
                        required: true,
                        max_length: 60,
                        initial: draft.receiver_name.clone(),
                        oninput: move |text| value.write().receiver_name = text,
                    }
                }
                SignatureField {
                    id: "signature-receiver",
                    strokes: draft.receiver.clone(),
                    signer: draft.receiver_name.clone(),
                    subject,
                    onchange: move |strokes| value.write().receiver = strokes,
                }
            }
            p { class: "t3 center", {t("seal-note")} }
        }
        if asking() {
            Confirm { form, view, onclose: move |()| asking.set(false) }
        }
    }
}

/// What the count is beside the receipts.
pub fn difference(cash: Money, expected: Money) -> Element {
    let off = cash.checked_sub(expected).unwrap_or(Money::ZERO);
    let (tone, key, off) = match off {
        off if off.is_zero() => (Tone::Green, "hand-in-even", off),
        off if off.is_negative() => (Tone::Amber, "hand-in-short", off.negated()),
        off => (Tone::Amber, "hand-in-over", off),
    };
    let args = [
        ("off", format::money(off).into()),
        ("cash", format::money(cash).into()),
        ("expected", format::money(expected).into()),
    ];
    rsx! {
        if expected.is_positive() || cash.is_positive() {
            Banner { tone, id: "difference", title: t_args(key, &args), body: t_args("hand-in-both", &args) }
        }
    }
}

/// The hand-in as it will be sealed.
fn paper(found: &Counted, draft: &NewHandIn, today: Day) -> Element {
    let papers = found
        .receipts
        .iter()
        .filter(|held| held.receipt.method != MethodKind::Cash);
    rsx! {
        Voucher {
            title: t("hand-in-paper"),
            date: format::date_long(today),
            number: t_args("hand-in-receipt-count", &[("count", found.receipts.len().into())]),
            VoucherLine { label: t("hand-in-cash"),
                Amount { value: found.cash, size: AmountSize::Large }
                if found.cash.is_positive() {
                    p { class: "t2 capitals", {capitals(found.cash)} }
                }
            }
            VoucherLine { label: t("hand-in-pieces-list"), {pieces_words(&draft.pieces)} }
            if found.papers.is_positive() {
                VoucherLine { label: t("hand-in-papers"),
                    for held in papers {
                        p { key: "{held.receipt.receipt}", class: "num", {words::joined(&[held.receipt.number.clone(), held.customer_name.clone(), format::money(held.receipt.amount)])} }
                    }
                }
            }
        }
    }
}

/// `100 元 × 12 · 5 角 × 3`.
pub fn pieces_words(pieces: &[shared::hand_in::Pieces]) -> String {
    let mut sorted = pieces.to_vec();
    sorted.sort_by_key(|pieces| std::cmp::Reverse(pieces.face));
    let parts: Vec<String> = sorted
        .iter()
        .map(|pieces| format!("{} × {}", super::count::face(pieces.face), pieces.count))
        .collect();
    match parts.is_empty() {
        true => t("none"),
        false => words::joined(&parts),
    }
}

/// Says once more what will happen, then seals.
#[component]
fn Confirm(form: Form<NewHandIn>, view: Rc<HandInView>, onclose: EventHandler<()>) -> Element {
    let app = use_app();
    let saving = use_saving(Some(onclose));
    let draft = form.value.read().clone();
    let found = Counted::of(&draft, &view);
    let summary = t_args(
        "hand-in-confirm-body",
        &[
            ("name", draft.receiver_name.trim().to_owned().into()),
            ("cash", format::money(found.cash).into()),
            ("papers", format::money(found.papers).into()),
            ("count", found.receipts.len().into()),
        ],
    );
    let seal = move |()| {
        let new = NewHandIn {
            fix: *app.position.peek(),
            ..form.value.peek().clone()
        };
        saving.save(Request::HandIn(Box::new(new)), vec![form.draft], None);
    };
    rsx! {
        ConfirmSheet { title: t("hand-in-confirm-title"), confirm_label: t("hand-in-submit"), busy: saving.busy(), onconfirm: seal, oncancel: onclose,
            p { class: "body", "{summary}" }
            p { class: "t2", {t("hand-in-consequence")} }
            p { class: "t3", {t("seal-note")} }
        }
    }
}
