//! `POST /v1/sync`: one round trip. Changes up, answers and a page of what is new down.

use std::collections::BTreeSet;

use axum::{
    body::Bytes,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use shared::{
    day::Timestamp,
    ids::ChangeHash,
    sync::message::{
        MessageError, OLDEST_VERSION, PROTOCOL_VERSION, SyncRequest, SyncResponse, manifest,
    },
};

use crate::{
    auth::Caller,
    clock,
    merge::{self, Batch},
    page,
    problem::Problem,
    state::AppState,
    store::{
        Store, StoreError, company,
        devices::{self, Device},
    },
};

/// How long a device's last sync may lie back before it is recorded again without any changes.
const SEEN_EVERY_MS: i64 = 10 * 60_000;
const DAY_MS: i64 = 24 * 3_600_000;

/// Takes a batch in and answers with what is new.
pub async fn sync(
    State(state): State<AppState>,
    Caller(device): Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    let bytes = state
        .blocking(move |store| {
            let request = SyncRequest::decode(&body).map_err(refused)?;
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
    check(device, request)?;
    let hashes = request.hashes();
    let answers = if request.frames.is_empty() {
        touch(store, device, request, now)?;
        Vec::new()
    } else {
        let batch = Batch {
            number: request.batch,
            manifest: manifest(request),
            frames: &request.frames,
            generation: request.generation,
            clock_offset_ms: request.phone_clock.ms_since(now),
        };
        let answers = merge::push(store, device, &batch, now)?;
        tracing::info!(device = device.code, frames = answers.len(), "batch");
        answers
    };
    let brought: BTreeSet<ChangeHash> = hashes.into_iter().collect();
    let (page, epoch, wanted, history_days) = store.read(|conn| -> Result<_, StoreError> {
        let company = company::get(conn)?.ok_or(StoreError::NotFound("company"))?;
        let history_days = company::history_days(conn)?;
        let reader = page::Reader {
            person: &device.person,
            device: device.id,
            version: request.version,
            since: now.plus_ms(-i64::from(history_days) * DAY_MS),
        };
        let page = page::read(conn, &reader, request.cursor, &brought)?;
        let wanted = page::wants::answer(conn, device.person.id, &request.wants)?;
        Ok((page, company.epoch, wanted, history_days))
    })?;
    Ok(SyncResponse {
        version: request.version,
        epoch,
        generation: request.generation,
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

fn check(device: &Device, request: &SyncRequest) -> Result<(), Problem> {
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
    if !request.is_signed_by(&device.public_key) {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "sync.wrong_signature",
            "the batch is not signed with the device's key",
        ));
    }
    Ok(())
}

fn touch(
    store: &Store,
    device: &Device,
    request: &SyncRequest,
    now: Timestamp,
) -> Result<(), StoreError> {
    let fresh = device
        .last_seen_at
        .is_some_and(|seen| now.ms_since(seen) < SEEN_EVERY_MS);
    if fresh && device.generation == request.generation {
        return Ok(());
    }
    store.write_at(now, |tx| {
        devices::saw(tx, device.id, request.generation, now)
    })
}
