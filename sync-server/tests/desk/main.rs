//! What finance is promised over HTTP: its commands post, once, by the right people, and the ledger can be
//! rebuilt from its facts at any moment.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

#[path = "../support/mod.rs"]
mod support;

mod bank_lines;
mod bank_statement;
mod case;
mod claims;
mod closed_days;
mod collection;
mod credit;
mod hand_in_offers;
mod hand_ins;
mod imports;
mod interest;
mod office;
mod papers;
mod proposals;
mod reallocations;
mod rebuild;
mod refusals;
mod settings;
mod statements;
mod targets;
mod two_people;
mod voids;
