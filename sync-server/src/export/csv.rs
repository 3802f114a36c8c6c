//! The journal as CSV: UTF-8 with its mark (so that spreadsheets read Chinese), a line for each posting.

use std::io::Write;

use super::{
    ExportError,
    lines::{self, COLUMNS, Line},
    names::{Alphabet, Names},
};
use crate::store::{Connection, company::Company, journal};

pub(super) fn write(
    conn: &Connection,
    _company: &Company,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let names = Names::load(conn, Alphabet::Plain)?;
    write!(out, "\u{feff}{}\r\n", COLUMNS.join(","))?;
    journal::each_by_day(conn, |entry| -> Result<(), ExportError> {
        for line in lines::of(&entry, &names) {
            write!(out, "{}\r\n", row(&line))?;
        }
        Ok(())
    })?;
    Ok(())
}

fn row(line: &Line) -> String {
    let texts = line.texts.iter().map(|text| field(text));
    let sums = line
        .sums
        .iter()
        .map(|sum| sum.map(|sum| sum.to_string()).unwrap_or_default());
    texts.chain(sums).collect::<Vec<_>>().join(",")
}

/// Quoted where it has to be; a text that a spreadsheet would take for a formula is marked as text.
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = match formula {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn no_text_breaks_its_line_or_becomes_a_formula() {
        for (text, expected) in [
            ("鑫源五金", "鑫源五金"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1+1", "'=1+1"),
            ("-5", "'-5"),
        ] {
            assert_eq!(field(text), expected);
        }
    }
}
