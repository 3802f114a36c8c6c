//! What a half-filled visit form holds, and when it is complete.

use serde::{Deserialize, Serialize};
use shared::{
    day::{Day, Timestamp},
    evidence::Fix,
    ids::{CustomerId, DocumentId},
    visit::{UnpaidReason, Visit, VisitPurpose, VisitResult, WarningSign},
};

use crate::replica::api::{NewPhoto, NewVisit};

/// A half-filled visit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VisitDraft {
    pub started_at: Option<Timestamp>,
    pub check_in: Option<Fix>,
    /// Code of why there is no position.
    pub place_trouble: Option<String>,
    pub purpose: Option<VisitPurpose>,
    pub person_met: String,
    pub result: Option<VisitResult>,
    pub reason: Option<UnpaidReason>,
    pub signs: Vec<WarningSign>,
    pub next_day: Option<Day>,
    pub related: Vec<DocumentId>,
    pub notes: String,
}

/// Does this result leave money unpaid, so that a reason belongs to it?
pub fn needs_reason(result: VisitResult) -> bool {
    matches!(
        result,
        VisitResult::PaidPartly | VisitResult::Unpaid | VisitResult::Promised
    )
}

/// Locale key of what is still missing.
pub fn problem(draft: &VisitDraft) -> Option<&'static str> {
    match draft.result {
        None => Some("visit-missing-result"),
        Some(result) if needs_reason(result) && draft.reason.is_none() => {
            Some("visit-missing-reason")
        }
        Some(_) => None,
    }
}

impl VisitDraft {
    /// Filled in as this visit was.
    pub fn of(visit: &Visit) -> Self {
        Self {
            started_at: Some(visit.started_at),
            check_in: visit.check_in,
            // Where it was cannot be found out any more.
            place_trouble: visit
                .check_in
                .is_none()
                .then(|| "place.unavailable".to_owned()),
            purpose: Some(visit.purpose),
            person_met: visit.person_met.clone(),
            result: Some(visit.result),
            reason: visit.reason,
            signs: visit.signs.clone(),
            next_day: visit.next_day,
            related: visit.related.clone(),
            notes: visit.notes.clone(),
        }
    }

    /// The visit to save; none before check-in or without a result.
    pub fn into_visit(
        self,
        customer: CustomerId,
        check_out: Option<Fix>,
        photos: Vec<NewPhoto>,
    ) -> Option<NewVisit> {
        let result = self.result?;
        Some(NewVisit {
            customer,
            started_at: self.started_at?,
            check_in: self.check_in,
            check_out,
            purpose: self.purpose.unwrap_or(VisitPurpose::Collect),
            person_met: self.person_met.trim().to_owned(),
            result,
            reason: self.reason.filter(|_| needs_reason(result)),
            signs: self.signs,
            next_day: self.next_day,
            related: self.related,
            notes: self.notes.trim().to_owned(),
            photos,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_without_result_or_reason_is_not_saved() {
        let check = |result, reason, expected| {
            let draft = VisitDraft {
                result,
                reason,
                ..VisitDraft::default()
            };
            assert_eq!(problem(&draft), expected);
        };
        check(None, None, Some("visit-missing-result"));
        check(
            Some(VisitResult::Unpaid),
            None,
            Some("visit-missing-reason"),
        );
        check(Some(VisitResult::Unpaid), Some(UnpaidReason::NoCash), None);
        check(Some(VisitResult::PaidInFull), None, None);
    }

    #[test]
    fn a_reason_that_no_longer_belongs_is_left_out() {
        let draft = VisitDraft {
            started_at: Some(Timestamp(1)),
            result: Some(VisitResult::PaidInFull),
            reason: Some(UnpaidReason::NoCash),
            ..VisitDraft::default()
        };
        let customer = CustomerId("018f3c1e-0000-7000-8000-000000000001".parse().unwrap());
        assert_eq!(
            draft.into_visit(customer, None, Vec::new()).unwrap().reason,
            None
        );
    }
}
