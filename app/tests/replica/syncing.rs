//! To the server and back, whatever is cut in between.

use app::replica::{actor::Actor, api::*};
use futures::channel::mpsc::UnboundedReceiver;
use shared::{
    contact_book::BookField,
    receipt::Method,
    sync::{
        client::{Failure, Status},
        message::{Item, OLDEST_VERSION, PROTOCOL_VERSION, Row},
    },
};

use crate::{phone::*, server::Server};

#[test]
fn a_lost_reply_doubles_nothing_and_the_same_batch_is_sent_again() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let id = phone.saved(save_visit(1, "a"));
    server.0.borrow_mut().lose_reply = true;
    assert_eq!(block_on(phone.actor.sync_now()), Err(Failure::Unreachable));
    let before = server.0.borrow().log.len();
    phone.saved(save_visit(2, "b"));
    drop(phone);
    let again = Phone::open(folder.path(), &server, 9);
    again.sync();
    let state = server.0.borrow();
    let batches: Vec<_> = state
        .requests
        .iter()
        .filter(|r| !r.frames.is_empty())
        .map(|r| (r.batch, r.hashes()))
        .collect();
    assert_eq!(batches.len(), 3);
    assert_eq!(batches[0], batches[1], "unanswered: the same again");
    assert_eq!(batches[2].0, batches[1].0 + 1);
    assert_eq!(
        state.log.len(),
        before + 1,
        "only the second visit was news"
    );
    drop(state);
    assert_eq!(again.record(id).journey.waiting, 0);
    assert!(again.queue().lines.is_empty());
}

#[test]
fn pages_are_taken_in_once_each_and_in_full() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    server.0.borrow_mut().page_size = 2;
    let phone = Phone::enrolled(folder.path(), &server, "one");
    assert_eq!(phone.names().len(), 2);
    let rounds = server.0.borrow().requests.len();
    assert_eq!(rounds, server.0.borrow().log.len().div_ceil(2));
    phone.sync();
    let state = server.0.borrow();
    let last = state.requests.last().unwrap();
    assert_eq!(
        last.cursor.seq,
        state.log.len() as u64,
        "asks only for what is new"
    );
}

#[test]
fn a_comment_of_the_supervisor_and_notes_edited_offline_merge() {
    let server = company();
    let (rep_folder, boss_folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let rep = Phone::enrolled(rep_folder.path(), &server, "one");
    let boss = Phone::enrolled(boss_folder.path(), &server, "boss");
    let id = rep.saved(save_visit(1, "老板不在"));
    rep.sync();
    boss.sync();
    boss.saved(Request::AddComment {
        document: id,
        text: "下周再去".into(),
    });
    rep.saved(Request::EditNotes {
        document: id,
        notes: "老板不在,店员收了单".into(),
    });
    boss.sync();
    rep.sync();
    boss.sync();
    for phone in [&rep, &boss] {
        let RecordContent::Visit(visit) = phone.record(id).content else {
            panic!("not a visit")
        };
        assert_eq!(visit.notes, "老板不在,店员收了单");
        assert_eq!(visit.comments.len(), 1);
    }
    let Reply::VisitLog(log) = boss.call(Request::VisitLog(VisitLogFilter {
        limit: 10,
        ..VisitLogFilter::default()
    })) else {
        panic!("no log")
    };
    assert_eq!((log.total, log.lines[0].comments), (1, 1));
    assert_eq!(log.lines[0].person.1, "张伟");
    assert_eq!(log.lines[0].place, PlaceCheck::NoFix);
}

#[test]
fn both_phones_make_the_same_contact_book_and_their_facts_merge() {
    let server = company();
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let rep = Phone::enrolled(a.path(), &server, "one");
    let boss = Phone::enrolled(b.path(), &server, "boss");
    let fact = |field, text: &str| Request::Book {
        customer: customer_id(1),
        edit: BookEdit::Field(field, text.into()),
    };
    assert_eq!(rep.call(fact(BookField::BestTime, "15:30")), Reply::Done);
    assert_eq!(boss.call(fact(BookField::WhoPays, "会计小陈")), Reply::Done);
    rep.sync();
    boss.sync();
    rep.sync();
    for phone in [&rep, &boss] {
        let book = phone.customer(customer_id(1)).book;
        assert_eq!(book.fields.len(), 2, "{:?}", book.fields);
        assert!(phone.queue().lines.is_empty());
    }
}

#[test]
fn a_customer_that_leaves_stays_until_nothing_of_theirs_waits() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let paid = phone.saved(receipt(1, "100.00", Method::Cash));
    phone.sync();
    phone.saved(save_visit(1, "offline"));
    let me = phone.session().me.unwrap().person.id;
    {
        let mut state = server.0.borrow_mut();
        state.scope.get_mut(&me).unwrap().remove(&customer_id(1));
        state.append(Item::Leave(customer_id(1)));
        // The answers to the batch are lost, so the visit still waits when the page comes.
        state.refuse.clear();
    }
    phone.sync();
    assert_eq!(
        phone.names(),
        ["大家乐超市"],
        "gone once its visit is acknowledged"
    );
    assert_eq!(server.0.borrow().documents.len(), 2);
    let kept = phone.record(paid);
    assert_eq!(
        kept.customer.1, "恒发食品",
        "own receipts stay, with the name as printed"
    );
    let Reply::Collect(collect) = phone.call(Request::Collect) else {
        panic!("no view")
    };
    assert_eq!(collect.receipts.len(), 1);
}

