//! The way to the server and back: building batches, applying pages, attachments, the live channel,
//! enrolment; and the driver that carries out what `shared::sync::client` decides.
//!
//! Invariants: the same batch is sent again, unchanged, until it is answered; a page and its cursor
//! are one transaction; one refused change stops no other.

pub mod apply;
pub mod build;
mod careful;
pub mod desk;
pub mod driver;
pub mod enrol;
mod later;
pub mod live;
mod photos;
pub mod post;
pub mod refuse;
pub mod standing;
pub mod upload;

/// Code of a line of the queue: tried, and the server did not answer.
pub const AWAY: &str = "sync.away";
/// Code: the server does not let this device in any more.
pub const REVOKED: &str = "auth.revoked";
/// Code: what it is added to has to come back to a restored server first.
pub const BASE: &str = "sync.base";
/// Code: with the office, which looks through what a revoked device still had.
pub const REVIEW: &str = "sync.review";

use serde::Deserialize;

use super::error::Error;
use crate::platform::network::Answer;

/// Problem JSON of the server, as far as it matters here.
#[derive(Deserialize)]
struct Problem {
    code: String,
    #[serde(default)]
    detail: String,
}

/// The error that an answer other than success stands for.
fn problem(answer: &Answer) -> Error {
    match serde_json::from_slice::<Problem>(&answer.body) {
        Ok(problem) => Error::Other {
            code: problem.code,
            detail: problem.detail,
        },
        Err(_) => Error::Other {
            code: format!("http.{}", answer.status),
            detail: String::new(),
        },
    }
}
