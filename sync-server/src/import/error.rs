//! What stops an import as a whole. Bad rows are not errors: they stand in the report.

use super::report::Report;
use crate::store::StoreError;

/// Why an import could not be carried out; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file can't be opened or read.
    #[error("can't read {path}: {reason}")]
    Read {
        /// Which file.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// The map is not usable.
    #[error("the map is not usable: {0}")]
    Map(String),
    /// A column that the map names is not in the header.
    #[error("the file has no column {column:?}; its header has: {header}")]
    NoSuchColumn {
        /// Column asked for.
        column: String,
        /// What the header has.
        header: String,
    },
    /// A column that the map names is in the header twice.
    #[error("the header has the column {0:?} twice: name it by its place instead")]
    ColumnTwice(String),
    /// Beyond a limit.
    #[error("the file is too large: {0}")]
    TooLarge(String),
    /// No row at all.
    #[error("the file is empty")]
    Empty,
    /// The bytes are no text: a workbook, a picture.
    #[error("the file is not text: save it as CSV")]
    NotText,
    /// What the import would have done; it was taken back.
    #[error("nothing was changed: this was a preview")]
    Previewed(Box<Report>),
    /// Rows were bad and leaving them out was not asked for.
    #[error("{} of {} rows are bad: nothing was imported (--skip-bad imports the others)", .0.refused.rows, .0.rows)]
    BadRows(Box<Report>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ImportError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "import.read",
            Self::Map(_) => "import.map",
            Self::NoSuchColumn { .. } => "import.no_such_column",
            Self::ColumnTwice(_) => "import.column_twice",
            Self::TooLarge(_) => "import.too_large",
            Self::Empty => "import.empty",
            Self::NotText => "import.not_text",
            Self::Previewed(_) => "import.previewed",
            Self::BadRows(_) => "import.bad_rows",
            Self::Store(e) => e.code(),
        }
    }
}
