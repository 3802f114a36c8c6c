//! The rule of promise states, case by case, and its independence of order.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use PromiseState::{Broken, Cancelled, Kept, PartlyKept, Pending};

/// Day 0 of the tests is the day on which promises are signed.
fn day(n: i64) -> Day {
    Day::from_number(20_000 + n)
}

fn invoice(n: u128) -> InvoiceId {
    InvoiceId(Uuid::from_u128(n))
}

fn document(n: u8) -> DocumentId {
    DocumentId([n; 32])
}

fn yuan(n: i64) -> Money {
    Money::from_fen(n * 100).unwrap()
}

/// Promise `n`, the n-th made, with instalments (due, yuan) over invoices (none = whole account).
fn promise(n: u8, instalments: &[(i64, i64)], invoices: &[u128]) -> PromiseFact {
    PromiseFact {
        id: document(n),
        made_at: Timestamp(i64::from(n)),
        day: day(0),
        instalments: instalments
            .iter()
            .map(|(due, amount)| Instalment {
                due: day(*due),
                amount: yuan(*amount),
            })
            .collect(),
        invoices: invoices.iter().map(|i| invoice(*i)).collect(),
        already_counted: BTreeSet::new(),
        replaces: None,
        cancelled: false,
    }
}

/// Receipt `n` of a day: yuan on an invoice (0 = on account).
fn receipt(n: u8, on: i64, invoice_number: u128, amount: i64) -> MoneyFact {
    MoneyFact {
        day: day(on),
        receipt: Some(document(n)),
        invoice: (invoice_number > 0).then(|| invoice(invoice_number)),
        amount: yuan(amount),
    }
}

fn booked(on: i64, invoice_number: u128, amount: i64) -> MoneyFact {
    MoneyFact {
        receipt: None,
        ..receipt(0, on, invoice_number, amount)
    }
}

fn states(
    promises: &[PromiseFact],
    money: &[MoneyFact],
    in_transit: &[MoneyFact],
    today: i64,
) -> BTreeMap<DocumentId, PromiseOutcome> {
    promise_states(promises, money, in_transit, day(today), 3).unwrap()
}

/// Checks promise 1 alone: its state, and state and yuan paid of each instalment.
#[track_caller]
fn check(
    promises: &[PromiseFact],
    money: &[MoneyFact],
    in_transit: &[MoneyFact],
    today: i64,
    state: PromiseState,
    instalments: &[(PromiseState, i64)],
) {
    let outcomes = states(promises, money, in_transit, today);
    let outcome = &outcomes[&document(1)];
    let expected: Vec<(PromiseState, Money)> = instalments
        .iter()
        .map(|(state, paid)| (*state, yuan(*paid)))
        .collect();
    assert_eq!(outcome.instalments, expected);
    assert_eq!(outcome.state, state);
}

#[test]
fn a_promise_is_pending_until_grace_runs_out_and_then_broken() {
    let promises = [promise(1, &[(7, 100)], &[10])];
    for today in [0, 7, 10] {
        check(&promises, &[], &[], today, Pending, &[(Pending, 0)]);
    }
    check(&promises, &[], &[], 11, Broken, &[(Broken, 0)]);
    let recheck = |today: i64| states(&promises, &[], &[], today)[&document(1)].recheck_on;
    assert_eq!(recheck(0), Some(day(11)));
    assert_eq!(recheck(11), None);
}

#[test]
fn money_in_time_keeps_it_at_once_and_late_money_does_not_mend_it() {
    let promises = [promise(1, &[(7, 100)], &[10])];
    for paid_on in [0, 7, 10] {
        let money = [receipt(2, paid_on, 10, 100)];
        check(&promises, &money, &[], 10, Kept, &[(Kept, 100)]);
        check(&promises, &money, &[], 99, Kept, &[(Kept, 100)]);
    }
    let late = [receipt(2, 11, 10, 100)];
    check(&promises, &late, &[], 11, Broken, &[(Broken, 100)]);
}

#[test]
fn a_part_in_time_keeps_it_partly_once_grace_is_over() {
    let promises = [promise(1, &[(7, 100)], &[10])];
    let money = [receipt(2, 5, 10, 60)];
    check(&promises, &money, &[], 10, Pending, &[(Pending, 60)]);
    check(&promises, &money, &[], 11, PartlyKept, &[(PartlyKept, 60)]);
    let with_late = [receipt(2, 5, 10, 60), receipt(3, 12, 10, 40)];
    check(
        &promises,
        &with_late,
        &[],
        12,
        PartlyKept,
        &[(PartlyKept, 100)],
    );
}

