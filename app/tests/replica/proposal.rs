//! Asking for something with no network, a supervisor's word on it, and the server's.

use app::replica::api::*;
use shared::{
    ids::DocumentId,
    people::Role,
    policy::work_list::Why,
    proposal::{Ask, DisputeReason, ProposalKind, ProposalRow, ProposalState},
    sync::message::{OLDEST_VERSION, Row},
};

use crate::phone::*;

fn ask(what: ProposalKind) -> Ask {
    Ask {
        what,
        reason: (what == ProposalKind::Dispute).then_some(DisputeReason::Quality),
        invoices: vec![invoice_id(10)],
        amount: money("300"),
        until: (what == ProposalKind::Extension).then(|| "2026-12-20".parse().unwrap()),
        words: "三箱破损".into(),
    }
}

fn propose(n: u128, ask: Ask) -> Request {
    Request::Propose(Box::new(NewProposal {
        customer: customer_id(n),
        ask,
        photos: vec![],
    }))
}

fn decide(document: DocumentId, approve: bool, amount: Option<&str>, note: &str) -> Request {
    Request::DecideProposal(NewDecision {
        document,
        approve,
        amount: amount.map(money),
        note: note.into(),
    })
}

fn state_of(phone: &Phone, document: DocumentId) -> ProposalState {
    match phone.record(document).content {
        RecordContent::Proposal(asked) => asked.state,
        other => panic!("{other:?}"),
    }
}

fn approvals(phone: &Phone) -> Vec<ApprovalView> {
    match phone.call(Request::Approvals) {
        Reply::Approvals(list) => list,
        other => panic!("{other:?}"),
    }
}

/// The server's word.
fn word(document: DocumentId, state: ProposalState) -> Row {
    Row::Proposal(ProposalRow {
        document,
        customer: customer_id(1),
        state,
        amount: None,
        by: Some(person(3, "王主管", Role::Supervisor).id),
        words: "同意扣减".into(),
        at: NOW,
    })
}

#[test]
fn what_is_asked_for_without_a_network_is_saved_and_goes_with_the_next_sync_and_its_answer_comes() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    server.0.borrow_mut().online = false;
    let draft = "proposal/".to_owned() + &customer_id(1).to_string();
    let json = "{}".to_owned();
    phone.call(Request::SaveDraft {
        key: draft.clone(),
        json,
    });
    let document = phone.saved(propose(1, ask(ProposalKind::Dispute)));
    assert_eq!(phone.call(Request::Draft(draft)), Reply::Draft(None));
    assert_eq!(state_of(&phone, document), ProposalState::Open);
    let view = phone.customer(customer_id(1));
    let line = view
        .timeline
        .iter()
        .find(|line| line.document == Some(document))
        .unwrap();
    assert!(!line.synced);
    assert!(
        matches!(&line.what, TimelineWhat::Proposal(asked) if asked.ask.amount == money("300"))
    );
    // It moves no money; that it is contested is told beside the reasons to go there.
    assert!(view.why.contains(&Why::Disputed(money("300"))));
    assert_eq!(view.outstanding, money("2000"));
    let waiting = phone.queue().lines;
    assert!(
        waiting
            .iter()
            .any(|line| line.document == document && !line.label.is_empty())
    );

    server.0.borrow_mut().online = true;
    phone.sync();
    assert!(phone.record(document).journey.received_at.is_some());
    server.row(word(document, ProposalState::Settled));
    phone.sync();
    let RecordContent::Proposal(asked) = phone.record(document).content else {
        panic!("not a proposal")
    };
    assert_eq!(asked.state, ProposalState::Settled);
    assert_eq!(asked.invoices, ["F10"]);
    assert_eq!(asked.word.unwrap().words, "同意扣减");
    let why = phone.customer(customer_id(1)).why;
    assert!(!why.iter().any(|why| matches!(why, Why::Disputed(_))));
    // It is there after a new start.
    drop(phone);
    let again = Phone::open(folder.path(), &server, 9);
    assert_eq!(state_of(&again, document), ProposalState::Settled);
}

