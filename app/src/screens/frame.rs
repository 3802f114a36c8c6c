//! The frame of every screen: on a phone title, page, status line and tabs; on a desk side navigation,
//! main column and detail pane. Which one is decided by the width alone; what it leads to by the role.

use dioxus::prelude::*;
use shared::{people::Role, sync::client::Status};

use crate::{
    components::{
        ActionBar, Banner, Button, ButtonKind, Desk, Dock, IconButton, IconName, NavItem, Page,
        SideNav, StatusLine, TabBar, Tone, TopBar,
    },
    i18n::{t, t_args},
    replica::api::{Request, VisitLogFilter},
    route::{LogQuery, Route},
    state::{AppState, navigate::use_go, sync_line, take, use_app, use_query},
};

/// A screen.
#[component]
pub fn Screen(
    title: String,
    #[props(default)] kicker: Option<String>,
    #[props(default)] onback: Option<EventHandler<()>>,
    /// A main place: has the tabs and the status line.
    #[props(default)]
    tabs: bool,
    /// What stands at the right of the title.
    #[props(default)]
    aside: Option<Element>,
    /// The detail pane; on desks only.
    #[props(default)]
    detail: Option<Element>,
    #[props(default)] detail_label: String,
    /// Buttons at the lower edge.
    #[props(default)]
    actions: Option<Element>,
    /// Uses the whole width of the desk: tables.
    #[props(default)]
    full: bool,
    children: Element,
) -> Element {
    let app = use_app();
    if *app.wide.read() {
        return rsx! {
            Desk {
                side: rsx! { Side {} },
                title,
                aside: aside.map(|aside| rsx! { div { class: "row", {aside} } }),
                detail,
                detail_label,
                DeskKicker { kicker, onback }
                div { class: "stack", max_width: if full { "none" } else { "720px" },
                    Notices {}
                    {children}
                    if let Some(actions) = actions {
                        div { class: "row wrap", {actions} }
                    }
                }
            }
        };
    }
    rsx! {
        div { class: "app",
            TopBar { title, kicker, onback, {aside} }
            Page {
                Notices {}
                {children}
                if let Some(actions) = actions {
                    ActionBar { {actions} }
                }
            }
            if tabs {
                Tabs {}
            }
        }
    }
}

/// A screen before anybody has signed in.
#[component]
pub fn Bare(
    title: String,
    #[props(default)] kicker: Option<String>,
    #[props(default)] aside: Option<Element>,
    children: Element,
) -> Element {
    rsx! {
        div { class: "app",
            TopBar { title, kicker, narrow: true, {aside} }
            Page { narrow: true,
                Notices {}
                {children}
            }
        }
    }
}

#[component]
fn DeskKicker(kicker: Option<String>, onback: Option<EventHandler<()>>) -> Element {
    if kicker.is_none() && onback.is_none() {
        return rsx! {};
    }
    rsx! {
        div { class: "row",
            if let Some(onback) = onback {
                IconButton { icon: IconName::Back, label: t("back"), id: "back", onclick: move |_| onback.call(()) }
            }
            if let Some(kicker) = kicker {
                p { class: "t2", "{kicker}" }
            }
        }
    }
}

/// What everybody has to know, above the content: a new version, a store set aside, a device switched off.
#[component]
fn Notices() -> Element {
    let app = use_app();
    let set_aside = app.set_aside.read().clone();
    let signed_in = app.me.read().is_some();
    let revoked = app
        .sync
        .read()
        .as_ref()
        .is_some_and(|sync| signed_in && sync.status == Status::Revoked);
    rsx! {
        if *app.update_ready.read() {
            Banner { tone: Tone::Teal, title: t("update-title"), body: t("update-body"), id: "update-banner",
                Button { kind: ButtonKind::Sub, small: true, id: "update-apply", onclick: move |_| app.platform().device.apply_update(), {t("update-apply")} }
            }
        }
        if revoked {
            Banner { tone: Tone::Red, title: t("revoked-title"), body: t("revoked-body"), id: "revoked-banner" }
        }
        if let Some(name) = set_aside {
            Banner { tone: Tone::Amber, title: t("set-aside-title"), body: t_args("set-aside-body", &[("name", name.into())]), id: "set-aside-banner" }
        }
    }
}

/// Status line and tabs of the phone.
#[component]
fn Tabs() -> Element {
    let app = use_app();
    let go = use_go();
    let items = use_places(app, false);
    rsx! {
        Dock {
            Line {}
            TabBar { items, onnavigate: go }
        }
    }
}

/// Side navigation of the desk; who is signed in and the status line at its foot.
#[component]
fn Side() -> Element {
    let app = use_app();
    let go = use_go();
    let items = use_places(app, true);
    let who = app.me.read().as_ref().map(|me| {
        let role = crate::i18n::term("role", me.person.role.slug());
        (
            format!("{role} {}", me.person.name),
            me.company_name.clone(),
        )
    });
    rsx! {
        SideNav { items, onnavigate: go,
            if let Some((person, company)) = who {
                p { "{person}" }
                p { "{company}" }
            }
            Line {}
        }
    }
}

