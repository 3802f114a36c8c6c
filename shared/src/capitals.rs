//! Amounts in capital characters 大写, as receipts, promise letters and cheques write them.
//!
//! Source: domain, Formats; Payment and Settlement Measures 支付结算办法 annex 1. 人民币 stands
//! directly before the amount, 整 ends whole yuan, one 零 stands for any gap of zeros. Where the
//! source leaves 零 to choice (0 in the ten-thousands or the yuan before a digit other than 0), it is
//! not written.

use crate::money::Money;

const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

/// The amount in capitals, 人民币 in front: 1,409.50 → 人民币壹仟肆佰零玖元伍角. A negative amount
/// has 负 after 人民币.
pub fn capitals(amount: Money) -> String {
    let fen = amount.fen();
    let sign = if fen < 0 { "负" } else { "" };
    let fen = fen.unsigned_abs();
    let (yuan, jiao, fen) = (fen / 100, fen / 10 % 10, fen % 10);
    let mut text = format!("人民币{sign}");
    if yuan > 0 || jiao + fen == 0 {
        text.push_str(&whole(yuan));
        text.push('元');
    }
    if jiao + fen == 0 {
        text.push('整');
    }
    if jiao > 0 {
        text.push(digit(jiao));
        text.push('角');
    } else if fen > 0 && yuan > 0 {
        text.push('零');
    }
    if fen > 0 {
        text.push(digit(fen));
        text.push('分');
    }
    text
}

/// A whole number; zero is 零.
fn whole(number: u64) -> String {
    const UNITS: [(u64, char); 5] = [
        (100_000_000, '亿'),
        (10_000, '万'),
        (1_000, '仟'),
        (100, '佰'),
        (10, '拾'),
    ];
    let Some((unit, name)) = UNITS.into_iter().find(|(unit, _)| number >= *unit) else {
        return digit(number).to_string();
    };
    let (high, low) = (number / unit, number % unit);
    let mut text = whole(high);
    text.push(name);
    if low > 0 {
        if low < unit / 10 {
            text.push('零');
        }
        text.push_str(&whole(low));
    }
    text
}

fn digit(number: u64) -> char {
    usize::try_from(number)
        .ok()
        .and_then(|n| DIGITS.get(n))
        .copied()
        .unwrap_or('零')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(amount: &str, expected: &str) {
        assert_eq!(capitals(amount.parse().unwrap()), expected, "{amount}");
    }

    #[test]
    fn amounts_are_written_as_the_formats_say() {
        check("1409.50", "人民币壹仟肆佰零玖元伍角");
        check("6007.14", "人民币陆仟零柒元壹角肆分");
        check("16409.02", "人民币壹万陆仟肆佰零玖元零贰分");
        check("325.04", "人民币叁佰贰拾伍元零肆分");
        check("0", "人民币零元整");
        check("0.05", "人民币伍分");
        check("0.50", "人民币伍角");
        check("10", "人民币壹拾元整");
        check("1000", "人民币壹仟元整");
        check("10001", "人民币壹万零壹元整");
        check("101000", "人民币壹拾万壹仟元整");
        check("100100", "人民币壹拾万零壹佰元整");
        check("1680.32", "人民币壹仟陆佰捌拾元叁角贰分");
        check("107000.53", "人民币壹拾万柒仟元伍角叁分");
        check("100001000", "人民币壹亿零壹仟元整");
        check("100000001", "人民币壹亿零壹元整");
        check("1000000000000", "人民币壹万亿元整");
        check("1000000000001", "人民币壹万亿零壹元整");
        check(
            "9999999999999.99",
            "人民币玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
        );
        check("-12.30", "人民币负壹拾贰元叁角");
    }

    /// The second way: write every place with its unit, then strike out.
    fn struck_out(amount: Money) -> String {
        const UNITS: [&str; 13] = [
            "", "拾", "佰", "仟", "万", "拾", "佰", "仟", "亿", "拾", "佰", "仟", "万",
        ];
        let text = amount.negated().max(amount).to_string();
        let (yuan, fraction) = text.split_once('.').unwrap();
        let mut out = String::new();
        for (i, c) in yuan.chars().enumerate() {
            out.push(DIGITS[c.to_digit(10).unwrap() as usize]);
            out.push_str(UNITS[yuan.len() - 1 - i]);
        }
        for (old, new) in [("零仟", "零"), ("零佰", "零"), ("零拾", "零")] {
            out = out.replace(old, new);
        }
        while out.contains("零零") {
            out = out.replace("零零", "零");
        }
        out = out
            .replace("零亿", "亿")
            .replace("零万", "万")
            .replace("亿万", "亿零")
            .replace("零零", "零");
        let whole = out.strip_suffix('零').unwrap_or(&out).to_owned();
        let digit = |at: usize| DIGITS[fraction[at..=at].parse::<usize>().unwrap()];
        let fraction = match (digit(0), digit(1)) {
            ('零', '零') if whole.is_empty() => return "零元整".to_owned(),
            ('零', '零') => "整".to_owned(),
            (jiao, '零') => format!("{jiao}角"),
            ('零', fen) if whole.is_empty() => format!("{fen}分"),
            ('零', fen) => format!("零{fen}分"),
            (jiao, fen) => format!("{jiao}角{fen}分"),
        };
        let yuan = if whole.is_empty() { "" } else { "元" };
        format!("{whole}{yuan}{fraction}")
    }

    /// The third way: read capitals back into fen.
    fn read_back(text: &str) -> i64 {
        let (mut total, mut hundred_millions, mut ten_thousands, mut below, mut digit) =
            (0, 0, 0, 0, 0);
        for c in text.chars() {
            match c {
                '拾' | '佰' | '仟' => {
                    below += digit
                        * match c {
                            '拾' => 10,
                            '佰' => 100,
                            _ => 1_000,
                        };
                    digit = 0;
                }
                '万' => (ten_thousands, below, digit) = ((below + digit) * 10_000, 0, 0),
                '亿' => {
                    hundred_millions = (ten_thousands + below + digit) * 100_000_000;
                    (ten_thousands, below, digit) = (0, 0, 0);
                }
                '元' => {
                    total += 100 * (hundred_millions + ten_thousands + below + digit);
                    (hundred_millions, ten_thousands, below, digit) = (0, 0, 0, 0);
                }
                '角' => (total, digit) = (total + 10 * digit, 0),
                '分' => (total, digit) = (total + digit, 0),
                '整' => {}
                c => digit = DIGITS.iter().position(|d| *d == c).unwrap() as i64,
            }
        }
        total
    }

    /// Sums of every size, most of them with runs of zeros.
    fn sums() -> impl Strategy<Value = Money> {
        let zeros = prop::collection::vec(prop_oneof![Just(0i64), Just(0), 0..10i64], 15);
        (zeros, 1..=15usize).prop_map(|(digits, length)| {
            let fen = digits[..length].iter().fold(0, |n, d| 10 * n + d);
            Money::from_fen(fen).unwrap()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn three_ways_of_writing_agree(amount in sums()) {
            let text = capitals(amount);
            let text = text.strip_prefix("人民币").unwrap();
            prop_assert_eq!(text, struck_out(amount));
            prop_assert_eq!(read_back(text), amount.fen());
        }
    }
}
