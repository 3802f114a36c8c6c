//! `wire_decode`: what a server reads from a device and a device from a server.
//!
//! First byte: 0 a request and 1 a response as they come; 2 and 3 the same before they are packed, so
//! that the input need not be compressed; 4 more makes the latter messages of the oldest version.

use shared::{
    document::Sealer as _,
    sync::message::{MessageError, OLDEST_VERSION, PROTOCOL_VERSION, SyncRequest, SyncResponse},
};

use super::honest;

/// Decodes the input; gives `decoded` or the code of the refusal.
pub fn run(input: &[u8]) -> &'static str {
    let Some((&selector, bytes)) = input.split_first() else {
        return "empty";
    };
    let message = match selector % 4 {
        0 | 1 => bytes.to_vec(),
        _ if selector & 4 != 0 => stored(OLDEST_VERSION, bytes),
        _ => stored(PROTOCOL_VERSION, bytes),
    };
    match selector % 2 {
        0 => judge(SyncRequest::decode(&message), |request| {
            let again = request.encode().and_then(|b| SyncRequest::decode(&b));
            assert_eq!(again.as_ref(), Ok(request), "reads back differently");
            assert_eq!(request.hashes().len(), request.frames.len());
            let _ = request.is_signed_by(&honest::key().public_key());
        }),
        _ => judge(SyncResponse::decode(&message), |response| {
            let again = response.encode().and_then(|b| SyncResponse::decode(&b));
            assert_eq!(again.as_ref(), Ok(response), "reads back differently");
        }),
    }
}

fn judge<T>(decoded: Result<T, MessageError>, check: impl FnOnce(&T)) -> &'static str {
    match decoded {
        Ok(message) => {
            check(&message);
            "decoded"
        }
        Err(error) => error.code(),
    }
}

/// Bytes as a message that is a zstd frame of blocks that are not compressed.
pub fn stored(version: u16, plain: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 128 << 10;
    let mut out = vec![version as u8];
    // Magic; a single segment with its length in eight bytes.
    out.extend([0x28, 0xb5, 0x2f, 0xfd, 0xe0]);
    out.extend((plain.len() as u64).to_le_bytes());
    let mut blocks = plain.chunks(BLOCK).peekable();
    if blocks.peek().is_none() {
        out.extend([1, 0, 0]);
    }
    while let Some(block) = blocks.next() {
        let last = u32::from(blocks.peek().is_none());
        let header = (block.len() as u32) << 3 | last;
        out.extend(&header.to_le_bytes()[..3]);
        out.extend(block);
    }
    out
}
