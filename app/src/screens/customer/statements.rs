//! The customer's statements: which is to be agreed and until when, and how the newest stands.

use std::rc::Rc;

use dioxus::prelude::*;

use crate::{
    components::{Card, ListRow, Rows, Tag},
    format,
    i18n::{t, t_args},
    replica::api::{CustomerView, StatementLink},
    route::Route,
    state::{navigate::use_go, use_app, words},
};

/// The card; nothing where there are none.
#[component]
pub fn Statements(view: Rc<CustomerView>) -> Element {
    if view.statements.is_empty() {
        return rsx! {};
    }
    rsx! {
        Card { title: t("statements-title"), id: "statements",
            Rows {
                for link in view.statements.iter().cloned() {
                    Link { key: "{link.statement}", link }
                }
            }
        }
    }
}

#[component]
fn Link(link: StatementLink) -> Element {
    let today = use_app().today();
    let go = use_go();
    let key = match link.confirmation {
        true => "statement-of-confirmation",
        false => "statement-of",
    };
    let facts = [
        ("day", format::date_short(link.as_of, today).into()),
        ("sum", format::money(link.closing).into()),
    ];
    let (tone, word) = words::statement_state(link.state, link.answer.is_some(), link.until, today);
    let route = match link.answer {
        Some(document) => Route::Record { document },
        None => Route::Statement {
            statement: link.statement,
        },
    };
    let is_waiting = link.answer.is_none() && link.state == shared::statement::StatementState::Sent;
    rsx! {
        ListRow {
            title: t_args(key, &facts),
            subtitle: is_waiting.then(|| words::agree_until(link.until, today)),
            href: route.to_string(),
            onnavigate: go,
            Tag { tone, "{word}" }
        }
    }
}
