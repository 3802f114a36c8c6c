//! Receipts as the ledger sees them: posted once, voided once, and where each stands.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};
use shared::{
    day::{Day, Timestamp},
    document::Seal,
    ids::{CustomerId, DeviceId, Digest, DocumentId, PersonId},
    ledger::{
        entry::{EntryKind, Source, entry_id},
        exceptions::{self, NumberFact, ReceiptFact},
        posting,
    },
    money::Money,
    people::Role,
    planted::{self, Bug},
    receipt::{MethodKind, Receipt, ReceiptCore, ReceiptNumber, ReceiptState},
    sync::message::{ReceiptRow, Row},
};

use crate::scope::{self, Access};

use super::{
    StoreError, WriteTx, books, exceptions as kept, journal, people, rows,
    sql::{self, BlobId},
    write::Dirty,
};

/// Takes a new receipt in: posts it, and looks for what finance should see.
pub(crate) fn take_in(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    device: DeviceId,
    receipt: &Receipt,
    seal: &Seal,
) -> Result<(), StoreError> {
    let core = &receipt.core;
    // A clock that runs ahead does not post into the future, one that was set back not before what the
    // phone had heard of the server.
    let posting_day = core.payment_day(tx.today()?, tx.company()?.utc_offset_minutes);
    let mut owners = BTreeMap::new();
    for allocation in &core.allocations {
        if let Some(owner) = books::owner_of(tx, allocation.invoice)? {
            owners.insert(allocation.invoice, owner);
        }
    }
    let posted = posting::receipt_entry(document, seal.digest, core, posting_day, &|invoice| {
        owners.get(&invoice).copied()
    })?;
    let posted_day = (posted.state == ReceiptState::Posted).then_some(posting_day);
    insert(tx, document, device, core, seal, posted.state, posted_day)?;
    if let Some(entry) = &posted.entry {
        let received_at = tx.now();
        journal::post(tx, entry, Some(core.person), received_at)?;
    }
    let now = tx.now();
    for allocation in &posted.foreign {
        let finding = exceptions::foreign_invoice(document, core, allocation, now);
        kept::keep(tx, &finding)?;
    }
    judge_number(tx, document, core, seal)?;
    judge_doubled(tx, document, device, core, true)?;
    if posted.state == ReceiptState::InTransit {
        move_in_transit(tx, core.customer, core.amount)?;
    }
    tx.mark(Dirty::Receipt(document));
    judge_void(tx, document, receipt, seal)
}

fn insert(
    tx: &WriteTx<'_>,
    document: DocumentId,
    device: DeviceId,
    core: &ReceiptCore,
    seal: &Seal,
    state: ReceiptState,
    posted_day: Option<Day>,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO receipt_state (document, customer, person, device, device_code, n, number, seal, previous,
           method, amount, day, issued_at, state, posted_day)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?
    .execute(params![
        document.blob(),
        core.customer.blob(),
        core.person.blob(),
        device.blob(),
        core.number.device_code,
        core.number.n,
        core.number.to_string(),
        seal.digest.blob(),
        core.previous.as_ref().map(BlobId::blob),
        core.method.kind().slug(),
        core.amount.fen(),
        core.day.number(),
        core.issued_at.0,
        state.slug(),
        posted_day.map(Day::number),
    ])?;
    Ok(())
}

