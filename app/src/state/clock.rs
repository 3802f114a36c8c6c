//! The device's clock, for what screens say about "now". Records get their times from the replica.

use shared::day::Timestamp;

/// Now, by this device.
pub fn now() -> Timestamp {
    #[cfg(target_arch = "wasm32")]
    let ms = js_sys::Date::now() as i64;
    #[cfg(not(target_arch = "wasm32"))]
    let ms = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map(|since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
        .unwrap_or_default();
    Timestamp(ms)
}
