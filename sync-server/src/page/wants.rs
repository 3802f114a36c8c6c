//! On demand: what a device asked for beside what is new. Whole documents, and a customer's older records
//! as digests.
//!
//! Invariants: nothing is given of a customer outside the person's present scope, and nothing tells
//! such a customer or document from one that does not exist; an answer is bounded, what found no room
//! is not answered and may be asked for again; a document comes with all its changes or not at all.

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::Timestamp,
    ids::{CustomerId, DocumentId, PersonId},
    sync::{
        limits,
        message::{Entry, FetchOutcome, Fetched, Item, Want},
    },
};

use super::{
    closed,
    source::{CHANGES_OF_DOCUMENT, Found, Source, read_change},
};
use crate::store::{
    StoreError, documents, scope,
    sql::{self, BlobId},
};

/// Everything that was wanted and found room.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The version of the protocol that the device speaks.
    version: u16,
    /// What became of each want.
    pub fetched: Vec<Fetched>,
    /// What it brought.
    pub entries: Vec<Entry>,
    bytes: usize,
}

/// Answers wants in their order, as far as there is room, in this version of the protocol.
pub fn answer(
    conn: &Connection,
    person: PersonId,
    version: u16,
    wants: &[Want],
) -> Result<Answers, StoreError> {
    let mut answers = Answers {
        version,
        ..Answers::default()
    };
    for &want in wants.iter().take(limits::WANTS_PER_REQUEST) {
        if answers.bytes >= limits::FETCHED_BYTES {
            break;
        }
        let outcome = match want {
            Want::Document(document) => answers.document(conn, person, document)?,
            Want::Older { customer, before } => answers.older(conn, person, customer, before)?,
        };
        answers.fetched.push(Fetched { want, outcome });
    }
    Ok(answers)
}

impl Answers {
    fn push(&mut self, found: Found) {
        if found.item.since() > self.version {
            return;
        }
        self.bytes += found.bytes;
        self.entries.push(Entry {
            seq: found.seq,
            item: found.item,
        });
    }

    fn document(
        &mut self,
        conn: &Connection,
        person: PersonId,
        document: DocumentId,
    ) -> Result<FetchOutcome, StoreError> {
        let customer = documents::customer_of(conn, document)?;
        let (Some(_), true) = (
            visible(conn, person, customer)?,
            closed::fits(conn, document)?,
        ) else {
            return Ok(FetchOutcome::Absent);
        };
        let mut statement = conn.prepare_cached(CHANGES_OF_DOCUMENT)?;
        let all = params![document.blob(), i64::MAX];
        let mut changes = Source::new(statement.query(all)?, read_change)?;
        while let Some(change) = changes.take()? {
            self.push(change);
        }
        Ok(FetchOutcome::Whole)
    }

    /// The newest records received before a time, all those of one moment together, so that the next
    /// question can go on from there.
    fn older(
        &mut self,
        conn: &Connection,
        person: PersonId,
        customer: CustomerId,
        before: Timestamp,
    ) -> Result<FetchOutcome, StoreError> {
        if visible(conn, person, Some(customer))?.is_none() {
            return Ok(FetchOutcome::Absent);
        }
        let until: Option<i64> = conn
            .prepare_cached(concat!(
                "SELECT received_at FROM document WHERE seq IN (",
                sql::records_of_customer!(),
                ") AND kind <> 'contact_book' AND received_at < ?2
                     ORDER BY received_at DESC LIMIT 1 OFFSET ?3"
            ))?
            .query_row(
                params![
                    customer.blob(),
                    before.0,
                    limits::OLDER_AT_A_TIME as i64 - 1
                ],
                |row| row.get(0),
            )
            .optional()?;
        let mut statement = conn.prepare_cached(
            concat!(
                "SELECT seq, document, kind, customer, person, device, received_at, clock_offset_ms, bytes, hash
                 FROM change WHERE seq IN (",
                sql::records_of_customer!(),
                ") AND kind <> 'contact_book' AND received_at < ?2 AND received_at >= ?3 ORDER BY seq LIMIT ?4"
            ),
        )?;
        let from = until.unwrap_or(i64::MIN);
        let most = limits::LIST_ELEMENTS as i64 / 2;
        let of = params![customer.blob(), before.0, from, most];
        let mut creations = Source::new(statement.query(of)?, read_change)?;
        while let Some(found) = creations.take()? {
            self.push_digest(conn, found)?;
        }
        Ok(until.map_or(FetchOutcome::Whole, |until| {
            FetchOutcome::Until(Timestamp(until))
        }))
    }

    fn push_digest(&mut self, conn: &Connection, found: Found) -> Result<(), StoreError> {
        let Item::Change(creation) = &found.item else {
            return Ok(());
        };
        if let Some(digest) = closed::digest(conn, creation)? {
            self.push(Found {
                bytes: 160,
                hash: None,
                item: Item::Digest(digest),
                seq: found.seq,
            });
        }
        Ok(())
    }
}

/// The customer, if the person sees it now.
fn visible(
    conn: &Connection,
    person: PersonId,
    customer: Option<CustomerId>,
) -> Result<Option<CustomerId>, StoreError> {
    let Some(customer) = customer else {
        return Ok(None);
    };
    Ok(scope::since(conn, person, customer)?.map(|_| customer))
}
