//! The lines of a statement to tick: each that is disputed gets a reason, words, and what it should be.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{
    proposal::DisputeReason,
    statement::{Statement, StatementLine},
};

use crate::{
    components::{Card, CheckBox, Choice, ChoiceGroup, Field, FieldKind},
    format::{date, money},
    i18n::{t, t_args, term},
    replica::api::{NewAnswer, NewDispute, StatementView},
    state::{Form, words},
};

/// All lines, with what is said to those that are ticked.
#[component]
pub fn Disputed(form: Form<NewAnswer>, view: Rc<StatementView>) -> Element {
    let lines = Statement::read(&view.row.content).map_or_else(|_| Vec::new(), |read| read.lines);
    rsx! {
        Card { title: t("statement-lines"), aside: t("statement-tick"), id: "statement-lines",
            div { class: "stack",
                for (place , line) in (0u32..).zip(lines) {
                    Line { key: "{place}", form, place, line }
                }
            }
        }
    }
}

/// What a line is: number and due day, or what it stands for.
pub fn name(line: &StatementLine) -> String {
    match (line.invoice, line.items) {
        (Some(_), _) => words::joined(&[
            line.number.clone(),
            t_args("statement-due", &[("day", date(line.due).into())]),
        ]),
        (None, 0) => t("statement-on-account"),
        (None, items) => t_args("statement-rest", &[("count", i64::from(items).into())]),
    }
}

#[component]
fn Line(form: Form<NewAnswer>, place: u32, line: StatementLine) -> Element {
    let mut value = form.value;
    let found = value
        .read()
        .disputed
        .iter()
        .find(|d| d.line == place)
        .cloned();
    let label = format!("{} · {}", name(&line), money(line.outstanding));
    let mut change = move |edit: &dyn Fn(&mut NewDispute)| {
        let mut draft = value.write();
        if let Some(found) = draft.disputed.iter_mut().find(|d| d.line == place) {
            edit(found);
        }
    };
    rsx! {
        CheckBox {
            label,
            checked: found.is_some(),
            id: "dispute-{place}",
            onchange: move |on| {
                let mut draft = value.write();
                draft.disputed.retain(|d| d.line != place);
                if on {
                    draft.disputed.push(NewDispute { line: place, ..NewDispute::default() });
                    draft.disputed.sort_by_key(|d| d.line);
                }
            },
        }
        if let Some(found) = found {
            div { class: "stack",
                ChoiceGroup {
                    name: "dispute-reason-{place}",
                    label: t("dispute-reason-label"),
                    required: true,
                    options: DisputeReason::ALL.iter().map(|r| Choice::new(r.slug(), term("dispute-reason", r.slug()))).collect::<Vec<_>>(),
                    selected: found.reason.map(|r| r.slug().to_owned()).into_iter().collect::<Vec<_>>(),
                    onchange: move |chosen: Vec<String>| {
                        let reason = chosen.first().map(|slug| DisputeReason::from_slug(slug));
                        change(&|d| d.reason = reason);
                    },
                }
                Field {
                    id: "dispute-words-{place}",
                    label: t("dispute-words"),
                    initial: found.words.clone(),
                    oninput: move |text: String| change(&|d| d.words.clone_from(&text)),
                }
                Field {
                    id: "dispute-says-{place}",
                    label: t("dispute-says"),
                    kind: FieldKind::Money,
                    initial: found.says.clone(),
                    oninput: move |text: String| change(&|d| d.says.clone_from(&text)),
                }
            }
        }
    }
}
