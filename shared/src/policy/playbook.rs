//! Playbook: short cards shown before going in 进门前, chosen by what the account calls for.
//!
//! Source: seeds 000 and 001; each card names its passage. The texts are in the locale files under their slugs.
//! Not among them: bribed insiders, visits to people's homes, shaming before neighbours, invented hardship
//! (001): unlawful or harmful.

use crate::{money::Money, visit::UnpaidReason};

use super::{
    alarm::Alarm, dunning::DunningStep, hold::Supply, plan::Manner, reason::Why,
    statement_calendar::StatementPhase,
};

named! {
/// A card.
Tip {
    /// Say first that one came for this sum: 先说明专程来收 (000, 6).
    StatePurposeFirst = "state_purpose_first",
    /// No new goods before the money: 没收到钱之前不谈新货 (001 §7).
    NoNewGoodsBeforeMoney = "no_new_goods_before_money",
    /// Stay when others are present: 有旁人也不要走开 (000, 7; 001 §4).
    WaitWhenOthersPresent = "wait_when_others_present",
    /// Be there early on the day: 到期当天早点到 (000, 5; 001 §3).
    ComeEarly = "come_early",
    /// Ask for a date and get it in writing (003).
    AskForDate = "ask_for_date",
    /// Agree the date now and name a stand-in on both sides (003).
    FixTheDate = "fix_the_date",
    /// Bring the dunning letter and have it signed for (000).
    BringLetter = "bring_letter",
    /// Bring the signed promise and point to the date (003).
    BringPromise = "bring_promise",
    /// Thank everyone who helped: 感谢每一位经手人 (001 §20).
    ThankEveryone = "thank_everyone",
    /// Leave once paid: 收到钱就告辞 (001 §8).
    LeaveOncePaid = "leave_once_paid",
    /// Telephone beforehand, agree the sum and have it made ready (001 §3; 000, 4).
    CallAhead = "call_ahead",
    /// Who "goes to fetch the money" rarely brings it: nothing less than payment today (000, 9; 001 §5).
    NoStalling = "no_stalling",
    /// A part is challenged at once: the rest gets a reason and a day (000, 11; 001 §20).
    ChallengePart = "challenge_part",
    /// Help to collect from the customer's own debtors (000, 3; 001 §14, §18).
    HelpCollect = "help_collect",
    /// Help to sell: a promotion (000, 3; 001 §18).
    HelpSell = "help_sell",
    /// Settle the difference on the spot and have it signed (000, 4; 001 §16).
    SettleDifference = "settle_difference",
    /// Find who decides and who pays; who cannot decide is not asked (001 §19).
    FindDecider = "find_decider",
    /// No money, take the goods back (000, 13).
    TakeGoodsBack = "take_goods_back",
    /// New goods for cash only (001 §11).
    CashOnly = "cash_only",
    /// Interest runs from the written notice on (001 §10).
    InterestNotice = "interest_notice",
    /// They have money today: be the first (000).
    FirstInLine = "first_in_line",
    /// Most of the goods is sold: ask now (001 §13).
    AskWhenSold = "ask_when_sold",
    /// Have the statement signed and stamped (000, 3.2).
    SignStatement = "sign_statement",
}
}

/// A card, and the sum that it is about: none stands for what is overdue, else for all that is owed.
pub type Card = (Tip, Option<Money>);

/// Cards shown at once.
const MOST: usize = 3;

/// The state that the cards are chosen by.
#[derive(Clone, Copy, Debug)]
pub struct State<'a> {
    /// Why now, the most urgent first.
    pub reasons: &'a [Why],
    /// Why less was paid, the last time.
    pub reason: Option<UnpaidReason>,
    /// On what terms goods go out.
    pub supply: Supply,
    /// Hard or soft, if something is overdue.
    pub manner: Option<Manner>,
}

