//! What the store promises: append only, idempotent, whole or not at all, clear about what it can't do.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use shared::{ids::*, invoice::Payment, people::Role};
use support::*;
use sync_server::{
    serve::{Options, ServeError, Server, TlsFiles, listen},
    store::{
        Store, StoreError,
        books::{self, Put},
        devices, ledger, log, people,
    },
};
use uuid::Uuid;

fn check(company: &Company) {
    let report = company.store.read(ledger::check).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
}

fn raw(company: &Company) -> rusqlite::Connection {
    rusqlite::Connection::open(company.dir.path().join("company.db")).unwrap()
}

#[test]
fn putting_the_same_again_changes_nothing_and_corrections_post_the_difference() {
    let company = Company::new();
    let same = invoice(200, company.customers[0], "1000");
    let corrected = invoice(200, company.customers[0], "1200.10");
    let put = |invoice| {
        company
            .store
            .write_at(now(), |tx| books::put_invoice(tx, invoice, now()))
    };
    let head = company.store.read(log::head).unwrap();
    assert_eq!(put(&same).unwrap(), Put::Same);
    assert_eq!(company.store.read(log::head).unwrap(), head);
    assert_eq!(put(&corrected).unwrap(), Put::Changed);
    assert_eq!(put(&corrected).unwrap(), Put::Same);
    assert_eq!(put(&same).unwrap(), Put::Changed);
    assert_eq!(company.outstanding(company.invoices[0]), money("1000"));
    check(&company);
}

#[test]
fn a_number_belongs_to_one_invoice_and_an_invoice_to_one_customer() {
    let company = Company::new();
    let mut other = invoice(999, company.customers[0], "5");
    other.number = "F000200".into();
    let moved = invoice(200, company.customers[1], "1000");
    for refused in [other, moved] {
        let result = company
            .store
            .write_at(now(), |tx| books::put_invoice(tx, &refused, now()));
        assert!(matches!(result, Err(StoreError::Conflict(_))), "{result:?}");
    }
    check(&company);
}

#[test]
fn a_payment_from_the_books_settles_its_invoice_once() {
    let company = Company::new();
    let payment = Payment {
        id: PaymentId(Uuid::from_u128(1)),
        customer: company.customers[0],
        number: "P1".into(),
        day: day("2026-11-01"),
        amount: money("400"),
        invoice: Some(company.invoices[0]),
    };
    let put = |p: &Payment| {
        company
            .store
            .write_at(now(), |tx| books::put_payment(tx, p, now()))
    };
    assert_eq!(put(&payment).unwrap(), Put::New);
    assert_eq!(put(&payment).unwrap(), Put::Same);
    assert_eq!(company.outstanding(company.invoices[0]), money("600"));
    let mut foreign = payment.clone();
    foreign.id = PaymentId(Uuid::from_u128(2));
    foreign.number = "P2".into();
    foreign.invoice = Some(company.invoices[2]);
    assert!(matches!(put(&foreign), Err(StoreError::Conflict(_))));
    check(&company);
}

#[test]
fn what_is_committed_is_flushed_into_a_log_that_stands_beside_the_ledger() {
    let company = Company::new();
    let asked = |what: &str| {
        let answer = raw(&company).query_row(what, [], |row| row.get::<_, String>(0));
        answer.unwrap()
    };
    assert_eq!(asked("PRAGMA journal_mode"), "wal");
    let synchronous = company.store.write(|tx| -> Result<i64, StoreError> {
        Ok(tx.query_row("PRAGMA synchronous", [], |row| row.get(0))?)
    });
    assert_eq!(synchronous.unwrap(), 2, "FULL");
}

#[test]
fn a_bulk_import_sends_each_row_once() {
    let company = Company::new();
    let before = company.store.read(log::head).unwrap().seq;
    company
        .store
        .write_at(now(), |tx| -> Result<(), StoreError> {
            for n in 0..100u128 {
                let payment = Payment {
                    id: PaymentId(Uuid::from_u128(1_000 + n)),
                    customer: company.customers[0],
                    number: format!("P{n}"),
                    day: day("2026-11-01"),
                    amount: money("1"),
                    invoice: Some(company.invoices[0]),
                };
                books::put_payment(tx, &payment, now())?;
            }
            Ok(())
        })
        .unwrap();
    // A hundred payments and one invoice.
    assert_eq!(company.store.read(log::head).unwrap().seq, before + 101);
    check(&company);
}

