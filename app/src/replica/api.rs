//! What screens and the replica say to each other: queries, commands, replies, notices.
//!
//! The replica lives in a thread (native) or a Web Worker (browser); these values cross over as
//! postcard bytes. Invariant: nothing here knows SQL, Automerge or Dioxus.

use serde::{Deserialize, Serialize};
use shared::{
    aging::AgingBuckets,
    contact_book::{BookField, ContactBook},
    customer::{ContactRole, Customer},
    day::{Day, Timestamp},
    document::{Kind, Seal},
    evidence::{Attachment, Comment, Fix, GeoPoint, Signature},
    ids::{ContentHash, CustomerId, DeviceId, DocumentId, ElementId, InvoiceId, PersonId},
    money::Money,
    people::{Person, Role, Territory},
    policy::{Settings, playbook::Tip, work_list::Why},
    promise::{Instalment, Promise, PromiseState},
    receipt::{Method, MethodKind, Receipt, ReceiptState, Shortfall},
    sync::{
        client::Status,
        message::{ExceptionRow, FieldCashRow, InvoiceRow},
    },
    visit::{UnpaidReason, Visit, VisitPurpose, VisitResult, WarningSign},
};

/// What a screen asks or orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Who is signed in on this device, how sync stands.
    Session,
    /// The salesperson's day.
    Today,
    /// Customers whose name, pinyin or number matches; all if empty. At most `limit`.
    Customers {
        /// Typed text.
        search: String,
        /// Most rows wanted.
        limit: u32,
    },
    /// One customer's account.
    Customer(CustomerId),
    /// What a receipt or promise form needs to know.
    Form(CustomerId),
    /// One record.
    Record(DocumentId),
    /// The salesperson's own receipts and the cash in their hands.
    Collect,
    /// Everything that waits or was refused.
    Queue,
    /// The visit log.
    VisitLog(VisitLogFilter),
    /// Void requests that wait for the person's decision, newest first.
    Approvals,
    /// Open exceptions in the person's scope.
    Exceptions,
    /// People and territories, for filters.
    Directory,
    /// A half-filled form, if one was kept under this key.
    Draft(String),
    /// Bytes of an attachment: from the store, else fetched from the server.
    Attachment(ContentHash),

    /// Enrol this device with a one-time code and sign in.
    Enrol {
        /// Address of the server, for example `https://huikuan.example`; empty means the page's own.
        server: String,
        /// The code as typed or from the link.
        code: String,
        /// What people call the device, for example `Pixel 7`.
        label: String,
    },
    /// Sign out: the store stays on the device, closed; another person may enrol.
    SignOut,
    /// Sign in again as a person whose store is on this device.
    SwitchTo(PersonId),
    /// Keep a half-filled form (JSON text).
    SaveDraft {
        /// Which form, for example `visit/<customer>`.
        key: String,
        /// Its content.
        json: String,
    },
    /// Forget a half-filled form.
    DropDraft(String),
    /// Save a visit.
    SaveVisit(Box<NewVisit>),
    /// Seal a promise.
    SignPromise(Box<NewPromise>),
    /// The lines of the letter that a promise would have, to show before signing.
    PreviewLetter(Box<NewPromise>),
    /// Issue a receipt.
    IssueReceipt(Box<NewReceipt>),
    /// Make the notes of a visit read like this.
    EditNotes {
        /// Visit.
        document: DocumentId,
        /// New text.
        notes: String,
    },
    /// Add a comment to a record.
    AddComment {
        /// Record.
        document: DocumentId,
        /// Text.
        text: String,
    },
    /// Add a photo to a record that exists.
    AddPhoto {
        /// Record.
        document: DocumentId,
        /// Photo.
        photo: NewPhoto,
    },
    /// Ask for a receipt to be voided.
    RequestVoid {
        /// Receipt.
        document: DocumentId,
        /// Why.
        reason: String,
    },
    /// Decide a void request.
    DecideVoid {
        /// Receipt.
        document: DocumentId,
        /// The request.
        request: ElementId,
        /// Void it, or leave it standing.
        approve: bool,
        /// Said with it.
        note: String,
    },
    /// Cancel a promise (supervisor).
    CancelPromise {
        /// Promise.
        document: DocumentId,
        /// Why.
        reason: String,
    },
    /// Write into the contact book.
    Book {
        /// Customer.
        customer: CustomerId,
        /// What.
        edit: BookEdit,
    },
    /// Sync now.
    SyncNow,
    /// The device has or has lost the network.
    Online(bool),
    /// A refused record has been dealt with: stop showing it (its bytes are kept).
    DismissRejected(DocumentId),
    /// Another tab owns the store: take it over (that tab lets go). `Done` if it is ours already.
    TakeOver,
}

