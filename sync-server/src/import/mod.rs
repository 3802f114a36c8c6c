//! Import of customers, invoices and payments from CSV files by a named column map.
//!
//! Invariants
//! - All or nothing: unless bad rows may be left out, one bad row means that nothing changes.
//! - Idempotent by number: the same file again changes nothing. An invoice with the same number and
//!   another content is a correction; a payment with the same number and another content is refused.
//! - Every bad row is reported with line, column, value and reason; no input makes it panic.
//! - Amounts are read exactly; only the map's rounding rule may change one, and the report says so.

mod amount;
mod bank_lines;
mod customers;
mod date;
mod decode;
mod error;
mod guess;
mod invoices;
mod map;
mod mapping;
mod payments;
mod records;
mod report;
mod rows;
mod search_key;
mod table;
mod upload;

#[cfg(test)]
mod tests;

use std::{
    collections::HashSet,
    fs::File,
    io::{BufReader, Read, Seek},
    path::Path,
};

use shared::ledger::bank_match::BankLine;

pub use error::ImportError;
pub use map::{ColumnMap, MAP_BYTES};
pub use mapping::Mapping;
pub use report::{BadRow, FieldChange, Outcome, Reason, Report, Sample, Sum, Tally};
pub use search_key::search_key;
pub use upload::{GUESSED, Upload, UploadColumn, UploadedLines};

use crate::store::Store;
use table::{Labels, Next, Row, Table};

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Customers with their terms.
    Customers,
    /// Invoices.
    Invoices,
    /// Payments that stand in the books.
    Payments,
    /// Lines of a bank statement, which are matched and not imported.
    BankLines,
}

impl Kind {
    /// `customers`, `invoices`, `payments` or `bank_lines`.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Invoices => "invoices",
            Self::Payments => "payments",
            Self::BankLines => "bank_lines",
        }
    }

    /// The kind of this slug.
    pub fn from_slug(slug: &str) -> Option<Self> {
        let all = [
            Self::Customers,
            Self::Invoices,
            Self::Payments,
            Self::BankLines,
        ];
        all.into_iter().find(|kind| kind.slug() == slug)
    }

    /// The fields that a map may name, and whether it must.
    pub fn fields(self) -> &'static [(&'static str, bool)] {
        match self {
            Self::Customers => &[
                ("number", true),
                ("name", true),
                ("territory", false),
                ("rep", false),
                ("address", false),
                ("contact", false),
                ("contact_role", false),
                ("phone", false),
                ("term_days", false),
                ("credit_limit", false),
                ("grade", false),
                ("settlement", false),
                ("latitude", false),
                ("longitude", false),
                ("hold", false),
            ],
            Self::Invoices => &[
                ("number", true),
                ("customer", true),
                ("issued", true),
                ("due", false),
                ("amount", true),
                ("customer_name", false),
                ("territory", false),
            ],
            Self::Payments => &[
                ("number", true),
                ("day", true),
                ("amount", true),
                ("customer", false),
                ("invoice", false),
            ],
            Self::BankLines => &[
                ("number", true),
                ("day", true),
                ("amount", true),
                ("payer", false),
                ("text", false),
            ],
        }
    }
}

/// Imports a file by a map file.
pub fn import_file(
    store: &Store,
    kind: Kind,
    file: &Path,
    map: &Path,
    skip_bad: bool,
) -> Result<Report, ImportError> {
    let map = ColumnMap::parse(&read_map(map)?, kind)?;
    let input = File::open(file).map_err(|e| unreadable(file, &e))?;
    import(store, kind, BufReader::new(input), &map, skip_bad).map_err(|e| match e {
        ImportError::Read { reason, .. } => ImportError::Read {
            path: file.display().to_string(),
            reason,
        },
        other => other,
    })
}

