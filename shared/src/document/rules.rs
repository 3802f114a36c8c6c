//! What may change when: which operations a change may hold, by kind of document and by who made it.
//!
//! Rules judge operations, not merged state. The phone asks them before it saves, the server before
//! it admits.
//!
//! Invariants
//! - A creation change makes every key of its kind once (`corrects` only if it corrects something), and
//!   nothing else.
//! - A later change only adds: whole elements to lists, in its author's name; characters to and from
//!   the notes of its author's visit; facts to a contact book. What exists is never rewritten.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{
    ActorId, ExpandedChange, ObjType, ScalarValue,
    legacy::{Key, ObjectId, Op, OpType},
};

use super::{
    DocumentError, Kind, SCHEMA, read,
    shape::{self, Keys, Shape},
};
use crate::{contact_book::BookField, ids::PersonId, people::Role, sync::limits};

/// Why a change may not be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// Touches what this kind and role may not touch.
    #[error("not allowed: {0}")]
    NotAllowed(&'static str),
    /// Names another person as the author of what it adds.
    #[error("in another person's name")]
    AnotherAuthor,
    /// Can't be read.
    #[error(transparent)]
    Unreadable(#[from] DocumentError),
}

impl RuleError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAllowed(_) => "rules.not_allowed",
            Self::AnotherAuthor => "rules.another_author",
            Self::Unreadable(e) => e.code(),
        }
    }
}

/// Who makes a change.
#[derive(Clone, Copy, Debug)]
pub struct Maker {
    /// Person.
    pub person: PersonId,
    /// Role.
    pub role: Role,
    /// Did they create the document?
    pub is_author: bool,
}

/// Who may touch a key after creation.
#[derive(Clone, Copy)]
enum Who {
    Anybody,
    Author,
    AuthorOrSupervisor,
    Supervisor,
    /// Nobody decides what they asked for.
    OtherSupervisor,
}

impl Who {
    fn includes(self, maker: &Maker) -> bool {
        let supervisor = maker.role == Role::Supervisor;
        match self {
            Self::Anybody => true,
            Self::Author => maker.is_author,
            Self::AuthorOrSupervisor => maker.is_author || supervisor,
            Self::Supervisor => supervisor,
            Self::OtherSupervisor => supervisor && !maker.is_author,
        }
    }
}

/// The table: what may grow after creation, and by whom.
fn who_may(kind: Kind, key: &str) -> Option<Who> {
    match (kind, key) {
        (_, "comments") => Some(Who::Anybody),
        (Kind::ContactBook, "attachments" | "fields" | "position" | "contacts" | "signs") => {
            Some(Who::Anybody)
        }
        (_, "attachments") | (Kind::Visit, "notes") => Some(Who::Author),
        (Kind::Receipt, "void_requests") => Some(Who::AuthorOrSupervisor),
        (Kind::Receipt, "void_decisions") | (Kind::Promise, "cancellations") => {
            Some(Who::Supervisor)
        }
        (Kind::Proposal, "decisions") => Some(Who::OtherSupervisor),
        _ => None,
    }
}

/// An operation's id: its counter and its actor.
type OpRef = (u64, ActorId);

/// The containers of a document that its creation change made, with the key each stands under.
#[derive(Debug)]
pub struct Containers {
    kind: Kind,
    growing: BTreeMap<OpRef, (&'static str, Shape)>,
}

/// A map being filled by the change at hand.
struct Filling {
    keys: Keys,
    seen: BTreeSet<&'static str>,
}

impl Filling {
    fn new(keys: Keys) -> Self {
        Self {
            keys,
            seen: BTreeSet::new(),
        }
    }

    /// Takes the next key; each may come once.
    fn take(&mut self, key: &str) -> Result<Shape, RuleError> {
        let (key, shape) = shape::under(self.keys, key).ok_or(NotAllowed("unknown key"))?;
        if self.seen.insert(key) {
            Ok(shape)
        } else {
            Err(NotAllowed("key written twice"))
        }
    }

