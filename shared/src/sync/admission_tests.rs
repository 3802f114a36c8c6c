//! What the server lets in, and what it does not.

use automerge::{
    ActorId, Automerge, Change, ObjType, ROOT, ReadDoc,
    transaction::{CommitOptions, Transactable, Transaction},
};
use proptest::prelude::*;

use super::{admission::*, limits};
use crate::{
    contact_book::BookField,
    document::{
        self, Kind, NewChange, Record, create_visit,
        edit::{self, Edit},
        fixtures::*,
    },
    ids::{CustomerId, ElementId, PersonId},
    people::Role,
    promise::Cancellation,
    receipt::{VoidDecision, VoidRequest},
};

pub(super) fn rep() -> Pusher {
    Pusher {
        person: REP,
        role: Role::Rep,
        device: DEVICE,
        device_code: "A07".into(),
        public_key: document::Sealer::public_key(&key(9)),
    }
}

pub(super) fn boss() -> Pusher {
    Pusher {
        person: BOSS,
        role: Role::Supervisor,
        device_code: "B01".into(),
        ..rep()
    }
}

pub(super) fn frame(change: &NewChange) -> Vec<u8> {
    document::to_frame(&change.bytes).to_vec()
}

fn visit_created() -> NewChange {
    create_visit(&visit(), origin(1)).unwrap()
}

fn promise_created() -> NewChange {
    document::create_promise(&promise(), origin(1), &key(9))
        .unwrap()
        .0
}

fn receipt_created() -> NewChange {
    document::create_receipt(&receipt(), origin(1), &key(9))
        .unwrap()
        .0
}

pub(super) fn hand_in_created() -> NewChange {
    document::create_hand_in(&hand_in(), origin(1), &key(9))
        .unwrap()
        .0
}

pub(super) fn proposal_created() -> NewChange {
    document::create_proposal(&proposal(), origin(1)).unwrap()
}

pub(super) fn statement_created() -> NewChange {
    document::create_statement(&statement(), origin(1), &key(9))
        .unwrap()
        .0
}

fn book_created() -> NewChange {
    document::create_contact_book(CUSTOMER).unwrap()
}

pub(super) fn stored(creation: &NewChange) -> Stored {
    Stored {
        document: creation.document,
        author: REP,
        changes: vec![creation.bytes.clone()],
    }
}

/// A change that a client of ours would never make.
pub(super) fn foreign_change(on: &[Vec<u8>], write: impl Fn(&mut Transaction<'_>)) -> Vec<u8> {
    let mut doc = Automerge::new();
    let changes: Vec<_> = on
        .iter()
        .map(|b| Change::from_bytes(b.clone()).unwrap())
        .collect();
    doc.apply_changes(changes).unwrap();
    doc.set_actor(ActorId::from([77u8; 16]));
    let mut transaction = doc.transaction();
    write(&mut transaction);
    transaction.commit_with(CommitOptions::default().with_time(0));
    document::to_frame(doc.get_last_local_change().unwrap().raw_bytes()).to_vec()
}

pub(super) fn code(result: Result<Admitted, Rejection>) -> &'static str {
    result.map_or_else(|e| e.code(), |_| "admitted")
}

#[test]
fn every_kind_of_record_is_admitted_from_its_author() {
    for (creation, kind) in [
        (visit_created(), Kind::Visit),
        (promise_created(), Kind::Promise),
        (receipt_created(), Kind::Receipt),
        (book_created(), Kind::ContactBook),
        (hand_in_created(), Kind::HandIn),
        (proposal_created(), Kind::Proposal),
        (statement_created(), Kind::Statement),
    ] {
        let admitted = admit(&frame(&creation), None, &rep()).unwrap();
        assert_eq!(admitted.head.kind, kind);
        assert_eq!(
            (admitted.document, admitted.hash),
            (creation.document, creation.hash)
        );
        assert_eq!(admitted.bytes, creation.bytes);
        assert!(admitted.creates);
        // A hand-in is of the person.
        let owner = match kind {
            Kind::HandIn => CustomerId(REP.0),
            _ => CUSTOMER,
        };
        assert_eq!(admitted.head.customer, owner);
    }
}

