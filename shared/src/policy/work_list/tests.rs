//! Who is listed, why, and in which order.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn today() -> Day {
    Day::new(2026, 11, 21).unwrap()
}

fn yuan(n: u32) -> Money {
    Money::from_yuan(n)
}

/// An account with invoices (days overdue, yuan), each on 30 days' term.
fn account(n: u128, invoices: &[(i64, u32)]) -> AccountFacts {
    AccountFacts {
        customer: CustomerId(Uuid::from_u128(n)),
        invoices: (1u128..)
            .zip(invoices)
            .map(|(id, (days, sum))| InvoiceFacts {
                invoice: InvoiceId(Uuid::from_u128(id)),
                issued: today().plus_days(-days - 30),
                due: today().plus_days(-days),
                outstanding: yuan(*sum),
            })
            .collect(),
        on_account: Money::ZERO,
        promises: Vec::new(),
        hold: false,
        last_visit: None,
        appointment: None,
        signs: Vec::new(),
    }
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
            },
            Why::Overdue { days: 34, amount },
            losing(&old),
            Why::Sign(WarningSign::OrdersFall),
            Why::Hold,
        ],
    );
}

#[test]
fn the_dunning_ladder_climbs_by_days_overdue() {
    let check = |days: i64, step: Option<DunningStep>| {
        assert_eq!(dunning_step(days, &Settings::default()), step, "{days}");
    };
    check(-1, None);
    check(0, Some(DunningStep::Call));
    check(14, Some(DunningStep::Call));
    check(15, Some(DunningStep::FirstLetter));
    check(30, Some(DunningStep::SecondLetter));
    check(60, Some(DunningStep::ThirdLetter));
    check(90, Some(DunningStep::FourthLetter));
    check(900, Some(DunningStep::FourthLetter));
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
}
