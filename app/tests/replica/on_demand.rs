//! What is not here is fetched when somebody wants to see it.

use app::replica::api::*;
use shared::{
    ids::DocumentId,
    sync::message::{Entry, Want},
};

use crate::{phone::*, server::Server};

const BEING_FETCHED: &str = "record.being_fetched";

fn lines(phone: &Phone) -> Vec<Option<DocumentId>> {
    let timeline = phone.customer(customer_id(1)).timeline;
    timeline.into_iter().map(|line| line.document).collect()
}

fn wanted(server: &Server) -> Vec<Want> {
    server.0.borrow().requests.last().unwrap().wants.clone()
}

#[test]
fn a_record_known_by_its_digest_stands_in_the_lists_and_comes_whole_when_opened() {
    let server = company();
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let rep = Phone::enrolled(a.path(), &server, "one");
    let id = rep.saved(save_visit(1, "老板不在\n店员收了单"));
    rep.sync();
    let before = rep.customer(customer_id(1)).timeline;
    server.0.borrow_mut().outline(id);
    let boss = Phone::enrolled(b.path(), &server, "boss");
    assert_eq!(boss.customer(customer_id(1)).timeline, before);
    assert_eq!(boss.failed(Request::Record(id)), BEING_FETCHED);
    drop(boss);
    // What is wanted outlives a restart.
    let boss = Phone::open(b.path(), &server, 77);
    boss.sync();
    assert_eq!(wanted(&server), [Want::Document(id)]);
    let RecordContent::Visit(visit) = boss.record(id).content else {
        panic!("not a visit")
    };
    assert_eq!(visit.notes, "老板不在\n店员收了单");
    assert_eq!(boss.customer(customer_id(1)).timeline, before);
    boss.sync();
    assert_eq!(wanted(&server), []);
}

#[test]
fn a_comment_on_a_record_known_by_its_digest_fetches_it_and_quarantines_nothing() {
    let server = company();
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let rep = Phone::enrolled(a.path(), &server, "one");
    let id = rep.saved(save_visit(1, "a"));
    rep.sync();
    server.0.borrow_mut().outline(id);
    let boss = Phone::enrolled(b.path(), &server, "boss");
    rep.saved(Request::AddComment {
        document: id,
        text: "补充".into(),
    });
    rep.sync();
    boss.sync();
    assert_eq!(boss.record(id).content.comments().len(), 1);
    assert_eq!(boss.session().sync.rejected, 0);
}

#[test]
fn nothing_is_added_to_a_record_before_it_is_here() {
    let server = company();
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let rep = Phone::enrolled(a.path(), &server, "one");
    let id = rep.saved(save_visit(1, "a"));
    rep.sync();
    server.0.borrow_mut().outline(id);
    let boss = Phone::enrolled(b.path(), &server, "boss");
    let comment = Request::AddComment {
        document: id,
        text: "x".into(),
    };
    assert_eq!(boss.failed(comment.clone()), BEING_FETCHED);
    assert_eq!(boss.failed(Request::Record(id)), BEING_FETCHED);
    boss.sync();
    boss.saved(comment);
    assert_eq!(boss.record(id).content.comments().len(), 1);
}

#[test]
fn a_digest_never_takes_the_place_of_a_whole_record_and_a_fuller_one_is_fetched() {
    let server = company();
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let rep = Phone::enrolled(a.path(), &server, "one");
    let boss = Phone::enrolled(b.path(), &server, "boss");
    let id = rep.saved(save_visit(1, "a"));
    rep.sync();
    boss.sync();
    let digest = server.0.borrow().digest(id);
    server.log(digest);
    boss.sync();
    assert!(wanted(&server).is_empty());
    assert_eq!(boss.record(id).journey.waiting, 0);
    // Said while the customer was out of the supervisor's scope.
    rep.saved(Request::AddComment {
        document: id,
        text: "补充".into(),
    });
    rep.sync();
    server.0.borrow_mut().outline(id);
    boss.sync();
    assert_eq!(boss.record(id).content.comments().len(), 1);
}

#[test]
fn what_the_server_has_not_got_for_this_person_is_asked_for_once() {
    let server = company();
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let rep = Phone::enrolled(a.path(), &server, "one");
    let id = rep.saved(save_visit(1, "a"));
    rep.sync();
    server.0.borrow_mut().outline(id);
    let boss = Phone::enrolled(b.path(), &server, "boss");
    let gone =
        |e: &Entry| !matches!(&e.item, shared::sync::message::Item::Change(c) if c.document == id);
    server.0.borrow_mut().log.retain(gone);
    assert_eq!(boss.failed(Request::Record(id)), BEING_FETCHED);
    boss.sync();
    assert_eq!(wanted(&server), [Want::Document(id)]);
    assert_eq!(boss.failed(Request::Record(id)), "record.not_found");
    boss.sync();
    assert_eq!(wanted(&server), []);
}

#[test]
fn older_records_come_when_asked_for_until_there_are_none() {
    let server = company();
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let rep = Phone::enrolled(a.path(), &server, "one");
    let id = rep.saved(save_visit(1, "a"));
    rep.sync();
    {
        let mut state = server.0.borrow_mut();
        let item = state.digest(id);
        state.outline(id);
        let outlined = state.log.pop().unwrap();
        state.older.push(Entry {
            seq: outlined.seq,
            item,
        });
    }
    let boss = Phone::enrolled(b.path(), &server, "boss");
    let view = boss.customer(customer_id(1));
    assert_eq!((view.timeline.len(), view.older), (0, OlderRecords::Maybe));
    assert_eq!(
        boss.call(Request::OlderRecords(customer_id(1))),
        Reply::Done
    );
    assert_eq!(boss.customer(customer_id(1)).older, OlderRecords::Wanted);
    boss.sync();
    let before = NOW.plus_ms(-180 * 24 * 3_600_000 - 2_000);
    let asked = Want::Older {
        customer: customer_id(1),
        before,
    };
    assert_eq!(wanted(&server), [asked]);
    assert_eq!(lines(&boss), [Some(id)]);
    assert_eq!(boss.customer(customer_id(1)).older, OlderRecords::None);
}
