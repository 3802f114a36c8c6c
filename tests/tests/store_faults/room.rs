//! Disks without room: a clear refusal, nothing half done, and on it goes when there is room.

use shared::sync::client::Failure;
use tests::{
    fault_vfs::{Crash, Disk, Faults, Struck},
    line::Line,
};

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

fn full(room: u64) -> Faults {
    Faults {
        room: Some(room),
        ..Faults::default()
    }
}

/// Runs something with more and more room, until there is enough.
fn with_more_and_more_room(mut run: impl FnMut(u64) -> Disk) {
    let mut struck = Struck::default();
    // Not a whole number of pages, so that every place within one comes up.
    for room in (0..).step_by(5_461) {
        let disk = run(room);
        struck.add(&disk.struck());
        if disk.struck().disk_full == 0 {
            break;
        }
    }
    println!("{struck:?}");
    assert!(struck.disk_full > 2);
}

#[test]
fn a_full_phone_says_so_keeps_everything_and_saves_when_there_is_room() {
    let company = Company::new();
    for index in [2, 3, 4, 6, 7] {
        let before = Scene::after(&company, &DAY[..index]);
        let act = DAY[index];
        with_more_and_more_room(|room| {
            let why = format!("{act:?} with {room} bytes");
            let (phone, server) = before.disks(room);
            let line = Line::to(open_server(&server).unwrap());
            let handset = Handset::open(&phone, &line).unwrap();
            let state = examine_phone(&phone, &why);
            let mut told = before.told.clone();
            phone.set_faults(full(room));
            let done = handset.act(&company, act, &mut told);
            if done.is_err() {
                assert_eq!(done, Err("store.full".to_owned()), "{why}");
                assert_eq!(examine_phone(&phone, &why), state, "{why}");
            }
            phone.no_faults();
            if done.is_err() {
                handset.act(&company, act, &mut told).unwrap();
            }
            drop(handset);
            goes_on((&phone, &server), &line, &company, &told, act, &why);
            phone
        });
    }
}

#[test]
fn a_full_phone_that_syncs_loses_nothing_and_syncs_when_there_is_room() {
    let company = Company::new();
    for index in [1, 5, 8] {
        let before = Scene::after(&company, &DAY[..index]);
        with_more_and_more_room(|room| {
            let why = format!("sync {index} with {room} bytes");
            let (phone, server) = before.disks(room);
            let line = Line::to(open_server(&server).unwrap());
            let handset = Handset::open(&phone, &line).unwrap();
            phone.set_faults(full(room));
            if let Err(failure) = handset.sync() {
                assert_eq!(failure, Failure::Refused("store.full".into()), "{why}");
                examine_phone(&phone, &why);
            }
            phone.no_faults();
            handset.sync().unwrap_or_else(|e| panic!("{why}: {e:?}"));
            drop(handset);
            goes_on(
                (&phone, &server),
                &line,
                &company,
                &before.told,
                DAY[index],
                &why,
            );
            phone
        });
    }
}

#[test]
fn a_phone_without_room_opens_and_shows_everything() {
    let company = Company::new();
    let before = Scene::after(&company, &DAY);
    for room in [0, 1_000] {
        let why = format!("opened with {room} bytes");
        let (phone, server) = before.disks(room);
        let line = Line::to(open_server(&server).unwrap());
        // Killed with something in its log that is not in its file yet.
        let handset = Handset::open(&phone, &line).unwrap();
        let mut told = before.told.clone();
        for _ in 0..8 {
            handset.act(&company, Act::Visit, &mut told).unwrap();
        }
        phone.crash(Crash::Kill);
        drop(handset);
        phone.power_on();
        let state = examine_phone(&phone, &why);
        phone.set_faults(full(room));
        let handset = Handset::open(&phone, &line);
        assert!(handset.is_ok(), "{why}: {:?}", handset.err());
        assert!(phone.struck().disk_full > 0, "{why}");
        drop(handset);
        phone.no_faults();
        assert_eq!(examine_phone(&phone, &why), state, "{why}");
    }
}

#[test]
fn a_full_server_says_so_takes_nothing_half_and_goes_on_when_there_is_room() {
    let company = Company::new();
    for index in [0, 5, 8] {
        let before = Scene::after(&company, &DAY[..index]);
        let act = DAY[index];
        with_more_and_more_room(|room| {
            let why = format!("{act:?} with {room} bytes");
            let (phone, server) = before.disks(room);
            let line = Line::to(open_server(&server).unwrap());
            let handset = Handset::open(&phone, &line).unwrap();
            let state = server_tables(&server.snapshot());
            let mut told = before.told.clone();
            server.set_faults(full(room));
            let done = handset.act(&company, act, &mut told);
            for problem in line.problems() {
                assert_eq!(
                    (problem.status, problem.code.as_str()),
                    (507, "store.disk_full"),
                    "{why}"
                );
            }
            if done.is_err() {
                assert!(!line.problems().is_empty(), "{why}");
                assert_eq!(server_tables(&server.snapshot()), state, "{why}");
            }
            server.no_faults();
            drop(handset);
            goes_on((&phone, &server), &line, &company, &told, act, &why);
            batches_hold(&line.store().unwrap(), &line.sent(), &why);
            server
        });
    }
}

#[test]
fn a_server_without_room_to_start_says_so_and_starts_when_there_is_room() {
    let company = Company::new();
    let fresh = Scene {
        phone: Disk::new(1).snapshot(),
        server: Disk::new(1).snapshot(),
        told: Told::default(),
    };
    let used = Scene::after(&company, &DAY[..6]);
    for scene in [fresh, used] {
        with_more_and_more_room(|room| {
            let (_, server) = scene.disks(room);
            server.set_faults(full(room));
            let opened = open_server(&server).and_then(|store| {
                store.read(sync_server::store::company::get)?;
                Ok(store)
            });
            if let Err(error) = opened {
                assert_eq!(error.code(), "store.disk_full", "{room}: {error:?}");
            }
            server.no_faults();
            drop(open_server(&server).unwrap());
            examine_server(&server, &room.to_string());
            server
        });
    }
}
