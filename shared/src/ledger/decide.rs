//! What a command of finance does: the one place that decides it. It is asked with what is known (the server's
//! store, or a [`Book`](super::book::Book) in memory) and answers with what is to be posted and moved.
//!
//! Invariants: nothing is answered but for a command that holds; each entry sums to zero; money is taken only
//! from where it is.

mod account;
mod case;
mod claims;
mod credit;
mod hand_in;
mod paper;
mod voids;

use std::collections::BTreeMap;

use crate::{
    day::Day,
    ids::{CommandId, CustomerId, Digest, DocumentId, InvoiceId, PaymentId, PersonId},
    invoice::Payment,
    money::Money,
    paper::qr::QrFacts,
    receipt::MethodKind,
};

pub use credit::Rated;
pub use paper::{PaperReceipt, paper_id};
pub use voids::{Approval, void_entry, void_waits};

use super::{
    account::Account,
    command::{Body, Command, CommandError, Debt, MOST_FEN, MOST_YEAR_BP, REASON_CHARS},
    custody::Custody,
    entry::{Entry, EntryKind, LedgerError, Posting, Source},
};

/// Sums by invoice; none stands for the account beside the invoices.
pub type Parts = BTreeMap<Option<InvoiceId>, Money>;

/// A receipt as far as commands depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The receipt.
    pub document: DocumentId,
    /// Its printed number.
    pub number: String,
    /// The entry that posted it first, if any.
    pub posted: Option<Digest>,
    /// Payer.
    pub customer: CustomerId,
    /// Who took the money.
    pub person: PersonId,
    /// Method.
    pub method: MethodKind,
    /// Sum.
    pub amount: Money,
    /// Where its money is.
    pub custody: Custody,
    /// What it has paid so far, with what was moved since: a debt as positive sum.
    pub applied: Parts,
}

/// A hand-in as it was counted, and what of its difference is not decided yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandIn {
    /// Its command.
    pub id: CommandId,
    /// Whose hands the money left.
    pub person: PersonId,
    /// Cash by the receipts.
    pub expected: Money,
    /// Cash as counted.
    pub counted: Money,
    /// What is to be decided yet: positive if cash is missing, negative if there is too much.
    pub open: Money,
}

/// What became of a command that needs two persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It waits.
    Open,
    /// It was carried out.
    Approved,
    /// It was turned down.
    Rejected,
}

/// What is known when a command comes.
pub trait Known {
    /// Why nothing can be said; refusals pass through it.
    type Error: From<CommandError>;
    /// A receipt.
    fn receipt(&self, id: DocumentId) -> Result<Option<Standing>, Self::Error>;
    /// Has the ledger this receipt, known by the digest of its sealed core, from its record or from its paper?
    fn has_receipt(&self, facts: &QrFacts) -> Result<bool, Self::Error>;
    /// What a receipt pays by its own words, given whose the invoices are now.
    fn claimed(&self, id: DocumentId) -> Result<Parts, Self::Error>;
    /// The approval of a void on a receipt's record, if there is one that counts.
    fn approval(&self, id: DocumentId) -> Result<Option<Approval>, Self::Error>;
    /// Is there such a customer?
    fn has_customer(&self, id: CustomerId) -> Result<bool, Self::Error>;
    /// Whose an invoice is.
    fn owner(&self, id: InvoiceId) -> Result<Option<CustomerId>, Self::Error>;
    /// Balance of an account.
    fn balance(&self, account: Account) -> Result<Money, Self::Error>;
    /// What of a customer's money from a receipt (or from the books, none) stands on a debt.
    fn paid(&self, debt: Debt, receipt: Option<DocumentId>) -> Result<Money, Self::Error>;
    /// What is written off of a debt and was not recovered.
    fn written_off(&self, debt: Debt) -> Result<Money, Self::Error>;
    /// A payment of the books.
    fn payment(&self, id: PaymentId) -> Result<Option<Payment>, Self::Error>;
    /// Has this line (of the bank, or a payment) settled a claim?
    fn line_used(&self, line: &str) -> Result<bool, Self::Error>;
    /// The command that switched on the rule by which a bank's lines are posted; none while it is off.
    fn bank_rule(&self) -> Result<Option<CommandId>, Self::Error>;
    /// A hand-in.
    fn hand_in(&self, id: CommandId) -> Result<Option<HandIn>, Self::Error>;
    /// A command that needs two persons, and what became of it.
    fn proposal(&self, id: CommandId) -> Result<Option<(Command, Decision)>, Self::Error>;
    /// The last closed day.
    fn closed_through(&self) -> Result<Option<Day>, Self::Error>;
}

