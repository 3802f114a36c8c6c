//! A CSV file as rows of named fields: header, quotes, short and blank rows, limits, filters.
//!
//! Invariant: every row either comes out with text in all its mapped fields (perhaps empty), or as
//! a bad row that names its line, its column and its reason.

use std::{
    io::{BufRead, BufReader, Read, Seek, SeekFrom},
    sync::Arc,
};

use super::{
    Kind,
    decode::{self, DecodingReader, Detected},
    error::ImportError,
    map::{ColumnMap, Field, SkipRule},
    records::{RECORD_BYTES, Record, RecordError, Records},
    report::{BadRow, Reason},
};

/// Bytes of an import file.
pub const FILE_BYTES: u64 = 256 << 20;
/// Rows of an import file.
pub const FILE_ROWS: u64 = 1_000_000;
/// Characters of a field that the map uses.
pub const FIELD_CHARS: usize = 1_000;
/// Columns of a file.
pub const FILE_COLUMNS: usize = 1_000;

/// Where a field stands in this file.
#[derive(Clone, Debug)]
struct Place {
    /// Index of the column; none for a constant.
    index: Option<usize>,
    /// Name for messages.
    label: String,
    /// Text where the column is empty.
    default: String,
}

/// Names of the mapped fields and of the columns they stand in.
pub type Labels = Arc<Vec<(&'static str, String)>>;

/// The field name under which the currency column goes.
pub const CURRENCY: &str = "currency";

/// One row: its line and the text of each mapped field.
#[derive(Clone, Debug)]
pub struct Row {
    /// Line of the file on which it begins.
    pub line: u64,
    labels: Labels,
    texts: Vec<String>,
}

impl Row {
    /// Text of a field; empty if the map does not have it.
    pub fn text(&self, field: &str) -> &str {
        let place = self.labels.iter().position(|(name, _)| *name == field);
        place
            .and_then(|i| self.texts.get(i))
            .map_or("", String::as_str)
    }

    /// Does the map say where this field stands?
    pub fn has(&self, field: &str) -> bool {
        self.labels.iter().any(|(name, _)| *name == field)
    }

    /// Text of a field of at most so many characters.
    pub fn bounded(&self, field: &str, max_chars: usize) -> Result<&str, BadRow> {
        match self.text(field) {
            text if text.chars().count() > max_chars => Err(self.bad(field, Reason::TooLong)),
            text => Ok(text),
        }
    }

    /// Text of a field that must not be empty.
    pub fn required(&self, field: &str, max_chars: usize) -> Result<&str, BadRow> {
        match self.bounded(field, max_chars)? {
            "" => Err(self.bad(field, Reason::Missing)),
            text => Ok(text),
        }
    }

    /// This row is bad because of that field.
    pub fn bad(&self, field: &str, reason: Reason) -> BadRow {
        BadRow::new(
            self.line,
            label(&self.labels, field),
            self.text(field),
            reason,
        )
    }
}

/// The column in which a field stands, for messages.
pub fn label(labels: &Labels, field: &str) -> String {
    let found = labels.iter().find(|(name, _)| *name == field);
    found.map_or_else(|| field.to_owned(), |(_, label)| label.clone())
}

/// What comes next in the file.
pub enum Next {
    /// A row.
    Row(Row),
    /// A row that can't be read, with the text of its amount if that can.
    Bad(BadRow, String),
    /// Nothing in the row.
    Blank,
    /// Left out by the map.
    Skipped,
}

/// An open file.
pub struct Table<R> {
    records: Records<BufReader<DecodingReader<R>>>,
    places: Vec<(&'static str, Place)>,
    labels: Labels,
    skips: Vec<(usize, SkipRule)>,
    needed_columns: usize,
    header_columns: Option<usize>,
    rows: u64,
    most_rows: u64,
    detected: Detected,
}

impl<R: Read + Seek> Table<R> {
    /// Opens a file by its map: finds the encoding, reads the header, finds the columns.
    pub fn open(mut input: R, map: &ColumnMap, kind: Kind) -> Result<Self, ImportError> {
        let read = |e: std::io::Error| ImportError::Read {
            path: "the file".to_owned(),
            reason: e.to_string(),
        };
        let size = input.seek(SeekFrom::End(0)).map_err(read)?;
        if size > FILE_BYTES {
            return Err(ImportError::TooLarge(format!(
                "{size} bytes, at most {FILE_BYTES}"
            )));
        }
        let detected = decode::detect(&mut input, map.encoding).map_err(read)?;
        let text = decode::open(input, detected).map_err(read)?;
        let mut records = Records::new(BufReader::new(text), map.delimiter_byte()?);
        let header = read_header(&mut records, map)?;
        let place = |field: &Field| Place::find(field, header.as_deref());
        let mut places = Vec::new();
        for (name, _) in kind.fields() {
            if let Some(field) = map.columns.get(*name) {
                places.push((*name, place(field)?));
            }
        }
        if let Some(field) = &map.currency.column {
            places.push((CURRENCY, place(field)?));
        }
        let labels = Arc::new(
            places
                .iter()
                .map(|(name, p)| (*name, p.label.clone()))
                .collect(),
        );
        let mut skips = Vec::new();
        for rule in &map.skip {
            if let Some(index) = place(&rule.column)?.index {
                skips.push((index, rule.clone()));
            }
        }
        let needed_columns = places
            .iter()
            .filter_map(|(_, p)| p.index)
            .max()
            .map_or(0, |i| i + 1);
        Ok(Self {
            records,
            places,
            labels,
            skips,
            needed_columns,
            header_columns: header.map(|h| h.len()),
            rows: 0,
            most_rows: FILE_ROWS,
            detected,
        })
    }

    /// Reads so many rows at most.
    pub fn at_most(self, rows: u64) -> Self {
        Self {
            most_rows: rows.min(FILE_ROWS),
            ..self
        }
    }

    /// The encoding that the file is read in.
    pub fn encoding(&self) -> &'static str {
        self.detected.name()
    }

    /// Columns of the mapped fields, for messages.
    pub fn labels(&self) -> Labels {
        self.labels.clone()
    }

    /// The next row, or none at the end.
    pub fn read_next(&mut self) -> Result<Option<Next>, ImportError> {
        let Some(record) = self.records.read().map_err(read_error)? else {
            return Ok(None);
        };
        self.rows += 1;
        if self.rows > self.most_rows {
            return Err(ImportError::TooLarge(format!(
                "more than {} rows",
                self.most_rows
            )));
        }
        Ok(Some(self.judge(&record)))
    }

    fn judge(&self, record: &Record) -> Next {
        let cells = &record.cells;
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return Next::Blank;
        }
        let cell = |index: usize| cells.get(index).map_or("", |c| c.trim());
        if self
            .skips
            .iter()
            .any(|(index, rule)| rule.applies(cell(*index)))
        {
            return Next::Skipped;
        }
        let line = record.line;
        let bad = |label: &str, text: &str, reason| {
            let amount = self.places.iter().find(|(name, _)| *name == "amount");
            let amount = amount.and_then(|(_, p)| p.index).map_or("", cell);
            Next::Bad(BadRow::new(line, label, text, reason), amount.to_owned())
        };
        if record.unclosed {
            let last = cells.last().map_or("", String::as_str);
            return bad("(row)", last, Reason::QuoteUnclosed);
        }
        if cells.len() < self.needed_columns {
            return bad(
                "(row)",
                &format!("{} columns", cells.len()),
                Reason::ShortRow,
            );
        }
        if let Some(columns) = self.header_columns
            && (columns..cells.len()).any(|extra| !cell(extra).is_empty())
        {
            return bad(
                "(row)",
                &format!("{} columns", cells.len()),
                Reason::LongRow,
            );
        }
        let mut texts = Vec::with_capacity(self.places.len());
        for (_, place) in &self.places {
            match place.read(&cell) {
                Ok(text) => texts.push(text),
                Err((text, reason)) => return bad(&place.label, &text, reason),
            }
        }
        Next::Row(Row {
            line,
            labels: self.labels.clone(),
            texts,
        })
    }
}

