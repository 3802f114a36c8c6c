//! A creation change read at once: without the document that Automerge makes of it.
//!
//! Most changes that a server takes in create a record. To judge one by a document of Automerge's the change is
//! expanded, applied, written, loaded again and read key by key: most of what a visit costs the server. The operations
//! of a creation change say all of that themselves.
//!
//! What is read here is what [`super::admission`] reads by a document, and is admitted there, too:
//!
//! - *It decodes to the same operations.* The frame is written once more from them in the way that Automerge writes
//!   ([`frame_columns::creation`]); only one that gives the same bytes is read here. So there is one actor, nothing
//!   that it builds on, replaces or counts up, no value of a kind that this version does not write.
//! - *It obeys the rules*: [`Containers::of_creation`] is asked about the same operations in both cases.
//! - *Its document is what [`Made`] says*: every key is put once into a map made before, every element comes last in
//!   a list made before. There is no other order, conflict or deletion that Automerge would have to resolve.
//! - *It survives storing.* What Automerge gives back of a document are the operations in the order of their counters,
//!   written in that one way: those of the frame, as it has been compared. (What is stored are the frame's bytes.)
//! - *Head and record are the same*: read by the same code ([`Readable`]) of what stands under the same keys.
//!
//! Where any of this is not so, or the record cannot be read, nothing is said here: Automerge is asked, and refuses
//! with the reason that it always had. `creation_tests` compares both over every kind of record, over made-up
//! operations and over damaged frames; so does the fuzz target `admit_change`.

use super::frame_columns;
use crate::{
    document::{Head, Made, Readable as _, Record, rules::Containers},
    ids::ChangeHash,
};

/// What the change of a frame with this hash says; none if Automerge has to be asked.
pub(super) fn read(frame: &[u8], hash: ChangeHash) -> Option<(Head, Record)> {
    let creation = frame_columns::creation(frame, hash)?;
    Containers::of_creation(&creation).ok()?;
    let made = Made::of(&creation)?;
    let head = made.head().ok()?;
    let record = made.record(&head).ok()?;
    made.has_answered().then_some((head, record))
}
