//! Reading documents: from change chunks to a record.
//!
//! Tolerant of what newer versions add: unknown keys are ignored, unknown slugs read as `Unknown`,
//! a missing optional key as none.

use automerge::{Automerge, Change, ObjId, ROOT, ReadDoc as _};
use autosurgeon::{Hydrate, HydrateError, ReadDoc};

use super::{
    DocumentError, Head, Kind, Record, chunk,
    layout::{
        BookKeys, CorrectsKeys, HeadKeys, PromiseKeys, ProposalKeys, ReceiptKeys, SealedKeys,
        VisitKeys,
    },
    once::each_once,
    seal::{self, Seal},
};
use crate::{
    hand_in::{HandIn, HandInCore},
    ids::{ChangeHash, CustomerId, DocumentId},
    planted::{self, Bug},
    promise::{Promise, PromiseCore},
    receipt::{Receipt, ReceiptCore},
    statement::{AnswerCore, StatementAnswer},
    sync::{
        admission::{Rejection, check_frame},
        limits,
    },
};

/// Reads a document from all its changes (whole chunks, in any order that has dependencies first).
pub fn read(changes: &[impl AsRef<[u8]>]) -> Result<(Head, Record), DocumentError> {
    let loaded = Loaded::new(changes)?;
    let head = loaded.head()?;
    let record = loaded.record(&head)?;
    Ok((head, record))
}

/// Reads as much of a document as can be read: a change that came before what it builds on is left out. False
/// beside the record if there are such.
pub fn read_so_far(changes: &[impl AsRef<[u8]>]) -> Result<(Head, Record, bool), DocumentError> {
    let (loaded, is_complete) = Loaded::so_far(Loaded::decoded(changes)?)?;
    let head = loaded.head()?;
    let record = loaded.record(&head)?;
    Ok((head, record, is_complete))
}

/// A document in memory. It costs kilobytes: read what is wanted and let it go.
pub(crate) struct Loaded {
    pub doc: Automerge,
    pub creation: ChangeHash,
}

impl Loaded {
    /// Builds the document from its changes.
    pub fn new(changes: &[impl AsRef<[u8]>]) -> Result<Self, DocumentError> {
        Self::of(Self::decoded(changes)?)
    }

    fn decoded(changes: &[impl AsRef<[u8]>]) -> Result<Vec<Change>, DocumentError> {
        if changes.len() > limits::CHANGES_PER_DOCUMENT {
            return Err(DocumentError::TooLarge("changes"));
        }
        changes.iter().map(|bytes| decode(bytes.as_ref())).collect()
    }

    /// Builds the document from decoded changes.
    pub fn of(changes: Vec<Change>) -> Result<Self, DocumentError> {
        match Self::so_far(changes)? {
            (loaded, true) => Ok(loaded),
            (_, false) => Err(DocumentError::MissingDependency),
        }
    }

    /// The same from those whose dependencies are there; false if some are left out. The creation change
    /// must be among them.
    fn so_far(changes: Vec<Change>) -> Result<(Self, bool), DocumentError> {
        let mut roots = changes.iter().filter(|c| c.deps().is_empty());
        let creation = match (roots.next(), roots.next()) {
            (Some(creation), None) => ChangeHash(creation.hash().0),
            (None, _) => return Err(DocumentError::MissingDependency),
            (Some(_), Some(_)) => {
                return Err(DocumentError::Damaged("two creation changes".to_owned()));
            }
        };
        let mut doc = Automerge::new();
        doc.apply_changes(changes).map_err(damaged)?;
        let is_complete = doc.get_missing_deps(&[]).is_empty();
        Ok((Self { doc, creation }, is_complete))
    }

    /// The document's id.
    pub fn document(&self) -> DocumentId {
        DocumentId(self.creation.0)
    }
}

/// What a record is read from: a document of Automerge, or a creation change alone (see `made`). What stands where
/// is the same for both, so what a record looks like is written once.
pub(crate) trait Readable {
    /// What the keys are read from.
    type Doc: ReadDoc;

    /// It.
    fn doc(&self) -> &Self::Doc;

