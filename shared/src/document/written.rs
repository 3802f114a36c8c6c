//! Writes a creation change straight from a record's keys.
//!
//! Automerge makes a change by keeping a document: it looks up every place before it writes there and
//! keeps what it wrote, which for a record that nobody has seen yet is all for nothing. A creation change
//! puts each key once and each element behind the one before, so its operations follow from the record
//! alone. autosurgeon names the values ([`Place`] takes them), [`Node::frame`] writes them.
//!
//! Invariant: the bytes are those that Automerge writes for the same record (tested with made-up values
//! of every shape): level by level, the keys of a map in order, whole lists and texts. They have to be:
//! every phone makes a customer's contact book by itself, and all of them the same. What a record does
//! not hold (counters, fractions, nameless keys) is refused.

use std::{
    borrow::Cow,
    collections::{BTreeMap, VecDeque},
    iter::Empty,
};

use automerge::{ScalarValue, Value, ValueRef};
use autosurgeon::{
    Reconcile, Reconciler,
    reconcile::{
        CounterReconciler, LoadKey, MapReconciler, SeqReconciler, StaleHeads, TextReconciler,
    },
};

use crate::{
    ids::DocumentId,
    sync::creation_frame::{Head, Row, kind, put_number, put_signed},
};

const MAKE_MAP: i64 = 0;
const PUT: i64 = 1;
const MAKE_LIST: i64 = 2;
const MAKE_TEXT: i64 = 4;

/// Something that no record holds: a counter, a fraction, a key without a name, a root that is no map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not for a creation change")]
pub(super) struct Unwritable;

impl From<StaleHeads> for Unwritable {
    fn from(_: StaleHeads) -> Self {
        Self
    }
}

/// A value of a record.
#[derive(Debug, PartialEq)]
pub(super) enum Node {
    /// Neither a counter nor a fraction.
    Scalar(ScalarValue),
    Map(BTreeMap<String, Node>),
    List(Vec<Node>),
    Text(String),
}

impl Node {
    /// What a record holds; its root is a map.
    pub fn of(keys: &impl Reconcile) -> Result<Self, Unwritable> {
        let mut root = Self::Scalar(ScalarValue::Null);
        keys.reconcile(Place(&mut root))?;
        match root {
            Self::Map(_) => Ok(root),
            _ => Err(Unwritable),
        }
    }

    /// The creation change as a frame: this record, and behind it, if the record corrects others, their ids
    /// under a key of its own. None if it is longer than a change may be.
    pub fn frame(&self, corrects: &[DocumentId], actor: [u8; 16], at_s: i64) -> Option<Vec<u8>> {
        let mut out = Operations::default();
        out.fill(self);
        // It came into the schema later and stands last, as in all records that have it.
        let ids = corrects.iter().map(|id| ScalarValue::Bytes(id.0.to_vec()));
        let ids = Self::List(ids.map(Self::Scalar).collect());
        if !corrects.is_empty() {
            let made = out.put(0, At::Key("corrects"), &ids);
            out.fill_object(made, &ids);
        }
        Head {
            actor,
            seq: 1,
            start_op: 1,
            time_s: at_s,
        }
        .assemble(&out.rows, &out.values)
    }

    /// The operation that makes or puts it.
    fn action(&self) -> i64 {
        match self {
            Self::Scalar(_) => PUT,
            Self::Map(_) => MAKE_MAP,
            Self::List(_) => MAKE_LIST,
            Self::Text(_) => MAKE_TEXT,
        }
    }
}

/// Appends a value's bytes as Automerge writes them, and says its kind.
fn put_scalar(out: &mut Vec<u8>, value: &ScalarValue) -> i64 {
    match value {
        ScalarValue::Bytes(bytes) => {
            out.extend_from_slice(bytes);
            kind::BYTES
        }
        ScalarValue::Str(text) => {
            out.extend_from_slice(text.as_bytes());
            kind::TEXT
        }
        ScalarValue::Int(number) => {
            put_signed(out, *number);
            kind::SIGNED
        }
        ScalarValue::Timestamp(number) => {
            put_signed(out, *number);
            kind::TIMESTAMP
        }
        ScalarValue::Uint(number) => {
            put_number(out, *number);
            kind::UNSIGNED
        }
        ScalarValue::Boolean(true) => kind::TRUE,
        ScalarValue::Boolean(false) => kind::FALSE,
        // Nothing else gets into a record.
        _ => kind::NULL,
    }
}

