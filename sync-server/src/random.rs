//! Randomness from the operating system: tokens, codes, ids.

use axum::http::StatusCode;
use shared::day::Timestamp;
use uuid::Uuid;

use crate::{hex, problem::Problem};

/// Random bytes.
pub fn bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

impl From<getrandom::Error> for Problem {
    fn from(_: getrandom::Error) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "server.no_randomness",
            "the system gives no random numbers",
        )
    }
}

/// A bearer token: 256 random bits in hex.
pub fn token() -> Result<String, getrandom::Error> {
    Ok(hex::encode(&bytes::<32>()?))
}

/// A UUIDv7 of this time.
pub fn uuid_v7(now: Timestamp) -> Result<Uuid, getrandom::Error> {
    let millis = u64::try_from(now.0).unwrap_or(0);
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &bytes::<10>()?).into_uuid())
}
