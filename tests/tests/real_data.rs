//! The importer, the ledger and a phone against receivables that nobody here wrote, compared with
//! figures worked out independently (`real_data/figures.py`, csv and decimal alone).
//!
//! The files lie outside the project; where they are absent each test says so and passes. Name
//! another folder with HUIKUAN_DATA.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use app::replica::api::{CustomerLine, Reply, Request};
use serde::Deserialize;
use shared::{day::Day, ids::CustomerId, money::Money, people::Role};
use sync_server::{
    clock,
    import::{self, ImportError, Kind, Report},
    store::{Store, as_of, books, ledger, people},
};
use tests::{phone::Phone, workspace, world::World};

/// What `figures.py` prints of one file under one rule.
#[derive(Debug, Deserialize)]
struct Figures {
    late_payments: LatePayments,
    open_items: OpenItems,
    open_items_converted: OpenItems,
    open_items_exact: OpenItems,
}

#[derive(Debug, Deserialize)]
struct LatePayments {
    rows: u64,
    customers: u64,
    total: String,
    as_of: BTreeMap<Day, AsOf>,
}

#[derive(Debug, Deserialize)]
struct OpenItems {
    rows: u64,
    taken: u64,
    taken_sum: String,
    /// Line, column, value, code.
    refused: Vec<(u64, String, String, String)>,
    refused_sum: String,
    rounded: u64,
    rounding_difference: String,
    due_before_issued: u64,
    customers: u64,
    customers_with_aliases: u64,
    alias_names: u64,
    names: BTreeMap<String, String>,
    as_of: BTreeMap<Day, AsOf>,
}

/// What was owed at the end of a day.
#[derive(Debug, PartialEq, Eq, Deserialize)]
struct AsOf {
    total: Money,
    customers: BTreeMap<String, Money>,
    buckets: BTreeMap<String, Money>,
}

/// The folder with the files; none, with a notice, where it is absent.
fn data() -> Option<PathBuf> {
    let named = std::env::var_os("HUIKUAN_DATA").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| workspace().join("../shared/data"));
    let there = ["late-payments.csv", "open-items.csv"]
        .iter()
        .all(|name| folder.join(name).is_file());
    if !there {
        println!(
            "NOTICE: skipped, no real data in {} (HUIKUAN_DATA names another folder)",
            folder.display()
        );
    }
    there.then_some(folder)
}

fn map(name: &str) -> PathBuf {
    workspace().join("tests/real_data").join(name)
}

