//! Everything that happened with a customer, newest first.

use rusqlite::params;
use shared::{
    day::{Day, Timestamp},
    ids::{CustomerId, DocumentId},
    receipt::{MethodKind, ReceiptState},
    visit::VisitResult,
};

use super::{
    super::{
        api::{TimelineLine, TimelineWhat},
        error::Result,
        open::Open,
        store::{day, document_id, money, person_id, proposals, time},
    },
    promise_state,
};

/// Most lines of a timeline.
const MOST: usize = 500;

/// The customer's timeline.
pub fn of_customer(open: &Open, customer: CustomerId, today: Day) -> Result<Vec<TimelineLine>> {
    let mut lines = visits(open, customer)?;
    lines.extend(promises(open, customer, today)?);
    let receipts = receipts(open, "r.customer = ?1", params![customer.0.into_bytes()])?;
    lines.extend(receipts.into_iter().map(|(line, _)| line));
    lines.extend(statements(open, customer)?);
    lines.extend(payments(open, customer)?);
    lines.extend(asked_for(open, customer)?);
    lines.sort_by_key(|line| std::cmp::Reverse((line.day, line.at.unwrap_or(Timestamp(0)))));
    lines.truncate(MOST);
    Ok(lines)
}

fn visits(open: &Open, customer: CustomerId) -> Result<Vec<TimelineLine>> {
    let mut statement = open.db.prepare_cached(
        "SELECT v.document, v.started_at, v.ended_at, v.result, v.note, v.person, d.received_at IS NOT NULL
         FROM visit v JOIN document d ON d.place = v.place WHERE v.customer = ?1
         ORDER BY v.started_at DESC, v.document LIMIT ?2",
    )?;
    let mut rows = statement.query(params![customer.0.into_bytes(), MOST as i64])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let (started, ended) = (time(row, 1)?, time(row, 2)?);
        lines.push(TimelineLine {
            document: Some(document_id(row, 0)?),
            day: open.day(started)?,
            at: Some(started),
            what: TimelineWhat::Visit {
                minutes: u32::try_from(ended.ms_since(started) / 60_000).unwrap_or(0),
                result: VisitResult::from_slug(&row.get::<_, String>(3)?),
                note: row.get(4)?,
                person_name: open.name_of(person_id(row, 5)?)?,
            },
            synced: row.get(6)?,
        });
    }
    Ok(lines)
}

fn asked_for(open: &Open, customer: CustomerId) -> Result<Vec<TimelineLine>> {
    let sql = format!(
        "SELECT p.document, p.made_at, d.received_at IS NOT NULL, {} FROM proposal p
           JOIN document d ON d.filed IN (0, 1) AND d.id = p.document
           LEFT JOIN proposal_state s ON s.document = p.document
         WHERE p.customer = ?1 ORDER BY p.made_at DESC, p.document LIMIT {MOST}",
        proposals::LINE
    );
    let mut statement = open.db.prepare_cached(&sql)?;
    let mut rows = statement.query(params![customer.0.into_bytes()])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let made_at = time(row, 1)?;
        lines.push(TimelineLine {
            document: Some(document_id(row, 0)?),
            day: open.day(made_at)?,
            at: Some(made_at),
            what: TimelineWhat::Proposal(proposals::line(row, 3)?),
            synced: row.get(2)?,
        });
    }
    Ok(lines)
}

fn promises(open: &Open, customer: CustomerId, today: Day) -> Result<Vec<TimelineLine>> {
    let standing = promise_state::of_customer(open, customer, today)?;
    let lines = standing.into_iter().map(|p| TimelineLine {
        document: Some(p.id),
        day: p.day,
        at: Some(p.made_at),
        what: TimelineWhat::Promise {
            total: p.total,
            state: p.state,
            instalments: p
                .instalments
                .into_iter()
                .zip(p.parts)
                .map(|(instalment, (state, _))| (instalment, state))
                .collect(),
        },
        synced: p.synced,
    });
    Ok(lines.collect())
}

