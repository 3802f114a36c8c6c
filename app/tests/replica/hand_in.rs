//! Handing in: what is in hand is counted, signed by both and sealed, with no network; nothing is handed in twice.

use app::replica::api::*;
use shared::{
    evidence::Strokes,
    hand_in::{HandInState, Pieces},
    ids::DocumentId,
    receipt::Method,
    sync::message::{HandInRow, Row},
};

use crate::phone::*;

fn view(phone: &Phone) -> HandInView {
    match phone.call(Request::HandIns) {
        Reply::HandIns(view) => *view,
        other => panic!("{other:?}"),
    }
}

fn held(phone: &Phone) -> Vec<DocumentId> {
    let held = view(phone).held;
    held.into_iter().map(|held| held.receipt.receipt).collect()
}

fn new(receipts: &[DocumentId], pieces: &[(u32, u32)]) -> NewHandIn {
    NewHandIn {
        receipts: receipts.to_vec(),
        pieces: pieces
            .iter()
            .map(|&(face, count)| Pieces { face, count })
            .collect(),
        giver: signature().strokes,
        receiver_name: "孙会计".into(),
        receiver: signature().strokes,
        ..NewHandIn::default()
    }
}

fn hand_in(receipts: &[DocumentId], pieces: &[(u32, u32)]) -> Request {
    Request::HandIn(Box::new(new(receipts, pieces)))
}

fn cheque() -> Method {
    Method::Cheque {
        number: "30117".into(),
        bank: "工商银行".into(),
    }
}

/// The server's word on a hand-in.
fn said(document: DocumentId, state: HandInState, gone: &[DocumentId]) -> Row {
    Row::HandIn(HandInRow {
        document,
        person: person(1, "张伟", shared::people::Role::Rep).id,
        state,
        gone: gone.to_vec(),
        counted: (state == HandInState::Accepted).then(|| money("300")),
        undecided: None,
        reason: String::new(),
        at: NOW,
    })
}

#[test]
fn cash_and_cheques_are_handed_in_without_a_network_and_survive_a_kill() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    server.0.borrow_mut().online = false;
    let cash = phone.saved(receipt(1, "300.00", Method::Cash));
    let paper = phone.saved(receipt(2, "500.00", cheque()));
    let transfer = Method::Transfer {
        reference: String::new(),
    };
    phone.saved(receipt(1, "50.00", transfer));
    let before = view(&phone);
    assert_eq!(
        (before.cash_in_hand, before.cheques_in_hand),
        (money("300"), money("500"))
    );
    assert_eq!(
        held(&phone),
        [cash, paper],
        "a transfer is in nobody's hands"
    );

    let document = phone.saved(hand_in(&[cash, paper], &[(10_000, 3)]));
    let left = copied(folder.path());
    let again = Phone::open(left.path(), &server, 8);
    let record = again.record(document);
    let RecordContent::HandIn(hand_in, None) = &record.content else {
        panic!("{record:?}")
    };
    assert_eq!(
        (
            hand_in.core.cash,
            hand_in.core.expected,
            hand_in.core.cheques
        ),
        (money("300"), money("300"), money("500"))
    );
    assert_eq!(hand_in.core.received.signer.name, "孙会计");
    assert!(record.seal.is_some() && record.mine && !record.journey.correctable);
    assert_eq!(record.journey.waiting, 1);
    // Its money is in hand until finance has counted it, and is not handed in twice.
    let after = view(&again);
    assert_eq!((after.cash_in_hand, after.held.len()), (money("300"), 0));
    assert_eq!(after.hand_ins.len(), 1);

    server.0.borrow_mut().online = true;
    again.sync();
    assert!(again.record(document).journey.received_at.is_some());
    server.row(said(document, HandInState::Accepted, &[cash, paper]));
    again.sync();
    let RecordContent::HandIn(_, Some(row)) = again.record(document).content else {
        panic!("no word of the server")
    };
    assert_eq!(row.counted, Some(money("300")));
    assert!(again.record(document).journey.in_ledger);
}

#[test]
fn what_is_refused_changes_nothing_and_says_why() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let cash = phone.saved(receipt(1, "300.00", Method::Cash));
    let check = |change: &dyn Fn(&mut NewHandIn), code: &str| {
        let mut wanted = new(&[cash], &[(10_000, 3)]);
        change(&mut wanted);
        assert_eq!(phone.failed(Request::HandIn(Box::new(wanted))), code);
        assert_eq!(held(&phone), [cash]);
    };
    check(&|h| h.receipts.clear(), "hand_in.nothing");
    check(&|h| h.receipts = vec![DocumentId([9; 32])], "hand_in.gone");
    check(&|h| h.pieces[0].count = 2, "hand_in.note");
    check(
        &|h| {
            h.pieces[0] = Pieces {
                face: u32::MAX,
                count: u32::MAX,
            }
        },
        "hand_in.count",
    );
    check(&|h| h.receiver_name = " ".into(), "hand_in.receiver");
    check(&|h| h.receiver = Strokes::default(), "hand_in.unsigned");
    check(&|h| h.giver = Strokes(vec![vec![]]), "hand_in.unsigned");
    let short = NewHandIn {
        note: "找零".into(),
        ..new(&[cash], &[(10_000, 2), (5_000, 0)])
    };
    let document = phone.saved(Request::HandIn(Box::new(short)));
    let RecordContent::HandIn(hand_in, _) = phone.record(document).content else {
        panic!("not a hand-in")
    };
    assert_eq!(
        (hand_in.core.cash, hand_in.core.pieces.len()),
        (money("200"), 1)
    );
    assert_eq!(
        phone.failed(self::hand_in(&[cash], &[(10_000, 3)])),
        "hand_in.gone"
    );
}

#[test]
fn what_finance_sends_back_is_in_hand_again_but_for_what_is_gone() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let (a, b) = (
        phone.saved(receipt(1, "300.00", Method::Cash)),
        phone.saved(receipt(2, "500.00", cheque())),
    );
    let document = phone.saved(hand_in(&[a, b], &[(10_000, 3)]));
    phone.sync();
    assert!(held(&phone).is_empty());
    server.row(said(document, HandInState::Returned, &[b]));
    phone.sync();
    assert_eq!(held(&phone), [a]);
    // A count at the desk alone takes the rest: the phone hears of it without a record.
    server.row(said(DocumentId([5; 32]), HandInState::Accepted, &[a]));
    let cleared = shared::sync::message::ReceiptRow {
        document: a,
        customer: customer_id(1),
        state: shared::receipt::ReceiptState::Cleared,
        posted_day: None,
    };
    server.row(Row::Receipt(cleared));
    phone.sync();
    assert!(held(&phone).is_empty());
    assert_eq!(view(&phone).hand_ins.len(), 1, "only records are listed");
}

#[test]
fn a_refused_hand_in_leaves_its_money_in_hand_to_be_handed_in_anew() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let cash = phone.saved(receipt(1, "300.00", Method::Cash));
    let document = phone.saved(hand_in(&[cash], &[(10_000, 3)]));
    server.0.borrow_mut().refuse.insert(
        shared::ids::ChangeHash(document.0),
        "admission.out_of_scope",
    );
    phone.sync();
    let record = phone.record(document);
    assert!(record.journey.rejected.is_some() && !record.journey.correctable);
    assert!(phone.queue().lines.iter().all(|line| !line.correctable));
    assert_eq!(held(&phone), [cash]);
    phone.saved(hand_in(&[cash], &[(10_000, 3)]));
    assert!(held(&phone).is_empty());
}
