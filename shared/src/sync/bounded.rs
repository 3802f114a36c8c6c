//! Lists of a message, bounded while they are read: sixteen million frames of nothing are a few
//! kilobytes on the wire and more than a gigabyte in memory.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

use super::{limits, message::Frame};

/// The frames of a request. Of those beyond the limit one is kept, so that the decoder can say what is
/// wrong; the others are read and let go of.
pub fn frames<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Frame>, D::Error> {
    deserializer.deserialize_seq(AtMost(limits::FRAMES_PER_REQUEST + 1, PhantomData))
}

struct AtMost<T>(usize, PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AtMost<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut kept = Vec::with_capacity(list.size_hint().unwrap_or(0).min(self.0));
        while let Some(element) = list.next_element()? {
            if kept.len() < self.0 {
                kept.push(element);
            }
        }
        Ok(kept)
    }
}
