//! The time and waiting.

use shared::day::Timestamp;

use super::LocalBoxFuture;

/// Tells the time and waits.
pub trait Clock {
    /// The device's clock; may be wrong.
    fn now(&self) -> Timestamp;
    /// Done after about this many milliseconds.
    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()>;
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp(chrono::Utc::now().timestamp_millis())
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()> {
        Box::pin(super::native::sleep(ms))
    }

    #[cfg(target_arch = "wasm32")]
    fn sleep(&self, ms: u32) -> LocalBoxFuture<'static, ()> {
        Box::pin(super::web::sleep(ms))
    }
}
