//! The journal: double entry, append only, chained. Posting an entry also moves the sums kept beside
//! it (balance of an account, settled of an invoice, on account, cash in a person's hands), in the same transaction.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row, params};
use shared::{
    day::{Day, Timestamp},
    ids::{Digest, PersonId},
    ledger::{
        account::Account,
        chain::{self, ChainError, ChainedEntry},
        entry::{Entry, EntryKind, LedgerError, Posting, Source},
    },
    money::Money,
    planted::{self, Bug},
};

use super::{
    StoreError, WriteTx,
    sql::{self, BlobId},
    write::Dirty,
};

impl From<LedgerError> for StoreError {
    fn from(error: LedgerError) -> Self {
        Self::Ledger {
            code: error.code(),
            detail: error.to_string(),
        }
    }
}

/// An entry with its place in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalEntry {
    /// 1, 2, 3 … without gaps.
    pub number: u64,
    /// The entry and its link.
    pub chained: ChainedEntry,
}

/// Posts an entry. False if the journal holds the same fact already; an error if it holds another
/// fact under the same source.
pub fn post(
    tx: &mut WriteTx<'_>,
    entry: &Entry,
    person: Option<PersonId>,
    received_at: Timestamp,
) -> Result<bool, StoreError> {
    entry.validate()?;
    if let Some(known) = by_id(tx, entry.id)? {
        known.chained.entry.check_replay(entry)?;
        return Ok(false);
    }
    let last = tail(tx)?;
    let number = last.map_or(0, |(number, _)| number) + 1;
    let hash = chain::link(last.map(|(_, hash)| hash), entry, person, received_at);
    for (line, posting) in (0i64..).zip(&entry.postings) {
        insert_posting(tx, number, line, posting)?;
    }
    tx.prepare_cached(
        "INSERT INTO journal_entry (number, id, kind, source, document, day, received_at, person, reverses, chain)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?
    .execute(params![
        sql::int(number),
        entry.id.0,
        entry.kind.slug(),
        serde_json::to_string(&entry.source)?,
        entry.source.receipt().as_ref().map(BlobId::blob),
        entry.day.number(),
        received_at.0,
        person.as_ref().map(BlobId::blob),
        entry.reverses.map(|id| id.0),
        hash.0
    ])?;
    for posting in &entry.postings {
        move_sums(tx, entry.kind, posting)?;
        if planted::is(Bug::SumTwice) && entry.kind == EntryKind::Void {
            move_sums(tx, entry.kind, posting)?;
        }
    }
    if planted::is(Bug::PostTwice) && entry.kind == EntryKind::Receipt && number % 4 == 0 {
        post_again(tx, number, entry)?;
    }
    if planted::is(Bug::CountTwice) && entry.kind == EntryKind::HandIn {
        post_again(tx, number, entry)?;
    }
    Ok(true)
}

/// As [`post`], for a record that has a day of its own: it is noted if the entry lies later.
pub(crate) fn post_own(
    tx: &mut WriteTx<'_>,
    entry: &Entry,
    person: Option<PersonId>,
    received_at: Timestamp,
    own_day: Day,
) -> Result<(), StoreError> {
    if post(tx, entry, person, received_at)? && entry.day > own_day {
        let number = tail(tx)?.map_or(0, |(number, _)| number);
        super::facts::note_late(tx, number, own_day)?;
    }
    Ok(())
}

/// For a planted bug: the same entry under another id.
fn post_again(tx: &WriteTx<'_>, number: u64, entry: &Entry) -> Result<(), StoreError> {
    let next = number + 1;
    for (line, posting) in (0i64..).zip(&entry.postings) {
        insert_posting(tx, next, line, posting)?;
    }
    tx.execute(
        "INSERT INTO journal_entry SELECT ?2, randomblob(32), kind, source, document, day, received_at,
           person, reverses, chain FROM journal_entry WHERE number = ?1",
        params![sql::int(number), sql::int(next)],
    )?;
    Ok(())
}

fn insert_posting(
    tx: &WriteTx<'_>,
    number: u64,
    line: i64,
    posting: &Posting,
) -> Result<(), StoreError> {
    let account = posting.account;
    tx.prepare_cached(
        "INSERT INTO posting (entry, line, account, customer, invoice, person, amount)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        sql::int(number),
        line,
        account.code(),
        account.customer().as_ref().map(BlobId::blob),
        account.invoice().as_ref().map(BlobId::blob),
        account.person().as_ref().map(BlobId::blob),
        posting.amount.fen()
    ])?;
    Ok(())
}

/// The name under which receivables of all customers have one balance.
const RECEIVABLE: &str = "Assets:Receivable";

