//! What a book in memory knows of a receipt: by its record, or by its paper copy until the record comes.

use super::Book;
use crate::{
    ids::{CustomerId, Digest, DocumentId, PersonId},
    ledger::{
        command::Debt,
        custody::Custody,
        decide::{self, Approval, PaperReceipt},
    },
    money::Money,
    receipt::{MethodKind, ReceiptCore},
};

/// A receipt in the book.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) words: Words,
    pub(super) custody: Custody,
    pub(super) posted: Option<Digest>,
    pub(super) approval: Option<Approval>,
}

/// What a receipt says.
#[derive(Clone, Debug)]
pub(super) enum Words {
    /// Its record.
    Record(Box<ReceiptCore>),
    /// What was typed from its paper copy, and its record if that has come since.
    Paper(Box<PaperReceipt>, Option<Box<ReceiptCore>>),
}

impl Words {
    pub(super) fn customer(&self) -> CustomerId {
        match self {
            Self::Record(core) => core.customer,
            Self::Paper(paper, _) => paper.customer,
        }
    }

    pub(super) fn person(&self) -> PersonId {
        match self {
            Self::Record(core) => core.person,
            Self::Paper(paper, _) => paper.person,
        }
    }

    pub(super) fn method(&self) -> MethodKind {
        match self {
            Self::Record(core) => core.method.kind(),
            Self::Paper(paper, _) => paper.method,
        }
    }

    pub(super) fn amount(&self) -> Money {
        match self {
            Self::Record(core) => core.amount,
            Self::Paper(paper, _) => paper.facts.amount,
        }
    }

    pub(super) fn number(&self) -> String {
        match self {
            Self::Record(core) => core.number.to_string(),
            Self::Paper(paper, _) => paper.facts.number.to_string(),
        }
    }
}

impl Book {
    /// Takes in a receipt that was entered from its paper copy.
    pub(super) fn enter(&mut self, paper: PaperReceipt, posted: Option<Digest>) {
        let (id, method) = (paper.id(), paper.method);
        self.seals.insert(paper.facts.core);
        let held = Held {
            words: Words::Paper(Box::new(paper), None),
            custody: Custody::issued(method),
            posted,
            approval: None,
        };
        self.receipts.insert(id, held);
    }

    /// The record of a receipt that was entered from its paper copy: what was posted then is the record's from now on.
    pub(super) fn take_over(
        &mut self,
        document: DocumentId,
        seal: Digest,
        core: &ReceiptCore,
    ) -> bool {
        let paper = decide::paper_id(seal);
        let Some(mut held) = self.receipts.remove(&paper) else {
            return false;
        };
        if let Words::Paper(_, record) = &mut held.words {
            *record = Some(Box::new(core.clone()));
        }
        self.customers.insert(core.customer);
        self.receipts.insert(document, held);
        self.papers.insert(paper, document);
        let of_paper = |(receipt, _): &(Option<DocumentId>, Debt)| *receipt == Some(paper);
        let keys: Vec<_> = self.paid.keys().copied().filter(of_paper).collect();
        for key in keys {
            if let Some(sum) = self.paid.remove(&key) {
                self.paid.insert((Some(document), key.1), sum);
            }
        }
        true
    }

    /// The id of a receipt that was entered from its paper, once its record has come, or the id itself.
    pub(super) fn now(&self, receipt: DocumentId) -> DocumentId {
        self.papers.get(&receipt).copied().unwrap_or(receipt)
    }

    pub(super) fn held(&self, receipt: DocumentId) -> Option<&Held> {
        self.receipts.get(&self.now(receipt))
    }
}
