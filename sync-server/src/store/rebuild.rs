//! The ledger rebuilt from its facts, and compared with the one that stands.
//!
//! The facts are the books (customers, invoices in all their states, payments), the field documents as
//! their changes say them, and the commands of finance, in the order in which they were taken. Nothing of
//! the journal is read to make the rebuilt one.

use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    fmt::Display,
};

use rusqlite::Connection;
use shared::{
    day::Timestamp,
    document::{self, Record},
    ids::{CommandId, CustomerId, Digest, DocumentId, ElementId, InvoiceId},
    invoice::Invoice,
    ledger::{
        account::Account,
        book::{Book, Fact},
        command::Debt,
        custody::Custody,
        decide::Approval,
        entry::Source,
    },
    money::Money,
    receipt::Receipt,
};

use super::{
    StoreError, bank_rule, books, commands, company, documents, facts, journal, paper, sql, voids,
};

/// Facts and entries read at once.
const PAGE: u32 = 1_000;
/// Problems listed at most.
const LISTED: usize = 20;

/// What a rebuild gave.
#[derive(Debug)]
pub struct Rebuilt {
    /// The ledger made of the facts.
    pub book: Book,
    /// How many facts there are.
    pub facts: u64,
    /// What could not be applied or differs from the ledger that stands, a sentence each.
    pub problems: Vec<String>,
}

/// Rebuilds the ledger from its facts and compares it with the one that stands: entries with their chain,
/// balances, where the money of each receipt is, and what commands have led to.
pub fn rebuild(conn: &Connection) -> Result<Rebuilt, StoreError> {
    let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
    let mut rebuilt = Rebuilt {
        book: Book::new(company.utc_offset_minutes),
        facts: 0,
        problems: Vec::new(),
    };
    for customer in customers(conn)? {
        rebuilt.book.add_customer(customer);
    }
    let Rebuilt {
        book,
        facts,
        problems,
    } = &mut rebuilt;
    each_fact(conn, |number, received_at, fact| {
        *facts = number;
        match fact.map(|fact| book.apply(received_at, &fact)) {
            Some(Ok(_)) => {}
            Some(Err(error)) => {
                problems.push(format!("fact {number} can't be posted again: {error}"));
            }
            None => problems.push(format!("fact {number} names nothing that is there")),
        }
    })?;
    compare_entries(conn, &mut rebuilt)?;
    compare_balances(conn, &mut rebuilt)?;
    compare_receipts(conn, &mut rebuilt)?;
    compare_decisions(conn, &mut rebuilt)?;
    rebuilt.problems.truncate(LISTED);
    Ok(rebuilt)
}

/// Gives every fact of the ledger with its number, 1, 2, 3 …, and when it was received, in their order; none for one
/// that names nothing that is there.
pub fn each_fact(
    conn: &Connection,
    mut take: impl FnMut(u64, Timestamp, Option<Fact>),
) -> Result<(), StoreError> {
    let mut receipts = BTreeMap::new();
    let mut count = 0;
    loop {
        let page = facts::after(conn, count, PAGE)?;
        if page.is_empty() {
            return Ok(());
        }
        for (_, source, received_at) in page {
            count += 1;
            take(count, received_at, fact(conn, &source, &mut receipts)?);
        }
    }
}

fn customers(conn: &Connection) -> Result<Vec<CustomerId>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT id FROM customer")?
        .query_map([], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?)
}

/// Receipts read so far: of most a second fact comes soon or never.
type Read = BTreeMap<DocumentId, (Receipt, Digest)>;

fn fact(conn: &Connection, source: &Source, read: &mut Read) -> Result<Option<Fact>, StoreError> {
    Ok(match source {
        Source::Invoice { id, revision } => invoice(conn, *id, *revision)?,
        Source::Payment(id) => books::payment(conn, *id)?.map(Fact::Payment),
        Source::Document { id, .. } => {
            receipt(conn, *id, read)?.map(|(receipt, seal)| Fact::Receipt {
                document: *id,
                seal: *seal,
                core: Box::new(receipt.core.clone()),
            })
        }
        Source::Void {
            receipt: id,
            decision,
        } => {
            let found = receipt(conn, *id, read)?;
            let approval = found.and_then(|(receipt, _)| approval(receipt, *decision));
            approval.map(|approval| Fact::Void {
                receipt: *id,
                approval,
            })
        }
        Source::Command { id, .. } => command(conn, *id)?,
    })
}

fn invoice(conn: &Connection, id: InvoiceId, revision: u32) -> Result<Option<Fact>, StoreError> {
    let now = books::invoice(conn, id)?;
    let was = facts::revision(conn, id, revision)?;
    Ok(now.zip(was).map(|(row, (issued, amount))| Fact::Invoice {
        invoice: Invoice {
            issued,
            amount,
            ..row.invoice
        },
        revision,
    }))
}

/// The receipt as its changes say it, not as it was kept when they came in.
fn receipt<'a>(
    conn: &Connection,
    id: DocumentId,
    read: &'a mut Read,
) -> Result<Option<&'a (Receipt, Digest)>, StoreError> {
    if let Entry::Vacant(place) = read.entry(id) {
        let Some(stored) = documents::stored(conn, id)? else {
            return Ok(None);
        };
        let Ok((_, Record::Receipt(receipt, seal))) = document::read(&stored.changes) else {
            return Ok(None);
        };
        place.insert((receipt, seal.digest));
    }
    Ok(read.get(&id))
}

