//! The two ways to what is new lead to the same entries, and the cheaper one is taken.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use rusqlite::{Connection, params};
use shared::{document::edit::Edit, evidence::Comment, ids::*};
use support::*;
use sync_server::{
    page::way::{self, BY_LOG, BY_SCOPE, Way},
    store::{StoreError, WriteTx, books, ledger, log, people},
};
use uuid::Uuid;

/// Visits, receipts, promises, comments on them, invoices; customers who change hands and come back.
fn a_busy_week(company: &Company) {
    let mut a = company.phone(company.rep_a, 1);
    let mut b = company.phone(company.rep_b, 2);
    let mut boss = company.phone(company.boss, 3);
    let assign = |customer, to| {
        company
            .store
            .write_at(now(), |tx: &mut WriteTx<'_>| {
                people::assign(tx, customer, Some(to), now())
            })
            .unwrap();
    };
    for day in 0..4_u128 {
        let visit = a.visit(company.customers[0]);
        let receipt = a.receipt(company.customers[1], "10", &[(company.invoices[1], "10")]);
        let theirs = b.receipt(company.customers[2], "20", &[(company.invoices[2], "20")]);
        let promise = b.promise(company.customers[2], "2026-10-01", "50");
        a.push(&[visit.clone(), receipt]);
        b.push(&[theirs, promise]);
        let comment = Comment {
            id: ElementId(Uuid::from_u128(day)),
            author: company.boss,
            at: now(),
            text: "带上对账单".into(),
        };
        boss.push(&[boss.edit(&[&visit.bytes], &Edit::Comment(comment))]);
        company
            .store
            .write_at(now(), |tx| -> Result<_, StoreError> {
                books::put_invoice(tx, &invoice(300 + day, company.customers[0], "10"), now())
            })
            .unwrap();
        match day {
            1 => assign(company.customers[1], company.rep_b),
            2 => assign(company.customers[1], company.rep_a),
            _ => {}
        }
    }
}

fn found(conn: &Connection, sql: &str, person: PersonId, from: u64, until: u64) -> Vec<u64> {
    let mut statement = conn.prepare(sql).unwrap();
    let range = params![person.0.as_bytes(), from.cast_signed(), until.cast_signed()];
    statement
        .query_map(range, |row| row.get::<_, i64>(0))
        .unwrap()
        .map(|seq| seq.unwrap().cast_unsigned())
        .collect()
}

#[test]
fn customer_by_customer_the_same_is_read_as_along_the_log_from_any_place_to_any_other() {
    let company = Company::new();
    a_busy_week(&company);
    let read = |conn: &Connection| -> Result<(), StoreError> {
        let head = log::head(conn)?.seq;
        assert!(head > 60, "{head}");
        let queries = |way: Way| [way.rows, way.changes, way.first_rows, way.first_documents];
        let mut entries = 0;
        for person in [company.rep_a, company.rep_b, company.boss, company.finance] {
            for from in (0..=head).step_by(3) {
                for until in (from..=head).step_by(5).chain([head]) {
                    for (log, scope) in queries(BY_LOG).into_iter().zip(queries(BY_SCOPE)) {
                        let along = found(conn, log, person, from, until);
                        assert!(along.is_sorted());
                        assert_eq!(along, found(conn, scope, person, from, until), "{scope}");
                        entries += along.len();
                    }
                }
            }
        }
        assert!(entries > 1_000, "{entries}");
        Ok(())
    };
    company.store.read(read).unwrap();
}

#[test]
fn one_of_many_salespeople_is_read_customer_by_customer_after_a_long_time_and_a_leader_of_all_along_the_log()
 {
    let company = Company::new();
    company
        .store
        .write_at(now(), |tx| -> Result<(), StoreError> {
            let territory = TerritoryId(Uuid::from_u128(50));
            for n in 0..20 {
                books::put_customer(
                    tx,
                    &customer(500 + n, territory, Some(company.rep_b)),
                    now(),
                )?;
            }
            Ok(())
        })
        .unwrap();
    let by_scope = |person, from, until| {
        company
            .store
            .read(|conn| way::choose(conn, person, from, until))
            .unwrap()
            .rows
            == BY_SCOPE.rows
    };
    assert!(by_scope(company.rep_a, 0, 1_000));
    assert!(!by_scope(company.rep_a, 990, 1_000), "a little is new");
    assert!(!by_scope(company.boss, 0, 1_000), "all is theirs");
    assert!(!by_scope(company.rep_b, 0, 1_000), "most is theirs");
}

#[test]
fn records_are_a_customers_while_they_are_new_and_once_they_are_filed() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let newest = |conn: &Connection| -> Result<(i64, i64), StoreError> {
        let counted = "SELECT COUNT(*), COALESCE(SUM(filed), 0) FROM document_by_customer";
        Ok(conn.query_row(counted, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
    };
    let check = |records: i64, filed: i64| {
        let found = company.store.read(newest).unwrap();
        assert_eq!(found, (records, filed));
        let ways = company.store.read(|conn| -> Result<_, StoreError> {
            let head = log::head(conn)?.seq;
            let of = |sql| found_by(conn, sql, company.rep_a, head);
            Ok((of(BY_SCOPE.first_documents), of(BY_LOG.first_documents)))
        });
        let (by_scope, by_log) = ways.unwrap();
        assert_eq!(by_scope, by_log);
        assert_eq!(by_scope as i64, records);
    };
    let mut push = |visits: usize| {
        for left in (0..visits).step_by(64) {
            let most = (visits - left).min(64);
            let made: Vec<_> = (0..most)
                .map(|_| phone.visit(company.customers[0]))
                .collect();
            phone.push(&made);
        }
    };
    push(512);
    check(512, 0);
    push(1);
    check(513, 513);
    push(2);
    check(515, 513);
    let report = company.store.read(ledger::check).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
}

fn found_by(conn: &Connection, sql: &str, person: PersonId, until: u64) -> usize {
    found(conn, sql, person, 0, until).len()
}