fn move_sums(tx: &mut WriteTx<'_>, kind: EntryKind, posting: &Posting) -> Result<(), StoreError> {
    let fen = posting.amount.fen();
    let name = match posting.account {
        Account::Receivable { .. } => RECEIVABLE.to_owned(),
        account => account.code(),
    };
    tx.prepare_cached(
        "INSERT INTO account_balance (account, balance) VALUES (?1, ?2)
         ON CONFLICT (account) DO UPDATE SET balance = balance + ?2",
    )?
    .execute(params![name, fen])?;
    let touched = match posting.account {
        Account::Receivable {
            customer,
            invoice: Some(invoice),
        } => {
            tx.mark(Dirty::Invoice(invoice));
            if kind == EntryKind::Invoice {
                return Ok(());
            }
            tx.mark(Dirty::Promises(customer));
            tx.prepare_cached("UPDATE invoice SET settled = settled - ?2 WHERE id = ?1")?
                .execute(params![invoice.blob(), fen])?
        }
        Account::Receivable {
            customer,
            invoice: None,
        } => {
            tx.mark(Dirty::Account(customer));
            tx.mark(Dirty::Promises(customer));
            tx.prepare_cached("UPDATE customer SET on_account = on_account - ?2 WHERE id = ?1")?
                .execute(params![customer.blob(), fen])?
        }
        Account::FieldCash(person) => {
            tx.mark(Dirty::FieldCash(person));
            tx.prepare_cached(
                "INSERT INTO field_cash (person, cash, cheques) VALUES (?1, ?2, 0)
                 ON CONFLICT (person) DO UPDATE SET cash = cash + ?2",
            )?
            .execute(params![person.blob(), fen])?
        }
        Account::FieldCheques(person) => {
            tx.mark(Dirty::FieldCash(person));
            tx.prepare_cached(
                "INSERT INTO field_cash (person, cash, cheques) VALUES (?1, 0, ?2)
                 ON CONFLICT (person) DO UPDATE SET cheques = cheques + ?2",
            )?
            .execute(params![person.blob(), fen])?
        }
        _ => return Ok(()),
    };
    match touched {
        1 => Ok(()),
        _ => Err(StoreError::NotFound("account to post on")),
    }
}

fn tail(conn: &Connection) -> Result<Option<(u64, Digest)>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT number, chain FROM journal_entry ORDER BY number DESC LIMIT 1")?
        .query_row([], |row| Ok((sql::uint(row, 0)?, sql::id(row, 1)?)))
        .optional()?)
}

const COLUMNS: &str = "number, id, kind, source, day, received_at, person, reverses, chain";

fn read(conn: &Connection, row: &Row<'_>) -> Result<JournalEntry, StoreError> {
    let number = sql::uint(row, 0)?;
    let source: Source = serde_json::from_str(&row.get::<_, String>(3)?)?;
    Ok(JournalEntry {
        number,
        chained: ChainedEntry {
            entry: Entry {
                id: sql::id(row, 1)?,
                kind: EntryKind::from_slug(&row.get::<_, String>(2)?),
                source,
                day: sql::day(row, 4)?,
                postings: postings(conn, number)?,
                reverses: sql::opt_id(row, 7)?,
            },
            person: sql::opt_id(row, 6)?,
            received_at: Timestamp(row.get(5)?),
            hash: sql::id(row, 8)?,
        },
    })
}

fn postings(conn: &Connection, number: u64) -> Result<Vec<Posting>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT account, amount FROM posting WHERE entry = ?1 ORDER BY line")?;
    let mut rows = statement.query([sql::int(number)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let account = Account::parse(&row.get::<_, String>(0)?)
            .map_err(|e| StoreError::Damaged(e.to_string()))?;
        found.push(Posting {
            account,
            amount: sql::money(row, 1)?,
        });
    }
    Ok(found)
}

/// The entry with an id.
pub fn by_id(conn: &Connection, id: Digest) -> Result<Option<JournalEntry>, StoreError> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM journal_entry WHERE id = ?1"
    ))?;
    let mut rows = statement.query([id.0])?;
    rows.next()?.map(|row| read(conn, row)).transpose()
}

/// Entries after a number, of one customer or of all, at most `limit`.
pub fn entries(
    conn: &Connection,
    customer: Option<shared::ids::CustomerId>,
    after: u64,
    limit: u32,
) -> Result<Vec<JournalEntry>, StoreError> {
    let filter = match customer {
        Some(_) => "AND number IN (SELECT entry FROM posting WHERE customer = ?3)",
        None => "AND ?3 IS NULL",
    };
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM journal_entry WHERE number > ?1 {filter} ORDER BY number LIMIT ?2"
    ))?;
    let mut rows = statement.query(params![
        sql::int(after),
        limit,
        customer.as_ref().map(BlobId::blob)
    ])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(conn, row)?);
    }
    Ok(found)
}

/// Which entries of the journal.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Of this customer.
    pub customer: Option<shared::ids::CustomerId>,
    /// On this day or later.
    pub from: Option<Day>,
    /// On this day or earlier.
    pub to: Option<Day>,
    /// Of this kind.
    pub kind: Option<EntryKind>,
    /// Before this number of the journal.
    pub before: Option<u64>,
}