    fn is_whole(&self) -> bool {
        let missing = |key: &str| !self.seen.contains(key) && !shape::is_optional(key);
        !self.keys.iter().any(|(key, _)| missing(key))
    }
}

use RuleError::NotAllowed;

impl Containers {
    /// Checks a creation change, and finds the containers it made.
    pub fn of_creation(creation: &ExpandedChange) -> Result<Self, RuleError> {
        let first = creation.deps.is_empty() && creation.seq == 1 && creation.start_op.get() == 1;
        if !first {
            return Err(NotAllowed("not a creation change"));
        }
        let kind = kind_of(creation);
        if kind == Kind::Unknown {
            return Err(DocumentError::UnknownKind.into());
        }
        let mut walk = CreationWalk {
            newer: schema_of(creation) > SCHEMA,
            root: Filling::new(shape::root(kind)),
            maps: BTreeMap::new(),
            others: BTreeMap::new(),
            growing: BTreeMap::new(),
            depths: BTreeMap::new(),
        };
        for (counter, op) in (1..).zip(&creation.operations) {
            walk.take(counter, op)?;
        }
        if !walk.root.is_whole() || !walk.maps.values().all(Filling::is_whole) {
            return Err(NotAllowed("key missing"));
        }
        let actor = &creation.actor_id;
        let growing = walk
            .growing
            .into_iter()
            .map(|(n, c)| ((n, actor.clone()), c));
        Ok(Self {
            kind,
            growing: growing.collect(),
        })
    }
}

/// Walks through the operations of a creation change. Objects are known by the counter of the
/// operation that made them.
struct CreationWalk {
    newer: bool,
    root: Filling,
    maps: BTreeMap<u64, Filling>,
    others: BTreeMap<u64, Shape>,
    growing: BTreeMap<u64, (&'static str, Shape)>,
    /// How deep each container lies.
    depths: BTreeMap<u64, usize>,
}

impl CreationWalk {
    fn take(&mut self, counter: u64, op: &Op) -> Result<(), RuleError> {
        if !op.pred.is_empty() {
            return Err(NotAllowed("rewrites in a creation change"));
        }
        let (shape, root_key) = self.shape_of_place(op)?;
        match (&op.action, shape) {
            (OpType::Put(ScalarValue::Null), Shape::MaybeMap(_)) => {}
            (OpType::Put(_), Shape::Scalar | Shape::Newer) => {}
            (OpType::Make(ObjType::Map), Shape::Map(keys) | Shape::MaybeMap(keys)) => {
                self.maps.insert(counter, Filling::new(keys));
            }
            (OpType::Make(ObjType::Map), Shape::Fields)
            | (OpType::Make(ObjType::List), Shape::List(_) | Shape::Scalars)
            | (OpType::Make(ObjType::Text), Shape::Text)
            | (OpType::Make(_), Shape::Newer) => {
                self.others.insert(counter, shape);
            }
            _ => return Err(NotAllowed("wrong type")),
        }
        if matches!(op.action, OpType::Make(_)) {
            let depth = self.depth_of_place(op) + 1;
            if depth > limits::DEPTH {
                return Err(DocumentError::TooLarge("depth").into());
            }
            self.depths.insert(counter, depth);
        }
        if let (OpType::Make(_), Some(key)) = (&op.action, root_key) {
            self.growing.insert(counter, (key, shape));
        }
        Ok(())
    }

    fn depth_of_place(&self, op: &Op) -> usize {
        match &op.obj {
            ObjectId::Root => 0,
            ObjectId::Id(id) => self.depths.get(&id.counter()).copied().unwrap_or(0),
        }
    }

