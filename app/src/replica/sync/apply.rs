//! Applying a page: answers, changes, rows, scope and cursor in one transaction.
//!
//! Invariant: a page is taken in whole, with its cursor, or not at all; what ended the process while a page
//! was read is found out first (`careful`).

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use shared::{
    day::Timestamp,
    document::{self, DocumentError, Kind, Record},
    ids::{ChangeHash, DocumentId},
    planted::{self, Bug},
    sync::message::{ChangeItem, Cursor, DigestItem, Entry, Item, Outcome, Standing, SyncResponse},
};

use super::{
    super::{
        error::{Error, Result},
        host::Host,
        open::{Bases, Open},
        store::{
            bases,
            documents::{self, DocumentRow, Source},
            identity::Identity,
            laid_ready, on_demand, preferences, project, retention, rows,
            sync_state::{SyncState, note_reading},
        },
    },
    careful,
    refuse::{self, Refused},
    standing,
};

/// What a page brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Changes still in the outbox.
    pub waiting: u64,
    /// The page said that there is more.
    pub more: bool,
    /// Did anything change here?
    pub changed: bool,
}

/// Applies a page and its answers.
pub fn page(
    open: &mut Open,
    host: &Host,
    response: &SyncResponse,
    now: Timestamp,
) -> Result<Applied> {
    let has_changes = response
        .entries
        .iter()
        .chain(&response.fetched_entries)
        .any(|entry| matches!(entry.item, Item::Change(_)));
    let state = SyncState::load(&open.db)?;
    if let Some(reading) = &state.reading {
        careful::read(open, response, reading, now)?;
    }
    if has_changes {
        note_reading(&open.db, Some(careful::PAGE))?;
    }
    if planted::is(Bug::CursorFirst) {
        let cursor = response.cursor;
        SyncState { cursor, ..state }.save(&open.db)?;
    }
    let tx = open.begin_unseen()?;
    let offset_ms = now.ms_since(response.server_clock);
    let mut state = SyncState::load(&tx)?;
    match standing_of(&tx, &state, response)? {
        Standing::Current => {}
        Standing::Behind { batch } => {
            // The page brings what this store lost; the batch is built anew after it.
            state.batch_hashes = None;
            state.batch = state.batch.max(batch);
        }
        turned => {
            laid_ready::forget(&tx)?;
            open.bases.set(Bases::Unknown);
            return turn(tx, turned, state, response);
        }
    }
    // It knows the cursor after all (the answer that said otherwise was of a server that is no more).
    state.cursor_unknown = false;
    let reread = state.rereading;
    let read_before = state.cursor != Cursor::default();
    let was_revoked = state.revoked;
    standing::note_let_in(&tx, &mut state)?;
    if response.cursor.seq < state.cursor.seq {
        forget_places(&tx)?;
    }
    let times = (now, response.server_clock);
    let mut refused = answers(&tx, response, &mut state, offset_ms)?;
    if was_revoked {
        // What they build on was kept for review, and is sent again before them.
        refused.retain(|refusal| !refusal.is_dependent());
    }
    let mut touched: BTreeSet<DocumentId> = BTreeSet::new();
    let absent = on_demand::is_anything_absent(&tx)?;
    for entry in response.entries.iter().chain(&response.fetched_entries) {
        take_in(&tx, open, entry, &mut touched, (absent, now))?;
    }
    let fresh_actor = refuse::all(&tx, open, host, &refused, &mut touched, times)?;
    if open.bases.get() == Bases::Needed && !is_bare(response) {
        open.bases.set(Bases::Unknown);
    }
    if !response.more {
        touched.extend(let_go_of_bases(&tx, open)?);
    }
    let fetched = on_demand::documents(&response.fetched);
    let identity = project_all(&tx, open, &touched, &fetched, now)?;
    // Only now: what has been projected is wanted no more.
    for fetched in &response.fetched {
        on_demand::answered(&tx, fetched)?;
    }
    rows::drop_left(&tx)?;
    if !is_bare(response) {
        documents::file_newest(&tx)?;
    }
    retention::note_days(&tx, response.history_days)?;
    let (mut gave_up, mut dropped) = (false, 0);
    if !response.more {
        gave_up = refuse::give_up(&tx, response.server_clock, now)?;
        if gave_up {
            open.bases.set(Bases::Unknown);
        }
        refuse::offer_again(&tx, open, response.server_clock)?;
        dropped = retention::drop_if_due(&tx, response.server_clock)?;
    }
    if !is_bare(response) || reread || gave_up || dropped > 0 {
        laid_ready::forget(&tx)?;
    }
    state.epoch = response.epoch;
    state.cursor = response.cursor;
    preferences::note_more(&tx, response.more)?;
    // The app or the server is of a newer version now: the log is read once more from the beginning, for what could not
    // be said before. Nothing of what is here goes.
    let anew = preferences::note_read_in(&tx, response.version)? && read_before;
    state.clock_offset_ms = offset_ms;
    state.generation = response.generation;
    if !response.more {
        state.data_as_of = Some(response.server_clock);
        standing::sweep(&tx, &mut state)?;
    }
    if anew {
        standing::read_anew(&tx, &mut state)?;
    }
    standing::remember(&tx, response.cursor, now)?;
    state.last_success = Some(now);
    state.reading = None;
    state.save(&tx)?;
    let waiting = documents::waiting_count(&tx)?;
    // What found no room in this answer is asked for at once; without progress it waits its turn.
    let more_wanted = !response.fetched.is_empty() && on_demand::is_anything_wanted(&tx)?;
    let more_wanted = more_wanted || (!response.more && wants_arose(&tx, response)?);
    tx.commit()?;
    if let Some(actor) = fresh_actor {
        open.actor = actor;
    }
    open.identity = identity;
    Ok(Applied {
        waiting,
        more: response.more || more_wanted || anew,
        changed: gave_up
            || !response.answers.is_empty()
            || !response.entries.is_empty()
            || !response.fetched.is_empty(),
    })
}

