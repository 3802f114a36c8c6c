//! Changes that the server refused: quarantined with their reason; what was built on them is made anew.
//!
//! If the creation is refused, the whole record is: it stays readable here and waits for the person.
//! If an edit is refused, the record is what the server has admitted, and later edits of this device
//! are applied to that again, each under an actor of its own; the store goes on under a fresh one.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};
use shared::{
    day::Timestamp,
    document::{self, DocumentError, seal},
    ids::{ChangeHash, DocumentId},
    sync::limits,
};

use super::super::{
    error::{Error, Result},
    host::Host,
    open::Open,
    store::{
        bases, corrections,
        documents::{self, Source, WaitingChange},
        project,
    },
};

/// A refused change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which.
    pub hash: ChangeHash,
    /// Code of the reason.
    pub code: String,
    /// For support.
    pub detail: String,
}

impl Refused {
    /// Refused only because it builds on something that was refused?
    pub fn is_dependent(&self) -> bool {
        matches!(
            self.code.as_str(),
            "admission.missing_dependency" | "admission.no_such_document"
        )
    }
}

/// Deals with all refusals of a page. Gives the actor to go on with, if edits were made anew.
pub fn all(
    db: &Connection,
    open: &Open,
    host: &Host,
    refused: &[Refused],
    touched: &mut BTreeSet<DocumentId>,
    (now, server_now): (Timestamp, Timestamp),
) -> Result<Option<[u8; 16]>> {
    let mut by_document: BTreeMap<DocumentId, Vec<&Refused>> = BTreeMap::new();
    for refusal in refused {
        let document: Option<[u8; 32]> = db
            .prepare_cached("SELECT document FROM change WHERE hash = ?1")?
            .query_row(params![refusal.hash.0], |row| row.get(0))
            .optional()?;
        if let Some(document) = document {
            by_document
                .entry(DocumentId(document))
                .or_default()
                .push(refusal);
        }
    }
    if by_document.is_empty() {
        return Ok(None);
    }
    let mut actor = [0; 16];
    host.entropy.fill(&mut actor)?;
    for (document, refusals) in by_document {
        touched.insert(document);
        match refusals.iter().find(|r| r.hash.0 == document.0) {
            Some(creation) => hold(db, document, creation, now)?,
            None => replay(db, document, &refusals, (now, server_now))?,
        }
    }
    let _ = open;
    Ok(Some(actor))
}

fn quarantine(
    db: &Connection,
    document: DocumentId,
    refusal: &Refused,
    now: Timestamp,
) -> Result<()> {
    let bytes: Vec<u8> = db
        .prepare_cached("SELECT bytes FROM change WHERE hash = ?1")?
        .query_row(params![refusal.hash.0], |row| row.get(0))?;
    let reason = (refusal.code.as_str(), refusal.detail.as_str());
    documents::quarantine(db, document, refusal.hash, &bytes, true, reason, now)
}

/// The creation was refused: nothing of the record is sent any more.
fn hold(db: &Connection, document: DocumentId, refusal: &Refused, now: Timestamp) -> Result<()> {
    quarantine(db, document, refusal, now)?;
    db.prepare_cached("UPDATE document SET rejected = ?2 WHERE filed IN (0, 1) AND id = ?1")?
        .execute(params![document.0, refusal.code])?;
    for change in documents::waiting_changes(db, document)? {
        documents::retire(db, change.hash, "held")?;
    }
    if corrections::by(db, document)?.is_some() {
        // Sent once more by an older copy of this store: what stands in its place is here already.
        corrections::set_aside(db, document)?;
    }
    Ok(())
}

fn replay(
    db: &Connection,
    document: DocumentId,
    refusals: &[&Refused],
    (now, server_now): (Timestamp, Timestamp),
) -> Result<()> {
    let mut dependents = Vec::new();
    for refusal in refusals {
        if refusal.is_dependent() {
            dependents.push(*refusal);
        } else {
            quarantine(db, document, refusal, now)?;
            documents::retire(db, refusal.hash, "rejected")?;
        }
    }
    let is_lost = !is_on_server(db, document)?;
    let mut waiting = documents::waiting_changes(db, document)?.into_iter();
    let mut base = documents::admitted_changes(db, document)?;
    if is_lost || waiting.any(|change| change.edit.is_none()) || lacks_something(&base) {
        // The server has lost the record, or what was added to it before; others' phones bring that again,
        // and then this goes as well. (What came back from the server once cannot be made anew.) Or it has
        // more of the record than has come here: what is made anew builds on that.
        for refusal in dependents {
            documents::park(db, refusal.hash, server_now)?;
        }
        return Ok(());
    }
    if replayed(db, document)? >= REPLAYS {
        for refusal in dependents {
            quarantine(db, document, refusal, now)?;
            documents::retire(db, refusal.hash, "rejected")?;
        }
    }
    for change in documents::waiting_changes(db, document)? {
        make_anew(db, document, &mut base, &change, (now, server_now))?;
    }
    if !documents::is_put_off(db, document)? {
        // Nothing builds on what the server lost any more.
        bases::let_go(db, document)?;
    }
    Ok(())
}

