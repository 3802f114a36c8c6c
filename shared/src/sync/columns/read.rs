//! Reading: a deserializer that takes each value from the column of its place in the type.

use serde::{
    Deserialize,
    de::{self, DeserializeSeed, IntoDeserializer, Visitor, value::U8Deserializer},
};

use super::{ColumnsError, limits, number, write::ARRAY_FROM};

type Result<T> = std::result::Result<T, ColumnsError>;

/// Columns of one message at most: more than any type of entry has places.
const COLUMNS: usize = 4_096;

/// What is left of one column.
#[derive(Default)]
struct Column<'de> {
    below: Vec<Option<usize>>,
    is_used: bool,
    is_delta: bool,
    numbers: &'de [u8],
    last_number: i64,
    refs: &'de [u8],
    last_ref: i64,
    bytes: &'de [u8],
}

impl<'de> Column<'de> {
    fn number(&mut self) -> Result<i64> {
        let number = number::unzigzag(number::take(&mut self.numbers)?);
        if !self.is_delta {
            return Ok(number);
        }
        self.last_number = self.last_number.wrapping_add(number);
        Ok(self.last_number)
    }

    fn length(&mut self) -> Result<usize> {
        let length = self.number()?;
        usize::try_from(length).map_err(|_| ColumnsError::Damaged("a length below zero"))
    }

    /// Number of the next id, or none for the next one that is new.
    fn place(&mut self) -> Result<Option<usize>> {
        let step = number::take(&mut self.refs)?;
        let Some(step) = step.checked_sub(1) else {
            return Ok(None);
        };
        self.last_ref = self
            .last_ref
            .checked_add(number::unzigzag(step))
            .ok_or(NO_SUCH_ID)?;
        usize::try_from(self.last_ref)
            .map(Some)
            .map_err(|_| NO_SUCH_ID)
    }

    fn is_read(&self) -> bool {
        self.is_used && self.numbers.is_empty() && self.refs.is_empty() && self.bytes.is_empty()
    }
}

const NO_SUCH_ID: ColumnsError = ColumnsError::Damaged("an id that is not there");

/// Ids of one length; those up to `shown` have been used.
struct Ids<'de, const N: usize> {
    known: Vec<[u8; N]>,
    fresh: &'de [[u8; N]],
}

impl<'de, const N: usize> Ids<'de, N> {
    fn new(bytes: &'de [u8]) -> Result<Self> {
        match bytes.as_chunks::<N>() {
            (fresh, []) => Ok(Self {
                known: Vec::new(),
                fresh,
            }),
            _ => Err(ColumnsError::Damaged("part of an id")),
        }
    }

    fn take(&mut self, column: &mut Column<'de>) -> Result<[u8; N]> {
        match column.place()? {
            Some(place) => self.known.get(place).copied().ok_or(NO_SUCH_ID),
            None => {
                let (&id, rest) = self.fresh.split_first().ok_or(NO_SUCH_ID)?;
                self.fresh = rest;
                column.last_ref = self.known.len() as i64;
                self.known.push(id);
                Ok(id)
            }
        }
    }
}

/// Everything that has not been read yet.
pub(super) struct Reader<'de> {
    columns: Vec<Column<'de>>,
    /// Columns that have a place in the type by now.
    placed: usize,
    short_ids: Ids<'de, 16>,
    long_ids: Ids<'de, 32>,
}

impl<'de> Reader<'de> {
    /// Lays the columns out. `known` are the ids that both ends can compute, in the writer's order.
    pub(super) fn new(mut bytes: &'de [u8], known: impl Iterator<Item = [u8; 32]>) -> Result<Self> {
        let count = number::take_length(&mut bytes)?;
        if count > COLUMNS {
            return Err(ColumnsError::TooLong);
        }
        let mut lengths = Vec::with_capacity(count);
        for _ in 0..count {
            let flags = number::take(&mut bytes)?;
            let mut parts = [0; 3];
            for (bit, part) in parts.iter_mut().enumerate() {
                if flags >> bit & 1 == 1 {
                    *part = number::take_length(&mut bytes)?;
                }
            }
            lengths.push((flags >> 3 & 1 == 1, parts));
        }
        let short_length = number::take_length(&mut bytes)?;
        let long_length = number::take_length(&mut bytes)?;
        let mut columns = Vec::with_capacity(count);
        for (is_delta, [numbers, refs, text]) in lengths {
            columns.push(Column {
                is_delta,
                numbers: number::take_bytes(&mut bytes, numbers)?,
                refs: number::take_bytes(&mut bytes, refs)?,
                bytes: number::take_bytes(&mut bytes, text)?,
                ..Column::default()
            });
        }
        let short_ids = Ids::new(number::take_bytes(&mut bytes, short_length)?)?;
        let mut long_ids = Ids::new(number::take_bytes(&mut bytes, long_length)?)?;
        if !bytes.is_empty() {
            return Err(ColumnsError::Damaged("something behind the columns"));
        }
        let mut seen = std::collections::BTreeSet::new();
        long_ids.known = known.filter(|id| seen.insert(*id)).collect();
        Ok(Self {
            columns,
            placed: 1,
            short_ids,
            long_ids,
        })
    }

