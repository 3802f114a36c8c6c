//! Sessions of the desk of finance in a browser: begun with a device's bearer token, carried by a cookie that
//! no script can read.
//!
//! Invariants: a cookie counts only beside the header [`HEADER`], which a form or a link of another site cannot
//! send; only hashes of sessions are held, in memory alone, so that they end with the server; whether the device
//! and its person are still good is asked at every request, as for a bearer token.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use axum::http::{HeaderMap, header};
use sha2::{Digest as _, Sha256};
use shared::{day::Timestamp, ids::DeviceId};

/// The header that a request with the cookie has to have; its value is `1`.
pub const HEADER: &str = "x-huikuan-desk";
/// The cookie's name.
pub const COOKIE: &str = "huikuan-desk";
/// How long a session lasts: a working day.
pub const LASTS_MS: i64 = 12 * 3_600_000;
/// Sessions at a time; the oldest gives way.
const MOST: usize = 1_000;

#[derive(Debug)]
struct Session {
    hash: [u8; 32],
    device: DeviceId,
    ends_at: Timestamp,
}

/// The sessions that last.
#[derive(Debug, Default)]
pub struct DeskSessions(Mutex<VecDeque<Session>>);

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(format!("huikuan.desk.1\n{token}")).into()
}

impl DeskSessions {
    fn with<T>(&self, work: impl FnOnce(&mut VecDeque<Session>) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins a session of a device under a token that was just drawn.
    pub fn begin(&self, device: DeviceId, token: &str, now: Timestamp) {
        let session = Session {
            hash: hash(token),
            device,
            ends_at: now.plus_ms(LASTS_MS),
        };
        self.with(|sessions| {
            sessions.retain(|old| old.ends_at > now);
            while sessions.len() >= MOST {
                sessions.pop_front();
            }
            sessions.push_back(session);
        });
    }

    /// Whose session it is; none if it is over or never was.
    pub fn device(&self, token: &str, now: Timestamp) -> Option<DeviceId> {
        let wanted = hash(token);
        self.with(|sessions| {
            let found = sessions.iter().find(|session| session.hash == wanted)?;
            (found.ends_at > now).then_some(found.device)
        })
    }

    /// Ends a session; one that is over already is none.
    pub fn end(&self, token: &str) {
        let wanted = hash(token);
        self.with(|sessions| sessions.retain(|session| session.hash != wanted));
    }
}

/// Does the request say that it comes from the desk's own page?
pub fn is_desk(headers: &HeaderMap) -> bool {
    headers.get(HEADER).is_some_and(|value| value == "1")
}

/// The session's token in the cookie of a request from the desk's own page.
pub fn token(headers: &HeaderMap) -> Option<&str> {
    if !is_desk(headers) {
        return None;
    }
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, value)| *name == COOKIE && !value.is_empty() && value.len() <= 200)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use uuid::Uuid;

    use super::*;

    fn device(n: u128) -> DeviceId {
        DeviceId(Uuid::from_u128(n))
    }

    #[test]
    fn a_session_lasts_for_its_time_and_no_longer() {
        let (sessions, begun) = (DeskSessions::default(), Timestamp(1_000));
        sessions.begin(device(1), "a", begun);
        assert_eq!(sessions.device("a", begun), Some(device(1)));
        assert_eq!(sessions.device("b", begun), None);
        let last = begun.plus_ms(LASTS_MS - 1);
        assert_eq!(sessions.device("a", last), Some(device(1)));
        assert_eq!(sessions.device("a", last.plus_ms(1)), None);
        sessions.end("a");
        assert_eq!(sessions.device("a", begun), None);
    }

    #[test]
    fn the_oldest_session_gives_way_when_there_are_too_many() {
        let sessions = DeskSessions::default();
        for n in 0..=MOST {
            sessions.begin(device(n as u128), &n.to_string(), Timestamp(0));
        }
        assert_eq!(sessions.device("0", Timestamp(1)), None);
        assert_eq!(sessions.device("1", Timestamp(1)), Some(device(1)));
    }

    #[test]
    fn a_cookie_counts_only_beside_the_header_of_the_desk() {
        let check = |desk: Option<&str>, cookie: &str, expected: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(desk) = desk {
                headers.insert(HEADER, HeaderValue::from_str(desk).unwrap());
            }
            headers.insert(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
            assert_eq!(token(&headers), expected, "{desk:?} {cookie}");
        };
        check(Some("1"), "huikuan-desk=abc", Some("abc"));
        check(Some("1"), "other=1; huikuan-desk=abc; more=2", Some("abc"));
        check(None, "huikuan-desk=abc", None);
        check(Some("0"), "huikuan-desk=abc", None);
        check(Some("1"), "huikuan-desk=", None);
        check(Some("1"), "xhuikuan-desk=abc", None);
    }
}
