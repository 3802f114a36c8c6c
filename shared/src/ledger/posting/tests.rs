//! What each fact posts, and what holds for all of them.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    day::Timestamp,
    ids::{ElementId, PaymentId},
    receipt::{Method, ReceiptNumber},
};

const OURS: CustomerId = CustomerId(Uuid::from_u128(1));
const OTHERS: CustomerId = CustomerId(Uuid::from_u128(2));
const REP: PersonId = PersonId(Uuid::from_u128(3));
const DOCUMENT: DocumentId = DocumentId([4; 32]);

/// Invoices 10–19 are ours, 20–29 another customer's; others are unknown.
fn owner(invoice: InvoiceId) -> Option<CustomerId> {
    match invoice.0.as_u128() {
        10..20 => Some(OURS),
        20..30 => Some(OTHERS),
        _ => None,
    }
}

fn invoice_id(n: u128) -> InvoiceId {
    InvoiceId(Uuid::from_u128(n))
}

fn money(fen: i64) -> Money {
    Money::from_fen(fen).unwrap()
}

fn today() -> Day {
    Day::new(2026, 11, 21).unwrap()
}

fn receipt(method: Method, fen: i64, allocations: &[(u128, i64)]) -> ReceiptCore {
    ReceiptCore {
        number: ReceiptNumber {
            device_code: "A07".to_owned(),
            day: today(),
            n: 1,
        },
        previous: None,
        customer: OURS,
        customer_name: "鑫源五金商行".to_owned(),
        company_name: "城西贸易有限公司".to_owned(),
        person: REP,
        person_name: "陈晓东".to_owned(),
        issued_at: Timestamp(0),
        day: today(),
        method,
        amount: money(fen),
        allocations: allocations
            .iter()
            .map(|(n, fen)| Allocation {
                invoice: invoice_id(*n),
                number: format!("FP-{n}"),
                amount: money(*fen),
            })
            .collect(),
        asked: money(fen),
        shortfall: None,
        purpose: String::new(),
        signature: None,
        last_server_at: None,
        corrects: vec![],
    }
}

fn cheque() -> Method {
    Method::Cheque {
        number: "30117".to_owned(),
        bank: String::new(),
    }
}

fn post(core: &ReceiptCore) -> Result<ReceiptPosting, LedgerError> {
    receipt_entry(DOCUMENT, Digest([5; 32]), core, today(), &owner)
}

/// Lines as `account fen`, with short names.
fn lines(entry: &Entry) -> Vec<String> {
    let line = |p: &Posting| {
        let account = match p.account {
            Account::Receivable { customer, invoice } => {
                assert_eq!(customer, OURS);
                invoice.map_or("on account".to_owned(), |i| i.0.as_u128().to_string())
            }
            Account::FieldCash(REP) => "cash".to_owned(),
            Account::FieldCheques(REP) => "cheques".to_owned(),
            other => other.code(),
        };
        format!("{account} {}", p.amount.fen())
    };
    entry.postings.iter().map(line).collect()
}

#[test]
fn cash_is_booked_at_once_and_the_rest_stays_on_account() {
    let check = |fen: i64, allocations: &[(u128, i64)], expected: &[&str]| {
        let posting = post(&receipt(Method::Cash, fen, allocations)).unwrap();
        let entry = posting.entry.unwrap();
        assert_eq!(lines(&entry), expected);
        assert_eq!(entry.day, today());
        assert_eq!(posting.state, ReceiptState::Posted);
        assert!(posting.foreign.is_empty());
    };
    check(1_000, &[], &["cash 1000", "on account -1000"]);
    check(1_000, &[(10, 1_000)], &["cash 1000", "10 -1000"]);
    check(
        1_000,
        &[(11, 300), (10, 500)],
        &["cash 1000", "on account -200", "10 -500", "11 -300"],
    );
    check(
        1_000,
        &[(10, 300), (10, 500)],
        &["cash 1000", "on account -200", "10 -800"],
    );
}

#[test]
fn an_allocation_to_a_foreign_or_unknown_invoice_is_kept_on_account_and_listed() {
    let core = receipt(Method::Cash, 1_000, &[(10, 300), (20, 400), (99, 100)]);
    let posting = post(&core).unwrap();
    assert_eq!(
        lines(&posting.entry.unwrap()),
        ["cash 1000", "on account -700", "10 -300"]
    );
    let named: Vec<&str> = posting.foreign.iter().map(|a| a.number.as_str()).collect();
    assert_eq!(named, ["FP-20", "FP-99"]);
}

#[test]
fn a_cheque_is_held_and_the_debt_stands_until_it_clears() {
    let bill = Method::AcceptanceBill {
        number: String::new(),
        bank: String::new(),
        due: None,
    };
    for method in [cheque(), bill] {
        let posting = post(&receipt(method, 1_000, &[(10, 300), (20, 1)])).unwrap();
        assert_eq!(
            lines(&posting.entry.unwrap()),
            ["cheques 1000", "Liabilities:ChequesUncleared -1000"]
        );
        assert_eq!(posting.state, ReceiptState::InTransit);
        assert_eq!(posting.foreign.len(), 1);
    }
}

