//! Backups of the ledger, and a ledger brought back from one.
//!
//! Invariants: a backup is one whole database file at one moment, made while the server runs; bringing
//! one back never deletes what was there: it is set aside beside it. A restored ledger counts a new
//! epoch, so that device codes (and with them receipt numbers) are never given out twice, and phones see
//! by the log's chain that they have to send again what the backup lacks.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, params};

use super::{FILE, Store, StoreError, company, migrations};

impl Store {
    /// Writes a copy of the ledger to a file that is not there yet. Photos lie beside it in the data
    /// folder; they are named by the hash of their bytes and can be copied at any time.
    pub fn back_up(&self, to: &Path) -> Result<(), StoreError> {
        if to.exists() {
            return Err(StoreError::Conflict("a file of that name is there already"));
        }
        // Not one of the readers: those may write nowhere.
        let conn = (self.opener)(FILE, OpenFlags::default())?;
        conn.execute("VACUUM INTO ?1", params![to.to_string_lossy()])?;
        Ok(())
    }
}

/// Brings a backup back as the ledger of a data folder, while no server runs there. What was there is
/// set aside; its new name is given. The restored company counts its next epoch.
pub fn restore(dir: &Path, from: &Path, suffix: &str) -> Result<Option<PathBuf>, StoreError> {
    check_backup(from)?;
    std::fs::create_dir_all(dir)?;
    let (path, incoming) = (dir.join(FILE), dir.join(format!("{FILE}.incoming")));
    let _ = std::fs::remove_file(&incoming);
    std::fs::copy(from, &incoming)?;
    let aside = match path.exists() {
        true => Some(set_aside(dir, suffix)?),
        false => None,
    };
    std::fs::rename(&incoming, &path)?;
    let store = Store::open(dir)?;
    store.write(|tx| {
        company::next_epoch(tx)?;
        Ok::<_, StoreError>(())
    })?;
    Ok(aside)
}

fn check_backup(from: &Path) -> Result<(), StoreError> {
    let unreadable = |reason: String| StoreError::Unreadable {
        path: from.to_owned(),
        reason,
    };
    let conn = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(|e| unreadable(e.to_string()))?;
    let verdict: String = conn
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|e| unreadable(e.to_string()))?;
    if verdict != "ok" {
        return Err(unreadable(verdict));
    }
    let (found, known) = (migrations::current(&conn)?, migrations::newest());
    if found > known {
        return Err(StoreError::TooNew {
            path: from.to_owned(),
            found,
            known,
        });
    }
    company::get(&conn)?.ok_or_else(|| unreadable("it holds no company".to_owned()))?;
    Ok(())
}

/// Renames the ledger and its write-ahead log; fails while a server has it open for writing.
fn set_aside(dir: &Path, suffix: &str) -> Result<PathBuf, StoreError> {
    let path = dir.join(FILE);
    if let Ok(conn) = Connection::open(&path) {
        conn.busy_timeout(std::time::Duration::from_millis(500))?;
        // Everything into the one file; refused while a server has it open, whose next records would go
        // into the file that is set aside. (A damaged file can't be asked and is set aside as it is.)
        conn.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
            .or_else(|e| match StoreError::from(e) {
                StoreError::Busy => Err(StoreError::Busy),
                _ => Ok(()),
            })?;
    }
    let aside = dir.join(format!("{FILE}.{suffix}"));
    if aside.exists() {
        return Err(StoreError::Conflict(
            "a ledger of that name was set aside already",
        ));
    }
    std::fs::rename(&path, &aside)?;
    for tail in ["-wal", "-shm"] {
        let from = dir.join(format!("{FILE}{tail}"));
        if from.exists() {
            std::fs::rename(from, dir.join(format!("{FILE}.{suffix}{tail}")))?;
        }
    }
    Ok(aside)
}
