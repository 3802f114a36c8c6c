//! What can go wrong in the replica, as one type with stable codes for screens.

use shared::{
    document::{DocumentError, content::ContentError, rules::RuleError},
    ids::IdError,
    money::MoneyError,
    sync::message::MessageError,
};

use super::api::ReplicaFailure;
use crate::platform::{entropy::EntropyError, network::Unreachable};

/// Why a request could not be carried out. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite.
    #[error("store: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A file of another, newer version.
    #[error("the store was written by a newer version ({0})")]
    NewerStore(i64),
    /// A document can't be made or read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The record contradicts itself or is too large.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The person may not do this.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// Sums out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// No randomness.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// A stored text is not what it should be.
    #[error("stored text: {0}")]
    Json(#[from] serde_json::Error),
    /// A stored or received id is not one.
    #[error(transparent)]
    Id(#[from] IdError),
    /// A message can't be made or read.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// No answer from the server.
    #[error(transparent)]
    Network(#[from] Unreachable),
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// No such record, customer or person here.
    #[error("not on this device: {0}")]
    NotFound(&'static str),
    /// What was entered can't be saved.
    #[error("not valid: {0}")]
    Invalid(&'static str),
    /// Any other reason, with its code: the server's, or the device's.
    #[error("{code}: {detail}")]
    Other {
        /// Stable code.
        code: String,
        /// For support.
        detail: String,
    },
}

/// Result of the replica's own functions.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The stable code of this error.
    pub fn code(&self) -> String {
        use rusqlite::ErrorCode as Sql;
        match self {
            Self::Sqlite(e) => match e.sqlite_error_code() {
                Some(Sql::DiskFull) => "store.full",
                Some(Sql::DatabaseCorrupt | Sql::NotADatabase) => "store.damaged",
                Some(Sql::DatabaseBusy | Sql::DatabaseLocked) => "store.owned_elsewhere",
                _ => "store.failed",
            },
            Self::NewerStore(_) => "store.newer_version",
            Self::Document(e) => e.code(),
            Self::Content(e) => e.code(),
            Self::Rule(e) => e.code(),
            Self::Money(e) => e.code(),
            Self::Entropy(e) => e.code(),
            Self::Json(_) | Self::Id(_) => "store.unreadable_value",
            Self::Message(e) => e.code(),
            Self::Network(e) => e.code(),
            Self::NotSignedIn => "session.not_signed_in",
            Self::NotFound(_) => "record.not_found",
            Self::Invalid(code) => code,
            Self::Other { code, .. } => code,
        }
        .to_owned()
    }

    /// Must the store be set aside?
    pub fn is_damage(&self) -> bool {
        self.code() == "store.damaged"
    }
}

impl From<Error> for ReplicaFailure {
    fn from(error: Error) -> Self {
        ReplicaFailure {
            code: error.code(),
            detail: error.to_string(),
        }
    }
}
