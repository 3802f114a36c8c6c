//! Refused changes: the others flow, later changes of the same record as well, and the person sees
//! which and why.

use app::replica::api::*;
use shared::{document::Kind, ids::ChangeHash, receipt::Method};

use crate::{phone::*, server::Server};

/// The hashes of the changes that a phone would send next, in order.
pub fn outgoing(
    folder: &std::path::Path,
    phone: Phone,
    server: &Server,
) -> (Vec<ChangeHash>, Phone) {
    drop(phone);
    let file = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|e| e.path())
        .find(|p| {
            p.to_string_lossy().contains("person-") && p.extension().is_some_and(|e| e == "db")
        })
        .unwrap();
    let db = rusqlite::Connection::open(file).unwrap();
    let hashes = db
        .prepare("SELECT hash FROM outbox ORDER BY place")
        .unwrap()
        .query_map([], |row| row.get(0).map(ChangeHash))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    drop(db);
    (hashes, Phone::open(folder, server, 21))
}

#[test]
fn a_refused_record_is_kept_and_shown_while_the_others_flow() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let bad = phone.saved(save_visit(1, "refused"));
    phone.saved(Request::AddComment {
        document: bad,
        text: "later".into(),
    });
    let good = phone.saved(save_visit(2, "fine"));
    server
        .0
        .borrow_mut()
        .refuse
        .insert(ChangeHash(bad.0), "admission.out_of_scope");
    phone.sync();
    assert!(phone.record(good).journey.received_at.is_some());
    let lines = phone.queue().lines;
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].document, bad);
    assert_eq!(lines[0].kind, Kind::Visit);
    assert_eq!(lines[0].rejected.as_deref(), Some("admission.out_of_scope"));
    assert_eq!(phone.session().sync.rejected, 1);
    let RecordContent::Visit(visit) = phone.record(bad).content else {
        panic!("not a visit")
    };
    assert_eq!(
        (visit.notes.as_str(), visit.comments.len()),
        ("refused", 1),
        "still readable"
    );
    phone.call(Request::DismissRejected(bad));
    assert!(phone.queue().lines.is_empty());
    assert_eq!(phone.session().sync.rejected, 0);
}

#[test]
fn later_edits_of_a_record_are_made_anew_when_an_earlier_one_is_refused() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let id = phone.saved(save_visit(1, "a"));
    phone.sync();
    for text in ["first", "second", "third"] {
        phone.saved(Request::AddComment {
            document: id,
            text: text.into(),
        });
    }
    let (hashes, phone) = outgoing(folder.path(), phone, &server);
    server
        .0
        .borrow_mut()
        .refuse
        .insert(hashes[0], "admission.limit");
    phone.sync();
    let comments = |phone: &Phone| {
        let RecordContent::Visit(visit) = phone.record(id).content else {
            panic!("not a visit")
        };
        visit
            .comments
            .into_iter()
            .map(|c| c.text)
            .collect::<Vec<_>>()
    };
    assert_eq!(comments(&phone), ["second", "third"]);
    let line = phone.queue().lines.remove(0);
    assert_eq!(
        (line.changes, line.rejected.as_deref()),
        (0, Some("admission.limit"))
    );
    let other = tempfile::tempdir().unwrap();
    let boss = Phone::enrolled(other.path(), &server, "boss");
    assert_eq!(comments(&boss), ["second", "third"], "others see the same");
    phone.saved(Request::AddComment {
        document: id,
        text: "fourth".into(),
    });
    phone.sync();
    boss.sync();
    assert_eq!(comments(&boss), ["second", "third", "fourth"]);
}

#[test]
fn money_of_a_refused_receipt_stays_in_the_figures_until_it_is_dealt_with() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let bad = phone.saved(receipt(1, "100.00", Method::Cash));
    server
        .0
        .borrow_mut()
        .refuse
        .insert(ChangeHash(bad.0), "admission.broken_seal");
    phone.sync();
    assert_eq!(phone.customer(customer_id(1)).outstanding, money("1900.00"));
    phone.call(Request::DismissRejected(bad));
    assert_eq!(phone.customer(customer_id(1)).outstanding, money("2000.00"));
}

/// A supervisor's phone with a comment on a visit that a restored server has lost, and its author's phone too.
fn put_off(server: &Server, folder: &std::path::Path) -> (Phone, shared::ids::DocumentId, Vec<u8>) {
    let rep_folder = tempfile::tempdir().unwrap();
    let rep = Phone::enrolled(rep_folder.path(), server, "one");
    let id = rep.saved(save_visit(1, "a"));
    rep.sync();
    let boss = Phone::enrolled(folder, server, "boss");
    boss.saved(Request::AddComment {
        document: id,
        text: "明天再去".into(),
    });
    let bytes = server.0.borrow_mut().lose(id);
    let gone = boss.actor.look(|db| {
        db.execute("DELETE FROM change WHERE hash = ?1", [id.0])?;
        db.execute("DELETE FROM visit WHERE document = ?1", [id.0])
    });
    gone.unwrap().unwrap();
    boss.sync();
    (boss, id, bytes)
}

fn pass(phone: &Phone, server: &Server, days: i64) {
    let ms = days * 24 * 3_600_000;
    phone.clock.advance_ms(ms);
    let clock = server.0.borrow().clock;
    server.0.borrow_mut().clock = clock.plus_ms(ms);
    phone.sync();
}

#[test]
fn an_addition_to_a_record_that_never_comes_back_is_given_up_after_90_days_and_says_why() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let (boss, id, _) = put_off(&server, folder.path());
    pass(&boss, &server, 89);
    let line = boss.queue().lines.remove(0);
    assert_eq!((line.document, line.rejected), (id, None), "it waits");
    // Tried again when the store is opened: that does not begin the 90 days anew.
    drop(boss);
    let boss = Phone::open(folder.path(), &server, 33);
    boss.sync();
    pass(&boss, &server, 92);
    let line = boss.queue().lines.remove(0);
    assert_eq!(
        (line.document, line.rejected.as_deref(), line.label.as_str()),
        (id, Some("record.base_gone"), "明天再去")
    );
    assert!(!line.correctable);
    let sync = boss.session().sync;
    assert_eq!((sync.rejected, sync.waiting, sync.put_off), (1, 0, 0));
    boss.call(Request::DismissRejected(id));
    assert!(boss.queue().lines.is_empty());
}

#[test]
fn an_addition_whose_record_comes_back_in_time_is_sent_and_not_given_up_later() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let (boss, id, bytes) = put_off(&server, folder.path());
    pass(&boss, &server, 60);
    server.admit(&bytes);
    boss.sync();
    pass(&boss, &server, 60);
    assert!(boss.queue().lines.is_empty());
    assert_eq!(boss.record(id).content.comments().len(), 1);
}
