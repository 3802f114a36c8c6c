//! Making documents: the whole record lands in one creation change.

use automerge::Automerge;
use autosurgeon::Reconcile;

use super::{
    DocumentError, Kind, NewChange, Origin, SCHEMA, Sealer,
    chunk::from_frame_with_hash,
    content,
    layout::{BookKeys, PromiseKeys, ProposalKeys, ReceiptKeys, SealKeys, SealedKeys, VisitKeys},
    seal::{self, Seal},
    written::Node,
};
use crate::{
    hand_in::HandInCore,
    ids::{ChangeHash, CustomerId, DocumentId},
    planted::{self, Bug},
    promise::PromiseCore,
    proposal::Proposal,
    receipt::ReceiptCore,
    statement::AnswerCore,
    sync::limits,
    visit::Visit,
};

/// Makes the creation change of a visit.
pub fn create_visit(visit: &Visit, origin: Origin) -> Result<NewChange, DocumentError> {
    content::check_visit(visit)?;
    let keys = VisitKeys::new(visit, origin.device, origin.counter);
    create_with(&keys, &visit.corrects, origin.actor, origin.at_s)
}

/// Seals a promise and makes its creation change.
pub fn create_promise(
    core: &PromiseCore,
    origin: Origin,
    sealer: &dyn Sealer,
) -> Result<(NewChange, Seal), DocumentError> {
    content::check_promise(core)?;
    let bytes = core_bytes("promise", core)?;
    let seal = seal::seal(&bytes, sealer);
    let keys = PromiseKeys {
        kind: Kind::Promise,
        schema: SCHEMA,
        customer: core.customer,
        device: origin.device,
        counter: origin.counter,
        core: bytes.into(),
        seal: SealKeys::from(&seal),
        cancellations: vec![],
        comments: vec![],
        attachments: vec![],
    };
    Ok((create(&keys, origin.actor, origin.at_s)?, seal))
}

/// Seals a receipt and makes its creation change.
pub fn create_receipt(
    core: &ReceiptCore,
    origin: Origin,
    sealer: &dyn Sealer,
) -> Result<(NewChange, Seal), DocumentError> {
    content::check_receipt(core)?;
    let mut bytes = core_bytes("receipt", core)?;
    if planted::is(Bug::SealAnotherSum) {
        bytes = core_bytes("receipt", &a_fen_more(core))?;
    }
    let seal = seal::seal(&bytes, sealer);
    if planted::is(Bug::AdmitBrokenSeal) {
        bytes = core_bytes("receipt", &a_fen_more(core))?;
    }
    let keys = ReceiptKeys {
        kind: Kind::Receipt,
        schema: SCHEMA,
        customer: core.customer,
        device: origin.device,
        counter: origin.counter,
        core: bytes.into(),
        seal: SealKeys::from(&seal),
        void_requests: vec![],
        void_decisions: vec![],
        comments: vec![],
        attachments: vec![],
    };
    Ok((create(&keys, origin.actor, origin.at_s)?, seal))
}

/// Seals a hand-in and makes its creation change.
pub fn create_hand_in(
    core: &HandInCore,
    origin: Origin,
    sealer: &dyn Sealer,
) -> Result<(NewChange, Seal), DocumentError> {
    content::check_hand_in(core)?;
    let bytes = core_bytes("hand_in", core)?;
    create_sealed(Kind::HandIn, core.account(), bytes, origin, sealer)
}

/// Seals an answer to a statement and makes its creation change.
pub fn create_statement(
    core: &AnswerCore,
    origin: Origin,
    sealer: &dyn Sealer,
) -> Result<(NewChange, Seal), DocumentError> {
    content::check_statement(core)?;
    let bytes = core_bytes("statement", core)?;
    create_sealed(Kind::Statement, core.customer, bytes, origin, sealer)
}

