//! The form of a receipt 收款单: method and sum, what it pays, what stays short, then the signature.
//! Issuing seals it; the summary before says exactly what will happen.

mod allocation;
mod draft;
mod method;
mod shortfall;
mod sign;

use dioxus::prelude::*;
use shared::{
    capitals::capitals,
    ids::{CustomerId, DocumentId},
    receipt::ReceiptCore,
};

use self::{
    allocation::Allocations,
    draft::{ReceiptDraft, Step, problem},
    method::MethodPicker,
    shortfall::ShortfallCard,
    sign::SignStep,
};
use crate::{
    components::{MoneyPad, Tone, TypedAmount, toast},
    i18n::{t, t_args},
    replica::api::{FormView, Request},
    route::Route,
    screens::{frame::Screen, parts::Waiting},
    state::{
        Form,
        draft::{DraftPhoto, key},
        navigate::use_back,
        take, use_form, use_query,
    },
};

/// The form of a receipt from a customer.
#[component]
pub fn ReceiptFormScreen(customer: CustomerId) -> Element {
    rsx! { ReceiptForm { customer, corrects: None } }
}

/// What the form of a correction begins with, as its draft is kept.
pub fn draft_of(core: &ReceiptCore) -> String {
    serde_json::to_string(&ReceiptDraft::of(core)).unwrap_or_default()
}

/// The form of a receipt, perhaps in place of a refused one.
#[component]
pub fn ReceiptForm(customer: CustomerId, corrects: Option<DocumentId>) -> Element {
    let asked = corrects.map_or(Request::Form(customer), Request::CorrectionForm);
    let view = use_query(asked, take::form);
    let kept = corrects.map_or_else(|| key::receipt(customer), key::correction);
    let form = use_form::<ReceiptDraft>(kept.clone());
    let photos = use_form::<Vec<DraftPhoto>>(key::photos(&kept));
    let back = use_back(match corrects {
        Some(document) => Route::Record { document },
        None => Route::Customer { id: customer },
    });
    let ready = *form.ready.read() && *photos.ready.read();
    let Some(view) = view.view().filter(|_| ready) else {
        return rsx! {
            Screen { title: t("receipt-title"), onback: back, Waiting { error: view.error(), onretry: move |()| view.again() } }
        };
    };
    match form.value.read().step {
        Step::Amount => rsx! { AmountStep { form, view: (*view).clone(), onback: back } },
        Step::Sign => rsx! { SignStep { form, photos, view: (*view).clone(), corrects } },
    }
}

/// Method, sum, allocation, shortfall, number pad.
#[component]
fn AmountStep(form: Form<ReceiptDraft>, view: FormView, onback: EventHandler<()>) -> Element {
    let mut value = form.value;
    let draft = value.read().clone();
    let amount = draft.amount();
    let asked = draft.asked(&view);
    let for_commit = view.clone();
    let commit = move |()| {
        let missing = problem(&value.peek(), &for_commit);
        match missing {
            Some(key) => toast(Tone::Red, t(key)),
            None => value.write().freeze(&for_commit),
        }
    };
    rsx! {
        Screen {
            title: t("receipt-title"),
            onback,
            aside: rsx! { span { class: "t3 num", id: "receipt-number", "{view.next_receipt_number}" } },
            MethodPicker { form }
            section { class: "card entry",
                p { class: "t2", {t_args("receipt-from", &[("name", view.customer.name.clone().into())])} }
                TypedAmount { raw: draft.raw.clone(), id: "receipt-amount" }
                p { class: "t2 capitals", id: "receipt-capitals", aria_live: "polite",
                    if amount.is_positive() {
                        {capitals(amount)}
                    } else if asked.is_positive() {
                        {t_args("receipt-ask", &[("sum", crate::format::money(asked).into())])}
                    } else {
                        {t("receipt-enter")}
                    }
                }
            }
            if amount.is_positive() {
                Allocations { form, view: view.clone() }
                ShortfallCard { form, view: view.clone() }
            }
            div { class: "pad-dock",
                MoneyPad {
                    value: draft.raw.clone(),
                    commit_label: t("receipt-to-sign"),
                    commit_disabled: !amount.is_positive(),
                    onchange: move |raw: String| value.write().type_amount(raw),
                    oncommit: commit,
                }
            }
        }
    }
}
