//! One record with its content, seal and journey.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, params};
use shared::{
    day::Timestamp,
    document::{Kind, Record, Seal},
    ids::{DocumentId, InvoiceId, PersonId},
    paper::qr::qr_payload,
    promise::{Promise, PromiseState},
    receipt::ReceiptState,
};

use super::{
    super::{
        api::{AskedFor, Journey, RecordContent, RecordView},
        command::{edit::BEING_FETCHED, visit::known_place},
        error::{Error, Result},
        open::Open,
        store::{
            corrections,
            documents::{self, DocumentRow},
            hand_ins, on_demand, project, proposals, rows, statements,
        },
    },
    promise_state, timeline,
};

/// A record's view. One of which only the digest is here is wanted from now on.
pub fn view(open: &Open, id: DocumentId, now: Timestamp) -> Result<RecordView> {
    let row = documents::get(&open.db, id)?;
    if !on_demand::is_whole(&open.db, id)? {
        if on_demand::is_absent(&open.db, id)? {
            return Err(Error::NotFound("record"));
        }
        on_demand::want(&open.db, id, now)?;
        return Err(Error::Invalid(BEING_FETCHED));
    }
    let (record, is_complete) = project::load_so_far(&open.db, id)?;
    if !is_complete && !documents::has_unreadable(&open.db, id)? {
        // A page may bring a change before what it builds on: the rest is asked for with the next one. (Where
        // it has come and cannot be read, asking again would bring the same.)
        on_demand::want(&open.db, id, now)?;
    }
    let corrects = record.corrects().first().copied();
    let (content, seal) = content(open, id, record, now)?;
    let qr = match (&content, &seal) {
        // Only the device that issued it can sign the code.
        (RecordContent::Receipt(receipt, _), Some(seal)) if row.device == open.identity.device => {
            Some(qr_payload(&receipt.core, seal, &open.identity.sealer()))
        }
        _ => None,
    };
    let author = record_author(&content);
    let customer_name = match rows::customer(&open.db, row.customer) {
        Ok(customer) => customer.name,
        Err(Error::NotFound(_)) => sealed_customer_name(&content),
        Err(error) => return Err(error),
    };
    Ok(RecordView {
        document: id,
        kind: row.kind,
        customer: (row.customer, customer_name),
        author: (author, open.name_of(author)?),
        journey: journey(open, &row, &content, corrects)?,
        clock_offset_ms: row.clock_offset_ms,
        customer_position: known_place(&open.db, row.customer)?,
        names: names(open, &content)?,
        qr,
        mine: author == open.identity.person,
        content,
        seal,
    })
}

fn content(
    open: &Open,
    id: DocumentId,
    record: Record,
    now: Timestamp,
) -> Result<(RecordContent, Option<Seal>)> {
    Ok(match record {
        Record::Visit(visit) => (RecordContent::Visit(visit), None),
        Record::Promise(promise, seal) => {
            let (state, parts) = promise_parts(open, id, &promise, now)?;
            (RecordContent::Promise(promise, state, parts), Some(seal))
        }
        Record::Receipt(receipt, seal) => {
            let state = timeline::receipt_state(open, id)?;
            (RecordContent::Receipt(receipt, state), Some(seal))
        }
        Record::HandIn(hand_in, seal) => {
            let word = hand_ins::word_on(&open.db, id)?;
            (RecordContent::HandIn(hand_in, word), Some(seal))
        }
        Record::Proposal(proposal) => {
            let word = proposals::word_on(&open.db, id)?;
            let given = proposal.decisions.first().map(|word| word.approved);
            let asked_for = AskedFor {
                state: proposals::standing(word.as_ref().map(|row| row.state), given),
                word,
                invoices: numbers(open, &proposal.ask.invoices)?,
                proposal,
            };
            (RecordContent::Proposal(Box::new(asked_for)), None)
        }
        Record::Statement(answer, seal) => {
            let mut word = statements::get(&open.db, answer.core.statement)?;
            if let Some(word) = &mut word {
                // The record holds the paper as it was shown.
                word.content.clear();
            }
            (
                RecordContent::Statement(answer, word.map(Box::new)),
                Some(seal),
            )
        }
        Record::ContactBook(_) => return Err(Error::NotFound("record")),
    })
}

/// Numbers of invoices, of those that are here.
pub fn numbers(open: &Open, invoices: &[InvoiceId]) -> Result<Vec<String>> {
    let mut statement = open
        .db
        .prepare_cached("SELECT number FROM invoice WHERE id = ?1")?;
    let mut found = Vec::new();
    for invoice in invoices {
        let key = params![invoice.0.into_bytes()];
        found.extend(
            statement
                .query_row(key, |row| row.get::<_, String>(0))
                .optional()?,
        );
    }
    Ok(found)
}

fn promise_parts(
    open: &Open,
    id: DocumentId,
    promise: &Promise,
    now: Timestamp,
) -> Result<rows::PromiseRowState> {
    let standing = promise_state::of_document(open, id, open.day(now)?)?;
    Ok(standing.map_or_else(
        || {
            let pending = (PromiseState::Pending, shared::money::Money::ZERO);
            (
                PromiseState::Pending,
                vec![pending; promise.core.instalments.len()],
            )
        },
        |s| (s.state, s.parts),
    ))
}

