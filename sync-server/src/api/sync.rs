//! `POST /v1/sync`: one round trip. Changes up, answers and a page of what is new down.

use std::collections::BTreeSet;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use shared::{
    day::Timestamp,
    ids::{ChangeHash, Digest},
    sync::{
        limits,
        message::{
            Answer, Cursor, MessageError, OLDEST_VERSION, PROTOCOL_VERSION, Standing, SyncRequest,
            SyncResponse,
        },
    },
};

use crate::{
    auth::{self, Sender},
    clock,
    merge::{self, Batch, Pushed},
    page,
    problem::Problem,
    state::AppState,
    store::{
        Store, StoreError, company,
        devices::{self, Device},
        log,
    },
};

/// How long a device's last sync may lie back before it is recorded again without any changes.
const SEEN_EVERY_MS: i64 = 10 * 60_000;
const DAY_MS: i64 = 24 * 3_600_000;

/// Takes a batch in and answers with what is new.
pub async fn sync(
    State(state): State<AppState>,
    Sender(device): Sender,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let sent_at = phone_clock(&headers);
    let bytes = state
        .writing(move |store| {
            let mut request = SyncRequest::decode(&body).map_err(refused)?;
            request.phone_clock = sent_at.unwrap_or(request.phone_clock);
            answer(store, &device, &request, clock::now())?
                .encode()
                .map_err(refused)
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, bytes).into_response())
}

/// The phone's clock when it sent, if the request had been made before: a browser sends what the app left when
/// the network comes back, which may be hours later. Without this the clock would look wrong by as much.
fn phone_clock(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get("x-phone-clock")?.to_str().ok()?;
    text.parse().ok().map(Timestamp)
}

fn refused(error: MessageError) -> Problem {
    let status = match error {
        MessageError::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
        MessageError::Version(_) | MessageError::Damaged => StatusCode::BAD_REQUEST,
    };
    Problem::new(status, error.code(), error.to_string())
}

/// Answers a request of an authenticated device: everything behind HTTP.
pub fn answer(
    store: &Store,
    device: &Device,
    request: &SyncRequest,
    now: Timestamp,
) -> Result<SyncResponse, Problem> {
    answer_in_pages(store, device, request, now, limits::ENTRIES_PER_PAGE)
}

/// As [`answer`], in pages of so many entries.
pub fn answer_in_pages(
    store: &Store,
    device: &Device,
    request: &SyncRequest,
    now: Timestamp,
    page_entries: usize,
) -> Result<SyncResponse, Problem> {
    let manifest = check(device, request)?;
    if device.revoked_at.is_some() || !device.person.active {
        return review(store, device, request, manifest, now);
    }
    if let Some(response) = other_log(store, device, request, now)? {
        return Ok(response);
    }
    let (answers, standing) = take_batch(store, device, request, manifest, now)?;
    let brought: BTreeSet<ChangeHash> = answers.iter().map(|answer| answer.hash).collect();
    let (page, company, generation, wanted, history_days) =
        store.read(|conn| -> Result<_, StoreError> {
            let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
            let history_days = company::history_days(conn)?;
            let reader = page::Reader {
                person: &device.person,
                device: device.id,
                version: request.version,
                since: now.plus_ms(-i64::from(history_days) * DAY_MS),
                page_entries,
            };
            let cursor = page::resumed(request.cursor, request.epoch, company.epoch);
            let page = page::read(conn, &reader, cursor, &brought)?;
            let wanted =
                page::wants::answer(conn, device.person.id, request.version, &request.wants)?;
            let generation = devices::generation(conn, device.id)?;
            Ok((page, company, generation, wanted, history_days))
        })?;
    Ok(SyncResponse {
        version: request.version,
        epoch: company.epoch,
        generation,
        standing,
        answers,
        entries: page.entries,
        cursor: page.cursor,
        more: page.more,
        head_seq: page.head_seq,
        server_clock: now,
        fetched: wanted.fetched,
        fetched_entries: wanted.entries,
        history_days,
    })
}