/// Reads the lines of a bank statement by a map file. Nothing is written; one bad row refuses them all, so that
/// nobody takes what is left out for missing money.
pub fn bank_lines(store: &Store, file: &Path, map: &Path) -> Result<Vec<BankLine>, ImportError> {
    let map = ColumnMap::parse(&read_map(map)?, Kind::BankLines)?;
    let input = File::open(file).map_err(|e| unreadable(file, &e))?;
    let table = Table::open(BufReader::new(input), &map, Kind::BankLines)?;
    let currency = currency(store)?;
    let read = bank_lines::read;
    let collected = collect(table, &map, Kind::BankLines, &currency, read)?;
    match collected.report.refused.rows {
        0 => Ok(collected.lines),
        _ => Err(ImportError::BadRows(Box::new(collected.report))),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> ImportError {
    ImportError::Read {
        path: path.display().to_string(),
        reason: error.to_string(),
    }
}

fn read_map(path: &Path) -> Result<String, ImportError> {
    let mut text = String::new();
    let file = File::open(path).map_err(|e| unreadable(path, &e))?;
    file.take(MAP_BYTES)
        .read_to_string(&mut text)
        .map_err(|e| unreadable(path, &e))?;
    Ok(text)
}

/// How an import ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// One bad row means that nothing changes.
    AllOrNothing,
    /// Bad rows are left out.
    WithoutBadRows,
    /// Everything is taken back: only what would have changed is told.
    Preview,
}

/// Imports an open file.
pub fn import(
    store: &Store,
    kind: Kind,
    input: impl Read + Seek,
    map: &ColumnMap,
    skip_bad: bool,
) -> Result<Report, ImportError> {
    let how = match skip_bad {
        true => How::WithoutBadRows,
        false => How::AllOrNothing,
    };
    run(store, kind, Table::open(input, map, kind)?, map, how)
}

fn run<R: Read + Seek>(
    store: &Store,
    kind: Kind,
    table: Table<R>,
    map: &ColumnMap,
    how: How,
) -> Result<Report, ImportError> {
    let currency = currency(store)?;
    match kind {
        Kind::Customers => customers::run(
            store,
            collect(table, map, kind, &currency, customers::read)?,
            how,
        ),
        Kind::Invoices => invoices::run(
            store,
            collect(table, map, kind, &currency, invoices::read)?,
            map,
            how,
        ),
        Kind::Payments => payments::run(
            store,
            collect(table, map, kind, &currency, payments::read)?,
            how,
        ),
        Kind::BankLines => Err(ImportError::Map(
            "a bank statement is matched, not imported".to_owned(),
        )),
    }
}

fn currency(store: &Store) -> Result<String, ImportError> {
    Ok(store.read(|conn| {
        let company = crate::store::company::get(conn)?;
        company
            .ok_or(crate::store::StoreError::NotFound("company"))
            .map(|c| c.currency)
    })?)
}

/// The rows of a file that can be read, and the report so far.
struct Collected<L> {
    lines: Vec<L>,
    labels: Labels,
    report: Report,
}

/// Reads one row of the given map; the company's currency.
type ReadLine<L> = fn(&Row, &ColumnMap, &str) -> Result<L, BadRow>;

/// Reads all rows; a number that comes twice is refused the second time.
fn collect<R: Read + Seek, L>(
    mut table: Table<R>,
    map: &ColumnMap,
    kind: Kind,
    currency: &str,
    read: ReadLine<L>,
) -> Result<Collected<L>, ImportError> {
    let mut report = Report {
        kind: kind.slug().to_owned(),
        encoding: table.encoding().to_owned(),
        ..Report::default()
    };
    let mut lines = Vec::new();
    let mut numbers: HashSet<String> = HashSet::new();
    while let Some(next) = table.read_next()? {
        let row = match next {
            Next::Blank => {
                report.blank_rows += 1;
                continue;
            }
            Next::Skipped => {
                report.skipped_rows += 1;
                continue;
            }
            Next::Bad(bad, amount) => {
                report.rows += 1;
                report.refuse(bad, map.amount.exact(&amount).ok());
                continue;
            }
            Next::Row(row) => row,
        };
        report.rows += 1;
        let amount = map.amount.exact(row.text("amount")).ok();
        match read(&row, map, currency) {
            Err(bad) => report.refuse(bad, amount),
            Ok(_) if !numbers.insert(row.text("number").to_owned()) => {
                report.refuse(row.bad("number", Reason::DuplicateNumber), amount);
            }
            Ok(line) => lines.push(line),
        }
    }
    Ok(Collected {
        lines,
        labels: table.labels(),
        report,
    })
}

/// Ends an import inside its transaction: an error rolls everything back.
fn conclude(mut report: Report, how: How) -> Result<Report, ImportError> {
    report.bad_rows.sort_by_key(|bad| bad.line);
    report.first_rows.sort_by_key(|row| row.line);
    if how == How::Preview {
        return Err(ImportError::Previewed(Box::new(report)));
    }
    if report.refused.rows > 0 && how == How::AllOrNothing {
        return Err(ImportError::BadRows(Box::new(report)));
    }
    report.applied = true;
    Ok(report)
}
