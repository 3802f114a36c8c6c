//! Who is listed, why, and in which order.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    customer::Settlement,
    ids::{DocumentId, InvoiceId},
    policy::{account::CaseStep, escalation::Escalation, statement_calendar::StatementPhase},
    visit::WarningSign,
};

fn today() -> Day {
    Day::new(2026, 11, 21).unwrap()
}

fn yuan(n: u32) -> Money {
    Money::from_yuan(n)
}

/// An account with invoices (days overdue, yuan), each on 30 days' term.
fn account(n: u128, invoices: &[(i64, u32)]) -> AccountFacts {
    let mut account = AccountFacts::new(CustomerId(Uuid::from_u128(n)));
    account.invoices = (1u128..)
        .zip(invoices)
        .map(|(id, (days, sum))| InvoiceFacts {
            invoice: InvoiceId(Uuid::from_u128(id)),
            issued: today().plus_days(-days - 30),
            due: today().plus_days(-days),
            outstanding: yuan(*sum),
        })
        .collect();
    account
}

fn promise(state: PromiseState, due_in: i64, amount: u32, paid: u32) -> PromiseFacts {
    PromiseFacts {
        promise: DocumentId([1; 32]),
        state,
        instalments: vec![InstalmentFacts {
            due: today().plus_days(due_in),
            amount: yuan(amount),
            paid: yuan(paid),
            state,
        }],
        invoices: Vec::new(),
    }
}

fn item(account: &AccountFacts) -> Option<WorkItem> {
    let settings = Settings::default();
    work_item(account, today(), &settings, &Curve::of(&settings)).unwrap()
}

#[track_caller]
fn check(account: &AccountFacts, expected: &[Why]) {
    let reasons = item(account).map(|item| item.reasons).unwrap_or_default();
    assert_eq!(reasons, expected);
}

fn losing(account: &AccountFacts) -> Why {
    let items = account.invoices.iter().map(|i| (i.due, i.outstanding));
    Why::LosingPerDay(
        Curve::of(&Settings::default())
            .daily_loss(items, today())
            .unwrap(),
    )
}

#[test]
fn an_account_without_a_reason_is_not_listed() {
    check(&account(1, &[]), &[]);
    check(&account(1, &[(-8, 100)]), &[]);
    check(&account(1, &[(5, 0)]), &[]);
    let mut credit = account(1, &[(5, 100)]);
    credit.on_account = yuan(100);
    check(&credit, &[]);
    let mut held = account(1, &[]);
    held.hold = true;
    check(&held, &[]);
}

#[test]
fn a_debt_is_reminded_of_seven_days_before_it_is_due() {
    for (days, amount) in [(7, 100), (3, 100), (1, 100)] {
        let amount = yuan(amount);
        check(&account(1, &[(-days, 100)]), &[Why::DueIn { days, amount }]);
    }
    let two = account(1, &[(-5, 100), (-5, 50), (-6, 10)]);
    let amount = yuan(150);
    check(&two, &[Why::DueIn { days: 5, amount }]);
}

#[test]
fn an_overdue_debt_names_its_age_its_deadline_its_step_and_what_a_day_costs() {
    let fresh = account(1, &[(9, 100_000), (-30, 500)]);
    let amount = yuan(100_000);
    check(
        &fresh,
        &[
            Why::FinalDeadlineIn { days: 1 },
            Why::Overdue { days: 9, amount },
            Why::DunningStep {
                step: DunningStep::Call,
                letter: None,
            },
            losing(&fresh),
        ],
    );
    let mut old = account(1, &[(34, 100_000)]);
    old.hold = true;
    old.signs = vec![WarningSign::OrdersFall];
    check(
        &old,
        &[
            Why::DunningStep {
                step: DunningStep::SecondLetter,
                letter: Some(1),
            },
            Why::Overdue { days: 34, amount },
            losing(&old),
            Why::Sign(WarningSign::OrdersFall),
            Why::Hold,
        ],
    );
}

