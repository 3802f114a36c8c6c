//! Journal entries: what was posted, because of what.
//!
//! Invariants: an [`Entry`] made by [`Entry::new`] has at least two lines, none of them zero, that
//! sum to zero, no account twice, and an id that follows from its kind and source; so the same
//! fact posted twice has the same id.

use std::{
    collections::BTreeSet,
    fmt::{self, Write as _},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    day::Day,
    ids::{CommandId, Digest, DocumentId, ElementId, InvoiceId, PaymentId},
    money::{Money, MoneyError},
};

use super::account::Account;

crate::slug_enum! {
    /// What kind of fact an entry records.
    pub enum EntryKind {
        /// An invoice imported or corrected.
        Invoice = "invoice",
        /// A payment taken over from the books.
        BookPayment = "book_payment",
        /// A receipt issued in the field.
        Receipt = "receipt",
        /// A receipt voided with approval.
        Void = "void",
        /// A transfer, WeChat or Alipay claim confirmed: the money has arrived.
        Transfer = "transfer",
        /// Cash and cheques handed in 交账.
        HandIn = "hand_in",
        /// What a count of cash differed by, decided.
        Difference = "difference",
        /// A cheque or bill that cleared.
        Cleared = "cleared",
        /// A cheque or bill that bounced.
        Bounced = "bounced",
        /// A bounced cheque presented once more.
        Presented = "presented",
        /// Money moved from one debt of a customer to another.
        Reallocation = "reallocation",
        /// Money paid back to a customer.
        Refund = "refund",
        /// A discount granted.
        Discount = "discount",
        /// Interest on arrears.
        Interest = "interest",
        /// Goods taken back 退货.
        Return = "return",
        /// A debt written off 坏账核销.
        WriteOff = "write_off",
        /// Money on a debt that had been written off.
        Recovery = "recovery",
        /// What was there when the ledger began.
        Opening = "opening",
    }
}

impl EntryKind {
    /// Can such an entry come of this fact?
    fn fits(self, source: &Source) -> bool {
        match self {
            Self::Invoice => matches!(source, Source::Invoice { .. }),
            Self::BookPayment => matches!(source, Source::Payment(_)),
            Self::Receipt => matches!(source, Source::Document { .. }),
            Self::Void => matches!(source, Source::Void { .. }),
            Self::Unknown => false,
            _ => matches!(source, Source::Command { .. }),
        }
    }

    /// Is it money that came from the customer, or went back? (What keeps promises; a discount, a
    /// return, interest or a write-off only changes the debt.)
    pub fn is_money(self) -> bool {
        matches!(
            self,
            Self::BookPayment
                | Self::Receipt
                | Self::Void
                | Self::Transfer
                | Self::Cleared
                | Self::Reallocation
                | Self::Refund
        )
    }

    /// Is it money that can be moved or given back? What was there when the ledger began is, though it
    /// keeps no promise.
    pub fn is_paid(self) -> bool {
        self.is_money() || self == Self::Opening
    }
}

/// Why something can't be posted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// The lines do not sum to zero.
    #[error("lines do not sum to zero, but to {0}")]
    Unbalanced(Money),
    /// Fewer than two lines.
    #[error("an entry has at least two lines")]
    TooFewLines,
    /// A line of nothing.
    #[error("a line of zero")]
    ZeroLine,
    /// Two lines on one account.
    #[error("two lines on one account")]
    AccountTwice,
    /// Kind and source do not belong together.
    #[error("the source does not belong to this kind of entry")]
    KindMismatch,
    /// A sum that must be positive is not.
    #[error("the sum must be positive")]
    NotPositive,
    /// Allocations exceed the sum taken.
    #[error("more allocated than taken")]
    OverAllocated,
    /// The id is not the hash of kind and source.
    #[error("the id does not belong to kind and source")]
    WrongId,
    /// Another fact stands in the journal under the same source.
    #[error("another fact is posted under the same source")]
    OtherFact,
    /// A sum out of range.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl LedgerError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unbalanced(_) => "ledger.unbalanced",
            Self::TooFewLines => "ledger.too_few_lines",
            Self::ZeroLine => "ledger.zero_line",
            Self::AccountTwice => "ledger.account_twice",
            Self::KindMismatch => "ledger.kind_mismatch",
            Self::NotPositive => "ledger.not_positive",
            Self::OverAllocated => "ledger.over_allocated",
            Self::WrongId => "ledger.wrong_id",
            Self::OtherFact => "ledger.other_fact",
            Self::Money(error) => error.code(),
        }
    }
}

