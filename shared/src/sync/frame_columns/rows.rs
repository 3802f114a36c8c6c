//! Operations of a change as rows, read from Automerge's run-length encoded columns and written back in the
//! way that Automerge writes them; and shapes: rows without their values.
//!
//! Format: automerge's binary format specification, "column storage".

use std::borrow::Cow;

use super::{
    super::{
        columns::{put_number, take_length, take_number},
        limits,
    },
    FREE_ROWS,
};

/// Columns that are taken apart (see `frame_bounds` for the others), in the order of their numbers.
pub(super) const SPECIFICATIONS: [u64; 8] = [0x01, 0x02, 0x11, 0x13, 0x15, 0x34, 0x42, 0x56];

const PUT: u64 = 1;

/// Kinds of a value, the low four bits of its description.
pub(crate) mod kind {
    pub(crate) const NULL: i64 = 0;
    pub(crate) const FALSE: i64 = 1;
    pub(crate) const TRUE: i64 = 2;
    pub(crate) const UNSIGNED: i64 = 3;
    pub(crate) const SIGNED: i64 = 4;
    pub(crate) const TEXT: i64 = 6;
    pub(crate) const BYTES: i64 = 7;
    pub(crate) const COUNTER: i64 = 8;
    pub(crate) const TIMESTAMP: i64 = 9;
}
use kind::{BYTES, COUNTER, SIGNED, TEXT, TIMESTAMP, UNSIGNED};

/// One operation without its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row<'a> {
    pub object_actor: Option<i64>,
    pub object_counter: Option<i64>,
    pub key_actor: Option<i64>,
    pub key_counter: Option<i64>,
    pub key: Option<&'a [u8]>,
    pub insert: bool,
    pub action: Option<i64>,
    /// Kind of the value, and how long it is (0 in a shape).
    pub meta: Option<i64>,
    /// Stands for characters typed one after another.
    pub is_run: bool,
}

/// What has to be told of a row beside the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ValueKind {
    None,
    Number,
    Text,
    Run,
    Bytes,
}

impl Row<'_> {
    pub fn kind(&self) -> i64 {
        self.meta.map_or(0, |meta| meta & 15)
    }

    pub fn value_kind(&self) -> ValueKind {
        match self.kind() {
            _ if self.is_run => ValueKind::Run,
            UNSIGNED | SIGNED | COUNTER | TIMESTAMP => ValueKind::Number,
            TEXT => ValueKind::Text,
            BYTES => ValueKind::Bytes,
            _ => ValueKind::None,
        }
    }

    pub fn is_unsigned(&self) -> bool {
        self.kind() == UNSIGNED
    }

    /// May a text begin here?
    pub fn is_character(&self) -> bool {
        self.insert && self.action == Some(PUT.cast_signed()) && self.kind() == TEXT
    }
}

/// How a change looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape<'a> {
    pub rows: Vec<Row<'a>>,
}

impl<'a> Shape<'a> {
    /// Rows without a value, each of which costs nothing on the wire.
    fn has_room(&self) -> bool {
        let free = |row: &&Row<'_>| row.value_kind() == ValueKind::None;
        self.rows.iter().filter(free).count() <= FREE_ROWS
    }

    /// A shape that may be sent.
    pub fn new(rows: Vec<Row<'a>>) -> Option<Self> {
        let shape = Self { rows };
        shape.has_room().then_some(shape)
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        put_number(&mut out, self.rows.len() as u64);
        let runs = booleans(self.rows.iter().map(|row| row.is_run));
        for column in encode(&self.rows).iter().chain([&runs]) {
            put_number(&mut out, column.len() as u64);
            out.extend(column);
        }
        out
    }

