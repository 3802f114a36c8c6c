//! What Huikuan's phone client, sync server and simulator have in common: terms, money,
//! documents, sync and ledger rules.
//!
//! Invariant: this crate is pure. It does no IO, reads no clock, draws no randomness and
//! contains no async code; time, ids and entropy are passed in by the crates at the edges.

#![warn(missing_docs)]
// Outside of tests nothing gives up: what cannot happen is made impossible, what can is an error.
#![cfg_attr(
    not(test),
    warn(clippy::expect_used, clippy::panic, clippy::unreachable)
)]

pub mod aging;
pub mod capitals;
pub mod contact_book;
pub mod customer;
pub mod day;
pub mod document;
pub mod evidence;
pub mod hand_in;
pub mod ids;
pub mod invoice;
pub mod ledger;
pub mod money;
pub mod paper;
pub mod people;
pub mod planted;
pub mod policy;
pub mod promise;
pub mod proposal;
pub mod receipt;
pub mod slug;
pub mod statement;
pub mod sync;
pub mod visit;
