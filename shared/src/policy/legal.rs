//! Steps at law on a collection case, with the dates that each sets running.
//!
//! Which steps there are: seeds 001 §12 (保全), 002 (抵押, 担保, 诉讼), 004 (支付令, 调解与仲裁). Their periods are the law's:
//! Civil Procedure Law (2023) arts. 104, 205, 226, 227, 250; Civil Code arts. 188, 692. The dates are a help for
//! whoever keeps the case, not advice.

use chrono::{Datelike as _, Months};

use crate::day::Day;

crate::slug_enum! {
    /// A step taken on a case.
    pub enum LegalStep {
        /// 申请支付令: application for a payment order.
        PaymentOrderApplied = "payment_order_applied",
        /// 支付令送达: the payment order was served on the debtor.
        PaymentOrderServed = "payment_order_served",
        /// 调解协议: an agreement was reached in mediation.
        MediationAgreed = "mediation_agreed",
        /// 申请仲裁: arbitration was applied for.
        ArbitrationApplied = "arbitration_applied",
        /// 诉前保全: assets were preserved before suit.
        AssetsPreserved = "assets_preserved",
        /// 保证担保: somebody guarantees the debt, without a period agreed; dated when the debt was due.
        GuaranteeGiven = "guarantee_given",
        /// 起诉: suit was filed.
        SuitFiled = "suit_filed",
        /// 判决生效: the judgment, award or order became final with its last day for payment.
        JudgmentFinal = "judgment_final",
    }
}

crate::slug_enum! {
    /// A date that a step sets running.
    pub enum LegalDate {
        /// The court says by then whether it accepts the application (art. 226: 5 days).
        AcceptanceBy = "acceptance_by",
        /// The debtor pays or objects by then (art. 227: 15 days).
        ObjectionBy = "objection_by",
        /// Both parties ask the court to confirm the agreement by then (art. 205: 30 days).
        ConfirmationBy = "confirmation_by",
        /// Suit or arbitration is begun by then, or the measure is lifted (art. 104: 30 days).
        SueBy = "sue_by",
        /// The guarantor is called on by then (Civil Code art. 692: 6 months after the debt was due).
        CallGuarantorBy = "call_guarantor_by",
        /// Enforcement is applied for by then (art. 250: two years).
        EnforceBy = "enforce_by",
    }
}

/// What a step on a day sets running; none if it sets no date.
pub fn runs_until(step: LegalStep, on: Day) -> Option<(LegalDate, Day)> {
    Some(match step {
        LegalStep::PaymentOrderApplied => (LegalDate::AcceptanceBy, on.plus_days(5)),
        LegalStep::PaymentOrderServed => (LegalDate::ObjectionBy, on.plus_days(15)),
        LegalStep::MediationAgreed => (LegalDate::ConfirmationBy, on.plus_days(30)),
        LegalStep::AssetsPreserved => (LegalDate::SueBy, on.plus_days(30)),
        LegalStep::GuaranteeGiven => (LegalDate::CallGuarantorBy, plus_months(on, 6)),
        LegalStep::JudgmentFinal => (LegalDate::EnforceBy, plus_months(on, 24)),
        LegalStep::ArbitrationApplied | LegalStep::SuitFiled | LegalStep::Unknown => return None,
    })
}

/// The last day of the limitation period (Civil Code arts. 188, 195: three years from when the debt was due,
/// anew from each signed demand, acknowledgement or part payment).
pub fn limitation_ends(due: Day, restarts: impl IntoIterator<Item = Day>) -> Day {
    let from = restarts.into_iter().fold(due, Day::max);
    plus_months(from, 36)
}

/// The same date so many months later; where that month has no such date, its last day.
fn plus_months(day: Day, months: u32) -> Day {
    day.0
        .checked_add_months(Months::new(months))
        .filter(|later| later.year() < 8_000)
        .map_or(day, Day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_001_002_and_004_each_step_sets_its_date_running() {
        use LegalStep::*;
        let check = |step: LegalStep, on: &str, expected: Option<(LegalDate, &str)>| {
            let found = runs_until(step, on.parse().unwrap());
            let expected = expected.map(|(date, day)| (date, day.parse().unwrap()));
            assert_eq!(found, expected, "{step} {on}");
        };
        let on = "2026-11-21";
        check(
            PaymentOrderApplied,
            on,
            Some((LegalDate::AcceptanceBy, "2026-11-26")),
        );
        check(
            PaymentOrderServed,
            on,
            Some((LegalDate::ObjectionBy, "2026-12-06")),
        );
        check(
            MediationAgreed,
            on,
            Some((LegalDate::ConfirmationBy, "2026-12-21")),
        );
        check(AssetsPreserved, on, Some((LegalDate::SueBy, "2026-12-21")));
        check(
            GuaranteeGiven,
            "2026-08-31",
            Some((LegalDate::CallGuarantorBy, "2027-02-28")),
        );
        check(
            JudgmentFinal,
            on,
            Some((LegalDate::EnforceBy, "2028-11-21")),
        );
        check(ArbitrationApplied, on, None);
        check(SuitFiled, on, None);
        check(Unknown, on, None);
    }

    #[test]
    fn the_limitation_period_begins_anew_with_every_signed_demand_and_part_payment() {
        let check = |restarts: &[&str], ends: &str| {
            let restarts = restarts.iter().map(|day| day.parse().unwrap());
            let found = limitation_ends("2024-02-29".parse().unwrap(), restarts);
            assert_eq!(found.to_string(), ends);
        };
        check(&[], "2027-02-28");
        check(&["2026-11-21", "2025-01-01"], "2029-11-21");
        check(&["2023-01-01"], "2027-02-28");
    }
}
