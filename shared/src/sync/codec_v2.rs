//! Requests of version 2, for a phone or a server that has not been brought up to date yet. Answers are the same.
//!
//! Invariant: this shape never changes. Frames lie in it one after another.

use serde::{Deserialize, Serialize};

use super::message::{Checkpoint, Cursor, Frame, SyncRequest, Want};
use crate::{day::Timestamp, ids::DeviceId};

/// [`SyncRequest`] of version 2.
#[derive(Serialize, Deserialize)]
pub(super) struct RequestV2 {
    version: u16,
    device: DeviceId,
    generation: u64,
    batch: u64,
    epoch: u64,
    cursor: Cursor,
    checkpoints: Vec<Checkpoint>,
    #[serde(deserialize_with = "super::bounded::frames")]
    frames: Vec<Frame>,
    #[serde(with = "super::message::signature_bytes")]
    signature: [u8; 64],
    phone_clock: Timestamp,
    wants: Vec<Want>,
}

impl From<&SyncRequest> for RequestV2 {
    fn from(request: &SyncRequest) -> Self {
        Self {
            version: request.version,
            device: request.device,
            generation: request.generation,
            batch: request.batch,
            epoch: request.epoch,
            cursor: request.cursor,
            checkpoints: request.checkpoints.clone(),
            frames: request.frames.clone(),
            signature: request.signature,
            phone_clock: request.phone_clock,
            wants: request.wants.clone(),
        }
    }
}

impl From<RequestV2> for SyncRequest {
    fn from(request: RequestV2) -> Self {
        Self {
            version: request.version,
            device: request.device,
            generation: request.generation,
            batch: request.batch,
            epoch: request.epoch,
            cursor: request.cursor,
            checkpoints: request.checkpoints,
            frames: request.frames,
            signature: request.signature,
            phone_clock: request.phone_clock,
            wants: request.wants,
        }
    }
}