/// Entries by filters, the newest first, at most `limit`.
pub fn search(
    conn: &Connection,
    wanted: &Wanted,
    limit: u32,
) -> Result<Vec<JournalEntry>, StoreError> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM journal_entry
         WHERE (?1 IS NULL OR number IN (SELECT entry FROM posting WHERE customer = ?1))
           AND (?2 IS NULL OR day >= ?2) AND (?3 IS NULL OR day <= ?3) AND (?4 IS NULL OR kind = ?4)
           AND (?5 IS NULL OR number < ?5) ORDER BY number DESC LIMIT ?6"
    ))?;
    let mut rows = statement.query(params![
        wanted.customer.as_ref().map(BlobId::blob),
        wanted.from.map(Day::number),
        wanted.to.map(Day::number),
        wanted.kind.map(EntryKind::slug),
        wanted.before.map(sql::int),
        limit
    ])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(conn, row)?);
    }
    Ok(found)
}

/// How the hash chain stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainState {
    /// Entries in the journal.
    pub entries: u64,
    /// Hash of the newest.
    pub head: Option<Digest>,
    /// How many of the newest were checked; none if the chain is broken among them.
    pub checked: Option<u64>,
}

/// How many entries there are and the hash of the newest, after the chain of the last `count` was checked.
pub fn chain_state(conn: &Connection, count: u64) -> Result<ChainState, StoreError> {
    let last = tail(conn)?;
    let entries = last.map_or(0, |(number, _)| number);
    let checked = match verify_from(conn, entries.saturating_sub(count)) {
        Ok(checked) => Some(checked),
        Err(StoreError::ChainBroken { .. }) => None,
        Err(error) => return Err(error),
    };
    Ok(ChainState {
        entries,
        head: last.map(|(_, hash)| hash),
        checked,
    })
}

/// Gives every entry, in the order of business days.
pub fn each_by_day<E: From<StoreError>>(
    conn: &Connection,
    mut take: impl FnMut(JournalEntry) -> Result<(), E>,
) -> Result<(), E> {
    let sql = format!("SELECT {COLUMNS} FROM journal_entry ORDER BY day, number");
    let mut statement = conn.prepare(&sql).map_err(StoreError::from)?;
    let mut rows = statement.query([]).map_err(StoreError::from)?;
    while let Some(row) = rows.next().map_err(StoreError::from)? {
        take(read(conn, row)?)?;
    }
    Ok(())
}

/// Balances of all accounts on which something was posted.
pub fn balances_by_account(conn: &Connection) -> Result<BTreeMap<Account, Money>, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT account, SUM(amount) FROM posting GROUP BY account")?;
    let mut rows = statement.query([])?;
    let mut balances = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let account = Account::parse(&row.get::<_, String>(0)?)
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
        balances.insert(account, sql::money(row, 1)?);
    }
    Ok(balances)
}

/// Checks the chain of the last entries.
pub(crate) fn verify_tail(conn: &Connection, count: u64) -> Result<(), StoreError> {
    let newest = tail(conn)?.map_or(0, |(number, _)| number);
    verify_from(conn, newest.saturating_sub(count)).map(|_| ())
}

/// Checks the chain, the numbers and every entry's form from the entry after `from` to the end, and
/// gives how many there are.
pub(crate) fn verify_from(conn: &Connection, from: u64) -> Result<u64, StoreError> {
    let mut previous: Option<Digest> = conn
        .prepare_cached("SELECT chain FROM journal_entry WHERE number = ?1")?
        .query_row([sql::int(from)], |row| sql::id(row, 0))
        .optional()?;
    let mut number = from;
    loop {
        let page = entries(conn, None, number, 1_000)?;
        if page.is_empty() {
            return Ok(number - from);
        }
        for entry in &page {
            number += 1;
            if entry.number != number {
                return Err(StoreError::ChainBroken {
                    what: "journal",
                    at: number,
                });
            }
        }
        let first = number + 1 - page.len() as u64;
        previous = chain::verify(previous, page.into_iter().map(|e| e.chained)).map_err(|e| {
            let (ChainError::Broken { position, .. } | ChainError::BadEntry { position, .. }) = e;
            StoreError::ChainBroken {
                what: "journal",
                at: first + position,
            }
        })?;
    }
}

/// Balance of one account.
pub fn balance(conn: &Connection, account: Account) -> Result<Money, StoreError> {
    if let Some(customer) = account.customer() {
        return Ok(conn
            .prepare_cached(
                "SELECT COALESCE(SUM(amount), 0) FROM posting WHERE customer = ?1 AND account = ?2",
            )?
            .query_row(params![customer.blob(), account.code()], |row| {
                sql::money(row, 0)
            })?);
    }
    let kept = conn
        .prepare_cached("SELECT balance FROM account_balance WHERE account = ?1")?
        .query_row([account.code()], |row| sql::money(row, 0))
        .optional()?;
    Ok(kept.unwrap_or(Money::ZERO))
}

/// Balances of all accounts by name; receivables in one sum, `Assets:Receivable`.
pub fn balances(conn: &Connection) -> Result<Vec<(String, Money)>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT account, balance FROM account_balance ORDER BY account")?
        .query_map([], |row| Ok((row.get(0)?, sql::money(row, 1)?)))?
        .collect::<Result<_, _>>()?)
}
