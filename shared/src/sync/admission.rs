//! What the server lets in: one change, the document so far, who pushed it → admitted or rejected.
//!
//! Pure: the caller looks up document, person and scope, and calls this under `catch_unwind`,
//! since the decoder below may panic on hostile bytes.

use crate::{
    document::{Head, Kind, Record},
    ids::{ChangeHash, CustomerId, DeviceId, DocumentId, PersonId},
    people::Role,
};

/// Who pushed.
#[derive(Clone, Debug)]
pub struct Pusher {
    /// Person of the token.
    pub person: PersonId,
    /// Role.
    pub role: Role,
    /// Device of the token.
    pub device: DeviceId,
    /// Device code, which receipt numbers must carry.
    pub device_code: String,
    /// Device's registered key, which seals must be made with.
    pub public_key: [u8; 32],
}

/// The stored document that a change belongs to.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its id.
    pub document: DocumentId,
    /// Who created it, by their token.
    pub author: PersonId,
    /// All its admitted changes, dependencies first.
    pub changes: Vec<Vec<u8>>,
}

/// An admitted change.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// Document.
    pub document: DocumentId,
    /// Hash.
    pub hash: ChangeHash,
    /// The whole chunk.
    pub bytes: Vec<u8>,
    /// True for a creation change.
    pub creates: bool,
    /// Head of the document.
    pub head: Head,
    /// The document with the change.
    pub record: Record,
}

/// Why a change is refused. `code()` is what the phone shows a sentence for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// Too large, too many operations, …
    #[error("over a limit: {0}")]
    Limit(&'static str),
    /// Bytes are not a change, do not re-encode to themselves, or give no readable document.
    #[error("damaged: {0}")]
    Damaged(String),
    /// A change it builds on is not stored (perhaps it was refused).
    #[error("builds on a change that is not here")]
    MissingDependency,
    /// The frame names a document that is not stored.
    #[error("no such document")]
    NoSuchDocument,
    /// Root says another device than the one that pushed.
    #[error("made by another device")]
    WrongDevice,
    /// The record names another person than the one who pushed.
    #[error("made in another person's name")]
    WrongPerson,
    /// Touches what this kind and role may not touch.
    #[error("not allowed: {0}")]
    NotAllowed(&'static str),
    /// The sealed core, its digest, its signature or its key do not agree.
    #[error("broken seal")]
    BrokenSeal,
    /// Sums or dates contradict each other.
    #[error("contradictory: {0}")]
    Contradiction(&'static str),
    /// The person has nothing to do with the customer and never had.
    #[error("customer out of scope")]
    OutOfScope,
}

impl Rejection {
    /// The stable code of this reason.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Limit(_) => "admission.limit",
            Self::Damaged(_) => "admission.damaged",
            Self::MissingDependency => "admission.missing_dependency",
            Self::NoSuchDocument => "admission.no_such_document",
            Self::WrongDevice => "admission.wrong_device",
            Self::WrongPerson => "admission.wrong_person",
            Self::NotAllowed(_) => "admission.not_allowed",
            Self::BrokenSeal => "admission.broken_seal",
            Self::Contradiction(_) => "admission.contradiction",
            Self::OutOfScope => "admission.out_of_scope",
        }
    }
}

/// Bounds a frame before anything in it is expanded: chunk type, length, run lengths of columns.
pub fn check_frame(frame: &[u8]) -> Result<(), Rejection> {
    let _ = frame;
    unimplemented!()
}

/// The hash of the frame's change and, for a creation change, its kind and customer; so that the
/// caller can look up scope and stored document before `admit`.
pub fn peek(frame: &[u8]) -> Result<(ChangeHash, Option<(Kind, CustomerId)>), Rejection> {
    let _ = frame;
    unimplemented!()
}

/// Judges one change. `stored` is none for a creation change. Scope is the caller's business.
pub fn admit(
    frame: &[u8],
    stored: Option<&Stored>,
    pusher: &Pusher,
) -> Result<Admitted, Rejection> {
    let _ = (frame, stored, pusher);
    unimplemented!()
}
