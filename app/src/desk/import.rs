//! Import 导入 of customers, invoices and payments: the file, the map by which it is read, what it will change, and
//! only then the import, all or nothing.
//!
//! Invariant: the button imports the very bytes and the very map of the preview that is shown.

use std::rc::Rc;

use dioxus::prelude::*;
use serde::Deserialize;
use shared::{day::Day, money::Money};

use super::{
    api::Failure,
    frame::Screen,
    parts::{SectionHead, Sum, Waiting},
    route::Place,
    state::use_desk,
    upload::{
        BadRow, BadRows, File, FileChooser, MapEditor, Mapping, Tally, field_word, use_loaded,
    },
    words,
};
use crate::{
    components::{
        Banner, Button, Card, Choice, Column, DataRow, DataTable, EmptyState, IconName, Segmented,
        Tone, toast,
    },
    format,
    i18n::{t, t_args},
};

const FILE: &str = "import-file";
const KINDS: [&str; 3] = ["invoices", "customers", "payments"];

/// A field that has another content than in the books.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Change {
    /// Field.
    pub field: String,
    /// In the books before.
    pub before: String,
    /// By the file.
    pub after: String,
}

/// A row that is taken.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Row {
    /// Line of the file.
    pub line: u64,
    /// `new`, `changed` or `same`.
    pub outcome: String,
    /// Number.
    pub number: String,
    /// Name of a customer; else the customer's number.
    pub customer: String,
    /// Due day of an invoice, day of a payment.
    pub day: Option<Day>,
    /// Sum.
    pub amount: Option<Money>,
    /// What differs from the books.
    pub changes: Vec<Change>,
}

/// What an import changes, or has changed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Outcome {
    /// It was imported.
    pub applied: bool,
    /// Rows of the file.
    pub rows: u64,
    /// New.
    pub created: Tally,
    /// Changed.
    pub changed: Tally,
    /// As in the books.
    pub same: Tally,
    /// Refused.
    pub refused: Tally,
    /// Rounded.
    pub rounded: Tally,
    /// Customers made.
    pub customers_created: u64,
    /// Territories made.
    pub territories_created: u64,
    /// The first rows of each outcome.
    pub first_rows: Vec<Row>,
    /// The first refused rows.
    pub bad_rows: Vec<BadRow>,
}

/// A file and what it changes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Import {
    /// The file.
    pub file: File,
    /// None while fields have to be mapped.
    pub outcome: Option<Outcome>,
}

/// The screen. Another kind is another file: nothing of the one before is left.
#[component]
pub fn ImportScreen(kind: String) -> Element {
    let navigator = use_navigator();
    let kind = match KINDS.contains(&kind.as_str()) {
        true => kind,
        false => "invoices".to_owned(),
    };
    let kinds = KINDS.map(|kind| Choice::new(kind, words::word("desk-import-kind", kind)));
    rsx! {
        Screen { title: t("desk-import"),
            Segmented {
                name: "import-kind",
                label: t("desk-import-what"),
                options: kinds.to_vec(),
                value: kind.clone(),
                onchange: move |kind: String| {
                    navigator.replace(Place::Import { kind });
                },
            }
            for kind in [kind] {
                OfKind { key: "{kind}", kind }
            }
        }
    }
}

