//! Writing: a serializer that puts each value into the column of its place in the type.

use std::collections::BTreeMap;

use serde::{Serialize, ser};

use super::{ColumnsError, number};

/// What may lie at one place of a type: numbers, references to ids, bytes.
#[derive(Default)]
struct Column {
    /// Places below: fields, variants, elements. None until first used.
    below: Vec<Option<usize>>,
    numbers: Vec<i64>,
    refs: Vec<u8>,
    last_ref: i64,
    bytes: Vec<u8>,
}

/// Ids of one length, each once.
struct Ids<const N: usize> {
    places: BTreeMap<[u8; N], i64>,
    bytes: Vec<u8>,
}

impl<const N: usize> Default for Ids<N> {
    fn default() -> Self {
        Self {
            places: BTreeMap::new(),
            bytes: Vec::new(),
        }
    }
}

impl<const N: usize> Ids<N> {
    /// Where the id is; none, and put there, if it is new.
    fn place(&mut self, id: [u8; N]) -> Option<i64> {
        let next = self.places.len() as i64;
        match self.places.entry(id) {
            std::collections::btree_map::Entry::Occupied(known) => Some(*known.get()),
            std::collections::btree_map::Entry::Vacant(new) => {
                new.insert(next);
                self.bytes.extend_from_slice(&id);
                None
            }
        }
    }
}

/// Everything written so far, column by column in the order in which they were first used: a reader
/// that goes the same way finds them in the same order.
pub(super) struct Writer {
    columns: Vec<Column>,
    short_ids: Ids<16>,
    long_ids: Ids<32>,
}

impl Default for Writer {
    fn default() -> Self {
        Self {
            columns: vec![Column::default()],
            short_ids: Ids::default(),
            long_ids: Ids::default(),
        }
    }
}

impl Writer {
    /// An id that the reader can compute: it is not written.
    pub(super) fn know(&mut self, id: [u8; 32]) {
        let next = self.long_ids.places.len() as i64;
        self.long_ids.places.entry(id).or_insert(next);
    }

    pub(super) fn write(&mut self, value: &impl Serialize) -> Result<(), ColumnsError> {
        value.serialize(At { to: self, at: 0 })
    }

    /// Lengths of the columns, then the columns, then the ids.
    pub(super) fn finish(self, out: &mut Vec<u8>) {
        let mut body = Vec::new();
        number::put(out, self.columns.len() as u64);
        for column in &self.columns {
            let (numbers, is_delta) = encode(&column.numbers);
            let parts = [numbers.as_slice(), &column.refs, &column.bytes];
            let mut flags = u8::from(is_delta) << 3;
            for (bit, part) in parts.iter().enumerate() {
                flags |= u8::from(!part.is_empty()) << bit;
            }
            out.push(flags);
            for part in parts.iter().filter(|part| !part.is_empty()) {
                number::put(out, part.len() as u64);
                body.extend_from_slice(part);
            }
        }
        number::put(out, self.short_ids.bytes.len() as u64);
        number::put(out, self.long_ids.bytes.len() as u64);
        out.extend(body);
        out.extend(self.short_ids.bytes);
        out.extend(self.long_ids.bytes);
    }

    fn number(&mut self, at: usize, value: i64) {
        self.columns[at].numbers.push(value);
    }

    fn below(&mut self, at: usize, place: usize) -> usize {
        let next = self.columns.len();
        let below = &mut self.columns[at].below;
        if below.len() <= place {
            below.resize(place + 1, None);
        }
        match below[place] {
            Some(known) => known,
            None => {
                below[place] = Some(next);
                self.columns.push(Column::default());
                next
            }
        }
    }

    /// Bytes whose length the reader knows: ids go by their number, the rest as they are.
    fn bytes(&mut self, at: usize, bytes: &[u8]) {
        let known = if let Ok(id) = <[u8; 16]>::try_from(bytes) {
            (self.short_ids.place(id), self.short_ids.places.len())
        } else if let Ok(id) = <[u8; 32]>::try_from(bytes) {
            (self.long_ids.place(id), self.long_ids.places.len())
        } else {
            self.columns[at].bytes.extend_from_slice(bytes);
            return;
        };
        let column = &mut self.columns[at];
        let place = match known {
            (Some(place), _) => {
                let step = number::zigzag(place - column.last_ref);
                number::put(&mut column.refs, step + 1);
                place
            }
            (None, count) => {
                column.refs.push(0);
                count as i64 - 1
            }
        };
        column.last_ref = place;
    }
}

