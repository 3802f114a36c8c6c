//! Thin handlers, one file a resource. They decode, call the store or the sync modules, and encode.

pub mod attachments;
pub mod bank;
pub mod bank_rule;
pub mod case;
pub mod collection;
pub mod desk;
pub mod desk_reads;
pub mod desk_schema;
pub mod desk_session;
pub mod desk_upload;
pub mod devices;
pub mod enrol;
pub mod hand_ins;
pub mod health;
pub mod interest;
pub mod ledger;
pub mod live;
pub mod me;
pub mod openapi;
pub mod period;
pub mod proposals;
pub mod receipt_check;
pub mod statement_views;
pub mod statements;
pub mod sync;
pub mod tus;
