//! What the replica promises, tested on real store files against a small server that speaks the real
//! wire and asks the real admission.

// Helpers are tests too: here a failure ends the test.
#![allow(clippy::unwrap_used)]

mod phone;
mod server;

mod advice;
mod balances;
mod book;
mod case;
mod corrections;
mod damage;
mod hand_in;
mod handle;
mod laid_ready;
mod later;
mod on_demand;
mod people;
mod photos;
mod proposal;
mod queue;
mod refusals;
mod restored;
mod retention;
mod saving;
mod statement;
mod syncing;
mod visit_log;