#[test]
fn instalments_are_paid_in_due_order_and_the_worst_one_names_the_whole() {
    let three = [promise(1, &[(7, 100), (21, 100), (35, 100)], &[10])];
    let money = [receipt(2, 6, 10, 150)];
    check(
        &three,
        &money,
        &[],
        8,
        Pending,
        &[(Kept, 100), (Pending, 50), (Pending, 0)],
    );
    check(
        &three,
        &money,
        &[],
        25,
        PartlyKept,
        &[(Kept, 100), (PartlyKept, 50), (Pending, 0)],
    );
    check(
        &three,
        &money,
        &[],
        39,
        Broken,
        &[(Kept, 100), (PartlyKept, 50), (Broken, 0)],
    );
    // Written in another order than due: the letter's order is kept in the answer.
    let turned = [promise(1, &[(21, 100), (7, 100)], &[10])];
    check(
        &turned,
        &money,
        &[],
        8,
        Pending,
        &[(Pending, 50), (Kept, 100)],
    );
}

#[test]
fn only_money_on_the_promised_invoices_counts_and_all_money_if_none_is_named() {
    let named = [promise(1, &[(7, 100)], &[10, 11])];
    let account = [promise(1, &[(7, 100)], &[])];
    let money = [
        receipt(2, 5, 10, 30),
        receipt(3, 5, 11, 20),
        receipt(4, 5, 12, 25),
        receipt(5, 5, 0, 25),
    ];
    check(&named, &money, &[], 11, PartlyKept, &[(PartlyKept, 50)]);
    check(&account, &money, &[], 11, Kept, &[(Kept, 100)]);
}

#[test]
fn receipts_already_counted_and_payments_booked_before_keep_nothing() {
    let mut one = promise(1, &[(7, 100)], &[10]);
    one.already_counted.insert(document(2));
    let promises = [one];
    let counted = [receipt(2, 0, 10, 100), booked(-1, 10, 100)];
    check(&promises, &counted, &[], 11, Broken, &[(Broken, 0)]);
    check(&promises, &[], &counted[..1], 11, Broken, &[(Broken, 0)]);
    // Unlisted: taken by a colleague whose phone had no signal.
    let unknown = [receipt(3, -1, 10, 100)];
    check(&promises, &unknown, &[], 1, Kept, &[(Kept, 100)]);
    let long_ago = [receipt(3, -LOOK_BACK_DAYS - 1, 10, 100)];
    check(&promises, &long_ago, &[], 1, Pending, &[(Pending, 0)]);
    let since = [booked(0, 10, 100)];
    check(&promises, &since, &[], 1, Kept, &[(Kept, 100)]);
}

#[test]
fn a_phone_lists_every_receipt_it_knows_that_pays_the_promised_invoices() {
    let known = [
        receipt(3, -2, 10, 10),
        receipt(3, -2, 11, 10),
        receipt(4, 0, 12, 10),
        receipt(5, 0, 0, 10),
        receipt(6, -LOOK_BACK_DAYS - 1, 10, 10),
        booked(-1, 10, 10),
    ];
    let list = |invoices: &[u128]| {
        let invoices = invoices.iter().map(|i| invoice(*i)).collect();
        already_counted(&known, &invoices, day(0))
    };
    assert_eq!(list(&[10]), [document(3)]);
    assert_eq!(list(&[]), [document(3), document(4), document(5)]);
}

#[test]
fn each_yuan_counts_for_one_promise_only_the_oldest_first() {
    let promises = [
        promise(2, &[(5, 100)], &[10]),
        promise(1, &[(30, 100)], &[10]),
    ];
    let money = [receipt(3, 1, 10, 150)];
    let outcomes = states(&promises, &money, &[], 9);
    assert_eq!(outcomes[&document(1)].instalments, [(Kept, yuan(100))]);
    assert_eq!(outcomes[&document(2)].instalments, [(PartlyKept, yuan(50))]);
}

#[test]
fn money_in_transit_holds_a_promise_at_pending_but_does_not_keep_it() {
    let promises = [promise(1, &[(7, 100)], &[10])];
    let claim = |on: i64, amount: i64| [receipt(2, on, 10, amount)];
    check(&promises, &[], &claim(6, 100), 8, Pending, &[(Pending, 0)]);
    check(&promises, &[], &claim(6, 100), 20, Pending, &[(Pending, 0)]);
    check(&promises, &[], &claim(6, 30), 20, Pending, &[(Pending, 0)]);
    // Too late to change anything.
    check(&promises, &[], &claim(11, 100), 20, Broken, &[(Broken, 0)]);
    // A part is certain and the rest may come.
    let part = [receipt(3, 5, 10, 60)];
    check(
        &promises,
        &part,
        &claim(6, 40),
        20,
        Pending,
        &[(Pending, 60)],
    );
    check(
        &promises,
        &part,
        &claim(6, 30),
        20,
        PartlyKept,
        &[(PartlyKept, 60)],
    );
    check(&promises, &claim(6, 100), &[], 20, Kept, &[(Kept, 100)]);
}

