//! Commands of finance: what finance decides about money, each with who, when and why. A command is its own
//! fact: its id is given by who issues it, so that the same command twice is one.
//!
//! Invariants: a command carries a reason; what changes a debt without money, pays money back or calls cash lost
//! moves nothing before a second person approves it; what a command posts follows from it and from the facts
//! before it alone.

use serde::{Deserialize, Serialize};

use crate::{
    day::{Day, Timestamp},
    ids::{CommandId, CustomerId, DocumentId, InvoiceId, PaymentId, PersonId},
    money::{Money, MoneyError},
    policy::{credit::Rating, credit_review::Basis, legal::LegalStep},
    receipt::MethodKind,
};

use super::{case::Delivery, entry::LedgerError};

/// Largest sum of a command, in fen: ten billion yuan.
pub const MOST_FEN: i64 = 999_999_999_999;
/// Characters of a reason at most.
pub const REASON_CHARS: usize = 500;
/// The largest rate of interest a year that is taken, in hundredths of a percent: more is a slip of the finger.
pub const MOST_YEAR_BP: u32 = 3_650;
/// The longest term that is taken, in days.
pub const MOST_TERM_DAYS: u16 = 3_650;
/// How many months ahead of the running one a target is taken.
pub const TARGET_MONTHS_AHEAD: i64 = 24;
/// Receipts in one hand-in at most.
pub const HAND_IN_RECEIPTS: usize = 1_000;
/// Invoices that one receipt pays at most.
pub const PAPER_LINES: usize = crate::sync::limits::LINES;
/// Characters of a bank line's reference at most.
pub const BANK_LINE_CHARS: usize = 100;

/// Where money of the company lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Till {
    /// `Assets:Cash`
    Cash,
    /// `Assets:Bank`
    Bank,
}

/// What became of a difference between cash expected and counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// The money turned up; of a surplus: it was given back.
    Found,
    /// It is a loss of the company; of a surplus: a gain.
    CashShort,
}

/// Where money on a debt that had been written off came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecoveredFrom {
    /// `Assets:Cash`
    Cash,
    /// `Assets:Bank`
    Bank,
    /// The customer paid it by a receipt: it stands as over-paid on the invoice, or on account.
    Account,
}

/// What was there when the ledger began. (Debts are imported as invoices.)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpeningOf {
    /// Cash of the company.
    Cash,
    /// Money in the bank.
    Bank,
    /// What a customer had paid before 预收款.
    OnAccount(CustomerId),
}

/// A debt of a customer: one invoice, or the account beside the invoices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Debt {
    /// Who owes.
    pub customer: CustomerId,
    /// Which invoice; none for the account.
    #[serde(default)]
    pub invoice: Option<InvoiceId>,
}

/// Which invoice a receipt pays, and how much of it, as typed from its paper copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paid {
    /// Invoice of the payer.
    pub invoice: InvoiceId,
    /// How much of it; positive.
    pub amount: Money,
}

