//! What becomes of messages on their way, and what happens at their ends.

use app::platform::network::{Answer, Call, Unreachable};
use futures::channel::oneshot;
use sha2::Digest as _;
use shared::sync::message::{
    Entry, Item, Outcome, PROTOCOL_VERSION, Standing, SyncRequest, SyncResponse,
};

use super::{
    auditor::Broken,
    faults::Fault,
    observe_papers,
    run::Run,
    site,
    wire::{self, Flight},
};
use crate::fault_vfs::{Crash, Faults};

/// Something that happens later.
pub enum Event {
    /// A call reaches the server.
    Arrive(Arrival),
    /// An answer, or none, reaches a phone.
    Reply(Landing),
    /// Somebody opens their app.
    Open(usize),
    /// A phone has a connection again.
    Online(usize),
    /// A phone's disk is in order again.
    DiskMended(usize, Fault, u64),
}

/// A call at the server's door.
pub struct Arrival {
    phone: usize,
    life: u64,
    call: Call,
    /// None for a copy, whose answer nobody waits for.
    reply: Option<oneshot::Sender<wire::Outcome>>,
}

/// An answer at a phone's door.
pub struct Landing {
    phone: usize,
    life: u64,
    reply: oneshot::Sender<wire::Outcome>,
    outcome: wire::Outcome,
    carries_data: bool,
}

/// Syncs with data of one run after which it is clear that they never end.
const ENDLESS: u64 = 1_200;
const DAY_MS: i64 = 24 * 3_600_000;

fn nothing() -> wire::Outcome {
    Err(Unreachable("lost".to_owned()))
}

/// A disk that fails here and there, or at one flush.
pub fn errors(step: u64) -> Faults {
    match step % 3 {
        0 => Faults {
            failed_sync_at: Some(step % 4),
            ..Faults::default()
        },
        1 => Faults {
            short_writes_ppm: 100_000,
            ..Faults::default()
        },
        _ => Faults {
            failed_syncs_ppm: 200_000,
            short_writes_ppm: 20_000,
            ..Faults::default()
        },
    }
}

/// Does a call bring changes? None if it is not a sync.
fn brings(call: &Call) -> Option<bool> {
    let is_sync = call.url.ends_with("/v1/sync");
    is_sync.then(|| SyncRequest::decode(&call.body).is_ok_and(|r| !r.frames.is_empty()))
}

impl Run {
    /// Takes what phones have sent and decides what becomes of it.
    pub(super) fn take_flights(&mut self) {
        loop {
            let flight = self.air.flights.borrow_mut().pop_front();
            match flight {
                Some(flight) => self.take_off(flight),
                None => return,
            }
        }
    }

    fn take_off(&mut self, flight: Flight) {
        let Flight {
            phone,
            life,
            mut call,
            reply,
        } = flight;
        if self.phones[phone].version_before == Some(life) && is_of_this_version(&call) {
            let outcome = Ok(site::other_version());
            return self.later(50, land(phone, life, reply, outcome, false));
        }
        let carries_data = brings(&call) == Some(true);
        let timeout = i64::from(call.timeout_ms);
        let strikes = |run: &mut Self, fault| carries_data && run.strikes(fault);
        let gives_up = |reply| {
            Event::Reply(Landing {
                phone,
                life,
                reply,
                outcome: nothing(),
                carries_data: false,
            })
        };
        let way = self.dice.between(20, 400);
        if strikes(self, Fault::RequestLost) {
            self.count(Fault::RequestLost);
            return self.later(timeout, gives_up(reply));
        }
        if strikes(self, Fault::RequestDelayed) {
            self.count(Fault::RequestDelayed);
            let delay = self.dice.between(DAY_MS, 4 * DAY_MS);
            let copy = arrival(phone, life, call, None);
            self.later(delay, copy);
            return self.later(timeout, gives_up(reply));
        }
        if strikes(self, Fault::RequestReordered) {
            self.count(Fault::RequestReordered);
            let delay = timeout + self.dice.between(1_000, 600_000);
            let copy = arrival(phone, life, call, None);
            self.later(delay, copy);
            // The phone has given up already and sends again, perhaps more.
            let soon = self.dice.between(500, timeout);
            return self.later(soon, gives_up(reply));
        }
        if strikes(self, Fault::RequestDuplicated) {
            self.count(Fault::RequestDuplicated);
            let delay = way + self.dice.between(0, 120_000);
            let copy = arrival(phone, life, call.clone(), None);
            self.later(delay, copy);
        }
        if strikes(self, Fault::RequestTruncated) {
            self.count(Fault::RequestTruncated);
            let left = self.dice.draw() as usize % call.body.len().max(1);
            call.body.truncate(left);
        }
        if strikes(self, Fault::RequestFlipped) {
            self.count(Fault::RequestFlipped);
            self.flip(&mut call.body);
        }
        self.later(way, arrival(phone, life, call, Some(reply)));
    }

    fn flip(&mut self, bytes: &mut [u8]) {
        let bit = self.dice.draw() as usize % (bytes.len() * 8).max(1);
        if let Some(byte) = bytes.get_mut(bit / 8) {
            *byte ^= 1 << (bit % 8);
        }
    }

