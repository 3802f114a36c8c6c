//! Each command by example: what it posts, where the money is then, and what is refused.

use super::*;
use crate::ledger::command::{Difference, OpeningOf, RecoveredFrom};

/// The lines of the last entry, with short names.
pub(super) fn lines(book: &Book) -> Vec<String> {
    let entry = &book.entries.last().unwrap().entry;
    let name = |account: Account| match account {
        Account::Receivable { invoice, .. } => invoice.map_or("on account".to_owned(), |i| {
            format!("FP-{}", i.0.as_u128() - 100)
        }),
        Account::FieldCash(_) => "field cash".to_owned(),
        Account::FieldCheques(_) => "field cheques".to_owned(),
        other => other.code().split(':').nth(1).unwrap().to_owned(),
    };
    let line =
        |p: &super::super::super::entry::Posting| format!("{} {}", name(p.account), p.amount.fen());
    entry.postings.iter().map(line).collect()
}

pub(super) fn book_with(kind: MethodKind, fen: i64) -> Book {
    let mut book = book_with_invoices();
    let taken = book.apply(at(1), &receipt(1, kind, fen, Some(0), REP));
    assert_eq!(taken, Ok(true));
    book
}

pub(super) fn give(book: &mut Book, n: u16, body: Body) -> Result<bool, CommandError> {
    book.apply(at(2), &command(n, CLERK, 2, body))
}

/// Gives a command that needs two persons, and the second person's word.
pub(super) fn give_by_two(book: &mut Book, n: u16, body: Body) -> Result<bool, CommandError> {
    let entries = book.entries.len();
    give(book, n, body)?;
    assert_eq!(book.entries.len(), entries, "nothing moves on one word");
    let proposal = command_id(n);
    book.apply(
        at(2),
        &command(n + 500, SECOND, 2, Body::Approve { proposal }),
    )
}

fn confirm(n: u8, fee: i64, line: Option<&str>) -> Body {
    Body::ConfirmTransfer {
        receipt: document(n),
        fee: money(fee),
        bank_line: line.map(str::to_owned),
        booked: None,
    }
}

pub(super) fn hand_in(receipts: &[u8], counted: i64) -> Body {
    Body::HandIn {
        person: REP,
        receipts: receipts.iter().map(|n| document(*n)).collect(),
        counted: money(counted),
    }
}

pub(super) fn custody_of(n: u8) -> Result<bool, CommandError> {
    Err(CommandError::Custody(format!("A07-261102-{n}")))
}

#[test]
fn a_transfer_is_in_transit_until_it_arrives_and_the_banks_fee_is_an_expense() {
    let mut book = book_with(MethodKind::Transfer, 4_000);
    assert_eq!(book.in_transit(CUSTOMER), Ok(money(4_000)));
    assert_eq!(balance(&book, receivable(Some(0))), 10_000);
    assert_eq!(give(&mut book, 1, confirm(1, 30, None)), Ok(true));
    assert_eq!(lines(&book), ["Bank 3970", "BankFees 30", "FP-0 -4000"]);
    assert_eq!(book.in_transit(CUSTOMER), Ok(Money::ZERO));
    assert_eq!(give(&mut book, 2, confirm(1, 0, None)), custody_of(1));
}

#[test]
fn a_line_of_the_bank_settles_one_claim_once() {
    let mut book = book_with(MethodKind::Transfer, 4_000);
    book.apply(at(1), &receipt(2, MethodKind::Transfer, 4_000, None, REP))
        .unwrap();
    assert_eq!(give(&mut book, 1, confirm(1, 0, Some("L-1"))), Ok(true));
    assert_eq!(give(&mut book, 1, confirm(1, 0, Some("L-1"))), Ok(false));
    let again = give(&mut book, 2, confirm(2, 0, Some("L-1")));
    assert_eq!(again, Err(CommandError::LineUsed));
    let other = give(&mut book, 1, confirm(2, 0, Some("L-2")));
    assert_eq!(other, Err(CommandError::OtherCommand));
}

