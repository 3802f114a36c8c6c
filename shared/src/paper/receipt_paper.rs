//! The printed receipt 收款收据.

use crate::{
    day::Day,
    money::Money,
    receipt::{Method, MethodKind, ReceiptCore},
};

use super::{in_capitals, yuan};

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
    ReceiptPaper {
        title: "收款收据",
        day: core.day,
        date: core.day.in_letters(),
        number: core.number.to_string(),
        payer: core.customer_name.clone(),
        payee: core.company_name.clone(),
        purpose: core.purpose.clone(),
        method: core.method.kind(),
        method_detail: method_detail(&core.method),
        amount: core.amount,
        amount_figures: yuan(core.amount),
        amount_capitals: in_capitals(core.amount),
        allocations: core
            .allocations
            .iter()
            .map(|a| (a.number.clone(), a.amount))
            .collect(),
        on_account: core.on_account().ok().filter(|left| left.is_positive()),
        handler: core.person_name.clone(),
        signer: core.signature.as_ref().map(|s| s.signer.name.clone()),
    }
}

fn method_detail(method: &Method) -> String {
    let parts: Vec<String> = match method {
        Method::Cash => Vec::new(),
        Method::Transfer { reference }
        | Method::WeChat { reference }
        | Method::Alipay { reference } => vec![reference.clone()],
        Method::Cheque { number, bank } => vec![bank.clone(), number.clone()],
        Method::AcceptanceBill { number, bank, due } => vec![
            bank.clone(),
            number.clone(),
            due.map(|day| day.to_string()).unwrap_or_default(),
        ],
    };
    let filled: Vec<String> = parts.into_iter().filter(|p| !p.trim().is_empty()).collect();
    filled.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::tests::receipt_core;

    #[test]
    fn a_receipt_shows_its_amount_in_both_forms_and_what_stays_on_account() {
        let paper = receipt_paper(&receipt_core());
        assert_eq!(paper.number, "A07-261121-2");
        assert_eq!(paper.date, "2026年11月21日");
        assert_eq!(paper.amount_figures, "¥12,000.00");
        assert_eq!(paper.amount_capitals, "人民币壹万贰仟元整");
        assert_eq!(
            paper.allocations,
            [("FP-0918".to_owned(), Money::from_yuan(9_740))]
        );
        assert_eq!(paper.on_account, Some(Money::from_yuan(2_260)));
        assert_eq!(
            (paper.payer.as_str(), paper.handler.as_str()),
            ("鑫源五金商行", "陈晓东")
        );
    }

    #[test]
    fn the_particulars_of_each_method_are_named_where_there_are_any() {
        let check = |method: Method, detail: &str| assert_eq!(method_detail(&method), detail);
        check(Method::Cash, "");
        let reference = " ".to_owned();
        check(Method::WeChat { reference }, "");
        let (number, bank) = ("30117".to_owned(), "工商银行".to_owned());
        let due = Day::new(2027, 2, 1);
        check(
            Method::Cheque {
                number: number.clone(),
                bank: bank.clone(),
            },
            "工商银行 30117",
        );
        check(
            Method::AcceptanceBill { number, bank, due },
            "工商银行 30117 2027-02-01",
        );
    }
}
