//! A whole ledger in memory: facts go in, in their order, and come out as entries and balances. It is what a
//! rebuild compares the live ledger with, and what the laws of the ledger are tested on.
//!
//! Invariants: a fact that stands already changes nothing; a refused one neither; entries are those that
//! [`posting`] and [`decide`] make, nothing else.

mod known;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    day::{Day, Timestamp},
    ids::{CommandId, CustomerId, Digest, DocumentId, InvoiceId, PaymentId, PersonId},
    invoice::{Invoice, Payment},
    money::Money,
    receipt::{MethodKind, ReceiptCore},
};

use super::{
    account::Account,
    chain::{self, ChainedEntry},
    command::{Command, CommandError, Debt},
    custody::Custody,
    decide::{self, Approval, Decision, Effect, HandIn, Parts, Standing},
    entry::{Entry, LedgerError},
    posting,
};

use words::{Held, Words};

/// What a ledger is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// An invoice in its n-th state; its amount is that of this state.
    Invoice {
        /// As it was.
        invoice: Invoice,
        /// 0 when first imported.
        revision: u32,
    },
    /// A payment of the books.
    Payment(Payment),
    /// A receipt admitted.
    Receipt {
        /// Its document.
        document: DocumentId,
        /// Digest of its sealed core.
        seal: Digest,
        /// The core.
        core: Box<ReceiptCore>,
    },
    /// The void of a receipt approved on its record.
    Void {
        /// The receipt.
        receipt: DocumentId,
        /// Who asked and who decided.
        approval: Approval,
    },
    /// A command of finance.
    Command(Command),
}

/// The ledger.
#[derive(Clone, Debug, Default)]
pub struct Book {
    offset_minutes: i32,
    entries: Vec<ChainedEntry>,
    ids: BTreeMap<Digest, usize>,
    balances: BTreeMap<Account, Money>,
    customers: BTreeSet<CustomerId>,
    /// Whose an invoice is, and its amount by now.
    invoices: BTreeMap<InvoiceId, (CustomerId, Money)>,
    payments: BTreeMap<PaymentId, Payment>,
    receipts: BTreeMap<DocumentId, Held>,
    /// Digests of the receipts that are there.
    seals: BTreeSet<Digest>,
    /// Receipts that were entered from their papers and whose records have come since.
    papers: BTreeMap<DocumentId, DocumentId>,
    /// Money that stands on a debt, by the receipt that it came with (none: by the books).
    paid: BTreeMap<(Option<DocumentId>, Debt), Money>,
    written_off: BTreeMap<Debt, Money>,
    lines: BTreeSet<String>,
    hand_ins: BTreeMap<CommandId, HandIn>,
    commands: BTreeMap<CommandId, Command>,
    decisions: BTreeMap<CommandId, Decision>,
    closed_through: Option<Day>,
    bank_rule: Option<CommandId>,
}

impl Book {
    /// An empty ledger of a company whose clocks are so many minutes east of UTC.
    pub fn new(offset_minutes: i32) -> Self {
        Self {
            offset_minutes,
            ..Self::default()
        }
    }

    /// Entries in the order in which they were posted, chained.
    pub fn entries(&self) -> &[ChainedEntry] {
        &self.entries
    }

    /// Balances of all accounts on which something stands.
    pub fn balances(&self) -> BTreeMap<Account, Money> {
        let mut balances = self.balances.clone();
        balances.retain(|_, balance| !balance.is_zero());
        balances
    }

    /// Where the money of a receipt is.
    pub fn custody(&self, receipt: DocumentId) -> Option<Custody> {
        self.held(receipt).map(|held| held.custody)
    }

    /// Is an approved void waiting for finance?
    pub fn void_waits(&self, receipt: DocumentId) -> bool {
        self.held(receipt)
            .is_some_and(|held| held.approval.is_some() && held.custody != Custody::Voided)
    }

