//! What documents promise.

use super::{edit::Edit, fixtures::*, *};
use crate::{
    contact_book::BookField,
    ids::ElementId,
    receipt::{VoidDecision, VoidRequest},
};

/// Applies edits one after the other, each on all that came before.
fn grow(creation: &NewChange, edits: &[Edit]) -> Vec<Vec<u8>> {
    let mut changes = vec![creation.bytes.clone()];
    for (i, edit) in edits.iter().enumerate() {
        let change = edit::apply(&changes, edit, [100 + i as u8; 16], 0).unwrap();
        assert_eq!(change.document, creation.document);
        changes.push(change.bytes);
    }
    changes
}

#[test]
fn a_visit_reads_back_as_it_was_saved() {
    let mut saved = visit();
    saved.attachments.push(photo(50, REP));
    let change = create_visit(&saved, origin(1)).unwrap();
    let (head, record) = read(&[&change.bytes]).unwrap();
    assert_eq!(record, Record::Visit(saved));
    assert_eq!(
        head,
        Head {
            kind: Kind::Visit,
            schema: 1,
            customer: CUSTOMER,
            device: DEVICE,
            counter: 1
        }
    );
    assert_eq!(change.document.0, change.hash.0);
    assert_eq!(inspect(&change.bytes), Ok(change.hash));
}

#[test]
fn a_promise_and_a_receipt_read_back_with_a_good_seal() {
    let (change, seal) = create_promise(&promise(), origin(2), &key(9)).unwrap();
    let (_, record) = read(&[&change.bytes]).unwrap();
    let Record::Promise(read_promise, read_seal) = record else {
        panic!("{record:?}")
    };
    assert_eq!((read_promise.core, &read_seal), (promise(), &seal));
    let json = serde_json::to_string(&promise()).unwrap();
    let sealed = json.replace(",\"corrects\":[]}", "}");
    assert!(seal::verify(sealed.as_bytes(), &seal));

    let (change, seal) = create_receipt(&receipt(), origin(3), &key(9)).unwrap();
    let (_, record) = read(&[&change.bytes]).unwrap();
    let Record::Receipt(read_receipt, read_seal) = record else {
        panic!("{record:?}")
    };
    assert_eq!((read_receipt.core, &read_seal), (receipt(), &seal));
    assert!(!seal::verify(b"another core", &seal));
}

#[test]
fn a_record_that_corrects_others_says_so_in_what_is_sealed() {
    let corrects = vec![DocumentId([1; 32]), DocumentId([2; 32])];
    let new = Visit {
        corrects: corrects.clone(),
        ..visit()
    };
    let change = create_visit(&new, origin(1)).unwrap();
    let (head, record) = read(&[&change.bytes]).unwrap();
    assert_eq!((head.schema, record.corrects()), (2, &corrects[..]));
    // Versions that do not know the key see the schema number and leave it alone: it stays under edits.
    let changes = grow(&change, &[Edit::Notes("改".into())]);
    assert_eq!(read(&changes).unwrap().1.corrects(), corrects);
    let new = crate::promise::PromiseCore {
        corrects: corrects.clone(),
        ..promise()
    };
    let (change, seal) = create_promise(&new, origin(2), &key(9)).unwrap();
    let (_, record) = read(&[&change.bytes]).unwrap();
    assert_eq!(record.corrects(), corrects);
    assert!(seal::verify(&serde_json::to_vec(&new).unwrap(), &seal));
    let new = crate::receipt::ReceiptCore {
        corrects: corrects.clone(),
        ..receipt()
    };
    let (change, _) = create_receipt(&new, origin(3), &key(9)).unwrap();
    let (_, record) = read(&[&change.bytes]).unwrap();
    assert_eq!(record.corrects(), corrects);
}

#[test]
fn a_record_corrects_few_others_and_each_once() {
    let check = |corrects: Vec<DocumentId>, code: &str| {
        let new = crate::receipt::ReceiptCore {
            corrects,
            ..receipt()
        };
        let made = create_receipt(&new, origin(3), &key(9));
        assert_eq!(made.unwrap_err().code(), code);
    };
    check(vec![DocumentId([1; 32]); 2], "document.contradiction");
    let many = (0..33).map(|n| DocumentId([n; 32])).collect();
    check(many, "document.too_large");
}

#[test]
fn equal_contents_by_another_counter_are_another_document() {
    let one = create_visit(&visit(), origin(1)).unwrap();
    let two = create_visit(&visit(), origin(2)).unwrap();
    assert_ne!(one.document, two.document);
}

#[test]
fn two_phones_make_the_same_contact_book() {
    let book = create_contact_book(CUSTOMER).unwrap();
    assert_eq!(book, create_contact_book(CUSTOMER).unwrap());
    assert_ne!(book, create_contact_book(CustomerId(id(99))).unwrap());
}

#[test]
fn every_edit_reads_back() {
    let visit = create_visit(&visit(), origin(1)).unwrap();
    let changes = grow(
        &visit,
        &[
            Edit::Notes("账上没钱，周三再来".into()),
            Edit::Comment(comment(20, BOSS, "盯紧")),
            Edit::Attachment(photo(21, REP)),
        ],
    );
    let Record::Visit(read_visit) = read(&changes).unwrap().1 else {
        panic!()
    };
    assert_eq!(read_visit.notes, "账上没钱，周三再来");
    assert_eq!(read_visit.comments, [comment(20, BOSS, "盯紧")]);
    assert_eq!(read_visit.attachments, [photo(21, REP)]);

    let request = VoidRequest {
        id: ElementId(id(30)),
        author: REP,
        at: NOON,
        reason: "错收".into(),
    };
    let decision = VoidDecision {
        id: ElementId(id(31)),
        request: request.id,
        author: BOSS,
        at: NOON,
        approved: true,
        note: String::new(),
    };
    let (receipt, _) = create_receipt(&receipt(), origin(2), &key(9)).unwrap();
    let changes = grow(
        &receipt,
        &[
            Edit::RequestVoid(request.clone()),
            Edit::DecideVoid(decision.clone()),
        ],
    );
    let Record::Receipt(read_receipt, _) = read(&changes).unwrap().1 else {
        panic!()
    };
    assert_eq!(read_receipt.void_requests, [request]);
    assert_eq!(read_receipt.void_decisions, [decision]);

    let book = create_contact_book(CUSTOMER).unwrap();
    let changes = grow(
        &book,
        &[
            Edit::BookField(BookField::BestTime, "15:30".into()),
            Edit::BookField(BookField::BestTime, "16:00".into()),
            Edit::BookPosition(fix().point),
            Edit::BookPosition(fix().point),
            Edit::BookContact(contact(40, REP)),
        ],
    );
    let Record::ContactBook(book) = read(&changes).unwrap().1 else {
        panic!()
    };
    assert_eq!(
        book.fields.get("best_time").map(String::as_str),
        Some("16:00")
    );
    assert_eq!(book.position, Some(fix().point));
    assert_eq!(book.contacts, [contact(40, REP)]);
}