/// Does the page say only that there is nothing to say?
fn is_bare(response: &SyncResponse) -> bool {
    response.standing == Standing::Current
        && response.answers.is_empty()
        && response.entries.is_empty()
        && response.fetched.is_empty()
        && response.fetched_entries.is_empty()
}

/// How store and server stand to each other. Where a server that was restored does not say so, it shows by
/// its epoch: a device that had not read on to the place where its last changes went stands at a place that the
/// restored log has as well.
fn standing_of(db: &Connection, state: &SyncState, response: &SyncResponse) -> Result<Standing> {
    let has_turned = matches!(
        response.standing,
        Standing::Current | Standing::Behind { .. }
    ) && state.epoch != 0
        && response.epoch != state.epoch;
    if !has_turned {
        return Ok(response.standing);
    }
    if state.cursor.is_beginning() {
        // The restored server begins anew, too, and passes over what has left meanwhile.
        return Ok(Standing::RolledBack { common: 0 });
    }
    let common = state.cursor.seq;
    if preferences::is_more(db)? {
        // A row that was to come later, at the place to which it had moved, lies at an earlier one again, which was read
        // already.
        return Ok(Standing::RolledBack { common });
    }
    let is_beyond = db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM change WHERE state IN ('admitted', 'kept') AND seq > ?1)",
        )?
        .query_row(params![common.cast_signed()], |row| row.get(0))?;
    Ok(match is_beyond {
        true => Standing::RolledBack { common },
        false => response.standing,
    })
}

/// Has the page brought something that builds on what is not here?
fn wants_arose(db: &Connection, response: &SyncResponse) -> Result<bool> {
    Ok(!response.entries.is_empty() && on_demand::is_anything_wanted(db)?)
}

/// Notes that store and server do not stand as each remembers the other. Nothing came with it.
fn turn(
    tx: Transaction<'_>,
    standing: Standing,
    mut state: SyncState,
    response: &SyncResponse,
) -> Result<Applied> {
    let (mut waiting, mut changed) = (documents::waiting_count(&tx)?, true);
    match standing {
        Standing::Current | Standing::Behind { .. } => {}
        Standing::UnknownCursor => state.cursor_unknown = true,
        Standing::RolledBack { common } => {
            standing::roll_back(&tx, &mut state, common)?;
            forget_places(&tx)?;
            laid_ready::forget(&tx)?;
            state.epoch = response.epoch;
            state.generation = response.generation;
            waiting = documents::waiting_count(&tx)?;
        }
        Standing::UnderReview => (waiting, changed) = standing::note_review(&tx, &mut state)?,
    }
    state.reading = None;
    state.save(&tx)?;
    tx.commit()?;
    Ok(Applied {
        waiting,
        more: matches!(
            standing,
            Standing::UnknownCursor | Standing::RolledBack { .. }
        ),
        changed,
    })
}

/// The log is not the one that rows were numbered by: every row that comes is newer than what is here.
fn forget_places(db: &Connection) -> Result<()> {
    for table in standing::NUMBERED {
        db.execute(&format!("UPDATE {table} SET row_seq = 0"), [])?;
    }
    Ok(())
}