/// Numbers as they are or as differences, whichever is shorter.
fn encode(numbers: &[i64]) -> (Vec<u8>, bool) {
    let plain = || numbers.iter().map(|n| number::zigzag(*n));
    let steps = || {
        let before = std::iter::once(0).chain(numbers.iter().copied());
        numbers
            .iter()
            .zip(before)
            .map(|(n, before)| number::zigzag(n.wrapping_sub(before)))
    };
    let length_plain: usize = plain().map(number::width).sum();
    let length_steps: usize = steps().map(number::width).sum();
    let is_delta = length_steps < length_plain;
    let mut out = Vec::with_capacity(length_plain.min(length_steps));
    if is_delta {
        steps().for_each(|n| number::put(&mut out, n));
    } else {
        plain().for_each(|n| number::put(&mut out, n));
    }
    (out, is_delta)
}

/// One place of the type, to be written to.
struct At<'w> {
    to: &'w mut Writer,
    at: usize,
}

/// Places below a place, one after another: fields, elements, keys and values.
struct Below<'w> {
    to: &'w mut Writer,
    at: usize,
    next: usize,
}

/// An array of bytes, or the parts of a tuple.
enum Tuple<'w> {
    Bytes(At<'w>, Vec<u8>),
    Parts(Below<'w>),
}

/// Tuples from this length on are arrays of bytes.
pub(super) const ARRAY_FROM: usize = 16;

impl<'w> At<'w> {
    fn below(self, place: usize) -> At<'w> {
        let at = self.to.below(self.at, place);
        At { to: self.to, at }
    }

    fn all_below(self) -> Below<'w> {
        Below {
            to: self.to,
            at: self.at,
            next: 0,
        }
    }

    fn list(self, length: Option<usize>) -> Result<Below<'w>, ColumnsError> {
        let length = length.ok_or(ColumnsError::Unsupported("a list of unknown length"))?;
        if length > super::limits::LIST_ELEMENTS {
            return Err(ColumnsError::TooLong);
        }
        self.to.number(self.at, length as i64);
        Ok(self.all_below())
    }

    fn variant(self, variant: u32) -> At<'w> {
        self.to.number(self.at, i64::from(variant));
        self.below(variant as usize)
    }
}

macro_rules! numbers {
    ($($name:ident: $of:ty),+) => {$(
        fn $name(self, value: $of) -> Result<(), ColumnsError> {
            self.to.number(self.at, value as i64);
            Ok(())
        }
    )+};
}

impl<'w> ser::Serializer for At<'w> {
    type Ok = ();
    type Error = ColumnsError;
    type SerializeSeq = Below<'w>;
    type SerializeTuple = Tuple<'w>;
    type SerializeTupleStruct = Below<'w>;
    type SerializeTupleVariant = Below<'w>;
    type SerializeMap = Below<'w>;
    type SerializeStruct = Below<'w>;
    type SerializeStructVariant = Below<'w>;

