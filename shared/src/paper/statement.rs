//! The statement 对账单 and the confirmation 对账函 as paper: balance, movement, what is open, what was paid, and an
//! explicit demand.
//!
//! A bare balance confirmation may not restart the limitation period (Civil Code art. 195): where something is owed
//! the paper demands payment, and says what the signature agrees to.

use crate::statement::{Statement, StatementLine, StatementPurpose};

use super::{Language, in_capitals, yuan};

/// The paper line by line: title, addressee, balance, movement, one line for each open item and payment, the demand,
/// creditor, date. Signature and seal follow below.
pub fn statement_paper(statement: &Statement, language: Language) -> Vec<String> {
    match language {
        Language::English => english(statement),
        Language::Chinese | Language::Unknown => chinese(statement),
    }
}

fn chinese(s: &Statement) -> Vec<String> {
    let is_confirmation = s.purpose == StatementPurpose::Confirmation;
    let day = s.as_of.in_letters();
    let mut lines = vec![
        if is_confirmation {
            "对账函"
        } else {
            "对账单"
        }
        .to_owned(),
        format!("致：{}（{}）", s.customer_name, s.customer_number),
        match s.closing {
            owed if owed.is_positive() => format!(
                "截至{day}，贵单位尚欠本公司货款{}（{}）。",
                in_capitals(owed),
                yuan(owed)
            ),
            none if none.is_zero() => format!("截至{day}，贵单位不欠本公司货款。"),
            ahead => format!(
                "截至{day}，贵单位不欠本公司货款，另有预收余额{}。",
                yuan(ahead.negated())
            ),
        },
        format!(
            "对账期间：{}至{day}。期初余额{}，本期开单{}，本期收款{}，其他调整{}，期末余额{}。",
            s.from.in_letters(),
            yuan(s.opening),
            yuan(s.invoiced),
            yuan(s.paid),
            yuan(s.other),
            yuan(s.closing)
        ),
    ];
    if !s.lines.is_empty() {
        lines.push("未结明细：".to_owned());
    }
    lines.extend((1..).zip(&s.lines).map(|(n, line)| {
        let open = yuan(line.outstanding);
        match kind(line) {
            Item::OnAccount => format!("{n}. 预收款 {open}"),
            Item::Rest(items) => format!("{n}. 其余{items}笔合计 未付{open}"),
            Item::Invoice => format!(
                "{n}. {} 开单{} 到期{} 金额{} 未付{open}",
                line.number,
                line.issued,
                line.due,
                yuan(line.amount)
            ),
        }
    }));
    if !s.payments.is_empty() {
        lines.push("本期收款明细：".to_owned());
    }
    lines.extend(s.payments.iter().map(|paid| match paid.items {
        0 | 1 => joined(&[&paid.day.to_string(), &paid.number, &yuan(paid.amount)]),
        items => format!("其余{items}笔合计 {}", yuan(paid.amount)),
    }));
    if s.closing.is_positive() {
        lines.push(
            "本公司现正式要求贵单位按约付清上述欠款。贵单位核对无误并签字盖章，即确认欠款属实、金额无误，\
             同意履行付款义务；诉讼时效自签署之日起重新计算。如有异议，请逐项注明。"
                .to_owned(),
        );
    } else {
        lines.push("请核对无误后签字盖章；如有异议，请逐项注明。".to_owned());
    }
    lines.push(s.company_name.clone());
    lines.push(day);
    lines
}

fn english(s: &Statement) -> Vec<String> {
    let is_confirmation = s.purpose == StatementPurpose::Confirmation;
    let day = s.as_of;
    let mut lines = vec![
        if is_confirmation {
            "Confirmation of Balance"
        } else {
            "Statement of Account"
        }
        .to_owned(),
        format!("To: {} ({})", s.customer_name, s.customer_number),
        match s.closing {
            owed if owed.is_positive() => {
                format!("As of {day} you owe us {} for goods supplied.", yuan(owed))
            }
            none if none.is_zero() => format!("As of {day} you owe us nothing."),
            ahead => format!(
                "As of {day} you owe us nothing and have {} on account.",
                yuan(ahead.negated())
            ),
        },
        format!(
            "Period: {} to {day}. Opening balance {}, invoiced {}, paid {}, other changes {}, closing balance {}.",
            s.from,
            yuan(s.opening),
            yuan(s.invoiced),
            yuan(s.paid),
            yuan(s.other),
            yuan(s.closing)
        ),
    ];
    if !s.lines.is_empty() {
        lines.push("Open items:".to_owned());
    }
    lines.extend((1..).zip(&s.lines).map(|(n, line)| {
        let open = yuan(line.outstanding);
        match kind(line) {
            Item::OnAccount => format!("{n}. On account {open}"),
            Item::Rest(items) => format!("{n}. {items} more together, open {open}"),
            Item::Invoice => format!(
                "{n}. {} issued {} due {} amount {} open {open}",
                line.number,
                line.issued,
                line.due,
                yuan(line.amount)
            ),
        }
    }));
    if !s.payments.is_empty() {
        lines.push("Paid in the period:".to_owned());
    }
    lines.extend(s.payments.iter().map(|paid| match paid.items {
        0 | 1 => joined(&[&paid.day.to_string(), &paid.number, &yuan(paid.amount)]),
        items => format!("{items} more together {}", yuan(paid.amount)),
    }));
    if s.closing.is_positive() {
        lines.push(
            "We hereby demand payment of this sum as agreed. By signing and sealing you acknowledge the debt and its \
             amount and agree to pay it; the limitation period starts anew on the day of signing. If you dispute an \
             item, please say so item by item."
                .to_owned(),
        );
    } else {
        lines.push(
            "Please sign and seal if this is right; if you dispute an item, please say so item by item."
                .to_owned(),
        );
    }
    lines.push(s.company_name.clone());
    lines.push(day.to_string());
    lines
}

