//! Letting go of old data by rule: closed matters older than the company's setting leave the phone, and
//! are fetched again when somebody wants to see them.
//!
//! What never goes
//! - anything that waits: changes or photos not yet with the server, refused records not dealt with;
//! - open matters: contact books, promises that may still be kept, receipts on which finance has to decide;
//! - own receipts while the ledger says that money is in the person's hands;
//! - own records for [`OWN_DAYS`], whatever the setting: a server restored from a backup gets them from here;
//! - of each customer the last visit, as lists show it.
//!
//! Age is counted by the server's clock, from when the server took the record in, and from when its last
//! change came to this phone.

use rusqlite::{Connection, OptionalExtension, params};
use shared::day::Timestamp;

use crate::replica::error::Result;

/// Days for which closed matters are kept if the server says nothing.
const HISTORY_DAYS: u16 = 180;
/// Days for which own records are kept at least.
pub const OWN_DAYS: i64 = 90;
const DAY_MS: i64 = 24 * 3_600_000;
/// Data are let go of at most once in so long.
const EVERY_MS: i64 = DAY_MS;

/// Notes for how many days closed matters are kept; 0 says nothing.
pub fn note_days(db: &Connection, days: u16) -> Result<()> {
    if days == 0 || history_days(db)? == days {
        return Ok(());
    }
    db.prepare_cached(
        "INSERT INTO retention (one, history_days, dropped_at) VALUES (1, ?1, NULL)
         ON CONFLICT (one) DO UPDATE SET history_days = ?1",
    )?
    .execute([days])?;
    Ok(())
}

/// For how many days closed matters are kept.
pub fn history_days(db: &Connection) -> Result<u16> {
    let days = db
        .prepare_cached("SELECT history_days FROM retention")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(days.unwrap_or(HISTORY_DAYS))
}

/// The time before which closed matters are not kept.
pub fn since(db: &Connection, server_now: Timestamp) -> Result<Timestamp> {
    Ok(server_now.plus_ms(-i64::from(history_days(db)?) * DAY_MS))
}

/// Lets go of what is old, unless that was done within a day. Gives how many records went.
pub fn drop_if_due(db: &Connection, server_now: Timestamp) -> Result<usize> {
    let last: Option<i64> = db
        .prepare_cached("SELECT dropped_at FROM retention")?
        .query_row([], |row| row.get(0))
        .optional()?
        .flatten();
    // A clock of the server that was set back does not keep it from being done.
    if last.is_some_and(|at| (0..EVERY_MS).contains(&(server_now.0 - at))) {
        return Ok(0);
    }
    db.execute("DELETE FROM wanted WHERE absent = 1", [])?;
    db.execute(
        "DELETE FROM change WHERE state = 'kept' AND at < ?1",
        [server_now.plus_ms(-OWN_DAYS * DAY_MS).0],
    )?;
    // A store that has just been filled has nothing old.
    let gone = match last {
        Some(_) => drop_old(db, server_now)?,
        None => 0,
    };
    db.prepare_cached(
        "INSERT INTO retention (one, history_days, dropped_at) VALUES (1, ?1, ?2)
         ON CONFLICT (one) DO UPDATE SET dropped_at = ?2",
    )?
    .execute(params![history_days(db)?, server_now.0])?;
    Ok(gone)
}

