//! What can go wrong with the store, each with a stable code and one clear sentence.

use std::path::PathBuf;

use shared::money::MoneyError;

/// A failure of the store. Nothing was changed: the transaction was rolled back.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The data folder can't be made or entered.
    #[error("the data folder {path} can't be used: {reason}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The file is not a database, or is damaged. It was not touched.
    #[error(
        "{path} can't be read as a ledger ({reason}); it was left as it is: restore a backup, or move it away to begin anew"
    )]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
    /// Written by a newer version of the server.
    #[error("{path} was written by a newer version (schema {found}, this one knows {known})")]
    TooNew {
        /// Which.
        path: PathBuf,
        /// Schema number found.
        found: i64,
        /// Newest schema number known.
        known: i64,
    },
    /// No room left.
    #[error("the disk is full: nothing was saved; make room and try again")]
    DiskFull,
    /// Another process holds the ledger.
    #[error("the ledger is busy: another process is writing to it")]
    Busy,
    /// Any other failure of SQLite.
    #[error("the database refused: {0}")]
    Database(rusqlite::Error),
    /// A file beside the database can't be read or written.
    #[error("a file can't be used: {0}")]
    File(std::io::Error),
    /// A stored value is not what it should be.
    #[error("damaged value in the store: {0}")]
    Damaged(String),
    /// The log's chain is broken.
    #[error("the chain of the {what} is broken at {at}")]
    ChainBroken {
        /// `log` or `journal`.
        what: &'static str,
        /// Number of the first entry that does not fit.
        at: u64,
    },
    /// Something named is not there.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// Contradicts what is stored.
    #[error("not possible: {0}")]
    Conflict(&'static str),
    /// A revoked device has sent more than is kept for review.
    #[error("no more is kept for review of this device")]
    ReviewFull,
    /// A sum left the range.
    #[error("sum: {0}")]
    Money(#[from] MoneyError),
    /// A command of finance was refused.
    #[error(transparent)]
    Command(shared::ledger::command::CommandError),
    /// Finance cannot answer a proposal so.
    #[error(transparent)]
    Proposal(#[from] shared::proposal::AnswerError),
    /// Not possible with a statement.
    #[error(transparent)]
    Statement(#[from] shared::statement::StatementError),
    /// Settings cannot be changed so.
    #[error(transparent)]
    Settings(#[from] super::settings::SettingsError),
    /// The ledger's rules refused.
    #[error("ledger: {detail}")]
    Ledger {
        /// Code of the ledger's rule.
        code: &'static str,
        /// What it said.
        detail: String,
    },
}

impl StoreError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "store.folder",
            Self::Unreadable { .. } => "store.unreadable",
            Self::TooNew { .. } => "store.too_new",
            Self::DiskFull => "store.disk_full",
            Self::Busy => "store.busy",
            Self::Database(_) => "store.database",
            Self::File(_) => "store.file",
            Self::Damaged(_) => "store.damaged",
            Self::ChainBroken { .. } => "store.chain_broken",
            Self::NotFound(_) => "store.not_found",
            Self::Conflict(_) => "store.conflict",
            Self::ReviewFull => "review.full",
            Self::Money(e) => e.code(),
            Self::Command(error) => error.code(),
            Self::Proposal(error) => error.code(),
            Self::Statement(error) => error.code(),
            Self::Settings(error) => error.code(),
            Self::Ledger { code, .. } => code,
        }
    }
}

/// SQLite's extended code for it.
const NO_ROOM_FOR_SHARED_MEMORY: i32 = rusqlite::ffi::SQLITE_IOERR_SHMSIZE;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Self::DiskFull,
            // No room for the shared memory's file: SQLite calls that a failure of the disk.
            _ if error
                .sqlite_error()
                .is_some_and(|e| e.extended_code == NO_ROOM_FOR_SHARED_MEMORY) =>
            {
                Self::DiskFull
            }
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                Self::Busy
            }
            _ => Self::Database(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::File(error),
        }
    }
}

impl From<postcard::Error> for StoreError {
    fn from(error: postcard::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}
