//! The way down: what is new since a device's cursor, in log order, as far as its person may see it.
//!
//! Invariants
//! - A page is read on one snapshot of the store and goes at most up to the head of that snapshot.
//! - Entries are those of the person's present scope. A customer that entered the scope at number E
//!   comes with everything of it up to E behind its `Enter`, so what lies before E is left out of the
//!   ordinary flow: nothing is sent twice, nothing is missed.
//! - Only what the same request has just brought up is left out: the device evidently has that. All
//!   its other changes come back to it (a rolled back store must get them), and are no news to it.
//! - Cost is proportional to what changed: each source is read by an index from the cursor on.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row as SqlRow, Rows, params};
use shared::{
    day::Timestamp,
    document::{self, Kind},
    ids::{ChangeHash, CustomerId, PersonId},
    people::Person,
    sync::{
        limits,
        message::{ChangeItem, Cursor, Entry, Item, Row},
    },
};

use crate::{
    scope,
    store::{
        StoreError, log,
        sql::{self, BlobId},
    },
};

/// One page.
#[derive(Clone, Debug)]
pub struct Page {
    /// What is new, in log order.
    pub entries: Vec<Entry>,
    /// Where the device stands once it has taken them in.
    pub cursor: Cursor,
    /// Is there more?
    pub more: bool,
    /// Head of the log.
    pub head_seq: u64,
}

/// Reads the page after a cursor. `brought` are the changes of the request that is being answered.
pub fn read(
    conn: &Connection,
    person: &Person,
    cursor: Cursor,
    brought: &BTreeSet<ChangeHash>,
) -> Result<Page, StoreError> {
    let head = log::head(conn)?;
    let cursor = known_cursor(conn, cursor, head.seq)?;
    let mut builder = Builder {
        entries: Vec::new(),
        bytes: 0,
        brought,
    };
    let stop = builder.fill(conn, person, cursor, head.seq)?;
    let (seq, part) = stop.unwrap_or((head.seq, 0));
    Ok(Page {
        entries: builder.entries,
        cursor: Cursor {
            seq,
            part,
            chain: log::chain_at(conn, seq)?,
        },
        more: stop.is_some(),
        head_seq: head.seq,
    })
}

/// A cursor that is not of this log (the server was restored from a backup) begins anew: what the
/// device has already is no news to it.
fn known_cursor(conn: &Connection, cursor: Cursor, head: u64) -> Result<Cursor, StoreError> {
    let begin = Cursor::default();
    if cursor.seq > head {
        return Ok(begin);
    }
    match (cursor.chain, log::chain_at(conn, cursor.seq)?) {
        (Some(claimed), stored) if stored != Some(claimed) => Ok(begin),
        _ => Ok(cursor),
    }
}

struct Builder<'a> {
    entries: Vec<Entry>,
    bytes: usize,
    brought: &'a BTreeSet<ChangeHash>,
}

/// Where a page was cut: `seq` and `part` of the cursor.
type Cut = (u64, u64);

