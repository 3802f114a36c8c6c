//! The frame of every screen of the desk: places at the left (above, on a phone), who is signed in, the language;
//! and the gate that says so when the session is over.

use dioxus::prelude::*;

use super::{
    api,
    parts::{ErrorBanner, Waiting},
    route::{JournalQuery, Place, StatementsQuery},
    state::{DeskState, use_desk, use_read},
    words,
};
use crate::{
    components::{
        Button, ButtonKind, Desk as Layout, EmptyState, IconName, LangSwitch, NavItem, NavLink,
        SideNav,
    },
    i18n::{t, term},
    state::addressed::use_focus_on_new_screen,
};

/// Goes to an address of the desk: what links hand to the router.
pub fn use_go() -> EventHandler<String> {
    let navigator = use_navigator();
    use_callback(move |href: String| {
        if let Ok(place) = href.parse::<Place>() {
            navigator.push(place);
        }
    })
}

/// A screen.
#[component]
pub fn Screen(
    title: String,
    /// What stands at the right of the title.
    #[props(default)]
    aside: Option<Element>,
    children: Element,
) -> Element {
    rsx! {
        Layout { side: rsx! { Side {} }, title, aside,
            div { class: "stack", {children} }
        }
    }
}

/// Lets through who has a session and may work here; says what to do to everybody else.
#[component]
pub fn Gate() -> Element {
    let desk = use_desk();
    let path = use_route::<Place>().to_string();
    let path = path.split('?').next().unwrap_or_default().to_owned();
    use_focus_on_new_screen(&path);
    match (desk.trouble(), desk.directory()) {
        (Some(failure), _) if failure.is_signed_out() => rsx! {
            Outside { title: t("desk-signed-out"), body: words::sentence(&failure) }
        },
        (Some(failure), None) if failure.code == "auth.forbidden" => rsx! {
            Outside { title: t("desk-not-yours"), body: words::sentence(&failure) }
        },
        (Some(failure), None) => rsx! {
            main { class: "desk-main", id: "content", tabindex: "-1",
                h1 { {t("desk-title")} }
                ErrorBanner { failure }
            }
        },
        (None, None) => rsx! {
            main { class: "desk-main", id: "content", tabindex: "-1",
                h1 { {t("desk-title")} }
                Waiting {}
            }
        },
        // The key makes every screen anew for another address: nothing half-typed for one customer is left
        // for the next.
        (_, Some(_)) => rsx! {
            for place in [path] {
                Fragment { key: "{place}", Outlet::<Place> {} }
            }
        },
    }
}

#[component]
fn Outside(title: String, body: String) -> Element {
    rsx! {
        main { class: "desk-main", id: "content", tabindex: "-1",
            h1 { {t("desk-title")} }
            EmptyState { icon: IconName::Lock, title, body,
                a { class: "btn", href: "/", id: "to-app", {t("desk-to-app")} }
            }
        }
    }
}

/// An address that leads nowhere.
#[component]
pub fn NotFoundScreen(segments: Vec<String>) -> Element {
    let _ = segments;
    let navigator = use_navigator();
    rsx! {
        Screen { title: t("not-found-title"),
            EmptyState { icon: IconName::Search, title: t("not-found-title"), body: t("not-found-body"),
                Button {
                    id: "go-home",
                    onclick: move |_| {
                        navigator.push(Place::Overview {});
                    },
                    {t("desk-overview")}
                }
            }
        }
    }
}

/// Places, who is signed in, language, and the way out.
#[component]
fn Side() -> Element {
    let desk = use_desk();
    let go = use_go();
    let here = use_route::<Place>();
    let items = use_places(desk);
    let who = desk.directory().map(|directory| {
        let role = term("role", &directory.me.role);
        (
            format!("{role} {}", directory.me.name),
            directory.company.name.clone(),
        )
    });
    let sign_out = move |_| {
        spawn(async move {
            // Without an answer the cookie stays, and so does the session: the screen shows it.
            let _ = api::sign_out().await;
            desk.look_again();
        });
    };
    rsx! {
        SideNav { items, onnavigate: go,
            if let Some((person, company)) = who {
                p { id: "who", "{person}" }
                if desk.sees_ledger() {
                    NavLink { class: "side-company", id: "to-settings", href: Place::Settings {}.to_string(), current: here == Place::Settings {}, onnavigate: go,
                        span { "{company}" }
                        span { {t("desk-settings")} }
                    }
                } else {
                    p { "{company}" }
                }
            }
            LangSwitch { onchange: words::keep_language }
            Button { kind: ButtonKind::Sub, small: true, id: "desk-sign-out", onclick: sign_out, {t("desk-sign-out")} }
        }
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The places with what waits there.
fn use_places(desk: DeskState) -> Vec<NavItem> {
    let here = use_route::<Place>();
    let commands = use_read::<api::Commands>("/v1/ledger/commands".to_owned());
    let place = |icon, key: &str, to: Place, badge: u32| NavItem {
        icon,
        label: t(key),
        current: is_current(&here, &to),
        href: to.to_string(),
        badge,
    };
    let waiting = commands.view().map_or(0, |list| count(list.commands.len()));
    let approvals = place(
        IconName::Check,
        "desk-approvals",
        Place::Approvals {},
        waiting,
    );
    let check = place(IconName::QrCode, "desk-check", Place::ReceiptCheck {}, 0);
    let collection = Place::Collection {
        person: String::new(),
    };
    let collection = place(IconName::Team, "desk-collection", collection, 0);
    let credit = Place::Credit { all: String::new() };
    let credit = place(IconName::Chart, "desk-credit", credit, 0);
    if !desk.sees_ledger() {
        return vec![approvals, check, collection, credit];
    }
    let customers = Place::Customers { q: String::new() };
    let journal = Place::Journal {
        query: JournalQuery::default(),
    };
    let import = Place::Import {
        kind: "invoices".to_owned(),
    };
    let requests = Place::Proposals {
        show: "open".to_owned(),
        what: String::new(),
    };
    let aging = Place::Aging {
        by: "customer".to_owned(),
    };
    vec![
        place(IconName::Today, "desk-overview", Place::Overview {}, 0),
        place(IconName::Collect, "desk-receipts", Place::Receipts {}, 0),
        place(IconName::Collect, "desk-bank", Place::Bank {}, 0),
        place(IconName::HandIn, "desk-hand-ins", Place::HandIns {}, 0),
        place(IconName::Document, "desk-requests", requests, 0),
        place(
            IconName::Document,
            "desk-statements",
            Place::Statements {
                query: StatementsQuery::default(),
            },
            0,
        ),
        place(IconName::Alert, "desk-exceptions", Place::Exceptions {}, 0),
        approvals,
        check,
        place(IconName::Customers, "desk-customers", customers, 0),
        collection,
        credit,
        place(IconName::Chart, "desk-aging", aging, 0),
        place(IconName::Chart, "desk-journal", journal, 0),
        place(IconName::Lock, "desk-period", Place::Period {}, 0),
        place(IconName::Document, "desk-import", import, 0),
    ]
}

fn is_current(here: &Place, to: &Place) -> bool {
    matches!(
        (here, to),
        (Place::Customer { .. }, Place::Customers { .. })
            | (Place::Statement { .. }, Place::Statements { .. })
    ) || std::mem::discriminant(here) == std::mem::discriminant(to)
}
