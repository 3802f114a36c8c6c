//! A customer's collection case 催收档案: the letter that is due, written and printed here; what was sent and who took
//! it; steps at law and the dates that they set running.
//!
//! Invariant: a letter says only what is so: it demands what is overdue and promised by nobody, and none is offered
//! before the one in front of it went out.

use std::rc::Rc;

use dioxus::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::{
    day::Day,
    ledger::case::Way,
    money::Money,
    paper::{
        Language,
        dunning_letter::{DunningInputs, Letter as Number, dunning_letter},
    },
    policy::legal::LegalStep,
};

use super::{
    api::{Account, Failure},
    order::Order,
    parts::{Due, SectionHead, Stale},
    state::{use_desk, use_read},
    words::word,
};
use crate::{
    components::{
        Button, ButtonKind, Card, Choice, Column, DataRow, DataTable, DateField, Field, IconName,
        Letter, Segmented, SelectField, Tag, Tone,
    },
    format,
    i18n::{Lang, lang, t, t_args, term},
};

/// Days that a letter leaves to pay, where nobody says otherwise.
const PAY_DAYS: i64 = 7;

/// Who noted something.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Noted {
    id: String,
    person: String,
    at: i64,
    reason: String,
}

/// A paper that went out.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Sent {
    letter: Option<u8>,
    invoice: Option<String>,
    sent: Day,
    way: String,
    received: Option<Day>,
    received_by: String,
    tracking: String,
    noted: Noted,
}

/// A step at law.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct StepTaken {
    step: String,
    on: Day,
    next: Option<String>,
    until: Option<Day>,
    noted: Noted,
}

/// What a letter demands.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Demanded {
    number: String,
    due: Day,
    outstanding: Money,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Case {
    dunned_days: Option<i64>,
    step: Option<String>,
    letter_due: Option<u8>,
    demanded: Vec<Demanded>,
    letters: Vec<Sent>,
    invoices: Vec<Sent>,
    steps: Vec<StepTaken>,
    limitation_ends: Option<Day>,
}

/// What is being noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Noting {
    Letter(u8),
    Invoice,
    Step,
}

/// The case of a customer.
#[component]
pub fn CaseCard(account: Account) -> Element {
    let case = use_read::<Case>(format!("/v1/desk/case?customer={}", account.id));
    let mut noting = use_signal(|| None::<Noting>);
    let Some(found) = case.view() else {
        let error: Option<Failure> = case.error();
        return rsx! { Stale { error } };
    };
    let letter = found.letter_due;
    rsx! {
        SectionHead { title: t("desk-case") }
        Card { id: "case",
            div { class: "row between wrap",
                div { class: "grow",
                    h3 { class: "card-title", {standing(&found)} }
                    p { class: "t2", {t("desk-case-note")} }
                    if let Some(day) = found.limitation_ends {
                        p { class: "t2", id: "limitation", {t("desk-case-limitation")} " " Due { day } }
                    }
                }
                div { class: "row wrap",
                    if let Some(number) = letter {
                        Button { small: true, id: "write-letter", onclick: move |_| noting.set(Some(Noting::Letter(number))),
                            {t_args("desk-case-write", &[("number", number.into())])}
                        }
                    }
                    Button { kind: ButtonKind::Soft, small: true, id: "note-invoice", onclick: move |_| noting.set(Some(Noting::Invoice)), {t("desk-case-invoice")} }
                    Button { kind: ButtonKind::Soft, small: true, id: "note-step", onclick: move |_| noting.set(Some(Noting::Step)), {t("desk-case-step")} }
                }
            }
        }
        Entries { case: found.clone(), account: account.clone() }
        match noting() {
            Some(Noting::Letter(number)) => rsx! {
                WriteLetter { account, case: found, number, onclose: move |()| noting.set(None) }
            },
            Some(Noting::Invoice) => rsx! { NoteInvoice { account, onclose: move |()| noting.set(None) } },
            Some(Noting::Step) => rsx! { NoteStep { customer: account.id, onclose: move |()| noting.set(None) } },
            None => rsx! {},
        }
    }
}

/// Where the account stands on the ladder, in a sentence.
fn standing(case: &Case) -> String {
    let days = case.dunned_days.unwrap_or(i64::MIN);
    match (&case.step, case.letter_due) {
        (Some(step), letter) => {
            let key = match letter {
                Some(_) => "desk-case-letter-due",
                None => "desk-case-at",
            };
            let facts = [
                ("days", days.into()),
                ("step", term("dunning", step).into()),
                ("number", letter.unwrap_or(0).into()),
            ];
            t_args(key, &facts)
        }
        (None, _) => t("desk-case-none"),
    }
}

/// A line of the case's list.
struct Line {
    day: Day,
    what: String,
    detail: Element,
    noted: Noted,
}

