//! What lists and timelines show of a record, without its letter, strokes, notes and threads: what a
//! phone gets of closed matters when a customer comes into its scope. The whole record it asks for
//! when somebody opens it.
//!
//! Invariant: the phone's lists are written from digests only, whether they came as such or were made
//! from the whole record here; so both read the same.

use serde::{Deserialize, Serialize};

use super::message::DigestItem;
use crate::{
    day::{Day, Timestamp},
    document::Record,
    evidence::Fix,
    ids::{DocumentId, InvoiceId, PersonId},
    money::Money,
    promise::{Instalment, Promise},
    receipt::{MethodKind, Receipt},
    visit::{UnpaidReason, Visit, VisitPurpose, VisitResult, WarningSign},
};

/// Characters of a visit's notes that lists show.
const NOTE_CHARS: usize = 120;

/// A record as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordDigest {
    /// A visit.
    Visit(VisitDigest),
    /// A promise.
    Promise(PromiseDigest),
    /// A receipt.
    Receipt(ReceiptDigest),
}

/// A visit as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitDigest {
    /// Who went.
    pub person: PersonId,
    /// Check-in by the phone's clock.
    pub started_at: Timestamp,
    /// Check-out.
    pub ended_at: Timestamp,
    /// Whom they met.
    pub person_met: String,
    /// What for.
    pub purpose: VisitPurpose,
    /// What came of it.
    pub result: VisitResult,
    /// Why nothing was paid.
    pub reason: Option<UnpaidReason>,
    /// Warning signs.
    pub signs: Vec<WarningSign>,
    /// Day of the next visit.
    pub next_day: Option<Day>,
    /// Beginning of the first line of the notes.
    pub note: String,
    /// How many photos.
    pub photos: u32,
    /// How many comments.
    pub comments: u32,
    /// Where the check-in was.
    pub check_in: Option<Fix>,
    /// Records made during the visit.
    pub related: Vec<DocumentId>,
}

/// A promise as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseDigest {
    /// Who took it.
    pub person: PersonId,
    /// When it was signed.
    pub made_at: Timestamp,
    /// Day of the letter.
    pub day: Day,
    /// Sum.
    pub total: Money,
    /// The promise in place of which it stands.
    pub replaces: Option<DocumentId>,
    /// Was it cancelled?
    pub cancelled: bool,
    /// Instalments in due order.
    pub instalments: Vec<Instalment>,
    /// Invoices covered; none means the whole account.
    pub invoices: Vec<InvoiceId>,
}

/// A receipt as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptDigest {
    /// Who took the money.
    pub person: PersonId,
    /// Number.
    pub number: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Business day.
    pub day: Day,
    /// Method without its details.
    pub method: MethodKind,
    /// Sum.
    pub amount: Money,
    /// What of it is on account.
    pub rest: Money,
    /// Day named for the rest, if less was paid than asked for.
    pub next_day: Option<Day>,
    /// Has a void been asked for and not been decided?
    pub void_pending: bool,
    /// Which invoices it pays.
    pub allocations: Vec<(InvoiceId, Money)>,
}

impl RecordDigest {
    /// The digest of a record; none for a contact book, a hand-in, a proposal and an answer to a statement, which always come whole, and for a receipt
    /// whose allocations are more than its sum (admission lets none in).
    pub fn of(record: &Record) -> Option<Self> {
        match record {
            Record::Visit(visit) => Some(Self::Visit(VisitDigest::of(visit))),
            Record::Promise(promise, _) => Some(Self::Promise(PromiseDigest::of(promise))),
            Record::Receipt(receipt, _) => ReceiptDigest::of(receipt).map(Self::Receipt),
            Record::ContactBook(_)
            | Record::HandIn(..)
            | Record::Proposal(_)
            | Record::Statement(..) => None,
        }
    }
}

impl VisitDigest {
    /// The digest of a visit.
    pub fn of(visit: &Visit) -> Self {
        let first_line = visit.notes.lines().next().unwrap_or_default();
        Self {
            person: visit.person,
            started_at: visit.started_at,
            ended_at: visit.ended_at,
            person_met: visit.person_met.clone(),
            purpose: visit.purpose,
            result: visit.result,
            reason: visit.reason,
            signs: visit.signs.clone(),
            next_day: visit.next_day,
            note: first_line.chars().take(NOTE_CHARS).collect(),
            photos: count(visit.attachments.len()),
            comments: count(visit.comments.len()),
            check_in: visit.check_in,
            related: visit.related.clone(),
        }
    }
}

impl PromiseDigest {
    /// The digest of a promise.
    pub fn of(promise: &Promise) -> Self {
        let core = &promise.core;
        Self {
            person: core.person,
            made_at: core.made_at,
            day: core.day,
            total: core.total,
            replaces: core.replaces,
            cancelled: !promise.cancellations.is_empty(),
            instalments: core.instalments.clone(),
            invoices: core.invoices.iter().map(|i| i.invoice).collect(),
        }
    }
}

impl ReceiptDigest {
    /// The digest of a receipt; none if its allocations cannot be summed up.
    pub fn of(receipt: &Receipt) -> Option<Self> {
        let core = &receipt.core;
        let decided = |request| receipt.void_decisions.iter().any(|d| d.request == request);
        Some(Self {
            person: core.person,
            number: core.number.to_string(),
            issued_at: core.issued_at,
            day: core.day,
            method: core.method.kind(),
            amount: core.amount,
            rest: core.on_account().ok()?,
            next_day: core.shortfall.as_ref().map(|s| s.next_day),
            void_pending: receipt.void_requests.iter().any(|r| !decided(r.id)),
            allocations: core
                .allocations
                .iter()
                .map(|a| (a.invoice, a.amount))
                .collect(),
        })
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl DigestItem {
    /// When the record was saved, by the clock of the device that made it.
    pub fn saved_at(&self) -> Timestamp {
        self.received_at.plus_ms(self.clock_offset_ms)
    }
}
