//! What goes out reads back, and other programs find the same balances to the cent.

use std::{collections::BTreeMap, io::Cursor, process::Command};

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use shared::{day::Day, ledger::account::Account, money::Money};

use super::*;
use crate::{
    demo,
    store::{Store, as_of, journal},
};

fn exported(store: &Store, form: Form) -> Vec<u8> {
    let mut out = Vec::new();
    store
        .read(|conn| export(conn, form, &mut out))
        .unwrap_or_else(|error| panic!("{error}"));
    out
}

fn small_company() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let today = Day::new(2026, 11, 21).unwrap();
    let now = shared::day::Timestamp(today.number() * 86_400_000 + 3 * 3_600_000);
    demo::fill(&store, demo::SEED, now, &mut |_| {}).unwrap();
    (dir, store)
}

/// Balances as the ledger says, by first parts of the names.
fn ours(store: &Store) -> BTreeMap<String, Money> {
    let balances = store.read(journal::balances_by_account).unwrap();
    let mut sums: BTreeMap<String, Money> = BTreeMap::new();
    for (account, balance) in balances {
        let name = match account {
            Account::Receivable { .. } => "Assets:Receivable".to_owned(),
            Account::FieldCash(_) | Account::FieldCheques(_) => "Assets:Field".to_owned(),
            plain => plain.code(),
        };
        let sum = sums.entry(name).or_default();
        *sum = sum.checked_add(balance).unwrap();
    }
    sums.retain(|_, sum| !sum.is_zero());
    sums
}

/// Is the program there? If not, that is said: the rest of the test has nothing to ask.
fn is_there(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    if !found {
        eprintln!("{program} is not installed: what it says of the export is not checked");
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

/// The demo company in every form. One test, because the company takes its time to make.
#[test]
fn every_form_gives_the_balances_of_the_ledger_to_the_cent() {
    let (dir, store) = small_company();
    let ours = ours(&store);
    assert!(ours.len() >= 4, "{ours:?}");
    let write = |name: &str, form| {
        let path = dir.path().join(name);
        std::fs::write(&path, exported(&store, form)).unwrap();
        path.to_string_lossy().into_owned()
    };
    check_lines(&lines_of_csv(&exported(&store, Form::Csv)), &ours);
    check_workbook(&store, exported(&store, Form::Xlsx), &ours);
    let hledger = write("book.journal", Form::Hledger);
    if is_there("hledger") {
        run("hledger", &["-f", &hledger, "check", "--strict"]);
        let depth = ["-f", &hledger, "bal", "--depth", "2", "-O", "csv", "-N"];
        assert_eq!(theirs(&run("hledger", &depth)), ours);
    }
    let beancount = write("book.beancount", Form::Beancount);
    if is_there("bean-check") {
        run("bean-check", &[&beancount]);
        // A sum that is wrong by a fen does not pass.
        let text = std::fs::read_to_string(&beancount).unwrap();
        let (head, tail) = text.rsplit_once(" ~ 0.00 CNY").unwrap();
        let wrong = format!("{}{} ~ 0.00 CNY{tail}", &head[..head.len() - 1], "x");
        let wrong = wrong.replace("x ~", if head.ends_with('1') { "2 ~" } else { "1 ~" });
        let path = dir.path().join("wrong.beancount");
        std::fs::write(&path, wrong).unwrap();
        let checked = Command::new("bean-check").arg(&path).output().unwrap();
        assert!(!checked.status.success(), "bean-check checks the balances");
    }
}

/// Account, debit and credit of each line of the CSV.
fn lines_of_csv(csv: &[u8]) -> Vec<[String; 3]> {
    let text = std::str::from_utf8(csv).unwrap().strip_prefix('\u{feff}');
    let mut reader = ::csv::Reader::from_reader(text.unwrap().as_bytes());
    let line = |record: ::csv::StringRecord| [7, 11, 12].map(|at| record[at].to_owned());
    reader
        .records()
        .map(|record| line(record.unwrap()))
        .collect()
}

/// Debit less credit of each account.
fn check_lines(lines: &[[String; 3]], ours: &BTreeMap<String, Money>) {
    let mut sums: BTreeMap<String, Money> = BTreeMap::new();
    for [account, debit, credit] in lines {
        let sum = sums.entry(first_parts(account)).or_default();
        let money = |text: &str| text.parse::<Money>().unwrap_or_default();
        *sum = sum.checked_add(money(debit)).unwrap();
        *sum = sum.checked_sub(money(credit)).unwrap();
    }
    sums.retain(|_, sum| !sum.is_zero());
    assert_eq!(&sums, ours);
}

fn first_parts(account: &str) -> String {
    let is_many = account.starts_with("Assets:Field:") || account.starts_with("Assets:Receivable:");
    let parts: Vec<&str> = account
        .split(':')
        .take(if is_many { 2 } else { 9 })
        .collect();
    parts.join(":")
}

/// Rows of a sheet without the heading; numbers with two decimals.
fn rows_of(workbook: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<Vec<String>> {
    let cell = |data: &Data| match data {
        Data::Float(number) => format!("{number:.2}"),
        Data::Int(number) => format!("{number}.00"),
        Data::DateTime(day) => {
            let (year, month, day, ..) = day.to_ymd_hms_milli();
            format!("{year}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    };
    let range = workbook.worksheet_range(sheet).unwrap();
    let rows = range.rows().skip(1);
    rows.map(|row| row.iter().map(cell).collect()).collect()
}

/// What is read back of the workbook is what the ledger says, to the cent.
fn check_workbook(store: &Store, bytes: Vec<u8>, ours: &BTreeMap<String, Money>) {
    let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    assert_eq!(workbook.sheet_names(), super::xlsx::SHEETS);
    let [journal, balances, aging] = super::xlsx::SHEETS.map(|name| rows_of(&mut workbook, name));
    let lines = journal.iter();
    let lines: Vec<_> = lines
        .map(|row| [7, 11, 12].map(|at| row[at].clone()))
        .collect();
    assert_eq!(lines, lines_of_csv(&exported(store, Form::Csv)));
    check_lines(&lines, ours);
    assert!(journal.iter().all(|row| row[1].parse::<Day>().is_ok()));

    let none = String::new();
    let lines = balances.iter();
    let lines: Vec<_> = lines
        .map(|row| [row[0].clone(), row[1].clone(), none.clone()])
        .collect();
    check_lines(&lines, ours);

    let today: Day = aging[0][12].parse().unwrap();
    let buckets = store.read(|conn| as_of::aging(conn, today)).unwrap();
    let expected = [
        buckets.total().unwrap(),
        buckets.not_due,
        buckets.days_1_30,
        buckets.days_31_60,
        buckets.days_61_90,
        buckets.over_90,
        buckets.overpaid,
    ];
    for (column, expected) in (5..).zip(expected) {
        let sums = aging.iter().map(|row| &row[column]);
        let sums = sums.filter(|text| !text.is_empty());
        let sum = Money::sum(sums.map(|text| text.parse().unwrap())).unwrap();
        assert_eq!(sum, expected, "column {column}");
    }
}

/// `"account","CNY 1.00"` lines.
fn theirs(csv: &str) -> BTreeMap<String, Money> {
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(true)
        .from_reader(csv.as_bytes());
    let mut sums = BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        let sum = record[1].replace("CNY", "").replace(',', "");
        let sum: Money = sum.replace(' ', "").parse().unwrap();
        if !sum.is_zero() {
            sums.insert(record[0].to_owned(), sum);
        }
    }
    sums
}
