//! The form of a visit 拜访: check in, what was said and seen, check out. Kept at every change.

mod details;
mod draft;

pub use details::Photos;

use std::pin::pin;

use dioxus::prelude::*;
use futures::future::{Either, select};
use shared::{
    evidence::Fix,
    ids::{CustomerId, DocumentId},
    visit::Visit,
};

use self::{
    details::Details,
    draft::{VisitDraft, problem},
};
use crate::{
    components::{
        Amount, AmountSize, Banner, Button, ButtonKind, Card, IconName, PositionMap, Tone, toast,
    },
    format,
    i18n::{t, t_args},
    replica::api::{Correction, FormView, NewPhoto, Request},
    route::Route,
    screens::{frame::Screen, parts::Waiting, saving::use_saving},
    state::{
        AppState, Form, clock,
        draft::{DraftPhoto, key},
        navigate::use_back,
        take, use_app, use_form, use_query, words,
    },
};

/// How long saving waits for the position.
const CHECK_OUT_WAIT_MS: u32 = 1_000;

/// The form of a visit for a customer.
#[component]
pub fn VisitFormScreen(customer: CustomerId) -> Element {
    rsx! { VisitForm { customer, corrects: None } }
}

/// What the form of a correction begins with, as its draft is kept.
pub fn draft_of(visit: &Visit) -> String {
    serde_json::to_string(&VisitDraft::of(visit)).unwrap_or_default()
}

/// The form of a visit, perhaps in place of a refused one.
#[component]
pub fn VisitForm(customer: CustomerId, corrects: Option<DocumentId>) -> Element {
    let app = use_app();
    let asked = corrects.map_or(Request::Form(customer), Request::CorrectionForm);
    let view = use_query(asked, take::form);
    let kept = corrects.map_or_else(|| key::visit(customer), key::correction);
    let form = use_form::<VisitDraft>(kept.clone());
    let photos = use_form::<Vec<DraftPhoto>>(key::photos(&kept));
    let back = use_back(match corrects {
        Some(document) => Route::Record { document },
        None => Route::Customer { id: customer },
    });
    let ready = *form.ready.read() && *photos.ready.read();
    let Some(view) = view.view().filter(|_| ready) else {
        return rsx! {
            Screen { title: t("visit-title"), onback: back, Waiting { error: view.error(), onretry: move |()| view.again() } }
        };
    };
    let draft = form.value.read().clone();
    let checked_in = draft.started_at.is_some();
    rsx! {
        Screen {
            title: view.customer.name.clone(),
            kicker: t("visit-title"),
            onback: back,
            actions: checked_in.then(|| rsx! { SaveBar { form, photos, customer, corrects } }),
            if checked_in {
                CheckedIn { form, view: (*view).clone() }
                Details { form, photos, view: (*view).clone() }
            } else {
                CheckIn { form, view: (*view).clone() }
            }
            {unsent_note(app)}
        }
    }
}

/// Says without signal that everything stays safe.
fn unsent_note(app: AppState) -> Element {
    let offline = app
        .sync
        .read()
        .as_ref()
        .is_some_and(|s| matches!(s.status, shared::sync::client::Status::Offline { .. }));
    if !offline {
        return rsx! {};
    }
    rsx! {
        p { class: "t3 center", {t("form-offline")} }
    }
}

/// Before check-in: whom, how much, one button.
#[component]
fn CheckIn(form: Form<VisitDraft>, view: FormView) -> Element {
    let start = move |_| {
        let mut value = form.value;
        value.write().started_at = Some(clock::now());
    };
    rsx! {
        Card { class: "roomy",
            p { class: "t2", {t("visit-owes")} }
            Amount { value: view.outstanding, size: AmountSize::Huge }
            if view.asked.is_positive() {
                p { class: "t2", {t_args("visit-ask", &[("sum", format::money(view.asked).into())])} }
            }
        }
        Button { full: true, icon: IconName::Pin, id: "check-in", onclick: start, {t("visit-check-in")} }
        p { class: "t3 center", {t("visit-check-in-hint")} }
    }
}