#[test]
fn a_transfer_is_a_claim_without_an_entry() {
    let reference = String::new;
    for method in [
        Method::Transfer {
            reference: reference(),
        },
        Method::WeChat {
            reference: reference(),
        },
        Method::Alipay {
            reference: reference(),
        },
    ] {
        let posting = post(&receipt(method, 1_000, &[(10, 300)])).unwrap();
        assert_eq!(
            (posting.entry, posting.state),
            (None, ReceiptState::InTransit)
        );
    }
}

#[test]
fn a_receipt_that_contradicts_itself_is_refused() {
    let check = |fen: i64, allocations: &[(u128, i64)], error: LedgerError| {
        for method in [Method::Cash, cheque()] {
            let found = post(&receipt(method, fen, allocations));
            assert_eq!(found, Err(error.clone()));
        }
    };
    check(0, &[], LedgerError::NotPositive);
    check(-5, &[], LedgerError::NotPositive);
    check(1_000, &[(10, 0)], LedgerError::NotPositive);
    check(1_000, &[(10, 1_500), (11, -500)], LedgerError::NotPositive);
    check(1_000, &[(10, 600), (11, 401)], LedgerError::OverAllocated);
}

fn invoice(fen: i64) -> Invoice {
    Invoice {
        id: invoice_id(10),
        customer: OURS,
        number: "FP-10".to_owned(),
        issued: today(),
        due: today().plus_days(30),
        amount: money(fen),
    }
}

#[test]
fn a_corrected_invoice_posts_the_difference_and_an_unchanged_one_nothing() {
    let check = |fen: i64, before: i64, expected: Option<[&str; 2]>| {
        let entry = invoice_entry(&invoice(fen), 1, money(before), today()).unwrap();
        let found = entry.map(|entry| lines(&entry));
        assert_eq!(found, expected.map(|l| l.map(str::to_owned).to_vec()));
    };
    check(1_000, 0, Some(["10 1000", "Income:Sales -1000"]));
    check(700, 1_000, Some(["10 -300", "Income:Sales 300"]));
    check(1_000, 1_000, None);
    check(-500, 0, Some(["10 -500", "Income:Sales 500"]));
    check(0, 0, None);
}

#[test]
fn a_payment_from_the_books_goes_from_the_debt_to_the_bank() {
    let payment = |fen, invoice| Payment {
        id: PaymentId(Uuid::from_u128(6)),
        customer: OURS,
        number: "P-1".to_owned(),
        day: today(),
        amount: money(fen),
        invoice,
    };
    let check = |fen, invoice, expected: [&str; 2]| {
        let entry = book_payment_entry(&payment(fen, invoice), today()).unwrap();
        assert_eq!(lines(&entry), expected);
    };
    let on_invoice = Some(invoice_id(10));
    check(1_000, on_invoice, ["Assets:Bank 1000", "10 -1000"]);
    check(1_000, None, ["Assets:Bank 1000", "on account -1000"]);
    check(-200, on_invoice, ["Assets:Bank -200", "10 200"]);
    let nothing = book_payment_entry(&payment(0, None), today());
    assert_eq!(nothing, Err(LedgerError::ZeroLine));
}

fn element(n: u128) -> ElementId {
    ElementId(Uuid::from_u128(n))
}

/// Where a receipt stands by what was asked and decided.
fn state_of(
    method: MethodKind,
    requests: &[VoidRequest],
    decisions: &[VoidDecision],
    may: &dyn Fn(PersonId) -> bool,
) -> ReceiptState {
    if void_approval(requests, decisions, may).is_some() {
        return ReceiptState::Voided;
    }
    match void_is_open(requests, decisions, may) {
        true => ReceiptState::VoidPending,
        false => issued_state(method),
    }
}

#[test]
fn only_an_authorised_approval_of_a_known_request_voids() {
    let supervisor = PersonId(Uuid::from_u128(50));
    let request = |n| VoidRequest {
        id: element(n),
        author: REP,
        at: Timestamp(0),
        reason: "wrong sum".to_owned(),
    };
    let decision = |n, of, author, approved| VoidDecision {
        id: element(n),
        request: element(of),
        author,
        at: Timestamp(0),
        approved,
        note: String::new(),
    };
    let check = |requests: &[u128], decisions: &[VoidDecision], cash, transfer| {
        let requests: Vec<VoidRequest> = requests.iter().map(|n| request(*n)).collect();
        let may = |person| person == supervisor;
        let state = |method| state_of(method, &requests, decisions, &may);
        assert_eq!(state(MethodKind::Cash), cash);
        assert_eq!(state(MethodKind::Transfer), transfer);
    };
    use ReceiptState::{InTransit, Posted, VoidPending, Voided};
    let (yes, no) = (
        decision(11, 1, supervisor, true),
        decision(12, 1, supervisor, false),
    );
    check(&[], &[], Posted, InTransit);
    check(&[1], &[], VoidPending, VoidPending);
    check(
        &[1],
        &[decision(10, 1, REP, true)],
        VoidPending,
        VoidPending,
    );
    check(&[], std::slice::from_ref(&yes), Posted, InTransit);
    check(&[1], std::slice::from_ref(&yes), Voided, Voided);
    check(&[1], std::slice::from_ref(&no), Posted, InTransit);
    check(&[1, 2], std::slice::from_ref(&no), VoidPending, VoidPending);
    check(&[1], &[no, yes], Voided, Voided);
}

