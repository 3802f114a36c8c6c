//! Ledgers of every schema, opened by the server as it is now.

use shared::{
    day::{Day, Timestamp},
    ids::{CustomerId, PaymentId, PersonId},
    invoice::Payment,
    money::Money,
};
use sync_server::store::{Store, StoreError, books, field_cash, ledger};
use uuid::Uuid;

use super::{SERVER, contents, look, number, schema, story};

/// What must be the same before and after, to the byte: the log with its chain, the changes and rows behind
/// it, the journal with its chain, receipts with theirs, devices, answers that may be asked for again.
const KEPT: &[&str] = &[
    "SELECT seq, kind, ref, customer, person, body_hash, chain FROM log ORDER BY seq",
    "SELECT seq, hash, document, person, device, received_at, clock_offset_ms, bytes FROM change ORDER BY seq",
    "SELECT kind, id, customer, person, seq, body FROM row ORDER BY kind, id",
    "SELECT number, id, kind, source, document, day, received_at, person, reverses, chain FROM journal_entry
     ORDER BY number",
    "SELECT entry, line, account, customer, invoice, person, amount FROM posting ORDER BY entry, line",
    "SELECT document, device_code, n, number, seal, previous, amount, state FROM receipt_state ORDER BY document",
    "SELECT document, state, instalments FROM promise_state ORDER BY document",
    "SELECT id, person, code, public_key, token_hash, generation, revoked_at FROM device ORDER BY id",
    "SELECT device, number, manifest, answers FROM batch ORDER BY device, number",
    "SELECT id, customer, amount, settled FROM invoice ORDER BY id",
    "SELECT id, on_account, in_transit FROM customer ORDER BY id",
    "SELECT person, cash, cheques FROM field_cash ORDER BY person",
    "SELECT person, customer FROM scope ORDER BY person, customer",
];

#[test]
fn a_ledger_of_every_schema_comes_up_to_date_with_all_that_was_in_it() {
    for version in SERVER.all() {
        let folder = SERVER.thaw(version);
        let file = SERVER.database(folder.path());
        let before = contents(&file, KEPT);
        let last = number(&look(&file), "SELECT MAX(received_at) FROM change");

        let store = Store::open(folder.path()).unwrap();
        checked(&store, version);
        drop(store);
        assert_eq!(contents(&file, KEPT), before, "schema {version}");

        // It goes on from there: the chains continue.
        let store = Store::open(folder.path()).unwrap();
        let now = Timestamp(last + 60_000);
        let (customer, _) = debtor(&store);
        let payment = Payment {
            id: PaymentId(Uuid::from_u128(77)),
            customer,
            number: "SK-1".to_owned(),
            day: Day::of(now, 480),
            amount: Money::from_yuan(40),
            invoice: None,
        };
        let booked = store.write_at(now, |tx| books::put_payment(tx, &payment, now).map(|_| ()));
        booked.unwrap_or_else(|e: StoreError| panic!("{version}: {e}"));
        checked(&store, version);
        let account = store.read(|conn| books::account(conn, customer)).unwrap();
        assert_eq!(account.on_account, Money::from_yuan(40), "{version}");
    }
}

/// Who took the money, and from whom.
fn debtor(store: &Store) -> (CustomerId, PersonId) {
    let ids = store.read(|conn| {
        let found = conn.query_row(
            "SELECT customer, person FROM receipt_state LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        );
        found.map_err(StoreError::from)
    });
    let (customer, person) = ids.unwrap();
    (
        CustomerId(Uuid::from_bytes(customer)),
        PersonId(Uuid::from_bytes(person)),
    )
}

fn checked(store: &Store, version: usize) {
    let report = store.read(ledger::check).unwrap();
    assert_eq!(report.problems, Vec::<String>::new(), "schema {version}");
    assert!(report.log_entries > 10 && report.journal_entries > 4);
    let (customer, person) = debtor(store);
    let settled: Vec<Money> = store
        .read(|conn| books::invoices_of(conn, customer))
        .unwrap()
        .iter()
        .map(|row| row.settled)
        .collect();
    assert!(
        settled.contains(&Money::from_yuan(story::CASH)),
        "{settled:?}"
    );
    let account = store.read(|conn| books::account(conn, customer)).unwrap();
    assert_eq!(account.in_transit, Money::from_yuan(story::CLAIMED));
    let cash = store.read(|conn| field_cash::get(conn, person)).unwrap();
    assert_eq!(cash.unwrap().cash, Money::from_yuan(story::CASH));
}

#[test]
fn a_ledger_that_came_up_to_date_is_made_like_a_new_one() {
    let new = tempfile::tempdir().unwrap();
    drop(Store::open(new.path()).unwrap());
    let new = schema(&look(&SERVER.database(new.path())));
    for version in SERVER.all() {
        let folder = SERVER.thaw(version);
        drop(Store::open(folder.path()).unwrap());
        let file = SERVER.database(folder.path());
        assert!(schema(&look(&file)) == new, "schema {version}");
    }
}
