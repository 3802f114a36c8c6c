//! The contact book: what two people write into it offline is there on both phones after they have synced.

use app::replica::api::*;
use shared::{
    contact_book::{BookField, ContactBook},
    customer::ContactRole,
    evidence::GeoPoint,
    visit::WarningSign,
};

use crate::phone::*;

fn write(phone: &Phone, edit: BookEdit) {
    let reply = phone.call(Request::Book {
        customer: customer_id(1),
        edit,
    });
    assert_eq!(reply, Reply::Done);
}

fn field(phone: &Phone, field: BookField, text: &str) {
    write(phone, BookEdit::Field(field, text.into()));
}

fn contact(phone: &Phone, replaces: Option<&str>, name: &str, number: &str) {
    let replaces = replaces.map(|old| {
        let book = book(phone);
        let found = book.current_contacts().find(|c| c.name == old);
        found.unwrap().id
    });
    let edit = BookEdit::Contact {
        replaces,
        name: name.into(),
        role: ContactRole::Payer,
        phone: number.into(),
    };
    write(phone, edit);
}

fn book(phone: &Phone) -> ContactBook {
    phone.customer(customer_id(1)).book
}

fn people(phone: &Phone) -> Vec<(String, String)> {
    let book = book(phone);
    let mut all: Vec<_> = book
        .current_contacts()
        .map(|c| (c.name.clone(), c.phone.clone()))
        .collect();
    all.sort();
    all
}

fn pair(name: &str, number: &str) -> (String, String) {
    (name.to_owned(), number.to_owned())
}

/// The salesperson and their supervisor.
fn two(folders: &[tempfile::TempDir; 2]) -> [Phone; 2] {
    let server = company();
    let phone = |n: usize, code| Phone::enrolled(folders[n].path(), &server, code);
    [phone(0, "one"), phone(1, "boss")]
}

fn folders() -> [tempfile::TempDir; 2] {
    std::array::from_fn(|_| tempfile::tempdir().unwrap())
}

/// Until each has what the other wrote.
fn meet([rep, boss]: &[Phone; 2]) {
    rep.sync();
    boss.sync();
    rep.sync();
}

#[test]
fn who_decides_and_the_purchase_cycle_written_on_two_phones_offline_are_on_both() {
    let folders = folders();
    let phones = two(&folders);
    let [rep, boss] = &phones;
    field(rep, BookField::PurchaseCycle, "每月 5 号进货");
    field(rep, BookField::WhoPays, "会计小陈");
    field(boss, BookField::WhoDecides, "老板娘");
    meet(&phones);
    for phone in &phones {
        let fields = book(phone).fields;
        assert_eq!(fields["purchase_cycle"], "每月 5 号进货");
        assert_eq!(fields["who_decides"], "老板娘");
        assert_eq!(fields["who_pays"], "会计小陈");
    }
}

#[test]
fn one_fact_written_by_both_is_the_same_on_both_phones_and_can_be_written_again() {
    let folders = folders();
    let phones = two(&folders);
    let [rep, boss] = &phones;
    field(rep, BookField::WhoDecides, "刘国强");
    field(boss, BookField::WhoDecides, "老板娘");
    meet(&phones);
    let settled = book(rep).fields["who_decides"].clone();
    assert!(
        ["刘国强", "老板娘"].contains(&settled.as_str()),
        "{settled}"
    );
    assert_eq!(book(boss).fields["who_decides"], settled);
    field(rep, BookField::WhoDecides, "两个人一起");
    meet(&phones);
    assert_eq!(book(boss).fields["who_decides"], "两个人一起");
}

#[test]
fn a_contact_that_was_corrected_is_replaced_on_both_phones_and_nobody_elses_goes_with_it() {
    let folders = folders();
    let phones = two(&folders);
    let [rep, boss] = &phones;
    contact(rep, None, "刘国强", "13900000001");
    meet(&phones);
    // Offline one corrects the number, the other adds somebody.
    contact(rep, Some("刘国强"), "刘国强", "13900000002");
    contact(boss, None, "会计小陈", "13900000003");
    meet(&phones);
    for phone in &phones {
        let expected = [
            pair("会计小陈", "13900000003"),
            pair("刘国强", "13900000002"),
        ];
        assert_eq!(people(phone), expected);
        assert_eq!(
            book(phone).contacts.len(),
            3,
            "the old one stays in the history"
        );
    }
}

#[test]
fn a_contact_corrected_by_both_offline_keeps_both_corrections_and_neither_is_lost() {
    let folders = folders();
    let phones = two(&folders);
    let [rep, boss] = &phones;
    contact(rep, None, "刘国强", "1");
    meet(&phones);
    contact(rep, Some("刘国强"), "刘国强", "2");
    contact(boss, Some("刘国强"), "刘国强", "3");
    meet(&phones);
    for phone in &phones {
        assert_eq!(people(phone), [pair("刘国强", "2"), pair("刘国强", "3")]);
    }
}

#[test]
fn the_place_set_by_hand_is_the_customers_place_for_everybody_and_in_every_form() {
    let folders = folders();
    let phones = two(&folders);
    let [rep, _] = &phones;
    let here = GeoPoint {
        lat_e7: 306_000_000,
        lon_e7: 1_040_000_000,
    };
    write(rep, BookEdit::Position(here));
    let id = rep.saved(save_visit(1, "there"));
    meet(&phones);
    for phone in &phones {
        assert_eq!(book(phone).position, Some(here));
        assert_eq!(phone.record(id).customer_position, Some(here));
        let Reply::Form(form) = phone.call(Request::Form(customer_id(1))) else {
            panic!("no form")
        };
        assert_eq!(form.customer.position, Some(here));
    }
}

#[test]
fn signs_seen_by_both_are_all_there() {
    let folders = folders();
    let phones = two(&folders);
    let [rep, boss] = &phones;
    write(rep, BookEdit::Sign(WarningSign::OrdersFall));
    write(boss, BookEdit::Sign(WarningSign::AsksForLongerTerms));
    meet(&phones);
    for phone in &phones {
        assert_eq!(book(phone).signs.len(), 2);
    }
}
