//! What a company may set of its rules, one line each: name, where it stands on the screen, unit and bounds; and the
//! one place that says whether settings hold together.
//!
//! Invariants: only figures that a rule asks are here; settings that [`apply`] has let through never make a rule panic
//! (a property test says so), and each step of a ladder comes after the one before it.

use std::collections::BTreeMap;

use super::{
    Settings,
    recovery::{CurvePoint, default_curve},
};

/// Days for which phones keep closed matters, if nobody has set it.
pub const HISTORY_DAYS: u16 = 180;

/// All that a company may set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// Settings of the rules.
    pub policy: Settings,
    /// Days for which phones keep closed matters.
    pub history_days: u16,
}

impl Whole {
    /// The settings with these values, as they were told by whoever has taken them: nothing is checked, and what this
    /// version does not know is left out.
    pub fn of<'a>(values: impl Iterator<Item = (&'a str, u32)>) -> Self {
        let mut whole = Self::default();
        for (key, value) in values {
            if let Some(setting) = setting(key) {
                (setting.write)(&mut whole, value);
            }
        }
        whole
    }
}

impl Default for Whole {
    fn default() -> Self {
        Self {
            policy: Settings::default(),
            history_days: HISTORY_DAYS,
        }
    }
}

named! {
    /// What belongs together on the screen.
    Group {
        /// Before the due date.
        Reminders = "reminders",
        /// Final deadline and promises.
        Deadlines = "deadlines",
        /// The dunning ladder.
        Dunning = "dunning",
        /// Classes by age.
        Aging = "aging",
        /// Alarms, and to whom a debt goes then.
        Alarms = "alarms",
        /// The statement calendar.
        Statements = "statements",
        /// Ratings of credit.
        Credit = "credit",
        /// Cash, and the hours of telephoning.
        Cash = "cash",
        /// The plan and the score.
        Plan = "plan",
        /// The recovery curve.
        Curve = "curve",
        /// Phones and the records that they make.
        Phones = "phones",
    }
}

named! {
    /// What a value counts.
    Unit {
        /// Days.
        Days = "days",
        /// Months.
        Months = "months",
        /// Minutes.
        Minutes = "minutes",
        /// A time of the day, in minutes since midnight.
        Time = "time",
        /// A date of the month.
        Date = "date",
        /// Whole percent.
        Percent = "percent",
        /// Thousandths.
        PerMille = "per_mille",
        /// Yuan.
        Yuan = "yuan",
        /// Metres.
        Metres = "metres",
        /// How many.
        Count = "count",
        /// The part of a term by which it is divided.
        Part = "part",
    }
}

/// One thing that may be set.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name, under which it is kept and its words stand.
    pub key: &'static str,
    /// With which others it stands.
    pub group: Group,
    /// What it counts.
    pub unit: Unit,
    /// The least.
    pub min: u32,
    /// The most.
    pub max: u32,
    read: fn(&Whole) -> u32,
    write: fn(&mut Whole, u32),
}

impl Setting {
    /// What it is.
    pub fn of(&self, whole: &Whole) -> u32 {
        (self.read)(whole)
    }

    /// What it is unless somebody sets it: the seed's value.
    pub fn default_value(&self) -> u32 {
        self.of(&Whole::default())
    }

    /// Is it within its bounds?
    pub const fn takes(&self, value: u32) -> bool {
        self.min <= value && value <= self.max
    }
}

/// The setting of this name.
pub fn setting(key: &str) -> Option<&'static Setting> {
    ALL.iter().find(|setting| setting.key == key)
}

/// Puts a value in its place; what does not fit there was refused before.
fn put<T: TryFrom<u32>>(place: &mut T, value: u32) {
    if let Ok(value) = T::try_from(value) {
        *place = value;
    }
}

/// Declares settings that are a field.
macro_rules! settings {
    ($($key:literal $group:ident $unit:ident $min:literal..=$max:literal $($place:ident).+ $([$at:literal])?;)+) => {
        &[$(Setting {
            key: $key,
            group: Group::$group,
            unit: Unit::$unit,
            min: $min,
            max: $max,
            read: |whole| whole.$($place).+$([$at])?.into(),
            write: |whole, value| put(&mut whole.$($place).+$([$at])?, value),
        },)+]
    };
}

