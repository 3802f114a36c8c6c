//! Bounds of a change chunk, judged on its bytes before anything in it is expanded.
//!
//! Columns of operations are run-length encoded: a hundred bytes can stand for hundreds of thousands
//! of operations. This module adds up the runs without following them. Format: automerge's binary
//! format specification, "change chunk", "column storage".

use super::{admission::Rejection, limits};

/// What a frame would expand to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Operations.
    pub operations: usize,
    /// Changes it builds on; none for a creation change.
    pub dependencies: usize,
}

const CHANGE: u8 = 1;
const ACTOR_BYTES: usize = 16;
const COLUMNS: usize = 12;
/// Longest key of a map; those of the schema are far shorter.
const KEY_BYTES: usize = 64;
/// Operation counters beyond this are never reached within the limits of a document.
const COUNTER_MAX: u64 = 1 << 30;
/// Actions 0 to 4: make map, put, make list, delete, make text. Others (increment, table, mark) are
/// not used.
const ACTION_MAX: u64 = 4;

// Column specifications: id << 4 | deflated << 3 | type.
const OBJECT_ACTOR: u64 = 0x01;
const OBJECT_COUNTER: u64 = 0x02;
const KEY_ACTOR: u64 = 0x11;
const KEY_COUNTER: u64 = 0x13;
const KEY_STRING: u64 = 0x15;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_META: u64 = 0x56;
const VALUE: u64 = 0x57;
const PREDECESSORS: u64 = 0x70;
const PREDECESSOR_ACTOR: u64 = 0x71;
const PREDECESSOR_COUNTER: u64 = 0x73;

type Checked<T> = Result<T, Rejection>;

fn damaged<T>(what: &str) -> Checked<T> {
    Err(Rejection::Damaged(what.to_owned()))
}

/// Bounds a frame; refuses what is no plain change chunk or lies beyond a limit.
pub fn bound(frame: &[u8]) -> Checked<Bounds> {
    if frame.len() > limits::CHANGE_BYTES {
        return Err(Rejection::Limit("change bytes"));
    }
    let mut input = Input(frame);
    if input.byte()? != CHANGE {
        return damaged("not a plain change chunk");
    }
    if input.unsigned()? != input.0.len() as u64 {
        return damaged("wrong length");
    }
    let dependencies = input.count(limits::DEPS_PER_CHANGE, "dependencies")?;
    input.take(32 * dependencies)?;
    input.actor()?;
    if input.unsigned()? > limits::CHANGES_PER_DOCUMENT as u64 || input.unsigned()? > COUNTER_MAX {
        return Err(Rejection::Limit("counter"));
    }
    input.signed()?;
    if input.unsigned()? != 0 {
        return damaged("a message");
    }
    let other_actors = input.count(limits::ACTORS_PER_DOCUMENT, "actors")?;
    for _ in 0..other_actors {
        input.actor()?;
    }
    let operations = columns(&mut input, 1 + other_actors as u64)?;
    if !input.0.is_empty() {
        return damaged("bytes behind the columns");
    }
    Ok(Bounds {
        operations,
        dependencies,
    })
}

