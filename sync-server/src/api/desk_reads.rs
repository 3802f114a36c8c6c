//! `/v1/desk/…`: what the desk of finance shows beside the ledger's own lists. Sums are text, `12345.60`.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use shared::{
    aging::AgingBuckets,
    day::Day,
    ids::CustomerId,
    ledger::{custody::Custody, entry::EntryKind},
    receipt::ReceiptState,
};
use utoipa::{IntoParams, ToSchema};

use super::{
    desk::WaitingReceipt,
    ledger::{EntryView, Of, customer_of},
    me::{CompanyView, PersonView},
};
use crate::{
    auth::{Caller, LedgerReader, forbidden},
    clock,
    problem::Problem,
    scope,
    state::AppState,
    store::{
        Connection, StoreError, company, desk_reads, journal, people, promises,
        receipts::{self, ReceiptLine},
    },
};

/// Receipts in one answer at most.
const RECEIPTS: u32 = 1_000;
/// Entries in one answer at most.
const ENTRIES: u32 = 100;
/// Newest entries whose chain is checked when the journal is looked at.
const CHECKED: u64 = 200;

/// A territory.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct TerritoryView {
    /// Territory id.
    pub id: String,
    /// Name.
    pub name: String,
}

/// A customer in the directory.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CustomerName {
    /// Customer id.
    pub id: String,
    /// Number in the books.
    pub number: String,
    /// Name.
    pub name: String,
    /// Person id of the salesperson.
    pub rep: Option<String>,
    /// Territory id.
    pub territory: String,
}

/// Who works at the desk, and the names of all that its lists speak of.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Directory {
    /// Who is signed in.
    pub me: PersonView,
    /// The company.
    pub company: CompanyView,
    /// The business day by the server's clock.
    pub today: String,
    /// Everybody.
    pub people: Vec<PersonView>,
    /// Territories by name.
    pub territories: Vec<TerritoryView>,
    /// Customers in the person's scope, by number.
    pub customers: Vec<CustomerName>,
}

fn today(company: &company::Company) -> Day {
    Day::of(clock::now(), company.utc_offset_minutes)
}

fn the_company(conn: &Connection) -> Result<company::Company, StoreError> {
    company::get(conn)?.ok_or(StoreError::NotFound("company"))
}

/// Who works at the desk, and names. Supervisors get the customers in their scope.
#[utoipa::path(get, path = "/v1/desk/directory", responses((status = 200, body = Directory),
    (status = 401, body = Problem), (status = 403, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn directory(
    State(state): State<AppState>,
    Caller(device): Caller,
) -> Result<Json<Directory>, Problem> {
    let me = device.person;
    if !scope::may_work_at_desk(me.role) {
        return Err(forbidden());
    }
    let directory = state
        .blocking(move |store| {
            let found = store.read(|conn| -> Result<_, StoreError> {
                let company = the_company(conn)?;
                let seen: BTreeSet<CustomerId> = scope::customers_seen(conn, &me)?;
                let people = people::all(conn)?;
                let territories = people::territories(conn)?.into_iter();
                let customers = desk_reads::customers(conn)?.into_iter();
                Ok(Directory {
                    today: today(&company).to_string(),
                    company: CompanyView::from(&company),
                    people: people.iter().map(PersonView::from).collect(),
                    me: PersonView::from(&me),
                    territories: territories
                        .map(|territory| TerritoryView {
                            id: territory.id.to_string(),
                            name: territory.name,
                        })
                        .collect(),
                    customers: customers
                        .filter(|customer| seen.contains(&customer.id))
                        .map(|customer| CustomerName {
                            id: customer.id.to_string(),
                            number: customer.number,
                            name: customer.name,
                            rep: customer.rep.map(|rep| rep.to_string()),
                            territory: customer.territory.to_string(),
                        })
                        .collect(),
                })
            })?;
            Ok(found)
        })
        .await?;
    Ok(Json(directory))
}

/// A receipt whose money is not with the company yet, with what its paper says.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeskReceipt {
    /// What waits.
    #[serde(flatten)]
    pub receipt: WaitingReceipt,
    /// Number of the cheque or bill, reference of the transfer; may be empty.
    pub reference: String,
    /// Bank of the cheque, acceptor of the bill; may be empty.
    pub bank: String,
    /// Day on which the bill falls due.
    pub due: Option<String>,
    /// Somebody asked for it to be voided.
    pub void_waits: bool,
}

