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
    use shared::{invoice::Invoice, sync::message::InvoiceRow};
    use uuid::Uuid;

    use super::*;
    use crate::replica::api::InvoiceLine;

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

    fn invoice(n: u128, due: &str, outstanding: u32) -> InvoiceLine {
        let customer = CustomerId(Uuid::from_u128(1));
        InvoiceLine {
            row: InvoiceRow {
                invoice: Invoice {
                    id: id(n),
                    customer,
                    number: format!("F{n}"),
                    issued: due.parse().unwrap(),
                    due: due.parse().unwrap(),
                    amount: Money::from_yuan(outstanding),
                },
                settled: Money::ZERO,
            },
            outstanding: Money::from_yuan(outstanding),
            overdue_days: 0,
        }
    }

    fn id(n: u128) -> InvoiceId {
        InvoiceId(Uuid::from_u128(n))
    }

    /// 1,000, 2,000 and 500 open, oldest due first.
    fn view() -> FormView {
        let mut view = crate::screens::preview::form_view();
        view.invoices = vec![
            invoice(1, "2026-09-01", 1_000),
            invoice(2, "2026-10-01", 2_000),
            invoice(3, "2026-11-01", 500),
        ];
        view
    }

    fn of(yuan: &str) -> ReceiptDraft {
        ReceiptDraft {
            raw: yuan.into(),
            ..ReceiptDraft::default()
        }
    }

    fn parts(draft: &ReceiptDraft) -> Vec<(u128, Money)> {
        let part = |(id, sum): (InvoiceId, Money)| (id.0.as_u128(), sum);
        draft.allocations(&view()).into_iter().map(part).collect()
    }

    #[test]
    fn until_it_is_changed_by_hand_the_oldest_due_are_paid_first() {
        let draft = of("1500");
        assert_eq!(
            parts(&draft),
            [(1, Money::from_yuan(1_000)), (2, Money::from_yuan(500))]
        );
        assert_eq!((draft.left(&view()), draft.chosen), (Money::ZERO, None));
    }

    #[test]
    fn what_is_allocated_by_hand_changes_that_invoice_alone_in_the_order_of_the_account() {
        let (view, mut draft) = (view(), of("1500"));
        draft.allocate(&view, id(3), "200.55".parse().unwrap());
        draft.allocate(&view, id(1), Money::from_yuan(800));
        let two_hundred: Money = "200.55".parse().unwrap();
        assert_eq!(
            parts(&draft),
            [
                (1, Money::from_yuan(800)),
                (2, Money::from_yuan(500)),
                (3, two_hundred)
            ]
        );
        let left = Money::from_yuan(200).checked_sub(two_hundred).unwrap();
        assert_eq!(draft.left(&view), left, "55 fen too much");
        assert_eq!(problem(&draft, &view), Some("receipt-too-much"));
    }

    #[test]
    fn an_invoice_from_which_all_is_taken_is_left_out_and_the_rest_goes_on_account() {
        let (view, mut draft) = (view(), of("1500"));
        draft.allocate(&view, id(1), Money::ZERO);
        assert_eq!(parts(&draft), [(2, Money::from_yuan(500))]);
        assert_eq!(draft.left(&view), Money::from_yuan(1_000));
        let receipt = draft.receipt(view.customer.id, &view, None, Vec::new());
        assert_eq!(receipt.allocations, [(id(2), Money::from_yuan(500))]);
        draft.allocate(&view, id(2), Money::ZERO);
        assert_eq!((parts(&draft), draft.left(&view)), (vec![], draft.amount()));
    }

    #[test]
    fn a_split_made_by_hand_stays_as_it_is_when_news_come_in_and_goes_with_another_sum() {
        let (view, mut draft) = (view(), of("1500"));
        draft.allocate(&view, id(2), Money::from_yuan(100));
        let mut news = view.clone();
        news.invoices.remove(0);
        assert_eq!(draft.allocations(&news), draft.allocations(&view));
        draft.type_amount("300".into());
        assert_eq!(parts(&draft), [(1, Money::from_yuan(300))]);
    }
}
