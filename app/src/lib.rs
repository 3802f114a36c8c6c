//! The Huikuan client: one Dioxus code base for the phone (browser and native) and the desk.
//!
//! `replica` holds the documents, the outbox and the sync session and knows no UI; `screens`
//! and `components` are built with the feature `ui` only.

// Outside of tests nothing gives up: what cannot happen is made impossible, what can is an error.
#![cfg_attr(
    not(test),
    warn(clippy::expect_used, clippy::panic, clippy::unreachable)
)]

#[cfg(feature = "ui")]
pub mod components;
#[cfg(feature = "ui")]
pub mod desk;
#[cfg(feature = "ui")]
pub mod format;
#[cfg(feature = "ui")]
pub mod i18n;
#[cfg(feature = "ui")]
pub mod messages;
pub mod platform;
pub mod replica;
#[cfg(feature = "ui")]
pub mod route;
#[cfg(feature = "ui")]
pub mod screens;
#[cfg(feature = "ui")]
pub mod state;
