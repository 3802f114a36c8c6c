//! A server restored from a backup and its phones: everything that the server had confirmed returns
//! from the phones of those who made it.

#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

use app::replica::api::{ApprovalOf, RecordContent, Reply, Request};
use shared::{document::Record, ids::DocumentId, people::Role, sync::message::ExceptionKind};
use sync_server::store::{Store, backup, devices, documents, exceptions, ledger};
use tests::{phone::Phone, records::Dice, world::World};

/// Opens a record: what of it is only listed here is fetched.
fn open(phone: &Phone, document: DocumentId) {
    let _ = phone.try_ask(Request::Record(document));
    phone.sync();
}

fn comments(phone: &Phone, document: DocumentId) -> Vec<String> {
    open(phone, document);
    let Reply::Record(view) = phone.ask(Request::Record(document)) else {
        panic!("no record")
    };
    let RecordContent::Visit(visit) = &view.content else {
        panic!("no visit")
    };
    // As screens show them. (The answer lies before the comment in the document if it came back first.)
    let mut comments = visit.comments.clone();
    comments.sort_by_key(|comment| comment.at);
    comments.into_iter().map(|c| c.text).collect()
}

fn comment(phone: &Phone, document: DocumentId, text: &str) {
    open(phone, document);
    phone.ask(Request::AddComment {
        document,
        text: text.to_owned(),
    });
}

fn waiting(phone: &Phone) -> u32 {
    match phone.ask(Request::Session) {
        Reply::Session(view) => view.sync.waiting,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_restored_server_lost_returns_from_its_authors_phones_in_any_order() {
    for supervisor_first in [true, false] {
        check(supervisor_first);
    }
}

fn check(supervisor_first: bool) {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(&folder.path().join("server"));
    let rep = world.person("陈晓东", Role::Rep);
    let boss = world.person("周立", Role::Supervisor);
    world.lead(&boss);
    let about = world.customers(&rep, 3, 2);
    let phone = Phone::enrol(&folder.path().join("rep"), &mut world, &rep);
    let desk = Phone::enrol(&folder.path().join("boss"), &mut world, &boss);
    phone.sync();
    let mut dice = Dice(7);
    let (customer, invoice) = &about[0];
    let before = phone.save_visit(&mut dice, customer);
    phone.sync();
    desk.sync();
    let file = folder.path().join("backup.db");
    world.store.back_up(&file).unwrap();

    // All of this the backup lacks: records, and additions of both to each other's.
    let visit = phone.save_visit(&mut dice, customer);
    let receipt = phone.issue_receipt(&mut dice, customer, invoice);
    phone.sync();
    desk.sync();
    comment(&desk, visit, "明天再去");
    comment(&desk, before, "好");
    desk.sync();
    phone.sync();
    comment(&phone, visit, "收到");
    phone.sync();
    let all = [before, visit, receipt];
    let balance = |world: &World| {
        let found = world
            .store
            .read(|c| sync_server::store::books::invoice(c, invoice.id));
        found.unwrap().unwrap().settled
    };
    let settled = balance(&world);

    let dir = folder.path().join("restored");
    backup::restore(&dir, &file, "aside").unwrap();
    world.restart_with(Store::open(&dir).unwrap());
    assert_ne!(balance(&world), settled, "the backup lacks the receipt");
    let order = match supervisor_first {
        true => [&desk, &phone, &desk, &phone, &desk],
        false => [&phone, &desk, &phone, &desk, &phone],
    };
    for device in order {
        device.sync();
    }
    assert_eq!((waiting(&phone), waiting(&desk)), (0, 0));
    assert_eq!(balance(&world), settled);
    for document in all {
        let stored = world.store.read(|c| documents::stored(c, document));
        assert!(stored.unwrap().is_some(), "{document}");
    }
    for device in [&phone, &desk] {
        assert_eq!(comments(device, visit), ["明天再去", "收到"]);
        assert_eq!(comments(device, before), ["好"]);
        assert_eq!(device.visits(), 2);
    }
    let report = world.store.read(ledger::check).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
}

#[test]
fn a_decision_waits_for_the_request_that_a_restored_server_lost() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::new(&folder.path().join("server"));
    let rep = world.person("陈晓东", Role::Rep);
    let boss = world.person("周立", Role::Supervisor);
    world.lead(&boss);
    let about = world.customers(&rep, 3, 2);
    let phone = Phone::enrol(&folder.path().join("rep"), &mut world, &rep);
    let desk = Phone::enrol(&folder.path().join("boss"), &mut world, &boss);
    phone.sync();
    let (customer, invoice) = &about[0];
    let receipt = phone.issue_receipt(&mut Dice(7), customer, invoice);
    phone.sync();
    let file = folder.path().join("backup.db");
    world.store.back_up(&file).unwrap();
    // The backup has the receipt and neither the request nor the decision.
    let reason = "重复开单".to_owned();
    let document = receipt;
    phone.ask(Request::RequestVoid { document, reason });
    phone.sync();
    desk.sync();
    open(&desk, receipt);
    let Reply::Approvals(asked) = desk.ask(Request::Approvals) else {
        panic!("no approvals")
    };
    let ApprovalOf::Void { request, .. } = asked[0].what else {
        panic!("not a void")
    };
    desk.ask(Request::DecideVoid {
        document,
        request,
        approve: true,
        note: String::new(),
    });
    desk.sync();
    let dir = folder.path().join("restored");
    backup::restore(&dir, &file, "aside").unwrap();
    world.restart_with(Store::open(&dir).unwrap());
    desk.sync();
    assert_eq!(waiting(&desk), 1, "put off until the request is there");
    open(&desk, receipt);
    let Reply::Record(view) = desk.ask(Request::Record(receipt)) else {
        panic!("no record")
    };
    let RecordContent::Receipt(shown, _) = &view.content else {
        panic!("no receipt")
    };
    let counts = (shown.void_requests.len(), shown.void_decisions.len());
    assert_eq!(counts, (1, 1), "shown as it was decided");
    phone.sync();
    desk.sync();
    assert_eq!((waiting(&phone), waiting(&desk)), (0, 0));
    let stored = world.store.read(|c| documents::record(c, receipt)).unwrap();
    let Some(Record::Receipt(stored, _)) = stored else {
        panic!("no receipt")
    };
    let counts = (stored.void_requests.len(), stored.void_decisions.len());
    assert_eq!(counts, (1, 1));
}

/// A phone enrolled after the backup was made, with records that only it has; and the server restored.
fn enrolled_after_the_backup(
    folder: &std::path::Path,
) -> (World, shared::people::Person, Phone, Vec<DocumentId>) {
    let mut world = World::new(&folder.join("server"));
    let rep = world.person("陈晓东", Role::Rep);
    let about = world.customers(&rep, 2, 2);
    let file = folder.join("backup.db");
    world.store.back_up(&file).unwrap();
    let phone = Phone::enrol(&folder.join("rep"), &mut world, &rep);
    phone.sync();
    let mut dice = Dice(7);
    let (customer, invoice) = &about[0];
    let mut made = vec![
        phone.save_visit(&mut dice, customer),
        phone.issue_receipt(&mut dice, customer, invoice),
    ];
    phone.sync();
    // Not sent before the server broke.
    made.push(phone.issue_receipt(&mut dice, customer, invoice));
    let dir = folder.join("restored");
    backup::restore(&dir, &file, "aside").unwrap();
    world.restart_with(Store::open(&dir).unwrap());
    (world, rep, phone, made)
}

/// Signs in with a new code; the restarted server has cut the connection, which shows at the first try.
fn enrol(phone: &Phone, world: &mut World, person: &shared::people::Person) {
    let asked = Request::Enrol {
        server: world.url(),
        code: world.code(person),
        label: "test".to_owned(),
    };
    match phone.try_ask(asked.clone()) {
        Reply::Failed(failure) if failure.code == "network.unreachable" => phone.ask(asked),
        reply => reply,
    };
}

fn is_stored(world: &World, document: DocumentId) -> bool {
    let stored = world.store.read(|c| documents::stored(c, document));
    stored.unwrap().is_some()
}

#[test]
fn what_was_made_on_a_device_enrolled_after_the_backup_is_taken_in_when_it_enrols_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (mut world, rep, phone, made) = enrolled_after_the_backup(folder.path());
    enrol(&phone, &mut world, &rep);
    phone.sync();
    phone.sync();
    assert_eq!(waiting(&phone), 0);
    for document in &made {
        assert!(is_stored(&world, *document), "{document}");
    }
    let report = world.store.read(ledger::check).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    let devices = world.store.read(devices::all).unwrap();
    let codes: Vec<&str> = devices.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(codes.len(), 2, "the closed one and the new one: {codes:?}");
    let open = world.store.read(|c| exceptions::list(c, None, true, 100));
    // (More may have been paid than was owed: that is not what is looked at here.)
    let about_devices = |kind| kind != ExceptionKind::Overpaid;
    let found = open.unwrap().into_iter().map(|row| row.kind);
    assert_eq!(found.filter(|kind| about_devices(*kind)).count(), 0);
}

