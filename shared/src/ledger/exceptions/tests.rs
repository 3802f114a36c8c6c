//! Each detector finds what it promises, once, whatever the order.

use uuid::Uuid;

use super::*;
use crate::day::Day;

const CUSTOMER: CustomerId = CustomerId(Uuid::from_u128(1));
const NOW: Timestamp = Timestamp(1_000);

fn money(fen: i64) -> Money {
    Money::from_fen(fen).unwrap()
}

#[test]
fn an_over_paid_invoice_is_listed_with_the_excess_and_closes_when_corrected() {
    let check = |amount: i64, settled: i64, excess: i64| {
        let invoice = Invoice {
            id: InvoiceId(Uuid::from_u128(10)),
            customer: CUSTOMER,
            number: "FP-10".to_owned(),
            issued: Day::from_number(0),
            due: Day::from_number(30),
            amount: money(amount),
        };
        let row = overpaid(&invoice, money(settled), NOW).unwrap();
        let found = (row.open, row.amount.map(Money::fen));
        assert_eq!(found, (excess > 0, Some(excess)), "{amount} {settled}");
    };
    check(1_000, 999, 0);
    check(1_000, 1_000, 0);
    check(1_000, 1_001, 1);
    check(1_000, -5, 0);
    check(0, 5, 5);
    check(-1_000, 0, 0);
    check(-1_000, -1_000, 0);
    check(-1_000, -1_200, 200);
    check(-1_000, 50, 50);
}

fn fact(n: u8, device: u128, hours: i64) -> ReceiptFact {
    ReceiptFact {
        document: DocumentId([n; 32]),
        number: number(u32::from(n)),
        customer: CUSTOMER,
        device: DeviceId(Uuid::from_u128(device)),
        method: MethodKind::Cash,
        amount: money(500),
        issued_at: Timestamp(hours * 3_600_000),
    }
}

fn number(n: u32) -> ReceiptNumber {
    ReceiptNumber {
        device_code: "A07".to_owned(),
        day: Day::new(2026, 11, 21).unwrap(),
        n,
    }
}

#[test]
fn receipts_that_look_like_one_payment_are_found_and_others_are_not() {
    let receipt = fact(1, 1, 100);
    let check = |other: ReceiptFact, found: bool| {
        assert_eq!(
            looks_doubled(&receipt, std::slice::from_ref(&other), NOW).len(),
            usize::from(found),
            "{other:?}"
        );
    };
    check(fact(2, 2, 100), true);
    check(fact(2, 2, 124), true);
    check(fact(2, 2, 76), true);
    check(fact(2, 2, 125), false);
    check(fact(2, 1, 100), false);
    check(fact(1, 2, 100), false);
    let other = |change: fn(&mut ReceiptFact)| {
        let mut other = fact(2, 2, 100);
        change(&mut other);
        other
    };
    check(other(|o| o.amount = money(501)), false);
    check(other(|o| o.method = MethodKind::Cheque), false);
    check(
        other(|o| o.customer = CustomerId(Uuid::from_u128(2))),
        false,
    );
}

#[test]
fn a_doubled_pair_is_the_same_row_from_either_side() {
    let (first, second) = (fact(9, 1, 100), fact(2, 2, 101));
    let rows = looks_doubled(&first, std::slice::from_ref(&second), NOW);
    assert_eq!(rows, looks_doubled(&second, &[first], NOW));
    assert_eq!(rows[0].document, Some(second.document));
    assert_eq!(rows[0].subject, "A07-261121-9 / A07-261121-2");
}

/// A device's receipts: numbers, each with the tag of its own seal and of the one before (0 = none).
fn device_receipts(receipts: &[(u32, u8, u8)]) -> Vec<NumberFact> {
    receipts
        .iter()
        .map(|(n, seal, previous)| NumberFact {
            document: DocumentId([*seal; 32]),
            number: number(*n),
            customer: CUSTOMER,
            seal: Digest([*seal; 32]),
            previous: (*previous > 0).then_some(Digest([*previous; 32])),
        })
        .collect()
}

