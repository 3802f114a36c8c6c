//! Which proposals the server lets in, and who may say yes or no to one.

use automerge::{ROOT, ReadDoc as _, transaction::Transactable as _};

use super::{
    admission::{Pusher, Stored, admit},
    admission_tests::{boss, code, foreign_change, frame, proposal_created, rep, stored},
    limits,
    message::{OLDEST_VERSION, PROTOCOL_VERSION, since, unspoken},
};
use crate::{
    document::{
        self, Kind,
        edit::{self, Edit},
        fixtures::*,
    },
    ids::{InvoiceId, PersonId},
    money::Money,
    people::Role,
    proposal::{Ask, DisputeReason, ProposalKind},
};

#[test]
fn a_proposal_says_what_belongs_to_its_kind_and_nothing_else() {
    let refused = |change: &dyn Fn(&mut Ask), code: Option<&str>| {
        let mut asked = proposal();
        change(&mut asked.ask);
        let made = document::create_proposal(&asked, origin(1));
        assert_eq!(made.err().map(|e| e.code()), code, "{:?}", asked.ask);
    };
    const CONTRADICTION: Option<&str> = Some("document.contradiction");
    const TOO_LARGE: Option<&str> = Some("document.too_large");
    let day = "2026-12-31".parse().ok();
    let kind = |what| {
        move |ask: &mut Ask| {
            ask.what = what;
            ask.reason = None;
            ask.invoices.truncate(1);
        }
    };
    refused(&|_| {}, None);
    refused(&|a| a.words.clear(), None);
    refused(&|a| a.invoices.clear(), None);
    refused(&|a| a.reason = None, CONTRADICTION);
    refused(&|a| a.reason = Some(DisputeReason::Unknown), CONTRADICTION);
    refused(&|a| a.until = day, CONTRADICTION);
    refused(&|a| a.amount = Money::ZERO, CONTRADICTION);
    refused(&|a| a.amount = a.amount.negated(), CONTRADICTION);
    refused(&|a| a.invoices.push(a.invoices[0]), CONTRADICTION);
    refused(&|a| a.what = ProposalKind::Unknown, CONTRADICTION);
    refused(&|a| a.words = "长".repeat(4_001), TOO_LARGE);
    let many = |a: &mut Ask| {
        a.invoices = (0..=limits::LINES as u128)
            .map(|n| InvoiceId(id(n)))
            .collect();
    };
    refused(&many, TOO_LARGE);
    let other = |a: &mut Ask| {
        a.reason = Some(DisputeReason::Other);
        a.words = " ".into();
    };
    refused(&other, CONTRADICTION);
    for what in [
        ProposalKind::Discount,
        ProposalKind::GoodsReturn,
        ProposalKind::WriteOff,
    ] {
        refused(&kind(what), None);
        refused(&|a| a.what = what, CONTRADICTION);
        let two = |a: &mut Ask| {
            a.what = what;
            a.reason = None;
        };
        refused(&two, CONTRADICTION);
        let wordless = |a: &mut Ask| {
            kind(what)(a);
            a.words.clear();
        };
        refused(&wordless, CONTRADICTION);
    }
    let extension = |until| {
        move |a: &mut Ask| {
            a.what = ProposalKind::Extension;
            a.reason = None;
            a.until = until;
        }
    };
    refused(&extension(day), None);
    refused(&extension(None), CONTRADICTION);
}

#[test]
fn a_supervisor_who_did_not_ask_decides_and_nobody_else() {
    let created = proposal_created();
    let on = [created.bytes.clone()];
    let decide = |author: PersonId| {
        let decision = Edit::DecideProposal(word(40, author, true));
        frame(&edit::apply(&on, &decision, [50; 16], 0).unwrap())
    };
    let check = |author, pusher: &Pusher, asked_by, expected: &str| {
        let stored = Stored {
            author: asked_by,
            ..stored(&created)
        };
        let admitted = admit(&decide(author), Some(&stored), pusher);
        assert_eq!(code(admitted), expected, "{author} {pusher:?}");
    };
    check(BOSS, &boss(), REP, "admitted");
    check(REP, &rep(), REP, "admission.not_allowed");
    // Nobody decides what they asked for, supervisors neither.
    check(BOSS, &boss(), BOSS, "admission.not_allowed");
    // In nobody else's name.
    check(REP, &boss(), REP, "admission.wrong_person");
    let clerk = Pusher {
        role: Role::Finance,
        ..boss()
    };
    check(BOSS, &clerk, REP, "admission.not_allowed");
    // Not for other kinds of records.
    let visit = document::create_visit(&visit(), origin(1)).unwrap();
    let decision = Edit::DecideProposal(word(40, BOSS, true));
    assert!(edit::apply(&[visit.bytes], &decision, [50; 16], 0).is_err());
}

