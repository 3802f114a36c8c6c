//! What each role starts its day with: the salesperson the work list, the supervisor the visit log,
//! finance the balances.

use dioxus::prelude::*;
use shared::people::Role;

use super::{ledger::LedgerScreen, today::TodayScreen, visit_log::VisitLogScreen};
use crate::{
    route::{LogQuery, Route},
    state::use_app,
};

/// The first screen.
#[component]
pub fn HomeScreen() -> Element {
    match use_app().role() {
        Role::Supervisor | Role::Admin => rsx! { ToLog {} },
        Role::Finance => rsx! { LedgerScreen {} },
        Role::Rep | Role::Unknown => rsx! { TodayScreen {} },
    }
}

/// Filters and the open visit stand in the address, so the visit log has one of its own.
#[component]
fn ToLog() -> Element {
    let navigator = use_navigator();
    use_effect(move || {
        navigator.replace(Route::Log {
            query: LogQuery::default(),
        });
    });
    rsx! {
        VisitLogScreen { query: LogQuery::default() }
    }
}