#[test]
fn a_clock_set_back_or_ahead_does_not_move_the_day_of_a_payment_past_what_is_known() {
    let check = |claimed: i64, last_server: Option<i64>, received: i64, counts_on: i64| {
        let found = payment_day(day(claimed), last_server.map(day), day(received));
        assert_eq!(
            found,
            day(counts_on),
            "{claimed} {last_server:?} {received}"
        );
    };
    check(5, Some(4), 9, 5);
    check(5, None, 9, 5);
    check(1, Some(4), 9, 4);
    check(20, Some(4), 9, 9);
    check(20, None, 9, 9);
    check(1, Some(12), 9, 9);
}

#[test]
fn a_replaced_or_cancelled_promise_claims_nothing() {
    let old = promise(1, &[(7, 100)], &[10]);
    let mut new = promise(2, &[(30, 100)], &[10]);
    new.replaces = Some(old.id);
    let money = [receipt(3, 5, 10, 100)];
    let promises = [new.clone(), old.clone()];
    check(&promises, &money, &[], 20, Cancelled, &[(Cancelled, 0)]);
    assert_eq!(states(&promises, &money, &[], 20)[&document(2)].state, Kept);
    // A replacement that is cancelled does not bring the old one back.
    new.cancelled = true;
    let promises = [new, old.clone()];
    check(&promises, &money, &[], 20, Cancelled, &[(Cancelled, 0)]);
    let mut gone = old;
    gone.cancelled = true;
    check(&[gone], &money, &[], 20, Cancelled, &[(Cancelled, 0)]);
}

#[test]
fn a_voided_receipt_and_a_returned_payment_are_as_if_they_had_never_been() {
    let promises = [promise(1, &[(7, 100)], &[10])];
    let voided = [receipt(2, 5, 10, 100), receipt(2, 20, 10, -100)];
    check(&promises, &voided, &[], 8, Pending, &[(Pending, 0)]);
    check(&promises, &voided, &[], 20, Broken, &[(Broken, 0)]);
    let returned = [booked(4, 10, 60), booked(6, 10, 40), booked(9, 10, -50)];
    check(
        &promises,
        &returned,
        &[],
        20,
        PartlyKept,
        &[(PartlyKept, 50)],
    );
}

/// A promise counts each yuan once, whether the books or the receipt had it first.
#[test]
fn booked_money_that_is_a_receipts_counts_once_and_not_at_all_once_it_was_paid_back() {
    let promises = [promise(1, &[(7, 100)], &[10])];
    // Booked on account, moved to the promised invoice when its receipt came.
    let moved = [
        receipt(2, 1, 0, 100),
        receipt(2, 3, 0, -100),
        receipt(2, 3, 10, 100),
    ];
    check(&promises, &moved, &[], 8, Kept, &[(Kept, 100)]);
    let everything = [promise(1, &[(7, 150)], &[])];
    let once = [(PartlyKept, 100)];
    check(&everything, &moved, &[], 20, PartlyKept, &once);
    let mut counted = promises.clone();
    counted[0].already_counted.insert(document(2));
    check(&counted, &moved, &[], 20, Broken, &[(Broken, 0)]);
    let refunded = [moved.as_slice(), &[booked(9, 10, -100)]].concat();
    check(&promises, &refunded, &[], 20, Broken, &[(Broken, 0)]);
}

fn any_promise(n: u8) -> impl Strategy<Value = PromiseFact> {
    (
        proptest::collection::vec((0i64..30, 1i64..80), 1..4),
        proptest::collection::vec(10u128..13, 0..3),
        proptest::collection::vec(20u8..26, 0..2),
        proptest::option::weighted(0.2, 1u8..4),
        proptest::bool::weighted(0.1),
        0i64..3,
    )
        .prop_map(
            move |(instalments, invoices, counted, replaces, cancelled, at)| {
                let mut fact = promise(n, &instalments, &invoices);
                fact.already_counted = counted.into_iter().map(document).collect();
                fact.replaces = replaces.filter(|r| *r != n).map(document);
                fact.cancelled = cancelled;
                fact.made_at = Timestamp(at);
                fact
            },
        )
}

fn any_money() -> impl Strategy<Value = Vec<MoneyFact>> {
    let fact = (0u8..8, -3i64..40, 9u128..13, 1i64..90, any::<bool>()).prop_map(
        |(n, on, number, amount, back)| {
            let number = if number == 9 { 0 } else { number };
            let amount = if back { -amount / 2 } else { amount };
            match n {
                0 | 1 => booked(on, number, amount),
                n => receipt(18 + n, on, number, amount),
            }
        },
    );
    proptest::collection::vec(fact, 0..12)
}

