//! The promise letter 还款承诺书: acknowledgement of the debt, the demand made, and the dates.
//!
//! It names an explicit demand and the debtor's consent to pay, so that it restarts the limitation
//! period (Civil Code art. 195); a bare balance confirmation may not.

use crate::{
    day::Day,
    money::Money,
    promise::{Instalment, PromisedInvoice},
};

use super::{Language, in_capitals, yuan};

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
    match language {
        Language::English => english(inputs),
        Language::Chinese | Language::Unknown => chinese(inputs),
    }
}

/// The sum of the instalments, if it is less than all that is owed.
fn part(inputs: &LetterInputs) -> Option<Money> {
    let total = Money::sum(inputs.instalments.iter().map(|i| i.amount)).ok()?;
    (total < inputs.outstanding).then_some(total)
}

fn covered(inputs: &LetterInputs, separator: &str) -> Option<String> {
    let invoices: Vec<String> = inputs
        .invoices
        .iter()
        .map(|i| format!("{} {}", i.number, yuan(i.outstanding)))
        .collect();
    (!invoices.is_empty()).then(|| invoices.join(separator))
}

fn chinese(inputs: &LetterInputs) -> Vec<String> {
    let mut lines = vec![
        "还款承诺书".to_owned(),
        format!("致：{}", inputs.company_name),
        format!(
            "截至{}，本单位尚欠贵公司货款{}（{}）。",
            inputs.day.in_letters(),
            in_capitals(inputs.outstanding),
            yuan(inputs.outstanding)
        ),
    ];
    lines.extend(covered(inputs, "、").map(|list| format!("所涉应收单：{list}。")));
    lines.push(
        "贵公司已向本单位催收上述货款。本单位确认欠款属实、金额无误，同意履行付款义务；\
         诉讼时效自本承诺书签署之日起重新计算。"
            .to_owned(),
    );
    lines.push(match part(inputs) {
        None => "本单位承诺按下列日期付清：".to_owned(),
        Some(total) => format!(
            "其中{}（{}）承诺按下列日期付清，其余欠款仍按原约定支付：",
            in_capitals(total),
            yuan(total)
        ),
    });
    lines.extend((1..).zip(&inputs.instalments).map(|(n, instalment)| {
        format!(
            "第{n}期 {} {}",
            instalment.due.in_letters(),
            yuan(instalment.amount)
        )
    }));
    lines.push("逾期未付，愿按约承担违约责任。".to_owned());
    lines.push(format!("承诺单位：{}", inputs.customer_name));
    lines.push(inputs.day.in_letters());
    lines
}

fn english(inputs: &LetterInputs) -> Vec<String> {
    let mut lines = vec![
        "Promise to Pay".to_owned(),
        format!("To: {}", inputs.company_name),
        format!(
            "As of {} we owe you {} for goods supplied.",
            inputs.day,
            yuan(inputs.outstanding)
        ),
    ];
    lines.extend(covered(inputs, ", ").map(|list| format!("Invoices concerned: {list}.")));
    lines.push(
        "You have demanded payment of this sum. We acknowledge the debt and its amount and agree \
         to pay it; the limitation period starts anew on the day of this letter."
            .to_owned(),
    );
    lines.push(match part(inputs) {
        None => "We promise to pay it in full on these dates:".to_owned(),
        Some(total) => format!(
            "Of it we promise to pay {} on these dates; the rest stays payable as agreed before:",
            yuan(total)
        ),
    });
    lines.extend((1..).zip(&inputs.instalments).map(|(n, instalment)| {
        format!(
            "Instalment {n}: {} {}",
            instalment.due,
            yuan(instalment.amount)
        )
    }));
    lines.push("If we pay late, we are liable for default as agreed.".to_owned());
    lines.push(format!("Debtor: {}", inputs.customer_name));
    lines.push(inputs.day.to_string());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::InvoiceId;

    fn inputs(outstanding: u32) -> LetterInputs {
        let instalment = |month, day| Instalment {
            due: Day::new(2026, month, day).unwrap(),
            amount: Money::from_yuan(10_000),
        };
        LetterInputs {
            company_name: "城西贸易有限公司".to_owned(),
            customer_name: "鑫源五金商行".to_owned(),
            day: Day::new(2026, 11, 21).unwrap(),
            outstanding: Money::from_yuan(outstanding),
            instalments: vec![instalment(11, 28), instalment(12, 12), instalment(12, 26)],
            invoices: Vec::new(),
        }
    }

    #[test]
    fn the_letter_acknowledges_the_debt_names_the_demand_and_every_date() {
        expect_test::expect![[r#"
            还款承诺书
            致：城西贸易有限公司
            截至2026年11月21日，本单位尚欠贵公司货款人民币叁万元整（¥30,000.00）。
            贵公司已向本单位催收上述货款。本单位确认欠款属实、金额无误，同意履行付款义务；诉讼时效自本承诺书签署之日起重新计算。
            本单位承诺按下列日期付清：
            第1期 2026年11月28日 ¥10,000.00
            第2期 2026年12月12日 ¥10,000.00
            第3期 2026年12月26日 ¥10,000.00
            逾期未付，愿按约承担违约责任。
            承诺单位：鑫源五金商行
            2026年11月21日"#]]
        .assert_eq(&promise_letter(&inputs(30_000), Language::Chinese).join("\n"));
    }

    #[test]
    fn a_promise_of_a_part_says_that_the_rest_stays_payable() {
        let mut inputs = inputs(42_000);
        inputs.invoices = vec![PromisedInvoice {
            invoice: InvoiceId(uuid::Uuid::from_u128(1)),
            number: "FP-0918".to_owned(),
            outstanding: Money::from_yuan(42_000),
        }];
        let chinese = promise_letter(&inputs, Language::Chinese).join("\n");
        assert!(chinese.contains("所涉应收单：FP-0918 ¥42,000.00。"));
        assert!(chinese.contains("其中人民币叁万元整（¥30,000.00）承诺按下列日期付清"));
        expect_test::expect![[r#"
            Promise to Pay
            To: 城西贸易有限公司
            As of 2026-11-21 we owe you ¥42,000.00 for goods supplied.
            Invoices concerned: FP-0918 ¥42,000.00.
            You have demanded payment of this sum. We acknowledge the debt and its amount and agree to pay it; the limitation period starts anew on the day of this letter.
            Of it we promise to pay ¥30,000.00 on these dates; the rest stays payable as agreed before:
            Instalment 1: 2026-11-28 ¥10,000.00
            Instalment 2: 2026-12-12 ¥10,000.00
            Instalment 3: 2026-12-26 ¥10,000.00
            If we pay late, we are liable for default as agreed.
            Debtor: 鑫源五金商行
            2026-11-21"#]]
        .assert_eq(&promise_letter(&inputs, Language::English).join("\n"));
    }
}