/// What finance decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Body {
    /// A transfer, WeChat or Alipay claim arrived. `bank_line` is the reference of the line of the bank
    /// statement: it settles one claim once. `booked` is a payment of the books that finance had posted
    /// before the claim came; then no money is posted again.
    ConfirmTransfer {
        /// The claim.
        receipt: DocumentId,
        /// What the bank kept of it.
        #[serde(default)]
        fee: Money,
        /// Reference of the bank's line.
        #[serde(default)]
        bank_line: Option<String>,
        /// Payment of the books that is this money.
        #[serde(default)]
        booked: Option<PaymentId>,
    },
    /// The same, by the company's rule: the line names the claim, with its sum. The server alone issues it, for who
    /// read the statement.
    ConfirmByRule {
        /// The claim.
        receipt: DocumentId,
        /// Reference of the bank's line.
        bank_line: String,
        /// The command that switched the rule on.
        rule: CommandId,
    },
    /// Switches the rule on or off that lines of a bank statement which name a claim, with its sum, are posted without
    /// a person. Off by default; two persons to switch it on, one to switch it off.
    BankRule {
        /// On?
        on: bool,
    },
    /// Sets the company's rate of interest on arrears, by which charges are proposed. It moves nothing: each charge is
    /// decided by two persons.
    InterestRate {
        /// A year, in hundredths of a percent; zero: none.
        year_bp: u32,
    },
    /// Cash and cheques handed in 交账. `counted` is the cash as counted before anybody said how much it
    /// should be.
    HandIn {
        /// Whose hands it leaves.
        person: PersonId,
        /// Receipts of it.
        receipts: Vec<DocumentId>,
        /// Cash as counted.
        counted: Money,
    },
    /// Decides a hand-in's difference, or a part of it. Two persons where cash is called lost.
    DecideDifference {
        /// The hand-in's command.
        hand_in: CommandId,
        /// What became of it.
        what: Difference,
        /// How much of it; positive.
        amount: Money,
    },
    /// A cheque or bill cleared.
    ChequeCleared {
        /// Its receipt.
        receipt: DocumentId,
        /// What the bank kept of it.
        #[serde(default)]
        fee: Money,
    },
    /// A cheque or bill bounced.
    ChequeBounced {
        /// Its receipt.
        receipt: DocumentId,
    },
    /// A bounced cheque is presented once more.
    ChequePresented {
        /// Its receipt.
        receipt: DocumentId,
    },
    /// Confirms the void of a receipt whose money has left the field already: beside the supervisor who
    /// approved it on the record a second person.
    ConfirmVoid {
        /// Receipt.
        receipt: DocumentId,
    },
    /// Moves money from one debt of a customer to another.
    Reallocate {
        /// Who paid.
        customer: CustomerId,
        /// The receipt whose money it is; none for money of the books.
        #[serde(default)]
        receipt: Option<DocumentId>,
        /// From this invoice; none from the account.
        #[serde(default)]
        from: Option<InvoiceId>,
        /// To this invoice; none to the account.
        #[serde(default)]
        to: Option<InvoiceId>,
        /// How much; positive.
        amount: Money,
    },
    /// Pays money back. Two persons.
    Refund {
        /// On what it had been paid.
        debt: Debt,
        /// The receipt whose money it is; none for money of the books.
        #[serde(default)]
        receipt: Option<DocumentId>,
        /// From where.
        out_of: Till,
        /// How much; positive.
        amount: Money,
    },
    /// Grants a discount. Two persons.
    Discount {
        /// On what.
        debt: Debt,
        /// How much; positive.
        amount: Money,
    },
    /// Charges interest on arrears (000: only after written notice, 001). Two persons.
    Interest {
        /// On what.
        debt: Debt,
        /// How much; positive.
        amount: Money,
    },
    /// Takes goods back. Two persons.
    GoodsReturn {
        /// What they were sold under.
        debt: Debt,
        /// Their worth; positive, at most what is open of the debt.
        amount: Money,
    },
    /// Writes a debt off; the claim stays collectable (002). Two persons.
    WriteOff {
        /// What.
        debt: Debt,
        /// How much; positive.
        amount: Money,
    },
    /// Money on a debt that had been written off.
    Recover {
        /// What had been written off.
        debt: Debt,
        /// Where it came in.
        from: RecoveredFrom,
        /// How much; positive.
        amount: Money,
    },
    /// What was there when the ledger began.
    Opening {
        /// Where.
        of: OpeningOf,
        /// How much there was; negative for an overdraft.
        amount: Money,
    },
    /// Enters a receipt from its paper copy, because the phone that issued it is lost. Number, day, sum, payer's
    /// name and digest are those of its code; what the code does not say is typed from the paper. Who took the
    /// money is whose the device is; that and the signature of the code the server has checked before.
    EnterPaper {
        /// The text of the printed code.
        code: String,
        /// Whose device issued it.
        person: PersonId,
        /// Payer.
        customer: CustomerId,
        /// How the money came.
        method: MethodKind,
        /// Number of the cheque or bill, reference of the transfer, as printed; may be empty.
        #[serde(default)]
        reference: String,
        /// What it pays; what is left is on account 预收款.
        #[serde(default)]
        pays: Vec<Paid>,
    },
    /// Notes that a dunning letter 催款函 went out, and who took it (000). It moves nothing.
    LetterSent {
        /// To whom.
        customer: CustomerId,
        /// Which of the four.
        letter: u8,
        /// How it went.
        delivery: Delivery,
    },
    /// Notes that an invoice went to the customer, and who took it (000). It moves nothing.
    InvoiceDelivered {
        /// Whose.
        customer: CustomerId,
        /// Which.
        invoice: InvoiceId,
        /// How it went.
        delivery: Delivery,
    },
    /// Notes a step at law on a customer's case (001, 002, 004). It moves nothing.
    LegalStep {
        /// Whose case.
        customer: CustomerId,
        /// The step.
        step: LegalStep,
        /// When it was taken.
        on: Day,
    },
    /// Rates a customer's credit anew: grade, limit, term and hold as they are from then on. Two persons. It moves no
    /// money.
    CreditRating {
        /// Whose.
        customer: CustomerId,
        /// Grade, limit and term.
        rating: Rating,
        /// Credit hold 停止供货.
        hold: bool,
        /// What the rule had proposed, taken or not; none where it proposed nothing.
        #[serde(default)]
        basis: Option<Basis>,
    },
    /// Leaves a customer's credit as it is, against what the rule proposes: that stays quiet until the facts change or
    /// the next review comes.
    CreditKept {
        /// Whose.
        customer: CustomerId,
        /// What the rule proposes.
        basis: Basis,
    },
    /// Sets what a salesperson is to sell and to collect in a month; the last word on a month counts. It moves nothing.
    MonthTarget {
        /// Who.
        person: PersonId,
        /// The first day of the month: the running one or a later one.
        month: Day,
        /// To be sold; zero: no target.
        sales: Money,
        /// To be collected; zero: no target.
        collection: Money,
    },
    /// Closes the books up to a day: it and the days before it take no more entries.
    ClosePeriod {
        /// The last closed day.
        through: Day,
    },
    /// Approves a command that needs two persons.
    Approve {
        /// It.
        proposal: CommandId,
    },
    /// Turns such a command down.
    Reject {
        /// It.
        proposal: CommandId,
    },
}

