//! A customer's money, as it is spread over promises: each yuan counts once, the earliest first.
//!
//! Invariant: what a promise gets is what going through all facts in their order would give it. Spent
//! facts are stepped over, and facts before a promise's time are not looked at, so that spreading a
//! customer's money takes time near linear in facts and promises, however long their history is.

use std::collections::BTreeMap;

use super::{LOOK_BACK_DAYS, Paid, PromiseFact, counts, in_due_order};
use crate::{ids::InvoiceId, ledger::promise_state::MoneyFact, money::MoneyError};

/// Money in the order in which it counts, with what is left of each fact.
pub(super) struct Purse {
    facts: Vec<MoneyFact>,
    /// Of all.
    whole: Lane,
    /// Of one invoice.
    by_invoice: BTreeMap<InvoiceId, Lane>,
}

/// Some of the facts, by their places, in order.
#[derive(Default)]
struct Lane {
    places: Vec<usize>,
    /// For each of them, the next that may have something left, once it is spent itself.
    next: Vec<usize>,
}

impl Lane {
    fn add(&mut self, place: usize) {
        self.places.push(place);
        self.next.push(self.places.len());
    }

    /// The first from `from` on that has something left: its place in the lane and among all facts.
    fn first_left(&mut self, from: usize, facts: &[MoneyFact]) -> Option<(usize, usize)> {
        let mut at = from;
        let found = loop {
            let place = *self.places.get(at)?;
            match facts.get(place) {
                Some(fact) if fact.amount.is_positive() => break place,
                _ => at = self.next.get(at).copied()?,
            }
        };
        // Next time the way here is short.
        let mut step = from;
        while step < at {
            let Some(next) = self.next.get_mut(step) else {
                break;
            };
            step = std::mem::replace(next, at);
        }
        Some((at, found))
    }
}

impl Purse {
    /// Of facts that are sorted.
    pub(super) fn new(facts: &[MoneyFact]) -> Self {
        let mut purse = Self {
            facts: facts.to_vec(),
            whole: Lane::default(),
            by_invoice: BTreeMap::new(),
        };
        for (place, fact) in facts.iter().enumerate() {
            purse.whole.add(place);
            if let Some(invoice) = fact.invoice {
                purse.by_invoice.entry(invoice).or_default().add(place);
            }
        }
        purse
    }

    /// Takes out what counts for a promise, its instalments in due order. Gives what each gets, in the
    /// order of the letter.
    pub(super) fn pay(
        &mut self,
        promise: &PromiseFact,
        grace_days: u16,
    ) -> Result<Vec<Paid>, MoneyError> {
        let Self {
            facts,
            whole,
            by_invoice,
        } = self;
        let lanes: Vec<&mut Lane> = match promise.invoices.is_empty() {
            true => vec![whole],
            false => by_invoice
                .iter_mut()
                .filter(|(invoice, _)| promise.invoices.contains(invoice))
                .map(|(_, lane)| lane)
                .collect(),
        };
        let earliest = promise.day.plus_days(-LOOK_BACK_DAYS);
        let before = |place: &usize| facts.get(*place).is_some_and(|fact| fact.day < earliest);
        let mut ways: Vec<(usize, &mut Lane)> = lanes
            .into_iter()
            .map(|lane| (lane.places.partition_point(before), lane))
            .collect();
        let mut paid = vec![Paid::default(); promise.instalments.len()];
        for (i, instalment) in in_due_order(promise) {
            let Some(slot) = paid.get_mut(i) else {
                continue;
            };
            let last_day = instalment.due.plus_days(i64::from(grace_days));
            while slot.total < instalment.amount {
                let Some(place) = next_of(&mut ways, promise, facts) else {
                    break;
                };
                let Some(fact) = facts.get_mut(place) else {
                    break;
                };
                let part = instalment.amount.checked_sub(slot.total)?.min(fact.amount);
                fact.amount = fact.amount.checked_sub(part)?;
                slot.total = slot.total.checked_add(part)?;
                if fact.day <= last_day {
                    slot.in_time = slot.in_time.checked_add(part)?;
                }
            }
        }
        Ok(paid)
    }
}

/// The first fact on these ways that has something left and counts for the promise. What does not
/// count for it is left behind.
fn next_of(
    ways: &mut [(usize, &mut Lane)],
    promise: &PromiseFact,
    facts: &[MoneyFact],
) -> Option<usize> {
    loop {
        let (from, at, place) = ways
            .iter_mut()
            .filter_map(|(from, lane)| {
                let (at, place) = lane.first_left(*from, facts)?;
                Some((from, at, place))
            })
            .min_by_key(|(_, _, place)| *place)?;
        *from = at;
        if facts.get(place).is_some_and(|fact| counts(promise, fact)) {
            return Some(place);
        }
        *from = at + 1;
    }
}
