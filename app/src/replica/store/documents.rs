//! Documents and their changes, the outbox and the quarantine.
//!
//! Invariants: raw change bytes are never altered, and go only with their whole document (a customer that
//! left, an old closed matter: `rows`, `retention`), but for own ones, which stay in state 'kept' for as
//! long as a server restored from a backup may ask for them; a document without its creation change is known by
//! its digest only (`on_demand`); an outbox row goes only in the
//! transaction that records its answer.
//!
//! A change of somebody else's that a restored server lost stays in state 'base' for as long as own ones of its
//! document wait: they are shown as they were saved. It is no ground to build on, and never sent.

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::Timestamp,
    document::{Kind, edit::Edit},
    ids::{ChangeHash, CustomerId, DeviceId, DocumentId, PersonId},
    planted::{self, Bug},
};

use super::{customer_id, document_id, person_id, time, uuid};
use crate::replica::error::{Error, Result};

/// A document's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRow {
    /// Id.
    pub id: DocumentId,
    /// Kind.
    pub kind: Kind,
    /// Customer.
    pub customer: CustomerId,
    /// Who created it.
    pub author: PersonId,
    /// On which device.
    pub device: DeviceId,
    /// On this device.
    pub mine: bool,
    /// When, by that device's clock (own) or the server's (others').
    pub saved_at: Timestamp,
    /// When the server took it in.
    pub received_at: Option<Timestamp>,
    /// Where in the log.
    pub seq: Option<u64>,
    /// Phone clock minus server clock when it was pushed.
    pub clock_offset_ms: Option<i64>,
    /// Code, if it was refused.
    pub rejected: Option<String>,
}

/// Where a change comes from.
pub enum Source<'a> {
    /// Made here; the edit is kept so that it can be applied again. None for a creation change.
    Own(Option<&'a Edit>),
    /// Somebody else's, from the server, at this place of the log.
    Server(u64),
    /// One's own that came back from the server (this store was rolled back, or another phone of the
    /// same person made it): should the server lose it, this store can send it again.
    Returned(u64),
}

/// Where a document is found by its id. Those that come one by one lie together first: each filed alone would
/// write a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Among the newest.
    Newest,
    /// Among the older ones: it came with many others.
    Filed,
}

/// How many documents may lie among the newest.
const NEWEST: i64 = 512;

/// Files the newest documents, all at once, when they have become many.
pub fn file_newest(db: &Connection) -> Result<()> {
    let newest: i64 = db
        .prepare_cached("SELECT COUNT(*) FROM document WHERE filed = 0")?
        .query_row([], |row| row.get(0))?;
    if newest > NEWEST {
        db.execute("UPDATE document SET filed = 1 WHERE filed = 0", [])?;
    }
    Ok(())
}

/// The place of a document of this store.
pub fn place_of(db: &Connection, id: DocumentId) -> Result<Option<i64>> {
    Ok(db
        .prepare_cached(concat!("SELECT ", place_of_id!()))?
        .query_row(params![id.0], |row| row.get(0))?)
}

