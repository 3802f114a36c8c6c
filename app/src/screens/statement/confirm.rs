//! The one sheet that says what is sealed, and what follows from it.

use std::rc::Rc;

use dioxus::prelude::*;

use crate::{
    components::ConfirmSheet,
    format,
    i18n::{lang, t, t_args},
    replica::api::{NewAnswer, NewPhoto, Request, StatementView},
    screens::saving::use_saving,
    state::{Form, draft::DraftPhoto, use_app},
};

/// Says once more what will happen, then seals.
#[component]
pub fn Confirm(
    form: Form<NewAnswer>,
    photos: Form<Vec<DraftPhoto>>,
    view: Rc<StatementView>,
    onclose: EventHandler<()>,
) -> Element {
    let app = use_app();
    let saving = use_saving(Some(onclose));
    let draft = form.value.read().clone();
    let (statement, customer) = (view.row.statement, view.row.customer);
    let facts = [
        ("name", draft.signer.name.trim().to_owned().into()),
        ("customer", view.customer_name.clone().into()),
        ("day", format::date_long(view.row.as_of).into()),
        ("sum", format::money(view.row.closing).into()),
        ("count", draft.disputed.len().into()),
    ];
    let (title, label, consequence) = match draft.disputing {
        false => (
            t_args("statement-confirm-agreed", &facts),
            t("statement-seal-agreed"),
            t("statement-consequence-agreed"),
        ),
        true => (
            t_args("statement-confirm-disputed", &facts),
            t("statement-seal-disputed"),
            t("statement-consequence-disputed"),
        ),
    };
    let seal = move |()| {
        let pictures: Vec<NewPhoto> = photos.value.peek().iter().map(NewPhoto::from).collect();
        let new = NewAnswer {
            fix: *app.position.peek(),
            language: lang().tag().to_owned(),
            ..form.value.peek().clone()
        };
        let request = Request::AnswerStatement(statement, Box::new(new), pictures);
        saving.save(
            request,
            vec![form.draft, photos.draft],
            Some((customer, None)),
        );
    };
    rsx! {
        ConfirmSheet { title: t("statement-confirm-title"), confirm_label: label, busy: saving.busy(), onconfirm: seal, oncancel: onclose,
            p { class: "body", "{title}" }
            p { class: "t2", "{consequence}" }
            p { class: "t3", {t("seal-note")} }
        }
    }
}
