//! Authoritative rows: the server's word, each in place of the one with the same key.
//!
//! Invariant: a row carries the place in the log that it reflects, and an older one never takes the
//! place of a newer one.

use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;
use shared::{
    customer::{ContactRole, Customer},
    ids::{CustomerId, DocumentId, PersonId},
    money::Money,
    people::{Person, Role},
    planted::{self, Bug},
    promise::PromiseState,
    receipt::ReceiptState,
    sync::message::{CompanyRow, FieldCashRow, Row},
};

use super::{cases, hand_ins, money, person_id, proposals, statements};
use crate::replica::error::{Error, Result};

/// Puts a row in its place.
pub fn put(db: &Connection, row: &Row, seq: u64) -> Result<()> {
    let seq = seq.cast_signed();
    match row {
        Row::Company(row) => {
            db.prepare_cached("INSERT OR REPLACE INTO company (one, body) VALUES (1, ?1)")?
                .execute(params![serde_json::to_string(row)?])?;
        }
        Row::Person(row) => {
            db.prepare_cached("INSERT OR REPLACE INTO person (id, name, role, phone, active) VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![row.id.0.into_bytes(), row.name, row.role.slug(), row.phone, row.active])?;
        }
        Row::Territory(row) => {
            db.prepare_cached(
                "INSERT OR REPLACE INTO territory (id, name, supervisor) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![
                row.id.0.into_bytes(),
                row.name,
                row.supervisor.map(|p| p.0.into_bytes())
            ])?;
        }
        Row::Customer(row) => put_customer(db, row)?,
        Row::Invoice(row) => {
            let invoice = &row.invoice;
            db.prepare_cached(
                "INSERT INTO invoice (id, customer, number, issued, due, amount, settled, row_seq)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (id) DO UPDATE SET customer = ?2, number = ?3, issued = ?4, due = ?5,
                   amount = ?6, settled = ?7, row_seq = ?8 WHERE row_seq <= ?8",
            )?
            .execute(params![
                invoice.id.0.into_bytes(),
                invoice.customer.0.into_bytes(),
                invoice.number,
                invoice.issued.number(),
                invoice.due.number(),
                invoice.amount.fen(),
                row.settled.fen(),
                seq,
            ])?;
        }
        Row::Account(row) => {
            db.prepare_cached(
                "INSERT INTO account (customer, on_account, in_transit, row_seq) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (customer) DO UPDATE SET on_account = ?2, in_transit = ?3, row_seq = ?4 WHERE row_seq <= ?4",
            )?
            .execute(params![row.customer.0.into_bytes(), row.on_account.fen(), row.in_transit.fen(), seq])?;
        }
        Row::Payment(row) => {
            db.prepare_cached(
                "INSERT OR REPLACE INTO payment (id, customer, number, day, amount, invoice) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                row.id.0.into_bytes(), row.customer.0.into_bytes(), row.number, row.day.number(),
                row.amount.fen(), row.invoice.map(|i| i.0.into_bytes()),
            ])?;
        }
        Row::Receipt(row) => {
            db.prepare_cached(
                "INSERT INTO receipt_state (document, customer, state, posted_day, row_seq) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (document) DO UPDATE SET state = ?3, posted_day = ?4, row_seq = ?5 WHERE row_seq <= ?5",
            )?
            .execute(params![
                row.document.0, row.customer.0.into_bytes(), row.state.slug(), row.posted_day.map(|d| d.number()), seq,
            ])?;
            db.prepare_cached(
                "UPDATE receipt SET voided = ?2
                 WHERE place = (SELECT place FROM document WHERE filed IN (0, 1) AND id = ?1) AND voided <> ?2",
            )?
                .execute(params![row.document.0, row.state == ReceiptState::Voided])?;
        }
        Row::Promise(row) => {
            db.prepare_cached(
                "INSERT INTO promise_state (document, customer, state, instalments, row_seq) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (document) DO UPDATE SET state = ?3, instalments = ?4, row_seq = ?5 WHERE row_seq <= ?5",
            )?
            .execute(params![
                row.document.0, row.customer.0.into_bytes(), row.state.slug(), serde_json::to_string(&row.instalments)?, seq,
            ])?;
        }
        Row::Exception(row) => {
            db.prepare_cached("INSERT OR REPLACE INTO exception (id, customer, open, found_at, body) VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute(params![
                    row.id.0, row.customer.0.into_bytes(), row.open, row.found_at.0, serde_json::to_string(row)?,
                ])?;
        }
        Row::FieldCash(row) => {
            db.prepare_cached("INSERT OR REPLACE INTO field_cash (person, cash, cheques, row_seq) VALUES (?1, ?2, ?3, ?4)")?
                .execute(params![row.person.0.into_bytes(), row.cash.fen(), row.cheques.fen(), seq])?;
        }
        Row::HandIn(row) => hand_ins::put_row(db, row, seq)?,
        Row::Proposal(row) => proposals::put_row(db, row, seq)?,
        Row::Statement(row) => statements::put_row(db, row, seq)?,
        Row::Case(row) => cases::put_row(db, row)?,
        Row::Rules(row) => cases::put_rules(db, row)?,
    }
    Ok(())
}

