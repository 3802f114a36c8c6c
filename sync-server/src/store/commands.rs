//! Commands of finance as they were taken, and what they have led to so far.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::Timestamp,
    ids::{CommandId, CustomerId, DocumentId},
    ledger::{
        command::{Body, Command, Debt},
        decide::{Decision, HandIn},
        entry::Source,
    },
    money::Money,
};

use super::{
    StoreError,
    sql::{self, BlobId},
};

/// A command.
pub fn get(conn: &Connection, id: CommandId) -> Result<Option<Command>, StoreError> {
    let found = conn
        .prepare_cached("SELECT person, at, day, reason, body FROM finance_command WHERE id = ?1")?
        .query_row([id.blob()], |row| {
            Ok((
                sql::id(row, 0)?,
                Timestamp(row.get(1)?),
                sql::day(row, 2)?,
                row.get(3)?,
                row.get::<_, String>(4)?,
            ))
        })
        .optional()?;
    let Some((person, at, day, reason, body)) = found else {
        return Ok(None);
    };
    let body: Body = serde_json::from_str(&body)?;
    Ok(Some(Command {
        id,
        person,
        at,
        day,
        reason,
        body,
    }))
}

/// A hand-in as it was counted, and what of its difference is not decided.
pub fn hand_in(conn: &Connection, id: CommandId) -> Result<Option<HandIn>, StoreError> {
    Ok(conn
        .prepare_cached(
            "SELECT person, expected, counted, undecided FROM hand_in WHERE command = ?1",
        )?
        .query_row([id.blob()], |row| {
            Ok(HandIn {
                id,
                person: sql::id(row, 0)?,
                expected: sql::money(row, 1)?,
                counted: sql::money(row, 2)?,
                open: sql::money(row, 3)?,
            })
        })
        .optional()?)
}

/// A command that needs two persons, and what became of it.
pub fn proposal(
    conn: &Connection,
    id: CommandId,
) -> Result<Option<(Command, Decision)>, StoreError> {
    let decision: Option<String> = conn
        .prepare_cached("SELECT decision FROM proposal WHERE command = ?1")?
        .query_row([id.blob()], |row| row.get(0))
        .optional()?;
    let Some(decision) = decision.as_deref().map(decision_of) else {
        return Ok(None);
    };
    Ok(get(conn, id)?.map(|command| (command, decision)))
}

fn decision_of(slug: &str) -> Decision {
    match slug {
        "approved" => Decision::Approved,
        "rejected" => Decision::Rejected,
        _ => Decision::Open,
    }
}

/// What became of each command that needs two persons.
pub(crate) fn decisions(conn: &Connection) -> Result<BTreeMap<CommandId, Decision>, StoreError> {
    Ok(conn
        .prepare("SELECT command, decision FROM proposal")?
        .query_map([], |row| {
            Ok((sql::id(row, 0)?, decision_of(&row.get::<_, String>(1)?)))
        })?
        .collect::<Result<_, _>>()?)
}

