//! What the replica promises, tested on real store files against a small server that speaks the real
//! wire and asks the real admission.

mod phone;
mod server;

mod balances;
mod damage;
mod people;
mod photos;
mod refusals;
mod saving;
mod syncing;
