//! Receipts entered from their paper copies 凭纸质收据补录: the phone is lost, and its records with it, perhaps for good.
//!
//! Invariants: nothing is entered that the ledger, the quarantine or the review has; the record that comes after all
//! is the receipt that was entered: nothing is posted again, and where its words are others, finance is told.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};
use shared::{
    day::Timestamp,
    document::{Record, Seal},
    ids::{CommandId, CustomerId, DeviceId, DocumentId},
    ledger::{
        command::{Body, Command, CommandError},
        custody::Custody,
        decide::{Known, PaperReceipt, paper_id},
        entry::Source,
        exceptions::{self, ReceiptFact},
    },
    paper::qr,
    receipt::{MethodKind, Receipt, ReceiptCore},
};

use super::{
    StoreError, WriteTx, books, commands, devices, documents, exceptions as kept, facts,
    known::{self, Books},
    quarantine, receipt_check, receipts,
    sql::{self, BlobId},
    write::Dirty,
};

/// Noon, as minutes of the day: when a receipt was issued of which only the day is known.
const NOON_MINUTES: i64 = 12 * 60;

/// A receipt that was entered from its paper copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// Its id until its record comes.
    pub id: DocumentId,
    /// The command by which it was entered.
    pub command: CommandId,
    /// Its record, once that has come.
    pub document: Option<DocumentId>,
}

fn entered(row: &SqlRow<'_>) -> rusqlite::Result<Entered> {
    Ok(Entered {
        id: sql::id(row, 0)?,
        command: sql::id(row, 1)?,
        document: sql::opt_id(row, 2)?,
    })
}

/// Was the receipt entered from its paper copy? It is asked for by its record or by the id that it had before.
pub fn get(conn: &Connection, receipt: DocumentId) -> Result<Option<Entered>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT id, command, document FROM paper_receipt WHERE id = ?1
             UNION ALL SELECT id, command, document FROM paper_receipt WHERE document = ?1 LIMIT 1",
        )?
        .query_row([receipt.blob()], entered)
        .optional()?)
}

/// The receipt by its record, if that has come.
pub(crate) fn current(conn: &Connection, receipt: DocumentId) -> Result<DocumentId, StoreError> {
    Ok(get(conn, receipt)?
        .and_then(|entered| entered.document)
        .unwrap_or(receipt))
}

/// Is it known by its paper alone?
pub(crate) fn is_without_record(
    conn: &Connection,
    receipt: DocumentId,
) -> Result<bool, StoreError> {
    Ok(get(conn, receipt)?.is_some_and(|entered| entered.document.is_none()))
}

/// Of the receipts of a customer that were entered from their papers: the records that have come since, by their
/// earlier ids.
pub(crate) fn records_of(
    conn: &Connection,
    customer: CustomerId,
) -> Result<BTreeMap<DocumentId, DocumentId>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT id, document FROM paper_receipt WHERE customer = ?1 AND document IS NOT NULL",
        )?
        .query_map([customer.blob()], |row| {
            Ok((sql::id(row, 0)?, sql::id(row, 1)?))
        })?
        .collect::<Result<_, _>>()?)
}

/// As [`records_of`], of all customers.
pub(crate) fn all_records(
    conn: &Connection,
) -> Result<BTreeMap<DocumentId, DocumentId>, StoreError> {
    Ok(conn
        .prepare("SELECT id, document FROM paper_receipt WHERE document IS NOT NULL")?
        .query_map([], |row| Ok((sql::id(row, 0)?, sql::id(row, 1)?)))?
        .collect::<Result<_, _>>()?)
}

/// What was typed from the paper of a receipt, if it was entered so; with whose command that was.
pub fn words(
    conn: &Connection,
    receipt: DocumentId,
) -> Result<Option<(Command, PaperReceipt)>, StoreError> {
    let Some(entered) = get(conn, receipt)? else {
        return Ok(None);
    };
    let command = commands::get(conn, entered.command)?;
    Ok(command.and_then(|command| {
        let paper = PaperReceipt::of(&command.body)?;
        Some((command, paper))
    }))
}