/// The operations so far; the first has the counter 1.
#[derive(Default)]
struct Operations<'a> {
    rows: Vec<Row<'a>>,
    values: Vec<u8>,
    /// Objects that were made and not filled yet, with the counters of the operations that made them.
    unfilled: VecDeque<(i64, &'a Node)>,
}

/// Where in an object a value goes.
#[derive(Clone, Copy)]
enum At<'a> {
    Key(&'a str),
    /// Behind the element that this operation made; 0 is the head.
    After(i64),
}

impl<'a> Operations<'a> {
    /// Fills the root, then what was made in it, level by level.
    fn fill(&mut self, root: &'a Node) {
        self.fill_object(0, root);
        while let Some((object, node)) = self.unfilled.pop_front() {
            self.fill_object(object, node);
        }
    }

    fn fill_object(&mut self, object: i64, node: &'a Node) {
        let mut after = 0;
        match node {
            Node::Scalar(_) => {}
            Node::Map(entries) => {
                for (key, value) in entries {
                    self.put(object, At::Key(key), value);
                }
            }
            Node::List(elements) => {
                for element in elements {
                    after = self.put(object, At::After(after), element);
                }
            }
            Node::Text(text) => {
                for character in text.chars() {
                    let begin = self.values.len();
                    let mut bytes = [0; 4];
                    let bytes = character.encode_utf8(&mut bytes).as_bytes();
                    self.values.extend_from_slice(bytes);
                    after = self.add(object, At::After(after), PUT, (kind::TEXT, begin));
                }
            }
        }
    }

    /// Adds the operation for a value; what is in it follows later.
    fn put(&mut self, object: i64, at: At<'a>, node: &'a Node) -> i64 {
        let begin = self.values.len();
        let Node::Scalar(value) = node else {
            let made = self.add(object, at, node.action(), (kind::NULL, begin));
            self.unfilled.push_back((made, node));
            return made;
        };
        let kind = put_scalar(&mut self.values, value);
        self.add(object, at, PUT, (kind, begin))
    }

    /// Adds an operation with a value of this kind, whose bytes begin there, and says its counter.
    fn add(&mut self, object: i64, at: At<'a>, action: i64, value: (i64, usize)) -> i64 {
        let (kind, begin) = value;
        let length = self.values.len() - begin;
        let in_object = (object > 0).then_some(object);
        let mut row = Row {
            object_actor: in_object.map(|_| 0),
            object_counter: in_object,
            action: Some(action),
            meta: Some((length as i64) << 4 | kind),
            ..Row::default()
        };
        match at {
            At::Key(name) => row.key = Some(name.as_bytes()),
            At::After(counter) => {
                row.key_actor = (counter > 0).then_some(0);
                row.key_counter = Some(counter);
                row.insert = true;
            }
        }
        self.rows.push(row);
        self.rows.len() as i64
    }
}

/// Takes one value.
pub(super) struct Place<'a>(&'a mut Node);

impl Place<'_> {
    fn put(&mut self, value: impl Into<ScalarValue>) -> Result<(), Unwritable> {
        *self.0 = Node::Scalar(value.into());
        Ok(())
    }
}

impl Reconciler for Place<'_> {
    type Error = Unwritable;
    type Map<'b>
        = InMap<'b>
    where
        Self: 'b;
    type Seq<'b>
        = InList<'b>
    where
        Self: 'b;
    type Text<'b>
        = InText<'b>
    where
        Self: 'b;
    type Counter<'b>
        = NoCounter
    where
        Self: 'b;

    fn none(&mut self) -> Result<(), Unwritable> {
        self.put(ScalarValue::Null)
    }

    fn bytes<B: AsRef<[u8]>>(&mut self, value: B) -> Result<(), Unwritable> {
        self.put(value.as_ref().to_vec())
    }

    fn timestamp(&mut self, value: i64) -> Result<(), Unwritable> {
        self.put(ScalarValue::Timestamp(value))
    }

    fn boolean(&mut self, value: bool) -> Result<(), Unwritable> {
        self.put(value)
    }

    fn str<S: AsRef<str>>(&mut self, value: S) -> Result<(), Unwritable> {
        self.put(value.as_ref())
    }

    fn u64(&mut self, value: u64) -> Result<(), Unwritable> {
        self.put(value)
    }

    fn i64(&mut self, value: i64) -> Result<(), Unwritable> {
        self.put(value)
    }

    fn f64(&mut self, _: f64) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn map(&mut self) -> Result<InMap<'_>, Unwritable> {
        *self.0 = Node::Map(BTreeMap::new());
        match self.0 {
            Node::Map(entries) => Ok(InMap(entries)),
            _ => Err(Unwritable),
        }
    }

    fn seq(&mut self) -> Result<InList<'_>, Unwritable> {
        *self.0 = Node::List(Vec::new());
        match self.0 {
            Node::List(elements) => Ok(InList(elements)),
            _ => Err(Unwritable),
        }
    }

    fn text(&mut self) -> Result<InText<'_>, Unwritable> {
        *self.0 = Node::Text(String::new());
        match self.0 {
            Node::Text(text) => Ok(InText(text)),
            _ => Err(Unwritable),
        }
    }

    fn counter(&mut self) -> Result<NoCounter, Unwritable> {
        Err(Unwritable)
    }

    fn heads(&self) -> &[automerge::ChangeHash] {
        &[]
    }
}

