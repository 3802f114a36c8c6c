//! The journal as a table: a line for each posting, as a spreadsheet shows it.

use shared::{
    day::{CHINA_OFFSET_MINUTES, Day, Timestamp},
    ledger::account::Account,
    money::Money,
};

use super::names::Names;
use crate::store::journal::JournalEntry;

/// What the columns are called.
pub(super) const COLUMNS: [&str; 13] = [
    "entry",
    "day",
    "received",
    "kind",
    "source",
    "reverses",
    "person",
    "account",
    "customer",
    "customer_name",
    "invoice",
    "debit",
    "credit",
];
/// The place of the first of the two columns of sums.
pub(super) const DEBIT: u16 = 11;

/// A posting with what its entry says.
pub(super) struct Line {
    /// The columns but the sums.
    pub(super) texts: [String; DEBIT as usize],
    /// The sum as debit or as credit.
    pub(super) sums: [Option<Money>; 2],
}

/// The lines of an entry.
pub(super) fn of(entry: &JournalEntry, names: &Names) -> Vec<Line> {
    let chained = &entry.chained;
    let line = |account: &Account, amount: Money| {
        let customer = account.customer().map(|id| names.customer(id));
        let (number, name) = customer.unwrap_or_default();
        let invoice = account.invoice().map(|id| names.invoice(id));
        let texts = [
            entry.number.to_string(),
            chained.entry.day.to_string(),
            clock(chained.received_at),
            chained.entry.kind.slug().to_owned(),
            chained.entry.source.code(),
            chained
                .entry
                .reverses
                .map(|id| id.to_string())
                .unwrap_or_default(),
            chained
                .person
                .map(|id| names.person(id))
                .unwrap_or_default()
                .to_owned(),
            names.of(account).to_owned(),
            number.to_owned(),
            name.to_owned(),
            invoice.unwrap_or_default().to_owned(),
        ];
        let sums = match amount.is_negative() {
            false => [Some(amount), None],
            true => [None, Some(amount.negated())],
        };
        Line { texts, sums }
    };
    let postings = chained.entry.postings.iter();
    postings.map(|p| line(&p.account, p.amount)).collect()
}

/// Day and time in China.
fn clock(at: Timestamp) -> String {
    let local = at.plus_ms(i64::from(CHINA_OFFSET_MINUTES) * 60_000);
    let seconds = local.0.rem_euclid(86_400_000) / 1_000;
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    let day = Day::of(at, CHINA_OFFSET_MINUTES);
    format!("{day} {hours:02}:{minutes:02}:{:02}", seconds % 60)
}
