//! `/v1/desk/bank-rule`: whether a bank's lines that name a transfer in transit, with its sum, are posted when a
//! statement is read. It is switched by the command `bank_rule`.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    auth::LedgerReader,
    problem::Problem,
    state::AppState,
    store::{Connection, StoreError, bank_rule, commands},
};

/// The rule as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BankRuleView {
    /// Who switched it on; none while it is off.
    pub on: Option<SwitchedOn>,
    /// Command id of a proposal to switch it on that waits for a second person.
    pub waits: Option<String>,
}

/// Who switched the rule on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SwitchedOn {
    /// Person id of who proposed it.
    pub person: String,
    /// Person id of who approved it.
    pub approver: String,
    /// Since when, milliseconds since 1970 UTC.
    pub at: i64,
    /// Why.
    pub reason: String,
}

fn view(conn: &Connection) -> Result<BankRuleView, StoreError> {
    let missing = || StoreError::NotFound("command");
    let on = match bank_rule::in_force(conn)? {
        None => None,
        Some(rule) => {
            let proposed = commands::get(conn, rule.command)?.ok_or_else(missing)?;
            let approved = commands::get(conn, rule.approval)?.ok_or_else(missing)?;
            Some(SwitchedOn {
                person: proposed.person.to_string(),
                approver: approved.person.to_string(),
                at: approved.at.0,
                reason: proposed.reason,
            })
        }
    };
    let waits = match &on {
        None => bank_rule::waiting(conn)?.map(|command| command.id.to_string()),
        Some(_) => None,
    };
    Ok(BankRuleView { on, waits })
}

/// Tells whether the rule is on, and by whose words.
#[utoipa::path(get, path = "/v1/desk/bank-rule", responses((status = 200, body = BankRuleView),
    (status = 401, body = Problem), (status = 403, body = Problem)), security(("token" = []), ("desk" = [])))]
pub async fn bank_rule(
    State(state): State<AppState>,
    _reader: LedgerReader,
) -> Result<Json<BankRuleView>, Problem> {
    let found = state.blocking(|store| Ok(store.read(view)?)).await?;
    Ok(Json(found))
}
