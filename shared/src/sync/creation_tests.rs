//! What is read at once is what Automerge says.

use std::{num::NonZeroU64, panic::catch_unwind};

use automerge::{
    ActorId, Automerge, Change, ExpandedChange, ObjId, ObjType, ROOT, ReadDoc as _, ScalarValue,
    Value,
    legacy::{ElementId, Key, ObjectId, Op, OpId, OpType},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{admission::*, admission_tests::rep, frame_columns};
use crate::{
    document::{self, Loaded, Made, NewChange, fixtures::*},
    evidence::Fix,
    ids::DocumentId,
    visit::{UnpaidReason, Visit, VisitPurpose, VisitResult, WarningSign},
};

/// The verdict is the same both ways; gives it. A panic of the decoder counts as a refusal.
fn judged(frame: &[u8]) -> Result<Admitted, &'static str> {
    let quietly = |work: fn(&[u8]) -> Result<Admitted, Rejection>| {
        std::panic::set_hook(Box::new(|_| {}));
        catch_unwind(|| work(frame)).map_err(|_| ())
    };
    let at_once = quietly(|frame| admit(frame, None, &rep()));
    let by_document = quietly(|frame| admit_by_document(frame, None, &rep()));
    assert_eq!(at_once, by_document);
    match at_once {
        Ok(judged) => judged.map_err(|rejection| rejection.code()),
        Err(()) => Err("panic"),
    }
}

fn is_admitted_at_once(creation: &NewChange) {
    let frame = document::to_frame(&creation.bytes);
    assert!(is_read_at_once(frame));
    let admitted = judged(frame).unwrap();
    assert_eq!(
        (admitted.document, admitted.hash),
        (creation.document, creation.hash)
    );
    expands_as_automerge_expands(frame);
}

fn expands_as_automerge_expands(frame: &[u8]) -> Option<ExpandedChange> {
    let creation = frame_columns::creation(frame, document::frame_hash(frame))?;
    let change = Change::from_bytes(document::from_frame(frame)).unwrap();
    let expanded = change.decode();
    assert_eq!(creation, expanded);
    assert_eq!(creation.hash, expanded.hash);
    assert_eq!(creation.author, expanded.author);
    Some(creation)
}

#[test]
fn every_kind_of_record_is_read_without_a_document() {
    let corrects = vec![DocumentId([1; 32]), DocumentId([2; 32])];
    let (mut correction, mut corrected_receipt) = (visit(), receipt());
    correction.corrects.clone_from(&corrects);
    corrected_receipt.corrects = corrects;
    for visit in [visit(), correction] {
        is_admitted_at_once(&document::create_visit(&visit, origin(1)).unwrap());
    }
    let promised = document::create_promise(&promise(), origin(2), &key(9));
    is_admitted_at_once(&promised.unwrap().0);
    for core in [receipt(), corrected_receipt] {
        let received = document::create_receipt(&core, origin(3), &key(9));
        is_admitted_at_once(&received.unwrap().0);
    }
    let handed_in = document::create_hand_in(&hand_in(), origin(4), &key(9));
    is_admitted_at_once(&handed_in.unwrap().0);
    is_admitted_at_once(&document::create_proposal(&proposal(), origin(5)).unwrap());
    let answered = document::create_statement(&statement(), origin(5), &key(9));
    is_admitted_at_once(&answered.unwrap().0);
    is_admitted_at_once(&document::create_contact_book(CUSTOMER).unwrap());
}

#[test]
fn records_of_an_earlier_version_are_read_without_a_document() {
    for golden in [
        include_str!("../document/golden/visit_1.hex"),
        include_str!("../document/golden/promise_1.hex"),
        include_str!("../document/golden/receipt_1.hex"),
        include_str!("../document/golden/contact_book_1.hex"),
        include_str!("../document/golden/hand_in_1.hex"),
        include_str!("../document/golden/proposal_1.hex"),
        include_str!("../document/golden/statement_1.hex"),
    ] {
        let hex: String = golden.split_whitespace().collect();
        let bytes: Vec<u8> = (0..hex.len() / 2)
            .map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap())
            .collect();
        assert!(is_read_at_once(document::to_frame(&bytes)));
        judged(document::to_frame(&bytes)).unwrap();
    }
}