/// The cards that fit the state, the first the most telling; at least one, at most three.
pub fn cards(state: &State<'_>) -> Vec<Card> {
    let stopped = matches!(state.supply, Supply::Stopped(_));
    let cash_only = matches!(state.supply, Supply::CashOnly(_));
    let hard = state.manner == Some(Manner::Hard);
    let late = state
        .reasons
        .iter()
        .any(|why| matches!(why, Why::Overdue { .. }));
    let mut cards = Vec::with_capacity(MOST);
    let mut add = |tip: Option<Tip>, sum: Option<Money>| {
        if let Some(tip) = tip.filter(|_| cards.len() < MOST)
            && cards.iter().all(|(known, _)| *known != tip)
        {
            cards.push((tip, sum));
        }
    };
    let first = state.reasons.iter().find(|why| for_why(why).is_some());
    add(stopped.then_some(Tip::NoNewGoodsBeforeMoney), None);
    add(first.and_then(for_why), first.and_then(sum_of));
    add(hard.then_some(Tip::TakeGoodsBack), None);
    add(state.reason.filter(|_| late).and_then(for_reason), None);
    for why in state.reasons {
        add(for_why(why), sum_of(why));
    }
    add((late && cash_only).then_some(Tip::CashOnly), None);
    add(Some(Tip::ThankEveryone), None);
    cards
}

fn for_why(why: &Why) -> Option<Tip> {
    Some(match why {
        Why::PromiseBroken { .. } => Tip::StatePurposeFirst,
        Why::PromiseDueIn { days, .. } | Why::DueIn { days, .. } if *days <= 0 => Tip::ComeEarly,
        Why::PromiseDueIn { .. } => Tip::BringPromise,
        Why::FinalDeadlineIn { .. } => Tip::WaitWhenOthersPresent,
        Why::DueIn { days, .. } if *days <= 3 => Tip::FixTheDate,
        Why::DueIn { .. } => Tip::CallAhead,
        // A letter that has gone out need not be brought: what is missing is a date.
        Why::DunningStep { letter, .. } => match letter.and_then(DunningStep::of_letter) {
            None => Tip::AskForDate,
            Some(DunningStep::ThirdLetter) => Tip::InterestNotice,
            Some(_) => Tip::BringLetter,
        },
        Why::Overdue { .. } => Tip::AskForDate,
        Why::Appointment { .. } => Tip::LeaveOncePaid,
        Why::Alarm(Alarm::NoResult(_)) => Tip::NoStalling,
        Why::HasMoney => Tip::FirstInLine,
        Why::Sold => Tip::AskWhenSold,
        Why::Statement { phase, .. } => match phase {
            StatementPhase::Agree => Tip::SignStatement,
            StatementPhase::Settle => Tip::ChallengePart,
        },
        Why::Escalation(_)
        | Why::Alarm(_)
        | Why::LosingPerDay(_)
        | Why::Sign(_)
        | Why::Hold
        | Why::Disputed(_) => {
            return None;
        }
    })
}

/// The sum that a reason names.
fn sum_of(why: &Why) -> Option<Money> {
    match why {
        Why::PromiseBroken { amount, .. }
        | Why::PromiseDueIn { amount, .. }
        | Why::DueIn { amount, .. } => Some(*amount),
        _ => None,
    }
}