    pub(super) fn read<T: Deserialize<'de>>(&mut self) -> Result<T> {
        T::deserialize(At { from: self, at: 0 })
    }

    /// Nothing may be left over.
    pub(super) fn finish(self) -> Result<()> {
        let is_read = self.placed == self.columns.len()
            && self.columns.iter().all(Column::is_read)
            && self.short_ids.fresh.is_empty()
            && self.long_ids.fresh.is_empty();
        if is_read {
            Ok(())
        } else {
            Err(ColumnsError::Damaged("something is left over"))
        }
    }

    fn column(&mut self, at: usize) -> Result<&mut Column<'de>> {
        let column = self
            .columns
            .get_mut(at)
            .ok_or(ColumnsError::Damaged("a column is missing"))?;
        column.is_used = true;
        Ok(column)
    }

    fn below(&mut self, at: usize, place: usize) -> Result<usize> {
        let next = self.placed;
        let below = &mut self.column(at)?.below;
        if below.len() <= place {
            below.resize(place + 1, None);
        }
        match below.get(place).copied().flatten() {
            Some(known) => Ok(known),
            None => {
                if let Some(slot) = below.get_mut(place) {
                    *slot = Some(next);
                }
                self.placed += 1;
                Ok(next)
            }
        }
    }

    /// Bytes of a known length, as [`super::write`] writes them.
    fn bytes(&mut self, at: usize, length: usize) -> Result<Bytes<'de>> {
        let column = self
            .columns
            .get_mut(at)
            .ok_or(ColumnsError::Damaged("a column is missing"))?;
        column.is_used = true;
        Ok(match length {
            16 => Bytes::Short(self.short_ids.take(column)?),
            32 => Bytes::Long(self.long_ids.take(column)?),
            _ => Bytes::Other(number::take_bytes(&mut column.bytes, length)?),
        })
    }
}

enum Bytes<'de> {
    Short([u8; 16]),
    Long([u8; 32]),
    Other(&'de [u8]),
}

impl Bytes<'_> {
    fn as_slice(&self) -> &[u8] {
        match self {
            Self::Short(id) => id,
            Self::Long(id) => id,
            Self::Other(bytes) => bytes,
        }
    }
}

/// One place of the type, to be read from.
struct At<'r, 'de> {
    from: &'r mut Reader<'de>,
    at: usize,
}

impl<'r, 'de> At<'r, 'de> {
    fn below(self, place: usize) -> Result<At<'r, 'de>> {
        let at = self.from.below(self.at, place)?;
        Ok(At {
            from: self.from,
            at,
        })
    }

    fn number(&mut self) -> Result<i64> {
        self.from.column(self.at)?.number()
    }

    fn list(&mut self) -> Result<usize> {
        let length = self.from.column(self.at)?.length()?;
        if length > limits::LIST_ELEMENTS {
            return Err(ColumnsError::TooLong);
        }
        Ok(length)
    }

    fn parts<V: Visitor<'de>>(self, count: usize, visitor: V) -> Result<V::Value> {
        self.from.column(self.at)?;
        visitor.visit_seq(Below {
            from: self.from,
            at: self.at,
            left: count,
            next: Some(0),
        })
    }
}

const OUT_OF_RANGE: ColumnsError = ColumnsError::Damaged("a number is out of range");

macro_rules! numbers {
    ($($name:ident $visit:ident $of:ty),+) => {$(
        fn $name<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value> {
            let number = <$of>::try_from(self.number()?).map_err(|_| OUT_OF_RANGE)?;
            visitor.$visit(number)
        }
    )+};
}

impl<'de> de::Deserializer<'de> for At<'_, 'de> {
    type Error = ColumnsError;

    numbers! {
        deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16, deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64, deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32
    }

