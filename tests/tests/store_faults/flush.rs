//! Flushes that fail: nothing that was said to be saved is lost, neither then nor by a power cut after.

use tests::{
    fault_vfs::{Crash, Disk, Faults, Struck},
    line::Line,
};

use crate::support::*;

const DAY: [Act; 6] = [
    Act::Enrol,
    Act::Sync,
    Act::Visit,
    Act::Promise,
    Act::Receipt,
    Act::Sync,
];

/// The flush of this number fails.
fn failing(number: u64) -> Faults {
    Faults {
        failed_sync_at: Some(number),
        ..Faults::default()
    }
}

/// Runs something once for every flush that can fail in it.
fn at_every_flush(mut run: impl FnMut(u64) -> Disk) {
    let mut struck = Struck::default();
    for number in 0.. {
        let disk = run(number);
        struck.add(&disk.struck());
        if disk.struck().failed_syncs == 0 {
            break;
        }
    }
    println!("{struck:?}");
    assert!(struck.failed_syncs > 0);
}

fn cut_the_power(disk: &Disk) {
    disk.crash(Crash::PowerLoss);
    disk.power_on();
}

#[test]
fn a_phone_whose_flush_failed_and_that_loses_its_power_has_what_it_said_was_saved() {
    let company = Company::new();
    for index in 1..DAY.len() {
        let before = Scene::after(&company, &DAY[..index]);
        let act = DAY[index];
        // The person tries again at once, or the power goes first.
        for again in [false, true] {
            at_every_flush(|number| {
                let why = format!("{act:?} flush {number}, tried again: {again}");
                let (phone, server) = before.disks(number);
                let line = Line::to(open_server(&server).unwrap());
                let mut told = before.told.clone();
                phone.set_faults(failing(number));
                if let Ok(handset) = Handset::open(&phone, &line) {
                    let done = handset.act(&company, act, &mut told);
                    if again && done.is_err() {
                        handset.act(&company, act, &mut told).unwrap();
                    }
                }
                cut_the_power(&phone);
                let books = examine_phone(&phone, &why).unwrap();
                assert!(books.documents.is_superset(&told.documents()), "{why}");
                goes_on((&phone, &server), &line, &company, &told, act, &why);
                phone
            });
        }
    }
}

#[test]
fn a_server_whose_flush_failed_and_that_loses_its_power_has_what_it_acknowledged() {
    let company = Company::new();
    for index in [0, 1, 5] {
        let before = Scene::after(&company, &DAY[..index]);
        let act = DAY[index];
        at_every_flush(|number| {
            let why = format!("{act:?} flush {number}");
            let (phone, server) = before.disks(number);
            let line = Line::default();
            let mut told = before.told.clone();
            server.set_faults(failing(number));
            if let Ok(store) = open_server(&server) {
                line.connect(store);
                let handset = Handset::open(&phone, &line).unwrap();
                if handset.act(&company, act, &mut told).is_err() {
                    let _ = handset.act(&company, act, &mut told);
                }
            }
            // Before anything is closed: closing would flush.
            cut_the_power(&server);
            line.cut();
            examine_server(&server, &why);
            let store = open_server(&server).unwrap();
            batches_hold(&store, &line.sent(), &why);
            line.connect(store);
            goes_on((&phone, &server), &line, &company, &told, act, &why);
            server
        });
    }
}
