//! A server restored from a backup and its phones: everything that the server had confirmed returns
//! from the phones of those who made it.

#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

use app::replica::api::{RecordContent, Reply, Request};
use shared::{ids::DocumentId, people::Role};
use sync_server::store::{Store, backup, documents, ledger};
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
