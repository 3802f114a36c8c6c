//! The way down: what is new since a device's cursor, in log order, as far as its person may see it.
//!
//! - A device that begins (cursor 0) gets what there is now: first every customer of the scope as
//!   entered, then rows and documents in the order of the log, up to the head as it was when it began.
//!   Until it is there, `part` of its cursor holds that head, marked as such.
//! - After that it gets what is new. A customer that comes into the scope at number E comes with
//!   everything of it up to E behind its `Enter`.
//! - Both bring documents as [`closed`] says: open matters whole, closed ones as digests. A document that
//!   comes whole comes with all its changes at the place of its creation.
//!
//! Invariants
//! - A page is read on one snapshot of the store and goes at most up to the head of that snapshot.
//! - Entries are those of the person's present scope. Nothing is sent twice, nothing is missed.
//! - Only what the same request has just brought up is left out: the device evidently has that. All
//!   its other changes come back to it (a rolled back store must get them), and are no news to it.
//! - Cost is proportional to what changed, or to the scope where more changed outside it (see [`way`]): each source
//!   is read by an index from the cursor on.

pub mod closed;
mod source;
pub mod wants;
pub mod way;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};
use shared::{
    day::Timestamp,
    ids::{ChangeHash, CustomerId, DeviceId, PersonId},
    people::Person,
    planted::{self, Bug},
    sync::{
        limits,
        message::{Checkpoint, Cursor, Entry, Item, Row},
    },
};

use crate::{
    scope,
    store::{
        StoreError, log,
        sql::{self, BlobId},
    },
};
use closed::{Closed, Form};
use source::{
    CHANGES_OF_DOCUMENT, DOCUMENTS_OF_CUSTOMER, Found, HAND_INS_OF_PERSON, ROWS_OF_ALL,
    ROWS_OF_CUSTOMER, SCOPE_EVENTS, Source, earliest, read_change, read_event, read_row,
};

/// Who reads, and how.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// Whose scope.
    pub person: &'a Person,
    /// The device that reads: what was made on it comes whole.
    pub device: DeviceId,
    /// The version of the protocol that it speaks.
    pub version: u16,
    /// Closed matters on which nothing has come in since then are left out.
    pub since: Timestamp,
    /// Entries beyond which a page is cut.
    pub page_entries: usize,
}

const BEGINNING: u64 = Cursor::BEGINNING;

/// Where a device goes on. What was cut belongs to the log of its time: a server restored since may say of the same
/// numbers something else, so the beginning, or the customer who was entering, comes anew (seed 1013). `epoch` is the
/// one that the device knows, 0 if it knows none.
pub fn resumed(cursor: Cursor, epoch: u64, current: u64) -> Cursor {
    match (epoch == 0 || epoch == current, cursor.is_beginning()) {
        (true, _) => cursor,
        (false, true) => Cursor::default(),
        (false, false) => Cursor { part: 0, ..cursor },
    }
}

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
    reader: &Reader<'_>,
    cursor: Cursor,
    brought: &BTreeSet<ChangeHash>,
) -> Result<Page, StoreError> {
    let head = log::head(conn)?;
    let mut builder = Builder {
        entries: Vec::new(),
        bytes: 0,
        brought,
        reader,
        closed: Closed::new(reader),
        cash: CashReaders::default(),
    };
    let begun = match cursor {
        Cursor {
            seq: 0, part: 0, ..
        } => {
            builder.enter_all(conn, head.seq)?;
            Some(head.seq)
        }
        Cursor { part, .. } if part >= BEGINNING => Some((part - BEGINNING).min(head.seq)),
        _ => None,
    };
    let stop = match begun {
        None => builder.fill(conn, cursor, head.seq)?,
        Some(until) => match builder.begin(conn, cursor.seq, until)? {
            Some(reached) => Some((reached, BEGINNING + until)),
            None => {
                let begun = Cursor {
                    seq: until,
                    part: 0,
                    chain: None,
                };
                builder.fill(conn, begun, head.seq)?
            }
        },
    };
    if planted::is(Bug::DropTail) && builder.entries.len() % 5 == 4 {
        builder.entries.pop();
    }
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

/// The latest place of this log among those where a device says it stood (the newest first); 0 if none
/// of them is of this log.
pub fn common_place(conn: &Connection, checkpoints: &[Checkpoint]) -> Result<u64, StoreError> {
    for place in checkpoints {
        if log::chain_at(conn, place.seq)? == Some(place.chain) {
            return Ok(place.seq);
        }
    }
    Ok(0)
}

/// Is the cursor of this log?
pub fn is_known(conn: &Connection, cursor: Cursor) -> Result<bool, StoreError> {
    if cursor.seq > log::head(conn)?.seq {
        return Ok(false);
    }
    Ok(match (cursor.chain, log::chain_at(conn, cursor.seq)?) {
        (Some(claimed), stored) => stored == Some(claimed),
        (None, _) => true,
    })
}

struct Builder<'a> {
    entries: Vec<Entry>,
    bytes: usize,
    brought: &'a BTreeSet<ChangeHash>,
    reader: &'a Reader<'a>,
    closed: Closed,
    cash: CashReaders,
}

