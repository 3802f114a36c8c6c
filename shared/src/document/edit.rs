//! Edits of existing documents: each makes one change that touches only what `rules` allows.

use std::collections::BTreeMap;

use crate::{
    contact_book::{BookContact, BookField, BookSign},
    evidence::{Attachment, Comment, GeoPoint},
    promise::Cancellation,
    proposal::ProposalDecision,
    receipt::{VoidDecision, VoidRequest},
};

use automerge::{
    ActorId, ObjId, ObjType, ROOT, ReadDoc, Value,
    transaction::{CommitOptions, Transactable, Transaction},
};
use autosurgeon::Reconcile;

use super::{
    DocumentError, Kind, NewChange, Record, content,
    create::committed,
    read::{Loaded, Readable as _, damaged},
    written::Node,
};

/// One edit.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Edit {
    /// Make the notes of a visit read like this; only the difference is written, so that two
    /// people's edits merge.
    Notes(String),
    /// Add a comment.
    Comment(Comment),
    /// Add a photo or file.
    Attachment(Attachment),
    /// Ask for a receipt to be voided.
    RequestVoid(VoidRequest),
    /// Decide a void request (supervisor).
    DecideVoid(VoidDecision),
    /// Cancel a promise (supervisor).
    CancelPromise(Cancellation),
    /// Write a fact into the contact book.
    BookField(BookField, String),
    /// Set the customer's place.
    BookPosition(GeoPoint),
    /// Add a contact to the contact book.
    BookContact(BookContact),
    /// Add a warning sign to the contact book.
    BookSign(BookSign),
    /// Decide a proposal (supervisor, never who made it).
    DecideProposal(ProposalDecision),
}

/// Makes the change that carries out an edit on the document that these changes give.
///
/// `actor` are 16 bytes under which nobody made another change of this document; `at_s` seconds since 1970.
/// An element that is there already is not added a second time (`EditRefused`: nothing to change); a decision
/// on a void request that is not there misses what it builds on (`MissingDependency`).
pub fn apply(
    changes: &[impl AsRef<[u8]>],
    edit: &Edit,
    actor: [u8; 16],
    at_s: i64,
) -> Result<NewChange, DocumentError> {
    let mut loaded = Loaded::new(changes)?;
    let document = loaded.document();
    let head = loaded.head()?;
    if !fits(edit, head.kind) {
        return Err(DocumentError::EditRefused("not for this kind of record"));
    }
    if let Edit::DecideVoid(decision) = edit
        && let Record::Receipt(receipt, _) = loaded.record(&head)?
        && !receipt
            .void_requests
            .iter()
            .any(|r| r.id == decision.request)
    {
        return Err(DocumentError::MissingDependency);
    }
    loaded.doc.set_actor(ActorId::from(actor));
    let mut transaction = loaded.doc.transaction();
    carry_out(&mut transaction, edit)?;
    let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(at_s));
    let change = committed(&loaded.doc, hash)?;
    content::check(&loaded.record(&head)?)?;
    Ok(NewChange { document, ..change })
}

fn fits(edit: &Edit, kind: Kind) -> bool {
    match edit {
        Edit::Notes(_) => kind == Kind::Visit,
        Edit::Comment(_) | Edit::Attachment(_) => true,
        Edit::RequestVoid(_) | Edit::DecideVoid(_) => kind == Kind::Receipt,
        Edit::CancelPromise(_) => kind == Kind::Promise,
        Edit::DecideProposal(_) => kind == Kind::Proposal,
        Edit::BookField(..) | Edit::BookPosition(_) | Edit::BookContact(_) | Edit::BookSign(_) => {
            kind == Kind::ContactBook
        }
    }
}