/// What a command does. All of it happens, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// What is posted, if anything.
    pub entry: Option<Entry>,
    /// The day that the fact itself names, where the entry may lie later because days are closed.
    pub own_day: Option<Day>,
    /// A receipt that was entered from its paper copy.
    pub paper: Option<PaperReceipt>,
    /// Receipts whose money moves.
    pub moves: Vec<(DocumentId, Custody)>,
    /// A hand-in as it stands afterwards.
    pub hand_in: Option<HandIn>,
    /// A command that needs two persons, and what became of it.
    pub decided: Option<(CommandId, Decision)>,
    /// The last closed day from now on.
    pub closed_through: Option<Day>,
    /// The line that has settled a claim.
    pub line: Option<String>,
    /// The rule by which a bank's lines are posted: the command that switched it on, or none from now on.
    pub bank_rule: Option<Option<CommandId>>,
    /// What is written off of a debt; negative for what was recovered.
    pub written_off: Option<(Debt, Money)>,
    /// A customer's credit from now on.
    pub credit: Option<Rated>,
}

/// What the command does, as of `today`.
pub fn decide<K: Known>(command: &Command, known: &K, today: Day) -> Result<Effect, K::Error> {
    let reason = command.reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_CHARS {
        return Err(CommandError::Reason.into());
    }
    let closed = known.closed_through()?;
    if command.day > today {
        return Err(CommandError::DayAhead.into());
    }
    if let Some(closed) = closed.filter(|closed| command.day <= *closed) {
        return Err(CommandError::DayClosed(closed).into());
    }
    match &command.body {
        Body::ClosePeriod { through } => {
            if *through >= today || closed.is_some_and(|closed| *through <= closed) {
                return Err(CommandError::NotClosable.into());
            }
            Ok(Effect {
                closed_through: Some(*through),
                ..Effect::default()
            })
        }
        Body::Approve { proposal } | Body::Reject { proposal } => {
            second_word(command, *proposal, known)
        }
        body if body.needs_two() => {
            // What could not be carried out now is refused now.
            carry_out(command, known)?;
            Ok(Effect {
                decided: Some((command.id, Decision::Open)),
                ..Effect::default()
            })
        }
        Body::EnterPaper { .. } => paper::enter(command, known, today, closed),
        Body::MonthTarget { .. } => Ok(credit::target(&command.body, today)?),
        _ => carry_out(command, known),
    }
}

/// The second person's word on a command that needs two.
fn second_word<K: Known>(
    command: &Command,
    proposal: CommandId,
    known: &K,
) -> Result<Effect, K::Error> {
    let Some((proposed, decision)) = known.proposal(proposal)? else {
        return Err(CommandError::NoSuch("proposal").into());
    };
    if decision != Decision::Open {
        return Err(CommandError::Decided.into());
    }
    if proposed.person == command.person || concerns(&proposed.body, command.person, known)? {
        return Err(CommandError::SamePerson.into());
    }
    if matches!(command.body, Body::Reject { .. }) {
        return Ok(Effect {
            decided: Some((proposal, Decision::Rejected)),
            ..Effect::default()
        });
    }
    let proposed = Command {
        day: command.day,
        ..proposed
    };
    Ok(Effect {
        decided: Some((proposal, Decision::Approved)),
        ..carry_out(&proposed, known)?
    })
}

/// Is it about money that this person had in their hands? Then the second word on it is another's.
pub fn concerns<K: Known>(proposed: &Body, person: PersonId, known: &K) -> Result<bool, K::Error> {
    let had = match proposed {
        Body::DecideDifference { hand_in, .. } => known.hand_in(*hand_in)?.map(|h| h.person),
        Body::Refund {
            receipt: Some(receipt),
            ..
        } => known.receipt(*receipt)?.map(|standing| standing.person),
        _ => None,
    };
    Ok(had == Some(person))
}

