//! Sum, instalments and invoices of a promise.

use dioxus::prelude::*;
use shared::money::Money;

use super::draft::{Line, PromiseDraft};
use crate::{
    components::{
        Amount, Button, ButtonKind, Card, CheckBox, Choice, ChoiceGroup, DateField, Field,
        FieldKind, IconButton, IconName, Tone,
    },
    format,
    i18n::{t, t_args},
    replica::api::FormView,
    state::Form,
};

/// Counts of instalments to pick from.
const COUNTS: [u16; 5] = [1, 2, 3, 4, 6];
/// Days between instalments to pick from.
const INTERVALS: [u16; 4] = [7, 14, 15, 30];
/// Most instalments of a promise made here.
const MOST: usize = 24;

/// The sum promised.
#[component]
pub fn Total(form: Form<PromiseDraft>, view: FormView) -> Element {
    let mut value = form.value;
    let mut round = use_signal(|| 0_u32);
    let today = view.today;
    let start = value.peek().total.clone();
    let mut put = move |sum: Money| {
        let mut draft = value.write();
        draft.total = sum.to_string();
        let count = u16::try_from(draft.instalments.len()).unwrap_or(1);
        draft.spread(count, today);
        round += 1;
    };
    rsx! {
        Card { title: t("promise-sum"), aside: t_args("promise-owed", &[("sum", format::money(view.outstanding).into())]),
            div { class: "stack",
                Field {
                    key: "{round}",
                    id: "promise-total",
                    label: t("promise-sum"),
                    label_hidden: true,
                    kind: FieldKind::Money,
                    initial: start,
                    oninput: move |text: String| {
                        let mut draft = value.write();
                        draft.total = text;
                        let count = u16::try_from(draft.instalments.len()).unwrap_or(1);
                        draft.spread(count, today);
                    },
                }
                div { class: "row wrap",
                    if view.asked.is_positive() {
                        Button { kind: ButtonKind::Soft, small: true, id: "promise-asked", onclick: move |_| put(view.asked), {t_args("promise-asked", &[("sum", format::money(view.asked).into())])} }
                    }
                    if view.outstanding.is_positive() && view.outstanding != view.asked {
                        Button { kind: ButtonKind::Soft, small: true, id: "promise-all", onclick: move |_| put(view.outstanding), {t_args("promise-all", &[("sum", format::money(view.outstanding).into())])} }
                    }
                }
            }
        }
    }
}

/// The instalments: spread evenly, each to be changed.
#[component]
pub fn Instalments(form: Form<PromiseDraft>, view: FormView) -> Element {
    let mut value = form.value;
    let today = view.today;
    let draft = value.read().clone();
    let count = draft.instalments.len();
    let difference = draft.difference();
    // Fields are made anew when the plan is spread anew, not while somebody types in one.
    let layout = format!("{count}-{}-{}", draft.every_days, draft.total);
    rsx! {
        Card { title: t("promise-instalments"),
            div { class: "stack",
                ChoiceGroup {
                    name: "promise-count",
                    label: t("promise-count"),
                    options: COUNTS.iter().map(|n| Choice::new(n.to_string(), n.to_string())).collect::<Vec<_>>(),
                    selected: vec![count.to_string()],
                    onchange: move |chosen: Vec<String>| {
                        if let Some(count) = chosen.first().and_then(|n| n.parse().ok()) {
                            value.write().spread(count, today);
                        }
                    },
                }
                if count > 1 {
                    ChoiceGroup {
                        name: "promise-every",
                        label: t("promise-every"),
                        options: INTERVALS.iter().map(|n| Choice::new(n.to_string(), t_args("promise-every-days", &[("days", i64::from(*n).into())]))).collect::<Vec<_>>(),
                        selected: vec![draft.every_days.to_string()],
                        onchange: move |chosen: Vec<String>| {
                            if let Some(days) = chosen.first().and_then(|n| n.parse().ok()) {
                                let mut draft = value.write();
                                draft.every_days = days;
                                let count = u16::try_from(draft.instalments.len()).unwrap_or(1);
                                draft.spread(count, today);
                            }
                        },
                    }
                }
                for index in 0..count {
                    InstalmentRow { key: "{layout}-{index}", form, index, today }
                }
                if !difference.is_zero() {
                    div { class: "row between", role: "alert", id: "promise-difference",
                        span { class: "t2 red", if difference.is_negative() { {t("promise-over")} } else { {t("promise-under")} } }
                        Amount { value: difference, tone: Tone::Red }
                    }
                }
                if count < MOST {
                    Button {
                        kind: ButtonKind::Ghost,
                        small: true,
                        icon: IconName::Plus,
                        id: "promise-add",
                        onclick: move |_| {
                            let mut draft = value.write();
                            let due = draft.instalments.last().and_then(|line| line.due).map(|due| due.plus_days(i64::from(draft.every_days)));
                            draft.instalments.push(Line { due, amount: String::new() });
                        },
                        {t("promise-add")}
                    }
                }
            }
        }
    }
}