/// Judges requests and decisions on voiding; an approved void is posted once and stands for good.
pub(crate) fn judge_void(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    receipt: &Receipt,
    seal: &Seal,
) -> Result<(), StoreError> {
    let core = &receipt.core;
    let before = state(tx, document)?.ok_or(StoreError::NotFound("receipt"))?;
    if before == ReceiptState::Voided || receipt.void_requests.is_empty() {
        return Ok(());
    }
    let approvers = approvers(tx, receipt)?;
    let may_approve = |person: PersonId| approvers.contains(&person);
    let after = posting::receipt_state(
        core.method.kind(),
        &receipt.void_requests,
        &receipt.void_decisions,
        &may_approve,
    );
    let approval = posting::void_approval(
        &receipt.void_requests,
        &receipt.void_decisions,
        &may_approve,
    );
    if planted::is(Bug::LoseVoid) && approval.is_some() {
        return Ok(());
    }
    if let Some(decision) = approval {
        let source = Source::Document {
            id: document,
            core: seal.digest,
        };
        let original = journal::by_id(tx, entry_id(EntryKind::Receipt, &source))?;
        let original = original.map(|o| o.chained.entry);
        let day = tx.today()?;
        if let Some(entry) = posting::void_entry(original.as_ref(), document, decision.id, day)? {
            let received_at = tx.now();
            journal::post(tx, &entry, Some(decision.author), received_at)?;
        }
    }
    let finding =
        exceptions::void_pending(document, core, after == ReceiptState::VoidPending, tx.now());
    kept::keep(tx, &finding)?;
    if after != before {
        tx.prepare_cached("UPDATE receipt_state SET state = ?2 WHERE document = ?1")?
            .execute(params![document.blob(), after.slug()])?;
        tx.mark(Dirty::Receipt(document));
        tx.mark(Dirty::Promises(core.customer));
    }
    if after == ReceiptState::Voided {
        if core.method.kind() != MethodKind::Cash {
            move_in_transit(tx, core.customer, core.amount.negated())?;
        }
        let device = device_of(tx, document)?;
        judge_doubled(tx, document, device, core, false)?;
    }
    Ok(())
}

/// Those who wrote a decision that counts: supervisors and administrators who (ever) had the customer
/// in scope, never the salesperson of the receipt.
fn approvers(conn: &Connection, receipt: &Receipt) -> Result<BTreeSet<PersonId>, StoreError> {
    let mut found = BTreeSet::new();
    for decision in &receipt.void_decisions {
        let author = decision.author;
        if author == receipt.core.person || found.contains(&author) {
            continue;
        }
        let Some(person) = people::get(conn, author)? else {
            continue;
        };
        if matches!(person.role, Role::Supervisor | Role::Admin)
            && scope::access(conn, author, receipt.core.customer)? != Access::Never
        {
            found.insert(author);
        }
    }
    Ok(found)
}

/// In transit: cheques, bills and transfers that stand, a void of which may have been asked for.
fn move_in_transit(
    tx: &mut WriteTx<'_>,
    customer: CustomerId,
    difference: Money,
) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE customer SET in_transit = in_transit + ?2 WHERE id = ?1")?
        .execute(params![customer.blob(), difference.fen()])?;
    tx.mark(Dirty::Account(customer));
    tx.mark(Dirty::Promises(customer));
    Ok(())
}

const NUMBER: &str = "SELECT document, number, customer, seal, previous FROM receipt_state";

fn number_fact(row: &SqlRow<'_>) -> rusqlite::Result<Option<NumberFact>> {
    let Ok(number) = row.get::<_, String>(1)?.parse::<ReceiptNumber>() else {
        return Ok(None);
    };
    Ok(Some(NumberFact {
        document: sql::id(row, 0)?,
        number,
        customer: sql::id(row, 2)?,
        seal: sql::id(row, 3)?,
        previous: sql::opt_id(row, 4)?,
    }))
}

fn numbered(conn: &Connection, code: &str, n: Option<u32>) -> Result<Vec<NumberFact>, StoreError> {
    let found: Vec<Option<NumberFact>> = conn
        .prepare_cached(&format!("{NUMBER} WHERE device_code = ?1 AND n = ?2"))?
        .query_map(params![code, n], number_fact)?
        .collect::<Result<_, _>>()?;
    Ok(found.into_iter().flatten().collect())
}

fn judge_number(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    core: &ReceiptCore,
    seal: &Seal,
) -> Result<(), StoreError> {
    let now = tx.now();
    let (code, n) = (&core.number.device_code, core.number.n);
    let fact = NumberFact {
        document,
        number: core.number.clone(),
        customer: core.customer,
        seal: seal.digest,
        previous: core.previous,
    };
    let before = numbered(tx, code, n.checked_sub(1))?;
    kept::keep(tx, &exceptions::number_gap(&fact, &before, now))?;
    let same = numbered(tx, code, Some(n))?;
    for next in numbered(tx, code, n.checked_add(1))? {
        kept::keep(tx, &exceptions::number_gap(&next, &same, now))?;
    }
    match exceptions::number_reused(&same, now) {
        Some(finding) => kept::keep(tx, &finding),
        None => Ok(()),
    }
}

