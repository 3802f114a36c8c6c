//! The phone's sync session, sans IO: events in, effects out.
//!
//! The replica (a thread, a worker, or the simulator) feeds events and carries the effects out; the
//! session never touches a store, a socket or a clock.

use crate::{
    day::Timestamp,
    sync::message::{Standing, SyncResponse},
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
    /// Read cursor and outbox, build a [`super::message::SyncRequest`], sign it, send it.
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

/// First wait after a failure, before jitter; doubles with every further one.
const RETRY_FIRST_MS: i64 = 4_000;
/// First wait after the server refused the request itself.
const REFUSED_FIRST_MS: i64 = 60_000;
/// Longest wait after failures.
const RETRY_MAX_MS: i64 = 300_000;
/// Wait while the device says it has no network: it is asked again then, nothing is sent.
const OFFLINE_MS: i64 = 300_000;
/// How soon a record saved while waiting after a failure is tried.
const SAVED_RETRY_MS: i64 = 2_000;
/// Poll when idle, in case the live channel does not pass.
const POLL_MS: i64 = 60_000;

/// The session's state between events.
#[derive(Clone, Debug)]
pub struct Session {
    phase: Phase,
    /// What the device says of its network.
    online: bool,
    /// Something came up while a request was under way that it may not have carried.
    again: bool,
    /// Newest number of the log that the live channel told of.
    head: u64,
    /// Everything up to this number has been taken in.
    taken: u64,
    /// Failures in a row.
    failures: u32,
    last: Option<Timestamp>,
    reported: Option<Status>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    /// Not yet woken.
    Asleep,
    /// A request is under way.
    Sending,
    /// A page is being applied; did it or its batch bring anything forward?
    Applying { progress: bool },
    /// Nothing to do until then.
    Resting { due: Timestamp },
    /// Waiting after a failure; the server refused the request itself, or could not be reached.
    BackingOff { due: Timestamp, refused: bool },
    /// The token is no longer good.
    Revoked,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            phase: Phase::Asleep,
            online: true,
            again: false,
            head: 0,
            taken: 0,
            failures: 0,
            last: None,
            reported: None,
        }
    }
}

impl Session {
    /// Takes an event at a time by the phone's clock; `jitter` is any number, for spreading retries.
    ///
    /// Of the effects at most one is [`Effect::BuildAndSend`], and only when no request is under
    /// way. Once woken the session always has a request or a page under way, or a timer, or has
    /// been revoked; [`Event::Wake`] after a new sign-in ends that.
    pub fn handle(&mut self, event: Event, now: Timestamp, jitter: u32) -> Vec<Effect> {
        match event {
            Event::Wake => self.wake(now, jitter),
            Event::OutboxGrew => self.outbox_grew(now, jitter),
            Event::HeadMoved(seq) => self.head_moved(seq, now, jitter),
            Event::Online(online) => self.network(online, now, jitter),
            Event::Timer => self.timer(now, jitter),
            Event::Answered(response) => self.answered(response),
            Event::Applied { waiting, more } => self.applied(waiting, more, now, jitter),
            Event::Failed(failure) => self.failed(failure, now, jitter),
        }
    }

    fn is_busy(&self) -> bool {
        matches!(self.phase, Phase::Sending | Phase::Applying { .. })
    }

    fn wake(&mut self, now: Timestamp, jitter: u32) -> Vec<Effect> {
        if self.is_busy() {
            self.again = true;
            return vec![];
        }
        self.failures = 0;
        self.send(now, jitter)
    }

    fn outbox_grew(&mut self, now: Timestamp, jitter: u32) -> Vec<Effect> {
        match self.phase {
            Phase::Sending | Phase::Applying { .. } => {
                self.again = true;
                vec![]
            }
            Phase::Asleep | Phase::Resting { .. } => self.send(now, jitter),
            Phase::BackingOff {
                due,
                refused: false,
            } if self.online => {
                let due = due.min(now.plus_ms(SAVED_RETRY_MS));
                self.phase = Phase::BackingOff {
                    due,
                    refused: false,
                };
                let report = self.report(Status::Offline { retry_at: due });
                report.into_iter().chain([Effect::WaitUntil(due)]).collect()
            }
            Phase::BackingOff { .. } | Phase::Revoked => vec![],
        }
    }

    /// News on the live channel also show that the server can be reached again.
    fn head_moved(&mut self, seq: u64, now: Timestamp, jitter: u32) -> Vec<Effect> {
        self.head = self.head.max(seq);
        match self.phase {
            Phase::BackingOff { refused: false, .. } => self.send(now, jitter),
            Phase::Asleep | Phase::Resting { .. } if self.head > self.taken => {
                self.send(now, jitter)
            }
            _ => vec![],
        }
    }

    fn network(&mut self, online: bool, now: Timestamp, jitter: u32) -> Vec<Effect> {
        let came_back = online && !self.online;
        self.online = online;
        match self.phase {
            Phase::Resting { .. } | Phase::BackingOff { .. } if !online => {
                self.wait_offline(now, jitter)
            }
            Phase::Resting { .. } if !came_back => vec![],
            Phase::Resting { .. } | Phase::BackingOff { refused: false, .. } => {
                self.failures = 0;
                self.send(now, jitter)
            }
            _ => vec![],
        }
    }

