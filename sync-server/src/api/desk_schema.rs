//! How commands of finance look in the API's description: the same shape as [`shared::ledger::command::Body`],
//! which a test holds it to.

use serde::Serialize;
use utoipa::ToSchema;

use super::credit::{BasisView, RatingView};

/// A debt of a customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Debt {
    /// Customer id.
    pub customer: String,
    /// Invoice id; none for the account beside the invoices.
    pub invoice: Option<String>,
}

/// Where money of the company lies.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Till {
    /// Cash.
    Cash,
    /// Bank.
    Bank,
}

/// What became of a difference.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// The money turned up; of a surplus: it was given back.
    Found,
    /// A loss of the company; of a surplus: a gain.
    CashShort,
}

/// Where money on a debt that had been written off came in.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecoveredFrom {
    /// Cash.
    Cash,
    /// Bank.
    Bank,
    /// Paid by a receipt: it stands as over-paid or on account.
    Account,
}

/// What was there when the ledger began.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpeningOf {
    /// Cash.
    Cash,
    /// Bank.
    Bank,
    /// What a customer had paid before; customer id.
    OnAccount(String),
}

/// That a paper went out, and who took it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// The day it went, `2026-11-21`.
    pub sent: String,
    /// `by_hand`, `post` or `electronic`.
    pub way: String,
    /// The day it was taken; not without who took it.
    pub received: Option<String>,
    /// Who took it; empty while nobody has.
    pub received_by: String,
    /// Number of the consignment; may be empty.
    pub tracking: String,
}

/// Which invoice a receipt pays.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Paid {
    /// Invoice id.
    pub invoice: String,
    /// How much of it.
    pub amount: String,
}