/// Adds a document unless it is there. Gives its place.
pub fn insert(db: &Connection, row: &DocumentRow, place: Place) -> Result<i64> {
    if let Some(known) = place_of(db, row.id)? {
        return Ok(known);
    }
    db.prepare_cached(
        "INSERT INTO document (id, kind, customer, author, device, mine, saved_at, received_at, seq,
           clock_offset_ms, rejected, filed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?
    .execute(params![
        row.id.0,
        row.kind.slug(),
        row.customer.0.into_bytes(),
        row.author.0.into_bytes(),
        row.device.0.into_bytes(),
        row.mine,
        row.saved_at.0,
        row.received_at.map(|t| t.0),
        row.seq.map(u64::cast_signed),
        row.clock_offset_ms,
        row.rejected,
        place == Place::Filed,
    ])?;
    Ok(db.last_insert_rowid())
}

/// A document's row.
pub fn get(db: &Connection, id: DocumentId) -> Result<DocumentRow> {
    find(db, id)?.ok_or(Error::NotFound("record"))
}

/// A document's row, if it is here.
pub fn find(db: &Connection, id: DocumentId) -> Result<Option<DocumentRow>> {
    let row = db
        .prepare_cached(concat!(
            "SELECT id, kind, customer, author, device, mine, saved_at, received_at, seq,
               clock_offset_ms, rejected FROM document WHERE place = ",
            place_of_id!()
        ))?
        .query_row(params![id.0], |row| {
            Ok(DocumentRow {
                id: document_id(row, 0)?,
                kind: Kind::from_slug(&row.get::<_, String>(1)?),
                customer: customer_id(row, 2)?,
                author: person_id(row, 3)?,
                device: DeviceId(uuid(row, 4)?),
                mine: row.get(5)?,
                saved_at: time(row, 6)?,
                received_at: row.get::<_, Option<i64>>(7)?.map(Timestamp),
                seq: row.get::<_, Option<i64>>(8)?.map(i64::cast_unsigned),
                clock_offset_ms: row.get(9)?,
                rejected: row.get(10)?,
            })
        })
        .optional()?;
    Ok(row)
}

/// Adds a change; false if it was there already. An own one also goes into the outbox.
pub fn insert_change(
    db: &Connection,
    document: DocumentId,
    hash: ChangeHash,
    bytes: &[u8],
    source: &Source<'_>,
    at: Timestamp,
) -> Result<bool> {
    let (seq, own, state, edit) = match source {
        Source::Own(edit) => (None, true, "waiting", *edit),
        Source::Server(seq) => (Some(seq.cast_signed()), false, "admitted", None),
        Source::Returned(seq) => (Some(seq.cast_signed()), true, "admitted", None),
    };
    let edit = edit.map(serde_json::to_string).transpose()?;
    if let Some(seq) = seq
        && take_out_of_keeping(db, hash, seq)?
    {
        return Ok(true);
    }
    let added = db
        .prepare_cached(
            "INSERT INTO change (hash, document, bytes, seq, own, state, edit, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (hash) DO NOTHING",
        )?
        .execute(params![
            hash.0, document.0, bytes, seq, own, state, edit, at.0
        ])?;
    let forgotten = planted::is(Bug::ForgetOutbox) && hash.0[0] < 32;
    if added == 1 && state == "waiting" && !forgotten {
        db.prepare_cached("INSERT INTO outbox (hash, document, size) VALUES (?1, ?2, ?3)")?
            .execute(params![hash.0, document.0, bytes.len() as i64])?;
    }
    Ok(added == 1)
}

/// An own change whose document had gone comes back with it: true if this is one. It takes its place
/// behind what came before it this time.
fn take_out_of_keeping(db: &Connection, hash: ChangeHash, seq: i64) -> Result<bool> {
    let taken = db
        .prepare_cached(
            "UPDATE change SET state = 'admitted', seq = ?2, place = (SELECT MAX(place) + 1 FROM change)
             WHERE hash = ?1 AND state = 'kept'",
        )?
        .execute(params![hash.0, seq])?;
    Ok(taken == 1)
}

/// The changes that make up a document as this phone shows it, dependencies first.
pub fn changes(db: &Connection, document: DocumentId) -> Result<Vec<Vec<u8>>> {
    changes_in(
        db,
        document,
        "'waiting', 'admitted', 'held', 'parked', 'base'",
    )
}

/// Those that the server has.
pub fn admitted_changes(db: &Connection, document: DocumentId) -> Result<Vec<Vec<u8>>> {
    changes_in(db, document, "'admitted'")
}

fn changes_in(db: &Connection, document: DocumentId, states: &str) -> Result<Vec<Vec<u8>>> {
    let sql = format!(
        concat!(
            "SELECT bytes FROM change WHERE ",
            of_document!(),
            " AND state IN ({}) ORDER BY place"
        ),
        states
    );
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_map(params![document.0], |row| row.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The server has the change.
pub fn acknowledge(
    db: &Connection,
    hash: ChangeHash,
    seq: u64,
    now: Timestamp,
    offset_ms: i64,
) -> Result<()> {
    db.prepare_cached(
        "UPDATE change SET seq = ?2, state = CASE
           WHEN EXISTS (SELECT 1 FROM document d WHERE d.filed IN (0, 1) AND d.id = document) THEN 'admitted'
           ELSE 'kept' END
         WHERE hash = ?1",
    )?
    .execute(params![hash.0, seq.cast_signed()])?;
    db.prepare_cached("DELETE FROM outbox WHERE hash = ?1")?
        .execute(params![hash.0])?;
    db.prepare_cached(concat!(
        "UPDATE document SET seq = ?2, received_at = ?3, clock_offset_ms = ?4
         WHERE received_at IS NULL AND place = ",
        place_of_id!()
    ))?
    .execute(params![hash.0, seq.cast_signed(), now.0, offset_ms])?;
    Ok(())
}

/// The change leaves the outbox with a new state.
pub fn retire(db: &Connection, hash: ChangeHash, state: &str) -> Result<()> {
    db.prepare_cached("UPDATE change SET state = ?2 WHERE hash = ?1")?
        .execute(params![hash.0, state])?;
    db.prepare_cached("DELETE FROM outbox WHERE hash = ?1")?
        .execute(params![hash.0])?;
    Ok(())
}

/// The change is put off until the server has what it builds on: since now, by the server's clock, unless it
/// was before.
pub fn park(db: &Connection, hash: ChangeHash, server_now: Timestamp) -> Result<()> {
    retire(db, hash, "parked")?;
    db.prepare_cached("UPDATE change SET parked_at = COALESCE(parked_at, ?2) WHERE hash = ?1")?
        .execute(params![hash.0, server_now.0])?;
    Ok(())
}

/// Changes put off since before this time, in the order made: document, hash, bytes.
pub fn parked_before(
    db: &Connection,
    before: Timestamp,
) -> Result<Vec<(DocumentId, ChangeHash, Vec<u8>)>> {
    // Every page asks: by the index of what is put off, never in the order of all changes (`+place`).
    let mut statement = db.prepare_cached(
        "SELECT document, hash, bytes FROM change WHERE state = 'parked' AND parked_at < ?1 ORDER BY +place",
    )?;
    let found = statement.query_map(params![before.0], |row| {
        Ok((
            document_id(row, 0)?,
            row.get(1).map(ChangeHash)?,
            row.get(2)?,
        ))
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Is a change of the document put off?
pub fn is_put_off(db: &Connection, document: DocumentId) -> Result<bool> {
    Ok(db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM change WHERE document = ?1 AND state = 'parked')",
        )?
        .query_row(params![document.0], |row| row.get(0))?)
}

/// Puts changes that were put off back into the outbox: those of a document, or all.
pub fn unpark(db: &Connection, document: Option<DocumentId>) -> Result<()> {
    // One condition for both would hide the index of what is put off, and read all changes.
    let parked = match document {
        Some(_) => "state = 'parked' AND document = ?1",
        None => "state = 'parked' AND ?1 IS NULL",
    };
    let key = document.map(|id| id.0);
    let moved = db
        .prepare_cached(&format!(
            "INSERT INTO outbox (hash, document, size)
             SELECT hash, document, length(bytes) FROM change WHERE {parked} ORDER BY place"
        ))?
        .execute(params![key])?;
    if moved > 0 {
        // What is tried without any news has been put off for as long as before.
        let since = match document {
            Some(_) => "NULL",
            None => "parked_at",
        };
        db.prepare_cached(&format!(
            "UPDATE change SET state = 'waiting', parked_at = {since} WHERE {parked}"
        ))?
        .execute(params![key])?;
    }
    Ok(())
}

/// Lays a change into the quarantine, with the reason; its bytes are kept.
pub fn quarantine(
    db: &Connection,
    document: DocumentId,
    hash: ChangeHash,
    bytes: &[u8],
    own: bool,
    reason: (&str, &str),
    now: Timestamp,
) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO quarantine (hash, document, bytes, own, code, detail, at, dismissed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0) ON CONFLICT (hash) DO NOTHING",
    )?
    .execute(params![
        hash.0, document.0, bytes, own, reason.0, reason.1, now.0
    ])?;
    Ok(())
}

/// The server has taken in what it had refused: it is out of the quarantine.
pub fn release(db: &Connection, document: DocumentId, hash: ChangeHash) -> Result<()> {
    db.prepare_cached("DELETE FROM quarantine WHERE hash = ?1")?
        .execute(params![hash.0])?;
    if hash.0 == document.0 {
        super::corrections::forget(db, document)?;
        db.prepare_cached("UPDATE document SET rejected = NULL WHERE filed IN (0, 1) AND id = ?1")?
            .execute(params![document.0])?;
        // What was built on it and held back goes on its way.
        db.prepare_cached(concat!(
            "UPDATE change SET state = 'parked' WHERE ",
            of_document!(),
            " AND state = 'held'"
        ))?
        .execute(params![document.0])?;
        unpark(db, Some(document))?;
    }
    Ok(())
}

/// Was the change laid into the quarantine because it cannot be read here?
pub fn is_unreadable(db: &Connection, hash: ChangeHash) -> Result<bool> {
    Ok(db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM quarantine WHERE hash = ?1 AND own = 0)")?
        .query_row(params![hash.0], |row| row.get(0))?)
}

/// Was a change of the document laid into the quarantine because it cannot be read here?
pub fn has_unreadable(db: &Connection, document: DocumentId) -> Result<bool> {
    Ok(db
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM quarantine WHERE document = ?1 AND own = 0)")?
        .query_row(params![document.0], |row| row.get(0))?)
}

