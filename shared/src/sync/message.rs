//! The wire: what a device and the server say to each other in `POST /v1/sync`.
//!
//! A message is one version byte and a zstd frame of postcard bytes. Only this module and its codec
//! know that format. Everything that comes in is bounded by [`super::limits`] before it is expanded.
//!
//! Changes travel as *frames*: the bytes of an Automerge change chunk without its first eight
//! (magic and checksum), which the receiver recomputes.

use serde::{Deserialize, Serialize};

use crate::{
    customer::Customer,
    day::{Day, Timestamp},
    document::Kind,
    hand_in::HandInState,
    ids::{ChangeHash, CompanyId, CustomerId, DeviceId, Digest, DocumentId, PersonId, StatementId},
    invoice::{Invoice, Payment},
    money::Money,
    people::{Person, Territory},
    policy::{account::CaseStep, recovery::CurvePoint},
    promise::PromiseState,
    proposal::ProposalRow,
    receipt::ReceiptState,
    statement::{LineReply, StatementState},
};

pub use super::codec::{LEVEL, MessageError, manifest};
use super::digest::RecordDigest;

/// Version of the protocol that this code speaks.
pub const PROTOCOL_VERSION: u16 = 6;
/// The version before, which is understood as well: phones and server are brought up to date at different times. Both
/// are laid out alike; in the newer there is more that can be said ([`since`], [`Item::since`]).
pub const OLDEST_VERSION: u16 = 5;

/// From which version on documents of this kind are spoken of: whoever speaks an older one is not sent any, and those
/// made meanwhile wait.
pub fn since(kind: Kind) -> u16 {
    match kind {
        Kind::Visit
        | Kind::Promise
        | Kind::Receipt
        | Kind::ContactBook
        | Kind::HandIn
        | Kind::Proposal
        | Kind::Statement => OLDEST_VERSION,
        Kind::Unknown => u16::MAX,
    }
}

/// Kinds of documents of which nobody speaks in this version yet.
pub fn unspoken(version: u16) -> impl Iterator<Item = Kind> {
    let kinds = Kind::ALL.iter().copied();
    kinds.filter(move |kind| since(*kind) > version)
}

/// Where a device stands in the company's log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Everything up to this number has been taken in.
    pub seq: u64,
    /// Inside the snapshot that the entry after `seq` brings (a customer entering the scope): what of
    /// it has been taken in. Zero between entries. Opaque to the device, but for [`Cursor::is_beginning`].
    pub part: u64,
    /// The log's chain at `seq`.
    pub chain: Option<Digest>,
}

impl Cursor {
    /// Marks `part` of a device that has not got yet what there was when it began: the rest of it is the head of the log
    /// at that time. Places inside a customer's snapshot stay far below.
    pub const BEGINNING: u64 = 1 << 62;

    /// Is what there was when the device began not all there yet?
    pub fn is_beginning(&self) -> bool {
        self.part >= Self::BEGINNING
    }
}

/// A place in the log where a device has stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Number.
    pub seq: u64,
    /// The log's chain there.
    pub chain: Digest,
}

/// How the device's store and the server's log stand to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// As each remembers the other.
    #[default]
    Current,
    /// The server has heard more of this device than the store knows: the store was rolled back, or has
    /// a twin. Its frames were not looked at. It takes this generation, pulls to the end, and goes on
    /// with this batch number.
    Behind {
        /// Number of the last batch that the server has of this device.
        batch: u64,
    },
    /// The cursor is of another log: the server was restored from a backup. Nothing was taken and
    /// nothing is sent; the device says where it stood before ([`SyncRequest::checkpoints`]).
    UnknownCursor,
    /// The answer to checkpoints: what lies after this place is gone from the server. The device puts
    /// its own changes of after it back into the outbox and reads the log anew from the beginning.
    RolledBack {
        /// The last place that both know; 0 if there is none.
        common: u64,
    },
    /// The device or its person was revoked: what it sent is kept for review, nothing is sent down.
    UnderReview,
}

/// One change on its way up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// The document, or none for its creation change.
    pub document: Option<DocumentId>,
    /// Change chunk without its first eight bytes.
    #[serde(with = "serde_bytes_vec")]
    pub change: Vec<u8>,
}

