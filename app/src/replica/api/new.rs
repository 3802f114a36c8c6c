//! What forms hand in.

use serde::{Deserialize, Serialize};
use shared::{
    contact_book::BookField,
    customer::ContactRole,
    day::{Day, Timestamp},
    evidence::{Fix, GeoPoint, Signature},
    ids::{CustomerId, DocumentId, ElementId, InvoiceId},
    money::Money,
    promise::Instalment,
    receipt::{Method, Shortfall},
    visit::{UnpaidReason, VisitPurpose, VisitResult, WarningSign},
};

/// A photo as taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPhoto {
    /// Media type, for example `image/jpeg`.
    pub media_type: String,
    /// Bytes, already made small and watermarked.
    pub bytes: Vec<u8>,
    /// What it shows.
    pub caption: String,
}

/// A visit to save.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewVisit {
    /// Customer.
    pub customer: CustomerId,
    /// Check-in time.
    pub started_at: Timestamp,
    /// Check-in position.
    pub check_in: Option<Fix>,
    /// Check-out position; the time is when it is saved.
    pub check_out: Option<Fix>,
    /// Purpose.
    pub purpose: VisitPurpose,
    /// Person met.
    pub person_met: String,
    /// Result.
    pub result: VisitResult,
    /// Reason.
    pub reason: Option<UnpaidReason>,
    /// Warning signs; also go into the contact book.
    pub signs: Vec<WarningSign>,
    /// Next appointment.
    pub next_day: Option<Day>,
    /// Promises and receipts made during the visit.
    pub related: Vec<DocumentId>,
    /// Notes.
    pub notes: String,
    /// Photos.
    pub photos: Vec<NewPhoto>,
}

/// A promise to seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPromise {
    /// Customer.
    pub customer: CustomerId,
    /// Instalments in due order.
    pub instalments: Vec<Instalment>,
    /// Invoices covered; none means the whole account.
    pub invoices: Vec<InvoiceId>,
    /// Promise that it replaces.
    pub replaces: Option<DocumentId>,
    /// Signature; strokes are empty for a preview.
    pub signature: Signature,
    /// Language of the letter, `zh-CN` or `en`.
    pub language: String,
    /// Seal photo or paper, if taken.
    pub photos: Vec<NewPhoto>,
}

/// A receipt to issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewReceipt {
    /// Customer.
    pub customer: CustomerId,
    /// Method.
    pub method: Method,
    /// Sum.
    pub amount: Money,
    /// What it pays.
    pub allocations: Vec<(InvoiceId, Money)>,
    /// What was asked for.
    pub asked: Money,
    /// What stays short of that.
    pub shortfall: Option<Shortfall>,
    /// Purpose line.
    pub purpose: String,
    /// Payer's signature.
    pub signature: Option<Signature>,
    /// Photos (slip, cheque).
    pub photos: Vec<NewPhoto>,
}

/// What takes the place of a refused record: of the same kind, for the same customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Correction {
    /// A visit; when and where it was is taken from the refused one.
    Visit(Box<NewVisit>),
    /// A promise, signed anew.
    Promise(Box<NewPromise>),
    /// A receipt, under a number of its own.
    Receipt(Box<NewReceipt>),
}

/// An edit of the contact book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BookEdit {
    /// Write a fact.
    Field(BookField, String),
    /// Add a contact.
    Contact {
        /// Element that it corrects.
        replaces: Option<ElementId>,
        /// Name.
        name: String,
        /// Part in paying.
        role: ContactRole,
        /// Telephone.
        phone: String,
    },
    /// Add a warning sign.
    Sign(WarningSign),
    /// Set the customer's place.
    Position(GeoPoint),
}