#[test]
fn a_correction_is_admitted_and_what_it_corrects_cannot_be_changed() {
    let new = crate::visit::Visit {
        corrects: vec![crate::ids::DocumentId([1; 32])],
        ..visit()
    };
    let creation = create_visit(&new, origin(1)).unwrap();
    let admitted = admit(&frame(&creation), None, &rep()).unwrap();
    assert_eq!(admitted.record.corrects(), new.corrects);
    let more = foreign_change(std::slice::from_ref(&creation.bytes), |doc| {
        let (_, list) = doc.get(ROOT, "corrects").unwrap().unwrap();
        doc.insert(&list, 1, vec![2_u8; 32]).unwrap();
    });
    let refused = admit(&more, Some(&stored(&creation)), &rep());
    assert_eq!(code(refused), "admission.not_allowed");
    // One that corrects nothing gets no such key afterwards either.
    let plain = visit_created();
    let more = foreign_change(std::slice::from_ref(&plain.bytes), |doc| {
        doc.put_object(ROOT, "corrects", ObjType::List).unwrap();
    });
    let refused = admit(&more, Some(&stored(&plain)), &rep());
    assert_eq!(code(refused), "admission.not_allowed");
}

#[test]
fn of_a_refused_record_and_its_corrections_one_is_admitted() {
    let known = Corrected::default();
    let check = |known, code: Option<&str>| {
        let judged = judge_correction(known, REP);
        assert_eq!(judged.err().map(|e| e.code()), code, "{known:?}");
    };
    check(known, None);
    check(
        Corrected {
            sender: Some(REP),
            ..known
        },
        None,
    );
    check(
        Corrected {
            sender: Some(BOSS),
            ..known
        },
        Some("admission.not_allowed"),
    );
    let corrected = true;
    check(
        Corrected { corrected, ..known },
        Some("admission.corrected_already"),
    );
    let admitted = true;
    check(
        Corrected {
            admitted,
            corrected,
            ..known
        },
        Some("admission.corrects_admitted"),
    );
}

#[test]
fn edits_are_admitted_by_role_and_authorship() {
    let request = VoidRequest {
        id: ElementId(id(30)),
        author: REP,
        at: NOON,
        reason: "错收".into(),
    };
    let decide = |author| {
        Edit::DecideVoid(VoidDecision {
            id: ElementId(id(31)),
            request: ElementId(id(30)),
            author,
            at: NOON,
            approved: true,
            note: String::new(),
        })
    };
    let cancel = |author| {
        Edit::CancelPromise(Cancellation {
            id: ElementId(id(32)),
            author,
            at: NOON,
            reason: "重签".into(),
        })
    };
    let check = |on: &[Vec<u8>], change: Edit, by: &Pusher, expected: &str| {
        let new = edit::apply(on, &change, [50; 16], 0).unwrap();
        let creation = document::inspect(&on[0]).unwrap();
        let stored = Stored {
            document: crate::ids::DocumentId(creation.0),
            author: REP,
            changes: on.to_vec(),
        };
        let result = admit(&frame(&new), Some(&stored), by);
        assert_eq!(code(result), expected, "{change:?} by {:?}", by.role);
        let is_author = by.person == REP;
        let phone = document::rules::phone_check(on, &new.bytes, by.role, by.person, is_author);
        assert_eq!(
            phone.is_ok(),
            expected == "admitted",
            "{change:?} {phone:?}"
        );
    };
    let (no, name, yes) = (
        "admission.not_allowed",
        "admission.wrong_person",
        "admitted",
    );
    let other_rep = || Pusher {
        person: PersonId(id(9)),
        ..rep()
    };

    let visit = [visit_created().bytes];
    check(&visit, Edit::Notes("改".into()), &rep(), yes);
    check(&visit, Edit::Notes("改".into()), &boss(), no);
    check(&visit, Edit::Comment(comment(20, REP, "好")), &rep(), yes);
    check(&visit, Edit::Comment(comment(20, BOSS, "好")), &boss(), yes);
    check(
        &visit,
        Edit::Comment(comment(20, BOSS, "冒名")),
        &rep(),
        name,
    );
    check(&visit, Edit::Attachment(photo(21, REP)), &rep(), yes);
    check(&visit, Edit::Attachment(photo(21, BOSS)), &boss(), no);

    let receipt = [receipt_created().bytes];
    check(&receipt, Edit::RequestVoid(request.clone()), &rep(), yes);
    let theirs = VoidRequest {
        author: PersonId(id(9)),
        ..request.clone()
    };
    check(&receipt, Edit::RequestVoid(theirs), &other_rep(), no);
    let asked = edit::apply(&receipt, &Edit::RequestVoid(request), [51; 16], 0).unwrap();
    let asked = [receipt[0].clone(), asked.bytes];
    check(&asked, decide(BOSS), &boss(), yes);
    check(&asked, decide(REP), &rep(), no);

    let promise = [promise_created().bytes];
    check(&promise, cancel(BOSS), &boss(), yes);
    check(&promise, cancel(REP), &rep(), no);

    let book = [book_created().bytes];
    check(
        &book,
        Edit::BookField(BookField::BestTime, "15:30".into()),
        &other_rep(),
        yes,
    );
    check(&book, Edit::BookPosition(fix().point), &boss(), yes);
    check(
        &book,
        Edit::BookContact(contact(40, PersonId(id(9)))),
        &other_rep(),
        yes,
    );
    check(
        &book,
        Edit::BookContact(contact(40, REP)),
        &other_rep(),
        name,
    );
}