    /// What may stand where the operation writes; with the key, if that is in the root.
    fn shape_of_place(&mut self, op: &Op) -> Result<(Shape, Option<&'static str>), RuleError> {
        let parent = match &op.obj {
            ObjectId::Root => None,
            ObjectId::Id(id) => Some(id.counter()),
        };
        match (parent, &op.key, op.insert) {
            (None, Key::Map(key), false) => match shape::under(self.root.keys, key) {
                Some((key, _)) => Ok((self.root.take(key)?, Some(key))),
                None if self.newer => Ok((Shape::Newer, None)),
                None => Err(NotAllowed("unknown key")),
            },
            (Some(parent), Key::Map(key), false) if self.maps.contains_key(&parent) => {
                let map = self
                    .maps
                    .get_mut(&parent)
                    .ok_or(NotAllowed("unknown object"))?;
                Ok((map.take(key)?, None))
            }
            (Some(parent), _, _) => match self.others.get(&parent) {
                Some(Shape::Newer) => Ok((Shape::Newer, None)),
                Some(Shape::Scalars | Shape::Text) if op.insert => Ok((Shape::Scalar, None)),
                Some(Shape::List(keys)) if op.insert => Ok((Shape::Map(keys), None)),
                _ => Err(NotAllowed("unknown object")),
            },
            _ => Err(NotAllowed("wrong place")),
        }
    }
}

/// Checks a change of an existing document.
pub fn check(
    change: &ExpandedChange,
    containers: &Containers,
    maker: &Maker,
) -> Result<(), RuleError> {
    if change.deps.is_empty() || change.operations.is_empty() {
        return Err(NotAllowed("nothing that it builds on, or nothing in it"));
    }
    let mut made: BTreeMap<OpRef, Filling> = BTreeMap::new();
    for (counter, op) in (change.start_op.get()..).zip(&change.operations) {
        let id = (counter, change.actor_id.clone());
        match &op.obj {
            ObjectId::Root => {
                at_root(op, containers.kind, maker)?;
                made.insert(id, Filling::new(position_keys(containers.kind)));
            }
            ObjectId::Id(parent) => {
                let parent = (parent.counter(), parent.actor().clone());
                if let Some(map) = made.get_mut(&parent) {
                    fill(op, map, maker)?;
                } else if let Some(&(key, shape)) = containers.growing.get(&parent) {
                    if !who_may(containers.kind, key).is_some_and(|who| who.includes(maker)) {
                        return Err(NotAllowed(key));
                    }
                    if let Some(keys) = grow(op, shape)? {
                        made.insert(id, Filling::new(keys));
                    }
                } else {
                    return Err(NotAllowed("rewrites what exists"));
                }
            }
        }
    }
    if made.values().all(Filling::is_whole) {
        Ok(())
    } else {
        Err(NotAllowed("key missing"))
    }
}

/// In the root only a contact book's position may be put anew.
fn at_root(op: &Op, kind: Kind, maker: &Maker) -> Result<(), RuleError> {
    let is_position = matches!(&op.key, Key::Map(key) if key == "position");
    let allowed = who_may(kind, "position").is_some_and(|who| who.includes(maker));
    if is_position && allowed && op.action == OpType::Make(ObjType::Map) && !op.insert {
        Ok(())
    } else {
        Err(NotAllowed("rewrites the record"))
    }
}

fn position_keys(kind: Kind) -> Keys {
    match shape::under(shape::root(kind), "position") {
        Some((_, Shape::MaybeMap(keys))) => keys,
        _ => &[],
    }
}

/// A key of a map that this change has made.
fn fill(op: &Op, map: &mut Filling, maker: &Maker) -> Result<(), RuleError> {
    let (Key::Map(key), false, true) = (&op.key, op.insert, op.pred.is_empty()) else {
        return Err(NotAllowed("wrong place"));
    };
    map.take(key)?;
    let OpType::Put(value) = &op.action else {
        return Err(NotAllowed("wrong type"));
    };
    if key == "author" && *value != ScalarValue::Bytes(maker.person.0.as_bytes().to_vec()) {
        return Err(RuleError::AnotherAuthor);
    }
    Ok(())
}

/// An operation on a container that may grow; gives the keys of the element that it begins.
fn grow(op: &Op, shape: Shape) -> Result<Option<Keys>, RuleError> {
    match (shape, &op.action) {
        (Shape::List(keys), OpType::Make(ObjType::Map)) if op.insert => Ok(Some(keys)),
        (Shape::List(_), _) => Err(NotAllowed("rewrites an element")),
        (Shape::Text, OpType::Put(ScalarValue::Str(text))) if op.insert && !text.is_empty() => {
            Ok(None)
        }
        (Shape::Text, OpType::Delete) if !op.insert => Ok(None),
        (Shape::Fields, OpType::Put(ScalarValue::Str(_))) => match &op.key {
            Key::Map(key) if BookField::from_slug(key) != BookField::Unknown => Ok(None),
            _ => Err(NotAllowed("unknown key")),
        },
        _ => Err(NotAllowed("wrong type")),
    }
}

/// The kind that a creation change names; `Unknown` if it names none.
pub(crate) fn kind_of(creation: &ExpandedChange) -> Kind {
    match root_value(creation, "kind") {
        Some(ScalarValue::Str(slug)) => Kind::from_slug(slug),
        _ => Kind::Unknown,
    }
}

fn schema_of(creation: &ExpandedChange) -> u64 {
    root_value(creation, "schema")
        .and_then(ScalarValue::as_u64)
        .unwrap_or(0)
}

/// The value that a creation change puts under a key of the root.
pub(crate) fn root_value<'a>(creation: &'a ExpandedChange, key: &str) -> Option<&'a ScalarValue> {
    creation
        .operations
        .iter()
        .find_map(|op| match (&op.obj, &op.key, &op.action) {
            (ObjectId::Root, Key::Map(k), OpType::Put(value)) if k == key => Some(value),
            _ => None,
        })
}

/// Asks the rules about a change before the phone saves it. `changes` are the document's so far,
/// none for a creation change; `is_author` says whether the person created the document.
pub fn phone_check(
    changes: &[impl AsRef<[u8]>],
    new_change: &[u8],
    role: Role,
    person: PersonId,
    is_author: bool,
) -> Result<(), RuleError> {
    let new_change = read::decode(new_change)?;
    if changes.is_empty() {
        return Containers::of_creation(&new_change.decode()).map(|_| ());
    }
    for change in changes {
        let change = read::decode(change.as_ref())?;
        if change.deps().is_empty() {
            let containers = Containers::of_creation(&change.decode())?;
            let maker = Maker {
                person,
                role,
                is_author,
            };
            return check(&new_change.decode(), &containers, &maker);
        }
    }
    Err(DocumentError::MissingDependency.into())
}
