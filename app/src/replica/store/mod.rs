//! The SQLite file of one person: opening, migrations, and small helpers for typed values.
//!
//! Invariants: money is stored in fen, days as numbers, ids as raw bytes; migrations are only ever
//! appended; nothing is said to be saved before the commit has returned.

/// SQL: which changes are of the document `?1`. The hash of its creation is its id; the edits have an index of
/// their own.
macro_rules! of_document {
    () => {
        "(hash = ?1 OR document = ?1 AND hash <> document)"
    };
}
pub(crate) use of_document;

/// SQL: the place of the document `?1`: looked up among the newest, and among those that were filed. (Two questions:
/// for `filed IN (0, 1)` SQLite makes a table of two rows anew each time it is asked, which costs as much again.)
macro_rules! place_of_id {
    () => {
        "COALESCE((SELECT place FROM document WHERE filed = 0 AND id = ?1), \
         (SELECT place FROM document WHERE filed = 1 AND id = ?1))"
    };
}

pub mod attachments;
pub mod bases;
pub mod cases;
pub mod corrections;
pub mod documents;
pub mod drafts;
pub mod hand_ins;
pub mod identity;
pub mod laid_ready;
pub mod on_demand;
pub mod preferences;
pub mod project;
pub mod project_sealed;
pub mod proposals;
pub mod registry;
pub mod retention;
pub mod rows;
mod sql_text;
pub mod statements;
pub mod sync_state;

use rusqlite::{Connection, ErrorCode, Row, config::DbConfig, types::Type};
use shared::{
    day::{Day, Timestamp},
    evidence::GeoPoint,
    ids::{CustomerId, DocumentId, PersonId},
    money::Money,
    planted::{self, Bug},
};
use uuid::Uuid;

use super::{
    error::{Error, Result},
    host::Files,
};
use sql_text::sql_file;

/// How commits become durable, in one place. WAL with an exclusive lock needs no shared memory, which
/// the browser's file system lacks, and is the fastest durable mode there (0.8 ms against 4.2).
/// The log is brought into the file every 4,000 pages (16 MB; its index holds as many in its first part): pages that
/// many records share, and in time those that many records lie spread over, are written there once.
/// The cache (4 MB, taken as needed) holds what records are looked up by; a larger one is walked through whole after
/// every commit in which a tree was balanced.
const DURABILITY: &str = "
    PRAGMA busy_timeout = 1500;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    PRAGMA wal_autocheckpoint = 4000;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -4096;";

/// Migrations of a person's store.
const STORE: &[&str] = &[
    sql_file!("../../../migrations/store/0001_store.sql"),
    sql_file!("../../../migrations/store/0002_on_demand.sql"),
    sql_file!("../../../migrations/store/0003_standing.sql"),
    sql_file!("../../../migrations/store/0004_rowid.sql"),
    sql_file!("../../../migrations/store/0005_own.sql"),
    sql_file!("../../../migrations/store/0006_leaving.sql"),
    sql_file!("../../../migrations/store/0007_correction.sql"),
    sql_file!("../../../migrations/store/0008_put_off.sql"),
    sql_file!("../../../migrations/store/0009_laid_ready.sql"),
    sql_file!("../../../migrations/store/0010_former.sql"),
    sql_file!("../../../migrations/store/0011_receipt_index.sql"),
    sql_file!("../../../migrations/store/0012_places.sql"),
    sql_file!("../../../migrations/store/0013_hand_in.sql"),
    sql_file!("../../../migrations/store/0014_proposal.sql"),
    sql_file!("../../../migrations/store/0015_statement.sql"),
    sql_file!("../../../migrations/store/0016_case.sql"),
];
/// Migrations of the registry.
const REGISTRY: &[&str] = &[sql_file!("../../../migrations/registry/0001_registry.sql")];

/// Opens a person's store and brings it up to date.
pub fn open_store(files: &dyn Files, name: &str) -> Result<Connection> {
    open(files, name, STORE)
}

