//! What documents promise when several people, versions and accidents are at work.

use automerge::{
    ActorId, Automerge, Change, ROOT, ReadDoc, ScalarValue,
    transaction::{CommitOptions, Transactable},
};
use proptest::prelude::*;

use super::{edit::Edit, fixtures::*, *};

fn edited(on: &[Vec<u8>], edit: Edit, actor: u8) -> Vec<u8> {
    edit::apply(on, &edit, [actor; 16], 0).unwrap().bytes
}

fn read_visit(changes: &[Vec<u8>]) -> Visit {
    match read(changes).unwrap().1 {
        Record::Visit(visit) => visit,
        other => panic!("{other:?}"),
    }
}

#[test]
fn two_people_edit_apart_and_both_are_kept() {
    let creation = vec![create_visit(&visit(), origin(1)).unwrap().bytes];
    let rep = edited(&creation, Edit::Notes("账上没钱，下周三再来".into()), 50);
    let rep_later = edited(
        &[creation[0].clone(), rep.clone()],
        Edit::Notes("老板不在。账上没钱，下周三再来".into()),
        50,
    );
    let boss = edited(&creation, Edit::Comment(comment(20, BOSS, "盯紧")), 60);
    let other = edited(&creation, Edit::Comment(comment(21, REP, "好")), 70);
    let merged = read_visit(&[creation[0].clone(), rep, rep_later, boss, other]);
    assert_eq!(merged.notes, "老板不在。账上没钱，下周三再来");
    let mut texts: Vec<_> = merged.comments.iter().map(|c| c.text.as_str()).collect();
    texts.sort_unstable();
    assert_eq!(texts, ["好", "盯紧"]);
}

#[test]
fn concurrent_edits_of_the_notes_merge_as_text() {
    let creation = vec![create_visit(&visit(), origin(1)).unwrap().bytes];
    let front = edited(
        &creation,
        Edit::Notes("老板不在。账上没钱，下周再来".into()),
        50,
    );
    let back = edited(&creation, Edit::Notes("账上没钱，下周再来两次".into()), 60);
    let merged = read_visit(&[creation[0].clone(), front, back]);
    assert_eq!(merged.notes, "老板不在。账上没钱，下周再来两次");
}

#[test]
fn an_element_that_two_copies_of_a_store_added_is_there_once() {
    let creation = vec![create_visit(&visit(), origin(1)).unwrap().bytes];
    let said = Edit::Comment(comment(20, REP, "好"));
    let one = edited(&creation, said.clone(), 50);
    let other = edited(&creation, said.clone(), 60);
    let another = edited(&creation, Edit::Comment(comment(20, BOSS, "不")), 70);
    let both = [creation[0].clone(), one, other, another];
    let comments = read_visit(&both).comments;
    let mut texts: Vec<_> = comments.iter().map(|c| c.text.as_str()).collect();
    texts.sort_unstable();
    assert_eq!(
        texts,
        ["不", "好"],
        "the same id with other words is no copy"
    );
    let again = edit::apply(&both, &said, [80; 16], 0);
    assert_eq!(again.unwrap_err().code(), "document.edit_refused");
}

#[test]
fn a_decision_on_a_request_that_is_not_there_misses_what_it_builds_on() {
    let (creation, _) = create_receipt(&receipt(), origin(1), &key(9)).unwrap();
    let decision = crate::receipt::VoidDecision {
        id: comment(31, BOSS, "").id,
        request: comment(30, REP, "").id,
        author: BOSS,
        at: comment(1, BOSS, "").at,
        approved: true,
        note: String::new(),
    };
    let made = edit::apply(&[creation.bytes], &Edit::DecideVoid(decision), [50; 16], 0);
    assert_eq!(made.unwrap_err().code(), "document.missing_dependency");
}

#[test]
fn a_change_without_what_it_builds_on_is_told() {
    let creation = vec![create_visit(&visit(), origin(1)).unwrap().bytes];
    let first = edited(&creation, Edit::Notes("一".into()), 50);
    let both = [creation[0].clone(), first.clone()];
    let second = edited(&both, Edit::Notes("二".into()), 50);
    let gap = read(&[creation[0].clone(), second]);
    assert_eq!(gap.unwrap_err().code(), "document.missing_dependency");
    assert_eq!(
        read(&[first]).unwrap_err().code(),
        "document.missing_dependency"
    );
    let two = [
        creation[0].clone(),
        create_visit(&visit(), origin(2)).unwrap().bytes,
    ];
    assert_eq!(read(&two).unwrap_err().code(), "document.damaged");
}

