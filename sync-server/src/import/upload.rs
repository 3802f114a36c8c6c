//! A file that was uploaded at the desk: what it looks like, by which map it is read, and what it would change.
//!
//! Invariants: looking and previewing change nothing; importing is the import of the command line, all or nothing;
//! a kept map that does not fit the file is not taken.

use std::io::{BufReader, Cursor, Read as _};

use shared::{ledger::bank_match::BankLine, sync::limits::UPLOAD_ROWS};

use super::{
    How, ImportError, Kind, Report, bank_lines, collect, currency, decode, guess,
    map::{ColumnMap, Encoding, HEADER_ROWS},
    mapping::{Mapping, column_names},
    records::Records,
    run,
    table::{FILE_COLUMNS, Table},
};
use crate::store::Store;

/// Bytes of text that are looked at for header and delimiter.
const LOOK_BYTES: u64 = 256 << 10;
/// Rows among which the header is looked for.
const LOOK_ROWS: usize = 30;
/// Rows under the header that are shown.
const SAMPLE_ROWS: usize = 3;
/// Characters of a text that are shown.
const SHOWN_CHARS: usize = 40;
const DELIMITERS: [(&str, u8); 4] = [(",", b','), ("tab", b'\t'), (";", b';'), ("|", b'|')];

/// The rows of an uploaded file.
type UploadedTable<'b> = Table<Cursor<&'b [u8]>>;

/// A column of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadColumn {
    /// As a mapping names it.
    pub name: String,
    /// Its first texts.
    pub samples: Vec<String>,
}

/// Nobody has said by which map the file is read: it was guessed by its header.
pub const GUESSED: &str = "guessed";

/// A file as it is read.
#[derive(Clone, Debug)]
pub struct Upload<'b> {
    bytes: &'b [u8],
    kind: Kind,
    header: Vec<String>,
    /// What its bytes are read as.
    pub encoding: &'static str,
    /// Its columns.
    pub columns: Vec<UploadColumn>,
    /// By which map it is read.
    pub mapping: Mapping,
    /// `given` by who asks, `kept` from the last time, or `guessed`.
    pub origin: &'static str,
}

/// The lines of a statement, and the rows that are none.
#[derive(Debug)]
pub struct UploadedLines {
    /// In the order of the file.
    pub lines: Vec<BankLine>,
    /// Rows that were left out or refused.
    pub report: Report,
}

/// A delimiter with the rows that it makes of the head of the file, and the likeliest header among them.
struct Cut {
    delimiter: &'static str,
    rows: Vec<Vec<String>>,
    header_row: usize,
    understood: usize,
}

impl<'b> Upload<'b> {
    /// Looks at a file. A map that is given counts as it is (its columns guessed if it names none); one that was kept
    /// only if the file has its columns.
    pub fn look(
        bytes: &'b [u8],
        kind: Kind,
        given: Option<Mapping>,
        kept: Option<Mapping>,
    ) -> Result<Self, ImportError> {
        let (head, encoding) = head(bytes)?;
        let cuts: Vec<Cut> = DELIMITERS
            .iter()
            .map(|(name, byte)| Cut::of(&head, name, *byte, kind))
            .collect();
        let best = cuts
            .iter()
            .rev()
            .max_by_key(|cut| (cut.understood, cut.width()))
            .ok_or(ImportError::Empty)?;
        if best.rows.is_empty() {
            return Err(ImportError::Empty);
        }
        let (mapping, origin) = match (given, kept) {
            (Some(given), _) => (given, "given"),
            (None, kept) => match kept.and_then(|kept| refit(kept, &cuts, best)) {
                Some(kept) => (kept, "kept"),
                None => (best.guess(kind), GUESSED),
            },
        };
        let mapping = Mapping {
            delimiter: match mapping.delimiter.as_str() {
                "" => best.delimiter.to_owned(),
                _ => mapping.delimiter.clone(),
            },
            header_row: match mapping.header_row {
                0 => best.header_row,
                row => row.min(HEADER_ROWS),
            },
            ..mapping
        };
        let rows = match cuts.into_iter().find(|c| c.delimiter == mapping.delimiter) {
            Some(cut) => cut.rows,
            None => rows(&head, other_delimiter(&mapping.delimiter)?),
        };
        let mut rows = rows.into_iter().skip(mapping.header_row - 1);
        let header = rows.next().unwrap_or_default();
        let samples: Vec<_> = rows.take(SAMPLE_ROWS).collect();
        let shown = |at: usize| samples.iter().filter_map(move |row| row.get(at));
        let mapping = match mapping.columns.is_empty() {
            true => Mapping {
                columns: guess::columns(kind, &header),
                ..mapping
            },
            false => mapping,
        };
        let columns = column_names(&header).into_iter().enumerate();
        let columns = columns.map(|(at, name)| UploadColumn {
            name,
            samples: shown(at).map(|text| short(text)).collect(),
        });
        Ok(Self {
            bytes,
            kind,
            encoding,
            columns: columns.collect(),
            header,
            mapping,
            origin,
        })
    }

