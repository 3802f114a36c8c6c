//! The store: one company is one SQLite file, `company.db`, in the data folder.
//!
//! Invariants
//! - All writing goes through one connection under one lock (the company's lock), so commit order is
//!   log order. Reading goes through a few connections of its own, each read on one snapshot.
//! - A transaction either commits whole, with every row it touched sent into the log again at most
//!   once, or leaves nothing behind.
//! - Handlers hold no SQL: what they need are functions of this module's files.

pub mod account_facts;
pub mod as_of;
pub mod attachments;
pub mod backup;
pub mod bank;
pub mod bank_rule;
pub mod books;
pub mod cases;
pub mod commands;
pub mod company;
pub mod corrections;
pub mod credit;
pub mod curve;
pub mod desk;
pub mod desk_reads;
pub mod devices;
pub mod documents;
mod error;
pub mod exceptions;
pub mod facts;
pub mod field_cash;
mod field_notes;
pub mod former_devices;
pub mod hand_ins;
pub mod import_maps;
pub mod journal;
pub(crate) mod known;
pub mod ledger;
pub mod log;
mod migrations;
pub mod paper;
pub mod people;
pub mod period;
pub mod promises;
pub mod proposals;
pub mod quarantine;
pub mod rebuild;
pub mod receipt_check;
pub mod receipts;
pub(crate) mod rows;
pub mod scope;
pub mod settings;
pub(crate) mod sql;
pub mod statement_run;
pub mod statements;
pub mod targets;
pub mod team;
pub(crate) mod voids;
mod write;

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

pub use rusqlite::Connection;
use rusqlite::{ErrorCode, OpenFlags, TransactionBehavior, config::DbConfig};
use shared::{
    day::Timestamp,
    planted::{self, Bug},
};
use tokio::sync::watch;

pub use error::StoreError;
pub use write::WriteTx;

/// Read connections that are kept open.
const READERS_KEPT: usize = 8;
/// Entries of the log and of the journal whose chain is verified at start-up.
const TAIL: u64 = 1_000;

/// Name of the ledger's file in its folder.
const FILE: &str = "company.db";

/// How a file of the store is opened, by its name in the data folder.
type Opener = Box<dyn Fn(&str, OpenFlags) -> rusqlite::Result<Connection> + Send + Sync>;

/// The company's ledger on disk.
pub struct Store {
    dir: PathBuf,
    opener: Opener,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    head: watch::Sender<u64>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("dir", &self.dir).finish()
    }
}

impl Store {
    /// Opens the ledger in a folder; makes folder and ledger where there is none, and brings an older
    /// schema up to date. A file that can't be read is reported and not touched.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(dir).map_err(|e| match e.kind() {
            std::io::ErrorKind::StorageFull => StoreError::DiskFull,
            _ => StoreError::Folder {
                path: dir.to_owned(),
                reason: e.to_string(),
            },
        })?;
        let folder = dir.to_owned();
        Self::open_with(dir, move |name, flags| {
            Connection::open_with_flags(folder.join(name), flags)
        })
    }

    /// As [`Store::open`], through another way to open files (another file system of SQLite's, say).
    /// The folder is not made; attachments lie in it all the same.
    pub fn open_with(
        dir: &Path,
        opener: impl Fn(&str, OpenFlags) -> rusqlite::Result<Connection> + Send + Sync + 'static,
    ) -> Result<Self, StoreError> {
        let opener: Opener = Box::new(opener);
        let mut writer = open_writer(&opener, &dir.join(FILE))?;
        migrations::run(&mut writer)?;
        let head = log::head(&writer)?;
        log::verify_from(&writer, head.seq.saturating_sub(TAIL))?;
        journal::verify_tail(&writer, TAIL)?;
        Ok(Self {
            dir: dir.to_owned(),
            opener,
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            head: watch::Sender::new(head.seq),
        })
    }

    /// The data folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Runs one transaction under the company's lock, on the server's clock. An error (or a panic)
    /// rolls everything back.
    pub fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.write_at(crate::clock::now(), work)
    }

    /// As [`Store::write`], at a given time: what is found and posted carries it.
    pub fn write_at<T, E: From<StoreError>>(
        &self,
        now: Timestamp,
        work: impl FnOnce(&mut WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = lock(&self.writer);
        let tx = conn
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let mut tx = WriteTx::begin(tx, now)?;
        let value = work(&mut tx)?;
        let head = tx.finish()?;
        drop(conn);
        self.announce(head);
        Ok(value)
    }

    /// Reads on one snapshot.
    pub fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let pooled = lock(&self.readers).pop();
        let mut conn = match pooled {
            Some(conn) => conn,
            None => open_reader(&self.opener)?,
        };
        let value = {
            let tx = conn.transaction().map_err(StoreError::from)?;
            work(&tx)
        };
        let mut readers = lock(&self.readers);
        if readers.len() < READERS_KEPT {
            readers.push(conn);
        }
        value
    }

    /// The newest number of the log, with every growth of it.
    pub fn watch_head(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    /// Looks whether another process (a command beside the server) has made the log grow.
    pub fn look_for_growth(&self) -> Result<(), StoreError> {
        let head = self.read(log::head)?;
        self.announce(head.seq);
        Ok(())
    }

    fn announce(&self, seq: u64) {
        self.head.send_if_modified(|known| {
            let grew = seq > *known;
            *known = seq.max(*known);
            grew
        });
    }
}

