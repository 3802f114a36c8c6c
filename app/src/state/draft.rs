//! Half-filled forms: kept by the replica at every change, so that a killed app brings them back.
//!
//! Invariants: a form is shown only once its draft has been looked for; the newest state is always
//! the one kept in the end, however quickly it changes; what cannot be read back starts anew.

use std::rc::Rc;

use dioxus::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use shared::ids::{CustomerId, DocumentId};

use super::{AppState, take, use_app};
use crate::replica::api::{NewPhoto, Request};

/// A form being filled in.
pub struct Form<T: 'static> {
    /// What has been filled in so far.
    pub value: Signal<T>,
    /// False until the draft has been looked for.
    pub ready: Signal<bool>,
    /// Where it is kept.
    pub draft: Draft,
}

/// Where a form is kept.
#[derive(Clone, Copy)]
pub struct Draft {
    key: Signal<String>,
    kept: Signal<bool>,
}

impl<T> Clone for Form<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Form<T> {}
impl<T> PartialEq for Form<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Draft {
    /// The record has been saved, or the form was given up: nothing is kept any more.
    pub async fn forget(self, app: AppState) {
        let mut kept = self.kept;
        kept.set(false);
        let key = self.key.peek().clone();
        // A draft that could not be dropped only shows up again; nothing is lost by it.
        let _ = app.order(Request::DropDraft(key)).await;
    }
}

/// Keys of drafts.
pub mod key {
    use shared::ids::{CustomerId, DocumentId, StatementId};

    /// The visit form of a customer.
    pub fn visit(customer: CustomerId) -> String {
        format!("visit/{customer}")
    }
    /// The promise form of a customer.
    pub fn promise(customer: CustomerId) -> String {
        format!("promise/{customer}")
    }
    /// The receipt form of a customer.
    pub fn receipt(customer: CustomerId) -> String {
        format!("receipt/{customer}")
    }
    /// The form of a proposal about a customer.
    pub fn proposal(customer: CustomerId) -> String {
        format!("proposal/{customer}")
    }
    /// The form in which a refused record is corrected.
    pub fn correction(refused: DocumentId) -> String {
        format!("correct/{refused}")
    }
    /// The form of a hand-in.
    pub fn hand_in() -> String {
        "hand-in".to_owned()
    }
    /// The form of an answer to a statement.
    pub fn statement(statement: StatementId) -> String {
        format!("statement/{statement}")
    }
    /// The photos of a form.
    pub fn photos(form: &str) -> String {
        format!("{form}/photos")
    }
}

/// A form that survives: read from its draft once, kept at every change.
pub fn use_form<T>(key: String) -> Form<T>
where
    T: Default + Serialize + DeserializeOwned + 'static,
{
    let mut value = use_signal(T::default);
    let put = move |json: &str| {
        if let Ok(found) = serde_json::from_str(json) {
            value.set(found);
        }
    };
    let text = move |watched: bool| match watched {
        true => serde_json::to_string(&*value.read()),
        false => serde_json::to_string(&*value.peek()),
    };
    let kept = use_kept(
        key,
        Box::new(put),
        Rc::new(move |watched| text(watched).ok()),
    );
    Form {
        value,
        ready: kept.ready,
        draft: kept.draft,
    }
}

/// What a form fills in, as text: read so that who reads is told of changes, or not.
type Text = Rc<dyn Fn(bool) -> Option<String>>;

#[derive(Clone, Copy)]
struct Kept {
    ready: Signal<bool>,
    draft: Draft,
}

