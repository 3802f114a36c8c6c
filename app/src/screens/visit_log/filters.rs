//! Filters of the visit log: salesperson, days, customer, result, only conspicuous ones.

use dioxus::prelude::*;
use shared::{day::Day, people::Role, visit::VisitResult};

use crate::{
    components::{Choice, DateField, FilterSelect, FilterToggle},
    i18n::{t, t_args, term},
    replica::api::Request,
    route::LogQuery,
    state::{take, use_app, use_query},
};

const TODAY: &str = "today";
const WEEK: &str = "7";
const MONTH: &str = "30";
const CUSTOM: &str = "custom";

/// The row of filters. `onchange` gets the whole query.
#[component]
pub fn Filters(query: LogQuery, conspicuous: u32, onchange: EventHandler<LogQuery>) -> Element {
    let today = use_app().today();
    let directory = use_query(Request::Directory, take::directory);
    let mut custom = use_signal(|| false);
    let mut reps = vec![Choice::new("", t("log-all-reps"))];
    if let Some(known) = directory.view() {
        let people = known
            .people
            .iter()
            .filter(|person| person.role == Role::Rep);
        reps.extend(people.map(|person| Choice::new(person.id.to_string(), person.name.clone())));
    }
    let mut results = vec![Choice::new("", t("log-all-results"))];
    results.extend(
        VisitResult::ALL
            .iter()
            .map(|result| Choice::new(result.slug(), term("visit-result", result.slug()))),
    );
    let span = if custom() {
        CUSTOM
    } else {
        span_of(&query, today)
    };
    // Each filter changes one part of the query; a change of what is listed closes the open visit.
    let base = LogQuery {
        open: None,
        ..query.clone()
    };
    let (for_span, for_rep, for_search, for_result, for_toggle) = (
        base.clone(),
        base.clone(),
        base.clone(),
        base.clone(),
        base.clone(),
    );
    rsx! {
        div { class: "filters", role: "search", aria_label: t("filter"),
            FilterSelect {
                id: "filter-days",
                label: t("log-days"),
                options: spans(),
                value: span.to_owned(),
                onchange: move |value: String| {
                    custom.set(value == CUSTOM);
                    if value != CUSTOM {
                        onchange.call(with_span(&for_span, &value, today));
                    }
                },
            }
            FilterSelect {
                id: "filter-rep",
                label: t("log-all-reps"),
                options: reps,
                value: query.rep.map(|rep| rep.to_string()).unwrap_or_default(),
                onchange: move |value: String| onchange.call(LogQuery { rep: value.parse().ok(), ..for_rep.clone() }),
            }
            span { class: if query.search.is_empty() { "filter" } else { "filter on" },
                input {
                    id: "filter-customer",
                    r#type: "search",
                    aria_label: t("customers-search"),
                    placeholder: t("customer"),
                    initial_value: "{query.search}",
                    maxlength: "60",
                    oninput: move |event| onchange.call(LogQuery { search: event.value(), ..for_search.clone() }),
                }
            }
            FilterSelect {
                id: "filter-result",
                label: t("log-all-results"),
                options: results,
                value: query.result.map(|result| result.slug().to_owned()).unwrap_or_default(),
                onchange: move |value: String| {
                    let result = Some(VisitResult::from_slug(&value)).filter(|result| *result != VisitResult::Unknown);
                    onchange.call(LogQuery { result, ..for_result.clone() });
                },
            }
            FilterToggle {
                id: "filter-conspicuous",
                label: t_args("log-conspicuous", &[("count", conspicuous.into())]),
                on: query.conspicuous,
                onchange: move |on| onchange.call(LogQuery { conspicuous: on, ..for_toggle.clone() }),
            }
        }
        if span == CUSTOM {
            Range { query: base, onchange }
        }
    }
}

/// From and to, each a day.
#[component]
fn Range(query: LogQuery, onchange: EventHandler<LogQuery>) -> Element {
    let (for_from, for_to) = (query.clone(), query.clone());
    rsx! {
        div { class: "row filter-range", id: "filter-range",
            DateField {
                id: "filter-from",
                label: t("log-from"),
                initial: query.from,
                onchange: move |from| onchange.call(LogQuery { from, ..for_from.clone() }),
            }
            DateField {
                id: "filter-to",
                label: t("log-to"),
                initial: query.to,
                onchange: move |to| onchange.call(LogQuery { to, ..for_to.clone() }),
            }
        }
    }
}

fn spans() -> Vec<Choice> {
    vec![
        Choice::new("", t("log-all-days")),
        Choice::new(TODAY, t("log-today")),
        Choice::new(WEEK, t("log-week")),
        Choice::new(MONTH, t("log-month")),
        Choice::new(CUSTOM, t("log-custom")),
    ]
}

/// The name of the query's days.
fn span_of(query: &LogQuery, today: Day) -> &'static str {
    match (query.from, query.to) {
        (None, None) => "",
        (Some(from), None) => match today.days_since(from) {
            0 => TODAY,
            6 => WEEK,
            29 => MONTH,
            _ => CUSTOM,
        },
        _ => CUSTOM,
    }
}

fn with_span(query: &LogQuery, span: &str, today: Day) -> LogQuery {
    let from = match span {
        TODAY => Some(today),
        WEEK => Some(today.plus_days(-6)),
        MONTH => Some(today.plus_days(-29)),
        _ => None,
    };
    LogQuery {
        from,
        to: None,
        ..query.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_of_days_is_known_again_from_the_address() {
        let today: Day = "2026-11-21".parse().unwrap();
        for span in ["", TODAY, WEEK, MONTH] {
            assert_eq!(
                span_of(&with_span(&LogQuery::default(), span, today), today),
                span
            );
        }
        let odd = LogQuery {
            from: Some(today.plus_days(-3)),
            ..LogQuery::default()
        };
        assert_eq!(span_of(&odd, today), CUSTOM);
        assert_eq!(
            span_of(
                &LogQuery {
                    to: Some(today),
                    ..LogQuery::default()
                },
                today
            ),
            CUSTOM
        );
    }
}