impl Builder<'_> {
    fn is_full(&self) -> bool {
        self.entries.len() >= limits::ENTRIES_PER_PAGE || self.bytes >= limits::PAGE_BYTES
    }

    fn push(&mut self, seq: u64, bytes: usize, item: Item) {
        self.bytes += bytes + 16;
        self.entries.push(Entry { seq, item });
    }

    /// Fills the page up to `head`; gives where it had to be cut.
    fn fill(
        &mut self,
        conn: &Connection,
        person: &Person,
        cursor: Cursor,
        head: u64,
    ) -> Result<Option<Cut>, StoreError> {
        let mut cash = CashReaders::default();
        // Nothing of a customer lies in the ordinary flow before it entered the scope.
        let first = match cursor.seq {
            0 => first_entry(conn, person.id)?.unwrap_or(head),
            seq => seq,
        };
        let range = |from: u64| params_of(person.id, from, head);
        let mut events = conn.prepare_cached(SCOPE_EVENTS)?;
        let mut all = conn.prepare_cached(ROWS_OF_ALL)?;
        let mut rows = conn.prepare_cached(ROWS)?;
        let mut changes = conn.prepare_cached(CHANGES)?;
        let mut sources = [
            Source::new(events.query(range(cursor.seq))?, read_event)?,
            Source::new(
                all.query(params![sql::int(cursor.seq), sql::int(head)])?,
                read_row,
            )?,
            Source::new(rows.query(range(first))?, read_row)?,
            Source::new(changes.query(range(first))?, read_change)?,
        ];
        let mut last = cursor.seq;
        let mut part = cursor.part;
        while let Some(source) = earliest(&mut sources) {
            if self.is_full() {
                return Ok(Some((last, 0)));
            }
            let Some(found) = source.take()? else { break };
            let seq = found.seq;
            if let Item::Enter(customer) = found.item {
                let from = std::mem::take(&mut part);
                if let Some(reached) = self.snapshot(conn, customer, seq, from)? {
                    return Ok(Some((last, reached)));
                }
            } else if !self.brought_by_device(&found) && cash.may_see(conn, person, &found.item)? {
                self.push(seq, found.bytes, found.item);
            }
            last = seq;
        }
        Ok(None)
    }

    fn brought_by_device(&self, found: &Found) -> bool {
        found.hash.is_some_and(|hash| self.brought.contains(&hash))
    }

    /// A customer's entry into the scope and everything of it up to there, from `from` on (0: from the
    /// beginning; n: all before number n is sent). Gives where it was cut.
    fn snapshot(
        &mut self,
        conn: &Connection,
        customer: CustomerId,
        entered: u64,
        from: u64,
    ) -> Result<Option<u64>, StoreError> {
        if from == 0 {
            self.push(entered, 0, Item::Enter(customer));
        }
        let range = params![customer.blob(), sql::int(from), sql::int(entered)];
        let mut rows = conn.prepare_cached(ROWS_OF_CUSTOMER)?;
        let mut changes = conn.prepare_cached(CHANGES_OF_CUSTOMER)?;
        let mut sources = [
            Source::new(rows.query(range)?, read_row)?,
            Source::new(changes.query(range)?, read_change)?,
        ];
        while let Some(source) = earliest(&mut sources) {
            if self.is_full() {
                let next = source.next_seq().unwrap_or(entered);
                return Ok(Some(next));
            }
            let Some(found) = source.take()? else { break };
            self.push(found.seq, found.bytes, found.item);
        }
        Ok(None)
    }
}

const SCOPE_EVENTS: &str = "SELECT e.seq, e.customer, e.enter FROM scope_event e
    LEFT JOIN scope s ON s.person = e.person AND s.customer = e.customer
    WHERE e.person = ?1 AND e.seq > ?2 AND e.seq <= ?3
      AND CASE WHEN e.enter THEN s.since_seq = e.seq ELSE s.since_seq IS NULL END
    ORDER BY e.seq";
const ROWS_OF_ALL: &str = "SELECT seq, body FROM row INDEXED BY row_of_all
    WHERE customer IS NULL AND seq > ?1 AND seq <= ?2 ORDER BY seq";
const ROWS: &str = "SELECT r.seq, r.body FROM row r INDEXED BY row_by_seq
    CROSS JOIN scope s ON s.person = ?1 AND s.customer = r.customer
    WHERE r.customer IS NOT NULL AND r.seq > ?2 AND r.seq <= ?3 AND r.seq > s.since_seq ORDER BY r.seq";
const CHANGES: &str = "SELECT c.seq, c.document, c.kind, c.customer, c.person, c.device, c.received_at,
      c.clock_offset_ms, c.bytes, c.hash
    FROM change c INDEXED BY change_by_seq CROSS JOIN scope s ON s.person = ?1 AND s.customer = c.customer
    WHERE c.seq > ?2 AND c.seq <= ?3 AND c.seq > s.since_seq ORDER BY c.seq";
const ROWS_OF_CUSTOMER: &str = "SELECT seq, body FROM row
    WHERE customer = ?1 AND seq >= ?2 AND seq <= ?3 ORDER BY seq";
const CHANGES_OF_CUSTOMER: &str =
    "SELECT seq, document, kind, customer, person, device, received_at,
      clock_offset_ms, bytes, hash
    FROM change WHERE customer = ?1 AND seq >= ?2 AND seq <= ?3 ORDER BY seq";

