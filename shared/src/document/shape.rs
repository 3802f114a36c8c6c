//! The structure of each kind of document: which keys hold what, down to the elements of lists.
//! `layout` reads and writes by it, `rules` judges operations by it; a test holds the two together.

use super::Kind;

/// What stands under a key or in a list.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// A value that is not a container.
    Scalar,
    /// A text; only the notes of a visit.
    Text,
    /// A map with exactly these keys.
    Map(Keys),
    /// Null, or a map with exactly these keys.
    MaybeMap(Keys),
    /// A map from `BookField` to text.
    Fields,
    /// A list of values, fixed once made.
    Scalars,
    /// A list of maps with exactly these keys.
    List(Keys),
    /// Whatever a newer version put there.
    Newer,
}

/// Keys of a map and what they hold.
pub(super) type Keys = &'static [(&'static str, Shape)];

use Shape::{Fields, List, Map, MaybeMap, Scalar, Scalars, Text};

const POINT: Keys = &[("lat_e7", Scalar), ("lon_e7", Scalar)];
const FIX: Keys = &[
    ("point", Map(POINT)),
    ("accuracy_m", Scalar),
    ("at", Scalar),
];
const COMMENT: Keys = &[
    ("id", Scalar),
    ("author", Scalar),
    ("at", Scalar),
    ("text", Scalar),
];
const ATTACHMENT: Keys = &[
    ("id", Scalar),
    ("content", Scalar),
    ("media_type", Scalar),
    ("size_bytes", Scalar),
    ("author", Scalar),
    ("at", Scalar),
    ("caption", Scalar),
];
const REASONED: Keys = &[
    ("id", Scalar),
    ("author", Scalar),
    ("at", Scalar),
    ("reason", Scalar),
];
const DECISION: Keys = &[
    ("id", Scalar),
    ("request", Scalar),
    ("author", Scalar),
    ("at", Scalar),
    ("approved", Scalar),
    ("note", Scalar),
];
const CONTACT: Keys = &[
    ("id", Scalar),
    ("replaces", Scalar),
    ("author", Scalar),
    ("at", Scalar),
    ("name", Scalar),
    ("role", Scalar),
    ("phone", Scalar),
];
const SIGN: Keys = &[
    ("id", Scalar),
    ("author", Scalar),
    ("at", Scalar),
    ("sign", Scalar),
];
const SEAL: Keys = &[("digest", Scalar), ("signature", Scalar), ("key", Scalar)];

const VISIT: Keys = &[
    ("kind", Scalar),
    ("schema", Scalar),
    ("customer", Scalar),
    ("device", Scalar),
    ("counter", Scalar),
    ("person", Scalar),
    ("started_at", Scalar),
    ("ended_at", Scalar),
    ("check_in", MaybeMap(FIX)),
    ("check_out", MaybeMap(FIX)),
    ("purpose", Scalar),
    ("person_met", Scalar),
    ("result", Scalar),
    ("reason", Scalar),
    ("signs", Scalars),
    ("next_day", Scalar),
    ("related", Scalars),
    ("notes", Text),
    ("comments", List(COMMENT)),
    ("attachments", List(ATTACHMENT)),
    ("corrects", Scalars),
];
const PROMISE: Keys = &[
    ("kind", Scalar),
    ("schema", Scalar),
    ("customer", Scalar),
    ("device", Scalar),
    ("counter", Scalar),
    ("core", Scalar),
    ("seal", Map(SEAL)),
    ("cancellations", List(REASONED)),
    ("comments", List(COMMENT)),
    ("attachments", List(ATTACHMENT)),
];
const RECEIPT: Keys = &[
    ("kind", Scalar),
    ("schema", Scalar),
    ("customer", Scalar),
    ("device", Scalar),
    ("counter", Scalar),
    ("core", Scalar),
    ("seal", Map(SEAL)),
    ("void_requests", List(REASONED)),
    ("void_decisions", List(DECISION)),
    ("comments", List(COMMENT)),
    ("attachments", List(ATTACHMENT)),
];
const CONTACT_BOOK: Keys = &[
    ("kind", Scalar),
    ("schema", Scalar),
    ("customer", Scalar),
    ("device", Scalar),
    ("counter", Scalar),
    ("fields", Fields),
    ("position", MaybeMap(POINT)),
    ("contacts", List(CONTACT)),
    ("signs", List(SIGN)),
    ("comments", List(COMMENT)),
    ("attachments", List(ATTACHMENT)),
];

/// A sealed core to which only comments and photos are added.
const SEALED: Keys = &[
    ("kind", Scalar),
    ("schema", Scalar),
    ("customer", Scalar),
    ("device", Scalar),
    ("counter", Scalar),
    ("core", Scalar),
    ("seal", Map(SEAL)),
    ("comments", List(COMMENT)),
    ("attachments", List(ATTACHMENT)),
];

const ASK: Keys = &[
    ("what", Scalar),
    ("reason", Scalar),
    ("invoices", Scalars),
    ("amount", Scalar),
    ("until", Scalar),
    ("words", Scalar),
];
const AGREED: Keys = &[
    ("id", Scalar),
    ("author", Scalar),
    ("at", Scalar),
    ("approved", Scalar),
    ("amount", Scalar),
    ("note", Scalar),
];
const PROPOSAL: Keys = &[
    ("kind", Scalar),
    ("schema", Scalar),
    ("customer", Scalar),
    ("device", Scalar),
    ("counter", Scalar),
    ("person", Scalar),
    ("made_at", Scalar),
    ("ask", Map(ASK)),
    ("decisions", List(AGREED)),
    ("comments", List(COMMENT)),
    ("attachments", List(ATTACHMENT)),
];

/// The root of a kind.
pub(super) fn root(kind: Kind) -> Keys {
    match kind {
        Kind::Visit => VISIT,
        Kind::Promise => PROMISE,
        Kind::Receipt => RECEIPT,
        Kind::ContactBook => CONTACT_BOOK,
        Kind::HandIn | Kind::Statement => SEALED,
        Kind::Proposal => PROPOSAL,
        Kind::Unknown => &[],
    }
}

/// Keys that a record may do without; every other one stands in every record of its kind.
pub(super) fn is_optional(key: &str) -> bool {
    key == "corrects"
}

/// What stands under a key.
pub(super) fn under(keys: Keys, key: &str) -> Option<(&'static str, Shape)> {
    keys.iter().find(|(known, _)| *known == key).copied()
}
