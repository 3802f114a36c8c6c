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

mod by_calendar;
mod purse;

use std::collections::{BTreeMap, BTreeSet};

pub use by_calendar::by_calendar;
use purse::Purse;

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
    let confirmed = assign(promises, &net(money)?, grace_days)?;
    let hoped = match in_transit {
        [] => None,
        _ => {
            let claimed: Vec<MoneyFact> = money.iter().chain(in_transit).copied().collect();
            Some(assign(promises, &net(&claimed)?, grace_days)?)
        }
    };
    let hoped = hoped.as_ref().unwrap_or(&confirmed);
    let replaced: BTreeSet<DocumentId> = promises.iter().filter_map(|p| p.replaces).collect();
    let mut outcomes = BTreeMap::new();
    for promise in promises {
        let paid = confirmed.get(&promise.id);
        let outcome = if is_cancelled(promise, &replaced) {
            cancelled(promise)
        } else {
            outcome(promise, paid, hoped.get(&promise.id), today, grace_days)?
        };
        outcomes.insert(promise.id, outcome);
    }
    Ok(outcomes)
}

/// What has been paid on one instalment.
#[derive(Clone, Copy, Debug, Default)]
struct Paid {
    /// At any time.
    total: Money,
    /// By its day plus grace.
    in_time: Money,
}

fn is_cancelled(promise: &PromiseFact, replaced: &BTreeSet<DocumentId>) -> bool {
    promise.cancelled || replaced.contains(&promise.id)
}

fn cancelled(promise: &PromiseFact) -> PromiseOutcome {
    PromiseOutcome {
        state: PromiseState::Cancelled,
        instalments: vec![(PromiseState::Cancelled, Money::ZERO); promise.instalments.len()],
        recheck_on: None,
    }
}

/// Adds up what belongs together and takes back what was taken back, so that only positive parts are
/// left, in the order in which they count.
///
/// Parts of one receipt on one invoice are one sum, dated by the first of them: a void undoes the
/// payment as if it had never been. A returned payment of the books undoes the latest ones on its
/// invoice; what is returned beyond those had come with a receipt (money that the books had before its
/// receipt came is the receipt's), the latest first.
fn net(facts: &[MoneyFact]) -> Result<Vec<MoneyFact>, MoneyError> {
    let mut receipts: BTreeMap<(Option<InvoiceId>, DocumentId), MoneyFact> = BTreeMap::new();
    let mut booked: BTreeMap<Option<InvoiceId>, Vec<MoneyFact>> = BTreeMap::new();
    for fact in facts {
        let Some(receipt) = fact.receipt else {
            booked.entry(fact.invoice).or_default().push(*fact);
            continue;
        };
        let none = MoneyFact {
            amount: Money::ZERO,
            ..*fact
        };
        let sum = receipts.entry((fact.invoice, receipt)).or_insert(none);
        sum.amount = sum.amount.checked_add(fact.amount)?;
        sum.day = sum.day.min(fact.day);
    }
    let mut left: Vec<MoneyFact> = receipts.into_values().collect();
    left.retain(|fact| fact.amount.is_positive());
    left.sort();
    for (invoice, mut payments) in booked {
        payments.sort();
        let (mut paid, returned): (Vec<_>, Vec<_>) =
            payments.into_iter().partition(|p| p.amount.is_positive());
        let mut back = Money::sum(returned.iter().map(|p| p.amount.negated()))?;
        let of_receipts = left
            .iter_mut()
            .filter(|fact| fact.receipt.is_some() && fact.invoice == invoice);
        for payment in paid.iter_mut().rev().chain(of_receipts.rev()) {
            let part = back.min(payment.amount);
            payment.amount = payment.amount.checked_sub(part)?;
            back = back.checked_sub(part)?;
        }
        left.extend(paid);
    }
    left.retain(|fact| fact.amount.is_positive());
    left.sort();
    Ok(left)
}

