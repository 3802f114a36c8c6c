//! Whether promises are kept: derived from what was signed and what was paid, never stored by hand.
//!
//! The rule. Confirmed money on the promised invoices (on the whole account if none is named) pays
//! the promise's instalments in due order; each yuan counts for one promise only, the oldest first.
//! Money that the signer had counted already (receipts listed in the core, and everything booked
//! before the promise was made) keeps nothing. An instalment is kept when its full sum was paid by
//! its day plus grace, partly kept when a part was, broken when nothing was. Money in transit keeps
//! nothing, but while it could still change the outcome the instalment is pending. A promise
//! that another one replaces, or that a supervisor cancelled, is cancelled and claims nothing.
//!
//! Invariant: the result does not depend on the order of promises or money.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    day::{Day, Timestamp},
    ids::{DocumentId, InvoiceId},
    money::{Money, MoneyError},
    promise::{Instalment, PromiseCore, PromiseState},
};

/// Receipts of more days than this before the promise was made never count for it, listed or not: the
/// signer knew of them. Within this time they count unless listed, so that one taken by a colleague
/// without signal is not lost to the customer.
pub const LOOK_BACK_DAYS: i64 = 30;

/// A promise, as far as its state depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseFact {
    /// The promise.
    pub id: DocumentId,
    /// When it was signed; the order of promises.
    pub made_at: Timestamp,
    /// The business day of the letter.
    pub day: Day,
    /// What was promised.
    pub instalments: Vec<Instalment>,
    /// Invoices covered; none means the whole account.
    pub invoices: BTreeSet<InvoiceId>,
    /// Receipts counted already when it was signed.
    pub already_counted: BTreeSet<DocumentId>,
    /// The promise that this one replaces.
    pub replaces: Option<DocumentId>,
    /// A supervisor cancelled it.
    pub cancelled: bool,
}

impl PromiseFact {
    /// From the sealed core; `cancelled` if a supervisor's cancellation stands on the document.
    pub fn from_core(id: DocumentId, core: &PromiseCore, cancelled: bool) -> Self {
        Self {
            id,
            made_at: core.made_at,
            day: core.day,
            instalments: core.instalments.clone(),
            invoices: core.invoices.iter().map(|i| i.invoice).collect(),
            already_counted: core.already_counted.iter().copied().collect(),
            replaces: core.replaces,
            cancelled,
        }
    }
}

/// Money of the customer: one part of a receipt or payment, confirmed or in transit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MoneyFact {
    /// Day of the payment, bounded by the phone's last server time.
    pub day: Day,
    /// The receipt; none for a payment from the books.
    pub receipt: Option<DocumentId>,
    /// The invoice paid; none for what is on account.
    pub invoice: Option<InvoiceId>,
    /// Sum; negative for what a void or a returned payment took back.
    pub amount: Money,
}

/// Where a promise stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseOutcome {
    /// State of the whole: cancelled; else broken if an instalment is broken; else partly kept if one
    /// is partly kept; else kept if all are; else pending.
    pub state: PromiseState,
    /// State of each instalment in the order of the letter, with the confirmed money that counts for
    /// it (paid late or in time).
    pub instalments: Vec<(PromiseState, Money)>,
    /// The first day on which the state may change without new facts, because grace runs out.
    pub recheck_on: Option<Day>,
}

/// The state of every promise of one customer as of `today`.
///
/// `money` is the customer's confirmed money, `in_transit` what is claimed and not confirmed;
/// `grace_days` is the setting (3). An error only if sums leave the range of money.
pub fn promise_states(
    promises: &[PromiseFact],
    money: &[MoneyFact],
    in_transit: &[MoneyFact],
    today: Day,
    grace_days: u16,
) -> Result<BTreeMap<DocumentId, PromiseOutcome>, MoneyError> {
    let _ = (promises, money, in_transit, today, grace_days);
    unimplemented!()
}

/// What a phone lists as `already_counted` when a promise over `invoices` (none = whole account) is
/// signed on `day`: every receipt it knows that pays them, confirmed or not, within the look-back.
pub fn already_counted(
    known: &[MoneyFact],
    invoices: &BTreeSet<InvoiceId>,
    day: Day,
) -> Vec<DocumentId> {
    let receipts: BTreeSet<DocumentId> = known
        .iter()
        .filter(|fact| fact.day >= day.plus_days(-LOOK_BACK_DAYS))
        .filter(|fact| covers(invoices, fact.invoice))
        .filter_map(|fact| fact.receipt)
        .collect();
    receipts.into_iter().collect()
}

fn covers(invoices: &BTreeSet<InvoiceId>, paid: Option<InvoiceId>) -> bool {
    invoices.is_empty() || paid.is_some_and(|invoice| invoices.contains(&invoice))
}
