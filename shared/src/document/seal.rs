//! Sealing: SHA-256 over the core's bytes and the device's Ed25519 signature over that digest.

pub use super::Seal;
use super::Sealer;
use crate::ids::Digest;

/// SHA-256 of a core's bytes.
pub fn digest(core: &[u8]) -> Digest {
    use sha2::Digest as _;
    Digest(sha2::Sha256::digest(core).into())
}

/// Seals a core's bytes with the device's key.
pub fn seal(core: &[u8], sealer: &dyn Sealer) -> Seal {
    let digest = digest(core);
    Seal {
        digest,
        signature: sealer.sign(&digest),
        public_key: sealer.public_key(),
    }
}

/// Does the seal belong to these bytes, and is its signature good?
pub fn verify(core: &[u8], seal: &Seal) -> bool {
    digest(core) == seal.digest && verify_signature(&seal.public_key, &seal.digest, &seal.signature)
}

/// Is this the key's Ed25519 signature over the digest? Weak keys are refused.
pub fn verify_signature(public_key: &[u8; 32], digest: &Digest, signature: &[u8; 64]) -> bool {
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    ed25519_dalek::VerifyingKey::from_bytes(public_key)
        .is_ok_and(|key| key.verify_strict(&digest.0, &signature).is_ok())
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