    /// Something happens.
    pub(super) fn happen(&mut self, event: Event) {
        match event {
            Event::Arrive(arrival) => self.arrive(arrival),
            Event::Reply(landing) => self.land(landing),
            Event::Open(phone) => {
                if !self.phones[phone].is_open() {
                    self.open(phone);
                }
            }
            Event::Online(phone) => self.back_online(phone),
            Event::DiskMended(phone, fault, before) => self.mend_disk(phone, fault, before),
        }
    }

    fn arrive(&mut self, arrival: Arrival) {
        let Arrival {
            phone,
            life,
            call,
            reply,
        } = arrival;
        let is_sync = brings(&call);
        let brings = is_sync == Some(true);
        let timeout = i64::from(call.timeout_ms);
        let trap = if brings { self.set_server_trap() } else { None };
        let mut answer = self.site.borrow().handle(&call);
        if let Some(fault) = trap
            && self.server_trap_sprung(fault)
        {
            if let Some(reply) = reply {
                self.later(timeout, land(phone, life, reply, nothing(), false));
            }
            return;
        }
        self.look_at_server();
        self.tell_channels();
        if is_sync.is_some() {
            self.note_sent(phone, &call, &answer);
        }
        let carries_data = is_sync.is_some()
            && answer.status == 200
            && (brings || SyncResponse::decode(&answer.body).is_ok_and(|r| !r.entries.is_empty()));
        self.trace.update([phone as u8]);
        self.trace.update(&call.body);
        self.trace.update(&answer.body);
        if carries_data {
            self.syncs += 1;
            if self.syncs > ENDLESS {
                self.auditor
                    .report(Broken::Stuck, "phones and server talk without end");
            }
            let due = self.due_faults.remove(&phone).unwrap_or_default();
            for fault in due.into_iter().chain(std::mem::take(&mut self.server_due)) {
                self.count(fault);
            }
            self.count_answer(&answer);
        }
        let was_killed = brings && self.strikes(Fault::ServerKilledAfter);
        if was_killed {
            self.count(Fault::ServerKilledAfter);
            self.kill_server();
        }
        let Some(reply) = reply else {
            return;
        };
        if was_killed {
            return self.later(timeout, land(phone, life, reply, nothing(), false));
        }
        if carries_data && self.strikes(Fault::ReplyLost) {
            self.count(Fault::ReplyLost);
            return self.later(timeout, land(phone, life, reply, nothing(), false));
        }
        if carries_data && self.strikes(Fault::ReplyCut) {
            self.count(Fault::ReplyCut);
            let left = self.dice.draw() as usize % answer.body.len().max(1);
            answer.body.truncate(left);
        }
        if carries_data && self.strikes(Fault::ReplyFlipped) {
            self.count(Fault::ReplyFlipped);
            self.flip(&mut answer.body);
        }
        let way = self.dice.between(20, 400);
        self.later(way, land(phone, life, reply, Ok(answer), carries_data));
    }

    /// Shows the auditor what a phone is sent, and in which version it asked.
    fn note_sent(&mut self, phone: usize, call: &Call, answer: &Answer) {
        if let Ok(response) = SyncResponse::decode(&answer.body) {
            let kinds = observe_papers::kinds(&response);
            self.auditor.sent(phone, !is_of_this_version(call), &kinds);
        }
    }

    /// Counts what an answer shows.
    fn count_answer(&mut self, answer: &Answer) {
        let Ok(response) = SyncResponse::decode(&answer.body) else {
            return;
        };
        if response.standing == Standing::UnderReview {
            self.count(Fault::UnsentReviewed);
        }
        if response.more && !response.entries.is_empty() {
            self.count(Fault::PageOfFew);
        }
    }

    fn land(&mut self, landing: Landing) {
        let Landing {
            phone,
            life,
            reply,
            outcome,
            carries_data,
        } = landing;
        if self.phones[phone].life != life || !self.phones[phone].is_open() {
            return;
        }
        self.tell(|| format!("phone {phone} gets {}", described(&outcome)));
        if carries_data && has_more(&outcome) && self.strikes(Fault::CutBetweenPages) {
            self.count(Fault::CutBetweenPages);
            self.go_offline(phone);
        }
        let is_killed = carries_data && self.strikes(Fault::PhoneKilled);
        let before = self.dice.between(0, 1) == 0;
        if is_killed {
            self.count(Fault::PhoneKilled);
        }
        if !(is_killed && before) {
            if carries_data {
                self.set_trap(phone);
            }
            // The phone may have given up on it.
            let _ = reply.send(outcome);
            self.run_phone(phone);
            if self.sprung(phone) {
                return;
            }
            if carries_data {
                self.sprung_in_a_row.remove(&phone);
                self.look_at_phone(phone);
            }
        }
        if is_killed {
            self.kill_phone(phone);
        }
    }

    /// Kills a phone's app; somebody opens it again some time later.
    pub(super) fn kill_phone(&mut self, phone: usize) {
        self.phones[phone].crash(Crash::Kill);
        let pause = self.dice.between(500, 300_000);
        self.later(pause, Event::Open(phone));
    }

