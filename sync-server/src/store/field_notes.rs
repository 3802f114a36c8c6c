//! What the collection rules ask of what was noted in the field: visits, the next day that a receipt names, the contact
//! book. Of documents taken in within the time for which phones keep closed matters: what a phone does not know of, the
//! list does not go by.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;
use shared::{
    contact_book::{BookField, ContactBook},
    day::{Day, Timestamp},
    document::Record,
    ids::{CustomerId, DocumentId},
    policy::account::{AccountFacts, NO_RESULT_DAYS, SIGN_DAYS},
    visit::{UnpaidReason, VisitResult, WarningSign},
};

use super::{
    StoreError,
    company::{self, Company},
    documents, promises,
    sql::{self, BlobId},
};

const DAY_MS: i64 = 86_400_000;

/// From when on what is looked at.
pub(super) struct Window {
    day: Day,
    offset_minutes: i32,
    /// The place of the log from which on documents are read.
    from_seq: u64,
    signs_since: Timestamp,
    visits_since: Timestamp,
}

impl Window {
    /// The windows that end on a day.
    pub(super) fn until(
        conn: &Connection,
        company: &Company,
        day: Day,
    ) -> Result<Self, StoreError> {
        let offset_minutes = company.utc_offset_minutes;
        let start = |days: i64| day_start(day.plus_days(-days), offset_minutes);
        let history = start(i64::from(company::history_days(conn)?));
        Ok(Self {
            day,
            offset_minutes,
            from_seq: first_since(conn, history)?,
            signs_since: start(SIGN_DAYS),
            visits_since: start(NO_RESULT_DAYS),
        })
    }
}

fn day_start(day: Day, offset_minutes: i32) -> Timestamp {
    Timestamp((day.number() * 1_440 - i64::from(offset_minutes)) * 60_000)
}

/// The place of the first document taken in at a time or later. Documents stand in the order in which they came in, so
/// it is found by halving: there is no index by time.
fn first_since(conn: &Connection, since: Timestamp) -> Result<u64, StoreError> {
    let newest: Option<i64> =
        conn.query_row("SELECT MAX(seq) FROM document", [], |row| row.get(0))?;
    let mut at = conn
        .prepare_cached("SELECT received_at FROM document WHERE seq >= ?1 ORDER BY seq LIMIT 1")?;
    let (mut low, mut high) = (0, newest.map_or(0, |seq| seq + 1));
    while low < high {
        let middle = low + (high - low) / 2;
        let received: Option<i64> = at.query_row([middle], |row| row.get(0)).optional()?;
        match received.is_some_and(|received| received < since.0) {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    Ok(u64::try_from(low).unwrap_or(0))
}

/// What of a visit's record is asked for; the rest of it is not read.
#[derive(Deserialize)]
struct Noted {
    started_at: Timestamp,
    result: VisitResult,
    reason: Option<UnpaidReason>,
    signs: Vec<WarningSign>,
    next_day: Option<Day>,
}

#[derive(Deserialize)]
struct VisitRecord {
    #[serde(rename = "Visit")]
    visit: Noted,
}

/// Adds it to what is known of an account.
pub(super) fn add(
    conn: &Connection,
    window: &Window,
    facts: &mut AccountFacts,
) -> Result<(), StoreError> {
    let visits = visits(conn, window, facts.customer)?;
    let last = visits.last().map(|visit| visit.started_at);
    facts.last_visit = last.map(|at| Day::of(at, window.offset_minutes));
    let named = visits
        .iter()
        .rev()
        .find_map(|visit| Some((visit.started_at, visit.next_day?)));
    let asked_for = day_of_receipt(conn, window, facts.customer)?;
    facts.appointment = named.max(asked_for).map(|(_, day)| day);
    facts.drop_kept_appointment(window.day);
    for visit in visits.iter().filter(|v| v.started_at >= window.signs_since) {
        visit.signs.iter().for_each(|sign| facts.add_sign(*sign));
    }
    without_result(conn, window, &visits, facts)?;
    if let Some(book) = book(conn, facts.customer)? {
        for seen in book.signs.iter().filter(|s| s.at >= window.signs_since) {
            facts.add_sign(seen.sign);
        }
        let field = |field: BookField| book.fields.get(field.slug()).cloned().unwrap_or_default();
        facts.payment_cycle = field(BookField::PaymentCycle);
        facts.stock_sold = field(BookField::StockSold);
    }
    Ok(())
}

/// Visits by their time, those of one moment by id.
fn visits(
    conn: &Connection,
    window: &Window,
    customer: CustomerId,
) -> Result<Vec<Noted>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT d.id, d.record FROM document_by_customer c CROSS JOIN document d ON d.seq = c.seq
         WHERE c.filed IN (0, 1) AND c.customer = ?1 AND c.seq >= ?2 AND d.kind = 'visit'",
    )?;
    let mut rows = statement.query(params![customer.blob(), sql::int(window.from_seq)])?;
    let mut found: Vec<(Timestamp, DocumentId, Noted)> = Vec::new();
    while let Some(row) = rows.next()? {
        let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        let VisitRecord { visit } = serde_json::from_str(text)?;
        found.push((visit.started_at, sql::id(row, 0)?, visit));
    }
    found.sort_by_key(|(at, id, _)| (*at, *id));
    Ok(found.into_iter().map(|(_, _, visit)| visit).collect())
}

