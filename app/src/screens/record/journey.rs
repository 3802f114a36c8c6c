//! Where a record is on its way: saved, sent, and for receipts in the ledger and confirmed.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{
    hand_in::HandInState,
    people::Role,
    proposal::{ProposalKind, ProposalState},
    receipt::{MethodKind, ReceiptState},
    statement::StatementState,
    sync::message::StatementRow,
};

use crate::{
    components::{Card, Journey, JourneyStep, StepState},
    format,
    i18n::t,
    replica::api::{AskedFor, HandInWord, RecordContent, RecordView},
    state::{AppState, use_app, words},
};

/// The journey of a record.
#[component]
pub fn JourneyCard(view: Rc<RecordView>) -> Element {
    let app = use_app();
    let receipt = matches!(
        view.content,
        RecordContent::Receipt(..) | RecordContent::HandIn(..)
    );
    let steps = steps(&view, app);
    rsx! {
        Card { title: if receipt { t("journey-receipt-title") } else { t("journey-title") }, id: "journey",
            Journey { steps }
        }
    }
}

fn steps(view: &RecordView, app: AppState) -> Vec<JourneyStep> {
    let journey = &view.journey;
    let clock = |at| format::clock_seconds(at, app.offset());
    let sent = journey.received_at.is_some();
    let mut steps = vec![JourneyStep {
        label: t("journey-saved"),
        detail: clock(journey.saved_at),
        state: StepState::Done,
    }];
    steps.push(match (&journey.rejected, journey.received_at) {
        (Some(_), _) => JourneyStep {
            label: t("journey-rejected"),
            detail: t("journey-see-sync"),
            state: StepState::Failed,
        },
        (None, Some(at)) => JourneyStep {
            label: t("journey-sent"),
            detail: clock(at),
            state: StepState::Done,
        },
        (None, None) if journey.corrected_by.is_some() => JourneyStep {
            label: t("corrected"),
            detail: String::new(),
            state: StepState::Failed,
        },
        (None, None) => JourneyStep {
            label: t("journey-sent"),
            detail: t("journey-waiting"),
            state: StepState::Now,
        },
    });
    if let RecordContent::HandIn(_, row) = &view.content {
        steps.push(hand_in_step(row.as_ref(), sent, app));
    }
    if let RecordContent::Proposal(asked) = &view.content {
        steps.extend(proposal_steps(asked, sent, app));
    }
    if let RecordContent::Statement(answer, row) = &view.content {
        let row = row
            .as_deref()
            .filter(|row| row.document == Some(view.document));
        steps.extend(statement_steps(answer.core.is_agreed(), row, sent, app));
    }
    let RecordContent::Receipt(receipt, state) = &view.content else {
        return steps;
    };
    if journey.corrected_by.is_some() {
        return steps;
    }
    if *state == Some(ReceiptState::Voided) {
        steps.push(JourneyStep {
            label: t("receipt-state-voided"),
            detail: String::new(),
            state: StepState::Failed,
        });
        return steps;
    }
    let reached = |reached: bool, before: bool| match (reached, before) {
        (true, _) => StepState::Done,
        (false, true) => StepState::Now,
        (false, false) => StepState::Todo,
    };
    let method = receipt.core.method.kind();
    let booked = if method == MethodKind::Cash {
        t("journey-booked")
    } else {
        t("journey-booked-claim")
    };
    let last = match method {
        MethodKind::Cash if app.role() == Role::Rep && !journey.confirmed => t("journey-hand-in"),
        MethodKind::Cash | MethodKind::Unknown => t("journey-confirmed"),
        MethodKind::Cheque | MethodKind::AcceptanceBill => t("journey-cleared-cheque"),
        MethodKind::Transfer | MethodKind::WeChat | MethodKind::Alipay => t("journey-arrived"),
    };
    steps.push(JourneyStep {
        label: booked,
        detail: String::new(),
        state: reached(journey.in_ledger, sent),
    });
    steps.push(JourneyStep {
        label: last,
        detail: String::new(),
        state: reached(journey.confirmed, journey.in_ledger),
    });
    steps
}

/// With the supervisor, and with finance where it has a word.
fn proposal_steps(asked: &AskedFor, sent: bool, app: AppState) -> Vec<JourneyStep> {
    use ProposalState::{
        AgreedByFinance, AgreedBySales, BeingPosted, DeclinedByFinance, DeclinedBySales, Settled,
    };
    let waiting = if sent {
        StepState::Now
    } else {
        StepState::Todo
    };
    let word = asked.proposal.decisions.first();
    let clock = |at| format::clock_seconds(at, app.offset());
    let sales = match (asked.state, word) {
        (DeclinedBySales, _) => StepState::Failed,
        (AgreedBySales | BeingPosted | Settled, _) | (_, Some(_)) => StepState::Done,
        (DeclinedByFinance, None) => StepState::Todo,
        _ => waiting,
    };
    let mut steps = vec![JourneyStep {
        label: t("journey-proposal-sales"),
        detail: word.map(|word| clock(word.at)).unwrap_or_default(),
        state: sales,
    }];
    let by_finance = asked.word.as_ref().filter(|word| word.by.is_some());
    if asked.proposal.ask.what == ProposalKind::Extension
        && by_finance.is_none()
        && asked.state != AgreedBySales
    {
        return steps;
    }
    steps.push(JourneyStep {
        label: t("journey-proposal-finance"),
        detail: match by_finance {
            _ if asked.state == BeingPosted => words::proposal_state(BeingPosted).1,
            Some(word) => clock(word.at),
            None => String::new(),
        },
        state: match asked.state {
            Settled | AgreedByFinance => StepState::Done,
            DeclinedByFinance => StepState::Failed,
            AgreedBySales | BeingPosted => StepState::Now,
            _ => StepState::Todo,
        },
    });
    steps
}

/// With finance, and what came of it: nothing more of what was agreed, an answer to what was disputed.
fn statement_steps(
    agreed: bool,
    row: Option<&StatementRow>,
    sent: bool,
    app: AppState,
) -> Vec<JourneyStep> {
    let is_decided = row
        .is_some_and(|row| !matches!(row.state, StatementState::Sent | StatementState::Disputed));
    let reached = |reached: bool, before: bool| match (reached, before) {
        (true, _) => StepState::Done,
        (false, true) => StepState::Now,
        (false, false) => StepState::Todo,
    };
    let mut steps = vec![JourneyStep {
        label: t("statement-with-finance"),
        detail: String::new(),
        state: reached(row.is_some(), sent),
    }];
    if !agreed {
        let at = row
            .filter(|_| is_decided)
            .map(|row| format::clock_seconds(row.at, app.offset()));
        steps.push(JourneyStep {
            label: t("statement-state-answered"),
            detail: at.unwrap_or_default(),
            state: reached(is_decided, row.is_some()),
        });
    }
    steps
}

/// The last station of a hand-in: counted by finance, or sent back.
fn hand_in_step(row: Option<&HandInWord>, sent: bool, app: AppState) -> JourneyStep {
    let at = |row: &HandInWord| format::clock_seconds(row.at, app.offset());
    match row {
        Some(row) if row.state == HandInState::Accepted => JourneyStep {
            label: t("hand-in-state-accepted"),
            detail: at(row),
            state: StepState::Done,
        },
        Some(row) if row.state == HandInState::Returned => JourneyStep {
            label: t("hand-in-state-returned"),
            detail: at(row),
            state: StepState::Failed,
        },
        _ => JourneyStep {
            label: t("journey-hand-in-count"),
            detail: String::new(),
            state: if sent {
                StepState::Now
            } else {
                StepState::Todo
            },
        },
    }
}
