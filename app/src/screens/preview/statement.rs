//! Statements of the played company.

use super::{accounts::form_view, base::*, records::signature};
use shared::{
    ids::{Digest, InvoiceId, StatementId},
    money::Money,
    paper::{Language, statement::statement_paper},
    proposal::DisputeReason,
    statement::*,
    sync::message::StatementRow,
};

use crate::replica::api::*;

fn content() -> Statement {
    let open = |n: u128, number: &str, amount: &str| StatementLine {
        invoice: Some(InvoiceId(uuid::Uuid::from_u128(n))),
        number: number.to_owned(),
        issued: today().plus_days(-60),
        due: today().plus_days(-30),
        amount: yuan(amount),
        outstanding: yuan(amount),
        items: 1,
    };
    let facts = Facts {
        purpose: StatementPurpose::Monthly,
        customer: customer_id(1),
        customer_number: "K0042".to_owned(),
        customer_name: "鑫源五金商行".to_owned(),
        company_name: "城西贸易有限公司".to_owned(),
        from: today().plus_days(-51),
        as_of: today().plus_days(-21),
        revision: 1,
        invoiced: yuan("42000"),
        paid: yuan("5000"),
        other: Money::ZERO,
        open: vec![open(1, "FP-0918", "9740"), open(2, "FP-1002", "32260")],
        on_account: Money::ZERO,
        payments: Vec::new(),
    };
    Statement::make(facts).unwrap()
}

fn row(state: StatementState) -> StatementRow {
    let made = content();
    StatementRow {
        statement: StatementId([7; 32]),
        customer: customer_id(1),
        confirmation: false,
        as_of: made.as_of,
        revision: 1,
        closing: made.closing,
        until: today().plus_days(3),
        state,
        content: made.content().unwrap(),
        document: None,
        replies: vec![LineReply {
            line: 0,
            accepted: false,
            note: "按送货单".to_owned(),
        }],
        note: String::new(),
        at: at(-5),
    }
}

pub(super) fn links() -> Vec<StatementLink> {
    let row = row(StatementState::Sent);
    vec![StatementLink {
        statement: row.statement,
        confirmation: false,
        as_of: row.as_of,
        closing: row.closing,
        until: row.until,
        state: row.state,
        answer: None,
    }]
}

pub(super) fn statement_view() -> StatementView {
    StatementView {
        row: row(StatementState::Sent),
        customer_name: "鑫源五金商行".to_owned(),
        answer: None,
        letter: statement_paper(&content(), Language::Chinese),
        contacts: form_view().contacts,
    }
}

pub(super) fn answer() -> RecordContent {
    let made = content();
    let core = AnswerCore {
        customer: customer_id(1),
        customer_name: made.customer_name.clone(),
        company_name: made.company_name.clone(),
        person: person_id(1),
        person_name: "陈晓东".to_owned(),
        made_at: at(-20),
        day: today(),
        statement: StatementId([7; 32]),
        digest: Digest([8; 32]),
        as_of: made.as_of,
        closing: made.closing,
        letter: statement_paper(&made, Language::Chinese),
        disputed: vec![DisputedLine {
            line: 0,
            number: "FP-0918".to_owned(),
            outstanding: yuan("9740"),
            reason: DisputeReason::Price,
            words: "单价按上月".to_owned(),
            says: Some(yuan("9000")),
        }],
        signature: Some(signature()),
        fix: None,
    };
    let answer = StatementAnswer {
        core,
        comments: Vec::new(),
        attachments: Vec::new(),
    };
    let word = StatementRow {
        content: String::new(),
        document: Some(document(9)),
        ..row(StatementState::Answered)
    };
    RecordContent::Statement(answer, Some(Box::new(word)))
}
