//! What lists and the account of a customer show.

use super::StatementLink;
use serde::{Deserialize, Serialize};
use shared::{
    aging::AgingBuckets,
    contact_book::ContactBook,
    customer::{ContactRole, Customer},
    day::{Day, Timestamp},
    evidence::GeoPoint,
    ids::{CustomerId, DocumentId},
    money::Money,
    policy::account::CaseStep,
    policy::advice::Advice,
    policy::work_list::Why,
    promise::{Instalment, PromiseState},
    receipt::{MethodKind, ReceiptState},
    sync::message::InvoiceRow,
    visit::VisitResult,
};

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
    /// What to know and do there.
    pub advice: Option<Advice>,
    /// Everything that happened, newest first; at most 500.
    pub timeline: Vec<TimelineLine>,
    /// Records that are not on this device.
    pub older: OlderRecords,
    /// Promises not cancelled or replaced.
    pub promises: Vec<DocumentId>,
    /// Letters that went out, and the step at law taken last.
    pub case: Vec<CaseStep>,
    /// Statements to be agreed or under way, else the newest.
    pub statements: Vec<StatementLink>,
}

/// What is known of a customer's records that are too old to be on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OlderRecords {
    /// There may be some.
    Maybe,
    /// They have been asked for.
    Wanted,
    /// All there are have come.
    None,
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
    /// Something was asked for.
    Proposal(super::ProposalLine),
    /// An answer to a statement.
    Statement {
        /// The statement's day.
        as_of: Day,
        /// Its balance.
        closing: Money,
        /// How many lines are disputed; none: agreed.
        disputed: u32,
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