fn put_customer(db: &Connection, row: &Customer) -> Result<()> {
    // Whom to see: who decides, else who pays, else the first.
    let contact = [ContactRole::DecisionMaker, ContactRole::Payer]
        .iter()
        .find_map(|role| row.contacts.iter().find(|c| c.role == *role))
        .or(row.contacts.first());
    db.prepare_cached(
        "INSERT OR REPLACE INTO customer (id, number, name, search_key, territory, rep, lat, lon, hold,
           contact, contact_role, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        row.id.0.into_bytes(),
        row.number,
        row.name,
        row.search_key,
        row.territory.0.into_bytes(),
        row.rep.map(|p| p.0.into_bytes()),
        row.position.map(|p| p.lat_e7),
        row.position.map(|p| p.lon_e7),
        row.hold,
        contact.map_or("", |c| c.name.as_str()),
        contact.map_or("", |c| c.role.slug()),
        serde_json::to_string(row)?,
    ])?;
    Ok(())
}

/// A customer comes into scope. What was here of one that had just left goes first.
pub fn enter(db: &Connection, customer: CustomerId) -> Result<()> {
    let is_leaving: bool = db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM scope WHERE customer = ?1 AND leaving = 1)")?
        .query_row([customer.0.into_bytes()], |row| row.get(0))?;
    if is_leaving {
        drop_left(db)?;
    }
    db.prepare_cached("INSERT OR REPLACE INTO scope (customer, leaving) VALUES (?1, 0)")?
        .execute(params![customer.0.into_bytes()])?;
    Ok(())
}

/// A customer leaves the scope: dropped with the next [`drop_left`], or later if something of theirs waits here.
pub fn leave(db: &Connection, customer: CustomerId) -> Result<()> {
    if planted::is(Bug::IgnoreLeave) {
        return Ok(());
    }
    db.prepare_cached("INSERT OR REPLACE INTO scope (customer, leaving) VALUES (?1, 1)")?
        .execute(params![customer.0.into_bytes()])?;
    Ok(())
}

