//! Promise states: derived from what was signed and what was paid, for one customer at a time,
//! whenever an entry posts, a promise comes in, or a day begins.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use shared::{
    day::{Day, Timestamp},
    document::Record,
    ids::{CustomerId, DocumentId, InvoiceId},
    ledger::{
        decide::Known,
        entry::EntryKind,
        exceptions,
        promise_state::{MoneyFact, PromiseFact, promise_states},
    },
    money::Money,
    promise::{Instalment, Promise, PromiseState},
    sync::message::{PromiseRow, Row},
};

use super::{
    Store, StoreError, WriteTx, commands, documents, exceptions as kept,
    known::Books,
    paper, rows,
    sql::{self, BlobId},
    write::Dirty,
};

/// Takes a new promise in.
pub(crate) fn take_in(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    promise: &Promise,
) -> Result<(), StoreError> {
    let core = &promise.core;
    tx.prepare_cached(
        "INSERT INTO promise_state (document, customer, replaces, fact, state, instalments)
         VALUES (?1, ?2, ?3, ?4, 'pending', '[]')",
    )?
    .execute(params![
        document.blob(),
        core.customer.blob(),
        core.replaces.as_ref().map(BlobId::blob),
        Fact::of(promise)?,
    ])?;
    tx.mark(Dirty::Promises(core.customer));
    let Some(replaced) = core.replaces else {
        return Ok(());
    };
    let replacements: Vec<DocumentId> = tx
        .prepare_cached("SELECT document FROM promise_state WHERE replaces = ?1 AND customer = ?2")?
        .query_map([replaced.blob(), core.customer.blob()], |row| {
            sql::id(row, 0)
        })?
        .collect::<Result<_, _>>()?;
    let now = tx.now();
    match exceptions::promise_replaced_twice(replaced, core.customer, &replacements, now) {
        Some(finding) => kept::keep(tx, &finding),
        None => Ok(()),
    }
}

/// Takes an edit of a promise in: a supervisor may have cancelled it.
pub(crate) fn take_edit_in(
    tx: &mut WriteTx<'_>,
    document: DocumentId,
    promise: &Promise,
) -> Result<(), StoreError> {
    tx.prepare_cached("UPDATE promise_state SET fact = ?2 WHERE document = ?1")?
        .execute(params![document.blob(), Fact::of(promise)?])?;
    tx.mark(Dirty::Promises(promise.core.customer));
    Ok(())
}

/// What a promise's state depends on, as it is stored.
#[derive(Serialize, Deserialize)]
struct Fact {
    made_at: Timestamp,
    day: Day,
    instalments: Vec<Instalment>,
    invoices: BTreeSet<InvoiceId>,
    already_counted: BTreeSet<DocumentId>,
    replaces: Option<DocumentId>,
    cancelled: bool,
}

impl Fact {
    fn of(promise: &Promise) -> Result<String, StoreError> {
        let core = &promise.core;
        let fact = Self {
            made_at: core.made_at,
            day: core.day,
            instalments: core.instalments.clone(),
            invoices: core.invoices.iter().map(|i| i.invoice).collect(),
            already_counted: core.already_counted.iter().copied().collect(),
            replaces: core.replaces,
            cancelled: !promise.cancellations.is_empty(),
        };
        Ok(serde_json::to_string(&fact)?)
    }

    fn read(id: DocumentId, text: &str) -> Result<PromiseFact, StoreError> {
        let fact: Self = serde_json::from_str(text)?;
        Ok(PromiseFact {
            id,
            made_at: fact.made_at,
            day: fact.day,
            instalments: fact.instalments,
            invoices: fact.invoices,
            already_counted: fact.already_counted,
            replaces: fact.replaces,
            cancelled: fact.cancelled,
        })
    }
}

