//! Photos of a record and the talk about it. Both may be added to by anybody who sees the record,
//! also without a signal.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{
    evidence::Comment,
    people::{Person, Role},
};

use crate::{
    components::{
        Button, ButtonKind, Card, CommentBox, CommentThread, CommentView, IconName, Photo,
        PhotoGrid, Sheet, Tone, toast,
    },
    i18n::{t, t_args, term},
    replica::api::{NewPhoto, RecordView, Request},
    screens::parts::toast_failure,
    state::{AppState, errors, photos::use_photos, take, use_app, use_query},
};

/// The photos; a tap shows one large.
#[component]
pub fn Photos(view: Rc<RecordView>) -> Element {
    let photos = use_photos(
        view.content.attachments().to_vec(),
        view.journey.waiting > 0,
    );
    let mut open = use_signal(|| None::<String>);
    let shown: Option<Photo> = open
        .read()
        .as_ref()
        .and_then(|id| photos.iter().find(|photo| photo.id == *id))
        .cloned();
    rsx! {
        Card { title: t("photos"), id: "photos",
            if photos.is_empty() {
                p { class: "t2", {t("photos-none")} }
            }
            PhotoGrid { photos, onopen: move |id| open.set(Some(id)) }
            AddPhoto { view }
        }
        if let Some(photo) = shown {
            Sheet { title: if photo.caption.is_empty() { t("photos") } else { photo.caption.clone() }, id: "photo", onclose: move |()| open.set(None),
                if let Some(url) = photo.url {
                    img { src: "{url}", alt: "{photo.caption}" }
                } else {
                    p { class: "t2", {t("photo-missing")} }
                }
            }
        }
    }
}

#[component]
fn AddPhoto(view: Rc<RecordView>) -> Element {
    let app = use_app();
    let document = view.document;
    let mut busy = use_signal(|| false);
    let mark = vec![app.moment(app.now()), view.customer.1.clone()];
    let add = move |_| {
        // The camera opens within the tap; browsers open it at no other time.
        let taking = app.platform().camera.take(mark.clone());
        busy.set(true);
        spawn(async move {
            match taking.await {
                Ok(Some(picture)) => {
                    let photo = NewPhoto {
                        media_type: picture.media_type,
                        bytes: picture.bytes,
                        caption: app.moment(app.now()),
                    };
                    if let Err(failure) = app.order(Request::AddPhoto { document, photo }).await {
                        toast_failure(&failure);
                    }
                }
                Ok(None) => {}
                Err(error) => toast(Tone::Red, errors::code_sentence(error.code())),
            }
            busy.set(false);
        });
    };
    rsx! {
        div { margin_top: "12px",
            Button { kind: ButtonKind::Soft, small: true, busy: busy(), icon: IconName::Camera, id: "photo-add", onclick: add, {t("photo-add")} }
        }
    }
}

/// Comments, and unless the composer stands elsewhere the line to write one.
#[component]
pub fn Thread(view: Rc<RecordView>, #[props(default = true)] composer: bool) -> Element {
    let app = use_app();
    let directory = use_query(Request::Directory, take::directory);
    let known = directory.view();
    let people = known.as_ref().map_or(&[][..], |known| &known.people);
    let mut comments: Vec<CommentView> = view
        .content
        .comments()
        .iter()
        .map(|comment| shown(comment, &view, people, app))
        .collect();
    mark_pending(&mut comments, view.journey.waiting);
    rsx! {
        section { class: "stack", aria_label: t("comments"), id: "thread",
            h2 { class: "section", {t("comments")} }
            CommentThread { comments }
            if composer {
                Composer { view }
            }
        }
    }
}

/// A comment with the role and name of who wrote it.
fn shown(comment: &Comment, view: &RecordView, people: &[Person], app: AppState) -> CommentView {
    let role = people
        .iter()
        .find(|person| person.id == comment.author)
        .map(|person| person.role);
    let office = role.filter(|role| *role != Role::Rep);
    let named = view.names.iter().find(|(id, _)| *id == comment.author);
    let name = named.map(|(_, name)| name.clone()).unwrap_or_default();
    CommentView {
        id: comment.id.to_string(),
        author: match office {
            Some(role) => format!("{} {name}", term("role", role.slug())),
            None => name,
        },
        when: app.moment(comment.at),
        text: comment.text.clone(),
        mine: app
            .me
            .read()
            .as_ref()
            .is_some_and(|me| me.person.id == comment.author),
        lead: office.is_some(),
        pending: false,
    }
}

/// The line to write a comment; what was begun is kept.
#[component]
pub fn Composer(view: Rc<RecordView>) -> Element {
    let app = use_app();
    let document = view.document;
    let key = format!("comment/{document}");
    let draft = use_query(Request::Draft(key.clone()), take::draft);
    let placeholder = if view.mine {
        t("comment-new")
    } else {
        t_args(
            "comment-placeholder",
            &[("name", view.author.1.clone().into())],
        )
    };
    // The field starts with what was begun earlier, so it waits for that to be known.
    let Some(begun) = draft.view() else {
        return rsx! {};
    };
    let send = move |text: String| {
        spawn(async move {
            if let Err(failure) = app.order(Request::AddComment { document, text }).await {
                toast_failure(&failure);
            }
        });
    };
    rsx! {
        for document in [document] {
            CommentBox {
                key: "{document}",
                placeholder: placeholder.clone(),
                initial: (*begun).clone().unwrap_or_default(),
                oninput: {
                    let key = key.clone();
                    move |text: String| keep_draft(app, key.clone(), text)
                },
                onsend: send,
            }
        }
    }
}

/// Own comments that wait are the last ones: as many of them as changes of the record wait.
fn mark_pending(comments: &mut [CommentView], waiting: u32) {
    for comment in comments
        .iter_mut()
        .rev()
        .filter(|comment| comment.mine)
        .take(waiting as usize)
    {
        comment.pending = true;
    }
}

fn keep_draft(app: AppState, key: String, text: String) {
    spawn(async move {
        let request = if text.is_empty() {
            Request::DropDraft(key)
        } else {
            Request::SaveDraft { key, json: text }
        };
        // A comment that was begun is worth keeping, but not worth a message if that fails.
        let _ = app.order(request).await;
    });
}
