//! A journal for beancount (<https://beancount.github.io/docs/beancount_language_syntax.html>).

use std::io::Write;

use shared::day::Day;

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
    let names = Names::load(conn, Alphabet::Beancount)?;
    let currency = &company.currency;
    writeln!(out, "option \"title\" {}", quoted(&company.name))?;
    writeln!(out, "option \"operating_currency\" \"{currency}\"")?;
    // Nothing is rounded: to the cent.
    writeln!(
        out,
        "option \"inferred_tolerance_default\" \"{currency}:0\"\n"
    )?;
    let mut last: Option<Day> = None;
    journal::each_by_day(conn, |found| -> Result<(), ExportError> {
        let day = found.chained.entry.day;
        if last.is_none() {
            for name in names.balances().keys() {
                writeln!(out, "{day} open {name} {currency}")?;
            }
        }
        last = Some(day);
        entry(&found, &names, currency, out)
    })?;
    if let Some(day) = last {
        writeln!(out)?;
        // As of the morning: what was posted on the last day is in it the day after.
        let day = day.plus_days(1);
        for (name, balance) in names.balances() {
            writeln!(out, "{day} balance {name}  {balance} ~ 0.00 {currency}")?;
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
    let payee = entry
        .postings
        .iter()
        .find_map(|posting| posting.account.customer())
        .map(|id| quoted(names.customer(id).1) + " ");
    writeln!(
        out,
        "\n{} * {}\"{}\"",
        entry.day,
        payee.unwrap_or_default(),
        entry.kind.slug()
    )?;
    writeln!(out, "  number: {}", found.number)?;
    writeln!(out, "  source: \"{}\"", entry.source.code())?;
    if let Some(person) = found.chained.person {
        writeln!(out, "  person: {}", quoted(names.person(person)))?;
    }
    for posting in &entry.postings {
        let name = names.of(&posting.account);
        writeln!(out, "  {name}  {} {currency}", posting.amount)?;
    }
    Ok(())
}

fn quoted(text: &str) -> String {
    let plain = |c: char| match c {
        '"' => '”',
        '\\' => '＼',
        c if c.is_control() => ' ',
        c => c,
    };
    format!("\"{}\"", text.chars().map(plain).collect::<String>())
}
