//! Correcting a refused record: its form, filled in as it was. What is sealed is signed anew.

use dioxus::prelude::*;
use shared::ids::{CustomerId, DocumentId};

use super::{
    frame::Screen, not_found::Missing, parts::Waiting, promise::PromiseForm, receipt::ReceiptForm,
    visit::VisitForm,
};
use crate::{
    i18n::t,
    replica::api::{NewPhoto, RecordContent, RecordView, ReplicaFailure, Request},
    route::Route,
    state::{
        AppState,
        draft::{DraftPhoto, key},
        navigate::use_back,
        take, use_app,
    },
};

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Visit,
    Promise,
    Receipt,
}

/// The form of the correction of a refused record.
#[component]
pub fn CorrectScreen(document: DocumentId) -> Element {
    let app = use_app();
    let back = use_back(Route::Record { document });
    let mut ready = use_signal(|| None::<Result<(Kind, CustomerId), ReplicaFailure>>);
    use_future(move || async move {
        let prepared = prepare(app, document).await;
        ready.set(Some(prepared));
    });
    let corrects = Some(document);
    match ready() {
        Some(Ok((Kind::Visit, customer))) => rsx! { VisitForm { customer, corrects } },
        Some(Ok((Kind::Promise, customer))) => rsx! { PromiseForm { customer, corrects } },
        Some(Ok((Kind::Receipt, customer))) => rsx! { ReceiptForm { customer, corrects } },
        Some(Err(failure)) if failure.code.ends_with("not_found") => {
            rsx! { Missing { title: t("record-gone-title"), body: t("record-gone-body") } }
        }
        Some(Err(failure)) => rsx! {
            Screen { title: t("correct"), onback: back, Waiting { error: Some(failure), onretry: move |()| {} } }
        },
        None => rsx! {
            Screen { title: t("correct"), onback: back, Waiting { error: None, onretry: move |()| {} } }
        },
    }
}

/// Fills the form in from the refused record, unless somebody has begun to already.
async fn prepare(
    app: AppState,
    document: DocumentId,
) -> Result<(Kind, CustomerId), ReplicaFailure> {
    let view = app.ask(Request::Record(document), take::record).await?;
    let form = key::correction(document);
    let (kind, draft) = match &view.content {
        RecordContent::Visit(visit) => (Kind::Visit, super::visit::draft_of(visit)),
        RecordContent::Promise(promise, ..) => {
            (Kind::Promise, super::promise::draft_of(&promise.core))
        }
        RecordContent::Receipt(receipt, _) => {
            (Kind::Receipt, super::receipt::draft_of(&receipt.core))
        }
        // Never corrected: what a hand-in or an answer holds is signed anew, what was asked for is asked anew.
        RecordContent::HandIn(..) | RecordContent::Proposal(_) | RecordContent::Statement(..) => {
            return Err(ReplicaFailure {
                code: "record.not_found".to_owned(),
                detail: String::new(),
            });
        }
    };
    let customer = view.customer.0;
    let begun = app.ask(Request::Draft(form.clone()), take::draft).await?;
    if begun.is_none() {
        let photos = serde_json::to_string(&photos(app, &view).await).unwrap_or_default();
        let keep = |key, json| app.order(Request::SaveDraft { key, json });
        keep(key::photos(&form), photos).await?;
        keep(form, draft).await?;
    }
    Ok((kind, customer))
}

/// The photos of the record, as far as they are on this device.
async fn photos(app: AppState, view: &RecordView) -> Vec<DraftPhoto> {
    let mut found = Vec::new();
    for photo in view.content.attachments() {
        let bytes = app.ask(Request::Attachment(photo.content), take::attachment);
        if let Ok(Some((media_type, bytes))) = bytes.await {
            found.push(DraftPhoto::from(&NewPhoto {
                media_type,
                bytes,
                caption: photo.caption.clone(),
            }));
        }
    }
    found
}