/// What a device sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRequest {
    /// [`PROTOCOL_VERSION`] of the sender.
    pub version: u16,
    /// Who sends; must be the device of the bearer token.
    pub device: DeviceId,
    /// The generation that the server gave with its last answer to a batch: it is compared and counted
    /// up with every batch, so that a rolled back or copied store shows.
    pub generation: u64,
    /// Number of this batch, counted by the device; the same batch again gets the same answer.
    pub batch: u64,
    /// The server's epoch as the device knows it; 0 if it does not.
    pub epoch: u64,
    /// Where the device stands.
    pub cursor: Cursor,
    /// Where it stood before, the newest first; only after [`Standing::UnknownCursor`].
    pub checkpoints: Vec<Checkpoint>,
    /// Changes from the outbox, in the order made.
    #[serde(with = "super::frame_columns")]
    pub frames: Vec<Frame>,
    /// Ed25519 over [`manifest`]; all zero when there are no frames.
    #[serde(with = "signature_bytes")]
    pub signature: [u8; 64],
    /// The phone's clock when it sent.
    pub phone_clock: Timestamp,
    /// What the device would like to have beside what is new, the most wanted first.
    pub wants: Vec<Want>,
}

/// Something that a device has not got and asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Want {
    /// All changes of a document.
    Document(DocumentId),
    /// Digests of a customer's records that the server took in before this time, the newest of them first.
    Older {
        /// Customer.
        customer: CustomerId,
        /// By the server's clock.
        before: Timestamp,
    },
}

/// The answer to a [`Want`]; what it brings is in [`SyncResponse::fetched_entries`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    /// What was wanted.
    pub want: Want,
    /// What became of it.
    pub outcome: FetchOutcome,
}

/// What became of a [`Want`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FetchOutcome {
    /// Everything that was wanted is there.
    Whole,
    /// Older records down to this time are there, and there are more.
    Until(Timestamp),
    /// There is no such thing that the person may see.
    Absent,
}

/// What became of one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Stored durably at this place of the log (also if it had been there already).
    Acked {
        /// Its place.
        seq: u64,
    },
    /// Refused and kept in quarantine, with a stable code such as `admission.seal_changed`.
    Rejected {
        /// Code.
        code: String,
        /// For the log and for support; no customer data.
        detail: String,
    },
}

/// The answer to one change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Which change.
    pub hash: ChangeHash,
    /// What became of it.
    pub outcome: Outcome,
}

/// What the server sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncResponse {
    /// Version that the server speaks.
    pub version: u16,
    /// Changes when the server was restored from a backup.
    pub epoch: u64,
    /// The device's generation: counted up by the server with every batch that it takes in.
    pub generation: u64,
    /// How store and log stand to each other.
    pub standing: Standing,
    /// One answer for each frame of the batch, in its order.
    pub answers: Vec<Answer>,
    /// What is new since the cursor, in log order.
    #[serde(with = "super::columns::list")]
    pub entries: Vec<Entry>,
    /// Where the device stands once it has taken the entries in.
    pub cursor: Cursor,
    /// Is there more to fetch at once?
    pub more: bool,
    /// Newest number of the log.
    pub head_seq: u64,
    /// The server's clock when it answered.
    pub server_clock: Timestamp,
    /// Answers to what was wanted; what found no room is not among them and may be asked for again.
    pub fetched: Vec<Fetched>,
    /// Changes and digests that were wanted. They are not part of the log's flow.
    #[serde(with = "super::columns::list")]
    pub fetched_entries: Vec<Entry>,
    /// Days for which phones keep closed matters; 0 if the server does not say.
    pub history_days: u16,
}

/// One thing that is new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its place in the log.
    pub seq: u64,
    /// What it is.
    pub item: Item,
}

/// What an entry brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Item {
    /// A change of a document.
    Change(ChangeItem),
    /// An authoritative row, in place of the one with the same key.
    Row(Box<Row>),
    /// A customer has come into the person's scope; what follows for it is its snapshot.
    Enter(CustomerId),
    /// A customer has left it: the phone drops what it has, once nothing of its own waits.
    Leave(CustomerId),
    /// A closed matter as lists show it.
    Digest(Box<DigestItem>),
}

/// A document as lists show it, in place of its changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestItem {
    /// Document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// Its customer.
    pub customer: CustomerId,
    /// Who pushed its creation change.
    pub person: PersonId,
    /// From which device.
    pub device: DeviceId,
    /// When the server took that in.
    pub received_at: Timestamp,
    /// Phone clock minus server clock then.
    pub clock_offset_ms: i64,
    /// How many changes the document has: a device that has fewer wants them.
    pub changes: u32,
    /// What lists show.
    pub content: RecordDigest,
}

/// A change as the server recorded it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeItem {
    /// Document.
    pub document: DocumentId,
    /// Its kind.
    pub kind: Kind,
    /// Its customer.
    pub customer: CustomerId,
    /// Who pushed it, by their token.
    pub person: PersonId,
    /// From which device.
    pub device: DeviceId,
    /// When the server took it in.
    pub received_at: Timestamp,
    /// Phone clock minus server clock when it was pushed.
    pub clock_offset_ms: i64,
    /// Change chunk without its first eight bytes.
    #[serde(with = "serde_bytes_vec")]
    pub change: Vec<u8>,
}

