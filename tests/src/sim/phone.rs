//! One phone of a run: the real replica with its driver, on a disk of its own.
//!
//! A life of a phone is one process of it: from opening the store to being closed or killed.

use std::{
    cell::Cell,
    pin::Pin,
    rc::Rc,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Wake, Waker},
};

use app::{
    platform::fake::FakeEntropy,
    replica::{
        actor::Actor,
        api::{ReplicaFailure, Reply, Request},
        bell::Bell,
        host::Host,
    },
};
use futures::FutureExt;
use rusqlite::Connection;
use shared::{day::Timestamp, ids::PersonId};

use super::{
    time::{PhoneClock, Time},
    wire::{Air, PhoneNetwork},
};
use crate::fault_vfs::{Crash, Disk};

type Driving = Pin<Box<dyn Future<Output = ()>>>;

struct Life {
    actor: Actor,
    driving: Driving,
}

/// A phone.
pub struct Phone {
    /// Its place among the phones.
    pub number: usize,
    /// Whose it is.
    pub person: PersonId,
    /// What its stores lie on.
    pub disk: Disk,
    /// Milliseconds by which its clock is ahead.
    pub ahead_ms: Rc<Cell<i64>>,
    /// Has it a connection?
    pub online: Rc<Cell<bool>>,
    /// It is lost and never returns.
    pub is_gone: bool,
    /// Its owner was revoked for good: nobody signs in on it any more.
    pub is_shut_out: bool,
    /// In this life it speaks the version before of the protocol.
    pub version_before: Option<u64>,
    /// Lives so far.
    pub life: u64,
    life_now: Option<Life>,
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Phone {
    /// A phone that is switched off.
    pub fn new(number: usize, person: PersonId, disk: Disk) -> Self {
        Self {
            number,
            person,
            disk,
            ahead_ms: Rc::default(),
            online: Rc::new(Cell::new(true)),
            is_gone: false,
            is_shut_out: false,
            version_before: None,
            life: 0,
            life_now: None,
        }
    }

    /// Opens the app.
    pub fn open(&mut self, air: &Air, time: &Time, seed: u64) -> Result<(), ReplicaFailure> {
        self.life += 1;
        let host = Host {
            build: Some("tests".to_owned()),
            files: Rc::new(self.disk.clone()),
            clock: Rc::new(PhoneClock {
                time: time.clone(),
                phone: self.number,
                life: self.life,
                ahead_ms: self.ahead_ms.clone(),
            }),
            entropy: Rc::new(FakeEntropy::seeded(seed)),
            network: Rc::new(PhoneNetwork {
                air: air.clone(),
                phone: self.number,
                life: self.life,
                online: self.online.clone(),
            }),
            origin: "https://sim".to_owned(),
        };
        let actor = Actor::open(host, Bell::default())
            .now_or_never()
            .expect("opening waits for nothing")?;
        let driven = actor.clone();
        let driving = Box::pin(async move { driven.drive().await });
        self.life_now = Some(Life { actor, driving });
        Ok(())
    }

    /// Is the app open?
    pub fn is_open(&self) -> bool {
        self.life_now.is_some()
    }

    /// Ends the app's process, by now or by a fault that has struck already; the phone can be switched
    /// on again, with what its disk still has.
    pub fn crash(&mut self, crash: Crash) {
        if !self.disk.is_stopped() {
            self.disk.crash(crash);
        }
        self.life_now = None;
        self.disk.power_on();
    }

    /// Lets the app go on until it has nothing to do.
    pub fn run(&mut self) {
        let Some(life) = &mut self.life_now else {
            return;
        };
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        loop {
            woken.0.store(false, Ordering::Relaxed);
            let _ = life.driving.as_mut().poll(&mut Context::from_waker(&waker));
            if !woken.0.load(Ordering::Relaxed) {
                return;
            }
        }
    }

    /// Asks the app, as a screen does.
    pub fn ask(&self, request: Request) -> Reply {
        let life = self.life_now.as_ref().expect("the app is open");
        life.actor
            .call(request)
            .now_or_never()
            .expect("the answer waits for nothing")
    }

    /// Looks into the store; none if nobody is signed in.
    pub fn look<T>(&self, read: impl FnOnce(&Connection) -> T) -> Option<T> {
        self.life_now.as_ref()?.actor.look(read)
    }

    /// The phone's clock.
    pub fn now(&self, time: &Time) -> Timestamp {
        Timestamp(time.now() + self.ahead_ms.get())
    }
}
