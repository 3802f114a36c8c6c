//! The work list: whom to see today, and why now.
//!
//! Invariants: pure in accounts, day and settings; the order of accounts given does not matter; an
//! account without a reason is not listed.

use serde::{Deserialize, Serialize};

use crate::{
    day::Day,
    ids::{CustomerId, DocumentId, InvoiceId},
    money::{Money, MoneyError},
    promise::PromiseState,
    visit::WarningSign,
};

use super::{Settings, playbook::Tip};

/// An open invoice of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceFacts {
    /// Invoice.
    pub invoice: InvoiceId,
    /// Day of issue.
    pub issued: Day,
    /// Due day.
    pub due: Day,
    /// Outstanding; negative if over-paid.
    pub outstanding: Money,
}

/// An instalment of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalmentFacts {
    /// Promised by this day.
    pub due: Day,
    /// Sum promised.
    pub amount: Money,
    /// Confirmed money that counts for it.
    pub paid: Money,
    /// State.
    pub state: PromiseState,
}

/// A promise of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseFacts {
    /// Promise.
    pub promise: DocumentId,
    /// State of the whole.
    pub state: PromiseState,
    /// Instalments.
    pub instalments: Vec<InstalmentFacts>,
    /// Invoices covered; none means the whole account.
    pub invoices: Vec<InvoiceId>,
}

/// What the work list needs to know of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFacts {
    /// Customer.
    pub customer: CustomerId,
    /// Invoices on which something is outstanding (or over-paid).
    pub invoices: Vec<InvoiceFacts>,
    /// Paid and not allocated 预收款.
    pub on_account: Money,
    /// Promises; cancelled ones may be left out.
    pub promises: Vec<PromiseFacts>,
    /// Credit hold.
    pub hold: bool,
    /// Day of the last visit.
    pub last_visit: Option<Day>,
    /// Next appointment (from the last visit or a receipt's shortfall).
    pub appointment: Option<Day>,
    /// Warning signs seen lately.
    pub signs: Vec<WarningSign>,
}

crate::slug_enum! {
    /// Step of the dunning ladder (seed 000).
    pub enum DunningStep {
        /// Call and ask whether the notice arrived.
        Call = "call",
        /// First letter, call the person in charge.
        FirstLetter = "first_letter",
        /// Second letter, stop supply, cancel credit.
        SecondLetter = "second_letter",
        /// Third letter and a visit.
        ThirdLetter = "third_letter",
        /// Fourth letter, agency, preparation for suit.
        FourthLetter = "fourth_letter",
    }
}

/// A reason to go there now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// We agreed to come: days from today (0 today, negative missed).
    Appointment {
        /// Days from today.
        days: i64,
    },
    /// Instalments missed: what is still unpaid of them, and days since the latest date missed.
    PromiseBroken {
        /// Still unpaid.
        amount: Money,
        /// Days since the date promised.
        days: i64,
    },
    /// The next instalment is due in so many days (0 today, negative within grace).
    PromiseDueIn {
        /// Days from today.
        days: i64,
        /// Still unpaid of it.
        amount: Money,
    },
    /// The final deadline of an overdue invoice is in so many days (0 today).
    FinalDeadlineIn {
        /// Days from today.
        days: i64,
    },
    /// Something falls due in so many days (0 today).
    DueIn {
        /// Days from today.
        days: i64,
        /// What falls due on that day.
        amount: Money,
    },
    /// Something is overdue.
    Overdue {
        /// Days of the oldest item.
        days: i64,
        /// All that is overdue.
        amount: Money,
    },
    /// The dunning ladder has come to a step.
    DunningStep {
        /// Step.
        step: DunningStep,
    },
    /// Expected loss by waiting one more day, by the recovery curve.
    LosingPerDay(Money),
    /// A warning sign was seen.
    Sign(WarningSign),
    /// No new goods on credit.
    Hold,
}

/// One line of the work list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItem {
    /// Customer.
    pub customer: CustomerId,
    /// Outstanding on all invoices, less what is on account.
    pub outstanding: Money,
    /// Of it overdue (over-paid invoices and money on account not taken off).
    pub overdue: Money,
    /// Why, most urgent first; never empty.
    pub reasons: Vec<Why>,
    /// Urgency: larger comes first; only good for comparing.
    pub priority: u32,
    /// Visited today already: listed after the others.
    pub visited_today: bool,
    /// The card to show before going in.
    pub tip: Tip,
}

/// The work list of a day, most urgent first, then by the larger sum.
pub fn work_list(
    accounts: &[AccountFacts],
    today: Day,
    settings: &Settings,
) -> Result<Vec<WorkItem>, MoneyError> {
    let _ = (accounts, today, settings);
    unimplemented!()
}

/// The work item of one account; none if there is no reason to go.
pub fn work_item(
    account: &AccountFacts,
    today: Day,
    settings: &Settings,
) -> Result<Option<WorkItem>, MoneyError> {
    let _ = (account, today, settings);
    unimplemented!()
}
