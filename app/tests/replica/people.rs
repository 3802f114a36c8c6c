//! One store a person: a shared phone never shows the former user's customers.

use app::replica::api::*;

use crate::phone::*;

#[test]
fn a_second_person_on_the_same_phone_sees_nothing_of_the_first() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let id = phone.saved(save_visit(1, "mine"));
    let first = phone.session().me.unwrap().person.id;
    phone.call(Request::SignOut);
    assert!(phone.session().me.is_none());
    assert_eq!(phone.failed(Request::Today), "session.not_signed_in");
    phone.enrol("two");
    phone.sync();
    assert_eq!(phone.names(), ["别人的店"]);
    assert_eq!(phone.failed(Request::Record(id)), "record.not_found");
    assert_eq!(
        phone.failed(Request::Customer(customer_id(1))),
        "record.not_found"
    );
    assert!(phone.queue().lines.is_empty());
    assert_eq!(phone.session().known_people.len(), 2);
    phone.call(Request::SwitchTo(first));
    assert_eq!(phone.names().len(), 2);
    assert_eq!(phone.queue().lines.len(), 1, "what waited still waits");
    drop(phone);
    let again = Phone::open(folder.path(), &server, 8);
    assert_eq!(
        again.session().me.unwrap().person.id,
        first,
        "still signed in"
    );
}

#[test]
fn a_wrong_code_is_said_and_signs_nobody_in() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::open(folder.path(), &server, 7);
    let enrol = |server: &str, code: &str| Request::Enrol {
        server: server.into(),
        code: code.into(),
        label: String::new(),
    };
    assert_eq!(phone.failed(enrol("", "nope")), "enrol.code_unknown");
    server.0.borrow_mut().online = false;
    assert_eq!(phone.failed(enrol("", "one")), "network.unreachable");
    assert!(phone.session().me.is_none());
    assert!(phone.session().known_people.is_empty());
}

#[test]
fn enrolling_again_keeps_what_waits() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    phone.saved(save_visit(1, "unsent"));
    let me = phone.session().me.unwrap().person;
    server.0.borrow_mut().codes.insert("again".into(), me);
    phone.enrol("again");
    assert_eq!(phone.queue().lines.len(), 1);
    assert_eq!(phone.session().me.unwrap().device_code, "A02");
    assert_eq!(phone.names().len(), 2);
}
