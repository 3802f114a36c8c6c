//! The way up: a batch of changes from one device becomes documents, ledger facts and log entries, in
//! one transaction.
//!
//! Invariants: what is answered as acked is durable and in the log; one refused change stops no
//! other, except those that build on it; hostile bytes are judged under `catch_unwind` before they
//! touch anything; the same batch again, because its answer was lost, gets the same answers.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Once,
};

use rusqlite::{OptionalExtension, params};
use shared::{
    day::Timestamp,
    document::Record,
    ids::{ChangeHash, Digest, DocumentId},
    planted::{self, Bug},
    sync::{
        admission::{self, Admitted, Pusher, Rejection},
        message::{Answer, Frame, Outcome},
    },
};

use crate::{
    scope::{self, Access},
    store::{
        Store, StoreError, WriteTx, corrections,
        devices::{self, Device},
        documents::{self, Arrival},
        sql::{self, BlobId},
    },
};

/// A batch whose signature has been checked.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// Number counted by the device.
    pub number: u64,
    /// Hash of the ordered change hashes that the device signed.
    pub manifest: Digest,
    /// Changes in the order made.
    pub frames: &'a [Frame],
    /// The generation that the device's store knows.
    pub generation: u64,
    /// Phone clock minus server clock.
    pub clock_offset_ms: i64,
}

/// Batches whose answers are kept for each device.
const ANSWERS_KEPT: u64 = 64;

/// Threads that judge one batch at most.
const JUDGES: usize = 4;
/// Frames that are not worth a thread of their own.
const JUDGED_ALONE: usize = 32;

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pushed {
    /// An answer for each frame, in order.
    Answered(Vec<Answer>),
    /// The store that sent it is older than what is known of the device: nothing was looked at.
    Behind {
        /// Number of the last batch of the device.
        batch: u64,
    },
}

/// Who pushes from a device.
pub(crate) fn pusher_of(device: &Device) -> Pusher {
    Pusher {
        person: device.person.id,
        role: device.person.role,
        device: device.id,
        device_code: device.code.clone(),
        public_key: device.public_key,
    }
}

/// Takes a batch in.
///
/// The device's generation is compared and counted up: two stores that go on from one state (a backup
/// brought back, a copied phone) cannot both push as if the other were not there. The same batch again,
/// because its answer was lost, is told by its number and manifest, sent in an earlier generation, and gets the
/// same answers.
pub fn push(
    store: &Store,
    device: &Device,
    batch: &Batch<'_>,
    now: Timestamp,
) -> Result<Pushed, StoreError> {
    if let Some(answers) = store.read(|conn| earlier_answers(conn, device, batch))? {
        return Ok(Pushed::Answered(answers));
    }
    let pusher = pusher_of(device);
    // Creation changes depend on nothing stored: judged before the lock is taken.
    let judged = judge_all(batch.frames, &pusher);
    store.write_at(now, |tx| {
        // Asked again inside the lock: the same batch may have come twice at once.
        if let Some(answers) = earlier_answers(tx, device, batch)? {
            return Ok(Pushed::Answered(answers));
        }
        let known = devices::generation(tx, device.id)?;
        if batch.generation != known {
            tracing::warn!(device = device.code, known, "a store behind its device");
            let batch = last_batch(tx, device)?;
            return Ok(Pushed::Behind { batch });
        }
        let mut answers = Vec::with_capacity(judged.len());
        for (frame, judged) in batch.frames.iter().zip(judged) {
            let hash = judged.hash;
            let how = How {
                clock_offset_ms: batch.clock_offset_ms,
                after_revocation: false,
            };
            let outcome = match take_in(tx, frame, judged, &pusher, how)? {
                Ok(seq) => Outcome::Acked { seq },
                Err(refusal) => {
                    quarantine(tx, hash, frame, &pusher, &refusal)?;
                    Outcome::Rejected {
                        code: refusal.code.to_owned(),
                        detail: refusal.detail,
                    }
                }
            };
            answers.push(Answer { hash, outcome });
        }
        documents::file_newest(tx)?;
        remember(tx, device, batch, &answers)?;
        devices::took_batch(tx, device.id, now)?;
        Ok(Pushed::Answered(answers))
    })
}

fn last_batch(tx: &WriteTx<'_>, device: &Device) -> Result<u64, StoreError> {
    Ok(tx
        .prepare_cached("SELECT COALESCE(MAX(number), 0) FROM batch WHERE device = ?1")?
        .query_row([device.id.blob()], |row| sql::uint(row, 0))?)
}

/// What could be said of a frame without the store.
struct Judged {
    hash: ChangeHash,
    /// None: it edits a document, which has to be looked up first.
    verdict: Result<Option<Box<Admitted>>, Rejection>,
}

/// Why a change is refused.
struct Refusal {
    code: &'static str,
    detail: String,
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self {
            code: rejection.code(),
            detail: rejection.to_string(),
        }
    }
}

thread_local! {
    static JUDGING: Cell<bool> = const { Cell::new(false) };
}

