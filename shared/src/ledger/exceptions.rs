//! Findings that finance works off: nothing is clipped, dropped or corrected silently.
//!
//! Each detector is pure and is given the few neighbouring facts it needs, so that the server can
//! call it for one change at a time. Invariant: a row's id is the digest of its kind and subject;
//! the same finding is the same row, whatever order the facts came in.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::{
    day::Timestamp,
    ids::{CustomerId, DeviceId, Digest, DocumentId, InvoiceId},
    invoice::Invoice,
    ledger::{
        custody::Custody,
        decide::{PaperReceipt, Parts, Standing},
    },
    money::{Money, MoneyError},
    policy::Settings,
    receipt::{Allocation, MethodKind, ReceiptCore, ReceiptNumber},
    sync::message::{ExceptionKind, ExceptionRow},
};

/// Two receipts further apart than this do not look like one payment.
pub const DOUBLED_WITHIN_MS: i64 = 24 * 3_600_000;

/// What a finding is about; with its kind it makes the row's id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An invoice.
    Invoice(InvoiceId),
    /// A document.
    Document(DocumentId),
    /// Two documents, in either order.
    Pair(DocumentId, DocumentId),
    /// An invoice that a document names.
    Named(DocumentId, InvoiceId),
    /// A number of a device code.
    Number(String, u32),
}

/// The id of a finding.
pub fn exception_id(kind: ExceptionKind, subject: &Subject) -> Digest {
    let subject = match subject {
        Subject::Invoice(id) => format!("invoice:{id}"),
        Subject::Document(id) => format!("document:{id}"),
        Subject::Pair(a, b) => format!("pair:{}:{}", a.min(b), a.max(b)),
        Subject::Named(document, invoice) => format!("named:{document}:{invoice}"),
        Subject::Number(code, n) => format!("number:{code}:{n}"),
    };
    let text = format!("huikuan.exception.1\n{}\n{subject}\n", kind.slug());
    Digest(Sha256::digest(text.as_bytes()).into())
}

/// More posted on an invoice than it amounts to (on a credit note: more taken from it than it is
/// worth, or money paid onto it). Call it after every posting on the invoice: the row comes back
/// with `open: false` when all is well, to close one that may stand.
pub fn overpaid(
    invoice: &Invoice,
    settled: Money,
    found_at: Timestamp,
) -> Result<ExceptionRow, MoneyError> {
    let excess = match invoice.amount.is_negative() {
        false => settled.checked_sub(invoice.amount)?,
        true if settled.is_positive() => settled,
        true => invoice.amount.checked_sub(settled)?,
    };
    Ok(ExceptionRow {
        id: exception_id(ExceptionKind::Overpaid, &Subject::Invoice(invoice.id)),
        kind: ExceptionKind::Overpaid,
        customer: invoice.customer,
        document: None,
        subject: invoice.number.clone(),
        amount: Some(excess.max(Money::ZERO)),
        found_at,
        open: excess.is_positive(),
    })
}

/// What [`looks_doubled`] compares of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptFact {
    /// The receipt.
    pub document: DocumentId,
    /// Its number.
    pub number: ReceiptNumber,
    /// Payer.
    pub customer: CustomerId,
    /// The device that issued it.
    pub device: DeviceId,
    /// Method.
    pub method: MethodKind,
    /// Sum.
    pub amount: Money,
    /// When it was issued, bounded by the server's time.
    pub issued_at: Timestamp,
}

/// Receipts that look like the same payment as `receipt`: same payer, sum and method, at most 24
/// hours apart, from another device. `others` are standing receipts of the same payer (voided ones
/// left out by the caller). One open row for each pair, filed under the later receipt.
pub fn looks_doubled(
    receipt: &ReceiptFact,
    others: &[ReceiptFact],
    found_at: Timestamp,
) -> Vec<ExceptionRow> {
    let same = |other: &&ReceiptFact| {
        other.document != receipt.document
            && other.device != receipt.device
            && other.customer == receipt.customer
            && other.amount == receipt.amount
            && other.method == receipt.method
            && other.issued_at.ms_since(receipt.issued_at).abs() <= DOUBLED_WITHIN_MS
    };
    others
        .iter()
        .filter(same)
        .map(|other| {
            let key = |fact: &ReceiptFact| (fact.issued_at, fact.document);
            let (first, second) = if key(other) < key(receipt) {
                (other, receipt)
            } else {
                (receipt, other)
            };
            ExceptionRow {
                id: exception_id(
                    ExceptionKind::LooksDoubled,
                    &Subject::Pair(first.document, second.document),
                ),
                kind: ExceptionKind::LooksDoubled,
                customer: receipt.customer,
                document: Some(second.document),
                subject: format!("{} / {}", first.number, second.number),
                amount: Some(receipt.amount),
                found_at,
                open: true,
            }
        })
        .collect()
}

