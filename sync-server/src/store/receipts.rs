//! Receipts as the ledger sees them: posted once, voided once, and where each stands. Those that were entered from
//! their paper copies come by [`paper`].

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};
use shared::{
    day::{Day, Timestamp},
    document::Seal,
    ids::{CustomerId, DeviceId, Digest, DocumentId, PersonId},
    ledger::{
        custody::Custody,
        decide::Standing,
        entry::Source,
        exceptions::{self, NumberFact, ReceiptFact},
        posting,
    },
    money::Money,
    receipt::{MethodKind, Receipt, ReceiptCore, ReceiptNumber, ReceiptState},
    sync::message::{ReceiptRow, Row},
};

use super::{
    StoreError, WriteTx, books, exceptions as kept, facts, journal, paper, rows,
    sql::{self, BlobId},
    voids,
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
    if paper::take_over(tx, document, device, receipt, seal)? {
        return voids::judge(tx, document, receipt);
    }
    let core = &receipt.core;
    // A clock that runs ahead does not post into the future, one that was set back not before what the
    // phone had heard of the server.
    let own_day = core.payment_day(tx.today()?, tx.company()?.utc_offset_minutes);
    let posting_day = facts::open_day(tx, own_day)?;
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
    let received_at = tx.now();
    let source = Source::Document {
        id: document,
        core: seal.digest,
    };
    facts::keep(tx, &source, received_at)?;
    if let Some(entry) = &posted.entry {
        journal::post_own(tx, entry, Some(core.person), received_at, own_day)?;
    }
    let now = tx.now();
    for allocation in &posted.foreign {
        let finding = exceptions::foreign_invoice(document, core, allocation, now);
        kept::keep(tx, &finding)?;
    }
    judge_numbers(tx, document, core, seal)?;
    judge_doubled(tx, core.day, &fact(document, device, core), true)?;
    paper::judge_correction(tx, &fact(document, device, core), &core.corrects)?;
    if posted.state == ReceiptState::InTransit {
        move_in_transit(tx, core.customer, core.amount)?;
    }
    tx.mark(Dirty::Receipt(document));
    voids::judge(tx, document, receipt)
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
    tx.prepare_cached(concat!(
        "INSERT INTO receipt_state (seq, document, customer, person, device, device_code, n, number, seal, previous,
           method, amount, day, issued_at, state, posted_day, custody) VALUES (",
        sql::place_of_id!(),
        ", ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
    ))?
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
        Custody::issued(core.method.kind()).slug(),
    ])?;
    Ok(())
}

