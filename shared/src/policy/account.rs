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

use super::legal::{LegalStep, runs_until};

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

/// Something that was done on a collection case: a letter that went out, or a step at law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseStep {
    /// 1 to 4: that dunning letter. From [`CaseStep::LAW`] on: the step at law at that place of [`LegalStep::ALL`].
    pub what: u8,
    /// The day it went out, or was taken.
    pub on: Day,
    /// Of a letter the day on which somebody took it; of a step at law the last day for what it sets running. None while
    /// there is no such day.
    pub then: Option<Day>,
}

impl CaseStep {
    /// Steps at law are numbered from here on.
    pub const LAW: u8 = 10;

    /// A step at law; none of one that this version does not know.
    pub fn of_law(step: LegalStep, on: Day) -> Option<Self> {
        let mut known = (Self::LAW..).zip(LegalStep::ALL);
        let (what, _) = known.find(|(_, one)| **one == step)?;
        let then = runs_until(step, on).map(|(_, until)| until);
        Some(Self { what, on, then })
    }

    /// The step at law that it is; none of a letter, and of what a newer version says.
    pub fn law(&self) -> Option<LegalStep> {
        let at = self.what.checked_sub(Self::LAW)?;
        LegalStep::ALL.get(usize::from(at)).copied()
    }

    /// Is it a letter?
    pub const fn is_letter(&self) -> bool {
        self.what < Self::LAW
    }
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
    /// Letters that went out and steps at law, as finance has noted them.
    pub case: Vec<CaseStep>,
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
            case: vec![],
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_at_law_has_a_number_of_its_own_that_no_letter_has_and_no_other_step_takes_over() {
        let day: Day = "2026-11-21".parse().unwrap();
        let numbers = LegalStep::ALL.iter().map(|step| {
            let made = CaseStep::of_law(*step, day).unwrap();
            assert_eq!(made.law(), Some(*step));
            assert!(!made.is_letter());
            made.what
        });
        // Numbers travel: a new step is declared last.
        assert_eq!(numbers.collect::<Vec<_>>(), (10..18).collect::<Vec<u8>>());
        assert_eq!(
            LegalStep::ALL.first(),
            Some(&LegalStep::PaymentOrderApplied)
        );
        assert_eq!(LegalStep::ALL.last(), Some(&LegalStep::JudgmentFinal));
        assert_eq!(CaseStep::of_law(LegalStep::Unknown, day), None);
        let of = |what| CaseStep {
            what,
            on: day,
            then: None,
        };
        assert!(of(4).is_letter() && of(4).law().is_none());
        assert_eq!(of(200).law(), None, "of a newer version");
    }
}