/// Opens the registry and brings it up to date.
pub fn open_registry(files: &dyn Files, name: &str) -> Result<Connection> {
    open(files, name, REGISTRY)
}

fn open(files: &dyn Files, name: &str, migrations: &[&str]) -> Result<Connection> {
    let mut db = files.open(name)?;
    db.execute_batch(DURABILITY)?;
    if planted::is(Bug::SavedUnflushed) {
        db.execute_batch("PRAGMA synchronous = OFF")?;
    }
    flush_what_was_left(&db)?;
    // A plan is made once: otherwise SQLite plans a statement again for every new value of a LIMIT or a LIKE,
    // which was a tenth of what a sync costs.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.set_prepared_statement_cache_capacity(96);
    let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    if done > migrations.len() {
        return Err(Error::NewerStore(version));
    }
    for (number, sql) in migrations.iter().enumerate().skip(done) {
        migrate(&mut db, sql, number as i64 + 1).map_err(unmigratable)?;
    }
    Ok(db)
}

/// After a flush that failed, what the app wrote before it ended may stand in the system's memory alone, and whatever is
/// added behind it would go with it in a power cut: it is flushed elsewhere before anything is built on it. A full
/// phone still opens: everything can be read, and what is saved is refused until there is room.
fn flush_what_was_left(db: &Connection) -> Result<()> {
    let flushed = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    match flushed {
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DiskFull) => Ok(()),
        flushed => Ok(flushed?),
    }
}

fn migrate(db: &mut Connection, sql: &str, version: i64) -> Result<()> {
    let tx = db.transaction()?;
    tx.execute_batch(sql)?;
    tx.pragma_update(None, "user_version", version)?;
    Ok(tx.commit()?)
}

/// A file in which a migration finds what it does not expect is as good as damaged; a full disk is not.
fn unmigratable(error: Error) -> Error {
    match error.code().as_str() {
        "store.failed" => Error::Other {
            code: "store.damaged".into(),
            detail: error.to_string(),
        },
        _ => error,
    }
}

/// Moves what the write-ahead log holds into the file and empties it: the next opening would have to
/// read it through before it can show anything.
pub fn fold_log(db: &Connection) -> Result<()> {
    Ok(db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}

/// Reads the whole file for damage; an error that [`Error::is_damage`] if there is some.
pub fn check(db: &Connection) -> Result<()> {
    let verdict: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(Error::Other {
            code: "store.damaged".into(),
            detail: verdict,
        })
    }
}

fn wrong(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, Box::new(error))
}

/// A sum in fen.
pub fn money(row: &Row<'_>, column: usize) -> rusqlite::Result<Money> {
    Money::from_fen(row.get(column)?).map_err(|e| wrong(column, e))
}

/// A day by its number.
pub fn day(row: &Row<'_>, column: usize) -> rusqlite::Result<Day> {
    row.get(column).map(Day::from_number)
}

/// A day by its number, or none.
pub fn day_or_none(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Day>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Day::from_number))
}

/// A time.
pub fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp)
}

/// A document's id.
pub fn document_id(row: &Row<'_>, column: usize) -> rusqlite::Result<DocumentId> {
    row.get(column).map(DocumentId)
}

/// A UUID of 16 bytes.
pub fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get(column).map(Uuid::from_bytes)
}

/// A customer's id.
pub fn customer_id(row: &Row<'_>, column: usize) -> rusqlite::Result<CustomerId> {
    uuid(row, column).map(CustomerId)
}

/// A person's id.
pub fn person_id(row: &Row<'_>, column: usize) -> rusqlite::Result<PersonId> {
    uuid(row, column).map(PersonId)
}

/// A place from two columns, latitude first.
pub fn place(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<GeoPoint>> {
    let (lat, lon): (Option<i32>, Option<i32>) = (row.get(column)?, row.get(column + 1)?);
    Ok(lat
        .zip(lon)
        .map(|(lat_e7, lon_e7)| GeoPoint { lat_e7, lon_e7 }))
}
