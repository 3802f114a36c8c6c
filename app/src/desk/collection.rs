//! Collection 催收: the team's month with its score (whose parts `score` shows), and a salesperson's work list of today as their phone shows it, with
//! the same reasons in the same words.

use dioxus::prelude::*;
use shared::policy::told::Told;

use super::{
    api::{Factor, Team, TeamLine, WorkLine, WorkList},
    frame::{Screen, use_go},
    parts::{CustomerLink, SectionHead, Stale, Sum, Waiting},
    route::Place,
    score::{ScoreOf, points},
    state::{use_desk, use_read},
};
use crate::{
    components::{Column, DataRow, DataTable, EmptyState, IconName, RowLink, Tag, Tone},
    i18n::{t, t_args, term},
    state::words,
};

/// Settled debts from which on a point of the company's own curve can stand.
const ENOUGH_DEBTS: u32 = 30;

/// The screen.
#[component]
pub fn CollectionScreen(person: String) -> Element {
    let team = use_read::<Team>("/v1/desk/team".to_owned());
    rsx! {
        Screen { title: t("desk-collection"),
            match team.view() {
                None => rsx! { Waiting { error: team.error() } },
                Some(found) if found.people.is_empty() => rsx! {
                    EmptyState { icon: IconName::Team, title: t("desk-team-none"), body: t("desk-team-none-body") }
                },
                Some(found) => {
                    let chosen = chosen(&found, &person);
                    rsx! {
                        Stale { error: team.error() }
                        TeamTable { team: (*found).clone(), chosen: chosen.clone() }
                        if let Some(line) = found.people.iter().find(|line| line.person == chosen) {
                            ScoreOf { key: "{chosen}", line: line.clone(), weights: found.weights }
                        }
                        ListOf { person: chosen }
                    }
                }
            }
        }
    }
}

/// The person of the address, or the first of the team.
fn chosen(team: &Team, person: &str) -> String {
    let is_there = team.people.iter().any(|line| line.person == person);
    let first = team.people.first().map(|line| line.person.clone());
    match is_there {
        true => person.to_owned(),
        false => first.unwrap_or_default(),
    }
}

#[component]
fn TeamTable(team: Team, chosen: String) -> Element {
    let curve = match team.debts >= ENOUGH_DEBTS {
        true => "desk-curve-own",
        false => "desk-curve-given",
    };
    let text = ["desk-by-rep"].map(|key| Column::text(t(key)));
    let figures = [
        "desk-col-score",
        "desk-col-sold",
        "desk-col-collected",
        "desk-col-owed",
        "desk-col-overdue",
        "desk-col-to-zero",
        "desk-col-per-day",
        "desk-col-daily-loss",
    ]
    .map(|key| Column::figures(t(key)));
    let mut columns: Vec<Column> = text.into_iter().chain(figures).collect();
    columns.push(Column::text(t("desk-col-beyond")));
    rsx! {
        SectionHead { title: t("desk-team"), aside: team.list_is_made.then(|| t("desk-list-made")) }
        DataTable { caption: t("desk-team"), columns,
            for line in team.people {
                TeamRow { key: "{line.person}", is_chosen: line.person == chosen, line }
            }
        }
        p { class: "t2", {t_args(curve, &[("debts", team.debts.into())])} }
    }
}

#[component]
fn TeamRow(line: TeamLine, is_chosen: bool) -> Element {
    let (desk, go) = (use_desk(), use_go());
    let href = Place::Collection {
        person: line.person.clone(),
    };
    let beyond = [
        (Tone::Amber, "desk-team-listed", line.listed),
        (Tone::Red, "desk-team-handover", line.handover),
    ];
    rsx! {
        DataRow { selected: is_chosen,
            td {
                RowLink { href: href.to_string(), current: is_chosen, onnavigate: go, {desk.person_name(&line.person)} }
            }
            td { class: "r", strong { {points(line.score)} } }
            for (index , value) in [line.sold, line.collected, line.receivable, line.overdue, line.to_zero, line.per_day, line.daily_loss].into_iter().enumerate() {
                Sum { key: "{index}", value: Some(value).filter(|sum| !sum.is_zero()) }
            }
            td {
                div { class: "row wrap",
                    for (tone , key , count) in beyond.into_iter().filter(|(.., count)| *count > 0) {
                        Tag { key: "{key}", tone, {t_args(key, &[("count", count.into())])} }
                    }
                }
            }
        }
    }
}