/// What the checks of a device's receipt numbers need of a receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberFact {
    /// The receipt.
    pub document: DocumentId,
    /// Its number: device code and n.
    pub number: ReceiptNumber,
    /// Payer.
    pub customer: CustomerId,
    /// Digest of its seal.
    pub seal: Digest,
    /// Digest of the seal of the device's receipt before it, as its core says.
    pub previous: Option<Digest>,
}

/// Is the receipt before this one missing? `before` are the known receipts of the same device code
/// with the number n − 1 (usually one). Call it for each new receipt and again for those numbered
/// n + 1: the row comes back with `open: false` when nothing is missing, to close one that may stand.
pub fn number_gap(
    receipt: &NumberFact,
    before: &[NumberFact],
    found_at: Timestamp,
) -> ExceptionRow {
    let n = receipt.number.n;
    let joined = match receipt.previous {
        None => n <= 1,
        Some(previous) => before.iter().any(|b| {
            b.seal == previous
                && b.number.device_code == receipt.number.device_code
                && b.number.n.checked_add(1) == Some(n)
        }),
    };
    ExceptionRow {
        id: exception_id(
            ExceptionKind::NumberGap,
            &Subject::Document(receipt.document),
        ),
        kind: ExceptionKind::NumberGap,
        customer: receipt.customer,
        document: Some(receipt.document),
        subject: receipt.number.to_string(),
        amount: None,
        found_at,
        open: !joined,
    }
}

/// Two or more receipts under one number (a phone rolled back): all are real and all are posted.
/// `same_number` are the known receipts of one device code and n. None if the number is unique.
pub fn number_reused(same_number: &[NumberFact], found_at: Timestamp) -> Option<ExceptionRow> {
    let first = same_number.iter().min_by_key(|fact| fact.document)?;
    if same_number.iter().all(|f| f.document == first.document) {
        return None;
    }
    let subject = Subject::Number(first.number.device_code.clone(), first.number.n);
    Some(ExceptionRow {
        id: exception_id(ExceptionKind::NumberReused, &subject),
        kind: ExceptionKind::NumberReused,
        customer: first.customer,
        document: Some(first.document),
        subject: first.number.to_string(),
        amount: None,
        found_at,
        open: true,
    })
}

/// All open findings about the numbers of one device code, from all its receipts in any order.
pub fn number_findings(receipts: &[NumberFact], found_at: Timestamp) -> Vec<ExceptionRow> {
    let mut by_number: BTreeMap<u32, Vec<NumberFact>> = BTreeMap::new();
    for receipt in receipts {
        let same = by_number.entry(receipt.number.n).or_default();
        if same.iter().all(|known| known.document != receipt.document) {
            same.push(receipt.clone());
        }
    }
    let none = Vec::new();
    let mut found = Vec::new();
    for (n, same) in &by_number {
        let before = n.checked_sub(1).and_then(|n| by_number.get(&n));
        let gaps = same
            .iter()
            .map(|fact| number_gap(fact, before.unwrap_or(&none), found_at));
        found.extend(gaps.filter(|row| row.open));
        found.extend(number_reused(same, found_at));
    }
    found
}

/// Two replacements of one promise, made apart. `replacements` are the promises that replace it.
pub fn promise_replaced_twice(
    promise: DocumentId,
    customer: CustomerId,
    replacements: &[DocumentId],
    found_at: Timestamp,
) -> Option<ExceptionRow> {
    let first = replacements.iter().min()?;
    let twice = replacements.iter().any(|other| other != first);
    twice.then(|| {
        let kind = ExceptionKind::PromiseReplacedTwice;
        about_document(kind, promise, customer, &promise.fingerprint(), found_at)
    })
}

