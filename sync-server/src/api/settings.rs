//! `/v1/desk/settings`: what the company has set of its rules, the changes that led there, and changing it. Which values
//! are possible is said in one place, `shared::policy::setting`.

use std::collections::BTreeMap;

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use shared::{ids::CommandId, policy::setting};
use utoipa::ToSchema;

use crate::{
    auth::{Caller, LedgerReader, forbidden},
    problem::Problem,
    scope,
    state::AppState,
    store::{
        Connection, StoreError,
        settings::{self, Change, Order},
    },
};

/// Changes that are told at once.
const CHANGES: u32 = 50;

/// A setting as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SettingView {
    /// Its name, for example `remind_days`.
    pub key: String,
    /// `reminders`, `deadlines`, `dunning`, `aging`, `alarms`, `statements`, `credit`, `cash`, `plan`,
    /// `curve`, `phones`.
    pub group: String,
    /// `days`, `months`, `minutes`, `time` (minutes since midnight), `date` (of the month), `percent`, `per_mille`, `yuan`,
    /// `metres`, `count`, `part`.
    pub unit: String,
    /// What it is.
    pub value: u32,
    /// What it is unless somebody sets it.
    pub default: u32,
    /// The least that it can be.
    pub min: u32,
    /// The most.
    pub max: u32,
}

/// One value that became another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChangedView {
    /// Which setting.
    pub key: String,
    /// What it was.
    pub old: u32,
    /// What it was since.
    pub new: u32,
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SettingsChangeView {
    /// Its id.
    pub id: String,
    /// The revision that it made.
    pub revision: u32,
    /// Person id.
    pub person: String,
    /// When, milliseconds since 1970 UTC.
    pub at: i64,
    /// Why.
    pub reason: String,
    /// What.
    pub changed: Vec<ChangedView>,
}

/// The settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SettingsView {
    /// How often they were changed.
    pub revision: u32,
    /// By groups.
    pub settings: Vec<SettingView>,
    /// The newest changes, the newest first; at most 50.
    pub changes: Vec<SettingsChangeView>,
}

/// A change that is wanted.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct SettingsRequest {
    /// UUID given by the sender: the same change again changes nothing.
    #[schema(value_type = String, format = "uuid")]
    pub id: CommandId,
    /// The revision that the sender was shown: settings that somebody else has changed meanwhile are not changed.
    pub revision: u32,
    /// Why, 1 to 500 characters.
    pub reason: String,
    /// New values by the settings' names; what is not named stays.
    pub values: BTreeMap<String, u32>,
}

impl From<Change> for SettingsChangeView {
    fn from(change: Change) -> Self {
        let changed = change.changed.into_iter().map(|one| ChangedView {
            key: one.key,
            old: one.old,
            new: one.new,
        });
        Self {
            id: change.id.to_string(),
            revision: change.revision,
            person: change.person.to_string(),
            at: change.at.0,
            reason: change.reason,
            changed: changed.collect(),
        }
    }
}

fn view(conn: &Connection) -> Result<SettingsView, StoreError> {
    let whole = settings::whole(conn)?;
    let found = setting::ALL.iter().map(|one| SettingView {
        key: one.key.to_owned(),
        group: one.group.slug().to_owned(),
        unit: one.unit.slug().to_owned(),
        value: one.of(&whole),
        default: one.default_value(),
        min: one.min,
        max: one.max,
    });
    let changes = settings::changes(conn, CHANGES)?.into_iter();
    Ok(SettingsView {
        revision: settings::revision(conn)?,
        settings: found.collect(),
        changes: changes.map(SettingsChangeView::from).collect(),
    })
}

/// Tells the settings, and who changed them.
#[utoipa::path(get, path = "/v1/desk/settings", responses((status = 200, body = SettingsView),
    (status = 401, body = Problem), (status = 403, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn settings(
    State(state): State<AppState>,
    _reader: LedgerReader,
) -> Result<Json<SettingsView>, Problem> {
    let found = state.blocking(|store| Ok(store.read(view)?)).await?;
    Ok(Json(found))
}

/// Changes settings.
#[utoipa::path(post, path = "/v1/desk/settings", request_body = SettingsRequest, responses(
    (status = 201, body = SettingsView, description = "Changed"),
    (status = 200, body = SettingsView, description = "Had been changed just so before: nothing changed"),
    (status = 400, body = Problem), (status = 403, body = Problem),
    (status = 409, body = Problem, description = "Somebody else has changed them meanwhile, or the id names another change"),
    (status = 422, body = Problem, description = "A value, or the reason, is not possible")), security(("token" = []), ("desk" = [])))]
pub async fn change(
    State(state): State<AppState>,
    Caller(device): Caller,
    Json(request): Json<SettingsRequest>,
) -> Result<(StatusCode, Json<SettingsView>), Problem> {
    if !scope::may_change_settings(device.person.role) {
        return Err(forbidden());
    }
    let order = Order {
        id: request.id,
        person: device.person.id,
        reason: request.reason,
        revision: request.revision,
        values: request.values,
    };
    let (is_new, view) = state
        .writing(move |store| {
            let done = store.write(|tx| -> Result<_, StoreError> {
                let is_new = settings::change(tx, &order)?;
                Ok((is_new, view(tx)?))
            })?;
            Ok(done)
        })
        .await?;
    let status = match is_new {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    Ok((status, Json(view)))
}
