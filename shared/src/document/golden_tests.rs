//! Documents that an earlier version wrote read for ever. The files in `golden/` are frozen: a
//! test that fails here means that stored records can no longer be read.

use super::{fixtures::*, *};

fn bytes(hex: &str) -> Vec<u8> {
    let hex: String = hex.split_whitespace().collect();
    (0..hex.len() / 2)
        .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}

#[test]
fn a_visit_of_schema_1_reads() {
    let golden = bytes(include_str!("golden/visit_1.hex"));
    let (head, record) = read(&[&golden]).unwrap();
    assert_eq!((head.kind, head.schema, head.counter), (Kind::Visit, 1, 1));
    assert_eq!(record, Record::Visit(visit()));
    assert_eq!(create_visit(&visit(), origin(1)).unwrap().bytes, golden);
}

#[test]
fn a_visit_of_schema_2_reads_with_what_it_corrects() {
    let golden = bytes(include_str!("golden/visit_2.hex"));
    let corrected = Visit {
        corrects: vec![DocumentId([1; 32]), DocumentId([2; 32])],
        ..visit()
    };
    let (head, record) = read(&[&golden]).unwrap();
    assert_eq!((head.kind, head.schema, head.counter), (Kind::Visit, 2, 1));
    assert_eq!(record, Record::Visit(corrected.clone()));
    let made = create_visit(&corrected, origin(1)).unwrap().bytes;
    assert_eq!(made, golden);
}

#[test]
fn a_promise_of_schema_1_reads_with_a_good_seal() {
    let golden = bytes(include_str!("golden/promise_1.hex"));
    let (head, record) = read(&[&golden]).unwrap();
    assert_eq!(
        (head.kind, head.schema, head.counter),
        (Kind::Promise, 1, 1)
    );
    let made = create_promise(&promise(), origin(1), &key(9)).unwrap();
    assert_eq!(made.0.bytes, golden);
    let Record::Promise(read, seal) = record else {
        panic!("{record:?}")
    };
    assert_eq!(read.core, promise());
    assert!(seal::verify_signature(
        &seal.public_key,
        &seal.digest,
        &seal.signature
    ));
}

#[test]
fn a_receipt_of_schema_1_reads_with_a_good_seal() {
    let golden = bytes(include_str!("golden/receipt_1.hex"));
    let (head, record) = read(&[&golden]).unwrap();
    assert_eq!(
        (head.kind, head.schema, head.counter),
        (Kind::Receipt, 1, 1)
    );
    let Record::Receipt(read, seal) = record else {
        panic!("{record:?}")
    };
    assert_eq!(read.core, receipt());
    assert!(seal::verify_signature(
        &seal.public_key,
        &seal.digest,
        &seal.signature
    ));
}

/// Made since receipts tell when the phone last heard from the server.
#[test]
fn a_receipt_with_the_time_of_the_server_reads_and_is_made_of_the_same_bytes() {
    let golden = bytes(include_str!("golden/receipt_1_server_time.hex"));
    let core = crate::receipt::ReceiptCore {
        last_server_at: Some(NOON),
        ..receipt()
    };
    let (head, record) = read(&[&golden]).unwrap();
    assert_eq!((head.kind, head.schema), (Kind::Receipt, 1));
    let Record::Receipt(read, _) = record else {
        panic!("{record:?}")
    };
    assert_eq!(read.core, core);
    let made = create_receipt(&core, origin(1), &key(9)).unwrap();
    assert_eq!(made.0.bytes, golden);
}

/// Phones of different versions must make the same contact book.
#[test]
fn a_contact_book_is_made_of_the_same_bytes_for_ever() {
    let golden = bytes(include_str!("golden/contact_book_1.hex"));
    assert_eq!(create_contact_book(CUSTOMER).unwrap().bytes, golden);
    let (head, record) = read(&[&golden]).unwrap();
    assert_eq!((head.kind, head.schema), (Kind::ContactBook, 1));
    assert!(matches!(record, Record::ContactBook(_)));
}

#[test]
fn a_hand_in_of_schema_1_reads_with_a_good_seal_and_is_made_of_the_same_bytes() {
    let golden = bytes(include_str!("golden/hand_in_1.hex"));
    let (head, record) = read(&[&golden]).unwrap();
    assert_eq!((head.kind, head.schema, head.counter), (Kind::HandIn, 1, 1));
    assert_eq!(head.customer, crate::hand_in::account_of(REP));
    let made = create_hand_in(&hand_in(), origin(1), &key(9)).unwrap();
    assert_eq!(made.0.bytes, golden);
    let Record::HandIn(read, seal) = record else {
        panic!("{record:?}")
    };
    assert_eq!(read.core, hand_in());
    assert!(seal::verify_signature(
        &seal.public_key,
        &seal.digest,
        &seal.signature
    ));
}

#[test]
fn a_proposal_of_schema_1_reads_and_is_made_of_the_same_bytes() {
    let golden = bytes(include_str!("golden/proposal_1.hex"));
    let (head, record) = read(&[&golden]).unwrap();
    assert_eq!(
        (head.kind, head.schema, head.counter),
        (Kind::Proposal, 1, 1)
    );
    assert_eq!(record, Record::Proposal(proposal()));
    assert_eq!(
        create_proposal(&proposal(), origin(1)).unwrap().bytes,
        golden
    );
}

#[test]
fn an_answer_to_a_statement_of_schema_1_reads_with_a_good_seal_and_is_made_of_the_same_bytes() {
    let golden = bytes(include_str!("golden/statement_1.hex"));
    let made = create_statement(&statement(), origin(1), &key(9)).unwrap();
    assert_eq!(made.0.bytes, golden);
    let (head, record) = read(&[&golden]).unwrap();
    assert_eq!(
        (head.kind, head.schema, head.customer),
        (Kind::Statement, 1, CUSTOMER)
    );
    let Record::Statement(read, seal) = record else {
        panic!("{record:?}")
    };
    assert_eq!(read.core, statement());
    assert!(seal::verify_signature(
        &seal.public_key,
        &seal.digest,
        &seal.signature
    ));
}