#[test]
fn nothing_that_exists_is_rewritten() {
    let receipt = receipt_created();
    let commented = edit::apply(
        &[&receipt.bytes],
        &Edit::Comment(comment(20, REP, "好")),
        [50; 16],
        0,
    )
    .unwrap();
    let on = [receipt.bytes.clone(), commented.bytes];
    let store = Stored {
        changes: on.to_vec(),
        ..stored(&receipt)
    };
    let check = |what: &str, write: &dyn Fn(&mut Transaction<'_>)| {
        let frame = foreign_change(&on, write);
        let result = admit(&frame, Some(&store), &rep());
        assert_eq!(code(result), "admission.not_allowed", "{what}");
    };
    check("core", &|doc| doc.put(ROOT, "core", vec![1u8]).unwrap());
    check("customer", &|doc| {
        doc.put(ROOT, "customer", vec![9u8; 16]).unwrap()
    });
    check("core removed", &|doc| doc.delete(ROOT, "core").unwrap());
    check("a new key", &|doc| doc.put(ROOT, "bonus", 1).unwrap());
    check("a list made anew", &|doc| {
        drop(doc.put_object(ROOT, "comments", ObjType::List).unwrap());
    });
    check("digest", &|doc| {
        let (_, seal) = doc.get(ROOT, "seal").unwrap().unwrap();
        doc.put(&seal, "digest", vec![0u8; 32]).unwrap();
    });
    check("an element removed", &|doc| {
        let (_, comments) = doc.get(ROOT, "comments").unwrap().unwrap();
        doc.delete(&comments, 0).unwrap();
    });
    check("an element's text", &|doc| {
        let (_, comments) = doc.get(ROOT, "comments").unwrap().unwrap();
        let (_, first) = doc.get(&comments, 0).unwrap().unwrap();
        doc.put(&first, "text", "改").unwrap();
    });
    check("an element that is no map", &|doc| {
        let (_, comments) = doc.get(ROOT, "comments").unwrap().unwrap();
        doc.insert(&comments, 0, "x").unwrap();
    });
    check("an element with keys missing", &|doc| {
        let (_, comments) = doc.get(ROOT, "comments").unwrap().unwrap();
        let element = doc.insert_object(&comments, 0, ObjType::Map).unwrap();
        doc.put(&element, "author", REP.0.as_bytes().to_vec())
            .unwrap();
    });
}

