//! Hostile inputs, made by hand from honest ones.

use automerge::{
    ActorId, Automerge, Change, ObjType, ROOT, ReadDoc as _,
    transaction::{CommitOptions, Transactable as _, Transaction},
};
use shared::{
    document::{self, edit},
    sync::{limits, message::PROTOCOL_VERSION},
};

use super::{
    chunk::{self, Parts},
    honest::{self, Which},
    hydrate,
    seeds::{self, Seed, behind},
};

/// The hostile inputs.
pub fn all() -> Vec<Seed> {
    [
        expanding(),
        counts(),
        chunks(),
        links(),
        nested(),
        messages(),
        documents(),
    ]
    .concat()
}

fn change(name: &str, selector: u8, frame: &[u8]) -> Seed {
    Seed::new("admit_change", name, behind(selector, frame))
}

fn parts(which: Which) -> Parts {
    Parts::of(document::to_frame(&which.creation().bytes)).unwrap()
}

/// The frame of a creation change after something was done to its parts.
fn altered(which: Which, alter: impl FnOnce(&mut Parts)) -> Vec<u8> {
    let mut parts = parts(which);
    alter(&mut parts);
    parts.frame()
}

/// A salesperson's edit of the stored visit after something was done to its parts.
fn altered_edit(alter: impl FnOnce(&mut Parts)) -> Vec<u8> {
    let stored = Which::Visit.stored();
    let edit = edit::apply(
        &stored.changes,
        &honest::comment(70, honest::REP),
        [61; 16],
        0,
    )
    .unwrap();
    let mut parts = Parts::of(document::to_frame(&edit.bytes)).unwrap();
    alter(&mut parts);
    parts.frame()
}

/// A salesperson's edit that puts one character before the notes of the stored visit: one operation.
fn a_character(alter: impl FnOnce(&mut Parts)) -> Vec<u8> {
    let stored = Which::Visit.stored();
    let mut parts = Parts::of(&foreign(&stored.changes, |doc| {
        let (_, notes) = doc.get(ROOT, "notes").unwrap().unwrap();
        doc.splice_text(&notes, 0, 0, "x").unwrap();
    }))
    .unwrap();
    alter(&mut parts);
    parts.frame()
}

const KEY: u64 = 0x15;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_META: u64 = 0x56;
const PREDECESSORS: u64 = 0x70;

/// A positive run length as signed LEB128.
fn run(length: u64) -> Vec<u8> {
    let mut out = Vec::new();
    chunk::number(&mut out, length);
    // The sign bit of the last byte must be clear.
    if out.last().is_some_and(|last| last & 0x40 != 0) {
        if let Some(last) = out.last_mut() {
            *last |= 0x80;
        }
        out.push(0);
    }
    out
}

/// A change of a hundred bytes that makes this many keys.
fn expanded(operations: u64) -> Vec<u8> {
    let long = |value: &[u8]| [run(operations).as_slice(), value].concat();
    let mut unsigned = Vec::new();
    chunk::number(&mut unsigned, operations);
    Parts {
        chunk_type: 1,
        actor: vec![7; 16],
        seq: 1,
        start_op: 1,
        time: vec![0],
        columns: vec![
            (KEY, long(&[1, b'k'])),
            (INSERT, unsigned),
            (ACTION, long(&[1])),
            (VALUE_META, long(&[0])),
            (PREDECESSORS, long(&[0])),
        ],
        ..Parts::default()
    }
    .frame()
}