    /// A key that may never change must hold exactly what the creation change wrote.
    fn untouched(&self, obj: &ObjId, key: &'static str) -> Result<(), DocumentError>;

    /// What the root says of itself.
    fn head(&self) -> Result<Head, DocumentError> {
        for key in ["kind", "schema", "customer", "device", "counter"] {
            self.untouched(&ROOT, key)?;
        }
        let keys: HeadKeys = hydrate("head", self.doc())?;
        if keys.kind == Kind::Unknown {
            return Err(DocumentError::UnknownKind);
        }
        if keys.schema == 0 {
            return Err(shape("head", "schema 0"));
        }
        Ok(Head {
            kind: keys.kind,
            schema: keys.schema,
            customer: keys.customer,
            device: keys.device,
            counter: keys.counter,
        })
    }

    /// The record; its sealed core must be the one of the creation change and agree with its seal.
    fn record(&self, head: &Head) -> Result<Record, DocumentError> {
        let kind = head.kind.slug();
        let record = match head.kind {
            Kind::Visit => {
                let keys: VisitKeys = hydrate(kind, self.doc())?;
                let CorrectsKeys { corrects } = hydrate(kind, self.doc())?;
                Ok(Record::Visit(keys.into_visit(corrects)))
            }
            Kind::Promise => {
                let keys: PromiseKeys = hydrate(kind, self.doc())?;
                let seal = Seal::from(keys.seal);
                let core = Promise {
                    core: self.core(head, &keys.core, &seal, |c: &PromiseCore| c.customer)?,
                    cancellations: keys.cancellations,
                    comments: keys.comments,
                    attachments: keys.attachments,
                };
                Ok(Record::Promise(core, seal))
            }
            Kind::Receipt => {
                let keys: ReceiptKeys = hydrate(kind, self.doc())?;
                let seal = Seal::from(keys.seal);
                let receipt = Receipt {
                    core: self.core(head, &keys.core, &seal, |c: &ReceiptCore| c.customer)?,
                    void_requests: keys.void_requests,
                    void_decisions: keys.void_decisions,
                    comments: keys.comments,
                    attachments: keys.attachments,
                };
                Ok(Record::Receipt(receipt, seal))
            }
            Kind::ContactBook => {
                let keys: BookKeys = hydrate(kind, self.doc())?;
                Ok(Record::ContactBook(keys.into_book()))
            }
            Kind::HandIn => {
                let keys: SealedKeys = hydrate(kind, self.doc())?;
                let seal = Seal::from(keys.seal);
                let hand_in = HandIn {
                    core: self.core(head, &keys.core, &seal, HandInCore::account)?,
                    comments: keys.comments,
                    attachments: keys.attachments,
                };
                Ok(Record::HandIn(hand_in, seal))
            }
            Kind::Proposal => {
                let keys: ProposalKeys = hydrate(kind, self.doc())?;
                Ok(Record::Proposal(keys.into_proposal()))
            }
            Kind::Statement => {
                let keys: SealedKeys = hydrate(kind, self.doc())?;
                let seal = Seal::from(keys.seal);
                let answer = StatementAnswer {
                    core: self.core(head, &keys.core, &seal, |c: &AnswerCore| c.customer)?,
                    comments: keys.comments,
                    attachments: keys.attachments,
                };
                Ok(Record::Statement(answer, seal))
            }
            Kind::Unknown => Err(DocumentError::UnknownKind),
        };
        record.map(each_once)
    }

    fn core<T: serde::de::DeserializeOwned>(
        &self,
        head: &Head,
        bytes: &[u8],
        seal: &Seal,
        customer: impl Fn(&T) -> CustomerId,
    ) -> Result<T, DocumentError> {
        self.untouched(&ROOT, "core")?;
        self.untouched(&ROOT, "seal")?;
        if let Ok(Some((_, map))) = self.doc().get(&ROOT, "seal") {
            for key in ["digest", "signature", "key"] {
                self.untouched(&map, key)?;
            }
        }
        if seal::digest(bytes) != seal.digest && !planted::is(Bug::AdmitBrokenSeal) {
            return Err(DocumentError::BrokenSeal);
        }
        let core: T =
            serde_json::from_slice(bytes).map_err(|e| shape(head.kind.slug(), &e.to_string()))?;
        if customer(&core) != head.customer {
            return Err(shape(head.kind.slug(), "customer differs from its core's"));
        }
        Ok(core)
    }
}

impl Readable for Loaded {
    type Doc = Automerge;

    fn doc(&self) -> &Automerge {
        &self.doc
    }

    fn untouched(&self, obj: &ObjId, key: &'static str) -> Result<(), DocumentError> {
        let values = self.doc.get_all(obj, key).map_err(damaged)?;
        let creation = automerge::ChangeHash(self.creation.0);
        match values.as_slice() {
            [(_, written_by)] if self.doc.hash_for_opid(written_by) == Some(creation) => Ok(()),
            [] => Err(shape("head", key)),
            _ => Err(DocumentError::BrokenSeal),
        }
    }
}

/// What a change builds on directly.
pub fn dependencies(change: &[u8]) -> Result<Vec<ChangeHash>, DocumentError> {
    let change = decode(change)?;
    Ok(change
        .deps()
        .iter()
        .map(|hash| ChangeHash(hash.0))
        .collect())
}

/// Reads a change chunk; refuses other chunks, deflated ones, wrong checksums, and what would expand
/// beyond the limits.
pub(crate) fn decode(bytes: &[u8]) -> Result<Change, DocumentError> {
    chunk::inspect(bytes)?;
    check_frame(chunk::to_frame(bytes)).map_err(|rejection| match rejection {
        Rejection::Limit(what) => DocumentError::TooLarge(what),
        other => DocumentError::Damaged(other.to_string()),
    })?;
    Change::from_bytes(bytes.to_vec()).map_err(|e| DocumentError::Damaged(e.to_string()))
}

fn hydrate<T: Hydrate>(kind: &'static str, doc: &impl ReadDoc) -> Result<T, DocumentError> {
    autosurgeon::hydrate(doc).map_err(|e: HydrateError| shape(kind, &e.to_string()))
}

pub(super) fn shape(kind: &'static str, what: &str) -> DocumentError {
    DocumentError::Shape {
        kind,
        what: what.to_owned(),
    }
}

pub(super) fn damaged(e: automerge::AutomergeError) -> DocumentError {
    DocumentError::Damaged(e.to_string())
}
