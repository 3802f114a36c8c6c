//! Frames on their way up in columns: what stands at the same place of every change lies together.
//!
//! The changes of a batch are of a few kinds, and those of a kind look alike: the same keys in the same
//! order, with other values. The look (*shape*) of a change is sent once; then its values, each place of
//! the shape in a stream of its own: times as the distance to the last time, other numbers as the
//! difference to the one before, ids and short texts once and after that by their number. The canonical
//! JSON of a sealed core is taken apart in the same way (see [`json`]), so that the points of a drawn
//! signature travel as their distances. A digest that the receiver can compute (of a sealed core, of a
//! change) is not sent.
//!
//! Only creation changes are taken apart, and only where the pieces put together give the same bytes again
//! (the sender tries); every other frame travels as it is. Hashes and signatures never see this form.
//!
//! Invariants: the frames come back exactly as they were; bytes from outside never panic; each operation
//! beyond [`FREE_ROWS`] of a change has been paid for with at least a byte, no change expands beyond
//! [`limits::CHANGE_BYTES`], nor all of them beyond [`limits::MESSAGE_BYTES`]; nothing is left over.

pub(super) mod change;
mod json;
mod plain;
pub(super) mod rows;
mod streams;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserializer, Serializer, de, de::Visitor};

use super::{columns::ColumnsError, limits, message::Frame};
use crate::{document::frame_hash, ids::DocumentId};
use change::{Change, Head, Value};
pub(super) use plain::creation;
use rows::Shape;
use streams::{Reader, Stream, Writer};

/// From so many frames on columns are shorter.
const COLUMNS_FROM: usize = 2;
/// Operations of a change that have no value, at most.
const FREE_ROWS: usize = 128;
/// Operations of all shapes of a message, at most.
const SHAPE_ROWS: usize = 16_384;

const ONE_BY_ONE: u8 = 0;
const COLUMNS: u8 = 1;

const AS_IT_IS: u64 = 0;
const TAKEN_APART: u64 = 1;

fn damaged(what: &'static str) -> ColumnsError {
    ColumnsError::Damaged(what)
}

/// Frames as columns, not compressed yet.
pub fn pack(frames: &[Frame]) -> Vec<u8> {
    let mut out = Writer::default();
    let mut shapes = Shapes::default();
    for frame in frames {
        out.flag(Stream::DOCUMENT, frame.document.is_some());
        if let Some(DocumentId(hash)) = frame.document {
            out.id(Stream::DOCUMENT_ID, &hash);
        }
        match Change::parse(&frame.change).and_then(|change| shapes.place(change)) {
            Some((at, change)) => {
                out.plain(Stream::FORM, TAKEN_APART);
                put(&mut out, at, &shapes, &change);
            }
            None => {
                out.plain(Stream::FORM, AS_IT_IS);
                out.bytes(Stream::WHOLE, &frame.change);
            }
        }
        out.know(&frame_hash(&frame.change).0);
    }
    let mut bytes = Vec::new();
    super::columns::put_number(&mut bytes, frames.len() as u64);
    out.finish(&mut bytes);
    bytes
}

