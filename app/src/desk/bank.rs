//! Bank statement 银行流水: a bank's file matched to transfers in transit. Each line says what was found and why;
//! nothing is posted before a person confirms it, one by one or all that name their receipt, unless the company has a
//! rule for those.
//!
//! Invariant: a line confirms a claim by the command id that line and claim give, so that the same statement twice,
//! or two people at it, post it once.

use dioxus::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::{day::Day, money::Money};

use super::{
    api::{self, Failure},
    bank_rule::{ByRule, HeldBack, PostedByRule, RuleCard},
    frame::Screen,
    order::{Order, typed_sum},
    parts::{SectionHead, Sum, Waiting},
    state::use_desk,
    upload::{BadRow, BadRows, File, FileChooser, Loaded, MapEditor, Mapping, use_loaded},
    words,
};
use crate::{
    components::{
        Amount, AmountSize, Banner, Button, ButtonKind, Column, DataRow, DataTable, EmptyState,
        Field, FieldKind, IconName, Sheet, Tag, Tone, toast,
    },
    format,
    i18n::{t, t_args},
};

const FILE: &str = "bank-file";
const PATH: &str = "/v1/desk/bank-statement";

/// A claim that a line may be the money of.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Claim {
    /// Document id of the receipt.
    pub receipt: String,
    /// Its printed number.
    pub number: String,
    /// Customer by the receipt.
    pub payer: String,
    /// Day of the receipt.
    pub day: Day,
    /// Sum.
    pub amount: Money,
    /// The line has this sum.
    pub same_sum: bool,
    /// The line's payer is one of the claim's.
    pub same_payer: bool,
    /// Days from the receipt to the line.
    pub days: i64,
    /// Id of the command that confirms it by this line.
    pub command: String,
}

/// A line of the statement.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Line {
    /// The bank's own number of it.
    pub reference: String,
    /// Booking day.
    pub day: Day,
    /// Sum.
    pub amount: Money,
    /// Who paid, as the bank writes it.
    pub payer: String,
    /// Purpose.
    pub text: String,
    /// What it is found to be.
    pub found: String,
    /// The claims, the likeliest first.
    pub claims: Vec<Claim>,
}

/// A statement as it was read.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Statement {
    /// The file.
    pub file: File,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Rows without money coming in.
    pub left_out: u64,
    /// Rows that could not be read.
    pub refused: u64,
    /// The first of them.
    pub bad_rows: Vec<BadRow>,
    /// What the company's rule posted when it was read.
    #[serde(default)]
    pub by_rule: Vec<ByRule>,
    /// Lines that the rule would post, were the columns not only guessed.
    #[serde(default)]
    pub held_back: u64,
}

impl Statement {
    fn found(&self, what: &str) -> Vec<Line> {
        let lines = self.lines.iter().filter(|line| line.found == what);
        lines.cloned().collect()
    }
}

/// A line and the claim that it is to confirm.
type Pair = (Line, Claim);

fn confirmation(line: &Line, claim: &Claim, fee: Money) -> Value {
    json!({ "kind": "confirm_transfer", "receipt": claim.receipt, "fee": fee, "bank_line": line.reference })
}

/// After something was confirmed: the same file, by the map that read it.
fn look_again(loaded: Loaded<Statement>) {
    let map = loaded.found().map(|found| found.file.mapping.clone());
    loaded.send(PATH.to_owned(), map, |_| ());
}

