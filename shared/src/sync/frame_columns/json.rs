//! The canonical JSON of a sealed core, taken apart: whole numbers, ids (UUIDs, digests) and points of a
//! drawn signature leave the text, which keeps a mark in their place.
//!
//! Numbers of the same place of a list are told by their differences, and so are those of the same place in
//! the order of a core's fields.

use super::{
    super::columns::ColumnsError,
    streams::{Reader, Stream, Writer},
};

const UUID: u8 = 1;
const DIGEST: u8 = 2;
const NUMBER: u8 = 3;
const POINTS: u8 = 4;
/// Marks and what might be taken for one: no JSON text holds such bytes.
const MARKS: u8 = 8;
/// Lists in lists, at most.
const DEPTH: usize = 32;
/// Digits of a number that leaves the text: all such numbers are far from the end of 64 bits.
const DIGITS: usize = 16;

/// Is this such a text?
pub(super) fn is_apt(bytes: &[u8]) -> bool {
    bytes.first() == Some(&b'{') && bytes.iter().all(|byte| *byte >= MARKS)
}

/// Where in a text: in a string or not, in which lists.
#[derive(Default)]
struct Place {
    in_string: bool,
    is_escaped: bool,
    /// For every object none, for every list the element.
    stack: Vec<Option<u32>>,
    /// Numbers met in objects.
    fields: u32,
}

impl Place {
    fn pass(&mut self, byte: u8) {
        if self.in_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' if self.stack.len() < DEPTH => self.stack.push(None),
            b'[' if self.stack.len() < DEPTH => self.stack.push(Some(0)),
            b'}' | b']' => {
                self.stack.pop();
            }
            b',' => {
                if let Some(Some(element)) = self.stack.last_mut() {
                    *element = element.saturating_add(1);
                }
            }
            _ => {}
        }
    }

    /// The stream of a number that stands here.
    fn number(&mut self) -> Stream {
        match self.stack.last() {
            Some(Some(element)) => Stream::json(self.stack.len() as u32, (*element).min(7)),
            _ => {
                self.fields = self.fields.saturating_add(1);
                Stream::json(100, self.fields)
            }
        }
    }
}

/// What stood where a mark stands.
enum Marked {
    Uuid([u8; 16]),
    Digest([u8; 32]),
    Number(Stream, i64),
    Points(Vec<[i64; 4]>),
}

const UUIDS: Stream = Stream::json(101, 0);
const DIGESTS: Stream = Stream::json(102, 0);
const COUNTS: Stream = Stream::json(103, 0);

/// The stream of one of a point's four numbers.
const fn of_point(at: u32) -> Stream {
    Stream::json(104, at)
}

/// Writes a text that is apt.
pub(super) fn write(out: &mut Writer, text: &[u8]) {
    let (mut place, mut rest) = (Place::default(), text);
    let (mut bare, mut marked) = (Vec::new(), Vec::new());
    let mut before = 0u8;
    while let Some((&byte, after)) = rest.split_first() {
        let may_begin = !place.in_string && matches!(before, b'[' | b',' | b':');
        match may_begin.then(|| find(&mut place, rest)).flatten() {
            Some((mark, what, length)) => {
                bare.push(mark);
                marked.push(what);
                // Nothing of the kind begins directly behind another.
                (before, rest) = (0, rest.get(length..).unwrap_or_default());
            }
            None => {
                place.pass(byte);
                bare.push(byte);
                (before, rest) = (byte, after);
            }
        }
    }
    out.bytes(Stream::JSON, &bare);
    for what in marked {
        match what {
            Marked::Uuid(id) => out.id16(UUIDS, &id),
            Marked::Digest(digest) => out.id(DIGESTS, &digest),
            Marked::Number(stream, number) => out.number(stream, number),
            Marked::Points(points) => {
                out.plain(COUNTS, points.len() as u64);
                for point in points {
                    for (at, number) in (0..).zip(point) {
                        out.number(of_point(at), number);
                    }
                }
            }
        }
    }
}

/// What can leave the text at its front, with its mark and length.
fn find(place: &mut Place, text: &[u8]) -> Option<(u8, Marked, usize)> {
    match text.first()? {
        b'"' => uuid(text)
            .map(|(id, length)| (UUID, Marked::Uuid(id), length))
            .or_else(|| {
                digest(text).map(|(digest, length)| (DIGEST, Marked::Digest(digest), length))
            }),
        b'[' => {
            let (points, length) = points(text);
            (!points.is_empty()).then_some((POINTS, Marked::Points(points), length))
        }
        _ => number(text)
            .map(|(number, length)| (NUMBER, Marked::Number(place.number(), number), length)),
    }
}

/// Points `[x,y,t,p],[x,y,t,p]…` at the front, and their length.
fn points(text: &[u8]) -> (Vec<[i64; 4]>, usize) {
    let (mut points, mut length) = (Vec::new(), 0);
    loop {
        let comma = usize::from(!points.is_empty());
        if comma > 0 && text.get(length) != Some(&b',') {
            break;
        }
        let Some((point, taken)) = text.get(length + comma..).and_then(point) else {
            break;
        };
        points.push(point);
        length += comma + taken;
    }
    (points, length)
}

fn point(text: &[u8]) -> Option<([i64; 4], usize)> {
    let mut point = [0; 4];
    let mut rest = text;
    for (slot, opening) in point.iter_mut().zip(*b"[,,,") {
        let (&byte, after) = rest.split_first()?;
        let (value, length) = number(after).filter(|_| byte == opening)?;
        *slot = value;
        rest = after.get(length..)?;
    }
    let (&last, after) = rest.split_first()?;
    (last == b']').then_some((point, text.len() - after.len()))
}

