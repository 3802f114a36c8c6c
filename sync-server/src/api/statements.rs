//! `/v1/desk/statement-runs`, `/v1/desk/statements`: statements 对账 made by finance, and tracked to the end. Sums are
//! text, `12345.60`. Nothing here moves money.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};
use shared::{
    day::Day,
    ids::StatementId,
    statement::{LineReply, StatementPurpose, StatementState},
};
use utoipa::{IntoParams, ToSchema};

use super::ledger::customer_of;
use crate::{
    auth::{Caller, LedgerReader, forbidden},
    problem::Problem,
    scope,
    state::AppState,
    store::{
        Connection, Store, StoreError, WriteTx,
        devices::Device,
        company,
        statement_run::{self, Plan, Run},
        statements::{self, Kept, KeptAnswer, Wanted},
    },
};

/// Statements in one answer at most.
const LIMIT: u32 = 2_000;
/// Days of runs that are told.
const DAYS: u32 = 36;
/// Customers that a preview names.
const NAMED: usize = 50;

/// Which statements are to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RunRequest {
    /// `monthly`, `quarterly`, `confirmation` or `single`.
    pub purpose: String,
    /// The day at whose end the balance is taken, `2026-10-31`; it has to be over.
    #[schema(value_type = String, format = "date")]
    pub as_of: Day,
    /// Customer id or number: of this one alone. Needed for `single`.
    pub customer: Option<String>,
}

/// A statement that would be made.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Planned {
    /// Customer id.
    pub customer: String,
    /// What it comes to.
    pub closing: String,
}

/// What a run makes, or would make.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct RunView {
    /// The day.
    pub as_of: String,
    /// First day of the period.
    pub from: String,
    /// The last day on which they are to be agreed.
    pub until: String,
    /// How many are new.
    pub new: u64,
    /// What these come to.
    pub sum: String,
    /// How many stand already and stay as they are.
    pub standing: u64,
    /// The first of the new ones.
    pub first: Vec<Planned>,
}

/// A statement in the list.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StatementLineView {
    /// Statement id.
    pub id: String,
    /// Customer id.
    pub customer: String,
    /// `monthly`, `quarterly`, `confirmation` or `single`.
    pub purpose: String,
    /// Its day.
    pub as_of: String,
    /// 1, and one more for each that replaces another.
    pub revision: u32,
    /// What it comes to.
    pub closing: String,
    /// The last day on which it is to be agreed.
    pub until: String,
    /// Is it still to be agreed although that day has passed?
    pub overdue: bool,
    /// `sent`, `agreed`, `disputed`, `answered`, `closed` or `replaced`.
    pub state: String,
    /// Why it was closed or replaced; else empty.
    pub note: String,
    /// When it came to stand where it does, milliseconds since 1970 UTC.
    pub at: i64,
}

/// How many stand where.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StateTotal {
    /// State.
    pub state: String,
    /// How many.
    pub count: u64,
    /// What they come to.
    pub sum: String,
}

/// Statements.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Statements {
    /// The day asked for, else the newest; none while there are no statements.
    pub as_of: Option<String>,
    /// Days of which there are statements, the newest first.
    pub days: Vec<String>,
    /// All of the day by state, whatever the list leaves out.
    pub totals: Vec<StateTotal>,
    /// By customer's number.
    pub statements: Vec<StatementLineView>,
}

/// Which statements.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Of this day; of the newest if left out.
    #[param(value_type = Option<String>, format = "date")]
    pub as_of: Option<Day>,
    /// In this state.
    pub state: Option<String>,
    /// Of this customer (id or number), of all days unless one is named.
    pub customer: Option<String>,
}

/// A line that the customer disputes, and what finance said to it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DisputedView {
    /// Its place among the statement's lines, from 0.
    pub line: u32,
    /// Number of the invoice; may be empty.
    pub number: String,
    /// What the statement says is open of it.
    pub outstanding: String,
    /// Why, for example `price`.
    pub reason: String,
    /// In the customer's words.
    pub words: String,
    /// What it should be, as they say.
    pub says: Option<String>,
    /// Is the customer right, as finance says? None while that is open.
    pub accepted: Option<bool>,
    /// Said with it.
    pub note: String,
}

