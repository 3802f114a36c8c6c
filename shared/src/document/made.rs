//! What a creation change makes, read from its operations alone.
//!
//! Automerge needs a whole document to say what one change has made of nothing. Where each operation adds something
//! of its own behind what is there, as all do that `create` writes, the outcome can be seen from the operations:
//! each key of a map is put once, each element of a list comes behind the one before, and nothing is ever replaced,
//! deleted or counted up. [`Made::of`] accepts such changes alone; of any other Automerge itself has to say what it
//! makes. That both say the same is tested with every kind of record, with damaged ones and with made-up ones.

use std::{borrow::Cow, cell::Cell, iter::Empty, ops::RangeBounds};

use automerge::{
    ActorId, AutomergeError, ChangeHash, ExpandedChange, ObjId, ObjType, Parent, Prop, ScalarValue,
    Value,
    iter::{ListRange, MapRange},
    legacy::{ElementId, Key, ObjectId, Op, OpType},
};
use autosurgeon::ReadDoc;

use super::{
    DocumentError,
    read::{Readable, shape},
};

/// Keys of a map; more than any kind of record has.
const KEYS: usize = 64;

/// What a creation change made.
pub(crate) struct Made<'a> {
    actor: &'a ActorId,
    hash: Option<ChangeHash>,
    /// In the order made, each with the counter of the operation that made it; 0 is the root.
    objects: Vec<(u64, Object<'a>)>,
    /// Something was asked that only Automerge can answer.
    is_unanswered: Cell<bool>,
}

enum Object<'a> {
    Map(Vec<(&'a str, Held<'a>)>),
    List(Vec<Held<'a>>),
    Text { text: String, last: Option<u64> },
}

/// What stands under a key or in a list, with the counter of the operation that put it there.
struct Held<'a> {
    counter: u64,
    what: What<'a>,
}

#[derive(Clone, Copy)]
enum What<'a> {
    Scalar(&'a ScalarValue),
    Object(ObjType),
}

impl<'a> Made<'a> {
    /// What the change makes; none if Automerge has to be asked.
    pub fn of(creation: &'a ExpandedChange) -> Option<Self> {
        let is_plain = creation.deps.is_empty()
            && creation.seq == 1
            && creation.start_op.get() == 1
            && creation.message.is_none()
            && creation.extra_bytes.is_empty();
        let mut made = Self {
            actor: &creation.actor_id,
            hash: creation.hash,
            objects: vec![(0, Object::Map(Vec::new()))],
            is_unanswered: Cell::new(!is_plain),
        };
        for (counter, op) in (1..).zip(&creation.operations) {
            made.take(counter, op)?;
        }
        is_plain.then_some(made)
    }

    /// Was everything answered that was asked so far?
    pub fn has_answered(&self) -> bool {
        !self.is_unanswered.get()
    }

    /// Adds what an operation makes.
    fn take(&mut self, counter: u64, op: &'a Op) -> Option<()> {
        let what = match &op.action {
            OpType::Make(kind @ (ObjType::Map | ObjType::List | ObjType::Text)) => {
                What::Object(*kind)
            }
            OpType::Put(value) if is_plain(value) => What::Scalar(value),
            _ => return None,
        };
        let parent = match &op.obj {
            ObjectId::Root => 0,
            ObjectId::Id(id) if id.actor() == self.actor && id.counter() > 0 => id.counter(),
            ObjectId::Id(_) => return None,
        };
        let place = self.place(parent)?;
        let (_, object) = self.objects.get_mut(place)?;
        let is_alone = op.pred.is_empty();
        match (object, &op.key) {
            (Object::Map(keys), Key::Map(key)) if is_alone && !op.insert => {
                let is_new = !key.is_empty() && !keys.iter().any(|(known, _)| *known == key);
                (is_new && keys.len() < KEYS).then_some(())?;
                keys.push((key, Held { counter, what }));
            }
            (Object::List(held), Key::Seq(after)) if is_alone && op.insert => {
                follows(after, held.last().map(|held| held.counter), self.actor).then_some(())?;
                held.push(Held { counter, what });
            }
            (Object::Text { text, last }, Key::Seq(after)) if is_alone && op.insert => {
                follows(after, *last, self.actor).then_some(())?;
                text.push(character(what)?);
                *last = Some(counter);
            }
            _ => return None,
        }
        if let What::Object(kind) = what {
            self.objects.push((counter, Object::new(kind)));
        }
        Some(())
    }

    /// Where the object is that the operation with this counter made.
    fn place(&self, counter: u64) -> Option<usize> {
        self.objects
            .binary_search_by_key(&counter, |(made_by, _)| *made_by)
            .ok()
    }