fn read_error(error: RecordError) -> ImportError {
    match error {
        RecordError::Io(e) => ImportError::Read {
            path: "the file".to_owned(),
            reason: e.to_string(),
        },
        RecordError::TooLong(line) => ImportError::TooLarge(format!(
            "the row that begins on line {line} has more than {RECORD_BYTES} bytes; perhaps a quote is not closed"
        )),
    }
}

fn read_header(
    records: &mut Records<impl BufRead>,
    map: &ColumnMap,
) -> Result<Option<Vec<String>>, ImportError> {
    if !map.header {
        return Ok(None);
    }
    for _ in 1..map.header_row {
        records.read().map_err(read_error)?;
    }
    let Some(record) = records.read().map_err(read_error)? else {
        return Err(ImportError::Empty);
    };
    if record.cells.len() > FILE_COLUMNS {
        let columns = record.cells.len();
        return Err(ImportError::TooLarge(format!(
            "{columns} columns, at most {FILE_COLUMNS}"
        )));
    }
    Ok(Some(
        record.cells.iter().map(|c| c.trim().to_owned()).collect(),
    ))
}

impl Place {
    fn find(field: &Field, header: Option<&[String]>) -> Result<Self, ImportError> {
        let full = match field {
            Field::Column(name) => super::map::FullField {
                column: Some(name.clone()),
                ..Default::default()
            },
            Field::Index(index) => super::map::FullField {
                index: Some(*index),
                ..Default::default()
            },
            Field::Full(full) => full.clone(),
        };
        let default = full.default.unwrap_or_default();
        let (index, label) = match (full.column, full.index) {
            (Some(_), Some(_)) => {
                return Err(ImportError::Map(
                    "a field has both column and index: give one".to_owned(),
                ));
            }
            (Some(name), None) => (Some(by_name(&name, header)?), name),
            (None, Some(0)) => {
                return Err(ImportError::Map(
                    "index = 0: the first column is 1".to_owned(),
                ));
            }
            (None, Some(n)) if n > FILE_COLUMNS => {
                return Err(ImportError::Map(format!(
                    "index = {n}: at most {FILE_COLUMNS}"
                )));
            }
            (None, Some(n)) => {
                let name = header
                    .and_then(|h| h.get(n - 1))
                    .filter(|name| !name.is_empty());
                (
                    Some(n - 1),
                    name.map_or_else(|| format!("#{n}"), |name| name.clone()),
                )
            }
            (None, None) => (None, "(default)".to_owned()),
        };
        Ok(Self {
            index,
            label,
            default,
        })
    }

