//! Databases of every schema that was ever released, as files that never change: each is brought up to date
//! here, and everything that was in it must still be there. `frozen/README.md` says how they are made.

#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod phone;
mod server;
mod story;

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags, types::Value};
use tests::{fault_vfs::Disk, sim::older, workspace};

/// Bytes that a frozen database may have at most, compressed.
const LARGEST: u64 = 60_000;

/// Whose databases.
#[derive(Clone, Copy)]
struct Side {
    name: &'static str,
    migrations: &'static str,
    /// Schemas before the current one.
    earlier: &'static [&'static str],
    /// The first of them that is frozen in this folder.
    oldest: usize,
    /// How the name of the file begins that has this schema.
    file: &'static str,
}

const PHONE: Side = Side {
    name: "phone",
    migrations: "app/migrations/store",
    earlier: older::STORE,
    // A phone's first schema is kept by the app itself, as the first version wrote it.
    oldest: 2,
    file: "person-",
};
const SERVER: Side = Side {
    name: "server",
    migrations: "sync-server/migrations/sqlite",
    earlier: older::LEDGER,
    oldest: 1,
    file: story::LEDGER,
};

impl Side {
    /// All migrations, in order.
    fn migrations(&self) -> Vec<PathBuf> {
        let folder = workspace().join(self.migrations);
        let files = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
        let mut files: Vec<PathBuf> = files.collect();
        files.sort();
        files
    }

    /// The current schema: one migration after the other led to it.
    fn current(&self) -> usize {
        self.migrations().len()
    }

    fn all(&self) -> std::ops::RangeInclusive<usize> {
        self.oldest..=self.current()
    }

    fn folder(&self, schema: usize) -> PathBuf {
        let frozen = workspace().join("tests/frozen");
        frozen.join(format!("{}-{schema:02}", self.name))
    }

    /// A frozen folder, thawed.
    fn thaw(&self, schema: usize) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in packed(&self.folder(schema)) {
            let bytes = zstd::decode_all(bytes.as_slice()).unwrap();
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        folder
    }

    /// The database of this schema among the files of a folder.
    fn database(&self, folder: &Path) -> PathBuf {
        let mut files = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
        let is_it = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(self.file) && name.ends_with(".db")
        };
        files.find(is_it).unwrap()
    }
}

/// Files of a frozen folder: names as they were, bytes compressed.
fn packed(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let found = fs::read_dir(folder);
    let found = found.unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let files = found.map(|entry| {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let plain = name.strip_suffix(".zst").unwrap_or(&name).to_owned();
        (plain, fs::read(entry.path()).unwrap())
    });
    files.collect()
}

/// Looks at a database as it lies there.
fn look(file: &Path) -> Connection {
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// All rows of a query.
fn rows(db: &Connection, sql: &str) -> Vec<Vec<Value>> {
    let mut statement = db.prepare(sql).unwrap();
    let columns = statement.column_count();
    let found = statement.query_map([], |row| (0..columns).map(|n| row.get(n)).collect());
    found.unwrap().collect::<rusqlite::Result<_>>().unwrap()
}

fn number(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// What a database is made of. A phone makes it without the comments and indents of the migrations.
fn schema(db: &Connection) -> Vec<Vec<Value>> {
    let mut made = rows(
        db,
        "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name",
    );
    for value in made.iter_mut().flatten() {
        if let Value::Text(sql) = value {
            *sql = sql
                .lines()
                .flat_map(|line| line.split("--").next())
                .flat_map(str::split_whitespace)
                .collect::<Vec<_>>()
                .join(" ");
        }
    }
    made
}

/// What was in a database, query by query.
fn contents(file: &Path, queries: &[&str]) -> Vec<Vec<Vec<Value>>> {
    let db = look(file);
    let found: Vec<_> = queries.iter().map(|sql| rows(&db, sql)).collect();
    for (sql, rows) in queries.iter().zip(&found) {
        assert!(!rows.is_empty(), "there is something to lose: {sql}");
    }
    found
}

/// Freezes a folder.
fn freeze(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let bytes = zstd::encode_all(fs::read(entry.path()).unwrap().as_slice(), 19).unwrap();
        fs::write(to.join(format!("{name}.zst")), bytes).unwrap();
    }
}

/// Puts a database back to an earlier schema: its migrations, and all that it has a place for.
fn set_back(side: Side, file: &Path, schema: usize) {
    const NAME: &str = "newest.db";
    let disk = Disk::new(1);
    let mut files = disk.snapshot();
    files.put(NAME, fs::read(file).unwrap());
    disk.restore(&files);
    older::set_back(&disk, NAME, side.earlier, schema).unwrap();
    let bytes = disk.snapshot().file(NAME).unwrap().to_vec();
    fs::remove_file(file).unwrap();
    let spread = file.with_extension("spread");
    fs::write(&spread, bytes).unwrap();
    let db = Connection::open(&spread).unwrap();
    db.execute("VACUUM INTO ?1", [file.to_string_lossy()])
        .unwrap();
    drop(db);
    let left = ["spread", "spread-wal", "spread-shm"];
    for name in left {
        let _ = fs::remove_file(file.with_extension(name));
    }
}

/// Freezes what is missing. What is there is never written again.
fn freeze_missing() {
    let folder = tempfile::tempdir().unwrap();
    let (phone, server) = (folder.path().join("phone"), folder.path().join("server"));
    story::play(&phone, &server);
    for (side, from) in [(PHONE, &phone), (SERVER, &server)] {
        for schema in side.all().rev() {
            let to = side.folder(schema);
            if to.exists() {
                continue;
            }
            if schema < side.current() {
                set_back(side, &side.database(from), schema);
            }
            freeze(from, &to);
        }
    }
}

#[test]
fn every_released_schema_has_a_frozen_database() {
    if std::env::var_os("UPDATE_FROZEN").is_some() {
        freeze_missing();
    }
    for side in [PHONE, SERVER] {
        let current = side.current();
        assert_eq!(
            side.earlier.len() + 1,
            current,
            "{}: `sim::older` lists every schema but the current one",
            side.name
        );
        for schema in side.all() {
            let folder = side.folder(schema);
            assert!(
                folder.is_dir(),
                "{} is missing: UPDATE_FROZEN=1 makes it (see tests/frozen/README.md)",
                folder.display()
            );
            let size: usize = packed(&folder).iter().map(|(_, bytes)| bytes.len()).sum();
            assert!(size as u64 <= LARGEST, "{}: {size} bytes", folder.display());
            let thawed = side.thaw(schema);
            let db = look(&side.database(thawed.path()));
            assert_eq!(number(&db, "PRAGMA user_version"), schema as i64);
        }
    }
}

#[test]
fn a_migration_that_was_released_is_never_edited() {
    for side in [PHONE, SERVER] {
        let made = Connection::open_in_memory().unwrap();
        for (schema_now, sql) in (1..).zip(side.migrations()) {
            made.execute_batch(&fs::read_to_string(sql).unwrap())
                .unwrap();
            if side.all().contains(&schema_now) {
                let thawed = side.thaw(schema_now);
                let frozen = look(&side.database(thawed.path()));
                let (made, frozen) = (schema(&made), schema(&frozen));
                assert!(made == frozen, "{} {schema_now}", side.name);
            }
        }
    }
}