/// A record made by a clock that was wrong by at least the setting. `offset_ms` is the phone's clock
/// minus the server's when it was pushed; `subject` names the record for people.
pub fn clock_skew(
    document: DocumentId,
    customer: CustomerId,
    subject: &str,
    offset_ms: i64,
    settings: &Settings,
    found_at: Timestamp,
) -> Option<ExceptionRow> {
    let limit_ms = u64::from(settings.clock_skew_minutes) * 60_000;
    (offset_ms.unsigned_abs() >= limit_ms.max(1)).then(|| {
        about_document(
            ExceptionKind::ClockSkew,
            document,
            customer,
            subject,
            found_at,
        )
    })
}

/// An allocation of a receipt to another customer's or an unknown invoice, kept on account.
pub fn foreign_invoice(
    document: DocumentId,
    core: &ReceiptCore,
    allocation: &Allocation,
    found_at: Timestamp,
) -> ExceptionRow {
    let subject = Subject::Named(document, allocation.invoice);
    ExceptionRow {
        id: exception_id(ExceptionKind::ForeignInvoice, &subject),
        kind: ExceptionKind::ForeignInvoice,
        customer: core.customer,
        document: Some(document),
        subject: format!("{} → {}", core.number, allocation.number),
        amount: Some(allocation.amount),
        found_at,
        open: true,
    }
}

/// A void request on a receipt; `open` while it waits, false once it is decided.
pub fn void_pending(
    document: DocumentId,
    core: &ReceiptCore,
    open: bool,
    found_at: Timestamp,
) -> ExceptionRow {
    ExceptionRow {
        amount: Some(core.amount),
        open,
        ..about_document(
            ExceptionKind::VoidPending,
            document,
            core.customer,
            &core.number.to_string(),
            found_at,
        )
    }
}

/// A receipt corrects one that was refused, and that one had been entered from its paper copy: the same money may
/// stand there twice.
pub fn corrected_paper(
    receipt: &ReceiptFact,
    paper: DocumentId,
    paper_number: &ReceiptNumber,
    found_at: Timestamp,
) -> ExceptionRow {
    let subject = Subject::Pair(paper, receipt.document);
    ExceptionRow {
        id: exception_id(ExceptionKind::LooksDoubled, &subject),
        kind: ExceptionKind::LooksDoubled,
        customer: receipt.customer,
        document: Some(receipt.document),
        subject: format!("{paper_number} / {}", receipt.number),
        amount: Some(receipt.amount),
        found_at,
        open: true,
    }
}

/// The record of a receipt that was entered from its paper copy: does the money lie where the record says? `claimed` is
/// what the record pays by its own words. The row comes back with `open: false` when it does (because somebody moved
/// it there, because the receipt was voided, or because none of it is on a debt yet), to close one that may stand.
pub fn paper_differs(
    standing: &Standing,
    paper: &PaperReceipt,
    core: &ReceiptCore,
    claimed: &Parts,
    found_at: Timestamp,
) -> Result<ExceptionRow, MoneyError> {
    let lies = Money::sum(standing.applied.values().copied())?;
    // What was paid back in part lies nowhere that could be compared.
    let is_whole = lies == standing.amount;
    let elsewhere = is_whole && standing.applied != *claimed;
    Ok(ExceptionRow {
        amount: Some(core.amount),
        open: standing.custody != Custody::Voided && (!paper.is_of(core) || elsewhere),
        ..about_document(
            ExceptionKind::PaperDiffers,
            standing.document,
            standing.customer,
            &core.number.to_string(),
            found_at,
        )
    })
}

/// Any finding about one document, for example `OutOfScope` or `RevokedAuthor`; open.
pub fn about_document(
    kind: ExceptionKind,
    document: DocumentId,
    customer: CustomerId,
    subject: &str,
    found_at: Timestamp,
) -> ExceptionRow {
    ExceptionRow {
        id: exception_id(kind, &Subject::Document(document)),
        kind,
        customer,
        document: Some(document),
        subject: subject.to_owned(),
        amount: None,
        found_at,
        open: true,
    }
}

#[cfg(test)]
mod tests;
