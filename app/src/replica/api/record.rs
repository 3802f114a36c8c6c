//! One record with its journey, one's own receipts, and what waits.

use super::{HandInWord, SyncLine, TimelineLine};
use serde::{Deserialize, Serialize};
use shared::{
    day::Timestamp,
    document::{Kind, Seal},
    evidence::{Attachment, Comment, GeoPoint},
    hand_in::HandIn,
    ids::{CustomerId, DocumentId, PersonId},
    money::Money,
    promise::{Promise, PromiseState},
    proposal::{Proposal, ProposalRow, ProposalState},
    receipt::{Receipt, ReceiptState},
    statement::StatementAnswer,
    sync::message::{FieldCashRow, StatementRow},
    visit::Visit,
};

/// A record with its journey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordView {
    /// Identity.
    pub document: DocumentId,
    /// Kind.
    pub kind: Kind,
    /// Customer's id and name; of a hand-in the person's own account, without a name.
    pub customer: (CustomerId, String),
    /// Who made it: id and name.
    pub author: (PersonId, String),
    /// Content.
    pub content: RecordContent,
    /// Seal of a sealed record.
    pub seal: Option<Seal>,
    /// Where it is on its way.
    pub journey: Journey,
    /// Phone clock minus server clock when it was pushed.
    pub clock_offset_ms: Option<i64>,
    /// The customer's known place, for comparing.
    pub customer_position: Option<GeoPoint>,
    /// Names for the ids of comment authors.
    pub names: Vec<(PersonId, String)>,
    /// A QR text that anybody can check offline (receipts).
    pub qr: Option<String>,
    /// May the person signed in edit its notes?
    pub mine: bool,
}

/// Content of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordContent {
    /// A visit.
    Visit(Visit),
    /// A promise and its state with each instalment's.
    Promise(Promise, PromiseState, Vec<(PromiseState, Money)>),
    /// A receipt and its state; none while only on this device.
    Receipt(Receipt, Option<ReceiptState>),
    /// A hand-in and the server's word on it, if there is one.
    HandIn(HandIn, Option<HandInWord>),
    /// A proposal.
    Proposal(Box<AskedFor>),
    /// An answer to a statement, and the server's word on that, if it is here.
    Statement(StatementAnswer, Option<Box<StatementRow>>),
}

/// A proposal as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedFor {
    /// What the record says.
    pub proposal: Proposal,
    /// Where it stands as far as known here.
    pub state: ProposalState,
    /// The server's word, if there is one.
    pub word: Option<ProposalRow>,
    /// Numbers of its invoices, as far as they are known here.
    pub invoices: Vec<String>,
}

/// Where a record is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journey {
    /// Saved on the device of its author, by that device's clock.
    pub saved_at: Timestamp,
    /// Taken in by the server; none while not acknowledged.
    pub received_at: Option<Timestamp>,
    /// In the ledger (receipts: posted or in transit).
    pub in_ledger: bool,
    /// Confirmed by finance.
    pub confirmed: bool,
    /// Changes of it that still wait here.
    pub waiting: u32,
    /// Refused: code of the reason; none once it was corrected.
    pub rejected: Option<String>,
    /// Can it be corrected?
    pub correctable: bool,
    /// The record that stands in its place.
    pub corrected_by: Option<DocumentId>,
    /// The refused record in whose place it stands, if that is on this device.
    pub corrects: Option<DocumentId>,
}

/// The salesperson's own receipts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectView {
    /// Cash in hand: the ledger's figure and own receipts that it does not contain yet.
    pub cash_in_hand: Money,
    /// Cheques in hand.
    pub cheques_in_hand: Money,
    /// Taken today, all methods.
    pub collected_today: Money,
    /// The ledger's own figure, if the server has sent one.
    pub ledger: Option<FieldCashRow>,
    /// Newest first, at most 200: customer's name beside each.
    pub receipts: Vec<(TimelineLine, CustomerId, String)>,
}

/// What waits and what was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueView {
    /// How sync stands.
    pub sync: SyncLine,
    /// One line a record or photo, oldest first.
    pub lines: Vec<QueueLine>,
}

/// One record or photo that waits or was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueLine {
    /// Record.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// Customer's name.
    pub customer_name: String,
    /// Receipt number, sum or the like; may be empty.
    pub label: String,
    /// Changes of it that wait.
    pub changes: u32,
    /// Bytes that wait.
    pub bytes: u64,
    /// Saved at.
    pub at: Timestamp,
    /// True for a photo of the record rather than the record.
    pub photo: bool,
    /// How far it is on its way.
    pub state: LineState,
    /// Refused: code of the reason.
    pub rejected: Option<String>,
    /// Can it be corrected?
    pub correctable: bool,
    /// The record that stands in its place and is not with the server yet; it needs no attention then.
    pub corrected_by: Option<DocumentId>,
}

/// How far a record or photo that waits is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineState {
    /// Not tried yet.
    Waiting,
    /// In the request under way.
    Sending,
    /// Tried without success, or not to be sent before something else has happened.
    PutOff {
        /// Code of the reason.
        code: String,
        /// When it is tried again, where that is known.
        retry_at: Option<Timestamp>,
    },
    /// A photo that waits for Wi-Fi.
    ForWifi,
}

/// Comments and attachments are shown with every record.
impl RecordContent {
    /// Comments in document order.
    pub fn comments(&self) -> &[Comment] {
        match self {
            Self::Visit(v) => &v.comments,
            Self::Promise(p, ..) => &p.comments,
            Self::Receipt(r, _) => &r.comments,
            Self::HandIn(h, _) => &h.comments,
            Self::Proposal(p) => &p.proposal.comments,
            Self::Statement(s, _) => &s.comments,
        }
    }

    /// Photos and files.
    pub fn attachments(&self) -> &[Attachment] {
        match self {
            Self::Visit(v) => &v.attachments,
            Self::Promise(p, ..) => &p.attachments,
            Self::Receipt(r, _) => &r.attachments,
            Self::HandIn(h, _) => &h.attachments,
            Self::Proposal(p) => &p.proposal.attachments,
            Self::Statement(s, _) => &s.attachments,
        }
    }
}
