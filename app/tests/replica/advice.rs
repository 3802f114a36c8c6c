//! What the phone tells the collection rules, and what they say: the work list and the customer's account agree.

use app::replica::api::*;
use shared::{
    contact_book::BookField,
    policy::{
        alarm::Alarm, hold::HoldReason, hold::Supply, plan::Manner, playbook::Tip,
        statement_calendar::StatementPhase, work_list::Why,
    },
    receipt::Method,
    visit::{UnpaidReason, VisitResult},
};

use crate::phone::*;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// The reasons for a customer, which Today and the account both give.
#[track_caller]
fn reasons(phone: &Phone, n: u128) -> Vec<Why> {
    let Reply::Today(today) = phone.call(Request::Today) else {
        panic!("no view")
    };
    let card = today.items.iter().find(|i| i.customer == customer_id(n));
    let why = card.map(|card| card.why.clone()).unwrap_or_default();
    assert_eq!(phone.customer(customer_id(n)).why, why);
    why
}

fn advice(phone: &Phone) -> shared::policy::advice::Advice {
    phone.customer(customer_id(1)).advice.unwrap()
}

/// A visit now, which brought nothing.
fn go_in_vain(phone: &Phone, result: VisitResult, reason: Option<UnpaidReason>) {
    phone.clock.advance_ms(MINUTE_MS);
    let mut new = visit(1, "又没收到");
    new.started_at = shared::day::Timestamp(i64::MAX);
    (new.result, new.reason, new.next_day) = (result, reason, None);
    phone.saved(Request::SaveVisit(Box::new(new)));
}

#[test]
fn visits_without_result_are_counted_until_money_comes() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let alarm = |count| Why::Alarm(Alarm::NoResult(count));
    let unwilling = Some(UnpaidReason::Unwilling);
    go_in_vain(&phone, VisitResult::Unpaid, Some(UnpaidReason::NoCash));
    go_in_vain(&phone, VisitResult::NotAsked, None);
    go_in_vain(&phone, VisitResult::NobodyMet, None);
    assert!(!reasons(&phone, 1).contains(&alarm(2)));
    go_in_vain(&phone, VisitResult::Unpaid, unwilling);
    assert!(reasons(&phone, 1).contains(&alarm(3)));
    let found = advice(&phone);
    assert!(found.alarms.contains(&Alarm::NoResult(3)));
    // Overdue for 50 days, unwilling: supply has stopped and goods are to come back.
    assert_eq!(found.supply, Supply::Stopped(HoldReason::Overdue));
    assert!(
        found.cards.contains(&(Tip::TakeGoodsBack, None)),
        "{:?}",
        found.cards
    );
    assert_eq!(found.plan.unwrap().manner, Manner::Firm);
    phone.clock.advance_ms(MINUTE_MS);
    phone.saved(receipt(1, "300.00", Method::Cash));
    assert!(
        !reasons(&phone, 1)
            .iter()
            .any(|why| matches!(why, Why::Alarm(_)))
    );
    go_in_vain(&phone, VisitResult::Disputed, None);
    assert!(
        !reasons(&phone, 1)
            .iter()
            .any(|why| matches!(why, Why::Alarm(_)))
    );
}

#[test]
fn what_the_contact_book_notes_of_cycle_and_stock_makes_a_good_day() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let note = |field, text: &str| {
        let reply = phone.call(Request::Book {
            customer: customer_id(1),
            edit: BookEdit::Field(field, text.into()),
        });
        assert_eq!(reply, Reply::Done);
        reasons(&phone, 1)
    };
    assert!(!note(BookField::StockSold, "大约 60%").contains(&Why::Sold));
    assert!(note(BookField::StockSold, "大约 85%").contains(&Why::Sold));
    assert!(!note(BookField::Remark, "\"payment_cycle\":\"20号\"").contains(&Why::HasMoney));
    assert!(!note(BookField::PaymentCycle, "每月 8号").contains(&Why::HasMoney));
    assert!(note(BookField::PaymentCycle, "每月 20号").contains(&Why::HasMoney));
    assert!(!reasons(&phone, 2).contains(&Why::HasMoney));
}

#[test]
fn in_the_first_days_of_a_month_statements_are_to_be_agreed() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let statement = |why: &Why| matches!(why, Why::Statement { .. });
    assert!(!reasons(&phone, 1).iter().any(statement), "2026-11-20");
    phone.clock.advance_ms(12 * DAY_MS);
    let agree = Why::Statement {
        phase: StatementPhase::Agree,
        days: 5,
    };
    assert!(reasons(&phone, 2).contains(&agree), "2026-12-02");
}