/// Such receipts.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DeskReceipts {
    /// By day.
    pub receipts: Vec<DeskReceipt>,
}

fn desk_receipt(
    conn: &Connection,
    (line, customer, custody): (ReceiptLine, CustomerId, Custody),
) -> Result<DeskReceipt, StoreError> {
    let paper = desk_reads::paper(conn, line.document)?;
    let void_waits = line.state == ReceiptState::VoidPending;
    Ok(DeskReceipt {
        receipt: WaitingReceipt::of(line, customer, custody),
        reference: paper.reference,
        bank: paper.bank,
        due: paper.due.map(|day| day.to_string()),
        void_waits,
    })
}

/// Receipts that wait for finance, wherever their money is.
#[utoipa::path(get, path = "/v1/desk/receipts", responses((status = 200, body = DeskReceipts),
    (status = 403, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn receipts(
    State(state): State<AppState>,
    _reader: LedgerReader,
) -> Result<Json<DeskReceipts>, Problem> {
    let receipts = state
        .blocking(|store| {
            let found = store.read(|conn| -> Result<Vec<_>, StoreError> {
                let waiting = receipts::waiting(conn, None, None, RECEIPTS)?;
                let of = |found| desk_receipt(conn, found);
                waiting.into_iter().map(of).collect()
            })?;
            Ok(found)
        })
        .await?;
    Ok(Json(DeskReceipts { receipts }))
}

/// A void that a supervisor approved after the money had left the field: finance confirms it as second person.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct VoidView {
    /// Document id of the receipt.
    pub receipt: String,
    /// Its number.
    pub number: String,
    /// Customer id.
    pub customer: String,
    /// Sum.
    pub amount: String,
    /// Where its money is.
    pub custody: String,
    /// Person id of who asked.
    pub requester: String,
    /// Person id of who approved.
    pub approver: String,
}

/// Such voids.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Voids {
    /// By day of the receipt.
    pub voids: Vec<VoidView>,
}

/// Voids that wait for finance.
#[utoipa::path(get, path = "/v1/desk/voids", responses((status = 200, body = Voids), (status = 403, body = Problem)),
    security(("token" = []), ("desk" = [])))]
pub async fn voids(
    State(state): State<AppState>,
    _reader: LedgerReader,
) -> Result<Json<Voids>, Problem> {
    let found = state
        .blocking(|store| Ok(store.read(desk_reads::approved_voids)?))
        .await?;
    let voids = found.into_iter().map(|void| VoidView {
        receipt: void.receipt.to_string(),
        number: void.number,
        customer: void.customer.to_string(),
        amount: void.amount.to_string(),
        custody: void.custody.slug().to_owned(),
        requester: void.requester.to_string(),
        approver: void.approver.to_string(),
    });
    Ok(Json(Voids {
        voids: voids.collect(),
    }))
}

/// How the aging is put together.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AgingBy {
    /// A line a customer.
    #[default]
    Customer,
    /// A line a salesperson.
    Rep,
    /// A line a territory.
    Territory,
}

/// How the aging is put together.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AgingOf {
    /// `customer` (if left out), `rep` or `territory`.
    pub by: Option<AgingBy>,
}

/// A line of the aging.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AgingLine {
    /// Customer, person or territory id; none for customers whom nobody is in charge of.
    pub id: Option<String>,
    /// Not overdue.
    pub not_due: String,
    /// 1 to 30 days overdue.
    pub days_1_30: String,
    /// 31 to 60 days.
    pub days_31_60: String,
    /// 61 to 90 days.
    pub days_61_90: String,
    /// More than 90 days.
    pub over_90: String,
    /// Over-paid invoices and money on account: zero or negative.
    pub overpaid: String,
    /// All together.
    pub total: String,
}

