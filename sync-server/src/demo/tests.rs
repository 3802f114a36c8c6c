//! The generated company as a whole; `shape_tests` measure what it is drawn from.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    aging::Bucket,
    day::{Day, Timestamp},
    receipt::MethodKind,
    sync::message::ExceptionKind,
    visit::VisitResult,
};

use super::*;
use crate::{
    demo::{books::is_workday, field::CALLS_A_DAY, fill::at},
    store::{Store, as_of, devices, exceptions, ledger, log},
};

fn today() -> Day {
    Day::new(2026, 11, 21).unwrap()
}

fn now() -> Timestamp {
    at(today(), 9 * 60)
}

/// `part` of `whole` in per mille.
fn share(part: usize, whole: usize) -> usize {
    part * 1_000 / whole.max(1)
}

#[track_caller]
fn near(measured: i64, stated: i64, tolerance_percent: i64) {
    let off = (measured - stated).abs() * 100;
    assert!(
        off <= stated.abs() * tolerance_percent,
        "measured {measured}, stated {stated}"
    );
}

#[test]
fn the_company_has_the_stated_size() {
    let plan = plan(SEED, today());
    let organization = &plan.organization;
    assert_eq!(
        (organization.territories.len(), organization.reps.len()),
        (3, 8)
    );
    assert_eq!(
        (organization.supervisors.len(), organization.office.len()),
        (2, 2)
    );
    let leaders: Vec<_> = organization
        .territories
        .iter()
        .map(|t| t.supervisor)
        .collect();
    assert_eq!((leaders[0], leaders[0] == leaders[2]), (leaders[1], false));
    assert_eq!(
        (organization.shops.len(), plan.accounts.len()),
        (400, 6_000)
    );
    assert_eq!(plan.calls.len(), 900);
    assert_eq!(
        plan.calls.iter().filter(|c| c.promise.is_some()).count(),
        120
    );
    assert_eq!(
        plan.calls.iter().filter(|c| c.receipt.is_some()).count(),
        250
    );
    let names: BTreeSet<_> = organization
        .shops
        .iter()
        .map(|s| &s.customer.name)
        .collect();
    assert_eq!(names.len(), 400);
}

#[test]
fn the_same_seed_and_day_give_the_same_company() {
    let print = |seed| {
        let plan = plan(seed, today());
        format!(
            "{:?}{:?}{:?}{:?}",
            plan.organization, plan.accounts, plan.payments, plan.calls
        )
    };
    assert_eq!(print(SEED), print(SEED));
    assert_ne!(print(SEED), print(SEED + 1));
}

#[test]
fn what_is_owed_lies_in_every_bucket_and_is_seldom_negative() {
    let plan = plan(SEED, today());
    let mut buckets: BTreeMap<Bucket, i64> = BTreeMap::new();
    let mut negative = 0;
    for account in &plan.accounts {
        let owed = account.outstanding(today());
        negative += usize::from(owed < 0);
        *buckets
            .entry(Bucket::of(account.invoice.due, today()))
            .or_insert(0) += owed;
    }
    assert!(negative <= 1, "{negative} over-paid");
    let total: i64 = buckets.values().sum();
    let overdue = 1_000 * (total - buckets[&Bucket::NotDue]) / total;
    assert!((150..600).contains(&overdue), "{overdue} per mille overdue");
    assert!(
        Bucket::ALL.iter().all(|b| buckets[b] > 1_000_000),
        "{buckets:?}"
    );
}

#[test]
fn reps_work_on_workdays_see_few_customers_a_day_and_stand_mostly_at_the_door() {
    let plan = plan(SEED, today());
    let mut days: BTreeMap<(usize, Day), u32> = BTreeMap::new();
    let (mut near, mut far, mut none) = (0, 0, 0);
    for call in &plan.calls {
        assert!(is_workday(call.day) && call.day < today() && call.day >= today().plus_days(-60));
        assert!(call.minute >= 8 * 60 && call.minute + call.minutes <= 19 * 60);
        *days.entry((call.rep, call.day)).or_insert(0) += 1;
        let shop = &plan.organization.shops[call.shop];
        assert_eq!(shop.rep, call.rep);
        match call.fix.map(|(point, _)| point.distance_m(shop.place)) {
            Some(0..=60) => near += 1,
            Some(_) => far += 1,
            None => none += 1,
        }
    }
    assert!(days.values().all(|calls| *calls <= CALLS_A_DAY));
    assert!((870..930).contains(&share(near, 900)), "{near} near");
    assert!(
        (20..65).contains(&share(far, 900)) && (35..90).contains(&share(none, 900)),
        "{far} {none}"
    );
    assert!(plan.calls.iter().filter(|c| c.exchange.is_some()).count() > 60);
    assert!(plan.calls.iter().any(|c| c.result == VisitResult::Disputed));
}

/// What every rep finds in the morning.
#[track_caller]
fn check_mornings(plan: &Plan, today: Day) {
    for rep in 0..8 {
        let calls = || plan.calls.iter().filter(|c| c.rep == rep);
        let promised = calls()
            .filter_map(|c| c.promise.as_ref())
            .flat_map(|p| &p.instalments);
        assert!(
            promised.filter(|(due, _)| *due == today).count() >= 1,
            "{today} rep {rep}: no instalment today"
        );
        let appointments = calls().filter(|c| c.next_day == Some(today)).count();
        assert!(
            appointments >= 3,
            "{today} rep {rep}: {appointments} appointments"
        );
        let shops = &plan.organization.shops;
        let of_rep = || {
            plan.accounts
                .iter()
                .filter(|a| shops[a.shop].rep == rep && a.outstanding(today) > 0)
        };
        let soon = of_rep()
            .filter(|a| (0..=7).contains(&a.invoice.due.days_since(today)))
            .count();
        let overdue: BTreeSet<_> = of_rep()
            .filter(|a| a.invoice.due < today)
            .map(|a| a.shop)
            .collect();
        assert!(
            soon >= 1 && overdue.len() >= 8,
            "{today} rep {rep}: {soon} due soon, {} overdue",
            overdue.len()
        );
    }
}