/// The screen.
#[component]
pub fn BankScreen() -> Element {
    let loaded = use_loaded::<Statement>(FILE);
    let mut name = use_signal(String::new);
    let mut confirming = use_signal(|| None::<Pair>);
    let mut all = use_signal(|| None::<Vec<Pair>>);
    let chosen = move |answer: Result<String, Failure>| {
        loaded.forget(answer.as_ref().err().cloned());
        if let Ok(file) = answer {
            name.set(file);
            loaded.send(PATH.to_owned(), None, |_| ());
        }
    };
    let has_file = !name.read().is_empty();
    let label = match has_file {
        true => "desk-file-other",
        false => "desk-bank-choose",
    };
    let busy = loaded.is_busy();
    rsx! {
        Screen {
            title: t("desk-bank"),
            aside: rsx! {
                FileChooser { id: FILE, label: t(label), again: has_file, onchosen: chosen }
            },
            p { class: "t2", {t("desk-bank-note")} }
            RuleCard {}
            if let Some(failure) = loaded.failure() {
                Banner { tone: Tone::Red, urgent: true, id: "file-problem", title: t("desk-file-problem"), body: words::sentence(&failure) }
            }
            match loaded.found() {
                Some(found) => rsx! {
                    Found {
                        statement: (*found).clone(),
                        name: name(),
                        busy,
                        onmap: move |map| loaded.send(PATH.to_owned(), Some(map), |_| ()),
                        onconfirm: move |pair| confirming.set(Some(pair)),
                        onall: move |pairs| all.set(Some(pairs)),
                    }
                },
                None if busy => rsx! { Waiting {} },
                None if loaded.failure().is_none() => rsx! {
                    EmptyState { icon: IconName::Document, title: t("desk-bank-none"), body: t("desk-bank-none-body") }
                },
                None => rsx! {},
            }
            if let Some((line, claim)) = confirming() {
                ConfirmOne { line, claim, ontaken: move |()| look_again(loaded), onclose: move |()| confirming.set(None) }
            }
            if let Some(pairs) = all() {
                ConfirmAll {
                    pairs,
                    onclose: move |()| {
                        all.set(None);
                        look_again(loaded);
                    },
                }
            }
        }
    }
}

/// What was found, the surest first.
#[component]
fn Found(
    statement: Statement,
    name: String,
    busy: bool,
    onmap: EventHandler<Mapping>,
    onconfirm: EventHandler<Pair>,
    onall: EventHandler<Vec<Pair>>,
) -> Element {
    let [exact, likely, suggested] =
        ["exact", "likely", "suggested"].map(|what| statement.found(what));
    let [none, settled, outgoing] =
        ["none", "settled", "outgoing"].map(|what| statement.found(what));
    let pairs: Vec<Pair> = exact
        .iter()
        .filter_map(|line| Some((line.clone(), line.claims.first()?.clone())))
        .collect();
    let facts = [
        ("file", name.clone().into()),
        ("encoding", statement.file.encoding.clone().into()),
        ("lines", statement.lines.len().into()),
        ("out", (statement.left_out + outgoing.len() as u64).into()),
    ];
    let nothing = exact.is_empty() && likely.is_empty() && suggested.is_empty();
    rsx! {
        p { class: "t2 num", id: "file-facts", {t_args("desk-bank-facts", &facts)} }
        MapEditor { file: statement.file.clone(), kind: "bank_lines", busy, onmap }
        if statement.refused > 0 {
            Banner { tone: Tone::Amber, id: "bad-rows", title: t_args("desk-bank-bad", &[("count", statement.refused.into())]), body: t("desk-bank-bad-body") }
            BadRows { rows: statement.bad_rows.clone() }
        }
        PostedByRule { lines: statement.by_rule.clone() }
        if statement.held_back > 0 {
            HeldBack {
                count: statement.held_back,
                busy,
                ongo: {
                    let map = statement.file.mapping.clone();
                    move |()| onmap.call(map.clone())
                },
            }
        }
        if !exact.is_empty() {
            SectionHead { title: t("desk-bank-exact"), aside: total(&exact) }
            div { class: "row",
                p { class: "t2 grow", {t("desk-bank-exact-note")} }
                Button { id: "confirm-all", busy, onclick: move |_| onall.call(pairs.clone()),
                    {t_args("desk-bank-confirm-all", &[("count", exact.len().into())])}
                }
            }
            Lines { caption: t("desk-bank-exact"), lines: exact, onconfirm }
        }
        if !likely.is_empty() {
            SectionHead { title: t("desk-bank-likely"), aside: total(&likely) }
            Lines { caption: t("desk-bank-likely"), lines: likely, onconfirm }
        }
        if !suggested.is_empty() {
            SectionHead { title: t("desk-bank-suggested"), aside: total(&suggested) }
            Lines { caption: t("desk-bank-suggested"), lines: suggested, onconfirm }
        }
        if nothing && statement.file.missing.is_empty() {
            EmptyState { icon: IconName::Check, title: t("desk-bank-nothing"), body: t("desk-bank-nothing-body") }
        }
        Rest { id: "bank-unmatched", title: t("desk-bank-unmatched"), lines: none, open: true }
        Rest { id: "bank-settled", title: t("desk-bank-settled"), lines: settled }
        Rest { id: "bank-outgoing", title: t("desk-bank-outgoing"), lines: outgoing }
    }
}

