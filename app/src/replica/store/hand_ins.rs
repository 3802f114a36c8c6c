//! Hand-ins and what is left in the person's hands to hand in.

use rusqlite::{Connection, OptionalExtension, Row, params};
use shared::{
    hand_in::{HandIn, HandInState, HandedIn},
    ids::{CustomerId, DocumentId, PersonId},
    money::Money,
    receipt::MethodKind,
    sync::message::HandInRow,
};

use super::{customer_id, day, document_id, money, time};
use crate::replica::{
    api::{HandInLine, HandInWord, HeldReceipt},
    error::Result,
};

/// Hand-ins that are listed.
const LISTED: u32 = 60;

/// Writes the rows of a hand-in.
pub fn put(db: &Connection, id: DocumentId, hand_in: &HandIn) -> Result<()> {
    let core = &hand_in.core;
    db.prepare_cached(
        "INSERT OR REPLACE INTO hand_in (document, made_at, day, cash, cheques, receipts)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        id.0,
        core.made_at.0,
        core.day.number(),
        core.cash.fen(),
        core.cheques.fen(),
        core.receipts.len() as i64,
    ])?;
    for handed_in in &core.receipts {
        db.prepare_cached(
            "INSERT OR IGNORE INTO hand_in_receipt (receipt, document) VALUES (?1, ?2)",
        )?
        .execute(params![handed_in.receipt.0, id.0])?;
    }
    Ok(())
}

/// Puts the server's word on a hand-in in its place.
pub fn put_row(db: &Connection, row: &HandInRow, seq: i64) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO hand_in_state (document, state, counted, undecided, reason, at, row_seq)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (document) DO UPDATE SET state = ?2, counted = ?3, undecided = ?4, reason = ?5, at = ?6,
           row_seq = ?7 WHERE row_seq <= ?7",
    )?
    .execute(params![
        row.document.0,
        row.state.slug(),
        row.counted.map(Money::fen),
        row.undecided.map(Money::fen),
        row.reason,
        row.at.0,
        seq
    ])?;
    for receipt in &row.gone {
        db.prepare_cached("INSERT OR IGNORE INTO handed_in (receipt) VALUES (?1)")?
            .execute(params![receipt.0])?;
    }
    Ok(())
}

/// The server's word, in five columns; none if the state is NULL.
fn word(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<HandInWord>> {
    let sum = |column| match row.get::<_, Option<i64>>(column)? {
        Some(_) => money(row, column).map(Some),
        None => Ok(None),
    };
    let Some(state) = row.get::<_, Option<String>>(column)? else {
        return Ok(None);
    };
    Ok(Some(HandInWord {
        state: HandInState::from_slug(&state),
        counted: sum(column + 1)?,
        undecided: sum(column + 2)?,
        reason: row.get(column + 3)?,
        at: time(row, column + 4)?,
    }))
}

/// The server's word on a hand-in.
pub fn word_on(db: &Connection, id: DocumentId) -> Result<Option<HandInWord>> {
    let found = db
        .prepare_cached(
            "SELECT state, counted, undecided, reason, at FROM hand_in_state WHERE document = ?1",
        )?
        .query_row(params![id.0], |row| word(row, 0))
        .optional()?;
    Ok(found.flatten())
}

/// What the person has in hand and in no hand-in that is under way, in the order taken.
///
/// A refused receipt is not among it: the server does not know it, and it has to be corrected first. Of cash the
/// server's word on the receipt tells that it is in hand, while its customer is in scope: that of others comes no more,
/// so that only what was said to be gone is; of a cheque it says only that it has not cleared.
pub fn held(db: &Connection, person: PersonId) -> Result<Vec<(HeldReceipt, CustomerId)>> {
    let mut statement = db.prepare_cached(
        "SELECT r.document, r.number, r.method, r.amount, r.day, r.customer
         FROM receipt r JOIN document d ON d.place = r.place LEFT JOIN receipt_state s ON s.document = r.document
         WHERE r.person = ?1 AND r.method IN ('cash', 'cheque', 'acceptance_bill') AND r.voided = 0
           AND d.rejected IS NULL AND (s.state IS NULL OR s.state IN ('posted', 'in_transit', 'void_pending'))
           AND (NOT EXISTS (SELECT 1 FROM handed_in h WHERE h.receipt = r.document)
             OR s.state = 'posted' AND EXISTS (SELECT 1 FROM scope c WHERE c.customer = r.customer))
           AND NOT EXISTS (
             SELECT 1 FROM hand_in_receipt o JOIN document h ON h.filed IN (0, 1) AND h.id = o.document
               LEFT JOIN hand_in_state w ON w.document = o.document
             WHERE o.receipt = r.document AND h.rejected IS NULL AND (w.state IS NULL OR w.state <> 'returned'))
         ORDER BY r.issued_at, r.place",
    )?;
    let found = statement.query_map(params![person.0.into_bytes()], |row| {
        let held = HeldReceipt {
            receipt: HandedIn {
                receipt: document_id(row, 0)?,
                number: row.get(1)?,
                method: MethodKind::from_slug(&row.get::<_, String>(2)?),
                amount: money(row, 3)?,
            },
            day: day(row, 4)?,
            customer_name: String::new(),
        };
        Ok((held, customer_id(row, 5)?))
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The person's hand-ins, the newest first.
pub fn list(db: &Connection) -> Result<Vec<HandInLine>> {
    let mut statement = db.prepare_cached(
        "SELECT h.document, h.day, h.made_at, h.cash, h.cheques, h.receipts, d.received_at IS NOT NULL,
           d.rejected IS NOT NULL, w.state, w.counted, w.undecided, w.reason, w.at
         FROM hand_in h JOIN document d ON d.filed IN (0, 1) AND d.id = h.document
           LEFT JOIN hand_in_state w ON w.document = h.document
         ORDER BY h.made_at DESC, h.document LIMIT ?1",
    )?;
    let found = statement.query_map(params![LISTED], |row| {
        Ok(HandInLine {
            document: document_id(row, 0)?,
            day: day(row, 1)?,
            at: time(row, 2)?,
            cash: money(row, 3)?,
            cheques: money(row, 4)?,
            receipts: row.get(5)?,
            synced: row.get(6)?,
            rejected: row.get(7)?,
            word: word(row, 8)?,
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}
