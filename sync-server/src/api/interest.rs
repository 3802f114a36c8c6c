//! `/v1/desk/interest-rate`: the rate by which interest on arrears is proposed. It is set by the command
//! `interest_rate`; what is charged is decided by two persons each time.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use shared::ledger::command::Body;
use utoipa::ToSchema;

use crate::{
    auth::LedgerReader,
    problem::Problem,
    state::AppState,
    store::{Connection, StoreError, commands},
};

/// The rate as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InterestRateView {
    /// A year, in hundredths of a percent; zero while none is set.
    pub year_bp: u32,
    /// Who set it; none while nobody has.
    pub set: Option<RateSet>,
}

/// Who set the rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RateSet {
    /// Person id.
    pub person: String,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// Why: what was agreed, and where.
    pub reason: String,
}

fn view(conn: &Connection) -> Result<InterestRateView, StoreError> {
    let kind = Body::InterestRate { year_bp: 0 }.slug();
    Ok(match commands::newest(conn, kind)? {
        Some(command) => InterestRateView {
            year_bp: match command.body {
                Body::InterestRate { year_bp } => year_bp,
                _ => 0,
            },
            set: Some(RateSet {
                person: command.person.to_string(),
                at: command.at.0,
                reason: command.reason,
            }),
        },
        None => InterestRateView {
            year_bp: 0,
            set: None,
        },
    })
}

/// Tells the rate, and who set it.
#[utoipa::path(get, path = "/v1/desk/interest-rate", responses((status = 200, body = InterestRateView),
    (status = 401, body = Problem), (status = 403, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn rate(
    State(state): State<AppState>,
    _reader: LedgerReader,
) -> Result<Json<InterestRateView>, Problem> {
    let found = state.blocking(|store| Ok(store.read(view)?)).await?;
    Ok(Json(found))
}