#[component]
fn ListOf(person: String) -> Element {
    let desk = use_desk();
    let list = use_read::<WorkList>(format!("/v1/desk/work-list?person={person}"));
    let title = t_args(
        "desk-list-of",
        &[("name", desk.person_name(&person).into())],
    );
    let aside = list.view().map(|found| {
        let listed = u32::try_from(found.items.len()).unwrap_or(u32::MAX);
        t_args(
            "desk-list-count",
            &[
                ("listed", listed.into()),
                ("customers", found.customers.into()),
            ],
        )
    });
    rsx! {
        SectionHead { title: title.clone(), aside }
        match list.view() {
            None => rsx! { Waiting { error: list.error() } },
            Some(found) if found.items.is_empty() => rsx! {
                EmptyState { icon: IconName::Check, title: t("desk-list-none"), body: t("desk-list-none-body") }
            },
            Some(found) => rsx! {
                Stale { error: list.error() }
                DataTable {
                    caption: title,
                    columns: vec![
                        Column::text(t("desk-col-customer")),
                        Column::text(t("desk-col-why")),
                        Column::figures(t("desk-col-owed")),
                        Column::figures(t("desk-col-overdue")),
                        Column::text(t("desk-col-plan")),
                    ],
                    for line in found.items.iter().cloned() {
                        Line { key: "{line.customer}", line }
                    }
                }
            },
        }
    }
}

#[component]
fn Line(line: WorkLine) -> Element {
    let desk = use_desk();
    // A reason that this build has no word for is left out; so are alarms that stand among the reasons already.
    let alarms = line
        .alarms
        .iter()
        .filter(|alarm| !says(&line.reasons, alarm));
    let told = line.reasons.iter().chain(alarms).filter_map(Told::why);
    let tags: Vec<(Tone, String)> = told.map(|why| words::why(&why)).collect();
    let visited = line.visited_today.then(|| t("desk-list-visited"));
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
                div { class: "row wrap",
                    if let Some(visited) = visited {
                        Tag { tone: Tone::Green, "{visited}" }
                    }
                    for (index , (tone , text)) in tags.into_iter().enumerate() {
                        Tag { key: "{index}", tone, "{text}" }
                    }
                }
            }
            Sum { value: Some(line.outstanding), strong: true }
            Sum { value: Some(line.overdue).filter(|sum| !sum.is_zero()) }
            td {
                if let Some(plan) = line.plan.as_deref() {
                    {term("manner", plan)}
                    br {}
                    span { class: "t2", {factors(&line.factors)} }
                }
            }
        }
    }
}

/// Is the alarm said by a reason: the same, or by the days overdue?
fn says(reasons: &[Told], alarm: &Told) -> bool {
    let by_days = |told: &Told| alarm.code == "alarm_days" && told.code == "overdue";
    reasons.iter().any(|told| told == alarm || by_days(told))
}

/// The weightiest three.
fn factors(factors: &[Factor]) -> String {
    let word = |factor: &Factor| {
        let side = if factor.points > 0 { "hard" } else { "soft" };
        term("factor", &format!("{}-{side}", factor.factor))
    };
    let words: Vec<String> = factors.iter().take(3).map(word).collect();
    words.join(&t("list-comma"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_that_a_reason_says_already_is_not_said_twice() {
        let told = |code: &str, days: i64| Told {
            code: code.to_owned(),
            days: Some(days),
            ..Told::default()
        };
        let reasons = [told("overdue", 40), told("alarm_no_result", 3)];
        assert!(says(&reasons, &told("alarm_days", 40)));
        assert!(says(&reasons, &told("alarm_no_result", 3)));
        assert!(!says(&reasons, &told("alarm_share", 80)));
    }
}