#[test]
fn a_record_in_another_name_or_from_another_device_is_refused() {
    let check = |creation: &NewChange, by: Pusher, expected: &str| {
        assert_eq!(code(admit(&frame(creation), None, &by)), expected);
    };
    let other_device = Pusher {
        device: crate::ids::DeviceId(id(99)),
        ..rep()
    };
    let other_person = Pusher {
        person: BOSS,
        ..rep()
    };
    check(
        &visit_created(),
        other_device.clone(),
        "admission.wrong_device",
    );
    check(&receipt_created(), other_device, "admission.wrong_device");
    check(
        &visit_created(),
        other_person.clone(),
        "admission.wrong_person",
    );
    check(&promise_created(), other_person, "admission.wrong_person");
    check(
        &receipt_created(),
        Pusher {
            device_code: "A08".into(),
            ..rep()
        },
        "admission.wrong_device",
    );
    let mut with_comment = visit();
    with_comment.comments.push(comment(20, BOSS, "冒名"));
    check(
        &create_visit(&with_comment, origin(1)).unwrap(),
        rep(),
        "admission.wrong_person",
    );
}

#[test]
fn a_seal_by_another_key_is_refused() {
    let forged = document::create_receipt(&receipt(), origin(1), &key(8))
        .unwrap()
        .0;
    assert_eq!(
        code(admit(&frame(&forged), None, &rep())),
        "admission.broken_seal"
    );
    let creation = receipt_created();
    let tampered = creation
        .bytes
        .windows(4)
        .position(|w| w == b"1500")
        .unwrap();
    let mut bytes = frame(&creation);
    bytes[tampered - 8] = b'9';
    assert_eq!(code(admit(&bytes, None, &rep())), "admission.broken_seal");
}

#[test]
fn sums_that_contradict_each_other_are_not_even_made() {
    let refused = |change: &dyn Fn(&mut crate::receipt::ReceiptCore)| {
        let mut core = receipt();
        change(&mut core);
        let made = document::create_receipt(&core, origin(1), &key(9));
        assert_eq!(made.unwrap_err().code(), "document.contradiction");
    };
    refused(&|r| r.amount = yuan(0));
    refused(&|r| r.allocations[0].amount = yuan(1_400));
    refused(&|r| r.allocations[0].amount = yuan(0));
    refused(&|r| r.allocations[1].invoice = r.allocations[0].invoice);
    refused(&|r| r.asked = yuan(1_900));
    let refused = |change: &dyn Fn(&mut crate::promise::PromiseCore)| {
        let mut core = promise();
        change(&mut core);
        let made = document::create_promise(&core, origin(1), &key(9));
        assert_eq!(made.unwrap_err().code(), "document.contradiction");
    };
    refused(&|p| p.total = yuan(2_999));
    refused(&|p| p.instalments.swap(0, 1));
    refused(&|p| p.instalments.clear());
}

#[test]
fn what_is_not_there_to_build_on_is_refused() {
    let visit = visit_created();
    let first = edit::apply(&[&visit.bytes], &Edit::Notes("一".into()), [50; 16], 0).unwrap();
    let second = edit::apply(
        &[&visit.bytes, &first.bytes],
        &Edit::Notes("二".into()),
        [50; 16],
        0,
    )
    .unwrap();
    let refused = admit(&frame(&second), Some(&stored(&visit)), &rep());
    assert_eq!(code(refused), "admission.missing_dependency");
    assert_eq!(
        code(admit(&frame(&first), None, &rep())),
        "admission.no_such_document"
    );
    assert_eq!(
        code(admit(&frame(&visit), Some(&stored(&visit)), &rep())),
        "admission.not_allowed"
    );
}

/// A hundred bytes that stand for hundreds of thousands of operations: one change of a text,
/// its columns' runs made long by hand.
#[test]
fn a_small_change_that_would_expand_is_refused_before_it_is_expanded() {
    let mut body = vec![0u8, 16];
    body.extend([7; 16]);
    body.extend([1, 1, 0, 0, 0]);
    let run = [0xe0u8, 0xa7, 0x12];
    let long = |value: &[u8]| [run.as_slice(), value].concat();
    let columns: Vec<(u8, Vec<u8>)> = vec![
        (0x15, long(&[1, b'k'])),
        (0x34, run.to_vec()),
        (0x42, long(&[1])),
        (0x56, long(&[0])),
        (0x70, long(&[0])),
    ];
    body.push(columns.len() as u8);
    for (specification, data) in &columns {
        body.extend([*specification, data.len() as u8]);
    }
    columns.iter().for_each(|(_, data)| body.extend(data));
    let mut frame = vec![1, body.len() as u8];
    frame.extend(body);
    assert!(frame.len() < 104);
    assert!(
        Change::from_bytes(document::from_frame(&frame))
            .unwrap()
            .len()
            > 200_000
    );
    assert_eq!(check_frame(&frame), Err(Rejection::Limit("operations")));
    assert_eq!(creates(&frame).unwrap_err().code(), "admission.limit");
}