/// A change that waits, as replaying needs it.
pub struct WaitingChange {
    /// Hash.
    pub hash: ChangeHash,
    /// Bytes.
    pub bytes: Vec<u8>,
    /// The edit that made it; none for a creation change.
    pub edit: Option<Edit>,
    /// When.
    pub at: Timestamp,
}

/// The changes of a document that wait, in the order made.
pub fn waiting_changes(db: &Connection, document: DocumentId) -> Result<Vec<WaitingChange>> {
    let mut statement = db.prepare_cached(concat!(
        "SELECT hash, bytes, edit, at FROM change WHERE ",
        of_document!(),
        " AND state IN ('waiting', 'parked') ORDER BY place"
    ))?;
    let mut rows = statement.query(params![document.0])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let edit: Option<String> = row.get(2)?;
        found.push(WaitingChange {
            hash: row.get(0).map(ChangeHash)?,
            bytes: row.get(1)?,
            edit: edit.map(|json| serde_json::from_str(&json)).transpose()?,
            at: time(row, 3)?,
        });
    }
    Ok(found)
}

/// Records (documents) with changes that wait, and records refused and not dismissed.
pub fn counts(db: &Connection) -> Result<(u32, u32)> {
    Ok(db
        .prepare_cached(
            "SELECT (SELECT COUNT(*) FROM (SELECT document FROM outbox
                 UNION SELECT document FROM change WHERE state = 'parked')),
               (SELECT COUNT(DISTINCT document) FROM quarantine WHERE own = 1 AND dismissed = 0)",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Records with own additions that a restored server can only take once it has the record back.
pub fn put_off_count(db: &Connection) -> Result<u32> {
    Ok(db
        .prepare_cached("SELECT COUNT(DISTINCT document) FROM change WHERE state = 'parked'")?
        .query_row([], |row| row.get(0))?)
}

/// How many changes wait.
pub fn waiting_count(db: &Connection) -> Result<u64> {
    Ok(db
        .prepare_cached("SELECT COUNT(*) FROM outbox")?
        .query_row([], |row| row.get::<_, i64>(0))?
        .unsigned_abs())
}
