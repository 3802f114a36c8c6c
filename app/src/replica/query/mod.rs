//! What screens read. Lists read SQL only; a document is loaded when one record is shown.
//!
//! Invariants: a query changes nothing; cost of a list does not grow with documents but with rows;
//! balances are the server's figures less own receipts that these do not contain yet.

pub mod balance;
pub mod collect;
pub mod customer;
pub mod customers;
pub mod facts;
pub mod form;
pub mod hand_in;
pub mod ledger_lists;
mod noted;
pub mod promise_state;
pub mod queue;
pub mod record;
pub mod session;
pub mod statement;
pub mod timeline;
pub mod today;
pub mod visit_log;
