//! Credit 信用: what each customer's rating is, what the rule proposes and why, and the decision about it.
//!
//! Invariants: a decision is sent with what the rule said when it was read, so that nobody decides about facts that have
//! changed since; two persons rate, one leaves as it is.

use dioxus::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::{
    day::Day,
    money::Money,
    policy::{
        credit::{Grade, Rating},
        credit_review::Basis,
    },
};

use super::{
    api::Taken,
    frame::Screen,
    order::{Order, typed_sum},
    parts::{CustomerLink, SectionHead, Stale, Waiting},
    route::Place,
    state::{use_desk, use_read},
};
use crate::{
    components::{
        Amount, Button, ButtonKind, CheckBox, Choice, Column, DataRow, DataTable, EmptyState,
        Field, FieldKind, FilterToggle, IconName, SelectField, Tag, Tone,
    },
    format,
    i18n::{t, t_args},
};

/// The longest term that the server takes, in days.
const MOST_TERM_DAYS: u16 = shared::ledger::command::MOST_TERM_DAYS;

/// What happened since a day.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Conduct {
    since: Day,
    due: Money,
    late_percent: u32,
    worst_days: u32,
    broken: u32,
    bounced: u32,
    signs: u32,
}

/// The last decision, or the one that waits.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Decision {
    outcome: String,
    rating: Option<Rating>,
    hold: Option<bool>,
    person: String,
    at: i64,
    reason: String,
    second: Option<String>,
}

/// A customer's credit.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Line {
    customer: String,
    state: String,
    now: Rating,
    hold: bool,
    exposure: Money,
    basis: Option<Basis>,
    conduct: Conduct,
    decision: Option<Decision>,
    next_review: Option<Day>,
}

/// Customers' credit.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Credit {
    every_months: u32,
    customers: u32,
    proposed: u32,
    waits: u32,
    lines: Vec<Line>,
}

/// What somebody is about to do.
#[derive(Clone, PartialEq)]
enum Deciding {
    Rate(Line),
    Keep(Line, Basis),
}

/// The screen.
#[component]
pub fn CreditScreen(all: String) -> Element {
    let navigator = use_navigator();
    let shows_all = all == "true";
    let path = match shows_all {
        true => "/v1/desk/credit?all=true",
        false => "/v1/desk/credit",
    };
    let credit = use_read::<Credit>(path.to_owned());
    let mut deciding = use_signal(|| None::<Deciding>);
    let Some(found) = credit.view() else {
        return rsx! {
            Screen { title: t("desk-credit"), Waiting { error: credit.error() } }
        };
    };
    let every = match found.every_months {
        0 => t("desk-credit-never"),
        months => t_args("desk-credit-every", &[("months", months.into())]),
    };
    let counts = t_args(
        "desk-credit-counts",
        &[
            ("customers", found.customers.into()),
            ("proposed", found.proposed.into()),
            ("waits", found.waits.into()),
        ],
    );
    rsx! {
        Screen { title: t("desk-credit"),
            p { class: "t2", id: "credit-rule", "{every}" }
            div { class: "row between wrap",
                FilterToggle {
                    id: "credit-all",
                    label: t("desk-credit-all"),
                    on: shows_all,
                    onchange: move |on: bool| {
                        let all = if on { "true" } else { "" }.to_owned();
                        navigator.replace(Place::Credit { all });
                    },
                }
            }
            Stale { error: credit.error() }
            SectionHead { title: t("desk-credit-list"), aside: counts }
            if found.lines.is_empty() {
                EmptyState { icon: IconName::Check, title: t("desk-credit-none"), body: t("desk-credit-none-body") }
            } else {
                Lines { lines: found.lines.clone(), ondecide: move |what| deciding.set(Some(what)) }
            }
            match deciding() {
                Some(Deciding::Rate(line)) => rsx! {
                    Rate { line, onclose: move |()| deciding.set(None) }
                },
                Some(Deciding::Keep(line, basis)) => rsx! {
                    Keep { line, basis, onclose: move |()| deciding.set(None) }
                },
                None => rsx! {},
            }
        }
    }
}

#[component]
fn Lines(lines: Vec<Line>, ondecide: EventHandler<Deciding>) -> Element {
    let columns = vec![
        Column::text(t("desk-col-customer")),
        Column::text(t("desk-col-credit-now")),
        Column::figures(t("desk-col-exposure")),
        Column::text(t("desk-col-credit-proposed")),
        Column::text(t("desk-col-credit-why")),
        Column::figures(t("desk-col-action")),
    ];
    rsx! {
        DataTable { caption: t("desk-credit-list"), columns,
            for line in lines {
                Row { key: "{line.customer}", line, ondecide }
            }
        }
    }
}