/// Moves what a customer has in transit 在途.
pub(crate) fn move_in_transit(
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

/// Puts the money of a receipt where it is now, and says where the receipt stands by that; `void_open` while a
/// request to void it waits.
pub(crate) fn place(
    tx: &mut WriteTx<'_>,
    standing: &Standing,
    custody: Custody,
    void_open: bool,
) -> Result<(), StoreError> {
    let Standing {
        document, customer, ..
    } = *standing;
    let after = custody.state(standing.method, void_open);
    if custody == standing.custody && Some(after) == state(tx, document)? {
        return Ok(());
    }
    let (was, is) = (
        standing.custody.in_transit(standing.method),
        custody.in_transit(standing.method),
    );
    match (was, is) {
        (true, false) => move_in_transit(tx, customer, standing.amount.negated())?,
        (false, true) => move_in_transit(tx, customer, standing.amount)?,
        _ => {}
    }
    // What arrives is in the books from today on.
    let arrived = (custody == Custody::Bank).then(|| tx.today()).transpose()?;
    tx.prepare_cached(
        concat!(
            "UPDATE receipt_state SET custody = ?2, state = ?3, posted_day = COALESCE(posted_day, ?4) WHERE ",
            sql::of_receipt!()
        ),
    )?
    .execute(params![
        document.blob(),
        custody.slug(),
        after.slug(),
        arrived.map(Day::number)
    ])?;
    tx.mark(Dirty::Receipt(document));
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

/// Is a receipt of the device missing, or was its number given twice?
pub(crate) fn judge_numbers(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    core: &ReceiptCore,
    seal: &Seal,
) -> Result<(), StoreError> {
    let fact = NumberFact {
        document,
        number: core.number.clone(),
        customer: core.customer,
        seal: seal.digest,
        previous: core.previous,
    };
    let before = numbered(tx, &fact.number.device_code, fact.number.n.checked_sub(1))?;
    kept::keep(tx, &exceptions::number_gap(&fact, &before, tx.now()))?;
    judge_next_number(tx, &fact.number)
}

/// As [`judge_numbers`], of a receipt of which nobody knows what came before it.
pub(crate) fn judge_next_number(
    tx: &mut WriteTx<'_>,
    number: &ReceiptNumber,
) -> Result<(), StoreError> {
    let now = tx.now();
    let (code, n) = (&number.device_code, number.n);
    let same = numbered(tx, code, Some(n))?;
    for next in numbered(tx, code, n.checked_add(1))? {
        // A receipt that is known by its paper alone does not say what came before it.
        if !paper::is_without_record(tx, next.document)? {
            kept::keep(tx, &exceptions::number_gap(&next, &same, now))?;
        }
    }
    match exceptions::number_reused(&same, now) {
        Some(finding) => kept::keep(tx, &finding),
        None => Ok(()),
    }
}

/// Closes the findings about receipts that look like this one: it is voided.
pub(crate) fn no_longer_doubled(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    core: &ReceiptCore,
) -> Result<(), StoreError> {
    let device = device_of(tx, document)?;
    judge_doubled(tx, core.day, &fact(document, device, core), false)
}

fn fact(document: DocumentId, device: DeviceId, core: &ReceiptCore) -> ReceiptFact {
    ReceiptFact {
        document,
        number: core.number.clone(),
        customer: core.customer,
        device,
        method: core.method.kind(),
        amount: core.amount,
        issued_at: core.issued_at,
    }
}

/// Opens findings about receipts that look like this one, or closes them once it is voided.
pub(crate) fn judge_doubled(
    tx: &mut WriteTx<'_>,
    day: Day,
    this: &ReceiptFact,
    open: bool,
) -> Result<(), StoreError> {
    let others: Vec<Option<ReceiptFact>> = tx
        .prepare_cached(
            "SELECT document, number, device, issued_at FROM receipt_state
             WHERE customer = ?1 AND day IN (?2 - 2, ?2 - 1, ?2, ?2 + 1, ?2 + 2) AND amount = ?3 AND method = ?4
               AND document <> ?5 AND device <> ?6 AND state <> 'voided'",
        )?
        .query_map(
            params![
                this.customer.blob(),
                day.number(),
                this.amount.fen(),
                this.method.slug(),
                this.document.blob(),
                this.device.blob()
            ],
            |row| {
                let Ok(number) = row.get::<_, String>(1)?.parse::<ReceiptNumber>() else {
                    return Ok(None);
                };
                Ok(Some(ReceiptFact {
                    document: sql::id(row, 0)?,
                    number,
                    customer: this.customer,
                    device: sql::id(row, 2)?,
                    method: this.method,
                    amount: this.amount,
                    issued_at: Timestamp(row.get(3)?),
                }))
            },
        )?
        .collect::<Result<_, _>>()?;
    let others: Vec<ReceiptFact> = others.into_iter().flatten().collect();
    for mut finding in exceptions::looks_doubled(this, &others, tx.now()) {
        finding.open = open;
        kept::keep(tx, &finding)?;
    }
    Ok(())
}

pub(crate) fn device_of(conn: &Connection, document: DocumentId) -> Result<DeviceId, StoreError> {
    Ok(conn
        .prepare_cached(concat!(
            "SELECT device FROM receipt_state WHERE ",
            sql::of_receipt!()
        ))?
        .query_row([document.blob()], |row| sql::id(row, 0))?)
}

/// Whose receipt it is in the ledger.
pub(crate) fn customer_of(
    conn: &Connection,
    document: DocumentId,
) -> Result<Option<CustomerId>, StoreError> {
    Ok(conn
        .prepare_cached(concat!(
            "SELECT customer FROM receipt_state WHERE ",
            sql::of_receipt!()
        ))?
        .query_row([document.blob()], |row| sql::id(row, 0))
        .optional()?)
}

/// The printed number of a receipt; empty if the ledger does not know it.
pub(crate) fn number_of(conn: &Connection, document: DocumentId) -> Result<String, StoreError> {
    let number = conn
        .prepare_cached(concat!(
            "SELECT number FROM receipt_state WHERE ",
            sql::of_receipt!()
        ))?
        .query_row([document.blob()], |row| row.get(0))
        .optional()?;
    Ok(number.unwrap_or_default())
}

/// Where a receipt stands.
pub fn state(conn: &Connection, document: DocumentId) -> Result<Option<ReceiptState>, StoreError> {
    Ok(conn
        .prepare_cached(concat!(
            "SELECT state FROM receipt_state WHERE ",
            sql::of_receipt!()
        ))?
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

const LINE: &str = "document, seal, number, person, method, amount, day, state";

fn line(row: &SqlRow<'_>) -> rusqlite::Result<ReceiptLine> {
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
}

/// All receipts of a customer in the order of their days.
pub fn of_customer(
    conn: &Connection,
    customer: CustomerId,
) -> Result<Vec<ReceiptLine>, StoreError> {
    Ok(conn
        .prepare_cached(&format!(
            "SELECT {LINE} FROM receipt_state WHERE seq IN ({} UNION SELECT place FROM paper_receipt WHERE customer = ?1)
             ORDER BY day, number",
            sql::records_of_customer!()
        ))?
        .query_map([customer.blob()], line)?
        .collect::<Result<_, _>>()?)
}

/// Receipts whose money is not with the company, by day: in one place or in all, of one person or of all.
pub fn waiting(
    conn: &Connection,
    custody: Option<Custody>,
    person: Option<PersonId>,
    limit: u32,
) -> Result<Vec<(ReceiptLine, CustomerId, Custody)>, StoreError> {
    Ok(conn
        .prepare_cached(&format!(
            "SELECT {LINE}, customer, custody FROM receipt_state
             WHERE custody IN ('field', 'claim', 'clearing', 'bounced') AND (?1 IS NULL OR custody = ?1)
               AND (?2 IS NULL OR person = ?2) ORDER BY day, number LIMIT ?3"
        ))?
        .query_map(
            params![
                custody.map(Custody::slug),
                person.as_ref().map(BlobId::blob),
                limit
            ],
            |row| {
                let custody = Custody::from_slug(&row.get::<_, String>(9)?);
                Ok((line(row)?, sql::id(row, 8)?, custody))
            },
        )?
        .collect::<Result<_, _>>()?)
}

pub(crate) fn send(tx: &mut WriteTx<'_>, document: DocumentId) -> Result<(), StoreError> {
    let found = tx
        .prepare_cached(concat!(
            "SELECT customer, state, posted_day, document FROM receipt_state WHERE seq > 0 AND ",
            sql::of_receipt!()
        ))?
        .query_row([document.blob()], |row| {
            Ok(ReceiptRow {
                document: sql::id(row, 3)?,
                customer: sql::id(row, 0)?,
                state: ReceiptState::from_slug(&row.get::<_, String>(1)?),
                posted_day: row.get::<_, Option<i64>>(2)?.map(Day::from_number),
            })
        })
        .optional()?;
    // A record that was refused after all leaves none; what is known by its paper alone no phone has.
    match found {
        Some(row) => rows::emit(tx, &Row::Receipt(row)),
        None => Ok(()),
    }
}