/// What is owed by how long it is overdue.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Aging {
    /// As of this business day.
    pub day: String,
    /// The largest total first.
    pub lines: Vec<AgingLine>,
    /// All lines together.
    pub total: AgingLine,
}

impl AgingLine {
    fn of(id: Option<String>, buckets: &AgingBuckets) -> Result<Self, StoreError> {
        Ok(Self {
            id,
            not_due: buckets.not_due.to_string(),
            days_1_30: buckets.days_1_30.to_string(),
            days_31_60: buckets.days_31_60.to_string(),
            days_61_90: buckets.days_61_90.to_string(),
            over_90: buckets.over_90.to_string(),
            overpaid: buckets.overpaid.to_string(),
            total: buckets.total()?.to_string(),
        })
    }
}

/// Adds one customer's buckets to those of its line.
fn add(sum: &mut AgingBuckets, more: &AgingBuckets) -> Result<(), StoreError> {
    sum.not_due = sum.not_due.checked_add(more.not_due)?;
    sum.days_1_30 = sum.days_1_30.checked_add(more.days_1_30)?;
    sum.days_31_60 = sum.days_31_60.checked_add(more.days_31_60)?;
    sum.days_61_90 = sum.days_61_90.checked_add(more.days_61_90)?;
    sum.over_90 = sum.over_90.checked_add(more.over_90)?;
    sum.overpaid = sum.overpaid.checked_add(more.overpaid)?;
    Ok(())
}

fn aging_by(conn: &Connection, by: AgingBy) -> Result<Aging, StoreError> {
    let day = today(&the_company(conn)?);
    let owed = desk_reads::aging(conn, day)?;
    let mut lines: BTreeMap<Option<String>, AgingBuckets> = BTreeMap::new();
    let mut total = AgingBuckets::default();
    for customer in desk_reads::customers(conn)? {
        let Some(buckets) = owed.get(&customer.id) else {
            continue;
        };
        let id = match by {
            AgingBy::Customer => Some(customer.id.to_string()),
            AgingBy::Rep => customer.rep.map(|rep| rep.to_string()),
            AgingBy::Territory => Some(customer.territory.to_string()),
        };
        add(lines.entry(id).or_default(), buckets)?;
        add(&mut total, buckets)?;
    }
    let mut sorted = Vec::with_capacity(lines.len());
    for (id, buckets) in lines {
        sorted.push((buckets.total()?, AgingLine::of(id, &buckets)?));
    }
    sorted.sort_by_key(|(sum, _)| std::cmp::Reverse(*sum));
    Ok(Aging {
        day: day.to_string(),
        lines: sorted.into_iter().map(|(_, line)| line).collect(),
        total: AgingLine::of(None, &total)?,
    })
}

/// What is owed by how long it is overdue, by customer, salesperson or territory.
#[utoipa::path(get, path = "/v1/desk/aging", params(AgingOf), responses((status = 200, body = Aging),
    (status = 400, body = Problem), (status = 403, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn aging(
    State(state): State<AppState>,
    _reader: LedgerReader,
    Query(of): Query<AgingOf>,
) -> Result<Json<Aging>, Problem> {
    let by = of.by.unwrap_or_default();
    let aging = state
        .blocking(move |store| Ok(store.read(|conn| aging_by(conn, by))?))
        .await?;
    Ok(Json(aging))
}

/// Which entries.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JournalOf {
    /// Customer id or number.
    pub customer: Option<String>,
    /// On this day or later, `2026-11-21`.
    pub from: Option<String>,
    /// On this day or earlier.
    pub to: Option<String>,
    /// Kind, for example `receipt`.
    pub kind: Option<String>,
    /// Before this number of the journal.
    pub before: Option<u64>,
}

/// How the journal's chain stands.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ChainView {
    /// Entries in the journal.
    pub entries: u64,
    /// Hash of the newest; none in an empty journal.
    pub head: Option<String>,
    /// How many of the newest were checked just now.
    pub checked: u64,
    /// Is every link of those whole?
    pub whole: bool,
}

/// A page of the journal.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Journal {
    /// The newest first.
    pub entries: Vec<EntryView>,
    /// Ask again with `before` = this; none at the end.
    pub next: Option<u64>,
    /// The chain.
    pub chain: ChainView,
}