/// Opens findings about receipts that look like this one, or closes them once it is voided.
fn judge_doubled(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    device: DeviceId,
    core: &ReceiptCore,
    open: bool,
) -> Result<(), StoreError> {
    let others: Vec<Option<ReceiptFact>> = tx
        .prepare_cached(
            "SELECT document, number, device, issued_at FROM receipt_state
             WHERE customer = ?1 AND day BETWEEN ?2 - 2 AND ?2 + 2 AND amount = ?3 AND method = ?4
               AND document <> ?5 AND device <> ?6 AND state <> 'voided'",
        )?
        .query_map(
            params![
                core.customer.blob(),
                core.day.number(),
                core.amount.fen(),
                core.method.kind().slug(),
                document.blob(),
                device.blob()
            ],
            |row| {
                let Ok(number) = row.get::<_, String>(1)?.parse::<ReceiptNumber>() else {
                    return Ok(None);
                };
                Ok(Some(ReceiptFact {
                    document: sql::id(row, 0)?,
                    number,
                    customer: core.customer,
                    device: sql::id(row, 2)?,
                    method: core.method.kind(),
                    amount: core.amount,
                    issued_at: Timestamp(row.get(3)?),
                }))
            },
        )?
        .collect::<Result<_, _>>()?;
    let others: Vec<ReceiptFact> = others.into_iter().flatten().collect();
    let this = ReceiptFact {
        document,
        number: core.number.clone(),
        customer: core.customer,
        device,
        method: core.method.kind(),
        amount: core.amount,
        issued_at: core.issued_at,
    };
    for mut finding in exceptions::looks_doubled(&this, &others, tx.now()) {
        finding.open = open;
        kept::keep(tx, &finding)?;
    }
    Ok(())
}

fn device_of(conn: &Connection, document: DocumentId) -> Result<DeviceId, StoreError> {
    Ok(conn
        .prepare_cached("SELECT device FROM receipt_state WHERE document = ?1")?
        .query_row([document.blob()], |row| sql::id(row, 0))?)
}

/// Where a receipt stands.
pub fn state(conn: &Connection, document: DocumentId) -> Result<Option<ReceiptState>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT state FROM receipt_state WHERE document = ?1")?
        .query_row([document.blob()], |row| row.get::<_, String>(0))
        .optional()?
        .map(|slug| ReceiptState::from_slug(&slug)))
}

/// A receipt in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptLine {
    /// Document.
    pub document: DocumentId,
    /// Digest of its sealed core.
    pub seal: Digest,
    /// Printed number.
    pub number: String,
    /// Who took the money.
    pub person: PersonId,
    /// Method.
    pub method: MethodKind,
    /// Sum.
    pub amount: Money,
    /// Day printed.
    pub day: Day,
    /// State.
    pub state: ReceiptState,
}

/// All receipts of a customer in the order of their days.
pub fn of_customer(
    conn: &Connection,
    customer: CustomerId,
) -> Result<Vec<ReceiptLine>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT document, seal, number, person, method, amount, day, state FROM receipt_state
             WHERE customer = ?1 ORDER BY day, number",
        )?
        .query_map([customer.blob()], |row| {
            Ok(ReceiptLine {
                document: sql::id(row, 0)?,
                seal: sql::id(row, 1)?,
                number: row.get(2)?,
                person: sql::id(row, 3)?,
                method: MethodKind::from_slug(&row.get::<_, String>(4)?),
                amount: sql::money(row, 5)?,
                day: sql::day(row, 6)?,
                state: ReceiptState::from_slug(&row.get::<_, String>(7)?),
            })
        })?
        .collect::<Result<_, _>>()?)
}

pub(crate) fn send(tx: &mut WriteTx<'_>, document: DocumentId) -> Result<(), StoreError> {
    let found = tx
        .prepare_cached(
            "SELECT customer, state, posted_day FROM receipt_state WHERE document = ?1",
        )?
        .query_row([document.blob()], |row| {
            Ok(ReceiptRow {
                document,
                customer: sql::id(row, 0)?,
                state: ReceiptState::from_slug(&row.get::<_, String>(1)?),
                posted_day: row.get::<_, Option<i64>>(2)?.map(Day::from_number),
            })
        })
        .optional()?;
    // A record that was refused after all leaves none.
    match found {
        Some(row) => rows::emit(tx, &Row::Receipt(row)),
        None => Ok(()),
    }
}
