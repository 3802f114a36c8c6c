//! What is written without Automerge is what Automerge writes.

use std::collections::BTreeMap;

use automerge::{ActorId, Automerge, transaction::CommitOptions};
use autosurgeon::{Reconcile, Reconciler, Text, reconcile::NoKey};
use proptest::prelude::*;

use super::{
    create::committed,
    written::{Node, Unwritable},
};
use crate::{document::to_frame, sync::limits};

/// A made-up value of every kind that a record may hold.
#[derive(Clone, Debug)]
enum Made {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Time(i64),
    Str(String),
    Bytes(Vec<u8>),
    Text(String),
    List(Vec<Made>),
    Map(Vec<(String, Made)>),
}

impl Reconcile for Made {
    type Key<'a> = NoKey;

    fn reconcile<R: Reconciler>(&self, mut r: R) -> Result<(), R::Error> {
        use autosurgeon::reconcile::MapReconciler as _;
        match self {
            Self::Null => r.none(),
            Self::Bool(value) => r.boolean(*value),
            Self::Unsigned(value) => r.u64(*value),
            Self::Signed(value) => r.i64(*value),
            Self::Time(value) => r.timestamp(*value),
            Self::Str(value) => r.str(value),
            Self::Bytes(value) => r.bytes(value),
            Self::Text(value) => Text::with_value(value).reconcile(r),
            Self::List(values) => values.reconcile(r),
            Self::Map(entries) => {
                let mut map = r.map()?;
                for (key, value) in entries {
                    map.put(key, value)?;
                }
                Ok(())
            }
        }
    }
}

/// The same record as Automerge writes it.
fn by_automerge(keys: &impl Reconcile, actor: [u8; 16], at_s: i64) -> Vec<u8> {
    let mut doc = Automerge::new().with_actor(ActorId::from(actor));
    let mut transaction = doc.transaction();
    autosurgeon::reconcile(&mut transaction, keys).unwrap();
    let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(at_s));
    to_frame(&committed(&doc, hash).unwrap().bytes).to_vec()
}

fn written(keys: &impl Reconcile, actor: [u8; 16], at_s: i64) -> Option<Vec<u8>> {
    Node::of(keys).unwrap().frame(&[], actor, at_s)
}

fn map(fields: BTreeMap<String, Made>) -> Made {
    Made::Map(fields.into_iter().collect())
}

fn keys() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]{1,2}", "\\PC{1,4}"]
}

fn any_made() -> impl Strategy<Value = Made> {
    let leaf = prop_oneof![
        Just(Made::Null),
        any::<bool>().prop_map(Made::Bool),
        prop_oneof![0..300u64, any::<u64>()].prop_map(Made::Unsigned),
        prop_oneof![-300..300i64, any::<i64>()].prop_map(Made::Signed),
        prop_oneof![0..300i64, any::<i64>()].prop_map(Made::Time),
        "\\PC{0,6}".prop_map(Made::Str),
        prop::collection::vec(any::<u8>(), 0..40).prop_map(Made::Bytes),
        "\\PC{0,6}".prop_map(Made::Text),
    ];
    leaf.prop_recursive(4, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Made::List),
            prop::collection::btree_map(keys(), inner, 0..6).prop_map(map),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_record_is_written_as_automerge_writes_it(
        fields in prop::collection::btree_map(keys(), any_made(), 1..8),
        actor in any::<[u8; 16]>(),
        at_s in prop_oneof![0..2_000_000_000i64, any::<i64>()],
    ) {
        let record = map(fields);
        prop_assert_eq!(written(&record, actor, at_s), Some(by_automerge(&record, actor, at_s)));
    }
}

#[test]
fn long_texts_and_lists_are_written_as_automerge_writes_them() {
    let check = |value: Made| {
        let record = Made::Map(vec![("k".into(), value)]);
        assert_eq!(
            written(&record, [7; 16], 1),
            Some(by_automerge(&record, [7; 16], 1))
        );
    };
    check(Made::Text("账上没钱，next week 🙏".repeat(200)));
    check(Made::Text(String::new()));
    check(Made::List(vec![]));
    check(Made::List(vec![Made::Signed(-1); 500]));
    check(Made::List(vec![Made::Map(vec![]); 300]));
    check(Made::Str("收".repeat(5_000)));
}

#[test]
fn what_is_no_record_is_refused() {
    let refused = |value: Made| assert_eq!(Node::of(&value), Err(Unwritable));
    refused(Made::Str("no map".into()));
    refused(Made::List(vec![]));
    refused(Made::Map(vec![(String::new(), Made::Null)]));
    let fraction = BTreeMap::from([("k".to_owned(), 0.5f64)]);
    assert_eq!(Node::of(&fraction), Err(Unwritable));
}

#[test]
fn more_than_a_change_may_hold_is_not_written() {
    let long = "x".repeat(limits::CHANGE_BYTES);
    let record = Made::Map(vec![("k".into(), Made::Str(long))]);
    assert_eq!(written(&record, [7; 16], 1), None);
}
