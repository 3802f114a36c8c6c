//! The visits themselves: rows of a table on the desk, cards on the phone.

use dioxus::prelude::*;
use shared::day::Day;

use crate::{
    components::{Amount, Column, DataRow, DataTable, IconName, LinkCard, RowLink, Tag, Tone},
    format,
    i18n::{t, t_args, term},
    replica::api::VisitLine,
    route::{LogQuery, Route},
    state::{AppState, navigate::use_go, use_app, words},
};

/// The table of the desk.
#[component]
pub fn Table(lines: Vec<VisitLine>, query: LogQuery) -> Element {
    let columns = vec![
        Column::text(t("log-time")),
        Column::text(t("role-rep")),
        Column::text(t("customer")),
        Column::text(t("log-place")),
        Column::text(t("visit-result")),
        Column::figures(t("log-collected")),
    ];
    rsx! {
        DataTable { caption: t("nav-log"), columns,
            for line in lines {
                Row { key: "{line.document}", query: query.clone(), line }
            }
        }
    }
}

#[component]
fn Row(line: VisitLine, query: LogQuery) -> Element {
    let app = use_app();
    let navigator = use_navigator();
    let selected = query.open == Some(line.document);
    let target = Route::Log {
        query: LogQuery {
            open: Some(line.document),
            ..query
        },
    };
    let open = target.clone();
    rsx! {
        DataRow { selected,
            td { white_space: "nowrap",
                {clock_span(app, &line)}
                p { class: "t3", {words::joined(&[day(app, &line), words::visit_length(line.started_at, line.ended_at)])} }
            }
            td { white_space: "nowrap", "{line.person.1}" }
            td { id: "row-{line.document}", min_width: "8.5em",
                RowLink {
                    href: target.to_string(),
                    current: selected,
                    // The list stays where it is: only the pane beside it changes.
                    onnavigate: move |_| {
                        navigator.replace(open.clone());
                    },
                    "{line.customer.1}"
                }
                p { class: "t3", {words::joined(&[met(&line), extras(&line)])} }
            }
            td { min_width: "7em", Place { line: line.clone() } }
            td { min_width: "6.5em",
                {term("visit-result", line.result.slug())}
                p { class: "t3", {second(&line)} }
            }
            td { class: "r",
                if line.collected.is_zero() {
                    "–"
                } else {
                    Amount { value: line.collected, bare: true }
                }
            }
        }
    }
}

/// The list of the phone.
#[component]
pub fn Cards(lines: Vec<VisitLine>) -> Element {
    rsx! {
        ul { class: "stack", id: "visits",
            for line in lines {
                li { key: "{line.document}",
                    VisitCard { line }
                }
            }
        }
    }
}

#[component]
fn VisitCard(line: VisitLine) -> Element {
    let app = use_app();
    let go = use_go();
    rsx! {
        LinkCard { href: Route::Record { document: line.document }.to_string(), onnavigate: go,
            div { class: "row between top-align",
                h2 { class: "t1 grow", "{line.customer.1}" }
                if !line.collected.is_zero() {
                    Amount { value: line.collected }
                }
            }
            p { class: "t2", {words::joined(&[line.person.1.clone(), span(app, &line), words::visit_length(line.started_at, line.ended_at)])} }
            p { class: "t2", {words::joined(&[met(&line), term("visit-result", line.result.slug()), second(&line), extras(&line)])} }
            div { class: "why", Place { line } }
        }
    }
}

/// Place and clock as tags.
#[component]
fn Place(line: VisitLine) -> Element {
    let (tone, text) = words::place(line.place);
    rsx! {
        span { class: "row wrap",
            Tag { tone, "{text}" }
            if let Some(off) = line.clock_off_ms {
                Tag { tone: Tone::Amber, icon: IconName::Clock, {words::clock_off(off)} }
            }
        }
    }
}

/// `14:26–14:52`, with the day before it unless it is today.
fn span(app: AppState, line: &VisitLine) -> String {
    let day = day(app, line);
    let space = if day.is_empty() { "" } else { " " };
    format!("{day}{space}{}", clock_span(app, line))
}

/// `14:26–14:52`.
fn clock_span(app: AppState, line: &VisitLine) -> String {
    let clock = |at| format::clock(at, app.offset());
    format!("{}–{}", clock(line.started_at), clock(line.ended_at))
}

/// The day of a visit; nothing if it is today.
fn day(app: AppState, line: &VisitLine) -> String {
    let day = Day::of(line.started_at, app.offset());
    match app.today().days_since(day) {
        0 => String::new(),
        1 => format::day_relative(day, app.today()),
        _ => format::date_short(day, app.today()),
    }
}

fn met(line: &VisitLine) -> String {
    if line.person_met.is_empty() {
        t("visit-met-nobody")
    } else {
        t_args("log-met", &[("name", line.person_met.clone().into())])
    }
}

/// How many photos and comments, where there are any.
fn extras(line: &VisitLine) -> String {
    let counted = |key: &str, count: u32| {
        if count > 0 {
            t_args(key, &[("count", count.into())])
        } else {
            String::new()
        }
    };
    words::joined(&[
        counted("log-photos", line.photos),
        counted("log-comments", line.comments),
    ])
}

/// Why nothing was paid, that a promise was signed, signs seen.
fn second(line: &VisitLine) -> String {
    let mut parts = Vec::new();
    if line.promised {
        parts.push(t("log-promised"));
    }
    if let Some(reason) = line.reason {
        parts.push(term("unpaid-reason", reason.slug()));
    }
    parts.extend(
        line.signs
            .iter()
            .map(|sign| term("warning-sign", sign.slug())),
    );
    words::joined(&parts)
}