/// Is there anything against entering it that the ledger's rules do not know of: who signed the code, and what lies in
/// quarantine or waits for review?
pub(crate) fn check(conn: &Connection, body: &Body) -> Result<(), StoreError> {
    let Body::EnterPaper {
        code,
        person,
        customer,
        ..
    } = body
    else {
        return Ok(());
    };
    let found = receipt_check::check(conn, code)?;
    let (Some(facts), Some(device)) = (&found.checked.facts, &found.device) else {
        return Err(CommandError::PaperCode.into());
    };
    if found.checked.is_known() {
        return Err(CommandError::PaperKnown(facts.number.to_string()).into());
    }
    if !found.checked.may_be_entered() {
        return Err(CommandError::PaperCode.into());
    }
    if device.person.id != *person {
        return Err(CommandError::NoSuch("person of this device").into());
    }
    let payer = books::customer(conn, *customer)?.ok_or(CommandError::NoSuch("customer"))?;
    match is_payer(&payer.name, &facts.payer) {
        true => Ok(()),
        false => Err(CommandError::PaperPayer.into()),
    }
}

/// Is the customer of this name the payer whom a code names?
pub fn is_payer(name: &str, payer: &str) -> bool {
    qr::payer_in_code(name).trim() == payer.trim()
}

/// Keeps a receipt that has just been posted from its paper.
pub(crate) fn enter(
    tx: &mut WriteTx<'_>,
    command: CommandId,
    paper: &PaperReceipt,
    posting_day: Option<shared::day::Day>,
) -> Result<(), StoreError> {
    let facts = &paper.facts;
    let device = devices::by_code(tx, &facts.number.device_code)?;
    let device = device.ok_or(StoreError::NotFound("device"))?.id;
    let custody = Custody::issued(paper.method);
    let issued_at = noon_of(tx, paper)?;
    let place: i64 = tx
        .prepare_cached(
            "SELECT MIN(0, COALESCE(MIN(seq), 0)) - 1 FROM receipt_state WHERE seq < 0",
        )?
        .query_row([], |row| row.get(0))?;
    let posted_day = posting_day.filter(|_| paper.method == MethodKind::Cash);
    tx.prepare_cached(
        "INSERT INTO receipt_state (seq, document, customer, person, device, device_code, n, number, seal, previous,
           method, amount, day, issued_at, state, posted_day, custody)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?
    .execute(params![
        place,
        paper.id().blob(),
        paper.customer.blob(),
        paper.person.blob(),
        device.blob(),
        facts.number.device_code,
        facts.number.n,
        facts.number.to_string(),
        facts.core.blob(),
        paper.method.slug(),
        facts.amount.fen(),
        facts.day.number(),
        issued_at.0,
        custody.state(paper.method, false).slug(),
        posted_day.map(shared::day::Day::number),
        custody.slug(),
    ])?;
    tx.prepare_cached(
        "INSERT INTO paper_receipt (id, place, customer, command) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![
        paper.id().blob(),
        place,
        paper.customer.blob(),
        command.blob()
    ])?;
    receipts::judge_next_number(tx, &facts.number)?;
    receipts::judge_doubled(tx, facts.day, &fact(paper, device, issued_at), true)?;
    if custody.in_transit(paper.method) {
        receipts::move_in_transit(tx, paper.customer, facts.amount)?;
    }
    Ok(())
}

fn noon_of(tx: &mut WriteTx<'_>, paper: &PaperReceipt) -> Result<Timestamp, StoreError> {
    let minutes = NOON_MINUTES - i64::from(tx.company()?.utc_offset_minutes);
    Ok(Timestamp(
        paper.facts.day.number() * 86_400_000 + minutes * 60_000,
    ))
}

fn fact(paper: &PaperReceipt, device: DeviceId, issued_at: Timestamp) -> ReceiptFact {
    ReceiptFact {
        document: paper.id(),
        number: paper.facts.number.clone(),
        customer: paper.customer,
        device,
        method: paper.method,
        amount: paper.facts.amount,
        issued_at,
    }
}

