//! Exceptions 异常: what does not add up and needs a look. Nothing was dropped; everything stands in the ledger.

use dioxus::prelude::*;

use super::{frame::Screen, parts::Waiting};
use crate::{
    components::{
        Amount, Column, DataRow, DataTable, EmptyState, IconName, LinkCard, RowLink, Tag, Tone,
    },
    i18n::{t, term},
    replica::api::{ExceptionView, Request},
    route::Route,
    state::{navigate::use_go, take, use_app, use_query, words},
};

/// Open exceptions in the person's scope.
#[component]
pub fn ExceptionsScreen() -> Element {
    let app = use_app();
    let exceptions = use_query(Request::Exceptions, take::exceptions);
    rsx! {
        Screen { title: t("nav-exceptions"), tabs: true, full: true,
            match exceptions.view() {
                Some(list) if list.is_empty() => rsx! {
                    EmptyState { icon: IconName::Check, title: t("exceptions-none"), body: t("exceptions-none-body") }
                },
                Some(list) if *app.wide.read() => rsx! { ExceptionTable { list: (*list).clone() } },
                Some(list) => rsx! { ExceptionCards { list: (*list).clone() } },
                None => rsx! { Waiting { error: exceptions.error(), onretry: move |()| exceptions.again() } },
            }
        }
    }
}

/// Where an exception leads: its record, else the customer.
fn target(view: &ExceptionView) -> String {
    match view.row.document {
        Some(document) => Route::Record { document },
        None => Route::Customer {
            id: view.row.customer,
        },
    }
    .to_string()
}

#[component]
fn ExceptionCards(list: Vec<ExceptionView>) -> Element {
    let app = use_app();
    let go = use_go();
    rsx! {
        ul { class: "stack",
            for view in list {
                li { key: "{view.row.id}",
                    LinkCard { href: target(&view), onnavigate: go,
                        div { class: "row between top-align",
                            h2 { class: "t1 grow", {term("exception", view.row.kind.slug())} }
                            if let Some(amount) = view.row.amount {
                                Amount { value: amount }
                            }
                        }
                        p { class: "t2", {words::joined(&[view.customer_name.clone(), view.row.subject.clone(), app.moment(view.row.found_at)])} }
                        p { class: "t3", {t(&format!("exception-{}-do", view.row.kind.slug()))} }
                    }
                }
            }
        }
    }
}

#[component]
fn ExceptionTable(list: Vec<ExceptionView>) -> Element {
    let app = use_app();
    let go = use_go();
    let columns = vec![
        Column::text(t("exceptions-found")),
        Column::text(t("exceptions-kind")),
        Column::text(t("customers-name")),
        Column::text(t("exceptions-subject")),
        Column::figures(t("exceptions-amount")),
    ];
    rsx! {
        DataTable { caption: t("nav-exceptions"), columns,
            for view in list {
                DataRow { key: "{view.row.id}",
                    td { {app.moment(view.row.found_at)} }
                    td {
                        Tag { tone: Tone::Red, {term("exception", view.row.kind.slug())} }
                        p { class: "t3", {t(&format!("exception-{}-do", view.row.kind.slug()))} }
                    }
                    td {
                        RowLink { href: target(&view), onnavigate: go, "{view.customer_name}" }
                    }
                    td { "{view.row.subject}" }
                    td { class: "r",
                        if let Some(amount) = view.row.amount {
                            Amount { value: amount, bare: true }
                        } else {
                            "–"
                        }
                    }
                }
            }
        }
    }
}
