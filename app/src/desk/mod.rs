//! The desk of finance 财务台: a program of its own in the browser, beside the phone's client. It shows what the
//! server's JSON API says and issues commands of finance; what they post is decided by the server alone.
//!
//! Invariants: nothing here knows the phone's store or its documents (finance works online); every command has an
//! id before it is sent, so that sending it again changes nothing; a count of cash is entered before anybody sees
//! how much it should be.

pub mod aging;
pub mod api;
pub mod approvals;
pub mod asked;
pub mod bank;
pub mod bank_rule;
pub mod browser;
pub mod case;
pub mod code_reader;
pub mod collection;
pub mod credit;
pub mod customer;
pub mod customers;
pub mod exceptions;
pub mod frame;
pub mod hand_ins;
pub mod import;
pub mod interest;
pub mod journal;
pub mod offers;
pub mod order;
pub mod overview;
pub mod paper_entry;
pub mod parts;
pub mod period;
pub mod proposals;
pub mod receipt_check;
pub mod receipts;
pub mod route;
pub mod score;
pub mod settings;
pub mod state;
pub mod statement;
pub mod statements;
pub mod upload;
pub mod words;

use dioxus::prelude::*;

use crate::{components::ToastHost, state::addressed::Addressed};

/// The whole desk.
#[component]
pub fn Desk() -> Element {
    state::use_desk_provider();
    rsx! {
        Addressed {
            Router::<route::Place> {}
        }
        ToastHost {}
    }
}
