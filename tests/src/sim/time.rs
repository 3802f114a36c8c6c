//! Virtual time: one clock for the whole run, and timers that wake phones.
//!
//! Invariant: time moves only where the run sets it; of timers due at the same moment the one that was
//! set first rings first.

use std::{
    cell::{Cell, RefCell},
    cmp::Reverse,
    collections::BinaryHeap,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use app::platform::{LocalBoxFuture, clock::Clock};
use shared::day::Timestamp;

/// A timer: when, in which order it was set, for which life of which phone.
type Timer = Reverse<(i64, u64, usize, u64)>;

#[derive(Default)]
struct Inner {
    now: Cell<i64>,
    serial: Cell<u64>,
    timers: RefCell<BinaryHeap<Timer>>,
}

/// The time of a run, in milliseconds since 1970. Cheap to clone.
#[derive(Clone, Default)]
pub struct Time(Rc<Inner>);

impl Time {
    /// Time that stands here.
    pub fn at(now: i64) -> Self {
        let time = Self::default();
        time.0.now.set(now);
        time
    }

    /// Now.
    pub fn now(&self) -> i64 {
        self.0.now.get()
    }

    /// Now, for those who keep the right time.
    pub fn stamp(&self) -> Timestamp {
        Timestamp(self.now())
    }

    /// Moves on to a later moment; an earlier one changes nothing.
    pub fn move_to(&self, at: i64) {
        self.0.now.set(self.now().max(at));
    }

    /// When the next timer rings.
    pub fn next_timer(&self) -> Option<i64> {
        self.0.timers.borrow().peek().map(|Reverse(t)| t.0)
    }

    /// Takes the next timer out: phone and life.
    pub fn ring(&self) -> Option<(usize, u64)> {
        let Reverse((_, _, phone, life)) = self.0.timers.borrow_mut().pop()?;
        Some((phone, life))
    }

    fn set_timer(&self, at: i64, phone: usize, life: u64) {
        let serial = self.0.serial.get() + 1;
        self.0.serial.set(serial);
        let timer = Reverse((at, serial, phone, life));
        self.0.timers.borrow_mut().push(timer);
    }
}

/// A phone's clock: the time, and by how much it is wrong.
pub struct PhoneClock {
    /// The right time.
    pub time: Time,
    /// Which phone.
    pub phone: usize,
    /// Which life of it.
    pub life: u64,
    /// Milliseconds ahead of the right time.
    pub ahead_ms: Rc<Cell<i64>>,
}

impl Clock for PhoneClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.time.now() + self.ahead_ms.get())
    }

    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()> {
        Box::pin(Sleep {
            time: self.time.clone(),
            phone: self.phone,
            life: self.life,
            due: self.time.now() + i64::from(ms),
            is_set: false,
        })
    }
}

struct Sleep {
    time: Time,
    phone: usize,
    life: u64,
    due: i64,
    is_set: bool,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.time.now() >= self.due {
            return Poll::Ready(());
        }
        if !self.is_set {
            self.is_set = true;
            self.time.set_timer(self.due, self.phone, self.life);
        }
        Poll::Pending
    }
}