fn approval(receipt: &Receipt, decision: ElementId) -> Option<Approval> {
    let decided = receipt
        .void_decisions
        .iter()
        .find(|d| d.id == decision && d.approved)?;
    let request = receipt
        .void_requests
        .iter()
        .find(|r| r.id == decided.request)?;
    Some(Approval {
        decision,
        requester: request.author,
        approver: decided.author,
    })
}

fn command(conn: &Connection, id: CommandId) -> Result<Option<Fact>, StoreError> {
    Ok(commands::get(conn, id)?.map(Fact::Command))
}

fn compare_entries(conn: &Connection, rebuilt: &mut Rebuilt) -> Result<(), StoreError> {
    let mut number = 0;
    let mut made = rebuilt.book.entries().iter();
    loop {
        let page = journal::entries(conn, None, number, PAGE)?;
        if page.is_empty() {
            break;
        }
        for stands in page {
            number = stands.number;
            if made.next() != Some(&stands.chained) {
                rebuilt.problems.push(format!(
                    "entry {number} of the journal is not what its facts post"
                ));
                return Ok(());
            }
        }
    }
    let missing = made.count();
    if missing > 0 {
        rebuilt
            .problems
            .push(format!("{missing} entries are missing in the journal"));
    }
    Ok(())
}

fn compare_balances(conn: &Connection, rebuilt: &mut Rebuilt) -> Result<(), StoreError> {
    let mut live = journal::balances_by_account(conn)?;
    live.retain(|_, balance| !balance.is_zero());
    let made = rebuilt.book.balances();
    let differ = |account: &&Account| live.get(*account) != made.get(*account);
    let accounts: BTreeSet<&Account> = live.keys().chain(made.keys()).collect();
    let wrong = accounts.into_iter().filter(differ).take(LISTED);
    rebuilt.problems.extend(
        wrong.map(|account| format!("the balance of {account} is not what the facts give")),
    );
    Ok(())
}

fn compare_receipts(conn: &Connection, rebuilt: &mut Rebuilt) -> Result<(), StoreError> {
    let mut statement =
        conn.prepare("SELECT document, number, custody, state FROM receipt_state")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (document, number): (DocumentId, String) = (sql::id(row, 0)?, row.get(1)?);
        let custody = Custody::from_slug(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?);
        let voided = row.get_ref(3)?.as_str() == Ok("voided");
        if rebuilt.book.custody(document) != Some(custody) || voided != (custody == Custody::Voided)
        {
            rebuilt.problems.push(format!(
                "the money of receipt {number} is not where the facts put it"
            ));
        }
    }
    Ok(())
}

fn compare_decisions(conn: &Connection, rebuilt: &mut Rebuilt) -> Result<(), StoreError> {
    if facts::closed_through(conn)? != rebuilt.book.closed() {
        rebuilt
            .problems
            .push("other days are closed than the facts say".to_owned());
    }
    let book = &rebuilt.book;
    let made: BTreeMap<_, _> = book.hand_ins().map(|made| (made.id, *made)).collect();
    let mut found = differing("hand-in", &commands::hand_ins(conn)?, &made);
    let live = commands::decisions(conn)?;
    found.extend(differing("proposal", &live, book.decisions()));
    let (mut live, mut made) = (commands::all_written_off(conn)?, book.written_off().clone());
    live.retain(|_, sum| !sum.is_zero());
    made.retain(|_, sum| !sum.is_zero());
    let (live, made) = (by_debt(live), by_debt(made));
    found.extend(differing("what is written off of", &live, &made));
    let live = commands::settled_lines(conn)?;
    let is_used = |lines: &BTreeSet<String>| lines.iter().map(|l| (l.clone(), ())).collect();
    let (live, made): (BTreeMap<_, _>, _) = (is_used(&live), is_used(book.settled_lines()));
    found.extend(differing("settled line", &live, &made));
    let live = bank_rule::in_force(conn)?.map(|rule| rule.command);
    if live != book.bank_rule() {
        found.push("the rule for a bank's lines is not what the facts give".to_owned());
    }
    let live = paper::all_records(conn)?;
    found.extend(differing(
        "record of the receipt entered from paper",
        &live,
        book.paper_records(),
    ));
    found.extend(void_approvals(conn, book)?);
    rebuilt.problems.extend(found);
    Ok(())
}

/// What stands and what the facts give, where it is not the same.
fn differing<K: Ord + Display, V: PartialEq>(
    what: &str,
    live: &BTreeMap<K, V>,
    made: &BTreeMap<K, V>,
) -> Vec<String> {
    let keys: BTreeSet<&K> = live.keys().chain(made.keys()).collect();
    keys.into_iter()
        .filter(|key| live.get(*key) != made.get(*key))
        .take(LISTED)
        .map(|key| format!("{what} {key} is not what the facts give"))
        .collect()
}

fn by_debt(sums: BTreeMap<Debt, Money>) -> BTreeMap<Account, Money> {
    let account = |debt: Debt| Account::Receivable {
        customer: debt.customer,
        invoice: debt.invoice,
    };
    sums.into_iter()
        .map(|(debt, sum)| (account(debt), sum))
        .collect()
}

/// An approval is needed for as long as its void waits: a ledger that was begun before approvals were kept has
/// none of those that were carried out at once.
fn void_approvals(conn: &Connection, book: &Book) -> Result<Vec<String>, StoreError> {
    let live = voids::approvals(conn)?;
    let mut made = BTreeMap::new();
    for receipt in live.keys().copied().chain(book.waiting_voids()) {
        made.extend(book.approval(receipt).map(|approval| (receipt, approval)));
    }
    Ok(differing("the approved void of receipt", &live, &made))
}
