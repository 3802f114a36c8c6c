//! Every distribution of `shapes` measured: in what is drawn from it, and, where it was taken from the real files,
//! in those.
//!
//! A share that is measured may be four standard deviations off, as chance allows; the seeds are fixed, so a test
//! that holds once holds always.

use std::{cmp::Ordering, collections::BTreeMap, path::PathBuf};

use rust_decimal::Decimal;
use shared::{day::Day, receipt::MethodKind};

use super::{
    SEED,
    books::{self, Account},
    dice::{Dice, Quantiles},
    organization::{self, Shop},
    plan, receipts,
    shapes::*,
};

/// Seeds whose shops are measured together.
const SEEDS: u64 = 20;

fn today() -> Day {
    Day::new(2026, 11, 21).unwrap()
}

fn shops(seed: u64) -> Vec<Shop> {
    organization::organization(seed, today().plus_days(-430)).shops
}

fn many_shops() -> Vec<Shop> {
    (SEED..SEED + SEEDS).flat_map(shops).collect()
}

/// Shops, and their accounts as they are drawn.
fn drawn(seed: u64) -> (Vec<Shop>, Vec<Account>) {
    let shops = shops(seed);
    let accounts = books::accounts(seed, today(), &shops);
    (shops, accounts)
}

/// By how many per mille a share of so many draws may be off: four standard deviations.
fn tolerance(mille: u64, draws: usize) -> u64 {
    (16 * mille * (1_000 - mille) / draws.max(1) as u64).isqrt() + 1
}

/// So many of the draws should be so many per mille.
#[track_caller]
fn check_share(what: &str, part: usize, draws: usize, stated: u32) {
    let (stated, measured) = (u64::from(stated), (part * 1_000 / draws) as u64);
    let off = measured.abs_diff(stated);
    assert!(
        draws > 0 && off <= tolerance(stated, draws),
        "{what}: measured {measured}, stated {stated} per mille, of {draws}"
    );
}

/// Does each stated quantile lie where so many of the values are below it? `compare` says how a value stands to it.
#[track_caller]
fn check_quantiles<T>(
    what: &str,
    values: &[T],
    stated: Quantiles,
    compare: impl Fn(&T, i64) -> Ordering,
) {
    assert!(!values.is_empty(), "{what}");
    for (mille, knot) in stated {
        let share = |of: &dyn Fn(Ordering) -> bool| {
            let count = values.iter().filter(|v| of(compare(v, *knot))).count();
            (count * 1_000 / values.len()) as u64
        };
        let (below, upto) = (share(&|o| o.is_lt()), share(&|o| o.is_le()));
        let mille = u64::from(*mille);
        let off = tolerance(mille, values.len());
        assert!(
            below <= mille + off && upto + off >= mille,
            "{what}: {below} to {upto} per mille lie below {knot}, stated {mille}"
        );
    }
    let ends = [stated.first(), stated.last()].map(|end| end.unwrap().1);
    let is_within = |v: &T| compare(v, ends[0]).is_ge() && compare(v, ends[1]).is_le();
    assert!(values.iter().all(is_within), "{what}: beyond the ends");
}

#[track_caller]
fn check_numbers(what: &str, values: &[i64], stated: Quantiles) {
    check_quantiles(what, values, stated, |value, knot| value.cmp(&knot));
}

/// Days from the due day to the first payment.
fn days_late(account: &Account) -> i64 {
    account.parts[0].day.days_since(account.invoice.due)
}

const LATEST: i64 = DAYS_LATE[DAYS_LATE.len() - 1].1;