/// A document as a later version would make it: another schema number, more keys, unknown slugs.
fn by_a_newer_version() -> Vec<u8> {
    let creation = Change::from_bytes(create_visit(&visit(), origin(1)).unwrap().bytes).unwrap();
    let mut expanded = creation.decode();
    for op in &mut expanded.operations {
        use automerge::legacy::{Key, OpType};
        let Key::Map(key) = &op.key else { continue };
        match key.as_str() {
            "schema" => op.action = OpType::Put(ScalarValue::Uint(2)),
            "result" => op.action = OpType::Put(ScalarValue::Str("paid_in_gold".into())),
            _ => {}
        }
    }
    let mut extra = expanded.operations.first().unwrap().clone();
    extra.key = automerge::legacy::Key::Map("weather".into());
    extra.action = automerge::legacy::OpType::Put(ScalarValue::Str("雨".into()));
    expanded.operations.push(extra);
    expanded.hash = None;
    Change::from(expanded).raw_bytes().to_vec()
}

#[test]
fn what_a_newer_version_wrote_survives_an_edit() {
    let creation = by_a_newer_version();
    let edit = edited(
        std::slice::from_ref(&creation),
        Edit::Notes("改".into()),
        50,
    );
    let (head, record) = read(&[creation.clone(), edit.clone()]).unwrap();
    assert_eq!(head.schema, 2);
    let Record::Visit(read_visit) = record else {
        panic!()
    };
    assert_eq!(read_visit.result, crate::visit::VisitResult::Unknown);
    assert_eq!(read_visit.notes, "改");
    let mut doc = Automerge::new();
    doc.apply_changes([creation, edit].map(|b| Change::from_bytes(b).unwrap()))
        .unwrap();
    let (weather, _) = doc.get(ROOT, "weather").unwrap().unwrap();
    assert_eq!(weather.as_str(), Some("雨"));
    let (result, _) = doc.get(ROOT, "result").unwrap().unwrap();
    assert_eq!(result.as_str(), Some("paid_in_gold"));
}

#[test]
fn a_missing_optional_key_reads_as_none() {
    let mut doc = Automerge::new().with_actor(ActorId::from([7u8; 16]));
    let mut transaction = doc.transaction();
    let keys = layout::VisitKeys::new(&visit(), DEVICE, 1);
    autosurgeon::reconcile(&mut transaction, &keys).unwrap();
    transaction.delete(ROOT, "next_day").unwrap();
    transaction.commit_with(CommitOptions::default().with_time(0));
    let change = doc.get_last_local_change().unwrap().raw_bytes().to_vec();
    assert_eq!(read_visit(&[change]).next_day, None);
}

#[test]
fn a_core_that_was_rewritten_is_not_read_as_signed() {
    let (creation, _) = create_receipt(&receipt(), origin(1), &key(9)).unwrap();
    let mut other = receipt();
    other.amount = yuan(9_999);
    other.shortfall = None;
    let (replacement, _) = create_receipt(&other, origin(1), &key(9)).unwrap();
    let mut doc = Automerge::new();
    let theirs = read::Loaded::new(&[&replacement.bytes]).unwrap().doc;
    doc.apply_changes([Change::from_bytes(creation.bytes.clone()).unwrap()])
        .unwrap();
    doc.set_actor(ActorId::from([66u8; 16]));
    let mut transaction = doc.transaction();
    for path in ["digest", "signature", "key"] {
        let (_, from) = theirs.get(ROOT, "seal").unwrap().unwrap();
        let (value, _) = theirs.get(&from, path).unwrap().unwrap();
        let (_, seal) = transaction.get(ROOT, "seal").unwrap().unwrap();
        transaction
            .put(&seal, path, value.into_scalar().unwrap())
            .unwrap();
    }
    let (core, _) = theirs.get(ROOT, "core").unwrap().unwrap();
    transaction
        .put(ROOT, "core", core.into_scalar().unwrap())
        .unwrap();
    transaction.commit_with(CommitOptions::default().with_time(0));
    let change = doc.get_last_local_change().unwrap().raw_bytes().to_vec();
    assert_eq!(
        read(&[creation.bytes, change]).unwrap_err(),
        DocumentError::BrokenSeal
    );
}

