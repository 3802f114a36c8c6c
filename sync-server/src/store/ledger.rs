//! The whole check of a ledger: chains, zero sums, and that every sum kept beside the journal is the
//! sum of its postings.

use std::collections::HashMap;

use rusqlite::{Connection, Row as SqlRow};

use shared::{
    ids::{Digest, DocumentId},
    ledger::entry::{EntryKind, Source, entry_id},
};

use super::{
    StoreError, journal, log, paper,
    sql::{self, BlobId},
};

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// Entries of the log whose chain was recomputed.
    pub log_entries: u64,
    /// Entries of the journal whose chain was recomputed.
    pub journal_entries: u64,
    /// What is wrong, a sentence each; empty if all is well.
    pub problems: Vec<String>,
}

impl CheckReport {
    /// Is all well?
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Problems listed of one kind at most.
const LISTED: usize = 20;

/// Each query gives a line of text for each thing that is wrong.
const CHECKS: &[(&str, &str)] = &[
    (
        "record is not found by its id and its customer",
        "SELECT hex(d.id) FROM document d
         WHERE (SELECT COUNT(*) FROM document_by_id i
             WHERE i.filed IN (0, 1) AND i.id = d.id AND i.seq = d.seq) <> 1
           OR (SELECT COUNT(*) FROM document_by_customer c
             WHERE c.filed IN (0, 1) AND c.customer = d.customer AND c.seq = d.seq) <> 1
         UNION ALL SELECT 'more are found than there are'
         WHERE (SELECT COUNT(*) FROM document_by_id) > (SELECT COUNT(*) FROM document)
           OR (SELECT COUNT(*) FROM document_by_customer) > (SELECT COUNT(*) FROM document)",
    ),
    (
        "entry does not sum to zero",
        "SELECT 'number ' || entry FROM posting GROUP BY entry HAVING SUM(amount) <> 0",
    ),
    (
        "all accounts together do not sum to zero",
        "SELECT 'by ' || SUM(amount) || ' fen' FROM posting HAVING SUM(amount) <> 0",
    ),
    (
        "balance differs from the postings of account",
        "SELECT name FROM (
           SELECT CASE WHEN customer IS NULL THEN account ELSE 'Assets:Receivable' END AS name, amount FROM posting
           UNION ALL SELECT account, -balance FROM account_balance)
         GROUP BY name HAVING SUM(amount) <> 0",
    ),
    (
        "settled sum differs from the postings on invoice",
        "SELECT i.number FROM invoice i
         WHERE i.amount - i.settled <> (SELECT COALESCE(SUM(p.amount), 0) FROM posting p WHERE p.invoice = i.id)",
    ),
    (
        "on-account sum differs from the postings of customer",
        "SELECT c.number FROM customer c
         WHERE -c.on_account <> (SELECT COALESCE(SUM(p.amount), 0) FROM posting p
                                 WHERE p.customer = c.id AND p.invoice IS NULL)",
    ),
    (
        "sum in transit differs from the receipts of customer",
        "SELECT c.number FROM customer c
         WHERE c.in_transit <> (SELECT COALESCE(SUM(r.amount), 0) FROM receipt_state r
                                WHERE r.customer = c.id AND r.method <> 'cash' AND r.custody IN ('field', 'claim', 'clearing'))",
    ),
    (
        "field cash differs from the postings of person",
        "SELECT p.name FROM field_cash f JOIN person p ON p.id = f.person
         WHERE f.cash <> (SELECT COALESCE(SUM(amount), 0) FROM posting
                          WHERE person = f.person AND account LIKE 'Assets:Field:Cash:%')
            OR f.cheques <> (SELECT COALESCE(SUM(amount), 0) FROM posting
                          WHERE person = f.person AND account LIKE 'Assets:Field:Cheques:%')",
    ),
    (
        "stored change is not in the log",
        "SELECT 'at ' || c.seq FROM change c LEFT JOIN log l ON l.seq = c.seq AND l.kind = 'change' AND l.ref = c.hash
         WHERE l.seq IS NULL",
    ),
    (
        "row is not at its place in the log",
        "SELECT r.kind || ' at ' || r.seq FROM row r LEFT JOIN log l ON l.seq = r.seq AND l.kind = 'row'
         WHERE l.seq IS NULL",
    ),
    (
        "log entry without its change",
        "SELECT 'at ' || l.seq FROM log l WHERE l.kind = 'change'
         AND NOT EXISTS (SELECT 1 FROM change c WHERE c.seq = l.seq)",
    ),
];