#[test]
fn the_database_itself_refuses_to_change_the_journal_and_the_log() {
    let company = Company::new();
    let conn = raw(&company);
    for sql in [
        "UPDATE posting SET amount = 1",
        "DELETE FROM posting",
        "UPDATE journal_entry SET day = 1",
        "DELETE FROM journal_entry",
        "UPDATE log SET kind = 'x'",
        "DELETE FROM log",
        "INSERT INTO posting (entry, line, account, amount) VALUES (1, 9, 'Assets:Bank', 5)",
        "INSERT INTO journal_entry (number, id, kind, source, day, received_at, chain)
         VALUES (99, x'00', 'invoice', '', 0, 0, x'00')",
    ] {
        let error = conn.execute(sql, []).unwrap_err().to_string();
        assert!(
            error.contains("append only") || error.contains("closed") || error.contains("zero"),
            "{sql}: {error}"
        );
    }
}

#[test]
fn a_tampered_row_or_chain_is_found() {
    let company = Company::new();
    raw(&company)
        .execute_batch("DROP TRIGGER log_is_append_only_update; UPDATE log SET body_hash = zeroblob(32) WHERE seq = 3")
        .unwrap();
    let report = company.store.read(ledger::check).unwrap();
    assert_eq!(report.problems[0], "the chain of the log is broken at 3");
    let reopened = Store::open(company.dir.path());
    assert!(matches!(
        reopened,
        Err(StoreError::ChainBroken { what: "log", at: 3 })
    ));

    let company = Company::new();
    raw(&company)
        .execute_batch("UPDATE invoice SET settled = settled + 1 WHERE number = 'F000200'")
        .unwrap();
    let report = company.store.read(ledger::check).unwrap();
    assert_eq!(
        report.problems,
        ["settled sum differs from the postings on invoice: F000200"]
    );
}

#[test]
fn a_record_that_would_not_be_found_is_told_of_and_none_comes_twice() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let visit = phone.visit(company.customers[0]);
    let id = visit.hash;
    phone.push(&[visit]);
    check(&company);
    let twice = raw(&company).execute_batch(
        "INSERT INTO document
           SELECT seq + 1000, id, kind, customer, person, device, counter, received_at, record FROM document",
    );
    assert!(twice.unwrap_err().to_string().contains("there already"));
    for table in ["document_by_id", "document_by_customer"] {
        let problem = format!(
            "record is not found by its id and its customer: {}",
            id.to_string().to_uppercase()
        );
        let all = format!(
            "SELECT filed, {}, seq FROM {table}",
            if table == "document_by_id" {
                "id"
            } else {
                "customer"
            }
        );
        let kept: (i64, Vec<u8>, i64) = raw(&company)
            .query_row(&all, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap();
        raw(&company)
            .execute(&format!("DELETE FROM {table}"), [])
            .unwrap();
        let report = company.store.read(ledger::check).unwrap();
        assert_eq!(report.problems, [problem], "{table}");
        raw(&company)
            .execute(&format!("INSERT INTO {table} VALUES (?1, ?2, ?3)"), kept)
            .unwrap();
    }
    check(&company);
}

#[test]
fn a_file_that_is_no_ledger_is_reported_and_left_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("company.db");
    let bytes = b"this is not a database, but somebody may want it back".repeat(100);
    std::fs::write(&path, &bytes).unwrap();
    let error = Store::open(dir.path()).unwrap_err();
    assert_eq!(error.code(), "store.unreadable");
    assert_eq!(std::fs::read(&path).unwrap(), bytes);

    let dir = tempfile::tempdir().unwrap();
    let newer = rusqlite::Connection::open(dir.path().join("company.db")).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    assert_eq!(Store::open(dir.path()).unwrap_err().code(), "store.too_new");
    let under_a_file = tempfile::NamedTempFile::new().unwrap();
    let error = Store::open(&under_a_file.path().join("data")).unwrap_err();
    assert_eq!(error.code(), "store.folder");
}

#[test]
fn a_reopened_ledger_goes_on_where_it_ended() {
    let company = Company::new();
    let head = company.store.read(log::head).unwrap();
    let again = Store::open(company.dir.path()).unwrap();
    assert_eq!(again.read(log::head).unwrap(), head);
    // Two open stores on one folder: what one writes the other hears of.
    let mut heads = company.store.watch_head();
    again
        .write_at(now(), |tx| people::add(tx, &person(70, "新人", Role::Rep)))
        .unwrap();
    assert!(!heads.has_changed().unwrap());
    company.store.look_for_growth().unwrap();
    assert_eq!(*heads.borrow_and_update(), head.seq + 1);
}

