//! Messages as bytes: one version byte and a zstd frame of postcard bytes. The entries of a page lie
//! in it as columns (see [`super::columns`]), and so do the frames of a request (see [`super::frame_columns`]). The
//! version before is laid out alike; in the newer there is more that can be said ([`super::message::since`]).
//!
//! Invariant: what comes in is bounded before it is expanded (compressed length, window, expanded
//! length, counts), so that a small message cannot become a large one in memory.

use std::io::Read;

use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

use super::{
    limits,
    message::{OLDEST_VERSION, PROTOCOL_VERSION, SyncRequest, SyncResponse},
};
use crate::{
    document::{Sealer, frame_hash, seal},
    ids::{ChangeHash, Digest},
};

/// zstd level of a message made on the fly. Measured over 10,000 invoice rows in columns: 25.8 B a row
/// at level 1, 25.6 at 3, 25.5 at 9, 25.0 at 19; level 3 costs hardly more time than 1, level 19 three
/// times as much.
pub const LEVEL: i32 = 3;
/// Largest window that a message may ask for: 8 MiB, that of zstd's level 19.
const WINDOW_LOG_MAX: u32 = 23;

/// Why bytes are not a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// Another version of the protocol.
    #[error("another version of the protocol: {0}")]
    Version(u8),
    /// Beyond a limit of `sync::limits`.
    #[error("over a limit: {0}")]
    TooLarge(&'static str),
    /// Cut off, not zstd, not a message, or with something behind it.
    #[error("damaged message")]
    Damaged,
}

impl MessageError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Version(_) => "message.version",
            Self::TooLarge(_) => "message.too_large",
            Self::Damaged => "message.damaged",
        }
    }
}

impl SyncRequest {
    /// The bytes of the request, packed with [`LEVEL`].
    pub fn encode(&self) -> Result<Vec<u8>, MessageError> {
        self.encode_at(LEVEL)
    }

    /// The bytes of the request, packed with this zstd level (1 to 19).
    pub fn encode_at(&self, level: i32) -> Result<Vec<u8>, MessageError> {
        let bytes = pack(self.version, self, level)?;
        if bytes.len() > limits::REQUEST_BYTES {
            return Err(MessageError::TooLarge("request"));
        }
        Ok(bytes)
    }

    /// Reads a request within the limits.
    pub fn decode(bytes: &[u8]) -> Result<Self, MessageError> {
        is_known(bytes)?;
        let request: Self = unpack(bytes, limits::REQUEST_BYTES)?;
        same_version(bytes, request.version)?;
        if request.frames.len() > limits::FRAMES_PER_REQUEST {
            return Err(MessageError::TooLarge("frames"));
        }
        if request.wants.len() > limits::WANTS_PER_REQUEST {
            return Err(MessageError::TooLarge("wants"));
        }
        if request.checkpoints.len() > limits::CHECKPOINTS {
            return Err(MessageError::TooLarge("checkpoints"));
        }
        Ok(request)
    }

    /// Hashes of the changes, in the order of the frames.
    pub fn hashes(&self) -> Vec<ChangeHash> {
        self.frames.iter().map(|f| frame_hash(&f.change)).collect()
    }

    /// Puts the device's signature over [`manifest`] into the request; zeros if it has no frames.
    pub fn sign(&mut self, sealer: &dyn Sealer) {
        self.signature = if self.frames.is_empty() {
            [0; 64]
        } else {
            sealer.sign(&manifest(self))
        };
    }

    /// Is the signature this key's? A request without frames needs none.
    pub fn is_signed_by(&self, public_key: &[u8; 32]) -> bool {
        self.manifest_signed_by(public_key).is_some()
    }

    /// [`manifest`], if the signature is this key's.
    pub fn manifest_signed_by(&self, public_key: &[u8; 32]) -> Option<Digest> {
        let manifest = manifest(self);
        let is_signed = self.frames.is_empty()
            || seal::verify_signature(public_key, &manifest, &self.signature);
        is_signed.then_some(manifest)
    }
}

