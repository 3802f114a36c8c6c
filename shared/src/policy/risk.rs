//! Risk class 风险类别 of a debt, by days overdue (seeds 000, 001; the thresholds are settings).

use crate::{day::Day, money::Money};

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
