//! What the phone lets go of, and what never.

use app::replica::api::*;
use shared::{
    ids::DocumentId,
    money::Money,
    receipt::{Method, ReceiptState},
    sync::message::{FieldCashRow, Row},
};

use crate::{phone::*, server::Server};

const DAY_MS: i64 = 24 * 3_600_000;

/// Lets days pass for phone and server, with a sync at the end.
fn pass(phone: &Phone, server: &Server, days: i64) {
    phone.clock.advance_ms(days * DAY_MS);
    let clock = server.0.borrow().clock;
    server.0.borrow_mut().clock = clock.plus_ms(days * DAY_MS);
    phone.sync();
}

fn is_whole(phone: &Phone, id: DocumentId) -> bool {
    match phone.call(Request::Record(id)) {
        Reply::Record(_) => true,
        Reply::Failed(failure) => {
            let known = ["record.being_fetched", "record.not_found"];
            assert!(known.contains(&failure.code.as_str()), "{failure:?}");
            false
        }
        other => panic!("{other:?}"),
    }
}

fn cash_in_hand(server: &Server, n: u128, cash: Money) {
    server.row(Row::FieldCash(FieldCashRow {
        person: person(n, "", shared::people::Role::Rep).id,
        cash,
        cheques: Money::ZERO,
    }));
}

#[test]
fn closed_matters_older_than_the_setting_go_and_come_back_when_opened() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let first = phone.saved(save_visit(1, "a"));
    phone.clock.advance_ms(DAY_MS);
    let mut later = visit(1, "b");
    later.started_at = NOW;
    let last = phone.saved(Request::SaveVisit(Box::new(later)));
    phone.sync();
    pass(&phone, &server, 170);
    assert!(is_whole(&phone, first) && is_whole(&phone, last));
    pass(&phone, &server, 20);
    // The last visit still stands in the lists; the other is among the older records.
    let view = phone.customer(customer_id(1));
    let lines: Vec<_> = view.timeline.iter().map(|line| line.document).collect();
    assert_eq!(lines, [Some(last)]);
    assert_eq!(view.older, OlderRecords::Maybe);
    assert!(!is_whole(&phone, first) && !is_whole(&phone, last));
    phone.sync();
    assert!(is_whole(&phone, last));
}

#[test]
fn what_waits_or_was_refused_never_goes() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let mut new = visit(1, "photo");
    new.photos.push(NewPhoto {
        media_type: "image/jpeg".into(),
        bytes: vec![7; 1_000],
        caption: String::new(),
    });
    let with_photo = phone.saved(Request::SaveVisit(Box::new(new)));
    let refused = phone.saved(save_visit(2, "refused"));
    let hash = shared::ids::ChangeHash(refused.0);
    server.0.borrow_mut().refuse.insert(hash, "admission.limit");
    phone.sync();
    pass(&phone, &server, 400);
    pass(&phone, &server, 2);
    assert!(is_whole(&phone, with_photo), "its photo waits");
    assert_eq!(phone.session().sync.waiting_photos, 1);
    assert!(is_whole(&phone, refused));
    block_on(phone.actor.upload_now());
    pass(&phone, &server, 2);
    assert!(!is_whole(&phone, with_photo), "now everything is there");
}

#[test]
fn open_matters_never_go() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let cheque = Method::Cheque {
        number: "00123".into(),
        bank: "工商银行".into(),
    };
    let id = phone.saved(receipt(1, "100.00", cheque));
    phone.sync();
    cash_in_hand(&server, 1, Money::ZERO);
    pass(&phone, &server, 400);
    assert!(is_whole(&phone, id), "in transit");
    server.row(Row::Receipt(shared::sync::message::ReceiptRow {
        document: id,
        customer: customer_id(1),
        state: ReceiptState::Cleared,
        posted_day: None,
    }));
    pass(&phone, &server, 2);
    assert!(!is_whole(&phone, id));
}

#[test]
fn own_receipts_stay_until_the_ledger_says_that_the_money_was_handed_in() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let id = phone.saved(receipt(1, "100.00", Method::Cash));
    phone.sync();
    cash_in_hand(&server, 1, money("100.00"));
    pass(&phone, &server, 400);
    assert!(is_whole(&phone, id));
    cash_in_hand(&server, 1, Money::ZERO);
    pass(&phone, &server, 2);
    assert!(!is_whole(&phone, id));
}

#[test]
fn own_records_stay_90_days_however_short_the_setting() {
    let server = company();
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    server.0.borrow_mut().history_days = 30;
    let rep = Phone::enrolled(a.path(), &server, "one");
    let id = rep.saved(save_visit(1, "a"));
    rep.sync();
    let boss = Phone::enrolled(b.path(), &server, "boss");
    boss.clock.advance_ms(40 * DAY_MS);
    pass(&rep, &server, 40);
    boss.sync();
    assert!(is_whole(&rep, id), "its author's");
    assert!(!is_whole(&boss, id), "somebody else's");
    pass(&rep, &server, 60);
    assert!(!is_whole(&rep, id));
}