#[test]
fn a_transaction_that_fails_leaves_nothing_behind() {
    let company = Company::new();
    let before = company.store.read(log::head).unwrap();
    let failed = company.store.write_at(now(), |tx| {
        books::put_invoice(tx, &invoice(900, company.customers[0], "77"), now())?;
        people::assign(tx, company.customers[0], None, now())?;
        Err::<(), StoreError>(StoreError::Conflict("test"))
    });
    assert!(failed.is_err());
    let missing = company
        .store
        .read(|c| books::invoice(c, InvoiceId(Uuid::from_u128(900))));
    assert_eq!(missing.unwrap(), None);
    assert_eq!(company.store.read(log::head).unwrap(), before);
    check(&company);
}

#[test]
fn a_panic_in_a_transaction_leaves_nothing_and_the_store_goes_on() {
    let company = Company::new();
    let head = company.store.read(log::head).unwrap();
    let store = std::sync::Arc::clone(&company.store);
    let failed = std::thread::spawn(move || {
        store.write_at(now(), |tx| -> Result<(), StoreError> {
            people::add(tx, &person(70, "新人", Role::Rep))?;
            panic!("on purpose");
        })
    })
    .join();
    assert!(failed.is_err());
    assert_eq!(company.store.read(log::head).unwrap(), head);
    company
        .store
        .write_at(now(), |tx| people::add(tx, &person(70, "新人", Role::Rep)))
        .unwrap();
    check(&company);
}

#[test]
fn device_codes_count_on_and_are_found_as_typed() {
    let company = Company::new();
    let first = company.phone(company.rep_a, 1);
    company
        .store
        .write(|tx| devices::revoke(tx, first.device.id, now()))
        .unwrap();
    let second = company.phone(company.rep_a, 2);
    assert_eq!(
        (first.device.code.as_str(), second.device.code.as_str()),
        ("A01", "A02")
    );
    let found = company
        .store
        .read(|c| devices::by_code(c, "a01"))
        .unwrap()
        .unwrap();
    assert!(found.revoked_at.is_some());
    let missing = company
        .store
        .write(|tx| devices::revoke(tx, DeviceId(Uuid::from_u128(5)), now()));
    assert!(matches!(missing, Err(StoreError::NotFound("device"))));
}

#[tokio::test]
async fn a_port_in_use_a_missing_client_and_a_bad_certificate_are_said_in_one_sentence() {
    let company = Company::new();
    let host = "127.0.0.1".parse().unwrap();
    let listener = listen(host, 0).unwrap();
    let port = listener.local_addr().unwrap().port();
    let taken = listen(host, port).unwrap_err();
    assert_eq!(taken.code(), "serve.port_in_use");
    let options = Options {
        web: Some(company.dir.path().join("nothing")),
        ..Options::default()
    };
    let store = std::sync::Arc::clone(&company.store);
    let refused = Server::start(store, listener, options).await.unwrap_err();
    assert!(matches!(refused, ServeError::NoClient { .. }));
    let files = ["cert.pem", "key.pem"].map(|name| company.dir.path().join(name));
    for file in &files {
        std::fs::write(file, "no certificate").unwrap();
    }
    let [cert, key] = files;
    let options = Options {
        tls: Some(TlsFiles { cert, key }),
        ..Options::default()
    };
    let store = std::sync::Arc::clone(&company.store);
    let listener = listen(host, 0).unwrap();
    let refused = Server::start(store, listener, options).await.unwrap_err();
    assert_eq!(refused.code(), "serve.tls");
}

#[tokio::test]
async fn a_started_server_answers_and_stops_with_a_live_channel_open() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let company = Company::new();
    let phone = company.phone(company.rep_a, 1);
    let listener = listen("127.0.0.1".parse().unwrap(), 0).unwrap();
    let store = std::sync::Arc::clone(&company.store);
    let server = Server::start(store, listener, Options::default())
        .await
        .unwrap();
    let mut stream = tokio::net::TcpStream::connect(server.addr()).await.unwrap();
    let request = format!(
        "GET /v1/live HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {}\r\n\r\n",
        phone.token
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut buffer = [0; 4_096];
    let read = stream.read(&mut buffer).await.unwrap();
    let answer = String::from_utf8_lossy(&buffer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    server.shutdown().await.unwrap();
}
