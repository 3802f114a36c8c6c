//! The visit after check-in: money and promise buttons, who was met, result, notes, photos, signs, next date.

use dioxus::prelude::*;
use shared::visit::{UnpaidReason, VisitPurpose, VisitResult, WarningSign};

use super::draft::{VisitDraft, needs_reason};
use crate::{
    components::{
        Button, ButtonKind, Card, Choice, ChoiceGroup, DateField, Field, IconName, Photo,
        PhotoGrid, Tag, TextArea, Tone, toast,
    },
    format,
    i18n::{t, t_args, term},
    replica::api::{FormView, NewPhoto},
    route::Route,
    state::{Form, clock, draft::DraftPhoto, errors, photos::data_url, use_app},
};

/// Everything between check-in and check-out.
#[component]
pub fn Details(form: Form<VisitDraft>, photos: Form<Vec<DraftPhoto>>, view: FormView) -> Element {
    rsx! {
        Money { form, view: view.clone() }
        Outcome { form, view: view.clone() }
        Seen { form, photos, view }
    }
}

/// Takes to the receipt and promise forms; what was made there is listed here.
#[component]
fn Money(form: Form<VisitDraft>, view: FormView) -> Element {
    let navigator = use_navigator();
    let customer = view.customer.id;
    let made = form.value.read().related.len();
    rsx! {
        Card { title: t("visit-money"), aside: t_args("visit-ask-short", &[("sum", format::money(view.asked).into())]),
            div { class: "row",
                Button {
                    kind: ButtonKind::Soft,
                    icon: IconName::Promise,
                    full: true,
                    id: "visit-promise",
                    onclick: move |_| {
                        navigator.push(Route::NewPromise { customer });
                    },
                    {t("do-promise")}
                }
                Button {
                    icon: IconName::Collect,
                    full: true,
                    id: "visit-receipt",
                    onclick: move |_| {
                        navigator.push(Route::NewReceipt { customer });
                    },
                    {t("do-receipt")}
                }
            }
            if made > 0 {
                div { class: "why",
                    Tag { tone: Tone::Green, icon: IconName::Check, {t_args("visit-related", &[("count", i64::try_from(made).unwrap_or_default().into())])} }
                }
            }
        }
    }
}

#[component]
fn Outcome(form: Form<VisitDraft>, view: FormView) -> Element {
    let app = use_app();
    let mut value = form.value;
    let draft = value.read().clone();
    let purpose = draft.purpose.unwrap_or(VisitPurpose::Collect);
    let contacts: Vec<Choice> = view
        .contacts
        .iter()
        .map(|(name, role, _)| Choice::new(name, with_role(name, *role)))
        .collect();
    rsx! {
        Card {
            div { class: "stack",
                ChoiceGroup {
                    name: "visit-result",
                    label: t("visit-result-label"),
                    required: true,
                    options: VisitResult::ALL.iter().map(|r| Choice::new(r.slug(), term("visit-result", r.slug()))).collect::<Vec<_>>(),
                    selected: draft.result.map(|r| r.slug().to_owned()).into_iter().collect::<Vec<_>>(),
                    onchange: move |chosen: Vec<String>| {
                        value.write().result = chosen.first().map(|slug| VisitResult::from_slug(slug));
                        // A fresh position near the end tells where the visit ended.
                        if app.may_locate_quietly() {
                            spawn(async move {
                                let _ = app.locate().await;
                            });
                        }
                    },
                }
                if draft.result.is_some_and(needs_reason) {
                    ChoiceGroup {
                        name: "visit-reason",
                        label: t("visit-reason-label"),
                        required: true,
                        options: UnpaidReason::ALL.iter().map(|r| Choice::new(r.slug(), term("unpaid-reason", r.slug()))).collect::<Vec<_>>(),
                        selected: draft.reason.map(|r| r.slug().to_owned()).into_iter().collect::<Vec<_>>(),
                        onchange: move |chosen: Vec<String>| value.write().reason = chosen.first().map(|slug| UnpaidReason::from_slug(slug)),
                    }
                }
                if !contacts.is_empty() {
                    ChoiceGroup {
                        name: "visit-met",
                        label: t("visit-met"),
                        options: contacts,
                        selected: vec![draft.person_met.clone()],
                        onchange: move |chosen: Vec<String>| value.write().person_met = chosen.first().cloned().unwrap_or_default(),
                    }
                }
                Field {
                    id: "visit-met-other",
                    label: if view.contacts.is_empty() { t("visit-met") } else { t("visit-met-other") },
                    initial: if view.contacts.iter().any(|(name, ..)| *name == draft.person_met) { String::new() } else { draft.person_met.clone() },
                    oninput: move |text: String| value.write().person_met = text,
                }
                ChoiceGroup {
                    name: "visit-purpose",
                    label: t("visit-purpose-label"),
                    options: VisitPurpose::ALL.iter().map(|p| Choice::new(p.slug(), term("visit-purpose", p.slug()))).collect::<Vec<_>>(),
                    selected: vec![purpose.slug().to_owned()],
                    onchange: move |chosen: Vec<String>| value.write().purpose = chosen.first().map(|slug| VisitPurpose::from_slug(slug)),
                }
            }
        }
    }
}