fn carry_out<K: Known>(command: &Command, known: &K) -> Result<Effect, K::Error> {
    match &command.body {
        Body::ConfirmTransfer { .. } => claims::confirm_transfer(command, known),
        Body::ConfirmByRule { .. } => claims::confirm_by_rule(command, known),
        Body::BankRule { on } => claims::switch_rule(command, *on, known),
        Body::InterestRate { year_bp } if *year_bp > MOST_YEAR_BP => {
            Err(CommandError::TooLarge.into())
        }
        Body::ChequeCleared { receipt, fee } => claims::cleared(command, *receipt, *fee, known),
        Body::ChequeBounced { receipt } => claims::bounced(command, *receipt, known),
        Body::ChequePresented { receipt } => claims::presented(command, *receipt, known),
        Body::HandIn { .. } => hand_in::accept(command, known),
        Body::DecideDifference { .. } => hand_in::difference(command, known),
        Body::ConfirmVoid { receipt } => voids::confirm(command, *receipt, known),
        Body::LetterSent { .. } | Body::InvoiceDelivered { .. } | Body::LegalStep { .. } => {
            case::note(command, known)
        }
        Body::CreditRating { .. } | Body::CreditKept { .. } => credit::rate(&command.body, known),
        _ => account::carry_out(command, known),
    }
}

/// The receipt, which must have its money at one place.
fn standing_at<K: Known>(
    known: &K,
    receipt: DocumentId,
    custody: Custody,
) -> Result<Standing, K::Error> {
    let standing = known
        .receipt(receipt)?
        .ok_or(CommandError::NoSuch("receipt"))?;
    match standing.custody == custody {
        true => Ok(standing),
        false => Err(CommandError::Custody(standing.number).into()),
    }
}

fn positive(amount: Money) -> Result<(), CommandError> {
    match amount.is_positive() {
        true => Ok(()),
        false => Err(CommandError::NotPositive),
    }
}

/// Is it a sum that a company can have? Balances have to stay sums that can be read.
fn plausible(amount: Money) -> Result<(), CommandError> {
    match amount.fen().unsigned_abs() > MOST_FEN.unsigned_abs() {
        true => Err(CommandError::TooLarge),
        false => Ok(()),
    }
}

/// The entry of a command; lines on one account are added up, lines of nothing left out. None if nothing is
/// left.
fn entry_of(
    command: &Command,
    kind: EntryKind,
    receipt: Option<DocumentId>,
    lines: Vec<(Account, Money)>,
) -> Result<Option<Entry>, CommandError> {
    for (_, amount) in &lines {
        plausible(*amount)?;
    }
    let id = command.id;
    let source = Source::Command { id, receipt };
    entry(kind, source, command.day, lines, None)
}

fn entry(
    kind: EntryKind,
    source: Source,
    day: Day,
    lines: Vec<(Account, Money)>,
    reverses: Option<Digest>,
) -> Result<Option<Entry>, CommandError> {
    let mut postings: Vec<Posting> = Vec::with_capacity(lines.len());
    for (account, amount) in lines {
        match postings.iter_mut().find(|p| p.account == account) {
            Some(posting) => posting.amount = posting.amount.checked_add(amount)?,
            None => postings.push(Posting { account, amount }),
        }
    }
    postings.retain(|p| !p.amount.is_zero());
    if postings.is_empty() {
        return Ok(None);
    }
    let made: Result<Entry, LedgerError> = Entry::new(kind, source, day, postings, reverses);
    Ok(Some(made?))
}

/// Lines that credit a customer by what is paid (negative sums debit).
fn credits(customer: CustomerId, parts: &Parts) -> Vec<(Account, Money)> {
    parts
        .iter()
        .map(|(invoice, amount)| {
            let invoice = *invoice;
            (Account::Receivable { customer, invoice }, amount.negated())
        })
        .collect()
}
