//! The work list: whom to see today, and why now.
//!
//! Invariants: pure in accounts, day and settings; the order of accounts given does not matter and no account
//! moves another; no two accounts stand at the same place; an account without a reason is not listed. The first
//! reason of a line is the one for which it stands where it stands (see [`super::reason`]).

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use crate::{
    aging::age,
    day::Day,
    ids::CustomerId,
    money::{Money, MoneyError},
    promise::PromiseState,
};

use super::{
    Settings,
    alarm::Alarm,
    best_time,
    deadline::final_deadline,
    dunning::{account_step, letter_due},
    escalation::escalation,
    reason::{priority, urgency},
    recovery::Curve,
    reminder::reminder,
    statement_calendar::{self, StatementPhase},
};
pub use super::{
    account::{AccountFacts, InstalmentFacts, InvoiceFacts, PromiseFacts},
    dunning::{DunningStep, dunning_step},
    reason::Why,
};

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
        reasons.extend(beyond_the_rep(account, today, settings));
        reasons.extend(statement(account, today, settings));
    }
    if reasons.is_empty() {
        return Ok(None);
    }
    let loss = curve.daily_loss(aged(), today)?;
    if owing {
        reasons.extend(good_day(account, today, settings));
        reasons.extend(loss.is_positive().then_some(Why::LosingPerDay(loss)));
    }
    if account.disputed.is_positive() {
        reasons.push(Why::Disputed(account.disputed));
    }
    reasons.extend(account.signs.iter().map(|sign| Why::Sign(*sign)));
    if account.hold {
        reasons.push(Why::Hold);
    }
    // Stable: reasons of equal urgency stay in the order above.
    reasons.sort_by_key(|why| Reverse(urgency(why)));
    let priority = priority(&reasons);
    Ok(Some(WorkItem {
        customer: account.customer,
        outstanding,
        overdue,
        reasons,
        priority,
        visited_today: account.last_visit == Some(today),
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
        .owing()
        .filter(|i| i.due < today)
        .map(|i| final_deadline(i.issued, i.due, settings).days_since(today))
        .filter(|days| (0..=i64::from(settings.remind_days)).contains(days))
        .min()
        .map(|days| Why::FinalDeadlineIn { days })
}

/// What falls due next, if a reminder is called for.
fn due_soon(
    account: &AccountFacts,
    today: Day,
    settings: &Settings,
) -> Result<Option<Why>, MoneyError> {
    let soon = || {
        account
            .owing()
            .filter(|i| reminder(i.due, today, settings).is_some())
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

/// How long the oldest item is overdue, and the dunning step that the account has come to.
fn overdue_and_dunning(
    account: &AccountFacts,
    amount: Money,
    today: Day,
    settings: &Settings,
) -> impl Iterator<Item = Why> {
    let days = account.days_overdue(today).filter(|days| *days > 0);
    let step = account_step(account, today, settings);
    let letter = letter_due(account, today, settings);
    let overdue = days.map(|days| Why::Overdue { days, amount });
    overdue
        .into_iter()
        .chain(step.map(|step| Why::DunningStep { step, letter }))
}

/// Escalation, visits without result, a fallen rating: of accounts with something overdue.
fn beyond_the_rep(
    account: &AccountFacts,
    today: Day,
    settings: &Settings,
) -> impl Iterator<Item = Why> {
    let days = account.days_overdue(today).filter(|days| *days > 0);
    let late = days.is_some();
    let limit = settings.figures.alarm_reminders;
    let no_result = late && limit > 0 && account.no_result >= limit;
    [
        days.and_then(|days| escalation(days, settings))
            .map(Why::Escalation),
        no_result.then_some(Why::Alarm(Alarm::NoResult(account.no_result))),
        (late && account.grade_fell).then_some(Why::Alarm(Alarm::RatingFell)),
    ]
    .into_iter()
    .flatten()
}

/// What the statement calendar calls for; nothing more once last month's statement is agreed.
fn statement(account: &AccountFacts, today: Day, settings: &Settings) -> Option<Why> {
    let (phase, last) = statement_calendar::phase(account.settlement?, today, settings)?;
    let is_agreed = statement_calendar::is_agreed(account.agreed, today);
    if phase == StatementPhase::Agree && is_agreed {
        return None;
    }
    let days = last.days_since(today);
    Some(Why::Statement { phase, days })
}

/// What makes today a good day to go: they have money, or have sold enough.
fn good_day(account: &AccountFacts, today: Day, settings: &Settings) -> impl Iterator<Item = Why> {
    let money = best_time::has_money(&account.payment_cycle, today).then_some(Why::HasMoney);
    let sold = best_time::enough_sold(&account.stock_sold, settings).then_some(Why::Sold);
    money.into_iter().chain(sold)
}

#[cfg(test)]
mod tests;
