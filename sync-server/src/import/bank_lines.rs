//! Lines of a bank statement: rows → what the matcher reads. Nothing is written.

use shared::{
    day::Day,
    ledger::{bank_match::BankLine, command::BANK_LINE_CHARS},
};

use super::{
    date::read_day,
    map::ColumnMap,
    report::{BadRow, Reason},
    rows::{self, tidy_name},
    table::Row,
};

/// Characters of a payer's name or of a remark at most.
const TEXT_CHARS: usize = 500;

pub(super) fn read(row: &Row, map: &ColumnMap, currency: &str) -> Result<BankLine, BadRow> {
    rows::check_currency(row, map, currency)?;
    // What went out stands in a statement, too.
    let mut style = map.amount.clone();
    (style.zero, style.negative) = (true, true);
    let text = row.required("amount", TEXT_CHARS)?;
    let sum = style
        .read(text)
        .map_err(|reason| row.bad("amount", reason))?;
    Ok(BankLine {
        reference: row
            .required("number", BANK_LINE_CHARS - "bank:".len())?
            .to_owned(),
        day: booking_day(row, map)?,
        amount: sum.money,
        payer: tidy_name(row.bounded("payer", TEXT_CHARS)?),
        text: tidy_name(row.bounded("text", TEXT_CHARS)?),
    })
}

/// The booking day; a time of day behind it is left aside: `2026-11-21 14:03:22`, `20261121140322`.
fn booking_day(row: &Row, map: &ColumnMap) -> Result<Day, BadRow> {
    let text = row.required("day", TEXT_CHARS)?;
    let first = text.split([' ', 'T']).next().unwrap_or_default();
    let in_digits = match first.len() {
        14 if first.bytes().all(|b| b.is_ascii_digit()) => first.get(..8),
        _ => None,
    };
    [Some(text), Some(first), in_digits]
        .into_iter()
        .flatten()
        .find_map(|text| read_day(text, &map.dates))
        .ok_or_else(|| row.bad("day", Reason::DateInvalid))
}