/// `3 · ¥12,000.00`
fn total(lines: &[Line]) -> String {
    let sum = Money::sum(lines.iter().map(|line| line.amount));
    let sum = sum.map(format::money).unwrap_or_default();
    t_args(
        "desk-count-sum",
        &[("count", lines.len().into()), ("sum", sum.into())],
    )
}

/// Why a line may be a claim's money, in words.
fn why(line: &Line, claim: &Claim) -> Vec<(Tone, String)> {
    let good = |key: &str| (Tone::Green, t(key));
    let off = |key: &str| (Tone::Amber, t(key));
    let named = (line.found == "exact").then(|| good("desk-bank-why-named"));
    let sum = match claim.same_sum {
        true => good("desk-bank-why-sum"),
        false => off("desk-bank-why-other-sum"),
    };
    let payer = match (claim.same_payer, line.found == "exact") {
        (true, _) => Some(good("desk-bank-why-payer")),
        (false, true) => None,
        (false, false) => Some(off("desk-bank-why-other-payer")),
    };
    let days = t_args("desk-bank-why-days", &[("days", claim.days.abs().into())]);
    let days = (Tone::Neutral, days);
    named
        .into_iter()
        .chain([sum])
        .chain(payer)
        .chain([days])
        .collect()
}

#[component]
fn Lines(caption: String, lines: Vec<Line>, onconfirm: EventHandler<Pair>) -> Element {
    let columns = vec![
        Column::text(t("desk-col-day")),
        Column::text(t("desk-bank-col-line")),
        Column::figures(t("desk-col-amount")),
        Column::text(t("desk-col-receipt")),
        Column::text(t("desk-bank-col-why")),
        Column::figures(t("desk-col-action")),
    ];
    let rows = lines.into_iter().flat_map(|line| {
        let claims = line.claims.clone().into_iter().enumerate();
        claims
            .map(move |(at, claim)| (at, line.clone(), claim))
            .collect::<Vec<_>>()
    });
    rsx! {
        DataTable { caption, columns,
            for (at , line , claim) in rows {
                DataRow { key: "{line.reference}-{claim.number}",
                    if at == 0 {
                        td { class: "nowrap", rowspan: "{line.claims.len()}", {format::date(line.day)} }
                        td { rowspan: "{line.claims.len()}", LineText { line: line.clone() } }
                        td { class: "r nowrap", rowspan: "{line.claims.len()}",
                            strong { Amount { value: line.amount, bare: true } }
                        }
                    }
                    td {
                        span { class: "nowrap", "{claim.number}" }
                        p { class: "t3", "{claim.payer}" }
                        p { class: "t3 nowrap",
                            {format::date(claim.day)}
                            " · "
                            Amount { value: claim.amount }
                        }
                    }
                    td {
                        div { class: "tags",
                            for (tone , text) in why(&line, &claim) {
                                Tag { key: "{text}", tone, "{text}" }
                            }
                        }
                    }
                    td {
                        div { class: "acts",
                            if claim.amount >= line.amount {
                                Button {
                                    kind: ButtonKind::Soft,
                                    small: true,
                                    id: "line-{line.reference}-{claim.number}",
                                    aria_label: "{t(\"desk-confirm\")} {line.reference} {claim.number}",
                                    onclick: move |_| onconfirm.call((line.clone(), claim.clone())),
                                    {t("desk-confirm")}
                                }
                            } else {
                                span { class: "t3", {t("desk-bank-too-much")} }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What the bank says of a line.
#[component]
fn LineText(line: Line) -> Element {
    rsx! {
        if !line.payer.is_empty() {
            p { "{line.payer}" }
        }
        if !line.text.is_empty() {
            p { class: "t2", "{line.text}" }
        }
        p { class: "t3", "{line.reference}" }
    }
}

/// Lines of which nothing is to be confirmed.
#[component]
fn Rest(
    id: &'static str,
    title: String,
    lines: Vec<Line>,
    #[props(default)] open: bool,
) -> Element {
    if lines.is_empty() {
        return rsx! {};
    }
    let columns = vec![
        Column::text(t("desk-col-day")),
        Column::text(t("desk-bank-col-line")),
        Column::figures(t("desk-col-amount")),
    ];
    rsx! {
        details { class: "card fold", id, open,
            summary {
                strong { "{title}" }
                " "
                span { class: "t2 num", {total(&lines)} }
            }
            DataTable { caption: title, columns,
                for line in lines {
                    DataRow { key: "{line.reference}",
                        td { class: "nowrap", {format::date(line.day)} }
                        td { LineText { line: line.clone() } }
                        Sum { value: line.amount }
                    }
                }
            }
        }
    }
}

/// The sheet for one line: what the bank says beside what the receipt says.
#[component]
fn ConfirmOne(
    line: Line,
    claim: Claim,
    ontaken: EventHandler<()>,
    onclose: EventHandler<()>,
) -> Element {
    let short = claim.amount.checked_sub(line.amount).unwrap_or(Money::ZERO);
    let is_short = short.is_positive();
    let mut fee = use_signal(String::new);
    let (asked_line, asked_claim) = (line.clone(), claim.clone());
    let command = use_callback(move |()| {
        // What is missing of the receipt's sum is said by a person to be the bank's fee, never taken for it.
        match typed_sum(&fee.read())?.unwrap_or(Money::ZERO) {
            fee if fee == short => Ok(confirmation(&asked_line, &asked_claim, fee)),
            _ => Err(t_args(
                "desk-bank-fee-differs",
                &[("short", format::money(short).into())],
            )),
        }
    });
    rsx! {
        Order {
            title: t("desk-confirm-title"),
            confirm: t("desk-confirm"),
            id: claim.command.clone(),
            reason: t("desk-reason-bank"),
            done: t("desk-confirm-done"),
            command,
            ontaken: move |_| ontaken.call(()),
            onclose,
            dl { class: "facts",
                dt { {t("desk-bank-col-line")} }
                dd { "{line.payer} {line.text}" }
                dt { {t("desk-bank-line")} }
                dd { class: "num", "{line.reference}" }
                dt { {t("desk-bank-line-sum")} }
                dd { Amount { value: line.amount, size: AmountSize::Large } }
                dt { {t("desk-col-receipt")} }
                dd { class: "num", "{claim.number}" }
                dt { {t("desk-col-customer")} }
                dd { "{claim.payer}" }
                dt { {t("desk-col-amount")} }
                dd { Amount { value: claim.amount, size: AmountSize::Large } }
            }
            p { class: "t2", {t("desk-confirm-note")} }
            if is_short {
                Banner { tone: Tone::Amber, title: t_args("desk-bank-short", &[("short", format::money(short).into())]), body: t("desk-bank-short-body") }
                Field { id: "bank-fee", label: t("desk-bank-fee"), kind: FieldKind::Money, required: true, oninput: move |text| fee.set(text) }
            }
        }
    }
}

/// How far confirming all has come.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Progress {
    Asked,
    Under(usize),
    Done,
}

/// The sheet for all lines that name their receipt.
#[component]
fn ConfirmAll(pairs: Vec<Pair>, onclose: EventHandler<()>) -> Element {
    let desk = use_desk();
    let mut progress = use_signal(|| Progress::Asked);
    let mut refused = use_signal(Vec::<(String, String)>::new);
    let count = pairs.len();
    let sum = Money::sum(pairs.iter().map(|(line, _)| line.amount));
    let sum = sum.map(format::money).unwrap_or_default();
    let facts = [("count", count.into()), ("sum", sum.into())];
    let note = t_args("desk-bank-all-note", &facts);
    let send = move |_| {
        if progress() != Progress::Asked {
            return;
        }
        progress.set(Progress::Under(0));
        let pairs = pairs.clone();
        spawn(async move {
            let reason = t("desk-reason-bank");
            for (at, (line, claim)) in pairs.iter().enumerate() {
                progress.set(Progress::Under(at));
                let command = confirmation(line, claim, Money::ZERO);
                if let Err(failure) = api::command(&claim.command, &reason, command).await {
                    let sentence = words::sentence(&failure);
                    refused.write().push((claim.number.clone(), sentence));
                }
            }
            progress.set(Progress::Done);
            desk.look_again();
            if refused.peek().is_empty() {
                let done = t_args("desk-bank-all-done", &[("count", pairs.len().into())]);
                toast(Tone::Green, done);
                onclose.call(());
            }
        });
    };
    let is_under_way = matches!(progress(), Progress::Under(_));
    let close = move |()| {
        if !matches!(progress(), Progress::Under(_)) {
            onclose.call(());
        }
    };
    rsx! {
        Sheet {
            title: t("desk-bank-all-title"),
            id: "order",
            onclose: close,
            foot: rsx! {
                Button { kind: ButtonKind::Sub, disabled: is_under_way, id: "order-no", onclick: move |_| close(()),
                    {if progress() == Progress::Done { t("close") } else { t("cancel") }}
                }
                if progress() != Progress::Done {
                    Button { busy: is_under_way, wide: true, id: "order-yes", onclick: send,
                        {t_args("desk-bank-confirm-all", &[("count", count.into())])}
                    }
                }
            },
            p { "{note}" }
            if let Progress::Under(at) = progress() {
                p { class: "t2 num", role: "status", {t_args("desk-of", &[("part", at.into()), ("all", count.into())])} }
            }
            for (number , sentence) in refused() {
                Banner { key: "{number}", tone: Tone::Red, urgent: true, title: number, body: sentence }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(found: &str, same_sum: bool, same_payer: bool) -> Pair {
        let claim = Claim {
            receipt: "r".to_owned(),
            number: "A01-1".to_owned(),
            payer: "甲".to_owned(),
            day: Day::from_number(0),
            amount: "70".parse().unwrap(),
            same_sum,
            same_payer,
            days: -2,
            command: "c".to_owned(),
        };
        let line = Line {
            reference: "L-1".to_owned(),
            day: Day::from_number(2),
            amount: "70".parse().unwrap(),
            payer: "甲".to_owned(),
            text: String::new(),
            found: found.to_owned(),
            claims: vec![claim.clone()],
        };
        (line, claim)
    }

    #[test]
    fn every_match_says_why_and_what_does_not_fit() {
        let check = |(line, claim): Pair, good: usize, off: usize| {
            let why = why(&line, &claim);
            let of = |tone| why.iter().filter(|(t, _)| *t == tone).count();
            assert_eq!((of(Tone::Green), of(Tone::Amber)), (good, off), "{why:?}");
        };
        check(pair("exact", true, true), 3, 0);
        check(pair("exact", true, false), 2, 0);
        check(pair("likely", true, true), 2, 0);
        check(pair("suggested", true, false), 1, 1);
        check(pair("suggested", false, true), 1, 1);
    }

    #[test]
    fn a_line_confirms_by_its_reference() {
        let (line, claim) = pair("exact", true, true);
        let expected = json!({ "kind": "confirm_transfer", "receipt": "r", "fee": "0.00", "bank_line": "L-1" });
        assert_eq!(confirmation(&line, &claim, Money::ZERO), expected);
    }
}
