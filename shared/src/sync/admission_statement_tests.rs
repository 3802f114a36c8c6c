//! Which answers to statements the server lets in.

use automerge::transaction::Transactable as _;

use super::{
    admission::{Pusher, admit},
    admission_tests::{code, foreign_change, frame, rep, statement_created, stored},
    limits,
};
use crate::{
    document::{
        self,
        edit::{self, Edit},
        fixtures::*,
    },
    ids::PersonId,
    proposal::DisputeReason,
    statement::AnswerCore,
};

#[test]
fn an_answer_that_is_not_signed_or_disputes_without_a_reason_is_refused() {
    let refused = |change: &dyn Fn(&mut AnswerCore), code: &str| {
        let mut core = statement();
        change(&mut core);
        let made = document::create_statement(&core, origin(1), &key(9)).map(drop);
        assert_eq!(made.map_err(|e| e.code()), Err(code), "{core:?}");
    };
    const CONTRADICTION: &str = "document.contradiction";
    let unsigned = |core: &mut AnswerCore| {
        core.disputed.clear();
        core.signature = None;
    };
    refused(&unsigned, CONTRADICTION);
    let blank = |core: &mut AnswerCore| {
        if let Some(signature) = &mut core.signature {
            signature.strokes.0.clear();
        }
    };
    refused(&blank, CONTRADICTION);
    refused(&|s| s.disputed.push(s.disputed[0].clone()), CONTRADICTION);
    refused(
        &|s| s.disputed[0].reason = DisputeReason::Unknown,
        CONTRADICTION,
    );
    let other = |core: &mut AnswerCore| {
        core.disputed[0].reason = DisputeReason::Other;
        core.disputed[0].words = " ".into();
    };
    refused(&other, CONTRADICTION);
    refused(
        &|s| s.disputed[0].words = "长".repeat(4_001),
        "document.too_large",
    );
    refused(
        &|s| s.letter = vec![String::new(); limits::LINES + 1],
        "document.too_large",
    );
    // A dispute may be left unsigned.
    let mut core = statement();
    core.signature = None;
    assert!(document::create_statement(&core, origin(1), &key(9)).is_ok());
}

#[test]
fn an_answer_comes_from_its_salesperson_and_is_never_rewritten() {
    let created = statement_created();
    let theirs = Pusher {
        person: PersonId(id(9)),
        ..rep()
    };
    let admitted = admit(&frame(&created), None, &theirs);
    assert_eq!(code(admitted), "admission.wrong_person");
    let other_key = Pusher {
        public_key: document::Sealer::public_key(&key(3)),
        ..rep()
    };
    let admitted = admit(&frame(&created), None, &other_key);
    assert_eq!(code(admitted), "admission.broken_seal");
    let rewritten = foreign_change(std::slice::from_ref(&created.bytes), |doc| {
        doc.put(automerge::ROOT, "core", vec![1u8]).unwrap();
    });
    let admitted = admit(&rewritten, Some(&stored(&created)), &rep());
    assert_eq!(code(admitted), "admission.not_allowed");
    let said = Edit::Comment(comment(20, REP, "盖章在背面"));
    let edited = edit::apply(&[&created.bytes], &said, [50; 16], 0).unwrap();
    let admitted = admit(&frame(&edited), Some(&stored(&created)), &rep());
    assert_eq!(code(admitted), "admitted");
}
