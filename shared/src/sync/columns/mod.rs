//! Entries in columns: what stands at the same place of every entry lies together, so that days lie
//! beside days and sums beside sums. An invoice row takes about 29 bytes that way, once packed.
//!
//! Logically a page stays a list of entries in log order; columns are a matter of how they travel. The
//! shape is taken from the types themselves, through serde: each field of each kind of row is a column
//! of its own, and a field or a kind that is added later gets one without anything being said here.
//!
//! - Numbers (days, sums, places of the log, variants, lengths): zigzag varints, of the difference to
//!   the one before where that is shorter.
//! - Text and byte strings: lengths, and the bytes one after another.
//! - Ids of 16 and 32 bytes: each once in a message, in the order of first use; elsewhere its number
//!   there, as the difference to the one before in that column.
//! - Bytes of changes: one after another. Their hashes are in the list of ids beforehand (reader and
//!   writer compute them), so that a document's id, the hash of its creation change, is not sent.
//!
//! Invariants: the entries come back exactly as they were; bytes from outside never panic, and take at
//! most a fixed multiple of their length in memory ([`limits::LIST_ELEMENTS`] bounds every list, every
//! element has been paid for with at least a byte); nothing is left over.

pub(super) mod list;
mod number;
mod read;
#[cfg(test)]
mod tests;
mod write;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    limits,
    message::{ChangeItem, DigestItem, Entry, Item, Row},
};
use crate::{
    day::Timestamp,
    document::{Kind, frame_hash},
    ids::{CustomerId, DeviceId, DocumentId, PersonId},
};
pub(crate) use number::put as put_number;
pub(in crate::sync) use number::{take as take_number, take_length, unzigzag, zigzag};
use read::Reader;
use write::Writer;

/// Why values cannot be packed, or bytes are not packed values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// A type that has no column (floating point, self-describing values), or is used in two ways.
    #[error("not for columns: {0}")]
    Unsupported(&'static str),
    /// Cut off, or not what was expected.
    #[error("damaged columns: {0}")]
    Damaged(&'static str),
    /// A list beyond [`limits::LIST_ELEMENTS`].
    #[error("a list is too long")]
    TooLong,
    /// What a type says of a value that it does not accept.
    #[error("{0}")]
    Value(String),
}

impl serde::ser::Error for ColumnsError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::Value(message.to_string())
    }
}

impl serde::de::Error for ColumnsError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::Value(message.to_string())
    }
}

/// An entry without the bytes of its change.
#[derive(Serialize, Deserialize)]
struct Bare<I> {
    seq: u64,
    item: I,
}

/// What a bare entry brings, as it is written.
#[derive(Serialize)]
enum Given<'a> {
    Change(Meta),
    Row(&'a Row),
    Enter(CustomerId),
    Leave(CustomerId),
    Digest(&'a DigestItem),
}

/// The same as it is read.
#[derive(Deserialize)]
enum Taken {
    Change(Meta),
    Row(Box<Row>),
    Enter(CustomerId),
    Leave(CustomerId),
    Digest(Box<DigestItem>),
}

/// A [`ChangeItem`] without its bytes.
#[derive(Serialize, Deserialize)]
struct Meta {
    document: DocumentId,
    kind: Kind,
    customer: CustomerId,
    person: PersonId,
    device: DeviceId,
    received_at: Timestamp,
    clock_offset_ms: i64,
}

impl Meta {
    fn of(item: &ChangeItem) -> Self {
        Self {
            document: item.document,
            kind: item.kind,
            customer: item.customer,
            person: item.person,
            device: item.device,
            received_at: item.received_at,
            clock_offset_ms: item.clock_offset_ms,
        }
    }

    fn with(self, change: Vec<u8>) -> ChangeItem {
        ChangeItem {
            document: self.document,
            kind: self.kind,
            customer: self.customer,
            person: self.person,
            device: self.device,
            received_at: self.received_at,
            clock_offset_ms: self.clock_offset_ms,
            change,
        }
    }
}

/// Entries as columns, not compressed yet.
pub fn pack(entries: &[Entry]) -> Result<Vec<u8>, ColumnsError> {
    if entries.len() > limits::LIST_ELEMENTS {
        return Err(ColumnsError::TooLong);
    }
    let mut writer = Writer::default();
    let mut out = Vec::new();
    let frames: Vec<&[u8]> = entries.iter().filter_map(change_of).collect();
    number::put(&mut out, frames.len() as u64);
    for frame in &frames {
        number::put(&mut out, frame.len() as u64);
        writer.know(frame_hash(frame).0);
    }
    for frame in frames {
        out.extend_from_slice(frame);
    }
    let bare: Vec<Bare<Given<'_>>> = entries
        .iter()
        .map(|entry| Bare {
            seq: entry.seq,
            item: match &entry.item {
                Item::Change(item) => Given::Change(Meta::of(item)),
                Item::Row(row) => Given::Row(row),
                Item::Enter(customer) => Given::Enter(*customer),
                Item::Leave(customer) => Given::Leave(*customer),
                Item::Digest(digest) => Given::Digest(digest),
            },
        })
        .collect();
    writer.write(&bare)?;
    writer.finish(&mut out);
    Ok(out)
}

/// The entries of [`pack`].
pub fn unpack(bytes: &[u8]) -> Result<Vec<Entry>, ColumnsError> {
    let mut rest = bytes;
    let count = number::take_length(&mut rest)?;
    if count > limits::LIST_ELEMENTS.min(rest.len()) {
        return Err(ColumnsError::TooLong);
    }
    let mut lengths = Vec::with_capacity(count);
    for _ in 0..count {
        lengths.push(number::take_length(&mut rest)?);
    }
    let mut frames = Vec::with_capacity(count);
    for length in lengths {
        frames.push(number::take_bytes(&mut rest, length)?);
    }
    let mut reader = Reader::new(rest, frames.iter().map(|frame| frame_hash(frame).0))?;
    let bare: Vec<Bare<Taken>> = reader.read()?;
    reader.finish()?;
    let mut frames = frames.into_iter();
    let mut entries = Vec::with_capacity(bare.len());
    for Bare { seq, item } in bare {
        let item = match item {
            Taken::Change(meta) => {
                let change = frames
                    .next()
                    .ok_or(ColumnsError::Damaged("a change without bytes"))?;
                Item::Change(meta.with(change.to_vec()))
            }
            Taken::Row(row) => Item::Row(row),
            Taken::Enter(customer) => Item::Enter(customer),
            Taken::Leave(customer) => Item::Leave(customer),
            Taken::Digest(digest) => Item::Digest(digest),
        };
        entries.push(Entry { seq, item });
    }
    match frames.next() {
        None => Ok(entries),
        Some(_) => Err(ColumnsError::Damaged("bytes without a change")),
    }
}

/// Any value as columns, not compressed yet.
pub fn to_bytes(value: &impl Serialize) -> Result<Vec<u8>, ColumnsError> {
    let mut writer = Writer::default();
    writer.write(value)?;
    let mut out = Vec::new();
    writer.finish(&mut out);
    Ok(out)
}

/// The value of [`to_bytes`].
pub fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ColumnsError> {
    let mut reader = Reader::new(bytes, std::iter::empty())?;
    let value = reader.read()?;
    reader.finish()?;
    Ok(value)
}

fn change_of(entry: &Entry) -> Option<&[u8]> {
    match &entry.item {
        Item::Change(item) => Some(&item.change),
        _ => None,
    }
}
