//! What is printed or shared, as layout-neutral documents: promise letter, statement, dunning letters, receipt and the
//! content of its QR code. Screens and printers lay them out.
//!
//! Invariants: nothing here reads a clock or a locale file; the same inputs give the same text, so that what was signed can be shown again.

pub mod dunning_letter;
pub mod promise_letter;
pub mod qr;
pub mod receipt_check;
pub mod receipt_paper;
pub mod statement;

use crate::money::Money;

crate::slug_enum! {
    /// Language of a paper.
    pub enum Language {
        /// 简体中文
        Chinese = "zh-CN",
        /// English
        English = "en",
    }
}

/// An amount as papers show it: `¥12,345.60`.
pub fn yuan(amount: Money) -> String {
    let text = amount.to_string();
    let (sign, text) = text
        .strip_prefix('-')
        .map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "00"));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}¥{grouped}.{fraction}")
}

/// An amount in capitals with 人民币 directly before it: `人民币壹万贰仟元整`.
pub fn in_capitals(amount: Money) -> String {
    const CURRENCY: &str = "人民币";
    let text = crate::capitals::capitals(amount);
    if text.starts_with(CURRENCY) {
        text
    } else {
        format!("{CURRENCY}{text}")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        day::{Day, Timestamp},
        ids::{CustomerId, InvoiceId, PersonId},
        receipt::{Allocation, Method, ReceiptCore, ReceiptNumber},
    };

    /// The receipt of the tests of papers.
    pub fn receipt_core() -> ReceiptCore {
        let day = Day::new(2026, 11, 21).unwrap();
        ReceiptCore {
            number: ReceiptNumber {
                device_code: "A07".to_owned(),
                day,
                n: 2,
            },
            previous: None,
            customer: CustomerId(Uuid::from_u128(1)),
            customer_name: "鑫源五金商行".to_owned(),
            company_name: "城西贸易有限公司".to_owned(),
            person: PersonId(Uuid::from_u128(2)),
            person_name: "陈晓东".to_owned(),
            issued_at: Timestamp(1_795_240_327_000),
            day,
            method: Method::Cash,
            amount: Money::from_yuan(12_000),
            allocations: vec![Allocation {
                invoice: InvoiceId(Uuid::from_u128(3)),
                number: "FP-0918".to_owned(),
                amount: Money::from_yuan(9_740),
            }],
            asked: Money::from_yuan(20_000),
            shortfall: None,
            purpose: "货款".to_owned(),
            signature: None,
            last_server_at: None,
            corrects: vec![],
        }
    }

    #[test]
    fn figures_have_thousands_separators_and_two_places() {
        let check = |fen: i64, text: &str| {
            assert_eq!(yuan(Money::from_fen(fen).unwrap()), text);
        };
        check(0, "¥0.00");
        check(5, "¥0.05");
        check(99_999, "¥999.99");
        check(100_000, "¥1,000.00");
        check(1_234_560, "¥12,345.60");
        check(-123_456_789, "-¥1,234,567.89");
    }

    #[test]
    fn capitals_name_the_currency_once() {
        let text = in_capitals(Money::from_yuan(12_000));
        assert_eq!(text, "人民币壹万贰仟元整");
    }
}