#[test]
fn customers_that_leave_on_one_page_go_together_and_own_receipts_stay_what_they_were() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let paid = [1, 2].map(|n| phone.saved(receipt(n, "100.00", Method::Cash)));
    phone.saved(save_visit(1, "seen"));
    phone.sync();
    phone.sync();
    let me = phone.session().me.unwrap().person.id;
    let is_second = |row: &Row| matches!(row, Row::Customer(c) if c.id == customer_id(2));
    let second = server
        .0
        .borrow()
        .log
        .iter()
        .find_map(|entry| match &entry.item {
            Item::Row(row) if is_second(row) => Some(row.clone()),
            _ => None,
        });
    {
        let mut state = server.0.borrow_mut();
        state.scope.insert(me, [].into());
        state.append(Item::Leave(customer_id(1)));
        state.append(Item::Leave(customer_id(2)));
    }
    phone.sync();
    assert!(phone.names().is_empty());
    {
        let mut state = server.0.borrow_mut();
        state.scope.insert(me, [customer_id(2)].into());
        state.append(Item::Enter(customer_id(2)));
        state.append(Item::Row(second.unwrap()));
    }
    phone.sync();
    assert_eq!(phone.names(), ["大家乐超市"]);
    let back = phone.customer(customer_id(2));
    assert!(
        back.invoices.is_empty(),
        "what it owed before it left is gone"
    );
    // A record that takes the next place in the store changes nothing about what stayed.
    phone.saved(save_visit(2, "again"));
    let Reply::Collect(collect) = phone.call(Request::Collect) else {
        panic!("no view")
    };
    let mut kept: Vec<_> = collect
        .receipts
        .iter()
        .filter_map(|line| line.0.document)
        .collect();
    kept.sort();
    let mut expected = paid;
    expected.sort();
    assert_eq!(kept, expected);
    assert_eq!(collect.cash_in_hand, money("200.00"));
}

#[test]
fn a_revoked_phone_keeps_everything_and_goes_on_writing() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    phone.saved(save_visit(1, "before"));
    server.0.borrow_mut().revoked = true;
    assert_eq!(block_on(phone.actor.sync_now()), Err(Failure::Unauthorized));
    phone.saved(save_visit(2, "after"));
    assert_eq!(phone.queue().lines.len(), 2);
    assert_eq!(phone.names().len(), 2);
    server.0.borrow_mut().revoked = false;
    phone.sync();
    assert!(phone.queue().lines.is_empty(), "nothing was lost");
}

#[test]
fn a_wrong_clock_is_measured_not_refused() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    phone.clock.advance_ms(86_400_000);
    let id = phone.saved(save_visit(1, "tomorrow"));
    phone.sync();
    let offset = phone.record(id).clock_offset_ms.unwrap();
    assert_eq!(offset, 86_400_000 + 2_000);
    assert_eq!(phone.session().sync.clock_offset_ms, offset);
}

#[test]
fn a_store_that_was_rolled_back_gets_its_records_and_its_counters_again() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    drop(phone);
    let backup = copied(folder.path());
    let phone = Phone::open(folder.path(), &server, 8);
    let lost = phone.saved(receipt(1, "100.00", Method::Cash));
    phone.sync();
    let restored = Phone::open(backup.path(), &server, 9);
    restored.sync();
    assert!(restored.record(lost).mine);
    let next = restored.record(restored.saved(receipt(1, "50.00", Method::Cash)));
    let RecordContent::Receipt(next, _) = next.content else {
        panic!("not a receipt")
    };
    assert_eq!(next.core.number.n, 2);
    assert_eq!(
        next.core.previous,
        Some(restored.record(lost).seal.unwrap().digest)
    );
}

/// Runs a store's actor with its driver until `work` is done.
fn with_driver(
    folder: &std::path::Path,
    server: &Server,
    work: impl AsyncFnOnce(Actor, UnboundedReceiver<Notice>),
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let host = app::replica::host::Host {
            build: Some("tests".to_owned()),
            files: std::rc::Rc::new(app::replica::host_native::Folder(folder.to_owned())),
            clock: std::rc::Rc::new(app::platform::clock::SystemClock),
            entropy: std::rc::Rc::new(app::platform::entropy::SystemEntropy),
            network: std::rc::Rc::new(server.clone()),
            origin: String::new(),
        };
        let bell = app::replica::bell::Bell::default();
        let heard = bell.listen();
        let actor = Actor::open(host, bell.clone()).await.unwrap();
        let driven = actor.clone();
        let driver = std::pin::pin!(driven.drive());
        let work = std::pin::pin!(work(actor, heard));
        futures::future::select(driver, work).await;
    });
}

