//! A customer's credit as it is rated, and what a salesperson is to reach in a month: words about what is to be, which
//! post nothing.

use chrono::Datelike as _;

use super::{Effect, Known, plausible};
use crate::{
    day::Day,
    ids::CustomerId,
    ledger::command::{Body, CommandError, MOST_TERM_DAYS, TARGET_MONTHS_AHEAD},
    policy::credit::{Grade, Rating},
};

/// A customer's credit as two persons have decided it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rated {
    /// Whose.
    pub customer: CustomerId,
    /// Grade, limit and term.
    pub rating: Rating,
    /// Credit hold 停止供货.
    pub hold: bool,
}

pub(super) fn rate<K: Known>(body: &Body, known: &K) -> Result<Effect, K::Error> {
    let (customer, said, credit) = match body {
        Body::CreditRating {
            customer,
            rating,
            hold,
            ..
        } => {
            let rated = Rated {
                customer: *customer,
                rating: *rating,
                hold: *hold,
            };
            (customer, rating, Some(rated))
        }
        Body::CreditKept { customer, basis } => (customer, &basis.proposed, None),
        _ => return Err(CommandError::Credit.into()),
    };
    let is_odd = said.grade == Grade::Unknown || said.limit.is_negative();
    if is_odd || said.term_days > MOST_TERM_DAYS {
        return Err(CommandError::Credit.into());
    }
    plausible(said.limit)?;
    match known.has_customer(*customer)? {
        true => Ok(Effect {
            credit,
            ..Effect::default()
        }),
        false => Err(CommandError::NoSuch("customer").into()),
    }
}

/// A target is set before its month is over: afterwards it would be no target.
pub(super) fn target(body: &Body, today: Day) -> Result<Effect, CommandError> {
    let Body::MonthTarget {
        month,
        sales,
        collection,
        ..
    } = body
    else {
        return Err(CommandError::Target);
    };
    let count = |day: Day| i64::from(day.0.year()) * 12 + i64::from(day.0.month0());
    let ahead = count(*month) - count(today);
    let is_odd = month.0.day() != 1 || !(0..=TARGET_MONTHS_AHEAD).contains(&ahead);
    if is_odd || sales.is_negative() || collection.is_negative() {
        return Err(CommandError::Target);
    }
    plausible(*sales)?;
    plausible(*collection)?;
    Ok(Effect::default())
}