#[test]
fn money_that_finance_booked_first_is_only_moved_by_the_claim_that_comes_later() {
    let mut book = book_with(MethodKind::Transfer, 4_000);
    let payment = PaymentId(Uuid::from_u128(900));
    let booked = Fact::Payment(Payment {
        id: payment,
        customer: CUSTOMER,
        number: "P-1".to_owned(),
        day: day(1),
        amount: money(4_000),
        invoice: None,
    });
    book.apply(at(1), &booked).unwrap();
    let body = Body::ConfirmTransfer {
        receipt: document(1),
        fee: Money::ZERO,
        bank_line: None,
        booked: Some(payment),
    };
    assert_eq!(give(&mut book, 1, body), Ok(true));
    assert_eq!(lines(&book), ["on account 4000", "FP-0 -4000"]);
    assert_eq!(balance(&book, Account::Bank), 4_000);
}

#[test]
fn a_cheque_lowers_the_debt_only_when_it_clears_and_may_bounce_more_than_once() {
    let mut book = book_with(MethodKind::Cheque, 4_000);
    assert_eq!(
        lines(&book),
        ["field cheques 4000", "ChequesUncleared -4000"]
    );
    let clear = || Body::ChequeCleared {
        receipt: document(1),
        fee: money(0),
    };
    let bounce = || Body::ChequeBounced {
        receipt: document(1),
    };
    assert_eq!(give(&mut book, 1, clear()), custody_of(1));
    assert_eq!(give(&mut book, 2, hand_in(&[1], 0)), Ok(true));
    assert_eq!(lines(&book), ["Cheques 4000", "field cheques -4000"]);
    assert_eq!(give(&mut book, 3, hand_in(&[1], 0)), custody_of(1));
    for n in [10, 20] {
        assert_eq!(give(&mut book, n, bounce()), Ok(true));
        assert_eq!(lines(&book), ["ChequesUncleared 4000", "Cheques -4000"]);
        assert_eq!(book.in_transit(CUSTOMER), Ok(Money::ZERO));
        let receipt = document(1);
        let again = give(&mut book, n + 1, Body::ChequePresented { receipt });
        assert_eq!(again, Ok(true));
    }
    assert_eq!(balance(&book, receivable(Some(0))), 10_000);
    assert_eq!(give(&mut book, 5, clear()), Ok(true));
    assert_eq!(
        lines(&book),
        [
            "Bank 4000",
            "Cheques -4000",
            "ChequesUncleared 4000",
            "FP-0 -4000"
        ]
    );
}

#[test]
fn what_is_missing_at_a_hand_in_stays_on_the_salesperson_until_it_is_decided() {
    let check = |counted: i64, what: Difference, expected: &[&str]| {
        let mut book = book_with(MethodKind::Cash, 4_000);
        assert_eq!(give(&mut book, 1, hand_in(&[1], counted)), Ok(true));
        assert_eq!(balance(&book, Account::FieldCash(REP)), 4_000 - counted);
        let decide = |fen| Body::DecideDifference {
            hand_in: command_id(1),
            what,
            amount: money(fen),
        };
        let open = (4_000 - counted).abs();
        let too_much = give(&mut book, 2, decide(open + 1));
        assert_eq!(too_much, Err(CommandError::TooMuch(money(open))));
        let decided = match what {
            Difference::Found => give(&mut book, 3, decide(open)),
            Difference::CashShort => give_by_two(&mut book, 3, decide(open)),
        };
        assert_eq!(decided, Ok(true));
        assert_eq!(lines(&book), expected);
        assert_eq!(balance(&book, Account::FieldCash(REP)), 0);
        assert_eq!(give(&mut book, 4, decide(1)), Err(CommandError::Decided));
    };
    check(3_900, Difference::Found, &["Cash 100", "field cash -100"]);
    check(
        3_900,
        Difference::CashShort,
        &["CashShort 100", "field cash -100"],
    );
    check(4_050, Difference::Found, &["Cash -50", "field cash 50"]);
    check(
        4_050,
        Difference::CashShort,
        &["CashShort -50", "field cash 50"],
    );
}