#[test]
fn an_edit_is_no_creation() {
    let created = document::create_visit(&visit(), origin(1)).unwrap();
    let comment = document::edit::Edit::Comment(comment(20, REP, "好"));
    let edited = document::edit::apply(&[&created.bytes], &comment, [50; 16], 0).unwrap();
    let frame = document::to_frame(&edited.bytes);
    assert!(!is_read_at_once(frame));
    assert_eq!(judged(frame), Err("admission.no_such_document"));
}

fn a_visit() -> impl Strategy<Value = Visit> {
    let texts = || {
        select(vec![
            "",
            "a",
            "老板不在",
            "x\u{1f600}e\u{301}",
            "\\\" {}\u{0}\n",
        ])
    };
    let fixes = || option::of((any::<i16>(), any::<u16>()));
    let fix_of = |of: Option<(i16, u16)>| {
        of.map(|(lat, accuracy)| Fix {
            point: crate::evidence::GeoPoint {
                lat_e7: i32::from(lat) * 10_000,
                lon_e7: -i32::from(lat),
            },
            accuracy_m: accuracy.into(),
            at: NOON.plus_ms(lat.into()),
        })
    };
    let lists = (
        vec(select(WarningSign::ALL), 0..4),
        vec(texts(), 0..3),
        0..3u128,
        0..3u8,
        0..3u8,
    );
    let kinds = (
        select(VisitPurpose::ALL),
        select(VisitResult::ALL),
        option::of(select(UnpaidReason::ALL)),
        any::<bool>(),
    );
    (fixes(), fixes(), texts(), texts(), kinds, lists).prop_map(
        move |(check_in, check_out, met, notes, kinds, (signs, said, photos, related, old))| {
            Visit {
                check_in: fix_of(check_in),
                check_out: fix_of(check_out),
                purpose: kinds.0,
                person_met: met.to_owned(),
                result: kinds.1,
                reason: kinds.2,
                next_day: visit().next_day.filter(|_| kinds.3),
                signs,
                related: (0..related).map(|n| DocumentId([n; 32])).collect(),
                notes: notes.to_owned(),
                comments: (90..).zip(said).map(|(n, s)| comment(n, REP, s)).collect(),
                attachments: (0..photos).map(|n| photo(50 + n, REP)).collect(),
                corrects: (0..old).map(|n| DocumentId([n; 32])).collect(),
                ..visit()
            }
        },
    )
}

/// One step of a made-up change: where, under which key, and what.
#[derive(Clone, Debug)]
struct Step {
    /// Of the containers made so far.
    parent: prop::sample::Index,
    key: &'static str,
    what: OpType,
    /// Something that no record of ours has, rarely.
    oddity: u8,
}

