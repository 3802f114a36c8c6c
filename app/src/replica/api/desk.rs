//! The visit log, approvals, exceptions, people: what supervisors and finance see.

use serde::{Deserialize, Serialize};
use shared::{
    day::{Day, Timestamp},
    ids::{CustomerId, DocumentId, ElementId, PersonId},
    money::Money,
    people::{Person, Role, Territory},
    receipt::MethodKind,
    sync::message::ExceptionRow,
    visit::{UnpaidReason, VisitPurpose, VisitResult, WarningSign},
};

pub use shared::policy::place::PlaceCheck;

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

/// Something that waits for a supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalView {
    /// Receipt or proposal.
    pub document: DocumentId,
    /// What is asked for.
    pub what: ApprovalOf,
    /// Customer.
    pub customer: (CustomerId, String),
    /// Sum.
    pub amount: Money,
    /// Who asks.
    pub person_name: String,
    /// Is that the person signed in? Then somebody else decides.
    pub is_mine: bool,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// What waits for a supervisor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApprovalOf {
    /// A receipt is to be voided.
    Void {
        /// Request.
        request: ElementId,
        /// Receipt number.
        number: String,
        /// Method.
        method: MethodKind,
    },
    /// A proposal.
    Proposal {
        /// What for, and where it stands.
        line: super::ProposalLine,
        /// Numbers of its invoices, as far as they are known here.
        invoices: Vec<String>,
    },
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
