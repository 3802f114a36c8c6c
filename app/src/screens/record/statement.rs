//! An answer to a statement as it stands: the paper as it was shown, what was agreed or disputed, what finance says to
//! each line, the signature.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::statement::{DisputedLine, LineReply, StatementState};

use super::{Sealed, share::PrintAndShare};
use crate::{
    components::{Amount, Banner, Card, SignatureSlot, Tag, Tone},
    format::{self, money},
    i18n::{t, t_args, term},
    replica::api::{RecordContent, RecordView},
    screens::promise::LetterLines,
    state::words,
};

/// The body of an answer.
#[component]
pub fn StatementBody(view: Rc<RecordView>) -> Element {
    let RecordContent::Statement(answer, row) = &view.content else {
        return rsx! {};
    };
    let core = &answer.core;
    let stands = row.as_ref().is_none_or(|row| {
        row.document
            .is_none_or(|document| document == view.document)
    });
    let replies = row
        .as_ref()
        .filter(|_| stands)
        .map(|row| row.replies.clone())
        .unwrap_or_default();
    let closed = row
        .as_ref()
        .filter(|row| row.state == StatementState::Closed);
    rsx! {
        if !stands {
            Banner { tone: Tone::Amber, title: t("statement-second-title"), body: t("statement-second-body"), id: "statement-second" }
        } else if row.as_ref().is_some_and(|row| row.state == StatementState::Replaced) {
            Banner { tone: Tone::Amber, title: t("statement-replaced-title"), body: t("statement-replaced-body"), id: "statement-replaced" }
        }
        if let Some(closed) = closed {
            Banner { tone: Tone::Teal, title: t("statement-state-closed"), body: closed.note.clone(), id: "statement-closed" }
        }
        Card { id: "statement-sum",
            h2 { class: "t2", font_weight: "400", {t_args("statement-balance", &[("day", format::date_long(core.as_of).into())])} }
            div { class: "row between",
                Amount { value: core.closing, size: crate::components::AmountSize::Huge }
                if core.is_agreed() {
                    Tag { tone: Tone::Green, {t("statement-agreed")} }
                } else {
                    Tag { tone: Tone::Amber, {t_args("statement-disputed-count", &[("count", core.disputed.len().into())])} }
                }
            }
        }
        if !core.disputed.is_empty() {
            Card { title: t("statement-disputed-lines"), id: "disputed-lines",
                div { class: "stack",
                    for line in core.disputed.iter().cloned() {
                        Disputed { key: "{line.line}", said: replies.iter().find(|reply| reply.line == line.line).cloned(), line }
                    }
                }
            }
        }
        LetterLines { lines: core.letter.clone() }
        if let Some(drawn) = &core.signature {
            SignatureSlot { strokes: drawn.strokes.clone(), signer: drawn.signer.name.clone(), sealed: true }
            Card {
                p { class: "t1", "{drawn.signer.name}" }
                p { class: "t2", {words::joined(&[drawn.signer.role.clone(), drawn.signer.phone.clone()])} }
            }
        } else {
            p { class: "t2", {t("statement-unsigned")} }
        }
        Sealed { view: Rc::clone(&view) }
    }
}

/// A disputed line and what finance says to it.
#[component]
fn Disputed(line: DisputedLine, said: Option<LineReply>) -> Element {
    let name = match line.number.is_empty() {
        true => t_args("statement-line", &[("number", (line.line + 1).into())]),
        false => line.number.clone(),
    };
    let says = line
        .says
        .map(|sum| t_args("dispute-says-is", &[("sum", money(sum).into())]));
    let facts = words::joined(&[
        term("dispute-reason", line.reason.slug()),
        line.words.clone(),
        says.unwrap_or_default(),
    ]);
    rsx! {
        div {
            div { class: "row between",
                span { class: "strong", "{name}" }
                Amount { value: line.outstanding }
            }
            p { class: "t2", "{facts}" }
            match said {
                Some(reply) => rsx! {
                    p {
                        if reply.accepted {
                            Tag { tone: Tone::Green, {t("dispute-accepted")} }
                        } else {
                            Tag { tone: Tone::Red, {t("dispute-refused")} }
                        }
                        " {reply.note}"
                    }
                },
                None => rsx! {
                    p { class: "t3", {t("dispute-open")} }
                },
            }
        }
    }
}

/// Share, print.
#[component]
pub fn Actions(view: Rc<RecordView>) -> Element {
    let RecordContent::Statement(answer, _) = &view.content else {
        return rsx! {};
    };
    let text = answer.core.letter.join("\n");
    let title = answer.core.letter.first().cloned().unwrap_or_default();
    rsx! {
        PrintAndShare { title, text }
    }
}