#[test]
fn what_is_missing_or_belongs_to_another_kind_is_said_and_nothing_is_saved() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let check = |change: &dyn Fn(&mut Ask), code: &str| {
        let mut asked = ask(ProposalKind::Discount);
        change(&mut asked);
        assert_eq!(phone.failed(propose(1, asked)), code);
    };
    check(&|a| a.what = ProposalKind::Unknown, "proposal.what");
    check(&|a| a.what = ProposalKind::Dispute, "proposal.reason");
    check(&|a| a.what = ProposalKind::Extension, "proposal.until");
    let today = |a: &mut Ask| {
        a.what = ProposalKind::Extension;
        a.until = "2026-11-20".parse().ok();
    };
    check(&today, "proposal.until");
    check(&|a| a.amount = money("0"), "proposal.amount");
    check(&|a| a.invoices = vec![invoice_id(30)], "proposal.invoices");
    check(&|a| a.words = "  ".into(), "proposal.words");
    assert!(phone.queue().lines.is_empty());
    // What is left of another kind goes.
    let mut asked = ask(ProposalKind::Discount);
    asked.reason = Some(DisputeReason::Price);
    asked.until = "2026-12-20".parse().ok();
    let document = phone.saved(propose(1, asked));
    let RecordContent::Proposal(asked) = phone.record(document).content else {
        panic!("not a proposal")
    };
    let ask = asked.proposal.ask;
    assert_eq!((ask.reason, ask.until), (None, None));
}

#[test]
fn a_supervisor_agrees_to_less_or_declines_with_a_reason_once_and_never_on_their_own() {
    let (server, folders) = (company(), [(); 2].map(|()| tempfile::tempdir().unwrap()));
    let rep = Phone::enrolled(folders[0].path(), &server, "one");
    let boss = Phone::enrolled(folders[1].path(), &server, "boss");
    let discount = rep.saved(propose(1, ask(ProposalKind::Discount)));
    let dispute = rep.saved(propose(1, ask(ProposalKind::Dispute)));
    rep.sync();
    boss.sync();
    assert_eq!(approvals(&boss).len(), 2);
    assert!(
        approvals(&rep).is_empty(),
        "it is nothing for a salesperson"
    );
    assert_eq!(rep.failed(decide(discount, true, None, "")), "proposal.own");
    for (sum, code) in [("300.01", "proposal.less"), ("0", "proposal.less")] {
        assert_eq!(boss.failed(decide(discount, true, Some(sum), "")), code);
    }
    assert_eq!(
        boss.failed(decide(dispute, false, None, " ")),
        "proposal.note"
    );
    boss.saved(decide(discount, true, Some("200"), "先让两百"));
    assert_eq!(
        boss.failed(decide(discount, false, None, "x")),
        "proposal.decided"
    );
    assert_eq!(state_of(&boss, discount), ProposalState::AgreedBySales);
    boss.saved(decide(dispute, false, None, "没有照片"));
    assert!(approvals(&boss).is_empty());
    boss.sync();
    rep.sync();
    let RecordContent::Proposal(asked) = rep.record(discount).content else {
        panic!("not a proposal")
    };
    assert_eq!(asked.proposal.decisions[0].amount, Some(money("200")));
    assert_eq!(state_of(&rep, dispute), ProposalState::DeclinedBySales);

    let own = boss.saved(propose(1, ask(ProposalKind::Discount)));
    assert_eq!(boss.failed(decide(own, true, None, "")), "proposal.own");
    assert!(approvals(&boss).is_empty());
}

#[test]
fn a_server_of_the_version_before_is_sent_every_kind_of_record() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    server.0.borrow_mut().newest = OLDEST_VERSION;
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let document = phone.saved(propose(1, ask(ProposalKind::Dispute)));
    let visit = phone.saved(save_visit(1, "a"));
    phone.sync();
    phone.sync();
    for sent in [visit, document] {
        assert!(phone.record(sent).journey.received_at.is_some());
    }
    assert!(server.0.borrow().documents.contains_key(&document));
}

#[test]
fn a_customer_who_leaves_takes_what_was_asked_for_along() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let document = phone.saved(propose(1, ask(ProposalKind::Dispute)));
    phone.sync();
    server.row(word(document, ProposalState::Open));
    phone.sync();
    let me = person(1, "张伟", Role::Rep).id;
    let left = customer_id(1);
    server
        .0
        .borrow_mut()
        .scope
        .get_mut(&me)
        .unwrap()
        .remove(&left);
    server.log(shared::sync::message::Item::Leave(left));
    phone.sync();
    assert!(matches!(
        phone.call(Request::Record(document)),
        Reply::Failed(_)
    ));
}