#[test]
fn a_hand_in_takes_only_what_is_in_those_hands() {
    let mut book = book_with(MethodKind::Cash, 4_000);
    book.apply(at(1), &receipt(2, MethodKind::Cash, 100, None, COLLEAGUE))
        .unwrap();
    book.apply(at(1), &receipt(3, MethodKind::Transfer, 100, None, REP))
        .unwrap();
    let other = give(&mut book, 1, hand_in(&[1, 2], 4_100));
    assert_eq!(
        other,
        Err(CommandError::OtherHands("A07-261102-2".to_owned()))
    );
    assert_eq!(give(&mut book, 1, hand_in(&[1, 3], 4_100)), custody_of(3));
    let twice = give(&mut book, 1, hand_in(&[1, 1], 4_000));
    assert_eq!(twice, Err(CommandError::Receipts));
    assert_eq!(
        give(&mut book, 1, hand_in(&[], 0)),
        Err(CommandError::Receipts)
    );
    assert_eq!(give(&mut book, 1, hand_in(&[1], 4_000)), Ok(true));
}

#[test]
fn a_void_is_reversed_from_where_the_money_is_and_needs_finance_once_the_company_has_it() {
    let cheque_out = ["field cheques -4000", "ChequesUncleared 4000"];
    let check = |kind, before: &[Body], confirmed: bool, expected: &[&str]| {
        let mut book = book_with(kind, 4_000);
        for (n, body) in (1..).zip(before) {
            assert_eq!(give(&mut book, n, body.clone()), Ok(true));
        }
        let entries = book.entries.len();
        assert_eq!(book.apply(at(3), &void(1)), Ok(true));
        let receipt = document(1);
        if confirmed {
            assert_eq!(book.entries.len(), entries, "nothing moves on one word");
            assert!(book.void_waits(receipt));
            let by = |person| command(50, person, 2, Body::ConfirmVoid { receipt });
            let alone = book.apply(at(3), &by(LEADER));
            assert_eq!(alone, Err(CommandError::SamePerson));
            assert_eq!(book.apply(at(3), &by(CLERK)), Ok(true));
        }
        match expected {
            [] => assert_eq!(book.entries.len(), entries),
            _ => assert_eq!(lines(&book), expected),
        }
        assert_eq!(book.custody(receipt), Some(Custody::Voided));
        assert_eq!(balance(&book, receivable(Some(0))), 10_000);
    };
    let receipt = document(1);
    let clear = Body::ChequeCleared {
        receipt,
        fee: money(10),
    };
    let bounce = Body::ChequeBounced { receipt };
    let handed = |counted| hand_in(&[1], counted);
    check(
        MethodKind::Cash,
        &[],
        false,
        &["field cash -4000", "FP-0 4000"],
    );
    check(
        MethodKind::Cash,
        &[handed(4_000)],
        true,
        &["Cash -4000", "FP-0 4000"],
    );
    check(MethodKind::Cheque, &[], false, &cheque_out);
    let in_clearing = ["Cheques -4000", "ChequesUncleared 4000"];
    check(MethodKind::Cheque, &[handed(0)], true, &in_clearing);
    let cleared = [handed(0), clear];
    check(
        MethodKind::Cheque,
        &cleared,
        true,
        &["Bank -4000", "FP-0 4000"],
    );
    check(MethodKind::Cheque, &[handed(0), bounce], false, &[]);
    check(MethodKind::Transfer, &[], false, &[]);
    let arrived = [confirm(1, 10, None)];
    check(
        MethodKind::Transfer,
        &arrived,
        true,
        &["Bank -4000", "FP-0 4000"],
    );
}