/// Few bytes that stand for many operations.
fn expanding() -> Vec<Seed> {
    let limit = "admission.limit";
    let longer = |column: u64, data: Vec<u8>| {
        altered(Which::Visit, |parts| *parts.column(column).unwrap() = data)
    };
    vec![
        change(
            &format!("run-of-300000-operations.{limit}"),
            0,
            &expanded(300_000),
        ),
        change(
            &format!("run-of-2-to-the-62-operations.{limit}"),
            0,
            &expanded(1 << 62),
        ),
        change(
            &format!(
                "run-of-as-many-operations-as-allowed.{}",
                "admission.damaged"
            ),
            0,
            &expanded(limits::OPS_PER_CHANGE as u64),
        ),
        change(
            &format!("run-of-nulls.{limit}"),
            0,
            &longer(ACTION, [&[0][..], &run(1 << 40)].concat()),
        ),
        change(
            &format!("run-of-booleans.{limit}"),
            0,
            &longer(INSERT, run(1 << 40)),
        ),
        change(
            &format!("run-of-predecessors.{limit}"),
            0,
            &longer(PREDECESSORS, [&run(9_000)[..], &run(1 << 30)].concat()),
        ),
        change(
            "run-of-value-bytes.admission.damaged",
            0,
            &longer(VALUE_META, [&run(9_000)[..], &run(1 << 40)].concat()),
        ),
    ]
}

/// Numbers of dependencies, actors, columns and bytes far beyond what there is.
fn counts() -> Vec<Seed> {
    let huge = |name: &str, before: &[u8], count: u64| {
        let mut body = before.to_vec();
        chunk::number(&mut body, count);
        body.extend([0; 64]);
        change(name, 0, &chunk::with_length(1, &body))
    };
    let head = [&[0u8, 16][..], &[7; 16]].concat();
    let with = |more: &[u8]| [head.as_slice(), more].concat();
    let mut long = vec![1];
    chunk::number(&mut long, u64::MAX);
    long.extend([0; 40]);
    vec![
        huge("dependencies-2-to-the-40.admission.limit", &[], 1 << 40),
        huge(
            "actor-of-2-to-the-40-bytes.admission.damaged",
            &[0],
            1 << 40,
        ),
        huge(
            "message-of-2-to-the-40-bytes.admission.damaged",
            &with(&[1, 1, 0]),
            1 << 40,
        ),
        huge(
            "actors-2-to-the-40.admission.limit",
            &with(&[1, 1, 0, 0]),
            1 << 40,
        ),
        huge(
            "columns-2-to-the-40.admission.limit",
            &with(&[1, 1, 0, 0, 0]),
            1 << 40,
        ),
        huge(
            "sequence-number-2-to-the-63.admission.limit",
            &head,
            1 << 63,
        ),
        huge(
            "first-operation-2-to-the-63.admission.limit",
            &with(&[1]),
            1 << 63,
        ),
        change("longer-than-it-is.admission.damaged", 0, &long),
        change(
            "actors-900.decoder.panic",
            0,
            &altered(Which::Visit, |p| {
                p.other_actors = (0..900u32).map(|n| [n.to_le_bytes(); 4].concat()).collect()
            }),
        ),
        change(
            "dependencies-64-unknown.admission.missing_dependency",
            1,
            &altered_edit(|p| p.dependencies = (0..64).map(|n| [n; 32]).collect()),
        ),
        change(
            "message-of-3000-bytes.admission.damaged",
            0,
            &altered(Which::Visit, |p| p.message = vec![b'x'; 3_000]),
        ),
    ]
}

