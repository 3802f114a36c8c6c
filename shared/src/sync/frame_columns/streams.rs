//! Streams of bytes, each for one place of what is sent, numbered in the order of their first use, which is
//! the same for writer and reader; numbers, ids and texts in them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::columns::{ColumnsError, put_number, take_length, take_number, unzigzag, zigzag};

/// Names a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stream(u32, u32, u32);

impl Stream {
    pub const FORM: Self = Self(0, 0, 0);
    pub const DOCUMENT: Self = Self(0, 1, 0);
    pub const DOCUMENT_ID: Self = Self(0, 2, 0);
    pub const WHOLE: Self = Self(0, 3, 0);
    pub const SHAPE: Self = Self(0, 4, 0);
    pub const SHAPE_BYTES: Self = Self(0, 5, 0);
    pub const ACTOR: Self = Self(0, 6, 0);
    pub const SEQ: Self = Self(0, 7, 0);
    pub const START_OP: Self = Self(0, 8, 0);
    pub const RUNS: Self = Self(0, 9, 0);
    pub const JSON: Self = Self(0, 10, 0);
    const TIME: Self = Self(0, 12, 0);
    const NEW_ID_16: Self = Self(0, 13, 0);
    const NEW_ID_32: Self = Self(0, 14, 0);
    const NEW_ID_TIME: Self = Self(0, 16, 0);
    const NEW_TEXT: Self = Self(0, 15, 0);

    /// Of a value: which of its streams, the number of the shape, the row in it.
    pub fn value(what: u32, shape: usize, row: usize) -> Self {
        Self(1 + what, shape as u32, row as u32)
    }

    /// Of the numbers of a JSON text.
    pub const fn json(what: u32, place: u32) -> Self {
        Self(8, what, place)
    }

    /// Lengths of what lies in a stream one after another.
    fn lengths(self) -> Self {
        Self(self.0 + 16, self.1, self.2)
    }
}

/// Of a UUID in the order of time (version 7): ids made together begin alike.
const TIME_BYTES: usize = 6;

/// Times are milliseconds in this range: a number in it is told by its distance to the last time.
fn is_time(number: i64) -> bool {
    (1 << 38..1 << 46).contains(&number)
}

/// What both sides remember of what has passed.
#[derive(Default)]
struct Memory {
    numbers: BTreeMap<Stream, i64>,
    last_time: i64,
    /// The first time of the change that is being written.
    first_time: Option<i64>,
}

impl Memory {
    /// The next number of a stream, which is told by the one that is expected.
    fn next(&mut self, stream: Stream, tell: impl FnOnce(i64) -> i64) -> i64 {
        let slot = self.numbers.entry(stream).or_insert(0);
        let number = tell(match is_time(*slot) {
            true => self.last_time,
            false => *slot,
        });
        *slot = number;
        if is_time(number) {
            self.last_time = number;
            self.first_time.get_or_insert(number);
        }
        number
    }

    /// The time in a change's head, by the first time among its values.
    fn expected_head_time(&self) -> i64 {
        self.first_time.map_or_else(
            || self.numbers.get(&Stream::TIME).copied().unwrap_or(0),
            |ms| ms.div_euclid(1_000),
        )
    }
}

/// Writes streams.
#[derive(Default)]
pub(super) struct Writer {
    index: BTreeMap<Stream, usize>,
    streams: Vec<Vec<u8>>,
    memory: Memory,
    ids_16: BTreeMap<[u8; 16], i64>,
    ids_32: BTreeMap<[u8; 32], i64>,
    texts: BTreeMap<Vec<u8>, u64>,
    shapes: usize,
}

impl Writer {
    fn stream(&mut self, stream: Stream) -> &mut Vec<u8> {
        let next = self.streams.len();
        let at = *self.index.entry(stream).or_insert(next);
        if at == next {
            self.streams.push(Vec::new());
        }
        &mut self.streams[at]
    }

    /// A number as it is.
    pub fn plain(&mut self, stream: Stream, number: u64) {
        put_number(self.stream(stream), number);
    }

    pub fn flag(&mut self, stream: Stream, flag: bool) {
        self.plain(stream, u64::from(flag));
    }

    /// A number by its difference to what is expected.
    pub fn number(&mut self, stream: Stream, number: i64) {
        let mut difference = 0;
        self.memory.next(stream, |expected| {
            difference = number.wrapping_sub(expected);
            number
        });
        self.plain(stream, zigzag(difference));
    }

    /// A change begins.
    pub fn begin(&mut self) {
        self.memory.first_time = None;
    }

