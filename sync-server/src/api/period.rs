//! `/v1/desk/period`: which days are closed, and what to know before more are. Closing is a command of finance
//! (`close_period`).

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use shared::day::Day;
use utoipa::ToSchema;

use crate::{
    auth::LedgerReader,
    problem::Problem,
    scope,
    state::AppState,
    store::{
        StoreError, company,
        period::{self, Close, Heard},
    },
};

/// A close.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CloseView {
    /// Its command.
    pub id: String,
    /// The last closed day by it.
    pub through: String,
    /// Person id of who closed.
    pub person: String,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// Why.
    pub reason: String,
}

/// A device in use that brings records of the field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HeardView {
    /// Its code.
    pub code: String,
    /// Person id of whose it is.
    pub person: String,
    /// The day on which it last synced; none if it never did.
    pub last: Option<String>,
}

/// How the closed days stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodView {
    /// The last closed day: it and all before it take no entry. None if no day was closed yet.
    pub closed_through: Option<String>,
    /// The last day that can be closed now; none if all days that are over are closed.
    pub closable_through: Option<String>,
    /// The newest first, at most 60.
    pub closes: Vec<CloseView>,
    /// Entries that lie on a later day than their records say.
    pub late_entries: u64,
    /// Devices that bring records of the field; what they still hold for a closed day posts on the next open one.
    /// Those that were heard longest ago first.
    pub devices: Vec<HeardView>,
}

impl From<Close> for CloseView {
    fn from(close: Close) -> Self {
        Self {
            id: close.command.id.to_string(),
            through: close.through.to_string(),
            person: close.command.person.to_string(),
            at: close.command.at.0,
            reason: close.command.reason,
        }
    }
}

impl From<Heard> for HeardView {
    fn from(heard: Heard) -> Self {
        Self {
            code: heard.code,
            person: heard.person.to_string(),
            last: heard.last.map(|day| day.to_string()),
        }
    }
}

/// Which days are closed, who closed them, and from where something may still come for them.
#[utoipa::path(get, path = "/v1/desk/period", responses((status = 200, body = PeriodView),
    (status = 403, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn period(
    State(state): State<AppState>,
    _reader: LedgerReader,
) -> Result<Json<PeriodView>, Problem> {
    let found = state
        .blocking(|store| {
            let found = store.read(|conn| -> Result<_, StoreError> {
                let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
                let today = Day::of(crate::clock::now(), company.utc_offset_minutes);
                period::get(conn, today, |device| {
                    scope::brings_records(device.person.role)
                })
            })?;
            Ok(found)
        })
        .await?;
    let text = |day: Option<Day>| day.map(|day| day.to_string());
    Ok(Json(PeriodView {
        closed_through: text(found.closed_through),
        closable_through: text(found.closable_through),
        closes: found.closes.into_iter().map(CloseView::from).collect(),
        late_entries: found.late_entries,
        devices: found.devices.into_iter().map(HeardView::from).collect(),
    }))
}
