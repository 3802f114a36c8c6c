//! Business records as Automerge documents.
//!
//! Invariants
//! - A document's id is the hash of its creation change, which holds the whole record as first
//!   saved together with the device and that device's record counter.
//! - Raw change bytes are the truth; a document is always rebuilt from them.
//! - Promise, receipt and hand-in have a sealed core: one byte string of JSON written once in the creation
//!   change, with its SHA-256 and the device's Ed25519 signature over that. What was signed is
//!   exactly those bytes, so no later version can read them differently.
//! - Lists that may grow exist from the creation change on; their elements are never rewritten.

mod chunk;
pub mod content;
mod create;
pub mod edit;
#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod golden_tests;
mod layout;
mod made;
#[cfg(test)]
mod merge_tests;
mod once;
mod read;
pub mod rules;
pub mod seal;
mod shape;
#[cfg(test)]
mod tests;
mod written;
#[cfg(test)]
mod written_tests;

pub(crate) use chunk::from_frame_with_hash;
pub use chunk::{frame_hash, from_frame, inspect, to_frame};
pub use create::{
    create_contact_book, create_hand_in, create_promise, create_proposal, create_receipt,
    create_statement, create_visit,
};
pub(crate) use made::Made;
pub(crate) use read::{Loaded, Readable};
pub use read::{dependencies, read, read_so_far};

use serde::{Deserialize, Serialize};

use crate::{
    contact_book::ContactBook,
    hand_in::HandIn,
    ids::{ChangeHash, CustomerId, DeviceId, Digest, DocumentId},
    promise::Promise,
    proposal::Proposal,
    receipt::Receipt,
    statement::StatementAnswer,
    visit::Visit,
};

/// Schema number that this version writes.
pub const SCHEMA: u64 = 1;
/// Schema number of a visit that corrects another: it has a key (`corrects`) that the first version does
/// not know and, seeing the number, leaves alone.
const SCHEMA_OF_CORRECTION: u64 = 2;

crate::slug_enum! {
    /// What kind of record a document holds.
    pub enum Kind {
        /// [`Visit`]
        Visit = "visit",
        /// [`Promise`]
        Promise = "promise",
        /// [`Receipt`]
        Receipt = "receipt",
        /// [`ContactBook`]
        ContactBook = "contact_book",
        /// [`HandIn`]
        HandIn = "hand_in",
        /// [`Proposal`]
        Proposal = "proposal",
        /// [`StatementAnswer`]
        Statement = "statement",
    }
}

/// Who makes a change, with what tells it from every other.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// The device.
    pub device: DeviceId,
    /// The device's record counter: one more for every record it creates.
    pub counter: u64,
    /// Automerge actor: 16 random bytes drawn each time the store is opened.
    pub actor: [u8; 16],
    /// Seconds since 1970, written into the change.
    pub at_s: i64,
}

/// The device's key and the hash chain of its receipts, as sealing needs them.
pub trait Sealer {
    /// The device's public key.
    fn public_key(&self) -> [u8; 32];
    /// Ed25519 over the digest.
    fn sign(&self, digest: &Digest) -> [u8; 64];
}

/// A change ready to be stored and sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChange {
    /// Its document.
    pub document: DocumentId,
    /// Its hash; equals the document's id for a creation change.
    pub hash: ChangeHash,
    /// The whole change chunk, uncompressed.
    pub bytes: Vec<u8>,
}

/// The seal of a sealed core.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// SHA-256 of the core's bytes.
    pub digest: Digest,
    /// Ed25519 by the device over the digest.
    #[serde(with = "seal::hex_64")]
    pub signature: [u8; 64],
    /// The device's public key.
    pub public_key: [u8; 32],
}

/// What a document's root says of itself, whatever its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Kind.
    pub kind: Kind,
    /// Schema number it was written with.
    pub schema: u64,
    /// Its customer; of a hand-in, which has none, the id of the person who hands in
    /// ([`crate::hand_in::account_of`]). Never changes.
    pub customer: CustomerId,
    /// The device that created it (all zero for a contact book).
    pub device: DeviceId,
    /// That device's record counter.
    pub counter: u64,
}

/// A document as read from its changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    /// A visit.
    Visit(Visit),
    /// A promise and its seal.
    Promise(Promise, Seal),
    /// A receipt and its seal.
    Receipt(Receipt, Seal),
    /// A contact book.
    ContactBook(ContactBook),
    /// A hand-in and its seal.
    HandIn(HandIn, Seal),
    /// A proposal.
    Proposal(Proposal),
    /// An answer to a statement and its seal.
    Statement(StatementAnswer, Seal),
}

impl Record {
    /// The refused records that this one takes the place of: the one that was refused, and if that was
    /// a correction itself, those that it corrected. A server that has admitted this record never admits
    /// any of them (`sync::admission::judge_correction`).
    pub fn corrects(&self) -> &[DocumentId] {
        match self {
            Self::Visit(visit) => &visit.corrects,
            Self::Promise(promise, _) => &promise.core.corrects,
            Self::Receipt(receipt, _) => &receipt.core.corrects,
            Self::ContactBook(_) | Self::HandIn(..) | Self::Proposal(_) | Self::Statement(..) => {
                &[]
            }
        }
    }
}

/// Why a document can't be made or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Automerge refused the bytes.
    #[error("damaged document: {0}")]
    Damaged(String),
    /// A key is missing or has another type than the schema says.
    #[error("not a {kind} document: {what}")]
    Shape {
        /// Kind expected.
        kind: &'static str,
        /// What is wrong.
        what: String,
    },
    /// A kind that this version does not know.
    #[error("unknown kind of document")]
    UnknownKind,
    /// A change it builds on is not there.
    #[error("a change it depends on is missing")]
    MissingDependency,
    /// Beyond a limit of `sync::limits`.
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// Sums, dates or places contradict each other.
    #[error("contradictory: {0}")]
    Contradiction(&'static str),
    /// Content and seal do not agree.
    #[error("the seal does not match the content")]
    BrokenSeal,
    /// The edit is not possible on this document.
    #[error("not possible here: {0}")]
    EditRefused(&'static str),
}

impl DocumentError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Damaged(_) => "document.damaged",
            Self::Shape { .. } => "document.shape",
            Self::UnknownKind => "document.unknown_kind",
            Self::MissingDependency => "document.missing_dependency",
            Self::TooLarge(_) => "document.too_large",
            Self::Contradiction(_) => "document.contradiction",
            Self::BrokenSeal => "document.broken_seal",
            Self::EditRefused(_) => "document.edit_refused",
        }
    }
}