/// All that was noted, the newest first.
#[component]
fn Entries(case: Rc<Case>, account: Account) -> Element {
    let desk = use_desk();
    let number = |id: &str| {
        let found = account.invoices.iter().find(|invoice| invoice.id == id);
        found.map_or_else(|| "–".to_owned(), |invoice| invoice.number.clone())
    };
    let mut lines: Vec<Line> = Vec::new();
    for sent in case.letters.iter().chain(&case.invoices) {
        let what = match (sent.letter, &sent.invoice) {
            (Some(letter), _) => t_args("desk-case-letter", &[("number", letter.into())]),
            (None, invoice) => {
                let id = invoice.as_deref().unwrap_or_default();
                t_args("desk-case-delivered", &[("number", number(id).into())])
            }
        };
        lines.push(Line {
            day: sent.sent,
            what,
            detail: rsx! { Taken { sent: sent.clone() } },
            noted: sent.noted.clone(),
        });
    }
    for step in &case.steps {
        lines.push(Line {
            day: step.on,
            what: word("desk-legal", &step.step),
            detail: rsx! {
                if let (Some(next), Some(day)) = (step.next.clone(), step.until) {
                    {word("desk-legal-next", &next)} " " Due { day }
                } else {
                    "–"
                }
            },
            noted: step.noted.clone(),
        });
    }
    if lines.is_empty() {
        return rsx! {};
    }
    lines.sort_by_key(|line| std::cmp::Reverse((line.day, line.noted.at)));
    let columns = vec![
        Column::text(t("desk-col-day")),
        Column::text(t("desk-col-what")),
        Column::text(t("desk-case-became")),
        Column::text(t("desk-col-by")),
        Column::text(t("desk-col-reason")),
    ];
    rsx! {
        DataTable { caption: t("desk-case"), columns,
            for line in lines {
                DataRow { key: "{line.noted.id}",
                    td { class: "nowrap", {format::date(line.day)} }
                    td { "{line.what}" }
                    td { {line.detail} }
                    td { class: "nowrap", {desk.person_name(&line.noted.person)} }
                    td { "{line.noted.reason}" }
                }
            }
        }
    }
}

/// How a paper went, and who took it.
#[component]
fn Taken(sent: Sent) -> Element {
    let taken = sent.received.map(|day| {
        let facts = [
            ("day", format::date(day).into()),
            ("name", sent.received_by.clone().into()),
        ];
        t_args("desk-case-received", &facts)
    });
    rsx! {
        {word("desk-way", &sent.way)}
        if !sent.tracking.is_empty() {
            " " span { class: "num", "{sent.tracking}" }
        }
        " "
        match taken {
            Some(text) => rsx! { Tag { tone: Tone::Green, "{text}" } },
            None => rsx! { Tag { tone: Tone::Amber, {t("desk-case-not-received")} } },
        }
    }
}

/// How a paper went: the fields that letters and invoices share.
#[derive(Clone, Copy, PartialEq)]
struct Form {
    sent: Signal<Option<Day>>,
    way: Signal<String>,
    received: Signal<Option<Day>>,
    received_by: Signal<String>,
    tracking: Signal<String>,
}

fn use_form(today: Day) -> Form {
    Form {
        sent: use_signal(move || Some(today)),
        way: use_signal(|| Way::Post.slug().to_owned()),
        received: use_signal(|| None),
        received_by: use_signal(String::new),
        tracking: use_signal(String::new),
    }
}

impl Form {
    fn delivery(self) -> Result<Value, String> {
        let sent = (self.sent)().ok_or_else(|| t("desk-case-no-day"))?;
        let (received, by) = ((self.received)(), self.received_by.read().trim().to_owned());
        if received.is_some() == by.is_empty() {
            return Err(t("desk-case-who-and-when"));
        }
        Ok(json!({
            "sent": sent, "way": *self.way.read(), "received": received, "received_by": by,
            "tracking": self.tracking.read().trim(),
        }))
    }
}

#[component]
fn DeliveryFields(form: Form) -> Element {
    let today = use_desk().today();
    let Form {
        mut sent,
        mut way,
        mut received,
        mut received_by,
        mut tracking,
    } = form;
    let ways = Way::ALL
        .iter()
        .map(|way| Choice::new(way.slug(), word("desk-way", way.slug())));
    rsx! {
        DateField { id: "sent", label: t("desk-case-sent"), initial: today, max: today, required: true, onchange: move |day| sent.set(day) }
        Segmented { name: "way", label: t("desk-case-way"), options: ways.collect::<Vec<_>>(), value: way(), onchange: move |value| way.set(value) }
        Field { id: "tracking", label: t("desk-case-tracking"), oninput: move |text| tracking.set(text) }
        DateField { id: "received", label: t("desk-case-received-on"), max: today, hint: t("desk-case-received-hint"), onchange: move |day| received.set(day) }
        Field { id: "received-by", label: t("desk-case-received-by"), oninput: move |text| received_by.set(text) }
    }
}

