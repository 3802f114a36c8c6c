//! Statements on the phone: shown with what they say, agreed or disputed with no network, sealed with the paper as it
//! was shown, and followed to what finance says.

use app::replica::api::*;
use shared::{
    day::Day,
    ids::{ChangeHash, DocumentId, StatementId},
    money::Money,
    proposal::DisputeReason,
    statement::{
        self, Facts, LineReply, Statement, StatementLine, StatementPurpose, StatementState,
    },
    sync::message::{Row, StatementRow},
};

use crate::{phone::*, server::Server};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// The statement of a customer with two open invoices, as the server freezes it.
fn made(revision: u32) -> Statement {
    let open = |n: u128, number: &str, amount: &str| StatementLine {
        invoice: Some(invoice_id(n)),
        number: number.into(),
        issued: day("2026-10-01"),
        due: day("2026-10-31"),
        amount: money(amount),
        outstanding: money(amount),
        items: 1,
    };
    Statement::make(Facts {
        purpose: StatementPurpose::Monthly,
        customer: customer_id(1),
        customer_number: "C001".into(),
        customer_name: "客户".into(),
        company_name: "汇款贸易有限公司".into(),
        from: day("2026-10-01"),
        as_of: day("2026-10-31"),
        revision,
        invoiced: money("1500"),
        paid: Money::ZERO,
        other: Money::ZERO,
        open: vec![open(1, "F1", "1000"), open(2, "F2", "500")],
        on_account: Money::ZERO,
        payments: vec![],
    })
    .unwrap()
}

/// The server's word on it.
fn said(revision: u32, state: StatementState, document: Option<DocumentId>) -> StatementRow {
    let made = made(revision);
    StatementRow {
        statement: made.id(),
        customer: made.customer,
        confirmation: false,
        as_of: made.as_of,
        revision,
        closing: made.closing,
        until: day("2026-11-28"),
        state,
        content: made.content().unwrap(),
        document,
        replies: vec![],
        note: String::new(),
        at: NOW,
    }
}

fn tell(server: &Server, row: StatementRow) {
    server.row(Row::Statement(row));
}

fn view(phone: &Phone, id: StatementId) -> StatementView {
    match phone.call(Request::Statement(id, "zh-CN".into())) {
        Reply::Statement(view) => *view,
        other => panic!("{other:?}"),
    }
}

fn agreed() -> NewAnswer {
    NewAnswer {
        signer: signature().signer,
        strokes: signature().strokes,
        language: "zh-CN".into(),
        ..NewAnswer::default()
    }
}

fn disputed() -> NewAnswer {
    NewAnswer {
        disputing: true,
        disputed: vec![NewDispute {
            line: 1,
            reason: Some(DisputeReason::Price),
            words: "单价按上月".into(),
            says: "450".into(),
        }],
        ..NewAnswer::default()
    }
}

fn give(id: StatementId, new: NewAnswer) -> Request {
    Request::AnswerStatement(id, Box::new(new), vec![])
}

fn links(phone: &Phone) -> Vec<StatementLink> {
    phone.customer(customer_id(1)).statements
}

#[test]
fn a_statement_is_agreed_without_a_network_sealed_with_its_paper_and_survives_a_kill() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let id = made(1).id();
    tell(&server, said(1, StatementState::Sent, None));
    let phone = Phone::enrolled(folder.path(), &server, "one");
    server.0.borrow_mut().online = false;
    let shown = view(&phone, id);
    assert_eq!(shown.row.closing, money("1500"));
    assert!(shown.letter.iter().any(|line| line.contains("F2")));
    assert_eq!(links(&phone)[0].answer, None);

    let document = phone.saved(give(id, agreed()));
    let left = copied(folder.path());
    let again = Phone::open(left.path(), &server, 8);
    let record = again.record(document);
    let RecordContent::Statement(answer, Some(row)) = &record.content else {
        panic!("{record:?}")
    };
    let core = &answer.core;
    assert!(core.is_agreed() && core.letter == shown.letter);
    assert_eq!(core.digest, statement::digest(&shown.row.content));
    assert_eq!((core.statement, core.closing), (id, money("1500")));
    assert_eq!(row.state, StatementState::Sent);
    assert!(record.seal.is_some() && !record.journey.correctable);
    assert_eq!(links(&again)[0].answer, Some(document));
    let timeline = again.customer(customer_id(1)).timeline;
    assert!(timeline.iter().any(|line| line.document == Some(document)));
    assert_eq!(again.failed(give(id, disputed())), "statement.answered");

    server.0.borrow_mut().online = true;
    again.sync();
    tell(&server, said(1, StatementState::Agreed, Some(document)));
    again.sync();
    assert_eq!(links(&again)[0].state, StatementState::Agreed);
}