#[test]
fn other_chunks_and_oversized_frames_are_refused() {
    let frame = frame(&visit_created());
    for chunk_type in [0, 2, 3] {
        let mut other = frame.clone();
        other[0] = chunk_type;
        assert_eq!(check_frame(&other).unwrap_err().code(), "admission.damaged");
    }
    assert_eq!(check_frame(&[]).unwrap_err().code(), "admission.damaged");
    assert_eq!(
        check_frame(&vec![1; limits::CHANGE_BYTES + 1]),
        Err(Rejection::Limit("change bytes"))
    );
}

#[test]
fn the_bounds_of_a_frame_are_those_of_its_change() {
    for creation in [
        visit_created(),
        promise_created(),
        receipt_created(),
        hand_in_created(),
        statement_created(),
        book_created(),
    ] {
        let bounds = super::frame_bounds::bound(&frame(&creation)).unwrap();
        assert_eq!(
            bounds.operations,
            Change::from_bytes(creation.bytes).unwrap().len()
        );
        assert_eq!(bounds.dependencies, 0);
    }
}

#[test]
fn a_contact_book_that_does_not_begin_empty_is_refused() {
    let book = book_created();
    let mut bytes = frame(&book);
    let at = bytes.len() - 1;
    bytes[at] = 1;
    assert_ne!(code(admit(&bytes, None, &rep())), "admitted");
}

/// Judges bytes as the server does; a panic of the decoder counts as a refusal.
fn judged(frame: &[u8], stored: Option<&Stored>) -> Option<Admitted> {
    std::panic::catch_unwind(|| admit(frame, stored, &rep()).ok()).unwrap_or(None)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// What is signed or summed cannot be flipped; a flip that only changes an unsigned field of a
    /// visit makes another, whole visit.
    #[test]
    fn damaged_frames_are_refused_or_are_whole_records(
        which in 0..5usize,
        flips in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        std::panic::set_hook(Box::new(|_| {}));
        let creation =
            [visit_created(), promise_created(), receipt_created(), hand_in_created(), statement_created()][which]
                .clone();
        let mut bytes = frame(&creation);
        prop_assert!(judged(&bytes[..cut.index(bytes.len())], None).is_none());
        for (at, flip) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
        }
        if let Some(admitted) = judged(&bytes, None) {
            let (_, record) = document::read(&[&admitted.bytes]).unwrap();
            prop_assert_eq!(&record, &admitted.record);
            match record {
                Record::Promise(read, _) => prop_assert_eq!(read.core, promise()),
                Record::Receipt(read, _) => prop_assert_eq!(read.core, receipt()),
                Record::HandIn(read, _) => prop_assert_eq!(read.core, hand_in()),
                Record::Statement(read, _) => prop_assert_eq!(read.core, statement()),
                _ => {}
            }
        }
    }

    #[test]
    fn damaged_edits_never_touch_the_core(
        flips in prop::collection::vec((any::<prop::sample::Index>(), 1u8..), 1..4),
    ) {
        std::panic::set_hook(Box::new(|_| {}));
        let creation = receipt_created();
        let edited =
            edit::apply(&[&creation.bytes], &Edit::Comment(comment(20, REP, "好")), [50; 16], 0)
                .unwrap();
        let mut bytes = frame(&edited);
        for (at, flip) in flips {
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
        }
        if let Some(admitted) = judged(&bytes, Some(&stored(&creation))) {
            let (_, record) = document::read(&[&creation.bytes, &admitted.bytes]).unwrap();
            prop_assert!(matches!(record, Record::Receipt(read, _) if read.core == receipt()));
        }
    }
}