#[test]
fn texts_beyond_the_limit_are_refused_and_change_nothing() {
    let creation = vec![create_visit(&visit(), origin(1)).unwrap().bytes];
    let long = "长".repeat(crate::sync::limits::TEXT_CHARS + 1);
    let refused = edit::apply(&creation, &Edit::Notes(long.clone()), [50; 16], 0);
    assert_eq!(refused.unwrap_err().code(), "document.too_large");
    let refused = create_visit(
        &Visit {
            notes: long,
            ..visit()
        },
        origin(1),
    );
    assert_eq!(refused.unwrap_err().code(), "document.too_large");
    let same = edit::apply(&creation, &Edit::Notes(visit().notes), [50; 16], 0);
    assert_eq!(same.unwrap_err().code(), "document.edit_refused");
    let cancel = Edit::BookPosition(fix().point);
    assert_eq!(
        edit::apply(&creation, &cancel, [50; 16], 0)
            .unwrap_err()
            .code(),
        "document.edit_refused"
    );
}

/// Words of several scripts, some of them equal, so that edits share beginnings and ends.
fn notes() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec!["账", "钱", "a", "b", "👨‍👩‍👧", "é", "\n"]),
        0..12,
    )
    .prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn rewritten_notes_read_as_written(versions in prop::collection::vec(notes(), 1..5)) {
        let mut changes = vec![create_visit(&visit(), origin(1)).unwrap().bytes];
        for (i, notes) in versions.into_iter().enumerate() {
            if read_visit(&changes).notes == notes { continue }
            changes.push(edited(&changes, Edit::Notes(notes.clone()), 50 + i as u8));
            prop_assert_eq!(read_visit(&changes).notes, notes);
        }
    }

    #[test]
    fn the_order_of_changes_does_not_matter(
        branches in prop::collection::vec((notes(), 0..3usize), 1..6),
        seed in any::<u64>(),
    ) {
        let creation = create_visit(&visit(), origin(1)).unwrap().bytes;
        let mut changes = vec![creation];
        for (i, (text, skip)) in branches.into_iter().enumerate() {
            // Each builds on all but the last few, so that they branch.
            let on = &changes[..(changes.len().saturating_sub(skip)).max(1)];
            let edit = match i % 2 {
                0 => Edit::Notes(format!("{i}{text}")),
                _ => Edit::Comment(comment(100 + i as u128, REP, &text)),
            };
            let Ok(change) = edit::apply(on, &edit, [50 + i as u8; 16], 0) else { continue };
            changes.push(change.bytes);
        }
        let expected = read_visit(&changes);
        let mut shuffled = changes.clone();
        let mut state = seed;
        for i in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(i, (state >> 33) as usize % (i + 1));
        }
        prop_assert_eq!(read_visit(&shuffled), expected);
    }

    #[test]
    fn a_frame_gives_its_change_back(counter in any::<u64>(), notes in notes()) {
        let change = create_visit(&Visit { notes, ..visit() }, origin(counter)).unwrap();
        let frame = to_frame(&change.bytes);
        prop_assert_eq!(frame.len() + 8, change.bytes.len());
        prop_assert_eq!(frame_hash(frame), change.hash);
        prop_assert_eq!(from_frame(frame), change.bytes);
    }

    #[test]
    fn damaged_chunks_are_refused_when_read(
        at in any::<prop::sample::Index>(),
        flip in 1u8..,
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = create_receipt(&receipt(), origin(1), &key(9)).unwrap().0.bytes;
        let cut = cut.index(bytes.len());
        prop_assert!(read(&[&bytes[..cut]]).is_err());
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        prop_assert!(read(&[&bytes]).is_err());
        prop_assert!(inspect(&bytes).is_err());
    }
}
