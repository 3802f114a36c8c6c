//! The central ledger, pure: accounts, entries, what each fact posts, promise state, exceptions.
//!
//! Invariants: every entry sums to zero; nothing is updated or deleted; the same fact posted twice is
//! a no-op; sums do not depend on the order in which facts arrive.

pub mod account;
pub mod bank_match;
pub mod book;
pub mod case;
pub mod chain;
pub mod command;
pub mod custody;
pub mod decide;
pub mod entry;
pub mod exceptions;
pub mod posting;
pub mod promise_state;
