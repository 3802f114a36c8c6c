//! The company's books as taken over: customers, invoices 应收单, payments. Identity is the number in
//! the books; putting the same again changes nothing.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};
use shared::{
    customer::Customer,
    day::Timestamp,
    ids::{CustomerId, InvoiceId, PaymentId, PersonId, TerritoryId},
    invoice::{Invoice, Payment},
    ledger::{entry::Source, posting},
    money::Money,
    sync::message::{AccountRow, InvoiceRow, Row},
};

use super::{
    StoreError, WriteTx, exceptions, facts, journal, people, rows,
    sql::{self, BlobId},
    write::Dirty,
};

/// What putting something into the books did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It was not there.
    New,
    /// It was there and said something else.
    Changed,
    /// It was there like this.
    Same,
}

/// A customer by id.
pub fn customer(conn: &Connection, id: CustomerId) -> Result<Option<Customer>, StoreError> {
    let body = conn
        .prepare_cached("SELECT body FROM customer WHERE id = ?1")?
        .query_row([id.blob()], |row| row.get::<_, String>(0))
        .optional()?;
    Ok(body.map(|b| serde_json::from_str(&b)).transpose()?)
}

/// A customer by the company's own number.
pub fn customer_by_number(conn: &Connection, number: &str) -> Result<Option<Customer>, StoreError> {
    let body = conn
        .prepare_cached("SELECT body FROM customer WHERE number = ?1")?
        .query_row([number], |row| row.get::<_, String>(0))
        .optional()?;
    Ok(body.map(|b| serde_json::from_str(&b)).transpose()?)
}

/// Number and name of every customer.
pub fn customer_names(
    conn: &Connection,
) -> Result<BTreeMap<CustomerId, (String, String)>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT id, number, name FROM customer")?
        .query_map([], |row| Ok((sql::id(row, 0)?, (row.get(1)?, row.get(2)?))))?
        .collect::<Result<_, _>>()?)
}

