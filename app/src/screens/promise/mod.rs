//! The form of a promise to pay 付款承诺: dates and sums, then the letter, signer and signature.
//! Signing seals it; terms change only by a new promise that replaces the old one.

mod draft;
mod plan;
mod sign;

pub use sign::LetterLines;

use dioxus::prelude::*;
use shared::{
    ids::{CustomerId, DocumentId},
    promise::PromiseCore,
};

use self::{
    draft::{PromiseDraft, Step, problem},
    plan::{Covered, Instalments, Total},
    sign::SignStep,
};
use crate::{
    components::{Button, IconName, Tag, Tone, toast},
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

/// The form of a promise by a customer.
#[component]
pub fn PromiseFormScreen(customer: CustomerId) -> Element {
    rsx! { PromiseForm { customer, corrects: None } }
}

/// What the form of a correction begins with, as its draft is kept.
pub fn draft_of(core: &PromiseCore) -> String {
    serde_json::to_string(&PromiseDraft::of(core)).unwrap_or_default()
}

/// The form of a promise, perhaps in place of a refused one.
#[component]
pub fn PromiseForm(customer: CustomerId, corrects: Option<DocumentId>) -> Element {
    let asked = corrects.map_or(Request::Form(customer), Request::CorrectionForm);
    let view = use_query(asked, take::form);
    let kept = corrects.map_or_else(|| key::promise(customer), key::correction);
    let mut form = use_form::<PromiseDraft>(kept.clone());
    let photos = use_form::<Vec<DraftPhoto>>(key::photos(&kept));
    let back = use_back(match corrects {
        Some(document) => Route::Record { document },
        None => Route::Customer { id: customer },
    });
    // An untouched form starts with what can be known: the sum asked for, in one instalment.
    use_effect(move || {
        let ready = *form.ready.read();
        if let Some(view) = view.view().filter(|_| ready)
            && form.value.peek().instalments.is_empty()
        {
            form.value.set(PromiseDraft::begin(&view));
        }
    });
    let ready =
        *form.ready.read() && *photos.ready.read() && !form.value.read().instalments.is_empty();
    let Some(view) = view.view().filter(|_| ready) else {
        return rsx! {
            Screen { title: t("promise-title"), onback: back, Waiting { error: view.error(), onretry: move |()| view.again() } }
        };
    };
    match form.value.read().step {
        Step::Plan => rsx! { PlanStep { form, view: (*view).clone(), onback: back } },
        Step::Sign => rsx! { SignStep { form, photos, view: (*view).clone(), corrects } },
    }
}

/// Which step of how many.
#[component]
fn StepTag(step: u8) -> Element {
    rsx! {
        Tag { tone: Tone::Teal, {t_args("step-of", &[("step", i64::from(step).into()), ("of", 2.into())])} }
    }
}

#[component]
fn PlanStep(form: Form<PromiseDraft>, view: FormView, onback: EventHandler<()>) -> Element {
    let mut value = form.value;
    let today = view.today;
    let next = move |_| {
        let missing = problem(&value.peek(), today);
        match missing {
            Some(key) => toast(Tone::Red, t(key)),
            None => value.write().step = Step::Sign,
        }
    };
    rsx! {
        Screen {
            title: t("promise-title"),
            kicker: view.customer.name.clone(),
            onback,
            aside: rsx! { StepTag { step: 1 } },
            actions: rsx! {
                Button { wide: true, icon: IconName::Document, id: "promise-next", onclick: next, {t("promise-to-letter")} }
            },
            Total { form, view: view.clone() }
            Instalments { form, view: view.clone() }
            Covered { form, view }
        }
    }
}
