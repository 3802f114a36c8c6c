//! Building a request: cursor, and the batch under way or the next one from the outbox.

use std::collections::BTreeSet;

use rusqlite::params;
use shared::{
    day::Timestamp,
    document,
    ids::{ChangeHash, DocumentId},
    planted::{self, Bug},
    sync::{
        limits,
        message::{Frame, SyncRequest, unspoken},
    },
};

use super::super::{
    error::Result,
    open::Open,
    store::{on_demand, sync_state::SyncState},
};
use super::standing;

/// Bytes of changes in one batch: a batch is answered as a whole, so a thin connection needs small ones.
const BATCH_BYTES: usize = 1 << 20;

/// The next request. A batch once begun is the same until it is answered.
pub fn request(open: &Open, version: u16, now: Timestamp) -> Result<SyncRequest> {
    let mut state = SyncState::load(&open.db)?;
    if let Some(hashes) = &state.batch_hashes
        && holds_unspoken(open, version, hashes)?
    {
        // It was refused whole for its version: made up anew without what the server has no name for.
        state.batch_hashes = None;
    }
    if state.batch_hashes.is_none() && !state.cursor_unknown {
        let next = batch_without(open, version, &BTreeSet::new())?;
        if !next.is_empty() {
            if !(planted::is(Bug::ReuseBatch) && state.batch % 3 == 1) {
                state.batch += 1;
            }
            state.batch_hashes = Some(next);
            state.save(&open.db)?;
        }
    }
    let (hashes, checkpoints) = match state.cursor_unknown {
        true => (Vec::new(), standing::checkpoints(&open.db)?),
        false => (state.batch_hashes.unwrap_or_default(), Vec::new()),
    };
    let mut request = SyncRequest {
        version,
        device: open.identity.device,
        generation: state.generation,
        batch: state.batch,
        epoch: state.epoch,
        cursor: state.cursor,
        checkpoints,
        frames: frames(open, &hashes)?,
        signature: [0; 64],
        phone_clock: now,
        wants: on_demand::wants(&open.db)?,
    };
    if !request.frames.is_empty() {
        request.sign(&open.identity.sealer());
    }
    Ok(request)
}

/// What is left with the system to be sent when the app is gone: the batch under way exactly as the next start
/// will send it again, and behind it one with what waits beside it, as the server will expect it after the
/// first. (If more is saved meanwhile, that batch is another one next time; the changes are known by then.)
pub fn left(open: &Open, version: u16, now: Timestamp) -> Result<Vec<SyncRequest>> {
    let mut first = request(open, version, now)?;
    if first.frames.is_empty() {
        return Ok(Vec::new());
    }
    // Nobody would take in what is fetched.
    first.wants.clear();
    let under_way: BTreeSet<ChangeHash> = first.hashes().into_iter().collect();
    let rest = batch_without(open, version, &under_way)?;
    let mut left = vec![first];
    if let (Some(first), false) = (left.first(), rest.is_empty()) {
        let mut second = SyncRequest {
            batch: first.batch + 1,
            generation: first.generation + 1,
            frames: frames(open, &rest)?,
            ..first.clone()
        };
        second.sign(&open.identity.sealer());
        left.push(second);
    }
    Ok(left)
}

/// The kinds of documents that a server of this version has no name for, each between commas; empty if it knows all.
fn unspoken_list(version: u16) -> String {
    unspoken(version).fold(String::new(), |list, kind| list + "," + kind.slug() + ",")
}

/// Is a change of a document among these that a server of this version has no name for?
fn holds_unspoken(open: &Open, version: u16, hashes: &[ChangeHash]) -> Result<bool> {
    let unspoken = unspoken_list(version);
    if unspoken.is_empty() {
        return Ok(false);
    }
    let mut statement = open.db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM change c JOIN document d ON d.filed IN (0, 1) AND d.id = c.document
           WHERE c.hash = ?1 AND instr(?2, ',' || d.kind || ','))",
    )?;
    for hash in hashes {
        if statement.query_row(params![hash.0, unspoken], |row| row.get(0))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What waits beside the changes under way. What the server has no name for yet waits on.
fn batch_without(
    open: &Open,
    version: u16,
    under_way: &BTreeSet<ChangeHash>,
) -> Result<Vec<ChangeHash>> {
    let mut statement = open.db.prepare_cached(
        "SELECT o.hash, o.size FROM outbox o WHERE o.reviewed = 0 AND (?2 = '' OR NOT EXISTS (
           SELECT 1 FROM document d WHERE d.filed IN (0, 1) AND d.id = o.document
             AND instr(?2, ',' || d.kind || ',')))
         ORDER BY o.place LIMIT ?1",
    )?;
    let most = limits::FRAMES_PER_REQUEST + under_way.len();
    let mut rows = statement.query(params![most as i64, unspoken_list(version)])?;
    let (mut batch, mut bytes) = (Vec::new(), 0_usize);
    while let Some(row) = rows.next()? {
        let hash = ChangeHash(row.get(0)?);
        if under_way.contains(&hash) {
            continue;
        }
        if batch.len() == limits::FRAMES_PER_REQUEST {
            break;
        }
        bytes += usize::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
        if bytes > BATCH_BYTES && !batch.is_empty() {
            break;
        }
        batch.push(hash);
    }
    Ok(batch)
}

fn frames(open: &Open, hashes: &[ChangeHash]) -> Result<Vec<Frame>> {
    let mut statement = open
        .db
        .prepare_cached("SELECT document, bytes FROM change WHERE hash = ?1")?;
    let mut frames = Vec::with_capacity(hashes.len());
    for hash in hashes {
        let (document, bytes): (DocumentId, Vec<u8>) = statement
            .query_row(params![hash.0], |row| {
                Ok((DocumentId(row.get(0)?), row.get(1)?))
            })?;
        frames.push(Frame {
            document: (document.0 != hash.0).then_some(document),
            change: document::to_frame(&bytes).to_vec(),
        });
    }
    Ok(frames)
}
