//! What a book in memory tells commands.

use crate::{
    day::Day,
    ids::{CommandId, CustomerId, DocumentId, InvoiceId, PaymentId},
    invoice::Payment,
    money::Money,
    paper::qr::QrFacts,
};

use super::{Book, Words};
use crate::ledger::{
    account::Account,
    command::{Command, CommandError, Debt},
    decide::{Approval, Decision, HandIn, Known, Parts, Standing},
    posting,
};

impl Known for Book {
    type Error = CommandError;

    fn receipt(&self, id: DocumentId) -> Result<Option<Standing>, CommandError> {
        Ok(self.standing(id))
    }

    fn claimed(&self, id: DocumentId) -> Result<Parts, CommandError> {
        let held = self.held(id).ok_or(CommandError::NoSuch("receipt"))?;
        let owner = |invoice| self.invoices.get(&invoice).map(|(owner, _)| *owner);
        match &held.words {
            Words::Record(core) => Ok(posting::receipt_parts(core, &owner)?.0),
            Words::Paper(paper, Some(core)) if paper.pays_as(core) => {
                Ok(posting::receipt_parts(core, &owner)?.0)
            }
            Words::Paper(paper, _) => paper.parts(&|id| owner(id) == Some(paper.customer)),
        }
    }

    fn has_receipt(&self, facts: &QrFacts) -> Result<bool, CommandError> {
        Ok(self.seals.contains(&facts.core))
    }

    fn approval(&self, id: DocumentId) -> Result<Option<Approval>, CommandError> {
        Ok(self.held(id).and_then(|held| held.approval))
    }

    fn has_customer(&self, id: CustomerId) -> Result<bool, CommandError> {
        Ok(self.customers.contains(&id))
    }

    fn owner(&self, id: InvoiceId) -> Result<Option<CustomerId>, CommandError> {
        Ok(self.invoices.get(&id).map(|(owner, _)| *owner))
    }

    fn balance(&self, account: Account) -> Result<Money, CommandError> {
        Ok(self.balance_of(account))
    }

    fn paid(&self, debt: Debt, receipt: Option<DocumentId>) -> Result<Money, CommandError> {
        let receipt = receipt.map(|receipt| self.now(receipt));
        Ok(self
            .paid
            .get(&(receipt, debt))
            .copied()
            .unwrap_or(Money::ZERO))
    }

    fn written_off(&self, debt: Debt) -> Result<Money, CommandError> {
        Ok(self.written_off.get(&debt).copied().unwrap_or(Money::ZERO))
    }

    fn payment(&self, id: PaymentId) -> Result<Option<Payment>, CommandError> {
        Ok(self.payments.get(&id).cloned())
    }

    fn line_used(&self, line: &str) -> Result<bool, CommandError> {
        Ok(self.lines.contains(line))
    }

    fn bank_rule(&self) -> Result<Option<CommandId>, CommandError> {
        Ok(self.bank_rule)
    }

    fn hand_in(&self, id: CommandId) -> Result<Option<HandIn>, CommandError> {
        Ok(self.hand_ins.get(&id).copied())
    }

    fn proposal(&self, id: CommandId) -> Result<Option<(Command, Decision)>, CommandError> {
        let decision = self.decisions.get(&id).copied();
        Ok(self.commands.get(&id).cloned().zip(decision))
    }

    fn closed_through(&self) -> Result<Option<Day>, CommandError> {
        Ok(self.closed_through)
    }
}