/// Chunks that are no plain change, and pieces of one.
fn chunks() -> Vec<Seed> {
    let creation = Which::Visit.creation();
    let frame = document::to_frame(&creation.bytes);
    let typed = |chunk_type: u8| behind(chunk_type, &frame[1..]);
    let mut doc = Automerge::new();
    doc.apply_changes([Change::from_bytes(creation.bytes.clone()).unwrap()])
        .unwrap();
    let mut deflated = Change::from_bytes(
        document::create_contact_book(honest::CUSTOMER)
            .unwrap()
            .bytes,
    )
    .unwrap();
    let deflated_bytes = deflated.bytes().into_owned();
    let deflated_column = altered(Which::Visit, |p| p.columns[0].0 |= 8);
    let out_of_order = altered(Which::Visit, |p| p.columns.swap(0, 1));
    let longest = vec![1; limits::CHANGE_BYTES + 1];
    vec![
        change("nothing.admission.damaged", 0, &[]),
        change("document-chunk.admission.damaged", 0, &doc.save()[8..]),
        change(
            "document-chunk-that-says-it-is-a-change.admission.damaged",
            0,
            &behind(1, &doc.save()[9..]),
        ),
        change(
            "change-that-says-it-is-a-document.admission.damaged",
            0,
            &typed(0),
        ),
        change(
            "change-that-says-it-is-deflated.admission.damaged",
            0,
            &typed(2),
        ),
        change(
            "deflated-change.admission.damaged",
            0,
            &behind(2, &deflated_bytes[9..]),
        ),
        change("bundle.admission.damaged", 0, &typed(3)),
        change("deflated-column.admission.damaged", 0, &deflated_column),
        change("columns-out-of-order.admission.damaged", 0, &out_of_order),
        change("cut-off.admission.damaged", 0, &frame[..frame.len() / 2]),
        change(
            "bytes-behind.admission.damaged",
            0,
            &[frame, &[0; 9]].concat(),
        ),
        change(
            "bytes-behind-the-columns.admission.damaged",
            0,
            &altered(Which::Visit, |p| p.rest = vec![0; 9]),
        ),
        change("longer-than-allowed.admission.limit", 0, &longest[..]),
        change(
            "random-bytes.admission.damaged",
            0,
            &(0..400u32)
                .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
                .collect::<Vec<_>>(),
        ),
    ]
}

/// Dependencies that are not there, in a ring, or not to be; counters that leap.
fn links() -> Vec<Seed> {
    let first = altered_edit(|p| p.dependencies = vec![[0xaa; 32]]);
    let second = altered_edit(|p| {
        p.dependencies = vec![document::frame_hash(&first).0];
        p.seq = 2;
    });
    // The first names what would be the second if it were not for that.
    let ring = altered_edit(|p| p.dependencies = vec![document::frame_hash(&second).0]);
    let missing = "admission.missing_dependency";
    vec![
        change(&format!("ring-of-dependencies-1.{missing}"), 1, &ring),
        change(&format!("ring-of-dependencies-2.{missing}"), 1, &second),
        change(
            "edit-of-nothing.admission.no_such_document",
            0,
            &altered_edit(|_| {}),
        ),
        change(
            &format!("edit-of-another-document.{missing}"),
            2,
            &altered_edit(|_| {}),
        ),
        change(
            "second-creation.admission.not_allowed",
            1,
            document::to_frame(&Which::Visit.creation().bytes),
        ),
        change(
            "sequence-number-leaps.admission.damaged",
            1,
            &altered_edit(|p| p.seq = 9_000),
        ),
        change(
            "sequence-number-0.admission.damaged",
            1,
            &altered_edit(|p| p.seq = 0),
        ),
        change(
            "counter-leaps-to-the-end.admission.damaged",
            1,
            &a_character(|p| p.start_op = (1 << 30) - 20),
        ),
        change(
            "counter-leaps-by-one.admission.damaged",
            1,
            &a_character(|p| p.start_op += 1),
        ),
        change("character.admitted", 1, &a_character(|_| {})),
        change(
            "counter-comes-again.admission.damaged",
            1,
            &altered_edit(|p| p.start_op = 3),
        ),
        change(
            "actor-and-number-come-again.admission.damaged",
            1,
            &altered_edit(|p| p.actor = honest::ACTOR.to_vec()),
        ),
    ]
}

