//! The chart of accounts, and the text that names each account in stores and exports.
//!
//! Invariant: [`Account::code`] and [`Account::parse`] are inverse to each other.

use std::{fmt, str::FromStr};

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
    /// `Equity:Opening`: the other side of what was there when the ledger began.
    Opening,
}

/// Text that names no account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an account")]
pub struct AccountError;

impl AccountError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        "ledger.account_invalid"
    }
}

/// Accounts without particulars and their codes.
const PLAIN: &[(Account, &str)] = &[
    (Account::Cheques, "Assets:Cheques"),
    (Account::ChequesUncleared, "Liabilities:ChequesUncleared"),
    (Account::Bank, "Assets:Bank"),
    (Account::Cash, "Assets:Cash"),
    (Account::Sales, "Income:Sales"),
    (Account::Interest, "Income:Interest"),
    (Account::Returns, "Income:Returns"),
    (Account::BadDebt, "Expenses:BadDebt"),
    (Account::Discounts, "Expenses:Discounts"),
    (Account::CashShort, "Expenses:CashShort"),
    (Account::BankFees, "Expenses:BankFees"),
    (Account::Opening, "Equity:Opening"),
];
const RECEIVABLE: &str = "Assets:Receivable:";
const FIELD_CASH: &str = "Assets:Field:Cash:";
const FIELD_CHEQUES: &str = "Assets:Field:Cheques:";
/// Stands in the place of the invoice for what is on account.
const ON_ACCOUNT: &str = "on-account";

impl Account {
    /// The account's name in stores and exports, for example
    /// `Assets:Receivable:<customer>:<invoice>` or `Assets:Receivable:<customer>:on-account`.
    pub fn code(&self) -> String {
        self.to_string()
    }

    /// Reads what [`Account::code`] writes, and nothing else.
    pub fn parse(code: &str) -> Result<Self, AccountError> {
        let account = Self::read(code).ok_or(AccountError)?;
        // Ids may be spelled in several ways; only the canonical one names the account.
        (account.code() == code)
            .then_some(account)
            .ok_or(AccountError)
    }

    fn read(code: &str) -> Option<Self> {
        if let Some(rest) = code.strip_prefix(RECEIVABLE) {
            let (customer, invoice) = rest.split_once(':')?;
            return Some(Self::Receivable {
                customer: customer.parse().ok()?,
                invoice: match invoice {
                    ON_ACCOUNT => None,
                    id => Some(id.parse().ok()?),
                },
            });
        }
        if let Some(person) = code.strip_prefix(FIELD_CASH) {
            return person.parse().ok().map(Self::FieldCash);
        }
        if let Some(person) = code.strip_prefix(FIELD_CHEQUES) {
            return person.parse().ok().map(Self::FieldCheques);
        }
        PLAIN
            .iter()
            .find(|(_, text)| *text == code)
            .map(|(account, _)| *account)
    }

    /// The debtor, of a receivable.
    pub fn customer(&self) -> Option<CustomerId> {
        match self {
            Self::Receivable { customer, .. } => Some(*customer),
            _ => None,
        }
    }

    /// The invoice, of a receivable that is not on account.
    pub fn invoice(&self) -> Option<InvoiceId> {
        match self {
            Self::Receivable { invoice, .. } => *invoice,
            _ => None,
        }
    }

    /// The salesperson, of what is in somebody's hands.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::FieldCash(person) | Self::FieldCheques(person) => Some(*person),
            _ => None,
        }
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Receivable {
                customer,
                invoice: Some(invoice),
            } => write!(f, "{RECEIVABLE}{customer}:{invoice}"),
            Self::Receivable {
                customer,
                invoice: None,
            } => write!(f, "{RECEIVABLE}{customer}:{ON_ACCOUNT}"),
            Self::FieldCash(person) => write!(f, "{FIELD_CASH}{person}"),
            Self::FieldCheques(person) => write!(f, "{FIELD_CHEQUES}{person}"),
            plain => {
                let known = PLAIN.iter().find(|(account, _)| account == plain);
                f.write_str(known.map_or("", |(_, code)| *code))
            }
        }
    }
}

impl FromStr for Account {
    type Err = AccountError;
    fn from_str(s: &str) -> Result<Self, AccountError> {
        Self::parse(s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_account_reads_back_from_its_code_and_codes_differ() {
        let (customer, person) = (CustomerId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(3)));
        let invoice = Some(InvoiceId(Uuid::from_u128(2)));
        let mut all: Vec<Account> = PLAIN.iter().map(|(account, _)| *account).collect();
        all.extend([
            Account::Receivable { customer, invoice },
            Account::Receivable {
                customer,
                invoice: None,
            },
            Account::FieldCash(person),
            Account::FieldCheques(person),
        ]);
        let mut codes = std::collections::BTreeSet::new();
        for account in all {
            assert_eq!(Account::parse(&account.code()), Ok(account));
            assert!(codes.insert(account.code()), "{account} named twice");
        }
        assert_eq!(codes.len(), 16);
    }

    #[test]
    fn text_that_names_no_account_is_refused() {
        for bad in [
            "",
            "Assets",
            "Assets:Receivable:",
            "Assets:Receivable:x:on-account",
            "Assets:Receivable:00000000-0000-0000-0000-000000000001",
            "Assets:Receivable:00000000000000000000000000000001:on-account",
            "Assets:Field:Cash:",
            "Income:Sales ",
        ] {
            assert_eq!(Account::parse(bad), Err(AccountError), "{bad}");
        }
    }

    #[test]
    fn particulars_are_told_only_where_there_are_any() {
        let (customer, person) = (CustomerId(Uuid::from_u128(1)), PersonId(Uuid::from_u128(3)));
        let on_account = Account::Receivable {
            customer,
            invoice: None,
        };
        assert_eq!(
            (
                on_account.customer(),
                on_account.invoice(),
                on_account.person()
            ),
            (Some(customer), None, None)
        );
        assert_eq!(Account::FieldCash(person).person(), Some(person));
        assert_eq!(Account::Sales.customer(), None);
    }
}
