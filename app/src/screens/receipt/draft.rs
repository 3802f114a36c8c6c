//! What a half-filled receipt form holds, what it would pay, and when it is complete.

use serde::{Deserialize, Serialize};
use shared::{
    day::Day,
    evidence::{Signature, Strokes},
    ids::{CustomerId, InvoiceId},
    money::Money,
    policy::allocation::{self, OpenInvoice},
    receipt::{Allocation, Method, MethodKind, ReceiptCore, Shortfall},
    visit::UnpaidReason,
};

use crate::{
    replica::api::{FormView, NewPhoto, NewReceipt},
    screens::signer::SignerDraft,
};

/// Which step the form is at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Method, sum, allocation.
    #[default]
    Amount,
    /// Signature and summary.
    Sign,
}

/// A half-filled receipt.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReceiptDraft {
    pub step: Step,
    pub method: Option<MethodKind>,
    /// Cheque, bill or transaction number.
    pub reference: String,
    /// Drawee bank or acceptor.
    pub bank: String,
    /// A bill's due day.
    pub bill_due: Option<Day>,
    /// The sum as typed.
    pub raw: String,
    /// Allocation chosen by hand; none follows the suggestion.
    pub chosen: Option<Vec<(InvoiceId, Money)>>,
    /// What was asked for when the paper was laid out for signing; later news must not change it.
    pub frozen_asked: Option<Money>,
    pub reason: Option<UnpaidReason>,
    pub next_day: Option<Day>,
    pub signer: SignerDraft,
    pub strokes: Strokes,
}

impl ReceiptDraft {
    /// Filled in as this receipt was; it is signed anew.
    pub fn of(core: &ReceiptCore) -> Self {
        let (reference, bank, bill_due) = match &core.method {
            Method::Cash => Default::default(),
            Method::Transfer { reference }
            | Method::WeChat { reference }
            | Method::Alipay { reference } => (reference.clone(), String::new(), None),
            Method::Cheque { number, bank } => (number.clone(), bank.clone(), None),
            Method::AcceptanceBill { number, bank, due } => (number.clone(), bank.clone(), *due),
        };
        let part = |a: &Allocation| (a.invoice, a.amount);
        let signer = core.signature.as_ref().map(|s| SignerDraft::of(&s.signer));
        Self {
            method: Some(core.method.kind()),
            reference,
            bank,
            bill_due,
            raw: core.amount.to_string(),
            chosen: Some(core.allocations.iter().map(part).collect()),
            frozen_asked: Some(core.asked),
            reason: core.shortfall.as_ref().map(|s| s.reason),
            next_day: core.shortfall.as_ref().map(|s| s.next_day),
            signer: signer.unwrap_or_default(),
            ..Self::default()
        }
    }

    /// The method, cash unless another was picked.
    pub fn kind(&self) -> MethodKind {
        self.method.unwrap_or(MethodKind::Cash)
    }

    /// The sum typed; nothing while there is none.
    pub fn amount(&self) -> Money {
        self.raw
            .trim_end_matches('.')
            .parse()
            .unwrap_or(Money::ZERO)
    }

    /// Another sum: an allocation made by hand belonged to the old one.
    pub fn type_amount(&mut self, raw: String) {
        self.raw = raw;
        self.chosen = None;
    }

    /// What is asked for.
    pub fn asked(&self, view: &FormView) -> Money {
        self.frozen_asked.unwrap_or(view.asked)
    }

    /// Lays the paper out for signing: what it says stays as it is, whatever comes in meanwhile.
    pub fn freeze(&mut self, view: &FormView) {
        self.frozen_asked = Some(self.asked(view));
        self.chosen = Some(self.allocations(view));
        self.step = Step::Sign;
    }

    /// Back to the sum: a signature drawn for the old content is not taken over to a new one.
    pub fn reopen(&mut self) {
        self.frozen_asked = None;
        self.strokes = Strokes::default();
        self.step = Step::Amount;
    }

    /// What stays short of it; none if nothing does.
    pub fn short(&self, view: &FormView) -> Option<Money> {
        allocation::shortfall(self.asked(view), self.amount())
            .ok()
            .flatten()
    }

