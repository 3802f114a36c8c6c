//! What each line of a statement is found to be.

use proptest::prelude::*;

use super::*;

fn day(n: i64) -> Day {
    Day::new(2026, 11, 1).unwrap().plus_days(n)
}

fn money(yuan: &str) -> Money {
    yuan.parse().unwrap()
}

fn document(n: u8) -> DocumentId {
    DocumentId([n; 32])
}

fn claim(n: u8, on: i64, sum: &str, payers: &[&str], reference: &str) -> Claim {
    Claim {
        receipt: document(n),
        number: format!("A07-261101-{n}"),
        day: day(on),
        amount: money(sum),
        reference: reference.to_owned(),
        payers: payers.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn line(reference: &str, on: i64, sum: &str, payer: &str, text: &str) -> BankLine {
    BankLine {
        reference: reference.to_owned(),
        day: day(on),
        amount: money(sum),
        payer: payer.to_owned(),
        text: text.to_owned(),
    }
}

fn claims() -> Vec<Claim> {
    vec![
        claim(1, 2, "1200", &["鑫源五金商行", "张三"], "20261103-88417"),
        claim(2, 2, "1200", &["恒达建材（成都）有限公司"], ""),
        claim(3, 4, "560.50", &["恒达建材（成都）有限公司"], ""),
        claim(4, 4, "999", &["城西超市"], ""),
        claim(5, 5, "999", &["城西超市"], ""),
    ]
}

/// One line alone against all claims.
#[track_caller]
fn check(line: &BankLine, expected: &Match) {
    let found = match_lines(std::slice::from_ref(line), &claims(), &|r| r == "USED");
    assert_eq!(found, std::slice::from_ref(expected));
}

#[test]
fn a_line_that_names_the_claim_is_its_money_whoever_paid() {
    let exact = |n| Match::Exact(document(n));
    for (reference, text) in [
        ("20261103-88417", ""),
        ("B-1", "货款 20261103-88417"),
        ("B-1", "收款单号：A07-261101-1。"),
        ("B-1", "货款ａ０７－２６１１０１－１"),
    ] {
        check(&line(reference, 9, "1200", "别人", text), &exact(1));
    }
}

#[test]
fn a_number_that_is_part_of_another_or_has_another_sum_names_nothing() {
    for (sum, text) in [
        ("1200", "A07-261101-17"),
        ("1200", "XA07-261101-1"),
        ("1200.01", "A07-261101-1"),
    ] {
        let found = match_lines(&[line("B-1", 3, sum, "别人", text)], &claims(), &|_| {
            false
        });
        assert!(matches!(found[0], Match::Suggested(_)), "{sum} {text}");
    }
}

#[test]
fn sum_payer_and_near_days_make_it_likely() {
    let likely = |n| Match::Likely(document(n));
    check(&line("B-1", 9, "1200", " 鑫源 五金商行", ""), &likely(1));
    check(&line("B-1", 2, "1200", "张三", "货款"), &likely(1));
    let half_width = "恒达建材(成都)有限公司";
    check(&line("B-1", 0, "1200.00", half_width, ""), &likely(2));
    // A day later than that, it is a suggestion, before the other with this sum.
    let late = line("B-1", 10, "1200", "张三", "");
    check(&late, &Match::Suggested(vec![document(1), document(2)]));
}

#[test]
fn what_may_be_one_of_several_is_suggested_the_nearest_first() {
    let two = line("B-1", 6, "999", "城西超市", "");
    check(&two, &Match::Suggested(vec![document(5), document(4)]));
    let other_payer = line("B-1", 2, "1200", "李四", "");
    check(
        &other_payer,
        &Match::Suggested(vec![document(1), document(2)]),
    );
    let other_sum = line("B-1", 4, "77", "恒达建材(成都)有限公司", "");
    check(
        &other_sum,
        &Match::Suggested(vec![document(3), document(2)]),
    );
    check(&line("B-1", 4, "77", "", ""), &Match::Suggested(vec![]));
    let long_after = line("B-1", 60, "560.50", "恒达建材(成都)有限公司", "");
    check(&long_after, &Match::Suggested(vec![]));
}

#[test]
fn what_settled_a_claim_and_what_went_out_is_no_claims_money() {
    let named = "A07-261101-1";
    check(&line(" USED ", 2, "1200", "张三", named), &Match::Settled);
    check(&line("B-1", 2, "-1200", "张三", named), &Match::Outgoing);
    check(&line("B-1", 2, "0.00", "张三", named), &Match::Outgoing);
}

#[test]
fn two_lines_are_never_both_sure_of_one_claim() {
    let twice = [
        line("B-1", 3, "1200", "张三", ""),
        line("B-2", 4, "1200", "鑫源五金商行", ""),
    ];
    let found = match_lines(&twice, &claims(), &|_| false);
    let suggested = Match::Suggested(vec![document(1), document(2)]);
    assert_eq!(found, [suggested.clone(), suggested]);
    // One that names it leaves the other without.
    let named = [
        line("B-1", 3, "1200", "张三", "A07-261101-1"),
        line("B-2", 4, "1200", "鑫源五金商行", ""),
    ];
    let found = match_lines(&named, &claims(), &|_| false);
    let other = Match::Suggested(vec![document(2)]);
    assert_eq!(found, [Match::Exact(document(1)), other]);
}

fn any_lines() -> impl Strategy<Value = Vec<BankLine>> {
    let payers = ["张三", "城西超市", "恒达建材(成都)有限公司", "别人"];
    let texts = ["", "A07-261101-1", "A07-261101-4", "20261103-88417"];
    let line = (0usize..5, 0i64..12, 0usize..3, 0usize..4, 0usize..4);
    let any = line.prop_map(move |(n, on, sum, payer, text)| {
        let sum = ["1200", "999", "560.50"][sum];
        line_of(n, on, sum, payers[payer], texts[text])
    });
    prop::collection::vec(any, 0..8)
}

fn line_of(n: usize, on: i64, sum: &str, payer: &str, text: &str) -> BankLine {
    line(&format!("B-{n}"), on, sum, payer, text)
}

proptest! {
    #[test]
    fn the_order_does_not_matter_and_no_claim_is_certain_twice(lines in any_lines(), by in 0usize..8) {
        let found = match_lines(&lines, &claims(), &|_| false);
        let certain: Vec<DocumentId> = found
            .iter()
            .filter_map(|found| match found {
                Match::Exact(receipt) | Match::Likely(receipt) => Some(*receipt),
                _ => None,
            })
            .collect();
        let once: BTreeSet<_> = certain.iter().collect();
        prop_assert_eq!(once.len(), certain.len());

        let turn = by % lines.len().max(1);
        let (mut turned, mut expected) = (lines.clone(), found);
        turned.rotate_left(turn);
        expected.rotate_left(turn);
        let mut other_way = claims();
        other_way.reverse();
        prop_assert_eq!(match_lines(&turned, &other_way, &|_| false), expected);
    }
}

#[test]
fn a_line_settles_a_claim_by_one_command_whoever_uploads_it_again() {
    let id = |reference: &str, n| confirmation_id(reference, document(n));
    assert_eq!(id("L-1", 1), id(" L-1 ", 1));
    assert_ne!(id("L-1", 1), id("L-1", 2));
    assert_ne!(id("L-1", 1), id("L-2", 1));
    assert_eq!(id("L-1", 1).0.get_version_num(), 8);
}
