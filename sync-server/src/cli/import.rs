//! `import customers|invoices|payments FILE --map MAP.toml`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{CliError, open_existing};
use crate::import::{self, ImportError, Kind, Report};

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KindArg {
    /// Customers with their terms
    Customers,
    /// Invoices; the same number with another content is a correction
    Invoices,
    /// Payments that stand in the books
    Payments,
}

#[derive(Args, Debug)]
pub(super) struct ImportArgs {
    /// What the file holds
    #[arg(value_enum)]
    kind: KindArg,
    /// CSV file: any delimiter, UTF-8, GB18030 or UTF-16
    file: PathBuf,
    /// Column map (TOML): which column is which field, how dates and amounts are written
    #[arg(long, value_name = "MAP.toml")]
    map: PathBuf,
    /// Import the good rows although others are bad; the report says what was left out
    #[arg(long)]
    skip_bad: bool,
    /// Write the whole report, every bad row included, as JSON
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,
}

pub(super) fn run(data: &Path, args: &ImportArgs) -> Result<(), CliError> {
    let store = open_existing(data)?;
    let kind = match args.kind {
        KindArg::Customers => Kind::Customers,
        KindArg::Invoices => Kind::Invoices,
        KindArg::Payments => Kind::Payments,
    };
    let outcome = import::import_file(&store, kind, &args.file, &args.map, args.skip_bad);
    match &outcome {
        Ok(report) => publish(report, args.report.as_deref())?,
        Err(ImportError::BadRows(report)) => publish(report, args.report.as_deref())?,
        Err(_) => {}
    }
    outcome.map(|_| ()).map_err(CliError::from)
}

fn publish(report: &Report, file: Option<&Path>) -> Result<(), CliError> {
    print!("{report}");
    let Some(file) = file else { return Ok(()) };
    let refused = |reason: String| CliError::Write(file.to_owned(), reason);
    let json = serde_json::to_vec_pretty(report).map_err(|e| refused(e.to_string()))?;
    std::fs::write(file, json).map_err(|e| refused(e.to_string()))
}