    fn timer(&mut self, now: Timestamp, jitter: u32) -> Vec<Effect> {
        let (Phase::Resting { due } | Phase::BackingOff { due, .. }) = self.phase else {
            return vec![];
        };
        // A clock that was set back would put the time off by as much: no wait is longer than this.
        let set_back = due.ms_since(now) > RETRY_MAX_MS;
        if now < due && !set_back {
            return vec![Effect::WaitUntil(due)];
        }
        self.send(now, jitter)
    }

    fn answered(&mut self, response: Box<SyncResponse>) -> Vec<Effect> {
        if self.phase != Phase::Sending {
            return vec![];
        }
        // Every other standing wants another round: somebody revoked sends batch after batch for review, until
        // all is with the office or the driver says that no more of it goes.
        let turned = response.standing != Standing::Current;
        let progress = turned
            || !response.answers.is_empty()
            || !response.entries.is_empty()
            || !response.fetched.is_empty()
            || response.cursor.seq > self.taken;
        self.taken = response.cursor.seq;
        if !response.more {
            self.taken = self.taken.max(response.head_seq);
        }
        self.phase = Phase::Applying { progress };
        vec![Effect::ApplyPage(response)]
    }

    fn applied(&mut self, waiting: u64, more: bool, now: Timestamp, jitter: u32) -> Vec<Effect> {
        let Phase::Applying { progress } = self.phase else {
            return vec![];
        };
        self.failures = 0;
        self.last = Some(now);
        let unfinished = (more || waiting > 0) && progress;
        if unfinished || self.again || self.head > self.taken {
            // What the live channel told of may be for others: one look is enough.
            self.head = self.taken;
            return self.send(now, jitter);
        }
        self.rest(now, jitter)
    }

    fn failed(&mut self, failure: Failure, now: Timestamp, jitter: u32) -> Vec<Effect> {
        if !self.is_busy() {
            return vec![];
        }
        self.again = false;
        self.failures = self.failures.saturating_add(1);
        match failure {
            Failure::Unauthorized => {
                self.phase = Phase::Revoked;
                self.report(Status::Revoked).into_iter().collect()
            }
            Failure::Unreachable if !self.online => self.wait_offline(now, jitter),
            Failure::Unreachable => {
                let due = now.plus_ms(self.retry_delay_ms(RETRY_FIRST_MS, jitter));
                self.phase = Phase::BackingOff {
                    due,
                    refused: false,
                };
                let report = self.report(Status::Offline { retry_at: due });
                report.into_iter().chain([Effect::WaitUntil(due)]).collect()
            }
            Failure::Refused(code) => {
                let due = now.plus_ms(self.retry_delay_ms(REFUSED_FIRST_MS, jitter));
                self.phase = Phase::BackingOff { due, refused: true };
                let report = self.report(Status::Refused {
                    code,
                    retry_at: due,
                });
                report.into_iter().chain([Effect::WaitUntil(due)]).collect()
            }
        }
    }

    /// Sends now, or waits if the device has no network.
    fn send(&mut self, now: Timestamp, jitter: u32) -> Vec<Effect> {
        if !self.online {
            return self.wait_offline(now, jitter);
        }
        self.phase = Phase::Sending;
        self.again = false;
        let report = self.report(Status::Syncing);
        report.into_iter().chain([Effect::BuildAndSend]).collect()
    }

    fn rest(&mut self, now: Timestamp, jitter: u32) -> Vec<Effect> {
        if !self.online {
            return self.wait_offline(now, jitter);
        }
        let due = now.plus_ms(spread(POLL_MS * 5 / 6, POLL_MS * 7 / 6, jitter));
        self.phase = Phase::Resting { due };
        let report = self.report(Status::Idle { last: self.last });
        report.into_iter().chain([Effect::WaitUntil(due)]).collect()
    }

    fn wait_offline(&mut self, now: Timestamp, jitter: u32) -> Vec<Effect> {
        let due = now.plus_ms(spread(OFFLINE_MS / 2, OFFLINE_MS, jitter));
        self.phase = Phase::BackingOff {
            due,
            refused: false,
        };
        let report = self.report(Status::Offline { retry_at: due });
        report.into_iter().chain([Effect::WaitUntil(due)]).collect()
    }

    /// Between half and the whole of the doubled wait.
    fn retry_delay_ms(&self, first_ms: i64, jitter: u32) -> i64 {
        let doublings = self.failures.saturating_sub(1).min(16);
        let longest = (first_ms << doublings).min(RETRY_MAX_MS);
        spread(longest / 2, longest, jitter)
    }

    fn report(&mut self, status: Status) -> Option<Effect> {
        if self.reported.as_ref() == Some(&status) {
            return None;
        }
        self.reported = Some(status.clone());
        Some(Effect::Report(status))
    }
}

/// A number from `from` to `to`, chosen by the jitter.
fn spread(from: i64, to: i64, jitter: u32) -> i64 {
    from + i64::from(jitter) % (to - from + 1).max(1)
}