/// Checks everything. Errors only where the store can't be read at all.
pub fn check(conn: &Connection) -> Result<CheckReport, StoreError> {
    let mut report = CheckReport::default();
    match log::verify_from(conn, 0) {
        Ok(count) => report.log_entries = count,
        Err(broken @ StoreError::ChainBroken { .. }) => report.problems.push(broken.to_string()),
        Err(other) => return Err(other),
    }
    match journal::verify_from(conn, 0) {
        Ok(count) => report.journal_entries = count,
        Err(broken @ StoreError::ChainBroken { .. }) => report.problems.push(broken.to_string()),
        Err(other) => return Err(other),
    }
    for (what, query) in CHECKS {
        let lines: Vec<String> = conn
            .prepare(query)?
            .query_map([], |row| row.get::<_, String>(0))?
            .collect::<Result<_, _>>()?;
        let listed = lines.iter().take(LISTED);
        report
            .problems
            .extend(listed.map(|line| format!("{what}: {line}")));
        if lines.len() > LISTED {
            let more = lines.len() - LISTED;
            report.problems.push(format!("{what}: and {more} more"));
        }
    }
    check_bodies(conn, &mut report)?;
    check_receipts(conn, &mut report)?;
    Ok(report)
}

/// Every receipt of cash stands in the journal, and a voided one has its reversal there.
fn check_receipts(conn: &Connection, report: &mut CheckReport) -> Result<(), StoreError> {
    let receipts: Vec<(DocumentId, Digest, String, bool)> = conn
        .prepare("SELECT document, seal, number, state = 'voided' FROM receipt_state WHERE method = 'cash'")?
        .query_map([], |row| {
            Ok((sql::id(row, 0)?, sql::id(row, 1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<Result<_, _>>()?;
    // What a voided receipt had paid is owed again: by the reversal, and by what was refunded before.
    let paid: HashMap<DocumentId, i64> = conn
        .prepare(
            "SELECT e.document, SUM(p.amount) FROM journal_entry e JOIN posting p ON p.entry = e.number
             WHERE e.document IS NOT NULL AND p.customer IS NOT NULL GROUP BY e.document",
        )?
        .query_map([], |row| Ok((sql::id(row, 0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (id, core, number, voided) in receipts {
        // What was posted from its paper stands under the id that the receipt had then.
        let posted_as = paper::get(conn, id)?.map_or(id, |entered| entered.id);
        let source = Source::Document {
            id: posted_as,
            core,
        };
        let entry = entry_id(EntryKind::Receipt, &source);
        let lies = |id| paid.get(id).copied().unwrap_or(0);
        let paid = match posted_as == id {
            true => lies(&id),
            false => lies(&id) + lies(&posted_as),
        };
        let reversals: i64 = conn
            .prepare_cached("SELECT COUNT(*) FROM journal_entry WHERE reverses = ?1")?
            .query_row([entry.blob()], |row| row.get(0))?;
        let as_stated = match voided {
            true => reversals <= 1 && paid == 0,
            false => reversals == 0,
        };
        if journal::by_id(conn, entry)?.is_none() || !as_stated {
            report
                .problems
                .push(format!("receipt is not posted as its state says: {number}"));
        }
    }
    Ok(())
}

/// Stored bodies must be those that the log's hashes were made of.
fn check_bodies(conn: &Connection, report: &mut CheckReport) -> Result<(), StoreError> {
    let queries = [
        (
            log::LogKind::Change,
            "SELECT l.seq, l.ref, c.bytes, l.body_hash FROM change c JOIN log l ON l.seq = c.seq",
        ),
        (
            log::LogKind::Row,
            "SELECT l.seq, l.ref, r.body, l.body_hash FROM row r JOIN log l ON l.seq = r.seq",
        ),
    ];
    for (kind, query) in queries {
        let differs = |row: &SqlRow<'_>| -> rusqlite::Result<Option<i64>> {
            let hash = log::body_hash(kind, row.get_ref(1)?.as_blob()?, row.get_ref(2)?.as_blob()?);
            Ok((hash != row.get::<_, [u8; 32]>(3)?).then_some(row.get(0)?))
        };
        let mut statement = conn.prepare(query)?;
        let wrong: Vec<Option<i64>> = statement
            .query_map([], differs)?
            .collect::<Result<_, _>>()?;
        let wrong = wrong.into_iter().flatten().take(LISTED);
        report
            .problems
            .extend(wrong.map(|seq| format!("stored content differs from the log: at {seq}")));
    }
    Ok(())
}