/// The fact behind an entry. An entry's id is the hash of kind and source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Source {
    /// A sealed document: its id and the digest of its core.
    Document {
        /// Document.
        id: DocumentId,
        /// Digest of its sealed core.
        core: Digest,
    },
    /// The n-th state of an invoice (corrections count up).
    Invoice {
        /// Invoice.
        id: InvoiceId,
        /// 0 when first imported.
        revision: u32,
    },
    /// A payment from the books.
    Payment(PaymentId),
    /// An approved void: the receipt and the decision.
    Void {
        /// Receipt.
        receipt: DocumentId,
        /// Decision.
        decision: ElementId,
    },
    /// A command of finance.
    Command {
        /// Command.
        id: CommandId,
        /// The receipt whose money it moves, if it is that of one receipt.
        receipt: Option<DocumentId>,
    },
}

impl Source {
    /// The whole source as text, for stores and exports: `invoice:<id>:<revision>` and the like.
    pub fn code(&self) -> String {
        match self {
            Self::Document { id, core } => format!("document:{id}:{core}"),
            Self::Invoice { id, revision } => format!("invoice:{id}:{revision}"),
            Self::Payment(id) => format!("payment:{id}"),
            Self::Void { receipt, decision } => format!("void:{receipt}:{decision}"),
            Self::Command { id, receipt: None } => format!("command:{id}"),
            Self::Command {
                id,
                receipt: Some(receipt),
            } => format!("command:{id}:{receipt}"),
        }
    }

    /// The receipt behind it, if there is one.
    pub fn receipt(&self) -> Option<DocumentId> {
        match self {
            Self::Document { id, .. } => Some(*id),
            Self::Void { receipt, .. } => Some(*receipt),
            Self::Command { receipt, .. } => *receipt,
            Self::Invoice { .. } | Self::Payment(_) => None,
        }
    }

    /// What makes two sources the same fact. A receipt is voided once, whoever approves it first:
    /// the decision is recorded, but is not part of the key.
    pub fn key(&self) -> String {
        match self {
            Self::Void { receipt, .. } => format!("void:{receipt}"),
            Self::Command { id, .. } => format!("command:{id}"),
            other => other.code(),
        }
    }
}

/// One line of an entry; positive debits the account, negative credits it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Account.
    pub account: Account,
    /// Sum.
    pub amount: Money,
}

/// An entry before it is chained into the journal. Its postings sum to zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Hash of kind and source.
    pub id: Digest,
    /// Kind.
    pub kind: EntryKind,
    /// Why.
    pub source: Source,
    /// Business day.
    pub day: Day,
    /// At least two lines.
    pub postings: Vec<Posting>,
    /// The entry that this one reverses.
    pub reverses: Option<Digest>,
}

/// The id of the entry that records a fact: SHA-256 over `kind` and [`Source::key`].
pub fn entry_id(kind: EntryKind, source: &Source) -> Digest {
    let text = format!("huikuan.entry-id.1\n{}\n{}\n", kind.slug(), source.key());
    Digest(Sha256::digest(text.as_bytes()).into())
}