/// Where a page was cut: `seq` and `part` of the cursor.
type Cut = (u64, u64);

impl Builder<'_> {
    fn is_full(&self) -> bool {
        self.entries.len() >= self.reader.page_entries || self.bytes >= limits::PAGE_BYTES
    }

    /// What the device has no word for in its version is passed over.
    fn push(&mut self, seq: u64, bytes: usize, item: Item) {
        if item.since() > self.reader.version && !planted::is(Bug::SendUnspoken) {
            return;
        }
        self.bytes += bytes + 16;
        self.entries.push(Entry { seq, item });
    }

    /// Which rows of no customer to read: after one place of the log up to another.
    fn of_all(&self, from: u64, until: u64) -> impl rusqlite::Params + use<> {
        let only = scope::sees_cash_of_nobody_else(self.reader.person).map(|id| *id.0.as_bytes());
        (sql::int(from), sql::int(until), only)
    }

    /// Which of the person's hand-ins to read.
    fn handed_in(&self, from: u64, until: u64, creations: bool) -> impl rusqlite::Params + use<> {
        let person = *self.reader.person.id.0.as_bytes();
        (person, sql::int(from), sql::int(until), creations)
    }

    /// Every customer of the scope as entered, on one page however many they are: nothing of a customer
    /// comes before it has entered.
    fn enter_all(&mut self, conn: &Connection, until: u64) -> Result<(), StoreError> {
        let mut statement = conn.prepare_cached(
            "SELECT since_seq, customer FROM scope WHERE person = ?1 AND since_seq <= ?2 ORDER BY since_seq",
        )?;
        let mut rows = statement.query(params![self.reader.person.id.blob(), sql::int(until)])?;
        while let Some(row) = rows.next()? {
            self.entries.push(Entry {
                seq: sql::uint(row, 0)?,
                item: Item::Enter(sql::id(row, 1)?),
            });
        }
        Ok(())
    }

    /// What there was of the scope at `until`, from a place of the log on. Gives where it was cut.
    fn begin(
        &mut self,
        conn: &Connection,
        from: u64,
        until: u64,
    ) -> Result<Option<u64>, StoreError> {
        let range = || params_of(self.reader.person.id, from, until);
        let mut all = conn.prepare_cached(ROWS_OF_ALL)?;
        let way = way::choose(conn, self.reader.person.id, from, until)?;
        let mut rows = conn.prepare_cached(way.first_rows)?;
        let mut documents = conn.prepare_cached(way.first_documents)?;
        let mut hand_ins = conn.prepare_cached(HAND_INS_OF_PERSON)?;
        let mut sources = [
            Source::new(all.query(self.of_all(from, until))?, read_row)?,
            Source::new(rows.query(range())?, read_row)?,
            Source::new(documents.query(range())?, read_change)?,
            Source::new(
                hand_ins.query(self.handed_in(from, until, true))?,
                read_change,
            )?,
        ];
        let mut last = from;
        while let Some(source) = earliest(&mut sources) {
            if self.is_full() {
                return Ok(Some(last));
            }
            let Some(found) = source.take()? else { break };
            last = found.seq;
            if found.hash.is_some() {
                self.push_document(conn, found, until)?;
            } else if self.cash.may_see(conn, self.reader, &found.item)? {
                self.push(found.seq, found.bytes, found.item);
            }
        }
        Ok(None)
    }

    /// A document whose creation change was found: whole, as a digest, or not at all.
    fn push_document(
        &mut self,
        conn: &Connection,
        found: Found,
        until: u64,
    ) -> Result<(), StoreError> {
        let Item::Change(creation) = &found.item else {
            return Ok(());
        };
        match self.closed.form_of(conn, found.seq, creation)? {
            Form::Whole => {
                let mut statement = conn.prepare_cached(CHANGES_OF_DOCUMENT)?;
                let of = params![creation.document.blob(), sql::int(until)];
                let mut changes = Source::new(statement.query(of)?, read_change)?;
                while let Some(change) = changes.take()? {
                    if !self.brought_by_device(&change) {
                        self.push(change.seq, change.bytes, change.item);
                    }
                }
            }
            Form::Digest(digest) => self.push(found.seq, 160, Item::Digest(digest)),
            Form::Nothing => {}
        }
        Ok(())
    }

    /// Fills the page up to `head`; gives where it had to be cut: inside a snapshot, right before the entry
    /// that brings it, and how far into it.
    fn fill(
        &mut self,
        conn: &Connection,
        cursor: Cursor,
        head: u64,
    ) -> Result<Option<Cut>, StoreError> {
        let person = self.reader.person;
        // Nothing of a customer lies in the ordinary flow before it entered the scope.
        let first = match cursor.seq {
            0 => first_entry(conn, person.id)?.unwrap_or(head),
            seq => seq,
        };
        let range = |from: u64| params_of(person.id, from, head);
        let mut events = conn.prepare_cached(SCOPE_EVENTS)?;
        let mut all = conn.prepare_cached(ROWS_OF_ALL)?;
        let way = way::choose(conn, person.id, first, head)?;
        let mut rows = conn.prepare_cached(way.rows)?;
        let mut changes = conn.prepare_cached(way.changes)?;
        let mut hand_ins = conn.prepare_cached(HAND_INS_OF_PERSON)?;
        let mut sources = [
            Source::new(events.query(range(cursor.seq))?, read_event)?,
            Source::new(all.query(self.of_all(cursor.seq, head))?, read_row)?,
            Source::new(rows.query(range(first))?, read_row)?,
            Source::new(changes.query(range(first))?, read_change)?,
            Source::new(
                hand_ins.query(self.handed_in(cursor.seq, head, false))?,
                read_change,
            )?,
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
                // A place inside a snapshot is one of the customer who entered right behind the cursor. If
                // that one has left again meanwhile, the next to enter comes from the beginning.
                let before = seq.saturating_sub(1);
                let from = std::mem::take(&mut part);
                let from = if before == cursor.seq { from } else { 0 };
                if let Some(reached) = self.snapshot(conn, customer, seq, from)? {
                    return Ok(Some((before, reached)));
                }
            } else if !self.brought_by_device(&found)
                && self.cash.may_see(conn, self.reader, &found.item)?
            {
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
        let mut changes = conn.prepare_cached(DOCUMENTS_OF_CUSTOMER)?;
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
            if found.hash.is_some() && planted::is(Bug::EmptySnapshot) {
                continue;
            }
            if found.hash.is_some() {
                self.push_document(conn, found, entered)?;
            } else {
                self.push(found.seq, found.bytes, found.item);
            }
        }
        Ok(None)
    }
}

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

/// Whose cash the person may see, asked once a holder and page.
#[derive(Default)]
struct CashReaders(BTreeMap<PersonId, bool>);

impl CashReaders {
    fn may_see(
        &mut self,
        conn: &Connection,
        reader: &Reader<'_>,
        item: &Item,
    ) -> Result<bool, StoreError> {
        let Item::Row(row) = item else {
            return Ok(true);
        };
        let cash = match row.as_ref() {
            Row::FieldCash(cash) => cash,
            // Finance counts before it is told anything.
            Row::HandIn(row) => return Ok(row.person == reader.person.id),
            _ => return Ok(true),
        };
        if let Some(known) = self.0.get(&cash.person) {
            return Ok(*known);
        }
        let sees = scope::sees_cash_of(conn, reader.person, cash.person)?;
        self.0.insert(cash.person, sees);
        Ok(sees)
    }
}
