//! The work list: whom to see today, and why now.
//!
//! Invariants: pure in accounts, day and settings; the order of accounts given does not matter; an
//! account without a reason is not listed.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::{
    aging::age,
    day::Day,
    ids::{CustomerId, DocumentId, InvoiceId},
    money::{Money, MoneyError},
    promise::PromiseState,
    visit::WarningSign,
};

use super::{
    Settings,
    deadline::final_deadline,
    playbook::{Tip, tip},
    recovery::Curve,
    urgency::{priority, urgency},
};

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

/// The work list of a day: places not visited today first, then by urgency, then by the larger sum.
pub fn work_list(
    accounts: &[AccountFacts],
    today: Day,
    settings: &Settings,
) -> Result<Vec<WorkItem>, MoneyError> {
    let curve = Curve::of(settings);
    let mut items = Vec::new();
    for account in accounts {
        items.extend(work_item(account, today, settings, &curve)?);
    }
    items.sort_by_key(|item| {
        (
            item.visited_today,
            Reverse(item.priority),
            Reverse(item.outstanding),
            item.customer,
        )
    });
    Ok(items)
}

/// The work item of one account; none if there is no reason to go. `curve` is that of the settings.
pub fn work_item(
    account: &AccountFacts,
    today: Day,
    settings: &Settings,
    curve: &Curve,
) -> Result<Option<WorkItem>, MoneyError> {
    let aged = || account.invoices.iter().map(|i| (i.due, i.outstanding));
    let buckets = age(aged(), today)?;
    let overdue = buckets.overdue()?;
    let outstanding = buckets.total()?.checked_sub(account.on_account)?;
    let owing = outstanding.is_positive();

    let mut reasons = Vec::new();
    reasons.extend(appointment(account, today));
    reasons.extend(promise_broken(account, today)?);
    reasons.extend(promise_due(account, today, settings)?);
    if owing {
        reasons.extend(final_deadline_near(account, today, settings));
        reasons.extend(due_soon(account, today, settings)?);
        reasons.extend(overdue_and_dunning(account, overdue, today, settings));
    }
    if reasons.is_empty() {
        return Ok(None);
    }
    let loss = curve.daily_loss(aged(), today)?;
    if owing && loss.is_positive() {
        reasons.push(Why::LosingPerDay(loss));
    }
    reasons.extend(account.signs.iter().map(|sign| Why::Sign(*sign)));
    if account.hold {
        reasons.push(Why::Hold);
    }
    // Stable: reasons of equal urgency stay in the order above.
    reasons.sort_by_key(|why| Reverse(urgency(why)));
    let priority = priority(&reasons);
    let tip = tip(&reasons);
    Ok(Some(WorkItem {
        customer: account.customer,
        outstanding,
        overdue,
        reasons,
        priority,
        visited_today: account.last_visit == Some(today),
        tip,
    }))
}

/// The next instalment of any standing promise that has not been paid: day and what is still unpaid.
/// For what a receipt asks (the *promise instalment due*) pass `by` = today.
pub fn instalment_due(
    promises: &[PromiseFacts],
    by: Day,
) -> Result<Option<(Day, Money)>, MoneyError> {
    let mut next: Option<(Day, Money)> = None;
    for instalment in open_instalments(promises) {
        let unpaid = instalment.amount.checked_sub(instalment.paid)?;
        if !unpaid.is_positive() || instalment.due > by {
            continue;
        }
        next = match next {
            Some((day, _)) if day < instalment.due => next,
            Some((day, sum)) if day == instalment.due => Some((day, sum.checked_add(unpaid)?)),
            _ => Some((instalment.due, unpaid)),
        };
    }
    Ok(next)
}

fn open_instalments(promises: &[PromiseFacts]) -> impl Iterator<Item = &InstalmentFacts> {
    standing(promises)
        .flat_map(|promise| &promise.instalments)
        .filter(|instalment| instalment.state == PromiseState::Pending)
}

fn standing(promises: &[PromiseFacts]) -> impl Iterator<Item = &PromiseFacts> {
    promises
        .iter()
        .filter(|promise| promise.state != PromiseState::Cancelled)
}

