//! Change chunks as bytes: `85 6f 4a 83`, four bytes of checksum, a type byte, the length of the
//! contents as LEB128, the contents. The hash is SHA-256 over everything from the type byte on.

use sha2::{Digest as _, Sha256};

use super::DocumentError;
use crate::{ids::ChangeHash, sync::limits};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Magic and checksum, which a frame leaves out.
const PREFIX_BYTES: usize = 8;
/// Type byte of an uncompressed change.
pub(crate) const CHANGE: u8 = 1;

/// The hash of a change chunk, without applying it; refuses other chunks and wrong checksums.
pub fn inspect(change: &[u8]) -> Result<ChangeHash, DocumentError> {
    let damaged = |what: &str| DocumentError::Damaged(what.to_owned());
    let (Some(prefix), Some(frame)) = (change.get(..PREFIX_BYTES), change.get(PREFIX_BYTES..))
    else {
        return Err(damaged("too short"));
    };
    if frame.len() > limits::CHANGE_BYTES {
        return Err(DocumentError::TooLarge("change"));
    }
    if frame.first() != Some(&CHANGE) {
        return Err(damaged("not a plain change"));
    }
    let hash = frame_hash(frame);
    if prefix[..4] != MAGIC || prefix[4..] != hash.0[..4] {
        return Err(damaged("wrong checksum"));
    }
    Ok(hash)
}

/// Cuts the eight bytes off a change chunk that the other side can recompute (magic, checksum).
pub fn to_frame(change: &[u8]) -> &[u8] {
    change.get(PREFIX_BYTES..).unwrap_or_default()
}

/// Puts magic and checksum back in front of a frame.
pub fn from_frame(frame: &[u8]) -> Vec<u8> {
    from_frame_with_hash(frame).0
}

/// The same, with the hash of the change.
pub(crate) fn from_frame_with_hash(frame: &[u8]) -> (Vec<u8>, ChangeHash) {
    let hash = frame_hash(frame);
    let mut change = Vec::with_capacity(PREFIX_BYTES + frame.len());
    change.extend(MAGIC);
    change.extend(&hash.0[..4]);
    change.extend(frame);
    (change, hash)
}

/// The hash of the change in a frame.
pub fn frame_hash(frame: &[u8]) -> ChangeHash {
    ChangeHash(Sha256::digest(frame).into())
}
