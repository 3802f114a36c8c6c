//! Statements 对账: a run is looked at, then started; each statement is followed to the end.
//!
//! Invariant: a run is started only after it was said how many statements it makes and what they come to.

use dioxus::prelude::*;
use serde::Deserialize;
use serde_json::json;
use shared::{day::Day, money::Money};

use super::{
    api::{self, Failure},
    browser,
    frame::{Screen, use_go},
    parts::{CustomerLink, SectionHead, Stale, Sum, Waiting},
    route::{Place, StatementsQuery},
    state::{use_desk, use_read},
    words,
};
use crate::{
    components::{
        Banner, Button, ButtonKind, Card, Choice, Column, DataRow, DataTable, DateField,
        EmptyState, Field, FilterSelect, IconName, NavLink, Segmented, Sheet, Tag, Tone, toast,
    },
    format,
    i18n::{t, t_args, term},
};

/// States by which the list is filtered.
const STATES: &[&str] = &[
    "sent", "disputed", "answered", "agreed", "closed", "replaced",
];
/// What a run can be for.
const PURPOSES: &[&str] = &["monthly", "quarterly", "confirmation", "single"];

/// A statement in the list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Line {
    /// Statement id.
    pub id: String,
    /// Customer id.
    pub customer: String,
    /// What for.
    pub purpose: String,
    /// Its day.
    pub as_of: Day,
    /// 1, and one more for each that replaces another.
    pub revision: u32,
    /// What it comes to.
    pub closing: Money,
    /// The last day on which it is to be agreed.
    pub until: Day,
    /// Is it still to be agreed although that day has passed?
    pub overdue: bool,
    /// Where it stands.
    pub state: String,
    /// Why it was closed or replaced.
    pub note: String,
}

