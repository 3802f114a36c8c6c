//! Whole imports against a real store in a temporary folder.

use std::io::Cursor;

use shared::{
    ids::{CompanyId, PersonId},
    money::Money,
    people::{Person, Role},
    policy::Settings,
};
use uuid::Uuid;

mod customer_rows;
mod files;
mod payment_rows;

use super::*;
use crate::store::{books, company, people};

struct Books {
    store: Store,
    _dir: tempfile::TempDir,
}

fn books(currency: &str) -> Books {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let new = company::NewCompany {
        id: CompanyId(Uuid::now_v7()),
        name: "城西贸易".into(),
        currency: currency.into(),
        utc_offset_minutes: 480,
        policy: Settings::default(),
        demo: false,
    };
    let rep = Person {
        id: PersonId(Uuid::now_v7()),
        name: "王芳".into(),
        role: Role::Rep,
        phone: String::new(),
        active: true,
    };
    store
        .write(|tx| {
            company::init(tx, &new)?;
            people::add(tx, &rep)
        })
        .unwrap();
    Books { store, _dir: dir }
}

impl Books {
    fn import_with(
        &self,
        kind: Kind,
        map: &str,
        csv: &[u8],
        skip_bad: bool,
    ) -> Result<Report, ImportError> {
        let map = ColumnMap::parse(map, kind)?;
        import(&self.store, kind, Cursor::new(csv.to_vec()), &map, skip_bad)
    }

    fn import(&self, kind: Kind, map: &str, csv: &str) -> Result<Report, ImportError> {
        self.import_with(kind, map, csv.as_bytes(), false)
    }

    fn invoice(&self, number: &str) -> Option<shared::invoice::Invoice> {
        self.store
            .read(|conn| books::invoice_by_number(conn, number))
            .unwrap()
    }

    fn customer(&self, number: &str) -> Option<shared::customer::Customer> {
        self.store
            .read(|conn| books::customer_by_number(conn, number))
            .unwrap()
    }
}

const CUSTOMERS: &str = "[columns]\nnumber=1\nname=2\nterritory=3\nrep=4\n";
const INVOICES: &str =
    "[columns]\nnumber=\"No\"\ncustomer=\"Cust\"\nissued=\"Date\"\ndue=\"Due\"\namount=\"Sum\"\n";
const CREATING: &str = "[due]\nterm_days=30\n[customers]\ncreate=true\nterritory=\"城西\"\n[columns]\nnumber=\"No\"\ncustomer=\"Cust\"\ncustomer_name=\"Name\"\nissued=\"Date\"\namount=\"Sum\"\n";
const PAYMENTS: &str = "[columns]\nnumber=\"No\"\ninvoice=\"Inv\"\nday=\"Day\"\namount=\"Sum\"\n";

fn reasons(report: &Report) -> Vec<(u64, &str, &str, Reason)> {
    report
        .bad_rows
        .iter()
        .map(|b| (b.line, b.column.as_str(), b.value.as_str(), b.reason))
        .collect()
}

fn bad(outcome: Result<Report, ImportError>) -> Report {
    match outcome {
        Err(ImportError::BadRows(report)) => *report,
        other => panic!("{other:?}"),
    }
}

#[test]
fn customers_come_with_territory_rep_and_search_key() {
    let books = books("CNY");
    let csv = "编号,名称,片区,业务员\nC001,城西五金,城西,王芳\nC002,恒达  建材,城东,\n";
    let report = books.import(Kind::Customers, CUSTOMERS, csv).unwrap();
    assert_eq!((report.created.rows, report.territories_created), (2, 2));
    let first = books.customer("C001").unwrap();
    assert!(first.rep.is_some() && first.search_key.contains("cxwj"));
    assert_eq!(books.customer("C002").unwrap().name, "恒达 建材");
    let again = books.import(Kind::Customers, CUSTOMERS, csv).unwrap();
    assert_eq!((again.unchanged.rows, again.corrected.rows), (2, 0));
    let renamed = books
        .import(
            Kind::Customers,
            CUSTOMERS,
            &csv.replace("城西五金", "城西五金行"),
        )
        .unwrap();
    assert_eq!((renamed.unchanged.rows, renamed.corrected.rows), (1, 1));
    assert_eq!(books.customer("C001").unwrap().id, first.id);
}

