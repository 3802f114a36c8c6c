//! CSV text → records, streaming, after RFC 4180 and its common dialects: any one-byte delimiter,
//! LF, CRLF or CR, quotes only where a field begins with one, doubled quotes inside, line breaks in
//! quoted fields.
//!
//! Invariants: a record's line is exactly the line of the file on which it begins, blank lines before
//! it counted; memory is bounded by [`RECORD_BYTES`] whatever the quotes do.

use std::io::{self, BufRead};

/// Bytes of one record.
pub const RECORD_BYTES: usize = 1 << 20;

/// One record.
#[derive(Debug, Default)]
pub struct Record {
    /// Line on which it begins, 1 being the first.
    pub line: u64,
    /// Its fields.
    pub cells: Vec<String>,
    /// The file ended inside a quoted field.
    pub unclosed: bool,
}

/// Why reading stopped.
#[derive(Debug)]
pub enum RecordError {
    /// The input failed.
    Io(io::Error),
    /// The record that begins on this line has more than [`RECORD_BYTES`].
    TooLong(u64),
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// After a quote inside a quoted field: its end, or half of a doubled quote.
    AfterQuote,
}

/// A reader of records over UTF-8 text.
pub struct Records<R> {
    input: R,
    delimiter: u8,
    /// Line of the next byte.
    line: u64,
    /// The last byte was CR: an LF now belongs to it.
    after_cr: bool,
}

impl<R: BufRead> Records<R> {
    /// Reads with a delimiter that is neither quote nor line break.
    pub fn new(input: R, delimiter: u8) -> Self {
        Self {
            input,
            delimiter,
            line: 1,
            after_cr: false,
        }
    }

    fn next_byte(&mut self) -> io::Result<Option<u8>> {
        let byte = self.input.fill_buf()?.first().copied();
        if byte.is_some() {
            self.input.consume(1);
        }
        Ok(byte)
    }

    /// The next record that is not an empty line; none at the end.
    pub fn read(&mut self) -> Result<Option<Record>, RecordError> {
        let mut record = Record {
            line: self.line,
            ..Record::default()
        };
        let mut field: Vec<u8> = Vec::new();
        let mut state = State::FieldStart;
        let mut bytes = 0;
        loop {
            let byte = self.next_byte().map_err(RecordError::Io)?;
            let lf_of_crlf =
                std::mem::replace(&mut self.after_cr, byte == Some(b'\r')) && byte == Some(b'\n');
            let breaks = matches!(byte, Some(b'\r' | b'\n')) && !lf_of_crlf;
            self.line += u64::from(breaks);
            bytes += 1;
            if bytes > RECORD_BYTES {
                return Err(RecordError::TooLong(record.line));
            }
            match (state, byte) {
                (State::Quoted, Some(b'"')) => state = State::AfterQuote,
                (State::Quoted, Some(b)) => field.push(b),
                // The break was taken with its CR; the next record begins here.
                (_, Some(b'\n')) if lf_of_crlf => record.line = self.line,
                (State::AfterQuote, Some(b'"')) => {
                    field.push(b'"');
                    state = State::Quoted;
                }
                (_, Some(b)) if b == self.delimiter => {
                    record.cells.push(text(&mut field));
                    state = State::FieldStart;
                }
                (State::FieldStart, Some(b'\r' | b'\n')) if record.cells.is_empty() => {
                    (record.line, bytes) = (self.line, 0);
                }
                (State::FieldStart, None) if record.cells.is_empty() => return Ok(None),
                (_, Some(b'\r' | b'\n') | None) => {
                    record.unclosed = state == State::Quoted;
                    record.cells.push(text(&mut field));
                    return Ok(Some(record));
                }
                (State::FieldStart, Some(b'"')) => state = State::Quoted,
                (_, Some(b)) => {
                    field.push(b);
                    state = State::Plain;
                }
            }
        }
    }
}

/// The decoder lets only UTF-8 through, and no delimiter cuts a character.
fn text(field: &mut Vec<u8>) -> String {
    let text = String::from_utf8_lossy(field).into_owned();
    field.clear();
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read_all(text: &str) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(text.as_bytes(), b',');
        std::iter::from_fn(|| records.read().unwrap())
            .map(|r| (r.line, r.cells))
            .collect()
    }

    #[test]
    fn lines_are_counted_through_blank_lines_and_quoted_breaks() {
        let check = |text: &str, expected: &[(u64, &[&str])]| {
            let expected: Vec<(u64, Vec<String>)> = expected
                .iter()
                .map(|(line, cells)| (*line, cells.iter().map(|c| (*c).to_owned()).collect()))
                .collect();
            assert_eq!(read_all(text), expected, "{text:?}");
        };
        check("", &[]);
        check("\n\r\n\r", &[]);
        check("a,b\n1,2\n", &[(1, &["a", "b"]), (2, &["1", "2"])]);
        check("a\r\n\r\n\r\nb", &[(1, &["a"]), (4, &["b"])]);
        check("a\rb\r\rc", &[(1, &["a"]), (2, &["b"]), (4, &["c"])]);
        check("\"x\r\ny\",1\r\nb", &[(1, &["x\r\ny", "1"]), (3, &["b"])]);
        check("\"a \"\"b\"\"\",c", &[(1, &["a \"b\"", "c"])]);
        check("a\"b,\"c\"d", &[(1, &["a\"b", "cd"])]);
        check(",\n", &[(1, &["", ""])]);
        check("\"\"\n", &[(1, &[""])]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_said_so_and_bounded() {
        let mut records = Records::new("a,\"b\nc".as_bytes(), b',');
        assert!(records.read().unwrap().unwrap().unclosed);
        let long = format!("ok\n\"{}", "x".repeat(RECORD_BYTES));
        let mut records = Records::new(long.as_bytes(), b',');
        records.read().unwrap();
        assert!(matches!(records.read(), Err(RecordError::TooLong(2))));
    }

    proptest! {
        #[test]
        fn well_formed_files_read_as_another_reader_reads_them(
            rows in prop::collection::vec(prop::collection::vec("[a-c,\"\n\r 五]{0,6}", 2..4), 0..6),
        ) {
            let quote = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
            let text: String = rows.iter().map(|r| r.iter().map(quote).collect::<Vec<_>>().join(",") + "\r\n").collect();
            let mut other = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let expected: Vec<Vec<String>> =
                other.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
            let ours: Vec<Vec<String>> = read_all(&text).into_iter().map(|(_, cells)| cells).collect();
            prop_assert_eq!(ours, expected);
        }
    }
}