#[test]
fn gaps_and_reuse_of_receipt_numbers_show() {
    use ExceptionKind::{NumberGap, NumberReused};
    let check = |receipts: &[(u32, u8, u8)], expected: &[(ExceptionKind, u8)]| {
        let mut receipts = device_receipts(receipts);
        let find = |receipts: &[NumberFact]| {
            let mut found: Vec<(ExceptionKind, Digest, u8)> = number_findings(receipts, NOW)
                .into_iter()
                .map(|row| (row.kind, row.id, row.document.unwrap().0[0]))
                .collect();
            found.sort();
            found
        };
        let found = find(&receipts);
        let mut short: Vec<(ExceptionKind, u8)> = found
            .iter()
            .map(|(kind, _, document)| (*kind, *document))
            .collect();
        short.sort();
        assert_eq!(short, expected, "{receipts:?}");
        receipts.reverse();
        assert_eq!(find(&receipts), found, "order must not matter");
    };
    check(&[], &[]);
    check(&[(1, 1, 0), (2, 2, 1), (3, 3, 2)], &[]);
    // The first number is missing, or one in the middle.
    check(&[(2, 2, 1)], &[(NumberGap, 2)]);
    check(&[(1, 1, 0), (3, 3, 2), (4, 4, 3)], &[(NumberGap, 3)]);
    // Rolled back to 1: both receipts numbered 2 are real, and each chain is whole.
    check(
        &[(1, 1, 0), (2, 2, 1), (2, 5, 1), (3, 6, 5)],
        &[(NumberReused, 2)],
    );
    // A receipt that went before is of another chain: the true one has not come in.
    check(&[(1, 1, 0), (2, 2, 9)], &[(NumberGap, 2)]);
    check(&[(1, 1, 9)], &[(NumberGap, 1)]);
    check(&[(5, 5, 0)], &[(NumberGap, 5)]);
    // The same receipt seen twice is one receipt.
    check(&[(1, 1, 0), (1, 1, 0)], &[]);
}

#[test]
fn a_gap_closes_under_the_same_id_when_the_missing_receipt_comes_in() {
    let receipts = device_receipts(&[(1, 1, 0), (2, 2, 1), (3, 3, 2)]);
    let open = number_gap(&receipts[2], &[], NOW);
    let closed = number_gap(&receipts[2], &receipts[1..2], NOW);
    assert_eq!((open.open, closed.open), (true, false));
    assert_eq!(open.id, closed.id);
}

#[test]
fn a_promise_replaced_twice_is_listed_and_one_replacement_is_not() {
    let (promise, a, b) = (
        DocumentId([1; 32]),
        DocumentId([2; 32]),
        DocumentId([3; 32]),
    );
    let find =
        |replacements: &[DocumentId]| promise_replaced_twice(promise, CUSTOMER, replacements, NOW);
    assert_eq!(find(&[]), None);
    assert_eq!(find(&[a, a]), None);
    assert_eq!(find(&[a, b]).map(|r| r.document), Some(Some(promise)));
    assert_eq!(find(&[a, b]), find(&[b, a]));
}

#[test]
fn a_clock_is_flagged_from_the_setting_on_in_both_directions() {
    let check = |offset_ms: i64, minutes: u16, flagged: bool| {
        let settings = Settings {
            clock_skew_minutes: minutes,
            ..Settings::default()
        };
        let row = clock_skew(
            DocumentId([1; 32]),
            CUSTOMER,
            "A07-261121-1",
            offset_ms,
            &settings,
            NOW,
        );
        assert_eq!(row.is_some(), flagged, "{offset_ms} ms, {minutes} min");
    };
    check(0, 5, false);
    check(299_999, 5, false);
    check(300_000, 5, true);
    check(-86_400_000, 5, true);
    check(i64::MIN, 5, true);
    check(0, 0, false);
    check(1, 0, true);
}

#[test]
fn findings_of_different_kind_or_subject_have_different_ids() {
    let (a, b) = (DocumentId([1; 32]), DocumentId([2; 32]));
    let invoice = InvoiceId(Uuid::from_u128(1));
    let subjects = [
        Subject::Document(a),
        Subject::Document(b),
        Subject::Pair(a, b),
        Subject::Named(a, invoice),
        Subject::Invoice(invoice),
        Subject::Number("A07".to_owned(), 1),
        Subject::Number("A0".to_owned(), 71),
    ];
    let ids: std::collections::BTreeSet<Digest> = ExceptionKind::ALL
        .iter()
        .flat_map(|kind| subjects.iter().map(|s| exception_id(*kind, s)))
        .collect();
    assert_eq!(ids.len(), ExceptionKind::ALL.len() * subjects.len());
}