/// What comes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// Answer to `Session`, `Enrol`, `SignOut`, `SwitchTo`.
    Session(Box<SessionView>),
    /// Answer to `Today`.
    Today(Box<TodayView>),
    /// Answer to `Customers`.
    Customers(Vec<CustomerLine>),
    /// Answer to `Customer`.
    Customer(Box<CustomerView>),
    /// Answer to `Form`.
    Form(Box<FormView>),
    /// Answer to `Record`.
    Record(Box<RecordView>),
    /// Answer to `Collect`.
    Collect(Box<CollectView>),
    /// Answer to `Queue`.
    Queue(Box<QueueView>),
    /// Answer to `VisitLog`.
    VisitLog(Box<VisitLogView>),
    /// Answer to `Approvals`.
    Approvals(Vec<ApprovalView>),
    /// Answer to `Exceptions`.
    Exceptions(Vec<ExceptionView>),
    /// Answer to `Directory`.
    Directory(Box<DirectoryView>),
    /// Answer to `Draft`.
    Draft(Option<String>),
    /// Answer to `Attachment`: media type and bytes; none if not to be had now.
    Attachment(Option<(String, Vec<u8>)>),
    /// Answer to `PreviewLetter`.
    Letter(Vec<String>),
    /// The record is durably on this device; its id.
    Saved(DocumentId),
    /// Done.
    Done,
    /// It could not be done and nothing has changed.
    Failed(ReplicaFailure),
}

/// A failure as screens need it: they have a sentence for each code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaFailure {
    /// Stable code such as `store.full`, `enrol.code_expired`, `network.unreachable`.
    pub code: String,
    /// For support; no customer data.
    pub detail: String,
}

/// What the replica tells without being asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// Data changed: screens ask again.
    Changed,
    /// How sync stands.
    Sync(SyncLine),
    /// The store could not be read and was set aside under this name; a new one was begun.
    StoreSetAside {
        /// File name of what was set aside.
        name: String,
    },
    /// Another tab owns the store.
    OwnedElsewhere,
}

/// For the status line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncLine {
    /// How the session stands.
    pub status: Status,
    /// Records (documents with changes) not yet acknowledged.
    pub waiting: u32,
    /// Photos not yet uploaded.
    pub waiting_photos: u32,
    /// Records refused and not dismissed.
    pub rejected: u32,
    /// When the data on this device was last known complete, by the server's clock.
    pub data_as_of: Option<Timestamp>,
    /// Phone clock minus server clock at the last sync.
    pub clock_offset_ms: i64,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Nobody yet if none.
    pub me: Option<Me>,
    /// People whose stores are on this device (names only).
    pub known_people: Vec<(PersonId, String)>,
    /// How sync stands.
    pub sync: SyncLine,
}

/// The person signed in, and their company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Person.
    pub person: Person,
    /// Device.
    pub device: DeviceId,
    /// Device code, first part of receipt numbers.
    pub device_code: String,
    /// Server address.
    pub server: String,
    /// Company's name.
    pub company_name: String,
    /// Its clocks' offset from UTC, minutes east.
    pub utc_offset_minutes: i32,
    /// Today's business day.
    pub today: Day,
    /// Settings.
    pub policy: Settings,
    /// Names of the territories of the person's customers.
    pub territories: Vec<String>,
}

/// The day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodayView {
    /// Business day.
    pub today: Day,
    /// How far from zero receivables (归零): what is due by the month's end and not paid.
    pub to_zero: Money,
    /// What of this month's dues has been paid, in permille of the whole.
    pub paid_permille: u16,
    /// What is in transit, in permille of the whole.
    pub in_transit_permille: u16,
    /// Taken today by this person.
    pub collected_today: Money,
    /// Most urgent first.
    pub items: Vec<TodayItem>,
    /// All customers in scope.
    pub customer_count: u32,
}

