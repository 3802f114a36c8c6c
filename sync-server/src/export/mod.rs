//! The journal for other programs: plain-text accounting (hledger, beancount), CSV, and a workbook (XLSX).
//!
//! Invariants: every entry goes out once, in the order of business days; sums go out as they stand in the
//! journal; the plain-text forms end with the balances that the ledger reports, as assertions, so that whoever
//! checks the file checks them too.

mod beancount;
mod csv;
mod hledger;
mod lines;
mod names;
mod xlsx;

use std::io::Write;

use crate::store::{Connection, StoreError, company};

/// A form that the journal is exported in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// Journal for hledger
    Hledger,
    /// Journal for beancount
    Beancount,
    /// A line for each posting, for spreadsheets and programs
    Csv,
    /// Workbook with journal, balances and aging as of today, for spreadsheets
    Xlsx,
}

/// Why nothing, or not all, was exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The output could not be written.
    #[error("can't write the export: {0}")]
    Write(#[from] std::io::Error),
    /// The workbook could not be made.
    #[error("can't make the workbook: {0}")]
    Workbook(String),
    /// More rows than a sheet of a workbook has.
    #[error("the journal has more lines than a sheet can have (1,048,576): export it as csv")]
    TooLong,
}

impl ExportError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            Self::Write(_) => "export.write",
            Self::Workbook(_) => "export.workbook",
            Self::TooLong => "export.too_long",
        }
    }
}

/// Writes the whole journal in a form.
pub fn export(conn: &Connection, form: Form, out: &mut dyn Write) -> Result<(), ExportError> {
    let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
    match form {
        Form::Hledger => hledger::write(conn, &company, out)?,
        Form::Beancount => beancount::write(conn, &company, out)?,
        Form::Csv => csv::write(conn, &company, out)?,
        Form::Xlsx => xlsx::write(conn, &company, out)?,
    }
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests;