/// Recomputes all promises of a customer and sends those whose state changed.
pub(crate) fn recompute(tx: &mut WriteTx<'_>, customer: CustomerId) -> Result<(), StoreError> {
    let (promises, stood) = facts(tx, customer)?;
    if promises.is_empty() {
        return Ok(());
    }
    let money = confirmed(tx, customer)?;
    let (today, company) = (tx.today()?, tx.company()?);
    let (grace, offset_minutes) = (
        company.policy.promise_grace_days,
        company.utc_offset_minutes,
    );
    let in_transit = in_transit(tx, customer, (today, offset_minutes))?;
    let outcomes = promise_states(&promises, &money, &in_transit, today, grace)?;
    for (document, outcome) in outcomes {
        let stands = Stands {
            state: outcome.state.slug().to_owned(),
            instalments: serde_json::to_string(&outcome.instalments)?,
        };
        // Most promises of a customer stand where they stood.
        if stood.get(&document) == Some(&stands) {
            continue;
        }
        tx.prepare_cached(
            "UPDATE promise_state SET state = ?2, instalments = ?3 WHERE document = ?1",
        )?
        .execute(params![document.blob(), stands.state, stands.instalments])?;
        rows::emit(
            tx,
            &Row::Promise(PromiseRow {
                document,
                customer,
                state: outcome.state,
                instalments: outcome.instalments,
            }),
        )?;
    }
    Ok(())
}

/// Where a promise stands, as it is stored.
#[derive(PartialEq, Eq)]
struct Stands {
    state: String,
    instalments: String,
}

/// What the customer's promises depend on, and where each stands so far.
type Facts = (Vec<PromiseFact>, BTreeMap<DocumentId, Stands>);

fn facts(conn: &Connection, customer: CustomerId) -> Result<Facts, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT document, fact, state, instalments FROM promise_state WHERE customer = ?1",
    )?;
    let mut rows = statement.query([customer.blob()])?;
    let (mut found, mut stood) = (Vec::new(), BTreeMap::new());
    while let Some(row) = rows.next()? {
        let document = sql::id(row, 0)?;
        let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        found.push(Fact::read(document, text)?);
        let stands = Stands {
            state: row.get(2)?,
            instalments: row.get(3)?,
        };
        stood.insert(document, stands);
    }
    Ok((found, stood))
}

/// The customer's posted money, without receipts that were voided; on the day it came, whatever day was open then.
fn confirmed(conn: &Connection, customer: CustomerId) -> Result<Vec<MoneyFact>, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT e.kind, e.document, COALESCE(l.own_day, e.day), p.invoice, p.amount, e.source
         FROM posting p JOIN journal_entry e ON e.number = p.entry LEFT JOIN late_entry l ON l.entry = e.number
         WHERE p.customer = ?1 AND e.kind <> 'invoice'",
    )?;
    // Money that the books had before its receipt came is that receipt's: a promise may have counted it already.
    let matched = commands::matched(conn, customer)?;
    // What was posted from a receipt's paper is its record's since that came.
    let papers = paper::records_of(conn, customer)?;
    let mut rows = statement.query([customer.blob()])?;
    let (mut found, mut voided) = (Vec::new(), BTreeSet::new());
    while let Some(row) = rows.next()? {
        let mut receipt: Option<DocumentId> = sql::opt_id(row, 1)?;
        if receipt.is_none() && !matched.is_empty() {
            let source = row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?;
            receipt = matched.get(&serde_json::from_str(source)?).copied();
        }
        receipt = receipt.map(|id| papers.get(&id).copied().unwrap_or(id));
        let kind = EntryKind::from_slug(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?);
        if !kind.is_money() {
            continue;
        }
        if kind == EntryKind::Void {
            voided.extend(receipt);
            continue;
        }
        found.push(MoneyFact {
            day: sql::day(row, 2)?,
            receipt,
            invoice: sql::opt_id(row, 3)?,
            amount: sql::money(row, 4)?.negated(),
        });
    }
    found.retain(|fact| fact.receipt.is_none_or(|id| !voided.contains(&id)));
    Ok(found)
}

