//! The statement 对账单 and the confirmation 对账函: what a customer owes as of a day, line by line, and what the
//! customer says to it: agreed with signature and seal, or disputed line by line.
//!
//! Invariants: a statement is frozen when it is made and is known by what it says ([`digest()`]); its lines
//! add up to its closing balance to the fen, and so do opening balance and movement; a statement moves no money, nor
//! does its answer; new terms or corrected figures are a new revision that replaces the old one.
//!
//! Source: seed 000, 3.2 (monthly and quarterly runs, signed and stamped), seed 003 (a confirmation with legal effect
//! every three or six months).

mod answer;

pub use answer::*;

use chrono::Datelike as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    day::Day,
    ids::{CustomerId, Digest, InvoiceId, StatementId},
    money::{Money, MoneyError},
    policy::Settings,
    sync::limits,
};

crate::slug_enum! {
    /// What a statement is made for.
    pub enum StatementPurpose {
        /// The monthly run 月结对账.
        Monthly = "monthly",
        /// The quarterly run 季结对账.
        Quarterly = "quarterly",
        /// A confirmation with legal effect 对账函.
        Confirmation = "confirmation",
        /// One customer, at any time.
        Single = "single",
    }
}

crate::slug_enum! {
    /// Where a statement stands.
    pub enum StatementState {
        /// With the customer, to be agreed.
        Sent = "sent",
        /// Agreed, signed.
        Agreed = "agreed",
        /// Disputed in some lines, which finance has to answer.
        Disputed = "disputed",
        /// Every disputed line is answered.
        Answered = "answered",
        /// Closed by finance as it stands.
        Closed = "closed",
        /// A new revision stands in its place.
        Replaced = "replaced",
    }
}

impl StatementState {
    /// Does it wait for somebody: the customer, or finance?
    pub fn is_open(self) -> bool {
        matches!(self, Self::Sent | Self::Disputed | Self::Answered)
    }
}

/// One open item of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementLine {
    /// The invoice; none for money on account, and for the rest of a long list.
    pub invoice: Option<InvoiceId>,
    /// Its number; empty if it is none.
    pub number: String,
    /// Day of issue; of what is no invoice the day of the statement.
    pub issued: Day,
    /// Due day, likewise.
    pub due: Day,
    /// What it came to when issued.
    pub amount: Money,
    /// What was open of it at the end of the day; negative for what is on account.
    pub outstanding: Money,
    /// How many items stand in it: 1 for an invoice, 0 for money on account, more for the rest of a long list.
    pub items: u32,
}

impl StatementLine {
    /// Is it what the customer has on account?
    pub fn is_on_account(&self) -> bool {
        self.invoice.is_none() && self.items == 0
    }
}

/// Money that came in during the period of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementPayment {
    /// Number of the receipt or of the payment in the books; may be empty.
    pub number: String,
    /// Business day.
    pub day: Day,
    /// Sum; negative if it went back.
    pub amount: Money,
    /// How many stand in it: more than 1 for the rest of a long list.
    pub items: u32,
}

/// A statement, as frozen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// What for.
    pub purpose: StatementPurpose,
    /// Debtor.
    pub customer: CustomerId,
    /// Debtor's number in the books.
    pub customer_number: String,
    /// Debtor's name.
    pub customer_name: String,
    /// Creditor's name.
    pub company_name: String,
    /// First day of the period.
    pub from: Day,
    /// Last day of the period: the balance is that at its end.
    pub as_of: Day,
    /// 1, and one more for each that replaces another.
    pub revision: u32,
    /// Balance before the period.
    pub opening: Money,
    /// Invoiced in it.
    pub invoiced: Money,
    /// Paid in it; positive for money that came in.
    pub paid: Money,
    /// All other changes: discounts, returns, interest, write-offs.
    pub other: Money,
    /// Balance at the end: opening + invoiced − paid + other; the sum of the lines.
    pub closing: Money,
    /// What is open, oldest due first, money on account last.
    pub lines: Vec<StatementLine>,
    /// Money in the period, by day.
    pub payments: Vec<StatementPayment>,
}

/// What a statement is made of, as the ledger says.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What for.
    pub purpose: StatementPurpose,
    /// Debtor.
    pub customer: CustomerId,
    /// Debtor's number in the books.
    pub customer_number: String,
    /// Debtor's name.
    pub customer_name: String,
    /// Creditor's name.
    pub company_name: String,
    /// First day of the period.
    pub from: Day,
    /// Last day of it.
    pub as_of: Day,
    /// 1, 2, 3 …
    pub revision: u32,
    /// Invoiced in the period.
    pub invoiced: Money,
    /// Paid in it.
    pub paid: Money,
    /// All other changes in it.
    pub other: Money,
    /// Open invoices, in any order.
    pub open: Vec<StatementLine>,
    /// Paid and not allocated; positive.
    pub on_account: Money,
    /// Money in the period, in any order.
    pub payments: Vec<StatementPayment>,
}

/// Why something can't be done with a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// A sum left the range.
    #[error("sum: {0}")]
    Money(#[from] MoneyError),
    /// More statements than one run makes.
    #[error("a run makes at most {} statements", limits::STATEMENTS_PER_RUN)]
    TooMany,
    /// The day is not over yet.
    #[error("the day is not over yet")]
    Day,
    /// It stands where this cannot be done.
    #[error("not possible where the statement stands")]
    State,
    /// The line was not disputed.
    #[error("this line was not disputed")]
    Line,
    /// Another answer to the line stands.
    #[error("the line has been answered otherwise")]
    Replied,
    /// No words where some are needed, or too many.
    #[error("1 to 500 characters are needed")]
    Words,
}