/// Drops every customer that has left and of whom nothing waits. Own receipts stay: the money is in
/// the person's hands until it is handed in.
///
/// Which documents are a customer's is read from all documents: once for all customers that leave together.
pub fn drop_left(db: &Connection) -> Result<()> {
    let is_leaving: bool = db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM scope WHERE leaving = 1)")?
        .query_row([], |row| row.get(0))?;
    if !is_leaving {
        return Ok(());
    }
    db.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS left_customer (customer BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
         CREATE TEMP TABLE IF NOT EXISTS left_document (document BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
         DELETE FROM temp.left_customer;
         DELETE FROM temp.left_document;",
    )?;
    let left = db
        .prepare_cached(
            "INSERT INTO temp.left_customer (customer) SELECT customer FROM scope WHERE leaving = 1
             EXCEPT SELECT d.customer FROM outbox o CROSS JOIN document d ON d.filed IN (0, 1) AND d.id = o.document
             EXCEPT SELECT d.customer FROM change c CROSS JOIN document d ON d.filed IN (0, 1) AND d.id = c.document
               WHERE c.state = 'parked'
             EXCEPT SELECT d.customer FROM attachment a CROSS JOIN document d ON d.filed IN (0, 1) AND d.id = a.document
               WHERE a.waiting = 1
             EXCEPT SELECT d.customer FROM quarantine q CROSS JOIN document d ON d.filed IN (0, 1) AND d.id = q.document
               WHERE q.own = 1 AND q.dismissed = 0",
        )?
        .execute([])?;
    if left > 0 {
        drop_customers(db)?;
    }
    Ok(())
}

/// Drops those in `temp.left_customer`.
fn drop_customers(db: &Connection) -> Result<()> {
    const CUSTOMERS: &str = "SELECT customer FROM temp.left_customer";
    const DOCUMENTS: &str = "SELECT document FROM temp.left_document";
    // What stays: own receipts with their changes, photos and states.
    db.execute(
        &format!(
            "INSERT INTO temp.left_document (document) SELECT id FROM document
             WHERE customer IN ({CUSTOMERS}) AND NOT (mine = 1 AND kind = 'receipt')"
        ),
        [],
    )?;
    for sql in [
        format!(
            "DELETE FROM attachment WHERE document IN ({DOCUMENTS})
               OR hash IN (SELECT hash FROM attachment_ref WHERE document IN ({DOCUMENTS}))"
        ),
        format!("DELETE FROM attachment_ref WHERE document IN ({DOCUMENTS})"),
        format!("DELETE FROM wanted WHERE document IN ({DOCUMENTS})"),
        format!("DELETE FROM older WHERE customer IN ({CUSTOMERS})"),
        // A server restored from an old backup gets them from here.
        format!(
            "UPDATE change SET state = 'kept' WHERE own = 1 AND state = 'admitted' AND document IN ({DOCUMENTS})"
        ),
        format!("DELETE FROM change WHERE state <> 'kept' AND document IN ({DOCUMENTS})"),
        format!("DELETE FROM quarantine WHERE document IN ({DOCUMENTS})"),
        format!("DELETE FROM visit_related WHERE visit IN ({DOCUMENTS})"),
        format!("DELETE FROM void_request WHERE document IN ({DOCUMENTS})"),
        format!(
            "DELETE FROM receipt_allocation WHERE receipt IN (
               SELECT place FROM document WHERE filed IN (0, 1) AND id IN ({DOCUMENTS}))"
        ),
        format!("DELETE FROM receipt_state WHERE document IN ({DOCUMENTS})"),
        format!("DELETE FROM receipt WHERE document IN ({DOCUMENTS})"),
        format!("DELETE FROM visit WHERE customer IN ({CUSTOMERS})"),
        format!("DELETE FROM promise WHERE customer IN ({CUSTOMERS})"),
        format!("DELETE FROM promise_state WHERE customer IN ({CUSTOMERS})"),
        format!("DELETE FROM book WHERE customer IN ({CUSTOMERS})"),
        format!("DELETE FROM proposal WHERE customer IN ({CUSTOMERS})"),
        format!("DELETE FROM proposal_state WHERE customer IN ({CUSTOMERS})"),
        format!("DELETE FROM document WHERE filed IN (0, 1) AND id IN ({DOCUMENTS})"),
        format!("DELETE FROM statement WHERE customer IN ({CUSTOMERS})"),
        format!("DELETE FROM statement_answer WHERE customer IN ({CUSTOMERS})"),
        format!("DELETE FROM case_step WHERE customer IN ({CUSTOMERS})"),
        format!("DELETE FROM exception WHERE customer IN ({CUSTOMERS})"),
        format!("DELETE FROM payment WHERE customer IN ({CUSTOMERS})"),
        format!("DELETE FROM account WHERE customer IN ({CUSTOMERS})"),
        format!("DELETE FROM invoice WHERE customer IN ({CUSTOMERS})"),
        format!("DELETE FROM customer WHERE id IN ({CUSTOMERS})"),
        format!("DELETE FROM scope WHERE customer IN ({CUSTOMERS})"),
    ] {
        db.prepare_cached(&sql)?.execute([])?;
    }
    Ok(())
}