/// Runs a decoder on hostile bytes; a panic of its is a refusal.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Rejection>) -> Result<T, Rejection> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let loud = std::panic::take_hook();
        // What the decoder says when it fails may hold what a device sent: only the place is logged.
        std::panic::set_hook(Box::new(move |info| {
            if JUDGING.get() {
                let place = info.location().map(ToString::to_string);
                tracing::warn!(place, "the decoder failed on a change");
            } else {
                loud(info);
            }
        }));
    });
    JUDGING.set(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    JUDGING.set(false);
    result.unwrap_or_else(|_| Err(Rejection::Damaged("the decoder failed on it".to_owned())))
}

/// Judges all frames, the large batches on several threads.
fn judge_all(frames: &[Frame], pusher: &Pusher) -> Vec<Judged> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = frames.len().div_ceil(threads.min(JUDGES)).max(JUDGED_ALONE);
    if frames.len() <= share {
        return frames.iter().map(|f| judge(f, pusher)).collect();
    }
    std::thread::scope(|scope| {
        let judges: Vec<_> = frames
            .chunks(share)
            .map(|part| {
                let work = move || part.iter().map(|f| judge(f, pusher)).collect::<Vec<_>>();
                (part, scope.spawn(work))
            })
            .collect();
        judges
            .into_iter()
            // A thread that could not do it leaves its part to this one.
            .flat_map(|(part, judge_of)| {
                judge_of
                    .join()
                    .unwrap_or_else(|_| part.iter().map(|f| judge(f, pusher)).collect())
            })
            .collect()
    })
}

fn judge(frame: &Frame, pusher: &Pusher) -> Judged {
    let bytes = &frame.change;
    let verdict = guarded(|| match admission::creates(bytes)? {
        true => admission::admit(bytes, None, pusher).map(|a| Some(Box::new(a))),
        false => Ok(None),
    });
    let hash = match &verdict {
        Ok(Some(admitted)) => admitted.hash,
        _ => shared::document::frame_hash(bytes),
    };
    Judged { hash, verdict }
}

/// Takes in what had been kept for review, as if it came now; who sent it had been revoked.
pub(crate) fn take_reviewed(
    tx: &mut WriteTx<'_>,
    frame: &Frame,
    device: &Device,
    clock_offset_ms: i64,
) -> Result<Result<u64, (&'static str, String)>, StoreError> {
    let pusher = pusher_of(device);
    let judged = judge(frame, &pusher);
    let how = How {
        clock_offset_ms,
        after_revocation: true,
    };
    let taken = take_in(tx, frame, judged, &pusher, how)?;
    Ok(taken.map_err(|refusal| (refusal.code, refusal.detail)))
}

/// How a frame came.
#[derive(Clone, Copy)]
struct How {
    clock_offset_ms: i64,
    after_revocation: bool,
}

fn take_in(
    tx: &mut WriteTx<'_>,
    frame: &Frame,
    judged: Judged,
    pusher: &Pusher,
    how: How,
) -> Result<Result<u64, Refusal>, StoreError> {
    if let Some(seq) = documents::place_of(tx, judged.hash)? {
        return Ok(Ok(seq));
    }
    let mut made_on = None;
    let admitted = match judged.verdict {
        Ok(Some(admitted)) => admitted,
        Err(Rejection::WrongDevice) => match admit_of_former_device(tx, frame, pusher)? {
            Ok((admitted, device)) => {
                made_on = Some(device);
                admitted
            }
            Err(rejection) => return Ok(Err(rejection.into())),
        },
        Ok(None) => match admit_edit(tx, frame, pusher)? {
            Ok(admitted) => admitted,
            Err(rejection) => return Ok(Err(rejection.into())),
        },
        Err(rejection) => return Ok(Err(rejection.into())),
    };
    // The customer comes from the document, never from the frame.
    let owner = (admitted.head.kind, admitted.head.customer);
    let access = scope::access_to_records(tx, pusher.person, owner)?;
    if access == Access::Never {
        return Ok(Err(Rejection::OutOfScope.into()));
    }
    if let Err(rejection) = corrections::judge(tx, &admitted, pusher.person)? {
        return Ok(Err(rejection.into()));
    }
    let arrival = Arrival {
        person: pusher.person,
        device: made_on.as_ref().map_or(pusher.device, |device| device.id),
        clock_offset_ms: how.clock_offset_ms,
        access,
        after_revocation: how.after_revocation
            || made_on.is_some_and(|device| device.revoked_at.is_some()),
    };
    // The ledger has no say in visits, notes and what is offered or asked for: they need no way back, which would cost a copy of
    // every page that is written.
    if matches!(
        admitted.record,
        Record::Visit(_)
            | Record::ContactBook(_)
            | Record::HandIn(..)
            | Record::Proposal(_)
            | Record::Statement(..)
    ) {
        return Ok(Ok(documents::take_in(tx, &admitted, arrival)?));
    }
    match tx.attempt(|tx| documents::take_in(tx, &admitted, arrival)) {
        Ok(seq) => Ok(Ok(seq)),
        Err(error @ (StoreError::Ledger { .. } | StoreError::Money(_))) => Ok(Err(Refusal {
            code: error.code(),
            detail: error.to_string(),
        })),
        Err(error) => Err(error),
    }
}