    /// Hand-ins as they were counted, with what is not decided yet.
    pub fn hand_ins(&self) -> impl Iterator<Item = &HandIn> {
        self.hand_ins.values()
    }

    /// What became of the commands that need two persons.
    pub fn decisions(&self) -> &BTreeMap<CommandId, Decision> {
        &self.decisions
    }

    /// The lines (of the bank, or payments) that have settled a claim.
    pub fn settled_lines(&self) -> &BTreeSet<String> {
        &self.lines
    }

    /// Receipts that were entered from their papers and whose records have come since: the record by the earlier id.
    pub fn paper_records(&self) -> &BTreeMap<DocumentId, DocumentId> {
        &self.papers
    }

    /// What is written off of which debt and was not recovered; may hold zeros.
    pub fn written_off(&self) -> &BTreeMap<Debt, Money> {
        &self.written_off
    }

    /// The approval that voids a receipt, or waits for finance.
    pub fn approval(&self, receipt: DocumentId) -> Option<Approval> {
        self.held(receipt).and_then(|held| held.approval)
    }

    /// Receipts whose approved void waits for finance.
    pub fn waiting_voids(&self) -> impl Iterator<Item = DocumentId> {
        let waits = |held: &Held| held.approval.is_some() && held.custody != Custody::Voided;
        let receipts = self.receipts.iter();
        receipts
            .filter(move |(_, held)| waits(held))
            .map(|(id, _)| *id)
    }

    /// The command that switched on the rule by which a bank's lines are posted; none while it is off.
    pub fn bank_rule(&self) -> Option<CommandId> {
        self.bank_rule
    }

    /// The last closed day.
    pub fn closed(&self) -> Option<Day> {
        self.closed_through
    }

    /// What a customer claims to have paid and nobody has confirmed 在途.
    pub fn in_transit(&self, customer: CustomerId) -> Result<Money, LedgerError> {
        let of_customer = self
            .receipts
            .values()
            .filter(|held| held.words.customer() == customer)
            .filter(|held| held.custody.in_transit(held.words.method()))
            .map(|held| held.words.amount());
        Ok(Money::sum(of_customer)?)
    }

    /// A customer that has nothing yet, so that commands may name it.
    pub fn add_customer(&mut self, customer: CustomerId) {
        self.customers.insert(customer);
    }

    /// Takes a fact that the server received at a time. True if it was new. An error changes nothing.
    pub fn apply(&mut self, at: Timestamp, fact: &Fact) -> Result<bool, CommandError> {
        match fact {
            Fact::Invoice { invoice, revision } => self.take_invoice(at, invoice, *revision),
            Fact::Payment(payment) => self.take_payment(at, payment),
            Fact::Receipt {
                document,
                seal,
                core,
            } => self.take_receipt(at, *document, *seal, core),
            Fact::Void { receipt, approval } => self.take_void(at, *receipt, *approval),
            Fact::Command(command) => self.take_command(at, command),
        }
    }

    fn today(&self, at: Timestamp) -> Day {
        Day::of(at, self.offset_minutes)
    }

    fn open_day(&self, day: Day) -> Day {
        open_day(day, self.closed_through)
    }

    fn take_invoice(
        &mut self,
        at: Timestamp,
        invoice: &Invoice,
        revision: u32,
    ) -> Result<bool, CommandError> {
        let before = match self.invoices.get(&invoice.id) {
            Some((owner, _)) if *owner != invoice.customer => {
                return Err(CommandError::ForeignInvoice);
            }
            Some((_, amount)) => *amount,
            None => Money::ZERO,
        };
        let day = self.open_day(invoice.issued);
        let entry = posting::invoice_entry(invoice, revision, before, day)?;
        let is_new = match &entry {
            Some(entry) if self.ids.contains_key(&entry.id) => false,
            Some(entry) => self.post(at, entry, None)?,
            None => !self.invoices.contains_key(&invoice.id),
        };
        if is_new {
            self.customers.insert(invoice.customer);
            self.invoices
                .insert(invoice.id, (invoice.customer, invoice.amount));
        }
        Ok(is_new)
    }

