//! The Huikuan client: one Dioxus code base for the phone (browser and native) and the desk.
//!
//! `replica` holds the documents, the outbox and the sync session and knows no UI; `screens`
//! and `components` are built with the feature `ui` only.

#[cfg(feature = "ui")]
pub mod components;
#[cfg(feature = "ui")]
pub mod desk;
#[cfg(feature = "ui")]
pub mod format;
#[cfg(feature = "ui")]
pub mod i18n;
pub mod platform;
pub mod replica;
#[cfg(feature = "ui")]
pub mod route;
#[cfg(feature = "ui")]
pub mod screens;
#[cfg(feature = "ui")]
pub mod state;
