//! What screens and the replica say to each other: queries, commands, replies, notices.
//!
//! The replica lives in a thread (native) or a Web Worker (browser); these values cross over as
//! postcard bytes. Invariant: nothing here knows SQL, Automerge or Dioxus.

mod account;
mod desk;
mod hand_in;
mod new;
mod proposal;
mod record;
mod statement;

pub use account::*;
pub use desk::*;
pub use hand_in::*;
pub use new::*;
pub use proposal::*;
pub use record::*;
pub use statement::*;

use serde::{Deserialize, Serialize};
use shared::{
    day::{Day, Timestamp},
    ids::{ContentHash, CustomerId, DeviceId, DocumentId, ElementId, PersonId, StatementId},
    people::Person,
    policy::{Settings, figures::Figures},
    sync::client::Status,
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
    /// What is in hand and what was handed in.
    HandIns,
    /// A statement with its paper in a language.
    Statement(StatementId, String),
    /// Everything that waits or was refused.
    Queue,
    /// The visit log.
    VisitLog(VisitLogFilter),
    /// Void requests and proposals that wait for a supervisor's decision, newest first.
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
    /// Seal a hand-in.
    HandIn(Box<NewHandIn>),
    /// Save a proposal.
    Propose(Box<NewProposal>),
    /// Say yes or no to a proposal (supervisor).
    DecideProposal(NewDecision),
    /// Seal what a customer answers to a statement.
    AnswerStatement(StatementId, Box<NewAnswer>, Vec<NewPhoto>),
    /// What the form of a correction of this refused record needs to know, as if that record were not there.
    CorrectionForm(DocumentId),
    /// Save a record in place of one that the server refused.
    Correct {
        /// The refused record.
        document: DocumentId,
        /// What takes its place.
        by: Correction,
    },
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
    /// Fetch records of a customer that are older than those on this device.
    OlderRecords(CustomerId),
    /// Shall photos wait for Wi-Fi where the network is metered? Records never wait.
    PhotosWaitForWifi(bool),
    /// Send the photos that wait for Wi-Fi over the network that there is.
    SendPhotosNow,
    /// Sync now.
    SyncNow,
    /// The device has or has lost the network.
    Online(bool),
    /// A refused record has been dealt with: stop showing it (its bytes are kept).
    DismissRejected(DocumentId),
    /// Another tab owns the store: take it over (that tab lets go). `Done` if it is ours already.
    TakeOver,
    /// Give the page's desk of finance a session of its own. `Done` once it has one.
    OpenDesk,
    /// Nobody looks: makes out what the next opening shows first. `Done`.
    LayReady,
}

impl Request {
    /// Does it leave everything that a screen shows as it is? Half-filled forms are shown by their own form alone.
    pub fn is_question(&self) -> bool {
        matches!(
            self,
            Self::Session
                | Self::Today
                | Self::Customers { .. }
                | Self::Customer(_)
                | Self::Form(_)
                | Self::Record(_)
                | Self::Collect
                | Self::HandIns
                | Self::Statement(..)
                | Self::Queue
                | Self::VisitLog(_)
                | Self::Approvals
                | Self::Exceptions
                | Self::Directory
                | Self::Draft(_)
                | Self::Attachment(_)
                | Self::SaveDraft { .. }
                | Self::DropDraft(_)
                | Self::PreviewLetter(_)
                | Self::CorrectionForm(_)
                | Self::SyncNow
                | Self::Online(_)
                | Self::LayReady
                | Self::OpenDesk
        )
    }
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
    /// Answer to `Form` and `CorrectionForm`.
    Form(Box<FormView>),
    /// Answer to `Record`.
    Record(Box<RecordView>),
    /// Answer to `Collect`.
    Collect(Box<CollectView>),
    /// Answer to `HandIns`.
    HandIns(Box<HandInView>),
    /// Answer to `Statement`.
    Statement(Box<StatementView>),
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
    /// Do they wait for Wi-Fi?
    pub photos_wait_for_wifi: bool,
    /// The photo on its way.
    pub photo_under_way: Option<ContentHash>,
    /// Records refused and not dismissed.
    pub rejected: u32,
    /// When the data on this device was last known complete, by the server's clock.
    pub data_as_of: Option<Timestamp>,
    /// Phone clock minus server clock at the last sync.
    pub clock_offset_ms: i64,
    /// The server was restored from a backup: own records that it lost are being sent again.
    pub restoring: bool,
    /// Records of others with own additions that a restored server can only take once it has them back.
    pub put_off: u32,
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
    /// Settings, without the figures: [`Me::settings`] has them all.
    pub policy: Settings,
    /// The figures, as a list.
    pub figures: Vec<u32>,
    /// Do photos wait for Wi-Fi where the network is metered?
    pub photos_wait_for_wifi: bool,
    /// Names of the territories of the person's customers.
    pub territories: Vec<String>,
}

impl Me {
    /// Settings with their figures.
    pub fn settings(&self) -> Settings {
        Settings {
            figures: Figures::of(&self.figures),
            ..self.policy.clone()
        }
    }
}