    fn take_payment(&mut self, at: Timestamp, payment: &Payment) -> Result<bool, CommandError> {
        let entry = posting::book_payment_entry(payment, self.open_day(payment.day))?;
        let is_new = self.post(at, &entry, None)?;
        self.customers.insert(payment.customer);
        self.payments.insert(payment.id, payment.clone());
        Ok(is_new)
    }

    fn take_receipt(
        &mut self,
        at: Timestamp,
        document: DocumentId,
        seal: Digest,
        core: &ReceiptCore,
    ) -> Result<bool, CommandError> {
        if self.receipts.contains_key(&document) {
            return Ok(false);
        }
        if self.take_over(document, seal, core) {
            return Ok(true);
        }
        let day = self.open_day(core.payment_day(self.today(at), self.offset_minutes));
        let owner = |invoice| self.invoices.get(&invoice).map(|(owner, _)| *owner);
        let posted = posting::receipt_entry(document, seal, core, day, &owner)?;
        if let Some(entry) = &posted.entry {
            self.post(at, entry, Some(core.person))?;
        }
        self.customers.insert(core.customer);
        let held = Held {
            words: Words::Record(Box::new(core.clone())),
            custody: Custody::issued(core.method.kind()),
            posted: posted.entry.map(|entry| entry.id),
            approval: None,
        };
        self.receipts.insert(document, held);
        self.seals.insert(seal);
        Ok(true)
    }

    fn take_void(
        &mut self,
        at: Timestamp,
        receipt: DocumentId,
        approval: Approval,
    ) -> Result<bool, CommandError> {
        let standing = self
            .standing(receipt)
            .ok_or(CommandError::NoSuch("receipt"))?;
        let known = self.held(receipt);
        if standing.custody == Custody::Voided || known.is_some_and(|held| held.approval.is_some())
        {
            return Ok(false);
        }
        if !decide::void_waits(&standing) {
            let day = self.open_day(self.today(at));
            if let Some(entry) = decide::void_entry(&standing, approval.decision, day)? {
                self.post(at, &entry, Some(approval.approver))?;
            }
        }
        if let Some(held) = self.receipts.get_mut(&standing.document) {
            held.approval = Some(approval);
            if !decide::void_waits(&standing) {
                held.custody = Custody::Voided;
            }
        }
        Ok(true)
    }

    fn take_command(&mut self, at: Timestamp, command: &Command) -> Result<bool, CommandError> {
        if let Some(known) = self.commands.get(&command.id) {
            return match known.is_again(command) {
                true => Ok(false),
                false => Err(CommandError::OtherCommand),
            };
        }
        let effect = decide::decide(command, self, self.today(at))?;
        if let Some(entry) = &effect.entry {
            self.post(at, entry, Some(command.person))?;
        }
        self.commands.insert(command.id, command.clone());
        self.take_effect(effect)?;
        Ok(true)
    }

    fn take_effect(&mut self, effect: Effect) -> Result<(), CommandError> {
        let posted = effect.entry.as_ref();
        let of = posted.and_then(|entry| entry.source.receipt());
        let of = of.map(|receipt| self.now(receipt));
        for (receipt, custody) in effect.moves {
            let receipt = self.now(receipt);
            if let Some(held) = self.receipts.get_mut(&receipt) {
                held.custody = custody;
                let own = posted.filter(|_| of == Some(receipt));
                held.posted = held.posted.or(own.map(|entry| entry.id));
            }
        }
        if let Some(paper) = effect.paper {
            self.enter(paper, posted.map(|entry| entry.id));
        }
        if let Some(hand_in) = effect.hand_in {
            self.hand_ins.insert(hand_in.id, hand_in);
        }
        self.decisions.extend(effect.decided);
        self.lines.extend(effect.line);
        self.closed_through = effect.closed_through.or(self.closed_through);
        self.bank_rule = effect.bank_rule.unwrap_or(self.bank_rule);
        if let Some((debt, amount)) = effect.written_off {
            let sum = self.written_off.entry(debt).or_insert(Money::ZERO);
            *sum = sum.checked_add(amount)?;
        }
        Ok(())
    }

