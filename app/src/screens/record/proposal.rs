//! A proposal as it stands: what was asked for, who said what to it; for a supervisor, the word that it waits for.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{people::Role, proposal::ProposalState};

use crate::{
    components::{Amount, AmountSize, Banner, Button, ButtonKind, Card, Tone},
    format::{self, money},
    i18n::{t, t_args},
    replica::api::{AskedFor, RecordContent, RecordView},
    screens::approvals::{DecideProposal, Deciding},
    state::{use_app, words},
};

fn asked_for(view: &RecordView) -> Option<&AskedFor> {
    match &view.content {
        RecordContent::Proposal(asked) => Some(asked),
        _ => None,
    }
}

/// The body of a proposal.
#[component]
pub fn ProposalBody(view: Rc<RecordView>) -> Element {
    let Some(asked) = asked_for(&view) else {
        return rsx! {};
    };
    let ask = &asked.proposal.ask;
    rsx! {
        if view.journey.received_at.is_some() {
            {standing(&view, asked)}
        }
        Card { title: words::asked(ask), id: "proposal",
            Amount { value: ask.amount, size: AmountSize::Huge, id: "proposal-amount" }
            dl { class: "facts start", margin_top: "8px",
                dt { {t("proposal-invoices")} }
                dd { class: "num", if asked.invoices.is_empty() { {t("proposal-no-invoice")} } else { {words::joined(&asked.invoices)} } }
                if let Some(day) = ask.until {
                    dt { {t("proposal-until")} }
                    dd { {format::date(day)} }
                }
                if !ask.words.is_empty() {
                    dt { {t("proposal-words")} }
                    dd { "{ask.words}" }
                }
            }
        }
    }
}

/// Where it stands, in a sentence, with who said what.
fn standing(view: &RecordView, asked: &AskedFor) -> Element {
    let (tone, title) = words::proposal_state(asked.state);
    let name_of = |id| {
        let found = view.names.iter().find(|(known, _)| *known == id);
        found.map(|(_, name)| name.clone()).unwrap_or_default()
    };
    let sales = asked.proposal.decisions.first().map(|word| {
        let verdict = match (word.approved, word.amount) {
            (true, Some(sum)) => t_args("proposal-said-less", &[("amount", money(sum).into())]),
            (true, None) => t("proposal-said-yes"),
            (false, _) => t("proposal-said-no"),
        };
        words::joined(&[
            t("role-supervisor"),
            name_of(word.author),
            verdict,
            word.note.clone(),
        ])
    });
    let finance = asked.word.as_ref().and_then(|word| {
        let by = word.by?;
        Some(words::joined(&[
            t("role-finance"),
            name_of(by),
            word.words.clone(),
        ]))
    });
    rsx! {
        Banner { tone: if tone == Tone::Neutral { Tone::Teal } else { tone }, title, id: "proposal-standing",
            for said in [sales, finance].into_iter().flatten() {
                p { key: "{said}", class: "banner-body", "{said}" }
            }
            if asked.state == ProposalState::Settled && asked.proposal.ask.until.is_some() {
                p { class: "banner-body", {t("proposal-extended")} }
            }
        }
    }
}

/// Agree or decline, for a supervisor who did not ask.
#[component]
pub fn Actions(view: Rc<RecordView>) -> Element {
    let app = use_app();
    let mut deciding = use_signal(|| None::<bool>);
    let Some(asked) = asked_for(&view) else {
        return rsx! {};
    };
    let waits = asked.state.waits_for_sales() && view.journey.rejected.is_none();
    if app.role() != Role::Supervisor || view.mine || !waits {
        return rsx! {};
    }
    rsx! {
        Button { kind: ButtonKind::Sub, id: "proposal-decline", onclick: move |_| deciding.set(Some(false)), {t("proposal-decline")} }
        Button { id: "proposal-agree", onclick: move |_| deciding.set(Some(true)), {t("proposal-agree")} }
        if let Some(approve) = deciding() {
            DecideProposal {
                about: Deciding {
                    document: view.document,
                    ask: asked.proposal.ask.clone(),
                    name: view.author.1.clone(),
                    approve,
                },
                onclose: move |()| deciding.set(None),
            }
        }
    }
}
