//! The collection case on the phone, and the rules that the company has set: told by the server, gone by here.

use app::replica::api::*;
use shared::{
    day::Day,
    ids::CustomerId,
    invoice::Invoice,
    money::Money,
    policy::{
        account::CaseStep, advice::Step, figures::Figures, legal::LegalStep, recovery::CurvePoint,
        work_list::Why,
    },
    sync::message::{CaseRow, InvoiceRow, Item, OLDEST_VERSION, PROTOCOL_VERSION, Row, RulesRow},
};

use crate::{phone::*, server::Server};

fn today() -> Day {
    Day::of(NOW, 480)
}

fn sent(letter: u8, ago: i64) -> CaseStep {
    CaseStep {
        what: letter,
        on: today().plus_days(-ago),
        then: (letter == 1).then(|| today().plus_days(1 - ago)),
    }
}

fn told(customer: CustomerId, mut steps: Vec<CaseStep>) -> CaseRow {
    let served = CaseStep::of_law(LegalStep::PaymentOrderServed, today().plus_days(-1));
    steps.extend(served);
    CaseRow { customer, steps }
}

/// A customer of the company who has been overdue for 70 days.
fn late(server: &Server) -> CustomerId {
    let (customer, due) = (customer_id(1), today().plus_days(-70));
    server.row(Row::Invoice(InvoiceRow {
        invoice: Invoice {
            id: invoice_id(10),
            customer,
            number: "F10".into(),
            issued: due.plus_days(-30),
            due,
            amount: money("1000.00"),
        },
        settled: Money::ZERO,
    }));
    customer
}

/// The letter that the reason of the ladder names, and the first step that is next.
fn ladder(phone: &Phone, customer: CustomerId) -> (Option<u8>, Option<(Day, Step)>) {
    let view = phone.customer(customer);
    let letter = view.why.iter().find_map(|why| match why {
        Why::DunningStep { letter, .. } => Some(*letter),
        _ => None,
    });
    let next = view.advice.and_then(|advice| advice.next.first().copied());
    (letter.unwrap(), next)
}

#[test]
fn letters_that_went_out_are_shown_and_the_ladder_names_the_one_that_is_missing() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let customer = late(&server);
    let phone = Phone::enrolled(folder.path(), &server, "one");
    phone.sync();
    assert_eq!(phone.customer(customer).case, []);
    assert_eq!(
        ladder(&phone, customer),
        (Some(1), Some((today(), Step::FirstLetter)))
    );
    let case = told(customer, vec![sent(1, 40), sent(2, 20)]);
    server.row(Row::Case(case.clone()));
    phone.sync();
    assert_eq!(phone.customer(customer).case, case.steps);
    assert_eq!(
        ladder(&phone, customer),
        (Some(3), Some((today(), Step::ThirdLetter)))
    );
    // What is told later takes the place of all that was told before.
    let case = told(customer, vec![sent(1, 40), sent(2, 20), sent(3, 0)]);
    server.row(Row::Case(case.clone()));
    phone.sync();
    assert_eq!(phone.customer(customer).case, case.steps);
    assert_eq!(
        ladder(&phone, customer).0,
        None,
        "all that is called for went out"
    );
    let reasons = match phone.call(Request::Today) {
        Reply::Today(view) => view.items,
        other => panic!("{other:?}"),
    };
    let item = reasons.iter().find(|item| item.customer == customer);
    let is_none = |why: &Why| matches!(why, Why::DunningStep { letter: None, .. });
    assert!(item.unwrap().why.iter().any(is_none), "the work list, too");
}

#[test]
fn letters_that_a_restored_server_has_lost_are_not_said_to_have_gone_out() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let customer = late(&server);
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let common = server.0.borrow().log.len() as u64;
    server.row(Row::Case(told(customer, vec![sent(1, 40)])));
    phone.sync();
    assert_eq!(ladder(&phone, customer).0, Some(2));
    server.0.borrow_mut().log.truncate(common as usize);
    server.0.borrow_mut().rolls_back = Some((common, false));
    phone.sync();
    assert_eq!(phone.customer(customer).case, []);
    assert_eq!(ladder(&phone, customer).0, Some(1));
}

#[test]
fn what_a_phone_of_the_version_before_was_not_told_it_is_told_once_both_speak_the_newer() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let customer = late(&server);
    server.0.borrow_mut().newest = OLDEST_VERSION;
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let case = told(customer, vec![sent(1, 40)]);
    server.row(Row::Case(case.clone()));
    phone.sync();
    assert_eq!(phone.customer(customer).case, []);
    server.0.borrow_mut().newest = PROTOCOL_VERSION;
    drop(phone);
    let phone = Phone::open(folder.path(), &server, 9);
    phone.sync();
    assert_eq!(phone.customer(customer).case, case.steps);
}

#[test]
fn the_companys_own_curve_and_its_figures_are_gone_by_as_soon_as_they_are_told() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let customer = late(&server);
    let phone = Phone::enrolled(folder.path(), &server, "one");
    phone.sync();
    let losing = |phone: &Phone| {
        let why = phone.customer(customer).why;
        why.iter().any(|why| matches!(why, Why::LosingPerDay(_)))
    };
    assert!(losing(&phone));
    let tell = |curve: Vec<CurvePoint>| {
        let figures = Figures {
            handover_days: 65,
            call_minute: 600,
            ..Figures::default()
        };
        let figures = figures.list();
        server.row(Row::Rules(RulesRow { curve, figures }));
        phone.sync();
    };
    let flat = CurvePoint {
        months: 0,
        per_mille: 900,
    };
    tell(vec![flat]);
    assert!(!losing(&phone), "a flat curve loses nothing by waiting");
    let why = phone.customer(customer).why;
    let is_handover = |why: &Why| matches!(why, Why::Escalation(one) if one.slug() == "handover");
    assert!(why.iter().any(is_handover), "{why:?}");
    let me = phone.session().me.unwrap();
    assert_eq!(me.settings().figures.call_minute, 600);
    assert_eq!(me.settings().recovery_curve, [flat]);
    tell(vec![]);
    assert!(losing(&phone), "the settings' curve is back");
}

#[test]
fn a_customer_who_leaves_takes_their_case_along() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let customer = late(&server);
    server.row(Row::Case(told(customer, vec![sent(1, 40)])));
    let phone = Phone::enrolled(folder.path(), &server, "one");
    phone.sync();
    assert_eq!(phone.customer(customer).case.len(), 2);
    let me = person(1, "张伟", shared::people::Role::Rep).id;
    server
        .0
        .borrow_mut()
        .scope
        .get_mut(&me)
        .unwrap()
        .remove(&customer);
    server.log(Item::Leave(customer));
    phone.sync();
    drop(phone);
    let db = rusqlite::Connection::open(crate::damage::store(folder.path())).unwrap();
    let sql = "SELECT COUNT(*) FROM case_step";
    let left: i64 = db.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}