/// An authoritative row; the server's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Row {
    /// The company and its settings; goes to everybody.
    Company(CompanyRow),
    /// A person; goes to everybody.
    Person(Person),
    /// A territory; goes to everybody.
    Territory(Territory),
    /// A customer.
    Customer(Customer),
    /// An invoice with what has been posted on it.
    Invoice(InvoiceRow),
    /// What a customer has on account and in transit.
    Account(AccountRow),
    /// A payment from the books, for the timeline.
    Payment(Payment),
    /// Where a receipt stands.
    Receipt(ReceiptRow),
    /// Where a promise stands.
    Promise(PromiseRow),
    /// Something for finance to look at.
    Exception(ExceptionRow),
    /// Cash in a person's hands by the ledger; goes to that person, their supervisor and finance.
    FieldCash(FieldCashRow),
    /// Where a hand-in stands; goes to who handed in.
    HandIn(HandInRow),
    /// Where a proposal stands.
    Proposal(ProposalRow),
    /// A statement and where it stands.
    Statement(StatementRow),
    /// A customer's collection case (from version 6 on).
    Case(CaseRow),
    /// What the company's rules go by beside the settings of its row (from version 6 on); goes to everybody.
    Rules(RulesRow),
}

/// The company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyRow {
    /// Identity.
    pub id: CompanyId,
    /// Name as letters show it.
    pub name: String,
    /// ISO code of its one currency.
    pub currency: String,
    /// Its clocks' offset from UTC, minutes east.
    pub utc_offset_minutes: i32,
    /// Settings of collection rules.
    pub policy: crate::policy::Settings,
}

/// An invoice and what the ledger says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceRow {
    /// Invoice.
    pub invoice: Invoice,
    /// Posted on it so far; outstanding = amount − settled, not clipped at zero.
    pub settled: Money,
}

/// A customer's account beside the invoices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRow {
    /// Customer.
    pub customer: CustomerId,
    /// Paid and not allocated to an invoice 预收款.
    pub on_account: Money,
    /// Claimed and not confirmed 在途.
    pub in_transit: Money,
}

/// Where a receipt stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptRow {
    /// Receipt.
    pub document: DocumentId,
    /// Customer.
    pub customer: CustomerId,
    /// State.
    pub state: ReceiptState,
    /// Business day on which it was posted, if it was.
    pub posted_day: Option<Day>,
}

/// Where a promise stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseRow {
    /// Promise.
    pub document: DocumentId,
    /// Customer.
    pub customer: CustomerId,
    /// State of the whole.
    pub state: PromiseState,
    /// State of each instalment, with what has been paid on it.
    pub instalments: Vec<(PromiseState, Money)>,
}

crate::slug_enum! {
    /// What finance looks at (ledger: exceptions).
    pub enum ExceptionKind {
        /// More was posted on an invoice than it amounts to.
        Overpaid = "overpaid",
        /// Two receipts look like one payment.
        LooksDoubled = "looks_doubled",
        /// A device's receipt numbers have a gap.
        NumberGap = "number_gap",
        /// Two receipts under one number.
        NumberReused = "number_reused",
        /// An allocation named another customer's invoice: kept on account.
        ForeignInvoice = "foreign_invoice",
        /// A void was asked for and not decided.
        VoidPending = "void_pending",
        /// The phone's clock was wrong by more than the setting.
        ClockSkew = "clock_skew",
        /// The record's customer had been given to somebody else before it came in.
        OutOfScope = "out_of_scope",
        /// Two replacements of one promise.
        PromiseReplacedTwice = "promise_replaced_twice",
        /// A revoked person's record, kept for review.
        RevokedAuthor = "revoked_author",
        /// A device counted two records with one number: its store was copied or brought back.
        CopiedStore = "copied_store",
        /// The record of a receipt that was entered from its paper says something else than what was entered.
        PaperDiffers = "paper_differs",
    }
}

/// Something for finance to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionRow {
    /// Identity: the digest of kind and subject, so that the same finding is one row.
    pub id: Digest,
    /// What.
    pub kind: ExceptionKind,
    /// Whose account.
    pub customer: CustomerId,
    /// The record concerned, if it is one.
    pub document: Option<DocumentId>,
    /// Number of the invoice or receipt concerned, for people.
    pub subject: String,
    /// Sum concerned, if any.
    pub amount: Option<Money>,
    /// When it was found, by the server.
    pub found_at: Timestamp,
    /// False once it has been settled or has gone away.
    pub open: bool,
}

/// Cash in a person's hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldCashRow {
    /// Whose hands.
    pub person: PersonId,
    /// `Assets:Field:Cash:<rep>`.
    pub cash: Money,
    /// `Assets:Field:Cheques:<rep>`.
    pub cheques: Money,
}

