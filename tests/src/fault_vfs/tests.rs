//! SQLite itself on failing disks, in the phone's mode and in the server's: what these tests promise of
//! the disk and of SQLite is what the tests of the product build on.

use std::{collections::BTreeSet, time::Duration};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Crash, Disk, Faults};
use crate::records::Dice;

const PHONE: &str = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;
    PRAGMA wal_autocheckpoint = 8; PRAGMA synchronous = FULL;";
const SERVER: &str =
    "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 8; PRAGMA synchronous = FULL;";

fn begin(disk: &Disk, mode: &str) -> rusqlite::Result<Connection> {
    let db = disk.open("t.db")?;
    db.execute_batch(mode)?;
    db.execute_batch("CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, body BLOB)")?;
    Ok(db)
}

fn numbers(db: &Connection) -> BTreeSet<i64> {
    let mut all = db
        .prepare("SELECT n FROM t WHERE length(body) = 3000")
        .unwrap();
    let all = all.query_map([], |row| row.get(0)).unwrap();
    all.map(|n| n.unwrap()).collect()
}

fn is_whole(db: &Connection) -> bool {
    let said: String = db
        .query_row("PRAGMA integrity_check", [], |r| r.get(0))
        .unwrap();
    said == "ok"
}

/// Inserts until it fails or 40 are in; gives what was said to be committed.
fn insert(db: &Connection, told: &mut BTreeSet<i64>) {
    let next = told.last().map_or(0, |n| n + 1);
    for n in next..next + 40 {
        let sql = "INSERT OR REPLACE INTO t VALUES (?1, zeroblob(3000))";
        if db.execute(sql, [n]).is_err() {
            return;
        }
        told.insert(n);
    }
}

#[test]
fn what_sqlite_committed_survives_a_stop_at_every_step() {
    for mode in [PHONE, SERVER] {
        for crash in [Crash::Kill, Crash::PowerLoss] {
            for step in 0..160 {
                let disk = Disk::new(step);
                let faults = Faults {
                    crash_at: Some((step, crash)),
                    ..Faults::default()
                };
                disk.set_faults(faults);
                let mut told = BTreeSet::new();
                if let Ok(db) = begin(&disk, mode) {
                    insert(&db, &mut told);
                }
                assert!(disk.is_stopped(), "step {step} was not reached");
                assert!(disk.open("t.db").is_err());
                disk.power_on();
                let db = begin(&disk, mode).unwrap();
                assert!(is_whole(&db), "{mode} {crash:?} {step}");
                assert!(numbers(&db).is_superset(&told), "{mode} {crash:?} {step}");
            }
        }
    }
}

#[test]
fn without_flushes_power_cuts_lose_what_was_committed_so_this_disk_can_fail() {
    let lost = (0..20).filter(|seed| {
        let disk = Disk::new(*seed);
        let mut told = BTreeSet::new();
        {
            let db = begin(&disk, "PRAGMA journal_mode = WAL").unwrap();
            db.execute_batch("PRAGMA synchronous = OFF").unwrap();
            insert(&db, &mut told);
            disk.pull_the_plug();
        }
        assert_eq!(told.len(), 40);
        disk.power_on();
        let db = disk.open("t.db").unwrap();
        let all = db.query_row(
            "SELECT count(*) FROM t WHERE length(body) = 3000",
            [],
            |r| r.get::<_, i64>(0),
        );
        all.ok() != Some(40)
    });
    assert!(lost.count() > 10);
}

#[test]
fn two_connections_write_and_read_side_by_side_in_the_servers_mode() {
    let disk = Disk::new(1);
    let writer = begin(&disk, SERVER).unwrap();
    let reader = disk
        .open_with("t.db", OpenFlags::SQLITE_OPEN_READ_WRITE)
        .unwrap();
    reader.busy_timeout(Duration::ZERO).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    assert!(numbers(&reader).is_empty());
    insert(&writer, &mut BTreeSet::new());
    assert!(numbers(&reader).is_empty(), "one snapshot");
    reader.execute_batch("COMMIT").unwrap();
    assert_eq!(numbers(&reader).len(), 40);
    writer.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = reader.execute_batch("BEGIN IMMEDIATE").unwrap_err();
    assert_eq!(refused.sqlite_error_code(), Some(ErrorCode::DatabaseBusy));
}

