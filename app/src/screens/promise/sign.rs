//! The last step of a promise: the letter as it will read, who signs, the signature, seal.

use dioxus::prelude::*;
use shared::ids::DocumentId;

use super::{StepTag, draft::PromiseDraft};
use crate::{
    components::{Button, ButtonKind, ConfirmSheet, IconName, Letter, Tone, toast},
    format,
    i18n::{t, t_args},
    replica::api::{Correction, FormView, NewPhoto, Request},
    screens::{
        frame::Screen,
        parts::ErrorBanner,
        saving::use_saving,
        signer::{SignatureField, SignerCard},
        visit::Photos,
    },
    state::{Form, draft::DraftPhoto, take, use_app, use_query},
};

/// Letter and signature.
#[component]
pub fn SignStep(
    form: Form<PromiseDraft>,
    photos: Form<Vec<DraftPhoto>>,
    view: FormView,
    corrects: Option<DocumentId>,
) -> Element {
    let mut value = form.value;
    let mut asking = use_signal(|| false);
    let draft = value.read().clone();
    let subject = format!(
        "{} {}",
        t("promise-paper-title"),
        draft.total_money().map(format::money).unwrap_or_default()
    );
    let try_seal = move |_| {
        let draft = value.peek();
        if draft.signer.name.trim().is_empty() {
            toast(Tone::Red, t("signer-missing-name"));
        } else if draft.strokes.0.is_empty() {
            toast(Tone::Red, t("promise-missing-signature"));
        } else {
            asking.set(true);
        }
    };
    rsx! {
        Screen {
            title: t("promise-title"),
            kicker: view.customer.name.clone(),
            onback: move |()| value.write().reopen(),
            aside: rsx! { StepTag { step: 2 } },
            actions: rsx! {
                Button { kind: ButtonKind::Sub, id: "promise-edit", onclick: move |_| value.write().reopen(), {t("edit")} }
                Button { wide: true, icon: IconName::Lock, id: "promise-seal", onclick: try_seal, {t("promise-seal")} }
            },
            Preview { form, view: view.clone() }
            SignatureField {
                strokes: draft.strokes.clone(),
                signer: draft.signer.name.clone(),
                subject,
                onchange: move |strokes| value.write().strokes = strokes,
            }
            SignerCard {
                signer: draft.signer.clone(),
                contacts: view.contacts.clone(),
                required: true,
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

/// The letter as it will read; the title is its first line.
#[component]
fn Preview(form: Form<PromiseDraft>, view: FormView) -> Element {
    let promise = form
        .value
        .read()
        .promise(view.customer.id, None, Vec::new());
    // The signature is no part of the letter's text: the letter is not asked for again at each stroke.
    let mut asked = promise;
    asked.signature.strokes.0.clear();
    asked.signature.at = shared::day::Timestamp(0);
    let letter = use_query(Request::PreviewLetter(Box::new(asked)), take::letter);
    match letter.view() {
        Some(lines) => rsx! {
            LetterLines { lines: (*lines).clone() }
        },
        None => rsx! {
            if let Some(failure) = letter.error() {
                ErrorBanner { failure, onretry: move |()| letter.again() }
            }
        },
    }
}

/// A letter line by line under its title.
#[component]
pub fn LetterLines(lines: Vec<String>) -> Element {
    let mut lines = lines.into_iter();
    let title = lines.next().unwrap_or_default();
    rsx! {
        Letter { title,
            for (index , line) in lines.enumerate() {
                p { key: "{index}", "{line}" }
            }
        }
    }
}

#[component]
fn Confirm(
    form: Form<PromiseDraft>,
    photos: Form<Vec<DraftPhoto>>,
    view: FormView,
    corrects: Option<DocumentId>,
    onclose: EventHandler<()>,
) -> Element {
    let app = use_app();
    let saving = use_saving(Some(onclose));
    let draft = form.value.read().clone();
    let customer = view.customer.id;
    let summary = t_args(
        "promise-confirm-body",
        &[
            ("name", draft.signer.name.clone().into()),
            (
                "sum",
                draft
                    .total_money()
                    .map(format::money)
                    .unwrap_or_default()
                    .into(),
            ),
            (
                "count",
                i64::try_from(draft.instalments.len())
                    .unwrap_or_default()
                    .into(),
            ),
        ],
    );
    let replaces = draft.replaces.is_some();
    let seal = move |()| {
        let pictures: Vec<NewPhoto> = photos.value.peek().iter().map(NewPhoto::from).collect();
        let promise = form
            .value
            .peek()
            .promise(customer, *app.position.peek(), pictures);
        let new = Box::new(promise);
        let request = match corrects {
            Some(document) => Request::Correct {
                document,
                by: Correction::Promise(new),
            },
            None => Request::SignPromise(new),
        };
        saving.save(
            request,
            vec![form.draft, photos.draft],
            Some((customer, corrects)),
        );
    };
    rsx! {
        ConfirmSheet { title: t("promise-confirm-title"), confirm_label: t("promise-seal"), busy: saving.busy(), onconfirm: seal, oncancel: onclose,
            p { class: "body", "{summary}" }
            if replaces {
                p { class: "t2 amber", {t("promise-confirm-replaces")} }
            }
            p { class: "t3", {t("seal-note")} }
        }
    }
}
