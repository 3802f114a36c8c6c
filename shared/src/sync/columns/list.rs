//! How a message holds a list of entries (`#[serde(with = …)]`): as one byte string, of columns where
//! there are enough entries to make up for the columns' own lengths, else one after another.

use serde::{Deserializer, Serializer, de, de::Visitor, ser};

use super::{super::message::Entry, pack, unpack};

/// From so many entries on columns are shorter, as measured over pages of the ordinary flow.
const COLUMNS_FROM: usize = 24;

const ONE_BY_ONE: u8 = 0;
const COLUMNS: u8 = 1;

/// The entries as bytes.
pub fn serialize<S: Serializer>(entries: &[Entry], serializer: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::new();
    if entries.len() >= COLUMNS_FROM {
        bytes.push(COLUMNS);
        bytes.extend(pack(entries).map_err(ser::Error::custom)?);
    } else if !entries.is_empty() {
        bytes.push(ONE_BY_ONE);
        bytes = postcard::to_extend(entries, bytes).map_err(ser::Error::custom)?;
    }
    serializer.serialize_bytes(&bytes)
}

/// The entries from the bytes.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Entry>, D::Error> {
    struct Bytes;
    impl Visitor<'_> for Bytes {
        type Value = Vec<Entry>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("packed entries")
        }
        fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<Entry>, E> {
            match bytes.split_first() {
                None => Ok(Vec::new()),
                Some((&COLUMNS, packed)) => unpack(packed).map_err(E::custom),
                Some((&ONE_BY_ONE, packed)) => match postcard::take_from_bytes(packed) {
                    Ok((entries, [])) => Ok(entries),
                    _ => Err(E::custom("damaged entries")),
                },
                Some(_) => Err(E::custom("entries of an unknown form")),
            }
        }
    }
    deserializer.deserialize_bytes(Bytes)
}