impl Body {
    /// Does it move nothing before a second person approves it? Whatever lowers or raises a debt without money
    /// coming in is approved (ledger.md: "interest, discount, return, write-off (approved)"; 002: concessions are
    /// approved by the supervisor), and so is money that goes out or is called lost, and that money is posted without a
    /// person from now on, and on how much credit goods go out. No sum is too small for that.
    pub fn needs_two(&self) -> bool {
        matches!(
            self,
            Self::Refund { .. }
                | Self::WriteOff { .. }
                | Self::Discount { .. }
                | Self::Interest { .. }
                | Self::GoodsReturn { .. }
                | Self::BankRule { on: true }
                | Self::CreditRating { .. }
                | Self::DecideDifference {
                    what: Difference::CashShort,
                    ..
                }
        )
    }

    /// The short text that names the kind.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::ConfirmTransfer { .. } => "confirm_transfer",
            Self::ConfirmByRule { .. } => "confirm_by_rule",
            Self::BankRule { .. } => "bank_rule",
            Self::InterestRate { .. } => "interest_rate",
            Self::HandIn { .. } => "hand_in",
            Self::DecideDifference { .. } => "decide_difference",
            Self::ChequeCleared { .. } => "cheque_cleared",
            Self::ChequeBounced { .. } => "cheque_bounced",
            Self::ChequePresented { .. } => "cheque_presented",
            Self::ConfirmVoid { .. } => "confirm_void",
            Self::Reallocate { .. } => "reallocate",
            Self::Refund { .. } => "refund",
            Self::Discount { .. } => "discount",
            Self::Interest { .. } => "interest",
            Self::GoodsReturn { .. } => "goods_return",
            Self::WriteOff { .. } => "write_off",
            Self::Recover { .. } => "recover",
            Self::Opening { .. } => "opening",
            Self::EnterPaper { .. } => "enter_paper",
            Self::LetterSent { .. } => "letter_sent",
            Self::InvoiceDelivered { .. } => "invoice_delivered",
            Self::LegalStep { .. } => "legal_step",
            Self::CreditRating { .. } => "credit_rating",
            Self::CreditKept { .. } => "credit_kept",
            Self::MonthTarget { .. } => "month_target",
            Self::ClosePeriod { .. } => "close_period",
            Self::Approve { .. } => "approve",
            Self::Reject { .. } => "reject",
        }
    }
}

/// A command with who, when and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// Given by who issues it.
    pub id: CommandId,
    /// Who.
    pub person: PersonId,
    /// When the server took it.
    pub at: Timestamp,
    /// The business day on which it posts.
    pub day: Day,
    /// Why; not blank.
    pub reason: String,
    /// What.
    pub body: Body,
}

impl Command {
    /// Is it the same command, sent once more? When it was taken first stands; on another day it posts something
    /// else.
    pub fn is_again(&self, again: &Command) -> bool {
        self.id == again.id
            && self.person == again.person
            && self.day == again.day
            && self.reason == again.reason
            && self.body == again.body
    }
}

