//! The server's ledger stopped at every write and flush while phones are served.

use shared::{day::Day, ids::PaymentId, invoice::Payment, money::Money};
use sync_server::store::{Store, StoreError, books, company};
use tests::{fault_vfs::Disk, line::Line};
use uuid::Uuid;

use crate::support::*;

const DAY: [Act; 9] = [
    Act::Enrol,
    Act::Sync,
    Act::Visit,
    Act::Promise,
    Act::Receipt,
    Act::Sync,
    Act::Comment,
    Act::Void,
    Act::Sync,
];

fn stopped_everywhere_in(index: usize) {
    let company = Company::new();
    let before = Scene::after(&company, &DAY[..index]);
    let act = DAY[index];
    at_every_moment(|step, crash, close| {
        let why = format!("{act:?} {crash:?} at {step}");
        let (phone, server) = before.disks(step);
        let line = Line::default();
        let mut told = before.told.clone();
        server.set_faults(crash_at(step, crash));
        if let Ok(store) = open_server(&server) {
            line.connect(store);
            let handset = Handset::open(&phone, &line).unwrap();
            let _ = handset.act(&company, act, &mut told);
        }
        if close {
            line.cut();
        }
        stop_and_start(&server, crash);
        line.cut();
        examine_server(&server, &why);
        let store = open_server(&server).unwrap();
        batches_hold(&store, &line.sent(), &why);
        line.connect(store);
        goes_on((&phone, &server), &line, &company, &told, act, &why);
        server
    });
}

#[test]
fn a_server_stopped_anywhere_while_a_phone_signs_in_holds_its_ledger() {
    stopped_everywhere_in(0);
}

#[test]
fn a_server_stopped_anywhere_while_it_gives_a_first_page_holds_its_ledger() {
    stopped_everywhere_in(1);
}

#[test]
fn a_server_stopped_anywhere_while_it_takes_in_records_has_what_it_acknowledged_once() {
    stopped_everywhere_in(5);
}

#[test]
fn a_server_stopped_anywhere_while_it_takes_in_edits_has_what_it_acknowledged_once() {
    stopped_everywhere_in(8);
}

fn begin(disk: &Disk) -> Result<Store, StoreError> {
    let store = open_server(disk)?;
    let new = company::NewCompany {
        id: shared::ids::CompanyId(Uuid::from_u128(1)),
        name: "城西贸易有限公司".to_owned(),
        currency: "CNY".to_owned(),
        utc_offset_minutes: 480,
        policy: Default::default(),
        demo: false,
    };
    if store.read(company::get)?.is_none() {
        store.write(|tx| company::init(tx, &new))?;
    }
    Ok(store)
}

#[test]
fn a_server_stopped_anywhere_while_it_makes_its_ledger_begins_again() {
    at_every_moment(|step, crash, close| {
        let why = format!("{crash:?} at {step}");
        let disk = Disk::new(step);
        disk.set_faults(crash_at(step, crash));
        let begun = begin(&disk);
        let told = begun.is_ok();
        let open = begun.ok().filter(|_| !close);
        stop_and_start(&disk, crash);
        drop(open);
        let store = open_server(&disk).unwrap_or_else(|e| panic!("{why}: {e}"));
        assert!(
            store.read(company::get).unwrap().is_some() || !told,
            "{why}"
        );
        drop(store);
        begin(&disk).unwrap_or_else(|e| panic!("{why}: {e}"));
        examine_server(&disk, &why);
        disk
    });
}

#[test]
fn a_server_stopped_anywhere_while_payments_come_in_has_those_that_it_said_it_has() {
    let company = Company::new();
    let before = Scene::after(&company, &DAY[..6]);
    let payment = |n: u32| Payment {
        id: PaymentId(Uuid::from_u128(0xa000 + u128::from(n))),
        customer: company.books[1].0.id,
        number: format!("SK-{n}"),
        day: Day::new(2026, 11, 20).unwrap(),
        amount: Money::from_yuan(100),
        invoice: Some(company.books[1].1.id),
    };
    at_every_moment(|step, crash, close| {
        let why = format!("{crash:?} at {step}");
        let (_, disk) = before.disks(step);
        let store = open_server(&disk).unwrap();
        disk.set_faults(crash_at(step, crash));
        let now = sync_server::clock::now();
        let put = |store: &Store, n| store.write(|tx| books::put_payment(tx, &payment(n), now));
        let told: Vec<u32> = (0..3).take_while(|n| put(&store, *n).is_ok()).collect();
        let open = (!close).then_some(store);
        stop_and_start(&disk, crash);
        drop(open);
        examine_server(&disk, &why);
        let store = open_server(&disk).unwrap();
        for n in told {
            let found = store.read(|conn| books::payment_by_number(conn, &format!("SK-{n}")));
            assert!(found.unwrap().is_some(), "{why}");
        }
        for n in 0..3 {
            put(&store, n).unwrap_or_else(|e| panic!("{why}: {e}"));
        }
        drop(store);
        examine_server(&disk, &why);
        disk
    });
}