/// Does a change build on one that is not among them?
fn lacks_something(changes: &[Vec<u8>]) -> bool {
    matches!(
        project::read(changes),
        Err(Error::Document(DocumentError::MissingDependency))
    )
}

/// What is put off is offered to the server again every hour (and whenever the store is opened): what it builds
/// on may have come back without this device being told, whose person may not see that customer any more.
pub fn offer_again(db: &Connection, open: &Open, server_now: Timestamp) -> Result<()> {
    let last = open.offered_at.get();
    // A clock of the server that was set back does not keep it from being done.
    let is_due = last.is_some_and(|last| !(0..OFFER_EVERY_MS).contains(&server_now.ms_since(last)));
    if is_due {
        documents::unpark(db, None)?;
    }
    if is_due || last.is_none() {
        open.offered_at.set(Some(server_now));
    }
    Ok(())
}

/// What has been put off for longer than its base is kept anywhere is put off no more: it stands in quarantine
/// with that reason. True if there was such.
pub fn give_up(db: &Connection, server_now: Timestamp, now: Timestamp) -> Result<bool> {
    let before = server_now.plus_ms(-limits::PUT_OFF_DAYS * DAY_MS);
    let late = documents::parked_before(db, before)?;
    for (document, hash, bytes) in &late {
        let reason = (BASE_GONE, "the record that it builds on has not come back");
        documents::quarantine(db, *document, *hash, bytes, true, reason, now)?;
        documents::retire(db, *hash, "rejected")?;
    }
    Ok(!late.is_empty())
}

/// Code of an addition to a record that a restored server never got back.
const BASE_GONE: &str = "record.base_gone";
const DAY_MS: i64 = 24 * 3_600_000;
/// How often what is put off is offered again.
const OFFER_EVERY_MS: i64 = 3_600_000;

/// Edits of one record that are made anew at most; a server that refuses more is not obeyed for ever.
const REPLAYS: i64 = 100;

/// Has the server got the creation of the record?
fn is_on_server(db: &Connection, document: DocumentId) -> Result<bool> {
    Ok(db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM change WHERE hash = ?1 AND state IN ('admitted', 'kept'))",
        )?
        .query_row(params![document.0], |row| row.get(0))?)
}

fn replayed(db: &Connection, document: DocumentId) -> Result<i64> {
    Ok(db
        .prepare_cached(concat!(
            "SELECT COUNT(*) FROM change WHERE ",
            crate::replica::store::of_document!(),
            " AND state = 'replaced'"
        ))?
        .query_row(params![document.0], |row| row.get(0))?)
}

/// The actor under which a change is made anew: told by the change and by what it is made upon, so that two
/// copies of this store (a clone, a backup brought back) make the very same change, and the server takes it in once.
fn actor_of(base: &[Vec<u8>], change: &WaitingChange) -> [u8; 16] {
    let mut hashes: Vec<[u8; 32]> = base
        .iter()
        .map(|bytes| document::frame_hash(document::to_frame(bytes)).0)
        .collect();
    hashes.sort_unstable();
    hashes.push(change.hash.0);
    let digest = seal::digest(&[b"huikuan made anew ".as_slice(), hashes.as_flattened()].concat());
    let mut actor = [0; 16];
    actor.iter_mut().zip(digest.0).for_each(|(a, d)| *a = d);
    actor
}

fn make_anew(
    db: &Connection,
    document: DocumentId,
    base: &mut Vec<Vec<u8>>,
    change: &WaitingChange,
    (now, server_now): (Timestamp, Timestamp),
) -> Result<()> {
    let Some(edit) = &change.edit else {
        return Ok(());
    };
    let actor = actor_of(base, change);
    let made = document::edit::apply(base, edit, actor, change.at.0.div_euclid(1_000));
    match made {
        Ok(new) => {
            documents::retire(db, change.hash, "replaced")?;
            documents::insert_change(
                db,
                document,
                new.hash,
                &new.bytes,
                &Source::Own(Some(edit)),
                change.at,
            )?;
            base.push(new.bytes);
        }
        Err(DocumentError::EditRefused("nothing to change")) => {
            documents::retire(db, change.hash, "replaced")?;
        }
        // It answers what somebody else asked and the server has lost: their phone brings that again, and then
        // this goes as it is.
        Err(DocumentError::MissingDependency) => documents::park(db, change.hash, server_now)?,
        Err(error) => {
            let detail = error.to_string();
            documents::quarantine(
                db,
                document,
                change.hash,
                &change.bytes,
                true,
                (error.code(), &detail),
                now,
            )?;
            documents::retire(db, change.hash, "rejected")?;
        }
    }
    Ok(())
}

/// The person has dealt with a refused record: it is shown no more. Its bytes stay.
pub fn dismiss(db: &Connection, document: DocumentId) -> Result<()> {
    corrections::set_aside(db, document)?;
    super::super::store::rows::drop_left(db)
}
