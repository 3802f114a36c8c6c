//! The importer, the ledger and a phone against receivables that nobody here wrote, compared with
//! figures worked out independently (`real_data/figures.py`, csv and decimal alone).
//!
//! The files lie outside the project; where they are absent each test says so and passes. Name
//! another folder with HUIKUAN_DATA.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

#[path = "real_data/exports.rs"]
mod exports;
#[path = "real_data/support.rs"]
mod support;

use std::collections::BTreeMap;

use app::replica::api::{CustomerLine, Reply, Request};
use shared::{day::Day, money::Money, people::Role};
use sync_server::{
    clock,
    import::{ImportError, Kind},
    store::{as_of, books, people},
};
use tests::phone::Phone;

use support::{Books, data, figures, refused};

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
    assert_eq!(report.created.sum.to_string(), expected.taken_sum);
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
