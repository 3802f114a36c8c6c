//! The chart of accounts.

use serde::{Deserialize, Serialize};

use crate::ids::{CustomerId, InvoiceId, PersonId};

/// An account of the ledger. Assets and expenses are debit accounts (positive = debit).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Account {
    /// `Assets:Receivable:<customer>`, by invoice or on account (none).
    Receivable {
        /// Debtor.
        customer: CustomerId,
        /// Invoice, or none for what stands on account.
        invoice: Option<InvoiceId>,
    },
    /// `Assets:Field:Cash:<rep>`
    FieldCash(PersonId),
    /// `Assets:Field:Cheques:<rep>`
    FieldCheques(PersonId),
    /// `Assets:Cheques`
    Cheques,
    /// `Liabilities:ChequesUncleared`
    ChequesUncleared,
    /// `Assets:Bank`
    Bank,
    /// `Assets:Cash`
    Cash,
    /// `Income:Sales`
    Sales,
    /// `Income:Interest`
    Interest,
    /// `Income:Returns`
    Returns,
    /// `Expenses:BadDebt`
    BadDebt,
    /// `Expenses:Discounts`
    Discounts,
    /// `Expenses:CashShort`
    CashShort,
    /// `Expenses:BankFees`
    BankFees,
}