/// All that the server has is here: what it lost goes where nothing own waits on it any more. Gives the documents
/// that say less now.
fn let_go_of_bases(db: &Connection, open: &Open) -> Result<Vec<DocumentId>> {
    if open.bases.get() != Bases::Unknown {
        return Ok(Vec::new());
    }
    let found = bases::all(db)?;
    // (What goes now is looked for once more: this page may not be taken in after all.)
    if found.is_empty() {
        open.bases.set(Bases::None);
    } else if !found.iter().any(|(_, may_go)| *may_go) {
        open.bases.set(Bases::Needed);
    }
    let mut gone = Vec::new();
    for (document, _) in found.into_iter().filter(|(_, may_go)| *may_go) {
        if bases::let_go(db, document)? {
            gone.push(document);
        }
    }
    Ok(gone)
}

fn answers(
    db: &Connection,
    response: &SyncResponse,
    state: &mut SyncState,
    offset_ms: i64,
) -> Result<Vec<Refused>> {
    let mut refused = Vec::new();
    let mut answered: BTreeSet<ChangeHash> = BTreeSet::new();
    for answer in &response.answers {
        answered.insert(answer.hash);
        match &answer.outcome {
            Outcome::Acked { .. } if planted::is(Bug::DropAck) => {}
            Outcome::Acked { seq } => {
                documents::acknowledge(db, answer.hash, *seq, response.server_clock, offset_ms)?;
                documents::unpark(db, Some(DocumentId(answer.hash.0)))?;
            }
            Outcome::Rejected { code, detail } => refused.push(Refused {
                hash: answer.hash,
                code: code.clone(),
                detail: detail.clone(),
            }),
        }
    }
    if planted::is(Bug::AckAll) && !answered.is_empty() {
        db.execute("DELETE FROM outbox", [])?;
    }
    let is_answered = |hashes: &Vec<ChangeHash>| hashes.iter().all(|h| answered.contains(h));
    if state.batch_hashes.as_ref().is_some_and(is_answered) {
        state.batch_hashes = None;
    }
    Ok(refused)
}

fn take_in(
    db: &Connection,
    open: &Open,
    entry: &Entry,
    touched: &mut BTreeSet<DocumentId>,
    (absent, now): (bool, Timestamp),
) -> Result<()> {
    match &entry.item {
        Item::Change(item) => {
            if take_change(db, open, entry.seq, item, now)? {
                touched.insert(item.document);
            }
            Ok(())
        }
        Item::Row(row) => rows::put(db, row, entry.seq),
        Item::Enter(customer) => rows::enter(db, *customer),
        Item::Leave(customer) => rows::leave(db, *customer),
        Item::Digest(digest) => take_digest(db, open, entry.seq, digest, (absent, now)),
    }
}

/// What lists show of a document (`absent`: the server has said of some that there is none). One that is whole here
/// stays as it is; if the server has more of it, that is wanted.
fn take_digest(
    db: &Connection,
    open: &Open,
    seq: u64,
    item: &DigestItem,
    (absent, now): (bool, Timestamp),
) -> Result<()> {
    if absent {
        on_demand::is_told_of(db, item.document)?;
    }
    if on_demand::is_whole(db, item.document)? {
        let here: u32 = db
            .prepare_cached(concat!(
                "SELECT COUNT(*) FROM change WHERE ",
                crate::replica::store::of_document!(),
                " AND state = 'admitted'"
            ))?
            .query_row(params![item.document.0], |row| row.get(0))?;
        if here < item.changes {
            on_demand::want(db, item.document, now)?;
        }
        return Ok(());
    }
    let place = documents::insert(
        db,
        &DocumentRow {
            id: item.document,
            kind: item.kind,
            customer: item.customer,
            author: item.person,
            device: item.device,
            mine: item.device == open.identity.device,
            saved_at: item.saved_at(),
            received_at: Some(item.received_at),
            seq: Some(seq),
            clock_offset_ms: Some(item.clock_offset_ms),
            rejected: None,
        },
        documents::Place::Filed,
    )?;
    project::project_digest(db, place, item.document, item.customer, &item.content)
}

