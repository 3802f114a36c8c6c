//! What a half-filled promise form holds, and when it is complete.

use serde::{Deserialize, Serialize};
use shared::{
    day::Day,
    evidence::{Fix, Strokes},
    ids::{CustomerId, DocumentId, InvoiceId},
    money::Money,
    policy::allocation::{even_instalments, instalment_dates},
    promise::{Instalment, PromiseCore},
};

use crate::{
    i18n::lang,
    replica::api::{FormView, NewPhoto, NewPromise},
    screens::signer::SignerDraft,
};

/// Which step the form is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Sums and dates.
    #[default]
    Plan,
    /// Letter and signature.
    Sign,
}

/// One instalment as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub due: Option<Day>,
    pub amount: String,
}

impl Line {
    /// The sum; none while it is not one.
    pub fn money(&self) -> Option<Money> {
        self.amount
            .parse()
            .ok()
            .filter(|sum: &Money| sum.is_positive())
    }
}

/// A half-filled promise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PromiseDraft {
    pub step: Step,
    /// The sum as typed.
    pub total: String,
    pub every_days: u16,
    pub instalments: Vec<Line>,
    pub invoices: Vec<InvoiceId>,
    pub replaces: Option<DocumentId>,
    pub signer: SignerDraft,
    pub strokes: Strokes,
}

impl PromiseDraft {
    /// A new promise: what is asked for (else all that is owed), in a week, for the overdue invoices.
    pub fn begin(view: &FormView) -> Self {
        let total = if view.asked.is_positive() {
            view.asked
        } else {
            view.outstanding.max(Money::ZERO)
        };
        let overdue = view
            .invoices
            .iter()
            .filter(|line| line.overdue_days > 0)
            .map(|line| line.row.invoice.id);
        let mut draft = Self {
            total: if total.is_positive() {
                total.to_string()
            } else {
                String::new()
            },
            every_days: 7,
            invoices: overdue.collect(),
            replaces: view.open_promises.first().map(|(id, ..)| *id),
            ..Self::default()
        };
        draft.spread(1, view.today);
        draft
    }

    /// Filled in as this promise was; it is signed anew.
    pub fn of(core: &PromiseCore) -> Self {
        let line = |part: &Instalment| Line {
            due: Some(part.due),
            amount: part.amount.to_string(),
        };
        Self {
            total: core.total.to_string(),
            every_days: 7,
            instalments: core.instalments.iter().map(line).collect(),
            invoices: core.invoices.iter().map(|i| i.invoice).collect(),
            replaces: core.replaces,
            signer: SignerDraft::of(&core.signature.signer),
            ..Self::default()
        }
    }

    /// The sum typed.
    pub fn total_money(&self) -> Option<Money> {
        self.total
            .parse()
            .ok()
            .filter(|sum: &Money| sum.is_positive())
    }

    /// Spreads the sum evenly over this many instalments, the first one interval from today.
    pub fn spread(&mut self, count: u16, today: Day) {
        let first = self
            .instalments
            .first()
            .and_then(|line| line.due)
            .unwrap_or_else(|| today.plus_days(i64::from(self.every_days)));
        let dates = instalment_dates(first, self.every_days, count.max(1));
        let total = self.total_money().unwrap_or(Money::ZERO);
        let sums = even_instalments(total, &dates);
        self.instalments = dates
            .iter()
            .enumerate()
            .map(|(i, due)| Line {
                due: Some(*due),
                amount: sums
                    .get(i)
                    .map(|part| part.amount)
                    .filter(|sum| sum.is_positive())
                    .map(|sum| sum.to_string())
                    .unwrap_or_default(),
            })
            .collect();
    }

    /// What the instalments leave of the sum; negative if they exceed it.
    pub fn difference(&self) -> Money {
        let sum = Money::sum(self.instalments.iter().filter_map(Line::money));
        let total = self.total_money().unwrap_or(Money::ZERO);
        sum.and_then(|sum| total.checked_sub(sum))
            .unwrap_or(Money::ZERO)
    }

    /// Back to the plan: a signature drawn for the old letter is not taken over to a new one.
    pub fn reopen(&mut self) {
        self.strokes = Strokes::default();
        self.step = Step::Plan;
    }

    /// The promise to seal; instalments in due order.
    pub fn promise(
        &self,
        customer: CustomerId,
        fix: Option<Fix>,
        photos: Vec<NewPhoto>,
    ) -> NewPromise {
        let mut instalments: Vec<Instalment> = self
            .instalments
            .iter()
            .filter_map(|line| {
                Some(Instalment {
                    due: line.due?,
                    amount: line.money()?,
                })
            })
            .collect();
        instalments.sort_by_key(|instalment| instalment.due);
        NewPromise {
            customer,
            instalments,
            invoices: self.invoices.clone(),
            replaces: self.replaces,
            signature: self.signer.signature(self.strokes.clone(), fix),
            language: lang().tag().to_owned(),
            photos,
        }
    }
}

/// Locale key of what is still missing before the letter.
pub fn problem(draft: &PromiseDraft, today: Day) -> Option<&'static str> {
    if draft.total_money().is_none() {
        Some("promise-missing-total")
    } else if draft.instalments.iter().any(|line| line.money().is_none()) {
        Some("promise-missing-sum")
    } else if draft.instalments.iter().any(|line| line.due.is_none()) {
        Some("promise-missing-day")
    } else if draft
        .instalments
        .iter()
        .any(|line| line.due.is_some_and(|due| due < today))
    {
        Some("promise-past-day")
    } else if !draft.difference().is_zero() {
        Some("promise-does-not-add-up")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(total: &str, lines: &[(&str, &str)]) -> PromiseDraft {
        let instalments = lines
            .iter()
            .map(|(due, amount)| Line {
                due: due.parse().ok(),
                amount: (*amount).to_owned(),
            })
            .collect();
        PromiseDraft {
            total: total.to_owned(),
            every_days: 14,
            instalments,
            ..PromiseDraft::default()
        }
    }

    #[test]
    fn a_plan_is_complete_only_when_every_instalment_has_sum_and_day_and_all_add_up() {
        let today = "2026-11-22".parse().unwrap();
        for (total, lines, expected) in [
            ("", vec![("2026-12-01", "1")], Some("promise-missing-total")),
            (
                "100",
                vec![("2026-12-01", "0")],
                Some("promise-missing-sum"),
            ),
            ("100", vec![("", "100")], Some("promise-missing-day")),
            ("100", vec![("2026-11-21", "100")], Some("promise-past-day")),
            (
                "100",
                vec![("2026-12-01", "60"), ("2026-12-08", "39.99")],
                Some("promise-does-not-add-up"),
            ),
            (
                "100",
                vec![("2026-12-01", "60"), ("2026-12-08", "40.00")],
                None,
            ),
        ] {
            assert_eq!(
                problem(&draft(total, &lines), today),
                expected,
                "{total} {lines:?}"
            );
        }
    }

    #[test]
    fn spreading_keeps_the_first_day_and_adds_up() {
        let mut plan = draft("100", &[("2026-12-01", "100")]);
        plan.spread(3, "2026-11-22".parse().unwrap());
        let shown: Vec<_> = plan
            .instalments
            .iter()
            .map(|l| (l.due.unwrap().to_string(), l.amount.clone()))
            .collect();
        assert_eq!(
            shown,
            [
                ("2026-12-01", "33.34"),
                ("2026-12-15", "33.33"),
                ("2026-12-29", "33.33")
            ]
            .map(|(d, a)| (d.to_owned(), a.to_owned()))
        );
        assert!(plan.difference().is_zero());
    }
}
