//! One creation change, taken apart and put together again.

use std::borrow::Cow;

use super::{
    super::{
        columns::{put_number, take_length, take_number},
        limits,
    },
    rows::{
        self, OwnShape, Row, SPECIFICATIONS, Shape, ValueKind, put_signed, same, signed, unsigned,
    },
};

const CHANGE: u8 = 1;
const ACTOR_BYTES: usize = 16;
const VALUES: u64 = 0x57;
const PREDECESSORS: u64 = 0x70;

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// Told by its kind.
    None,
    Number(i64),
    Text(Cow<'a, [u8]>),
    Bytes(Cow<'a, [u8]>),
    /// Characters typed one after another: how many, and their bytes.
    Run(usize, Cow<'a, [u8]>),
}

impl Value<'_> {
    /// About how many bytes it takes in the change.
    pub fn len(&self) -> usize {
        match self {
            Self::None => 0,
            Self::Number(_) => 1,
            Self::Text(bytes) | Self::Bytes(bytes) | Self::Run(_, bytes) => bytes.len(),
        }
    }
}

/// A creation change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change<'a> {
    pub head: Head,
    pub shape: OwnShape<'a>,
    /// One for each row of the shape.
    pub values: Vec<Value<'a>>,
}

impl<'a> Change<'a> {
    /// Takes a frame apart; none if it is no creation change, or one that would not come back as it is.
    pub fn parse(frame: &'a [u8]) -> Option<Self> {
        let change = Self::read(frame)?;
        (change.assemble()? == frame).then_some(change)
    }

    fn read(frame: &'a [u8]) -> Option<Self> {
        let Rows { head, rows, values } = Rows::read(frame)?;
        let (rows, values) = collapse(rows, values, head.start_op)?;
        Some(Self {
            head,
            shape: Cow::Owned(Shape::new(rows)?),
            values,
        })
    }

    /// The frame; none where the pieces make none.
    pub fn assemble(&self) -> Option<Vec<u8>> {
        let (rows, bytes) = self.expand()?;
        self.head.assemble(&rows, &bytes)
    }

    /// All rows with the lengths of their values, and the values' bytes.
    fn expand(&self) -> Option<(Vec<Row<'_>>, Vec<u8>)> {
        let (mut rows, mut bytes) = (Vec::with_capacity(self.values.len()), Vec::new());
        for (row, value) in self.shape.rows.iter().zip(&self.values) {
            let begin = bytes.len();
            match value {
                Value::None => {}
                Value::Number(number) if row.is_unsigned() => {
                    put_number(&mut bytes, number.cast_unsigned());
                }
                Value::Number(number) => put_signed(&mut bytes, *number),
                Value::Text(text) | Value::Bytes(text) => bytes.extend_from_slice(text),
                Value::Run(count, text) => {
                    type_characters(&mut rows, row, *count, text, self.head.start_op)?;
                    bytes.extend_from_slice(text);
                    continue;
                }
            }
            rows.push(with_length(row, bytes.len() - begin));
        }
        Some((rows, bytes))
    }
}

/// What a creation change says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub actor: [u8; ACTOR_BYTES],
    pub seq: i64,
    pub start_op: i64,
    pub time_s: i64,
}

/// A creation change as its operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rows<'a> {
    pub head: Head,
    pub rows: Vec<Row<'a>>,
    /// The bytes of all values, one after another.
    pub values: &'a [u8],
}

impl<'a> Rows<'a> {
    /// The operations of a frame; none if it is no creation change, or one that Automerge would write otherwise.
    pub fn parse(frame: &'a [u8]) -> Option<Self> {
        let rows = Self::read(frame)?;
        (rows.head.assemble(&rows.rows, rows.values)? == frame).then_some(rows)
    }

    fn read(frame: &'a [u8]) -> Option<Self> {
        let (&kind, mut input) = frame.split_first()?;
        let length = take_length(&mut input).ok()?;
        let no_dependencies = take_number(&mut input).ok()? == 0;
        let actor_bytes = take_length(&mut input).ok()?;
        if kind != CHANGE
            || frame.len() > limits::CHANGE_BYTES
            || length > frame.len()
            || !no_dependencies
            || actor_bytes != ACTOR_BYTES
        {
            return None;
        }
        let (actor, rest) = input.split_at_checked(ACTOR_BYTES)?;
        input = rest;
        let seq = unsigned(&mut input)?;
        let start_op = unsigned(&mut input)?;
        let time_s = signed(&mut input)?;
        // No message, no other actors.
        if take_number(&mut input).ok()? != 0 || take_number(&mut input).ok()? != 0 {
            return None;
        }
        let (columns, values) = columns(input)?;
        let rows = rows::decode(&columns, rows::count(columns[6])?)?;
        Some(Self {
            head: Head {
                actor: actor.try_into().ok()?,
                seq,
                start_op,
                time_s,
            },
            rows,
            values,
        })
    }
}