#[test]
fn no_more_than_was_asked_for_is_agreed_to() {
    let created = proposal_created();
    let check = |approved, amount: Option<u32>, is_taken| {
        let decision = crate::proposal::ProposalDecision {
            amount: amount.map(yuan),
            ..word(40, BOSS, approved)
        };
        let made = edit::apply(
            &[&created.bytes],
            &Edit::DecideProposal(decision),
            [50; 16],
            0,
        );
        assert_eq!(made.is_ok(), is_taken, "{approved} {amount:?}");
    };
    check(true, None, true);
    check(true, Some(300), true);
    check(true, Some(1), true);
    check(true, Some(301), false);
    check(true, Some(0), false);
    check(false, None, true);
    check(false, Some(100), false);
}

#[test]
fn what_was_asked_for_is_never_rewritten_and_the_thread_grows() {
    let created = proposal_created();
    let on = std::slice::from_ref(&created.bytes);
    let said = edit::apply(on, &Edit::Comment(comment(20, BOSS, "带样品")), [50; 16], 0).unwrap();
    let known = stored(&created);
    assert_eq!(
        code(admit(&frame(&said), Some(&known), &boss())),
        "admitted"
    );
    let more = foreign_change(on, |doc| {
        let (_, ask) = doc.get(ROOT, "ask").unwrap().unwrap();
        doc.put(&ask, "amount", "9999.00").unwrap();
    });
    assert_eq!(
        code(admit(&more, Some(&known), &rep())),
        "admission.not_allowed"
    );
    let longer = foreign_change(on, |doc| {
        let (_, ask) = doc.get(ROOT, "ask").unwrap().unwrap();
        let (_, invoices) = doc.get(&ask, "invoices").unwrap().unwrap();
        doc.insert(&invoices, 0, vec![7_u8; 16]).unwrap();
    });
    assert_eq!(
        code(admit(&longer, Some(&known), &rep())),
        "admission.not_allowed"
    );
    let theirs = Pusher {
        person: BOSS,
        ..rep()
    };
    let taken = admit(&frame(&created), None, &theirs);
    assert_eq!(code(taken), "admission.wrong_person");
}

#[test]
fn two_supervisors_who_decide_apart_both_stand_on_the_record() {
    let created = proposal_created();
    let other = PersonId(id(8));
    let edits = [(BOSS, true, 50), (other, false, 51)].map(|(author, approved, actor)| {
        let decision = Edit::DecideProposal(word(u128::from(actor), author, approved));
        edit::apply(&[&created.bytes], &decision, [actor; 16], 0)
            .unwrap()
            .bytes
    });
    let [a, b] = edits;
    let there = document::read(&[created.bytes.clone(), a.clone(), b.clone()])
        .unwrap()
        .1;
    let back = document::read(&[created.bytes, b, a]).unwrap().1;
    assert_eq!(there, back);
    let document::Record::Proposal(read) = there else {
        panic!("{there:?}")
    };
    assert_eq!(read.decisions.len(), 2);
}

#[test]
fn every_kind_of_document_is_spoken_of_in_both_versions() {
    assert_eq!(since(Kind::Proposal), OLDEST_VERSION);
    assert!(unspoken(OLDEST_VERSION).next().is_none());
    assert!(unspoken(PROTOCOL_VERSION).next().is_none());
    assert!(unspoken(OLDEST_VERSION - 1).any(|kind| kind == Kind::Proposal));
}
