//! Which hand-ins the server lets in.

use automerge::transaction::Transactable as _;

use super::{
    admission::{Pusher, admit},
    admission_tests::{code, foreign_change, frame, hand_in_created, rep, stored},
    limits,
};
use crate::{
    document::{
        self,
        edit::{self, Edit},
        fixtures::*,
    },
    ids::PersonId,
    money::Money,
    receipt::MethodKind,
};

#[test]
fn a_hand_in_that_does_not_add_up_or_is_not_signed_by_both_is_refused() {
    let refused = |change: &dyn Fn(&mut crate::hand_in::HandInCore), code: &str| {
        let mut core = hand_in();
        change(&mut core);
        let made = document::create_hand_in(&core, origin(1), &key(9)).map(drop);
        assert_eq!(made.map_err(|e| e.code()), Err(code), "{core:?}");
    };
    const CONTRADICTION: &str = "document.contradiction";
    refused(&|h| h.cash = yuan(1_500), CONTRADICTION);
    refused(&|h| h.expected = yuan(1_499), CONTRADICTION);
    refused(&|h| h.cheques = Money::ZERO, CONTRADICTION);
    refused(&|h| h.note = " ".into(), CONTRADICTION);
    refused(&|h| h.receipts.clear(), CONTRADICTION);
    refused(&|h| h.receipts.push(h.receipts[0].clone()), CONTRADICTION);
    refused(
        &|h| h.receipts[1].method = MethodKind::WeChat,
        CONTRADICTION,
    );
    refused(&|h| h.receipts[0].amount = Money::ZERO, CONTRADICTION);
    refused(&|h| h.pieces[0].face = 3, CONTRADICTION);
    refused(&|h| h.pieces[0].count = 0, CONTRADICTION);
    refused(&|h| h.pieces.push(h.pieces[0]), CONTRADICTION);
    refused(&|h| h.received.strokes.0.clear(), CONTRADICTION);
    refused(&|h| h.received.signer.name.clear(), CONTRADICTION);
    refused(&|h| h.signature.strokes.0.clear(), CONTRADICTION);
    refused(&|h| h.note = "长".repeat(4_001), "document.too_large");
    refused(
        &|h| h.receipts = vec![h.receipts[0].clone(); limits::LINES + 1],
        "document.too_large",
    );
}

#[test]
fn a_hand_in_comes_from_whose_hands_it_leaves_and_is_never_rewritten() {
    let created = hand_in_created();
    let theirs = Pusher {
        person: PersonId(id(9)),
        ..rep()
    };
    assert_eq!(
        code(admit(&frame(&created), None, &theirs)),
        "admission.wrong_person"
    );
    let forged = document::create_hand_in(&hand_in(), origin(1), &key(8)).unwrap();
    assert_eq!(
        code(admit(&frame(&forged.0), None, &rep())),
        "admission.broken_seal"
    );
    // Comments may grow; the core may not change.
    let on = std::slice::from_ref(&created.bytes);
    let commented = edit::apply(on, &Edit::Comment(comment(20, REP, "好")), [50; 16], 0).unwrap();
    assert_eq!(
        code(admit(&frame(&commented), Some(&stored(&created)), &rep())),
        "admitted"
    );
    let rewritten = foreign_change(on, |doc| {
        doc.put(
            automerge::ROOT,
            "core",
            automerge::ScalarValue::Bytes(vec![1]),
        )
        .unwrap();
    });
    assert_eq!(
        code(admit(&rewritten, Some(&stored(&created)), &rep())),
        "admission.not_allowed"
    );
}