/// Asks the device where it is, without keeping anybody waiting.
fn find_place(app: AppState, form: Form<VisitDraft>) {
    let mut value = form.value;
    spawn(async move {
        match app.locate().await {
            Ok(fix) => {
                let mut draft = value.write();
                draft.check_in = Some(fix);
                draft.place_trouble = None;
            }
            Err(error) => value.write().place_trouble = Some(error.code().to_owned()),
        }
    });
}

/// After check-in: since when, where against the customer's place.
#[component]
fn CheckedIn(form: Form<VisitDraft>, view: FormView) -> Element {
    let app = use_app();
    // Asked for here and not at the tap: what the tap's own part of the screen began would end with it.
    use_hook(|| {
        let draft = form.value.peek();
        if draft.check_in.is_none() && draft.place_trouble.is_none() {
            find_place(app, form);
        }
    });
    let draft = form.value.read().clone();
    let since = draft
        .started_at
        .map(|at| format::clock_seconds(at, app.offset()))
        .unwrap_or_default();
    let tail = draft
        .check_in
        .map(|fix| t_args("accuracy", &[("metres", i64::from(fix.accuracy_m).into())]))
        .unwrap_or_default();
    let (tone, note) = words::place_of(draft.check_in, view.customer.position, app);
    rsx! {
        Card { title: t_args("visit-since", &[("time", since.into())]), aside: tail, id: "checked-in",
            if draft.check_in.is_some() {
                PositionMap { fix: draft.check_in, customer: view.customer.position, tone, note }
            } else if let Some(code) = draft.place_trouble {
                Banner { tone: Tone::Amber, title: t("visit-no-place"), body: crate::state::errors::code_sentence(&code),
                    Button { kind: ButtonKind::Sub, small: true, icon: IconName::Pin, id: "locate", onclick: move |_| find_place(app, form), {t("visit-locate")} }
                }
            } else {
                p { class: "t2 row", role: "status",
                    span { class: "spin", aria_hidden: "true" }
                    " "
                    {t("visit-locating")}
                }
            }
        }
    }
}

/// Where the visit ends: where the device says it is now, if it says so at once, else where it was when it last
/// said so during the visit. Nobody is kept waiting, or asked again for leave.
async fn place_at_the_end(app: AppState, draft: &VisitDraft) -> Option<Fix> {
    let began = draft.check_in.map(|fix| fix.at).or(draft.started_at)?;
    if app.may_locate_quietly() {
        let patience = app.platform().clock.sleep(CHECK_OUT_WAIT_MS);
        if let Either::Left((Ok(fix), _)) = select(pin!(app.locate()), patience).await {
            return Some(fix);
        }
    }
    app.position.peek().filter(|fix| fix.at > began)
}

/// Check out and save.
#[component]
fn SaveBar(
    form: Form<VisitDraft>,
    photos: Form<Vec<DraftPhoto>>,
    customer: CustomerId,
    corrects: Option<DocumentId>,
) -> Element {
    let app = use_app();
    let saving = use_saving(None);
    let save = move |_| {
        let begun = form.value.peek().clone();
        if let Some(key) = problem(&begun) {
            toast(Tone::Red, t(key));
            return;
        }
        saving.set_busy(true);
        spawn(async move {
            // (A correction keeps where the refused visit ended.)
            let check_out = match corrects {
                Some(_) => None,
                None => place_at_the_end(app, &begun).await,
            };
            // What was changed while the device looked where it is counts, too.
            let draft = form.value.peek().clone();
            let pictures: Vec<NewPhoto> = photos.value.peek().iter().map(NewPhoto::from).collect();
            let visit = match problem(&draft) {
                None => draft.into_visit(customer, check_out, pictures),
                Some(_) => None,
            };
            let Some(visit) = visit else {
                return saving.set_busy(false);
            };
            let new = Box::new(visit);
            let request = match corrects {
                Some(document) => Request::Correct {
                    document,
                    by: Correction::Visit(new),
                },
                None => Request::SaveVisit(new),
            };
            let drafts = vec![form.draft, photos.draft];
            saving.saved(request, drafts, None).await;
        });
    };
    rsx! {
        Button { wide: true, icon: IconName::Check, busy: saving.busy(), id: "visit-save", onclick: save, {t("visit-save")} }
    }
}