#[test]
fn a_voided_receipt_gives_up_the_debt_to_which_its_money_was_moved() {
    let mut book = book_with(MethodKind::Cash, 4_000);
    let move_it = |receipt, fen| Body::Reallocate {
        customer: CUSTOMER,
        receipt,
        from: Some(invoice_id(0)),
        to: Some(invoice_id(1)),
        amount: money(fen),
    };
    let of_the_books = give(&mut book, 1, move_it(None, 1));
    assert_eq!(of_the_books, Err(CommandError::TooMuch(Money::ZERO)));
    let receipt = Some(document(1));
    let too_much = give(&mut book, 1, move_it(receipt, 4_001));
    assert_eq!(too_much, Err(CommandError::TooMuch(money(4_000))));
    assert_eq!(give(&mut book, 1, move_it(receipt, 3_000)), Ok(true));
    assert_eq!(lines(&book), ["FP-0 3000", "FP-1 -3000"]);
    book.apply(at(3), &void(1)).unwrap();
    assert_eq!(lines(&book), ["field cash -4000", "FP-0 1000", "FP-1 3000"]);
}

#[test]
fn a_write_off_and_a_refund_move_nothing_before_another_person_approves() {
    let mut book = book_with(MethodKind::Cash, 4_000);
    let write_off = |fen| Body::WriteOff {
        debt: debt(Some(0)),
        amount: money(fen),
    };
    let too_much = give(&mut book, 1, write_off(6_001));
    assert_eq!(too_much, Err(CommandError::TooMuch(money(6_000))));
    assert_eq!(give(&mut book, 1, write_off(6_000)), Ok(true));
    assert_eq!(balance(&book, Account::BadDebt), 0);
    let approve = |person| {
        let proposal = command_id(1);
        command(2, person, 2, Body::Approve { proposal })
    };
    let alone = book.apply(at(2), &approve(CLERK));
    assert_eq!(alone, Err(CommandError::SamePerson));
    assert_eq!(book.apply(at(2), &approve(SECOND)), Ok(true));
    assert_eq!(lines(&book), ["BadDebt 6000", "FP-0 -6000"]);
    let proposal = command_id(1);
    let late = give(&mut book, 3, Body::Reject { proposal });
    assert_eq!(late, Err(CommandError::Decided));

    let refund = |receipt| Body::Refund {
        debt: debt(Some(0)),
        receipt,
        out_of: Till::Bank,
        amount: money(500),
    };
    assert_eq!(give(&mut book, 4, refund(Some(document(1)))), custody_of(1));
    give(&mut book, 5, hand_in(&[1], 4_000)).unwrap();
    assert_eq!(give(&mut book, 6, refund(Some(document(1)))), Ok(true));
    let proposal = command_id(6);
    let rejected = command(7, SECOND, 2, Body::Reject { proposal });
    assert_eq!(book.apply(at(2), &rejected), Ok(true));
    assert_eq!(balance(&book, Account::Bank), 0);
}

#[test]
fn a_written_off_debt_stays_collectable_up_to_what_was_written_off() {
    let mut book = book_with_invoices();
    let (debt, amount) = (debt(Some(0)), money(10_000));
    give(&mut book, 1, Body::WriteOff { debt, amount }).unwrap();
    let proposal = command_id(1);
    book.apply(at(2), &command(2, SECOND, 2, Body::Approve { proposal }))
        .unwrap();
    let recover = |from, fen| Body::Recover {
        debt,
        from,
        amount: money(fen),
    };
    let bank = RecoveredFrom::Bank;
    assert_eq!(give(&mut book, 3, recover(bank, 4_000)), Ok(true));
    assert_eq!(lines(&book), ["Bank 4000", "BadDebt -4000"]);
    let too_much = give(&mut book, 4, recover(bank, 6_001));
    assert_eq!(too_much, Err(CommandError::TooMuch(money(6_000))));
    // Paid in the field by a receipt: the invoice is over-paid, and that is the recovery.
    book.apply(at(2), &receipt(1, MethodKind::Cash, 1_000, Some(0), REP))
        .unwrap();
    let account = RecoveredFrom::Account;
    assert_eq!(give(&mut book, 5, recover(account, 1_000)), Ok(true));
    assert_eq!(lines(&book), ["FP-0 1000", "BadDebt -1000"]);
    let none_left = give(&mut book, 6, recover(account, 1));
    assert_eq!(none_left, Err(CommandError::TooMuch(Money::ZERO)));
}