impl SyncResponse {
    /// The bytes of the response, packed with [`LEVEL`].
    pub fn encode(&self) -> Result<Vec<u8>, MessageError> {
        self.encode_at(LEVEL)
    }

    /// The bytes of the response, packed with this zstd level (1 to 19).
    pub fn encode_at(&self, level: i32) -> Result<Vec<u8>, MessageError> {
        pack(self.version, self, level)
    }

    /// Reads a response within the limits.
    pub fn decode(bytes: &[u8]) -> Result<Self, MessageError> {
        is_known(bytes)?;
        let response: Self = unpack(bytes, limits::MESSAGE_BYTES)?;
        same_version(bytes, response.version)?;
        Ok(response)
    }
}

/// What the signature of a batch is over: device, batch number and the changes' hashes in order.
pub fn manifest(request: &SyncRequest) -> Digest {
    let mut hash = Sha256::new();
    hash.update(b"huikuan sync batch 1");
    hash.update(request.device.0.as_bytes());
    hash.update(request.batch.to_le_bytes());
    hash.update((request.frames.len() as u64).to_le_bytes());
    for change in request.hashes() {
        hash.update(change.0);
    }
    Digest(hash.finalize().into())
}

/// Is the version that a message's first byte names understood? It counts up when the bytes behind it change their
/// meaning, or there is more that they can mean.
fn is_known(bytes: &[u8]) -> Result<(), MessageError> {
    let first = *bytes.first().ok_or(MessageError::Damaged)?;
    match u16::from(first) {
        OLDEST_VERSION..=PROTOCOL_VERSION => Ok(()),
        _ => Err(MessageError::Version(first)),
    }
}

/// The version inside is the one that the first byte names. No sender says otherwise, so it is damage, and must not set
/// anybody back to an older version.
fn same_version(bytes: &[u8], inside: u16) -> Result<(), MessageError> {
    match bytes.first().map(|first| u16::from(*first)) {
        Some(named) if named == inside => Ok(()),
        _ => Err(MessageError::Damaged),
    }
}

fn pack(version: u16, message: &impl Serialize, level: i32) -> Result<Vec<u8>, MessageError> {
    let plain = postcard::to_allocvec(message).map_err(|_| MessageError::Damaged)?;
    if plain.len() > limits::MESSAGE_BYTES {
        return Err(MessageError::TooLarge("message"));
    }
    let packed = compress(&plain, level).map_err(|_| MessageError::Damaged)?;
    let mut bytes = Vec::with_capacity(1 + packed.len());
    bytes.push(version as u8);
    bytes.extend(packed);
    Ok(bytes)
}

/// With a checksum over the plain bytes (four more): a bit flipped on the way must not become another
/// sum, another customer or another cursor.
fn compress(plain: &[u8], level: i32) -> std::io::Result<Vec<u8>> {
    let mut compressor = zstd::bulk::Compressor::new(level)?;
    compressor.include_checksum(true)?;
    compressor.compress(plain)
}

fn unpack<T: DeserializeOwned>(bytes: &[u8], limit: usize) -> Result<T, MessageError> {
    if bytes.len() > limit {
        return Err(MessageError::TooLarge("message"));
    }
    let (_, packed) = bytes.split_first().ok_or(MessageError::Damaged)?;
    let mut decoder = zstd::Decoder::with_buffer(packed).map_err(|_| MessageError::Damaged)?;
    decoder
        .window_log_max(WINDOW_LOG_MAX)
        .map_err(|_| MessageError::Damaged)?;
    let mut plain = Vec::new();
    let cap = limits::MESSAGE_BYTES as u64;
    decoder
        .take(cap + 1)
        .read_to_end(&mut plain)
        .map_err(|_| MessageError::Damaged)?;
    if plain.len() as u64 > cap {
        return Err(MessageError::TooLarge("expanded message"));
    }
    match postcard::take_from_bytes(&plain) {
        Ok((message, [])) => Ok(message),
        _ => Err(MessageError::Damaged),
    }
}
