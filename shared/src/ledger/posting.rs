//! What each fact posts: from invoices, payments and receipts to journal entries.
//!
//! Invariants: every entry is balanced ([`Entry::new`]); the same fact gives the same entry; money is
//! never dropped: what can't be posted on the invoice named stays on the payer's account.

use std::collections::BTreeMap;

use crate::{
    day::Day,
    ids::{CustomerId, Digest, DocumentId, InvoiceId, PersonId},
    invoice::{Invoice, Payment},
    money::Money,
    receipt::{Allocation, MethodKind, ReceiptCore, ReceiptState, VoidDecision, VoidRequest},
};

use super::{
    account::Account,
    entry::{Entry, EntryKind, LedgerError, Posting, Source},
};

/// What a receipt does to the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptPosting {
    /// What is posted; none for a claim that is not confirmed.
    pub entry: Option<Entry>,
    /// Where the receipt stands before any void request: `Posted` or `InTransit`.
    pub state: ReceiptState,
    /// Allocations to another customer's or an unknown invoice: kept on account, an exception.
    pub foreign: Vec<Allocation>,
}

/// The entry of an invoice in its n-th revision: Dr Receivable / Cr Sales by the difference to
/// what its earlier revisions have posted. None if there is no difference. A credit note posts the
/// other way round. `day` is the day of issue, or the first open day after it. An invoice keeps its customer through all revisions: the caller checks.
pub fn invoice_entry(
    invoice: &Invoice,
    revision: u32,
    posted_before: Money,
    day: Day,
) -> Result<Option<Entry>, LedgerError> {
    let difference = invoice.amount.checked_sub(posted_before)?;
    if difference.is_zero() {
        return Ok(None);
    }
    let source = Source::Invoice {
        id: invoice.id,
        revision,
    };
    let receivable = Account::Receivable {
        customer: invoice.customer,
        invoice: Some(invoice.id),
    };
    let lines = [
        (receivable, difference),
        (Account::Sales, difference.negated()),
    ];
    entry(EntryKind::Invoice, source, day, lines).map(Some)
}

/// The entry of a payment taken over from the books: Dr Bank / Cr Receivable. A negative payment
/// (a refund, a returned transfer) posts the other way round; one of zero is refused. `day` is the payment's
/// day, or the first open day after it.
pub fn book_payment_entry(payment: &Payment, day: Day) -> Result<Entry, LedgerError> {
    let receivable = Account::Receivable {
        customer: payment.customer,
        invoice: payment.invoice,
    };
    let lines = [
        (Account::Bank, payment.amount),
        (receivable, payment.amount.negated()),
    ];
    let source = Source::Payment(payment.id);
    entry(EntryKind::BookPayment, source, day, lines)
}

/// What a receipt posts when it is admitted: cash is booked at once (Dr Field:Cash:rep / Cr
/// Receivable for each allocation, the rest on account); a cheque or bill is held (Dr
/// Field:Cheques:rep / Cr ChequesUncleared), the debt falls only when it clears; a transfer is a
/// claim without an entry.
///
/// `core_digest` is the digest of the sealed core; `owner_of` tells whose an invoice is.
pub fn receipt_entry(
    document: DocumentId,
    core_digest: Digest,
    core: &ReceiptCore,
    posting_day: Day,
    owner_of: &dyn Fn(InvoiceId) -> Option<CustomerId>,
) -> Result<ReceiptPosting, LedgerError> {
    let (parts, foreign) = receipt_parts(core, owner_of)?;
    let method = core.method.kind();
    let lines = issued_lines(core.person, core.customer, method, core.amount, &parts);
    let source = Source::Document {
        id: document,
        core: core_digest,
    };
    let entry = match lines.is_empty() {
        true => None,
        false => Some(entry(EntryKind::Receipt, source, posting_day, lines)?),
    };
    Ok(ReceiptPosting {
        entry,
        state: issued_state(method),
        foreign,
    })
}

