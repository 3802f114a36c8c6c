//! One statement: its lines as frozen, what the customer answered, what finance says to that, and how it ends.

use std::rc::Rc;

use dioxus::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::{
    evidence::Signature,
    money::Money,
    paper::{Language, statement::statement_paper},
    statement::Statement,
};

use super::{
    api::{self, Failure},
    browser,
    frame::Screen,
    order::Order,
    parts::{CustomerLink, SectionHead, Stale, Sum, Waiting},
    route::Place,
    state::{use_desk, use_read},
    statements::{Line, State},
    words,
};
use crate::{
    components::{
        Amount, AmountSize, Banner, Button, ButtonKind, Card, Choice, Column, DataRow, DataTable,
        Letter, Segmented, Sheet, SignatureSlot, Tag, TextArea, Tone, toast,
    },
    format,
    i18n::{lang, t, t_args, term},
};

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Disputed {
    line: u32,
    number: String,
    outstanding: Money,
    reason: String,
    words: String,
    says: Option<Money>,
    accepted: Option<bool>,
    note: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Answer {
    document: String,
    person: String,
    made_at: i64,
    received_at: i64,
    standing: String,
    disputed: Vec<Disputed>,
    signature: Option<Signature>,
    photos: usize,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Found {
    #[serde(flatten)]
    line: Line,
    content: Statement,
    digest: String,
    made_by: String,
    made_at: i64,
    answers: Vec<Answer>,
    replaced_by: Option<String>,
}

/// What can be done to a statement that is open.
#[derive(Clone, PartialEq)]
enum Doing {
    Reply(Disputed),
    Close,
    Revise,
}

/// The screen.
#[component]
pub fn StatementScreen(id: String) -> Element {
    let found = use_read::<Found>(format!("/v1/desk/statements/{id}"));
    rsx! {
        Screen { title: t("desk-statement"),
            match found.view() {
                None => rsx! { Waiting { error: found.error() } },
                Some(view) => rsx! {
                    Stale { error: found.error() }
                    One { view }
                },
            }
        }
    }
}

#[component]
fn One(view: Rc<Found>) -> Element {
    let navigator = use_navigator();
    let mut doing = use_signal(|| None::<Doing>);
    let is_open = matches!(view.line.state.as_str(), "sent" | "disputed" | "answered");
    let replaced = view.replaced_by.clone();
    let path = format!("/v1/desk/statements/{}", view.line.id);
    let language = Language::from_slug(lang().tag());
    let mut paper = statement_paper(&view.content, language).into_iter();
    let title = paper.next().unwrap_or_default();
    rsx! {
        div { class: "stack no-print",
            Card { id: "statement-head",
                div { class: "row between wrap",
                    div {
                        h2 { class: "t2", font_weight: "400",
                            CustomerLink { id: view.line.customer.clone() }
                            " · "
                            {t_args("desk-statement-owed", &[("day", format::date(view.line.as_of).into())])}
                        }
                        Amount { value: view.line.closing, size: AmountSize::Huge }
                    }
                    div { State { line: view.line.clone() } }
                }
                Made { view: view.clone() }
                div { class: "row wrap",
                    if is_open {
                        Button { kind: ButtonKind::Soft, small: true, id: "statement-revise", onclick: move |_| doing.set(Some(Doing::Revise)), {t("desk-statement-revise")} }
                        Button { kind: ButtonKind::Sub, small: true, id: "statement-close", onclick: move |_| doing.set(Some(Doing::Close)), {t("desk-statement-close")} }
                    }
                    if let Some(id) = replaced {
                        Button {
                            kind: ButtonKind::Soft,
                            small: true,
                            id: "statement-next",
                            onclick: move |_| {
                                navigator.push(Place::Statement { id: id.clone() });
                            },
                            {t("desk-statement-next")}
                        }
                    }
                    Button { kind: ButtonKind::Sub, small: true, id: "statement-print", onclick: move |_| print(), {t("desk-statement-print")} }
                }
            }
            for answer in view.answers.iter().cloned() {
                Said { key: "{answer.document}", answer, is_open, onreply: move |disputed| doing.set(Some(Doing::Reply(disputed))) }
            }
            Lines { view: view.clone() }
        }
        Letter { title,
            for (index , line) in paper.enumerate() {
                p { key: "{index}", "{line}" }
            }
        }
        match doing() {
            None => rsx! {},
            Some(Doing::Reply(disputed)) => rsx! { Reply { path, disputed, onclose: move |()| doing.set(None) } },
            Some(Doing::Close) => rsx! {
                Order {
                    title: t("desk-statement-close"),
                    confirm: t("desk-statement-close"),
                    send_to: format!("{path}/close"),
                    done: t("desk-statement-closed"),
                    command: Callback::new(|()| Ok(Value::Null)),
                    onclose: move |()| doing.set(None),
                    p { class: "t2", {t("desk-statement-close-note")} }
                }
            },
            Some(Doing::Revise) => rsx! {
                Order {
                    title: t("desk-statement-revise"),
                    confirm: t("desk-statement-revise"),
                    send_to: format!("{path}/revise"),
                    done: t("desk-statement-revised"),
                    command: Callback::new(|()| Ok(Value::Null)),
                    onclose: move |()| doing.set(None),
                    p { class: "t2", {t("desk-statement-revise-note")} }
                }
            },
        }
    }
}

/// Who made it and when, until when it is to be agreed, and its digest.
#[component]
fn Made(view: Rc<Found>) -> Element {
    let desk = use_desk();
    let facts = [
        ("person", desk.person_name(&view.made_by).into()),
        ("moment", desk.moment(view.made_at).into()),
        ("until", format::date(view.line.until).into()),
    ];
    rsx! {
        p { class: "t3",
            {t_args("desk-statement-made", &facts)}
            " "
            span { class: "hash", {format::fingerprint(&view.digest)} }
        }
    }
}

/// Open items and movement.
#[component]
fn Lines(view: Rc<Found>) -> Element {
    let content = &view.content;
    let columns = vec![
        Column::text(t("desk-statement-item")),
        Column::text(t("desk-statement-issued")),
        Column::text(t("desk-statement-due")),
        Column::figures(t("desk-col-amount")),
        Column::figures(t("desk-statement-outstanding")),
    ];
    let facts = [
        ("opening", format::money(content.opening).into()),
        ("invoiced", format::money(content.invoiced).into()),
        ("paid", format::money(content.paid).into()),
        ("other", format::money(content.other).into()),
        ("closing", format::money(content.closing).into()),
    ];
    rsx! {
        SectionHead { title: t("desk-statement-lines"), aside: t_args("desk-statement-moved", &facts) }
        DataTable { caption: t("desk-statement-lines"), columns,
            for (index , line) in content.lines.iter().cloned().enumerate() {
                DataRow { key: "{index}",
                    td {
                        match (line.invoice, line.items) {
                            (Some(_), _) => rsx! { "{line.number}" },
                            (None, 0) => rsx! { {t("desk-statement-on-account")} },
                            (None, items) => rsx! { {t_args("desk-statement-rest", &[("count", items.into())])} },
                        }
                    }
                    td { class: "nowrap", {line.invoice.map(|_| format::date(line.issued)).unwrap_or_default()} }
                    td { class: "nowrap", {line.invoice.map(|_| format::date(line.due)).unwrap_or_default()} }
                    Sum { value: line.amount }
                    Sum { value: line.outstanding, strong: true }
                }
            }
        }
    }
}

/// What the customer said: signed, agreed, or disputed line by line.
#[component]
fn Said(answer: Answer, is_open: bool, onreply: EventHandler<Disputed>) -> Element {
    let desk = use_desk();
    let stands = answer.standing == "stands";
    let facts = [
        ("person", desk.person_name(&answer.person).into()),
        ("moment", desk.moment(answer.made_at).into()),
        ("received", desk.moment(answer.received_at).into()),
        ("photos", answer.photos.into()),
    ];
    let title = match answer.disputed.is_empty() {
        true => t("desk-answer-agreed"),
        false => t_args(
            "desk-answer-disputed",
            &[("count", answer.disputed.len().into())],
        ),
    };
    let columns = vec![
        Column::text(t("desk-statement-item")),
        Column::figures(t("desk-statement-outstanding")),
        Column::figures(t("desk-dispute-says")),
        Column::text(t("desk-dispute-why")),
        Column::text(t("desk-dispute-answer")),
    ];
    rsx! {
        Card { title, id: if stands { "answer-stands" } else { "answer-other" },
            if !stands {
                Banner { tone: Tone::Amber, title: term("desk-answer-standing", &answer.standing) }
            }
            p { class: "t2", {t_args("desk-answer-by", &facts)} }
            if let Some(drawn) = answer.signature.clone() {
                SignatureSlot { strokes: drawn.strokes, signer: drawn.signer.name.clone(), sealed: true }
                p { class: "t2", "{drawn.signer.name} {drawn.signer.role} {drawn.signer.phone}" }
            } else {
                p { class: "t2", {t("desk-answer-unsigned")} }
            }
            if !answer.disputed.is_empty() {
                DataTable { caption: t("desk-answer-lines"), columns,
                    for disputed in answer.disputed.clone() {
                        DataRow { key: "{disputed.line}",
                            td { {name(&disputed)} }
                            Sum { value: disputed.outstanding }
                            Sum { value: disputed.says }
                            td {
                                {term("dispute-reason", &disputed.reason)}
                                if !disputed.words.is_empty() {
                                    p { class: "t3", "{disputed.words}" }
                                }
                            }
                            td {
                                match disputed.accepted {
                                    Some(true) => rsx! { Tag { tone: Tone::Green, {t("desk-dispute-accepted")} } },
                                    Some(false) => rsx! { Tag { tone: Tone::Red, {t("desk-dispute-refused")} } },
                                    None if stands && is_open => rsx! {
                                        Button {
                                            small: true,
                                            id: "reply-{disputed.line}",
                                            onclick: {
                                                let disputed = disputed.clone();
                                                move |_| onreply.call(disputed.clone())
                                            },
                                            {t("desk-dispute-reply")}
                                        }
                                    },
                                    None => rsx! { "–" },
                                }
                                if !disputed.note.is_empty() {
                                    p { class: "t3", "{disputed.note}" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn name(disputed: &Disputed) -> String {
    match disputed.number.is_empty() {
        true => t_args(
            "desk-statement-line",
            &[("number", (disputed.line + 1).into())],
        ),
        false => disputed.number.clone(),
    }
}

/// The sheet in which a disputed line is answered.
#[component]
fn Reply(path: String, disputed: Disputed, onclose: EventHandler<()>) -> Element {
    let desk = use_desk();
    let mut accepted = use_signal(|| true);
    let mut note = use_signal(String::new);
    let mut busy = use_signal(|| false);
    let mut problem = use_signal(|| None::<Failure>);
    let line = disputed.line;
    let chosen = match accepted() {
        true => "yes".to_owned(),
        false => "no".to_owned(),
    };
    let send = move |_| {
        if busy() {
            return;
        }
        busy.set(true);
        problem.set(None);
        let body = json!({ "line": line, "accepted": accepted(), "note": note().trim() });
        let path = format!("{path}/replies");
        spawn(async move {
            let answer = browser::call("POST", &path, Some(body.to_string())).await;
            busy.set(false);
            match api::judge::<Value>(answer) {
                Ok(_) => {
                    toast(Tone::Green, t("desk-dispute-replied"));
                    desk.look_again();
                    onclose.call(());
                }
                Err(failure) => problem.set(Some(failure)),
            }
        });
    };
    rsx! {
        Sheet {
            title: t_args("desk-dispute-reply-to", &[("item", name(&disputed).into())]),
            id: "reply",
            onclose,
            foot: rsx! {
                Button { kind: ButtonKind::Sub, disabled: busy(), onclick: move |_| onclose.call(()), {t("cancel")} }
                Button { wide: true, busy: busy(), id: "reply-send", onclick: send, {t("desk-dispute-reply")} }
            },
            p { class: "t2", {t("desk-dispute-note")} }
            Segmented {
                name: "accepted",
                label: t("desk-dispute-answer"),
                options: vec![Choice::new("yes", t("desk-dispute-accept")), Choice::new("no", t("desk-dispute-refuse"))],
                value: chosen,
                onchange: move |chosen: String| accepted.set(chosen == "yes"),
            }
            TextArea { id: "reply-note", label: t("desk-dispute-words"), required: !accepted(), max_length: 500, oninput: move |text| note.set(text) }
            if let Some(failure) = problem() {
                Banner { tone: Tone::Red, urgent: true, id: "reply-problem", title: t("desk-not-done"), body: words::sentence(&failure) }
            }
        }
    }
}

/// The browser's own way of printing; the style sheet leaves what belongs on paper.
fn print() {
    #[cfg(target_arch = "wasm32")]
    if let Some(window) = web_sys::window() {
        let _ = window.print();
    }
}
