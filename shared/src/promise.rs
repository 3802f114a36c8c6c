//! The promise to pay 付款承诺: written, signed, with instalments; sealed when signed.
//!
//! Terms change only by a new promise that `replaces` the old one. Its state (pending, kept, broken …)
//! is derived by `ledger::promise_state`, never stored by hand.

use serde::{Deserialize, Serialize};

use crate::{
    day::{Day, Timestamp},
    evidence::{Attachment, Comment, Signature},
    ids::{CustomerId, DocumentId, ElementId, InvoiceId, PersonId},
    money::Money,
};

/// One instalment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    /// Promised by the end of this day.
    pub due: Day,
    /// Sum promised; positive.
    pub amount: Money,
}

/// An invoice that the promise covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromisedInvoice {
    /// Which.
    pub invoice: InvoiceId,
    /// Its number as the letter shows it.
    pub number: String,
    /// What was still owed on it.
    pub outstanding: Money,
}

/// The sealed core of a promise: what was signed, unchangeable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseCore {
    /// Debtor.
    pub customer: CustomerId,
    /// Debtor's name as the letter shows it.
    pub customer_name: String,
    /// Creditor's name as the letter shows it.
    pub company_name: String,
    /// The salesperson who took it.
    pub person: PersonId,
    /// Their name as the letter shows it.
    pub person_name: String,
    /// When it was signed, by the phone's clock.
    pub made_at: Timestamp,
    /// The business day of the letter.
    pub day: Day,
    /// Sum of the instalments.
    pub total: Money,
    /// Instalments in due order, at least one.
    pub instalments: Vec<Instalment>,
    /// Invoices covered; none means the whole account.
    pub invoices: Vec<PromisedInvoice>,
    /// Receipts already counted when it was signed: they keep no instalment.
    pub already_counted: Vec<DocumentId>,
    /// The promise that this one replaces.
    pub replaces: Option<DocumentId>,
    /// The letter exactly as shown to the signer, line by line.
    pub letter: Vec<String>,
    /// The customer's signature.
    pub signature: Signature,
    /// Refused promises that this one corrects (see `document::Record::corrects`); not to be taken for
    /// `replaces`, which gives a promise that counts new terms. The last field: a core that corrects nothing
    /// is sealed without it, as by the versions that did not know it.
    #[serde(default)]
    pub corrects: Vec<DocumentId>,
}

/// A supervisor's cancellation: an immutable element of the `cancellations` list.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    autosurgeon::Reconcile,
    autosurgeon::Hydrate,
)]
pub struct Cancellation {
    /// Identity.
    pub id: ElementId,
    /// Who cancelled.
    pub author: PersonId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// A promise document as read: sealed core and what has grown around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// What was signed.
    pub core: PromiseCore,
    /// Cancellations by supervisors.
    pub cancellations: Vec<Cancellation>,
    /// Comments.
    pub comments: Vec<Comment>,
    /// Photos (company seal, paper).
    pub attachments: Vec<Attachment>,
}

crate::slug_enum! {
    /// State of a promise or of one instalment (domain: 待兑现, 部分兑现, 已兑现, 失约, 已撤销).
    pub enum PromiseState {
        /// 待兑现
        Pending = "pending",
        /// 部分兑现
        PartlyKept = "partly_kept",
        /// 已兑现
        Kept = "kept",
        /// 失约
        Broken = "broken",
        /// 已撤销, by a supervisor or by a promise that replaces it
        Cancelled = "cancelled",
    }
}
