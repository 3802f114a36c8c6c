//! The last step of a receipt: the paper as it will be, the payer's signature, one summary, issue.

use dioxus::prelude::*;
use shared::{capitals::capitals, ids::DocumentId};

use super::draft::{ReceiptDraft, problem};
use crate::{
    components::{
        Amount, AmountSize, Button, ButtonKind, ConfirmSheet, IconName, Tone, Voucher, VoucherLine,
        toast,
    },
    format,
    i18n::{t, t_args, term},
    replica::api::{Correction, FormView, NewPhoto, Request},
    screens::{
        frame::Screen,
        saving::use_saving,
        signer::{SignatureField, SignerCard},
        visit::Photos,
    },
    state::{Form, draft::DraftPhoto, use_app},
};

/// Signature and issue.
#[component]
pub fn SignStep(
    form: Form<ReceiptDraft>,
    photos: Form<Vec<DraftPhoto>>,
    view: FormView,
    corrects: Option<DocumentId>,
) -> Element {
    let mut value = form.value;
    let mut asking = use_signal(|| false);
    let draft = value.read().clone();
    let signed = !draft.strokes.0.is_empty();
    let name = draft.signer.name.clone();
    let for_check = view.clone();
    let try_issue = move |_| {
        let draft = value.peek();
        let unnamed = !draft.strokes.0.is_empty() && draft.signer.name.trim().is_empty();
        if unnamed {
            toast(Tone::Red, t("signer-missing-name"));
        } else if let Some(key) = problem(&draft, &for_check) {
            toast(Tone::Red, t(key));
        } else {
            asking.set(true);
        }
    };
    rsx! {
        Screen {
            title: t("receipt-sign-title"),
            kicker: view.customer.name.clone(),
            onback: move |()| value.write().reopen(),
            actions: rsx! {
                Button { kind: ButtonKind::Sub, id: "receipt-back", onclick: move |_| value.write().reopen(), {t("edit")} }
                Button { wide: true, icon: IconName::Lock, id: "receipt-issue", onclick: try_issue, {t("receipt-issue")} }
            },
            Paper { draft: draft.clone(), view: view.clone() }
            SignatureField {
                strokes: draft.strokes.clone(),
                signer: name,
                subject: format!("{} {}", t("receipt-paper-title"), format::money(draft.amount())),
                onchange: move |strokes| value.write().strokes = strokes,
            }
            SignerCard {
                signer: draft.signer.clone(),
                contacts: view.contacts.clone(),
                required: signed,
                onchange: move |signer| value.write().signer = signer,
            }
            Photos { photos, customer: view.customer.name.clone() }
            p { class: "t3 center", {t("seal-note")} }
        }
        if asking() {
            Confirm { form, photos, view, corrects, onclose: move |()| asking.set(false) }
        }
    }
}

/// The receipt as it will be printed.
#[component]
fn Paper(draft: ReceiptDraft, view: FormView) -> Element {
    let number_of = |id| {
        view.invoices
            .iter()
            .find(|l| l.row.invoice.id == id)
            .map(|l| l.row.invoice.number.clone())
            .unwrap_or_default()
    };
    let left = draft.left(&view);
    rsx! {
        Voucher { title: t("receipt-paper-title"), date: format::date_long(view.today), number: format!("No. {}", view.next_receipt_number),
            VoucherLine { label: t("receipt-payer"), "{view.customer.name}" }
            VoucherLine { label: t("receipt-method"), {term("method", draft.kind().slug())} }
            VoucherLine { label: t("receipt-sum"),
                Amount { value: draft.amount(), size: AmountSize::Large }
                p { class: "t2 capitals", {capitals(draft.amount())} }
            }
            VoucherLine { label: t("receipt-use"),
                for (id , sum) in draft.allocations(&view) {
                    p { key: "{id}", class: "num", "{number_of(id)} {format::money(sum)}" }
                }
                if left.is_positive() {
                    p { class: "num", {t("receipt-on-account")} " " {format::money(left)} }
                }
            }
        }
    }
}

/// Says once more what will happen, then issues.
#[component]
fn Confirm(
    form: Form<ReceiptDraft>,
    photos: Form<Vec<DraftPhoto>>,
    view: FormView,
    corrects: Option<DocumentId>,
    onclose: EventHandler<()>,
) -> Element {
    let app = use_app();
    let saving = use_saving(Some(onclose));
    let draft = form.value.read().clone();
    let customer = view.customer.id;
    let number = view.next_receipt_number.clone();
    let summary = t_args(
        "receipt-confirm-body",
        &[
            ("name", view.customer.name.clone().into()),
            ("sum", format::money(draft.amount()).into()),
            ("number", number.into()),
        ],
    );
    let consequence = term("receipt-consequence", draft.kind().slug());
    let unsigned = draft.strokes.0.is_empty();
    let issue = move |()| {
        let draft = form.value.peek().clone();
        let pictures: Vec<NewPhoto> = photos.value.peek().iter().map(NewPhoto::from).collect();
        let fix = *app.position.peek();
        let signature = (!draft.strokes.0.is_empty())
            .then(|| draft.signer.signature(draft.strokes.clone(), fix));
        let receipt = draft.receipt(customer, &view, signature, pictures);
        let new = Box::new(receipt);
        let request = match corrects {
            Some(document) => Request::Correct {
                document,
                by: Correction::Receipt(new),
            },
            None => Request::IssueReceipt(new),
        };
        saving.save(
            request,
            vec![form.draft, photos.draft],
            Some((customer, corrects)),
        );
    };
    rsx! {
        ConfirmSheet { title: t("receipt-confirm-title"), confirm_label: t("receipt-issue"), busy: saving.busy(), onconfirm: issue, oncancel: onclose,
            p { class: "body", "{summary}" }
            p { class: "t2", "{consequence}" }
            if unsigned {
                p { class: "t2 amber", {t("receipt-unsigned")} }
            }
            p { class: "t3", {t("seal-note")} }
        }
    }
}
