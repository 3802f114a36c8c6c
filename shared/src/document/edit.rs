//! Edits of existing documents: each makes one change that touches only what `rules` allows.

use crate::{
    contact_book::{BookContact, BookField, BookSign},
    evidence::{Attachment, Comment, GeoPoint},
    promise::Cancellation,
    receipt::{VoidDecision, VoidRequest},
};

use super::{DocumentError, NewChange};

/// One edit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Edit {
    /// Make the notes of a visit read like this; only the difference is written, so that two
    /// people's edits merge.
    Notes(String),
    /// Add a comment.
    Comment(Comment),
    /// Add a photo or file.
    Attachment(Attachment),
    /// Ask for a receipt to be voided.
    RequestVoid(VoidRequest),
    /// Decide a void request (supervisor).
    DecideVoid(VoidDecision),
    /// Cancel a promise (supervisor).
    CancelPromise(Cancellation),
    /// Write a fact into the contact book.
    BookField(BookField, String),
    /// Set the customer's place.
    BookPosition(GeoPoint),
    /// Add a contact to the contact book.
    BookContact(BookContact),
    /// Add a warning sign to the contact book.
    BookSign(BookSign),
}

/// Makes the change that carries out an edit on the document that these changes give.
///
/// `actor` are the 16 bytes of the opened store; `at_s` seconds since 1970.
pub fn apply(
    changes: &[impl AsRef<[u8]>],
    edit: &Edit,
    actor: [u8; 16],
    at_s: i64,
) -> Result<NewChange, DocumentError> {
    let _ = (changes, edit, actor, at_s);
    unimplemented!()
}