/// An answer from the field.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AnswerView {
    /// Document id.
    pub document: String,
    /// Person id of the salesperson before whom it was said.
    pub person: String,
    /// When, by the phone's clock, milliseconds since 1970 UTC.
    pub made_at: i64,
    /// When it came in, milliseconds since 1970 UTC.
    pub received_at: i64,
    /// `stands`, `second`, `replaced`, `closed`, `differs` or `no_such`.
    pub standing: String,
    /// Lines that are disputed; none: agreed.
    pub disputed: Vec<DisputedView>,
    /// Signer, strokes, time and place as sealed; none if a dispute was not signed.
    #[schema(value_type = Option<Object>)]
    pub signature: Option<serde_json::Value>,
    /// How many photos there are of it.
    pub photos: usize,
}

/// A statement with its lines and answers.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct StatementView {
    /// Where it stands.
    #[serde(flatten)]
    pub line: StatementLineView,
    /// What it says, as frozen: `shared::statement::Statement`.
    #[schema(value_type = Object)]
    pub content: serde_json::Value,
    /// SHA-256 of its canonical bytes.
    pub digest: String,
    /// Who made it, and when.
    pub made_by: String,
    /// Milliseconds since 1970 UTC.
    pub made_at: i64,
    /// Every answer, in the order in which they came.
    pub answers: Vec<AnswerView>,
    /// The revision that stands in its place.
    pub replaced_by: Option<String>,
}

/// What finance says to a disputed line.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyRequest {
    /// Its place among the statement's lines.
    pub line: u32,
    /// Is the customer right?
    pub accepted: bool,
    /// At most 500 characters; needed if they are not.
    pub note: String,
}

/// Why something is done.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhyRequest {
    /// 1 to 500 characters.
    pub reason: String,
}

fn purpose_of(request: &RunRequest) -> Result<StatementPurpose, Problem> {
    match StatementPurpose::from_slug(&request.purpose) {
        StatementPurpose::Unknown => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "statement.purpose",
            "a run is monthly, quarterly, a confirmation, or of a single customer",
        )),
        StatementPurpose::Single if request.customer.is_none() => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "statement.purpose",
            "a single statement names its customer",
        )),
        purpose => Ok(purpose),
    }
}

fn run_of(store: &Store, request: &RunRequest) -> Result<Run, Problem> {
    Ok(Run {
        purpose: purpose_of(request)?,
        as_of: request.as_of,
        customer: customer_of(store, request.customer.as_deref())?,
    })
}

fn run_view(conn: &Connection, run: &Run, today: Day, plan: &Plan) -> Result<RunView, StoreError> {
    let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
    let first = plan.new.iter().take(NAMED).map(|made| Planned {
        customer: made.customer.to_string(),
        closing: made.closing.to_string(),
    });
    let from = shared::statement::first_day(run.purpose, run.as_of, &company.policy);
    let until = shared::statement::agree_until(run.as_of, today, &company.policy);
    Ok(RunView {
        as_of: run.as_of.to_string(),
        from: from.to_string(),
        until: until.to_string(),
        new: plan.new.len() as u64,
        sum: plan.sum()?.to_string(),
        standing: plan.standing,
        first: first.collect(),
    })
}

fn today(conn: &Connection) -> Result<Day, StoreError> {
    let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
    Ok(Day::of(crate::clock::now(), company.utc_offset_minutes))
}

/// What a run would make; changes nothing.
#[utoipa::path(post, path = "/v1/desk/statement-runs/preview", request_body = RunRequest,
    responses((status = 200, body = RunView), (status = 403, body = Problem), (status = 404, body = Problem),
    (status = 422, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn preview(
    State(state): State<AppState>,
    _reader: LedgerReader,
    Json(request): Json<RunRequest>,
) -> Result<Json<RunView>, Problem> {
    let found = state
        .blocking(move |store| {
            let run = run_of(store, &request)?;
            let found = store.read(|conn| -> Result<_, StoreError> {
                let today = today(conn)?;
                let plan = statement_run::plan(conn, &run, today)?;
                run_view(conn, &run, today, &plan)
            })?;
            Ok(found)
        })
        .await?;
    Ok(Json(found))
}

/// Makes the statements of a run and sends them to phones. Those that stand stay as they are.
#[utoipa::path(post, path = "/v1/desk/statement-runs", request_body = RunRequest,
    responses((status = 201, body = RunView, description = "Some were made"),
    (status = 200, body = RunView, description = "All stood already: nothing changed"),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("token" = []), ("desk" = [])))]
