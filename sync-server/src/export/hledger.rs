//! A journal for hledger (<https://hledger.org/hledger.html>).

use std::io::Write;

use super::{
    ExportError,
    names::{Alphabet, Names},
};
use crate::store::{
    Connection,
    company::Company,
    journal::{self, JournalEntry},
};

pub(super) fn write(
    conn: &Connection,
    company: &Company,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let names = Names::load(conn, Alphabet::Hledger)?;
    let currency = &company.currency;
    writeln!(out, "; {}", one_line(&company.name))?;
    writeln!(out, "commodity {currency} 1000.00\n")?;
    for name in names.balances().keys() {
        writeln!(out, "account {name}")?;
    }
    let mut last = None;
    journal::each_by_day(conn, |found| -> Result<(), ExportError> {
        last = Some(found.chained.entry.day);
        entry(&found, &names, currency, out)
    })?;
    if let Some(day) = last {
        writeln!(out, "\n{day} balances of the ledger")?;
        for (name, balance) in names.balances() {
            writeln!(out, "    {name}    {currency} 0.00 = {currency} {balance}")?;
        }
    }
    Ok(())
}

fn entry(
    found: &JournalEntry,
    names: &Names,
    currency: &str,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let entry = &found.chained.entry;
    writeln!(
        out,
        "\n{} ({}) {}  ; source: {}",
        entry.day,
        found.number,
        entry.kind.slug(),
        entry.source.code()
    )?;
    if let Some(person) = found.chained.person {
        writeln!(out, "    ; person: {}", one_line(names.person(person)))?;
    }
    for posting in &entry.postings {
        let name = names.of(&posting.account);
        write!(out, "    {name}    {currency} {}", posting.amount)?;
        match posting.account.customer() {
            Some(id) => writeln!(out, "  ; customer: {}", one_line(names.customer(id).1))?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}

/// A comment ends with its line, a tag with a comma; a day in square brackets would be a posting's.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if c.is_control() => ' ',
            ',' => '，',
            '[' => '［',
            ']' => '］',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn a_name_in_a_comment_stays_a_name() {
        for (name, expected) in [
            ("东方[2026-01-01]超市", "东方［2026-01-01］超市"),
            ("a, b: c\n; d", "a， b: c ; d"),
        ] {
            assert_eq!(one_line(name), expected);
        }
    }
}