const FIELDS: &[Setting] = settings! {
    "remind_days" Reminders Days 1..=60 policy.remind_days;
    "fix_days" Reminders Days 1..=60 policy.fix_days;
    "sold_percent" Reminders Percent 1..=100 policy.figures.sold_percent;
    "deadline_divisor" Deadlines Part 1..=30 policy.deadline_divisor;
    "promise_grace_days" Deadlines Days 0..=30 policy.promise_grace_days;
    "dunning_call" Dunning Days 0..=3_650 policy.dunning_days[0];
    "dunning_1" Dunning Days 1..=3_650 policy.dunning_days[1];
    "dunning_2" Dunning Days 1..=3_650 policy.dunning_days[2];
    "dunning_3" Dunning Days 1..=3_650 policy.dunning_days[3];
    "dunning_4" Dunning Days 1..=3_650 policy.dunning_days[4];
    "risk_1" Aging Days 1..=3_650 policy.risk_days[0];
    "risk_2" Aging Days 1..=3_650 policy.risk_days[1];
    "risk_3" Aging Days 1..=3_650 policy.risk_days[2];
    "alarm_days" Alarms Days 0..=3_650 policy.figures.alarm_days;
    "alarm_share_percent" Alarms Percent 0..=100 policy.figures.alarm_share_percent;
    "alarm_reminders" Alarms Count 0..=100 policy.figures.alarm_reminders;
    "escalate_days" Alarms Days 0..=3_650 policy.figures.escalate_days;
    "handover_days" Alarms Days 1..=3_650 policy.figures.handover_days;
    "escalate_until" Alarms Date 1..=28 policy.figures.escalate_until;
    "statement_until" Statements Date 1..=28 policy.figures.statement_until;
    "settle_until" Statements Date 1..=28 policy.figures.settle_until;
    "confirmation_months" Statements Months 1..=24 policy.figures.confirmation_months;
    "rerate_months" Credit Months 0..=24 policy.figures.rerate_months;
    "escort_yuan" Cash Yuan 0..=100_000_000 policy.figures.escort_yuan;
    "hand_in_minute" Cash Time 0..=1_439 policy.figures.hand_in_minute;
    "call_minute" Cash Time 0..=1_439 policy.figures.call_minute;
    "large_yuan" Plan Yuan 0..=100_000_000 policy.figures.large_yuan;
    "score_sales" Plan Count 0..=100 policy.figures.score_sales;
    "score_collection" Plan Count 1..=100 policy.figures.score_collection;
    "score_receivables" Plan Count 1..=100 policy.figures.score_receivables;
    "curve_debts" Curve Count 1..=10_000 policy.figures.curve_debts;
    "clock_skew_minutes" Phones Minutes 1..=1_440 policy.clock_skew_minutes;
    "far_from_customer_m" Phones Metres 50..=100_000 policy.far_from_customer_m;
    "phone_history_days" Phones Days 7..=3_650 history_days;
};

/// A point of the recovery curve: the curve has it, or gets it.
const fn point<const MONTHS: u16>(key: &'static str) -> Setting {
    Setting {
        key,
        group: Group::Curve,
        unit: Unit::PerMille,
        min: 0,
        max: 1_000,
        read: |whole| {
            let given = whole.policy.recovery_curve.iter();
            let of_seed = default_curve();
            let mut points = given.chain(&of_seed);
            let found = points.find(|point| point.months == MONTHS);
            found.map_or(0, |point| point.per_mille.into())
        },
        write: |whole, value| {
            let curve = &mut whole.policy.recovery_curve;
            match curve.iter_mut().find(|point| point.months == MONTHS) {
                Some(point) => put(&mut point.per_mille, value),
                None => {
                    let mut point = CurvePoint {
                        months: MONTHS,
                        per_mille: 0,
                    };
                    put(&mut point.per_mille, value);
                    curve.push(point);
                    curve.sort_by_key(|point| point.months);
                }
            }
        },
    }
}

const POINTS: [Setting; 8] = [
    point::<0>("curve_0"),
    point::<1>("curve_1"),
    point::<2>("curve_2"),
    point::<3>("curve_3"),
    point::<6>("curve_6"),
    point::<9>("curve_9"),
    point::<12>("curve_12"),
    point::<24>("curve_24"),
];

const COUNT: usize = FIELDS.len() + POINTS.len();

const fn all() -> [Setting; COUNT] {
    let mut all = [POINTS[0]; COUNT];
    let mut at = 0;
    while at < COUNT {
        all[at] = if at < FIELDS.len() {
            FIELDS[at]
        } else {
            POINTS[at - FIELDS.len()]
        };
        at += 1;
    }
    all
}

/// Everything that may be set, by groups.
pub static ALL: [Setting; COUNT] = all();