fn params_of(person: PersonId, from: u64, to: u64) -> impl rusqlite::Params {
    (*person.0.as_bytes(), sql::int(from), sql::int(to))
}

/// The place at which the first customer of the person's scope entered it.
fn first_entry(conn: &Connection, person: PersonId) -> Result<Option<u64>, StoreError> {
    let first: Option<i64> = conn
        .prepare_cached("SELECT MIN(since_seq) FROM scope WHERE person = ?1")?
        .query_row([person.blob()], |row| row.get(0))?;
    Ok(first.and_then(|seq| u64::try_from(seq).ok()))
}

/// Something found in the store.
struct Found {
    seq: u64,
    bytes: usize,
    /// Of a change.
    hash: Option<ChangeHash>,
    item: Item,
}

type Reader = fn(&SqlRow<'_>) -> Result<Found, StoreError>;

/// Rows of one query, one ahead.
struct Source<'s> {
    rows: Rows<'s>,
    read: Reader,
    next: Option<Found>,
}

impl<'s> Source<'s> {
    fn new(rows: Rows<'s>, read: Reader) -> Result<Self, StoreError> {
        let mut source = Self {
            rows,
            read,
            next: None,
        };
        source.advance()?;
        Ok(source)
    }

    fn next_seq(&self) -> Option<u64> {
        self.next.as_ref().map(|found| found.seq)
    }

    fn advance(&mut self) -> Result<(), StoreError> {
        self.next = self.rows.next()?.map(self.read).transpose()?;
        Ok(())
    }

    fn take(&mut self) -> Result<Option<Found>, StoreError> {
        let found = self.next.take();
        self.advance()?;
        Ok(found)
    }
}

fn earliest<'a, 's>(sources: &'a mut [Source<'s>]) -> Option<&'a mut Source<'s>> {
    sources
        .iter_mut()
        .filter(|source| source.next.is_some())
        .min_by_key(|source| source.next_seq())
}

fn read_event(row: &SqlRow<'_>) -> Result<Found, StoreError> {
    let customer = sql::id(row, 1)?;
    Ok(Found {
        seq: sql::uint(row, 0)?,
        bytes: 16,
        hash: None,
        item: match row.get(2)? {
            true => Item::Enter(customer),
            false => Item::Leave(customer),
        },
    })
}

fn read_row(row: &SqlRow<'_>) -> Result<Found, StoreError> {
    let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
    Ok(Found {
        seq: sql::uint(row, 0)?,
        bytes: body.len(),
        hash: None,
        item: Item::Row(Box::new(postcard::from_bytes(body)?)),
    })
}

fn read_change(row: &SqlRow<'_>) -> Result<Found, StoreError> {
    let bytes = row.get_ref(8)?.as_blob().map_err(rusqlite::Error::from)?;
    Ok(Found {
        seq: sql::uint(row, 0)?,
        bytes: bytes.len() + 96,
        hash: Some(sql::id(row, 9)?),
        item: Item::Change(ChangeItem {
            document: sql::id(row, 1)?,
            kind: Kind::from_slug(&row.get::<_, String>(2)?),
            customer: sql::id(row, 3)?,
            person: sql::id(row, 4)?,
            device: sql::id(row, 5)?,
            received_at: Timestamp(row.get(6)?),
            clock_offset_ms: row.get(7)?,
            change: document::to_frame(bytes).to_vec(),
        }),
    })
}

/// Whose cash the person may see, asked once a holder and page.
#[derive(Default)]
struct CashReaders(BTreeMap<PersonId, bool>);

impl CashReaders {
    fn may_see(
        &mut self,
        conn: &Connection,
        reader: &Person,
        item: &Item,
    ) -> Result<bool, StoreError> {
        let Item::Row(row) = item else {
            return Ok(true);
        };
        let Row::FieldCash(cash) = row.as_ref() else {
            return Ok(true);
        };
        if let Some(known) = self.0.get(&cash.person) {
            return Ok(*known);
        }
        let sees = scope::sees_cash_of(conn, reader, cash.person)?;
        self.0.insert(cash.person, sees);
        Ok(sees)
    }
}
