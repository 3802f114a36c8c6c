//! A creation change as Automerge expands it, read without Automerge.
//!
//! Accepted is a frame that says everything in the one way in which Automerge says it: a change of one actor,
//! its first, that builds on nothing and replaces nothing, whose columns and numbers are written as Automerge
//! writes them (they are written again and compared). The outcome is the same as that of
//! `automerge::Change::from_bytes(..).decode()`; of any other frame Automerge has to be asked.

use std::num::NonZeroU64;

use automerge::{
    ActorId, ExpandedChange, ObjType, ScalarValue,
    legacy::{ElementId, Key, ObjectId, Op, OpId, OpType},
};

use super::{
    change::Rows,
    rows::{Row, put_signed, signed, unsigned},
};
use crate::{ids::ChangeHash, sync::columns::put_number};

/// The change of a frame with this hash; none if Automerge has to be asked.
pub fn creation(frame: &[u8], hash: ChangeHash) -> Option<ExpandedChange> {
    let Rows {
        head,
        rows,
        mut values,
    } = Rows::parse(frame)?;
    if (head.seq, head.start_op) != (1, 1) {
        return None;
    }
    let actor = ActorId::from(head.actor);
    let mut operations = Vec::with_capacity(rows.len());
    for row in &rows {
        operations.push(operation(row, &mut values, &actor)?);
    }
    values.is_empty().then_some(ExpandedChange {
        operations,
        actor_id: actor,
        hash: Some(automerge::ChangeHash(hash.0)),
        seq: 1,
        start_op: NonZeroU64::MIN,
        time: head.time_s,
        message: None,
        deps: Vec::new(),
        extra_bytes: Vec::new(),
        author: None,
    })
}

fn operation(row: &Row<'_>, values: &mut &[u8], actor: &ActorId) -> Option<Op> {
    let id = |counter: i64| {
        let counter = u64::try_from(counter).ok().filter(|counter| *counter > 0)?;
        Some(OpId::new(counter, actor))
    };
    let obj = match (row.object_actor, row.object_counter) {
        (None, None) => ObjectId::Root,
        (Some(0), Some(counter)) => ObjectId::Id(id(counter)?),
        _ => return None,
    };
    let key = match (row.key, row.key_actor, row.key_counter) {
        (Some(key), None, None) => Key::Map(std::str::from_utf8(key).ok()?.into()),
        (None, None, Some(0)) => Key::Seq(ElementId::Head),
        (None, Some(0), Some(counter)) => Key::Seq(ElementId::Id(id(counter)?)),
        _ => return None,
    };
    let value = value(row.meta?, values)?;
    let action = match (row.action?, value) {
        (1, value) => OpType::Put(value),
        (0, ScalarValue::Null) => OpType::Make(ObjType::Map),
        (2, ScalarValue::Null) => OpType::Make(ObjType::List),
        (4, ScalarValue::Null) => OpType::Make(ObjType::Text),
        _ => return None,
    };
    Some(Op {
        action,
        obj,
        key,
        pred: Vec::new().into(),
        insert: row.insert,
    })
}

/// Takes the next value, as its description says: its kind in the low four bits, its length above them.
fn value(meta: i64, values: &mut &[u8]) -> Option<ScalarValue> {
    let length = usize::try_from(meta >> 4).ok()?;
    let (bytes, rest) = values.split_at_checked(length)?;
    *values = rest;
    Some(match (meta & 15, length) {
        (0, 0) => ScalarValue::Null,
        (1, 0) => ScalarValue::Boolean(false),
        (2, 0) => ScalarValue::Boolean(true),
        (3, _) => {
            let number = unsigned(&mut &*bytes)?;
            let number = u64::try_from(number).ok()?;
            is_written(bytes, |out| put_number(out, number)).then_some(())?;
            ScalarValue::Uint(number)
        }
        (4, _) => ScalarValue::Int(signed_number(bytes)?),
        (6, _) => ScalarValue::Str(std::str::from_utf8(bytes).ok()?.into()),
        (7, _) => ScalarValue::Bytes(bytes.to_vec()),
        (9, _) => ScalarValue::Timestamp(signed_number(bytes)?),
        _ => return None,
    })
}

fn signed_number(bytes: &[u8]) -> Option<i64> {
    let number = signed(&mut &*bytes)?;
    is_written(bytes, |out| put_signed(out, number)).then_some(number)
}

/// Are these the bytes that are written?
fn is_written(bytes: &[u8], write: impl FnOnce(&mut Vec<u8>)) -> bool {
    let mut out = Vec::with_capacity(10);
    write(&mut out);
    out == bytes
}