/// A command of finance. Ids are text, sums are text like `12345.60` and positive.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CommandBody {
    /// A transfer, WeChat or Alipay claim arrived. The bank's line settles one claim once; `booked` is a
    /// payment of the books that is this money.
    ConfirmTransfer {
        /// Document id.
        receipt: String,
        /// What the bank kept.
        fee: Option<String>,
        /// Reference of the bank's line.
        bank_line: Option<String>,
        /// Payment id.
        booked: Option<String>,
    },
    /// The same by the company's rule; issued by the server alone.
    ConfirmByRule {
        /// Document id.
        receipt: String,
        /// Reference of the bank's line.
        bank_line: String,
        /// Command id of what switched the rule on.
        rule: String,
    },
    /// Switches the rule on (two persons) or off that a bank's lines which name a claim, with its sum, are posted when
    /// the statement is read.
    BankRule {
        /// On?
        on: bool,
    },
    /// Sets the rate by which interest on arrears is proposed; it moves nothing.
    InterestRate {
        /// A year, in hundredths of a percent, at most 3650; zero: none.
        year_bp: u32,
    },
    /// Cash and cheques handed in.
    HandIn {
        /// Person id.
        person: String,
        /// Document ids of the receipts, 1 to 1000.
        receipts: Vec<String>,
        /// Cash as counted; may be zero.
        counted: String,
    },
    /// Decides a hand-in's difference, or a part of it. Two persons where cash is called lost.
    DecideDifference {
        /// Command id of the hand-in.
        hand_in: String,
        /// What became of it.
        what: Difference,
        /// How much.
        amount: String,
    },
    /// A cheque or bill cleared.
    ChequeCleared {
        /// Document id.
        receipt: String,
        /// What the bank kept.
        fee: Option<String>,
    },
    /// A cheque or bill bounced.
    ChequeBounced {
        /// Document id.
        receipt: String,
    },
    /// A bounced cheque is presented once more.
    ChequePresented {
        /// Document id.
        receipt: String,
    },
    /// Confirms a void that a supervisor approved after the money had left the field.
    ConfirmVoid {
        /// Document id.
        receipt: String,
    },
    /// Moves money from one debt of a customer to another.
    Reallocate {
        /// Customer id.
        customer: String,
        /// Document id of the receipt whose money it is; none for money of the books.
        receipt: Option<String>,
        /// From this invoice; none from the account.
        from: Option<String>,
        /// To this invoice; none to the account.
        to: Option<String>,
        /// How much.
        amount: String,
    },
    /// Pays money back. Two persons.
    Refund {
        /// On what it had been paid.
        debt: Debt,
        /// Document id of the receipt whose money it is; none for money of the books.
        receipt: Option<String>,
        /// From where.
        out_of: Till,
        /// How much.
        amount: String,
    },
    /// Grants a discount. Two persons.
    Discount {
        /// On what.
        debt: Debt,
        /// How much.
        amount: String,
    },
    /// Charges interest on arrears. Two persons.
    Interest {
        /// On what.
        debt: Debt,
        /// How much.
        amount: String,
    },
    /// Takes goods back, for no more than is open of the debt. Two persons.
    GoodsReturn {
        /// What they were sold under.
        debt: Debt,
        /// Their worth.
        amount: String,
    },
    /// Writes a debt off; the claim stays collectable. Two persons.
    WriteOff {
        /// What.
        debt: Debt,
        /// How much.
        amount: String,
    },
    /// Money on a debt that had been written off.
    Recover {
        /// What had been written off.
        debt: Debt,
        /// Where it came in.
        from: RecoveredFrom,
        /// How much.
        amount: String,
    },
    /// What was there when the ledger began.
    Opening {
        /// Where.
        of: OpeningOf,
        /// How much; negative for an overdraft.
        amount: String,
    },
    /// Enters a receipt from its paper copy: the phone that issued it is lost, and its record has not come.
    EnterPaper {
        /// The text of the printed code.
        code: String,
        /// Person id of whose the device is that issued it.
        person: String,
        /// Customer id of the payer whom the code names.
        customer: String,
        /// `cash`, `transfer`, `cheque`, `acceptance_bill`, `wechat` or `alipay`.
        method: String,
        /// Number of the cheque or bill, reference of the transfer; may be empty.
        reference: String,
        /// What it pays; the rest is on account.
        pays: Vec<Paid>,
    },
    /// Notes that a dunning letter went out, and who took it; it moves nothing.
    LetterSent {
        /// Customer id.
        customer: String,
        /// 1 to 4.
        letter: u8,
        /// How it went.
        delivery: Delivery,
    },
    /// Notes that an invoice went to the customer, and who took it; it moves nothing.
    InvoiceDelivered {
        /// Customer id.
        customer: String,
        /// Invoice id.
        invoice: String,
        /// How it went.
        delivery: Delivery,
    },
    /// Notes a step at law; it moves nothing.
    LegalStep {
        /// Customer id.
        customer: String,
        /// `payment_order_applied`, `payment_order_served`, `mediation_agreed`, `arbitration_applied`,
        /// `assets_preserved`, `guarantee_given`, `suit_filed` or `judgment_final`.
        step: String,
        /// `2026-11-21`
        on: String,
    },
    /// Rates a customer's credit anew. Two persons; it moves no money.
    CreditRating {
        /// Customer id.
        customer: String,
        /// Grade `A` to `D`, limit, term of at most 3650 days.
        rating: RatingView,
        /// Credit hold.
        hold: bool,
        /// What `/v1/desk/credit` says that the rule proposes, taken or not; none where it proposes nothing.
        basis: Option<BasisView>,
    },
    /// Leaves a customer's credit as it is, against what the rule proposes; that stays quiet until the facts change or
    /// the next review comes.
    CreditKept {
        /// Customer id.
        customer: String,
        /// What `/v1/desk/credit` says that the rule proposes.
        basis: BasisView,
    },
    /// Sets what a salesperson is to sell and to collect in a month; the last word counts. It moves nothing.
    MonthTarget {
        /// Person id.
        person: String,
        /// First day of the month, the running one or one of the next 24: `2026-11-01`
        month: String,
        /// To be sold; zero: no target.
        sales: String,
        /// To be collected; zero: no target.
        collection: String,
    },
    /// Closes the books up to a day that is over.
    ClosePeriod {
        /// `2026-11-21`
        through: String,
    },
    /// Approves a command that needs two persons.
    Approve {
        /// Its command id.
        proposal: String,
    },
    /// Turns such a command down.
    Reject {
        /// Its command id.
        proposal: String,
    },
}

#[cfg(test)]
mod tests {
    use shared::ledger::command::Body;

    use super::*;
    use crate::api::credit::StepsView;