#[test]
fn an_unknown_rep_is_a_bad_row_and_nothing_is_imported() {
    let books = books("CNY");
    let csv = "a,b,c,d\nC001,甲,城西,王芳\nC002,乙,城西,赵云\n";
    let report = bad(books.import(Kind::Customers, CUSTOMERS, csv));
    assert_eq!(reasons(&report), [(3, "d", "赵云", Reason::RepUnknown)]);
    assert!(!report.applied && books.customer("C001").is_none());
    let report = books
        .import_with(Kind::Customers, CUSTOMERS, csv.as_bytes(), true)
        .unwrap();
    assert!(report.applied && books.customer("C001").is_some() && books.customer("C002").is_none());
}

#[test]
fn the_same_invoices_again_change_nothing_and_another_sum_is_a_correction() {
    let books = books("CNY");
    let csv =
        "No,Cust,Name,Date,Sum\n0001,C1,甲,2026-11-01,\"1,200.50\"\n0002,C1,甲,2026-11-02,80\n";
    let report = books.import(Kind::Invoices, CREATING, csv).unwrap();
    assert_eq!(
        (report.created.rows, report.created.sum.to_string()),
        (2, "1280.50".into())
    );
    assert_eq!(
        (report.customers_created, report.territories_created),
        (1, 1)
    );
    let first = books.invoice("0001").unwrap();
    assert_eq!(
        (first.due.to_string(), first.amount.to_string()),
        ("2026-12-01".into(), "1200.50".into())
    );
    let again = books.import(Kind::Invoices, CREATING, csv).unwrap();
    assert_eq!(
        (
            again.unchanged.rows,
            again.created.rows,
            again.customers_created
        ),
        (2, 0, 0)
    );
    let corrected = books
        .import(Kind::Invoices, CREATING, &csv.replace(",80", ",90"))
        .unwrap();
    assert_eq!((corrected.corrected.rows, corrected.unchanged.rows), (1, 1));
    assert_eq!(books.invoice("0002").unwrap().amount, Money::from_yuan(90));
    let check = books.store.read(crate::store::ledger::check).unwrap();
    assert!(check.is_good(), "{:?}", check.problems);
}

#[test]
fn every_bad_invoice_row_names_line_column_value_and_reason() {
    let books = books("CNY");
    books
        .import(
            Kind::Customers,
            CUSTOMERS,
            "a,b,c,d\nC1,甲,城西,\nC2,乙,城西,\n",
        )
        .unwrap();
    books
        .import(
            Kind::Invoices,
            INVOICES,
            "No,Cust,Date,Due,Sum\nOLD,C1,2026-01-01,2026-02-01,5\n",
        )
        .unwrap();
    let check = |row: &str, column: &str, value: &str, reason: Reason| {
        let csv = format!("No,Cust,Date,Due,Sum\nA,C1,2026-01-01,2026-02-01,5\n\n{row}\n");
        let report = bad(books.import(Kind::Invoices, INVOICES, &csv));
        assert_eq!(reasons(&report), [(4, column, value, reason)], "{row}");
        assert!(books.invoice("A").is_none(), "{row}");
    };
    check(",C1,2026-01-01,2026-02-01,5", "No", "", Reason::Missing);
    check(
        "B,C9,2026-01-01,2026-02-01,5",
        "Cust",
        "C9",
        Reason::CustomerUnknown,
    );
    check(
        "B,C1,2026-13-01,2026-02-01,5",
        "Date",
        "2026-13-01",
        Reason::DateInvalid,
    );
    check("B,C1,2026-01-01,,5", "Due", "", Reason::Missing);
    check(
        "B,C1,2026-02-02,2026-02-01,5",
        "Due",
        "2026-02-01",
        Reason::DueBeforeIssued,
    );
    check(
        "B,C1,2026-01-01,2026-02-01,5.001",
        "Sum",
        "5.001",
        Reason::AmountTooPrecise,
    );
    check(
        "B,C1,2026-01-01,2026-02-01,-5",
        "Sum",
        "-5",
        Reason::AmountNegative,
    );
    check(
        "B,C1,2026-01-01,2026-02-01,0.00",
        "Sum",
        "0.00",
        Reason::AmountZero,
    );
    check(
        "B,C1,2026-01-01,2026-02-01,five",
        "Sum",
        "five",
        Reason::AmountInvalid,
    );
    check(
        "B,C1,2026-01-01,2026-02-01,99999999999999",
        "Sum",
        "99999999999999",
        Reason::AmountOutOfRange,
    );
    check(
        "A,C1,2026-01-01,2026-02-01,5",
        "No",
        "A",
        Reason::DuplicateNumber,
    );
    check(
        "OLD,C2,2026-01-01,2026-02-01,5",
        "Cust",
        "C2",
        Reason::CustomerChanged,
    );
    check("B,C1,2026-01-01", "(row)", "3 columns", Reason::ShortRow);
    check(
        "B,\"C1,2026-01-01",
        "(row)",
        "C1,2026-01-01·",
        Reason::QuoteUnclosed,
    );
    check(
        "B,C1,2026-01-01,2026-02-01,5,extra",
        "(row)",
        "6 columns",
        Reason::LongRow,
    );
    check(
        "B\u{1},C1,2026-01-01,2026-02-01,5",
        "No",
        "B·",
        Reason::ControlCharacter,
    );
    let long = "9".repeat(201);
    check(
        &format!("{long},C1,2026-01-01,2026-02-01,5"),
        "No",
        &format!("{}…", "9".repeat(60)),
        Reason::TooLong,
    );
}

