//! The dunning letters 催款函 1 to 4, filled and ready to print.
//!
//! Source: seed 000 (letters at 15, 30, 60 and 90 days; supply stopped with the second, a visit with the third, agency
//! and suit with the fourth); seed 001 §10 (interest only after written notice: the third letter gives it). Each is
//! an explicit demand, so that it restarts the limitation period once it was received (Civil Code art. 195), and ends
//! with a line for the customer's receipt.

use crate::{
    day::Day,
    money::{Money, MoneyError},
};

use super::{Language, in_capitals, yuan};

/// What a letter demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DunningInputs {
    /// Creditor's name.
    pub company_name: String,
    /// Debtor's name.
    pub customer_name: String,
    /// Day of the letter.
    pub day: Day,
    /// The day by which payment is demanded.
    pub pay_by: Day,
    /// What is overdue: number, due day, outstanding; oldest first.
    pub invoices: Vec<(String, Day, Money)>,
    /// Whom to turn to, and their telephone.
    pub handler: (String, String),
}

/// Which of the four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// A reminder.
    First,
    /// A demand; supply has stopped.
    Second,
    /// A demand with notice of interest and of a visit.
    Third,
    /// The last demand before suit.
    Fourth,
}

impl Letter {
    /// The letter of this number (see `policy::dunning`), 1 to 4.
    pub const fn numbered(number: u8) -> Option<Self> {
        match number {
            1 => Some(Self::First),
            2 => Some(Self::Second),
            3 => Some(Self::Third),
            4 => Some(Self::Fourth),
            _ => None,
        }
    }
}

/// The letter line by line: title, addressee, demand, one line for each invoice, what follows, closing, creditor,
/// date, receipt. Letterhead and seal are the printer's.
pub fn dunning_letter(
    letter: Letter,
    inputs: &DunningInputs,
    language: Language,
) -> Result<Vec<String>, MoneyError> {
    let total = Money::sum(
        inputs
            .invoices
            .iter()
            .map(|(_, _, outstanding)| *outstanding),
    )?;
    Ok(match language {
        Language::English => english(letter, inputs, total),
        Language::Chinese | Language::Unknown => chinese(letter, inputs, total),
    })
}

fn chinese(letter: Letter, inputs: &DunningInputs, total: Money) -> Vec<String> {
    let title = match letter {
        Letter::First => "催款函（第一封）",
        Letter::Second => "催款函（第二封）",
        Letter::Third => "催款函（第三封）",
        Letter::Fourth => "最后催款函（第四封）",
    };
    let pay_by = inputs.pay_by.in_letters();
    let (name, phone) = &inputs.handler;
    let mut lines = vec![
        title.to_owned(),
        format!("致：{}", inputs.customer_name),
        format!(
            "截至{}，贵单位下列货款已过约定付款日而未付，合计{}（{}）。我公司现正式要求贵单位于{pay_by}前付清。",
            inputs.day.in_letters(),
            in_capitals(total),
            yuan(total)
        ),
    ];
    lines.extend(inputs.invoices.iter().map(|(number, due, outstanding)| {
        let days = inputs.day.days_since(*due).max(0);
        format!(
            "应收单{number} 应付日{} 逾期{days}天 {}",
            due.in_letters(),
            yuan(*outstanding)
        )
    }));
    lines.push(
        match letter {
            Letter::First => "如已付款，请告知付款日期与方式，并请忽略本函；如对账目有疑问，请即与我们核对。",
            Letter::Second => {
                "此前我公司已发函催收，至今未收到款项。自本函之日起停止供货并取消信用额度，付清后再行恢复。"
            }
            Letter::Third => {
                "此前两次发函均未收到款项。我公司将派人登门收款；逾期部分自本函送达之日起依约定计收利息，\
                 无约定的依法律规定计收。"
            }
            Letter::Fourth => {
                "此前三次发函均未收到款项。逾此期限，我公司将委托专业机构追收，并申请财产保全、提起诉讼或仲裁，\
                 由此产生的费用由贵单位依法承担。"
            }
        }
        .to_owned(),
    );
    lines.push(format!("联系人：{name} {phone}"));
    lines.push(inputs.company_name.clone());
    lines.push(inputs.day.in_letters());
    lines.push("签收（签字、盖章、日期）：".to_owned());
    lines
}