impl Head {
    /// The frame with these operations, as Automerge writes it; none if it is longer than a change may be.
    pub fn assemble(&self, rows: &[Row<'_>], values: &[u8]) -> Option<Vec<u8>> {
        let columns = rows::encode(rows);
        let none = same(rows.len(), 0);
        let all = SPECIFICATIONS.iter().copied().zip(&columns);
        let all: Vec<(u64, &[u8])> = all
            .map(|(specification, column)| (specification, column.as_slice()))
            .chain([(VALUES, values), (PREDECESSORS, none.as_slice())])
            .filter(|(_, column)| !column.is_empty())
            .collect();
        let mut contents = vec![0, ACTOR_BYTES as u8];
        contents.extend(self.actor);
        put_number(&mut contents, self.seq.cast_unsigned());
        put_number(&mut contents, self.start_op.cast_unsigned());
        put_signed(&mut contents, self.time_s);
        contents.extend([0, 0]);
        put_number(&mut contents, all.len() as u64);
        for (specification, column) in &all {
            put_number(&mut contents, *specification);
            put_number(&mut contents, column.len() as u64);
        }
        for (_, column) in all {
            contents.extend(column);
        }
        let mut frame = vec![CHANGE];
        put_number(&mut frame, contents.len() as u64);
        frame.extend(contents);
        (frame.len() <= limits::CHANGE_BYTES).then_some(frame)
    }
}

fn with_length<'a>(row: &Row<'a>, length: usize) -> Row<'a> {
    Row {
        meta: row.meta.map(|meta| (meta & 15) | (length as i64) << 4),
        is_run: false,
        ..row.clone()
    }
}

/// One row for each character, each behind the one before.
fn type_characters<'a>(
    rows: &mut Vec<Row<'a>>,
    first: &Row<'a>,
    count: usize,
    text: &[u8],
    start_op: i64,
) -> Option<()> {
    let mut rest = text;
    for at in 0..count {
        (rows.len() < limits::OPS_PER_CHANGE).then_some(())?;
        let length = character(rest)?;
        rest = rest.get(length..)?;
        let mut row = with_length(first, length);
        if at > 0 {
            row.key_actor = Some(0);
            row.key_counter = Some(start_op.checked_add(rows.len() as i64 - 1)?);
        }
        rows.push(row);
    }
    rest.is_empty().then_some(())
}

/// Length of the UTF-8 character at the front, by its first byte.
fn character(text: &[u8]) -> Option<usize> {
    Some(match text.first()? {
        0..0xc0 => 1,
        0xc0..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
    })
}

/// The columns in the order of [`SPECIFICATIONS`], and the values' bytes.
fn columns(mut input: &[u8]) -> Option<([&[u8]; 8], &[u8])> {
    let count = take_length(&mut input).ok().filter(|count| *count <= 10)?;
    let mut lengths = Vec::with_capacity(count);
    for _ in 0..count {
        let specification = take_number(&mut input).ok()?;
        lengths.push((specification, take_length(&mut input).ok()?));
    }
    let (mut columns, mut values) = ([&[][..]; 8], &[][..]);
    for (specification, length) in lengths {
        let (column, rest) = input.split_at_checked(length)?;
        input = rest;
        match SPECIFICATIONS.iter().position(|s| *s == specification) {
            Some(at) => *columns.get_mut(at)? = column,
            None if specification == VALUES => values = column,
            None if specification == PREDECESSORS => {}
            None => return None,
        }
    }
    input.is_empty().then_some((columns, values))
}

/// The rows of a shape and their values: characters typed one after another become one row.
fn collapse<'a>(
    rows: Vec<Row<'a>>,
    mut bytes: &'a [u8],
    start_op: i64,
) -> Option<(Vec<Row<'a>>, Vec<Value<'a>>)> {
    let (mut shape, mut values) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(row) = rows.get(at) {
        let run = characters(&rows, at, bytes, start_op);
        let (row, value) = match run {
            Some((count, length)) => {
                at += count;
                let (text, rest) = bytes.split_at_checked(length)?;
                bytes = rest;
                let row = Row {
                    is_run: true,
                    ..with_length(row, 0)
                };
                (row, Value::Run(count, Cow::Borrowed(text)))
            }
            None => {
                at += 1;
                let length = usize::try_from(row.meta.unwrap_or(0) >> 4).ok()?;
                let (value, rest) = bytes.split_at_checked(length)?;
                bytes = rest;
                (with_length(row, 0), read_value(row, value)?)
            }
        };
        shape.push(row);
        values.push(value);
    }
    bytes.is_empty().then_some((shape, values))
}

fn read_value<'a>(row: &Row<'_>, mut value: &'a [u8]) -> Option<Value<'a>> {
    Some(match row.value_kind() {
        ValueKind::None if value.is_empty() => Value::None,
        ValueKind::None | ValueKind::Run => return None,
        ValueKind::Number if row.is_unsigned() => Value::Number(unsigned(&mut value)?),
        ValueKind::Number => Value::Number(signed(&mut value)?),
        ValueKind::Text => Value::Text(Cow::Borrowed(value)),
        ValueKind::Bytes => Value::Bytes(Cow::Borrowed(value)),
    })
}

/// How many characters are typed one after another from here on, and their bytes.
fn characters(
    rows: &[Row<'_>],
    from: usize,
    bytes: &[u8],
    start_op: i64,
) -> Option<(usize, usize)> {
    let first = rows.get(from).filter(|row| row.is_character())?;
    let (mut count, mut length) = (0, 0);
    for (at, row) in rows.iter().enumerate().skip(from) {
        let follows = at == from
            || (row.key_actor == Some(0)
                && row.key_counter == start_op.checked_add(at as i64 - 1)
                && row.key.is_none()
                && row.object_actor == first.object_actor
                && row.object_counter == first.object_counter);
        let own = character(bytes.get(length..)?)?;
        if !follows || !row.is_character() || row.meta != Some((own as i64) << 4 | 6) {
            break;
        }
        count += 1;
        length += own;
        // Where the bytes end, so does the text.
        if length >= bytes.len() {
            break;
        }
    }
    (count > 0 && length <= bytes.len()).then_some((count, length))
}