    /// What has to be known before its rows can be read, and is not.
    pub fn missing(&self) -> Vec<&'static str> {
        self.mapping.missing(self.kind)
    }

    /// Columns that the map names and the file does not have.
    pub fn unknown_columns(&self) -> Vec<String> {
        let has = |name: &String| self.columns.iter().any(|column| column.name == *name);
        let named = self.mapping.columns.values();
        named.filter(|name| !has(name)).cloned().collect()
    }

    /// What importing it would change, and nothing is changed.
    pub fn preview(&self, store: &Store) -> Result<Report, ImportError> {
        match self.run(store, How::Preview) {
            Err(ImportError::Previewed(report)) => Ok(*report),
            other => other,
        }
    }

    /// Imports it: all or nothing.
    pub fn import(&self, store: &Store) -> Result<Report, ImportError> {
        self.run(store, How::AllOrNothing)
    }

    fn run(&self, store: &Store, how: How) -> Result<Report, ImportError> {
        let (map, table) = self.open()?;
        run(store, self.kind, table, &map, how)
    }

    fn open(&self) -> Result<(ColumnMap, UploadedTable<'b>), ImportError> {
        let map = self.mapping.to_map(self.kind, &self.header)?;
        let table = Table::open(Cursor::new(self.bytes), &map, self.kind)?;
        Ok((map, table.at_most(UPLOAD_ROWS)))
    }

    /// The lines of a bank statement. Rows that are none stand in the report: nothing is left out unsaid.
    pub fn bank_lines(&self, store: &Store) -> Result<UploadedLines, ImportError> {
        let (map, table) = self.open()?;
        let currency = currency(store)?;
        let collected = collect(table, &map, Kind::BankLines, &currency, bank_lines::read)?;
        Ok(UploadedLines {
            lines: collected.lines,
            report: collected.report,
        })
    }
}

/// The first text of the file, and what its bytes are read as.
fn head(bytes: &[u8]) -> Result<(String, &'static str), ImportError> {
    let read = |e: std::io::Error| ImportError::Read {
        path: "the file".to_owned(),
        reason: e.to_string(),
    };
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(ImportError::NotText);
    }
    let mut input = Cursor::new(bytes);
    let detected = decode::detect(&mut input, Encoding::Auto).map_err(read)?;
    let text = decode::open(input, detected).map_err(read)?;
    let mut head = Vec::new();
    text.take(LOOK_BYTES).read_to_end(&mut head).map_err(read)?;
    let head = String::from_utf8_lossy(&head).into_owned();
    match head.contains('\0') {
        true => Err(ImportError::NotText),
        false => Ok((head, detected.name())),
    }
}

fn other_delimiter(text: &str) -> Result<u8, ImportError> {
    match text.as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => Ok(*byte),
        _ => Err(ImportError::Map("delimiter: one character".to_owned())),
    }
}

/// The first rows that are not blank.
fn rows(head: &str, delimiter: u8) -> Vec<Vec<String>> {
    let mut records = Records::new(BufReader::new(head.as_bytes()), delimiter);
    let mut rows = Vec::new();
    while let (true, Ok(Some(record))) = (rows.len() < HEADER_ROWS + SAMPLE_ROWS, records.read()) {
        let cells = record.cells.iter().take(FILE_COLUMNS);
        rows.push(cells.map(|cell| cell.trim().to_owned()).collect());
    }
    rows
}

fn short(text: &str) -> String {
    let printable = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    match text.chars().count() > SHOWN_CHARS {
        true => printable.take(SHOWN_CHARS).chain(['…']).collect(),
        false => printable.collect(),
    }
}

impl Cut {
    fn of(head: &str, delimiter: &'static str, byte: u8, kind: Kind) -> Self {
        let rows = rows(head, byte);
        let understood = |row: &Vec<String>| guess::columns(kind, row).len();
        let best = rows.iter().take(LOOK_ROWS).map(understood).enumerate();
        // Of rows that say equally much the first is the header.
        let best = best.rev().max_by_key(|(_, understood)| *understood);
        let (at, understood) = best.unwrap_or_default();
        Self {
            delimiter,
            header_row: if understood == 0 { 1 } else { at + 1 },
            understood,
            rows,
        }
    }

    fn header(&self) -> &[String] {
        let row = self.rows.get(self.header_row - 1);
        row.map_or(&[], Vec::as_slice)
    }

    fn width(&self) -> usize {
        self.header().len()
    }

    fn guess(&self, kind: Kind) -> Mapping {
        Mapping {
            columns: guess::columns(kind, self.header()),
            delimiter: self.delimiter.to_owned(),
            header_row: self.header_row,
            ..Mapping::default()
        }
    }
}

/// The kept map where the file has its columns: in its own row of its own delimiter, or where this file's header is.
fn refit(kept: Mapping, cuts: &[Cut], best: &Cut) -> Option<Mapping> {
    let own = cuts.iter().find(|cut| cut.delimiter == kept.delimiter);
    let own = own.and_then(|cut| cut.rows.get(kept.header_row.checked_sub(1)?));
    if own.is_some_and(|row| kept.fits(row)) {
        return Some(kept);
    }
    kept.fits(best.header()).then(|| Mapping {
        delimiter: best.delimiter.to_owned(),
        header_row: best.header_row,
        ..kept
    })
}
