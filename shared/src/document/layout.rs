//! The keys of each kind of document, as autosurgeon writes and reads them.
//!
//! Invariants: every key is written in the creation change, lists and text included, so that
//! nobody ever makes one lazily; keys are only ever added (a key this version does not know is
//! ignored when read and stays where it is).

use std::collections::BTreeMap;

use automerge::{ScalarValueRef, ValueRef};
use autosurgeon::{
    Hydrate, Reconcile, Text,
    bytes::{ByteArray, ByteVec},
};

use super::{Kind, SCHEMA, SCHEMA_OF_CORRECTION, Seal};
use crate::{
    contact_book::{BookContact, BookSign, ContactBook},
    day::{Day, Timestamp},
    evidence::{Attachment, Comment, Fix, GeoPoint},
    ids::{CustomerId, DeviceId, Digest, DocumentId, PersonId},
    promise::Cancellation,
    proposal::{Ask, Proposal, ProposalDecision},
    receipt::{VoidDecision, VoidRequest},
    visit::{UnpaidReason, Visit, VisitPurpose, VisitResult, WarningSign},
};

/// What every root holds.
#[derive(Reconcile, Hydrate)]
pub(super) struct HeadKeys {
    pub kind: Kind,
    pub schema: u64,
    pub customer: CustomerId,
    pub device: DeviceId,
    pub counter: u64,
}

/// Root of a `visit`.
#[derive(Reconcile, Hydrate)]
pub(super) struct VisitKeys {
    kind: Kind,
    schema: u64,
    customer: CustomerId,
    device: DeviceId,
    counter: u64,
    person: PersonId,
    started_at: Timestamp,
    ended_at: Timestamp,
    #[autosurgeon(missing = "Option::default")]
    check_in: Option<Fix>,
    #[autosurgeon(missing = "Option::default")]
    check_out: Option<Fix>,
    purpose: VisitPurpose,
    person_met: String,
    result: VisitResult,
    #[autosurgeon(missing = "Option::default")]
    reason: Option<UnpaidReason>,
    signs: Vec<WarningSign>,
    #[autosurgeon(missing = "Option::default")]
    next_day: Option<Day>,
    related: Vec<DocumentId>,
    notes: Text,
    comments: Vec<Comment>,
    attachments: Vec<Attachment>,
}

impl VisitKeys {
    pub fn new(visit: &Visit, device: DeviceId, counter: u64) -> Self {
        Self {
            kind: Kind::Visit,
            schema: match visit.corrects.is_empty() {
                true => SCHEMA,
                false => SCHEMA_OF_CORRECTION,
            },
            customer: visit.customer,
            device,
            counter,
            person: visit.person,
            started_at: visit.started_at,
            ended_at: visit.ended_at,
            check_in: visit.check_in,
            check_out: visit.check_out,
            purpose: visit.purpose,
            person_met: visit.person_met.clone(),
            result: visit.result,
            reason: visit.reason,
            signs: visit.signs.clone(),
            next_day: visit.next_day,
            related: visit.related.clone(),
            notes: Text::with_value(&visit.notes),
            comments: visit.comments.clone(),
            attachments: visit.attachments.clone(),
        }
    }

    pub fn into_visit(self, corrects: Vec<DocumentId>) -> Visit {
        Visit {
            customer: self.customer,
            person: self.person,
            started_at: self.started_at,
            ended_at: self.ended_at,
            check_in: self.check_in,
            check_out: self.check_out,
            purpose: self.purpose,
            person_met: self.person_met,
            result: self.result,
            reason: self.reason,
            signs: self.signs,
            next_day: self.next_day,
            related: self.related,
            notes: self.notes.as_str().to_owned(),
            comments: self.comments,
            attachments: self.attachments,
            corrects,
        }
    }
}

/// What a record that is not sealed says of the records that it corrects; most have no such key.
#[derive(Hydrate)]
pub(super) struct CorrectsKeys {
    #[autosurgeon(missing = "Vec::new")]
    pub corrects: Vec<DocumentId>,
}

/// The `seal` map.
#[derive(Reconcile, Hydrate)]
pub(super) struct SealKeys {
    digest: Digest,
    signature: ByteArray<64>,
    key: ByteArray<32>,
}

impl From<&Seal> for SealKeys {
    fn from(seal: &Seal) -> Self {
        Self {
            digest: seal.digest,
            signature: seal.signature.into(),
            key: seal.public_key.into(),
        }
    }
}

impl From<SealKeys> for Seal {
    fn from(keys: SealKeys) -> Self {
        Self {
            digest: keys.digest,
            signature: keys.signature.into(),
            public_key: keys.key.into(),
        }
    }
}