/// A change that the product would never make.
fn foreign(on: &[Vec<u8>], write: impl Fn(&mut Transaction<'_>)) -> Vec<u8> {
    let mut doc = Automerge::new();
    let changes = on.iter().map(|b| Change::from_bytes(b.clone()).unwrap());
    doc.apply_changes(changes).unwrap();
    doc.set_actor(ActorId::from([77u8; 16]));
    let mut transaction = doc.transaction();
    write(&mut transaction);
    transaction.commit_with(CommitOptions::default().with_time(0));
    document::to_frame(doc.get_last_local_change().unwrap().raw_bytes()).to_vec()
}

/// A creation change of this kind of record, its operations repeated by hand, with more of its own.
fn creation_with(which: Which, more: impl Fn(&mut Transaction<'_>)) -> Vec<u8> {
    let mut doc = Automerge::new();
    doc.apply_changes([Change::from_bytes(which.creation().bytes).unwrap()])
        .unwrap();
    foreign(&[], |new| {
        copy(&doc, &ROOT, new, &ROOT);
        more(new);
    })
}

fn copy(
    from: &Automerge,
    source: &automerge::ObjId,
    to: &mut Transaction<'_>,
    target: &automerge::ObjId,
) {
    use automerge::Value;
    let is_map = matches!(from.object_type(source), Ok(ObjType::Map));
    let keys: Vec<String> = from.keys(source).collect();
    if is_map {
        for key in keys {
            match from.get(source, key.as_str()).unwrap().unwrap() {
                (Value::Object(ObjType::Text), id) => {
                    let new = to.put_object(target, key.as_str(), ObjType::Text).unwrap();
                    to.splice_text(&new, 0, 0, &from.text(&id).unwrap())
                        .unwrap();
                }
                (Value::Object(kind), id) => {
                    let new = to.put_object(target, key.as_str(), kind).unwrap();
                    copy(from, &id, to, &new);
                }
                (Value::Scalar(value), _) if key == "schema" => {
                    drop(value);
                    to.put(target, "schema", 2u64).unwrap();
                }
                (Value::Scalar(value), _) => {
                    to.put(target, key.as_str(), value.into_owned()).unwrap()
                }
            }
        }
    } else {
        for index in 0..from.length(source) {
            if let Some((Value::Scalar(value), _)) = from.get(source, index).unwrap() {
                to.insert(target, index, value.into_owned()).unwrap();
            }
        }
    }
}

fn nest(doc: &mut Transaction<'_>, kind: ObjType, depth: usize) {
    let mut inner = doc.put_object(ROOT, "newer", kind).unwrap();
    for _ in 1..depth {
        inner = match kind {
            ObjType::Map => doc.put_object(&inner, "n", kind).unwrap(),
            _ => doc.insert_object(&inner, 0, kind).unwrap(),
        };
    }
}

/// Maps in maps and lists in lists.
fn nested() -> Vec<Seed> {
    let stored = Which::Visit.stored();
    let in_edit = foreign(&stored.changes, |doc| nest(doc, ObjType::Map, 200));
    let newer = |name: &str, write: &dyn Fn(&mut Transaction<'_>)| {
        change(name, 0, &creation_with(Which::Visit, write))
    };
    let limit = limits::DEPTH;
    vec![
        change("nested-in-an-edit.admission.not_allowed", 1, &in_edit),
        newer("as-deep-as-allowed-by-a-newer-version.admitted", &|doc| {
            nest(doc, ObjType::Map, limit);
        }),
        newer("deeper-than-allowed.admission.limit", &|doc| {
            nest(doc, ObjType::Map, limit + 1);
        }),
        newer("maps-4000-deep.admission.limit", &|doc| {
            nest(doc, ObjType::Map, 4_000);
        }),
        newer("lists-4000-deep.admission.limit", &|doc| {
            nest(doc, ObjType::List, 4_000);
        }),
        newer(
            "maps-4000-side-by-side-by-a-newer-version.admitted",
            &|doc| {
                let list = doc.put_object(ROOT, "newer", ObjType::List).unwrap();
                for index in 0..4_000 {
                    doc.insert_object(&list, index, ObjType::Map).unwrap();
                }
            },
        ),
    ]
}

/// Messages that expand, are cut off, or say that they hold more than they do.
fn messages() -> Vec<Seed> {
    const VERSION: u8 = PROTOCOL_VERSION as u8;
    let new = |name: &str, selector: u8, message: &[u8]| {
        Seed::new("wire_decode", name, behind(selector, message))
    };
    let packed = |plain: &[u8]| {
        let mut message = vec![VERSION];
        message.extend(zstd::bulk::compress(plain, 19).unwrap());
        message
    };
    let zeros = vec![0u8; 40 << 20];
    let nothing = seeds::request(vec![]);
    let empty = postcard::to_stdvec(&nothing).unwrap();
    // A request ends with its frames, as bytes that say of what form they are (a frame one by one has at least
    // two), and what is here.
    let end = (
        0u8,
        &nothing.signature[..],
        nothing.phone_clock,
        &nothing.wants,
    );
    let at = empty.len() - postcard::to_stdvec(&end).unwrap().len();
    let many = |count: usize| {
        let mut frames = vec![0];
        postcard_number(&mut frames, count as u64);
        frames.resize(frames.len() + 2 * count, 0);
        let mut plain = empty[..at].to_vec();
        postcard_number(&mut plain, frames.len() as u64);
        plain.extend(frames);
        plain.extend(&empty[at + 1..]);
        plain
    };
    let bare = seeds::frame(&Which::Visit.creation());
    let in_columns = seeds::request(vec![bare; 1_001]).encode().unwrap();
    let mut endless = empty[..at].to_vec();
    postcard_number(&mut endless, u64::MAX);
    let response = seeds::response(&[Which::Visit.creation()]);
    let response = response.encode().unwrap();
    let request = seeds::request(vec![seeds::frame(&Which::Receipt.creation())])
        .encode()
        .unwrap();
    let mut window = vec![VERSION, 0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xff];
    window.extend([1, 0, 0]);
    vec![
        new("nothing.message.damaged", 0, &[]),
        new(
            "another-version.message.version",
            0,
            &behind(9, &request[1..]),
        ),
        new("not-packed.message.damaged", 0, &behind(VERSION, &empty)),
        new("packed-twice.message.damaged", 0, &packed(&request)),
        new("cut-off.message.damaged", 0, &request[..request.len() - 7]),
        new(
            "bytes-behind.message.damaged",
            0,
            &[&request[..], &[1, 2, 3]].concat(),
        ),
        new(
            "bytes-behind-plain.message.damaged",
            2,
            &[&empty[..], &[0]].concat(),
        ),
        new("a-response-for-a-request.message.damaged", 0, &response),
        new("bomb-of-40-megabytes.message.too_large", 0, &packed(&zeros)),
        new(
            "bomb-of-40-megabytes-for-a-phone.message.too_large",
            1,
            &packed(&zeros),
        ),
        new(
            "bomb-of-3-million-frames.message.too_large",
            0,
            &packed(&many(3_000_000)),
        ),
        new("window-of-a-gigabyte.message.damaged", 0, &window),
        new("frames-1001.message.too_large", 2, &many(1_001)),
        new("frames-1001-in-columns.message.too_large", 0, &in_columns),
        new("frames-2-to-the-64.message.damaged", 2, &endless),
        new(
            "number-longer-than-a-number.message.damaged",
            2,
            &[0xff; 40],
        ),
    ]
}

fn postcard_number(out: &mut Vec<u8>, n: u64) {
    out.extend(postcard::to_stdvec(&n).unwrap());
}

/// Lists of changes that are no document.
fn documents() -> Vec<Seed> {
    let new = |name: &str, frames: &[&[u8]]| Seed::new("hydrate", name, hydrate::input(frames));
    let visit = Which::Visit.creation().bytes;
    let receipt = Which::Receipt.creation().bytes;
    let (visit, receipt) = (document::to_frame(&visit), document::to_frame(&receipt));
    let edit = altered_edit(|_| {});
    let again = altered_edit(|p| p.time = vec![1]);
    let stored = Which::Visit.stored();
    let first = document::to_frame(&stored.changes[1]);
    vec![
        new("nothing.document.missing_dependency", &[]),
        new("two-creation-changes.document.damaged", &[visit, receipt]),
        new("no-creation-change.document.missing_dependency", &[&edit]),
        new(
            "a-change-is-missing.document.missing_dependency",
            &[visit, &edit],
        ),
        new("the-same-change-twice.document.damaged", &[visit, visit]),
        new(
            "two-changes-of-one-number.document.damaged",
            &[visit, first, &edit, &again],
        ),
        new(
            "run-of-300000-operations.document.too_large",
            &[&expanded(300_000)],
        ),
        new(
            "run-of-300000-operations-behind.document.too_large",
            &[visit, &expanded(300_000)],
        ),
    ]
}
