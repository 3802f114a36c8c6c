//! What the server lets in: one change, the document so far, who pushed it → admitted or rejected.
//!
//! Pure: the caller looks up document, person and scope, and calls this under `catch_unwind`,
//! since the decoder below may panic on hostile bytes.

use automerge::{Automerge, Change, ReadDoc, ScalarValue};

pub use super::rejection::Rejection;
use super::{creation, frame_bounds::bound, limits};
use crate::{
    document::{
        self, Head, Kind, Loaded, Readable as _, Record, Seal, content,
        rules::{self, Containers, Maker},
        seal,
    },
    ids::{ChangeHash, DeviceId, Digest, DocumentId, PersonId},
    people::Role,
};

/// Who pushed.
#[derive(Clone, Debug)]
pub struct Pusher {
    /// Person of the token.
    pub person: PersonId,
    /// Role.
    pub role: Role,
    /// Device of the token.
    pub device: DeviceId,
    /// Device code, which receipt numbers must carry.
    pub device_code: String,
    /// Device's registered key, which seals must be made with.
    pub public_key: [u8; 32],
}

/// The stored document that a change belongs to.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its id.
    pub document: DocumentId,
    /// Who created it, by their token.
    pub author: PersonId,
    /// All its admitted changes, dependencies first.
    pub changes: Vec<Vec<u8>>,
}

/// An admitted change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admitted {
    /// Document.
    pub document: DocumentId,
    /// Hash.
    pub hash: ChangeHash,
    /// The whole chunk.
    pub bytes: Vec<u8>,
    /// True for a creation change.
    pub creates: bool,
    /// Head of the document.
    pub head: Head,
    /// The document with the change.
    pub record: Record,
}

/// Bounds a frame before anything in it is expanded: chunk type, length, run lengths of columns.
pub fn check_frame(frame: &[u8]) -> Result<(), Rejection> {
    bound(frame).map(|_| ())
}

/// Does the frame create a document? Bounds it like [`check_frame`]; nothing is expanded.
pub fn creates(frame: &[u8]) -> Result<bool, Rejection> {
    Ok(bound(frame)?.dependencies == 0)
}

/// The device that a creation change says it was made on. Somebody who was given a new device identity
/// (a new code on the same phone) still brings what was made under the old one.
pub fn made_on(frame: &[u8]) -> Result<DeviceId, Rejection> {
    bound(frame)?;
    let creation = decode(document::from_frame(frame))?.decode();
    match rules::root_value(&creation, "device") {
        Some(ScalarValue::Bytes(id)) => uuid::Uuid::from_slice(id).map(DeviceId).ok(),
        _ => None,
    }
    .ok_or_else(|| Rejection::Damaged("device".to_owned()))
}

/// The digest of the sealed core that a creation change of a receipt carries; none of any other. Nothing else of it is
/// judged: this is for frames that were refused, or wait.
pub fn sealed_receipt(frame: &[u8]) -> Result<Option<Digest>, Rejection> {
    if bound(frame)?.dependencies != 0 {
        return Ok(None);
    }
    let (bytes, hash) = document::from_frame_with_hash(frame);
    let record = match creation::read(frame, hash) {
        Some((_, record)) => record,
        None => document::read(&[bytes])?.1,
    };
    Ok(match record {
        Record::Receipt(_, seal) => Some(seal.digest),
        _ => None,
    })
}

/// Judges one change. `stored` is none for a creation change. Scope is the caller's business.
pub fn admit(
    frame: &[u8],
    stored: Option<&Stored>,
    pusher: &Pusher,
) -> Result<Admitted, Rejection> {
    judge(frame, stored, pusher, stored.is_none())
}

/// As [`admit`], by a document of Automerge in any case: what tests compare it with.
pub fn admit_by_document(
    frame: &[u8],
    stored: Option<&Stored>,
    pusher: &Pusher,
) -> Result<Admitted, Rejection> {
    judge(frame, stored, pusher, false)
}

/// Does the frame create a document whose record can be read without one (see `creation`)?
pub fn is_read_at_once(frame: &[u8]) -> bool {
    bound(frame).is_ok() && creation::read(frame, document::frame_hash(frame)).is_some()
}