#[test]
fn discount_interest_return_and_opening_post_as_named() {
    let check = |body: Body, expected: &[&str]| {
        let mut book = book_with_invoices();
        let taken = match body.needs_two() {
            true => give_by_two(&mut book, 1, body),
            false => give(&mut book, 1, body),
        };
        assert_eq!(taken, Ok(true));
        assert_eq!(lines(&book), expected);
    };
    let (debt, amount) = (debt(Some(0)), money(300));
    check(
        Body::Discount { debt, amount },
        &["Discounts 300", "FP-0 -300"],
    );
    check(
        Body::Interest { debt, amount },
        &["FP-0 300", "Interest -300"],
    );
    check(
        Body::GoodsReturn { debt, amount },
        &["Returns 300", "FP-0 -300"],
    );
    let opening = |of| Body::Opening { of, amount };
    check(opening(OpeningOf::Cash), &["Cash 300", "Opening -300"]);
    let on_account = opening(OpeningOf::OnAccount(CUSTOMER));
    check(on_account, &["on account -300", "Opening 300"]);
}

#[test]
fn a_closed_day_takes_no_entry_and_a_late_record_posts_on_the_next_open_day() {
    let mut book = book_with_invoices();
    let close = |through| Body::ClosePeriod {
        through: day(through),
    };
    let today = give(&mut book, 1, close(2));
    assert_eq!(today, Err(CommandError::NotClosable), "the day is not over");
    assert_eq!(give(&mut book, 1, close(1)), Ok(true));
    let again = give(&mut book, 2, close(1));
    assert_eq!(again, Err(CommandError::NotClosable));
    // Taken on day 1, came in on day 2.
    book.apply(at(2), &receipt(1, MethodKind::Cash, 100, None, REP))
        .unwrap();
    assert_eq!(book.entries.last().unwrap().entry.day, day(2));
    let (debt, amount) = (debt(Some(0)), money(1));
    let on = |n, on| command(n, CLERK, on, Body::Interest { debt, amount });
    let closed = book.apply(at(2), &on(3, 1));
    assert_eq!(closed, Err(CommandError::DayClosed(day(1))));
    assert_eq!(book.apply(at(2), &on(3, 3)), Err(CommandError::DayAhead));
}

#[test]
fn a_command_without_a_reason_or_about_nothing_is_refused() {
    let mut book = book_with_invoices();
    let (debt, amount) = (debt(Some(0)), money(1));
    let Fact::Command(mut blank) = command(1, CLERK, 2, Body::Interest { debt, amount }) else {
        panic!("a command");
    };
    blank.reason = "  ".to_owned();
    let refused = book.apply(at(2), &Fact::Command(blank));
    assert_eq!(refused, Err(CommandError::Reason));
    let foreign = Debt {
        customer: CUSTOMER,
        invoice: Some(invoice_id(2)),
    };
    let refused = give(
        &mut book,
        1,
        Body::Interest {
            debt: foreign,
            amount,
        },
    );
    assert_eq!(refused, Err(CommandError::ForeignInvoice));
    let nothing = Body::Interest {
        debt,
        amount: Money::ZERO,
    };
    assert_eq!(give(&mut book, 1, nothing), Err(CommandError::NotPositive));
}
