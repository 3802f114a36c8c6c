//! `admit_change`: a change as the server judges it, against nothing or a stored document.
//!
//! First byte: lowest three bits 1 to 4 choose the stored document (visit, promise, receipt, contact
//! book), anything else none; 8: pushed by the supervisor, 16: the length in the frame is repaired. The
//! rest is the frame; its checksum is always right, since the receiver computes it.
//!
//! What is admitted goes to phones, which cannot catch a panic: it must read there, in either order
//! beside what else is stored, and the next honest edit must still be possible. What is admitted without a document
//! of Automerge is admitted by one, too, and says the same.

use std::sync::OnceLock;

use shared::{
    document::{self, edit},
    sync::admission::{self, Admitted, Pusher, Rejection, Stored},
};

use super::{
    chunk, guard,
    honest::{self, Which},
};

/// Which stored document.
pub const WHICH: u8 = 0b111;
/// Pushed by the supervisor.
pub const BY_SUPERVISOR: u8 = 8;
/// The frame's length is written anew.
pub const REPAIR: u8 = 16;

/// An input taken apart.
pub struct Case {
    /// The stored document that it is judged against.
    pub which: Option<Which>,
    /// Is it pushed by the supervisor?
    pub by_supervisor: bool,
    /// The frame.
    pub frame: Vec<u8>,
}

impl Case {
    /// Reads an input.
    pub fn of(input: &[u8]) -> Option<Self> {
        let (&selector, rest) = input.split_first()?;
        let which = usize::from(selector & WHICH).checked_sub(1);
        let frame = match rest {
            [chunk_type, _, body @ ..] if selector & REPAIR != 0 => {
                // Whatever the length was, the body begins behind it.
                let length = rest[1..].iter().take_while(|b| **b & 0x80 != 0).count();
                chunk::with_length(*chunk_type, body.get(length..).unwrap_or_default())
            }
            _ => rest.to_vec(),
        };
        Some(Self {
            which: which.and_then(|i| Which::ALL.get(i)).copied(),
            by_supervisor: selector & BY_SUPERVISOR != 0,
            frame,
        })
    }
}

/// The four stored documents; made once.
pub fn stored(which: Which) -> &'static Stored {
    static STORED: OnceLock<[Stored; 4]> = OnceLock::new();
    &STORED.get_or_init(|| Which::ALL.map(Which::stored))[which as usize]
}

/// Judges the input; gives `admitted` or the code of the refusal.
pub fn run(input: &[u8]) -> &'static str {
    let Some(case) = Case::of(input) else {
        return "empty";
    };
    let stored = case.which.map(stored);
    let pusher = if case.by_supervisor {
        honest::boss()
    } else {
        honest::rep()
    };
    let judged = guard::guarded(|| judged(&case.frame, stored, &pusher));
    if stored.is_none() {
        // What is read at once is what a document of Automerge says, and is refused for the same reason.
        let by_document =
            guard::guarded(|| admission::admit_by_document(&case.frame, None, &pusher));
        assert_eq!(judged, by_document, "read at once, and by a document");
    }
    match judged {
        None => "decoder.panic",
        Some(Err(rejection)) => rejection.code(),
        Some(Ok(admitted)) => {
            harmless(&case.frame, &admitted, stored);
            "admitted"
        }
    }
}

fn judged(frame: &[u8], stored: Option<&Stored>, pusher: &Pusher) -> Result<Admitted, Rejection> {
    admission::check_frame(frame)?;
    admission::creates(frame)?;
    if stored.is_none() {
        let _ = admission::made_on(frame);
    }
    admission::admit(frame, stored, pusher)
}

fn harmless(frame: &[u8], admitted: &Admitted, stored: Option<&Stored>) {
    assert_eq!(document::to_frame(&admitted.bytes), frame);
    assert_eq!(document::inspect(&admitted.bytes), Ok(admitted.hash));
    let mut changes = stored.map_or_else(Vec::new, |s| s.changes.clone());
    changes.push(admitted.bytes.clone());
    let whole = document::read(&changes);
    assert_eq!(
        whole.as_ref().map(|(head, record)| (head, record)),
        Ok((&admitted.head, &admitted.record)),
        "a phone reads something else"
    );
    // What is next of an honest person goes on top.
    let author = stored.map_or(honest::REP, |s| s.author);
    let next = edit::apply(&changes, &honest::comment(99, author), [51; 16], 0)
        .expect("no edit is possible any more");
    let grown = Stored {
        document: admitted.document,
        author,
        changes,
    };
    let next = admission::admit(
        document::to_frame(&next.bytes),
        Some(&grown),
        &honest::rep(),
    );
    next.map(|_| ()).expect("an honest edit is refused");
}