    fn is_human_readable(&self) -> bool {
        false
    }
    fn deserialize_u64<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value> {
        visitor.visit_u64(self.number()?.cast_unsigned())
    }
    fn deserialize_bool<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value> {
        match self.number()? {
            0 => visitor.visit_bool(false),
            1 => visitor.visit_bool(true),
            _ => Err(OUT_OF_RANGE),
        }
    }
    fn deserialize_char<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value> {
        let number = u32::try_from(self.number()?).ok();
        visitor.visit_char(number.and_then(char::from_u32).ok_or(OUT_OF_RANGE)?)
    }
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let column = self.from.column(self.at)?;
        let length = column.length()?;
        let bytes = number::take_bytes(&mut column.bytes, length)?;
        let text = std::str::from_utf8(bytes).map_err(|_| ColumnsError::Damaged("not text"))?;
        visitor.visit_borrowed_str(text)
    }
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_str(visitor)
    }
    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let length = self.from.column(self.at)?.length()?;
        visitor.visit_bytes(self.from.bytes(self.at, length)?.as_slice())
    }
    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }
    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value> {
        match self.number()? {
            0 => visitor.visit_none(),
            1 => visitor.visit_some(self.below(0)?),
            _ => Err(OUT_OF_RANGE),
        }
    }
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.from.column(self.at)?;
        visitor.visit_unit()
    }
    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_seq<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value> {
        let left = self.list()?;
        visitor.visit_seq(Below {
            from: self.from,
            at: self.at,
            left,
            next: None,
        })
    }
    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value> {
        if length < ARRAY_FROM {
            return self.parts(length, visitor);
        }
        let bytes = self.from.bytes(self.at, length)?;
        visitor.visit_seq(Array(bytes.as_slice().iter()))
    }
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value> {
        self.parts(length, visitor)
    }
    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value> {
        let left = self.list()?;
        visitor.visit_map(Below {
            from: self.from,
            at: self.at,
            left,
            next: None,
        })
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.parts(fields.len(), visitor)
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        visitor.visit_enum(Variant(self, variants.len()))
    }
    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(ColumnsError::Unsupported("self-describing values"))
    }
    fn deserialize_identifier<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(ColumnsError::Unsupported("names of fields"))
    }
    fn deserialize_ignored_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(ColumnsError::Unsupported("values that are not wanted"))
    }
    fn deserialize_f32<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(ColumnsError::Unsupported("floating point"))
    }
    fn deserialize_f64<V: Visitor<'de>>(self, _: V) -> Result<V::Value> {
        Err(ColumnsError::Unsupported("floating point"))
    }
}

/// Places below a place: parts each with its own (`next` counts them), or elements that share one.
struct Below<'r, 'de> {
    from: &'r mut Reader<'de>,
    at: usize,
    left: usize,
    next: Option<usize>,
}

impl<'de> Below<'_, 'de> {
    fn at(&mut self, place: usize) -> Result<At<'_, 'de>> {
        let at = self.from.below(self.at, place)?;
        Ok(At {
            from: self.from,
            at,
        })
    }
}

impl<'de> de::SeqAccess<'de> for Below<'_, 'de> {
    type Error = ColumnsError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let place = self.next.unwrap_or(0);
        self.next = self.next.map(|next| next + 1);
        seed.deserialize(self.at(place)?).map(Some)
    }
}

impl<'de> de::MapAccess<'de> for Below<'_, 'de> {
    type Error = ColumnsError;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(self.at(0)?).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value> {
        seed.deserialize(self.at(1)?)
    }
}

/// The bytes of an array.
struct Array<'a>(std::slice::Iter<'a, u8>);

impl<'de> de::SeqAccess<'de> for Array<'_> {
    type Error = ColumnsError;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>> {
        let Some(&byte) = self.0.next() else {
            return Ok(None);
        };
        let byte: U8Deserializer<ColumnsError> = byte.into_deserializer();
        seed.deserialize(byte).map(Some)
    }
}

/// An enum, with how many variants it has.
struct Variant<'r, 'de>(At<'r, 'de>, usize);

impl<'r, 'de> de::EnumAccess<'de> for Variant<'r, 'de> {
    type Error = ColumnsError;
    type Variant = Content<'r, 'de>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        mut self,
        seed: S,
    ) -> Result<(S::Value, Content<'r, 'de>)> {
        let variant = u32::try_from(self.0.number()?).map_err(|_| OUT_OF_RANGE)?;
        if variant as usize >= self.1 {
            return Err(OUT_OF_RANGE);
        }
        let index: de::value::U32Deserializer<ColumnsError> = variant.into_deserializer();
        Ok((seed.deserialize(index)?, Content(self.0, variant as usize)))
    }
}

/// What a variant holds.
struct Content<'r, 'de>(At<'r, 'de>, usize);

impl<'de> de::VariantAccess<'de> for Content<'_, 'de> {
    type Error = ColumnsError;

    fn unit_variant(self) -> Result<()> {
        Ok(())
    }
    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value> {
        seed.deserialize(self.0.below(self.1)?)
    }
    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value> {
        self.0.below(self.1)?.parts(length, visitor)
    }
    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        self.0.below(self.1)?.parts(fields.len(), visitor)
    }
}
