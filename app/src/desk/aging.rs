//! Aging 账龄: what is owed by how long it is overdue, by customer, salesperson or territory.

use dioxus::prelude::*;

use super::{
    api::{Aging, AgingLine},
    frame::Screen,
    interest::RateCard,
    parts::{CustomerLink, Stale, Sum, Waiting},
    route::Place,
    state::{use_desk, use_read},
};
use crate::{
    components::{
        AgingBar, Amount, AmountSize, BarColour, BarPart, Card, Choice, Column, DataRow, DataTable,
        EmptyState, IconName, Segmented,
    },
    format,
    i18n::{t, t_args},
};

const BUCKETS: [&str; 5] = [
    "aging-not_due",
    "aging-days_1_30",
    "aging-days_31_60",
    "aging-days_61_90",
    "aging-over_90",
];

/// The screen.
#[component]
pub fn AgingScreen(by: String) -> Element {
    let navigator = use_navigator();
    let by = match by.as_str() {
        "rep" | "territory" => by,
        _ => "customer".to_owned(),
    };
    let aging = use_read::<Aging>(format!("/v1/desk/aging?by={by}"));
    let choices =
        ["customer", "rep", "territory"].map(|by| Choice::new(by, t(&format!("desk-by-{by}"))));
    rsx! {
        Screen { title: t("desk-aging"),
            Segmented {
                name: "by",
                label: t("desk-aging-by"),
                options: choices.to_vec(),
                value: by.clone(),
                onchange: move |by: String| {
                    navigator.replace(Place::Aging { by });
                },
            }
            match aging.view() {
                None => rsx! { Waiting { error: aging.error() } },
                Some(found) if found.lines.is_empty() => rsx! {
                    EmptyState { icon: IconName::Chart, title: t("desk-aging-none"), body: t("desk-aging-none-body") }
                },
                Some(found) => rsx! {
                    Stale { error: aging.error() }
                    Whole { aging: (*found).clone() }
                    Lines { aging: (*found).clone(), by }
                },
            }
            if use_desk().sees_ledger() {
                RateCard {}
            }
        }
    }
}

#[component]
fn Whole(aging: Aging) -> Element {
    let sums = aging.total.sums();
    let parts: Vec<BarPart> = BUCKETS
        .iter()
        .zip(sums)
        .enumerate()
        .map(|(index, (key, weight))| BarPart {
            label: format!("{} {}", t(key), format::money_short(weight)),
            weight,
            colour: BarColour::age(index),
        })
        .collect();
    let spoken: Vec<String> = parts.iter().map(|part| part.label.clone()).collect();
    let spoken = spoken.join(&t("list-comma"));
    rsx! {
        Card { id: "aging-total",
            div { class: "row between wrap",
                h2 { class: "t2", {t_args("desk-aging-as-of", &[("day", format::date(aging.day).into())])} }
                Amount { value: aging.total.total, size: AmountSize::Huge }
            }
            AgingBar { parts, label: t_args("customer-aging", &[("parts", spoken.into())]) }
        }
    }
}

#[component]
fn Lines(aging: Aging, by: String) -> Element {
    let mut columns = vec![Column::text(t(&format!("desk-by-{by}")))];
    columns.extend(BUCKETS.map(|key| Column::figures(t(key))));
    columns.push(Column::figures(t("desk-col-overpaid")));
    columns.push(Column::figures(t("desk-col-total")));
    let whole = aging.total.sums();
    rsx! {
        DataTable { caption: t("desk-aging"), columns,
            for line in aging.lines {
                DataRow { key: "{line.id.as_deref().unwrap_or_default()}",
                    td { Name { line: line.clone(), by: by.clone() } }
                    Sums { line }
                }
            }
            tr { class: "total", id: "aging-sum",
                td { strong { {t("desk-col-total")} } }
                for (index , value) in whole.into_iter().enumerate() {
                    Sum { key: "{index}", value, strong: true }
                }
            }
        }
    }
}

#[component]
fn Name(line: AgingLine, by: String) -> Element {
    let desk = use_desk();
    match (by.as_str(), line.id) {
        ("customer", Some(id)) => rsx! { CustomerLink { id } },
        ("rep", Some(id)) => rsx! { {desk.person_name(&id)} },
        (_, Some(id)) => rsx! { {desk.territory_name(&id)} },
        (_, None) => rsx! { span { class: "t2", {t("desk-nobody")} } },
    }
}

#[component]
fn Sums(line: AgingLine) -> Element {
    let last = line.sums().len() - 1;
    rsx! {
        for (index , value) in line.sums().into_iter().enumerate() {
            Sum { key: "{index}", value: Some(value).filter(|sum| !sum.is_zero()), strong: index == last }
        }
    }
}