fn english(letter: Letter, inputs: &DunningInputs, total: Money) -> Vec<String> {
    let title = match letter {
        Letter::First => "Payment reminder (letter 1)",
        Letter::Second => "Demand for payment (letter 2)",
        Letter::Third => "Demand for payment (letter 3)",
        Letter::Fourth => "Final demand for payment (letter 4)",
    };
    let (name, phone) = &inputs.handler;
    let mut lines = vec![
        title.to_owned(),
        format!("To: {}", inputs.customer_name),
        format!(
            "As of {} the invoices below are past their due dates and unpaid, {} in all. We hereby demand payment \
             in full by {}.",
            inputs.day,
            yuan(total),
            inputs.pay_by
        ),
    ];
    lines.extend(inputs.invoices.iter().map(|(number, due, outstanding)| {
        let days = inputs.day.days_since(*due).max(0);
        let unit = if days == 1 { "day" } else { "days" };
        format!(
            "Invoice {number}: due {due}, {days} {unit} overdue, {}",
            yuan(*outstanding)
        )
    }));
    lines.push(
        match letter {
            Letter::First => {
                "If you have paid already, please tell us when and how, and take no notice of this letter. If the \
                 account differs from yours, please go through it with us at once."
            }
            Letter::Second => {
                "Our earlier letter brought no payment. From the day of this letter we supply no goods, and your \
                 credit is cancelled, until the sum is paid."
            }
            Letter::Third => {
                "Our two earlier letters brought no payment. We shall call on you to collect. From the day on which \
                 you receive this letter the overdue sum bears interest as agreed, or as the law provides."
            }
            Letter::Fourth => {
                "Our three earlier letters brought no payment. After that day we shall engage a collection agency, \
                 apply for preservation of assets, and sue or go to arbitration; the costs are yours as the law \
                 provides."
            }
        }
        .to_owned(),
    );
    lines.push(format!("Contact: {name} {phone}"));
    lines.push(inputs.company_name.clone());
    lines.push(inputs.day.to_string());
    lines.push("Received (signature, seal, date):".to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs() -> DunningInputs {
        let day = |month, day| Day::new(2026, month, day).unwrap();
        DunningInputs {
            company_name: "城西贸易有限公司".to_owned(),
            customer_name: "鑫源五金商行".to_owned(),
            day: day(11, 21),
            pay_by: day(11, 28),
            invoices: vec![
                ("FP-0918".to_owned(), day(10, 18), Money::from_yuan(9_740)),
                (
                    "FP-1007".to_owned(),
                    day(11, 20),
                    "13860.50".parse().unwrap(),
                ),
            ],
            handler: ("陈晓东".to_owned(), "139 0000 1234".to_owned()),
        }
    }

    fn letter(number: u8, language: Language) -> String {
        let letter = Letter::numbered(number).unwrap();
        dunning_letter(letter, &inputs(), language)
            .unwrap()
            .join("\n")
    }

    #[test]
    fn seed_000_the_second_letter_demands_the_sum_and_stops_supply() {
        expect_test::expect![[r#"
            催款函（第二封）
            致：鑫源五金商行
            截至2026年11月21日，贵单位下列货款已过约定付款日而未付，合计人民币贰万叁仟陆佰元伍角（¥23,600.50）。我公司现正式要求贵单位于2026年11月28日前付清。
            应收单FP-0918 应付日2026年10月18日 逾期34天 ¥9,740.00
            应收单FP-1007 应付日2026年11月20日 逾期1天 ¥13,860.50
            此前我公司已发函催收，至今未收到款项。自本函之日起停止供货并取消信用额度，付清后再行恢复。
            联系人：陈晓东 139 0000 1234
            城西贸易有限公司
            2026年11月21日
            签收（签字、盖章、日期）："#]]
        .assert_eq(&letter(2, Language::Chinese));
        expect_test::expect![[r#"
            Demand for payment (letter 2)
            To: 鑫源五金商行
            As of 2026-11-21 the invoices below are past their due dates and unpaid, ¥23,600.50 in all. We hereby demand payment in full by 2026-11-28.
            Invoice FP-0918: due 2026-10-18, 34 days overdue, ¥9,740.00
            Invoice FP-1007: due 2026-11-20, 1 day overdue, ¥13,860.50
            Our earlier letter brought no payment. From the day of this letter we supply no goods, and your credit is cancelled, until the sum is paid.
            Contact: 陈晓东 139 0000 1234
            城西贸易有限公司
            2026-11-21
            Received (signature, seal, date):"#]]
        .assert_eq(&letter(2, Language::English));
    }

    #[test]
    fn seeds_000_and_001_each_letter_says_what_follows() {
        let check = |number: u8, chinese: &str, english: &str| {
            assert!(
                letter(number, Language::Chinese).contains(chinese),
                "{number}"
            );
            assert!(
                letter(number, Language::English).contains(english),
                "{number}"
            );
        };
        check(1, "如已付款", "If you have paid already");
        check(2, "停止供货并取消信用额度", "credit is cancelled");
        check(3, "自本函送达之日起", "bears interest");
        check(4, "提起诉讼或仲裁", "sue or go to arbitration");
        assert_eq!((Letter::numbered(0), Letter::numbered(5)), (None, None));
    }

    #[test]
    fn sums_out_of_range_are_an_error() {
        let mut inputs = inputs();
        inputs.invoices = vec![(String::new(), inputs.day, Money::MAX); 2];
        let letter = dunning_letter(Letter::First, &inputs, Language::English);
        assert_eq!(letter, Err(MoneyError::OutOfRange));
    }
}