/// Documents that go. A document of which only the digest is here has no changes: its age is that of its
/// creation.
const OLD: &str = "INSERT INTO temp.old (document)
  SELECT d.id FROM document d
  WHERE d.received_at IS NOT NULL AND d.kind IN ('visit', 'promise', 'receipt') AND d.rejected IS NULL
    AND d.received_at < ?1 AND (d.mine = 0 OR d.received_at < ?2)
    AND NOT EXISTS (SELECT 1 FROM change c WHERE (c.hash = d.id OR c.document = d.id AND c.hash <> c.document) AND (
      c.state IN ('waiting', 'held', 'parked') OR c.at >= ?1 OR (c.own = 1 AND c.at >= ?2)))
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.document = d.id)
    AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.document = d.id)
    AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.document = d.id AND q.dismissed = 0)
    AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.document = d.id AND a.waiting = 1)
    AND NOT EXISTS (SELECT 1 FROM attachment_ref r JOIN attachment a ON a.hash = r.hash
                    WHERE r.document = d.id AND a.waiting = 1)
    AND CASE d.kind
      WHEN 'receipt' THEN
        EXISTS (SELECT 1 FROM receipt_state s WHERE s.document = d.id AND s.state IN ('posted', 'cleared', 'voided'))
        AND (d.mine = 0 OR EXISTS (SELECT 1 FROM field_cash f JOIN receipt r ON r.place = d.place
             WHERE f.person = r.person AND f.cash = 0 AND f.cheques = 0 AND f.row_seq >= d.seq))
      WHEN 'promise' THEN
        EXISTS (SELECT 1 FROM promise_state s WHERE s.document = d.id AND s.state IN ('kept', 'cancelled'))
        OR EXISTS (SELECT 1 FROM promise later WHERE later.replaces = d.id)
      ELSE 1 END";

fn drop_old(db: &Connection, server_now: Timestamp) -> Result<usize> {
    let before = since(db, server_now)?;
    let own_before = before.min(server_now.plus_ms(-OWN_DAYS * DAY_MS));
    db.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS old (document BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
         DELETE FROM temp.old;",
    )?;
    db.execute(OLD, params![before.0, own_before.0])?;
    // The last visit of a customer stays in the lists; what it says in full goes.
    const LAST: &str = "SELECT v.document FROM visit v WHERE v.started_at = (
      SELECT MAX(w.started_at) FROM visit w WHERE w.customer = v.customer)";
    const OLD_DOCUMENTS: &str = "SELECT document FROM temp.old";
    let gone: i64 = db.query_row("SELECT COUNT(*) FROM temp.old", [], |row| row.get(0))?;
    if gone == 0 {
        return Ok(0);
    }
    let lasting = format!("{OLD_DOCUMENTS} WHERE document NOT IN ({LAST})");
    for sql in [
        format!(
            "DELETE FROM attachment WHERE waiting = 0 AND (document IN ({OLD_DOCUMENTS})
               OR hash IN (SELECT hash FROM attachment_ref WHERE document IN ({OLD_DOCUMENTS})))
             AND hash NOT IN (SELECT hash FROM attachment_ref WHERE document NOT IN ({OLD_DOCUMENTS}))"
        ),
        format!("DELETE FROM attachment_ref WHERE document IN ({OLD_DOCUMENTS})"),
        format!("DELETE FROM change WHERE document IN ({OLD_DOCUMENTS})"),
        format!("DELETE FROM quarantine WHERE document IN ({OLD_DOCUMENTS})"),
        format!("DELETE FROM void_request WHERE document IN ({OLD_DOCUMENTS})"),
        format!("DELETE FROM receipt_allocation WHERE receipt IN (
               SELECT place FROM document WHERE filed IN (0, 1) AND id IN ({OLD_DOCUMENTS}))"),
        format!("DELETE FROM receipt WHERE document IN ({OLD_DOCUMENTS})"),
        format!("DELETE FROM promise WHERE document IN ({OLD_DOCUMENTS})"),
        format!("DELETE FROM visit_related WHERE visit IN ({lasting})"),
        format!("DELETE FROM document WHERE filed IN (0, 1) AND id IN ({lasting})"),
        format!("DELETE FROM visit WHERE document IN ({OLD_DOCUMENTS})
                   AND document NOT IN (SELECT id FROM document)"),
        // What had been fetched of them is to be had again.
        format!("UPDATE older SET more = 1, before = {} WHERE wanted = 0", before.0),
    ] {
        db.execute(&sql, [])?;
    }
    Ok(usize::try_from(gone).unwrap_or(usize::MAX))
}
