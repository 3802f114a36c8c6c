//! The promise letter 还款承诺书: acknowledgement of the debt, the demand made, and the dates.
//!
//! It names an explicit demand and the debtor's consent to pay, so that it restarts the limitation
//! period (Civil Code art. 195); a bare balance confirmation may not.

use crate::{
    day::Day,
    money::Money,
    promise::{Instalment, PromisedInvoice},
};

use super::Language;

/// What a letter says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterInputs {
    /// Creditor's name.
    pub company_name: String,
    /// Debtor's name.
    pub customer_name: String,
    /// Day of the letter.
    pub day: Day,
    /// What is owed in all; the instalments may cover a part of it.
    pub outstanding: Money,
    /// Instalments in due order.
    pub instalments: Vec<Instalment>,
    /// Invoices covered; none means the whole account.
    pub invoices: Vec<PromisedInvoice>,
}

/// The letter line by line: title, addressee, body, one line for each instalment, closing lines,
/// debtor, date. Signature and seal follow below.
pub fn promise_letter(inputs: &LetterInputs, language: Language) -> Vec<String> {
    let _ = (inputs, language);
    unimplemented!()
}