#[test]
fn shops_are_late_and_large_as_stated() {
    let shops = many_shops();
    let late: Vec<i64> = shops.iter().map(|s| i64::from(s.late_share)).collect();
    check_numbers("late share", &late, LATE_SHARE);
    let mean = late.iter().sum::<i64>() / late.len() as i64;
    assert!((335..=370).contains(&mean), "{mean}");
    let weights: Vec<i64> = shops.iter().map(|s| s.weight as i64).collect();
    check_numbers("weight", &weights, INVOICES_PER_CUSTOMER);
    let total: u32 = TERMS.iter().map(|(weight, _)| weight).sum();
    for (weight, days) in TERMS {
        let with = shops.iter().filter(|s| s.customer.terms.term_days == *days);
        let stated = weight * 1_000 / total;
        check_share(&format!("{days} days"), with.count(), shops.len(), stated);
    }
}

#[test]
fn invoices_have_the_stated_sums_days_and_numbers_a_customer() {
    for seed in [SEED, 1] {
        let (shops, accounts) = drawn(seed);
        let fen: Vec<i64> = accounts.iter().map(|a| a.invoice.amount.fen()).collect();
        check_numbers("sum", &fen, INVOICE_FEN);
        let large = INVOICE_FEN[INVOICE_FEN.len() - 2].1;
        assert!(fen.iter().any(|fen| *fen > large), "none of the largest");
        let mut counts = vec![0; shops.len()];
        accounts.iter().for_each(|a| counts[a.shop] += 1);
        counts.sort_unstable();
        // Their weights add up to a tenth more than the invoices there are.
        let at = |mille: usize| counts[(counts.len() - 1) * mille / 1_000];
        assert!((3..=5).contains(&at(100)) && (11..=14).contains(&at(500)));
        assert!((26..=33).contains(&at(900)), "{}", at(900));
        let age = |a: &Account| today().days_since(a.invoice.issued);
        assert!(
            accounts
                .iter()
                .all(|a| (0..=BOOK_DAYS + 1).contains(&age(a)))
        );
        for (n, of) in [(1, 4), (1, 2), (3, 4)] {
            // Below a part x of all days lie x of the draws, of the later of two 1 − (1 − x)².
            let (plain, later) = (
                1_000 * n / of,
                1_000 - 1_000 * (of - n) * (of - n) / (of * of),
            );
            let stated = (plain * (1_000 - GROWTH) + later * GROWTH) / 1_000;
            let within = BOOK_DAYS * i64::from(n) / i64::from(of);
            let young = accounts.iter().filter(|a| age(a) <= within).count();
            check_share("young", young, accounts.len(), stated);
        }
    }
}

#[test]
fn invoices_are_paid_as_late_as_stated() {
    for seed in [SEED, 1] {
        let (shops, accounts) = drawn(seed);
        let days: Vec<i64> = accounts.iter().map(days_late).collect();
        let late: Vec<i64> = days
            .iter()
            .copied()
            .filter(|d| (1..=LATEST).contains(d))
            .collect();
        check_numbers("days late", &late, DAYS_LATE);
        let stuck: Vec<i64> = days.iter().copied().filter(|d| *d > LATEST).collect();
        check_numbers("days stuck", &stuck, STUCK_DAYS);
        let mostly_late = |a: &&Account| shops[a.shop].late_share > 500;
        let of = accounts.iter().filter(mostly_late).count();
        check_share("stuck", stuck.len(), of, STUCK_SHARE);
        let expected: u64 = accounts
            .iter()
            .map(|a| {
                u64::from(shops[a.shop].late_share)
                    * if shops[a.shop].late_share > 500 {
                        910
                    } else {
                        1_000
                    }
            })
            .sum();
        let expected = expected / 1_000 / accounts.len() as u64;
        check_share("late", late.len(), accounts.len(), expected as u32);
        let punctual: Vec<&Account> = accounts
            .iter()
            .filter(|a| days_late(a) <= 0 && a.invoice.due > a.invoice.issued)
            .collect();
        // A knot is a share of the term, in whole days.
        check_quantiles("punctual", &punctual, PUNCTUAL_DAY, |account, mille| {
            let Account { invoice, parts, .. } = account;
            let term = invoice.due.days_since(invoice.issued);
            let paid = parts[0].day.days_since(invoice.issued);
            paid.cmp(&(term * mille / 1_000))
        });
    }
}

