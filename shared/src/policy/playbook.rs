//! Playbook: the one card shown before going in 进门前, chosen by what the account calls for.
//!
//! Source: seeds 000 and 001. The texts of the cards are in the locale files under their slugs.

use super::work_list::{DunningStep, Why};

crate::slug_enum! {
    /// A card.
    pub enum Tip {
        /// Say first that one came for this sum: 先说明专程来收.
        StatePurposeFirst = "state_purpose_first",
        /// No new goods before the money: 没收到钱之前不谈新货.
        NoNewGoodsBeforeMoney = "no_new_goods_before_money",
        /// Stay when others are present: 有旁人也不要走开.
        WaitWhenOthersPresent = "wait_when_others_present",
        /// Be there early on the day: 到期当天早点到.
        ComeEarly = "come_early",
        /// Ask for a date and get it in writing.
        AskForDate = "ask_for_date",
        /// Agree the date now and name a stand-in on both sides.
        FixTheDate = "fix_the_date",
        /// Bring the dunning letter and have it signed for.
        BringLetter = "bring_letter",
        /// Bring the signed promise and point to the date.
        BringPromise = "bring_promise",
        /// Thank everyone who helped: 感谢每一位经手人.
        ThankEveryone = "thank_everyone",
        /// Leave once paid: 收到钱就告辞.
        LeaveOncePaid = "leave_once_paid",
    }
}

/// The card that fits the reasons, the most urgent first as [`super::work_list`] gives them.
pub fn tip(reasons: &[Why]) -> Tip {
    let has = |wanted: fn(&Why) -> bool| reasons.iter().any(wanted);
    if has(|why| matches!(why, Why::Hold)) {
        return Tip::NoNewGoodsBeforeMoney;
    }
    reasons
        .iter()
        .find_map(tip_for)
        .unwrap_or(Tip::ThankEveryone)
}

fn tip_for(why: &Why) -> Option<Tip> {
    match why {
        Why::PromiseBroken { .. } => Some(Tip::StatePurposeFirst),
        Why::PromiseDueIn { days, .. } | Why::DueIn { days, .. } if *days <= 0 => {
            Some(Tip::ComeEarly)
        }
        Why::PromiseDueIn { .. } => Some(Tip::BringPromise),
        Why::FinalDeadlineIn { .. } => Some(Tip::WaitWhenOthersPresent),
        Why::DueIn { days, .. } if *days <= 3 => Some(Tip::FixTheDate),
        Why::DunningStep { step } => match step {
            DunningStep::Call | DunningStep::Unknown => Some(Tip::AskForDate),
            _ => Some(Tip::BringLetter),
        },
        Why::Overdue { .. } => Some(Tip::AskForDate),
        Why::Appointment { .. } => Some(Tip::LeaveOncePaid),
        Why::DueIn { .. } | Why::LosingPerDay(_) | Why::Sign(_) | Why::Hold => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Money;

    #[test]
    fn the_card_fits_the_most_urgent_reason() {
        let amount = Money::from_yuan(100);
        let check = |reasons: &[Why], card: Tip| assert_eq!(tip(reasons), card, "{reasons:?}");
        let broken = Why::PromiseBroken { amount, days: 1 };
        let soon = Why::DueIn { days: 7, amount };
        check(&[], Tip::ThankEveryone);
        check(std::slice::from_ref(&soon), Tip::ThankEveryone);
        check(&[Why::DueIn { days: 3, amount }], Tip::FixTheDate);
        check(&[Why::DueIn { days: 0, amount }], Tip::ComeEarly);
        check(&[broken.clone(), soon.clone()], Tip::StatePurposeFirst);
        check(&[broken, Why::Hold], Tip::NoNewGoodsBeforeMoney);
        check(
            &[Why::FinalDeadlineIn { days: 1 }],
            Tip::WaitWhenOthersPresent,
        );
        check(&[Why::PromiseDueIn { days: 2, amount }], Tip::BringPromise);
        let letter = Why::DunningStep {
            step: DunningStep::SecondLetter,
        };
        check(&[soon, letter], Tip::BringLetter);
        check(&[Why::Appointment { days: 0 }], Tip::LeaveOncePaid);
    }
}
