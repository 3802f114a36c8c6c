//! The files, the figures worked out beside them, and a company to import them into.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;
use shared::{day::Day, ids::CustomerId, money::Money};
use sync_server::{
    import::{self, ImportError, Kind, Report},
    store::{Store, as_of, books, ledger},
};
use tests::{workspace, world::World};

/// What `figures.py` prints of one file under one rule.
#[derive(Debug, Deserialize)]
pub struct Figures {
    pub late_payments: LatePayments,
    pub open_items: OpenItems,
    pub open_items_converted: OpenItems,
    pub open_items_exact: OpenItems,
}

#[derive(Debug, Deserialize)]
pub struct LatePayments {
    pub rows: u64,
    pub customers: u64,
    pub total: String,
    pub as_of: BTreeMap<Day, AsOf>,
}

#[derive(Debug, Deserialize)]
pub struct OpenItems {
    pub rows: u64,
    pub taken: u64,
    pub taken_sum: String,
    /// Line, column, value, code.
    pub refused: Vec<(u64, String, String, String)>,
    pub refused_sum: String,
    pub rounded: u64,
    pub rounding_difference: String,
    pub due_before_issued: u64,
    pub customers: u64,
    pub customers_with_aliases: u64,
    pub alias_names: u64,
    pub names: BTreeMap<String, String>,
    pub as_of: BTreeMap<Day, AsOf>,
}

/// What was owed at the end of a day.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct AsOf {
    pub total: Money,
    pub customers: BTreeMap<String, Money>,
    pub buckets: BTreeMap<String, Money>,
}

/// The folder with the files; none, with a notice, where it is absent.
pub fn data() -> Option<PathBuf> {
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

pub fn map(name: &str) -> PathBuf {
    workspace().join("tests/real_data").join(name)
}

pub fn figures(folder: &Path) -> Figures {
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
pub struct Books {
    pub world: World,
    pub data: PathBuf,
    _dir: tempfile::TempDir,
}

impl Books {
    pub fn new(data: PathBuf) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self {
            world: World::in_currency(dir.path(), "USD"),
            data,
            _dir: dir,
        }
    }

    pub fn store(&self) -> &Store {
        &self.world.store
    }

    pub fn import(
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
    pub fn as_of(&self, day: Day) -> AsOf {
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

    pub fn check(&self) {
        let report = self.store().read(ledger::check).unwrap();
        assert!(report.is_good(), "{:?}", report.problems);
    }
}

pub fn refused(report: &Report) -> Vec<(u64, String, String, String)> {
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