fn judge(
    frame: &[u8],
    stored: Option<&Stored>,
    pusher: &Pusher,
    at_once: bool,
) -> Result<Admitted, Rejection> {
    let creates = bound(frame)?.dependencies == 0;
    let (bytes, hash) = document::from_frame_with_hash(frame);
    let at_once = at_once && creates;
    let said = match at_once.then(|| creation::read(frame, hash)).flatten() {
        Some((head, record)) => Said {
            document: DocumentId(hash.0),
            head,
            record,
        },
        None => ask_automerge(&bytes, hash, creates, stored, pusher)?,
    };
    content::check(&said.record)?;
    if creates {
        check_creation(&said.head, &said.record, &bytes, pusher)?;
    }
    Ok(Admitted {
        document: said.document,
        hash,
        bytes,
        creates,
        head: said.head,
        record: said.record,
    })
}

/// What a document says with the change at hand.
struct Said {
    document: DocumentId,
    head: Head,
    record: Record,
}

fn ask_automerge(
    bytes: &[u8],
    hash: ChangeHash,
    creates: bool,
    stored: Option<&Stored>,
    pusher: &Pusher,
) -> Result<Said, Rejection> {
    let change = decode(bytes.to_vec())?;
    let mut changes = vec![];
    match stored {
        None if creates => drop(Containers::of_creation(&change.decode())?),
        None => return Err(Rejection::NoSuchDocument),
        Some(_) if creates => return Err(Rejection::NotAllowed("a second creation change")),
        Some(stored) => {
            changes = decode_stored(stored)?;
            check_rules(&change, &changes, stored, pusher)?;
        }
    }
    changes.push(change);
    let loaded = Loaded::of(changes)?;
    survives_storing(&loaded.doc, hash, bytes)?;
    let head = loaded.head()?;
    Ok(Said {
        document: loaded.document(),
        record: loaded.record(&head)?,
        head,
    })
}

/// What the server knows of a record that a new one says it corrects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Corrected {
    /// It was admitted.
    pub admitted: bool,
    /// A record that corrects it was.
    pub corrected: bool,
    /// Who sent it when it was refused, if that is known.
    pub sender: Option<PersonId>,
}

/// May a new record take the place of one that was refused? Of a refused record and all that correct it
/// at most one is ever admitted: what counts is not corrected, and what was corrected is so for good.
/// The caller asks this for each of [`Record::corrects`], and refuses a record that was corrected itself
/// with [`Rejection::Corrected`].
pub fn judge_correction(known: Corrected, pusher: PersonId) -> Result<(), Rejection> {
    if known.admitted {
        Err(Rejection::CorrectsAdmitted)
    } else if known.corrected {
        Err(Rejection::CorrectedAlready)
    } else if known.sender.is_some_and(|sender| sender != pusher) {
        Err(Rejection::NotAllowed("corrects somebody else's record"))
    } else {
        Ok(())
    }
}

fn decode(bytes: Vec<u8>) -> Result<Change, Rejection> {
    Change::from_bytes(bytes).map_err(|e| Rejection::Damaged(e.to_string()))
}

fn decode_stored(stored: &Stored) -> Result<Vec<Change>, Rejection> {
    if stored.changes.len() >= limits::CHANGES_PER_DOCUMENT {
        return Err(Rejection::Limit("changes"));
    }
    stored.changes.iter().cloned().map(decode).collect()
}

fn check_rules(
    change: &Change,
    stored_changes: &[Change],
    stored: &Stored,
    pusher: &Pusher,
) -> Result<(), Rejection> {
    let creation = stored_changes
        .iter()
        .find(|c| c.hash().0 == stored.document.0)
        .ok_or(Rejection::NoSuchDocument)?;
    let known =
        |dependency: &automerge::ChangeHash| stored_changes.iter().any(|c| c.hash() == *dependency);
    if !change.deps().iter().all(known) {
        return Err(Rejection::MissingDependency);
    }
    check_counters(change, stored_changes)?;
    let maker = Maker {
        person: pusher.person,
        role: pusher.role,
        is_author: stored.author == pusher.person,
    };
    let containers = Containers::of_creation(&creation.decode())?;
    rules::check(&change.decode(), &containers, &maker)?;
    Ok(())
}