/// The frames of [`pack`]; of more than a request may have, one too many.
pub fn unpack(bytes: &[u8]) -> Result<Vec<Frame>, ColumnsError> {
    let mut rest = bytes;
    let count = super::columns::take_length(&mut rest)?;
    let mut input = Reader::new(rest)?;
    let mut shapes: Vec<Shape<'_>> = Vec::new();
    let mut shape_rows = 0;
    let mut expanded = 0;
    let mut frames = Vec::new();
    for _ in 0..count.min(limits::FRAMES_PER_REQUEST + 1) {
        let document = match input.flag(Stream::DOCUMENT)? {
            true => Some(DocumentId(input.id(Stream::DOCUMENT_ID)?)),
            false => None,
        };
        let change = match input.plain(Stream::FORM)? {
            AS_IT_IS => input.bytes(Stream::WHOLE)?.to_vec(),
            TAKEN_APART => {
                let at = input.plain(Stream::SHAPE)?;
                let at = usize::try_from(at).map_err(|_| damaged("a shape"))?;
                if at == shapes.len() {
                    let shape = Shape::decode(
                        input.bytes(Stream::SHAPE_BYTES)?,
                        SHAPE_ROWS.saturating_sub(shape_rows),
                    )
                    .ok_or(damaged("a shape"))?;
                    shape_rows += shape.rows.len();
                    shapes.push(shape);
                }
                let shape = shapes.get(at).ok_or(damaged("a shape"))?;
                take(&mut input, at, shape)?
            }
            _ => return Err(damaged("a form")),
        };
        expanded += change.len();
        if expanded > limits::MESSAGE_BYTES {
            return Err(ColumnsError::TooLong);
        }
        input.know(&frame_hash(&change).0);
        frames.push(Frame { document, change });
    }
    if count <= limits::FRAMES_PER_REQUEST {
        input.finish()?;
    }
    Ok(frames)
}

/// The shapes met so far, by their bytes.
#[derive(Default)]
struct Shapes {
    numbers: BTreeMap<Vec<u8>, usize>,
    rows: usize,
    /// Bytes of a shape that has just been met for the first time.
    new: Option<Vec<u8>>,
}

impl Shapes {
    /// The number of a change's shape; none if there is no room for it.
    fn place<'a>(&mut self, change: Change<'a>) -> Option<(usize, Change<'a>)> {
        let bytes = change.shape.encode();
        if let Some(&at) = self.numbers.get(&bytes) {
            return Some((at, change));
        }
        let rows = change.shape.rows.len();
        if self.rows + rows > SHAPE_ROWS {
            return None;
        }
        // A shape that the receiver would read otherwise, or not at all, would spoil the whole message.
        if Shape::decode(&bytes, SHAPE_ROWS).as_ref() != Some(&*change.shape) {
            return None;
        }
        self.rows += rows;
        let at = self.numbers.len();
        self.numbers.insert(bytes.clone(), at);
        self.new = Some(bytes);
        Some((at, change))
    }
}

fn put(out: &mut Writer, at: usize, shapes: &Shapes, change: &Change<'_>) {
    out.plain(Stream::SHAPE, at as u64);
    if at + 1 == shapes.numbers.len()
        && let Some(bytes) = &shapes.new
        && out.is_new_shape(at)
    {
        out.bytes(Stream::SHAPE_BYTES, bytes);
    }
    out.id16(Stream::ACTOR, &change.head.actor);
    out.number(Stream::SEQ, change.head.seq);
    out.number(Stream::START_OP, change.head.start_op);
    out.begin();
    for (row, value) in change.values.iter().enumerate() {
        let place = |what| Stream::value(what, at, row);
        match value {
            Value::None => {}
            Value::Number(number) => out.number(place(0), *number),
            Value::Text(text) => out.text(place(0), text),
            Value::Run(count, text) => {
                out.plain(place(1), *count as u64);
                out.bytes(Stream::RUNS, text);
            }
            Value::Bytes(bytes) => put_bytes(out, place(1), place(0), bytes),
        }
    }
    out.time(change.head.time_s);
}

const ID_16: u64 = 0;
const ID_32: u64 = 1;
const JSON: u64 = 2;
const OTHER: u64 = 3;

fn put_bytes(out: &mut Writer, form: Stream, place: Stream, bytes: &[u8]) {
    if let Ok(id) = bytes.try_into() {
        out.plain(form, ID_16);
        out.id16(place, id);
    } else if let Ok(id) = bytes.try_into() {
        out.plain(form, ID_32);
        out.id(place, id);
    } else if json::is_apt(bytes) {
        out.plain(form, JSON);
        json::write(out, bytes);
        out.know(&crate::document::seal::digest(bytes).0);
    } else {
        out.plain(form, OTHER);
        out.bytes(place, bytes);
    }
}