    /// What the description shows can be read as a command, and is written the same way.
    #[test]
    fn the_described_shape_is_the_shape_that_is_read() {
        let id = || "00000000-0000-0000-0000-000000000001".to_owned();
        let (hash, amount) = ("ab".repeat(32), || "12.50".to_owned());
        let debt = || Debt {
            customer: id(),
            invoice: None,
        };
        let delivery = || Delivery {
            sent: "2026-11-20".to_owned(),
            way: "post".to_owned(),
            received: Some("2026-11-21".to_owned()),
            received_by: "王会计".to_owned(),
            tracking: "EA123456789CN".to_owned(),
        };
        let rating = || RatingView {
            grade: "B".to_owned(),
            limit: amount(),
            term_days: 30,
        };
        let basis = || BasisView {
            proposed: rating(),
            steps: StepsView {
                share: 1,
                delay: 0,
                broken: 0,
                bounced: 3,
                signs: 1,
            },
        };
        let all = [
            CommandBody::ConfirmTransfer {
                receipt: hash.clone(),
                fee: Some(amount()),
                bank_line: None,
                booked: Some(id()),
            },
            CommandBody::ConfirmByRule {
                receipt: hash.clone(),
                bank_line: "L-1".to_owned(),
                rule: id(),
            },
            CommandBody::BankRule { on: true },
            CommandBody::InterestRate { year_bp: 1_460 },
            CommandBody::HandIn {
                person: id(),
                receipts: vec![hash.clone()],
                counted: amount(),
            },
            CommandBody::DecideDifference {
                hand_in: id(),
                what: Difference::CashShort,
                amount: amount(),
            },
            CommandBody::ChequeCleared {
                receipt: hash.clone(),
                fee: Some(amount()),
            },
            CommandBody::ChequeBounced {
                receipt: hash.clone(),
            },
            CommandBody::ChequePresented {
                receipt: hash.clone(),
            },
            CommandBody::ConfirmVoid {
                receipt: hash.clone(),
            },
            CommandBody::Reallocate {
                customer: id(),
                receipt: Some(hash),
                from: None,
                to: Some(id()),
                amount: amount(),
            },
            CommandBody::Refund {
                debt: debt(),
                receipt: None,
                out_of: Till::Cash,
                amount: amount(),
            },
            CommandBody::Discount {
                debt: debt(),
                amount: amount(),
            },
            CommandBody::Interest {
                debt: debt(),
                amount: amount(),
            },
            CommandBody::GoodsReturn {
                debt: debt(),
                amount: amount(),
            },
            CommandBody::WriteOff {
                debt: debt(),
                amount: amount(),
            },
            CommandBody::Recover {
                debt: debt(),
                from: RecoveredFrom::Account,
                amount: amount(),
            },
            CommandBody::Opening {
                of: OpeningOf::OnAccount(id()),
                amount: amount(),
            },
            CommandBody::EnterPaper {
                code: "HK1|A07-261121-1".to_owned(),
                person: id(),
                customer: id(),
                method: "cheque".to_owned(),
                reference: "3077".to_owned(),
                pays: vec![Paid {
                    invoice: id(),
                    amount: amount(),
                }],
            },
            CommandBody::LetterSent {
                customer: id(),
                letter: 2,
                delivery: delivery(),
            },
            CommandBody::InvoiceDelivered {
                customer: id(),
                invoice: id(),
                delivery: delivery(),
            },
            CommandBody::LegalStep {
                customer: id(),
                step: "suit_filed".to_owned(),
                on: "2026-11-20".to_owned(),
            },
            CommandBody::CreditRating {
                customer: id(),
                rating: rating(),
                hold: true,
                basis: Some(basis()),
            },
            CommandBody::CreditKept {
                customer: id(),
                basis: basis(),
            },
            CommandBody::MonthTarget {
                person: id(),
                month: "2026-11-01".to_owned(),
                sales: amount(),
                collection: amount(),
            },
            CommandBody::ClosePeriod {
                through: "2026-11-20".to_owned(),
            },
            CommandBody::Approve { proposal: id() },
            CommandBody::Reject { proposal: id() },
        ];
        for described in all {
            let json = serde_json::to_value(&described).unwrap();
            let read: Body = serde_json::from_value(json.clone()).unwrap();
            assert_eq!(json["kind"], read.slug());
            assert_eq!(serde_json::to_value(&read).unwrap(), json);
        }
    }
}
