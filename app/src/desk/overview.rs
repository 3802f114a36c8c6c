//! Overview 总览: what waits for finance, as counts and sums, each with the way to where it is done.

use dioxus::prelude::*;
use shared::money::Money;

use super::{
    api::{Commands, Exceptions, HandIns, Receipts, Voids},
    asked::Proposals,
    frame::{Screen, use_go},
    parts::{Stale, Waiting},
    route::Place,
    state::{use_desk, use_read},
};
use crate::{
    components::{Amount, AmountSize, LinkCard, Tone},
    format,
    i18n::{t, t_args},
};

/// Bills that fall due within these days are pointed out.
const SOON_DAYS: i64 = 7;

/// The screen; a supervisor's is what waits for their decision.
#[component]
pub fn OverviewScreen() -> Element {
    match use_desk().sees_ledger() {
        true => rsx! { Board {} },
        false => rsx! { super::approvals::ApprovalsScreen {} },
    }
}

#[component]
fn Board() -> Element {
    let desk = use_desk();
    let receipts = use_read::<Receipts>("/v1/desk/receipts".to_owned());
    let aside = rsx! { p { class: "t2", {format::date_weekday(desk.today())} } };
    rsx! {
        Screen { title: t("desk-overview"), aside,
            match receipts.view() {
                None => rsx! { Waiting { error: receipts.error() } },
                Some(list) => rsx! {
                    Stale { error: receipts.error() }
                    div { class: "tiles", id: "tiles",
                        MoneyTiles { receipts: (*list).clone() }
                        DecisionTiles {}
                    }
                },
            }
        }
    }
}

/// One thing that waits.
#[component]
fn Tile(
    id: &'static str,
    title: String,
    count: usize,
    /// What it comes to; none where no sum is to be seen or there is none.
    #[props(default)]
    sum: Option<Money>,
    /// What is to be noted about it.
    #[props(default)]
    note: String,
    #[props(default)] urgent: bool,
    to: Place,
) -> Element {
    let go = use_go();
    let tone = match (count, urgent) {
        (0, _) => Tone::Neutral,
        (_, true) => Tone::Amber,
        _ => Tone::Neutral,
    };
    rsx! {
        LinkCard { href: to.to_string(), onnavigate: go, tone, id,
            div { class: "tile",
                h2 { class: "t2", "{title}" }
                p { class: "count num", "{count}" }
                if let Some(value) = sum {
                    Amount { value, size: AmountSize::Large }
                }
                if !note.is_empty() {
                    p { class: "t3 push", "{note}" }
                }
            }
        }
    }
}

/// Money that waits: claims, hand-ins, papers.
#[component]
fn MoneyTiles(receipts: Receipts) -> Element {
    let desk = use_desk();
    let today = desk.today();
    let list = &receipts.receipts;
    let sum = |of: &dyn Fn(&super::api::Receipt) -> bool| {
        let chosen = list.iter().filter(|r| of(r));
        let count = chosen.clone().count();
        (count, Money::sum(chosen.filter_map(|r| r.amount)).ok())
    };
    let (claims, claimed) = sum(&|r| r.custody == "claim");
    let (papers, paper_sum) = sum(&|r| r.custody == "clearing");
    let due = |r: &super::api::Receipt| r.due.unwrap_or(r.day).days_since(today) <= SOON_DAYS;
    let (due_count, _) = sum(&|r| r.custody == "clearing" && due(r));
    let (bounced, bounced_sum) = sum(&|r| r.custody == "bounced");
    let (field, _) = sum(&|r| r.custody == "field");
    let holders: std::collections::BTreeSet<&str> = list
        .iter()
        .filter(|r| r.custody == "field")
        .map(|r| r.person.as_str())
        .collect();
    rsx! {
        Tile { id: "tile-claims", title: t("desk-claims"), count: claims, sum: claimed, to: Place::Receipts {}, note: t("desk-tile-claims") }
        Tile {
            id: "tile-field",
            title: t("desk-tile-field"),
            count: holders.len(),
            to: Place::HandIns {},
            note: t_args("desk-tile-field-note", &[("count", field.into())]),
        }
        Tile {
            id: "tile-papers",
            title: t("desk-tile-papers"),
            count: papers,
            sum: paper_sum,
            urgent: due_count > 0,
            to: Place::Receipts {},
            note: t_args("desk-tile-papers-note", &[("count", due_count.into())]),
        }
        if bounced > 0 {
            Tile { id: "tile-bounced", title: t("desk-tile-bounced"), count: bounced, sum: bounced_sum, urgent: true, to: Place::Receipts {}, note: t("desk-tile-bounced-note") }
        }
    }
}

/// What is to be decided: differences, proposals, voids, exceptions.
#[component]
fn DecisionTiles() -> Element {
    let desk = use_desk();
    let hand_ins = use_read::<HandIns>("/v1/ledger/hand-ins".to_owned());
    let commands = use_read::<Commands>("/v1/ledger/commands".to_owned());
    let voids = use_read::<Voids>("/v1/desk/voids".to_owned());
    let exceptions = use_read::<Exceptions>("/v1/ledger/exceptions".to_owned());
    let requests = use_read::<Proposals>("/v1/desk/proposals".to_owned());
    let differences = hand_ins.view();
    let proposals = commands.view();
    let findings = exceptions.view();
    let void_count = voids.view().map_or(0, |list| list.voids.len());
    rsx! {
        if let Some(list) = differences {
            Tile {
                id: "tile-differences",
                title: t("desk-differences"),
                count: list.hand_ins.len(),
                urgent: true,
                to: Place::HandIns {},
                note: t("desk-tile-differences"),
            }
        }
        if let Some(list) = proposals {
            Tile {
                id: "tile-proposals",
                title: t("desk-tile-proposals"),
                count: list.commands.len() + void_count,
                sum: Money::sum(list.commands.iter().filter_map(|c| c.amount())).ok().filter(|sum| !sum.is_zero()),
                to: Place::Approvals {},
                note: t_args("desk-tile-proposals-note", &[("count", list.commands.iter().filter(|c| desk.is_me(&c.person)).count().into())]),
            }
        }
        if let Some(list) = requests.view() {
            Tile {
                id: "tile-requests",
                title: t("desk-requests"),
                count: list.proposals.iter().filter(|p| p.may_agree || p.may_post).count(),
                urgent: true,
                to: Place::Proposals { show: "open".to_owned(), what: String::new() },
                note: t("desk-tile-requests"),
            }
        }
        if let Some(list) = findings {
            Tile {
                id: "tile-exceptions",
                title: t("desk-exceptions"),
                count: list.exceptions.len(),
                urgent: true,
                to: Place::Exceptions {},
                note: t("desk-tile-exceptions"),
            }
        }
    }
}