/// A letter: written, printed, and noted as sent.
#[component]
fn WriteLetter(account: Account, case: Rc<Case>, number: u8, onclose: EventHandler<()>) -> Element {
    let desk = use_desk();
    let today = desk.today();
    let form = use_form(today);
    let mut pay_by = use_signal(move || Some(today.plus_days(PAY_DAYS)));
    let mut language = use_signal(|| lang().tag().to_owned());
    let mut phone = use_signal(String::new);
    let customer = account.id.clone();
    let command = use_callback(move |()| {
        let delivery = form.delivery()?;
        Ok::<Value, String>(json!({
            "kind": "letter_sent", "customer": customer, "letter": number, "delivery": delivery,
        }))
    });
    let inputs = desk.directory().map(|directory| DunningInputs {
        company_name: directory.company.name.clone(),
        customer_name: account.name.clone(),
        day: today,
        pay_by: pay_by().unwrap_or(today),
        invoices: case
            .demanded
            .iter()
            .map(|demanded| (demanded.number.clone(), demanded.due, demanded.outstanding))
            .collect(),
        handler: (directory.me.name.clone(), phone.read().trim().to_owned()),
    });
    let lines = Number::numbered(number)
        .zip(inputs)
        .and_then(|(which, inputs)| {
            dunning_letter(which, &inputs, Language::from_slug(&language.read())).ok()
        })
        .unwrap_or_default();
    let (title, body) = lines.split_first().map_or_else(
        || (String::new(), Vec::new()),
        |(title, body)| (title.clone(), body.to_vec()),
    );
    let languages = Lang::ALL.map(|lang| Choice::new(lang.tag(), lang.own_name().to_owned()));
    rsx! {
        Order {
            title: t_args("desk-case-letter", &[("number", number.into())]),
            confirm: t("desk-case-note-sent"),
            done: t("desk-case-noted"),
            reason: t_args("desk-case-letter-reason", &[("days", case.dunned_days.unwrap_or(0).into())]),
            command,
            onclose,
            p { class: "t2", {t("desk-case-letter-how")} }
            DateField { id: "pay-by", label: t("desk-case-pay-by"), initial: today.plus_days(PAY_DAYS), min: today, onchange: move |day| pay_by.set(day) }
            Field { id: "letter-phone", label: t("desk-case-phone"), oninput: move |text| phone.set(text) }
            Segmented { name: "letter-language", label: t("desk-case-language"), options: languages.to_vec(), value: language(), onchange: move |value| language.set(value) }
            Letter { title,
                for (n , line) in body.into_iter().enumerate() {
                    p { key: "{n}", "{line}" }
                }
            }
            Button { kind: ButtonKind::Soft, icon: IconName::Print, id: "print-letter", onclick: move |_| print(), {t("desk-case-print")} }
            DeliveryFields { form }
        }
    }
}

/// Prints what stands open: of a sheet with a letter, the letter alone (`desk.css`).
fn print() {
    crate::platform::Platform::current().share.print();
}

/// That an invoice went to the customer.
#[component]
fn NoteInvoice(account: Account, onclose: EventHandler<()>) -> Element {
    let form = use_form(use_desk().today());
    let open = account.invoices.iter().rev();
    let choices: Vec<Choice> = open
        .map(|invoice| Choice::new(invoice.id.clone(), invoice.number.clone()))
        .collect();
    let first = choices.first().map(|choice| choice.value.clone());
    let mut invoice = use_signal(move || first.unwrap_or_default());
    let customer = account.id.clone();
    let command = use_callback(move |()| {
        let delivery = form.delivery()?;
        Ok::<Value, String>(json!({
            "kind": "invoice_delivered", "customer": customer, "invoice": invoice(), "delivery": delivery,
        }))
    });
    rsx! {
        Order {
            title: t("desk-case-invoice"),
            confirm: t("desk-case-note-it"),
            done: t("desk-case-noted"),
            command,
            onclose,
            p { class: "t2", {t("desk-case-invoice-how")} }
            SelectField { id: "invoice", label: t("desk-col-invoice"), options: choices, value: invoice(), onchange: move |value| invoice.set(value) }
            DeliveryFields { form }
        }
    }
}

/// A step at law.
#[component]
fn NoteStep(customer: String, onclose: EventHandler<()>) -> Element {
    let today = use_desk().today();
    let mut step = use_signal(|| LegalStep::PaymentOrderApplied.slug().to_owned());
    let mut on = use_signal(move || Some(today));
    let command = use_callback(move |()| {
        let on = on().ok_or_else(|| t("desk-case-no-day"))?;
        Ok::<Value, String>(
            json!({ "kind": "legal_step", "customer": customer, "step": step(), "on": on }),
        )
    });
    let steps = LegalStep::ALL
        .iter()
        .map(|step| Choice::new(step.slug(), word("desk-legal", step.slug())));
    rsx! {
        Order {
            title: t("desk-case-step"),
            confirm: t("desk-case-note-it"),
            done: t("desk-case-noted"),
            command,
            onclose,
            p { class: "t2", {t("desk-case-step-how")} }
            SelectField { id: "step", label: t("desk-col-what"), options: steps.collect::<Vec<_>>(), value: step(), onchange: move |value| step.set(value) }
            DateField { id: "step-on", label: t("desk-col-day"), initial: today, max: today, required: true, onchange: move |day| on.set(day) }
        }
    }
}