fn carry_out(doc: &mut Transaction<'_>, edit: &Edit) -> Result<(), DocumentError> {
    match edit {
        Edit::Notes(notes) => rewrite(doc, "notes", notes),
        Edit::Comment(comment) => push(doc, "comments", comment),
        Edit::Attachment(attachment) => push(doc, "attachments", attachment),
        Edit::RequestVoid(request) => push(doc, "void_requests", request),
        Edit::DecideVoid(decision) => push(doc, "void_decisions", decision),
        Edit::CancelPromise(cancellation) => push(doc, "cancellations", cancellation),
        Edit::DecideProposal(decision) => push(doc, "decisions", decision),
        Edit::BookContact(contact) => push(doc, "contacts", contact),
        Edit::BookSign(sign) => push(doc, "signs", sign),
        Edit::BookField(field, value) => {
            if *field == BookField::Unknown {
                return Err(DocumentError::EditRefused("unknown field"));
            }
            let fields = container(doc, "fields", ObjType::Map)?;
            if matches!(doc.get(&fields, field.slug()), Ok(Some((v, _))) if v.as_str() == Some(value))
            {
                return Ok(());
            }
            doc.put(&fields, field.slug(), value.as_str())
                .map_err(damaged)
        }
        Edit::BookPosition(point) => {
            let position = doc
                .put_object(ROOT, "position", ObjType::Map)
                .map_err(damaged)?;
            doc.put(&position, "lat_e7", i64::from(point.lat_e7))
                .map_err(damaged)?;
            doc.put(&position, "lon_e7", i64::from(point.lon_e7))
                .map_err(damaged)
        }
    }
}

/// Inserts one element at the end of a list that the creation change made, unless it is there.
fn push(
    doc: &mut Transaction<'_>,
    key: &'static str,
    element: &impl Reconcile,
) -> Result<(), DocumentError> {
    match Node::of(element) {
        Ok(Node::Map(fields)) => insert_last(doc, key, &fields),
        _ => Err(DocumentError::EditRefused("no element of a list")),
    }
}

/// The same, once its values are known. (By hand: what autosurgeon makes of every kind of element weighs more in
/// the phone's program than all other edits.)
fn insert_last(
    doc: &mut Transaction<'_>,
    key: &'static str,
    fields: &BTreeMap<String, Node>,
) -> Result<(), DocumentError> {
    let list = container(doc, key, ObjType::List)?;
    let end = doc.length(&list);
    for at in 0..end {
        if is_there(doc, &list, at, fields)? {
            return Ok(());
        }
    }
    let element = doc
        .insert_object(&list, end, ObjType::Map)
        .map_err(damaged)?;
    for (key, value) in fields {
        let Node::Scalar(value) = value else {
            return Err(DocumentError::EditRefused("no element of a list"));
        };
        doc.put(&element, key.as_str(), value.clone())
            .map_err(damaged)?;
    }
    Ok(())
}

/// Has the element at this place of a list these values?
fn is_there(
    doc: &Transaction<'_>,
    list: &ObjId,
    at: usize,
    fields: &BTreeMap<String, Node>,
) -> Result<bool, DocumentError> {
    let Some((Value::Object(ObjType::Map), element)) = doc.get(list, at).map_err(damaged)? else {
        return Ok(false);
    };
    for (key, wanted) in fields {
        let found = doc.get(&element, key.as_str()).map_err(damaged)?;
        let is_same = match (&found, wanted) {
            (Some((Value::Scalar(found), _)), Node::Scalar(wanted)) => **found == *wanted,
            _ => false,
        };
        if !is_same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Replaces only the middle in which old and new text differ, counted in characters.
fn rewrite(doc: &mut Transaction<'_>, key: &'static str, new: &str) -> Result<(), DocumentError> {
    let text = container(doc, key, ObjType::Text)?;
    let old: Vec<char> = doc.text(&text).map_err(damaged)?.chars().collect();
    let new: Vec<char> = new.chars().collect();
    let same =
        |pairs: &mut dyn Iterator<Item = (&char, &char)>| pairs.take_while(|(a, b)| a == b).count();
    let start = same(&mut old.iter().zip(&new));
    let (old, new) = (
        old.get(start..).unwrap_or_default(),
        new.get(start..).unwrap_or_default(),
    );
    let end = same(&mut old.iter().rev().zip(new.iter().rev()));
    let (deleted, inserted) = (old.len() - end, new.len() - end);
    if deleted == 0 && inserted == 0 {
        return Ok(());
    }
    let inserted: String = new.iter().take(inserted).collect();
    doc.splice_text(&text, start, deleted as isize, &inserted)
        .map_err(damaged)
}

fn container(
    doc: &Transaction<'_>,
    key: &'static str,
    kind: ObjType,
) -> Result<ObjId, DocumentError> {
    match doc.get(ROOT, key).map_err(damaged)? {
        Some((Value::Object(found), id)) if found == kind => Ok(id),
        _ => Err(DocumentError::EditRefused("the record has no such list")),
    }
}