/// Who the record itself says has made it; admission has checked that it is who pushed it.
fn record_author(content: &RecordContent) -> PersonId {
    match content {
        RecordContent::Visit(visit) => visit.person,
        RecordContent::Promise(promise, ..) => promise.core.person,
        RecordContent::Receipt(receipt, _) => receipt.core.person,
        RecordContent::HandIn(hand_in, _) => hand_in.core.person,
        RecordContent::Proposal(asked) => asked.proposal.person,
        RecordContent::Statement(answer, _) => answer.core.person,
    }
}

fn sealed_customer_name(content: &RecordContent) -> String {
    match content {
        RecordContent::Visit(_) | RecordContent::HandIn(..) | RecordContent::Proposal(_) => {
            String::new()
        }
        RecordContent::Promise(promise, ..) => promise.core.customer_name.clone(),
        RecordContent::Receipt(receipt, _) => receipt.core.customer_name.clone(),
        RecordContent::Statement(answer, _) => answer.core.customer_name.clone(),
    }
}

fn journey(
    open: &Open,
    row: &DocumentRow,
    content: &RecordContent,
    corrects: Option<DocumentId>,
) -> Result<Journey> {
    let (state, in_ledger) = match content {
        RecordContent::Receipt(_, state) => {
            (*state, rows::receipt_state(&open.db, row.id)?.is_some())
        }
        RecordContent::HandIn(_, word) => (None, word.is_some()),
        RecordContent::Visit(_)
        | RecordContent::Promise(..)
        | RecordContent::Proposal(_)
        | RecordContent::Statement(..) => (None, false),
    };
    let waiting: u32 = open
        .db
        .prepare_cached("SELECT COUNT(*) FROM outbox WHERE document = ?1")?
        .query_row(params![row.id.0], |r| r.get(0))?;
    let rejected: Option<String> = open
        .db
        .prepare_cached(
            "SELECT code FROM quarantine WHERE document = ?1 AND own = 1 AND dismissed = 0 ORDER BY at DESC",
        )?
        .query_row(params![row.id.0], |r| r.get(0))
        .optional()?;
    let saved_at = match content {
        RecordContent::Visit(visit) => visit.ended_at,
        RecordContent::Promise(promise, ..) => promise.core.made_at,
        RecordContent::Receipt(receipt, _) => receipt.core.issued_at,
        RecordContent::HandIn(hand_in, _) => hand_in.core.made_at,
        RecordContent::Proposal(asked) => asked.proposal.made_at,
        RecordContent::Statement(answer, _) => answer.core.made_at,
    };
    let corrected_by = corrections::by(&open.db, row.id)?;
    let rejected = rejected
        .or_else(|| row.rejected.clone())
        .filter(|_| corrected_by.is_none());
    Ok(Journey {
        correctable: row.rejected.is_some()
            && !matches!(row.kind, Kind::HandIn | Kind::Proposal | Kind::Statement)
            && row.author == open.identity.person
            && rejected.as_deref().is_some_and(corrections::is_correctable),
        corrected_by,
        corrects: corrects.filter(|old| documents::get(&open.db, *old).is_ok()),
        saved_at,
        received_at: row.received_at,
        in_ledger,
        confirmed: state == Some(ReceiptState::Cleared),
        waiting,
        rejected,
    })
}

fn names(open: &Open, content: &RecordContent) -> Result<Vec<(PersonId, String)>> {
    let mut people: BTreeSet<PersonId> = content.comments().iter().map(|c| c.author).collect();
    people.extend(content.attachments().iter().map(|a| a.author));
    match content {
        RecordContent::Receipt(receipt, _) => {
            people.extend(receipt.void_requests.iter().map(|r| r.author));
            people.extend(receipt.void_decisions.iter().map(|d| d.author));
        }
        RecordContent::Promise(promise, ..) => {
            people.extend(promise.cancellations.iter().map(|c| c.author));
        }
        RecordContent::Proposal(asked) => {
            people.extend(asked.proposal.decisions.iter().map(|d| d.author));
            people.extend(asked.word.as_ref().and_then(|word| word.by));
        }
        RecordContent::Visit(_) | RecordContent::HandIn(..) | RecordContent::Statement(..) => {}
    }
    people
        .into_iter()
        .map(|person| Ok((person, open.name_of(person)?)))
        .collect()
}

/// A short line for lists of records: receipt number and sum, sum of a promise, note of a visit.
pub fn label(open: &Open, id: DocumentId, kind: Kind) -> Result<String> {
    let sql = match kind {
        Kind::Receipt => {
            "SELECT number, amount FROM receipt
             WHERE place = (SELECT place FROM document WHERE filed IN (0, 1) AND id = ?1)"
        }
        Kind::Promise => "SELECT '', total FROM promise WHERE document = ?1",
        Kind::Statement => "SELECT '', closing FROM statement_answer WHERE document = ?1",
        Kind::HandIn => "SELECT '', cash + cheques FROM hand_in WHERE document = ?1",
        Kind::Proposal => "SELECT '', amount FROM proposal WHERE document = ?1",
        Kind::Visit => {
            "SELECT note, 0 FROM visit WHERE place = (SELECT place FROM document WHERE filed IN (0, 1) AND id = ?1)"
        }
        Kind::ContactBook | Kind::Unknown => return Ok(String::new()),
    };
    let found = open
        .db
        .prepare_cached(sql)?
        .query_row(params![id.0], |row| {
            Ok((
                row.get::<_, String>(0)?,
                super::super::store::money(row, 1)?,
            ))
        })
        .optional()?;
    Ok(match found {
        Some((text, sum)) if sum.is_zero() => text,
        Some((text, sum)) => format!("{text} {}", shared::paper::yuan(sum))
            .trim()
            .to_owned(),
        None => String::new(),
    })
}