    /// The field's text, or the text and what is wrong with it.
    fn read<'a>(&self, cell: &impl Fn(usize) -> &'a str) -> Result<String, (String, Reason)> {
        let text = self.index.map_or("", cell);
        let wrong = if text.chars().take(FIELD_CHARS + 1).count() > FIELD_CHARS {
            Some(Reason::TooLong)
        } else if text.contains('\u{fffd}') {
            Some(Reason::Encoding)
        } else if text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n'))
        {
            Some(Reason::ControlCharacter)
        } else {
            None
        };
        match wrong {
            Some(reason) => Err((text.chars().take(FIELD_CHARS).collect(), reason)),
            None if text.is_empty() => Ok(self.default.clone()),
            None => Ok(one_line(text)),
        }
    }
}

/// Line breaks and tabs inside a quoted field become blanks.
fn one_line(text: &str) -> String {
    text.replace(['\r', '\n', '\t'], " ")
}

fn by_name(name: &str, header: Option<&[String]>) -> Result<usize, ImportError> {
    let Some(header) = header else {
        return Err(ImportError::Map(format!(
            "header = false, but the map names the column {name:?}: give its place"
        )));
    };
    let mut found = header
        .iter()
        .enumerate()
        .filter(|(_, h)| h.as_str() == name.trim());
    match (found.next(), found.next()) {
        (Some((index, _)), None) => Ok(index),
        (Some(_), Some(_)) => Err(ImportError::ColumnTwice(name.to_owned())),
        (None, _) => Err(ImportError::NoSuchColumn {
            column: name.to_owned(),
            header: header
                .iter()
                .take(40)
                .cloned()
                .collect::<Vec<_>>()
                .join(", "),
        }),
    }
}

impl SkipRule {
    fn applies(&self, text: &str) -> bool {
        self.empty.is_some_and(|empty| empty == text.is_empty())
            || self.equals.iter().any(|e| e == text)
    }
}