/// `刘国强 · 决策人`
fn with_role(name: &str, role: shared::customer::ContactRole) -> String {
    let role = crate::screens::parts::role_word(role);
    crate::state::words::joined(&[name.to_owned(), role])
}

#[component]
fn Seen(form: Form<VisitDraft>, photos: Form<Vec<DraftPhoto>>, view: FormView) -> Element {
    let mut value = form.value;
    let draft = value.peek().clone();
    let signs = value.read().signs.clone();
    rsx! {
        Card {
            div { class: "stack",
                TextArea {
                    id: "visit-notes",
                    label: t("visit-notes"),
                    initial: draft.notes,
                    placeholder: t("visit-notes-hint"),
                    oninput: move |text: String| value.write().notes = text,
                }
                Photos { photos, customer: view.customer.name.clone() }
            }
        }
        Card {
            div { class: "stack",
                ChoiceGroup {
                    name: "visit-signs",
                    label: t("visit-signs"),
                    multiple: true,
                    options: WarningSign::ALL.iter().map(|s| Choice::new(s.slug(), term("warning-sign", s.slug()))).collect::<Vec<_>>(),
                    selected: signs.iter().map(|s| s.slug().to_owned()).collect::<Vec<_>>(),
                    onchange: move |chosen: Vec<String>| value.write().signs = chosen.iter().map(|slug| WarningSign::from_slug(slug)).collect(),
                }
                DateField {
                    id: "visit-next",
                    label: t("visit-next"),
                    initial: draft.next_day,
                    min: view.today,
                    onchange: move |day| value.write().next_day = day,
                }
            }
        }
    }
}

/// Photos of a form: taken with the camera, marked with time and place.
#[component]
pub fn Photos(photos: Form<Vec<DraftPhoto>>, customer: String) -> Element {
    let app = use_app();
    let mut list = photos.value;
    let shown: Vec<Photo> = list
        .read()
        .iter()
        .enumerate()
        .map(|(index, draft)| {
            let photo = NewPhoto::from(draft);
            Photo {
                id: index.to_string(),
                url: Some(data_url(&photo.media_type, &photo.bytes)),
                caption: photo.caption,
                pending: false,
            }
        })
        .collect();
    let take = move |_| {
        let at = format::clock_seconds(clock::now(), app.offset());
        let mark = vec![format!("{} {at}", app.today()), customer.clone()];
        let caption = at.clone();
        let camera = app.platform().camera.clone();
        // Asked for inside the tap: browsers open the chooser only then.
        let picture = camera.take(mark);
        spawn(async move {
            match picture.await {
                Ok(Some(picture)) => {
                    let photo = NewPhoto {
                        media_type: picture.media_type,
                        bytes: picture.bytes,
                        caption,
                    };
                    list.write().push(DraftPhoto::from(&photo));
                }
                Ok(None) => {}
                Err(error) => toast(Tone::Red, errors::code_sentence(error.code())),
            }
        });
    };
    let drop_last = move |id: String| {
        if let Ok(index) = id.parse::<usize>()
            && index < list.peek().len()
        {
            list.write().remove(index);
            toast(Tone::Neutral, t("photo-removed"));
        }
    };
    rsx! {
        div { class: "field",
            span { class: "field-label", {t("photos")} }
            if !shown.is_empty() {
                PhotoGrid { photos: shown, onopen: drop_last }
                p { class: "hint", {t("photo-remove-hint")} }
            }
            Button { kind: ButtonKind::Sub, icon: IconName::Camera, id: "take-photo", onclick: take, {t("photo-add")} }
        }
    }
}