/// A whole number as JSON writes it, if it ends here.
fn number(text: &[u8]) -> Option<(i64, usize)> {
    let sign = usize::from(text.first() == Some(&b'-'));
    let digits = text.get(sign..)?.iter().take_while(|b| b.is_ascii_digit());
    let end = sign + digits.count();
    let digits = text.get(sign..end)?;
    let is_canonical = match digits {
        [] | [b'0', _, ..] => false,
        [b'0'] => sign == 0,
        _ => digits.len() <= DIGITS,
    };
    if !is_canonical || !matches!(text.get(end), Some(b',' | b']' | b'}')) {
        return None;
    }
    let value = std::str::from_utf8(text.get(..end)?).ok()?.parse().ok()?;
    Some((value, end))
}

/// `"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"` at the front.
fn uuid(text: &[u8]) -> Option<([u8; 16], usize)> {
    const LENGTH: usize = 38;
    let inner = text.get(1..LENGTH - 1)?;
    if text.first() != Some(&b'"') || text.get(LENGTH - 1) != Some(&b'"') {
        return None;
    }
    let mut id = [0; 16];
    let mut digits = inner.iter().copied();
    for (at, byte) in id.iter_mut().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) && digits.next() != Some(b'-') {
            return None;
        }
        *byte = hex(digits.next()?)? << 4 | hex(digits.next()?)?;
    }
    Some((id, LENGTH))
}

/// 64 hexadecimal digits in quotes at the front.
fn digest(text: &[u8]) -> Option<([u8; 32], usize)> {
    const LENGTH: usize = 66;
    if text.first() != Some(&b'"') || text.get(LENGTH - 1) != Some(&b'"') {
        return None;
    }
    let mut digest = [0; 32];
    let mut digits = text.get(1..LENGTH - 1)?.iter().copied();
    for byte in &mut digest {
        *byte = hex(digits.next()?)? << 4 | hex(digits.next()?)?;
    }
    Some((digest, LENGTH))
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

/// The text again, of at most so many bytes.
pub(super) fn read(input: &mut Reader<'_>, most: usize) -> Result<Vec<u8>, ColumnsError> {
    let bare = input.bytes(Stream::JSON)?;
    let mut place = Place::default();
    let mut text = Vec::with_capacity(bare.len());
    for &byte in bare {
        if text.len() > most {
            return Err(ColumnsError::TooLong);
        }
        match byte {
            UUID => {
                text.push(b'"');
                for (at, byte) in input.id16(UUIDS)?.into_iter().enumerate() {
                    if matches!(at, 4 | 6 | 8 | 10) {
                        text.push(b'-');
                    }
                    put_hex(&mut text, byte);
                }
                text.push(b'"');
            }
            DIGEST => {
                text.push(b'"');
                for byte in input.id(DIGESTS)? {
                    put_hex(&mut text, byte);
                }
                text.push(b'"');
            }
            NUMBER => put_decimal(&mut text, input.number(place.number())?),
            POINTS => {
                for at in 0..input.plain(COUNTS)? {
                    // A point is a few bytes on its way and many here.
                    if text.len() > most {
                        return Err(ColumnsError::TooLong);
                    }
                    if at > 0 {
                        text.push(b',');
                    }
                    for (of, opening) in (0..).zip(*b"[,,,") {
                        text.push(opening);
                        put_decimal(&mut text, input.number(of_point(of))?);
                    }
                    text.push(b']');
                }
            }
            _ => {
                place.pass(byte);
                text.push(byte);
            }
        }
    }
    Ok(text)
}

fn put_hex(text: &mut Vec<u8>, byte: u8) {
    for digit in [byte >> 4, byte & 15] {
        text.push(digit + if digit < 10 { b'0' } else { b'a' - 10 });
    }
}

/// A number in decimal. (A signature has hundreds of them: the general way of writing one takes longer than all else
/// that is done with it.)
fn put_decimal(text: &mut Vec<u8>, number: i64) {
    const MOST_DIGITS: usize = 20;
    if number < 0 {
        text.push(b'-');
    }
    let mut digits = [0; MOST_DIGITS];
    let (mut left, mut count) = (number.unsigned_abs(), 0);
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (left % 10) as u8;
        (left, count) = (left / 10, count + 1);
        if left == 0 {
            break;
        }
    }
    text.extend(digits.iter().skip(MOST_DIGITS - count));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::frame_columns::streams::Writer;

    #[test]
    fn numbers_are_written_as_they_are_read() {
        for number in [0, 1, -1, 9, 10, -10, 1_795_233_600_000, i64::MAX, i64::MIN] {
            let mut text = Vec::new();
            put_decimal(&mut text, number);
            assert_eq!(text, number.to_string().as_bytes());
        }
    }

    #[test]
    fn points_expand_no_further_than_a_change_may_be_long() {
        const POINT_COUNT: u64 = 100_000;
        let mut out = Writer::default();
        out.bytes(Stream::JSON, &[POINTS]);
        out.plain(COUNTS, POINT_COUNT);
        for at in 0..4 {
            for _ in 0..POINT_COUNT {
                out.number(of_point(at), 1_000);
            }
        }
        let mut bytes = Vec::new();
        out.finish(&mut bytes);
        let mut input = Reader::new(&bytes).unwrap();
        assert_eq!(read(&mut input, 10_000), Err(ColumnsError::TooLong));
    }
}
