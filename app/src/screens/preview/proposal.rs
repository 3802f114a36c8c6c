//! Proposals of the played company.

use super::base::*;
use shared::proposal::{
    Ask, DisputeReason, Proposal, ProposalDecision, ProposalKind, ProposalRow, ProposalState,
};

use crate::replica::api::*;

fn ask() -> Ask {
    Ask {
        what: ProposalKind::Dispute,
        reason: Some(DisputeReason::Price),
        invoices: vec![],
        amount: yuan("360"),
        until: None,
        words: "合同价每箱 27 元，发票按 30 元开".to_owned(),
    }
}

pub(super) fn proposal() -> RecordContent {
    let proposal = Proposal {
        customer: customer_id(1),
        person: person_id(1),
        made_at: at(-34),
        ask: ask(),
        decisions: vec![ProposalDecision {
            id: element(30),
            author: person_id(2),
            at: at(-20),
            approved: true,
            amount: None,
            note: "按合同价".to_owned(),
        }],
        comments: vec![],
        attachments: vec![],
    };
    RecordContent::Proposal(Box::new(AskedFor {
        proposal,
        state: ProposalState::Settled,
        word: Some(ProposalRow {
            document: document(5),
            customer: customer_id(1),
            state: ProposalState::Settled,
            amount: None,
            by: Some(person_id(2)),
            words: "已核对合同".to_owned(),
            at: at(-5),
        }),
        invoices: vec!["FP-0918".to_owned()],
    }))
}

pub(super) fn to_decide() -> ApprovalView {
    ApprovalView {
        document: document(5),
        what: ApprovalOf::Proposal {
            line: ProposalLine {
                ask: ask(),
                state: ProposalState::AgreedByFinance,
            },
            invoices: vec!["FP-0918".to_owned()],
        },
        customer: (customer_id(1), "鑫源五金商行".to_owned()),
        amount: yuan("360"),
        person_name: "陈晓东".to_owned(),
        is_mine: false,
        at: at(-20),
        reason: ask().words,
    }
}

pub(super) fn line() -> TimelineLine {
    TimelineLine {
        document: Some(document(5)),
        day: today(),
        at: Some(at(-34)),
        what: TimelineWhat::Proposal(ProposalLine {
            ask: ask(),
            state: ProposalState::Open,
        }),
        synced: false,
    }
}
