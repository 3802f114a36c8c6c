//! The visit log gives what each of its filters asks for, and counts the same.

use app::replica::api::*;
use shared::{
    day::{Day, Timestamp},
    evidence::{Fix, GeoPoint},
    ids::{DocumentId, PersonId},
    visit::{UnpaidReason, VisitResult},
};

use crate::phone::*;

const DAY_MS: i64 = 24 * 3_600_000;

/// So many metres north of the shop.
fn fix(north_m: i32, at: Timestamp) -> Option<Fix> {
    Some(Fix {
        point: GeoPoint {
            lat_e7: 306_000_000 + north_m * 90,
            lon_e7: 1_040_000_000,
        },
        accuracy_m: 12,
        at,
    })
}

fn at(mut new: NewVisit, started_at: Timestamp) -> NewVisit {
    new.started_at = started_at;
    new
}

fn saved(phone: &Phone, new: NewVisit) -> DocumentId {
    phone.saved(Request::SaveVisit(Box::new(new)))
}

fn log(phone: &Phone, filter: VisitLogFilter) -> VisitLogView {
    match phone.call(Request::VisitLog(filter)) {
        Reply::VisitLog(view) => *view,
        other => panic!("{other:?}"),
    }
}

/// Four visits of two people, seen by their supervisor.
struct Four {
    _folders: Vec<tempfile::TempDir>,
    boss: Phone,
    zhang: PersonId,
    li: PersonId,
    without_fix: DocumentId,
    yesterday: DocumentId,
    here: DocumentId,
    far: DocumentId,
}

fn four() -> Four {
    let server = company();
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let zhang = Phone::enrolled(folders[0].path(), &server, "one");
    let li = Phone::enrolled(folders[1].path(), &server, "two");
    // The first moment of the 20th in China.
    let midnight = NOW.plus_ms(-10 * 3_600_000);
    let without_fix = saved(&zhang, at(visit(1, "no fix"), NOW.plus_ms(-60_000)));
    let unpaid = NewVisit {
        result: VisitResult::Unpaid,
        reason: Some(UnpaidReason::NoCash),
        check_in: fix(0, midnight),
        ..at(visit(2, "yesterday"), midnight.plus_ms(-1))
    };
    // The first good check-in sets the customer's place; the second is far from it.
    let first = NewVisit {
        check_in: fix(0, midnight),
        ..at(visit(3, "here"), midnight)
    };
    let second = NewVisit {
        result: VisitResult::Promised,
        reason: Some(UnpaidReason::NoCash),
        check_in: fix(2_300, NOW),
        ..at(visit(3, "far"), NOW.plus_ms(-120_000))
    };
    let yesterday = saved(&zhang, unpaid);
    let (here, far) = (saved(&li, first), saved(&li, second));
    zhang.sync();
    li.sync();
    let boss = Phone::enrolled(folders[2].path(), &server, "boss");
    boss.sync();
    let person = |phone: &Phone| phone.session().me.unwrap().person.id;
    Four {
        boss,
        zhang: person(&zhang),
        li: person(&li),
        without_fix,
        yesterday,
        here,
        far,
        _folders: folders,
    }
}

#[test]
fn every_filter_gives_its_visits_alone_newest_first_and_counts_them() {
    let four = four();
    let (none, yesterday, here, far) = (four.without_fix, four.yesterday, four.here, four.far);
    let check = |what: &str, change: &dyn Fn(&mut VisitLogFilter), expected: &[DocumentId]| {
        let mut filter = VisitLogFilter {
            limit: 100,
            ..VisitLogFilter::default()
        };
        change(&mut filter);
        let view = log(&four.boss, filter);
        let found: Vec<DocumentId> = view.lines.iter().map(|line| line.document).collect();
        assert_eq!(found, expected, "{what}");
        assert_eq!(view.total as usize, expected.len(), "{what}");
        let odd = expected.iter().filter(|id| [none, far].contains(id));
        assert_eq!(view.conspicuous as usize, odd.count(), "{what}");
        (view.customers, view.people)
    };
    let (the_19th, the_20th) = (Day::new(2026, 11, 19), Day::new(2026, 11, 20));
    let counted = check("all", &|_| {}, &[none, far, here, yesterday]);
    assert_eq!(counted, (3, 2));
    check("rep", &|f| f.rep = Some(four.zhang), &[none, yesterday]);
    check(
        "customer",
        &|f| f.customer = Some(customer_id(3)),
        &[far, here],
    );
    check(
        "name",
        &|f| f.customer_search = " 大家乐 ".into(),
        &[yesterday],
    );
    check("no pattern", &|f| f.customer_search = "%".into(), &[]);
    check("from", &|f| f.from = the_20th, &[none, far, here]);
    check("to", &|f| f.to = the_19th, &[yesterday]);
    let one_day = |f: &mut VisitLogFilter| (f.from, f.to) = (the_20th, the_20th);
    check("day", &one_day, &[none, far, here]);
    let result = |f: &mut VisitLogFilter| f.result = Some(VisitResult::PaidPartly);
    check("result", &result, &[none, here]);
    check("conspicuous", &|f| f.only_conspicuous = true, &[none, far]);
    let promised_by_li = |f: &mut VisitLogFilter| {
        f.rep = Some(four.li);
        f.from = the_20th;
        f.result = Some(VisitResult::Promised);
    };
    let counted = check("rep, day and result", &promised_by_li, &[far]);
    assert_eq!(counted, (1, 1));
}

#[test]
fn beyond_the_limit_visits_are_counted_and_not_listed() {
    let filter = VisitLogFilter {
        limit: 1,
        ..VisitLogFilter::default()
    };
    let view = log(&four().boss, filter);
    assert_eq!((view.lines.len(), view.total), (1, 4));
}

#[test]
fn a_phone_whose_clock_is_wrong_makes_its_visits_conspicuous() {
    let server = company();
    let folder = tempfile::tempdir().unwrap();
    let phone = Phone::enrolled(folder.path(), &server, "one");
    phone.clock.advance_ms(DAY_MS);
    let mut new = visit(1, "tomorrow");
    new.check_in = fix(0, NOW);
    saved(&phone, new);
    phone.sync();
    let view = log(
        &phone,
        VisitLogFilter {
            only_conspicuous: true,
            limit: 10,
            ..VisitLogFilter::default()
        },
    );
    assert!(matches!(
        view.lines[0].place,
        PlaceCheck::AtCustomer { distance_m: 0 }
    ));
    assert_eq!(view.lines[0].clock_off_ms, Some(DAY_MS + 2_000));
}