/// The ladder goes by what was sent, not by age alone: the first letter that is missing is the one to send, and age
/// says how urgent that is.
#[test]
fn the_reason_of_the_ladder_names_the_letter_that_is_missing_and_its_place_goes_by_age() {
    let letter = |sent: &[(u8, i64)]| {
        let mut account = account(1, &[(65, 1_000)]);
        let sent = sent.iter().map(|(letter, ago)| CaseStep {
            what: *letter,
            on: today().plus_days(-ago),
            then: None,
        });
        account.case = sent.collect();
        let found = item(&account).unwrap();
        let of_ladder = found.reasons.iter().find_map(|why| match why {
            Why::DunningStep { step, letter } => Some((*step, *letter)),
            _ => None,
        });
        (of_ladder.unwrap(), found.priority)
    };
    let third = DunningStep::ThirdLetter;
    let (found, priority) = letter(&[]);
    assert_eq!(found, (third, Some(1)));
    assert_eq!(letter(&[(1, 40)]), ((third, Some(2)), priority));
    assert_eq!(letter(&[(1, 40), (3, 2)]), ((third, Some(2)), priority));
    let all = letter(&[(1, 40), (2, 20), (3, 2)]);
    assert_eq!(all, ((third, None), priority));
}

/// Disputes are answered jointly by sales and finance (002): a disputed sum is a fact of the account, told beside the
/// reasons to go; it neither makes an account one to go to nor moves it past another's reason.
#[test]
fn an_open_dispute_is_told_beside_the_reasons_and_is_none_by_itself() {
    let disputed = |days_and_sums: &[(i64, u32)]| AccountFacts {
        disputed: yuan(360),
        ..account(1, days_and_sums)
    };
    let found = item(&disputed(&[(34, 1_000)])).unwrap();
    assert!(found.reasons.contains(&Why::Disputed(yuan(360))));
    assert!(!matches!(found.reasons[0], Why::Disputed(_)));
    let plain = item(&account(1, &[(34, 1_000)])).unwrap();
    assert_eq!(found.priority / 10, plain.priority / 10);
    assert_eq!(item(&disputed(&[(-60, 1_000)])), None);
}

#[test]
fn a_pending_promise_pauses_the_ladder_until_it_is_broken() {
    let steps = |account: &AccountFacts| {
        let reasons = item(account).unwrap().reasons;
        reasons
            .iter()
            .filter(|why| matches!(why, Why::DunningStep { .. }))
            .count()
    };
    let mut late = account(1, &[(34, 1_000)]);
    assert_eq!(steps(&late), 1);
    late.promises = vec![promise(PromiseState::Pending, 20, 1_000, 0)];
    assert_eq!(steps(&late), 0);
    late.promises[0].invoices = vec![InvoiceId(Uuid::from_u128(99))];
    assert_eq!(steps(&late), 1);
    late.promises = vec![promise(PromiseState::Broken, -5, 1_000, 0)];
    assert_eq!(steps(&late), 1);
}

#[test]
fn promises_are_listed_when_due_and_when_broken() {
    let reason = |state, due_in, paid| {
        let mut account = account(1, &[(-20, 1_000)]);
        account.promises = vec![promise(state, due_in, 200, paid)];
        item(&account).map(|item| item.reasons)
    };
    let due = |days| {
        let amount = yuan(150);
        Some(vec![Why::PromiseDueIn { days, amount }])
    };
    let broken = |days, amount| {
        let amount = yuan(amount);
        Some(vec![Why::PromiseBroken { amount, days }])
    };
    assert_eq!(reason(PromiseState::Pending, 8, 50), None);
    assert_eq!(reason(PromiseState::Pending, 7, 50), due(7));
    assert_eq!(reason(PromiseState::Pending, 0, 50), due(0));
    assert_eq!(reason(PromiseState::Pending, -2, 50), due(-2));
    assert_eq!(reason(PromiseState::Pending, 2, 200), None);
    assert_eq!(reason(PromiseState::Broken, -4, 0), broken(4, 200));
    assert_eq!(reason(PromiseState::PartlyKept, -4, 50), broken(4, 150));
    assert_eq!(reason(PromiseState::Broken, -4, 200), None);
    assert_eq!(reason(PromiseState::Cancelled, -4, 0), None);
}

#[test]
fn an_appointment_is_listed_on_its_day_and_when_missed_until_somebody_went() {
    let reason = |in_days: i64, last_visit: Option<i64>| {
        let mut account = account(1, &[]);
        account.appointment = Some(today().plus_days(in_days));
        account.last_visit = last_visit.map(|days| today().plus_days(days));
        item(&account).map(|item| item.reasons)
    };
    let appointment = |days| Some(vec![Why::Appointment { days }]);
    assert_eq!(reason(1, None), None);
    assert_eq!(reason(0, None), appointment(0));
    assert_eq!(reason(0, Some(-1)), appointment(0));
    assert_eq!(reason(0, Some(0)), None);
    assert_eq!(reason(-2, Some(-3)), appointment(-2));
    assert_eq!(reason(-8, None), None);
}

