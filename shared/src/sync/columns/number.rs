//! Numbers as bytes: LEB128 varints, zigzag for signed ones.

use super::ColumnsError;

/// Appends a number.
pub(crate) fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// How many bytes [`put`] takes.
pub(super) fn width(value: u64) -> usize {
    (64 - (value | 1).leading_zeros() as usize).div_ceil(7)
}

/// Takes a number off the front.
pub(in crate::sync) fn take(bytes: &mut &[u8]) -> Result<u64, ColumnsError> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes
            .split_first()
            .ok_or(ColumnsError::Damaged("a column is too short"))?;
        *bytes = rest;
        let part = u64::from(byte & 0x7f);
        if shift == 63 && part > 1 {
            break;
        }
        value |= part << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(ColumnsError::Damaged("a number is too large"))
}

/// Takes a length off the front.
pub(in crate::sync) fn take_length(bytes: &mut &[u8]) -> Result<usize, ColumnsError> {
    usize::try_from(take(bytes)?).map_err(|_| ColumnsError::Damaged("a length is too large"))
}

/// Takes so many bytes off the front.
pub(super) fn take_bytes<'a>(
    bytes: &mut &'a [u8],
    length: usize,
) -> Result<&'a [u8], ColumnsError> {
    let (taken, rest) = bytes
        .split_at_checked(length)
        .ok_or(ColumnsError::Damaged("a column is too short"))?;
    *bytes = rest;
    Ok(taken)
}

/// Small numbers of either sign become small numbers.
pub(in crate::sync) fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

/// The other way round.
pub(in crate::sync) fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}