#[component]
fn InstalmentRow(form: Form<PromiseDraft>, index: usize, today: shared::day::Day) -> Element {
    let mut value = form.value;
    let line = value
        .peek()
        .instalments
        .get(index)
        .cloned()
        .unwrap_or_default();
    let several = value.read().instalments.len() > 1;
    let number = i64::try_from(index + 1).unwrap_or_default();
    rsx! {
        fieldset { class: "stack tight",
            legend { class: "sr", {t_args("promise-instalment", &[("number", number.into())])} }
            if several {
                div { class: "row between",
                    span { class: "t2 strong", aria_hidden: "true", {t_args("promise-instalment", &[("number", number.into())])} }
                    IconButton {
                        icon: IconName::Close,
                        label: t_args("promise-remove", &[("number", number.into())]),
                        onclick: move |_| {
                            let mut draft = value.write();
                            if index < draft.instalments.len() {
                                draft.instalments.remove(index);
                            }
                        },
                    }
                }
            }
            div { class: "row top-align",
                div { class: "grow",
                    DateField {
                        id: "instalment-day-{index}",
                        label: t("promise-instalment-day"),
                        initial: line.due,
                        min: today,
                        onchange: move |due| {
                            if let Some(line) = value.write().instalments.get_mut(index) {
                                line.due = due;
                            }
                        },
                    }
                }
                div { class: "grow",
                    Field {
                        id: "instalment-sum-{index}",
                        label: t("promise-instalment-sum"),
                        kind: FieldKind::Money,
                        initial: line.amount,
                        oninput: move |text: String| {
                            if let Some(line) = value.write().instalments.get_mut(index) {
                                line.amount = text;
                            }
                        },
                    }
                }
            }
        }
    }
}

/// Which invoices the promise covers, and which promise it replaces.
#[component]
pub fn Covered(form: Form<PromiseDraft>, view: FormView) -> Element {
    let mut value = form.value;
    let draft = value.read().clone();
    let options: Vec<Choice> = view
        .invoices
        .iter()
        .map(|line| {
            let number = line.row.invoice.number.clone();
            Choice::new(
                line.row.invoice.id.to_string(),
                format!("{number} {}", format::money(line.outstanding)),
            )
        })
        .collect();
    rsx! {
        if !options.is_empty() {
            Card { title: t("promise-invoices"),
                ChoiceGroup {
                    name: "promise-invoices",
                    label: t("promise-invoices-hint"),
                    multiple: true,
                    options,
                    selected: draft.invoices.iter().map(|id| id.to_string()).collect::<Vec<_>>(),
                    onchange: move |chosen: Vec<String>| value.write().invoices = chosen.iter().filter_map(|id| id.parse().ok()).collect(),
                }
            }
        }
        for (id , day , total) in view.open_promises.clone() {
            Card { key: "{id}", tone: Tone::Amber,
                CheckBox {
                    label: t_args("promise-replaces", &[("day", format::date(day).into()), ("sum", format::money(total).into())]),
                    checked: draft.replaces == Some(id),
                    onchange: move |on: bool| value.write().replaces = on.then_some(id),
                }
            }
        }
    }
}