#[test]
fn the_most_urgent_comes_first_then_the_larger_sum_and_who_was_seen_today_last() {
    let mut broken = account(1, &[(5, 10)]);
    broken.promises = vec![promise(PromiseState::Broken, -4, 10, 0)];
    let mut seen = account(2, &[(5, 10)]);
    seen.promises = broken.promises.clone();
    seen.last_visit = Some(today());
    let mut visit = account(3, &[]);
    visit.appointment = Some(today());
    let accounts = [
        seen,
        account(4, &[(-7, 500)]),
        account(5, &[(-7, 900)]),
        account(6, &[(-3, 10)]),
        account(7, &[(40, 10)]),
        broken,
        visit,
        account(8, &[(-20, 10)]),
    ];
    let list = work_list(&accounts, today(), &Settings::default()).unwrap();
    let order: Vec<u128> = list.iter().map(|item| item.customer.0.as_u128()).collect();
    assert_eq!(order, [3, 1, 7, 6, 5, 4, 2]);
}

#[test]
fn seed_000_more_than_two_months_is_listed_and_three_months_is_handed_over() {
    let check = |days: i64, expected: Option<Escalation>| {
        let reasons = item(&account(1, &[(days, 100)])).unwrap().reasons;
        let found = reasons.iter().find_map(|why| match why {
            Why::Escalation(escalation) => Some(*escalation),
            _ => None,
        });
        assert_eq!(found, expected, "{days}");
    };
    check(60, None);
    check(61, Some(Escalation::Listed));
    check(90, Some(Escalation::Handover));
}

#[test]
fn seed_002_visits_without_result_and_a_fallen_rating_are_reasons_while_something_is_overdue() {
    let reasons = |days: i64, no_result: u32, grade_fell: bool| {
        let mut account = account(1, &[(days, 100)]);
        account.no_result = no_result;
        account.grade_fell = grade_fell;
        let reasons = item(&account).map(|item| item.reasons).unwrap_or_default();
        reasons
            .into_iter()
            .filter(|why| matches!(why, Why::Alarm(_)))
            .collect::<Vec<_>>()
    };
    assert_eq!(reasons(5, 2, false), []);
    assert_eq!(reasons(5, 3, false), [Why::Alarm(Alarm::NoResult(3))]);
    assert_eq!(reasons(5, 0, true), [Why::Alarm(Alarm::RatingFell)]);
    assert_eq!(reasons(-5, 9, true), []);
}

#[test]
fn seed_000_the_statement_calendar_lists_who_owes_and_settles_by_the_month() {
    let check = |day: &str, settlement: Option<Settlement>, expected: &[Why]| {
        let day: Day = day.parse().unwrap();
        let mut account = account(1, &[]);
        account.invoices.push(InvoiceFacts {
            invoice: InvoiceId(Uuid::from_u128(1)),
            issued: day.plus_days(-10),
            due: day.plus_days(20),
            outstanding: yuan(100),
        });
        account.settlement = settlement;
        let settings = Settings::default();
        let item = work_item(&account, day, &settings, &Curve::of(&settings)).unwrap();
        let reasons = item.map(|item| item.reasons).unwrap_or_default();
        assert_eq!(reasons, expected, "{day} {settlement:?}");
    };
    let statement = |phase, days| [Why::Statement { phase, days }];
    let monthly = Some(Settlement::Monthly);
    check("2026-11-05", monthly, &statement(StatementPhase::Agree, 2));
    check("2026-11-15", monthly, &statement(StatementPhase::Settle, 0));
    check("2026-11-16", monthly, &[]);
    check("2026-11-05", Some(Settlement::CashOnDelivery), &[]);
    check("2026-11-05", None, &[]);
}

#[test]
fn what_was_agreed_is_not_to_be_agreed_again_but_is_to_be_settled() {
    let check = |day: &str, agreed: Option<&str>, expected: bool| {
        let day: Day = day.parse().unwrap();
        let mut account = account(1, &[]);
        account.invoices.push(InvoiceFacts {
            invoice: InvoiceId(Uuid::from_u128(1)),
            issued: day.plus_days(-10),
            due: day.plus_days(20),
            outstanding: yuan(100),
        });
        account.settlement = Some(Settlement::Monthly);
        account.agreed = agreed.map(|day| day.parse().unwrap());
        let settings = Settings::default();
        let item = work_item(&account, day, &settings, &Curve::of(&settings)).unwrap();
        assert_eq!(item.is_some(), expected, "{day} {agreed:?}");
    };
    check("2026-11-05", None, true);
    check("2026-11-05", Some("2026-09-30"), true);
    check("2026-11-05", Some("2026-10-31"), false);
    check("2026-11-10", Some("2026-10-31"), true);
}

