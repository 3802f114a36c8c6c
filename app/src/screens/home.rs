//! What each role starts its day with: the salesperson the work list, the supervisor the visit log,
//! finance the balances.

use dioxus::prelude::*;
use shared::people::Role;

use super::{ledger::LedgerScreen, today::TodayScreen, visit_log::VisitLogScreen};
use crate::{route::LogQuery, state::use_app};

/// The first screen.
#[component]
pub fn HomeScreen() -> Element {
    match use_app().role() {
        Role::Supervisor | Role::Admin => rsx! { VisitLogScreen { query: LogQuery::default() } },
        Role::Finance => rsx! { LedgerScreen {} },
        Role::Rep | Role::Unknown => rsx! { TodayScreen {} },
    }
}