/// A record made under an earlier device identity of the same person (they signed in anew, perhaps
/// after the device had been revoked): judged by that device's code and key. Money is never dropped.
fn admit_of_former_device(
    tx: &WriteTx<'_>,
    frame: &Frame,
    pusher: &Pusher,
) -> Result<Result<(Box<Admitted>, Device), Rejection>, StoreError> {
    let made_on = match guarded(|| admission::made_on(&frame.change)) {
        Ok(id) => devices::by_id(tx, id)?,
        Err(rejection) => return Ok(Err(rejection)),
    };
    let Some(device) = made_on.filter(|device| device.person.id == pusher.person) else {
        return Ok(Err(Rejection::WrongDevice));
    };
    let maker = Pusher {
        device: device.id,
        device_code: device.code.clone(),
        public_key: device.public_key,
        ..pusher.clone()
    };
    let admitted = guarded(|| admission::admit(&frame.change, None, &maker));
    Ok(admitted.map(|admitted| (Box::new(admitted), device)))
}

fn admit_edit(
    tx: &WriteTx<'_>,
    frame: &Frame,
    pusher: &Pusher,
) -> Result<Result<Box<Admitted>, Rejection>, StoreError> {
    let Some(document) = frame.document else {
        return Ok(Err(Rejection::NoSuchDocument));
    };
    let Some(stored) = documents::stored(tx, document)? else {
        return Ok(Err(match is_quarantined(tx, document)? {
            true => Rejection::MissingDependency,
            false => Rejection::NoSuchDocument,
        }));
    };
    // Asked before the document is read for them, so that nothing of it shows in the answer.
    let owner = documents::owner_of(tx, document)?.ok_or(StoreError::NotFound("document"))?;
    if scope::access_to_records(tx, pusher.person, owner)? == Access::Never {
        return Ok(Err(Rejection::OutOfScope));
    }
    Ok(guarded(|| admission::admit(&frame.change, Some(&stored), pusher)).map(Box::new))
}

fn is_quarantined(tx: &WriteTx<'_>, document: DocumentId) -> Result<bool, StoreError> {
    Ok(tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM quarantine WHERE hash = ?1)")?
        .query_row([document.blob()], |row| row.get(0))?)
}

fn quarantine(
    tx: &WriteTx<'_>,
    hash: ChangeHash,
    frame: &Frame,
    pusher: &Pusher,
    refusal: &Refusal,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO quarantine (hash, device, person, code, detail, received_at, frame)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (hash, device) DO UPDATE SET code = ?4, detail = ?5, received_at = ?6",
    )?
    .execute(params![
        hash.blob(),
        pusher.device.blob(),
        pusher.person.blob(),
        refusal.code,
        refusal.detail,
        tx.now().0,
        frame.change
    ])?;
    Ok(())
}

fn earlier_answers(
    conn: &rusqlite::Connection,
    device: &Device,
    batch: &Batch<'_>,
) -> Result<Option<Vec<Answer>>, StoreError> {
    let is_planted = planted::is(Bug::ReuseBatch);
    if !is_planted && batch.generation == devices::generation(conn, device.id)? {
        // A store that knows of every batch of its device does not send one for the second time: its twin has
        // sent the same under this number, and what it was told need not hold any more.
        return Ok(None);
    }
    let same_batch = match is_planted {
        true => "SELECT answers FROM batch WHERE device = ?1 AND number = ?2 AND length(?3) > 0",
        false => "SELECT answers FROM batch WHERE device = ?1 AND number = ?2 AND manifest = ?3",
    };
    let found = conn
        .prepare_cached(same_batch)?
        .query_row(
            params![
                device.id.blob(),
                sql::int(batch.number),
                batch.manifest.blob()
            ],
            |row| row.get::<_, Vec<u8>>(0),
        )
        .optional()?;
    Ok(found
        .map(|bytes| postcard::from_bytes(&bytes))
        .transpose()?)
}

fn remember(
    tx: &WriteTx<'_>,
    device: &Device,
    batch: &Batch<'_>,
    answers: &[Answer],
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO batch (device, number, manifest, answers) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (device, number) DO UPDATE SET manifest = ?3, answers = ?4",
    )?
    .execute(params![
        device.id.blob(),
        sql::int(batch.number),
        batch.manifest.blob(),
        postcard::to_stdvec(answers)?
    ])?;
    tx.prepare_cached("DELETE FROM batch WHERE device = ?1 AND number < ?2")?
        .execute(params![
            device.id.blob(),
            sql::int(batch.number.saturating_sub(ANSWERS_KEPT))
        ])?;
    Ok(())
}
