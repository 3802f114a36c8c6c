//! Credit hold 停止供货 and cash only 现款现货: on what terms new goods may go out.
//!
//! Source: seed 000 (supply stops and credit is cancelled with the second letter; no money, no goods), seed 001
//! §11 (cash only while the old debt is left aside) and §12 (the on-site discount is withheld against the debt).

use serde::{Deserialize, Serialize};

use crate::{
    customer::{Settlement, Terms},
    money::{Money, MoneyError},
};

use super::Settings;

named! {
    /// Why no new goods go out on credit, the sterner first.
    HoldReason {
        /// The company has ordered it.
        Ordered = "ordered",
        /// A debt no promise covers has come to the day of the second letter.
        Overdue = "overdue",
        /// What is owed has reached the credit limit.
        OverLimit = "over_limit",
        /// No credit was agreed: prepaid, cash on delivery, or a limit of zero.
        NoCredit = "no_credit",
    }
}

/// On what terms goods may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Supply {
    /// On credit, up to what is left of the limit.
    OnCredit {
        /// Left of the limit.
        left: Money,
    },
    /// For cash only.
    CashOnly(HoldReason),
    /// Not at all until the debt is paid.
    Stopped(HoldReason),
}

/// What decides on supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SupplyFacts<'a> {
    /// What was agreed.
    pub terms: &'a Terms,
    /// The company's order to hold.
    pub ordered: bool,
    /// What is owed, money on account taken off.
    pub outstanding: Money,
    /// Days overdue of the oldest debt that no pending promise covers; negative or none while not due.
    pub days_overdue: Option<i64>,
}

/// The terms on which goods may go out now.
pub fn supply(facts: &SupplyFacts<'_>, settings: &Settings) -> Result<Supply, MoneyError> {
    // With the second letter (seed 000).
    let hold_days = i64::from(settings.dunning_days[2]);
    if facts.ordered {
        return Ok(Supply::Stopped(HoldReason::Ordered));
    }
    if facts.days_overdue.is_some_and(|days| days >= hold_days) {
        return Ok(Supply::Stopped(HoldReason::Overdue));
    }
    let credit = !matches!(
        facts.terms.settlement,
        Settlement::Prepaid | Settlement::CashOnDelivery
    );
    if !credit || !facts.terms.credit_limit.is_positive() {
        return Ok(Supply::CashOnly(HoldReason::NoCredit));
    }
    let left = facts.terms.credit_limit.checked_sub(facts.outstanding)?;
    Ok(if left.is_positive() {
        Supply::OnCredit { left }
    } else {
        Supply::CashOnly(HoldReason::OverLimit)
    })
}

/// What of an on-site discount is withheld against the overdue debt of a customer on cash only (seed 001 §12);
/// the rest is granted.
pub fn withheld_discount(discount: Money, overdue: Money) -> Money {
    discount.min(overdue).max(Money::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(settlement: Settlement, limit: u32) -> Terms {
        Terms {
            settlement,
            term_days: 30,
            credit_limit: Money::from_yuan(limit),
            grade: String::new(),
            deduction_rate_bp: 0,
        }
    }

    #[test]
    fn seed_000_supply_stops_at_thirty_days_and_at_the_limit_it_is_cash_only() {
        let check = |settlement, limit, owed, days, ordered, expected: Supply| {
            let facts = SupplyFacts {
                terms: &terms(settlement, limit),
                ordered,
                outstanding: Money::from_yuan(owed),
                days_overdue: days,
            };
            assert_eq!(
                supply(&facts, &Settings::default()),
                Ok(expected),
                "{facts:?}"
            );
        };
        let left = |yuan| Supply::OnCredit {
            left: Money::from_yuan(yuan),
        };
        let monthly = Settlement::Monthly;
        check(monthly, 500, 100, None, false, left(400));
        check(monthly, 500, 100, Some(29), false, left(400));
        check(
            monthly,
            500,
            100,
            Some(30),
            false,
            Supply::Stopped(HoldReason::Overdue),
        );
        check(
            monthly,
            500,
            100,
            None,
            true,
            Supply::Stopped(HoldReason::Ordered),
        );
        check(
            monthly,
            500,
            500,
            None,
            false,
            Supply::CashOnly(HoldReason::OverLimit),
        );
        check(
            monthly,
            0,
            0,
            None,
            false,
            Supply::CashOnly(HoldReason::NoCredit),
        );
        let prepaid = Settlement::Prepaid;
        check(
            prepaid,
            500,
            0,
            None,
            false,
            Supply::CashOnly(HoldReason::NoCredit),
        );
    }

    #[test]
    fn seed_001_an_on_site_discount_is_withheld_up_to_the_debt() {
        let check = |discount: u32, overdue: u32, expected: u32| {
            let found = withheld_discount(Money::from_yuan(discount), Money::from_yuan(overdue));
            assert_eq!(found, Money::from_yuan(expected));
        };
        check(50, 200, 50);
        check(50, 20, 20);
        check(50, 0, 0);
    }
}
