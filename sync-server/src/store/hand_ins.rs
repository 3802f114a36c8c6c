//! Hand-ins that come from the field: offered, to be counted; accepted by the hand-in that finance counts of exactly
//! the same receipts; or returned.
//!
//! Invariants: an offer moves no money, the command of finance does, once; an offer of which a receipt is not in the
//! person's hands any more cannot be accepted, and goes back to the person, who is told which receipts are gone.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest as _, Sha256};
use shared::{
    day::Timestamp,
    document::Record,
    hand_in::{HandIn, HandInCore, HandInState},
    ids::{CommandId, DocumentId, PersonId},
    ledger::{
        command::{Body, Command, CommandError, REASON_CHARS},
        custody::Custody,
        decide,
    },
    sync::message::{HandInRow, Row},
};

use super::{
    StoreError, WriteTx, commands, documents, known, rows,
    sql::{self, BlobId},
};

/// Earlier hand-ins of a person among which that is looked for which an offer is of.
const EARLIER: u32 = 50;

/// An offer and what became of it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The hand-in.
    pub document: DocumentId,
    /// Who hands in.
    pub person: PersonId,
    /// When the server took it in.
    pub received_at: Timestamp,
    /// Where it stands.
    pub state: HandInState,
    /// The command by which it was counted.
    pub command: Option<CommandId>,
    /// Why it was returned.
    pub reason: String,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// What was signed.
    pub core: HandInCore,
    /// Its receipts whose money is not in the person's hands (any more).
    pub gone: Vec<DocumentId>,
}

/// Takes a new hand-in in. One whose receipts finance has counted already, just these, is accepted by that count.
pub(crate) fn take_in(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    hand_in: &HandIn,
) -> Result<(), StoreError> {
    let person = hand_in.core.person;
    tx.prepare_cached(
        "INSERT INTO hand_in_offer (document, person, received_at, state, reason) VALUES (?1, ?2, ?3, 'offered', '')",
    )?
    .execute(params![document.blob(), person.blob(), tx.now().0])?;
    for handed_in in &hand_in.core.receipts {
        tx.prepare_cached("INSERT INTO hand_in_offer_receipt (receipt, document) VALUES (?1, ?2)")?
            .execute(params![handed_in.receipt.blob(), document.blob()])?;
    }
    if gone(tx, person, &receipts_of(tx, document)?)?.is_empty() {
        return send(tx, document);
    }
    let wanted: BTreeSet<DocumentId> = hand_in.core.receipts.iter().map(|r| r.receipt).collect();
    match counted_before(tx, person, &wanted)? {
        Some(command) => accept(tx, document, &command),
        None => settle(tx, document, HandInState::Returned, None, ""),
    }
}