/// Receipts by a condition on `r`, newest first, each with its customer.
pub fn receipts(
    open: &Open,
    condition: &str,
    key: impl rusqlite::Params,
) -> Result<Vec<(TimelineLine, CustomerId)>> {
    let sql = format!(
        "SELECT r.document, r.day, r.issued_at, r.number, r.amount, r.method, s.state, r.void_pending,
           d.received_at IS NOT NULL, r.customer
         FROM receipt r JOIN document d ON d.place = r.place LEFT JOIN receipt_state s ON s.document = r.document
         WHERE {condition} ORDER BY r.issued_at DESC, r.document LIMIT {MOST}"
    );
    let mut statement = open.db.prepare_cached(&sql)?;
    let lines = statement.query_map(key, |row| {
        let said: Option<String> = row.get(6)?;
        let line = TimelineLine {
            document: Some(document_id(row, 0)?),
            day: day(row, 1)?,
            at: Some(time(row, 2)?),
            what: TimelineWhat::Receipt {
                number: row.get(3)?,
                amount: money(row, 4)?,
                method: MethodKind::from_slug(&row.get::<_, String>(5)?),
                state: state(said.as_deref(), row.get(7)?),
            },
            synced: row.get(8)?,
        };
        Ok((line, super::super::store::customer_id(row, 9)?))
    })?;
    Ok(lines.collect::<rusqlite::Result<_>>()?)
}

/// The server's word on a receipt; a void asked for here shows before the server has said so.
pub fn state(said: Option<&str>, void_pending: bool) -> Option<ReceiptState> {
    match said.map(ReceiptState::from_slug) {
        Some(ReceiptState::Voided) => Some(ReceiptState::Voided),
        _ if void_pending => Some(ReceiptState::VoidPending),
        said => said,
    }
}

/// The state of one receipt.
pub fn receipt_state(open: &Open, id: DocumentId) -> Result<Option<ReceiptState>> {
    let read = open
        .db
        .prepare_cached(
            "SELECT s.state, r.void_pending FROM receipt r LEFT JOIN receipt_state s ON s.document = r.document
             WHERE r.place = (SELECT place FROM document WHERE filed IN (0, 1) AND id = ?1)",
        )?
        .query_row(params![id.0], |row| Ok((row.get::<_, Option<String>>(0)?, row.get(1)?)));
    match read {
        Ok((said, pending)) => Ok(state(said.as_deref(), pending)),
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn statements(open: &Open, customer: CustomerId) -> Result<Vec<TimelineLine>> {
    let mut statement = open.db.prepare_cached(
        "SELECT a.document, a.day, a.made_at, a.as_of, a.closing, a.disputed, d.received_at IS NOT NULL
         FROM statement_answer a JOIN document d ON d.filed IN (0, 1) AND d.id = a.document WHERE a.customer = ?1
         ORDER BY a.made_at DESC LIMIT ?2",
    )?;
    let lines = statement.query_map(params![customer.0.into_bytes(), MOST as i64], |row| {
        Ok(TimelineLine {
            document: Some(document_id(row, 0)?),
            day: day(row, 1)?,
            at: Some(time(row, 2)?),
            what: TimelineWhat::Statement {
                as_of: day(row, 3)?,
                closing: money(row, 4)?,
                disputed: row.get(5)?,
            },
            synced: row.get(6)?,
        })
    })?;
    Ok(lines.collect::<rusqlite::Result<_>>()?)
}

fn payments(open: &Open, customer: CustomerId) -> Result<Vec<TimelineLine>> {
    let mut statement = open.db.prepare_cached(
        "SELECT day, number, amount FROM payment WHERE customer = ?1 ORDER BY day DESC, number LIMIT ?2",
    )?;
    let lines = statement.query_map(params![customer.0.into_bytes(), MOST as i64], |row| {
        Ok(TimelineLine {
            document: None,
            day: day(row, 0)?,
            at: None,
            what: TimelineWhat::Payment {
                number: row.get(1)?,
                amount: money(row, 2)?,
            },
            synced: true,
        })
    })?;
    Ok(lines.collect::<rusqlite::Result<_>>()?)
}