pub async fn run(
    State(state): State<AppState>,
    Caller(device): Caller,
    Json(request): Json<RunRequest>,
) -> Result<(StatusCode, Json<RunView>), Problem> {
    may_work(&device)?;
    let made = state
        .writing(move |store| {
            let run = run_of(store, &request)?;
            let made = store.write(|tx| -> Result<_, StoreError> {
                let plan = statement_run::run(tx, &run, device.person.id)?;
                let today = tx.today()?;
                run_view(tx, &run, today, &plan)
            })?;
            Ok(made)
        })
        .await?;
    let status = match made.new {
        0 => StatusCode::OK,
        _ => StatusCode::CREATED,
    };
    Ok((status, Json(made)))
}

fn may_work(device: &Device) -> Result<(), Problem> {
    match scope::sees_all(device.person.role) {
        true => Ok(()),
        false => Err(forbidden()),
    }
}

fn line_view(kept: &Kept, today: Day) -> StatementLineView {
    StatementLineView {
        id: kept.id.to_string(),
        customer: kept.customer.to_string(),
        purpose: kept.purpose.slug().to_owned(),
        as_of: kept.as_of.to_string(),
        revision: kept.revision,
        closing: kept.closing.to_string(),
        until: kept.until.to_string(),
        overdue: kept.state == StatementState::Sent && kept.until < today,
        state: kept.state.slug().to_owned(),
        note: kept.note.clone(),
        at: kept.at.0,
    }
}

fn answer_view(kept: &Kept, answer: KeptAnswer) -> Result<AnswerView, StoreError> {
    let stands = kept.answer == Some(answer.document);
    let core = answer.core;
    let disputed = core.disputed.into_iter().map(|line| {
        let said = kept.replies.iter().find(|reply| reply.line == line.line);
        let said = said.filter(|_| stands);
        DisputedView {
            line: line.line,
            number: line.number,
            outstanding: line.outstanding.to_string(),
            reason: line.reason.slug().to_owned(),
            words: line.words,
            says: line.says.map(|sum| sum.to_string()),
            accepted: said.map(|reply| reply.accepted),
            note: said.map_or_else(String::new, |reply| reply.note.clone()),
        }
    });
    Ok(AnswerView {
        document: answer.document.to_string(),
        person: core.person.to_string(),
        made_at: core.made_at.0,
        received_at: answer.received_at.0,
        standing: answer.standing.slug().to_owned(),
        disputed: disputed.collect(),
        signature: core.signature.map(serde_json::to_value).transpose()?,
        photos: answer.photos,
    })
}

fn view(conn: &Connection, id: StatementId) -> Result<StatementView, StoreError> {
    let kept = statements::get(conn, id)?.ok_or(StoreError::NotFound("statement"))?;
    let answers = statements::answers(conn, id)?;
    let next = shared::statement::id(kept.customer, kept.confirmation, kept.as_of, kept.revision + 1);
    let answers: Result<Vec<_>, _> = answers
        .into_iter()
        .map(|answer| answer_view(&kept, answer))
        .collect();
    Ok(StatementView {
        line: line_view(&kept, today(conn)?),
        content: serde_json::from_str(&kept.content)?,
        digest: kept.digest.to_string(),
        made_by: kept.made_by.to_string(),
        made_at: kept.made_at.0,
        answers: answers?,
        replaced_by: (kept.state == StatementState::Replaced).then(|| next.to_string()),
    })
}

/// Statements of a day, or of a customer, and how they stand.
#[utoipa::path(get, path = "/v1/desk/statements", params(Which), responses((status = 200, body = Statements),
    (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("token" = []), ("desk" = [])))]