fn shuffled<T: Clone>(items: &[T], seed: u64) -> Vec<T> {
    let mut items = items.to_vec();
    let count = items.len().max(1) as u64;
    for i in 0..items.len() {
        let j = (seed.rotate_left(i as u32 * 7) ^ 0x9e37) % count;
        items.swap(i, j as usize);
    }
    items
}

/// What promises get when every fact is looked at for every instalment.
fn spread_one_by_one(promises: &[PromiseFact], money: &[MoneyFact]) -> Vec<(Money, Money)> {
    let mut free = money.to_vec();
    let mut given = Vec::new();
    for promise in promises {
        let mut paid = vec![Paid::default(); promise.instalments.len()];
        for (i, instalment) in in_due_order(promise) {
            for fact in free.iter_mut().filter(|fact| counts(promise, fact)) {
                let open = instalment.amount.checked_sub(paid[i].total).unwrap();
                let part = open.min(fact.amount).max(Money::ZERO);
                fact.amount = fact.amount.checked_sub(part).unwrap();
                paid[i].total = paid[i].total.checked_add(part).unwrap();
                if fact.day <= instalment.due.plus_days(3) {
                    paid[i].in_time = paid[i].in_time.checked_add(part).unwrap();
                }
            }
        }
        given.extend(paid.iter().map(|p| (p.total, p.in_time)));
    }
    given
}

proptest! {
    #[test]
    fn stepping_over_spent_money_gives_what_looking_at_all_of_it_gives(
        promises in prop::collection::vec(any_promise(1), 1..8),
        money in prop::collection::vec(any_money(), 1..6),
        days in prop::collection::vec(-40i64..45, 8),
    ) {
        // Promises of many days, so that some money lies before the time of some.
        let mut promises = promises;
        for (promise, n) in promises.iter_mut().zip(&days) {
            promise.day = day(*n);
        }
        let money = net(&money.concat()).unwrap();
        let mut purse = Purse::new(&money);
        let given: Vec<(Money, Money)> = promises
            .iter()
            .flat_map(|p| purse.pay(p, 3).unwrap())
            .map(|p| (p.total, p.in_time))
            .collect();
        prop_assert_eq!(given, spread_one_by_one(&promises, &money));
    }

    #[test]
    fn states_do_not_depend_on_the_order_of_promises_and_money(
        promises in (any_promise(1), any_promise(2), any_promise(3)),
        money in any_money(),
        transit in any_money(),
        today in -1i64..45,
        seed in any::<u64>(),
    ) {
        let promises = [promises.0, promises.1, promises.2];
        let straight = states(&promises, &money, &transit, today);
        let mixed = states(
            &shuffled(&promises, seed),
            &shuffled(&money, seed.rotate_left(9)),
            &shuffled(&transit, seed.rotate_left(31)),
            today,
        );
        prop_assert_eq!(straight, mixed);
    }

    #[test]
    fn no_yuan_counts_twice_and_no_instalment_gets_more_than_it_asks(
        promises in (any_promise(1), any_promise(2), any_promise(3)),
        money in any_money(),
        today in -1i64..45,
    ) {
        let promises = [promises.0, promises.1, promises.2];
        let outcomes = states(&promises, &money, &[], today);
        let mut claimed = Money::ZERO;
        for promise in &promises {
            for (instalment, (_, paid)) in
                promise.instalments.iter().zip(&outcomes[&promise.id].instalments)
            {
                prop_assert!(*paid <= instalment.amount);
                claimed = claimed.checked_add(*paid).unwrap();
            }
        }
        let there = Money::sum(net(&money).unwrap().iter().map(|f| f.amount)).unwrap();
        prop_assert!(claimed <= there);
    }

    #[test]
    fn time_alone_never_unkeeps_and_transit_alone_never_keeps(
        one in any_promise(1),
        money in any_money(),
        transit in any_money(),
        today in -1i64..45,
    ) {
        let promises = [one];
        let now = states(&promises, &money, &[], today);
        let later = states(&promises, &money, &[], today + 10);
        let hoped = states(&promises, &money, &transit, today);
        let id = promises[0].id;
        for i in 0..promises[0].instalments.len() {
            let at = |o: &BTreeMap<DocumentId, PromiseOutcome>| o[&id].instalments[i].0;
            prop_assert!(at(&now) != Kept || at(&later) == Kept);
            prop_assert!(at(&hoped) != Kept || at(&now) == Kept);
            if let (Broken | PartlyKept, false) = (at(&now), at(&hoped) == Pending) {
                prop_assert_eq!(at(&hoped), at(&now));
            }
        }
    }
}