impl Entry {
    /// Makes an entry; refuses one that is not balanced or not well formed.
    pub fn new(
        kind: EntryKind,
        source: Source,
        day: Day,
        postings: Vec<Posting>,
        reverses: Option<Digest>,
    ) -> Result<Self, LedgerError> {
        let id = entry_id(kind, &source);
        let entry = Self {
            id,
            kind,
            source,
            day,
            postings,
            reverses,
        };
        entry.check_form()?;
        Ok(entry)
    }

    /// Checks what [`Entry::new`] promises, for entries that come from a store or a message.
    pub fn validate(&self) -> Result<(), LedgerError> {
        self.check_form()?;
        match self.id == entry_id(self.kind, &self.source) {
            true => Ok(()),
            false => Err(LedgerError::WrongId),
        }
    }

    /// Everything but the id.
    fn check_form(&self) -> Result<(), LedgerError> {
        if !self.kind.fits(&self.source)
            || (self.kind == EntryKind::Void) != self.reverses.is_some()
        {
            return Err(LedgerError::KindMismatch);
        }
        if self.postings.len() < 2 {
            return Err(LedgerError::TooFewLines);
        }
        if self.postings.iter().any(|p| p.amount.is_zero()) {
            return Err(LedgerError::ZeroLine);
        }
        let accounts: BTreeSet<Account> = self.postings.iter().map(|p| p.account).collect();
        if accounts.len() != self.postings.len() {
            return Err(LedgerError::AccountTwice);
        }
        let sum = Money::sum(self.postings.iter().map(|p| p.amount))?;
        if sum.is_zero() {
            Ok(())
        } else {
            Err(LedgerError::Unbalanced(sum))
        }
    }