#[test]
fn whatever_the_day_the_company_is_whole_and_every_rep_has_reasons_to_go() {
    for days in (0..366).step_by(23) {
        let today = today().plus_days(days);
        let plan = plan(SEED, today);
        let with = |what: fn(&field::Call) -> bool| plan.calls.iter().filter(|c| what(c)).count();
        assert_eq!(
            (plan.accounts.len(), plan.calls.len()),
            (6_000, 900),
            "{today}"
        );
        let (promises, receipts) = (with(|c| c.promise.is_some()), with(|c| c.receipt.is_some()));
        assert_eq!((promises, receipts), (120, 250), "{today}");
        check_mornings(&plan, today);
    }
}

#[test]
fn money_comes_in_cash_but_for_the_last_days() {
    let plan = plan(SEED, today());
    let receipts = || {
        plan.calls
            .iter()
            .filter_map(|c| c.receipt.as_ref().map(|r| (c.day, r)))
    };
    let is_cash = |r: &field::ReceiptPlan| r.method.kind() == MethodKind::Cash;
    let recent = |day: Day| today().days_since(day) <= 10;
    assert!(receipts().all(|(day, r)| recent(day) || is_cash(r)));
    let other = receipts().filter(|(_, r)| !is_cash(r)).count();
    assert!((8..60).contains(&other), "{other}");
    let kinds: BTreeSet<_> = receipts().map(|(_, r)| r.method.kind()).collect();
    assert!(kinds.len() >= 4, "{kinds:?}");
    let small = receipts().filter(|(_, r)| r.fen <= 600_000).count();
    assert!(share(small, 250) > 700, "{small}");
}

fn filled(seed: u64) -> (Store, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    fill(&store, seed, now(), &mut |_| {}).unwrap();
    (store, dir)
}

#[test]
fn the_ledger_takes_the_whole_company_and_agrees_with_the_plan() {
    let (store, _dir) = filled(SEED);
    let report = store.read(ledger::check).unwrap();
    assert!(report.is_good(), "{:?}", report.problems);

    let plan = plan(SEED, today());
    // Money that came otherwise than in cash is in transit, and a voided receipt pays nothing.
    let unposted: i64 = plan
        .calls
        .iter()
        .filter_map(|c| c.receipt.as_ref())
        .filter(|r| {
            r.method.kind() != MethodKind::Cash
                || r.void.as_ref().is_some_and(|v| v.approved == Some(true))
        })
        .map(|r| r.allocations.iter().map(|(_, fen)| fen).sum::<i64>())
        .sum();
    let on_account: i64 = plan
        .calls
        .iter()
        .filter_map(|c| c.receipt.as_ref())
        .filter(|r| {
            r.method.kind() == MethodKind::Cash
                && r.void.as_ref().is_none_or(|v| v.approved.is_none())
        })
        .map(|r| r.fen - r.allocations.iter().map(|(_, fen)| fen).sum::<i64>())
        .sum();
    let planned: i64 = plan.accounts.iter().map(|a| a.outstanding(today())).sum();
    let aging = store.read(|conn| as_of::aging(conn, today())).unwrap();
    assert_eq!(
        aging.total().unwrap().fen(),
        planned + unposted - on_account
    );

    let findings = store
        .read(|conn| exceptions::list(conn, None, true, 500))
        .unwrap();
    let count = |kind| findings.iter().filter(|f| f.kind == kind).count();
    assert_eq!(
        (
            count(ExceptionKind::VoidPending),
            count(ExceptionKind::Overpaid)
        ),
        (1, 1)
    );
    assert_eq!(
        (
            count(ExceptionKind::NumberGap),
            count(ExceptionKind::NumberReused)
        ),
        (0, 0)
    );
    assert_eq!(
        (
            count(ExceptionKind::ForeignInvoice),
            count(ExceptionKind::OutOfScope)
        ),
        (0, 0)
    );
    assert!((5..40).contains(&count(ExceptionKind::ClockSkew)));
    assert!(
        store
            .read(devices::all)
            .unwrap()
            .iter()
            .all(|d| d.revoked_at.is_some())
    );

    let states = store
        .read(|conn| {
            let mut statement = conn
                .prepare("SELECT state, COUNT(*) FROM promise_state GROUP BY state")
                .map_err(crate::store::StoreError::from)?;
            let rows = statement.query_map([], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
            });
            let rows: Result<BTreeMap<_, _>, _> =
                rows.map_err(crate::store::StoreError::from)?.collect();
            rows.map_err(crate::store::StoreError::from)
        })
        .unwrap();
    let state = |name: &str| states.get(name).copied().unwrap_or(0);
    near(state("kept"), 54, 12);
    near(state("partly_kept"), 18, 25);
    near(state("broken"), 30, 20);
    near(state("pending"), 18, 20);
    let refused = fill(&store, SEED, now(), &mut |_| {});
    assert!(matches!(refused, Err(DemoError::NotEmpty)));

    // The same seed and time fill the same log, entry by entry.
    let (again, _dir) = filled(SEED);
    let chain = |store: &Store| store.read(log::head).unwrap();
    assert_eq!(chain(&again), chain(&store));
}
