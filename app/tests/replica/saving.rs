//! What is saved stays; what fails changes nothing.

use std::rc::Rc;

use app::replica::{api::*, host::Files, host_native::Folder};
use futures::future::LocalBoxFuture;
use rusqlite::Connection;
use shared::{
    evidence::{Fix, GeoPoint},
    policy::work_list::Why,
    promise::Instalment,
    receipt::Method,
    visit::WarningSign,
};

use crate::phone::*;

fn promise(n: u128) -> NewPromise {
    NewPromise {
        customer: customer_id(n),
        instalments: vec![Instalment {
            due: "2026-11-30".parse().unwrap(),
            amount: money("500.00"),
        }],
        invoices: vec![invoice_id(10 * n)],
        replaces: None,
        signature: signature(),
        language: "zh-CN".into(),
        photos: vec![],
    }
}

#[test]
fn what_was_said_to_be_saved_is_there_after_a_kill() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    server.0.borrow_mut().online = false;
    let visit = phone.saved(save_visit(1, "下午来"));
    let promised = phone.saved(Request::SignPromise(Box::new(promise(1))));
    let paid = phone.saved(receipt(1, "300.00", Method::Cash));
    let left = copied(folder.path());
    let again = Phone::open(left.path(), &server, 8);
    for id in [visit, promised, paid] {
        assert_eq!(again.record(id).journey.waiting, 1);
    }
    server.0.borrow_mut().online = true;
    again.sync();
    for id in [visit, promised, paid] {
        assert_eq!(again.record(id).journey.waiting, 0);
        assert!(server.0.borrow().documents.contains_key(&id));
    }
}

#[test]
fn receipt_numbers_have_no_gap_whatever_happens_between() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let mut numbers = vec![];
    let mut previous = None;
    let mut take = |phone: &Phone| {
        let view = phone.record(phone.saved(receipt(1, "10.00", Method::Cash)));
        let RecordContent::Receipt(receipt, _) = view.content else {
            panic!("not a receipt")
        };
        assert_eq!(
            receipt.core.previous, previous,
            "each carries the last one's digest"
        );
        previous = Some(view.seal.unwrap().digest);
        numbers.push(receipt.core.number.to_string());
    };
    take(&phone);
    assert_eq!(
        phone.failed(receipt(1, "0", Method::Cash)),
        "receipt.no_amount"
    );
    assert_eq!(
        phone.failed(receipt(9, "5", Method::Cash)),
        "record.not_found"
    );
    phone.clock.advance_ms(86_400_000);
    take(&phone);
    let left = copied(folder.path());
    let again = Phone::open(left.path(), &server, 9);
    take(&again);
    assert_eq!(numbers, ["A01-261120-1", "A01-261121-2", "A01-261120-3"]);
}

#[test]
fn a_form_is_kept_until_its_record_is_saved() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let key = format!("visit/{}", customer_id(1));
    let json = r#"{"notes":"half"}"#.to_owned();
    phone.call(Request::SaveDraft {
        key: key.clone(),
        json: json.clone(),
    });
    assert_eq!(
        phone.call(Request::Draft(key.clone())),
        Reply::Draft(Some(json))
    );
    phone.saved(save_visit(1, "done"));
    assert_eq!(phone.call(Request::Draft(key)), Reply::Draft(None));
}

#[test]
fn the_photos_of_a_form_are_forgotten_with_it_so_that_none_turns_up_in_the_next_record() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    for (form, record) in [
        ("visit", save_visit(1, "a")),
        ("receipt", receipt(1, "10.00", Method::Cash)),
    ] {
        let photos = format!("{form}/{}/photos", customer_id(1));
        phone.call(Request::SaveDraft {
            key: photos.clone(),
            json: "[]".into(),
        });
        phone.saved(record);
        // The app may have been killed by now: nobody comes to clear up after the form.
        assert_eq!(
            phone.call(Request::Draft(photos)),
            Reply::Draft(None),
            "{form}"
        );
    }
}

#[test]
fn the_letter_that_is_sealed_is_the_one_that_was_shown() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let Reply::Letter(shown) = phone.call(Request::PreviewLetter(Box::new(promise(1)))) else {
        panic!("no letter")
    };
    let id = phone.saved(Request::SignPromise(Box::new(promise(1))));
    let RecordContent::Promise(sealed, ..) = phone.record(id).content else {
        panic!("not a promise")
    };
    assert_eq!(sealed.core.letter, shown);
    let mut unsigned = promise(1);
    unsigned.signature.strokes.0.clear();
    let refused = phone.failed(Request::SignPromise(Box::new(unsigned)));
    assert_eq!(refused, "promise.no_signature");
}

/// A folder on a disk that is nearly full.
struct Nearly(Folder, u32);

impl Files for Nearly {
    fn reserve(&self, files: usize) -> LocalBoxFuture<'static, Result<(), String>> {
        self.0.reserve(files)
    }

    fn open(&self, name: &str) -> rusqlite::Result<Connection> {
        let db = self.0.open(name)?;
        if name.starts_with("person-") {
            db.pragma_update(None, "max_page_count", self.1)?;
        }
        Ok(db)
    }

    fn names(&self) -> Vec<String> {
        self.0.names()
    }
}

#[test]
fn a_full_disk_is_said_and_changes_nothing() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    drop(Phone::enrolled(folder.path(), &server, "one"));
    let files = Nearly(Folder(folder.path().to_owned()), 120);
    let phone = Phone::open_with(Rc::new(files), &server, 9);
    let key = format!("visit/{}", customer_id(1));
    let keep = Request::SaveDraft {
        key: key.clone(),
        json: "{}".into(),
    };
    assert_eq!(phone.call(keep), Reply::Done);
    let mut big = visit(1, "with a photo");
    big.photos.push(NewPhoto {
        media_type: "image/jpeg".into(),
        bytes: vec![7; 2 << 20],
        caption: String::new(),
    });
    assert_eq!(
        phone.failed(Request::SaveVisit(Box::new(big))),
        "store.full"
    );
    assert!(phone.queue().lines.is_empty());
    assert_eq!(
        phone.call(Request::Draft(key)),
        Reply::Draft(Some("{}".into()))
    );
    phone.saved(save_visit(1, "without"));
    assert_eq!(phone.queue().lines.len(), 1);
}

#[test]
fn a_visit_teaches_the_contact_book_what_was_seen_and_where() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let fix = |lat_e7, accuracy_m| Fix {
        point: GeoPoint {
            lat_e7,
            lon_e7: 1_214_998_000,
        },
        accuracy_m,
        at: NOW,
    };
    let go = |lat_e7, accuracy_m| {
        let mut new = visit(1, "看货");
        new.signs = vec![WarningSign::OrdersFall];
        new.check_in = Some(fix(lat_e7, accuracy_m));
        phone.saved(Request::SaveVisit(Box::new(new)));
        phone.customer(customer_id(1)).book
    };
    assert_eq!(go(312_000_000, 101).position, None, "too vague");
    assert_eq!(
        go(312_397_000, 100).position,
        Some(fix(312_397_000, 100).point)
    );
    let book = go(312_900_000, 5);
    assert_eq!(
        book.position,
        Some(fix(312_397_000, 100).point),
        "the first stands"
    );
    assert_eq!(book.signs.len(), 3);
    let why = phone.customer(customer_id(1)).why;
    assert!(why.contains(&Why::Sign(WarningSign::OrdersFall)), "{why:?}");
    phone.sync();
    assert!(phone.queue().lines.is_empty());
}
