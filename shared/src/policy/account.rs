//! What the rules need to know of an account: open invoices, promises, visits, what was noted.

use serde::{Deserialize, Serialize};

use crate::{
    customer::Settlement,
    day::Day,
    ids::{CustomerId, DocumentId, InvoiceId},
    money::Money,
    promise::PromiseState,
    visit::{UnpaidReason, WarningSign},
};

/// Warning signs are heeded for this many days.
pub const SIGN_DAYS: i64 = 30;
/// Visits without result are counted for this many days.
pub const NO_RESULT_DAYS: i64 = 60;

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

/// A dunning letter that went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentLetter {
    /// Which, 1 to 4.
    pub letter: u8,
    /// The day it went.
    pub sent: Day,
    /// The day it was taken; none while that is not known.
    pub received: Option<Day>,
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
    /// What the customer contests in disputes that nobody has answered for good (002).
    pub disputed: Money,
    /// Credit hold.
    pub hold: bool,
    /// Day of the last visit.
    pub last_visit: Option<Day>,
    /// Next appointment (from the last visit or a receipt's shortfall).
    pub appointment: Option<Day>,
    /// Warning signs seen lately.
    pub signs: Vec<WarningSign>,
    /// Visits in a row that asked for money and brought neither money nor a promise.
    pub no_result: u32,
    /// Why less was paid than asked for, the last time it was noted.
    pub reason: Option<UnpaidReason>,
    /// Did the last re-rating lower the credit grade? Known to the server alone.
    pub grade_fell: bool,
    /// Dunning letters that went out, as finance has noted them.
    pub letters: Vec<SentLetter>,
    /// How the customer settles; needed only while the statement calendar calls for something.
    pub settlement: Option<Settlement>,
    /// Day of the latest statement that the customer has agreed; needed only then, too.
    pub agreed: Option<Day>,
    /// Payment cycle as noted; may be empty.
    pub payment_cycle: String,
    /// Share of the delivered goods sold as noted; may be empty.
    pub stock_sold: String,
}

impl AccountFacts {
    /// An account of which nothing more is known.
    pub fn new(customer: CustomerId) -> Self {
        Self {
            customer,
            invoices: vec![],
            on_account: Money::ZERO,
            promises: vec![],
            disputed: Money::ZERO,
            hold: false,
            last_visit: None,
            appointment: None,
            signs: vec![],
            no_result: 0,
            reason: None,
            grade_fell: false,
            letters: vec![],
            settlement: None,
            agreed: None,
            payment_cycle: String::new(),
            stock_sold: String::new(),
        }
    }

    /// Notes a warning sign, once.
    pub fn add_sign(&mut self, sign: WarningSign) {
        if !self.signs.contains(&sign) {
            self.signs.push(sign);
        }
    }

    /// Forgets an appointment that somebody has kept by a visit since, unless that was today: then the next steps
    /// still say so.
    pub fn drop_kept_appointment(&mut self, today: Day) {
        if self.last_visit >= self.appointment && self.last_visit != Some(today) {
            self.appointment = None;
        }
    }

    /// Invoices on which money is owed.
    pub fn owing(&self) -> impl Iterator<Item = &InvoiceFacts> {
        self.invoices.iter().filter(|i| i.outstanding.is_positive())
    }

    /// Days overdue of the oldest debt; negative while nothing is due, none if nothing is owed.
    pub fn days_overdue(&self, today: Day) -> Option<i64> {
        self.owing().map(|i| today.days_since(i.due)).max()
    }

    /// Has an instalment been missed?
    pub fn has_broken_promise(&self) -> bool {
        self.promises.iter().any(|promise| {
            matches!(
                promise.state,
                PromiseState::Broken | PromiseState::PartlyKept
            )
        })
    }
}