    fn kill_server(&mut self) {
        self.site.borrow_mut().crash(Crash::Kill);
        // Live channels end with the server.
        self.air.channels.borrow_mut().clear();
    }

    /// May make the server's disk fail during the next request.
    fn set_server_trap(&mut self) -> Option<Fault> {
        let traps = [
            Fault::ServerKilledAtWrite,
            Fault::ServerPowerCut,
            Fault::ServerDiskFull,
            Fault::ServerDiskErrors,
        ];
        let fault = traps.into_iter().find(|fault| self.strikes(*fault))?;
        let step = self.dice.draw() % 16;
        let faults = match fault {
            Fault::ServerKilledAtWrite => Faults {
                crash_at: Some((step, Crash::Kill)),
                ..Faults::default()
            },
            Fault::ServerPowerCut => Faults {
                crash_at: Some((step, Crash::PowerLoss)),
                ..Faults::default()
            },
            Fault::ServerDiskFull => Faults {
                room: Some(step * 1_000),
                ..Faults::default()
            },
            _ => errors(step),
        };
        self.site.borrow().disk.set_faults(faults);
        Some(fault)
    }

    /// Counts what the server's disk did. True if the process is gone: it has been started again, and
    /// nobody gets an answer.
    fn server_trap_sprung(&mut self, fault: Fault) -> bool {
        let (is_stopped, struck) = {
            let site = self.site.borrow();
            site.disk.no_faults();
            (site.disk.is_stopped(), site.disk.struck())
        };
        let failures = struck.disk_full + struck.short_writes + struck.failed_syncs;
        if is_stopped || failures > self.server_failures {
            self.count(fault);
        }
        self.server_failures = failures;
        if is_stopped {
            self.kill_server();
            self.look_at_server();
        }
        is_stopped
    }

    /// Tells open live channels that the log has grown.
    pub(super) fn tell_channels(&mut self) {
        let head = self.head();
        let line = format!("event: head\ndata: {head}\n\n").into_bytes();
        let mut told = Vec::new();
        self.air.channels.borrow_mut().retain(|channel| {
            told.push(channel.phone);
            channel.news.unbounded_send(Ok(line.clone())).is_ok()
        });
        for phone in told {
            if self.phones[phone].is_open() && self.phones[phone].online.get() {
                self.run_phone(phone);
            }
        }
    }
}

/// Is it a sync in this version of the protocol?
fn is_of_this_version(call: &Call) -> bool {
    let version = call.body.first().copied().map(u16::from);
    site::is_sync(call) && version == Some(PROTOCOL_VERSION)
}

/// Is there more to fetch after this answer?
fn has_more(outcome: &wire::Outcome) -> bool {
    let answer = outcome.as_ref().ok();
    let response = answer.and_then(|answer| SyncResponse::decode(&answer.body).ok());
    response.is_some_and(|r| r.more && !r.entries.is_empty())
}

/// Codes of what was refused.
fn refused(response: &SyncResponse) -> Vec<&str> {
    let answers = response.answers.iter();
    answers
        .filter_map(|answer| match &answer.outcome {
            Outcome::Rejected { code, .. } => Some(code.as_str()),
            Outcome::Acked { .. } => None,
        })
        .collect()
}

fn described(outcome: &wire::Outcome) -> String {
    match outcome {
        Err(_) => "nothing".to_owned(),
        Ok(answer) => match SyncResponse::decode(&answer.body) {
            Ok(response) => format!(
                "{} answers (refused {:?}), {:?}, {} entries from {:?} ({}), cursor {} part {}, more {}",
                response.answers.len(),
                refused(&response),
                response.standing,
                response.entries.len(),
                response.entries.first().map(|e| e.seq),
                response
                    .entries
                    .iter()
                    .map(named)
                    .collect::<Vec<_>>()
                    .join(" "),
                response.cursor.seq,
                response.cursor.part,
                response.more
            ),
            Err(_) => format!("{} with {} bytes", answer.status, answer.body.len()),
        },
    }
}

/// An entry in a word: its place and what it is.
fn named(entry: &Entry) -> String {
    let what = match &entry.item {
        Item::Change(change) => format!(
            "{:.8}",
            shared::document::frame_hash(&change.change).to_string()
        ),
        Item::Row(_) => "row".to_owned(),
        Item::Enter(_) => "enter".to_owned(),
        Item::Leave(_) => "leave".to_owned(),
        Item::Digest(digest) => format!("digest {:.8}", digest.document.to_string()),
    };
    format!("{}:{what}", entry.seq)
}

fn arrival(
    phone: usize,
    life: u64,
    call: Call,
    reply: Option<oneshot::Sender<wire::Outcome>>,
) -> Event {
    Event::Arrive(Arrival {
        phone,
        life,
        call,
        reply,
    })
}

fn land(
    phone: usize,
    life: u64,
    reply: oneshot::Sender<wire::Outcome>,
    outcome: wire::Outcome,
    carries_data: bool,
) -> Event {
    Event::Reply(Landing {
        phone,
        life,
        reply,
        outcome,
        carries_data,
    })
}
