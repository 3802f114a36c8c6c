//! What is printed or shared, as layout-neutral documents: the promise letter, the receipt and the
//! content of its QR code. Screens and printers lay them out.
//!
//! Invariant: the same inputs give the same text, so that what was signed can be shown again.

pub mod promise_letter;
pub mod qr;
pub mod receipt_paper;

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
pub fn yuan(amount: crate::money::Money) -> String {
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
