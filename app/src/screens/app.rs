//! The root of the interface: shared state, router, toasts; and the gate that shows screens to nobody
//! but the person signed in.

use dioxus::prelude::*;

use super::{
    enrol::SignIn,
    frame::Bare,
    parts::{ErrorBanner, Waiting, toast_failure},
};
use crate::{
    components::{Button, EmptyState, IconName, ToastHost},
    i18n::t,
    replica::api::Request,
    route::Route,
    state::{
        addressed::{Addressed, use_focus_on_new_screen},
        app_state::{Start, use_app_provider},
        page, prefs, take, use_app, use_query,
    },
};

/// The whole interface.
#[component]
pub fn App() -> Element {
    rsx! { Started { start: |()| Start::real() } }
}

/// The interface, started with somebody who answers and a device.
#[component]
pub fn Started(start: Callback<(), Start>) -> Element {
    let app = use_app_provider(|| start.call(()));
    use_hook(|| prefs::load_language(&app.platform()));
    rsx! {
        SessionKeeper {}
        Addressed {
            Router::<Route> {}
        }
        ToastHost {}
    }
}

/// Keeps what the shared state says of the session true.
#[component]
fn SessionKeeper() -> Element {
    let app = use_app();
    let session = use_query(Request::Session, take::session);
    use_effect(move || {
        if let Some(session) = session.view() {
            app.take_session((*session).clone());
        }
        let mut trouble = app.trouble;
        let error = session.error();
        if *trouble.peek() != error {
            trouble.set(error);
        }
    });
    rsx! {}
}

/// Lets through whom the replica knows; everybody else signs in first.
#[component]
pub fn Gate() -> Element {
    let app = use_app();
    let path = use_path();
    use_focus_on_new_screen(&path);
    if *app.owned_elsewhere.read() {
        return rsx! { OwnedElsewhere {} };
    }
    if !*app.known.read() {
        let trouble = app.trouble.read().clone();
        return rsx! {
            Bare { title: t("app-name"),
                match trouble {
                    Some(failure) => rsx! { ErrorBanner { failure, onretry: move |_| page::reload() } },
                    None => rsx! { Waiting {} },
                }
            }
        };
    }
    let person = app.me.read().as_ref().map(|me| me.person.id);
    match person {
        // The key makes every screen anew for another person, customer or record: nothing of the first is
        // left in it. What stands in the query (filters, the open visit) changes within a screen.
        Some(person) => rsx! {
            for place in [format!("{person} {path}")] {
                Fragment { key: "{place}", Outlet::<Route> {} }
            }
        },
        None => rsx! { SignIn { code: String::new() } },
    }
}

/// The address without query and fragment.
fn use_path() -> String {
    let route = use_route::<Route>().to_string();
    route
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Another tab owns the store: two at once would harm it.
#[component]
fn OwnedElsewhere() -> Element {
    let app = use_app();
    let mut busy = use_signal(|| false);
    let take_over = move |_| {
        busy.set(true);
        spawn(async move {
            match app.order(Request::TakeOver).await {
                Ok(()) => app.now_ours(),
                Err(failure) => toast_failure(&failure),
            }
            busy.set(false);
        });
    };
    rsx! {
        Bare { title: t("app-name"),
            EmptyState { icon: IconName::Lock, title: t("owned-title"), body: t("owned-body"),
                Button { busy: busy(), id: "take-over", onclick: take_over, {t("owned-take-over")} }
            }
        }
    }
}