impl Line {
    /// Where it stands, in a word.
    pub fn standing(&self) -> (Tone, String) {
        let tone = match self.state.as_str() {
            "agreed" => Tone::Green,
            "disputed" => Tone::Red,
            "sent" if self.overdue => Tone::Red,
            "sent" => Tone::Amber,
            "answered" => Tone::Teal,
            _ => Tone::Neutral,
        };
        let key = match self.overdue {
            true => "over",
            false => self.state.as_str(),
        };
        (tone, term("desk-statement-state", key))
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Total {
    state: String,
    count: u64,
    sum: Money,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Statements {
    as_of: Option<Day>,
    days: Vec<Day>,
    totals: Vec<Total>,
    statements: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Planned {
    customer: String,
    closing: Money,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Run {
    as_of: Day,
    from: Day,
    until: Day,
    new: u64,
    sum: Money,
    standing: u64,
    first: Vec<Planned>,
}

/// The screen.
#[component]
pub fn StatementsScreen(query: StatementsQuery) -> Element {
    let mut path = "/v1/desk/statements".to_owned();
    let parts = query.to_string();
    if !parts.is_empty() {
        path = format!("{path}?{parts}");
    }
    let found = use_read::<Statements>(path);
    let mut starting = use_signal(|| false);
    rsx! {
        Screen {
            title: t("desk-statements"),
            aside: rsx! {
                Button { id: "run-start", icon: IconName::Document, onclick: move |_| starting.set(true), {t("desk-run-new")} }
            },
            match found.view() {
                None => rsx! { Waiting { error: found.error() } },
                Some(list) => rsx! {
                    Stale { error: found.error() }
                    if list.days.is_empty() {
                        EmptyState { icon: IconName::Document, title: t("desk-statements-none"), body: t("desk-statements-none-body") }
                    } else {
                        Filters { query: query.clone(), days: list.days.clone(), as_of: list.as_of }
                        Totals { totals: list.totals.clone() }
                        Table { list: list.statements.clone() }
                    }
                },
            }
            if starting() {
                Start { onclose: move |()| starting.set(false) }
            }
        }
    }
}

#[component]
fn Filters(query: StatementsQuery, days: Vec<Day>, as_of: Option<Day>) -> Element {
    let navigator = use_navigator();
    let (by_day, by_state) = (query.clone(), query.clone());
    let options = std::iter::once(Choice::new("", t("desk-statements-all"))).chain(
        STATES
            .iter()
            .map(|state| Choice::new(*state, term("desk-statement-state", state))),
    );
    rsx! {
        div { class: "row wrap", id: "filters",
            FilterSelect {
                id: "filter-day",
                label: t("desk-statements-day"),
                options: days.iter().map(|day| Choice::new(day.to_string(), format::date(*day))).collect::<Vec<_>>(),
                value: as_of.map(|day| day.to_string()).unwrap_or_default(),
                onchange: move |day: String| {
                    let query = StatementsQuery { as_of: day.parse().ok(), ..by_day.clone() };
                    navigator.push(Place::Statements { query });
                },
            }
            FilterSelect {
                id: "filter-state",
                label: t("desk-col-state"),
                options: options.collect::<Vec<_>>(),
                value: query.state.clone(),
                onchange: move |state: String| {
                    let query = StatementsQuery { state, ..by_state.clone() };
                    navigator.push(Place::Statements { query });
                },
            }
        }
    }
}

#[component]
fn Totals(totals: Vec<Total>) -> Element {
    let count: u64 = totals.iter().map(|total| total.count).sum();
    let sum = Money::sum(totals.iter().map(|total| total.sum)).unwrap_or_default();
    let facts = [("count", count.into()), ("sum", format::money(sum).into())];
    rsx! {
        Card { id: "run-totals", title: t_args("desk-statements-total", &facts),
            div { class: "row wrap",
                for total in totals {
                    span { key: "{total.state}", class: "t2 num",
                        {term("desk-statement-state", &total.state)}
                        " {total.count} · {format::money(total.sum)}"
                    }
                }
            }
        }
    }
}

#[component]
fn Table(list: Vec<Line>) -> Element {
    let go = use_go();
    if list.is_empty() {
        return rsx! {
            EmptyState { icon: IconName::Search, title: t("desk-statements-no-match") }
        };
    }
    let columns = vec![
        Column::text(t("desk-col-customer")),
        Column::text(t("desk-statement-purpose")),
        Column::text(t("desk-statement-as-of")),
        Column::figures(t("desk-statement-closing")),
        Column::text(t("desk-statement-until")),
        Column::text(t("desk-col-state")),
        Column::figures(t("desk-col-action")),
    ];
    rsx! {
        DataTable { caption: t("desk-statements"), columns,
            for line in list {
                DataRow { key: "{line.id}",
                    td { CustomerLink { id: line.customer.clone() } }
                    td {
                        {term("desk-purpose", &line.purpose)}
                        if line.revision > 1 {
                            " "
                            span { class: "t3", {t_args("desk-statement-revision", &[("number", line.revision.into())])} }
                        }
                    }
                    td { class: "nowrap", {format::date(line.as_of)} }
                    Sum { value: line.closing, strong: true }
                    td { class: "nowrap", {format::date(line.until)} }
                    td { State { line: line.clone() } }
                    td { class: "r",
                        NavLink { class: "row-link-plain", href: Place::Statement { id: line.id.clone() }.to_string(), onnavigate: go, {t("desk-statement-open")} }
                    }
                }
            }
        }
    }
}

/// Where a statement stands.
#[component]
pub fn State(line: Line) -> Element {
    let (tone, word) = line.standing();
    rsx! {
        Tag { tone, "{word}" }
        if !line.note.is_empty() {
            p { class: "t3", "{line.note}" }
        }
    }
}

/// The sheet that starts a run: what for and of which day, what it would make, and the button.
#[component]
fn Start(onclose: EventHandler<()>) -> Element {
    let desk = use_desk();
    let last_month = shared::statement::first_of_month(desk.today()).plus_days(-1);
    let mut purpose = use_signal(|| "monthly".to_owned());
    let mut as_of = use_signal(move || Some(last_month));
    let mut customer = use_signal(String::new);
    let mut found = use_signal(|| None::<Run>);
    let mut problem = use_signal(|| None::<Failure>);
    let mut busy = use_signal(|| false);
    let ask = move |path: &'static str, done: Callback<Run>| {
        let Some(day) = as_of() else {
            return problem.set(Some(Failure {
                code: "statement.day".to_owned(),
            }));
        };
        let mut body = json!({ "purpose": purpose(), "as_of": day });
        if purpose() == "single"
            && let Some(fields) = body.as_object_mut()
        {
            fields.insert("customer".to_owned(), json!(customer().trim()));
        }
        busy.set(true);
        problem.set(None);
        spawn(async move {
            let answer = browser::call("POST", path, Some(body.to_string())).await;
            busy.set(false);
            match api::judge::<Run>(answer) {
                Ok(run) => done.call(run),
                Err(failure) => problem.set(Some(failure)),
            }
        });
    };
    let seen = use_callback(move |run| found.set(Some(run)));
    let made = use_callback(move |run: Run| {
        toast(
            Tone::Green,
            t_args("desk-run-made", &[("count", run.new.into())]),
        );
        desk.look_again();
        onclose.call(());
    });
    let mut ask_again = ask;
    let mut ask = ask;
    let is_seen = found().is_some_and(|run| run.new > 0);
    rsx! {
        Sheet {
            title: t("desk-run-new"),
            id: "run",
            onclose,
            foot: rsx! {
                Button { kind: ButtonKind::Sub, busy: busy(), id: "run-preview", onclick: move |_| ask("/v1/desk/statement-runs/preview", seen), {t("desk-run-preview")} }
                Button { wide: true, disabled: !is_seen, busy: busy(), id: "run-go", onclick: move |_| ask_again("/v1/desk/statement-runs", made), {t("desk-run-go")} }
            },
            Segmented {
                name: "purpose",
                label: t("desk-statement-purpose"),
                options: PURPOSES.iter().map(|p| Choice::new(*p, term("desk-purpose", p))).collect::<Vec<_>>(),
                value: purpose(),
                onchange: move |chosen| {
                    purpose.set(chosen);
                    found.set(None);
                },
            }
            p { class: "t2", {term("desk-purpose-note", &purpose())} }
            DateField {
                id: "run-day",
                label: t("desk-statement-as-of"),
                initial: Some(last_month),
                max: desk.today().plus_days(-1),
                required: true,
                onchange: move |day| {
                    as_of.set(day);
                    found.set(None);
                },
            }
            if purpose() == "single" {
                Field {
                    id: "run-customer",
                    label: t("desk-run-customer"),
                    required: true,
                    oninput: move |text| {
                        customer.set(text);
                        found.set(None);
                    },
                }
            }
            if let Some(failure) = problem() {
                Banner { tone: Tone::Red, urgent: true, id: "run-problem", title: t("desk-not-done"), body: words::sentence(&failure) }
            }
            if let Some(run) = found() {
                Preview { run }
            }
        }
    }
}

/// What a run would make.
#[component]
fn Preview(run: Run) -> Element {
    let desk = use_desk();
    let facts = [
        ("count", run.new.into()),
        ("sum", format::money(run.sum).into()),
        ("standing", run.standing.into()),
        ("from", format::date(run.from).into()),
        ("until", format::date(run.until).into()),
        ("day", format::date(run.as_of).into()),
    ];
    let more = run.new.saturating_sub(run.first.len() as u64);
    rsx! {
        div { class: "stack tight", role: "status", id: "run-found",
            SectionHead { title: t_args("desk-run-found", &facts), aside: t_args("desk-run-period", &facts) }
            if run.standing > 0 {
                p { class: "t2", {t_args("desk-run-standing", &facts)} }
            }
            if run.new > 0 {
                p { class: "t2", {t_args("desk-run-until", &facts)} }
                DataTable { caption: t("desk-run-new"), columns: vec![Column::text(t("desk-col-customer")), Column::figures(t("desk-statement-closing"))],
                    for planned in run.first {
                        DataRow { key: "{planned.customer}",
                            td { {desk.customer_name(&planned.customer)} }
                            Sum { value: planned.closing }
                        }
                    }
                }
                if more > 0 {
                    p { class: "t3", {t_args("more-count", &[("count", more.into())])} }
                }
            }
        }
    }
}