/// Takes the frames in, if there are any.
fn take_batch(
    store: &Store,
    device: &Device,
    request: &SyncRequest,
    manifest: Digest,
    now: Timestamp,
) -> Result<(Vec<Answer>, Standing), Problem> {
    if request.frames.is_empty() {
        touch(store, device, now)?;
        return Ok((Vec::new(), Standing::Current));
    }
    let batch = batch_of(request, manifest, now);
    Ok(match merge::push(store, device, &batch, now)? {
        Pushed::Answered(answers) => {
            tracing::info!(device = device.code, frames = answers.len(), "batch");
            (answers, Standing::Current)
        }
        Pushed::Behind { batch } => (Vec::new(), Standing::Behind { batch }),
    })
}

fn batch_of(request: &SyncRequest, manifest: Digest, now: Timestamp) -> Batch<'_> {
    Batch {
        number: request.batch,
        manifest,
        frames: &request.frames,
        generation: request.generation,
        clock_offset_ms: request.phone_clock.ms_since(now),
    }
}

/// What a device whose cursor is not of this log is told: the server was restored from a backup.
fn other_log(
    store: &Store,
    device: &Device,
    request: &SyncRequest,
    now: Timestamp,
) -> Result<Option<SyncResponse>, StoreError> {
    store.read(|conn| {
        if page::is_known(conn, request.cursor)? {
            return Ok(None);
        }
        let (standing, cursor) = match request.checkpoints.is_empty() {
            true => (Standing::UnknownCursor, request.cursor),
            false => {
                let common = page::common_place(conn, &request.checkpoints)?;
                tracing::warn!(device = device.code, common, "a device of another log");
                (Standing::RolledBack { common }, Cursor::default())
            }
        };
        let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
        Ok(Some(SyncResponse {
            version: request.version,
            epoch: company.epoch,
            generation: devices::generation(conn, device.id)?,
            standing,
            answers: Vec::new(),
            entries: Vec::new(),
            cursor,
            more: true,
            head_seq: log::head(conn)?.seq,
            server_clock: now,
            fetched: Vec::new(),
            fetched_entries: Vec::new(),
            history_days: company::history_days(conn)?,
        }))
    })
}

/// What somebody who was revoked still sends is kept for review: money is never dropped. Nothing goes
/// down to them.
fn review(
    store: &Store,
    device: &Device,
    request: &SyncRequest,
    manifest: Digest,
    now: Timestamp,
) -> Result<SyncResponse, Problem> {
    if request.frames.is_empty() {
        return Err(auth::revoked());
    }
    crate::review::keep(store, device, &batch_of(request, manifest, now), now)?;
    Ok(SyncResponse {
        version: request.version,
        epoch: request.epoch,
        generation: request.generation,
        standing: Standing::UnderReview,
        answers: Vec::new(),
        entries: Vec::new(),
        cursor: request.cursor,
        more: false,
        head_seq: request.cursor.seq,
        server_clock: now,
        fetched: Vec::new(),
        fetched_entries: Vec::new(),
        history_days: 0,
    })
}

/// Is it this device's request? Gives the manifest that it signed.
fn check(device: &Device, request: &SyncRequest) -> Result<Digest, Problem> {
    if !(OLDEST_VERSION..=PROTOCOL_VERSION).contains(&request.version) {
        return Err(refused(MessageError::Version(
            u8::try_from(request.version).unwrap_or(u8::MAX),
        )));
    }
    if request.device != device.id {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "sync.wrong_device",
            "the request is of another device than the token",
        ));
    }
    request
        .manifest_signed_by(&device.public_key)
        .ok_or_else(|| {
            Problem::new(
                StatusCode::FORBIDDEN,
                "sync.wrong_signature",
                "the batch is not signed with the device's key",
            )
        })
}

fn touch(store: &Store, device: &Device, now: Timestamp) -> Result<(), StoreError> {
    let fresh = device
        .last_seen_at
        .is_some_and(|seen| now.ms_since(seen) < SEEN_EVERY_MS);
    if fresh {
        return Ok(());
    }
    store.write_at(now, |tx| devices::saw(tx, device.id, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_sending_is_read_from_its_header() {
        let check = |value: Option<&'static str>, expected: Option<i64>| {
            let mut headers = HeaderMap::new();
            if let Some(value) = value {
                headers.insert("x-phone-clock", header::HeaderValue::from_static(value));
            }
            assert_eq!(phone_clock(&headers), expected.map(Timestamp), "{value:?}");
        };
        check(None, None);
        check(Some("1795140000000"), Some(1_795_140_000_000));
        check(Some("yesterday"), None);
        check(Some("99999999999999999999"), None);
    }
}