/// Looks for the draft once and puts it where it belongs; keeps the text at every change. Not generic: there would be
/// one of each form in the program.
fn use_kept(key: String, mut put: Box<dyn FnMut(&str)>, text: Text) -> Kept {
    let app = use_app();
    let form = Kept {
        ready: use_signal(|| false),
        draft: Draft {
            key: use_signal(|| key),
            kept: use_signal(|| true),
        },
    };
    use_hook(move || {
        spawn(async move {
            let key = form.draft.key.peek().clone();
            if let Ok(Some(json)) = app.ask(Request::Draft(key), take::draft).await {
                put(&json);
            }
            let mut ready = form.ready;
            ready.set(true);
        });
    });
    let mut saving = use_hook(|| CopyValue::new(false));
    let mut last = use_hook(|| CopyValue::new(None::<String>));
    use_effect(move || {
        let now = text(true);
        if !*form.ready.read() || *saving.peek() {
            return;
        }
        if last.peek().is_none() {
            // What was just read, or an untouched form, need not be kept again.
            last.set(now);
            return;
        }
        saving.set(true);
        let text = Rc::clone(&text);
        spawn(async move {
            while *form.draft.kept.peek() {
                let Some(json) = text(false).filter(|json| last.peek().as_ref() != Some(json))
                else {
                    break;
                };
                keep(app, form.draft.key.peek().clone(), json.clone()).await;
                last.set(Some(json));
            }
            saving.set(false);
        });
    });
    form
}

async fn keep(app: AppState, key: String, json: String) {
    // The form itself stays on the screen; if the store is full, saving the record will say so.
    let _ = app.order(Request::SaveDraft { key, json }).await;
}

/// A photo as a draft keeps it: bytes as hex.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct DraftPhoto {
    media_type: String,
    caption: String,
    hex: String,
}

impl From<&NewPhoto> for DraftPhoto {
    fn from(photo: &NewPhoto) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit =
            |nibble: u8| char::from(DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0'));
        let hex = photo
            .bytes
            .iter()
            .flat_map(|b| [digit(b >> 4), digit(b & 15)])
            .collect();
        Self {
            media_type: photo.media_type.clone(),
            caption: photo.caption.clone(),
            hex,
        }
    }
}

impl From<&DraftPhoto> for NewPhoto {
    fn from(draft: &DraftPhoto) -> Self {
        let value = |digit: u8| char::from(digit).to_digit(16).unwrap_or_default() as u8;
        let bytes = draft.hex.as_bytes().chunks_exact(2).map(|pair| match pair {
            [high, low] => value(*high) << 4 | value(*low),
            _ => 0,
        });
        Self {
            media_type: draft.media_type.clone(),
            bytes: bytes.collect(),
            caption: draft.caption.clone(),
        }
    }
}

/// If a visit to the customer is under way, notes that this record was made during it: a correction
/// only if the record in whose place it stands was.
pub async fn note_in_visit(
    app: AppState,
    customer: CustomerId,
    record: DocumentId,
    corrects: Option<DocumentId>,
) {
    let key = key::visit(customer);
    let Ok(Some(json)) = app.ask(Request::Draft(key.clone()), take::draft).await else {
        return;
    };
    let Ok(mut draft) = serde_json::from_str::<serde_json::Value>(&json) else {
        return;
    };
    let related = draft
        .get_mut("related")
        .and_then(|list| list.as_array_mut());
    if let Some(list) = related {
        if let Some(old) = corrects {
            let before = list.len();
            list.retain(|made| made.as_str() != Some(&old.to_string()));
            if list.len() == before {
                return;
            }
        }
        list.push(serde_json::Value::String(record.to_string()));
        keep(app, key, draft.to_string()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_comes_back_from_its_draft_byte_for_byte() {
        let photo = NewPhoto {
            media_type: "image/jpeg".into(),
            bytes: (0..=255).collect(),
            caption: "门头".into(),
        };
        assert_eq!(NewPhoto::from(&DraftPhoto::from(&photo)), photo);
    }

    #[test]
    fn a_damaged_draft_of_a_photo_gives_some_bytes_and_no_panic() {
        let draft = DraftPhoto {
            media_type: String::new(),
            caption: String::new(),
            hex: "zz1".into(),
        };
        assert_eq!(NewPhoto::from(&draft).bytes, [0]);
    }
}