#[component]
fn Row(line: Line, ondecide: EventHandler<Deciding>) -> Element {
    let desk = use_desk();
    let is_waiting = line.state == "waits";
    let used = used_percent(line.exposure, line.now.limit);
    rsx! {
        DataRow {
            td {
                if desk.sees_ledger() {
                    CustomerLink { id: line.customer.clone() }
                } else {
                    {desk.customer_name(&line.customer)}
                }
            }
            td {
                Graded { rating: line.now }
                if line.hold {
                    Tag { tone: Tone::Red, {t("desk-credit-hold")} }
                }
            }
            td { class: "r nowrap",
                strong { Amount { value: line.exposure, bare: true } }
                if let Some(used) = used {
                    p { class: "t3", {t_args("desk-credit-used", &[("percent", used.into())])} }
                }
            }
            td {
                Proposal { line: line.clone() }
            }
            td { Why { line: line.clone() } }
            td {
                if !is_waiting {
                    div { class: "acts",
                        Button {
                            small: true,
                            kind: if line.state == "proposed" { ButtonKind::Soft } else { ButtonKind::Sub },
                            id: "rate-{line.customer}",
                            onclick: {
                                let line = line.clone();
                                move |_| ondecide.call(Deciding::Rate(line.clone()))
                            },
                            if line.state == "proposed" { {t("desk-credit-take")} } else { {t("desk-credit-rate")} }
                        }
                        if let Some(basis) = line.basis.filter(|_| line.state == "proposed") {
                            Button {
                                small: true,
                                kind: ButtonKind::Sub,
                                id: "keep-{line.customer}",
                                onclick: move |_| ondecide.call(Deciding::Keep(line.clone(), basis)),
                                {t("desk-credit-keep")}
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Grade, limit and term, one under the other.
#[component]
fn Graded(rating: Rating) -> Element {
    rsx! {
        p { class: "nowrap", strong { {grade_word(rating.grade)} } }
        p { class: "t2 nowrap", {limit_words(&rating)} }
    }
}

/// What is proposed, waits or was decided.
#[component]
fn Proposal(line: Line) -> Element {
    let desk = use_desk();
    let decision = line.decision.map(|decision| {
        let facts = [
            ("person", desk.person_name(&decision.person).into()),
            ("moment", desk.moment(decision.at).into()),
            ("reason", decision.reason.clone().into()),
            (
                "second",
                decision
                    .second
                    .as_deref()
                    .map_or_else(String::new, |id| desk.person_name(id))
                    .into(),
            ),
        ];
        let said = t_args(&format!("desk-credit-{}", decision.outcome), &facts);
        (decision, said)
    });
    let next = line
        .next_review
        .map(|day| t_args("desk-credit-next", &[("day", format::date(day).into())]));
    rsx! {
        match line.state.as_str() {
            "waits" => rsx! { Tag { tone: Tone::Amber, {t("desk-credit-is-waiting")} } },
            "quiet" => rsx! { Tag { tone: Tone::Neutral, {t("desk-credit-is-quiet")} } },
            "as_is" => rsx! { Tag { tone: Tone::Green, {t("desk-credit-is-as-is")} } },
            _ => rsx! {},
        }
        if let Some((Decision { rating: Some(rating), hold, .. }, _)) = decision.clone().filter(|_| line.state == "waits") {
            Graded { rating }
            if hold == Some(true) {
                Tag { tone: Tone::Red, {t("desk-credit-hold")} }
            }
        } else if let Some(basis) = line.basis {
            Graded { rating: basis.proposed }
            p { class: "t3", {t(change_key(&line.now, &basis.proposed))} }
        }
        if let Some((_, said)) = decision {
            p { class: "t3", "{said}" }
        }
        if let Some(next) = next.filter(|_| line.state == "quiet") {
            p { class: "t3", "{next}" }
        }
    }
}

/// What happened, in words, what weighs first.
#[component]
fn Why(line: Line) -> Element {
    let conduct = &line.conduct;
    let facts = [
        ("day", format::date(conduct.since).into()),
        ("due", format::money(conduct.due).into()),
    ];
    let since = t_args("desk-credit-since", &facts);
    rsx! {
        div { class: "row wrap",
            for (index , (tone , text)) in grounds(conduct).into_iter().enumerate() {
                Tag { key: "{index}", tone, "{text}" }
            }
        }
        p { class: "t3", "{since}" }
    }
}

/// The grounds of a grade: what costs one, or that nothing does.
fn grounds(conduct: &Conduct) -> Vec<(Tone, String)> {
    let percent = [("percent", conduct.late_percent.into())];
    let count = |key: &str, count: u32| t_args(key, &[("count", count.into())]);
    let all = [
        (
            Tone::Red,
            conduct.late_percent > 5,
            t_args("desk-credit-why-share", &percent),
        ),
        (
            Tone::Red,
            conduct.worst_days > 7,
            count("desk-credit-why-delay", conduct.worst_days),
        ),
        (
            Tone::Red,
            conduct.broken > 0,
            count("desk-credit-why-broken", conduct.broken),
        ),
        (
            Tone::Red,
            conduct.bounced > 0,
            count("desk-credit-why-bounced", conduct.bounced),
        ),
        (
            Tone::Amber,
            conduct.signs > 0,
            count("desk-credit-why-signs", conduct.signs),
        ),
    ];
    let mut found: Vec<_> = all
        .into_iter()
        .filter_map(|(tone, holds, text)| holds.then_some((tone, text)))
        .collect();
    if found.is_empty() {
        found.push(match conduct.due.is_positive() {
            true => (Tone::Green, t("desk-credit-why-paid")),
            false => (Tone::Neutral, t("desk-credit-why-nothing")),
        });
    }
    found
}

fn grade_word(grade: Grade) -> String {
    match grade {
        Grade::Unknown => t("desk-credit-ungraded"),
        grade => t_args("desk-credit-grade", &[("grade", grade.slug().into())]),
    }
}

fn limit_words(rating: &Rating) -> String {
    let facts = [
        ("limit", format::money(rating.limit).into()),
        ("days", u32::from(rating.term_days).into()),
    ];
    t_args("desk-credit-terms", &facts)
}

/// What the proposal does to the limit, as a sentence.
fn change_key(now: &Rating, proposed: &Rating) -> &'static str {
    match proposed {
        Rating {
            grade: Grade::D, ..
        } => "desk-credit-ends",
        proposed if proposed.limit > now.limit => "desk-credit-raises",
        proposed if proposed.limit < now.limit => "desk-credit-lowers",
        _ => "desk-credit-regrades",
    }
}

/// How much of the limit is used, in whole percent; none without a limit or a debt.
fn used_percent(exposure: Money, limit: Money) -> Option<u32> {
    let is_known = limit.is_positive() && exposure.is_positive();
    is_known.then(|| shared::policy::alarm::share_percent(exposure, limit))
}

/// What a rating that waits for a second person says, in a sentence; none of other commands.
pub fn rating_of(taken: &Taken) -> Option<String> {
    let rating: Rating = serde_json::from_value(taken.command.get("rating")?.clone()).ok()?;
    let hold = taken.command.get("hold")?.as_bool()?;
    let mut words = vec![grade_word(rating.grade), limit_words(&rating)];
    if hold {
        words.push(t("desk-credit-hold"));
    }
    Some(words.join(&t("list-comma")))
}

/// Takes the proposal, or says another rating.
#[component]
fn Rate(line: Line, onclose: EventHandler<()>) -> Element {
    let desk = use_desk();
    let first = match (line.basis, line.state.as_str()) {
        (Some(basis), "proposed") => basis.proposed,
        _ => line.now,
    };
    let mut grade = use_signal(|| match first.grade {
        Grade::Unknown => Grade::B,
        grade => grade,
    });
    let mut limit = use_signal(|| first.limit.to_string());
    let mut term = use_signal(|| first.term_days.to_string());
    let mut hold = use_signal(|| line.hold);
    let (customer, basis) = (line.customer.clone(), line.basis);
    let command = use_callback(move |()| {
        let limit = match typed_sum(&limit.read())? {
            Some(limit) if !limit.is_negative() => limit,
            _ => return Err(t("desk-sum-wrong")),
        };
        let term_days = typed_term(&term.read()).ok_or_else(|| t("desk-credit-term-wrong"))?;
        let rating = Rating {
            grade: grade(),
            limit,
            term_days,
        };
        Ok::<Value, String>(
            json!({ "kind": "credit_rating", "customer": customer, "rating": rating, "hold": hold(), "basis": basis }),
        )
    });
    let choices: Vec<Choice> = Grade::ALL
        .iter()
        .map(|grade| {
            let slug = grade.slug();
            Choice::new(slug, t(&format!("desk-credit-grade-{slug}")))
        })
        .collect();
    let title = [("name", desk.customer_name(&line.customer).into())];
    rsx! {
        Order {
            title: t_args("desk-credit-rate-title", &title),
            confirm: t("desk-credit-rate-confirm"),
            done: t("desk-credit-rate-done"),
            command,
            onclose,
            p { class: "t2", {t("desk-credit-rate-note")} }
            Why { line: line.clone() }
            SelectField {
                id: "credit-grade",
                label: t("desk-field-grade"),
                options: choices,
                value: grade().slug().to_owned(),
                onchange: move |slug: String| grade.set(Grade::from_slug(&slug)),
            }
            Field {
                id: "credit-limit",
                kind: FieldKind::Money,
                label: t("desk-field-credit_limit"),
                initial: limit.peek().clone(),
                required: true,
                oninput: move |text| limit.set(text),
            }
            Field {
                id: "credit-term",
                label: t("desk-credit-term"),
                unit: t("desk-credit-days"),
                initial: term.peek().clone(),
                required: true,
                oninput: move |text| term.set(text),
            }
            CheckBox { id: "credit-hold", label: t("desk-credit-hold-box"), checked: hold(), onchange: move |on| hold.set(on) }
        }
    }
}

/// Leaves the rating as it is.
#[component]
fn Keep(line: Line, basis: Basis, onclose: EventHandler<()>) -> Element {
    let desk = use_desk();
    let customer = line.customer.clone();
    let command = use_callback(move |()| {
        Ok::<Value, String>(json!({ "kind": "credit_kept", "customer": customer, "basis": basis }))
    });
    let title = [("name", desk.customer_name(&line.customer).into())];
    rsx! {
        Order {
            title: t_args("desk-credit-keep-title", &title),
            confirm: t("desk-credit-keep"),
            done: t("desk-credit-keep-done"),
            command,
            onclose,
            p { class: "t2", {t("desk-credit-keep-note")} }
            Why { line: line.clone() }
        }
    }
}

/// The days that were typed; none if they are none, or too many.
fn typed_term(raw: &str) -> Option<u16> {
    let days = raw.trim().parse().ok()?;
    (days <= MOST_TERM_DAYS).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_whole_days_and_no_slip_of_the_finger() {
        let check = |raw: &str, expected| assert_eq!(typed_term(raw), expected, "{raw}");
        check(" 30 ", Some(30));
        check("0", Some(0));
        check("3650", Some(3_650));
        check("3651", None);
        check("-1", None);
        check("1.5", None);
        check("", None);
    }

    #[test]
    fn what_costs_a_grade_is_said_and_nothing_else() {
        let conduct = Conduct {
            since: "2026-05-01".parse().unwrap(),
            due: Money::from_yuan(100),
            late_percent: 5,
            worst_days: 7,
            broken: 0,
            bounced: 0,
            signs: 0,
        };
        let tones = |conduct: &Conduct| -> Vec<Tone> {
            grounds(conduct).into_iter().map(|(tone, _)| tone).collect()
        };
        assert_eq!(tones(&conduct), [Tone::Green]);
        let nothing = Conduct {
            due: Money::ZERO,
            ..conduct.clone()
        };
        assert_eq!(tones(&nothing), [Tone::Neutral]);
        let bad = Conduct {
            late_percent: 6,
            worst_days: 8,
            broken: 1,
            bounced: 1,
            signs: 1,
            ..conduct
        };
        let red = Tone::Red;
        assert_eq!(tones(&bad), [red, red, red, red, Tone::Amber]);
    }

    #[test]
    fn the_change_of_a_limit_is_said_as_what_it_is() {
        let rating = |grade, limit| Rating {
            grade,
            limit: Money::from_yuan(limit),
            term_days: 30,
        };
        let now = rating(Grade::B, 600);
        for (grade, limit, key) in [
            (Grade::A, 720, "desk-credit-raises"),
            (Grade::C, 300, "desk-credit-lowers"),
            (Grade::D, 0, "desk-credit-ends"),
            (Grade::C, 600, "desk-credit-regrades"),
        ] {
            assert_eq!(change_key(&now, &rating(grade, limit)), key);
        }
    }
}
