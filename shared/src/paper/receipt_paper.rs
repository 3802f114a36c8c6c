//! The printed receipt 收款收据.

use crate::{
    day::Day,
    money::Money,
    receipt::{MethodKind, ReceiptCore},
};

/// A receipt as it is printed. The QR code is [`super::qr`]'s; labels and the method's name are the
/// screen's, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptPaper {
    /// 收款收据
    pub title: &'static str,
    /// Date printed.
    pub day: Day,
    /// Date as letters write it: 2026年11月21日.
    pub date: String,
    /// Number.
    pub number: String,
    /// Payer 交款单位.
    pub payer: String,
    /// Payee 收款单位.
    pub payee: String,
    /// Purpose 用途, may be empty.
    pub purpose: String,
    /// Method 收款方式.
    pub method: MethodKind,
    /// Number or reference of cheque, bill or transfer, may be empty.
    pub method_detail: String,
    /// Amount.
    pub amount: Money,
    /// Amount in figures: ¥12,000.00.
    pub amount_figures: String,
    /// Amount in capitals, with 人民币 directly before it.
    pub amount_capitals: String,
    /// Allocations: invoice number and sum.
    pub allocations: Vec<(String, Money)>,
    /// What is left on account 预收款, if anything.
    pub on_account: Option<Money>,
    /// Handler 经手人.
    pub handler: String,
    /// Who signed for the payer, if anybody did.
    pub signer: Option<String>,
}

/// Lays a receipt's core out for printing.
pub fn receipt_paper(core: &ReceiptCore) -> ReceiptPaper {
    let _ = core;
    unimplemented!()
}