pub async fn list(
    State(state): State<AppState>,
    _reader: LedgerReader,
    Query(which): Query<Which>,
) -> Result<Json<Statements>, Problem> {
    let found = state
        .blocking(move |store| {
            let customer = customer_of(store, which.customer.as_deref())?;
            let found = store.read(|conn| -> Result<_, StoreError> {
                let days = statements::days(conn, DAYS)?;
                let as_of = which
                    .as_of
                    .or_else(|| days.first().copied().filter(|_| customer.is_none()));
                let wanted = Wanted {
                    as_of,
                    customer,
                    state: which.state.as_deref().map(StatementState::from_slug),
                };
                let totals = match as_of {
                    Some(day) => statements::totals(conn, day)?,
                    None => Vec::new(),
                };
                let today = today(conn)?;
                let list = statements::list(conn, &wanted, LIMIT)?;
                Ok(Statements {
                    as_of: as_of.map(|day| day.to_string()),
                    days: days.iter().map(Day::to_string).collect(),
                    totals: totals
                        .into_iter()
                        .map(|(state, count, sum)| StateTotal {
                            state: state.slug().to_owned(),
                            count,
                            sum: sum.to_string(),
                        })
                        .collect(),
                    statements: list.iter().map(|kept| line_view(kept, today)).collect(),
                })
            })?;
            Ok(found)
        })
        .await?;
    Ok(Json(found))
}

fn id_of(text: &str) -> Result<StatementId, Problem> {
    text.parse()
        .map_err(|_| Problem::from(StoreError::NotFound("statement")))
}

/// A statement with its lines and what was answered.
#[utoipa::path(get, path = "/v1/desk/statements/{statement}",
    params(("statement" = String, Path, description = "Statement id")),
    responses((status = 200, body = StatementView), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("token" = []), ("desk" = [])))]
pub async fn one(
    State(state): State<AppState>,
    _reader: LedgerReader,
    Path(statement): Path<String>,
) -> Result<Json<StatementView>, Problem> {
    let id = id_of(&statement)?;
    let found = state
        .blocking(move |store| Ok(store.read(|conn| view(conn, id))?))
        .await?;
    Ok(Json(found))
}

/// Does something with a statement and gives how it stands then.
async fn change(
    state: AppState,
    device: Device,
    statement: &str,
    work: impl FnOnce(&mut WriteTx<'_>, StatementId) -> Result<StatementId, StoreError> + Send + 'static,
) -> Result<Json<StatementView>, Problem> {
    may_work(&device)?;
    let id = id_of(statement)?;
    let changed = state
        .writing(move |store| {
            let changed = store.write(|tx| -> Result<_, StoreError> {
                let id = work(tx, id)?;
                view(tx, id)
            })?;
            Ok(changed)
        })
        .await?;
    Ok(Json(changed))
}

/// Answers a disputed line.
#[utoipa::path(post, path = "/v1/desk/statements/{statement}/replies", request_body = ReplyRequest,
    params(("statement" = String, Path, description = "Statement id")),
    responses((status = 200, body = StatementView, description = "Answered, or had been with the same words"),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn reply(
    State(state): State<AppState>,
    Caller(device): Caller,
    Path(statement): Path<String>,
    Json(request): Json<ReplyRequest>,
) -> Result<Json<StatementView>, Problem> {
    let by = device.person.id;
    let new = LineReply {
        line: request.line,
        accepted: request.accepted,
        note: request.note.trim().to_owned(),
    };
    change(state, device, &statement, move |tx, id| {
        statements::reply(tx, id, by, new).map(|()| id)
    })
    .await
}

/// Closes a statement as it stands.
#[utoipa::path(post, path = "/v1/desk/statements/{statement}/close", request_body = WhyRequest,
    params(("statement" = String, Path, description = "Statement id")),
    responses((status = 200, body = StatementView, description = "Closed, or had been with the same words"),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn close(
    State(state): State<AppState>,
    Caller(device): Caller,
    Path(statement): Path<String>,
    Json(request): Json<WhyRequest>,
) -> Result<Json<StatementView>, Problem> {
    let by = device.person.id;
    change(state, device, &statement, move |tx, id| {
        statements::close(tx, id, by, &request.reason).map(|()| id)
    })
    .await
}

/// Replaces a statement by a new revision, of the ledger's figures of the same day as they are now. Gives the new one.
#[utoipa::path(post, path = "/v1/desk/statements/{statement}/revise", request_body = WhyRequest,
    params(("statement" = String, Path, description = "Statement id")),
    responses((status = 200, body = StatementView, description = "The new revision, made now or before"),
    (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
    (status = 422, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn revise(
    State(state): State<AppState>,
    Caller(device): Caller,
    Path(statement): Path<String>,
    Json(request): Json<WhyRequest>,
) -> Result<Json<StatementView>, Problem> {
    let by = device.person.id;
    change(state, device, &statement, move |tx, id| {
        statements::revise(tx, id, by, &request.reason)
    })
    .await
}
