//! Edits of records that exist: notes, comments, photos, void requests and decisions, cancellations.

use rusqlite::{Connection, OptionalExtension};
use shared::{
    day::Timestamp,
    document::{DocumentError, Kind, edit, edit::Edit, rules},
    evidence::Comment,
    ids::{DocumentId, ElementId},
    planted::{self, Bug},
    promise::Cancellation,
    receipt::{VoidDecision, VoidRequest},
};

use super::{attach, keep_photos, some_text, text};
use crate::replica::{
    api::NewPhoto,
    error::{Error, Result},
    host::Host,
    open::{Open, new_element},
    store::{
        documents::{self, Source},
        on_demand, project,
    },
};

/// Code for a record of which only the digest is here.
pub const BEING_FETCHED: &str = "record.being_fetched";

/// Writes an edit into its document, within a transaction of the caller. An edit that changes nothing
/// is no error and writes nothing.
pub fn apply(
    db: &Connection,
    open: &Open,
    document: DocumentId,
    edit: &Edit,
    now: Timestamp,
) -> Result<()> {
    let row = documents::get(db, document)?;
    if row.rejected.is_some() {
        return Err(Error::Invalid("record.was_refused"));
    }
    if !on_demand::is_whole(db, document)? {
        return Err(Error::Invalid(BEING_FETCHED));
    }
    let changes = documents::changes(db, document)?;
    let change = match edit::apply(&changes, edit, open.actor, now.0.div_euclid(1_000)) {
        Ok(change) => change,
        Err(DocumentError::EditRefused("nothing to change")) => return Ok(()),
        // A change came before what it builds on, which is asked for with the next page.
        Err(DocumentError::MissingDependency) => return Err(Error::Invalid(BEING_FETCHED)),
        Err(error) => return Err(error.into()),
    };
    let is_author = row.author == open.identity.person;
    rules::phone_check(
        &changes,
        &change.bytes,
        open.role()?,
        open.identity.person,
        is_author,
    )?;
    documents::insert_change(
        db,
        document,
        change.hash,
        &change.bytes,
        &Source::Own(Some(edit)),
        now,
    )?;
    project::project(db, document)
}

fn apply_alone(open: &Open, document: DocumentId, edit: &Edit, now: Timestamp) -> Result<()> {
    let tx = open.begin()?;
    apply(&tx, open, document, edit, now)?;
    Ok(tx.commit()?)
}

/// Makes the notes of a visit read like this.
pub fn notes(open: &Open, document: DocumentId, notes: &str, now: Timestamp) -> Result<()> {
    let notes = text(notes, "visit.notes_too_long")?;
    apply_alone(open, document, &Edit::Notes(notes), now)
}

/// Adds a comment.
pub fn comment(
    open: &Open,
    host: &Host,
    document: DocumentId,
    said: &str,
    now: Timestamp,
) -> Result<()> {
    let comment = Comment {
        id: new_element(host)?,
        author: open.identity.person,
        at: now,
        text: some_text(said, "comment.text")?,
    };
    if planted::is(Bug::ForgetComment) && comment.text.ends_with('7') {
        return Ok(());
    }
    apply_alone(open, document, &Edit::Comment(comment), now)
}

/// Adds a photo.
pub fn photo(
    open: &Open,
    host: &Host,
    document: DocumentId,
    photo: NewPhoto,
    now: Timestamp,
) -> Result<()> {
    let photos = [photo];
    let made = attach(open, host, &photos, now)?;
    let tx = open.begin()?;
    for attachment in made {
        apply(&tx, open, document, &Edit::Attachment(attachment), now)?;
    }
    keep_photos(&tx, document, &photos, now)?;
    Ok(tx.commit()?)
}

/// Asks for a receipt to be voided. One request at a time.
pub fn request_void(
    open: &Open,
    host: &Host,
    document: DocumentId,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let row = documents::get(&open.db, document)?;
    if row.kind != Kind::Receipt {
        return Err(Error::NotFound("receipt"));
    }
    let (pending, voided): (bool, bool) = open.db.query_row(
        "SELECT void_pending, voided FROM receipt
           WHERE place = (SELECT place FROM document WHERE filed IN (0, 1) AND id = ?1)",
        [document.0],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if pending || voided {
        return Err(Error::Invalid("receipt.void_asked_already"));
    }
    let request = VoidRequest {
        id: new_element(host)?,
        author: open.identity.person,
        at: now,
        reason: some_text(reason, "receipt.void_reason")?,
    };
    apply_alone(open, document, &Edit::RequestVoid(request), now)
}

/// What a supervisor says to a void request.
pub struct Verdict<'a> {
    /// The request.
    pub request: ElementId,
    /// Void the receipt?
    pub approve: bool,
    /// Said with it.
    pub note: &'a str,
}

/// Decides a void request.
pub fn decide_void(
    open: &Open,
    host: &Host,
    document: DocumentId,
    verdict: &Verdict<'_>,
    now: Timestamp,
) -> Result<()> {
    let asked_by: Option<[u8; 16]> = open
        .db
        .query_row(
            "SELECT author FROM void_request WHERE id = ?1",
            [verdict.request.0.into_bytes()],
            |row| row.get(0),
        )
        .optional()?;
    if asked_by == Some(open.identity.person.0.into_bytes()) {
        return Err(Error::Invalid("receipt.void_own_request"));
    }
    let decision = VoidDecision {
        id: new_element(host)?,
        request: verdict.request,
        author: open.identity.person,
        at: now,
        approved: verdict.approve,
        note: text(verdict.note, "receipt.void_note")?,
    };
    apply_alone(open, document, &Edit::DecideVoid(decision), now)
}

/// Cancels a promise.
pub fn cancel_promise(
    open: &Open,
    host: &Host,
    document: DocumentId,
    reason: &str,
    now: Timestamp,
) -> Result<()> {
    let cancellation = Cancellation {
        id: new_element(host)?,
        author: open.identity.person,
        at: now,
        reason: some_text(reason, "promise.cancel_reason")?,
    };
    apply_alone(open, document, &Edit::CancelPromise(cancellation), now)
}