/// Seals a core to which only comments and photos are added later.
fn create_sealed(
    kind: Kind,
    customer: CustomerId,
    core: Vec<u8>,
    origin: Origin,
    sealer: &dyn Sealer,
) -> Result<(NewChange, Seal), DocumentError> {
    let seal = seal::seal(&core, sealer);
    let keys = SealedKeys {
        kind,
        schema: SCHEMA,
        customer,
        device: origin.device,
        counter: origin.counter,
        core: core.into(),
        seal: SealKeys::from(&seal),
        comments: vec![],
        attachments: vec![],
    };
    Ok((create(&keys, origin.actor, origin.at_s)?, seal))
}

/// Makes the creation change of a proposal.
pub fn create_proposal(proposal: &Proposal, origin: Origin) -> Result<NewChange, DocumentError> {
    content::check_proposal(proposal)?;
    let keys = ProposalKeys::new(proposal, origin.device, origin.counter);
    create(&keys, origin.actor, origin.at_s)
}

/// Makes the creation change of a customer's contact book: the same bytes on every device.
pub fn create_contact_book(customer: CustomerId) -> Result<NewChange, DocumentError> {
    create(&BookKeys::empty(customer), book_actor(customer), 0)
}

/// The actor that makes a customer's contact book: the first half of a hash of the customer's id.
fn book_actor(customer: CustomerId) -> [u8; 16] {
    let digest =
        seal::digest(&[b"huikuan contact book ", customer.0.as_bytes().as_slice()].concat());
    let mut actor = [0; 16];
    actor.iter_mut().zip(digest.0).for_each(|(a, d)| *a = d);
    actor
}

/// For planted bugs: another sum than was entered.
fn a_fen_more(core: &ReceiptCore) -> ReceiptCore {
    let fen = crate::money::Money::from_fen(core.amount.fen().saturating_add(1));
    ReceiptCore {
        amount: fen.unwrap_or(core.amount),
        ..core.clone()
    }
}

/// What ends the bytes of a core that corrects nothing.
const CORRECTS_NOTHING: &[u8] = b",\"corrects\":[]}";

fn core_bytes<T: serde::Serialize>(kind: &'static str, core: &T) -> Result<Vec<u8>, DocumentError> {
    let mut bytes = serde_json::to_vec(core).map_err(|e| DocumentError::Shape {
        kind,
        what: e.to_string(),
    })?;
    // Left out here and not when the core is written anywhere: between page and worker fields have no names.
    if bytes.ends_with(CORRECTS_NOTHING) {
        bytes.truncate(bytes.len() - CORRECTS_NOTHING.len());
        bytes.push(b'}');
    }
    Ok(bytes)
}

fn create(keys: &impl Reconcile, actor: [u8; 16], at_s: i64) -> Result<NewChange, DocumentError> {
    create_with(keys, &[], actor, at_s)
}

/// The same with the key `corrects`, which a record that corrects nothing does not have.
fn create_with(
    keys: &impl Reconcile,
    corrects: &[DocumentId],
    actor: [u8; 16],
    at_s: i64,
) -> Result<NewChange, DocumentError> {
    let record = Node::of(keys).map_err(|e| DocumentError::Damaged(e.to_string()))?;
    let frame = record
        .frame(corrects, actor, at_s)
        .ok_or(DocumentError::TooLarge("change"))?;
    let (bytes, hash) = from_frame_with_hash(&frame);
    Ok(NewChange {
        document: DocumentId(hash.0),
        hash,
        bytes,
    })
}

/// The change that was just committed; its document is left for the caller to say.
pub(super) fn committed(
    doc: &Automerge,
    hash: Option<automerge::ChangeHash>,
) -> Result<NewChange, DocumentError> {
    let change = hash
        .and_then(|hash| automerge::ReadDoc::get_change_by_hash(doc, &hash))
        .ok_or(DocumentError::EditRefused("nothing to change"))?;
    let bytes = change.raw_bytes().to_vec();
    if bytes.len() > limits::CHANGE_BYTES {
        return Err(DocumentError::TooLarge("change"));
    }
    Ok(NewChange {
        document: DocumentId([0; 32]),
        hash: ChangeHash(change.hash().0),
        bytes,
    })
}
