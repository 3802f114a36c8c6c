//! Receipts entered from their paper copies: the phone that issued them is lost, their records may come late or never.
//!
//! Invariants: a receipt counts once, whether its record or its paper comes first: both are known by the digest of
//! the sealed core, which the code carries; the entry of a paper is that of the receipt, on the day of the receipt.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::{Effect, Known, Parts, entry, plausible, positive};
use crate::{
    day::Day,
    ids::{CustomerId, Digest, DocumentId, PersonId},
    ledger::{
        book,
        command::{Body, Command, CommandError, PAPER_LINES, Paid},
        entry::{EntryKind, Source},
        posting,
    },
    money::Money,
    paper::qr::{self, QrFacts},
    receipt::{MethodKind, ReceiptCore},
    sync::limits,
};

/// A receipt as it was entered from its paper copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperReceipt {
    /// What its code says.
    pub facts: QrFacts,
    /// Who took the money.
    pub person: PersonId,
    /// Payer.
    pub customer: CustomerId,
    /// How the money came.
    pub method: MethodKind,
    /// Number of the cheque or bill, reference of the transfer; may be empty.
    pub reference: String,
    /// What it pays, as typed.
    pub pays: Vec<Paid>,
}

impl PaperReceipt {
    /// The receipt that a command enters; none if it is another command, or names no receipt.
    pub fn of(body: &Body) -> Option<Self> {
        let Body::EnterPaper {
            code,
            person,
            customer,
            method,
            reference,
            pays,
        } = body
        else {
            return None;
        };
        Some(Self {
            facts: qr::read_qr(code).ok()?,
            person: *person,
            customer: *customer,
            method: *method,
            reference: reference.trim().to_owned(),
            pays: pays.clone(),
        })
    }

    /// The id under which the ledger has it for as long as its record has not come.
    pub fn id(&self) -> DocumentId {
        paper_id(self.facts.core)
    }

    /// What it pays by what was typed, given whose the invoices are now: the rest, and what is another's, on account.
    pub fn parts(
        &self,
        is_own: &dyn Fn(crate::ids::InvoiceId) -> bool,
    ) -> Result<Parts, CommandError> {
        let mut rest = self.facts.amount;
        let mut parts = Parts::new();
        for paid in self.pays.iter().filter(|paid| is_own(paid.invoice)) {
            let part = parts.entry(Some(paid.invoice)).or_insert(Money::ZERO);
            *part = part.checked_add(paid.amount)?;
            rest = rest.checked_sub(paid.amount)?;
        }
        if !rest.is_zero() {
            parts.insert(None, rest);
        }
        Ok(parts)
    }

    /// Has its record the same payer, sum, method and salesperson? Then what the record says that it pays counts.
    pub fn is_of(&self, core: &ReceiptCore) -> bool {
        self.pays_as(core) && (self.method, self.person) == (core.method.kind(), core.person)
    }

    /// Has its record the same payer and sum, so that its words say where the money belongs?
    pub fn pays_as(&self, core: &ReceiptCore) -> bool {
        (self.customer, self.facts.amount) == (core.customer, core.amount)
    }
}

/// The id under which the ledger has a receipt that was entered from its paper copy: it follows from the digest of
/// the sealed core alone, so that the same paper is the same receipt.
pub fn paper_id(core: Digest) -> DocumentId {
    let text = format!("huikuan.paper-receipt.1\n{core}\n");
    DocumentId(Sha256::digest(text.as_bytes()).into())
}

/// Enters a receipt from its paper copy: it posts what the receipt itself would.
pub(super) fn enter<K: Known>(
    command: &Command,
    known: &K,
    today: Day,
    closed: Option<Day>,
) -> Result<Effect, K::Error> {
    let paper = PaperReceipt::of(&command.body).ok_or(CommandError::PaperCode)?;
    if known.has_receipt(&paper.facts)? {
        return Err(CommandError::PaperKnown(paper.facts.number.to_string()).into());
    }
    if paper.person == command.person {
        return Err(CommandError::SamePerson.into());
    }
    check(&paper, known, today)?;
    // Whose the invoices are was just asked.
    let parts = paper.parts(&|_| true)?;
    let PaperReceipt {
        facts,
        person,
        customer,
        method,
        ..
    } = &paper;
    let lines = posting::issued_lines(*person, *customer, *method, facts.amount, &parts);
    let source = Source::Document {
        id: paper.id(),
        core: facts.core,
    };
    let day = book::open_day(facts.day, closed);
    Ok(Effect {
        entry: entry(EntryKind::Receipt, source, day, lines, None)?,
        own_day: Some(facts.day),
        paper: Some(paper),
        ..Effect::default()
    })
}

/// What was typed is something that a receipt of this customer can say.
fn check<K: Known>(paper: &PaperReceipt, known: &K, today: Day) -> Result<(), K::Error> {
    let amount = paper.facts.amount;
    positive(amount)?;
    plausible(amount)?;
    if paper.facts.day > today {
        return Err(CommandError::DayAhead.into());
    }
    let is_method = paper.method != MethodKind::Unknown;
    let fits = paper.reference.chars().count() <= limits::NAME_CHARS;
    if !is_method || !fits || paper.pays.len() > PAPER_LINES {
        return Err(CommandError::PaperWords.into());
    }
    if !known.has_customer(paper.customer)? {
        return Err(CommandError::NoSuch("customer").into());
    }
    let mut sums = BTreeMap::new();
    for paid in &paper.pays {
        positive(paid.amount)?;
        plausible(paid.amount)?;
        match known.owner(paid.invoice)? {
            None => return Err(CommandError::NoSuch("invoice").into()),
            Some(owner) if owner != paper.customer => {
                return Err(CommandError::ForeignInvoice.into());
            }
            Some(_) => {}
        }
        if sums.insert(paid.invoice, paid.amount).is_some() {
            return Err(CommandError::PaperWords.into());
        }
    }
    let allocated = Money::sum(sums.into_values()).map_err(CommandError::from)?;
    match allocated > amount {
        true => Err(CommandError::TooMuch(amount).into()),
        false => Ok(()),
    }
}