/// Where a hand-in stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandInRow {
    /// The hand-in; of one that was counted at the desk alone, a name made of its command; of a receipt that was voided
    /// while its money was in hand, a name made of that.
    pub document: DocumentId,
    /// Who handed in.
    pub person: PersonId,
    /// State.
    pub state: HandInState,
    /// Receipts of it whose money is in the person's hands no more.
    pub gone: Vec<DocumentId>,
    /// Cash as finance counted it.
    pub counted: Option<Money>,
    /// What of the difference from the receipts is not decided yet: positive if cash is missing.
    pub undecided: Option<Money>,
    /// Why it was returned, in the words of who did; empty if its money was handed in otherwise meanwhile.
    pub reason: String,
    /// When that was, by the server's clock.
    pub at: Timestamp,
}

/// A statement and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementRow {
    /// Which.
    pub statement: StatementId,
    /// Whose.
    pub customer: CustomerId,
    /// Is it a confirmation with legal effect?
    pub confirmation: bool,
    /// Its day.
    pub as_of: Day,
    /// 1, and one more for each that replaces another.
    pub revision: u32,
    /// Its balance.
    pub closing: Money,
    /// The last day on which it is to be agreed.
    pub until: Day,
    /// Where it stands.
    pub state: StatementState,
    /// What it says: canonical bytes of [`crate::statement::Statement`]. Empty for one that is done with and has a
    /// newer one behind it.
    pub content: String,
    /// The customer's answer that stands.
    pub document: Option<DocumentId>,
    /// What finance says to the disputed lines.
    pub replies: Vec<LineReply>,
    /// Why it was closed; else empty.
    pub note: String,
    /// When that was, by the server's clock.
    pub at: Timestamp,
}

/// A customer's collection case, as far as the field goes by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseRow {
    /// Whose.
    pub customer: CustomerId,
    /// Dunning letters that went out, in the order in which they were noted; then the step at law taken last.
    pub steps: Vec<CaseStep>,
}

/// What the rules go by beside [`CompanyRow::policy`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesRow {
    /// The company's own recovery curve, in place of that of the settings; empty while there are not debts enough.
    pub curve: Vec<CurvePoint>,
    /// The figures, as [`crate::policy::figures::Figures::list`] has them.
    pub figures: Vec<u32>,
}

impl Item {
    /// From which version on there is such an item.
    pub fn since(&self) -> u16 {
        match self {
            Self::Change(change) => since(change.kind),
            Self::Digest(digest) => since(digest.kind),
            Self::Row(row) => row.since(),
            Self::Enter(_) | Self::Leave(_) => OLDEST_VERSION,
        }
    }
}

impl Row {
    /// From which version on there is such a row.
    pub fn since(&self) -> u16 {
        match self {
            Self::Company(_)
            | Self::Person(_)
            | Self::Territory(_)
            | Self::Customer(_)
            | Self::Invoice(_)
            | Self::Account(_)
            | Self::Payment(_)
            | Self::Receipt(_)
            | Self::Promise(_)
            | Self::Exception(_)
            | Self::FieldCash(_)
            | Self::HandIn(_)
            | Self::Proposal(_)
            | Self::Statement(_) => OLDEST_VERSION,
            Self::Case(_) | Self::Rules(_) => 6,
        }
    }

    /// The customer whose scope decides who gets the row; none goes by its own rule.
    pub fn customer(&self) -> Option<CustomerId> {
        match self {
            Self::Customer(r) => Some(r.id),
            Self::Invoice(r) => Some(r.invoice.customer),
            Self::Account(r) => Some(r.customer),
            Self::Payment(r) => Some(r.customer),
            Self::Receipt(r) => Some(r.customer),
            Self::Promise(r) => Some(r.customer),
            Self::Exception(r) => Some(r.customer),
            Self::Proposal(r) => Some(r.customer),
            Self::Statement(r) => Some(r.customer),
            Self::Case(r) => Some(r.customer),
            Self::Company(_)
            | Self::Rules(_)
            | Self::Person(_)
            | Self::Territory(_)
            | Self::FieldCash(_)
            | Self::HandIn(_) => None,
        }
    }
}

/// Byte strings as one length and the bytes, not as a list of numbers.
mod serde_bytes_vec {
    use serde::{Deserializer, Serializer, de::Visitor};

    pub fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(bytes)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, v: &[u8]) -> Result<Vec<u8>, E> {
                Ok(v.to_vec())
            }
            fn visit_byte_buf<E>(self, v: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(v)
            }
        }
        d.deserialize_byte_buf(Bytes)
    }
}

/// 64 bytes of a signature.
pub(super) mod signature_bytes {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8; 64], s: S) -> Result<S::Ok, S::Error> {
        bytes.as_slice().serialize(s)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<[u8; 64], D::Error> {
        Vec::<u8>::deserialize(d)?
            .try_into()
            .map_err(|_| D::Error::custom("a signature has 64 bytes"))
    }
}