/// Number of every invoice.
pub fn invoice_numbers(conn: &Connection) -> Result<BTreeMap<InvoiceId, String>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT id, number FROM invoice")?
        .query_map([], |row| Ok((sql::id(row, 0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?)
}

/// Ids of the customers for which an SQL condition on the person `?1` holds.
pub(crate) fn customer_ids(
    conn: &Connection,
    condition: &'static str,
    person: PersonId,
) -> Result<Vec<CustomerId>, StoreError> {
    Ok(conn
        .prepare_cached(&format!(
            "SELECT id FROM customer WHERE {condition} ORDER BY number"
        ))?
        .query_map([person.blob()], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?)
}

/// Ids of a territory's customers.
pub fn customers_of_territory(
    conn: &Connection,
    territory: TerritoryId,
) -> Result<Vec<CustomerId>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT id FROM customer WHERE territory = ?1 ORDER BY number")?
        .query_map([territory.blob()], |row| sql::id(row, 0))?
        .collect::<Result<_, _>>()?)
}

/// Puts a customer: new, changed, or the same. Who is in charge (`rep`) is kept as an assignment from
/// `now` on, and who sees the customer follows at the end of the transaction.
pub fn put_customer(
    tx: &mut WriteTx<'_>,
    customer: &Customer,
    now: Timestamp,
) -> Result<Put, StoreError> {
    let before = self::customer(tx, customer.id)?;
    if before.as_ref() == Some(customer) {
        return Ok(Put::Same);
    }
    if let Some(other) = customer_by_number(tx, &customer.number)?
        && other.id != customer.id
    {
        return Err(StoreError::Conflict("another customer has this number"));
    }
    tx.prepare_cached(
        "INSERT INTO customer (id, number, name, territory, rep, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO UPDATE SET number = ?2, name = ?3, territory = ?4, rep = ?5, body = ?6",
    )?
    .execute(params![
        customer.id.blob(),
        customer.number,
        customer.name,
        customer.territory.blob(),
        customer.rep.as_ref().map(BlobId::blob),
        serde_json::to_string(customer)?
    ])?;
    if before.as_ref().and_then(|b| b.rep) != customer.rep {
        people::record_assignment(tx, customer.id, customer.rep, now)?;
    }
    tx.mark(Dirty::Customer(customer.id));
    if before.is_none() {
        tx.mark(Dirty::Account(customer.id));
    }
    if before
        .as_ref()
        .is_none_or(|b| (b.rep, b.territory) != (customer.rep, customer.territory))
    {
        tx.mark(Dirty::Scope(customer.id));
    }
    Ok(match before {
        None => Put::New,
        Some(_) => Put::Changed,
    })
}

struct StoredInvoice {
    invoice: Invoice,
    revision: u32,
    settled: Money,
}

const INVOICE: &str = "id, customer, number, issued, due, amount, revision, settled";

fn read_invoice(row: &SqlRow<'_>) -> rusqlite::Result<StoredInvoice> {
    Ok(StoredInvoice {
        invoice: Invoice {
            id: sql::id(row, 0)?,
            customer: sql::id(row, 1)?,
            number: row.get(2)?,
            issued: sql::day(row, 3)?,
            due: sql::day(row, 4)?,
            amount: sql::money(row, 5)?,
        },
        revision: row.get(6)?,
        settled: sql::money(row, 7)?,
    })
}

fn stored_invoice(conn: &Connection, id: InvoiceId) -> Result<Option<StoredInvoice>, StoreError> {
    Ok(conn
        .prepare_cached(&format!("SELECT {INVOICE} FROM invoice WHERE id = ?1"))?
        .query_row([id.blob()], read_invoice)
        .optional()?)
}

/// An invoice and what is settled of it.
pub fn invoice(conn: &Connection, id: InvoiceId) -> Result<Option<InvoiceRow>, StoreError> {
    Ok(stored_invoice(conn, id)?.map(|s| InvoiceRow {
        invoice: s.invoice,
        settled: s.settled,
    }))
}

/// An invoice by its number.
pub fn invoice_by_number(conn: &Connection, number: &str) -> Result<Option<Invoice>, StoreError> {
    Ok(conn
        .prepare_cached(&format!("SELECT {INVOICE} FROM invoice WHERE number = ?1"))?
        .query_row([number], read_invoice)
        .optional()?
        .map(|s| s.invoice))
}

/// All invoices of a customer by day of issue, with what is settled of each.
pub fn invoices_of(conn: &Connection, customer: CustomerId) -> Result<Vec<InvoiceRow>, StoreError> {
    Ok(conn
        .prepare_cached(&format!(
            "SELECT {INVOICE} FROM invoice WHERE customer = ?1 ORDER BY issued, number"
        ))?
        .query_map([customer.blob()], read_invoice)?
        .map(|found| {
            found.map(|s| InvoiceRow {
                invoice: s.invoice,
                settled: s.settled,
            })
        })
        .collect::<Result<_, _>>()?)
}

/// Whose an invoice is.
pub(crate) fn owner_of(
    conn: &Connection,
    invoice: InvoiceId,
) -> Result<Option<CustomerId>, StoreError> {
    Ok(conn
        .prepare_cached("SELECT customer FROM invoice WHERE id = ?1")?
        .query_row([invoice.blob()], |row| sql::id(row, 0))
        .optional()?)
}

/// Puts an invoice and posts it; a corrected amount posts the difference as a new revision. The same
/// again does nothing. An error if its number belongs to another invoice, or its customer changed.
pub fn put_invoice(
    tx: &mut WriteTx<'_>,
    invoice: &Invoice,
    received_at: Timestamp,
) -> Result<Put, StoreError> {
    let before = stored_invoice(tx, invoice.id)?;
    if before.as_ref().is_some_and(|b| b.invoice == *invoice) {
        return Ok(Put::Same);
    }
    if before
        .as_ref()
        .is_some_and(|b| b.invoice.customer != invoice.customer)
    {
        return Err(StoreError::Conflict("an invoice keeps its customer"));
    }
    if let Some(other) = invoice_by_number(tx, &invoice.number)?
        && other.id != invoice.id
    {
        return Err(StoreError::Conflict("another invoice has this number"));
    }
    let posted = before.as_ref().map_or(Money::ZERO, |b| b.invoice.amount);
    let revision = match &before {
        None => 0,
        Some(b) if b.invoice.amount == invoice.amount => b.revision,
        Some(b) => b.revision + 1,
    };
    tx.prepare_cached(
        "INSERT INTO invoice (id, customer, number, issued, due, amount, revision, settled, received_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8)
         ON CONFLICT (id) DO UPDATE SET number = ?3, issued = ?4, due = ?5, amount = ?6, revision = ?7",
    )?
    .execute(params![
        invoice.id.blob(),
        invoice.customer.blob(),
        invoice.number,
        invoice.issued.number(),
        invoice.due.number(),
        invoice.amount.fen(),
        revision,
        received_at.0
    ])?;
    if before.as_ref().is_none_or(|b| b.revision != revision) {
        facts::keep_revision(tx, invoice, revision, received_at)?;
    }
    let day = facts::open_day(tx, invoice.issued)?;
    if let Some(entry) = posting::invoice_entry(invoice, revision, posted, day)? {
        journal::post_own(tx, &entry, None, received_at, invoice.issued)?;
    }
    tx.mark(Dirty::Invoice(invoice.id));
    Ok(match before {
        None => Put::New,
        Some(_) => Put::Changed,
    })
}

const PAYMENT: &str = "SELECT id, customer, number, day, amount, invoice FROM payment";

fn read_payment(row: &SqlRow<'_>) -> rusqlite::Result<Payment> {
    Ok(Payment {
        id: sql::id(row, 0)?,
        customer: sql::id(row, 1)?,
        number: row.get(2)?,
        day: sql::day(row, 3)?,
        amount: sql::money(row, 4)?,
        invoice: sql::opt_id(row, 5)?,
    })
}

/// A payment of the books.
pub fn payment(conn: &Connection, id: PaymentId) -> Result<Option<Payment>, StoreError> {
    Ok(conn
        .prepare_cached(&format!("{PAYMENT} WHERE id = ?1"))?
        .query_row([id.blob()], read_payment)
        .optional()?)
}

/// A payment by its number in the books.
pub fn payment_by_number(conn: &Connection, number: &str) -> Result<Option<Payment>, StoreError> {
    Ok(conn
        .prepare_cached(&format!("{PAYMENT} WHERE number = ?1"))?
        .query_row([number], read_payment)
        .optional()?)
}

/// Puts a payment from the books and posts it. The same again does nothing; a payment that says
/// something else under a known number is refused: it is corrected by another payment.
pub fn put_payment(
    tx: &mut WriteTx<'_>,
    payment: &Payment,
    received_at: Timestamp,
) -> Result<Put, StoreError> {
    if let Some(known) = payment_by_number(tx, &payment.number)? {
        return match known == *payment {
            true => Ok(Put::Same),
            false => Err(StoreError::Conflict("another payment has this number")),
        };
    }
    if let Some(invoice) = payment.invoice
        && owner_of(tx, invoice)? != Some(payment.customer)
    {
        return Err(StoreError::Conflict(
            "the payment names another customer's invoice",
        ));
    }
    tx.prepare_cached(
        "INSERT INTO payment (id, customer, number, day, amount, invoice, received_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        payment.id.blob(),
        payment.customer.blob(),
        payment.number,
        payment.day.number(),
        payment.amount.fen(),
        payment.invoice.as_ref().map(BlobId::blob),
        received_at.0
    ])?;
    facts::keep(tx, &Source::Payment(payment.id), received_at)?;
    let day = facts::open_day(tx, payment.day)?;
    let entry = posting::book_payment_entry(payment, day)?;
    journal::post_own(tx, &entry, None, received_at, payment.day)?;
    rows::emit(tx, &Row::Payment(payment.clone()))?;
    Ok(Put::New)
}

