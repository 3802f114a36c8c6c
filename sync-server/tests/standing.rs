//! What server and devices promise each other when one of them is not what the other remembers: a
//! store rolled back or copied, a server restored from a backup, a device revoked.

#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use shared::sync::message::{Checkpoint, ExceptionKind, Standing};
use support::*;
use sync_server::{
    review,
    store::{Store, backup, devices, exceptions, ledger, log},
};

fn kinds(company: &Company) -> Vec<ExceptionKind> {
    let found = company.store.read(|c| exceptions::list(c, None, true, 100));
    found.unwrap().into_iter().map(|row| row.kind).collect()
}

/// The phone as it was.
fn copy(phone: &Phone) -> Phone {
    Phone {
        store: phone.store.clone(),
        device: phone.device.clone(),
        key: phone.key.clone(),
        token: phone.token.clone(),
        cursor: phone.cursor,
        version: phone.version,
        batch: phone.batch,
        generation: phone.generation,
        counter: phone.counter,
        receipts: phone.receipts,
        previous: phone.previous,
        clock: phone.clock,
    }
}

#[test]
fn a_store_behind_its_device_is_told_so_before_anything_of_it_is_looked_at() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let mut old = copy(&phone);
    let visit = phone.visit(company.customers[0]);
    assert!(acked(&phone.push(std::slice::from_ref(&visit)).answers));
    let other = old.visit(company.customers[1]);
    let told = old.push(std::slice::from_ref(&other));
    assert_eq!(told.standing, Standing::Behind { batch: 1 });
    assert_eq!(told.answers, []);
    assert_eq!(
        changes(&told.entries),
        [visit.document],
        "what it lost comes"
    );
    // With the generation it was given it goes on; the number that both used is seen.
    old.batch = 1;
    let response = old.push(&[other]);
    assert_eq!(response.standing, Standing::Current);
    assert!(acked(&response.answers));
    assert_eq!(kinds(&company), [ExceptionKind::CopiedStore]);
}

#[test]
fn a_batch_whose_answer_was_lost_is_no_sign_of_a_second_store() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let before = copy(&phone);
    let visit = phone.visit(company.customers[0]);
    let first = phone.push(std::slice::from_ref(&visit));
    let mut again = before;
    again.counter = phone.counter;
    let second = again.push(&[visit]);
    assert_eq!(second.standing, Standing::Current);
    assert_eq!(second.answers, first.answers);
    assert_eq!(second.generation, first.generation);
    let third = again.visit(company.customers[0]);
    assert!(acked(&again.push(&[third]).answers));
    assert_eq!(kinds(&company), []);
}

#[test]
fn a_twin_is_not_told_again_what_held_when_the_other_sent_the_same_under_that_number() {
    let company = Company::new();
    let mut boss = company.phone(company.boss, 2);
    let visit = boss.visit(company.customers[0]);
    let mut phone = company.phone(company.rep_a, 1);
    let mut twin = copy(&phone);
    let hello = shared::document::edit::Edit::Comment(shared::evidence::Comment {
        id: shared::ids::ElementId(uuid::Uuid::from_u128(7)),
        author: company.rep_a,
        at: now(),
        text: "收到".into(),
    });
    let comment = phone.edit(&[&visit.bytes], &hello);
    let refused = phone.push(std::slice::from_ref(&comment));
    assert_eq!(code(&refused.answers[0]), "admission.no_such_document");
    // The record comes (back), and the twin learns how its device stands: all but the batch's number.
    assert!(acked(&boss.push(&[visit]).answers));
    twin.generation = refused.generation;
    let response = twin.push(&[comment]);
    assert_eq!(response.standing, Standing::Current);
    assert!(acked(&response.answers), "{:?}", response.answers);
}