#[test]
fn a_dispute_names_its_lines_and_shows_what_finance_says_to_each() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let id = made(1).id();
    tell(&server, said(1, StatementState::Sent, None));
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let document = phone.saved(give(id, disputed()));
    phone.sync();
    let RecordContent::Statement(answer, _) = phone.record(document).content else {
        panic!("no answer")
    };
    let line = &answer.core.disputed[0];
    assert_eq!(
        (line.number.as_str(), line.outstanding),
        ("F2", money("500"))
    );
    assert_eq!(line.says, Some(money("450")));
    assert_eq!(answer.core.signature, None);
    // The row of a statement that is done with comes without what it says: that stays here.
    let mut word = said(1, StatementState::Answered, Some(document));
    word.content.clear();
    word.replies = vec![LineReply {
        line: 1,
        accepted: false,
        note: "按送货单".into(),
    }];
    tell(&server, word.clone());
    phone.sync();
    let RecordContent::Statement(_, Some(row)) = phone.record(document).content else {
        panic!("no word")
    };
    assert_eq!(row.replies, word.replies);
    assert_eq!(view(&phone, id).row.state, StatementState::Answered);
}

#[test]
fn what_is_refused_changes_nothing_and_says_why() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let id = made(1).id();
    tell(&server, said(1, StatementState::Sent, None));
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let check = |start: NewAnswer, change: &dyn Fn(&mut NewAnswer), code: &str| {
        let mut new = start;
        change(&mut new);
        assert_eq!(phone.failed(give(id, new)), code);
        assert_eq!(links(&phone)[0].answer, None);
    };
    check(agreed(), &|a| a.strokes.0.clear(), "statement.unsigned");
    check(
        agreed(),
        &|a| a.signer.name = " ".into(),
        "statement.signer",
    );
    check(disputed(), &|a| a.disputed.clear(), "statement.nothing");
    check(disputed(), &|a| a.disputed[0].line = 9, "statement.nothing");
    check(
        disputed(),
        &|a| a.disputed[0].reason = None,
        "statement.reason",
    );
    check(
        disputed(),
        &|a| a.disputed[0].says = "4x".into(),
        "statement.says",
    );
    let other = |a: &mut NewAnswer| {
        a.disputed[0].reason = Some(DisputeReason::Other);
        a.disputed[0].words = " ".into();
    };
    check(disputed(), &other, "statement.words");
    assert_eq!(
        phone.failed(give(StatementId([9; 32]), agreed())),
        "record.not_found"
    );
}

#[test]
fn a_revision_takes_the_place_of_what_it_replaces() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    tell(&server, said(1, StatementState::Sent, None));
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let mut old = said(1, StatementState::Replaced, None);
    old.content.clear();
    tell(&server, old);
    tell(&server, said(2, StatementState::Sent, None));
    phone.sync();
    let shown = links(&phone);
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].statement, made(2).id());
    assert_eq!(
        phone.failed(give(made(1).id(), agreed())),
        "statement.answered"
    );
}

#[test]
fn a_refused_answer_leaves_the_statement_to_be_answered_anew() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let id = made(1).id();
    tell(&server, said(1, StatementState::Sent, None));
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let document = phone.saved(give(id, agreed()));
    let hash = ChangeHash(document.0);
    let code = "admission.out_of_scope";
    server.0.borrow_mut().refuse.insert(hash, code);
    phone.sync();
    assert!(phone.record(document).journey.rejected.is_some());
    assert_eq!(links(&phone)[0].answer, None);
    phone.saved(give(id, agreed()));
}

#[test]
fn a_server_of_the_version_before_gets_the_answer_as_one_of_the_newest_does() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let id = made(1).id();
    tell(&server, said(1, StatementState::Sent, None));
    let phone = Phone::enrolled(folder.path(), &server, "one");
    server.0.borrow_mut().newest = shared::sync::message::OLDEST_VERSION;
    let document = phone.saved(give(id, agreed()));
    phone.sync();
    phone.sync();
    assert!(phone.record(document).journey.received_at.is_some());
}