/// Why a command is refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// No reason, or one that is too long.
    #[error("a reason of 1 to 500 characters is needed")]
    Reason,
    /// Another command has this id.
    #[error("another command was issued under this id")]
    OtherCommand,
    /// The day is closed.
    #[error("the books are closed through {0}: post on a later day")]
    DayClosed(Day),
    /// The day has not come yet.
    #[error("the day has not come yet")]
    DayAhead,
    /// Only days that are over can be closed, each once.
    #[error("only days that are over and not closed yet can be closed")]
    NotClosable,
    /// No such customer, invoice, receipt, hand-in, payment or command.
    #[error("no such {0}")]
    NoSuch(&'static str),
    /// The invoice is another customer's.
    #[error("the invoice is another customer's")]
    ForeignInvoice,
    /// The money of the receipt is not where this command could take it from.
    #[error("the money of receipt {0} is not where this could take it from")]
    Custody(String),
    /// The receipt is another salesperson's.
    #[error("receipt {0} is another salesperson's")]
    OtherHands(String),
    /// The same receipt twice, none, or too many.
    #[error("a hand-in names 1 to 1000 receipts, each once")]
    Receipts,
    /// A sum that must be positive is not.
    #[error("the sum must be positive")]
    NotPositive,
    /// A sum larger than what there is.
    #[error("there is only {0} to take it from")]
    TooMuch(Money),
    /// The sums differ.
    #[error("the sums differ: {0} was expected")]
    SumDiffers(Money),
    /// The bank's line has settled another claim, or the payment has.
    #[error("this line has settled a claim already")]
    LineUsed,
    /// No company has such sums: it is a slip of the finger.
    #[error("a sum of more than ten billion is not taken")]
    TooLarge,
    /// From and to are the same.
    #[error("from and to are the same")]
    SamePlace,
    /// Another person has to do this.
    #[error("another person has to do this: two people are needed")]
    SamePerson,
    /// It was decided already.
    #[error("it was decided already")]
    Decided,
    /// The void was not approved on the record.
    #[error("no supervisor has approved the void")]
    NotApproved,
    /// Not the code of a receipt that a device in use, or in use until then, signed.
    #[error("this is not the code of a receipt that could be entered")]
    PaperCode,
    /// The receipt is here already: in the ledger, refused, or waiting for review.
    #[error("receipt {0} is here already")]
    PaperKnown(String),
    /// The code names another payer.
    #[error("the code names another payer")]
    PaperPayer,
    /// The paper says nothing that a receipt can say: method, reference, too many invoices or one twice.
    #[error("this is not what a receipt can say")]
    PaperWords,
    /// No such letter, step or way; received before it was sent, or by nobody.
    #[error("this is not what a collection case can say")]
    Case,
    /// No such grade, a limit below zero, or a term that is too long.
    #[error("this is not a credit rating")]
    Credit,
    /// What the rule proposes is not what was decided about: the facts have changed meanwhile.
    #[error("the facts have changed: look at the proposal again")]
    CreditMoved,
    /// A rating of this customer waits for its second person.
    #[error("a credit rating of this customer waits for a second person")]
    CreditWaits,
    /// Not the first day of a month, a month that is over or too far ahead, or a sum below zero.
    #[error("this is not a target of a month that can be set")]
    Target,
    /// The ledger's rules refuse.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<MoneyError> for CommandError {
    fn from(error: MoneyError) -> Self {
        Self::Ledger(LedgerError::Money(error))
    }
}

impl CommandError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Reason => "command.reason",
            Self::OtherCommand => "command.other",
            Self::DayClosed(_) => "command.day_closed",
            Self::DayAhead => "command.day_ahead",
            Self::NotClosable => "command.not_closable",
            Self::NoSuch(_) => "command.no_such",
            Self::ForeignInvoice => "command.foreign_invoice",
            Self::Custody(_) => "command.custody",
            Self::OtherHands(_) => "command.other_hands",
            Self::Receipts => "command.receipts",
            Self::NotPositive => "command.not_positive",
            Self::TooMuch(_) => "command.too_much",
            Self::SumDiffers(_) => "command.sum_differs",
            Self::LineUsed => "command.line_used",
            Self::TooLarge => "command.too_large",
            Self::SamePlace => "command.same_place",
            Self::SamePerson => "command.same_person",
            Self::Decided => "command.decided",
            Self::NotApproved => "command.not_approved",
            Self::PaperCode => "command.paper_code",
            Self::PaperKnown(_) => "command.paper_known",
            Self::PaperPayer => "command.paper_payer",
            Self::PaperWords => "command.paper_words",
            Self::Case => "command.case",
            Self::Credit => "command.credit",
            Self::CreditMoved => "command.credit_moved",
            Self::CreditWaits => "command.credit_waits",
            Self::Target => "command.target",
            Self::Ledger(error) => error.code(),
        }
    }
}
