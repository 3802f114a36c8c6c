//! What becomes of messages on their way, and what happens at their ends.

use app::platform::network::{Call, Unreachable};
use futures::channel::oneshot;
use sha2::Digest as _;
use shared::sync::message::{SyncRequest, SyncResponse};

use super::{
    faults::Fault,
    phone,
    run::Run,
    wire::{Flight, Outcome},
};

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
}

/// A call at the server's door.
pub struct Arrival {
    phone: usize,
    life: u64,
    call: Call,
    /// None for a copy, whose answer nobody waits for.
    reply: Option<oneshot::Sender<Outcome>>,
}

/// An answer at a phone's door.
pub struct Landing {
    phone: usize,
    life: u64,
    reply: oneshot::Sender<Outcome>,
    outcome: Outcome,
    carries_data: bool,
}

const DAY_MS: i64 = 24 * 3_600_000;

fn nothing() -> Outcome {
    Err(Unreachable("lost".to_owned()))
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
        if brings && self.strikes(Fault::ServerKilledBefore) {
            self.count(Fault::ServerKilledBefore);
            self.kill_server();
            if let Some(reply) = reply {
                let landing = land(phone, life, reply, nothing(), false);
                self.later(timeout, landing);
            }
            return;
        }
        let mut answer = self.site.borrow().handle(&call);
        self.look_at_server();
        self.tell_channels();
        let carries_data = is_sync.is_some()
            && answer.status == 200
            && (brings || SyncResponse::decode(&answer.body).is_ok_and(|r| !r.entries.is_empty()));
        self.trace.update([phone as u8]);
        self.trace.update(&call.body);
        self.trace.update(&answer.body);
        if carries_data {
            self.syncs += 1;
            for fault in self.due_faults.remove(&phone).unwrap_or_default() {
                self.count(fault);
            }
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
        let is_killed = carries_data && self.strikes(Fault::PhoneKilled);
        let before = self.dice.between(0, 1) == 0;
        if is_killed {
            self.count(Fault::PhoneKilled);
        }
        if !(is_killed && before) {
            // The phone may have given up on it.
            let _ = reply.send(outcome);
            self.run_phone(phone);
            if carries_data {
                self.look_at_phone(phone);
            }
        }
        if is_killed {
            self.kill_phone(phone);
        }
    }

    /// Kills a phone's app; somebody opens it again some time later.
    pub(super) fn kill_phone(&mut self, phone: usize) {
        let scratch = self.path("killed");
        self.phones[phone].kill(&scratch);
        let pause = self.dice.between(500, 300_000);
        self.later(pause, Event::Open(phone));
    }

    fn kill_server(&mut self) {
        let scratch = self.path("server-killed");
        let mut site = self.site.borrow_mut();
        phone::copy(site.dir(), &scratch);
        site.restart(|dir| phone::copy(&scratch, dir));
        // Live channels end with the server.
        self.air.channels.borrow_mut().clear();
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

fn described(outcome: &Outcome) -> String {
    match outcome {
        Err(_) => "nothing".to_owned(),
        Ok(answer) => match SyncResponse::decode(&answer.body) {
            Ok(response) => format!(
                "{} answers, {} entries from {:?}, cursor {} part {}, more {}",
                response.answers.len(),
                response.entries.len(),
                response.entries.first().map(|e| e.seq),
                response.cursor.seq,
                response.cursor.part,
                response.more
            ),
            Err(_) => format!("{} with {} bytes", answer.status, answer.body.len()),
        },
    }
}

fn arrival(phone: usize, life: u64, call: Call, reply: Option<oneshot::Sender<Outcome>>) -> Event {
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
    reply: oneshot::Sender<Outcome>,
    outcome: Outcome,
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