/// Stores a change; true if it is news.
fn take_change(
    db: &Connection,
    open: &Open,
    seq: u64,
    item: &ChangeItem,
    now: Timestamp,
) -> Result<bool> {
    let bytes = document::from_frame(&item.change);
    let hash = document::frame_hash(&item.change);
    if documents::is_unreadable(db, hash)? {
        return Ok(false);
    }
    documents::insert(
        db,
        &DocumentRow {
            id: item.document,
            kind: item.kind,
            customer: item.customer,
            author: item.person,
            device: item.device,
            mine: item.device == open.identity.device && item.kind != Kind::ContactBook,
            saved_at: item.received_at.plus_ms(item.clock_offset_ms),
            received_at: Some(item.received_at),
            seq: Some(seq),
            clock_offset_ms: Some(item.clock_offset_ms),
            rejected: None,
        },
        documents::Place::Newest,
    )?;
    let source = match item.person == open.identity.person {
        true => Source::Returned(seq),
        false => Source::Server(seq),
    };
    let is_news = documents::insert_change(db, item.document, hash, &bytes, &source, now)?;
    // What was put off until the server has the document can be sent now.
    documents::unpark(db, Some(item.document))?;
    if is_news {
        return Ok(true);
    }
    // Known: nothing new, or one that the server has after all (its answer was lost, or it was released
    // after it had been refused).
    let state: Option<String> = db
        .prepare_cached("SELECT state FROM change WHERE hash = ?1")?
        .query_row(params![hash.0], |row| row.get(0))
        .optional()?;
    if state.is_none_or(|state| state == "admitted") {
        return Ok(false);
    }
    documents::acknowledge(db, hash, seq, item.received_at, item.clock_offset_ms)?;
    documents::release(db, item.document, hash)?;
    Ok(true)
}

/// Writes the query rows of what came. A document that cannot be read keeps its bytes, and its newest
/// change goes into quarantine. Records of this device that this store had lost (it was rolled back)
/// move the counters on.
fn project_all(
    db: &Connection,
    open: &Open,
    touched: &BTreeSet<DocumentId>,
    fetched: &BTreeSet<DocumentId>,
    now: Timestamp,
) -> Result<Identity> {
    let mut identity = open.identity.clone();
    for id in touched {
        // What was sent again to a restored server may be of a document that has gone from here.
        let Some(row) = documents::find(db, *id)? else {
            continue;
        };
        if row.kind == Kind::Unknown {
            continue;
        }
        if !on_demand::is_whole(db, *id)? {
            // A change of a record of which only the digest is here.
            on_demand::want(db, *id, now)?;
            continue;
        }
        let read = project::load(db, *id).and_then(|(head, record)| {
            project::project_record(db, *id, &head, &record)?;
            Ok((head, record))
        });
        match read {
            Ok((head, record)) if row.mine => {
                identity.record_counter = identity.record_counter.max(head.counter);
                if let Record::Receipt(receipt, seal) = &record {
                    let number = &receipt.core.number;
                    if number.device_code == identity.device_code && number.n > identity.receipt_n {
                        identity.receipt_n = number.n;
                        identity.receipt_digest = Some(seal.digest);
                    }
                }
            }
            Ok(_) => {}
            Err(error @ Error::Sqlite(_)) => return Err(error),
            // Not all of it has come yet: it is fetched. If it has just been fetched, it is damaged.
            Err(Error::Document(DocumentError::MissingDependency)) if !fetched.contains(id) => {
                on_demand::want(db, *id, now)?;
            }
            Err(error) => match project::read(&documents::admitted_changes(db, *id)?) {
                // All that the server has can be read: only own additions wait for what they build on.
                Ok((head, record)) if is_incomplete(&error) => {
                    project::project_record(db, *id, &head, &record)?;
                }
                _ => set_apart(db, *id, &error, now)?,
            },
        }
    }
    if identity != open.identity {
        identity.save_counters(db)?;
    }
    Ok(identity)
}

fn is_incomplete(error: &Error) -> bool {
    matches!(error, Error::Document(DocumentError::MissingDependency))
}

fn set_apart(db: &Connection, id: DocumentId, error: &Error, now: Timestamp) -> Result<()> {
    let newest: Option<([u8; 32], Vec<u8>)> = db
        .query_row(
            concat!(
                "SELECT hash, bytes FROM change WHERE ",
                crate::replica::store::of_document!(),
                " AND own = 0
             ORDER BY place DESC LIMIT 1"
            ),
            params![id.0],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    if let Some((hash, bytes)) = newest {
        let reason = (error.code(), error.to_string());
        documents::quarantine(
            db,
            id,
            ChangeHash(hash),
            &bytes,
            false,
            (&reason.0, &reason.1),
            now,
        )?;
    }
    Ok(())
}
