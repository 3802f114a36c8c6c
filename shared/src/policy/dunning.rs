//! The dunning ladder 催收阶段: which step a debt has come to, and what belongs to it.
//!
//! Source: seed 000 (four letters at 15, 30, 60 and 90 days; supply stopped and credit cancelled with the second,
//! a visit with the third, suit prepared with the fourth). A pending promise pauses the ladder for what it covers
//! until it is broken (domain: timing). The letters themselves are `paper::dunning_letter`.

use crate::{day::Day, promise::PromiseState};

use super::{
    Settings,
    account::{AccountFacts, InvoiceFacts},
};

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

/// Something that belongs to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DunningAction {
    /// Call and ask whether the notice of what is due arrived.
    AskForNotice,
    /// Send this letter.
    Letter(u8),
    /// Call the person in charge and learn their attitude.
    CallPersonInCharge,
    /// Stop supply.
    StopSupply,
    /// Cancel the credit limit.
    CancelCredit,
    /// Visit.
    Visit,
    /// Consult a collection agency.
    Agency,
    /// Inquire into the debtor's assets.
    AssetInquiry,
    /// Analyse the debt.
    DebtAnalysis,
    /// Prepare suit.
    PrepareSuit,
}

impl DunningStep {
    /// The number of the letter that goes with the step; none for the call.
    pub const fn letter(self) -> Option<u8> {
        match self {
            Self::FirstLetter => Some(1),
            Self::SecondLetter => Some(2),
            Self::ThirdLetter => Some(3),
            Self::FourthLetter => Some(4),
            Self::Call | Self::Unknown => None,
        }
    }

    /// The step that a letter goes with.
    pub fn of_letter(letter: u8) -> Option<Self> {
        let mut steps = Self::ALL.iter().copied();
        steps.find(|step| step.letter() == Some(letter))
    }

    /// All that belongs to the step, in the order of seed 000.
    pub const fn actions(self) -> &'static [DunningAction] {
        use DunningAction::*;
        match self {
            Self::Call => &[AskForNotice],
            Self::FirstLetter => &[Letter(1), CallPersonInCharge],
            Self::SecondLetter => &[Letter(2), CallPersonInCharge, StopSupply, CancelCredit],
            Self::ThirdLetter => &[Letter(3), Visit],
            Self::FourthLetter => &[Letter(4), Agency, AssetInquiry, DebtAnalysis, PrepareSuit],
            Self::Unknown => &[],
        }
    }
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

/// The step an account has come to: that of its oldest debt which no pending promise covers.
pub fn account_step(
    account: &AccountFacts,
    today: Day,
    settings: &Settings,
) -> Option<DunningStep> {
    dunned_days(account, today).and_then(|days| dunning_step(days, settings))
}

/// Days overdue of the oldest debt which no pending promise covers; negative while not due.
pub fn dunned_days(account: &AccountFacts, today: Day) -> Option<i64> {
    account
        .owing()
        .filter(|i| !paused(account, i))
        .map(|i| today.days_since(i.due))
        .max()
}

/// The letter that is to be sent now: the first of those that the account's step calls for and that has not gone out
/// since its oldest dunned debt fell due. (None is left out: the second letter says that the first was in vain.)
pub fn letter_due(account: &AccountFacts, today: Day, settings: &Settings) -> Option<u8> {
    let days = dunned_days(account, today)?;
    let newest = dunning_step(days, settings)?.letter()?;
    let since = today.plus_days(-days);
    (1..=newest).find(|letter| !is_sent(account, *letter, since))
}

/// Has this letter gone out for what fell due on that day?
pub fn is_sent(account: &AccountFacts, letter: u8, since: Day) -> bool {
    let mut steps = account.case.iter();
    steps.any(|one| one.what == letter && one.on >= since)
}

/// Does a pending promise stand between the invoice and the ladder?
pub fn paused(account: &AccountFacts, invoice: &InvoiceFacts) -> bool {
    account.promises.iter().any(|promise| {
        promise.state == PromiseState::Pending
            && (promise.invoices.is_empty() || promise.invoices.contains(&invoice.invoice))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::account::CaseStep;

    #[test]
    fn seed_000_the_ladder_climbs_at_0_15_30_60_and_90_days() {
        let check = |days: i64, step: Option<DunningStep>| {
            assert_eq!(dunning_step(days, &Settings::default()), step, "{days}");
        };
        check(-1, None);
        check(0, Some(DunningStep::Call));
        check(14, Some(DunningStep::Call));
        check(15, Some(DunningStep::FirstLetter));
        check(30, Some(DunningStep::SecondLetter));
        check(60, Some(DunningStep::ThirdLetter));
        check(90, Some(DunningStep::FourthLetter));
        check(900, Some(DunningStep::FourthLetter));
    }

    #[test]
    fn seed_000_letters_go_out_one_after_another_and_none_is_left_out() {
        let today: Day = "2026-11-23".parse().unwrap();
        let check = |overdue: i64, sent: &[(u8, i64)], letter: Option<u8>| {
            let mut account = AccountFacts::new(crate::ids::CustomerId(uuid::Uuid::nil()));
            account.invoices.push(InvoiceFacts {
                invoice: crate::ids::InvoiceId(uuid::Uuid::nil()),
                issued: today.plus_days(-overdue - 30),
                due: today.plus_days(-overdue),
                outstanding: crate::money::Money::from_fen(100).unwrap(),
            });
            let sent_ago = |(letter, ago): &(u8, i64)| CaseStep {
                what: *letter,
                on: today.plus_days(-ago),
                then: None,
            };
            account.case = sent.iter().map(sent_ago).collect();
            let found = letter_due(&account, today, &Settings::default());
            assert_eq!(found, letter, "{overdue} {sent:?}");
        };
        check(14, &[], None);
        check(15, &[], Some(1));
        check(20, &[(1, 3)], None);
        check(31, &[(1, 16)], Some(2));
        check(95, &[(1, 70), (2, 60)], Some(3));
        check(95, &[(1, 70), (2, 60), (3, 30), (4, 1)], None);
        // Of an earlier debt, which was paid since.
        check(15, &[(1, 200)], Some(1));
    }

    #[test]
    fn seed_000_each_letter_has_its_number_and_brings_what_belongs_to_it() {
        use DunningAction::*;
        let check = |step: DunningStep, letter: Option<u8>, brings: DunningAction| {
            assert_eq!(step.letter(), letter, "{step}");
            assert_eq!(
                letter.and_then(DunningStep::of_letter),
                letter.map(|_| step)
            );
            assert!(step.actions().contains(&brings), "{step}");
            let named = step.actions().iter().find_map(|a| match a {
                Letter(n) => Some(*n),
                _ => None,
            });
            assert_eq!(named, letter, "{step}");
        };
        check(DunningStep::Call, None, AskForNotice);
        check(DunningStep::FirstLetter, Some(1), CallPersonInCharge);
        check(DunningStep::SecondLetter, Some(2), StopSupply);
        check(DunningStep::SecondLetter, Some(2), CancelCredit);
        check(DunningStep::ThirdLetter, Some(3), Visit);
        check(DunningStep::FourthLetter, Some(4), PrepareSuit);
        assert!(DunningStep::Unknown.actions().is_empty());
    }
}