    fn object(&self, id: &ObjId) -> Option<&Object<'a>> {
        let counter = match id {
            ObjId::Root => 0,
            ObjId::Id(counter, actor, _) if actor == self.actor => *counter,
            ObjId::Id(..) => return None,
        };
        self.objects.get(self.place(counter)?).map(|(_, o)| o)
    }

    fn held(&self, obj: &ObjId, prop: &Prop) -> Option<&Held<'a>> {
        match (self.object(obj)?, prop) {
            (Object::Map(keys), Prop::Map(key)) => {
                let found = keys.iter().find(|(known, _)| known == key);
                found.map(|(_, held)| held)
            }
            (Object::List(held), Prop::Seq(index)) => held.get(*index),
            _ => {
                self.is_unanswered.set(true);
                None
            }
        }
    }
}

impl Object<'_> {
    fn new(kind: ObjType) -> Self {
        match kind {
            ObjType::List => Self::List(Vec::new()),
            ObjType::Text => Self::Text {
                text: String::new(),
                last: None,
            },
            ObjType::Map | ObjType::Table => Self::Map(Vec::new()),
        }
    }
}

/// Values that are what they say for ever: no counters, none of which equal ones can differ, none of newer kinds.
fn is_plain(value: &ScalarValue) -> bool {
    matches!(
        value,
        ScalarValue::Null
            | ScalarValue::Boolean(_)
            | ScalarValue::Uint(_)
            | ScalarValue::Int(_)
            | ScalarValue::Timestamp(_)
            | ScalarValue::Str(_)
            | ScalarValue::Bytes(_)
    )
}

/// Does what is put behind this element come last?
fn follows(after: &ElementId, last: Option<u64>, actor: &ActorId) -> bool {
    match (after, last) {
        (ElementId::Head, None) => true,
        (ElementId::Id(id), Some(last)) => id.counter() == last && id.actor() == actor,
        _ => false,
    }
}

/// The one character of an element of a text.
fn character(what: What<'_>) -> Option<char> {
    let What::Scalar(ScalarValue::Str(text)) = what else {
        return None;
    };
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none())
}

impl Readable for Made<'_> {
    type Doc = Self;

    fn doc(&self) -> &Self {
        self
    }

    fn untouched(&self, obj: &ObjId, key: &'static str) -> Result<(), DocumentError> {
        match self.held(obj, &Prop::from(key)) {
            Some(_) => Ok(()),
            None => Err(shape("head", key)),
        }
    }
}

impl ReadDoc for Made<'_> {
    type Parents<'b>
        = Empty<Parent>
    where
        Self: 'b;

    fn get_heads(&self) -> Vec<ChangeHash> {
        self.hash.into_iter().collect()
    }

    fn get<P: Into<Prop>>(
        &self,
        obj: &ObjId,
        prop: P,
    ) -> Result<Option<(Value<'_>, ObjId)>, AutomergeError> {
        Ok(self.held(obj, &prop.into()).map(|held| {
            let value = match held.what {
                What::Scalar(value) => Value::Scalar(Cow::Borrowed(value)),
                What::Object(kind) => Value::Object(kind),
            };
            (value, ObjId::Id(held.counter, self.actor.clone(), 0))
        }))
    }

    fn object_type<O: AsRef<ObjId>>(&self, obj: O) -> Option<ObjType> {
        self.object(obj.as_ref()).map(|object| match object {
            Object::Map(_) => ObjType::Map,
            Object::List(_) => ObjType::List,
            Object::Text { .. } => ObjType::Text,
        })
    }

    /// Automerge's own iterator can only be had empty.
    fn map_range<'b, O, R>(&'b self, obj: O, _: R) -> MapRange<'b>
    where
        R: RangeBounds<String> + 'b,
        O: AsRef<ObjId>,
        R: RangeBounds<String>,
    {
        match self.object(obj.as_ref()) {
            Some(Object::Map(keys)) if keys.is_empty() => {}
            _ => self.is_unanswered.set(true),
        }
        MapRange::default()
    }

    fn list_range<O: AsRef<ObjId>, R: RangeBounds<usize>>(&self, _: O, _: R) -> ListRange<'_> {
        self.is_unanswered.set(true);
        ListRange::default()
    }

    fn length<O: AsRef<ObjId>>(&self, obj: O) -> usize {
        match self.object(obj.as_ref()) {
            Some(Object::List(held)) => held.len(),
            _ => {
                self.is_unanswered.set(true);
                0
            }
        }
    }

    fn text<O: AsRef<ObjId>>(&self, obj: O) -> Result<String, AutomergeError> {
        match self.object(obj.as_ref()) {
            Some(Object::Text { text, .. }) => Ok(text.clone()),
            _ => {
                self.is_unanswered.set(true);
                Ok(String::new())
            }
        }
    }

    fn parents<O: AsRef<ObjId>>(&self, _: O) -> Result<Self::Parents<'_>, AutomergeError> {
        self.is_unanswered.set(true);
        Ok(std::iter::empty())
    }

    fn is_empty(&self) -> bool {
        self.objects.len() == 1
            && matches!(self.objects.first(), Some((_, Object::Map(keys))) if keys.is_empty())
    }
}