/// The count of finance that was of just these receipts.
fn counted_before(
    conn: &Connection,
    person: PersonId,
    wanted: &BTreeSet<DocumentId>,
) -> Result<Option<Command>, StoreError> {
    let earlier: Vec<CommandId> = conn
        .prepare_cached(
            "SELECT h.command FROM hand_in h JOIN finance_command c ON c.id = h.command
             WHERE h.person = ?1 ORDER BY c.at DESC LIMIT ?2",
        )?
        .query_map(params![person.blob(), EARLIER], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?;
    for id in earlier {
        let found = commands::get(conn, id)?.filter(|command| match &command.body {
            Body::HandIn { receipts, .. } => {
                receipts.iter().copied().collect::<BTreeSet<_>>() == *wanted
            }
            _ => false,
        });
        if found.is_some() && of_command(conn, id)?.is_none() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Finance has counted a hand-in: the offer of just its receipts is accepted, others of some of them go back.
pub(crate) fn note_counted(tx: &mut WriteTx<'_>, command: &Command) -> Result<(), StoreError> {
    let Body::HandIn {
        person, receipts, ..
    } = &command.body
    else {
        return Ok(());
    };
    let wanted: BTreeSet<DocumentId> = receipts.iter().copied().collect();
    // The oldest first, as they are shown to be counted: of two that are of the same receipts (a copied phone) it is the
    // one that is accepted.
    let mut touched: BTreeSet<(i64, DocumentId)> = BTreeSet::new();
    for receipt in &wanted {
        let offers = tx
            .prepare_cached(
                "SELECT o.received_at, o.document FROM hand_in_offer_receipt r
                   JOIN hand_in_offer o ON o.document = r.document
                 WHERE r.receipt = ?1 AND o.state = 'offered'",
            )?
            .query_map([receipt.blob()], |row| Ok((row.get(0)?, sql::id(row, 1)?)))?
            .collect::<Result<Vec<(i64, DocumentId)>, _>>()?;
        touched.extend(offers);
    }
    let mut accepted = false;
    for (_, offer) in touched {
        let is_it =
            !accepted && receipts_of(tx, offer)? == wanted && holder(tx, offer)? == Some(*person);
        match is_it {
            true => accept(tx, offer, command)?,
            false => settle(tx, offer, HandInState::Returned, None, "")?,
        }
        accepted |= is_it;
    }
    if accepted {
        return Ok(());
    }
    // Nothing came from the field of it: the phone is told which receipts are not in hand any more.
    rows::emit(
        tx,
        &Row::HandIn(HandInRow {
            document: name_of(command.id),
            person: *person,
            state: HandInState::Accepted,
            gone: receipts.clone(),
            counted: counted(tx, command.id)?.map(|counted| counted.counted),
            undecided: counted(tx, command.id)?.map(|counted| counted.open),
            reason: String::new(),
            at: command.at,
        }),
    )
}

/// A receipt was voided while its money was in the person's hands: the phone is told that it is not there any more. (The
/// receipt's own state goes to whoever has the customer, and that may be somebody else by now.)
pub(crate) fn note_voided(
    tx: &mut WriteTx<'_>,
    receipt: DocumentId,
    person: PersonId,
) -> Result<(), StoreError> {
    let row = HandInRow {
        document: named(b"huikuan voided in hand ", &receipt.0),
        person,
        state: HandInState::Accepted,
        gone: vec![receipt],
        counted: None,
        undecided: None,
        reason: String::new(),
        at: tx.now(),
    };
    rows::emit(tx, &Row::HandIn(row))
}

/// Under which name a hand-in goes to the phone of which there is no record.
fn name_of(command: CommandId) -> DocumentId {
    named(b"huikuan hand-in ", command.0.as_bytes())
}

fn named(what: &[u8], id: &[u8]) -> DocumentId {
    let mut hash = Sha256::new();
    hash.update(what);
    hash.update(id);
    DocumentId(hash.finalize().into())
}

fn counted(conn: &Connection, command: CommandId) -> Result<Option<decide::HandIn>, StoreError> {
    commands::hand_in(conn, command)
}

/// Tells the phone that a part of its difference was decided.
pub(crate) fn note_decided(tx: &mut WriteTx<'_>, command: CommandId) -> Result<(), StoreError> {
    match of_command(tx, command)? {
        Some(offer) => send(tx, offer),
        None => Ok(()),
    }
}

fn of_command(conn: &Connection, command: CommandId) -> Result<Option<DocumentId>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT document FROM hand_in_offer WHERE command = ?1")?
        .query_row([command.blob()], |row| sql::id(row, 0))
        .optional()?)
}

fn holder(conn: &Connection, document: DocumentId) -> Result<Option<PersonId>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT person FROM hand_in_offer WHERE document = ?1")?
        .query_row([document.blob()], |row| sql::id(row, 0))
        .optional()?)
}

fn accept(tx: &mut WriteTx<'_>, document: DocumentId, command: &Command) -> Result<(), StoreError> {
    let by = Some((command.person, Some(command.id)));
    settle(tx, document, HandInState::Accepted, by, "")
}

/// Sends an offer back to the person, with what they are to be told. The same again changes nothing.
pub fn send_back(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    by: PersonId,
    reason: &str,
) -> Result<(), StoreError> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_CHARS {
        return Err(CommandError::Reason.into());
    }
    let offer = get(tx, document)?.ok_or(CommandError::NoSuch("hand-in"))?;
    if offer.person == by {
        return Err(CommandError::SamePerson.into());
    }
    match offer.state {
        HandInState::Offered => settle(
            tx,
            document,
            HandInState::Returned,
            Some((by, None)),
            reason,
        ),
        HandInState::Returned if offer.reason == reason => Ok(()),
        _ => Err(CommandError::Decided.into()),
    }
}

