//! Older schemas: the same contents in the tables that an earlier version made, so that the next opening
//! has to bring them up to date.

use rusqlite::Connection;

use crate::fault_vfs::{Disk, Snapshot};

/// Earlier schemas of the server's ledger.
pub const LEDGER: &[&str] = &[
    include_str!("../../../sync-server/migrations/sqlite/0001_ledger.sql"),
    include_str!("../../../sync-server/migrations/sqlite/0002_review.sql"),
    include_str!("../../../sync-server/migrations/sqlite/0003_rowid.sql"),
    include_str!("../../../sync-server/migrations/sqlite/0004_correction.sql"),
    include_str!("../../../sync-server/migrations/sqlite/0005_facts.sql"),
    include_str!("../../../sync-server/migrations/sqlite/0006_balances.sql"),
    include_str!("../../../sync-server/migrations/sqlite/0007_import_map.sql"),
    include_str!("../../../sync-server/migrations/sqlite/0008_places.sql"),
    include_str!("../../../sync-server/migrations/sqlite/0009_hand_in_offer.sql"),
    include_str!("../../../sync-server/migrations/sqlite/0010_paper.sql"),
    include_str!("../../../sync-server/migrations/sqlite/0011_field_proposal.sql"),
    include_str!("../../../sync-server/migrations/sqlite/0012_statement.sql"),
];

/// Earlier schemas of a person's store.
pub const STORE: &[&str] = &[
    include_str!("../../../app/migrations/store/0001_store.sql"),
    include_str!("../../../app/migrations/store/0002_on_demand.sql"),
    include_str!("../../../app/migrations/store/0003_standing.sql"),
    include_str!("../../../app/migrations/store/0004_rowid.sql"),
    include_str!("../../../app/migrations/store/0005_own.sql"),
    include_str!("../../../app/migrations/store/0006_leaving.sql"),
    include_str!("../../../app/migrations/store/0007_correction.sql"),
    include_str!("../../../app/migrations/store/0008_put_off.sql"),
    include_str!("../../../app/migrations/store/0009_laid_ready.sql"),
    include_str!("../../../app/migrations/store/0010_former.sql"),
    include_str!("../../../app/migrations/store/0011_receipt_index.sql"),
    include_str!("../../../app/migrations/store/0012_places.sql"),
    include_str!("../../../app/migrations/store/0013_hand_in.sql"),
    include_str!("../../../app/migrations/store/0014_proposal.sql"),
    include_str!("../../../app/migrations/store/0015_statement.sql"),
];

const OLD: &str = "older.db";

/// Puts a database of a disk back to an older schema. Whatever that schema has no place for is gone, as
/// it never was there in that version. Nobody may have the file open.
pub fn set_back(disk: &Disk, file: &str, schemas: &[&str], version: usize) -> rusqlite::Result<()> {
    let mut files = disk.snapshot();
    let scratch = Disk::from_snapshot(0, &files);
    {
        let old = scratch.open(OLD)?;
        old.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF;")?;
        for sql in schemas.iter().take(version) {
            old.execute_batch(sql)?;
        }
        // They would see the contents come in one after another.
        let triggers = pairs(
            &old,
            "SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'",
        )?;
        for (name, _) in &triggers {
            old.execute_batch(&format!("DROP TRIGGER \"{name}\""))?;
        }
        let path = scratch.path(file).to_string_lossy().into_owned();
        old.execute("ATTACH ?1 AS newer", [path])?;
        old.execute_batch("BEGIN")?;
        for table in names(
            &old,
            "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        )? {
            copy(&old, &table)?;
        }
        old.execute_batch("COMMIT; DETACH newer;")?;
        for (_, sql) in &triggers {
            old.execute_batch(sql)?;
        }
        old.pragma_update(None, "user_version", version as i64)?;
    }
    let bytes = scratch.snapshot().file(OLD).unwrap_or_default().to_vec();
    replace(&mut files, file, bytes);
    disk.restore(&files);
    Ok(())
}

/// Puts a database in place of another, without what SQLite kept beside that.
pub fn replace(files: &mut Snapshot, file: &str, bytes: Vec<u8>) {
    for tail in ["-wal", "-shm", "-journal"] {
        files.remove(&format!("{file}{tail}"));
    }
    files.put(file, bytes);
}

fn copy(old: &Connection, table: &str) -> rusqlite::Result<()> {
    let of = |schema: &str| {
        names(
            old,
            &format!("SELECT name FROM pragma_table_info('{table}', '{schema}')"),
        )
    };
    let newer = of("newer")?;
    let older = of("main")?;
    let is_by_document = older.iter().any(|column| column == "document");
    let kept: Vec<String> = older
        .into_iter()
        .filter(|column| newer.contains(column))
        .map(|column| format!("\"{column}\""))
        .collect();
    old.execute_batch(&format!("DELETE FROM main.\"{table}\""))?;
    if kept.is_empty() {
        return Ok(());
    }
    let (mut columns, mut values) = (kept.join(", "), kept.join(", "));
    if table == "receipt_allocation"
        && is_by_document
        && newer.iter().any(|column| column == "receipt")
    {
        // Named by its document before it was by that one's place.
        columns += ", document";
        values += ", (SELECT r.document FROM newer.receipt r WHERE r.place = a.receipt)";
    }
    old.execute_batch(&format!(
        "INSERT INTO main.\"{table}\" ({columns}) SELECT {values} FROM newer.\"{table}\" a"
    ))
}

fn pairs(db: &Connection, sql: &str) -> rusqlite::Result<Vec<(String, String)>> {
    let mut statement = db.prepare(sql)?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    found.collect()
}

fn names(db: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = db.prepare(sql)?;
    let found = statement.query_map([], |row| row.get(0))?;
    found.collect()
}