#[component]
fn OfKind(kind: String) -> Element {
    let desk = use_desk();
    let loaded = use_loaded::<Import>(FILE);
    let mut name = use_signal(String::new);
    let path = format!("/v1/desk/imports/{kind}");
    let preview = use_callback({
        let path = format!("{path}/preview");
        move |map: Option<Mapping>| loaded.send(path.clone(), map, |_| ())
    });
    let apply = use_callback(move |map: Mapping| {
        let done = move |found: Rc<Import>| {
            let rows = found.outcome.as_ref();
            let rows = rows.map_or(0, |told| told.created.rows + told.changed.rows);
            let done = t_args("desk-import-done", &[("rows", rows.into())]);
            toast(Tone::Green, done);
            desk.look_again();
        };
        loaded.send(path.clone(), Some(map), done);
    });
    let chosen = move |answer: Result<String, Failure>| {
        loaded.forget(answer.as_ref().err().cloned());
        if let Ok(file) = answer {
            name.set(file);
            preview.call(None);
        }
    };
    let has_file = !name.read().is_empty();
    let label = match has_file {
        true => "desk-file-other",
        false => "desk-import-choose",
    };
    let busy = loaded.is_busy();
    rsx! {
        div { class: "row",
            p { class: "t2 grow", {words::word("desk-import-note", &kind)} }
            FileChooser { id: FILE, label: t(label), again: has_file, onchosen: chosen }
        }
        if let Some(failure) = loaded.failure() {
            Banner { tone: Tone::Red, urgent: true, id: "file-problem", title: t("desk-file-problem"), body: words::sentence(&failure) }
        }
        match loaded.found() {
            Some(found) => rsx! {
                p { class: "t2 num", id: "file-facts",
                    {t_args("desk-import-facts", &[
                        ("file", name().into()),
                        ("encoding", found.file.encoding.clone().into()),
                        ("rows", found.outcome.as_ref().map_or(0, |o| o.rows).into()),
                    ])}
                }
                MapEditor { file: found.file.clone(), kind: kind.clone(), busy, onmap: move |map| preview.call(Some(map)) }
                if let Some(outcome) = found.outcome.clone() {
                    Told {
                        outcome,
                        kind: kind.clone(),
                        busy,
                        is_stale: loaded.failure().is_some(),
                        onapply: move |()| apply.call(found.file.mapping.clone()),
                    }
                }
            },
            None if busy => rsx! { Waiting {} },
            None if loaded.failure().is_none() => rsx! {
                EmptyState { icon: IconName::Document, title: t("desk-import-none"), body: t("desk-import-none-body") }
            },
            None => rsx! {},
        }
    }
}

/// What the import will change, or has changed.
#[component]
fn Told(
    outcome: Outcome,
    kind: String,
    busy: bool,
    /// What is shown is not the answer to what was asked last.
    is_stale: bool,
    onapply: EventHandler<()>,
) -> Element {
    let changes = outcome.created.rows + outcome.changed.rows;
    let refused = outcome.refused.rows;
    let heading = match (outcome.applied, refused, changes) {
        (true, ..) => "desk-import-applied",
        (_, 1.., _) => "desk-import-refused",
        (_, _, 0) => "desk-import-nothing",
        _ => "desk-import-will",
    };
    let tone = match (outcome.applied, refused) {
        (true, _) => Tone::Green,
        (false, 0) => Tone::Teal,
        _ => Tone::Amber,
    };
    let body = format!("{heading}-body");
    let with_sums = kind != "customers";
    rsx! {
        Banner { tone, id: "import-told", title: t(heading), body: t(&body),
            if !outcome.applied && refused == 0 && changes > 0 {
                Button { id: "import-apply", busy, disabled: is_stale, onclick: move |_| onapply.call(()),
                    {t_args("desk-import-apply", &[("rows", changes.into())])}
                }
            }
        }
        div { class: "tiles counts",
            Count { id: "count-new", title: t("desk-import-new"), tally: outcome.created.clone(), with_sums }
            Count { id: "count-changed", title: t("desk-import-changed"), tally: outcome.changed.clone(), with_sums }
            Count { id: "count-same", title: t("desk-import-same"), tally: outcome.same.clone(), with_sums }
            Count { id: "count-refused", title: t("desk-import-bad"), tally: outcome.refused.clone(), with_sums, urgent: true }
        }
        Beside { outcome: outcome.clone() }
        if refused > 0 {
            SectionHead { title: t("desk-bad-rows"), aside: shown_of(outcome.bad_rows.len(), refused) }
            BadRows { rows: outcome.bad_rows.clone() }
        }
        FirstRows { rows: of(&outcome, "changed"), all: outcome.changed.rows, title: t("desk-import-changed"), kind: kind.clone() }
        FirstRows { rows: of(&outcome, "new"), all: outcome.created.rows, title: t("desk-import-new"), kind: kind.clone() }
        FirstRows { rows: of(&outcome, "same"), all: outcome.same.rows, title: t("desk-import-same"), kind }
    }
}