    /// The time in the head of a change, in seconds, after its values.
    pub fn time(&mut self, seconds: i64) {
        let difference = seconds.wrapping_sub(self.memory.expected_head_time());
        self.memory.numbers.insert(Stream::TIME, seconds);
        self.plain(Stream::TIME, zigzag(difference));
    }

    /// Bytes as they are.
    pub fn bytes(&mut self, stream: Stream, bytes: &[u8]) {
        self.plain(stream.lengths(), bytes.len() as u64);
        self.stream(stream).extend_from_slice(bytes);
    }

    pub fn id16(&mut self, stream: Stream, id: &[u8; 16]) {
        let next = self.ids_16.len() as i64;
        let at = *self.ids_16.entry(*id).or_insert(next);
        self.reference(stream, at, next);
        if at == next {
            let (time, random) = id.split_at(TIME_BYTES);
            self.stream(Stream::NEW_ID_TIME).extend_from_slice(time);
            self.stream(Stream::NEW_ID_16).extend_from_slice(random);
        }
    }

    pub fn id(&mut self, stream: Stream, id: &[u8; 32]) {
        let next = self.ids_32.len() as i64;
        let at = *self.ids_32.entry(*id).or_insert(next);
        self.reference(stream, at, next);
        if at == next {
            self.stream(Stream::NEW_ID_32).extend_from_slice(id);
        }
    }

    /// A new one is 0.
    fn reference(&mut self, stream: Stream, at: i64, next: i64) {
        let before = self.memory.numbers.insert(stream, at).unwrap_or(0);
        match at == next {
            true => self.plain(stream, 0),
            false => self.plain(stream, 1 + zigzag(at - before)),
        }
    }

    /// An id that the reader can compute.
    pub fn know(&mut self, id: &[u8; 32]) {
        let next = self.ids_32.len() as i64;
        self.ids_32.entry(*id).or_insert(next);
    }

    /// A short text: once, and after that by its number.
    pub fn text(&mut self, stream: Stream, text: &[u8]) {
        let next = self.texts.len() as u64;
        match self.texts.get(text) {
            Some(&at) => self.plain(stream, 1 + at),
            None => {
                self.texts.insert(text.to_vec(), next);
                self.plain(stream, 0);
                self.bytes(Stream::NEW_TEXT, text);
            }
        }
    }

    /// Is this shape, numbered in order, written for the first time?
    pub fn is_new_shape(&mut self, at: usize) -> bool {
        let is_new = at == self.shapes;
        self.shapes += usize::from(is_new);
        is_new
    }

    /// All streams: how many, their lengths, their bytes.
    pub fn finish(self, out: &mut Vec<u8>) {
        put_number(out, self.streams.len() as u64);
        for stream in &self.streams {
            put_number(out, stream.len() as u64);
        }
        for stream in self.streams {
            out.extend(stream);
        }
    }
}

/// Reads what [`Writer`] wrote.
pub(super) struct Reader<'a> {
    index: BTreeMap<Stream, usize>,
    streams: Vec<&'a [u8]>,
    memory: Memory,
    ids_16: Vec<[u8; 16]>,
    ids_32: Vec<[u8; 32]>,
    known_32: BTreeSet<[u8; 32]>,
    texts: Vec<&'a [u8]>,
}