    // `u64` as the signed number of the same bits: the reader turns it back.
    numbers! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    }

    fn is_human_readable(&self) -> bool {
        false
    }
    fn serialize_f32(self, _: f32) -> Result<(), ColumnsError> {
        Err(ColumnsError::Unsupported("floating point"))
    }
    fn serialize_f64(self, _: f64) -> Result<(), ColumnsError> {
        Err(ColumnsError::Unsupported("floating point"))
    }
    fn serialize_char(self, value: char) -> Result<(), ColumnsError> {
        self.serialize_u32(u32::from(value))
    }
    fn serialize_str(self, value: &str) -> Result<(), ColumnsError> {
        self.to.number(self.at, value.len() as i64);
        self.to.columns[self.at]
            .bytes
            .extend_from_slice(value.as_bytes());
        Ok(())
    }
    fn serialize_bytes(self, value: &[u8]) -> Result<(), ColumnsError> {
        self.to.number(self.at, value.len() as i64);
        self.to.bytes(self.at, value);
        Ok(())
    }
    fn serialize_none(self) -> Result<(), ColumnsError> {
        self.serialize_bool(false)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), ColumnsError> {
        self.to.number(self.at, 1);
        value.serialize(self.below(0))
    }
    fn serialize_unit(self) -> Result<(), ColumnsError> {
        Ok(())
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<(), ColumnsError> {
        Ok(())
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
    ) -> Result<(), ColumnsError> {
        self.serialize_u32(variant)
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), ColumnsError> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), ColumnsError> {
        value.serialize(self.variant(variant))
    }
    fn serialize_seq(self, length: Option<usize>) -> Result<Below<'w>, ColumnsError> {
        self.list(length)
    }
    fn serialize_tuple(self, length: usize) -> Result<Tuple<'w>, ColumnsError> {
        Ok(if length >= ARRAY_FROM {
            Tuple::Bytes(self, Vec::with_capacity(length))
        } else {
            Tuple::Parts(self.all_below())
        })
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Below<'w>, ColumnsError> {
        Ok(self.all_below())
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Below<'w>, ColumnsError> {
        Ok(self.variant(variant).all_below())
    }
    fn serialize_map(self, length: Option<usize>) -> Result<Below<'w>, ColumnsError> {
        self.list(length)
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Below<'w>, ColumnsError> {
        Ok(self.all_below())
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Below<'w>, ColumnsError> {
        Ok(self.variant(variant).all_below())
    }
}

impl Below<'_> {
    /// The same place for every element.
    fn element<T: Serialize + ?Sized>(
        &mut self,
        place: usize,
        value: &T,
    ) -> Result<(), ColumnsError> {
        let at = self.to.below(self.at, place);
        value.serialize(At { to: self.to, at })
    }

    /// A place of its own for every part.
    fn part<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ColumnsError> {
        let place = self.next;
        self.next += 1;
        self.element(place, value)
    }
}

macro_rules! parts {
    ($($of:ident :: $name:ident ( $($key:ty)? )),+) => {$(
        impl ser::$of for Below<'_> {
            type Ok = ();
            type Error = ColumnsError;
            fn $name<T: Serialize + ?Sized>(&mut self, $(_: $key,)? value: &T) -> Result<(), ColumnsError> {
                self.part(value)
            }
            fn end(self) -> Result<(), ColumnsError> {
                Ok(())
            }
        }
    )+};
}

parts! {
    SerializeStruct::serialize_field(&'static str),
    SerializeStructVariant::serialize_field(&'static str),
    SerializeTupleStruct::serialize_field(),
    SerializeTupleVariant::serialize_field()
}

impl ser::SerializeSeq for Below<'_> {
    type Ok = ();
    type Error = ColumnsError;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ColumnsError> {
        self.element(0, value)
    }
    fn end(self) -> Result<(), ColumnsError> {
        Ok(())
    }
}

impl ser::SerializeMap for Below<'_> {
    type Ok = ();
    type Error = ColumnsError;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ColumnsError> {
        self.element(0, key)
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ColumnsError> {
        self.element(1, value)
    }
    fn end(self) -> Result<(), ColumnsError> {
        Ok(())
    }
}

impl ser::SerializeTuple for Tuple<'_> {
    type Ok = ();
    type Error = ColumnsError;
    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ColumnsError> {
        match self {
            Self::Parts(parts) => parts.part(value),
            // A byte is one in postcard as well; anything else is not.
            Self::Bytes(_, bytes) => {
                let mut one = [0; 16];
                match postcard::to_slice(value, &mut one) {
                    Ok([byte]) => bytes.push(*byte),
                    _ => return Err(ColumnsError::Unsupported("an array of other than bytes")),
                }
                Ok(())
            }
        }
    }
    fn end(self) -> Result<(), ColumnsError> {
        if let Self::Bytes(at, bytes) = self {
            at.to.bytes(at.at, &bytes);
        }
        Ok(())
    }
}