/// Every hand-in.
pub(crate) fn hand_ins(conn: &Connection) -> Result<BTreeMap<CommandId, HandIn>, StoreError> {
    let ids: Vec<CommandId> = conn
        .prepare("SELECT command FROM hand_in")?
        .query_map([], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?;
    let mut found = BTreeMap::new();
    for id in ids {
        found.extend(hand_in(conn, id)?.map(|hand_in| (id, hand_in)));
    }
    Ok(found)
}

/// What is written off of each debt and was not recovered.
pub(crate) fn all_written_off(conn: &Connection) -> Result<BTreeMap<Debt, Money>, StoreError> {
    Ok(conn
        .prepare(
            "SELECT customer, CASE WHEN length(invoice) THEN invoice END, amount FROM written_off",
        )?
        .query_map([], |row| {
            let debt = Debt {
                customer: sql::id(row, 0)?,
                invoice: sql::opt_id(row, 1)?,
            };
            Ok((debt, sql::money(row, 2)?))
        })?
        .collect::<Result<_, _>>()?)
}

/// Every line that has settled a claim.
pub(crate) fn settled_lines(conn: &Connection) -> Result<BTreeSet<String>, StoreError> {
    Ok(conn
        .prepare("SELECT line FROM settled_line")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

/// The payments of the books that are the money of a receipt, and the commands that said so, of one customer.
pub(crate) fn matched(
    conn: &Connection,
    customer: CustomerId,
) -> Result<BTreeMap<Source, DocumentId>, StoreError> {
    let bodies: Vec<(CommandId, String)> = conn
        .prepare_cached(
            "SELECT id, body FROM finance_command
             WHERE customer = ?1 AND kind = 'confirm_transfer' AND json_extract(body, '$.booked') IS NOT NULL",
        )?
        .query_map([customer.blob()], |row| Ok((sql::id(row, 0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut found = BTreeMap::new();
    for (id, body) in bodies {
        if let Body::ConfirmTransfer {
            receipt,
            booked: Some(payment),
            ..
        } = serde_json::from_str(&body)?
        {
            found.insert(Source::Payment(payment), receipt);
            found.insert(Source::Command { id, receipt: None }, receipt);
        }
    }
    Ok(found)
}

/// The text that stands for a decision.
pub fn decision_slug(decision: Decision) -> &'static str {
    match decision {
        Decision::Open => "open",
        Decision::Approved => "approved",
        Decision::Rejected => "rejected",
    }
}

/// Commands, the newest first, at most `limit`: of one customer or of all, or only those that wait for a second
/// person.
pub fn list(
    conn: &Connection,
    customer: Option<CustomerId>,
    only_open: bool,
    limit: u32,
) -> Result<Vec<Command>, StoreError> {
    let by_customer = match customer {
        Some(_) => "customer = ?1",
        None => "?1 IS NULL",
    };
    let ids: Vec<CommandId> = conn
        .prepare_cached(&format!(
            "SELECT c.id FROM finance_command c LEFT JOIN proposal p ON p.command = c.id
             WHERE {by_customer} AND (p.decision = 'open' OR NOT ?2) ORDER BY c.at DESC, c.rowid DESC LIMIT ?3"
        ))?
        .query_map(
            params![customer.as_ref().map(BlobId::blob), only_open, limit],
            |row| sql::id(row, 0),
        )?
        .collect::<Result<_, _>>()?;
    let found: Result<Vec<_>, _> = ids.into_iter().map(|id| get(conn, id)).collect();
    Ok(found?.into_iter().flatten().collect())
}

/// What was noted of a customer's case, in the order in which it was noted.
pub fn of_case(conn: &Connection, customer: CustomerId) -> Result<Vec<Command>, StoreError> {
    let ids: Vec<CommandId> = conn
        .prepare_cached(
            "SELECT id FROM finance_command
             WHERE customer = ?1 AND kind IN ('letter_sent', 'invoice_delivered', 'legal_step') ORDER BY rowid",
        )?
        .query_map([customer.blob()], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?;
    let found: Result<Vec<_>, _> = ids.into_iter().map(|id| get(conn, id)).collect();
    Ok(found?.into_iter().flatten().collect())
}

/// The newest command of a kind.
pub fn newest(conn: &Connection, kind: &str) -> Result<Option<Command>, StoreError> {
    let id: Option<CommandId> = conn
        .prepare_cached(
            "SELECT id FROM finance_command WHERE kind = ?1 ORDER BY rowid DESC LIMIT 1",
        )?
        .query_row([kind], |row| sql::id(row, 0))
        .optional()?;
    Ok(id.map(|id| get(conn, id)).transpose()?.flatten())
}

/// The hand-ins whose difference is not decided, the oldest first.
pub fn undecided_hand_ins(conn: &Connection) -> Result<Vec<HandIn>, StoreError> {
    let ids: Vec<CommandId> = conn
        .prepare_cached(
            "SELECT h.command FROM hand_in h JOIN finance_command c ON c.id = h.command
             WHERE h.undecided <> 0 ORDER BY c.at, c.rowid",
        )?
        .query_map([], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?;
    let found: Result<Vec<_>, _> = ids.into_iter().map(|id| hand_in(conn, id)).collect();
    Ok(found?.into_iter().flatten().collect())
}

/// What is written off of a debt and was not recovered.
pub fn written_off(conn: &Connection, debt: Debt) -> Result<Money, StoreError> {
    let found = conn
        .prepare_cached("SELECT amount FROM written_off WHERE customer = ?1 AND invoice = ?2")?
        .query_row(params![debt.customer.blob(), invoice_key(&debt)], |row| {
            sql::money(row, 0)
        })
        .optional()?;
    Ok(found.unwrap_or(Money::ZERO))
}

/// The account beside the invoices has the empty key.
pub(crate) fn invoice_key(debt: &Debt) -> &[u8] {
    debt.invoice.as_ref().map_or(&[], BlobId::blob)
}

/// Has this line settled a claim?
pub(crate) fn line_used(conn: &Connection, line: &str) -> Result<bool, StoreError> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM settled_line WHERE line = ?1)")?
        .query_row([line], |row| row.get(0))?)
}

/// Whom a command is about, if it names a customer itself.
pub(crate) fn customer_of(body: &Body) -> Option<CustomerId> {
    match body {
        Body::Reallocate { customer, .. }
        | Body::EnterPaper { customer, .. }
        | Body::LetterSent { customer, .. }
        | Body::InvoiceDelivered { customer, .. }
        | Body::LegalStep { customer, .. }
        | Body::CreditRating { customer, .. }
        | Body::CreditKept { customer, .. } => Some(*customer),
        Body::Refund { debt, .. }
        | Body::Discount { debt, .. }
        | Body::Interest { debt, .. }
        | Body::GoodsReturn { debt, .. }
        | Body::WriteOff { debt, .. }
        | Body::Recover { debt, .. } => Some(debt.customer),
        _ => None,
    }
}
