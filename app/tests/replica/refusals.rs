//! Refused changes: the others flow, later changes of the same record as well, and the person sees
//! which and why.

use app::replica::api::*;
use shared::{document::Kind, ids::ChangeHash, receipt::Method};

use crate::{phone::*, server::Server};

/// The hashes of the changes that a phone would send next, in order.
fn outgoing(folder: &std::path::Path, phone: Phone, server: &Server) -> (Vec<ChangeHash>, Phone) {
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
