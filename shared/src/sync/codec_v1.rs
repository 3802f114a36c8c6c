//! Messages of version 1, for a phone or a server that has not been brought up to date yet.
//!
//! Invariant: these shapes never change. What version 1 does not know (what is asked for, digests) is
//! left out; whoever answers a request of version 1 sends no such entries.

use serde::{Deserialize, Serialize};

use super::message::{Answer, Cursor, Entry, Frame, Standing, SyncRequest, SyncResponse};
use crate::{day::Timestamp, ids::DeviceId};

/// [`SyncRequest`] of version 1.
#[derive(Serialize, Deserialize)]
pub(super) struct RequestV1 {
    version: u16,
    device: DeviceId,
    generation: u64,
    batch: u64,
    epoch: u64,
    cursor: Cursor,
    #[serde(deserialize_with = "super::bounded::frames")]
    frames: Vec<Frame>,
    #[serde(with = "super::message::signature_bytes")]
    signature: [u8; 64],
    phone_clock: Timestamp,
}

impl From<&SyncRequest> for RequestV1 {
    fn from(request: &SyncRequest) -> Self {
        Self {
            version: request.version,
            device: request.device,
            generation: request.generation,
            batch: request.batch,
            epoch: request.epoch,
            cursor: request.cursor,
            frames: request.frames.clone(),
            signature: request.signature,
            phone_clock: request.phone_clock,
        }
    }
}

impl From<RequestV1> for SyncRequest {
    fn from(request: RequestV1) -> Self {
        Self {
            version: request.version,
            device: request.device,
            generation: request.generation,
            batch: request.batch,
            epoch: request.epoch,
            cursor: request.cursor,
            checkpoints: Vec::new(),
            frames: request.frames,
            signature: request.signature,
            phone_clock: request.phone_clock,
            wants: Vec::new(),
        }
    }
}

/// [`SyncResponse`] of version 1.
#[derive(Serialize, Deserialize)]
pub(super) struct ResponseV1 {
    version: u16,
    epoch: u64,
    generation: u64,
    answers: Vec<Answer>,
    entries: Vec<Entry>,
    cursor: Cursor,
    more: bool,
    head_seq: u64,
    server_clock: Timestamp,
}

impl From<&SyncResponse> for ResponseV1 {
    fn from(response: &SyncResponse) -> Self {
        Self {
            version: response.version,
            epoch: response.epoch,
            generation: response.generation,
            answers: response.answers.clone(),
            entries: response.entries.clone(),
            cursor: response.cursor,
            more: response.more,
            head_seq: response.head_seq,
            server_clock: response.server_clock,
        }
    }
}

impl From<ResponseV1> for SyncResponse {
    fn from(response: ResponseV1) -> Self {
        Self {
            version: response.version,
            epoch: response.epoch,
            generation: response.generation,
            standing: Standing::Current,
            answers: response.answers,
            entries: response.entries,
            cursor: response.cursor,
            more: response.more,
            head_seq: response.head_seq,
            server_clock: response.server_clock,
            fetched: Vec::new(),
            fetched_entries: Vec::new(),
            history_days: 0,
        }
    }
}
