//! A new phone sees what a phone sees that was there all the time, though it got closed matters as
//! digests; and gets the whole of a record when somebody opens it. Real server, real phones, real HTTP.

// A step that fails here is a test that fails.
#![allow(clippy::unwrap_used)]

use app::replica::api::{CustomerView, RecordContent, Reply, Request, VisitLogFilter};
use shared::{
    customer::Customer,
    ids::DocumentId,
    people::Role,
    sync::message::{Item, SyncResponse},
};
use tests::{
    phone::{Phone, visit_request},
    records::Dice,
    world::World,
};

fn customer(phone: &Phone, customer: &Customer) -> CustomerView {
    match phone.ask(Request::Customer(customer.id)) {
        Reply::Customer(view) => *view,
        other => panic!("{other:?}"),
    }
}

fn record(phone: &Phone, id: DocumentId) -> RecordContent {
    match phone.ask(Request::Record(id)) {
        Reply::Record(view) => view.content,
        other => panic!("{other:?}"),
    }
}

/// Everything that lists show, as text.
fn lists(phone: &Phone) -> Vec<String> {
    let log = Request::VisitLog(VisitLogFilter {
        limit: 1_000,
        ..VisitLogFilter::default()
    });
    let customers = Request::Customers {
        search: String::new(),
        limit: 1_000,
    };
    [
        Request::Today,
        customers,
        log,
        Request::Exceptions,
        Request::Directory,
    ]
    .into_iter()
    .map(|request| format!("{:?}", phone.ask(request)))
    .collect()
}

#[test]
fn a_new_phone_shows_what_one_shows_that_was_there_all_the_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(&dir.path().join("server"));
    let rep = world.person("陈晓东", Role::Rep);
    let chen = world.person("陈静", Role::Supervisor);
    world.lead(&chen);
    let about = world.customers(&rep, 5, 2);
    let author = Phone::enrol(&dir.path().join("author"), &mut world, &rep);
    author.sync();
    let early = Phone::enrol(&dir.path().join("early"), &mut world, &chen);
    early.sync();
    let mut dice = Dice(7);
    let mut made = Vec::new();
    for index in 0..60 {
        let (customer, invoice) = &about[index % 5];
        made.push(author.save(&mut dice, index, customer, invoice));
    }
    author.sync();
    early.sync();
    early.ask(Request::AddComment {
        document: made[0],
        text: "下次带上对账单".to_owned(),
    });
    early.sync();

    let new = Phone::enrol(&dir.path().join("new"), &mut world, &chen);
    new.keep_bodies();
    new.sync();
    let answers = new.bodies();
    let entries = answers
        .iter()
        .flat_map(|body| SyncResponse::decode(body).unwrap().entries);
    let (mut digests, mut whole) = (0, 0);
    for entry in entries {
        match entry.item {
            Item::Digest(_) => digests += 1,
            Item::Change(_) => whole += 1,
            _ => {}
        }
    }
    // Of ten records six are visits, one is a promise that may still be kept, three are posted receipts.
    assert_eq!((digests, whole), (54, 6));
    assert_eq!(lists(&new), lists(&early));
    for (about, _) in &about {
        assert_eq!(customer(&new, about), customer(&early, about));
    }
    // Opened, all of them are the same.
    for &id in &made {
        new.try_ask(Request::Record(id));
    }
    new.sync();
    for &id in &made {
        assert_eq!(record(&new, id), record(&early, id));
    }
    assert_eq!(record(&new, made[0]).comments().len(), 1);
    for (about, _) in &about {
        assert_eq!(customer(&new, about), customer(&early, about));
    }
    // The author's next phone has the same figures in hand.
    let next = Phone::enrol(&dir.path().join("next"), &mut world, &rep);
    next.sync();
    author.sync();
    assert_eq!(lists(&next), lists(&author));
}

#[test]
fn visits_of_one_instant_stand_in_the_same_order_on_every_phone() {
    let dir = tempfile::tempdir().unwrap();
    let mut world = World::new(&dir.path().join("server"));
    let rep = world.person("陈晓东", Role::Rep);
    let chen = world.person("陈静", Role::Supervisor);
    world.lead(&chen);
    let about = world.customers(&rep, 2, 1);
    let author = Phone::enrol(&dir.path().join("author"), &mut world, &rep);
    author.sync();
    let mut dice = Dice(7);
    let at = sync_server::clock::now().plus_ms(-3_600_000);
    for index in 0..12 {
        let request = match visit_request(&mut dice, &about[index % 2].0) {
            Request::SaveVisit(mut visit) => {
                visit.started_at = at;
                Request::SaveVisit(visit)
            }
            other => panic!("{other:?}"),
        };
        author.ask(request);
    }
    author.sync();
    let new = Phone::enrol(&dir.path().join("new"), &mut world, &chen);
    new.sync();
    assert_eq!(new.visits(), 12);
    let order = |phone: &Phone| match phone.ask(Request::VisitLog(VisitLogFilter {
        limit: 1_000,
        ..VisitLogFilter::default()
    })) {
        Reply::VisitLog(view) => view.lines.iter().map(|line| line.document).collect(),
        other => panic!("{other:?}"),
    };
    let (here, there): (Vec<DocumentId>, Vec<DocumentId>) = (order(&author), order(&new));
    assert_eq!(here, there);
    // By what both know alike: not by when it came.
    assert!(here.is_sorted());
}
