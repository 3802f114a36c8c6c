//! `/v1/ledger/…`: the ledger as JSON for finance and administrators. Sums are text, `12345.60`.

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use shared::ids::CustomerId;
use utoipa::{IntoParams, ToSchema};

use crate::{
    auth::LedgerReader,
    problem::Problem,
    state::AppState,
    store::{Connection, Store, StoreError, books, exceptions, facts, journal, receipts},
};

/// Entries and exceptions in one answer at most.
const LIMIT: u32 = 500;

/// Which customer; none for the whole company.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Of {
    /// Customer id or number.
    pub customer: Option<String>,
    /// Entries after this number of the journal.
    pub after: Option<u64>,
    /// Settled exceptions, too.
    pub all: Option<bool>,
}

/// A balance.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Balance {
    /// Account, for example `Assets:Field:Cash:<person>`.
    pub account: String,
    /// Sum; positive is a debit.
    pub balance: String,
}

/// An invoice and what is settled of it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InvoiceView {
    /// Invoice id.
    pub id: String,
    /// Number.
    pub number: String,
    /// Day of issue.
    pub issued: String,
    /// Due day.
    pub due: String,
    /// Amount.
    pub amount: String,
    /// Posted on it.
    pub settled: String,
    /// Amount − settled, not clipped.
    pub outstanding: String,
}

/// A receipt in a customer's account.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ReceiptView {
    /// Document id.
    pub document: String,
    /// Printed number.
    pub number: String,
    /// Person id of who took the money.
    pub person: String,
    /// Method.
    pub method: String,
    /// Sum.
    pub amount: String,
    /// Day printed.
    pub day: String,
    /// State.
    pub state: String,
}

/// A customer's account.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CustomerAccount {
    /// Customer id.
    pub id: String,
    /// Customer number.
    pub number: String,
    /// Name.
    pub name: String,
    /// What the customer owes by the books: invoices − settled − on account.
    pub book: String,
    /// Paid and not allocated.
    pub on_account: String,
    /// Claimed and not confirmed.
    pub in_transit: String,
    /// Invoices by day of issue.
    pub invoices: Vec<InvoiceView>,
    /// Receipts by day.
    pub receipts: Vec<ReceiptView>,
}

/// Balances: of the whole company, or one customer's account.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Accounts {
    /// Every account but receivables, and all receivables together.
    pub balances: Vec<Balance>,
    /// The customer asked for.
    pub customer: Option<CustomerAccount>,
}

pub(super) fn customer_of(
    store: &Store,
    text: Option<&str>,
) -> Result<Option<CustomerId>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let found = store.read(|conn| -> Result<_, StoreError> {
        match text.parse() {
            Ok(id) => books::customer(conn, id),
            Err(_) => books::customer_by_number(conn, text),
        }
    })?;
    let missing = || {
        Problem::new(
            StatusCode::NOT_FOUND,
            "ledger.no_customer",
            "no such customer",
        )
    };
    found.map(|c| Some(c.id)).ok_or_else(missing)
}

/// Balances.
#[utoipa::path(get, path = "/v1/ledger/accounts", params(Of), responses((status = 200, body = Accounts),
    (status = 403, body = Problem), (status = 404, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn accounts(
    State(state): State<AppState>,
    _reader: LedgerReader,
    Query(of): Query<Of>,
) -> Result<Json<Accounts>, Problem> {
    let accounts = state
        .blocking(move |store| {
            let customer = customer_of(store, of.customer.as_deref())?;
            let found = store.read(|conn| -> Result<_, StoreError> {
                let balances = journal::balances(conn)?;
                let customer = customer.map(|id| account(conn, id)).transpose()?;
                Ok((balances, customer))
            })?;
            Ok(found)
        })
        .await?;
    let (balances, customer) = accounts;
    Ok(Json(Accounts {
        balances: balances
            .into_iter()
            .map(|(account, balance)| Balance {
                account,
                balance: balance.to_string(),
            })
            .collect(),
        customer,
    }))
}

fn account(conn: &Connection, id: CustomerId) -> Result<CustomerAccount, StoreError> {
    let customer = books::customer(conn, id)?.ok_or(StoreError::NotFound("customer"))?;
    let sums = books::account(conn, id)?;
    let invoices = books::invoices_of(conn, id)?;
    let mut book = sums.on_account.negated();
    let mut views = Vec::with_capacity(invoices.len());
    for row in invoices {
        let outstanding = row.invoice.amount.checked_sub(row.settled)?;
        book = book.checked_add(outstanding)?;
        views.push(InvoiceView {
            id: row.invoice.id.to_string(),
            number: row.invoice.number,
            issued: row.invoice.issued.to_string(),
            due: row.invoice.due.to_string(),
            amount: row.invoice.amount.to_string(),
            settled: row.settled.to_string(),
            outstanding: outstanding.to_string(),
        });
    }
    let receipts = receipts::of_customer(conn, id)?
        .into_iter()
        .map(|line| ReceiptView {
            document: line.document.to_string(),
            number: line.number,
            person: line.person.to_string(),
            method: line.method.slug().to_owned(),
            amount: line.amount.to_string(),
            day: line.day.to_string(),
            state: line.state.slug().to_owned(),
        });
    Ok(CustomerAccount {
        id: id.to_string(),
        number: customer.number,
        name: customer.name,
        book: book.to_string(),
        on_account: sums.on_account.to_string(),
        in_transit: sums.in_transit.to_string(),
        invoices: views,
        receipts: receipts.collect(),
    })
}

/// A line of an entry.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PostingView {
    /// Account.
    pub account: String,
    /// Sum; positive is a debit.
    pub amount: String,
}

