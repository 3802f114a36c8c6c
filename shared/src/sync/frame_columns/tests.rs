//! Frames come back as they were, whatever they are; what is damaged is refused.

use proptest::prelude::*;

use super::*;
use crate::{
    day::Timestamp,
    document::{self, fixtures::*, to_frame},
    visit::Visit,
};

fn frame(change: &document::NewChange) -> Frame {
    Frame {
        document: None,
        change: to_frame(&change.bytes).to_vec(),
    }
}

fn a_visit(n: u64, notes: &str) -> Frame {
    let visit = Visit {
        notes: notes.to_owned(),
        started_at: NOON.plus_ms(n as i64 * 61_123),
        ..visit()
    };
    frame(&document::create_visit(&visit, origin(n)).unwrap())
}

fn a_receipt(n: u64) -> Frame {
    let mut core = receipt();
    core.issued_at = Timestamp(NOON.0 + n as i64);
    frame(
        &document::create_receipt(&core, origin(n), &key(9))
            .unwrap()
            .0,
    )
}

fn a_promise(n: u64) -> Frame {
    frame(
        &document::create_promise(&promise(), origin(n), &key(9))
            .unwrap()
            .0,
    )
}

/// Some of everything: 12 visits with different notes, promises and receipts.
fn mixed() -> Vec<Frame> {
    let notes = ["", "a", "老板不在", "x老y板z\u{1f600}", "\\\" {}[],1"];
    (0..12)
        .map(|n| a_visit(n, notes[n as usize % notes.len()]))
        .chain((12..20).map(a_receipt))
        .chain((20..24).map(a_promise))
        .collect()
}

fn comes_back(frames: &[Frame]) -> usize {
    let packed = pack(frames);
    assert_eq!(unpack(&packed).unwrap(), frames);
    packed.len()
}

#[test]
fn creation_changes_are_taken_apart_and_come_back() {
    for frame in mixed() {
        assert!(Change::parse(&frame.change).is_some());
    }
    let frames = mixed();
    let plain: usize = frames.iter().map(|f| f.change.len()).sum();
    let packed = comes_back(&frames);
    assert!(packed < plain * 2 / 3, "{packed} of {plain}");
    assert_eq!(comes_back(&[]), 2);
}

#[test]
fn digests_that_the_receiver_can_compute_are_not_sent() {
    let one = comes_back(&[a_receipt(1)]);
    let two = comes_back(&[a_receipt(1), a_receipt(2)]);
    // The device's signature and the core without its ids and numbers; no digest.
    let (again, bare) = (two - one, 64 + bare_core());
    assert!((bare..bare + 120).contains(&again), "{again} {bare}");
}

/// Bytes of a receipt's core without what leaves it.
fn bare_core() -> usize {
    let core = serde_json::to_vec(&receipt()).unwrap();
    let mut out = Writer::default();
    json::write(&mut out, &core);
    let mut packed = Vec::new();
    out.finish(&mut packed);
    Reader::new(&packed)
        .unwrap()
        .bytes(Stream::JSON)
        .unwrap()
        .len()
}

#[test]
fn what_is_no_creation_change_travels_as_it_is() {
    let created = document::create_visit(&visit(), origin(1)).unwrap();
    let frames: Vec<Frame> = [&b""[..], b"x", &[1, 0], &[1, 200, 200], &[0xff; 40]]
        .iter()
        .map(|bytes| Frame {
            document: Some(created.document),
            change: bytes.to_vec(),
        })
        .collect();
    comes_back(&frames);
}

#[test]
fn of_too_many_frames_one_too_many_is_read() {
    let empty = Frame {
        document: None,
        change: Vec::new(),
    };
    let frames = vec![empty; limits::FRAMES_PER_REQUEST + 500];
    let read = unpack(&pack(&frames)).unwrap();
    assert_eq!(read.len(), limits::FRAMES_PER_REQUEST + 1);
}

#[test]
fn nothing_expands_without_end() {
    // One long text that every one of the changes of a shape names.
    let mut out = Writer::default();
    let first = a_visit(1, "");
    let mut change = Change::parse(&first.change).unwrap();
    let long = vec![b'a'; limits::CHANGE_BYTES / 2];
    for value in &mut change.values {
        if matches!(value, Value::Text(_)) {
            *value = Value::Text(long.clone().into());
        }
    }
    let mut shapes = Shapes::default();
    let (at, change) = shapes.place(change).unwrap();
    out.flag(Stream::DOCUMENT, false);
    out.plain(Stream::FORM, TAKEN_APART);
    put(&mut out, at, &shapes, &change);
    let mut packed = vec![1];
    out.finish(&mut packed);
    assert_eq!(unpack(&packed), Err(ColumnsError::TooLong));

    // In a message that is too much, not damage.
    #[derive(serde::Deserialize)]
    struct Wire(#[serde(with = "super")] Vec<Frame>);
    let bytes = [&[COLUMNS], packed.as_slice()].concat();
    let wire = postcard::to_allocvec(&bytes).unwrap();
    let read: Wire = postcard::from_bytes(&wire).unwrap();
    assert_eq!(read.0.len(), limits::FRAMES_PER_REQUEST + 1);
}

proptest! {
    #[test]
    fn frames_with_a_byte_changed_come_back(at in 0usize..24, place in 0usize..600, by in 1u8..) {
        let mut frames = mixed();
        let change = &mut frames[at].change;
        let place = place % change.len();
        change[place] ^= by;
        comes_back(&frames);
    }

    #[test]
    fn damaged_columns_never_panic(places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut packed = pack(&mixed());
        for (place, by) in places {
            let at = place.index(packed.len());
            packed[at] ^= by;
        }
        if let Ok(frames) = unpack(&packed) {
            let all: usize = frames.iter().map(|f| f.change.len()).sum();
            prop_assert!(all <= limits::MESSAGE_BYTES);
        }
    }

    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = unpack(&bytes);
    }

    #[test]
    fn any_text_of_a_core_comes_back(text in r#"\{("[a-f0-9-]{0,3}"|:|,|\[|\]|-?[0-9]{1,3}|\[[0-9]{1,2},1,2,3\]|"[0-9a-f]{8}-1111-2222-3333-[0-9a-f]{12}"){0,40}"#) {
        let mut out = Writer::default();
        json::write(&mut out, text.as_bytes());
        let mut packed = Vec::new();
        out.finish(&mut packed);
        let read = json::read(&mut Reader::new(&packed).unwrap(), limits::CHANGE_BYTES).unwrap();
        prop_assert_eq!(String::from_utf8(read).unwrap(), text);
    }
}