/// Spreads money over the instalments of all standing promises: the oldest promise first, its
/// instalments in due order, the earliest money first.
fn assign(
    promises: &[PromiseFact],
    money: &[MoneyFact],
    grace_days: u16,
) -> Result<BTreeMap<DocumentId, Vec<Paid>>, MoneyError> {
    let replaced: BTreeSet<DocumentId> = promises.iter().filter_map(|p| p.replaces).collect();
    let mut standing: Vec<&PromiseFact> = promises
        .iter()
        .filter(|p| !is_cancelled(p, &replaced))
        .collect();
    standing.sort_by_key(|p| (p.made_at, p.id));
    standing.dedup_by_key(|p| p.id);
    let mut purse = Purse::new(money);
    let mut assigned = BTreeMap::new();
    for promise in standing {
        assigned.insert(promise.id, purse.pay(promise, grace_days)?);
    }
    Ok(assigned)
}

/// Instalments with their place in the letter, by due day.
fn in_due_order(promise: &PromiseFact) -> Vec<(usize, &Instalment)> {
    let mut sorted: Vec<(usize, &Instalment)> = promise.instalments.iter().enumerate().collect();
    sorted.sort_by_key(|(i, instalment)| (instalment.due, *i));
    sorted
}

/// May this money count for the promise?
fn counts(promise: &PromiseFact, fact: &MoneyFact) -> bool {
    let in_time = match fact.receipt {
        Some(receipt) => {
            !promise.already_counted.contains(&receipt)
                && fact.day >= promise.day.plus_days(-LOOK_BACK_DAYS)
        }
        None => fact.day >= promise.day,
    };
    in_time && covers(&promise.invoices, fact.invoice)
}

fn outcome(
    promise: &PromiseFact,
    confirmed: Option<&Vec<Paid>>,
    hoped: Option<&Vec<Paid>>,
    today: Day,
    grace_days: u16,
) -> Result<PromiseOutcome, MoneyError> {
    let at = |paid: Option<&Vec<Paid>>, i: usize| {
        paid.and_then(|paid| paid.get(i))
            .copied()
            .unwrap_or_default()
    };
    let mut instalments = Vec::with_capacity(promise.instalments.len());
    let mut recheck_on: Option<Day> = None;
    for (i, instalment) in promise.instalments.iter().enumerate() {
        let paid = at(confirmed, i);
        let over_on = instalment.due.plus_days(i64::from(grace_days) + 1);
        let state_by = |in_time: Money| match in_time {
            sum if sum >= instalment.amount => PromiseState::Kept,
            _ if today < over_on => PromiseState::Pending,
            sum if sum.is_positive() => PromiseState::PartlyKept,
            _ => PromiseState::Broken,
        };
        let state = match (state_by(paid.in_time), state_by(at(hoped, i).in_time)) {
            (PromiseState::Kept, _) => PromiseState::Kept,
            (certain, possible) if certain == possible => certain,
            _ => PromiseState::Pending,
        };
        if state == PromiseState::Pending && today < over_on {
            recheck_on = Some(recheck_on.map_or(over_on, |day| day.min(over_on)));
        }
        instalments.push((state, paid.total));
    }
    Ok(PromiseOutcome {
        state: whole(&instalments),
        instalments,
        recheck_on,
    })
}

/// The whole, of a promise that is not cancelled: as its worst instalment.
pub fn whole(instalments: &[(PromiseState, Money)]) -> PromiseState {
    let any = |wanted: PromiseState| instalments.iter().any(|(state, _)| *state == wanted);
    [
        PromiseState::Broken,
        PromiseState::PartlyKept,
        PromiseState::Pending,
    ]
    .into_iter()
    .find(|state| any(*state))
    .unwrap_or(PromiseState::Kept)
}

/// The day on which a payment counts: what the receipt claims, but not before the day of the phone's
/// last word from the server when it was made (a clock set back keeps no promise), and not after the
/// day on which the server received it.
pub fn payment_day(claimed: Day, last_server_day: Option<Day>, received: Day) -> Day {
    claimed
        .max(last_server_day.unwrap_or(claimed))
        .min(received)
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

#[cfg(test)]
mod tests;
