//! Numbered migrations: each runs once, in order, in one transaction with the number that it leaves
//! in `user_version`. A migration that has shipped is never edited; a later one corrects it.

use rusqlite::Connection;

use super::StoreError;

const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/sqlite/0001_ledger.sql"),
    include_str!("../../migrations/sqlite/0002_review.sql"),
    include_str!("../../migrations/sqlite/0003_rowid.sql"),
    include_str!("../../migrations/sqlite/0004_correction.sql"),
    include_str!("../../migrations/sqlite/0005_facts.sql"),
    include_str!("../../migrations/sqlite/0006_balances.sql"),
    include_str!("../../migrations/sqlite/0007_import_map.sql"),
    include_str!("../../migrations/sqlite/0008_places.sql"),
    include_str!("../../migrations/sqlite/0009_hand_in_offer.sql"),
    include_str!("../../migrations/sqlite/0010_paper.sql"),
    include_str!("../../migrations/sqlite/0011_field_proposal.sql"),
    include_str!("../../migrations/sqlite/0012_statement.sql"),
    include_str!("../../migrations/sqlite/0013_settings.sql"),
];

/// Newest schema number that this version knows.
pub(crate) fn newest() -> i64 {
    MIGRATIONS.len() as i64
}

/// The schema number of a database; 0 for an empty one.
pub(crate) fn current(conn: &Connection) -> rusqlite::Result<i64> {
    conn.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings the schema up to date. References are checked once, at the end: a table that is made anew is
/// away for a moment.
pub(crate) fn run(conn: &mut Connection) -> Result<(), StoreError> {
    if current(conn)? == newest() {
        return Ok(());
    }
    conn.pragma_update(None, "foreign_keys", "OFF")?;
    let done = run_all(conn);
    conn.pragma_update(None, "foreign_keys", "ON")?;
    done
}

fn run_all(conn: &mut Connection) -> Result<(), StoreError> {
    for (number, sql) in (1..).zip(MIGRATIONS) {
        let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        // Asked inside the lock: another process may have got here first.
        if current(&tx)? < number {
            tx.execute_batch(sql)?;
            let broken = tx.prepare("PRAGMA foreign_key_check")?.exists([])?;
            if broken {
                return Err(StoreError::Damaged(format!(
                    "references after migration {number}"
                )));
            }
            tx.pragma_update(None, "user_version", number)?;
            tx.commit()?;
        }
    }
    Ok(())
}