fn take(input: &mut Reader<'_>, at: usize, shape: &Shape<'_>) -> Result<Vec<u8>, ColumnsError> {
    let actor = input.id16(Stream::ACTOR)?;
    let seq = input.number(Stream::SEQ)?;
    let start_op = input.number(Stream::START_OP)?;
    input.begin();
    let mut values = Vec::with_capacity(shape.rows.len());
    let mut bytes_left = limits::CHANGE_BYTES;
    for (row, kind) in shape.rows.iter().enumerate() {
        let place = |what| Stream::value(what, at, row);
        let value = match kind.value_kind() {
            rows::ValueKind::None => Value::None,
            rows::ValueKind::Number => Value::Number(input.number(place(0))?),
            rows::ValueKind::Text => Value::Text(Cow::Borrowed(input.text(place(0))?)),
            rows::ValueKind::Run => {
                let count = input.plain(place(1))?;
                let count = usize::try_from(count).map_err(|_| damaged("a text"))?;
                Value::Run(count, Cow::Borrowed(input.bytes(Stream::RUNS)?))
            }
            rows::ValueKind::Bytes => Value::Bytes(match input.plain(place(1))? {
                ID_16 => Cow::Owned(input.id16(place(0))?.to_vec()),
                ID_32 => Cow::Owned(input.id(place(0))?.to_vec()),
                JSON => {
                    let json = json::read(input, bytes_left)?;
                    input.know(&crate::document::seal::digest(&json).0);
                    Cow::Owned(json)
                }
                OTHER => Cow::Borrowed(input.bytes(place(0))?),
                _ => return Err(damaged("a form of bytes")),
            }),
        };
        bytes_left = bytes_left
            .checked_sub(value.len())
            .ok_or(ColumnsError::TooLong)?;
        values.push(value);
    }
    let head = Head {
        actor,
        seq,
        start_op,
        time_s: input.time()?,
    };
    let change = Change {
        head,
        shape: Cow::Borrowed(shape),
        values,
    };
    change.assemble().ok_or(damaged("a change"))
}

/// Frames as one byte string (`#[serde(with = …)]`): in columns from [`COLUMNS_FROM`] frames on.
pub fn serialize<S: Serializer>(frames: &[Frame], serializer: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::new();
    if frames.len() >= COLUMNS_FROM {
        bytes.push(COLUMNS);
        bytes.extend(pack(frames));
    } else if !frames.is_empty() {
        bytes.push(ONE_BY_ONE);
        bytes = postcard::to_extend(frames, bytes).map_err(serde::ser::Error::custom)?;
    }
    serializer.serialize_bytes(&bytes)
}

/// The frames from the bytes.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Frame>, D::Error> {
    struct Bytes;
    impl Visitor<'_> for Bytes {
        type Value = Vec<Frame>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("packed frames")
        }
        fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<Frame>, E> {
            match bytes.split_first() {
                None => Ok(Vec::new()),
                Some((&COLUMNS, packed)) => match unpack(packed) {
                    // Postcard forgets what an error says. More than a request may have is no damage: one frame
                    // too many says so.
                    Err(ColumnsError::TooLong) => Ok(vec![
                        Frame {
                            document: None,
                            change: Vec::new(),
                        };
                        limits::FRAMES_PER_REQUEST + 1
                    ]),
                    unpacked => unpacked.map_err(E::custom),
                },
                Some((&ONE_BY_ONE, packed)) => {
                    let mut reader = postcard::Deserializer::from_bytes(packed);
                    let frames = super::bounded::frames(&mut reader).map_err(E::custom)?;
                    match reader.finalize() {
                        Ok([]) => Ok(frames),
                        _ => Err(E::custom("damaged frames")),
                    }
                }
                Some(_) => Err(E::custom("frames of an unknown form")),
            }
        }
    }
    deserializer.deserialize_bytes(Bytes)
}
