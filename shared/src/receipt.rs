//! The receipt 收款单: money taken, sealed when issued. A void is a request that a supervisor decides.

use std::{fmt, str::FromStr};

use chrono::Datelike;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{
    day::{Day, Timestamp},
    evidence::{Attachment, Comment, Signature},
    ids::{CustomerId, Digest, DocumentId, ElementId, InvoiceId, PersonId},
    money::Money,
    visit::UnpaidReason,
};

/// How the money came. A transfer counts once it has arrived, a cheque once it has cleared (seed 000).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// 现金
    Cash,
    /// 银行转账
    Transfer {
        /// Bank reference or payer's account, may be empty.
        reference: String,
    },
    /// 支票
    Cheque {
        /// Cheque number.
        number: String,
        /// Drawee bank.
        bank: String,
    },
    /// 承兑汇票
    AcceptanceBill {
        /// Bill number.
        number: String,
        /// Acceptor.
        bank: String,
        /// Day on which it falls due.
        due: Option<Day>,
    },
    /// 微信
    WeChat {
        /// Transaction number, may be empty.
        reference: String,
    },
    /// 支付宝
    Alipay {
        /// Transaction number, may be empty.
        reference: String,
    },
}

crate::slug_enum! {
    /// A method without its particulars, for lists and sums.
    pub enum MethodKind {
        /// 现金
        Cash = "cash",
        /// 银行转账
        Transfer = "transfer",
        /// 支票
        Cheque = "cheque",
        /// 承兑汇票
        AcceptanceBill = "acceptance_bill",
        /// 微信
        WeChat = "wechat",
        /// 支付宝
        Alipay = "alipay",
    }
}

impl Method {
    /// Which method, without particulars.
    pub fn kind(&self) -> MethodKind {
        match self {
            Self::Cash => MethodKind::Cash,
            Self::Transfer { .. } => MethodKind::Transfer,
            Self::Cheque { .. } => MethodKind::Cheque,
            Self::AcceptanceBill { .. } => MethodKind::AcceptanceBill,
            Self::WeChat { .. } => MethodKind::WeChat,
            Self::Alipay { .. } => MethodKind::Alipay,
        }
    }
}

/// `<device code>-<yymmdd>-<n>`: n counts on without gaps for the life of the device code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptNumber {
    /// Given at enrolment, never reused: letters and digits, at most 8.
    pub device_code: String,
    /// Day of issue by the phone's clock.
    pub day: Day,
    /// 1, 2, 3 …
    pub n: u32,
}

impl fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.day.0;
        write!(
            f,
            "{}-{:02}{:02}{:02}-{}",
            self.device_code,
            day.year().rem_euclid(100),
            day.month(),
            day.day(),
            self.n
        )
    }
}

/// Text that is not a receipt number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a receipt number")]
pub struct ReceiptNumberError;

impl FromStr for ReceiptNumber {
    type Err = ReceiptNumberError;
    fn from_str(s: &str) -> Result<Self, ReceiptNumberError> {
        let mut parts = s.split('-');
        let (Some(code), Some(day), Some(n), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(ReceiptNumberError);
        };
        let code_ok =
            (1..=8).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric());
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        if !code_ok || !digits(day) || day.len() != 6 || !digits(n) {
            return Err(ReceiptNumberError);
        }
        let part =
            |range: std::ops::Range<usize>| day.get(range).and_then(|t| t.parse::<u32>().ok());
        let day = match (part(0..2), part(2..4), part(4..6)) {
            (Some(y), Some(m), Some(d)) => {
                Day::new(2000 + y as i32, m, d).ok_or(ReceiptNumberError)?
            }
            _ => return Err(ReceiptNumberError),
        };
        let n = n.parse().map_err(|_| ReceiptNumberError)?;
        Ok(Self {
            device_code: code.to_owned(),
            day,
            n,
        })
    }
}

impl Serialize for ReceiptNumber {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ReceiptNumber {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(D::Error::custom)
    }
}

/// Which invoice a receipt pays, and how much of it 核销明细.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// Invoice.
    pub invoice: InvoiceId,
    /// Its number as printed on the receipt.
    pub number: String,
    /// Sum; positive.
    pub amount: Money,
}

/// What the receipt leaves of what was asked for 差额, with the reason and the next date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortfall {
    /// What stays short; positive.
    pub amount: Money,
    /// Why.
    pub reason: UnpaidReason,
    /// When the rest will be paid.
    pub next_day: Day,
}

