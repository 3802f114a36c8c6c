//! `POST /v1/desk/session`: the page of the desk of finance gets a cookie of its own; the token stays here.

use super::{super::error::Result, problem, upload::Access};
use crate::platform::network::{Call, Network};

const TIMEOUT_MS: u32 = 15_000;

/// Begins a session of the desk. An error if the server cannot be reached or refuses.
pub async fn begin(network: &dyn Network, access: Access) -> Result<()> {
    let call = Call {
        method: "POST",
        url: format!("{}/v1/desk/session", access.server),
        token: Some(access.token),
        timeout_ms: TIMEOUT_MS,
        ..Call::default()
    };
    let answer = network.send(call).await?;
    match answer.status {
        204 => Ok(()),
        _ => Err(problem(&answer)),
    }
}
