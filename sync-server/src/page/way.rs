//! Two ways to the same entries: along the log, asking of each entry whether its customer is in the person's
//! scope; or customer by customer of the scope. The first costs what the company did since the cursor, the
//! second what the person's customers are: after a night offline, one salesperson of a thousand has ten
//! customers, and the log a hundred thousand entries.

use rusqlite::{Connection, params};
use shared::ids::PersonId;

use crate::store::{
    StoreError,
    sql::{self, BlobId},
};

/// What to read for a person (`?1`) after one place of the log (`?2`) up to another (`?3`), in its order.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// Rows: `seq`, `body`.
    pub rows: &'static str,
    /// Changes, as `source::read_change` reads them.
    pub changes: &'static str,
    /// Rows for a device that begins: whatever of a customer lies before it entered the scope as well.
    pub first_rows: &'static str,
    /// Creation changes for a device that begins.
    pub first_documents: &'static str,
}

/// Along the log.
pub const BY_LOG: Way = Way {
    rows: "SELECT r.seq, r.body FROM row r INDEXED BY row_by_seq
        CROSS JOIN scope s ON s.person = ?1 AND s.customer = r.customer
        WHERE r.customer IS NOT NULL AND r.seq > ?2 AND r.seq <= ?3 AND r.seq > s.since_seq ORDER BY r.seq",
    changes: "SELECT c.seq, c.document, c.kind, c.customer, c.person, c.device, c.received_at,
          c.clock_offset_ms, c.bytes, c.hash
        FROM change c INDEXED BY change_by_seq CROSS JOIN scope s ON s.person = ?1 AND s.customer = c.customer
        WHERE c.seq > ?2 AND c.seq <= ?3 AND c.seq > s.since_seq ORDER BY c.seq",
    first_rows: "SELECT r.seq, r.body FROM row r INDEXED BY row_by_seq
        CROSS JOIN scope s ON s.person = ?1 AND s.customer = r.customer
        WHERE r.customer IS NOT NULL AND r.seq > ?2 AND r.seq <= ?3 AND s.since_seq <= ?3 ORDER BY r.seq",
    first_documents: "SELECT c.seq, c.document, c.kind, c.customer, c.person, c.device,
          c.received_at, c.clock_offset_ms, c.bytes, c.hash
        FROM change c INDEXED BY change_by_seq CROSS JOIN scope s ON s.person = ?1 AND s.customer = c.customer
        WHERE c.seq > ?2 AND c.seq <= ?3 AND s.since_seq <= ?3 AND c.hash = c.document ORDER BY c.seq",
};

/// Customer by customer.
pub const BY_SCOPE: Way = Way {
    rows: "SELECT r.seq, r.body FROM row r INDEXED BY row_by_seq
        WHERE r.customer IS NOT NULL AND r.seq IN (
          SELECT o.seq FROM scope s CROSS JOIN row o INDEXED BY row_by_customer ON o.customer = s.customer
          WHERE s.person = ?1 AND o.customer IS NOT NULL AND o.seq > max(?2, s.since_seq) AND o.seq <= ?3)
        ORDER BY r.seq",
    changes: "SELECT c.seq, c.document, c.kind, c.customer, c.person, c.device, c.received_at,
          c.clock_offset_ms, c.bytes, c.hash
        FROM change c WHERE c.seq IN (
          SELECT d.seq FROM scope s CROSS JOIN document_by_customer d ON d.filed IN (0, 1) AND d.customer = s.customer
          WHERE s.person = ?1 AND d.seq > max(?2, s.since_seq) AND d.seq <= ?3
          UNION ALL
          SELECT e.seq FROM scope s CROSS JOIN change e INDEXED BY edit_by_customer ON e.customer = s.customer
          WHERE s.person = ?1 AND e.hash <> e.document AND e.seq > max(?2, s.since_seq) AND e.seq <= ?3)
        ORDER BY c.seq",
    first_rows: "SELECT r.seq, r.body FROM row r INDEXED BY row_by_seq
        WHERE r.customer IS NOT NULL AND r.seq IN (
          SELECT o.seq FROM scope s CROSS JOIN row o INDEXED BY row_by_customer ON o.customer = s.customer
          WHERE s.person = ?1 AND s.since_seq <= ?3 AND o.customer IS NOT NULL AND o.seq > ?2 AND o.seq <= ?3)
        ORDER BY r.seq",
    first_documents: "SELECT c.seq, c.document, c.kind, c.customer, c.person, c.device,
          c.received_at, c.clock_offset_ms, c.bytes, c.hash
        FROM change c WHERE c.seq IN (
          SELECT d.seq FROM scope s CROSS JOIN document_by_customer d ON d.filed IN (0, 1) AND d.customer = s.customer
          WHERE s.person = ?1 AND s.since_seq <= ?3 AND d.seq > ?2 AND d.seq <= ?3)
        ORDER BY c.seq",
};

/// How many entries along the log cost as much as asking for one customer.
const ENTRIES_A_CUSTOMER: u64 = 8;
/// Of what part of the company the scope may be at most: each page of that way lays out all that is left.
const PART_OF_COMPANY: i64 = 4;

/// The way that costs less for what lies after `from` up to `until`.
pub fn choose(
    conn: &Connection,
    person: PersonId,
    from: u64,
    until: u64,
) -> Result<Way, StoreError> {
    let few = until.saturating_sub(from) / ENTRIES_A_CUSTOMER;
    if few == 0 {
        return Ok(BY_LOG);
    }
    // Counted no further than it matters.
    let customers: i64 = conn
        .prepare_cached("SELECT COUNT(*) FROM (SELECT 1 FROM scope WHERE person = ?1 LIMIT ?2)")?
        .query_row(
            params![person.blob(), sql::int(few.saturating_add(1))],
            |row| row.get(0),
        )?;
    if customers > sql::int(few) {
        return Ok(BY_LOG);
    }
    let most = customers.saturating_mul(PART_OF_COMPANY);
    let of_company: i64 = conn
        .prepare_cached("SELECT COUNT(*) FROM (SELECT 1 FROM customer LIMIT ?1)")?
        .query_row([most], |row| row.get(0))?;
    Ok(if of_company < most { BY_LOG } else { BY_SCOPE })
}
