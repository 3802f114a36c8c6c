//! Exceptions 异常: what does not add up, each with the place where the command that settles it is issued.

use dioxus::prelude::*;

use super::{
    api::{Exception, Exceptions},
    frame::{Screen, use_go},
    parts::{CustomerLink, Stale, Sum, Waiting},
    route::Place,
    state::{use_desk, use_read},
    words::word,
};
use crate::{
    components::{Column, DataRow, DataTable, EmptyState, IconName, NavLink, Tag, Tone},
    i18n::t,
};

/// The screen.
#[component]
pub fn ExceptionsScreen() -> Element {
    let exceptions = use_read::<Exceptions>("/v1/ledger/exceptions".to_owned());
    rsx! {
        Screen { title: t("desk-exceptions"),
            match exceptions.view() {
                None => rsx! { Waiting { error: exceptions.error() } },
                Some(list) => rsx! {
                    Stale { error: exceptions.error() }
                    List { list: list.exceptions.clone() }
                },
            }
        }
    }
}

/// Where an exception is settled: the address and the key of the link's words; none where no command of finance
/// settles it.
fn settled_at(exception: &Exception) -> Option<(Place, &'static str)> {
    let account = Place::Customer {
        id: exception.customer.clone(),
    };
    match exception.kind.as_str() {
        "overpaid" => Some((account, "desk-settle-overpaid")),
        "foreign_invoice" => Some((account, "desk-settle-foreign")),
        "paper_differs" => Some((account, "desk-settle-paper")),
        "looks_doubled" | "number_reused" => Some((account, "desk-settle-look")),
        "void_pending" => Some((Place::Approvals {}, "desk-settle-void")),
        _ => None,
    }
}

#[component]
fn List(list: Vec<Exception>) -> Element {
    let desk = use_desk();
    let go = use_go();
    let columns = vec![
        Column::text(t("exceptions-found")),
        Column::text(t("exceptions-kind")),
        Column::text(t("desk-col-customer")),
        Column::text(t("exceptions-subject")),
        Column::figures(t("desk-col-amount")),
        Column::figures(t("desk-col-action")),
    ];
    if list.is_empty() {
        return rsx! {
            EmptyState { icon: IconName::Check, title: t("exceptions-none"), body: t("desk-exceptions-none-body") }
        };
    }
    rsx! {
        DataTable { caption: t("desk-exceptions"), columns,
            for exception in list {
                DataRow { key: "{exception.id}",
                    td { class: "nowrap", {desk.moment(exception.found_at)} }
                    td {
                        Tag { tone: Tone::Red, {word("exception", &exception.kind)} }
                        p { class: "t3", {t(&format!("exception-{}-do", exception.kind))} }
                    }
                    td { CustomerLink { id: exception.customer.clone() } }
                    td { "{exception.subject}" }
                    Sum { value: exception.amount, strong: true }
                    td {
                        div { class: "acts",
                            if let Some((place, key)) = settled_at(&exception) {
                                NavLink { class: "btn soft small", href: place.to_string(), onnavigate: go, {t(key)} }
                            } else {
                                span { class: "t3", {t("desk-settle-field")} }
                            }
                        }
                    }
                }
            }
        }
    }
}
