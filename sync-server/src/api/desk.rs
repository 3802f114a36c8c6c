//! `/v1/ledger/commands`, `/v1/ledger/hand-ins`, `/v1/ledger/receipts`: what finance decides about money, and
//! the lists that it works from. Sums are text, `12345.60`.

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use shared::{
    day::{Day, Timestamp},
    ids::{CommandId, CustomerId, PersonId},
    ledger::{
        command::{Body, Command},
        custody::Custody,
        decide::HandIn,
    },
    people::Person,
    receipt::MethodKind,
};
use utoipa::{IntoParams, ToSchema};

use super::ledger::{EntryView, Of, customer_of};
use crate::{
    auth::{Caller, LedgerReader, forbidden},
    problem::Problem,
    scope,
    state::AppState,
    store::{
        Connection, StoreError, WriteTx, commands, desk, journal, proposals,
        receipts::{self, ReceiptLine},
    },
};

/// Commands and receipts in one answer at most.
const LIMIT: u32 = 500;

/// A command as it is sent.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommandRequest {
    /// UUID given by the sender: the same command again is answered and changes nothing.
    #[schema(value_type = String, format = "uuid")]
    pub id: CommandId,
    /// Why, 1 to 500 characters.
    pub reason: String,
    /// Business day to post on, `2026-11-21`; today if left out. Not a closed one.
    #[schema(value_type = Option<String>, format = "date")]
    pub day: Option<Day>,
    /// What.
    #[schema(value_type = super::desk_schema::CommandBody)]
    pub command: Body,
}

/// A hand-in as it was counted.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct HandInView {
    /// Its command.
    pub id: String,
    /// Person id of who handed in.
    pub person: String,
    /// Cash by the receipts.
    pub expected: String,
    /// Cash as counted.
    pub counted: String,
    /// Not decided yet: positive if cash is missing, negative if there is too much.
    pub undecided: String,
}

/// A command as it stands.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct CommandView {
    /// Its id.
    pub id: String,
    /// Kind, for example `hand_in`.
    pub kind: String,
    /// Person id of who issued it.
    pub person: String,
    /// When the server took it, milliseconds since 1970 UTC.
    pub at: i64,
    /// Business day.
    pub day: String,
    /// Why.
    pub reason: String,
    /// What.
    #[schema(value_type = super::desk_schema::CommandBody)]
    pub command: serde_json::Value,
    /// `open`, `approved` or `rejected`, of a command that needs two persons.
    pub decision: Option<String>,
    /// The count, of a hand-in.
    pub hand_in: Option<HandInView>,
    /// What it posted just now.
    pub entry: Option<EntryView>,
}

/// Commands.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Commands {
    /// The newest first.
    pub commands: Vec<CommandView>,
}

/// Hand-ins.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct HandIns {
    /// The oldest first.
    pub hand_ins: Vec<HandInView>,
}

/// A receipt that finance has to do something about.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WaitingReceipt {
    /// Document id.
    pub document: String,
    /// Printed number.
    pub number: String,
    /// Customer id.
    pub customer: String,
    /// Person id of who took the money.
    pub person: String,
    /// Method.
    pub method: String,
    /// Sum; left out for cash in somebody's hands, which is counted before anybody says how much it should be.
    pub amount: Option<String>,
    /// Day printed.
    pub day: String,
    /// Where the money is: `field`, `claim`, `clearing`, `bounced`.
    pub custody: String,
}

impl WaitingReceipt {
    /// The sum is left out where the count is blind.
    pub fn of(line: ReceiptLine, customer: CustomerId, custody: Custody) -> Self {
        let is_blind = custody == Custody::Field && line.method == MethodKind::Cash;
        Self {
            document: line.document.to_string(),
            number: line.number,
            customer: customer.to_string(),
            person: line.person.to_string(),
            method: line.method.slug().to_owned(),
            amount: (!is_blind).then(|| line.amount.to_string()),
            day: line.day.to_string(),
            custody: custody.slug().to_owned(),
        }
    }
}

/// Receipts that wait.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WaitingReceipts {
    /// By day.
    pub receipts: Vec<WaitingReceipt>,
}

/// Which receipts.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Where {
    /// `field`, `claim`, `clearing` or `bounced`; none for all of these.
    pub custody: Option<String>,
    /// Person id of who took the money.
    pub person: Option<String>,
}

impl From<HandIn> for HandInView {
    fn from(hand_in: HandIn) -> Self {
        Self {
            id: hand_in.id.to_string(),
            person: hand_in.person.to_string(),
            expected: hand_in.expected.to_string(),
            counted: hand_in.counted.to_string(),
            undecided: hand_in.open.to_string(),
        }
    }
}

fn view(conn: &Connection, command: &Command) -> Result<CommandView, StoreError> {
    let decision = commands::proposal(conn, command.id)?
        .map(|(_, decision)| commands::decision_slug(decision).to_owned());
    Ok(CommandView {
        id: command.id.to_string(),
        kind: command.body.slug().to_owned(),
        person: command.person.to_string(),
        at: command.at.0,
        day: command.day.to_string(),
        reason: command.reason.clone(),
        command: serde_json::to_value(&command.body)?,
        decision,
        hand_in: commands::hand_in(conn, command.id)?.map(HandInView::from),
        entry: None,
    })
}

