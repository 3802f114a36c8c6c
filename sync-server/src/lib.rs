//! The Huikuan sync server: takes field documents in, merges them into the central receivables
//! ledger, and tells every device what is new in its scope.
//!
//! `store` owns the database, `merge` and `page` are the two directions of sync, `scope` decides who
//! sees what, `router` lists every address, `api` holds the thin handlers behind them.

#![warn(missing_docs)]
// Outside of tests nothing gives up: what cannot happen is made impossible, what can is an error.
#![cfg_attr(
    not(test),
    warn(clippy::expect_used, clippy::panic, clippy::unreachable)
)]

pub mod api;
pub mod auth;
pub mod blobs;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod desk_sessions;
pub mod export;
pub mod hex;
pub mod import;
pub mod merge;
pub mod page;
pub mod problem;
#[cfg(test)]
mod qr_reader;
pub mod random;
pub mod review;
pub mod router;
pub mod scope;
pub mod serve;
pub mod state;
pub mod store;
pub mod web;