/// An appointment for today, or one missed within the last week and not followed by a visit.
fn appointment(account: &AccountFacts, today: Day) -> Option<Why> {
    let day = account.appointment?;
    let days = day.days_since(today);
    let kept = account.last_visit.is_some_and(|visit| visit >= day);
    ((-7..=0).contains(&days) && !kept).then_some(Why::Appointment { days })
}

fn promise_broken(account: &AccountFacts, today: Day) -> Result<Option<Why>, MoneyError> {
    let mut amount = Money::ZERO;
    let mut latest: Option<Day> = None;
    let missed = standing(&account.promises)
        .flat_map(|promise| &promise.instalments)
        .filter(|i| matches!(i.state, PromiseState::Broken | PromiseState::PartlyKept));
    for instalment in missed {
        let unpaid = instalment.amount.checked_sub(instalment.paid)?;
        if unpaid.is_positive() {
            amount = amount.checked_add(unpaid)?;
            latest = latest.max(Some(instalment.due));
        }
    }
    Ok(latest.map(|day| Why::PromiseBroken {
        amount,
        days: today.days_since(day),
    }))
}

fn promise_due(
    account: &AccountFacts,
    today: Day,
    settings: &Settings,
) -> Result<Option<Why>, MoneyError> {
    let horizon = today.plus_days(i64::from(settings.remind_days));
    let next = instalment_due(&account.promises, horizon)?;
    Ok(next.map(|(day, amount)| Why::PromiseDueIn {
        days: day.days_since(today),
        amount,
    }))
}

/// The nearest final deadline of something overdue, if it is within the days of reminding.
fn final_deadline_near(account: &AccountFacts, today: Day, settings: &Settings) -> Option<Why> {
    account
        .invoices
        .iter()
        .filter(|i| i.outstanding.is_positive() && i.due < today)
        .map(|i| final_deadline(i.issued, i.due, settings).days_since(today))
        .filter(|days| (0..=i64::from(settings.remind_days)).contains(days))
        .min()
        .map(|days| Why::FinalDeadlineIn { days })
}

/// What falls due next, if it is within the days of reminding.
fn due_soon(
    account: &AccountFacts,
    today: Day,
    settings: &Settings,
) -> Result<Option<Why>, MoneyError> {
    let horizon = today.plus_days(i64::from(settings.remind_days));
    let soon = || {
        account
            .invoices
            .iter()
            .filter(|i| i.outstanding.is_positive() && (today..=horizon).contains(&i.due))
    };
    let Some(day) = soon().map(|i| i.due).min() else {
        return Ok(None);
    };
    let amount = Money::sum(soon().filter(|i| i.due == day).map(|i| i.outstanding))?;
    Ok(Some(Why::DueIn {
        days: day.days_since(today),
        amount,
    }))
}

/// How long the oldest item is overdue, and the dunning step it has come to. A pending promise pauses
/// the ladder for what it covers, until it is broken (domain: timing).
fn overdue_and_dunning(
    account: &AccountFacts,
    overdue: Money,
    today: Day,
    settings: &Settings,
) -> Vec<Why> {
    let late = || {
        account
            .invoices
            .iter()
            .filter(|i| i.outstanding.is_positive())
    };
    let oldest = |invoices: &mut dyn Iterator<Item = &InvoiceFacts>| {
        invoices.map(|i| today.days_since(i.due)).max()
    };
    let mut found = Vec::new();
    if let Some(days) = oldest(&mut late()).filter(|days| *days > 0) {
        found.push(Why::Overdue {
            days,
            amount: overdue,
        });
    }
    let dunned = oldest(&mut late().filter(|i| !paused(account, i)));
    if let Some(step) = dunned.and_then(|days| dunning_step(days, settings)) {
        found.push(Why::DunningStep { step });
    }
    found
}

fn paused(account: &AccountFacts, invoice: &InvoiceFacts) -> bool {
    account.promises.iter().any(|promise| {
        promise.state == PromiseState::Pending
            && (promise.invoices.is_empty() || promise.invoices.contains(&invoice.invoice))
    })
}

/// The step of the ladder at this many days overdue; none before the first.
pub fn dunning_step(days_overdue: i64, settings: &Settings) -> Option<DunningStep> {
    DunningStep::ALL
        .iter()
        .zip(settings.dunning_days)
        .filter(|(_, from)| days_overdue >= i64::from(*from))
        .map(|(step, _)| *step)
        .max()
}

#[cfg(test)]
mod tests;