pub(crate) fn send_customer(tx: &mut WriteTx<'_>, id: CustomerId) -> Result<(), StoreError> {
    let customer = self::customer(tx, id)?.ok_or(StoreError::NotFound("customer"))?;
    rows::emit(tx, &Row::Customer(customer))
}

pub(crate) fn send_invoice(tx: &mut WriteTx<'_>, id: InvoiceId) -> Result<(), StoreError> {
    let row = invoice(tx, id)?.ok_or(StoreError::NotFound("invoice"))?;
    exceptions::judge_invoice(tx, &row)?;
    rows::emit(tx, &Row::Invoice(row))
}

/// A customer's account beside the invoices.
pub fn account(conn: &Connection, customer: CustomerId) -> Result<AccountRow, StoreError> {
    conn.prepare_cached("SELECT on_account, in_transit FROM customer WHERE id = ?1")?
        .query_row([customer.blob()], |row| {
            Ok(AccountRow {
                customer,
                on_account: sql::money(row, 0)?,
                in_transit: sql::money(row, 1)?,
            })
        })
        .optional()?
        .ok_or(StoreError::NotFound("customer"))
}

pub(crate) fn send_account(tx: &mut WriteTx<'_>, customer: CustomerId) -> Result<(), StoreError> {
    let row = account(tx, customer)?;
    rows::emit(tx, &Row::Account(row))
}