fn for_reason(reason: UnpaidReason) -> Option<Tip> {
    Some(match reason {
        UnpaidReason::NoCash => Tip::NoStalling,
        UnpaidReason::GoodsUnsold => Tip::HelpSell,
        UnpaidReason::StatementDiffers | UnpaidReason::QualityDispute => Tip::SettleDifference,
        UnpaidReason::DecisionMakerAway => Tip::FindDecider,
        UnpaidReason::AwaitingOwnDebtors => Tip::HelpCollect,
        UnpaidReason::Unwilling => Tip::TakeGoodsBack,
        UnpaidReason::Other | UnpaidReason::Unknown => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::hold::HoldReason;

    const CREDIT: Supply = Supply::OnCredit { left: Money::ZERO };

    #[track_caller]
    fn check(
        reasons: &[Why],
        reason: Option<UnpaidReason>,
        supply: Supply,
        manner: Option<Manner>,
        expected: &[Tip],
    ) {
        let state = State {
            reasons,
            reason,
            supply,
            manner,
        };
        let found: Vec<_> = cards(&state).into_iter().map(|(tip, _)| tip).collect();
        assert_eq!(found, expected, "{state:?}");
    }

    #[test]
    fn a_card_is_about_the_sum_of_its_reason_not_about_all_that_is_owed() {
        let amount = Money::from_yuan(70);
        let state = State {
            reasons: &[Why::DueIn { days: 6, amount }],
            reason: None,
            supply: CREDIT,
            manner: None,
        };
        let expected = [(Tip::CallAhead, Some(amount)), (Tip::ThankEveryone, None)];
        assert_eq!(cards(&state), expected);
    }

    #[test]
    fn seeds_000_and_001_the_first_card_fits_the_most_urgent_reason() {
        let amount = Money::from_yuan(100);
        let first = |reasons: &[Why], card: Tip| {
            let state = State {
                reasons,
                reason: None,
                supply: CREDIT,
                manner: None,
            };
            let found = cards(&state).first().map(|(tip, _)| *tip);
            assert_eq!(found, Some(card), "{reasons:?}");
        };
        let broken = Why::PromiseBroken { amount, days: 1 };
        let soon = Why::DueIn { days: 7, amount };
        first(&[], Tip::ThankEveryone);
        first(std::slice::from_ref(&soon), Tip::CallAhead);
        first(&[Why::DueIn { days: 3, amount }], Tip::FixTheDate);
        first(&[Why::DueIn { days: 0, amount }], Tip::ComeEarly);
        first(&[broken, soon.clone()], Tip::StatePurposeFirst);
        first(
            &[Why::FinalDeadlineIn { days: 1 }],
            Tip::WaitWhenOthersPresent,
        );
        first(&[Why::PromiseDueIn { days: 2, amount }], Tip::BringPromise);
        let letter = |letter| Why::DunningStep {
            step: DunningStep::FourthLetter,
            letter,
        };
        first(&[letter(Some(2))], Tip::BringLetter);
        first(&[letter(Some(3))], Tip::InterestNotice);
        first(&[letter(None)], Tip::AskForDate);
        first(&[Why::Appointment { days: 0 }], Tip::LeaveOncePaid);
        first(&[Why::HasMoney], Tip::FirstInLine);
        first(&[Why::Sold], Tip::AskWhenSold);
        first(&[Why::Alarm(Alarm::NoResult(3))], Tip::NoStalling);
    }

    #[test]
    fn the_state_chooses_further_cards_and_none_twice() {
        let late = [Why::Overdue {
            days: 9,
            amount: Money::from_yuan(1),
        }];
        let held = Supply::Stopped(HoldReason::Ordered);
        let helped = [Tip::AskForDate, Tip::HelpCollect, Tip::ThankEveryone];
        check(
            &late,
            Some(UnpaidReason::AwaitingOwnDebtors),
            CREDIT,
            Some(Manner::Soft),
            &helped,
        );
        let hard = [
            Tip::NoNewGoodsBeforeMoney,
            Tip::AskForDate,
            Tip::TakeGoodsBack,
        ];
        check(
            &late,
            Some(UnpaidReason::Unwilling),
            held,
            Some(Manner::Hard),
            &hard,
        );
        let cash = Supply::CashOnly(HoldReason::OverLimit);
        check(
            &late,
            None,
            cash,
            None,
            &[Tip::AskForDate, Tip::CashOnly, Tip::ThankEveryone],
        );
        // Why they did not pay long ago is no matter while nothing is overdue.
        check(
            &[],
            Some(UnpaidReason::Unwilling),
            CREDIT,
            None,
            &[Tip::ThankEveryone],
        );
    }
}