/// One card of the work list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodayItem {
    /// Customer.
    pub customer: CustomerId,
    /// Name.
    pub name: String,
    /// What they owe.
    pub outstanding: Money,
    /// Overdue part.
    pub overdue: Money,
    /// Who to see, for example `刘国强`; role beside it.
    pub contact: Option<(String, ContactRole)>,
    /// Best time to come, from the contact book.
    pub best_time: String,
    /// Place, for the distance.
    pub position: Option<GeoPoint>,
    /// Why now, most urgent first.
    pub why: Vec<Why>,
    /// Next appointment, if one was made.
    pub appointment: Option<Day>,
    /// Credit hold.
    pub hold: bool,
}

/// One line of the customer list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerLine {
    /// Customer.
    pub id: CustomerId,
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// What they owe.
    pub outstanding: Money,
    /// Overdue part.
    pub overdue: Money,
    /// Days since the oldest unpaid due date, if it has passed.
    pub overdue_days: u32,
    /// Place, for the distance.
    pub position: Option<GeoPoint>,
    /// Credit hold.
    pub hold: bool,
}

/// A customer's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerView {
    /// Customer.
    pub customer: Customer,
    /// Name of the salesperson in charge.
    pub rep_name: Option<String>,
    /// Book balance less own receipts that it does not contain yet.
    pub outstanding: Money,
    /// Claimed, not confirmed 在途 (server's and own).
    pub in_transit: Money,
    /// Paid and not allocated 预收款.
    pub on_account: Money,
    /// By age.
    pub aging: AgingBuckets,
    /// Open invoices, oldest due first.
    pub invoices: Vec<InvoiceLine>,
    /// Contact book as far as known here.
    pub book: ContactBook,
    /// Risk class slug (see `shared::policy::risk`).
    pub risk: String,
    /// Why now.
    pub why: Vec<Why>,
    /// What to mind before going in.
    pub tip: Option<Tip>,
    /// Everything that happened, newest first; at most 200.
    pub timeline: Vec<TimelineLine>,
    /// Promises not cancelled or replaced.
    pub promises: Vec<DocumentId>,
}

/// An open invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    /// Invoice and what the server posted on it.
    pub row: InvoiceRow,
    /// Outstanding less own receipts that the server's figure does not contain yet.
    pub outstanding: Money,
    /// Days overdue; negative while not due.
    pub overdue_days: i64,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineLine {
    /// Record, unless it is from the books.
    pub document: Option<DocumentId>,
    /// Business day.
    pub day: Day,
    /// When, if known.
    pub at: Option<Timestamp>,
    /// What.
    pub what: TimelineWhat,
    /// Has the server got it?
    pub synced: bool,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimelineWhat {
    /// A visit.
    Visit {
        /// Minutes from check-in to check-out.
        minutes: u32,
        /// Result.
        result: VisitResult,
        /// First line of the notes.
        note: String,
        /// Who went.
        person_name: String,
    },
    /// A promise.
    Promise {
        /// Sum.
        total: Money,
        /// State as far as known here.
        state: PromiseState,
        /// Instalments with state.
        instalments: Vec<(Instalment, PromiseState)>,
    },
    /// A receipt.
    Receipt {
        /// Number.
        number: String,
        /// Sum.
        amount: Money,
        /// Method.
        method: MethodKind,
        /// State; none while only on this device.
        state: Option<ReceiptState>,
    },
    /// A payment from the books.
    Payment {
        /// Number in the books.
        number: String,
        /// Sum.
        amount: Money,
    },
}

/// What a receipt or promise form needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormView {
    /// Customer.
    pub customer: Customer,
    /// Open invoices, oldest due first.
    pub invoices: Vec<InvoiceLine>,
    /// What they owe.
    pub outstanding: Money,
    /// What is asked for: promise instalment due, else overdue, else nothing.
    pub asked: Money,
    /// Promises still open, which a new one may replace: id, day, total.
    pub open_promises: Vec<(DocumentId, Day, Money)>,
    /// The number that the next receipt of this device will have.
    pub next_receipt_number: String,
    /// Contacts to pick a signer from: name, role, phone.
    pub contacts: Vec<(String, ContactRole, String)>,
    /// Business day.
    pub today: Day,
}