/// Root of a `promise`.
#[derive(Reconcile, Hydrate)]
pub(super) struct PromiseKeys {
    pub kind: Kind,
    pub schema: u64,
    pub customer: CustomerId,
    pub device: DeviceId,
    pub counter: u64,
    pub core: ByteVec,
    pub seal: SealKeys,
    pub cancellations: Vec<Cancellation>,
    pub comments: Vec<Comment>,
    pub attachments: Vec<Attachment>,
}

/// Root of a `receipt`.
#[derive(Reconcile, Hydrate)]
pub(super) struct ReceiptKeys {
    pub kind: Kind,
    pub schema: u64,
    pub customer: CustomerId,
    pub device: DeviceId,
    pub counter: u64,
    pub core: ByteVec,
    pub seal: SealKeys,
    pub void_requests: Vec<VoidRequest>,
    pub void_decisions: Vec<VoidDecision>,
    pub comments: Vec<Comment>,
    pub attachments: Vec<Attachment>,
}

/// Root of a `hand_in` and of a `statement`: a sealed core to which only comments and photos are added.
#[derive(Reconcile, Hydrate)]
pub(super) struct SealedKeys {
    pub kind: Kind,
    pub schema: u64,
    pub customer: CustomerId,
    pub device: DeviceId,
    pub counter: u64,
    pub core: ByteVec,
    pub seal: SealKeys,
    pub comments: Vec<Comment>,
    pub attachments: Vec<Attachment>,
}

/// Root of a `proposal`.
#[derive(Reconcile, Hydrate)]
pub(super) struct ProposalKeys {
    kind: Kind,
    schema: u64,
    customer: CustomerId,
    device: DeviceId,
    counter: u64,
    person: PersonId,
    made_at: Timestamp,
    ask: Ask,
    decisions: Vec<ProposalDecision>,
    comments: Vec<Comment>,
    attachments: Vec<Attachment>,
}

impl ProposalKeys {
    pub fn new(proposal: &Proposal, device: DeviceId, counter: u64) -> Self {
        Self {
            kind: Kind::Proposal,
            schema: SCHEMA,
            customer: proposal.customer,
            device,
            counter,
            person: proposal.person,
            made_at: proposal.made_at,
            ask: proposal.ask.clone(),
            decisions: proposal.decisions.clone(),
            comments: proposal.comments.clone(),
            attachments: proposal.attachments.clone(),
        }
    }

    pub fn into_proposal(self) -> Proposal {
        Proposal {
            customer: self.customer,
            person: self.person,
            made_at: self.made_at,
            ask: self.ask,
            decisions: self.decisions,
            comments: self.comments,
            attachments: self.attachments,
        }
    }
}

/// The `fields` map of a contact book.
pub(super) struct Fields(pub BTreeMap<String, String>);

impl Reconcile for Fields {
    type Key<'a> = autosurgeon::reconcile::NoKey;
    fn reconcile<R: autosurgeon::Reconciler>(&self, r: R) -> Result<(), R::Error> {
        self.0.reconcile(r)
    }
}

impl Hydrate for Fields {
    /// Text under each key; anything else under a key is a newer version's and left out.
    fn hydrate_map<D: autosurgeon::ReadDoc>(
        doc: &D,
        obj: &automerge::ObjId,
    ) -> Result<Self, autosurgeon::HydrateError> {
        let texts = doc.map_range(obj, ..).filter_map(|item| match item.value {
            ValueRef::Scalar(ScalarValueRef::Str(text)) => {
                Some((item.key.to_string(), text.into_owned()))
            }
            _ => None,
        });
        Ok(Self(texts.collect()))
    }
}

/// Root of a `contact_book`.
#[derive(Reconcile, Hydrate)]
pub(super) struct BookKeys {
    kind: Kind,
    schema: u64,
    customer: CustomerId,
    device: DeviceId,
    counter: u64,
    fields: Fields,
    #[autosurgeon(missing = "Option::default")]
    position: Option<GeoPoint>,
    contacts: Vec<BookContact>,
    signs: Vec<BookSign>,
    comments: Vec<Comment>,
    attachments: Vec<Attachment>,
}

impl BookKeys {
    /// An empty book: a pure function of the customer.
    pub fn empty(customer: CustomerId) -> Self {
        Self {
            kind: Kind::ContactBook,
            schema: SCHEMA,
            customer,
            device: DeviceId(uuid::Uuid::nil()),
            counter: 0,
            fields: Fields(BTreeMap::new()),
            position: None,
            contacts: vec![],
            signs: vec![],
            comments: vec![],
            attachments: vec![],
        }
    }

    pub fn into_book(self) -> ContactBook {
        ContactBook {
            customer: self.customer,
            fields: self.fields.0,
            position: self.position,
            contacts: self.contacts,
            signs: self.signs,
            comments: self.comments,
            attachments: self.attachments,
        }
    }
}