/// The next day that the latest receipt names which left something short, with the time of the receipt.
fn day_of_receipt(
    conn: &Connection,
    window: &Window,
    customer: CustomerId,
) -> Result<Option<(Timestamp, Day)>, StoreError> {
    let found: Option<(i64, Option<String>)> = conn
        .prepare_cached(
            "SELECT r.issued_at, json_extract(d.record, '$.Receipt[0].core.shortfall.next_day') AS next_day
             FROM document_by_customer c CROSS JOIN receipt_state r ON r.seq = c.seq
               CROSS JOIN document d ON d.seq = c.seq
             WHERE c.filed IN (0, 1) AND c.customer = ?1 AND c.seq >= ?2
               AND instr(d.record, '\"shortfall\":{') > 0 AND next_day IS NOT NULL
             ORDER BY r.issued_at DESC LIMIT 1",
        )?
        .query_row(
            params![customer.blob(), sql::int(window.from_seq)],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    Ok(found.and_then(|(at, day)| Some((Timestamp(at), day?.parse().ok()?))))
}

/// Visits that brought nothing since the last receipt, promise or payment in the books, and the reason given at the
/// latest.
fn without_result(
    conn: &Connection,
    window: &Window,
    visits: &[Noted],
    facts: &mut AccountFacts,
) -> Result<(), StoreError> {
    let asked: Vec<&Noted> = visits
        .iter()
        .filter(|visit| visit.started_at >= window.visits_since && brought_nothing(visit.result))
        .collect();
    if asked.is_empty() {
        return Ok(());
    }
    let (after, from) = last_result(conn, window, facts.customer)?;
    let counted = || {
        let later = |visit: &&&Noted| visit.started_at > after && visit.started_at >= from;
        asked.iter().filter(later)
    };
    facts.no_result = u32::try_from(counted().count()).unwrap_or(u32::MAX);
    facts.reason = counted().rev().find_map(|visit| visit.reason);
    Ok(())
}

fn brought_nothing(result: VisitResult) -> bool {
    matches!(
        result,
        VisitResult::Unpaid | VisitResult::Disputed | VisitResult::NobodyMet
    )
}

/// When a receipt that stands was issued or a promise signed, the last time; and the beginning of the day of the last
/// payment in the books.
fn last_result(
    conn: &Connection,
    window: &Window,
    customer: CustomerId,
) -> Result<(Timestamp, Timestamp), StoreError> {
    let receipt: Option<i64> = conn
        .prepare_cached(
            "SELECT MAX(r.issued_at) FROM document_by_customer c CROSS JOIN receipt_state r ON r.seq = c.seq
             WHERE c.filed IN (0, 1) AND c.customer = ?1 AND c.seq >= ?2 AND r.state <> 'voided'",
        )?
        .query_row(
            params![customer.blob(), sql::int(window.from_seq)],
            |row| row.get(0),
        )?;
    let promises = promises::said(conn, customer)?;
    let signed = promises
        .iter()
        .filter(|(promise, _)| !promise.cancelled)
        .map(|(promise, _)| promise.made_at);
    let after = signed.chain(receipt.map(Timestamp)).max();
    let paid: Option<i64> = conn
        .prepare_cached("SELECT MAX(day) FROM payment WHERE customer = ?1")?
        .query_row([customer.blob()], |row| row.get(0))?;
    let from = paid.map_or(0, |day| {
        day * DAY_MS - i64::from(window.offset_minutes) * 60_000
    });
    Ok((after.unwrap_or(Timestamp(0)), Timestamp(from)))
}

/// The contact book. It has been written in, or nothing is known of it: the edits of a customer's documents are few,
/// the documents many.
fn book(conn: &Connection, customer: CustomerId) -> Result<Option<ContactBook>, StoreError> {
    let id: Option<DocumentId> = conn
        .prepare_cached(
            "SELECT document FROM change
             WHERE customer = ?1 AND hash <> document AND kind = 'contact_book' ORDER BY seq DESC LIMIT 1",
        )?
        .query_row([customer.blob()], |row| sql::id(row, 0))
        .optional()?;
    let Some(id) = id else { return Ok(None) };
    Ok(match documents::record(conn, id)? {
        Some(Record::ContactBook(book)) => Some(book),
        _ => None,
    })
}