/// A record with its journey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordView {
    /// Identity.
    pub document: DocumentId,
    /// Kind.
    pub kind: Kind,
    /// Customer's id and name.
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
    /// Refused: code of the reason.
    pub rejected: Option<String>,
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
    /// Refused: code of the reason.
    pub rejected: Option<String>,
}

/// Which visits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitLogFilter {
    /// Of this salesperson.
    pub rep: Option<PersonId>,
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// Customers whose name matches.
    pub customer_search: String,
    /// From this day.
    pub from: Option<Day>,
    /// To this day.
    pub to: Option<Day>,
    /// With this result.
    pub result: Option<VisitResult>,
    /// Only those far from the customer, without position or with a wrong clock.
    pub only_conspicuous: bool,
    /// Most rows wanted.
    pub limit: u32,
}

/// The visit log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitLogView {
    /// Newest first.
    pub lines: Vec<VisitLine>,
    /// Visits that match the filter, beyond the limit as well.
    pub total: u32,
    /// Different customers among them.
    pub customers: u32,
    /// Different salespeople among them.
    pub people: u32,
    /// Conspicuous ones among them.
    pub conspicuous: u32,
}

/// One visit of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitLine {
    /// Visit.
    pub document: DocumentId,
    /// Who.
    pub person: (PersonId, String),
    /// Whom.
    pub customer: (CustomerId, String),
    /// Check-in and check-out by the phone's clock.
    pub started_at: Timestamp,
    /// Check-out.
    pub ended_at: Timestamp,
    /// Who was met.
    pub person_met: String,
    /// Purpose.
    pub purpose: VisitPurpose,
    /// Result.
    pub result: VisitResult,
    /// Why less was paid.
    pub reason: Option<UnpaidReason>,
    /// Position against the customer's place.
    pub place: PlaceCheck,
    /// Phone clock minus server clock, if beyond the setting.
    pub clock_off_ms: Option<i64>,
    /// Taken during the visit.
    pub collected: Money,
    /// A promise was signed during the visit.
    pub promised: bool,
    /// Warning signs.
    pub signs: Vec<WarningSign>,
    /// Photos.
    pub photos: u32,
    /// Comments.
    pub comments: u32,
}

/// Where a check-in was against where the customer is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlaceCheck {
    /// Within the setting or the accuracy.
    AtCustomer {
        /// Metres.
        distance_m: u32,
    },
    /// Too far.
    Far {
        /// Metres.
        distance_m: u32,
    },
    /// The customer's place is not known.
    CustomerPlaceUnknown,
    /// The phone gave no position.
    NoFix,
}

/// A void request that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalView {
    /// Receipt.
    pub document: DocumentId,
    /// Request.
    pub request: ElementId,
    /// Receipt number.
    pub number: String,
    /// Customer.
    pub customer: (CustomerId, String),
    /// Sum.
    pub amount: Money,
    /// Method.
    pub method: MethodKind,
    /// Who asks.
    pub person_name: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// An exception with names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExceptionView {
    /// The server's row.
    pub row: ExceptionRow,
    /// Customer's name.
    pub customer_name: String,
}

/// People and territories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryView {
    /// People.
    pub people: Vec<Person>,
    /// Territories.
    pub territories: Vec<Territory>,
    /// Role of the person signed in.
    pub my_role: Role,
}

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

/// Comments and attachments are shown with every record.
impl RecordContent {
    /// Comments in document order.
    pub fn comments(&self) -> &[Comment] {
        match self {
            Self::Visit(v) => &v.comments,
            Self::Promise(p, ..) => &p.comments,
            Self::Receipt(r, _) => &r.comments,
        }
    }

    /// Photos and files.
    pub fn attachments(&self) -> &[Attachment] {
        match self {
            Self::Visit(v) => &v.attachments,
            Self::Promise(p, ..) => &p.attachments,
            Self::Receipt(r, _) => &r.attachments,
        }
    }
}