    pub fn decode(bytes: &'a [u8], most: usize) -> Option<Self> {
        let mut rest = bytes;
        let count = take_length(&mut rest).ok().filter(|count| *count <= most)?;
        let mut columns = [&[][..]; 9];
        for column in &mut columns {
            let length = take_length(&mut rest).ok()?;
            (*column, rest) = rest.split_at_checked(length)?;
        }
        let [columns @ .., runs] = columns;
        let mut rows = decode(&columns, count)?;
        for (row, is_run) in rows.iter_mut().zip(take_booleans(runs, count)?) {
            row.is_run = is_run;
        }
        rest.is_empty().then_some(())?;
        Self::new(rows)
    }
}

/// How many operations a column of descriptions or actions stands for; none if they are too many.
pub(super) fn count(actions: &[u8]) -> Option<usize> {
    let mut all = 0usize;
    runs(actions, limits::OPS_PER_CHANGE, signed, |_, times| {
        all += times
    })?;
    Some(all)
}

/// Rows of columns in the order of [`SPECIFICATIONS`]; an absent column is empty.
pub(super) fn decode<'a>(columns: &[&'a [u8]; 8], count: usize) -> Option<Vec<Row<'a>>> {
    let mut rows = vec![Row::default(); count];
    let [
        object_actor,
        object_counter,
        key_actor,
        key_counter,
        key,
        insert,
        action,
        meta,
    ] = *columns;
    fill(object_actor, &mut rows, unsigned, |row, v| {
        row.object_actor = v;
    })?;
    fill(object_counter, &mut rows, unsigned, |row, v| {
        row.object_counter = v;
    })?;
    fill(key_actor, &mut rows, unsigned, |row, v| row.key_actor = v)?;
    fill(key_counter, &mut rows, signed, |row, v| row.key_counter = v)?;
    let mut absolute = 0i64;
    for difference in rows.iter_mut().filter_map(|row| row.key_counter.as_mut()) {
        absolute = absolute.checked_add(*difference)?;
        *difference = absolute;
    }
    fill(key, &mut rows, text, |row, v| row.key = v)?;
    for (row, insert) in rows.iter_mut().zip(take_booleans(insert, count)?) {
        row.insert = insert;
    }
    fill(action, &mut rows, unsigned, |row, v| row.action = v)?;
    fill(meta, &mut rows, unsigned, |row, v| row.meta = v)?;
    Some(rows)
}

