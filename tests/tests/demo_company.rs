//! The demo company as its people see it on their own phones.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

use std::collections::HashSet;

use app::replica::api::{Reply, Request, VisitLogFilter};
use shared::{people::Role, policy::work_list::Why};
use sync_server::{
    clock, demo,
    store::{Store, people},
};
use tests::{phone::Phone, world::World};

#[test]
fn every_rep_opens_the_app_on_a_day_full_of_reasons_to_go() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    demo::fill(&store, demo::SEED, clock::now(), &mut |_| {}).unwrap();
    let mut world = World::over(store);
    let everybody = world.store.read(people::all).unwrap();
    for rep in everybody.iter().filter(|p| p.role == Role::Rep) {
        let folder = tempfile::tempdir().unwrap();
        let phone = Phone::enrol(folder.path(), &mut world, rep);
        phone.sync();
        let today = phone.today();
        assert_eq!(today.customer_count, 50, "{}", rep.name);
        assert!(
            today.items.len() >= 12,
            "{}: {} items",
            rep.name,
            today.items.len()
        );
        let reasons: HashSet<_> = today
            .items
            .iter()
            .flat_map(|i| &i.why)
            .map(std::mem::discriminant)
            .collect();
        assert!(
            reasons.len() >= 5,
            "{}: {} kinds of reasons",
            rep.name,
            reasons.len()
        );
        let broken = today
            .items
            .iter()
            .flat_map(|i| &i.why)
            .any(|w| matches!(w, Why::PromiseBroken { .. }));
        assert!(broken, "{}: no broken promise", rep.name);
        assert!(today.to_zero.is_positive());
    }
    let lead = everybody
        .iter()
        .find(|p| p.role == Role::Supervisor)
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let phone = Phone::enrol(folder.path(), &mut world, lead);
    phone.sync();
    let filter = VisitLogFilter {
        limit: 20,
        ..VisitLogFilter::default()
    };
    let Reply::VisitLog(log) = phone.ask(Request::VisitLog(filter)) else {
        panic!("another reply")
    };
    assert!(
        log.lines.len() == 20 && log.total > 200 && log.conspicuous > 5,
        "{} {}",
        log.total,
        log.conspicuous
    );
    let Reply::Exceptions(found) = phone.ask(Request::Exceptions) else {
        panic!("another reply")
    };
    assert!(!found.is_empty());
}