/// Bounds every column; gives the number of operations.
fn columns(input: &mut Input<'_>, actors: u64) -> Checked<usize> {
    let count = input.count(COLUMNS, "columns")?;
    let mut specifications = Vec::with_capacity(count);
    for _ in 0..count {
        specifications.push((
            input.unsigned()?,
            input.count(limits::CHANGE_BYTES, "column")?,
        ));
    }
    if !specifications.is_sorted_by(|(a, _), (b, _)| a < b) {
        return damaged("columns out of order");
    }
    let (mut operations, mut value_bytes, mut values) = (0, 0, 0);
    for (specification, length) in specifications {
        let data = Input(input.take(length)?);
        match specification {
            OBJECT_ACTOR | KEY_ACTOR | PREDECESSOR_ACTOR => {
                runs(data, |input| match input.unsigned()? {
                    actor if actor < actors => Ok(0),
                    _ => damaged("unknown actor"),
                })?;
            }
            OBJECT_COUNTER => {
                runs(data, |input| input.unsigned().map(|_| 0))?;
            }
            KEY_COUNTER | PREDECESSOR_COUNTER => {
                runs(data, |input| input.signed().map(|_| 0))?;
            }
            KEY_STRING => {
                runs(data, |input| {
                    let length = input.count(KEY_BYTES, "key")?;
                    input.take(length).map(|_| 0)
                })?;
            }
            INSERT => booleans(data)?,
            ACTION => {
                operations = runs(data, |input| match input.unsigned()? {
                    action if action <= ACTION_MAX => Ok(0),
                    _ => Err(Rejection::NotAllowed("kind of operation")),
                })?
                .items;
            }
            VALUE_META => value_bytes = runs(data, |input| Ok(input.unsigned()? >> 4))?.sum,
            VALUE => values = length as u64,
            PREDECESSORS => {
                let predecessors = runs(data, |input| input.unsigned())?.sum;
                if predecessors > limits::OPS_PER_CHANGE as u64 {
                    return Err(Rejection::Limit("predecessors"));
                }
            }
            _ => return damaged("unknown or deflated column"),
        }
    }
    if value_bytes != values {
        return damaged("values and their lengths differ");
    }
    Ok(operations)
}

/// What the runs of a column add up to.
struct Runs {
    items: usize,
    /// Sum over all items of the number that `read` gave.
    sum: u64,
}

/// Adds up a run-length encoded column: runs of a value, literals, runs of null.
fn runs(mut input: Input<'_>, read: impl Fn(&mut Input<'_>) -> Checked<u64>) -> Checked<Runs> {
    let mut total = Runs { items: 0, sum: 0 };
    while !input.0.is_empty() {
        let length = input.signed()?;
        let nulls = if length == 0 { input.unsigned()? } else { 0 };
        let items = length.unsigned_abs().saturating_add(nulls);
        total.items = usize::try_from(items)
            .ok()
            .and_then(|items| total.items.checked_add(items))
            .filter(|items| *items <= limits::OPS_PER_CHANGE)
            .ok_or(Rejection::Limit("operations"))?;
        match length {
            0 => {}
            1.. => {
                total.sum = total
                    .sum
                    .saturating_add(read(&mut input)?.saturating_mul(items))
            }
            _ => {
                for _ in 0..items {
                    total.sum = total.sum.saturating_add(read(&mut input)?);
                }
            }
        }
    }
    Ok(total)
}

/// Adds up a column of booleans: lengths of runs of false and true in turn.
fn booleans(mut input: Input<'_>) -> Checked<()> {
    let mut items = 0u64;
    while !input.0.is_empty() {
        items = items.saturating_add(input.unsigned()?);
        if items > limits::OPS_PER_CHANGE as u64 {
            return Err(Rejection::Limit("operations"));
        }
    }
    Ok(())
}

/// What is still to be read.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn byte(&mut self) -> Checked<u8> {
        match self.0.split_first() {
            Some((&byte, rest)) => {
                self.0 = rest;
                Ok(byte)
            }
            None => damaged("cut off"),
        }
    }

    fn take(&mut self, length: usize) -> Checked<&'a [u8]> {
        match self.0.split_at_checked(length) {
            Some((taken, rest)) => {
                self.0 = rest;
                Ok(taken)
            }
            None => damaged("cut off"),
        }
    }

    fn actor(&mut self) -> Checked<()> {
        if self.unsigned()? != ACTOR_BYTES as u64 {
            return damaged("actor of another length");
        }
        self.take(ACTOR_BYTES).map(|_| ())
    }

    /// A number up to a limit.
    fn count(&mut self, limit: usize, what: &'static str) -> Checked<usize> {
        let count = self.unsigned()?;
        usize::try_from(count)
            .ok()
            .filter(|count| *count <= limit)
            .ok_or(Rejection::Limit(what))
    }

    /// Unsigned LEB128 of at most 64 bits.
    fn unsigned(&mut self) -> Checked<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        damaged("number too long")
    }

    /// Signed LEB128 of at most 64 bits.
    fn signed(&mut self) -> Checked<i64> {
        let mut number = 0i64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let unused = 64u32.saturating_sub(shift + 7);
                return Ok((number << unused) >> unused);
            }
        }
        damaged("number too long")
    }
}