/// A panic while the lock was held rolled its transaction back, so the connection is good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn open_writer(opener: &Opener, path: &Path) -> Result<Connection, StoreError> {
    let unreadable = |e: rusqlite::Error| match e.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
            StoreError::Unreadable {
                path: path.to_owned(),
                reason: e.to_string(),
            }
        }
        Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly) => {
            StoreError::Folder {
                path: path.to_owned(),
                reason: e.to_string(),
            }
        }
        _ => StoreError::from(e),
    };
    let conn = opener(FILE, OpenFlags::default()).map_err(unreadable)?;
    conn.busy_timeout(Duration::from_secs(10))
        .map_err(unreadable)?;
    // Read before anything is set, so that a damaged or newer file stays as it is.
    let found = migrations::current(&conn).map_err(unreadable)?;
    conn.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |_| Ok(()))
        .map_err(unreadable)?;
    let known = migrations::newest();
    if found > known {
        return Err(StoreError::TooNew {
            path: path.to_owned(),
            found,
            known,
        });
    }
    conn.pragma_update(None, "journal_mode", "WAL")
        .map_err(unreadable)?;
    let is_unflushed = planted::is(Bug::AckUnflushed);
    let synchronous = if is_unflushed { "OFF" } else { "FULL" };
    conn.pragma_update(None, "synchronous", synchronous)?;
    flush_what_was_left(&conn)?;
    // Pages that many pushes share are written once; more than the first part of the log's index holds are no gain.
    conn.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    conn.pragma_update(None, "foreign_keys", "ON")?;
    // No more: a commit after which a tree was balanced walks through all that is cached (measured with 45 MB: 64 MB
    // of cache made a push dearer by an eighth), and what is not here is in the system's cache.
    conn.pragma_update(None, "cache_size", -8_192)?;
    // Savepoints keep their copies of pages in memory, not in a file.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    prepare_once(&conn)?;
    conn.set_prepared_statement_cache_capacity(256);
    Ok(conn)
}

fn open_reader(opener: &Opener) -> Result<Connection, StoreError> {
    let conn = opener(
        FILE,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    conn.busy_timeout(Duration::from_secs(10))?;
    conn.pragma_update(None, "query_only", "ON")?;
    conn.pragma_update(None, "cache_size", -8_192)?;
    prepare_once(&conn)?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

/// After a flush that failed, what the process before this one wrote may stand in the system's memory alone, and no
/// later flush of the log brings it to the disk: whatever is added behind it would go with it in a power cut. So it
/// goes into the ledger's own file, and is flushed there, before anything is built on it. A server without room still
/// answers what it is asked: what is sent to it is refused until there is room.
fn flush_what_was_left(conn: &Connection) -> Result<(), StoreError> {
    let flushed = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    match flushed {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DiskFull) => Ok(()),
        flushed => Ok(flushed?),
    }
}

/// A plan is made once: otherwise SQLite plans a statement again for every new value of a LIMIT or a LIKE.
fn prepare_once(conn: &Connection) -> Result<(), StoreError> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
