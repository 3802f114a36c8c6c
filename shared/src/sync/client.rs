//! The phone's sync session, sans IO: events in, effects out.
//!
//! The replica (a thread, a worker, or the simulator) feeds events and carries the effects out; the
//! session never touches a store, a socket or a clock.

use crate::{
    day::Timestamp,
    sync::message::{SyncRequest, SyncResponse},
};

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The store was opened, or the person asked to sync now.
    Wake,
    /// Something was put into the outbox.
    OutboxGrew,
    /// The server said on the live channel that its log has grown to this number.
    HeadMoved(u64),
    /// The device says it has (true) or has lost (false) the network.
    Online(bool),
    /// The time asked for by [`Effect::WaitUntil`] has come.
    Timer,
    /// The request that [`Effect::BuildAndSend`] asked for was answered.
    Answered(Box<SyncResponse>),
    /// The page was applied in one transaction; how many changes still wait in the outbox.
    Applied {
        /// Changes still in the outbox and not refused.
        waiting: u64,
        /// The page said that there is more.
        more: bool,
    },
    /// The request failed; nothing is known of what the server did with it.
    Failed(Failure),
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Failure {
    /// No connection, a time-out, a cut connection, or the server is overloaded (5xx, 429).
    Unreachable,
    /// The token is not or no longer good: stop until the person signs in again.
    Unauthorized,
    /// The server does not speak this version, or says that the request is malformed.
    Refused(String),
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read cursor and outbox, build a [`SyncRequest`], sign it, send it.
    BuildAndSend,
    /// Apply the page that was just answered in one transaction, then feed `Applied`.
    ApplyPage(Box<SyncResponse>),
    /// Feed `Timer` at or after this time, unless another event comes first.
    WaitUntil(Timestamp),
    /// Tell the screens.
    Report(Status),
}

/// How sync stands, for the status line.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Status {
    /// Nothing to do; last success at this time by the phone's clock.
    Idle {
        /// Last success.
        last: Option<Timestamp>,
    },
    /// A request is under way.
    Syncing,
    /// No connection; tries again at this time.
    Offline {
        /// Next try.
        retry_at: Timestamp,
    },
    /// The token was revoked: records are kept on the phone, nothing is sent.
    Revoked,
    /// The server refused the request itself; tries again at this time.
    Refused {
        /// Code of the reason.
        code: String,
        /// Next try.
        retry_at: Timestamp,
    },
}

/// The session's state between events.
#[derive(Clone, Debug, Default)]
pub struct Session {}

impl Session {
    /// Takes an event at a time by the phone's clock; `jitter` is any number, for spreading retries.
    pub fn handle(&mut self, event: Event, now: Timestamp, jitter: u32) -> Vec<Effect> {
        let _ = (event, now, jitter, std::marker::PhantomData::<SyncRequest>);
        unimplemented!()
    }
}