    /// The bytes that the journal's chain covers: a line each for what the entry says, then a line
    /// for each posting in its order. Never changes for an entry once written.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        let mut text = String::with_capacity(256 + 96 * self.postings.len());
        // Writing into a string does not fail.
        let _ = self.write_canonical(&mut text);
        text.into_bytes()
    }

    fn write_canonical(&self, text: &mut String) -> fmt::Result {
        let (id, kind, source, day) = (self.id, self.kind.slug(), self.source.code(), self.day);
        write!(text, "huikuan.entry.1\n{id}\n{kind}\n{source}\n{day}\n")?;
        match self.reverses {
            None => text.write_str("-\n")?,
            Some(reverses) => writeln!(text, "{reverses}")?,
        }
        for posting in &self.postings {
            writeln!(text, "{} {}", posting.account, posting.amount)?;
        }
        Ok(())
    }

    /// Is this entry, which the journal holds already under the same id, the same fact as `again`?
    ///
    /// Then posting it again is a no-op. The day of the first posting stands, so days may differ;
    /// all else must agree, or it is [`LedgerError::OtherFact`].
    pub fn check_replay(&self, again: &Entry) -> Result<(), LedgerError> {
        let same = self.id == again.id
            && self.kind == again.kind
            && self.source.key() == again.source.key()
            && self.postings == again.postings
            && self.reverses == again.reverses;
        if same {
            Ok(())
        } else {
            Err(LedgerError::OtherFact)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn line(account: Account, fen: i64) -> Posting {
        Posting {
            account,
            amount: Money::from_fen(fen).unwrap(),
        }
    }

    fn payment(lines: Vec<Posting>) -> Result<Entry, LedgerError> {
        let source = Source::Payment(PaymentId(Uuid::from_u128(9)));
        let day = Day::new(2026, 11, 21).unwrap();
        Entry::new(EntryKind::BookPayment, source, day, lines, None)
    }

    #[test]
    fn an_entry_that_is_not_balanced_or_well_formed_is_refused() {
        let check = |lines: &[(Account, i64)], expected: Result<(), LedgerError>| {
            let lines = lines.iter().map(|(a, fen)| line(*a, *fen)).collect();
            assert_eq!(payment(lines).map(|_| ()), expected);
        };
        use Account::{Bank, BankFees, Sales};
        check(&[(Bank, 100), (Sales, -100)], Ok(()));
        check(&[(Bank, 95), (BankFees, 5), (Sales, -100)], Ok(()));
        check(
            &[(Bank, 100), (Sales, -99)],
            Err(LedgerError::Unbalanced(Money::from_fen(1).unwrap())),
        );
        check(&[], Err(LedgerError::TooFewLines));
        check(&[(Bank, 100)], Err(LedgerError::TooFewLines));
        check(&[(Bank, 0), (Sales, 0)], Err(LedgerError::ZeroLine));
        check(&[(Bank, 100), (Bank, -100)], Err(LedgerError::AccountTwice));
    }

    #[test]
    fn kind_source_and_reversal_must_belong_together() {
        let day = Day::new(2026, 11, 21).unwrap();
        let lines = || vec![line(Account::Bank, 1), line(Account::Sales, -1)];
        let source = Source::Payment(PaymentId(Uuid::from_u128(9)));
        let wrong_kind = Entry::new(EntryKind::Invoice, source.clone(), day, lines(), None);
        assert_eq!(wrong_kind, Err(LedgerError::KindMismatch));
        let reversed = Some(Digest([1; 32]));
        let reversal = Entry::new(EntryKind::BookPayment, source, day, lines(), reversed);
        assert_eq!(reversal, Err(LedgerError::KindMismatch));
        let mut entry = payment(lines()).unwrap();
        entry.id = Digest([0; 32]);
        assert_eq!(entry.validate(), Err(LedgerError::WrongId));
    }

    #[test]
    fn the_bytes_of_an_entry_never_change() {
        let entry = payment(vec![
            line(Account::Bank, 123_456),
            line(Account::Sales, -123_456),
        ])
        .unwrap();
        expect_test::expect![[r#"
            huikuan.entry.1
            aa5191b2f1783d8acbdcf384c8688c3dc5aabab369794322f67196ec4ed9801e
            book_payment
            payment:00000000-0000-0000-0000-000000000009
            2026-11-21
            -
            Assets:Bank 1234.56
            Income:Sales -1234.56
        "#]]
        .assert_eq(&String::from_utf8(entry.canonical_bytes()).unwrap());
    }

    #[test]
    fn the_same_fact_again_is_no_new_fact_and_another_under_its_source_is_an_error() {
        let lines = |fen| vec![line(Account::Bank, fen), line(Account::Sales, -fen)];
        let first = payment(lines(100)).unwrap();
        let mut later = first.clone();
        later.day = later.day.plus_days(3);
        assert_eq!(first.check_replay(&later), Ok(()));
        let other = payment(lines(200)).unwrap();
        assert_eq!(other.id, first.id);
        assert_eq!(first.check_replay(&other), Err(LedgerError::OtherFact));
    }

    #[test]
    fn a_receipt_is_voided_once_whoever_decides() {
        let void = |decision| Source::Void {
            receipt: DocumentId([1; 32]),
            decision: ElementId(Uuid::from_u128(decision)),
        };
        assert_eq!(
            entry_id(EntryKind::Void, &void(1)),
            entry_id(EntryKind::Void, &void(2))
        );
        assert_ne!(void(1).code(), void(2).code());
    }

    proptest! {
        #[test]
        fn whatever_lines_are_given_an_entry_that_is_made_sums_to_zero(
            fens in proptest::collection::vec(-50i64..50, 0..6),
        ) {
            let accounts = [Account::Bank, Account::Sales, Account::Cash, Account::BadDebt,
                Account::Cheques, Account::BankFees];
            let lines: Vec<Posting> =
                accounts.into_iter().zip(&fens).map(|(a, fen)| line(a, *fen)).collect();
            let good = fens.len() >= 2 && fens.iter().all(|f| *f != 0)
                && fens.iter().sum::<i64>() == 0;
            prop_assert_eq!(payment(lines).is_ok(), good);
        }
    }
}