    /// Posts an entry; false if it stands already.
    fn post(
        &mut self,
        at: Timestamp,
        entry: &Entry,
        person: Option<PersonId>,
    ) -> Result<bool, CommandError> {
        if let Some(stands) = self.ids.get(&entry.id).and_then(|n| self.entries.get(*n)) {
            stands.entry.check_replay(entry)?;
            return Ok(false);
        }
        let mut sums = Vec::with_capacity(entry.postings.len());
        for posting in &entry.postings {
            let balance = self.balance_of(posting.account);
            sums.push((posting.account, balance.checked_add(posting.amount)?));
        }
        let last = self.entries.last().map(|chained| chained.hash);
        let hash = chain::link(last, entry, person, at);
        self.balances.extend(sums);
        if entry.kind.is_paid() {
            self.count_as_paid(entry)?;
        }
        self.ids.insert(entry.id, self.entries.len());
        self.entries.push(ChainedEntry {
            entry: entry.clone(),
            person,
            received_at: at,
            hash,
        });
        Ok(true)
    }

    fn count_as_paid(&mut self, entry: &Entry) -> Result<(), CommandError> {
        for posting in &entry.postings {
            if let Account::Receivable { customer, invoice } = posting.account {
                let receipt = entry.source.receipt().map(|receipt| self.now(receipt));
                let key = (receipt, Debt { customer, invoice });
                let sum = self.paid.entry(key).or_insert(Money::ZERO);
                *sum = sum.checked_sub(posting.amount)?;
            }
        }
        Ok(())
    }

    fn balance_of(&self, account: Account) -> Money {
        self.balances.get(&account).copied().unwrap_or(Money::ZERO)
    }

    /// A receipt as commands see it.
    pub fn standing(&self, document: DocumentId) -> Option<Standing> {
        let document = self.now(document);
        let held = self.receipts.get(&document)?;
        let customer = held.words.customer();
        let first = Debt {
            customer,
            invoice: None,
        };
        let mut applied: Parts = self
            .paid
            .range((Some(document), first)..)
            .take_while(|((receipt, debt), _)| {
                *receipt == Some(document) && debt.customer == customer
            })
            .map(|((_, debt), amount)| (debt.invoice, *amount))
            .collect();
        applied.retain(|_, amount| !amount.is_zero());
        Some(Standing {
            document,
            number: held.words.number(),
            posted: held.posted,
            customer,
            person: held.words.person(),
            method: held.words.method(),
            amount: held.words.amount(),
            custody: held.custody,
            applied,
        })
    }

    /// Cash of the receipts that a person holds, with what is not decided of their hand-ins' differences:
    /// what `Assets:Field:Cash:<rep>` must be at every moment.
    pub fn cash_in_hands(&self, person: PersonId) -> Result<Money, LedgerError> {
        let held = self
            .receipts
            .values()
            .filter(|held| held.words.person() == person && held.custody == Custody::Field)
            .filter(|held| held.words.method() == MethodKind::Cash)
            .map(|held| held.words.amount());
        let open = self
            .hand_ins
            .values()
            .filter(|hand_in| hand_in.person == person)
            .map(|hand_in| hand_in.open);
        Ok(Money::sum(held.chain(open))?)
    }
}

/// The day itself, or the first open day after the closed ones.
pub fn open_day(day: Day, closed_through: Option<Day>) -> Day {
    closed_through.map_or(day, |closed| day.max(closed.plus_days(1)))
}

#[cfg(test)]
mod tests;