/// The line that is always true about sync.
#[component]
fn Line() -> Element {
    let app = use_app();
    let navigator = use_navigator();
    let (tone, text) = match app.sync.read().as_ref() {
        Some(sync) => sync_line::words(sync, *app.online.read(), app.now(), app.offset()),
        None => Default::default(),
    };
    rsx! {
        StatusLine {
            tone,
            text,
            onclick: move |_| {
                navigator.push(Route::Sync {});
            },
        }
    }
}

/// The places that the role works in, with what waits there.
fn use_places(app: AppState, desk: bool) -> Vec<NavItem> {
    let here = use_route::<Route>();
    let role = app.role();
    let counts = use_counts(app);
    let place = |icon, key: &str, route: Route, badge: u32| NavItem {
        icon,
        label: t(key),
        current: is_current(&here, &route, role),
        href: route.to_string(),
        badge,
    };
    let log = || {
        place(
            IconName::Team,
            "nav-log",
            Route::Log {
                query: LogQuery::default(),
            },
            counts.conspicuous,
        )
    };
    let approvals = || {
        place(
            IconName::Check,
            "nav-approvals",
            Route::Approvals {},
            counts.approvals,
        )
    };
    let exceptions = || {
        place(
            IconName::Alert,
            "nav-exceptions",
            Route::Exceptions {},
            counts.exceptions,
        )
    };
    let customers = || {
        place(
            IconName::Customers,
            "tab-customers",
            Route::Customers { q: String::new() },
            0,
        )
    };
    let ledger = || place(IconName::Chart, "nav-ledger", Route::Ledger {}, 0);
    let me = |badge| place(IconName::Me, "tab-me", Route::Me {}, badge);
    let people = || place(IconName::Team, "nav-people", Route::People {}, 0);
    let sync = || place(IconName::Sync, "nav-sync", Route::Sync {}, counts.rejected);
    match role {
        // The phone has room for five; the rest is reached from the last of them and from the status line.
        Role::Supervisor if desk => vec![
            log(),
            approvals(),
            exceptions(),
            customers(),
            people(),
            sync(),
            me(0),
        ],
        Role::Supervisor => vec![log(), approvals(), exceptions(), customers(), me(0)],
        Role::Finance => vec![ledger(), exceptions(), customers(), sync(), me(0)],
        Role::Admin if desk => vec![
            log(),
            ledger(),
            approvals(),
            exceptions(),
            customers(),
            people(),
            sync(),
            me(0),
        ],
        Role::Admin => vec![log(), ledger(), exceptions(), customers(), me(0)],
        // How sync stands is told by the status line above the tabs, which leads there.
        _ => vec![
            place(IconName::Today, "tab-today", Route::Home {}, 0),
            customers(),
            place(IconName::Collect, "tab-collect", Route::Collect {}, 0),
            place(IconName::HandIn, "tab-hand-in", Route::HandIn {}, 0),
            me(counts.rejected),
        ],
    }
}

/// Is `route` the place that the screen shown now belongs to?
fn is_current(here: &Route, route: &Route, role: Role) -> bool {
    match (here, route) {
        (Route::Home {}, Route::Log { .. }) => matches!(role, Role::Supervisor | Role::Admin),
        (Route::Home {}, Route::Ledger {}) => role == Role::Finance,
        (Route::Customer { .. }, Route::Customers { .. }) => true,
        (Route::Home {}, Route::Home {})
        | (Route::Log { .. }, Route::Log { .. })
        | (Route::Customers { .. }, Route::Customers { .. })
        | (Route::NewHandIn {}, Route::HandIn {}) => true,
        _ => here == route,
    }
}

#[derive(Clone, Copy, Default)]
struct Counts {
    conspicuous: u32,
    approvals: u32,
    exceptions: u32,
    rejected: u32,
}

fn use_counts(app: AppState) -> Counts {
    let office = !app.is_rep();
    let today = app.today();
    let filter = VisitLogFilter {
        from: Some(today),
        only_conspicuous: true,
        limit: 1,
        ..VisitLogFilter::default()
    };
    // A salesperson asks for nothing that they may not see.
    let approvals = use_query(office.then_some(Request::Approvals), take::approvals);
    let exceptions = use_query(office.then_some(Request::Exceptions), take::exceptions);
    let log = use_query(office.then_some(Request::VisitLog(filter)), take::visit_log);
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    Counts {
        conspicuous: log.view().map_or(0, |view| view.conspicuous),
        approvals: approvals.view().map_or(0, |list| count(list.len())),
        exceptions: exceptions.view().map_or(0, |list| count(list.len())),
        rejected: app.sync.read().as_ref().map_or(0, |sync| sync.rejected),
    }
}