/// What comes one after another: each value is less than the next, or at most the next.
const CHAINS: &[(bool, &[&str])] = &[
    (false, &["fix_days", "remind_days"]),
    (
        true,
        &[
            "dunning_call",
            "dunning_1",
            "dunning_2",
            "dunning_3",
            "dunning_4",
        ],
    ),
    (true, &["risk_1", "risk_2", "risk_3"]),
    (false, &["escalate_days", "handover_days"]),
    (true, &["statement_until", "settle_until"]),
    (
        false,
        &[
            "curve_24", "curve_12", "curve_9", "curve_6", "curve_3", "curve_2", "curve_1",
            "curve_0",
        ],
    ),
];

/// Why settings are not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    /// There is no such setting.
    #[error("there is no such setting")]
    Unknown,
    /// The value is beyond its bounds.
    #[error("{key} has to be between {min} and {max}")]
    Range {
        /// Which.
        key: &'static str,
        /// The least.
        min: u32,
        /// The most.
        max: u32,
    },
    /// Of two that come one after another, the first is not before the second.
    #[error("{key} has to come before {next}")]
    Order {
        /// The first.
        key: &'static str,
        /// The one that comes after it.
        next: &'static str,
    },
}

impl SettingError {
    /// The stable code of this error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "settings.unknown",
            Self::Range { .. } => "settings.range",
            Self::Order { .. } => "settings.order",
        }
    }
}

/// The settings with these values in place of what they were; refused as a whole if one is out of its bounds, or if
/// what comes out does not hold together.
pub fn apply(whole: &Whole, values: &BTreeMap<String, u32>) -> Result<Whole, SettingError> {
    let mut changed = whole.clone();
    for (key, value) in values {
        let setting = setting(key).ok_or(SettingError::Unknown)?;
        if !setting.takes(*value) {
            return Err(SettingError::Range {
                key: setting.key,
                min: setting.min,
                max: setting.max,
            });
        }
        (setting.write)(&mut changed, *value);
    }
    check(&changed)?;
    Ok(changed)
}

