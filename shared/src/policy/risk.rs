//! Risk class 风险类别 of a debt, by days overdue (seeds 000, 001; the thresholds are settings), and the attention
//! that warning signs raise it to (000: 及时察觉客户的异动; 001 §9: 一有风吹草动，得马上采取措施).

use crate::{day::Day, money::Money, visit::WarningSign};

use super::Settings;

crate::slug_enum! {
    /// Risk class.
    pub enum RiskClass {
        /// 未收款: not overdue.
        NotDue = "not_due",
        /// 催收款: under collection.
        UnderCollection = "under_collection",
        /// 准呆账: near-doubtful.
        NearDoubtful = "near_doubtful",
        /// 呆账: doubtful.
        Doubtful = "doubtful",
        /// 死账: dead.
        Dead = "dead",
    }
}

/// The class of a debt this many days overdue.
pub fn risk_class(days_overdue: i64, settings: &Settings) -> RiskClass {
    let [near, doubtful, dead] = settings.risk_days.map(i64::from);
    match days_overdue {
        ..=0 => RiskClass::NotDue,
        days if days >= dead => RiskClass::Dead,
        days if days >= doubtful => RiskClass::Doubtful,
        days if days >= near => RiskClass::NearDoubtful,
        _ => RiskClass::UnderCollection,
    }
}

/// The class of an account: that of its oldest item (due day, outstanding) on which money is owed.
pub fn account_risk(
    items: impl IntoIterator<Item = (Day, Money)>,
    as_of: Day,
    settings: &Settings,
) -> RiskClass {
    items
        .into_iter()
        .filter(|(_, outstanding)| outstanding.is_positive())
        .map(|(due, _)| risk_class(as_of.days_since(due), settings))
        .max()
        .unwrap_or(RiskClass::NotDue)
}

/// The class whose attention a customer gets: a warning sign raises it by one, a sign that the business is about
/// to end (shop to be transferred, partners split, wants out of the trade) by two. The debt's own class, which
/// finance reports, stays as it is; nothing is raised to dead.
pub fn attention(class: RiskClass, signs: &[WarningSign]) -> RiskClass {
    let ending = |sign: &WarningSign| {
        matches!(
            sign,
            WarningSign::ShopForTransfer | WarningSign::PartnersSplit | WarningSign::LeavingTrade
        )
    };
    let steps = match signs {
        [] => 0,
        signs if signs.iter().any(ending) => 2,
        _ => 1,
    };
    let at = RiskClass::ALL.iter().position(|known| *known == class);
    let raised = at.and_then(|at| RiskClass::ALL.get(at + steps));
    match raised {
        Some(RiskClass::Dead) | None => class.max(RiskClass::Doubtful),
        Some(raised) => *raised,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_worsens_at_each_threshold() {
        let check = |days: i64, class: RiskClass| {
            assert_eq!(risk_class(days, &Settings::default()), class, "{days}");
        };
        check(-3, RiskClass::NotDue);
        check(0, RiskClass::NotDue);
        check(1, RiskClass::UnderCollection);
        check(60, RiskClass::UnderCollection);
        check(61, RiskClass::NearDoubtful);
        check(181, RiskClass::Doubtful);
        check(361, RiskClass::Dead);
    }

    #[test]
    fn an_account_is_as_bad_as_its_oldest_debt_and_paid_items_do_not_count() {
        let today = Day::new(2026, 11, 21).unwrap();
        let items = [(-5, 100), (10, 50), (400, 0)]
            .map(|(days, yuan)| (today.plus_days(-days), Money::from_yuan(yuan)));
        let class = account_risk(items, today, &Settings::default());
        assert_eq!(class, RiskClass::UnderCollection);
        let none: [(Day, Money); 0] = [];
        assert_eq!(
            account_risk(none, today, &Settings::default()),
            RiskClass::NotDue
        );
    }

    #[test]
    fn seeds_000_and_001_warning_signs_raise_the_attention_and_leave_the_debts_class() {
        use RiskClass::*;
        use WarningSign::*;
        let check = |class: RiskClass, signs: &[WarningSign], expected: RiskClass| {
            assert_eq!(attention(class, signs), expected, "{class} {signs:?}");
        };
        check(NotDue, &[], NotDue);
        check(NotDue, &[OrdersFall], UnderCollection);
        check(NotDue, &[OrdersFall, StaffLeave], UnderCollection);
        check(NotDue, &[PartnersSplit], NearDoubtful);
        check(UnderCollection, &[OrdersFall, LeavingTrade], Doubtful);
        check(NearDoubtful, &[ShopForTransfer], Doubtful);
        check(Doubtful, &[OrdersFall], Doubtful);
        check(Dead, &[OrdersFall], Dead);
    }
}