enum Item {
    Invoice,
    OnAccount,
    Rest(u32),
}

fn kind(line: &StatementLine) -> Item {
    match line.invoice {
        Some(_) => Item::Invoice,
        None if line.is_on_account() => Item::OnAccount,
        None => Item::Rest(line.items),
    }
}

/// What there is of it, with blanks between.
fn joined(parts: &[&str]) -> String {
    let there: Vec<&str> = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect();
    there.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{money::Money, statement::tests::facts};

    #[test]
    fn the_paper_names_the_balance_every_open_item_and_an_explicit_demand() {
        let statement = Statement::make(facts(3)).unwrap();
        expect_test::expect![[r#"
            对账单
            致：鑫源五金商行（C0042）
            截至2026年10月31日，贵单位尚欠本公司货款人民币贰仟肆佰元整（¥2,400.00）。
            对账期间：2026年10月1日至2026年10月31日。期初余额¥0.00，本期开单¥3,000.00，本期收款¥600.00，其他调整¥0.00，期末余额¥2,400.00。
            未结明细：
            1. FP-0000 开单2026-10-01 到期2026-10-31 金额¥1,000.00 未付¥400.00
            2. FP-0001 开单2026-10-02 到期2026-11-01 金额¥1,000.00 未付¥1,000.00
            3. FP-0002 开单2026-10-03 到期2026-11-02 金额¥1,000.00 未付¥1,000.00
            本期收款明细：
            2026-10-12 A07-261012-3 ¥600.00
            本公司现正式要求贵单位按约付清上述欠款。贵单位核对无误并签字盖章，即确认欠款属实、金额无误，同意履行付款义务；诉讼时效自签署之日起重新计算。如有异议，请逐项注明。
            城西贸易有限公司
            2026年10月31日"#]]
            .assert_eq(&statement_paper(&statement, Language::Chinese).join("\n"));
        expect_test::expect![[r#"
            Statement of Account
            To: 鑫源五金商行 (C0042)
            As of 2026-10-31 you owe us ¥2,400.00 for goods supplied.
            Period: 2026-10-01 to 2026-10-31. Opening balance ¥0.00, invoiced ¥3,000.00, paid ¥600.00, other changes ¥0.00, closing balance ¥2,400.00.
            Open items:
            1. FP-0000 issued 2026-10-01 due 2026-10-31 amount ¥1,000.00 open ¥400.00
            2. FP-0001 issued 2026-10-02 due 2026-11-01 amount ¥1,000.00 open ¥1,000.00
            3. FP-0002 issued 2026-10-03 due 2026-11-02 amount ¥1,000.00 open ¥1,000.00
            Paid in the period:
            2026-10-12 A07-261012-3 ¥600.00
            We hereby demand payment of this sum as agreed. By signing and sealing you acknowledge the debt and its amount and agree to pay it; the limitation period starts anew on the day of signing. If you dispute an item, please say so item by item.
            城西贸易有限公司
            2026-10-31"#]]
            .assert_eq(&statement_paper(&statement, Language::English).join("\n"));
    }

    #[test]
    fn who_owes_nothing_is_asked_for_nothing() {
        let mut facts = facts(0);
        facts.on_account = Money::from_yuan(300);
        let statement = Statement::make(facts).unwrap();
        for language in [Language::Chinese, Language::English] {
            let text = statement_paper(&statement, language).join("\n");
            assert!(text.contains("¥300.00"), "{text}");
            assert!(
                !text.contains("诉讼时效") && !text.contains("limitation"),
                "{text}"
            );
        }
    }
}
