//! `hydrate`: a document read from its changes, as a phone does with what it has stored.
//!
//! The input is a list of frames, each behind its length in two bytes (little endian); checksums are
//! always right. Also asked: the rules that a phone asks before it saves.

use shared::{
    document::{self, rules},
    people::Role,
};

use super::{guard, honest};

/// Reads the input as a document; gives `read` or the code of the refusal.
pub fn run(input: &[u8]) -> &'static str {
    let changes: Vec<Vec<u8>> = frames(input)
        .iter()
        .map(|frame| document::from_frame(frame))
        .collect();
    for change in &changes {
        let hash = document::inspect(change);
        assert!(hash.is_err() || hash == Ok(document::frame_hash(document::to_frame(change))));
    }
    if let Some((last, before)) = changes.split_last() {
        guard::guarded(|| {
            let _ = rules::phone_check(before, last, Role::Rep, honest::REP, true);
        });
    }
    match guard::guarded(|| document::read(&changes)) {
        None => "decoder.panic",
        Some(Ok((head, _))) => {
            assert!(head.schema > 0);
            "read"
        }
        Some(Err(error)) => error.code(),
    }
}

/// The frames of an input; one that is cut off is taken as it is.
pub fn frames(mut input: &[u8]) -> Vec<&[u8]> {
    let mut frames = Vec::new();
    while let [low, high, rest @ ..] = input {
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        let (frame, behind) = rest.split_at(length.min(rest.len()));
        frames.push(frame);
        input = behind;
    }
    frames
}

/// The input of these frames.
pub fn input(frames: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for frame in frames {
        out.extend((frame.len() as u16).to_le_bytes());
        out.extend(*frame);
    }
    out
}