fn values() -> impl Strategy<Value = ScalarValue> {
    prop_oneof![
        Just(ScalarValue::Null),
        any::<bool>().prop_map(ScalarValue::Boolean),
        any::<u64>().prop_map(ScalarValue::Uint),
        any::<i64>().prop_map(ScalarValue::Int),
        any::<i64>().prop_map(ScalarValue::Timestamp),
        select(vec![i64::MIN, -65, -64, -1, 0, 1, 63, 64, i64::MAX]).prop_map(ScalarValue::Int),
        select(vec!["", "a", "价", "\u{1f600}", "ab", "visit"])
            .prop_map(|text| ScalarValue::Str(text.into())),
        vec(any::<u8>(), 0..140).prop_map(ScalarValue::Bytes),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let what = prop_oneof![
        3 => values().prop_map(OpType::Put),
        2 => select(vec!["a", "价", "\u{1f600}"]).prop_map(|c| OpType::Put(ScalarValue::Str(c.into()))),
        1 => select(vec![ObjType::Map, ObjType::List, ObjType::Text]).prop_map(OpType::Make),
    ];
    let keys = select(vec![
        "a", "b", "c", "d", "e", "f", "g", "kind", "schema", "notes", "日",
    ]);
    let step = (any::<prop::sample::Index>(), keys, what, any::<u8>());
    let step = step.prop_map(|(parent, key, what, oddity)| Step {
        parent,
        key,
        what,
        oddity,
    });
    vec(step, 0..40)
}

struct Container {
    id: Option<OpId>,
    kind: ObjType,
    keys: Vec<&'static str>,
    last: Option<OpId>,
}

/// The change of these steps: mostly one that `Made` accepts.
fn made_up(steps: &[Step]) -> ExpandedChange {
    let (actor, stranger) = (ActorId::from([7u8; 16]), ActorId::from([8u8; 16]));
    let container = |id, kind| Container {
        id,
        kind,
        keys: vec![],
        last: None,
    };
    let mut made = vec![container(None, ObjType::Map)];
    let mut operations: Vec<Op> = vec![];
    for step in steps {
        let own = OpId::new(operations.len() as u64 + 1, &actor);
        let at = step.parent.index(made.len());
        let parent = &mut made[at];
        let is_list = parent.kind != ObjType::Map;
        let is_known = !is_list && parent.keys.contains(&step.key);
        let is_text = parent.kind == ObjType::Text;
        let fits = !is_text
            || matches!(&step.what, OpType::Put(ScalarValue::Str(c)) if c.chars().count() == 1);
        if (is_known || !fits) && step.oddity != 1 {
            continue;
        }
        let mut op = Op {
            action: step.what.clone(),
            obj: parent.id.clone().map_or(ObjectId::Root, ObjectId::Id),
            key: match (is_list, &parent.last) {
                (false, _) => Key::Map(step.key.into()),
                (true, None) => Key::Seq(ElementId::Head),
                (true, Some(last)) => Key::Seq(ElementId::Id(last.clone())),
            },
            pred: vec![].into(),
            insert: is_list,
        };
        match step.oddity {
            2 if is_list => op.key = Key::Seq(ElementId::Head),
            3 => op.pred = parent.last.iter().cloned().collect::<Vec<_>>().into(),
            4 => op.action = OpType::Put(ScalarValue::counter(3)),
            5 => op.action = OpType::Put(ScalarValue::F64(1.5)),
            6 => op.insert = !op.insert,
            7 => op.obj = ObjectId::Id(OpId::new(1, &stranger)),
            8 => op.obj = ObjectId::Id(OpId::new(own.counter() + 1, &actor)),
            9 => op.action = OpType::Delete,
            _ => {}
        }
        parent.keys.push(step.key);
        parent.last = Some(own.clone());
        if let OpType::Make(kind) = op.action {
            made.push(container(Some(own), kind));
        }
        operations.push(op);
    }
    ExpandedChange {
        operations,
        actor_id: actor,
        hash: None,
        seq: 1,
        start_op: NonZeroU64::MIN,
        time: 1_795_233_600,
        message: None,
        deps: vec![],
        extra_bytes: vec![],
        author: None,
    }
}

/// Compares what stands in an object; counts the operations that made it.
fn compare(made: &Made<'_>, doc: &Automerge, obj: &ObjId) -> usize {
    let kind = doc.object_type(obj).unwrap();
    assert_eq!(autosurgeon::ReadDoc::object_type(made, obj), Some(kind));
    if kind == ObjType::Text {
        let text = doc.text(obj).unwrap();
        assert_eq!(autosurgeon::ReadDoc::text(made, obj).unwrap(), text);
        return text.chars().count();
    }
    let mut inside = 0;
    let mut visit = |prop: automerge::Prop| {
        let all = doc.get_all(obj, prop.clone()).unwrap();
        let [(value, id)] = &all[..] else {
            panic!("{prop:?} {all:?}");
        };
        let found = autosurgeon::ReadDoc::get(made, obj, prop).unwrap();
        assert_eq!(found.as_ref(), Some(&(value.clone(), id.clone())));
        inside += 1;
        if let Value::Object(_) = value {
            inside += compare(made, doc, id);
        }
    };
    match kind {
        ObjType::List => {
            let length = doc.length(obj);
            assert_eq!(autosurgeon::ReadDoc::length(made, obj), length);
            (0..length).for_each(|index| visit(index.into()));
        }
        _ => doc.keys(obj).for_each(|key| visit(key.into())),
    }
    inside
}

/// If the change is read at once: does Automerge make the same of it, give it back as it came, and load it again?
fn agrees_with_automerge(frame: &[u8]) -> bool {
    let Some(creation) = expands_as_automerge_expands(frame) else {
        return false;
    };
    let Some(made) = Made::of(&creation) else {
        return false;
    };
    let bytes = document::from_frame(frame);
    let doc = Loaded::new(&[&bytes]).unwrap().doc;
    assert_eq!(compare(&made, &doc, &ROOT), creation.operations.len());
    assert_eq!(
        autosurgeon::ReadDoc::is_empty(&made),
        autosurgeon::ReadDoc::is_empty(&doc)
    );
    assert_eq!(autosurgeon::ReadDoc::get_heads(&made), doc.get_heads());
    assert!(made.has_answered());
    let again = doc.get_change_by_hash(&doc.get_heads()[0]).unwrap();
    assert_eq!(again.raw_bytes(), bytes);
    let loaded = Automerge::load(&doc.save_nocompress()).unwrap();
    assert_eq!(loaded.get_heads(), doc.get_heads());
    true
}

#[test]
fn a_change_without_operations_makes_nothing() {
    let change = Change::from(made_up(&[]));
    let frame = document::to_frame(change.raw_bytes());
    expands_as_automerge_expands(frame);
    assert_eq!(judged(frame), Err("admission.damaged"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn visits_of_all_sorts_are_read_without_a_document(visit in a_visit()) {
        let creation = document::create_visit(&visit, origin(1)).unwrap();
        is_admitted_at_once(&creation);
        prop_assert!(agrees_with_automerge(document::to_frame(&creation.bytes)));
    }

    #[test]
    fn what_is_read_at_once_of_any_operations_is_what_automerge_makes(steps in steps()) {
        let is_odd = steps.iter().any(|step| (1..10).contains(&step.oddity));
        let change = Change::from(made_up(&steps));
        let frame = document::to_frame(change.raw_bytes());
        let agrees = agrees_with_automerge(frame);
        let has_large = steps.iter().any(|step| {
            matches!(step.what, OpType::Put(ScalarValue::Uint(n)) if n > 1 << 62)
                || matches!(step.what, OpType::Put(ScalarValue::Int(n) | ScalarValue::Timestamp(n))
                    if n.unsigned_abs() >= 1 << 60)
        });
        prop_assert!(agrees || is_odd || has_large || change.is_empty());
        let _ = judged(frame);
    }

    /// A flip in an unsigned field of a visit makes another visit, read at once or not.
    #[test]
    fn damaged_frames_are_judged_alike(
        which in 0..6usize,
        flips in vec((any::<prop::sample::Index>(), 1u8..), 1..4),
        replaced in option::of((any::<prop::sample::Index>(), any::<u8>())),
    ) {
        let creation = [
            document::create_visit(&visit(), origin(1)).unwrap(),
            document::create_promise(&promise(), origin(2), &key(9)).unwrap().0,
            document::create_receipt(&receipt(), origin(3), &key(9)).unwrap().0,
            document::create_contact_book(CUSTOMER).unwrap(),
            document::create_hand_in(&hand_in(), origin(4), &key(9)).unwrap().0,
            document::create_proposal(&proposal(), origin(5)).unwrap(),
            document::create_statement(&statement(), origin(5), &key(9)).unwrap().0,
        ][which].clone();
        let mut frame = document::to_frame(&creation.bytes).to_vec();
        for (at, flip) in flips {
            let at = at.index(frame.len());
            frame[at] ^= flip;
        }
        if let Some((at, byte)) = replaced {
            let at = at.index(frame.len());
            frame.insert(at, byte);
        }
        let _ = judged(&frame);
    }
}