/// Claims of the customer that stand and are not confirmed.
fn in_transit(
    conn: &Connection,
    customer: CustomerId,
    (today, offset_minutes): (Day, i32),
) -> Result<Vec<MoneyFact>, StoreError> {
    let ids: Vec<DocumentId> = conn
        .prepare_cached(
            "SELECT document FROM receipt_state
             WHERE customer = ?1 AND method <> 'cash' AND custody IN ('field', 'claim', 'clearing')",
        )?
        .query_map([customer.blob()], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for id in ids {
        let day = match (documents::record(conn, id)?, paper::words(conn, id)?) {
            (Some(Record::Receipt(receipt, _)), _) => {
                receipt.core.payment_day(today, offset_minutes)
            }
            (_, Some((_, typed))) => typed.facts.day.min(today),
            _ => continue,
        };
        let parts = Books(conn).claimed(id)?;
        found.extend(parts.into_iter().map(|(invoice, amount)| MoneyFact {
            day,
            receipt: Some(id),
            invoice,
            amount,
        }));
    }
    Ok(found)
}

/// Where a promise stands: the whole, and each instalment with what was paid on it.
pub type PromiseStanding = (PromiseState, Vec<(PromiseState, Money)>);

/// Where a promise stands; none if there is no such promise.
pub fn state(
    conn: &Connection,
    document: DocumentId,
) -> Result<Option<PromiseStanding>, StoreError> {
    let found = conn
        .prepare_cached("SELECT state, instalments FROM promise_state WHERE document = ?1")?
        .query_row([document.blob()], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .optional()?;
    found
        .map(|(state, instalments)| {
            Ok((
                PromiseState::from_slug(&state),
                serde_json::from_str(&instalments)?,
            ))
        })
        .transpose()
}

/// A promise of a customer as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseLine {
    /// Its document.
    pub document: DocumentId,
    /// Day of signing.
    pub day: Day,
    /// The whole.
    pub state: PromiseState,
    /// What was promised by when, and what was paid on it.
    pub instalments: Vec<(Instalment, PromiseState, Money)>,
}

/// The promises of a customer, the newest first.
pub fn of_customer(
    conn: &Connection,
    customer: CustomerId,
) -> Result<Vec<PromiseLine>, StoreError> {
    let (promises, _) = facts(conn, customer)?;
    let mut found = Vec::with_capacity(promises.len());
    for fact in promises {
        let Some((state, stood)) = self::state(conn, fact.id)? else {
            continue;
        };
        let stood = stood
            .into_iter()
            .chain(std::iter::repeat((PromiseState::Pending, Money::ZERO)));
        let mut instalments = fact.instalments;
        instalments.sort_by_key(|instalment| instalment.due);
        found.push(PromiseLine {
            document: fact.id,
            day: fact.day,
            state,
            instalments: instalments
                .into_iter()
                .zip(stood)
                .map(|(instalment, (state, paid))| (instalment, state, paid))
                .collect(),
        });
    }
    found.sort_by_key(|line| std::cmp::Reverse((line.day, line.document)));
    Ok(found)
}

/// The promises of a customer as they were signed, each with the ledger's word on its instalments.
pub(crate) fn said(
    conn: &Connection,
    customer: CustomerId,
) -> Result<Vec<(PromiseFact, PromiseStanding)>, StoreError> {
    let (promises, mut stood) = facts(conn, customer)?;
    let mut found = Vec::with_capacity(promises.len());
    for promise in promises {
        let Some(stands) = stood.remove(&promise.id) else {
            continue;
        };
        let instalments = serde_json::from_str(&stands.instalments)?;
        found.push((
            promise,
            (PromiseState::from_slug(&stands.state), instalments),
        ));
    }
    Ok(found)
}

/// Recomputes the promises that a new day may break: those not yet decided for good. Returns the day
/// that it was done for.
pub fn begin_day(store: &Store) -> Result<Option<Day>, StoreError> {
    if store.read(super::company::get)?.is_none() {
        return Ok(None);
    }
    store.write(|tx| {
        let customers: Vec<CustomerId> = tx
            .prepare_cached(
                "SELECT DISTINCT customer FROM promise_state WHERE state IN ('pending', 'partly_kept', 'broken')",
            )?
            .query_map([], |row| sql::id(row, 0))?
            .collect::<Result<_, _>>()?;
        for customer in customers {
            tx.mark(Dirty::Promises(customer));
        }
        tx.today().map(Some)
    })
}