fn body<T: DeserializeOwned>(
    db: &Connection,
    sql: &str,
    key: impl rusqlite::Params,
) -> Result<Option<T>> {
    let text = db
        .prepare_cached(sql)?
        .query_row(key, |row| row.get::<_, String>(0))
        .optional()?;
    Ok(text.map(|json| serde_json::from_str(&json)).transpose()?)
}

/// The company, once the first page has come.
pub fn company(db: &Connection) -> Result<Option<CompanyRow>> {
    body(db, "SELECT body FROM company", [])
}

/// A customer's row.
pub fn customer(db: &Connection, id: CustomerId) -> Result<Customer> {
    body(
        db,
        "SELECT body FROM customer WHERE id = ?1",
        params![id.0.into_bytes()],
    )?
    .ok_or(Error::NotFound("customer"))
}

/// A person's row.
pub fn person(db: &Connection, id: PersonId) -> Result<Option<Person>> {
    Ok(db
        .prepare_cached("SELECT id, name, role, phone, active FROM person WHERE id = ?1")?
        .query_row(params![id.0.into_bytes()], read_person)
        .optional()?)
}

/// Everybody, by name.
pub fn people(db: &Connection) -> Result<Vec<Person>> {
    let mut statement =
        db.prepare_cached("SELECT id, name, role, phone, active FROM person ORDER BY name, id")?;
    let found = statement.query_map([], read_person)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

fn read_person(row: &rusqlite::Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: person_id(row, 0)?,
        name: row.get(1)?,
        role: Role::from_slug(&row.get::<_, String>(2)?),
        phone: row.get(3)?,
        active: row.get(4)?,
    })
}

/// What the server says of a receipt.
pub fn receipt_state(db: &Connection, id: DocumentId) -> Result<Option<ReceiptState>> {
    let slug = db
        .prepare_cached("SELECT state FROM receipt_state WHERE document = ?1")?
        .query_row(params![id.0], |row| row.get::<_, String>(0))
        .optional()?;
    Ok(slug.map(|slug| ReceiptState::from_slug(&slug)))
}

/// State of a promise and of its instalments, as the server says.
pub type PromiseRowState = (PromiseState, Vec<(PromiseState, Money)>);

/// What the server says of a promise.
pub fn promise_state(db: &Connection, id: DocumentId) -> Result<Option<PromiseRowState>> {
    let found = db
        .prepare_cached("SELECT state, instalments FROM promise_state WHERE document = ?1")?
        .query_row(params![id.0], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .optional()?;
    found
        .map(|(state, json)| {
            Ok((
                PromiseState::from_slug(&state),
                serde_json::from_str(&json)?,
            ))
        })
        .transpose()
}

/// Cash and cheques in a person's hands, as the ledger says, and the place in the log of that.
pub fn field_cash(db: &Connection, id: PersonId) -> Result<Option<(FieldCashRow, u64)>> {
    Ok(db
        .prepare_cached("SELECT cash, cheques, row_seq FROM field_cash WHERE person = ?1")?
        .query_row(params![id.0.into_bytes()], |row| {
            let figures = FieldCashRow {
                person: id,
                cash: money(row, 0)?,
                cheques: money(row, 1)?,
            };
            Ok((figures, row.get::<_, i64>(2)?.cast_unsigned()))
        })
        .optional()?)
}