/// Do the settings hold together?
pub fn check(whole: &Whole) -> Result<(), SettingError> {
    for (is_strict, chain) in CHAINS {
        for pair in chain.windows(2) {
            let [Some(first), Some(next)] = [pair.first(), pair.last()].map(|key| setting(key?))
            else {
                continue;
            };
            let (a, b) = (first.of(whole), next.of(whole));
            if a > b || (*is_strict && a == b) {
                return Err(SettingError::Order {
                    key: first.key,
                    next: next.key,
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{
        customer::{Settlement, Terms},
        day::Day,
        ids::{CustomerId, InvoiceId},
        money::Money,
        policy::{
            account::{AccountFacts, InvoiceFacts},
            advice::advice,
            best_time, cash,
            own_curve::{PastDebt, own_curve},
            recovery::Curve,
            score,
            work_list::work_list,
        },
    };

    fn values(pairs: &[(&str, u32)]) -> BTreeMap<String, u32> {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), *value))
            .collect()
    }

    #[test]
    fn every_setting_has_a_name_of_its_own_and_a_default_within_its_bounds() {
        let mut keys: Vec<_> = ALL.iter().map(|setting| setting.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), ALL.len());
        for setting in &ALL {
            assert!(setting.takes(setting.default_value()), "{}", setting.key);
            let mut whole = Whole::default();
            (setting.write)(&mut whole, setting.max);
            assert_eq!(setting.of(&whole), setting.max, "{} fits", setting.key);
        }
        for key in CHAINS.iter().flat_map(|(_, chain)| *chain) {
            assert!(setting(key).is_some(), "{key}");
        }
        assert_eq!(check(&Whole::default()), Ok(()));
    }

    #[test]
    fn what_is_out_of_bounds_or_out_of_order_is_refused_as_a_whole_and_says_where() {
        let check = |pairs: &[(&str, u32)], expected: Result<u16, SettingError>| {
            let found = apply(&Whole::default(), &values(pairs));
            assert_eq!(
                found.map(|whole| whole.policy.remind_days),
                expected,
                "{pairs:?}"
            );
        };
        let range = |key, min, max| Err(SettingError::Range { key, min, max });
        let order = |key, next| Err(SettingError::Order { key, next });
        check(&[], Ok(7));
        check(&[("remind_days", 10)], Ok(10));
        check(&[("remind_days", 0)], range("remind_days", 1, 60));
        check(&[("remind_days", 61)], range("remind_days", 1, 60));
        check(
            &[("remind_days", 10), ("alarm_share_percent", 101)],
            range("alarm_share_percent", 0, 100),
        );
        check(&[("moon_phase", 1)], Err(SettingError::Unknown));
        check(&[("interest_year_bp", 1)], Err(SettingError::Unknown));
        check(&[("remind_days", 2)], order("fix_days", "remind_days"));
        check(&[("remind_days", 2), ("fix_days", 2)], Ok(2));
        check(&[("dunning_2", 15)], order("dunning_1", "dunning_2"));
        check(&[("dunning_2", 61)], order("dunning_2", "dunning_3"));
        check(&[("risk_3", 100)], order("risk_2", "risk_3"));
        check(
            &[("settle_until", 7)],
            order("statement_until", "settle_until"),
        );
        check(
            &[("handover_days", 59)],
            order("escalate_days", "handover_days"),
        );
        check(&[("curve_3", 900)], order("curve_3", "curve_2"));
        check(&[("curve_3", 862)], Ok(7));
    }

    #[test]
    fn a_point_that_the_curve_lacks_is_put_in_its_place() {
        let mut whole = Whole::default();
        whole.policy.recovery_curve.remove(3);
        let changed = apply(&whole, &values(&[("curve_3", 700)])).unwrap();
        let months: Vec<_> = changed
            .policy
            .recovery_curve
            .iter()
            .map(|p| p.months)
            .collect();
        assert_eq!(months, [0, 1, 2, 3, 6, 9, 12, 24]);
        assert_eq!(setting("curve_3").unwrap().of(&changed), 700);
    }

    fn account(days: i64, yuan: u32, today: Day) -> AccountFacts {
        let mut account = AccountFacts::new(CustomerId(Uuid::from_u128(1)));
        account.invoices.push(InvoiceFacts {
            invoice: InvoiceId(Uuid::from_u128(1)),
            issued: today.plus_days(-days - 30),
            due: today.plus_days(-days),
            outstanding: Money::from_yuan(yuan),
        });
        account.settlement = Some(Settlement::Monthly);
        account.stock_sold = "80%".to_owned();
        account
    }

    proptest! {
        /// Whatever is taken, each rule that asks it gives an answer.
        #[test]
        fn settings_that_were_taken_never_make_a_rule_panic(
            picks in proptest::collection::vec((0..COUNT, any::<u32>(), 0u8..4), 0..12),
            days in -400i64..4_000, yuan in 0u32..2_000_000, day in 0i64..40_000,
        ) {
            let mut pairs = BTreeMap::new();
            for (at, value, manner) in picks {
                let setting = &ALL[at];
                let within = setting.min + value % (setting.max - setting.min + 1);
                let value = [setting.min, setting.max, within, value][usize::from(manner)];
                pairs.insert(setting.key.to_owned(), value);
            }
            let Ok(whole) = apply(&Whole::default(), &pairs) else { return Ok(()) };
            for (key, value) in &pairs {
                prop_assert_eq!(setting(key).unwrap().of(&whole), *value);
            }
            let (settings, today) = (&whole.policy, Day::from_number(day));
            let account = account(days, yuan, today);
            let list = work_list(std::slice::from_ref(&account), today, settings).unwrap();
            let reasons = list.first().map_or(vec![], |item| item.reasons.clone());
            let terms = Terms {
                settlement: Settlement::Monthly,
                term_days: 30,
                credit_limit: Money::from_yuan(1),
                grade: "B".to_owned(),
                deduction_rate_bp: 0,
            };
            advice(&account, &reasons, &terms, today, settings).unwrap();
            best_time::call_time(settings);
            cash::needs_escort(Money::from_yuan(yuan), settings);
            cash::hand_in_deadline(today, 480, settings);
            let debt = PastDebt {
                days: days.unsigned_abs().try_into().unwrap_or(0),
                amount: Money::from_yuan(yuan),
                recovered: Money::from_yuan(yuan / 2),
                closed: true,
            };
            let own = own_curve(&[debt], settings);
            prop_assert!(own.is_sorted_by(|a, b| a.per_mille >= b.per_mille));
            let fallen = Curve::of(settings).chance_per_mille(days) - Curve::of(settings).chance_per_mille(days + 1);
            prop_assert!(!fallen.is_sign_negative() || fallen.is_zero());
            let results = score::Results {
                sold: Money::ZERO, sales_target: Money::from_yuan(yuan),
                collected: Money::from_yuan(yuan), collection_target: Money::from_yuan(yuan / 3),
                collectable: Money::from_yuan(yuan),
                overdue: Money::ZERO, receivable: Money::ZERO,
            };
            score::score(&results, settings);
        }
    }
}
