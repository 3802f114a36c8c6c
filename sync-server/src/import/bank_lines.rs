//! Lines of a bank statement: rows → what the matcher reads. Nothing is written.

use shared::ledger::{bank_match::BankLine, command::BANK_LINE_CHARS};

use super::{
    map::ColumnMap,
    report::BadRow,
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
        day: rows::day(row, "day", map)?,
        amount: sum.money,
        payer: tidy_name(row.bounded("payer", TEXT_CHARS)?),
        text: tidy_name(row.bounded("text", TEXT_CHARS)?),
    })
}