#[test]
fn leaving_bad_rows_out_reports_counts_and_sums_of_both() {
    let books = books("CNY");
    let csv = "No,Cust,Name,Date,Sum\n1,C1,甲,2026-01-01,10.10\n2,C1,甲,someday,20.20\n3,C1,甲,2026-01-03,x\n4,C2,乙,2026-01-04,40.40\n";
    let report = books
        .import_with(Kind::Invoices, CREATING, csv.as_bytes(), true)
        .unwrap();
    assert!(report.applied);
    assert_eq!(
        (report.rows, report.created.rows, report.refused.rows),
        (4, 2, 2)
    );
    assert_eq!(
        (
            report.created.sum.to_string(),
            report.refused.sum.to_string()
        ),
        ("50.50".into(), "20.20".into())
    );
    let printed = report.to_string();
    assert!(
        printed.contains("line 3, column Date, value \"someday\""),
        "{printed}"
    );
}

#[test]
fn rows_in_another_currency_are_refused_never_converted() {
    let books = books("CNY");
    let map =
        format!("[currency]\ncolumn=\"Cur\"\nvalues={{ RMB=\"CNY\", USD=\"USD\" }}\n{CREATING}");
    let csv = "No,Cust,Name,Date,Sum,Cur\n1,C1,甲,2026-01-01,1,RMB\n2,C1,甲,2026-01-01,2,USD\n3,C1,甲,2026-01-01,3,EUR\n";
    let report = books
        .import_with(Kind::Invoices, &map, csv.as_bytes(), true)
        .unwrap();
    assert_eq!(
        reasons(&report),
        [
            (3, "Cur", "USD", Reason::CurrencyOther),
            (4, "Cur", "EUR", Reason::CurrencyUnknown)
        ]
    );
    let constant = format!("[currency]\nconstant=\"USD\"\n{CREATING}");
    let report = bad(books.import(
        Kind::Invoices,
        &constant,
        "No,Cust,Name,Date,Sum\n9,C1,甲,2026-01-01,1\n",
    ));
    assert_eq!(reasons(&report)[0].3, Reason::CurrencyOther);
}

#[test]
fn of_several_names_the_map_says_which_counts() {
    let csv = "No,Cust,Name,Date,Sum\n1,C1,甲,2026-01-01,1\n2,C1,乙,2026-01-01,1\n3,C1,乙 ,2026-01-01,1\n4,C1,丙,2026-01-01,1\n5,C2,丁,2026-01-01,1\n";
    for (rule, expected) in [("first", "甲"), ("last", "丙"), ("most_frequent", "乙")] {
        let books = books("CNY");
        let map = CREATING.replace("create=true", &format!("create=true\nnames=\"{rule}\""));
        let report = books.import(Kind::Invoices, &map, csv).unwrap();
        assert_eq!((report.customers_with_aliases, report.alias_names), (1, 2));
        assert_eq!(books.customer("C1").unwrap().name, expected);
    }
}