/// A map being filled.
pub(super) struct InMap<'a>(&'a mut BTreeMap<String, Node>);

impl MapReconciler for InMap<'_> {
    type Error = Unwritable;
    type EntriesIter<'b>
        = Empty<(Cow<'b, str>, ValueRef<'b>)>
    where
        Self: 'b;

    fn entries(&self) -> Self::EntriesIter<'_> {
        std::iter::empty()
    }

    fn entry<P: AsRef<str>>(&self, _: P) -> Option<Value<'_>> {
        None
    }

    fn put<R: Reconcile, P: AsRef<str>>(&mut self, prop: P, value: R) -> Result<(), Unwritable> {
        if prop.as_ref().is_empty() {
            return Err(Unwritable);
        }
        let mut node = Node::Scalar(ScalarValue::Null);
        value.reconcile(Place(&mut node))?;
        self.0.insert(prop.as_ref().to_owned(), node);
        Ok(())
    }

    fn delete<P: AsRef<str>>(&mut self, prop: P) -> Result<(), Unwritable> {
        self.0.remove(prop.as_ref());
        Ok(())
    }

    fn hydrate_entry_key<'a, R: Reconcile, P: AsRef<str>>(
        &self,
        _: P,
    ) -> Result<LoadKey<R::Key<'a>>, Unwritable> {
        Ok(LoadKey::KeyNotFound)
    }
}

/// A list being filled.
pub(super) struct InList<'a>(&'a mut Vec<Node>);

impl SeqReconciler for InList<'_> {
    type Error = Unwritable;
    type ItemIter<'b>
        = Empty<ValueRef<'b>>
    where
        Self: 'b;

    fn items(&self) -> Self::ItemIter<'_> {
        std::iter::empty()
    }

    fn get(&self, _: usize) -> Result<Option<Value<'_>>, Unwritable> {
        Ok(None)
    }

    fn hydrate_item_key<'a, R: Reconcile>(
        &self,
        _: usize,
    ) -> Result<LoadKey<R::Key<'a>>, Unwritable> {
        Ok(LoadKey::KeyNotFound)
    }

    fn insert<R: Reconcile>(&mut self, index: usize, value: R) -> Result<(), Unwritable> {
        if index != self.0.len() {
            return Err(Unwritable);
        }
        let mut node = Node::Scalar(ScalarValue::Null);
        value.reconcile(Place(&mut node))?;
        self.0.push(node);
        Ok(())
    }

    fn set<R: Reconcile>(&mut self, _: usize, _: R) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn delete(&mut self, _: usize) -> Result<(), Unwritable> {
        Err(Unwritable)
    }

    fn len(&self) -> Result<usize, Unwritable> {
        Ok(self.0.len())
    }
}

/// A text being filled.
pub(super) struct InText<'a>(&'a mut String);

impl TextReconciler for InText<'_> {
    type Error = Unwritable;

    fn splice<S: AsRef<str>>(
        &mut self,
        pos: usize,
        delete: isize,
        insert: S,
    ) -> Result<(), Unwritable> {
        if pos != 0 || delete != 0 || !self.0.is_empty() {
            return Err(Unwritable);
        }
        self.update(insert)
    }

    fn heads(&self) -> &[automerge::ChangeHash] {
        &[]
    }

    fn update<S: AsRef<str>>(&mut self, new_text: S) -> Result<(), Unwritable> {
        new_text.as_ref().clone_into(self.0);
        Ok(())
    }
}

/// Records hold no counters.
pub(super) enum NoCounter {}

impl CounterReconciler for NoCounter {
    type Error = Unwritable;

    fn increment(&mut self, _: i64) -> Result<(), Unwritable> {
        match *self {}
    }

    fn set(&mut self, _: i64) -> Result<(), Unwritable> {
        match *self {}
    }
}
