//! The real files as hledger and beancount have them: both accept the export, and find our balances to the cent.

use std::{collections::BTreeMap, path::PathBuf, process::Command};

use shared::{day::Day, money::Money};
use sync_server::{
    export::{Form, export},
    import::Kind,
    store::rebuild,
};

use super::support::{Books, data, figures};

/// A day after all of the files.
fn at_the_end() -> Day {
    Day::from_number(60_000)
}

/// Is the program there? If not, that is said: the rest of the test has nothing to ask.
fn is_there(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        println!("NOTICE: {program} is not installed: what it says of the export is not checked");
    }
    found
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Balances of `hledger bal -O csv`, those that are not zero.
fn balances(file: &str, depth: &str) -> BTreeMap<String, Money> {
    let arguments = ["-f", file, "bal", "--depth", depth, "-O", "csv", "-N"];
    let printed = run("hledger", &arguments);
    let mut found = BTreeMap::new();
    for line in printed.lines().skip(1) {
        let (account, sum) = line.trim_matches('"').split_once("\",\"").unwrap();
        let digits: String = sum
            .chars()
            .filter(|c| "-.0123456789".contains(*c))
            .collect();
        let sum: Money = digits.parse().unwrap();
        if !sum.is_zero() {
            found.insert(account.to_owned(), sum);
        }
    }
    found
}

/// The ledger is sound, and others find in it what was owed by whom.
fn check(books: &Books, owed: &BTreeMap<String, Money>, sold: Money) {
    books.check();
    let rebuilt = books.store().read(rebuild::rebuild).unwrap();
    assert_eq!(rebuilt.problems, Vec::<String>::new());
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, form| {
        let path: PathBuf = folder.path().join(name);
        let mut out = Vec::new();
        let written = books.store().read(|conn| export(conn, form, &mut out));
        written.unwrap();
        std::fs::write(&path, out).unwrap();
        path.to_string_lossy().into_owned()
    };
    if is_there("hledger") {
        let file = write("book.journal", Form::Hledger);
        run("hledger", &["-f", &file, "check", "--strict"]);
        let mut theirs = balances(&file, "3");
        let in_total = Money::sum(theirs.values().copied()).unwrap();
        assert_eq!(in_total, Money::ZERO);
        assert_eq!(theirs.remove("Income:Sales"), Some(sold.negated()));
        let bank = theirs.remove("Assets:Bank").unwrap_or_default();
        let all_owed = Money::sum(owed.values().copied()).unwrap();
        assert_eq!(bank, sold.checked_sub(all_owed).unwrap());
        let theirs: BTreeMap<String, Money> = theirs
            .into_iter()
            .map(|(account, sum)| {
                let number = account.strip_prefix("Assets:Receivable:").unwrap();
                (number.to_owned(), sum)
            })
            .collect();
        let mut owed = owed.clone();
        owed.retain(|_, sum| !sum.is_zero());
        assert_eq!(theirs, owed);
    }
    if is_there("bean-check") {
        // It ends with an assertion of each account's balance, without tolerance.
        let file = write("book.beancount", Form::Beancount);
        assert_eq!(run("bean-check", &[&file]), "");
    }
}

#[test]
fn hledger_and_beancount_find_our_balances_of_the_late_payments_to_the_cent() {
    let Some(data) = data() else { return };
    let expected = figures(&data).late_payments;
    let books = Books::new(data);
    let file = "late-payments.csv";
    let sold: Money = expected.total.parse().unwrap();
    let invoices = "late-payments.invoices.toml";
    books.import(Kind::Invoices, file, invoices, false).unwrap();
    // Before anything is paid all is owed, and nothing is in the bank.
    let owed = books.as_of(at_the_end());
    assert_eq!(owed.total, sold);
    check(&books, &owed.customers, sold);
    let payments = "late-payments.payments.toml";
    books.import(Kind::Payments, file, payments, false).unwrap();
    check(&books, &books.as_of(at_the_end()).customers, sold);
}

#[test]
fn hledger_and_beancount_find_our_balances_of_the_open_items_to_the_cent() {
    let Some(data) = data() else { return };
    let expected = figures(&data).open_items;
    let books = Books::new(data);
    books
        .import(Kind::Invoices, "open-items.csv", "open-items.toml", true)
        .unwrap();
    let (_, python) = expected.as_of.last_key_value().unwrap();
    let sold = expected.taken_sum.parse().unwrap();
    assert_eq!(python.total, sold, "nothing was paid");
    check(&books, &python.customers, sold);
}
