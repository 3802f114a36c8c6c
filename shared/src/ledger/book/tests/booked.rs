//! Money that finance had booked before its receipt came is there once: it can't go back, be moved or be paid with
//! a second time.

use super::{
    examples::{book_with, give, give_by_two, lines},
    *,
};
use crate::ledger::command::OpeningOf;

const PAYMENT: PaymentId = PaymentId(Uuid::from_u128(900));

/// ¥40.00 are claimed on the first invoice, and stand in the books on account.
fn claimed_and_booked() -> Book {
    let mut book = book_with(MethodKind::Transfer, 4_000);
    let booked = Fact::Payment(Payment {
        id: PAYMENT,
        customer: CUSTOMER,
        number: "P-1".to_owned(),
        day: day(1),
        amount: money(4_000),
        invoice: None,
    });
    assert_eq!(book.apply(at(1), &booked), Ok(true));
    book
}

fn matched() -> Body {
    Body::ConfirmTransfer {
        receipt: document(1),
        fee: Money::ZERO,
        bank_line: None,
        booked: Some(PAYMENT),
    }
}

fn refund(on: Option<u8>, receipt: Option<DocumentId>) -> Body {
    Body::Refund {
        debt: debt(on),
        receipt,
        out_of: Till::Bank,
        amount: money(4_000),
    }
}

fn nothing_there() -> Result<bool, CommandError> {
    Err(CommandError::TooMuch(Money::ZERO))
}

#[test]
fn booked_money_that_was_paid_back_pays_no_receipt_and_goes_back_no_second_time() {
    let mut book = claimed_and_booked();
    assert_eq!(give_by_two(&mut book, 1, refund(None, None)), Ok(true));
    assert_eq!(balance(&book, Account::Bank), 0);
    assert_eq!(give(&mut book, 2, matched()), nothing_there());
    assert_eq!(give(&mut book, 3, refund(Some(0), None)), nothing_there());
    assert_eq!(balance(&book, receivable(Some(0))), 10_000, "still owed");
    assert_eq!(book.in_transit(CUSTOMER), Ok(money(4_000)));
}

#[test]
fn booked_money_that_pays_a_receipt_goes_back_once() {
    let mut book = claimed_and_booked();
    assert_eq!(give(&mut book, 1, matched()), Ok(true));
    let as_receipts = refund(Some(0), Some(document(1)));
    assert_eq!(give(&mut book, 2, as_receipts), nothing_there());
    assert_eq!(give_by_two(&mut book, 3, refund(Some(0), None)), Ok(true));
    assert_eq!(lines(&book), ["FP-0 4000", "Bank -4000"]);
    for (n, on) in [(4, Some(0)), (5, None)] {
        assert_eq!(give(&mut book, n, refund(on, None)), nothing_there());
    }
    assert_eq!(balance(&book, Account::Bank), 0);
}

#[test]
fn the_void_of_a_receipt_that_booked_money_pays_takes_nothing_out_of_the_bank() {
    let mut book = claimed_and_booked();
    give(&mut book, 1, matched()).unwrap();
    let entries = book.entries.len();
    assert_eq!(book.apply(at(2), &void(1)), Ok(true));
    let receipt = document(1);
    assert_eq!(give(&mut book, 2, Body::ConfirmVoid { receipt }), Ok(true));
    assert_eq!(book.custody(receipt), Some(Custody::Voided));
    assert_eq!(
        (book.entries.len(), balance(&book, Account::Bank)),
        (entries, 4_000)
    );
    assert_eq!(give_by_two(&mut book, 3, refund(Some(0), None)), Ok(true));
    assert_eq!(give(&mut book, 4, refund(Some(0), None)), nothing_there());
}

#[test]
fn what_a_customer_had_paid_before_the_ledger_began_pays_invoices_and_can_be_paid_back_once() {
    let mut book = book_with_invoices();
    let (of, amount) = (OpeningOf::OnAccount(CUSTOMER), money(4_000));
    assert_eq!(give(&mut book, 1, Body::Opening { of, amount }), Ok(true));
    let pay = |fen| Body::Reallocate {
        customer: CUSTOMER,
        receipt: None,
        from: None,
        to: Some(invoice_id(0)),
        amount: money(fen),
    };
    let too_much = give(&mut book, 2, pay(4_001));
    assert_eq!(too_much, Err(CommandError::TooMuch(money(4_000))));
    assert_eq!(give(&mut book, 3, pay(4_000)), Ok(true));
    assert_eq!(balance(&book, receivable(Some(0))), 6_000);
    assert_eq!(balance(&book, receivable(None)), 0);
    assert_eq!(give(&mut book, 4, refund(None, None)), nothing_there());
    assert_eq!(give_by_two(&mut book, 5, refund(Some(0), None)), Ok(true));
    assert_eq!(give(&mut book, 6, refund(Some(0), None)), nothing_there());
}
