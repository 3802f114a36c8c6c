//! The collection case 催收档案: what was sent to a customer, who took it, and which steps at law were taken.
//!
//! Source: seed 000 (an invoice is delivered and its receipt noted; letters 1 to 4), seeds 001, 002 and 004 (steps at
//! law). A case is kept for the day on which it has to be shown to a court: entries are commands like all others, with
//! who, when and why, in the journal's audit trail, and are never rewritten; what is said later of the same paper
//! stands beside what was said before. Nothing here moves money.

use serde::{Deserialize, Serialize};

use super::command::CommandError;
use crate::{day::Day, sync::limits::NAME_CHARS};

crate::slug_enum! {
    /// How a paper went.
    pub enum Way {
        /// 当面送达: by hand.
        ByHand = "by_hand",
        /// 邮政快递: by registered or express post (EMS), whose record a court takes.
        Post = "post",
        /// 电子送达: by e-mail, WeChat or fax.
        Electronic = "electronic",
    }
}

/// That a paper went out, and who took it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The day it went.
    pub sent: Day,
    /// How.
    pub way: Way,
    /// The day it was taken; none while that is not known.
    #[serde(default)]
    pub received: Option<Day>,
    /// Who took it; empty while nobody has.
    #[serde(default)]
    pub received_by: String,
    /// Number of the consignment; may be empty.
    #[serde(default)]
    pub tracking: String,
}

impl Delivery {
    /// Can it be so, said on this day? Nothing is taken before it went, and nobody takes what was not taken.
    pub fn check(&self, today: Day) -> Result<(), CommandError> {
        let named = !self.received_by.trim().is_empty();
        let is_long = |text: &str| text.chars().count() > NAME_CHARS;
        if self.sent > today || self.received.is_some_and(|day| day > today) {
            return Err(CommandError::DayAhead);
        }
        let is_early = self.received.is_some_and(|day| day < self.sent);
        let is_odd = is_early || named != self.received.is_some() || self.way == Way::Unknown;
        match is_odd || is_long(&self.received_by) || is_long(&self.tracking) {
            true => Err(CommandError::Case),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_says_who_took_it_and_when_or_neither_and_nothing_that_is_still_to_come() {
        let today: Day = "2026-11-23".parse().unwrap();
        let check = |sent: &str, received: Option<&str>, by: &str, expected| {
            let delivery = Delivery {
                sent: sent.parse().unwrap(),
                way: Way::Post,
                received: received.map(|day| day.parse().unwrap()),
                received_by: by.to_owned(),
                tracking: "EA123456789CN".to_owned(),
            };
            assert_eq!(delivery.check(today), expected, "{delivery:?}");
        };
        check("2026-11-20", None, "", Ok(()));
        check("2026-11-20", Some("2026-11-20"), "王会计", Ok(()));
        check("2026-11-20", Some("2026-11-23"), "王会计", Ok(()));
        check("2026-11-24", None, "", Err(CommandError::DayAhead));
        check(
            "2026-11-20",
            Some("2026-11-24"),
            "王",
            Err(CommandError::DayAhead),
        );
        check(
            "2026-11-20",
            Some("2026-11-19"),
            "王",
            Err(CommandError::Case),
        );
        check(
            "2026-11-20",
            Some("2026-11-21"),
            " ",
            Err(CommandError::Case),
        );
        check("2026-11-20", None, "王会计", Err(CommandError::Case));
        check(
            "2026-11-20",
            Some("2026-11-21"),
            &"王".repeat(201),
            Err(CommandError::Case),
        );
    }
}