/// An entry of the journal.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EntryView {
    /// Number, without gaps.
    pub number: u64,
    /// Hash of kind and source.
    pub id: String,
    /// Kind.
    pub kind: String,
    /// Source.
    pub source: String,
    /// Business day.
    pub day: String,
    /// When the server received the fact, milliseconds since 1970 UTC.
    pub received_at: i64,
    /// Person id of who caused it; none for imports.
    pub person: Option<String>,
    /// The entry that it reverses.
    pub reverses: Option<String>,
    /// The day that the record says, if that day was closed when it came in and the entry lies later.
    pub own_day: Option<String>,
    /// Lines.
    pub postings: Vec<PostingView>,
}

/// A page of the journal.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Entries {
    /// Entries by number.
    pub entries: Vec<EntryView>,
    /// Ask again with `after` = this; none at the end.
    pub next: Option<u64>,
}

/// Entries of the journal.
#[utoipa::path(get, path = "/v1/ledger/entries", params(Of), responses((status = 200, body = Entries),
    (status = 403, body = Problem), (status = 404, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn entries(
    State(state): State<AppState>,
    _reader: LedgerReader,
    Query(of): Query<Of>,
) -> Result<Json<Entries>, Problem> {
    let found = state
        .blocking(move |store| {
            let customer = customer_of(store, of.customer.as_deref())?;
            let after = of.after.unwrap_or(0);
            let found = store.read(|conn| -> Result<Vec<_>, StoreError> {
                let found = journal::entries(conn, customer, after, LIMIT)?;
                found.into_iter().map(|e| EntryView::of(conn, e)).collect()
            })?;
            Ok(found)
        })
        .await?;
    let full = found.len() == LIMIT as usize;
    let next = found.last().filter(|_| full).map(|entry| entry.number);
    Ok(Json(Entries {
        entries: found,
        next,
    }))
}

impl EntryView {
    /// An entry as it is shown.
    pub(super) fn of(conn: &Connection, found: journal::JournalEntry) -> Result<Self, StoreError> {
        let entry = found.chained.entry;
        Ok(Self {
            number: found.number,
            id: entry.id.to_string(),
            kind: entry.kind.slug().to_owned(),
            source: entry.source.code(),
            day: entry.day.to_string(),
            received_at: found.chained.received_at.0,
            person: found.chained.person.map(|p| p.to_string()),
            reverses: entry.reverses.map(|id| id.to_string()),
            own_day: facts::own_day(conn, found.number)?.map(|day| day.to_string()),
            postings: entry
                .postings
                .iter()
                .map(|p| PostingView {
                    account: p.account.code(),
                    amount: p.amount.to_string(),
                })
                .collect(),
        })
    }
}

/// Something for finance to look at.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ExceptionView {
    /// Digest of kind and subject.
    pub id: String,
    /// Kind, for example `overpaid`.
    pub kind: String,
    /// Customer id.
    pub customer: String,
    /// Document id, if it is about a record.
    pub document: Option<String>,
    /// Number of the invoice or receipt.
    pub subject: String,
    /// Sum concerned.
    pub amount: Option<String>,
    /// When it was found, milliseconds since 1970 UTC.
    pub found_at: i64,
    /// Not settled yet.
    pub open: bool,
}

/// Exceptions.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Exceptions {
    /// The newest first.
    pub exceptions: Vec<ExceptionView>,
}

/// What finance works off.
#[utoipa::path(get, path = "/v1/ledger/exceptions", params(Of), responses((status = 200, body = Exceptions),
    (status = 403, body = Problem), (status = 404, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn exceptions(
    State(state): State<AppState>,
    _reader: LedgerReader,
    Query(of): Query<Of>,
) -> Result<Json<Exceptions>, Problem> {
    let found = state
        .blocking(move |store| {
            let customer = customer_of(store, of.customer.as_deref())?;
            let only_open = !of.all.unwrap_or(false);
            Ok(store.read(|conn| exceptions::list(conn, customer, only_open, LIMIT))?)
        })
        .await?;
    let exceptions = found.into_iter().map(|row| ExceptionView {
        id: row.id.to_string(),
        kind: row.kind.slug().to_owned(),
        customer: row.customer.to_string(),
        document: row.document.map(|id| id.to_string()),
        subject: row.subject,
        amount: row.amount.map(|a| a.to_string()),
        found_at: row.found_at.0,
        open: row.open,
    });
    Ok(Json(Exceptions {
        exceptions: exceptions.collect(),
    }))
}