    /// What the receipt pays: chosen by hand, else oldest due first.
    pub fn allocations(&self, view: &FormView) -> Vec<(InvoiceId, Money)> {
        if let Some(chosen) = &self.chosen {
            return chosen.clone();
        }
        let open: Vec<OpenInvoice> = view
            .invoices
            .iter()
            .map(|line| OpenInvoice {
                invoice: line.row.invoice.id,
                due: line.row.invoice.due,
                outstanding: line.outstanding,
            })
            .collect();
        allocation::suggest(self.amount(), &open)
    }

    /// Pays this much of one invoice; nothing takes it out.
    pub fn allocate(&mut self, view: &FormView, invoice: InvoiceId, amount: Money) {
        let mut parts = self.allocations(view);
        parts.retain(|(id, _)| *id != invoice);
        if amount.is_positive() {
            parts.push((invoice, amount));
        }
        // The order of the papers is the order of the account.
        let place = |id: InvoiceId| {
            view.invoices
                .iter()
                .position(|line| line.row.invoice.id == id)
        };
        parts.sort_by_key(|(id, _)| place(*id));
        self.chosen = Some(parts);
    }

    /// What the allocations leave of the sum; negative if they exceed it.
    pub fn left(&self, view: &FormView) -> Money {
        let sum = Money::sum(self.allocations(view).into_iter().map(|(_, part)| part));
        sum.and_then(|sum| self.amount().checked_sub(sum))
            .unwrap_or(Money::ZERO)
    }

    fn full_method(&self) -> Method {
        let (reference, bank) = (
            self.reference.trim().to_owned(),
            self.bank.trim().to_owned(),
        );
        match self.kind() {
            MethodKind::Transfer => Method::Transfer { reference },
            MethodKind::Cheque => Method::Cheque {
                number: reference,
                bank,
            },
            MethodKind::AcceptanceBill => Method::AcceptanceBill {
                number: reference,
                bank,
                due: self.bill_due,
            },
            MethodKind::WeChat => Method::WeChat { reference },
            MethodKind::Alipay => Method::Alipay { reference },
            MethodKind::Cash | MethodKind::Unknown => Method::Cash,
        }
    }

    /// The receipt to issue.
    pub fn receipt(
        &self,
        customer: CustomerId,
        view: &FormView,
        signature: Option<Signature>,
        photos: Vec<NewPhoto>,
    ) -> NewReceipt {
        let shortfall = self.short(view).zip(self.reason).zip(self.next_day);
        NewReceipt {
            customer,
            method: self.full_method(),
            amount: self.amount(),
            allocations: self.allocations(view),
            asked: self.asked(view),
            shortfall: shortfall.map(|((amount, reason), next_day)| Shortfall {
                amount,
                reason,
                next_day,
            }),
            purpose: String::new(),
            signature,
            photos,
        }
    }
}

/// Locale key of what is still missing before the signature.
pub fn problem(draft: &ReceiptDraft, view: &FormView) -> Option<&'static str> {
    let needs_number = matches!(
        draft.kind(),
        MethodKind::Cheque | MethodKind::AcceptanceBill
    );
    if !draft.amount().is_positive() {
        Some("receipt-missing-amount")
    } else if needs_number && draft.reference.trim().is_empty() {
        Some("receipt-missing-number")
    } else if draft.left(view).is_negative() {
        Some("receipt-too-much")
    } else if draft.short(view).is_some() && draft.reason.is_none() {
        Some("receipt-missing-reason")
    } else if draft.short(view).is_some() && draft.next_day.is_none() {
        Some("receipt-missing-day")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_never_carried_over_to_other_content() {
        let mut draft = ReceiptDraft {
            raw: "100".into(),
            strokes: Strokes(vec![Vec::new()]),
            ..ReceiptDraft::default()
        };
        draft.reopen();
        assert!(draft.strokes.0.is_empty());
        draft.chosen = Some(Vec::new());
        draft.type_amount("200".into());
        assert_eq!(
            (draft.amount(), draft.chosen),
            (Money::from_yuan(200), None)
        );
    }

    #[test]
    fn a_sum_being_typed_is_read_as_far_as_it_goes() {
        for (raw, yuan) in [("", 0), ("12", 12), ("12.", 12), ("x", 0)] {
            assert_eq!(
                ReceiptDraft {
                    raw: raw.into(),
                    ..ReceiptDraft::default()
                }
                .amount(),
                Money::from_yuan(yuan),
                "{raw}"
            );
        }
    }
}