fn of(outcome: &Outcome, what: &str) -> Vec<Row> {
    let rows = outcome.first_rows.iter().filter(|row| row.outcome == what);
    rows.cloned().collect()
}

/// `20 of 340`, where not all are shown.
fn shown_of(shown: usize, all: u64) -> String {
    t_args("desk-of", &[("part", shown.into()), ("all", all.into())])
}

#[component]
fn Count(
    id: &'static str,
    title: String,
    tally: Tally,
    with_sums: bool,
    #[props(default)] urgent: bool,
) -> Element {
    let tone = match urgent && tally.rows > 0 {
        true => Tone::Amber,
        false => Tone::Neutral,
    };
    let shown = tally.shown();
    let sum = shown.split_once(" · ").map(|(_, sum)| sum.to_owned());
    rsx! {
        Card { tone, id,
            div { class: "tile",
                h2 { class: "t2", "{title}" }
                p { class: "count num", "{tally.rows}" }
                if let Some(sum) = sum.filter(|_| with_sums) {
                    p { class: "t2 num", "{sum}" }
                }
            }
        }
    }
}

/// What happens beside the rows themselves.
#[component]
fn Beside(outcome: Outcome) -> Element {
    let counts = [
        ("desk-import-customers-made", outcome.customers_created),
        ("desk-import-territories-made", outcome.territories_created),
    ];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let mut notes: Vec<String> = counts
        .map(|(key, count)| t_args(key, &[("count", count.into())]))
        .collect();
    if outcome.rounded.rows > 0 {
        let args = [
            ("count", outcome.rounded.rows.into()),
            ("sum", outcome.rounded.sum.clone().into()),
        ];
        notes.push(t_args("desk-import-rounded", &args));
    }
    rsx! {
        for note in notes {
            p { key: "{note}", class: "t2", "{note}" }
        }
    }
}

#[component]
fn FirstRows(rows: Vec<Row>, all: u64, title: String, kind: String) -> Element {
    if rows.is_empty() {
        return rsx! {};
    }
    let is_customer = kind == "customers";
    let has_changes = rows.iter().any(|row| !row.changes.is_empty());
    let number = match kind.as_str() {
        "customers" => t("customers-number"),
        "payments" => t("desk-import-col-payment"),
        _ => t("desk-col-invoice"),
    };
    let day = match kind.as_str() {
        "invoices" => t("desk-col-due"),
        _ => t("desk-col-day"),
    };
    let mut columns = vec![
        Column::figures(t("desk-bad-line")),
        Column::text(number),
        Column::text(t("desk-col-customer")),
    ];
    if !is_customer {
        columns.push(Column::text(day));
        columns.push(Column::figures(t("desk-col-amount")));
    }
    if has_changes {
        columns.push(Column::text(t("desk-import-col-changes")));
    }
    rsx! {
        SectionHead { title: title.clone(), aside: shown_of(rows.len(), all) }
        DataTable { caption: title, columns,
            for row in rows {
                DataRow { key: "{row.line}",
                    td { class: "r num", "{row.line}" }
                    td { class: "nowrap", "{row.number}" }
                    td { "{row.customer}" }
                    if !is_customer {
                        td { class: "nowrap", {row.day.map_or_else(|| "–".to_owned(), format::date)} }
                        Sum { value: row.amount }
                    }
                    if has_changes {
                        td {
                            for change in row.changes {
                                p { key: "{change.field}",
                                    span { class: "t2", {field_word(&change.field)} " " }
                                    s { class: "t3", {or_dash(&change.before)} }
                                    " → "
                                    strong { {or_dash(&change.after)} }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn or_dash(text: &str) -> String {
    match text {
        "" => "–".to_owned(),
        text => text.to_owned(),
    }
}
