//! What the store holds for devices, read in the order of the log: scope events, rows, changes.

use rusqlite::{Row as SqlRow, Rows};
use shared::{
    day::Timestamp,
    document::{self, Kind},
    ids::ChangeHash,
    sync::message::{ChangeItem, Item},
};

use crate::store::{StoreError, sql};

pub(super) const SCOPE_EVENTS: &str = "SELECT e.seq, e.customer, e.enter FROM scope_event e
    LEFT JOIN scope s ON s.person = e.person AND s.customer = e.customer
    WHERE e.person = ?1 AND e.seq > ?2 AND e.seq <= ?3
      AND CASE WHEN e.enter THEN s.since_seq = e.seq ELSE s.since_seq IS NULL END
    ORDER BY e.seq";
/// Rows of no customer. `?3`: whose own rows alone are read of those that are a person's; none for all.
pub(super) const ROWS_OF_ALL: &str = "SELECT seq, body FROM row INDEXED BY row_of_all
    WHERE customer IS NULL AND seq > ?1 AND seq <= ?2 AND (?3 IS NULL OR person IS NULL OR person = ?3)
    ORDER BY seq";
pub(super) const ROWS_OF_CUSTOMER: &str = "SELECT seq, body FROM row
    WHERE customer = ?1 AND seq >= ?2 AND seq <= ?3 ORDER BY seq";

/// Changes of what the person `?1` has handed in: they go to no customer's scope, and to devices of theirs alone.
/// `?4`: creation changes only.
pub(super) const HAND_INS_OF_PERSON: &str =
    "SELECT seq, document, kind, customer, person, device, received_at, clock_offset_ms, bytes, hash
    FROM change INDEXED BY change_of_hand_in
    WHERE kind = 'hand_in' AND customer = ?1 AND seq > ?2 AND seq <= ?3 AND (hash = document OR NOT ?4) ORDER BY seq";

/// Creation changes of a customer.
pub(super) const DOCUMENTS_OF_CUSTOMER: &str = concat!(
    "SELECT seq, document, kind, customer, person, device, received_at, clock_offset_ms, bytes, hash
    FROM change WHERE seq IN (",
    sql::records_of_customer!(),
    ") AND seq >= ?2 AND seq <= ?3 ORDER BY seq"
);
/// All changes of a document up to a place of the log.
pub(super) const CHANGES_OF_DOCUMENT: &str = concat!(
    "SELECT seq, document, kind, customer, person, device, received_at, clock_offset_ms, bytes, hash
    FROM change WHERE ",
    sql::of_document!(),
    " AND seq <= ?2 ORDER BY seq"
);

/// Something found in the store.
pub(super) struct Found {
    pub seq: u64,
    pub bytes: usize,
    /// Of a change.
    pub hash: Option<ChangeHash>,
    pub item: Item,
}

type Read = fn(&SqlRow<'_>) -> Result<Found, StoreError>;

/// Rows of one query, one ahead.
pub(super) struct Source<'s> {
    rows: Rows<'s>,
    read: Read,
    next: Option<Found>,
}

impl<'s> Source<'s> {
    pub(super) fn new(rows: Rows<'s>, read: Read) -> Result<Self, StoreError> {
        let mut source = Self {
            rows,
            read,
            next: None,
        };
        source.advance()?;
        Ok(source)
    }

    pub(super) fn next_seq(&self) -> Option<u64> {
        self.next.as_ref().map(|found| found.seq)
    }

    fn advance(&mut self) -> Result<(), StoreError> {
        self.next = self.rows.next()?.map(self.read).transpose()?;
        Ok(())
    }

    pub(super) fn take(&mut self) -> Result<Option<Found>, StoreError> {
        let found = self.next.take();
        self.advance()?;
        Ok(found)
    }
}

pub(super) fn earliest<'a, 's>(sources: &'a mut [Source<'s>]) -> Option<&'a mut Source<'s>> {
    sources
        .iter_mut()
        .filter(|source| source.next.is_some())
        .min_by_key(|source| source.next_seq())
}

pub(super) fn read_event(row: &SqlRow<'_>) -> Result<Found, StoreError> {
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

pub(super) fn read_row(row: &SqlRow<'_>) -> Result<Found, StoreError> {
    let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
    Ok(Found {
        seq: sql::uint(row, 0)?,
        bytes: body.len(),
        hash: None,
        item: Item::Row(Box::new(postcard::from_bytes(body)?)),
    })
}

pub(super) fn read_change(row: &SqlRow<'_>) -> Result<Found, StoreError> {
    let bytes = row.get_ref(8)?.as_blob().map_err(rusqlite::Error::from)?;
    Ok(Found {
        seq: sql::uint(row, 0)?,
        bytes: bytes.len() + 96,
        hash: Some(sql::id(row, 9)?),
        item: Item::Change(ChangeItem {
            document: sql::id(row, 1)?,
            kind: Kind::from_slug(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?),
            customer: sql::id(row, 3)?,
            person: sql::id(row, 4)?,
            device: sql::id(row, 5)?,
            received_at: Timestamp(row.get(6)?),
            clock_offset_ms: row.get(7)?,
            change: document::to_frame(bytes).to_vec(),
        }),
    })
}