/// A supervisor who sells asks for a void like anybody else: two people void a receipt.
#[test]
fn nobody_decides_the_void_that_they_asked_for() {
    let (one, other) = (PersonId(Uuid::from_u128(50)), PersonId(Uuid::from_u128(51)));
    let request = VoidRequest {
        id: element(1),
        author: one,
        at: Timestamp(0),
        reason: "wrong sum".to_owned(),
    };
    let check = |author, expected| {
        let decision = VoidDecision {
            id: element(2),
            request: element(1),
            author,
            at: Timestamp(1),
            approved: true,
            note: String::new(),
        };
        let state = state_of(
            MethodKind::Cash,
            std::slice::from_ref(&request),
            &[decision],
            &|_| true,
        );
        assert_eq!(state, expected);
    };
    check(one, ReceiptState::VoidPending);
    check(other, ReceiptState::Voided);
}

#[test]
fn everybody_names_the_same_decision_whatever_the_order() {
    let request = VoidRequest {
        id: element(1),
        author: REP,
        at: Timestamp(0),
        reason: "wrong sum".to_owned(),
    };
    let decision = |n, at| VoidDecision {
        id: element(n),
        request: element(1),
        author: PersonId(Uuid::from_u128(50)),
        at: Timestamp(at),
        approved: true,
        note: String::new(),
    };
    let mut decisions = [decision(12, 5), decision(11, 9), decision(13, 5)];
    for _ in 0..3 {
        decisions.rotate_left(1);
        let found = void_approval(std::slice::from_ref(&request), &decisions, &|_| true);
        assert_eq!(found.map(|d| d.id), Some(element(12)));
    }
}

/// A book that takes each fact once, as the server does.
fn book(facts: &[Entry]) -> BTreeMap<Account, i64> {
    let mut posted: BTreeMap<Digest, &Entry> = BTreeMap::new();
    let mut balances = BTreeMap::new();
    for entry in facts {
        if let Some(first) = posted.insert(entry.id, entry) {
            assert_eq!(first.check_replay(entry), Ok(()));
            continue;
        }
        for posting in &entry.postings {
            *balances.entry(posting.account).or_insert(0) += posting.amount.fen();
        }
    }
    balances.retain(|_, fen| *fen != 0);
    balances
}

fn any_receipt() -> impl Strategy<Value = ReceiptCore> {
    let allocations = proptest::collection::vec((8u128..32, 1i64..400), 0..5);
    (any::<bool>(), 1i64..2_000, allocations).prop_map(|(cash, extra, allocations)| {
        let allocated: i64 = allocations.iter().map(|(_, fen)| fen).sum();
        let method = if cash { Method::Cash } else { cheque() };
        receipt(
            method,
            allocated + extra - 1 + i64::from(allocated == 0),
            &allocations,
        )
    })
}

proptest! {
    #[test]
    fn no_yuan_is_lost_whatever_a_receipt_names(core in any_receipt()) {
        let (parts, foreign) = receipt_parts(&core, &owner).unwrap();
        prop_assert_eq!(Money::sum(parts.values().copied()).unwrap(), core.amount);
        prop_assert!(parts.values().all(|part| part.is_positive()));
        prop_assert!(foreign.iter().all(|a| owner(a.invoice) != Some(OURS)));
        prop_assert!(parts.keys().flatten().all(|i| owner(*i) == Some(OURS)));
    }

    #[test]
    fn balances_do_not_depend_on_order_and_replays_change_nothing(
        receipts in proptest::collection::vec(any_receipt(), 1..8),
        seed in any::<u64>(),
    ) {
        let mut facts = Vec::new();
        for (n, core) in (1u8..).zip(&receipts) {
            let document = DocumentId([n; 32]);
            let posting =
                receipt_entry(document, Digest([n; 32]), core, today(), &owner).unwrap();
            facts.extend(posting.entry);
        }
        let balances = book(&facts);
        prop_assert_eq!(balances.values().sum::<i64>(), 0);
        let standing: i64 = receipts
            .iter()
            .filter(|core| core.method == Method::Cash)
            .map(|core| core.amount.fen())
            .sum();
        let in_hands = balances.get(&Account::FieldCash(REP)).copied().unwrap_or(0);
        prop_assert_eq!(in_hands, standing);

        let mut shuffled = [facts.clone(), facts.clone()].concat();
        let count = shuffled.len() as u64;
        for i in 0..shuffled.len() {
            let j = seed.wrapping_mul(i as u64 + 1).wrapping_add(seed >> 7) % count;
            shuffled.swap(i, j as usize);
        }
        prop_assert_eq!(book(&shuffled), balances);
    }
}
