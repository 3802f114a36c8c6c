//! One file a screen. Screens ask the replica through [`crate::state`] and are built from
//! [`crate::components`]; they never touch SQL, documents or the browser.

pub mod app;
pub mod approvals;
pub mod collect;
pub mod correct;
pub mod customer;
pub mod customers;
pub mod enrol;
pub mod exceptions;
pub mod frame;
pub mod hand_in;
pub mod home;
pub mod ledger;
pub mod me;
pub mod not_found;
pub mod parts;
pub mod people;
#[cfg(test)]
mod preview;
pub mod promise;
pub mod proposal;
pub mod receipt;
pub mod record;
pub mod saving;
pub mod signer;
pub mod statement;
pub mod sync;
pub mod today;
pub mod visit;
pub mod visit_log;

pub use app::App;