/// The sealed core of a receipt: unchangeable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptCore {
    /// Gap-free number of the device.
    pub number: ReceiptNumber,
    /// Seal hash of the device's previous receipt; none for its first.
    pub previous: Option<Digest>,
    /// Payer.
    pub customer: CustomerId,
    /// Payer's name as printed.
    pub customer_name: String,
    /// Payee's name as printed.
    pub company_name: String,
    /// Handler: the salesperson who took the money.
    pub person: PersonId,
    /// Their name as printed.
    pub person_name: String,
    /// When, by the phone's clock.
    pub issued_at: Timestamp,
    /// The business day printed.
    pub day: Day,
    /// How the money came.
    pub method: Method,
    /// Sum taken; positive.
    pub amount: Money,
    /// What it pays; what is left is on account 预收款.
    pub allocations: Vec<Allocation>,
    /// What was asked for.
    pub asked: Money,
    /// What stays short of that.
    pub shortfall: Option<Shortfall>,
    /// Purpose line as printed, may be empty.
    pub purpose: String,
    /// The payer's signature.
    pub signature: Option<Signature>,
    /// The server's clock at the phone's last word from it, when the receipt was issued: a phone clock
    /// that was set back keeps no promise (ledger: promise state). None if there never was one, or if
    /// an older version issued it.
    #[serde(default)]
    pub last_server_at: Option<Timestamp>,
    /// Refused receipts that this one corrects (see `document::Record::corrects`). The last field: a core
    /// that corrects nothing is sealed without it, as by the versions that did not know it.
    #[serde(default)]
    pub corrects: Vec<DocumentId>,
}

impl ReceiptCore {
    /// The business day on which the money counts, on a server that received the receipt on `received`;
    /// `offset_minutes` is that of the company's clocks.
    pub fn payment_day(&self, received: Day, offset_minutes: i32) -> Day {
        let heard = self.last_server_at.map(|at| Day::of(at, offset_minutes));
        crate::ledger::promise_state::payment_day(self.day, heard, received)
    }

    /// What is left after the allocations 预收款; an error if they exceed the amount or the range.
    pub fn on_account(&self) -> Result<Money, crate::money::MoneyError> {
        self.amount
            .checked_sub(Money::sum(self.allocations.iter().map(|a| a.amount))?)
    }
}

/// A request to void: an immutable element of the `void_requests` list. Nothing moves by it.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    autosurgeon::Reconcile,
    autosurgeon::Hydrate,
)]
pub struct VoidRequest {
    /// Identity.
    pub id: ElementId,
    /// Who asks.
    pub author: PersonId,
    /// When.
    pub at: Timestamp,
    /// Why; not empty.
    pub reason: String,
}

/// A supervisor's decision on a void request: an immutable element of the `void_decisions` list.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    autosurgeon::Reconcile,
    autosurgeon::Hydrate,
)]
pub struct VoidDecision {
    /// Identity.
    pub id: ElementId,
    /// The request decided.
    pub request: ElementId,
    /// Who decides.
    pub author: PersonId,
    /// When.
    pub at: Timestamp,
    /// True voids the receipt, false leaves it standing.
    pub approved: bool,
    /// What they said, may be empty.
    pub note: String,
}

/// A receipt document as read: sealed core and what has grown around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// What was issued.
    pub core: ReceiptCore,
    /// Requests to void it.
    pub void_requests: Vec<VoidRequest>,
    /// Decisions on them.
    pub void_decisions: Vec<VoidDecision>,
    /// Comments.
    pub comments: Vec<Comment>,
    /// Photos (transfer slip, cheque).
    pub attachments: Vec<Attachment>,
}

crate::slug_enum! {
    /// Where a receipt stands in the ledger, as the server says.
    pub enum ReceiptState {
        /// Cash booked: the customer is discharged, the salesperson owes it.
        Posted = "posted",
        /// A claim, not yet confirmed 在途.
        InTransit = "in_transit",
        /// A void was asked for and not decided; the money stands where it stood.
        VoidPending = "void_pending",
        /// Voided with a supervisor's approval.
        Voided = "voided",
        /// Finance has confirmed custody or arrival 收讫.
        Cleared = "cleared",
        /// A cheque or bill that the bank gave back: the debt stands.
        Bounced = "bounced",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_number_reads_back_and_others_are_refused() {
        let number = ReceiptNumber {
            device_code: "A07".into(),
            day: Day::new(2026, 11, 21).unwrap(),
            n: 2,
        };
        assert_eq!(number.to_string(), "A07-261121-2");
        assert_eq!("A07-261121-2".parse(), Ok(number));
        for bad in [
            "",
            "A07",
            "A07-261321-2",
            "A07-261121-",
            "A07-261121-2-3",
            "超-261121-1",
            "A07-2é1121-1",
            "A07-261121-99999999999",
        ] {
            assert_eq!(
                bad.parse::<ReceiptNumber>(),
                Err(ReceiptNumberError),
                "{bad}"
            );
        }
    }
}
