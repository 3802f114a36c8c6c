//! The server's clock: the only place that reads it.

use shared::day::Timestamp;

/// Milliseconds since 1970 UTC.
pub fn now() -> Timestamp {
    Timestamp(chrono::Utc::now().timestamp_millis())
}