impl StatementError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Money(error) => error.code(),
            Self::TooMany => "statement.too_many",
            Self::Day => "statement.day",
            Self::State => "statement.state",
            Self::Line => "statement.line",
            Self::Replied => "statement.replied",
            Self::Words => "statement.words",
        }
    }
}

impl Statement {
    /// Freezes what the ledger says. What is beyond the limits stands folded in one line that says of how many.
    pub fn make(facts: Facts) -> Result<Self, StatementError> {
        let mut lines = facts.open;
        lines.sort_by(|a, b| (a.due, a.issued, &a.number).cmp(&(b.due, b.issued, &b.number)));
        let open = Money::sum(lines.iter().map(|line| line.outstanding))?;
        let closing = open.checked_sub(facts.on_account)?;
        let opening = closing
            .checked_sub(facts.invoiced)?
            .checked_add(facts.paid)?
            .checked_sub(facts.other)?;
        let beside = |items, amount, outstanding| StatementLine {
            invoice: None,
            number: String::new(),
            issued: facts.as_of,
            due: facts.as_of,
            amount,
            outstanding,
            items,
        };
        if lines.len() > limits::STATEMENT_LINES {
            let rest = lines.split_off(limits::STATEMENT_LINES - 1);
            let amount = Money::sum(rest.iter().map(|line| line.amount))?;
            let outstanding = Money::sum(rest.iter().map(|line| line.outstanding))?;
            lines.push(beside(count(rest.len()), amount, outstanding));
        }
        if !facts.on_account.is_zero() {
            let sum = facts.on_account.negated();
            lines.push(beside(0, sum, sum));
        }
        let mut payments = facts.payments;
        payments.sort_by(|a, b| (a.day, &a.number).cmp(&(b.day, &b.number)));
        if payments.len() > limits::STATEMENT_LINES {
            let rest = payments.split_off(limits::STATEMENT_LINES - 1);
            payments.push(StatementPayment {
                number: String::new(),
                day: facts.as_of,
                amount: Money::sum(rest.iter().map(|payment| payment.amount))?,
                items: count(rest.len()),
            });
        }
        Ok(Self {
            purpose: facts.purpose,
            customer: facts.customer,
            customer_number: facts.customer_number,
            customer_name: facts.customer_name,
            company_name: facts.company_name,
            from: facts.from,
            as_of: facts.as_of,
            revision: facts.revision,
            opening,
            invoiced: facts.invoiced,
            paid: facts.paid,
            other: facts.other,
            closing,
            lines,
            payments,
        })
    }

    /// Its canonical bytes, as text: JSON without blanks, the keys in the order above.
    pub fn content(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads canonical bytes.
    pub fn read(content: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(content)
    }

    /// Its name.
    pub fn id(&self) -> StatementId {
        id(
            self.customer,
            self.purpose == StatementPurpose::Confirmation,
            self.as_of,
            self.revision,
        )
    }

    /// Is there anything to agree on: a balance, or movement in the period?
    pub fn says_something(&self) -> bool {
        let sums = [
            self.opening,
            self.invoiced,
            self.paid,
            self.other,
            self.closing,
        ];
        !self.lines.is_empty() || sums.iter().any(|sum| !sum.is_zero())
    }
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}

/// SHA-256 of a statement's canonical bytes.
pub fn digest(content: &str) -> Digest {
    Digest(Sha256::digest(content).into())
}

/// The name of a statement: the same run made again names the same.
pub fn id(customer: CustomerId, confirmation: bool, as_of: Day, revision: u32) -> StatementId {
    let mut hash = Sha256::new();
    hash.update(b"huikuan statement ");
    hash.update(customer.0.as_bytes());
    hash.update([u8::from(confirmation)]);
    hash.update(as_of.number().to_le_bytes());
    hash.update(revision.to_le_bytes());
    StatementId(hash.finalize().into())
}

/// The first day of the period that ends with a day: of a monthly or single statement its month, of a quarterly one
/// its quarter, of a confirmation as many months as lie between two of them.
pub fn first_day(purpose: StatementPurpose, as_of: Day, settings: &Settings) -> Day {
    let months = match purpose {
        StatementPurpose::Monthly | StatementPurpose::Single | StatementPurpose::Unknown => 1,
        StatementPurpose::Quarterly => as_of.0.month0() % 3 + 1,
        StatementPurpose::Confirmation => settings.figures.confirmation_months.clamp(1, 24),
    };
    (1..months).fold(first_of_month(as_of), |first, _| {
        first_of_month(first.plus_days(-1))
    })
}

/// The first day of a day's month.
pub fn first_of_month(day: Day) -> Day {
    day.plus_days(1 - i64::from(day.0.day()))
}

/// The last day on which it is to be agreed: that of the window of the month after it (seed 000: the 1st to 7th), and
/// as many days from today if that has passed.
pub fn agree_until(as_of: Day, today: Day, settings: &Settings) -> Day {
    let days = i64::from(settings.figures.statement_until);
    let window = as_of.month_end().plus_days(days);
    match as_of == as_of.month_end() && today <= window {
        true => window,
        false => today.plus_days(days),
    }
}

#[cfg(test)]
pub(crate) mod tests;