/// Streams of a message, at most: more than a sender's shapes can have.
const STREAMS: usize = 1 << 18;
const SHORT: ColumnsError = ColumnsError::Damaged("a stream is too short");

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Result<Self, ColumnsError> {
        let mut rest = bytes;
        let count = take_length(&mut rest)?;
        if count > rest.len().min(STREAMS) {
            return Err(SHORT);
        }
        let mut lengths = Vec::with_capacity(count);
        for _ in 0..count {
            lengths.push(take_length(&mut rest)?);
        }
        let mut streams = Vec::with_capacity(count);
        for length in lengths {
            let (stream, after) = rest.split_at_checked(length).ok_or(SHORT)?;
            streams.push(stream);
            rest = after;
        }
        match rest {
            [] => Ok(Self {
                index: BTreeMap::new(),
                streams,
                memory: Memory::default(),
                ids_16: Vec::new(),
                ids_32: Vec::new(),
                known_32: BTreeSet::new(),
                texts: Vec::new(),
            }),
            _ => Err(ColumnsError::Damaged("something behind the streams")),
        }
    }

    fn stream(&mut self, stream: Stream) -> Result<&mut &'a [u8], ColumnsError> {
        let next = self.index.len();
        let at = *self.index.entry(stream).or_insert(next);
        self.streams.get_mut(at).ok_or(SHORT)
    }

    fn take(&mut self, stream: Stream, length: usize) -> Result<&'a [u8], ColumnsError> {
        let rest = self.stream(stream)?;
        let (taken, after) = rest.split_at_checked(length).ok_or(SHORT)?;
        *rest = after;
        Ok(taken)
    }

    pub fn plain(&mut self, stream: Stream) -> Result<u64, ColumnsError> {
        take_number(self.stream(stream)?)
    }

    pub fn flag(&mut self, stream: Stream) -> Result<bool, ColumnsError> {
        match self.plain(stream)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(ColumnsError::Damaged("neither yes nor no")),
        }
    }

    pub fn number(&mut self, stream: Stream) -> Result<i64, ColumnsError> {
        let difference = unzigzag(self.plain(stream)?);
        let next = |expected: i64| expected.wrapping_add(difference);
        Ok(self.memory.next(stream, next))
    }

    pub fn begin(&mut self) {
        self.memory.first_time = None;
    }

    pub fn time(&mut self) -> Result<i64, ColumnsError> {
        let difference = unzigzag(self.plain(Stream::TIME)?);
        let seconds = self.memory.expected_head_time().wrapping_add(difference);
        self.memory.numbers.insert(Stream::TIME, seconds);
        Ok(seconds)
    }

    pub fn bytes(&mut self, stream: Stream) -> Result<&'a [u8], ColumnsError> {
        let length = take_length(self.stream(stream.lengths())?)?;
        match length {
            // The writer's stream begins with its first use, empty or not.
            0 => self.stream(stream).map(|_| &[][..]),
            _ => self.take(stream, length),
        }
    }

    pub fn id16(&mut self, stream: Stream) -> Result<[u8; 16], ColumnsError> {
        if let Some(at) = self.reference(stream)? {
            let known = usize::try_from(at).ok().and_then(|at| self.ids_16.get(at));
            return known.copied().ok_or(ColumnsError::Damaged("no such id"));
        }
        let mut id = [0; 16];
        let (time, random) = id.split_at_mut(TIME_BYTES);
        time.copy_from_slice(self.take(Stream::NEW_ID_TIME, TIME_BYTES)?);
        random.copy_from_slice(self.take(Stream::NEW_ID_16, 16 - TIME_BYTES)?);
        self.memory.numbers.insert(stream, self.ids_16.len() as i64);
        self.ids_16.push(id);
        Ok(id)
    }

    pub fn id(&mut self, stream: Stream) -> Result<[u8; 32], ColumnsError> {
        if let Some(at) = self.reference(stream)? {
            let known = usize::try_from(at).ok().and_then(|at| self.ids_32.get(at));
            return known.copied().ok_or(ColumnsError::Damaged("no such id"));
        }
        let id = self.take(Stream::NEW_ID_32, 32)?;
        let id = id.try_into().map_err(|_| SHORT)?;
        self.memory.numbers.insert(stream, self.ids_32.len() as i64);
        self.know(&id);
        Ok(id)
    }

    /// The number of an id that has been there before.
    fn reference(&mut self, stream: Stream) -> Result<Option<i64>, ColumnsError> {
        let Some(code) = self.plain(stream)?.checked_sub(1) else {
            return Ok(None);
        };
        let before = self.memory.numbers.get(&stream).copied().unwrap_or(0);
        let at = before.wrapping_add(unzigzag(code));
        self.memory.numbers.insert(stream, at);
        Ok(Some(at))
    }

    pub fn know(&mut self, id: &[u8; 32]) {
        if self.known_32.insert(*id) {
            self.ids_32.push(*id);
        }
    }

    pub fn text(&mut self, stream: Stream) -> Result<&'a [u8], ColumnsError> {
        match self.plain(stream)?.checked_sub(1) {
            Some(at) => {
                let known = usize::try_from(at).ok().and_then(|at| self.texts.get(at));
                known.copied().ok_or(ColumnsError::Damaged("no such text"))
            }
            None => {
                let text = self.bytes(Stream::NEW_TEXT)?;
                self.texts.push(text);
                Ok(text)
            }
        }
    }

    /// Is everything read?
    pub fn finish(self) -> Result<(), ColumnsError> {
        match self.index.len() == self.streams.len() && self.streams.iter().all(|s| s.is_empty()) {
            true => Ok(()),
            false => Err(ColumnsError::Damaged("something is left over")),
        }
    }
}