#[test]
fn the_phones_mode_keeps_every_other_connection_out() {
    let disk = Disk::new(1);
    let db = begin(&disk, PHONE).unwrap();
    insert(&db, &mut BTreeSet::new());
    let refused = disk.open("t.db").and_then(|other| {
        other.busy_timeout(Duration::ZERO)?;
        other.execute_batch(PHONE)?;
        other.query_row("SELECT count(*) FROM t", [], |row| row.get::<_, i64>(0))
    });
    let refused = refused.unwrap_err().sqlite_error_code();
    assert_eq!(refused, Some(ErrorCode::DatabaseBusy));
    drop(db);
    assert_eq!(numbers(&begin(&disk, PHONE).unwrap()).len(), 40);
}

#[test]
fn a_full_disk_refuses_and_goes_on_when_there_is_room() {
    for mode in [PHONE, SERVER] {
        for room in (0..200_000).step_by(4_999) {
            let disk = Disk::new(room);
            let db = begin(&disk, mode).unwrap();
            let mut told = BTreeSet::new();
            disk.set_faults(Faults {
                room: Some(room),
                ..Faults::default()
            });
            insert(&db, &mut told);
            let struck = disk.struck().disk_full > 0;
            assert_eq!(struck, told.len() < 40);
            assert_eq!(numbers(&db), told);
            disk.no_faults();
            insert(&db, &mut told);
            assert!(is_whole(&db));
            assert_eq!(numbers(&db), told);
        }
    }
}

#[test]
fn failed_flushes_and_short_writes_never_cost_what_was_said_to_be_committed() {
    for mode in [PHONE, SERVER] {
        for seed in 0..60 {
            let disk = Disk::new(seed);
            let mut told = BTreeSet::new();
            let mut dice = Dice(seed);
            for _ in 0..3 {
                let db = begin(&disk, mode).unwrap();
                disk.set_faults(Faults {
                    short_writes_ppm: 20_000,
                    failed_syncs_ppm: 50_000,
                    crash_at: Some((dice.draw() % 200, Crash::PowerLoss)),
                    ..Faults::default()
                });
                while !disk.is_stopped() {
                    insert(&db, &mut told);
                }
                drop(db);
                disk.power_on();
                let db = begin(&disk, mode).unwrap();
                assert!(is_whole(&db), "{seed}");
                assert!(
                    numbers(&db).is_superset(&told),
                    "{mode} {seed} {:?} {:?}",
                    disk.struck(),
                    told.difference(&numbers(&db))
                );
                // What was not said to be committed may be there all the same.
                told = numbers(&db);
            }
        }
    }
}

#[test]
fn a_snapshot_brings_back_the_past_and_makes_twins() {
    let disk = Disk::new(1);
    let db = begin(&disk, PHONE).unwrap();
    let mut told = BTreeSet::new();
    insert(&db, &mut told);
    let (then, early) = (disk.snapshot(), told.clone());
    insert(&db, &mut told);
    disk.restore(&then);
    assert!(
        db.execute_batch("DELETE FROM t").is_err(),
        "its files are gone"
    );
    drop(db);
    assert_eq!(numbers(&begin(&disk, PHONE).unwrap()), early);
    let twin = Disk::from_snapshot(2, &then);
    let other = begin(&twin, PHONE).unwrap();
    assert_eq!(numbers(&other), early);
    insert(&other, &mut early.clone());
    assert_eq!(numbers(&begin(&disk, PHONE).unwrap()), early);
}

#[test]
fn the_same_seed_leaves_the_same_bytes_lost() {
    let run = |seed| {
        let disk = Disk::new(seed);
        let db = begin(&disk, PHONE).unwrap();
        insert(&db, &mut BTreeSet::new());
        db.execute_batch("PRAGMA synchronous = OFF").unwrap();
        insert(&db, &mut BTreeSet::new());
        disk.pull_the_plug();
        disk.struck()
    };
    assert_eq!(run(5), run(5));
    assert_ne!(run(5), run(6));
}