#[test]
fn a_stated_share_is_paid_in_two_parts_of_the_stated_sizes_days_apart() {
    let (_, accounts) = drawn(SEED);
    let large: Vec<_> = accounts
        .iter()
        .filter(|a| a.invoice.amount.fen() > IN_PARTS_FROM_FEN)
        .collect();
    let in_parts: Vec<_> = accounts.iter().filter(|a| a.parts.len() > 1).collect();
    check_share("in parts", in_parts.len(), large.len(), IN_PARTS_SHARE);
    let (mut sizes, mut gaps) = (Vec::new(), Vec::new());
    for account in &in_parts {
        let [first, rest] = account.parts.as_slice() else {
            panic!("{account:?}")
        };
        let fen = account.invoice.amount.fen();
        assert!(account.invoice.amount.fen() > IN_PARTS_FROM_FEN);
        assert_eq!(first.fen + rest.fen, fen);
        // The first part is rounded down to whole yuan.
        sizes.push((first.fen + 99) * 100 / fen);
        gaps.push(rest.day.days_since(first.day));
    }
    check_numbers(
        "first part",
        &sizes,
        &[(0, 30), (100, 35), (500, 55), (900, 75), (1_000, 80)],
    );
    check_numbers("days between", &gaps, &[(0, 5), (500, 12), (1_000, 20)]);
    assert!(gaps.contains(&5) && gaps.contains(&20));
}

#[test]
fn money_comes_by_the_stated_methods() {
    let mut dice = Dice::new(SEED, "methods");
    let mut by_method: BTreeMap<MethodKind, usize> = BTreeMap::new();
    for _ in 0..20_000 {
        let kind = receipts::method(&mut dice, today()).kind();
        *by_method.entry(kind).or_insert(0) += 1;
    }
    for (weight, kind) in METHODS {
        check_share(kind.slug(), by_method[kind], 20_000, *weight);
    }
    assert_eq!(by_method.len(), METHODS.len());
}

#[test]
fn promises_have_one_to_three_instalments_and_some_clocks_are_off() {
    let plan = plan(SEED, today());
    let mut instalments: BTreeMap<usize, usize> = BTreeMap::new();
    for promise in plan.calls.iter().filter_map(|c| c.promise.as_ref()) {
        *instalments.entry(promise.instalments.len()).or_insert(0) += 1;
    }
    assert_eq!(Vec::from_iter(instalments.into_keys()), [1, 2, 3]);
    let plain = |c: &&super::field::Call| c.receipt.is_none() && c.promise.is_none();
    let off: Vec<i64> = plan.calls.iter().map(|c| c.clock_off_minutes).collect();
    let off: Vec<i64> = off.into_iter().filter(|minutes| *minutes != 0).collect();
    let visits = plan.calls.iter().filter(plain).count();
    check_share("clocks off", off.len(), visits, CLOCK_OFF);
    assert!(
        off.iter()
            .all(|minutes| (20..=180).contains(&minutes.abs()))
    );
}

#[test]
fn phones_stand_at_the_door_as_often_as_stated() {
    let plan = plan(SEED, today());
    let (mut near, mut far, mut none) = (0, 0, 0);
    for call in &plan.calls {
        let shop = &plan.organization.shops[call.shop];
        match call.fix.map(|(point, _)| point.distance_m(shop.place)) {
            Some(0..=60) => near += 1,
            Some(1_000..=5_000) => far += 1,
            None => none += 1,
            Some(between) => panic!("{between} m"),
        }
    }
    check_share("near", near, VISITS, 900);
    check_share("far", far, VISITS, 40);
    check_share("no position", none, VISITS, 60);
}

/// A real file's rows by the names of their columns; none, with a notice, where it is absent.
fn real(file: &str) -> Option<Vec<BTreeMap<String, String>>> {
    let named = std::env::var_os("HUIKUAN_DATA").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let path = named.unwrap_or(beside).join(file);
    if !path.is_file() {
        println!("NOTICE: skipped, no real data at {}", path.display());
        return None;
    }
    let mut reader = csv::Reader::from_path(path).unwrap();
    Some(reader.deserialize().map(Result::unwrap).collect())
}

