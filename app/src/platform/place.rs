//! Where the device is.

use shared::evidence::Fix;

use super::LocalBoxFuture;

/// Why there is no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceError {
    /// The person or the system does not allow it.
    #[error("positioning is not allowed")]
    Denied,
    /// No fix could be had now, or not in time.
    #[error("no position to be had")]
    Unavailable,
    /// This device has no positioning.
    #[error("this device has no positioning")]
    NotSupported,
}

impl PlaceError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Denied => "place.denied",
            Self::Unavailable => "place.unavailable",
            Self::NotSupported => "place.not_supported",
        }
    }
}

/// Finds the device's position.
pub trait Place {
    /// A fresh fix, waiting for it at most about 15 s. May ask the person for leave.
    fn fix(&self) -> LocalBoxFuture<'static, Result<Fix, PlaceError>>;
}