/// The columns of rows, in the order of [`SPECIFICATIONS`].
pub(super) fn encode(rows: &[Row<'_>]) -> [Vec<u8>; 8] {
    let number = |of: fn(&Row<'_>) -> Option<i64>| {
        pack(rows.iter().map(of), |out, v| {
            put_number(out, v.cast_unsigned());
        })
    };
    let mut before = 0i64;
    let differences: Vec<Option<i64>> = rows
        .iter()
        .map(|row| {
            row.key_counter.map(|counter| {
                let difference = counter.wrapping_sub(before);
                before = counter;
                difference
            })
        })
        .collect();
    [
        number(|row| row.object_actor),
        number(|row| row.object_counter),
        number(|row| row.key_actor),
        pack(differences.into_iter(), put_signed),
        pack(rows.iter().map(|row| row.key), |out, key| {
            put_number(out, key.len() as u64);
            out.extend(key);
        }),
        booleans(rows.iter().map(|row| row.insert)),
        number(|row| row.action),
        number(|row| row.meta),
    ]
}

/// A column of one value, so many times: none for no rows.
pub(super) fn same(count: usize, value: u64) -> Vec<u8> {
    let of = |_| Some(value);
    pack((0..count).map(of), put_number)
}

fn fill<'a, T: Copy>(
    column: &'a [u8],
    rows: &mut [Row<'a>],
    read: impl Fn(&mut &'a [u8]) -> Option<T>,
    mut set: impl FnMut(&mut Row<'a>, Option<T>),
) -> Option<()> {
    let (count, mut at) = (rows.len(), 0);
    runs(column, count, read, |value, times| {
        for row in rows.iter_mut().skip(at).take(times) {
            set(row, value);
        }
        at += times;
    })?;
    (at == count || column.is_empty()).then_some(())
}

/// Reads runs of a value, literals and runs of null, at most so many items.
fn runs<'a, T: Copy>(
    mut column: &'a [u8],
    most: usize,
    read: impl Fn(&mut &'a [u8]) -> Option<T>,
    mut each: impl FnMut(Option<T>, usize),
) -> Option<()> {
    let mut left = most;
    let mut pay = |times: u64| {
        let times = usize::try_from(times).ok()?;
        left = left.checked_sub(times)?;
        Some(times)
    };
    while !column.is_empty() {
        match signed(&mut column)? {
            0 => {
                let times = pay(unsigned(&mut column)?.cast_unsigned())?;
                each(None, times);
            }
            run @ 1.. => {
                let times = pay(run.cast_unsigned())?;
                each(Some(read(&mut column)?), times);
            }
            literals => {
                for _ in 0..pay(literals.unsigned_abs())? {
                    each(Some(read(&mut column)?), 1);
                }
            }
        }
    }
    Some(())
}

/// Writes runs as Automerge does: equal neighbours as a run, others as literals, nulls counted; nothing for
/// nulls alone.
fn pack<T: PartialEq + Copy>(
    values: impl Iterator<Item = Option<T>>,
    put: impl Fn(&mut Vec<u8>, T),
) -> Vec<u8> {
    let mut groups: Vec<(Option<T>, usize)> = Vec::new();
    for value in values {
        match groups.last_mut() {
            Some((last, times)) if *last == value => *times += 1,
            _ => groups.push((value, 1)),
        }
    }
    let mut out = Vec::new();
    if let [] | [(None, _)] = groups[..] {
        return out;
    }
    let mut rest = &groups[..];
    while let Some(((value, times), after)) = rest.split_first() {
        rest = after;
        match value {
            None => {
                out.push(0);
                put_number(&mut out, *times as u64);
            }
            Some(value) if *times > 1 => {
                put_signed(&mut out, *times as i64);
                put(&mut out, *value);
            }
            Some(value) => {
                let more = rest.iter().take_while(|(v, n)| v.is_some() && *n == 1);
                let more = more.count();
                put_signed(&mut out, -1 - more as i64);
                put(&mut out, *value);
                let (literals, behind) = rest.split_at(more);
                for value in literals.iter().filter_map(|(value, _)| *value) {
                    put(&mut out, value);
                }
                rest = behind;
            }
        }
    }
    out
}

/// Lengths of runs of false and true in turn.
fn booleans(values: impl Iterator<Item = bool>) -> Vec<u8> {
    let (mut out, mut now, mut times) = (Vec::new(), false, 0u64);
    for value in values {
        if value != now {
            put_number(&mut out, times);
            (now, times) = (value, 0);
        }
        times += 1;
    }
    if times > 0 {
        put_number(&mut out, times);
    }
    out
}

fn take_booleans(mut column: &[u8], count: usize) -> Option<Vec<bool>> {
    let (mut out, mut now) = (Vec::with_capacity(count), false);
    while !column.is_empty() {
        let times = usize::try_from(unsigned(&mut column)?).ok()?;
        (times <= count - out.len()).then_some(())?;
        out.resize(out.len() + times, now);
        now = !now;
    }
    (out.len() == count).then_some(out)
}

pub(super) fn unsigned(bytes: &mut &[u8]) -> Option<i64> {
    i64::try_from(take_number(bytes).ok()?).ok()
}

/// Signed LEB128.
pub(super) fn signed(bytes: &mut &[u8]) -> Option<i64> {
    let mut number = 0i64;
    for shift in (0..63).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= i64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            let unused = 64 - (shift + 7);
            return Some((number << unused) >> unused);
        }
    }
    None
}

/// The other way round.
pub(crate) fn put_signed(out: &mut Vec<u8>, mut number: i64) {
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        if (number == 0 && byte & 0x40 == 0) || (number == -1 && byte & 0x40 != 0) {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

fn text<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = take_length(bytes).ok()?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(text)
}

/// A shape of its own, for a change that has been parsed.
pub(super) type OwnShape<'a> = Cow<'a, Shape<'a>>;
