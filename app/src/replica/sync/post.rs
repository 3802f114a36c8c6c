//! `POST /v1/sync`: sends a request and tells failures apart.

use shared::sync::{
    client::Failure,
    message::{SyncRequest, SyncResponse},
};

use super::problem;
use crate::{
    platform::network::{Call, Network},
    replica::error::Result,
};

/// First syncs bring thousands of rows over thin connections.
const TIMEOUT_MS: u32 = 60_000;

/// The call that carries a request.
pub fn call(server: &str, token: &str, request: &SyncRequest) -> Result<Call> {
    Ok(Call {
        method: "POST",
        url: format!("{server}/v1/sync"),
        token: Some(token.to_owned()),
        headers: vec![("content-type", "application/octet-stream".into())],
        body: request.encode()?,
        timeout_ms: TIMEOUT_MS,
    })
}

/// Sends it. No answer, and an overloaded server, count as unreachable.
pub async fn send(network: &dyn Network, call: Call) -> std::result::Result<SyncResponse, Failure> {
    let answer = network.send(call).await.map_err(|_| Failure::Unreachable)?;
    match answer.status {
        200 => SyncResponse::decode(&answer.body).map_err(|e| Failure::Refused(e.code().into())),
        401 => Err(Failure::Unauthorized),
        408 | 429 | 500..=599 => Err(Failure::Unreachable),
        _ => Err(Failure::Refused(problem(&answer).code())),
    }
}