#[test]
fn seeds_000_and_001_a_good_day_moves_up_among_equals_and_lists_nobody_by_itself() {
    let mut quiet = account(1, &[(-20, 100)]);
    quiet.payment_cycle = "周六".to_owned();
    quiet.stock_sold = "80%".to_owned();
    check(&quiet, &[]);
    let mut rich = account(2, &[(5, 100)]);
    rich.payment_cycle = "周六".to_owned();
    let mut sold = account(3, &[(5, 100)]);
    sold.stock_sold = "85%".to_owned();
    let has = |account: &AccountFacts, why: Why| item(account).unwrap().reasons.contains(&why);
    assert!(has(&rich, Why::HasMoney) && !has(&rich, Why::Sold));
    assert!(has(&sold, Why::Sold) && !has(&sold, Why::HasMoney));
    let accounts = [account(1, &[(5, 900)]), rich, account(4, &[(6, 10)])];
    let list = work_list(&accounts, today(), &Settings::default()).unwrap();
    let order: Vec<u128> = list.iter().map(|item| item.customer.0.as_u128()).collect();
    assert_eq!(order, [4, 2, 1]);
}

#[test]
fn the_instalment_asked_for_is_the_next_one_due_of_all_promises() {
    let mut promises = vec![
        promise(PromiseState::Pending, 0, 200, 50),
        promise(PromiseState::Pending, 0, 100, 0),
        promise(PromiseState::Pending, 5, 70, 0),
    ];
    let due = instalment_due(&promises, today()).unwrap();
    assert_eq!(due, Some((today(), yuan(250))));
    assert_eq!(instalment_due(&promises, today().plus_days(-1)), Ok(None));
    promises[0].instalments[0].due = today().plus_days(-1);
    let due = instalment_due(&promises, today()).unwrap();
    assert_eq!(due, Some((today().plus_days(-1), yuan(150))));
}

proptest! {
    #[test]
    fn the_list_does_not_depend_on_the_order_of_accounts_and_sums_agree(
        accounts in proptest::collection::vec(
            (proptest::collection::vec((-20i64..120, 0u32..5_000), 0..5), any::<bool>()),
            0..8,
        ),
    ) {
        let mut accounts: Vec<AccountFacts> = (1u128..)
            .zip(accounts)
            .map(|(n, (invoices, hold))| {
                let mut facts = account(n, &invoices);
                facts.hold = hold;
                facts
            })
            .collect();
        let list = work_list(&accounts, today(), &Settings::default()).unwrap();
        for item in &list {
            let facts = accounts.iter().find(|a| a.customer == item.customer).unwrap();
            let owed = Money::sum(facts.invoices.iter().map(|i| i.outstanding)).unwrap();
            prop_assert_eq!(item.outstanding, owed);
            prop_assert!(item.overdue <= item.outstanding && !item.reasons.is_empty());
        }
        accounts.reverse();
        prop_assert_eq!(work_list(&accounts, today(), &Settings::default()), Ok(list));
    }

    #[test]
    fn the_order_is_total_and_no_account_moves_another(
        days in proptest::collection::vec((-20i64..120, 1u32..4, any::<bool>()), 2..10),
        gone in 0usize..10,
    ) {
        let mut accounts: Vec<AccountFacts> = (1u128..)
            .zip(&days)
            .map(|(n, (days, sum, seen))| {
                let mut facts = account(n, &[(*days, *sum)]);
                facts.last_visit = seen.then(today);
                facts
            })
            .collect();
        let settings = Settings::default();
        let list = work_list(&accounts, today(), &settings).unwrap();
        prop_assert_eq!(work_list(&accounts, today(), &settings), Ok(list.clone()));
        let place = |item: &WorkItem| {
            (item.visited_today, Reverse(item.priority), Reverse(item.outstanding), item.customer)
        };
        prop_assert!(list.is_sorted_by(|a, b| place(a) < place(b)));
        for item in &list {
            let most = item.reasons.iter().map(urgency).max();
            prop_assert_eq!(item.reasons.first().map(urgency), most);
        }
        let gone = accounts.remove(gone % accounts.len()).customer;
        let rest: Vec<_> = list.into_iter().filter(|item| item.customer != gone).collect();
        prop_assert_eq!(work_list(&accounts, today(), &settings), Ok(rest));
    }
}