/// The value below which so many per mille of the values lie.
fn quantile(values: &mut [i64], mille: u32) -> i64 {
    values.sort_unstable();
    values[(values.len() - 1) * mille as usize / 1_000]
}

#[test]
fn what_is_said_to_be_after_the_real_late_payments_is() {
    let Some(rows) = real("late-payments.csv") else {
        return;
    };
    let number = |row: &BTreeMap<String, String>, column: &str| row[column].parse::<i64>().unwrap();
    let days = |row| number(row, "DaysLate");
    let mut late: Vec<i64> = rows.iter().map(days).filter(|days| *days > 0).collect();
    for (mille, stated) in DAYS_LATE {
        assert_eq!(quantile(&mut late, *mille), *stated, "{mille}");
    }
    // All of these have thirty days.
    let punctual = rows.iter().filter(|row| days(row) == 0);
    let mut punctual: Vec<i64> = punctual
        .map(|row| number(row, "DaysToSettle") * 1_000 / 30)
        .collect();
    for (mille, stated) in PUNCTUAL_DAY {
        assert_eq!(quantile(&mut punctual, *mille), *stated, "{mille}");
    }
    let mut customers: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for row in &rows {
        let of = customers.entry(&row["customerID"]).or_default();
        *of = (of.0 + i64::from(days(row) > 0), of.1 + 1);
    }
    let mut shares: Vec<i64> = customers
        .values()
        .map(|(late, all)| late * 1_000 / all)
        .collect();
    for (mille, stated) in LATE_SHARE {
        // Rounded; and the fifth that is hardly ever late is taken for never late.
        let off = if *mille == 200 { 40 } else { 5 };
        let measured = quantile(&mut shares, *mille);
        assert!(
            (measured - stated).abs() <= off,
            "{mille}: {measured} {stated}"
        );
    }
}

#[test]
fn what_is_said_to_be_after_the_real_open_items_is() {
    let Some(rows) = real("open-items.csv") else {
        return;
    };
    // The group's companies in one currency, by far most of its items.
    let rows: Vec<_> = rows
        .iter()
        .filter(|row| row["business_code"].starts_with('U'))
        .collect();
    let sum = |row: &&BTreeMap<String, String>| row["converted_usd"].parse::<Decimal>().unwrap();
    let mut sums: Vec<Decimal> = rows.iter().map(sum).collect();
    sums.sort_unstable();
    let at = |mille: u32| sums[(sums.len() - 1) * mille as usize / 1_000];
    for (mille, stated) in INVOICE_FEN.iter().filter(|(mille, _)| *mille > 0) {
        // Divided by their median, and scaled to that of the table.
        let measured = (at(*mille) / at(500) * Decimal::from(360_000)).round();
        let off = (measured - Decimal::from(*stated)).abs();
        assert!(off <= Decimal::from(100), "{mille}: {measured} {stated}");
    }
    // Invoices of a customer lie between those of the two files.
    let Some(others) = real("late-payments.csv") else {
        return;
    };
    let count = |keys: Vec<&String>| {
        let mut counts: BTreeMap<&String, i64> = BTreeMap::new();
        keys.into_iter()
            .for_each(|key| *counts.entry(key).or_insert(0) += 1);
        Vec::from_iter(counts.into_values())
    };
    let mut few = count(rows.iter().map(|row| &row["cust_number"]).collect());
    let mut many = count(others.iter().map(|row| &row["customerID"]).collect());
    for (mille, stated) in INVOICES_PER_CUSTOMER {
        let [a, b] = [&mut few, &mut many].map(|counts| quantile(counts, *mille));
        let between = a.min(b) - 1..=a.max(b) + 1;
        assert!(between.contains(stated), "{mille}: {a} {stated} {b}");
    }
}
