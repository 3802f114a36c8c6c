//! Building a request: cursor, and the batch under way or the next one from the outbox.

use rusqlite::params;
use shared::{
    day::Timestamp,
    document,
    ids::{ChangeHash, DocumentId},
    planted::{self, Bug},
    sync::{
        limits,
        message::{Frame, SyncRequest},
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
    if state.batch_hashes.is_none() && !state.cursor_unknown {
        let next = next_batch(open)?;
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

fn next_batch(open: &Open) -> Result<Vec<ChangeHash>> {
    let mut statement = open.db.prepare_cached(
        "SELECT hash, size FROM outbox WHERE reviewed = 0 ORDER BY place LIMIT ?1",
    )?;
    let mut rows = statement.query(params![limits::FRAMES_PER_REQUEST as i64])?;
    let (mut batch, mut bytes) = (Vec::new(), 0_usize);
    while let Some(row) = rows.next()? {
        bytes += usize::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
        if bytes > BATCH_BYTES && !batch.is_empty() {
            break;
        }
        batch.push(ChangeHash(row.get(0)?));
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