fn settle(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    state: HandInState,
    by: Option<(PersonId, Option<CommandId>)>,
    reason: &str,
) -> Result<(), StoreError> {
    let (person, command) = by.unzip();
    tx.prepare_cached(
        "UPDATE hand_in_offer SET state = ?2, command = ?3, reason = ?4, decided_by = ?5, decided_at = ?6
         WHERE document = ?1",
    )?
    .execute(params![
        document.blob(),
        state.slug(),
        command.flatten().as_ref().map(BlobId::blob),
        reason,
        person.as_ref().map(BlobId::blob),
        tx.now().0
    ])?;
    send(tx, document)
}

/// Tells the person's phone where the hand-in stands.
fn send(tx: &mut WriteTx<'_>, document: DocumentId) -> Result<(), StoreError> {
    let offer = get(tx, document)?.ok_or(StoreError::NotFound("hand-in"))?;
    let count = match offer.command {
        Some(command) => counted(tx, command)?,
        None => None,
    };
    let row = HandInRow {
        document,
        person: offer.person,
        state: offer.state,
        // While it is offered all of it is still theirs; and so is what the server has not heard of yet.
        gone: match offer.state {
            HandInState::Offered => Vec::new(),
            _ => heard_of(tx, offer.gone)?,
        },
        counted: count.map(|count| count.counted),
        undecided: count.map(|count| count.open),
        reason: offer.reason,
        at: offer.decided_at.unwrap_or(offer.received_at),
    };
    rows::emit(tx, &Row::HandIn(row))
}

/// Those of the receipts that the server knows.
fn heard_of(conn: &Connection, receipts: Vec<DocumentId>) -> Result<Vec<DocumentId>, StoreError> {
    let mut heard_of = Vec::with_capacity(receipts.len());
    for receipt in receipts {
        if known::standing(conn, receipt)?.is_some() {
            heard_of.push(receipt);
        }
    }
    Ok(heard_of)
}

fn receipts_of(
    conn: &Connection,
    document: DocumentId,
) -> Result<BTreeSet<DocumentId>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT receipt FROM hand_in_offer_receipt WHERE document = ?1")?
        .query_map([document.blob()], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?)
}

/// Those of the receipts whose money is not in the person's hands.
fn gone(
    conn: &Connection,
    person: PersonId,
    receipts: &BTreeSet<DocumentId>,
) -> Result<Vec<DocumentId>, StoreError> {
    let mut gone = Vec::new();
    for receipt in receipts {
        let is_there = known::standing(conn, *receipt)?
            .is_some_and(|r| r.person == person && r.custody == Custody::Field);
        if !is_there {
            gone.push(*receipt);
        }
    }
    Ok(gone)
}

/// An offer.
pub fn get(conn: &Connection, document: DocumentId) -> Result<Option<Offer>, StoreError> {
    let found = conn
        .prepare_cached(
            "SELECT person, received_at, state, command, reason, decided_at FROM hand_in_offer WHERE document = ?1",
        )?
        .query_row([document.blob()], |row| {
            Ok((
                sql::id::<PersonId>(row, 0)?,
                Timestamp(row.get(1)?),
                HandInState::from_slug(&row.get::<_, String>(2)?),
                sql::opt_id(row, 3)?,
                row.get(4)?,
                row.get::<_, Option<i64>>(5)?.map(Timestamp),
            ))
        })
        .optional()?;
    let Some((person, received_at, state, command, reason, decided_at)) = found else {
        return Ok(None);
    };
    let Some(Record::HandIn(hand_in, _)) = documents::record(conn, document)? else {
        return Err(StoreError::NotFound("hand-in"));
    };
    Ok(Some(Offer {
        document,
        person,
        received_at,
        state,
        command,
        reason,
        decided_at,
        core: hand_in.core,
        gone: gone(conn, person, &receipts_of(conn, document)?)?,
    }))
}

/// Offers to be counted, the oldest first; or those decided last, the newest first.
pub fn list(conn: &Connection, to_count: bool, limit: u32) -> Result<Vec<Offer>, StoreError> {
    let sql = match to_count {
        true => {
            "SELECT document FROM hand_in_offer WHERE state = 'offered' ORDER BY received_at, document LIMIT ?1"
        }
        false => {
            "SELECT document FROM hand_in_offer WHERE state IN ('accepted', 'returned')
             ORDER BY decided_at DESC, document LIMIT ?1"
        }
    };
    let ids: Vec<DocumentId> = conn
        .prepare_cached(sql)?
        .query_map([limit], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?;
    let found: Result<Vec<_>, _> = ids.into_iter().map(|id| get(conn, id)).collect();
    Ok(found?.into_iter().flatten().collect())
}
