//! Reading a page after a crash.
//!
//! A decoder that brings the process down (wasm cannot catch) must not do so again and again: before
//! a page is read, that is noted durably. If the note is still there at the next page, each change is
//! first read alone, noted by its hash; the one found noted after several more crashes goes into
//! quarantine unread. One more crash is no proof: a battery or a system ends processes at any moment.

use std::collections::{BTreeMap, btree_map::Entry};

use shared::{
    day::Timestamp,
    document,
    ids::{ChangeHash, DocumentId},
    sync::message::{Item, SyncResponse},
};

use super::super::{
    error::Result,
    open::Open,
    store::{documents, project, sync_state::note_reading},
};

/// Noted while a page is read.
pub const PAGE: &str = "page";
/// Crashes in a row, each with the same change noted, after which it counts as their cause.
const CRASHES: u32 = 3;

/// The change that was being read alone, and how often in a row it was.
fn suspect_of(reading: &str) -> (Option<ChangeHash>, u32) {
    let (hash, crashes) = reading.split_once(' ').unwrap_or((reading, "1"));
    (hash.parse().ok(), crashes.parse().unwrap_or(1))
}

/// After a crash while a page was read: reads each change alone, noting which.
pub fn read(open: &Open, response: &SyncResponse, reading: &str, now: Timestamp) -> Result<()> {
    let (suspect, crashes) = suspect_of(reading);
    let mut so_far: BTreeMap<DocumentId, Vec<Vec<u8>>> = BTreeMap::new();
    for entry in response.entries.iter().chain(&response.fetched_entries) {
        let Item::Change(item) = &entry.item else {
            continue;
        };
        let hash = document::frame_hash(&item.change);
        let bytes = document::from_frame(&item.change);
        let noted = if suspect == Some(hash) { crashes } else { 0 };
        if noted >= CRASHES {
            let reason = ("document.crashes_reader", "reading it ended the process");
            documents::quarantine(&open.db, item.document, hash, &bytes, false, reason, now)?;
        }
        if documents::is_unreadable(&open.db, hash)? {
            continue;
        }
        note_reading(&open.db, Some(&format!("{hash} {}", noted + 1)))?;
        let changes = match so_far.entry(item.document) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(documents::changes(&open.db, item.document)?),
        };
        changes.push(bytes);
        // An error is dealt with when the page is applied; here only a crash matters.
        let _ = project::read(changes);
    }
    note_reading(&open.db, Some(PAGE))
}
