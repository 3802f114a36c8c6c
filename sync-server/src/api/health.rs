//! `GET /healthz`: is the server up, and can it read its ledger?

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{problem::Problem, state::AppState, store::log};

/// The server's state.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// Always true; a server that is not well answers with a problem.
    pub ok: bool,
    /// Version of the server.
    pub version: String,
    /// Newest number of the log.
    pub head_seq: u64,
}

/// Is the server up?
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = Health), (status = 500, body = Problem)))]
pub async fn health(State(state): State<AppState>) -> Result<Json<Health>, Problem> {
    let head = state.blocking(|store| Ok(store.read(log::head)?)).await?;
    Ok(Json(Health {
        ok: true,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        head_seq: head.seq,
    }))
}
