//! Stores that cannot be read are set aside and reported, never deleted; bytes that crash the reader
//! do so once.

use std::path::{Path, PathBuf};

use app::replica::api::*;
use shared::ids::ChangeHash;

use crate::phone::*;

pub fn store(folder: &Path) -> PathBuf {
    std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|e| e.path())
        .find(|p| {
            p.to_string_lossy().contains("person-") && p.extension().is_some_and(|e| e == "db")
        })
        .unwrap()
}

fn set_aside(phone: &Phone) -> Vec<String> {
    let names = phone.notices().into_iter().filter_map(|n| match n {
        Notice::StoreSetAside { name } => Some(name),
        _ => None,
    });
    names.collect()
}

#[test]
fn a_store_that_is_no_database_is_set_aside_and_a_new_one_begun() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    drop(Phone::enrolled(folder.path(), &server, "one"));
    let file = store(folder.path());
    std::fs::write(&file, vec![0xab; 20_000]).unwrap();
    let phone = Phone::open(folder.path(), &server, 8);
    assert_eq!(set_aside(&phone).len(), 1);
    assert!(phone.session().me.is_none());
    assert!(phone.session().known_people.is_empty());
    let me = person(1, "张伟", shared::people::Role::Rep);
    server.0.borrow_mut().codes.insert("again".into(), me);
    phone.enrol("again");
    phone.sync();
    assert_eq!(phone.names().len(), 2);
    assert_eq!(
        std::fs::read(&file).unwrap(),
        vec![0xab; 20_000],
        "its bytes are untouched"
    );
}

#[test]
fn damage_in_the_middle_of_a_store_is_found_when_it_is_read_through() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    drop(Phone::enrolled(folder.path(), &server, "one"));
    let file = store(folder.path());
    let mut bytes = std::fs::read(&file).unwrap();
    let end = bytes.len();
    bytes[8_192..end - 4_096].fill(0xee);
    std::fs::write(&file, &bytes).unwrap();
    let phone = Phone::open(folder.path(), &server, 8);
    phone.actor.check_store();
    assert_eq!(set_aside(&phone).len(), 1);
    assert!(phone.session().me.is_none());
    assert!(file.exists());
}

#[test]
fn a_damaged_registry_is_set_aside_and_the_people_are_found_again() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    drop(Phone::enrolled(folder.path(), &server, "one"));
    std::fs::write(folder.path().join("registry-1.db"), vec![1; 9_000]).unwrap();
    let phone = Phone::open(folder.path(), &server, 8);
    assert_eq!(set_aside(&phone), ["registry-1.db"]);
    let people = phone.session().known_people;
    assert_eq!(people[0].1, "张伟");
    phone.call(Request::SwitchTo(people[0].0));
    assert_eq!(phone.names().len(), 2);
}

/// A supervisor's phone that finds this change noted as the one being read, and syncs.
fn finds_noted(times: u32) -> (Phone, shared::ids::DocumentId, shared::ids::DocumentId) {
    let server = company();
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let rep = Phone::enrolled(a.path(), &server, "one");
    drop(Phone::enrolled(b.path(), &server, "boss"));
    let id = rep.saved(save_visit(1, "poison"));
    let other = rep.saved(save_visit(2, "fine"));
    rep.sync();
    {
        // What a worker leaves behind that died while it read this change alone.
        let noted = format!("{} {times}", ChangeHash(id.0));
        let db = rusqlite::Connection::open(store(b.path())).unwrap();
        db.execute("UPDATE sync_state SET reading = ?1", [noted])
            .unwrap();
    }
    let boss = Phone::open(b.path(), &server, 9);
    boss.sync();
    (boss, id, other)
}

#[test]
fn a_change_that_crashed_the_reader_again_and_again_is_not_read_any_more() {
    let (boss, id, other) = finds_noted(3);
    assert_eq!(boss.failed(Request::Record(id)), "record.not_found");
    assert!(boss.record(other).journey.received_at.is_some());
}

#[test]
fn a_process_that_ended_while_a_change_was_read_does_not_make_that_change_the_culprit() {
    let (boss, id, _) = finds_noted(1);
    assert!(boss.record(id).journey.received_at.is_some());
}

#[test]
fn a_store_of_schema_1_is_still_read() {
    let frozen = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen/schema-1");
    let folder = copied(&frozen);
    let phone = Phone::open(folder.path(), &company(), 8);
    assert_eq!(phone.session().me.unwrap().person.name, "张伟");
    assert_eq!(phone.names(), ["大家乐超市", "恒发食品"]);
    let lines = phone.queue().lines;
    assert_eq!(lines.len(), 3, "a visit, a promise and a receipt wait");
    assert_eq!(phone.customer(customer_id(1)).outstanding, money("1700.00"));
    phone.saved(save_visit(1, "written by this version"));
}
