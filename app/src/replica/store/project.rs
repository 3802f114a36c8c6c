//! From a document's changes to the query tables: what lists show. Rebuildable at any time.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::{Connection, params};
use shared::{
    contact_book::{BookField, ContactBook},
    document::{self, DocumentError, Head, Kind, Record},
    ids::{CustomerId, DocumentId},
    sync::digest::{RecordDigest, VisitDigest},
};

use super::{corrections, documents, hand_ins, project_sealed, proposals, statements};
use crate::replica::error::{Error, Result};

/// Reads a document from its changes. A decoder that panics on hostile bytes is an error here
/// (natively; in the browser the worker dies, see `sync::apply`).
pub fn read(changes: &[Vec<u8>]) -> Result<(Head, Record)> {
    match catch_unwind(AssertUnwindSafe(|| document::read(changes))) {
        Ok(read) => Ok(read?),
        Err(_) => Err(DocumentError::Damaged("the decoder gave up".into()).into()),
    }
}

/// Reads as much of a document of this store as can be read; false if a change waits for what it builds on.
pub fn load_so_far(db: &Connection, id: DocumentId) -> Result<(Record, bool)> {
    let changes = documents::changes(db, id)?;
    if changes.is_empty() {
        return Err(Error::NotFound("record"));
    }
    match catch_unwind(AssertUnwindSafe(|| document::read_so_far(&changes))) {
        Ok(read) => read
            .map(|(_, record, is_complete)| (record, is_complete))
            .map_err(Error::from),
        Err(_) => Err(DocumentError::Damaged("the decoder gave up".into()).into()),
    }
}

/// Reads a document of this store.
pub fn load(db: &Connection, id: DocumentId) -> Result<(Head, Record)> {
    let changes = documents::changes(db, id)?;
    if changes.is_empty() {
        return Err(Error::NotFound("record"));
    }
    read(&changes)
}

/// Writes the query rows of a document anew. A kind that this version does not know is left alone.
pub fn project(db: &Connection, id: DocumentId) -> Result<()> {
    if documents::get(db, id)?.kind == Kind::Unknown {
        return Ok(());
    }
    let (head, record) = load(db, id)?;
    project_record(db, id, &head, &record)
}

/// The same for a record that has been read already.
pub fn project_record(db: &Connection, id: DocumentId, head: &Head, record: &Record) -> Result<()> {
    if corrections::by(db, id)?.is_some() {
        // Another record stands in its place.
        return Ok(());
    }
    corrections::note(db, id, record.corrects())?;
    let attachments = match record {
        Record::Visit(visit) => &visit.attachments,
        Record::Promise(promise, _) => &promise.attachments,
        Record::Receipt(receipt, _) => &receipt.attachments,
        Record::ContactBook(book) => &book.attachments,
        Record::HandIn(hand_in, _) => &hand_in.attachments,
        Record::Proposal(proposal) => &proposal.attachments,
        Record::Statement(answer, _) => &answer.attachments,
    };
    for attachment in attachments {
        db.prepare_cached("INSERT OR IGNORE INTO attachment_ref (document, hash) VALUES (?1, ?2)")?
            .execute(params![id.0, attachment.content.0])?;
    }
    match record {
        Record::ContactBook(book) => return put_book(db, id, head, book),
        Record::HandIn(hand_in, _) => return hand_ins::put(db, id, hand_in),
        Record::Proposal(proposal) => return proposals::put(db, id, proposal),
        Record::Statement(answer, _) => return statements::put(db, id, answer),
        Record::Receipt(receipt, _) => {
            receipt.core.on_account()?;
            project_sealed::put_void_requests(db, id, receipt)?;
        }
        Record::Visit(_) | Record::Promise(..) => {}
    }
    match RecordDigest::of(record) {
        Some(digest) => {
            let place = documents::place_of(db, id)?.ok_or(Error::NotFound("record"))?;
            project_digest(db, place, id, head.customer, &digest)
        }
        None => Ok(()),
    }
}

/// Writes the query rows of a record from what lists show of it.
pub fn project_digest(
    db: &Connection,
    place: i64,
    id: DocumentId,
    customer: CustomerId,
    digest: &RecordDigest,
) -> Result<()> {
    match digest {
        RecordDigest::Visit(visit) => put_visit(db, place, id, customer, visit),
        RecordDigest::Promise(promise) => project_sealed::put_promise(db, id, customer, promise),
        RecordDigest::Receipt(receipt) => {
            let mine = documents::get(db, id)?.mine;
            project_sealed::put_receipt(db, place, (id, customer, mine), receipt)
        }
    }
}

fn put_visit(
    db: &Connection,
    place: i64,
    id: DocumentId,
    customer: CustomerId,
    visit: &VisitDigest,
) -> Result<()> {
    let signs: Vec<&str> = visit.signs.iter().map(|s| s.slug()).collect();
    // Taken away and written, not replaced: replacing keeps copies of pages, which a first sync would pay for.
    db.prepare_cached("DELETE FROM visit WHERE place = ?1")?
        .execute([place])?;
    db.prepare_cached(
        "INSERT INTO visit (document, customer, person, started_at, ended_at, person_met, purpose,
           result, reason, signs, next_day, note, photos, comments, lat, lon, accuracy_m, place)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
    )?
    .execute(params![
        id.0,
        customer.0.into_bytes(),
        visit.person.0.into_bytes(),
        visit.started_at.0,
        visit.ended_at.0,
        visit.person_met,
        visit.purpose.slug(),
        visit.result.slug(),
        visit.reason.map(|r| r.slug()),
        signs.join(" "),
        visit.next_day.map(|d| d.number()),
        visit.note,
        visit.photos,
        visit.comments,
        visit.check_in.map(|f| f.point.lat_e7),
        visit.check_in.map(|f| f.point.lon_e7),
        visit.check_in.map(|f| f.accuracy_m),
        place,
    ])?;
    for related in &visit.related {
        db.prepare_cached("INSERT OR IGNORE INTO visit_related (visit, document) VALUES (?1, ?2)")?
            .execute(params![id.0, related.0])?;
    }
    Ok(())
}

fn put_book(db: &Connection, id: DocumentId, head: &Head, book: &ContactBook) -> Result<()> {
    let best_time = book.fields.get(BookField::BestTime.slug());
    let mut signs: Vec<&str> = book.signs.iter().map(|s| s.sign.slug()).collect();
    signs.sort_unstable();
    signs.dedup();
    db.prepare_cached(
        "INSERT OR REPLACE INTO book (customer, document, best_time, lat, lon, signs, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![
        head.customer.0.into_bytes(),
        id.0,
        best_time.map_or("", String::as_str),
        book.position.map(|p| p.lat_e7),
        book.position.map(|p| p.lon_e7),
        signs.join(" "),
        serde_json::to_string(book)?,
    ])?;
    Ok(())
}
