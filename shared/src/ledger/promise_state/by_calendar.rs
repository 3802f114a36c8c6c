//! Where a promise stands by the calendar: the ledger's word on its instalments, moved on by the days since.

use crate::{
    day::Day,
    money::Money,
    promise::{Instalment, PromiseState},
};

/// State of each instalment with what was paid on it. `said` is the ledger's word (pending where it has none yet).
/// What is pending beyond its grace with nothing in transit (`hopeful`) is partly kept or broken; of a promise that is
/// `over` all is cancelled.
pub fn by_calendar(
    instalments: &[Instalment],
    said: &[(PromiseState, Money)],
    over: bool,
    hopeful: bool,
    today: Day,
    grace_days: u16,
) -> Vec<(PromiseState, Money)> {
    let part = |(i, instalment): (usize, &Instalment)| {
        let (state, paid) = said
            .get(i)
            .copied()
            .unwrap_or((PromiseState::Pending, Money::ZERO));
        let late = today > instalment.due.plus_days(i64::from(grace_days));
        match state {
            _ if over => (PromiseState::Cancelled, paid),
            PromiseState::Pending if late && !hopeful && paid.is_positive() => {
                (PromiseState::PartlyKept, paid)
            }
            PromiseState::Pending if late && !hopeful => (PromiseState::Broken, paid),
            state => (state, paid),
        }
    };
    instalments.iter().enumerate().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::whole, *};

    #[test]
    fn what_is_pending_beyond_its_grace_is_broken_unless_money_is_on_its_way() {
        let due = Day::from_number(100);
        let instalment = Instalment {
            due,
            amount: Money::from_yuan(100),
        };
        let check = |days: i64, paid: u32, hopeful: bool, expected: PromiseState| {
            let said = [(PromiseState::Pending, Money::from_yuan(paid))];
            let today = due.plus_days(days);
            let parts = by_calendar(
                std::slice::from_ref(&instalment),
                &said,
                false,
                hopeful,
                today,
                3,
            );
            assert_eq!(whole(&parts), expected, "{days} {paid} {hopeful}");
        };
        check(3, 0, false, PromiseState::Pending);
        check(4, 0, false, PromiseState::Broken);
        check(4, 40, false, PromiseState::PartlyKept);
        check(4, 0, true, PromiseState::Pending);
        let over = by_calendar(&[instalment], &[], true, false, due, 3);
        assert_eq!(over, [(PromiseState::Cancelled, Money::ZERO)]);
        assert_eq!(whole(&[]), PromiseState::Kept);
    }
}
