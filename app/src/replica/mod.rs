//! The phone's replica: documents, outbox and sync session behind messages. It knows no UI.
//!
//! - `api`: what screens and the replica say to each other; `handle`: the screens' end.
//! - `actor`: takes a request, answers from the store, drives sync.
//! - `store`: the SQLite file of one person; `command`: what is saved; `query`: what screens read;
//!   `sync`: round trips, live channel, attachments, enrolment.
//!
//! Invariants: *saved* is said only after the commit has returned; what the server has not
//! acknowledged is never deleted; a page and its cursor are one transaction.

pub mod actor;
pub mod api;
pub mod bell;
pub mod command;
mod dispatch;
pub mod error;
pub mod handle;
pub mod host;
#[cfg(not(target_arch = "wasm32"))]
pub mod host_native;
#[cfg(target_arch = "wasm32")]
mod host_web;
#[cfg(not(target_arch = "wasm32"))]
mod link_native;
#[cfg(target_arch = "wasm32")]
mod link_web;
pub mod open;
pub mod query;
pub mod service;
pub mod store;
pub mod sync;
#[cfg(target_arch = "wasm32")]
pub mod worker;