#[test]
fn whoever_enrols_again_and_again_brings_what_was_made_under_every_former_identity() {
    let folder = tempfile::tempdir().unwrap();
    let (mut world, rep, phone, made) = enrolled_after_the_backup(folder.path());
    let file = folder.path().join("later.db");
    world.store.back_up(&file).unwrap();
    enrol(&phone, &mut world, &rep);
    phone.sync();
    let dir = folder.path().join("again");
    backup::restore(&dir, &file, "aside").unwrap();
    world.restart_with(Store::open(&dir).unwrap());
    enrol(&phone, &mut world, &rep);
    phone.sync();
    phone.sync();
    for document in &made {
        assert!(is_stored(&world, *document), "{document}");
    }
}

#[test]
fn another_person_on_the_same_phone_takes_nothing_over_and_is_not_kept_from_enrolling() {
    let folder = tempfile::tempdir().unwrap();
    let (mut world, rep, phone, made) = enrolled_after_the_backup(folder.path());
    let other = world.person("李雷", Role::Rep);
    enrol(&phone, &mut world, &other);
    phone.sync();
    assert!(!made.iter().any(|document| is_stored(&world, *document)));
    // The first one's records are theirs still.
    enrol(&phone, &mut world, &rep);
    phone.sync();
    phone.sync();
    assert!(made.iter().all(|document| is_stored(&world, *document)));
}
