//! A refused record is corrected by a new one in its place: one of both is shown, counted and sent,
//! whatever is killed in between.

use app::replica::api::*;
use shared::{
    ids::{ChangeHash, DocumentId},
    promise::Instalment,
    receipt::Method,
};

use crate::{phone::*, server::Server};

/// A receipt over ¥100 in cash that the server has refused, with a word said about it.
fn refused(phone: &Phone, server: &Server) -> DocumentId {
    let old = phone.saved(receipt(1, "100.00", Method::Cash));
    phone.saved(Request::AddComment {
        document: old,
        text: "老板亲手给的".into(),
    });
    refuse(server, old, "admission.contradiction");
    phone.sync();
    old
}

fn refuse(server: &Server, document: DocumentId, code: &'static str) {
    let refused = &mut server.0.borrow_mut().refuse;
    refused.insert(ChangeHash(document.0), code);
}

fn correct(document: DocumentId, amount: &str) -> Request {
    let Request::IssueReceipt(new) = receipt(1, amount, Method::Cash) else {
        panic!("not a receipt")
    };
    Request::Correct {
        document,
        by: Correction::Receipt(new),
    }
}

fn receipt_of(phone: &Phone, document: DocumentId) -> shared::receipt::Receipt {
    match phone.record(document).content {
        RecordContent::Receipt(receipt, _) => receipt,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_corrected_receipt_counts_once_and_the_refused_one_is_no_trouble_any_more() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let old = refused(&phone, &server);
    let line = phone.queue().lines.remove(0);
    assert!(line.correctable && line.rejected.is_some());
    assert!(phone.record(old).journey.correctable);
    let new = phone.saved(correct(old, "90.00"));
    let left = copied(folder.path());
    for phone in [&phone, &Phone::open(left.path(), &server, 9)] {
        assert_eq!(phone.customer(customer_id(1)).outstanding, money("1910.00"));
        assert_eq!(phone.session().sync.rejected, 0);
        let was = phone.record(old).journey;
        assert_eq!((was.corrected_by, was.rejected), (Some(new), None));
        assert!(!was.correctable);
        let lines = phone.queue().lines;
        let shown: Vec<_> = lines.iter().map(|l| (l.document, l.corrected_by)).collect();
        assert_eq!(shown, [(old, Some(new)), (new, None)]);
        assert_eq!(phone.customer(customer_id(1)).timeline.len(), 1);
    }
    let made = receipt_of(&phone, new);
    assert_eq!(made.core.number.n, 2, "a number of its own");
    assert_eq!(made.core.corrects, [old]);
    assert_eq!(made.comments[0].text, "老板亲手给的");
    phone.sync();
    assert!(server.0.borrow().documents.contains_key(&new));
    assert!(phone.queue().lines.is_empty());
    assert_eq!(phone.record(new).journey.corrects, Some(old));
    assert_eq!(phone.customer(customer_id(1)).outstanding, money("1910.00"));
}

#[test]
fn a_record_is_corrected_once_and_only_if_it_was_refused() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let old = refused(&phone, &server);
    let fine = phone.saved(save_visit(1, "fine"));
    assert_eq!(phone.failed(correct(fine, "90.00")), "record.not_refused");
    let visit = Request::Correct {
        document: old,
        by: Correction::Visit(Box::new(visit(1, "no receipt"))),
    };
    assert_eq!(phone.failed(visit), "record.not_refused");
    let wrong = Request::Correct {
        document: old,
        by: match receipt(2, "90.00", Method::Cash) {
            Request::IssueReceipt(new) => Correction::Receipt(new),
            other => panic!("{other:?}"),
        },
    };
    assert_eq!(phone.failed(wrong), "record.not_refused");
    phone.saved(correct(old, "90.00"));
    let again = phone.failed(correct(old, "80.00"));
    assert_eq!(again, "record.corrected_already");
}

#[test]
fn a_correction_that_is_refused_is_corrected_in_its_turn() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let first = refused(&phone, &server);
    let second = phone.saved(correct(first, "90.00"));
    refuse(&server, second, "admission.limit");
    phone.sync();
    assert_eq!(phone.session().sync.rejected, 1);
    assert_eq!(phone.customer(customer_id(1)).outstanding, money("1910.00"));
    let third = phone.saved(correct(second, "80.00"));
    assert_eq!(receipt_of(&phone, third).core.corrects, [second, first]);
    phone.sync();
    assert!(phone.queue().lines.is_empty());
    assert_eq!(phone.record(first).journey.corrected_by, Some(third));
    assert_eq!(phone.customer(customer_id(1)).outstanding, money("1920.00"));
}