/// Sequence number and operations go on where those before them ended. One that leaps would take the
/// numbers that others need, up to the end of all numbers: nobody could edit the document any more.
fn check_counters(change: &Change, stored_changes: &[Change]) -> Result<(), Rejection> {
    let mut of_dependencies = stored_changes
        .iter()
        .filter(|stored| change.deps().contains(&stored.hash()))
        .map(Change::max_op);
    let mut of_actor = stored_changes
        .iter()
        .filter(|stored| stored.actor_id() == change.actor_id())
        .map(Change::seq);
    let next = |numbers: &mut dyn Iterator<Item = u64>| numbers.max().unwrap_or(0).checked_add(1);
    if next(&mut of_dependencies) == Some(change.start_op().get())
        && next(&mut of_actor) == Some(change.seq())
    {
        Ok(())
    } else {
        Err(Rejection::Damaged("numbers leap".to_owned()))
    }
}

/// The document gives the change back byte for byte, and loads again from what it saves.
fn survives_storing(doc: &Automerge, hash: ChangeHash, bytes: &[u8]) -> Result<(), Rejection> {
    let damaged = |what: &str| Rejection::Damaged(what.to_owned());
    if doc.stats().num_actors > limits::ACTORS_PER_DOCUMENT as u64 {
        return Err(Rejection::Limit("actors"));
    }
    let again = doc
        .get_change_by_hash(&automerge::ChangeHash(hash.0))
        .ok_or_else(|| damaged("not applied"))?;
    if again.raw_bytes() != bytes {
        return Err(damaged("does not re-encode to itself"));
    }
    let reloaded =
        Automerge::load(&doc.save_nocompress()).map_err(|_| damaged("does not load again"))?;
    if reloaded.get_heads() != doc.get_heads() {
        return Err(damaged("loads differently"));
    }
    Ok(())
}

/// Device, person and seal of a new record are the pusher's.
fn check_creation(
    head: &Head,
    record: &Record,
    bytes: &[u8],
    pusher: &Pusher,
) -> Result<(), Rejection> {
    if head.kind == Kind::ContactBook {
        let expected = document::create_contact_book(head.customer)?;
        return if expected.bytes == bytes {
            Ok(())
        } else {
            Err(Rejection::NotAllowed("a contact book begins empty"))
        };
    }
    if head.device != pusher.device {
        return Err(Rejection::WrongDevice);
    }
    let (person, seal) = match record {
        Record::Visit(visit) => (visit.person, None),
        Record::Promise(promise, seal) => (promise.core.person, Some(seal)),
        Record::Receipt(receipt, seal) => {
            if receipt.core.number.device_code != pusher.device_code {
                return Err(Rejection::WrongDevice);
            }
            (receipt.core.person, Some(seal))
        }
        Record::HandIn(hand_in, seal) => (hand_in.core.person, Some(seal)),
        Record::Proposal(proposal) => (proposal.person, None),
        Record::Statement(answer, seal) => (answer.core.person, Some(seal)),
        Record::ContactBook(_) => return Ok(()),
    };
    if person != pusher.person || !authors(record).all(|author| author == pusher.person) {
        return Err(Rejection::WrongPerson);
    }
    match seal {
        Some(seal) if seal.public_key != pusher.public_key => Err(Rejection::BrokenSeal),
        Some(Seal {
            digest,
            signature,
            public_key,
        }) if !seal::verify_signature(public_key, digest, signature) => Err(Rejection::BrokenSeal),
        _ => Ok(()),
    }
}

/// The authors of everything in a record's lists.
fn authors(record: &Record) -> impl Iterator<Item = PersonId> {
    let (comments, attachments, others): (_, _, Vec<PersonId>) = match record {
        Record::Visit(v) => (&v.comments, &v.attachments, vec![]),
        Record::Promise(p, _) => (
            &p.comments,
            &p.attachments,
            p.cancellations.iter().map(|c| c.author).collect(),
        ),
        Record::Receipt(r, _) => {
            let requests = r.void_requests.iter().map(|v| v.author);
            let decisions = r.void_decisions.iter().map(|v| v.author);
            (
                &r.comments,
                &r.attachments,
                requests.chain(decisions).collect(),
            )
        }
        Record::HandIn(h, _) => (&h.comments, &h.attachments, vec![]),
        Record::Proposal(p) => (
            &p.comments,
            &p.attachments,
            p.decisions.iter().map(|d| d.author).collect(),
        ),
        Record::Statement(s, _) => (&s.comments, &s.attachments, vec![]),
        Record::ContactBook(b) => (&b.comments, &b.attachments, vec![]),
    };
    let comments = comments.iter().map(|c| c.author);
    comments
        .chain(attachments.iter().map(|a| a.author))
        .chain(others)
}
