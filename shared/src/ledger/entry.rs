//! Journal entries: what was posted, because of what.

use serde::{Deserialize, Serialize};

use crate::{
    day::Day,
    ids::{Digest, DocumentId, ElementId, InvoiceId, PaymentId},
    money::Money,
};

use super::account::Account;

crate::slug_enum! {
    /// What kind of fact an entry records.
    pub enum EntryKind {
        /// An invoice imported or corrected.
        Invoice = "invoice",
        /// A payment taken over from the books.
        BookPayment = "book_payment",
        /// A receipt issued in the field.
        Receipt = "receipt",
        /// A receipt voided with approval.
        Void = "void",
    }
}

/// The fact behind an entry. An entry's id is the hash of kind and source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// A sealed document: its id and the digest of its core.
    Document {
        /// Document.
        id: DocumentId,
        /// Digest of its sealed core.
        core: Digest,
    },
    /// The n-th state of an invoice (corrections count up).
    Invoice {
        /// Invoice.
        id: InvoiceId,
        /// 0 when first imported.
        revision: u32,
    },
    /// A payment from the books.
    Payment(PaymentId),
    /// An approved void: the receipt and the decision.
    Void {
        /// Receipt.
        receipt: DocumentId,
        /// Decision.
        decision: ElementId,
    },
}

/// One line of an entry; positive debits the account, negative credits it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Account.
    pub account: Account,
    /// Sum.
    pub amount: Money,
}

/// An entry before it is chained into the journal. Its postings sum to zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Hash of kind and source.
    pub id: Digest,
    /// Kind.
    pub kind: EntryKind,
    /// Why.
    pub source: Source,
    /// Business day.
    pub day: Day,
    /// At least two lines.
    pub postings: Vec<Posting>,
    /// The entry that this one reverses.
    pub reverses: Option<Digest>,
}