/// A record has come whose receipt was entered from its paper: it is that one from now on. False if it was not.
pub(crate) fn take_over(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    device: DeviceId,
    receipt: &Receipt,
    seal: &Seal,
) -> Result<bool, StoreError> {
    let id = paper_id(seal.digest);
    let waiting = get(tx, id)?.filter(|entered| entered.document.is_none());
    let Some((_, paper)) = waiting.map(|_| words(tx, id)).transpose()?.flatten() else {
        return Ok(false);
    };
    let core = &receipt.core;
    facts::keep(
        tx,
        &Source::Document {
            id: document,
            core: seal.digest,
        },
        tx.now(),
    )?;
    let issued_at = noon_of(tx, &paper)?;
    let issuer: DeviceId = receipts::device_of(tx, id)?;
    receipts::judge_doubled(tx, paper.facts.day, &fact(&paper, issuer, issued_at), false)?;
    move_to_its_record(tx, id, document, device, core)?;
    receipts::judge_numbers(tx, document, core, seal)?;
    let now_known = ReceiptFact {
        document,
        issued_at: core.issued_at,
        ..fact(&paper, device, core.issued_at)
    };
    receipts::judge_doubled(tx, paper.facts.day, &now_known, true)?;
    tx.mark(Dirty::Receipt(document));
    tx.mark(Dirty::Promises(paper.customer));
    judge(tx, document)?;
    Ok(true)
}

/// A new receipt corrects one that was refused, and that one was entered from its paper meanwhile: the same money may
/// stand there twice. Finance is told.
pub(crate) fn judge_correction(
    tx: &mut WriteTx<'_>,
    this: &ReceiptFact,
    corrects: &[DocumentId],
) -> Result<(), StoreError> {
    for old in corrects {
        let Some(core) = quarantine::core_of(tx, *old)? else {
            continue;
        };
        let Some((_, paper)) = words(tx, paper_id(core))? else {
            continue;
        };
        let number = &paper.facts.number;
        let finding = exceptions::corrected_paper(this, paper.id(), number, tx.now());
        kept::keep(tx, &finding)?;
    }
    Ok(())
}

fn move_to_its_record(
    tx: &WriteTx<'_>,
    id: DocumentId,
    document: DocumentId,
    device: DeviceId,
    core: &ReceiptCore,
) -> Result<(), StoreError> {
    let was: i64 = tx
        .prepare_cached("SELECT place FROM paper_receipt WHERE id = ?1")?
        .query_row([id.blob()], |row| row.get(0))?;
    let place: i64 = tx
        .prepare_cached(concat!("SELECT seq FROM document WHERE ", sql::of_id!()))?
        .query_row([document.blob()], |row| row.get(0))?;
    tx.prepare_cached(
        "UPDATE receipt_state SET seq = ?2, document = ?3, device = ?4, previous = ?5, issued_at = ?6 WHERE seq = ?1",
    )?
    .execute(params![
        was,
        place,
        document.blob(),
        device.blob(),
        core.previous.as_ref().map(BlobId::blob),
        core.issued_at.0
    ])?;
    tx.prepare_cached("UPDATE paper_receipt SET place = ?2, document = ?3 WHERE id = ?1")?
        .execute(params![id.blob(), place, document.blob()])?;
    Ok(())
}

/// Does the money of a receipt that was entered from its paper lie where its record says? Asked when the record comes
/// and whenever its money is moved; of other receipts it says nothing.
pub(crate) fn judge(tx: &mut WriteTx<'_>, receipt: DocumentId) -> Result<(), StoreError> {
    let Some((_, paper)) = words(tx, receipt)? else {
        return Ok(());
    };
    let document = current(tx, receipt)?;
    let Some(Record::Receipt(record, _)) = documents::record(tx, document)? else {
        return Ok(());
    };
    let standing = known::standing(tx, document)?.ok_or(StoreError::NotFound("receipt"))?;
    let claimed = Books(tx).claimed(document)?;
    let now = tx.now();
    let finding = exceptions::paper_differs(&standing, &paper, &record.core, &claimed, now)?;
    kept::keep(tx, &finding)
}