fn day_of(text: Option<&str>) -> Result<Option<Day>, Problem> {
    let wrong = || {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "http.malformed",
            "a day reads 2026-11-21",
        )
    };
    text.filter(|text| !text.is_empty())
        .map(|text| text.parse().map_err(|_| wrong()))
        .transpose()
}

fn chain_of(conn: &Connection) -> Result<ChainView, StoreError> {
    let chain = journal::chain_state(conn, CHECKED)?;
    Ok(ChainView {
        entries: chain.entries,
        head: chain.head.map(|hash| hash.to_string()),
        checked: chain.checked.unwrap_or(0),
        whole: chain.checked.is_some(),
    })
}

/// The journal by day, kind and customer, the newest first, and how its chain stands.
#[utoipa::path(get, path = "/v1/desk/journal", params(JournalOf), responses((status = 200, body = Journal),
    (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("token" = []), ("desk" = [])))]
pub async fn journal_page(
    State(state): State<AppState>,
    _reader: LedgerReader,
    Query(of): Query<JournalOf>,
) -> Result<Json<Journal>, Problem> {
    let kind = of.kind.as_deref().filter(|kind| !kind.is_empty());
    let (from, to) = (day_of(of.from.as_deref())?, day_of(of.to.as_deref())?);
    let mut wanted = journal::Wanted {
        customer: None,
        from,
        to,
        kind: kind.map(EntryKind::from_slug),
        before: of.before,
    };
    let customer = of.customer.filter(|customer| !customer.is_empty());
    let page = state
        .blocking(move |store| {
            wanted.customer = customer_of(store, customer.as_deref())?;
            let found = store.read(|conn| -> Result<_, StoreError> {
                let found = journal::search(conn, &wanted, ENTRIES)?;
                let full = found.len() == ENTRIES as usize;
                let next = found.last().filter(|_| full).map(|entry| entry.number);
                let of = |entry| EntryView::of(conn, entry);
                let entries = found.into_iter().map(of).collect::<Result<_, _>>()?;
                let chain = chain_of(conn)?;
                Ok(Journal {
                    entries,
                    next,
                    chain,
                })
            })?;
            Ok(found)
        })
        .await?;
    Ok(Json(page))
}

/// An instalment of a promise.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct InstalmentView {
    /// Promised by this day.
    pub due: String,
    /// How much.
    pub amount: String,
    /// Paid on it.
    pub paid: String,
    /// `pending`, `kept`, `partly_kept`, `broken` and so on.
    pub state: String,
}

/// A promise as it stands.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PromiseView {
    /// Document id.
    pub document: String,
    /// Day of signing.
    pub day: String,
    /// State of the whole.
    pub state: String,
    /// In the order of their days.
    pub instalments: Vec<InstalmentView>,
}

/// A customer's promises.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Promises {
    /// The newest first.
    pub promises: Vec<PromiseView>,
}

/// The promises of a customer; none without one.
#[utoipa::path(get, path = "/v1/desk/promises", params(Of), responses((status = 200, body = Promises),
    (status = 403, body = Problem), (status = 404, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn promises_of(
    State(state): State<AppState>,
    _reader: LedgerReader,
    Query(of): Query<Of>,
) -> Result<Json<Promises>, Problem> {
    let found = state
        .blocking(
            move |store| match customer_of(store, of.customer.as_deref())? {
                Some(customer) => Ok(store.read(|conn| promises::of_customer(conn, customer))?),
                None => Ok(Vec::new()),
            },
        )
        .await?;
    let promises = found.into_iter().map(|line| PromiseView {
        document: line.document.to_string(),
        day: line.day.to_string(),
        state: line.state.slug().to_owned(),
        instalments: line
            .instalments
            .iter()
            .map(|(instalment, state, paid)| InstalmentView {
                due: instalment.due.to_string(),
                amount: instalment.amount.to_string(),
                paid: paid.to_string(),
                state: state.slug().to_owned(),
            })
            .collect(),
    });
    Ok(Json(Promises {
        promises: promises.collect(),
    }))
}