#[test]
fn if_the_record_counts_after_all_its_correction_does_not() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let old = refused(&phone, &server);
    // An older copy of this store sends it once more, and nothing stands against it now.
    server.0.borrow_mut().refuse.clear();
    let bytes: Vec<u8> = phone
        .actor
        .look(|db| db.query_row("SELECT bytes FROM quarantine", [], |row| row.get(0)))
        .unwrap()
        .unwrap();
    let new = phone.saved(correct(old, "90.00"));
    server.admit(&bytes);
    phone.sync();
    let was = phone.record(old).journey;
    assert_eq!((was.corrected_by, was.rejected), (None, None));
    assert!(was.received_at.is_some());
    let line = phone.queue().lines.remove(0);
    assert_eq!(line.document, new);
    assert_eq!(
        (line.rejected.as_deref(), line.correctable),
        (Some("admission.corrects_admitted"), false)
    );
    assert_eq!(phone.customer(customer_id(1)).outstanding, money("1900.00"));
}

#[test]
fn another_phone_of_the_same_person_shows_the_correction() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let old = refused(&phone, &server);
    drop(phone);
    let copy = copied(folder.path());
    let phone = Phone::open(folder.path(), &server, 8);
    let twin = Phone::open(copy.path(), &server, 9);
    let new = phone.saved(correct(old, "90.00"));
    phone.sync();
    twin.sync();
    assert_eq!(twin.record(old).journey.corrected_by, Some(new));
    assert_eq!(twin.session().sync.rejected, 0);
    assert_eq!(twin.customer(customer_id(1)).outstanding, money("1910.00"));
    let again = twin.failed(correct(old, "80.00"));
    assert_eq!(again, "record.corrected_already");
}

#[test]
fn of_two_corrections_made_apart_one_is_refused_and_not_counted() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let old = refused(&phone, &server);
    drop(phone);
    let copy = copied(folder.path());
    let phone = Phone::open(folder.path(), &server, 8);
    let twin = Phone::open(copy.path(), &server, 9);
    let new = phone.saved(correct(old, "90.00"));
    let other = twin.saved(correct(old, "80.00"));
    phone.sync();
    twin.sync();
    twin.sync();
    let line = twin.queue().lines.remove(0);
    assert_eq!(
        (line.document, line.rejected.as_deref(), line.correctable),
        (other, Some("admission.corrected_already"), false)
    );
    assert_eq!(twin.record(old).journey.corrected_by, Some(new));
    assert_eq!(twin.customer(customer_id(1)).outstanding, money("1910.00"));
}

#[test]
fn a_corrected_visit_was_when_and_where_the_refused_one_was_and_its_photos_go_with_it() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let photo = NewPhoto {
        media_type: "image/jpeg".into(),
        bytes: vec![7; 1_000],
        caption: "店面".into(),
    };
    let mut new = visit(1, "原来写的");
    new.photos.push(photo.clone());
    let old = phone.saved(Request::SaveVisit(Box::new(new)));
    refuse(&server, old, "admission.limit");
    phone.sync();
    let RecordContent::Visit(was) = phone.record(old).content else {
        panic!("not a visit")
    };
    phone.clock.advance_ms(3_600_000);
    let mut new = visit(1, "改过的");
    new.photos.push(photo);
    new.started_at = NOW;
    let by = Correction::Visit(Box::new(new));
    let new = phone.saved(Request::Correct { document: old, by });
    let RecordContent::Visit(is) = phone.record(new).content else {
        panic!("not a visit")
    };
    assert_eq!(
        (is.started_at, is.ended_at, is.notes.as_str()),
        (was.started_at, was.ended_at, "改过的")
    );
    phone.sync();
    block_on(phone.actor.upload_now());
    assert_eq!(server.0.borrow().photos.len(), 1);
    assert_eq!(phone.session().sync.waiting_photos, 0);
}

#[test]
fn the_form_of_a_correction_shows_figures_and_promises_as_if_the_refused_record_were_not_there() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let old = refused(&phone, &server);
    let promise = NewPromise {
        customer: customer_id(1),
        instalments: vec![Instalment {
            due: "2026-11-30".parse().unwrap(),
            amount: money("500.00"),
        }],
        invoices: vec![],
        replaces: None,
        signature: signature(),
        language: "zh-CN".into(),
        photos: vec![],
    };
    let promised = phone.saved(Request::SignPromise(Box::new(promise)));
    refuse(&server, promised, "admission.limit");
    phone.sync();
    let form = |request| match phone.call(request) {
        Reply::Form(view) => *view,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        form(Request::Form(customer_id(1))).outstanding,
        money("1900.00")
    );
    let view = form(Request::CorrectionForm(old));
    assert_eq!(
        (view.outstanding, view.open_promises.len()),
        (money("2000.00"), 1)
    );
    let view = form(Request::CorrectionForm(promised));
    assert_eq!(
        (view.outstanding, view.open_promises.len()),
        (money("1900.00"), 0)
    );
    assert_eq!(phone.session().sync.rejected, 2, "asking changes nothing");
}
