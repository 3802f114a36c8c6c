//! Who calls: the bearer token's device and its person, or those of a session of the desk. A revoked device or a disabled person is told
//! so, with a code of its own; the phone keeps its records then.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use shared::day::Timestamp;

use crate::{
    clock, desk_sessions,
    problem::Problem,
    scope,
    state::AppState,
    store::devices::{self, Device},
};

/// The device that calls, with its person.
#[derive(Clone, Debug)]
pub struct Caller(pub Device);

/// A caller who may see the ledger of the whole company.
#[derive(Clone, Debug)]
pub struct LedgerReader(pub Device);

fn unauthorized(code: &str, detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, code, detail)
}

/// The token of an `Authorization: Bearer` header.
pub fn token(headers: &HeaderMap) -> Result<&str, Problem> {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .filter(|token| !token.is_empty() && token.len() <= 200)
        .ok_or_else(|| unauthorized("auth.missing", "a bearer token is needed"))
}

/// Is the device still good?
pub fn check(device: Option<Device>) -> Result<Device, Problem> {
    let device = device.ok_or_else(unknown)?;
    if device.revoked_at.is_some() || !device.person.active {
        return Err(revoked());
    }
    Ok(device)
}

/// What a revoked device, or one of a disabled person, is told.
pub fn revoked() -> Problem {
    unauthorized("auth.revoked", "this device was revoked")
}

/// The device that calls, revoked or not: what it still holds is taken in for review.
#[derive(Clone, Debug)]
pub struct Sender(pub Device);

impl FromRequestParts<AppState> for Sender {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let token = token(&parts.headers)?.to_owned();
        let device = state
            .blocking(move |store| store.read(|conn| Ok(devices::by_token(conn, &token)?)))
            .await?;
        device.map(Self).ok_or_else(unknown)
    }
}

fn unknown() -> Problem {
    unauthorized("auth.unknown", "no device has this token")
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let has_token = parts.headers.contains_key(header::AUTHORIZATION);
        if !has_token && desk_sessions::is_desk(&parts.headers) {
            return at_the_desk(&parts.headers, state).await;
        }
        let Sender(device) = Sender::from_request_parts(parts, state).await?;
        check(Some(device)).map(Self)
    }
}

/// The device whose session the desk's cookie names.
async fn at_the_desk(headers: &HeaderMap, state: &AppState) -> Result<Caller, Problem> {
    let over = || unauthorized("auth.session", "the session of the desk is over");
    let token = desk_sessions::token(headers).ok_or_else(over)?;
    let id = state.desk_sessions.device(token, clock::now());
    let id = id.ok_or_else(over)?;
    let device = state
        .blocking(move |store| store.read(|conn| Ok(devices::by_id(conn, id)?)))
        .await?;
    check(device).map(Caller)
}

/// What a person is told whose role may not do what they asked for.
pub fn forbidden() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "auth.forbidden",
        "this role may not do this",
    )
}

impl FromRequestParts<AppState> for LedgerReader {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let Caller(device) = Caller::from_request_parts(parts, state).await?;
        match scope::sees_all(device.person.role) {
            true => Ok(Self(device)),
            false => Err(forbidden()),
        }
    }
}

/// Slows guessing down: after ten wrong codes within a minute nobody enrols until that minute is over.
#[derive(Debug, Default)]
pub struct EnrolLimiter(Mutex<VecDeque<Timestamp>>);

const WRONG_CODES: usize = 10;
const WINDOW_MS: i64 = 60_000;

impl EnrolLimiter {
    /// May somebody try now? If not, seconds until they may.
    pub fn check(&self, now: Timestamp) -> Result<(), u64> {
        let mut wrong = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while wrong
            .front()
            .is_some_and(|at| now.ms_since(*at) >= WINDOW_MS)
        {
            wrong.pop_front();
        }
        match wrong.front() {
            Some(first) if wrong.len() >= WRONG_CODES => {
                let wait_ms = WINDOW_MS - now.ms_since(*first);
                Err(u64::try_from(wait_ms).unwrap_or(0) / 1_000 + 1)
            }
            _ => Ok(()),
        }
    }

    /// Counts a wrong code.
    pub fn count_wrong(&self, now: Timestamp) {
        let mut wrong = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() < WRONG_CODES {
            wrong.push_back(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_ten_wrong_codes_nobody_enrols_until_the_minute_is_over() {
        let limiter = EnrolLimiter::default();
        for i in 0..10 {
            assert_eq!(limiter.check(Timestamp(i)), Ok(()));
            limiter.count_wrong(Timestamp(i));
        }
        assert_eq!(limiter.check(Timestamp(10)), Err(60));
        assert_eq!(limiter.check(Timestamp(59_999)), Err(1));
        assert_eq!(limiter.check(Timestamp(60_000)), Ok(()));
    }
}