fn figures(folder: &Path) -> Figures {
    let output = Command::new("python3")
        .arg(map("figures.py"))
        .arg(folder)
        .output()
        .expect("python3 runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A company that keeps its books in US dollars.
struct Books {
    world: World,
    data: PathBuf,
    _dir: tempfile::TempDir,
}

impl Books {
    fn new(data: PathBuf) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self {
            world: World::in_currency(dir.path(), "USD"),
            data,
            _dir: dir,
        }
    }

    fn store(&self) -> &Store {
        &self.world.store
    }

    fn import(
        &self,
        kind: Kind,
        file: &str,
        map_name: &str,
        skip_bad: bool,
    ) -> Result<Report, ImportError> {
        import::import_file(
            self.store(),
            kind,
            &self.data.join(file),
            &map(map_name),
            skip_bad,
        )
    }

    /// What the journal says was owed at the end of a day.
    fn as_of(&self, day: Day) -> AsOf {
        self.store()
            .read(|conn| {
                let mut customers: BTreeMap<CustomerId, Money> = BTreeMap::new();
                for item in as_of::receivables(conn, day)? {
                    let sum = customers.entry(item.customer).or_default();
                    *sum = sum.checked_add(item.balance)?;
                }
                let mut by_number = BTreeMap::new();
                for (id, sum) in customers {
                    let customer = books::customer(conn, id)?.expect("a customer with postings");
                    by_number.insert(customer.number, sum);
                }
                let aging = as_of::aging(conn, day)?;
                assert!(aging.overpaid.is_zero());
                let buckets = [
                    ("not_due", aging.not_due),
                    ("days_1_30", aging.days_1_30),
                    ("days_31_60", aging.days_31_60),
                    ("days_61_90", aging.days_61_90),
                    ("over_90", aging.over_90),
                ];
                let buckets = buckets.map(|(name, sum)| (name.to_owned(), sum)).into();
                Ok::<_, sync_server::store::StoreError>(AsOf {
                    total: aging.total()?,
                    customers: by_number,
                    buckets,
                })
            })
            .unwrap()
    }

    fn check(&self) {
        let report = self.store().read(ledger::check).unwrap();
        assert!(report.is_good(), "{:?}", report.problems);
    }
}

fn refused(report: &Report) -> Vec<(u64, String, String, String)> {
    let row = |bad: &import::BadRow| {
        (
            bad.line,
            bad.column.clone(),
            bad.value.clone(),
            bad.reason.code().to_owned(),
        )
    };
    report.bad_rows.iter().map(row).collect()
}

#[test]
fn late_payments_come_in_whole_and_owe_on_every_day_what_python_says() {
    let Some(data) = data() else { return };
    let expected = figures(&data).late_payments;
    let books = Books::new(data);
    let invoices = || {
        books
            .import(
                Kind::Invoices,
                "late-payments.csv",
                "late-payments.invoices.toml",
                false,
            )
            .unwrap()
    };
    let payments = || {
        books
            .import(
                Kind::Payments,
                "late-payments.csv",
                "late-payments.payments.toml",
                false,
            )
            .unwrap()
    };

    let report = invoices();
    assert_eq!(
        (report.rows, report.created.rows, report.refused.rows),
        (expected.rows, expected.rows, 0)
    );
    assert_eq!(
        (report.customers_created, report.created.sum.to_string()),
        (expected.customers, expected.total.clone())
    );
    let report = payments();
    assert_eq!(
        (report.created.rows, report.created.sum.to_string()),
        (expected.rows, expected.total)
    );
    for (day, figures) in &expected.as_of {
        assert_eq!(&books.as_of(*day), figures, "{day}");
    }
    // Leading zeros of numbers count.
    let invoice = books
        .store()
        .read(|conn| books::invoice_by_number(conn, "0000611365"))
        .unwrap()
        .unwrap();
    assert_eq!(invoice.amount.to_string(), "55.94");

    assert_eq!(
        (invoices().unchanged.rows, payments().unchanged.rows),
        (expected.rows, expected.rows)
    );
    books.check();
}

#[test]
fn open_items_in_another_currency_are_refused_each_by_line_and_the_rest_agrees_with_python() {
    let Some(data) = data() else { return };
    let expected = figures(&data).open_items;
    let books = Books::new(data);

    let all = books.import(Kind::Invoices, "open-items.csv", "open-items.toml", false);
    let Err(ImportError::BadRows(report)) = all else {
        panic!("{all:?}")
    };
    assert!(!report.applied && report.refused.rows == expected.refused.len() as u64);
    let nothing = books.store().read(as_of_end).unwrap();
    assert!(
        nothing.is_empty(),
        "an import with bad rows changes nothing"
    );

    let report = books
        .import(Kind::Invoices, "open-items.csv", "open-items.toml", true)
        .unwrap();
    assert_eq!(
        (report.rows, report.created.rows),
        (expected.rows, expected.taken)
    );
    assert_eq!(refused(&report), expected.refused);
    assert_eq!(report.created.sum.to_string(), expected.taken_sum);
    assert_eq!(report.refused.sum.to_string(), expected.refused_sum);
    assert_eq!(
        (report.rounded.rows, report.due_before_issued),
        (0, expected.due_before_issued)
    );
    assert_eq!(report.customers_created, expected.customers);
    assert_eq!(
        report.customers_with_aliases,
        expected.customers_with_aliases
    );
    assert_eq!(report.alias_names, expected.alias_names);
    for (number, name) in &expected.names {
        let customer = books
            .store()
            .read(|conn| books::customer_by_number(conn, number))
            .unwrap()
            .unwrap();
        assert_eq!(&customer.name, name, "{number}");
    }
    for (day, figures) in &expected.as_of {
        assert_eq!(&books.as_of(*day), figures, "{day}");
    }
    let again = books
        .import(Kind::Invoices, "open-items.csv", "open-items.toml", true)
        .unwrap();
    assert_eq!(
        (
            again.unchanged.rows,
            again.created.rows,
            again.customers_created
        ),
        (expected.taken, 0, 0)
    );
    books.check();
}

fn as_of_end(
    conn: &rusqlite::Connection,
) -> Result<Vec<as_of::BalanceAsOf>, sync_server::store::StoreError> {
    as_of::receivables(conn, Day::from_number(60_000))
}

#[test]
fn amounts_with_more_than_two_decimals_are_refused_or_rounded_as_the_map_says() {
    let Some(data) = data() else { return };
    let figures = figures(&data);
    let books = Books::new(data);

    let expected = figures.open_items_exact;
    let outcome = books.import(
        Kind::Invoices,
        "open-items.csv",
        "open-items.exact.toml",
        false,
    );
    let Err(ImportError::BadRows(report)) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!(refused(&report), expected.refused);
    assert_eq!(report.refused.sum.to_string(), expected.refused_sum);

    let expected = figures.open_items_converted;
    let report = books
        .import(
            Kind::Invoices,
            "open-items.csv",
            "open-items.converted.toml",
            false,
        )
        .unwrap();
    assert_eq!(
        (report.created.rows, report.refused.rows),
        (expected.rows, 0)
    );
    assert_eq!(
        (report.rounded.rows, report.rounded.sum.to_string()),
        (expected.rounded, expected.rounding_difference)
    );
    assert_eq!(report.due_before_issued, expected.due_before_issued);
    for (day, figures) in &expected.as_of {
        assert_eq!(&books.as_of(*day), figures, "{day}");
    }
    books.check();
}

/// Customers that the phone gets.
const LARGEST: usize = 25;

#[test]
fn a_reps_phone_shows_the_largest_customers_accounts_as_python_has_them() {
    let Some(data) = data() else { return };
    let expected = figures(&data).open_items;
    let owed = expected.as_of.values().next_back().unwrap();
    let mut largest: Vec<(&String, Money)> = owed
        .customers
        .iter()
        .map(|(number, sum)| (number, *sum))
        .collect();
    largest.sort_by_key(|(number, sum)| (std::cmp::Reverse(*sum), *number));
    largest.truncate(LARGEST);

    let mut books = Books::new(data);
    books
        .import(Kind::Invoices, "open-items.csv", "open-items.toml", true)
        .unwrap();
    let rep = books.world.person("王芳", Role::Rep);
    books
        .store()
        .write(|tx| {
            for (number, _) in &largest {
                let customer = books::customer_by_number(tx, number)?.expect("imported");
                people::assign(tx, customer.id, Some(rep.id), clock::now())?;
            }
            Ok::<_, sync_server::store::StoreError>(())
        })
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let phone = Phone::enrol(folder.path(), &mut books.world, &rep);
    phone.sync();

    let Reply::Customers(lines) = phone.ask(Request::Customers {
        search: String::new(),
        limit: 1_000,
    }) else {
        panic!("another reply");
    };
    let shown: BTreeMap<&String, &CustomerLine> =
        lines.iter().map(|line| (&line.number, line)).collect();
    assert_eq!(
        shown.len(),
        LARGEST,
        "the phone has these customers and no others"
    );
    for (number, sum) in &largest {
        let line = shown[number];
        assert_eq!((line.outstanding, line.overdue), (*sum, *sum), "{number}");
        assert_eq!(&line.name, &expected.names[*number]);
        let Reply::Customer(account) = phone.ask(Request::Customer(line.id)) else {
            panic!("another reply")
        };
        assert_eq!(
            (account.outstanding, account.aging.over_90),
            (*sum, *sum),
            "{number}"
        );
        let invoices = Money::sum(account.invoices.iter().map(|i| i.outstanding)).unwrap();
        assert_eq!(invoices, *sum, "{number}");
    }
}