/// Issues a command of finance.
#[utoipa::path(post, path = "/v1/ledger/commands", request_body = CommandRequest, responses(
    (status = 201, body = CommandView, description = "Taken"),
    (status = 200, body = CommandView, description = "Had been taken before: nothing changed"),
    (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem), (status = 422, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn command(
    State(state): State<AppState>,
    Caller(device): Caller,
    Json(request): Json<CommandRequest>,
) -> Result<(StatusCode, Json<CommandView>), Problem> {
    state
        .writing(move |store| {
            store.write(|tx| {
                if !scope::may_command(tx, &device.person, &request.command)? {
                    return Err(forbidden());
                }
                issue(tx, device.person.id, request)
            })
        })
        .await
}

fn issue(
    tx: &mut WriteTx<'_>,
    person: PersonId,
    request: CommandRequest,
) -> Result<(StatusCode, Json<CommandView>), Problem> {
    let at: Timestamp = tx.now();
    let today = tx.today()?;
    let known = commands::get(tx, request.id)?;
    // Sent again without a day, perhaps after midnight, it means the day that it had.
    let day = request.day.or(known.map(|known| known.day));
    let command = Command {
        id: request.id,
        person,
        at,
        day: day.unwrap_or(today),
        reason: request.reason.trim().to_owned(),
        body: request.command,
    };
    let taken = desk::take(tx, &command)?;
    let stands = commands::get(tx, command.id)?.unwrap_or(command);
    let mut view = view(tx, &stands)?;
    if let Some(entry) = taken.entry {
        let entry = journal::by_id(tx, entry)?;
        view.entry = entry.map(|entry| EntryView::of(tx, entry)).transpose()?;
    }
    let status = match taken.is_new {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    Ok((status, Json(view)))
}

/// Commands that were issued, the newest first; those that wait for a second person unless all are asked for.
/// A supervisor sees those on which they have the second word, and no others.
#[utoipa::path(get, path = "/v1/ledger/commands", params(Of), responses((status = 200, body = Commands),
    (status = 403, body = Problem), (status = 404, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn list(
    State(state): State<AppState>,
    Caller(device): Caller,
    Query(of): Query<Of>,
) -> Result<Json<Commands>, Problem> {
    let person = device.person;
    let reads_all = scope::sees_all(person.role);
    if !scope::may_decide_something(person.role) {
        return Err(forbidden());
    }
    let commands = state
        .blocking(move |store| {
            let customer = customer_of(store, of.customer.as_deref())?;
            let only_open = !(reads_all && of.all.unwrap_or(false));
            let found = store.read(|conn| -> Result<Vec<_>, StoreError> {
                if !reads_all {
                    return to_decide(conn, &person, customer);
                }
                let found = commands::list(conn, customer, only_open, LIMIT)?;
                found.iter().map(|command| view(conn, command)).collect()
            })?;
            Ok(found)
        })
        .await?;
    Ok(Json(Commands { commands }))
}

/// What waits for this supervisor's word.
fn to_decide(
    conn: &Connection,
    person: &Person,
    customer: Option<CustomerId>,
) -> Result<Vec<CommandView>, StoreError> {
    let mut views = Vec::new();
    for command in commands::list(conn, customer, true, u32::MAX)? {
        if views.len() < LIMIT as usize
            && scope::may_decide(conn, person, &command.body)?
            && !proposals::is_asked_by(conn, command.id, person.id)?
        {
            views.push(view(conn, &command)?);
        }
    }
    Ok(views)
}

/// Hand-ins whose difference is not decided.
#[utoipa::path(get, path = "/v1/ledger/hand-ins", responses((status = 200, body = HandIns),
    (status = 403, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn hand_ins(
    State(state): State<AppState>,
    _reader: LedgerReader,
) -> Result<Json<HandIns>, Problem> {
    let found = state
        .blocking(|store| Ok(store.read(commands::undecided_hand_ins)?))
        .await?;
    let hand_ins = found.into_iter().map(HandInView::from).collect();
    Ok(Json(HandIns { hand_ins }))
}

/// Receipts whose money is not with the company yet.
#[utoipa::path(get, path = "/v1/ledger/receipts", params(Where), responses((status = 200, body = WaitingReceipts),
    (status = 403, body = Problem), (status = 404, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn waiting(
    State(state): State<AppState>,
    _reader: LedgerReader,
    Query(of): Query<Where>,
) -> Result<Json<WaitingReceipts>, Problem> {
    let missing = |what: &str| {
        Problem::new(
            StatusCode::NOT_FOUND,
            "ledger.no_such",
            format!("there is no such {what}"),
        )
    };
    let custody = match of.custody.as_deref().map(Custody::from_slug) {
        Some(Custody::Unknown) => return Err(missing("place")),
        other => other,
    };
    let person = match of.person {
        None => None,
        Some(text) => Some(text.parse::<PersonId>().map_err(|_| missing("person"))?),
    };
    let found = state
        .blocking(move |store| {
            Ok(store.read(|conn| receipts::waiting(conn, custody, person, LIMIT))?)
        })
        .await?;
    let receipts = found
        .into_iter()
        .map(|(line, customer, custody)| WaitingReceipt::of(line, customer, custody));
    Ok(Json(WaitingReceipts {
        receipts: receipts.collect(),
    }))
}