/// The lines that a receipt posts when it is issued; none for a claim.
pub(super) fn issued_lines(
    person: PersonId,
    customer: CustomerId,
    method: MethodKind,
    amount: Money,
    parts: &BTreeMap<Option<InvoiceId>, Money>,
) -> Vec<(Account, Money)> {
    match method {
        MethodKind::Cash => std::iter::once((Account::FieldCash(person), amount))
            .chain(parts.iter().map(|(invoice, amount)| {
                let invoice = *invoice;
                (Account::Receivable { customer, invoice }, amount.negated())
            }))
            .collect(),
        MethodKind::Cheque | MethodKind::AcceptanceBill => vec![
            (Account::FieldCheques(person), amount),
            (Account::ChequesUncleared, amount.negated()),
        ],
        MethodKind::Transfer | MethodKind::WeChat | MethodKind::Alipay | MethodKind::Unknown => {
            Vec::new()
        }
    }
}

/// What a receipt pays, by invoice (none = on account; no zero sums), with allocations to the same
/// invoice added up; and the allocations that name another customer's or an unknown invoice, whose
/// sums are kept on account. The sums add up to the receipt's amount.
#[allow(clippy::type_complexity)]
pub fn receipt_parts(
    core: &ReceiptCore,
    owner_of: &dyn Fn(InvoiceId) -> Option<CustomerId>,
) -> Result<(BTreeMap<Option<InvoiceId>, Money>, Vec<Allocation>), LedgerError> {
    if !core.amount.is_positive() || core.allocations.iter().any(|a| !a.amount.is_positive()) {
        return Err(LedgerError::NotPositive);
    }
    let mut parts = BTreeMap::from([(None, core.on_account()?)]);
    if core.on_account()?.is_negative() {
        return Err(LedgerError::OverAllocated);
    }
    let mut foreign = Vec::new();
    for allocation in &core.allocations {
        let own = owner_of(allocation.invoice) == Some(core.customer);
        if !own {
            foreign.push(allocation.clone());
        }
        let part = parts
            .entry(own.then_some(allocation.invoice))
            .or_insert(Money::ZERO);
        *part = part.checked_add(allocation.amount)?;
    }
    parts.retain(|_, amount| !amount.is_zero());
    Ok((parts, foreign))
}

/// Where a receipt stands by its method alone: cash is posted, all else is in transit until finance
/// confirms arrival or clearing.
pub fn issued_state(method: MethodKind) -> ReceiptState {
    match method {
        MethodKind::Cash => ReceiptState::Posted,
        _ => ReceiptState::InTransit,
    }
}

/// Does a request to void wait for a decision that counts?
///
/// `may_approve` says who is authorised to decide for this receipt; decisions by others count for
/// nothing, and neither does one by whoever made the request: two people void a receipt.
pub fn void_is_open(
    requests: &[VoidRequest],
    decisions: &[VoidDecision],
    may_approve: &dyn Fn(PersonId) -> bool,
) -> bool {
    requests.iter().any(|request| {
        !decisions
            .iter()
            .any(|d| decides(d, request) && may_approve(d.author))
    })
}

/// The decision that voids a receipt, if any: the smallest in (time, id) of the approvals that
/// count, so that everybody names the same one.
pub fn void_approval<'a>(
    requests: &[VoidRequest],
    decisions: &'a [VoidDecision],
    may_approve: &dyn Fn(PersonId) -> bool,
) -> Option<&'a VoidDecision> {
    decisions
        .iter()
        .filter(|d| d.approved && may_approve(d.author))
        .filter(|d| requests.iter().any(|r| decides(d, r)))
        .min_by_key(|d| (d.at, d.id))
}

/// Is it a decision of this request, by somebody else?
fn decides(decision: &VoidDecision, request: &VoidRequest) -> bool {
    decision.request == request.id && decision.author != request.author
}

fn entry(
    kind: EntryKind,
    source: Source,
    day: Day,
    lines: impl IntoIterator<Item = (Account, Money)>,
) -> Result<Entry, LedgerError> {
    let postings = lines
        .into_iter()
        .map(|(account, amount)| Posting { account, amount })
        .collect();
    Entry::new(kind, source, day, postings, None)
}

#[cfg(test)]
mod tests;
