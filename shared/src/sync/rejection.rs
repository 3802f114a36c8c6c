//! Why the server refuses a change.

use crate::document::{DocumentError, content::ContentError, rules::RuleError};

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
    /// It had been refused once, and its author has made another record in its place since.
    #[error("corrected by another record")]
    Corrected,
    /// Corrects a record that another one has corrected already.
    #[error("corrects what has been corrected already")]
    CorrectedAlready,
    /// Corrects a record that counts: both would.
    #[error("corrects a record that was admitted")]
    CorrectsAdmitted,
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
            Self::Corrected => "admission.corrected",
            Self::CorrectedAlready => "admission.corrected_already",
            Self::CorrectsAdmitted => "admission.corrects_admitted",
        }
    }
}

impl From<RuleError> for Rejection {
    fn from(e: RuleError) -> Self {
        match e {
            RuleError::NotAllowed(what) => Self::NotAllowed(what),
            RuleError::AnotherAuthor => Self::WrongPerson,
            RuleError::Unreadable(e) => e.into(),
        }
    }
}

impl From<DocumentError> for Rejection {
    fn from(e: DocumentError) -> Self {
        match e {
            DocumentError::TooLarge(what) => Self::Limit(what),
            DocumentError::MissingDependency => Self::MissingDependency,
            DocumentError::BrokenSeal => Self::BrokenSeal,
            DocumentError::Contradiction(what) => Self::Contradiction(what),
            DocumentError::Damaged(_)
            | DocumentError::Shape { .. }
            | DocumentError::UnknownKind
            | DocumentError::EditRefused(_) => Self::Damaged(e.to_string()),
        }
    }
}

impl From<ContentError> for Rejection {
    fn from(e: ContentError) -> Self {
        DocumentError::from(e).into()
    }
}
