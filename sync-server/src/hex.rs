//! Bytes as hex digits.

/// Lower-case hex.
pub fn encode(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// 32 bytes from 64 hex digits.
pub fn decode_32(text: &str) -> Option<[u8; 32]> {
    text.parse::<shared::ids::Digest>()
        .ok()
        .map(|digest| digest.0)
}