#[test]
fn the_driver_sends_by_itself_what_is_saved() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    drop(Phone::enrolled(folder.path(), &server, "one"));
    with_driver(folder.path(), &server, async |actor, mut heard| {
        let reply = actor.call(save_visit(1, "by itself")).await;
        assert!(matches!(reply, Reply::Saved(_)));
        loop {
            let notice = futures::StreamExt::next(&mut heard).await.unwrap();
            let done = matches!(&notice, Notice::Sync(line) if line.waiting == 0);
            if done && server.0.borrow().documents.len() == 1 {
                return;
            }
        }
    });
    assert_eq!(server.0.borrow().documents.len(), 1);
}

#[test]
fn a_server_that_has_learnt_the_new_version_is_spoken_to_in_it_without_a_new_start() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    server.0.borrow_mut().newest = OLDEST_VERSION;
    drop(Phone::enrolled(folder.path(), &server, "one"));
    let spoken = || server.0.borrow().requests.last().unwrap().version;
    with_driver(folder.path(), &server, async |actor, mut heard| {
        let mut asked = false;
        loop {
            let notice = futures::StreamExt::next(&mut heard).await.unwrap();
            let is_idle =
                matches!(&notice, Notice::Sync(line) if matches!(line.status, Status::Idle { .. }));
            match (is_idle, asked) {
                (true, false) => {
                    assert_eq!(spoken(), OLDEST_VERSION);
                    server.0.borrow_mut().newest = PROTOCOL_VERSION;
                    asked = true;
                    actor.call(Request::SyncNow).await;
                }
                (true, true) if spoken() == PROTOCOL_VERSION => return,
                _ => {}
            }
        }
    });
    assert_eq!(spoken(), PROTOCOL_VERSION);
}

#[test]
fn a_server_of_the_version_before_is_spoken_to_in_its_version() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    server.0.borrow_mut().newest = OLDEST_VERSION;
    let phone = Phone::enrolled(folder.path(), &server, "one");
    phone.saved(save_visit(1, "a"));
    phone.sync();
    assert!(phone.queue().lines.is_empty());
    {
        let state = server.0.borrow();
        let versions: Vec<u16> = state.requests.iter().map(|r| r.version).collect();
        assert!(
            versions.iter().all(|version| *version == OLDEST_VERSION),
            "{versions:?}"
        );
    }
    server.0.borrow_mut().newest = PROTOCOL_VERSION;
    drop(phone);
    let again = Phone::open(folder.path(), &server, 9);
    again.sync();
    let state = server.0.borrow();
    assert_eq!(
        state.requests.last().unwrap().version,
        PROTOCOL_VERSION,
        "the next start finds the new version"
    );
}

#[test]
fn in_a_newer_version_the_log_is_read_once_more_from_the_beginning_and_nothing_goes() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    server.0.borrow_mut().newest = OLDEST_VERSION;
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let sent = phone.saved(save_visit(1, "a"));
    phone.sync();
    let waits = phone.saved(save_visit(1, "b"));
    server.0.borrow_mut().newest = PROTOCOL_VERSION;
    drop(phone);
    let phone = Phone::open(folder.path(), &server, 9);
    let asked_from = |phone: &Phone| {
        let before = server.0.borrow().requests.len();
        phone.sync();
        let state = server.0.borrow();
        let asked = state.requests[before..].iter();
        asked.map(|r| r.cursor.seq).collect::<Vec<u64>>()
    };
    let asked = asked_from(&phone);
    assert!(
        asked[0] > 0,
        "the server says first in which version it answers"
    );
    assert_eq!(
        asked.iter().filter(|seq| **seq == 0).count(),
        1,
        "{asked:?}"
    );
    for record in [sent, waits] {
        assert!(phone.record(record).journey.received_at.is_some());
    }
    assert!(phone.queue().lines.is_empty());
    assert!(asked_from(&phone).iter().all(|seq| *seq > 0), "once");
}

#[test]
fn records_are_found_by_their_ids_while_they_are_new_and_once_they_are_filed() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let saved: Vec<_> = (0..513)
        .map(|n| phone.saved(save_visit(1, &format!("第{n}次"))))
        .collect();
    phone.sync();
    let last = phone.saved(save_visit(1, "又一次"));
    phone.sync();
    phone.sync();
    for id in [saved[0], saved[511], saved[512], last] {
        let record = phone.record(id);
        assert!(record.journey.received_at.is_some(), "{id}");
    }
    drop(phone);
    let file = crate::damage::store(folder.path());
    let db = rusqlite::Connection::open(file).unwrap();
    let count = |filed: i64| -> i64 {
        let sql = "SELECT COUNT(DISTINCT id) FROM document WHERE filed = ?1";
        db.query_row(sql, [filed], |row| row.get(0)).unwrap()
    };
    assert_eq!((count(1), count(0)), (513, 1));
}
