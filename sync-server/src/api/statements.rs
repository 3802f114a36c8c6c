//! `/v1/desk/statement-runs`, `/v1/desk/statements`: statements 对账 made by finance, and tracked to the end. Sums are
//! text, `12345.60`. Nothing here moves money.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use shared::{
    day::Day,
    ids::StatementId,
    statement::{LineReply, StatementPurpose, StatementState},
};

use super::{ledger::customer_of, statement_views::*};
use crate::{
    auth::{Caller, LedgerReader, forbidden},
    problem::Problem,
    scope,
    state::AppState,
    store::{
        Connection, Store, StoreError, WriteTx, company,
        devices::Device,
        statement_run::{self, Plan, Run},
        statements::{self, Wanted},
    },
};

/// Statements in one answer at most.
const LIMIT: u32 = 2_000;
/// Days of runs that are told.
const DAYS: u32 = 36;
/// Customers that a preview names.
const NAMED: usize = 50;

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

pub(super) fn today(conn: &Connection) -> Result<Day, StoreError> {
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
