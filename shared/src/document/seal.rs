//! Sealing: SHA-256 over the core's bytes and the device's Ed25519 signature over that digest.

use super::Seal;
use crate::ids::Digest;

/// SHA-256 of a core's bytes.
pub fn digest(core: &[u8]) -> Digest {
    use sha2::Digest as _;
    Digest(sha2::Sha256::digest(core).into())
}

/// Does the seal belong to these bytes, and is its signature good?
pub fn verify(core: &[u8], seal: &Seal) -> bool {
    let _ = (core, seal);
    unimplemented!()
}

/// 64 bytes as hex in JSON.
pub(crate) mod hex_64 {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8; 64], s: S) -> Result<S::Ok, S::Error> {
        let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
        s.serialize_str(&hex)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<[u8; 64], D::Error> {
        let hex = String::deserialize(d)?;
        let bytes: Option<Vec<u8>> = (0..hex.len() / 2)
            .map(|i| {
                hex.get(2 * i..2 * i + 2)
                    .and_then(|t| u8::from_str_radix(t, 16).ok())
            })
            .collect();
        bytes
            .and_then(|b| b.try_into().ok())
            .ok_or_else(|| D::Error::custom("a signature has 128 hex digits"))
    }
}