#[test]
fn a_server_restored_from_a_backup_finds_the_common_place_and_takes_again_what_it_lost() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let kept = phone.visit(company.customers[0]);
    assert!(acked(&phone.push(&[kept]).answers));
    phone.pull();
    let known = phone.cursor;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.db");
    company.store.back_up(&file).unwrap();
    let lost = phone.receipt(company.customers[0], "300", &[(company.invoices[0], "300")]);
    assert!(acked(&phone.push(std::slice::from_ref(&lost)).answers));
    phone.pull();

    let dir = folder.path().join("restored");
    assert_eq!(backup::restore(&dir, &file, "aside").unwrap(), None);
    phone.store = std::sync::Arc::new(Store::open(&dir).unwrap());
    let told = phone.send(&phone.request(&[])).unwrap();
    assert_eq!(told.standing, Standing::UnknownCursor);
    let mut request = phone.request(&[]);
    let place = |cursor: shared::sync::message::Cursor| Checkpoint {
        seq: cursor.seq,
        chain: cursor.chain.unwrap(),
    };
    request.checkpoints = vec![place(phone.cursor), place(known)];
    let told = phone.send(&request).unwrap();
    assert_eq!(told.standing, Standing::RolledBack { common: known.seq });
    assert_eq!(told.cursor.seq, 0, "the log is read anew");
    assert!(acked(&phone.push(&[lost]).answers));
    let report = phone.store.read(ledger::check).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    let head = phone.store.read(log::head).unwrap();
    assert!(head.seq > known.seq);
}

#[test]
fn a_restored_ledger_sets_the_old_one_aside_and_gives_device_codes_of_another_letter() {
    let company = Company::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.db");
    company.store.back_up(&file).unwrap();
    assert!(
        company.store.back_up(&file).is_err(),
        "nothing is overwritten"
    );
    let dir = folder.path().join("data");
    assert_eq!(backup::restore(&dir, &file, "first").unwrap(), None);
    let aside = backup::restore(&dir, &file, "second").unwrap().unwrap();
    assert!(aside.is_file());
    let store = Store::open(&dir).unwrap();
    let found = store
        .read(sync_server::store::company::get)
        .unwrap()
        .unwrap();
    assert_eq!(found.epoch, 2);
    let error = backup::restore(&dir, &file, "while-it-runs").unwrap_err();
    assert_eq!(error.code(), "store.busy", "a server has it open");
    drop(store);
    let damaged = folder.path().join("damaged.db");
    std::fs::write(&damaged, b"not a ledger at all").unwrap();
    let error = backup::restore(&dir, &damaged, "third").unwrap_err();
    assert_eq!(error.code(), "store.unreadable");
    assert!(dir.join("company.db").is_file(), "the ledger stays");
}

#[test]
fn what_a_revoked_device_still_sends_waits_for_review_and_posts_only_when_it_is_released() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let receipt = phone.receipt(company.customers[0], "300", &[(company.invoices[0], "300")]);
    let junk = phone.visit(company.customers[2]);
    company
        .store
        .write(|tx| devices::revoke(tx, phone.device.id, now()))
        .unwrap();
    phone.device.revoked_at = Some(now());
    let told = phone.push(&[receipt.clone(), junk.clone()]);
    assert_eq!(told.standing, Standing::UnderReview);
    assert_eq!((told.answers.len(), told.entries.len()), (0, 0));
    assert_eq!(company.outstanding(company.invoices[0]), money("1000"));
    let empty = phone.request(&[]);
    assert_eq!(phone.send(&empty).unwrap_err().code, "auth.revoked");

    let waiting = company.store.read(review::list).unwrap();
    assert_eq!(waiting.len(), 2);
    review::release(&company.store, receipt.hash, now()).unwrap();
    assert_eq!(company.outstanding(company.invoices[0]), money("700"));
    assert_eq!(kinds(&company), [ExceptionKind::RevokedAuthor]);
    let again = review::release(&company.store, receipt.hash, now());
    assert_eq!(again.unwrap_err().code(), "review.not_found");
    review::discard(&company.store, junk.hash).unwrap();
    assert_eq!(company.store.read(review::list).unwrap(), []);
}

#[test]
fn what_was_discarded_can_still_be_released_when_its_author_never_comes_back() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let receipt = phone.receipt(company.customers[0], "300", &[(company.invoices[0], "300")]);
    company
        .store
        .write(|tx| devices::revoke(tx, phone.device.id, now()))
        .unwrap();
    phone.device.revoked_at = Some(now());
    phone.push(std::slice::from_ref(&receipt));
    review::discard(&company.store, receipt.hash).unwrap();
    assert_eq!(company.store.read(review::list).unwrap(), []);
    let aside = company.store.read(review::discarded).unwrap();
    assert_eq!(aside.len(), 1);
    // Sent once more it does not come up again.
    phone.push(std::slice::from_ref(&receipt));
    assert_eq!(company.store.read(review::list).unwrap(), []);
    review::release(&company.store, receipt.hash, now()).unwrap();
    assert_eq!(company.outstanding(company.invoices[0]), money("700"));
    assert_eq!(company.store.read(review::discarded).unwrap(), []);
}
