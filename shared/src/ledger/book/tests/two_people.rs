//! What one person may not do alone, or not at all.

use super::{
    examples::{book_with, custody_of, give, give_by_two, hand_in},
    *,
};
use crate::ledger::command::Difference;

fn alone() -> Result<bool, CommandError> {
    Err(CommandError::SamePerson)
}

#[test]
fn discount_interest_and_goods_return_move_nothing_before_another_person_approves() {
    let (debt, amount) = (debt(Some(0)), money(300));
    for body in [
        Body::Discount { debt, amount },
        Body::Interest { debt, amount },
        Body::GoodsReturn { debt, amount },
    ] {
        let mut book = book_with_invoices();
        assert_eq!(give(&mut book, 1, body), Ok(true));
        assert_eq!(balance(&book, receivable(Some(0))), 10_000);
        let proposal = command_id(1);
        let approve = |person| command(2, person, 2, Body::Approve { proposal });
        assert_eq!(book.apply(at(2), &approve(CLERK)), alone());
        assert_eq!(book.apply(at(2), &approve(LEADER)), Ok(true));
        assert_ne!(balance(&book, receivable(Some(0))), 10_000);
    }
}

#[test]
fn what_was_turned_down_stays_down() {
    let mut book = book_with_invoices();
    let (debt, amount) = (debt(Some(0)), money(300));
    assert_eq!(
        give(&mut book, 1, Body::Discount { debt, amount }),
        Ok(true)
    );
    let proposal = command_id(1);
    let reject = command(2, LEADER, 2, Body::Reject { proposal });
    assert_eq!(book.apply(at(2), &reject), Ok(true));
    for (n, body) in [
        (3, Body::Approve { proposal }),
        (4, Body::Reject { proposal }),
    ] {
        let late = book.apply(at(2), &command(n, SECOND, 2, body));
        assert_eq!(late, Err(CommandError::Decided));
    }
    assert_eq!(balance(&book, receivable(Some(0))), 10_000);
}

#[test]
fn what_was_approved_is_posted_on_the_day_of_the_approval() {
    let mut book = book_with_invoices();
    let (debt, amount) = (debt(Some(0)), money(300));
    assert_eq!(
        give(&mut book, 1, Body::Discount { debt, amount }),
        Ok(true)
    );
    let approve = Body::Approve {
        proposal: command_id(1),
    };
    assert_eq!(book.apply(at(5), &command(2, LEADER, 5, approve)), Ok(true));
    assert_eq!(book.entries.last().unwrap().entry.day, day(5));
}

#[test]
fn lines_are_posted_by_the_rule_that_two_persons_switched_on_while_it_is_on() {
    let mut book = book_with(MethodKind::Transfer, 4_000);
    let by_rule = |n: u16, rule: u16| Body::ConfirmByRule {
        receipt: document(1),
        bank_line: format!("L-{n}"),
        rule: command_id(rule),
    };
    let no_rule = Err(CommandError::NoSuch("rule"));
    assert_eq!(give(&mut book, 1, by_rule(1, 2)), no_rule);
    assert_eq!(
        give_by_two(&mut book, 2, Body::BankRule { on: true }),
        Ok(true)
    );
    let again = give(&mut book, 3, Body::BankRule { on: true });
    assert_eq!(again, Err(CommandError::Decided));
    assert_eq!(give(&mut book, 4, by_rule(4, 9)), no_rule);
    assert_eq!(give(&mut book, 5, Body::BankRule { on: false }), Ok(true));
    let off = give(&mut book, 6, Body::BankRule { on: false });
    assert_eq!(off, Err(CommandError::Decided));
    assert_eq!(give(&mut book, 7, by_rule(7, 2)), no_rule);
    assert_eq!(balance(&book, Account::Bank), 0);
    assert_eq!(
        give_by_two(&mut book, 8, Body::BankRule { on: true }),
        Ok(true)
    );
    let posted_by = book.bank_rule.unwrap();
    let posted = Body::ConfirmByRule {
        receipt: document(1),
        bank_line: "L-9".to_owned(),
        rule: posted_by,
    };
    assert_eq!(give(&mut book, 9, posted), Ok(true));
    assert_eq!(balance(&book, Account::Bank), 4_000);
}

#[test]
fn a_credit_rating_needs_two_persons_and_posts_nothing() {
    use crate::policy::credit::{Grade, Rating};
    let rate = |customer, grade, fen, term_days| Body::CreditRating {
        customer,
        rating: Rating {
            grade,
            limit: money(fen),
            term_days,
        },
        hold: false,
        basis: None,
    };
    let nobody = CustomerId(Uuid::from_u128(404));
    let most = crate::ledger::command::MOST_TERM_DAYS;
    let odd = Err(CommandError::Credit);
    let mut book = book_with_invoices();
    let before = book.entries.len();
    for (n, body, expected) in [
        (1, rate(CUSTOMER, Grade::A, 0, most), Ok(true)),
        (2, rate(CUSTOMER, Grade::Unknown, 1, 30), odd.clone()),
        (3, rate(CUSTOMER, Grade::A, -1, 30), odd.clone()),
        (4, rate(CUSTOMER, Grade::A, 1, most + 1), odd),
        (
            5,
            rate(nobody, Grade::A, 1, 30),
            Err(CommandError::NoSuch("customer")),
        ),
    ] {
        assert_eq!(give(&mut book, n, body), expected, "{n}");
    }
    let proposal = command_id(1);
    let approve = |person| command(9, person, 2, Body::Approve { proposal });
    assert_eq!(book.apply(at(2), &approve(CLERK)), alone());
    assert_eq!(book.apply(at(2), &approve(LEADER)), Ok(true));
    assert_eq!(book.entries.len(), before);
}

#[test]
fn a_target_is_of_a_whole_month_that_is_not_over() {
    let target = |month: &str, fen| Body::MonthTarget {
        person: REP,
        month: month.parse().unwrap(),
        sales: money(fen),
        collection: Money::ZERO,
    };
    let mut book = book_with_invoices();
    let odd = Err(CommandError::Target);
    // The book stands in November 2026.
    for (n, body, expected) in [
        (1, target("2026-11-01", 0), Ok(true)),
        (2, target("2028-11-01", 1), Ok(true)),
        (3, target("2026-11-02", 1), odd.clone()),
        (4, target("2026-10-01", 1), odd.clone()),
        (5, target("2028-12-01", 1), odd.clone()),
        (6, target("2026-11-01", -1), odd),
    ] {
        assert_eq!(give(&mut book, n, body), expected, "{n}");
    }
}

#[test]
fn a_rate_of_interest_is_taken_up_to_the_most_that_is_no_slip() {
    let mut book = book_with_invoices();
    let most = crate::ledger::command::MOST_YEAR_BP;
    let too_large = Err(CommandError::TooLarge);
    for (n, year_bp, expected) in [
        (1, 0, Ok(true)),
        (2, most, Ok(true)),
        (3, most + 1, too_large.clone()),
        (4, u32::MAX, too_large),
    ] {
        let set = give(&mut book, n, Body::InterestRate { year_bp });
        assert_eq!(set, expected, "{year_bp}");
    }
}

#[test]
fn a_reason_is_as_long_as_it_may_be_and_no_longer() {
    let mut book = book_with_invoices();
    let on = |n, chars: usize| Command {
        reason: "因".repeat(chars),
        ..match command(n, CLERK, 2, Body::BankRule { on: true }) {
            Fact::Command(command) => command,
            other => panic!("{other:?}"),
        }
    };
    let most = crate::ledger::command::REASON_CHARS;
    for (n, chars, expected) in [
        (1, 1, Ok(true)),
        (2, most, Ok(true)),
        (3, most + 1, Err(CommandError::Reason)),
        (4, 0, Err(CommandError::Reason)),
    ] {
        let fact = Fact::Command(on(n, chars));
        assert_eq!(book.apply(at(2), &fact), expected, "{chars}");
    }
}

#[test]
fn goods_are_taken_back_for_no_more_than_is_open_of_the_invoice() {
    let mut book = book_with(MethodKind::Cash, 4_000);
    let back = |on, fen| Body::GoodsReturn {
        debt: debt(on),
        amount: money(fen),
    };
    let too_much = give(&mut book, 1, back(Some(0), 6_001));
    assert_eq!(too_much, Err(CommandError::TooMuch(money(6_000))));
    let on_account = give(&mut book, 2, back(None, 1));
    assert_eq!(on_account, Err(CommandError::TooMuch(Money::ZERO)));
    assert_eq!(give(&mut book, 3, back(Some(0), 6_000)), Ok(true));
    // Two proposals of the same: the second finds nothing open any more.
    assert_eq!(give(&mut book, 4, back(Some(0), 6_000)), Ok(true));
    for (n, expected) in [(3, Ok(true)), (4, Err(CommandError::TooMuch(Money::ZERO)))] {
        let proposal = command_id(n);
        let approve = command(n + 500, SECOND, 2, Body::Approve { proposal });
        assert_eq!(book.apply(at(2), &approve), expected);
    }
    assert_eq!(balance(&book, receivable(Some(0))), 0);
}

#[test]
fn nobody_counts_or_decides_their_own_hand_in() {
    let mut book = book_with(MethodKind::Cash, 4_000);
    let by = |n, person, body| command(n, person, 2, body);
    let own = book.apply(at(2), &by(1, REP, hand_in(&[1], 4_000)));
    assert_eq!(own, alone());
    assert_eq!(give(&mut book, 2, hand_in(&[1], 3_900)), Ok(true));
    let decide = |what| Body::DecideDifference {
        hand_in: command_id(2),
        what,
        amount: money(100),
    };
    for what in [Difference::Found, Difference::CashShort] {
        assert_eq!(book.apply(at(2), &by(3, REP, decide(what))), alone());
    }
    assert_eq!(give(&mut book, 4, decide(Difference::CashShort)), Ok(true));
    assert_eq!(balance(&book, Account::FieldCash(REP)), 100);
    let proposal = command_id(4);
    for body in [Body::Approve { proposal }, Body::Reject { proposal }] {
        assert_eq!(book.apply(at(2), &by(5, REP, body)), alone());
    }
    let approved = book.apply(at(2), &by(6, LEADER, Body::Approve { proposal }));
    assert_eq!(approved, Ok(true));
    assert_eq!(balance(&book, Account::FieldCash(REP)), 0);
    assert_eq!(balance(&book, Account::CashShort), 100);
}

#[test]
fn nobody_has_the_second_word_on_a_refund_of_money_that_they_took() {
    let mut book = book_with(MethodKind::Cash, 4_000);
    give(&mut book, 1, hand_in(&[1], 4_000)).unwrap();
    let refund = Body::Refund {
        debt: debt(Some(0)),
        receipt: Some(document(1)),
        out_of: Till::Cash,
        amount: money(500),
    };
    assert_eq!(give(&mut book, 2, refund), Ok(true));
    let proposal = command_id(2);
    let approve = |person| command(3, person, 2, Body::Approve { proposal });
    assert_eq!(book.apply(at(2), &approve(REP)), alone());
    assert_eq!(book.apply(at(2), &approve(LEADER)), Ok(true));
    assert_eq!(balance(&book, Account::Cash), 3_500);
}

#[test]
fn a_void_that_was_approved_before_the_cheque_bounced_still_asks_finance_and_then_moves_nothing() {
    let mut book = book_with(MethodKind::Cheque, 4_000);
    let receipt = document(1);
    give(&mut book, 1, hand_in(&[1], 0)).unwrap();
    assert_eq!(book.apply(at(2), &void(1)), Ok(true));
    assert_eq!(
        give(&mut book, 2, Body::ChequeBounced { receipt }),
        Ok(true)
    );
    assert!(book.void_waits(receipt));
    let entries = book.entries.len();
    let confirm = |n, person| command(n, person, 2, Body::ConfirmVoid { receipt });
    for (n, person) in [(3, LEADER), (4, REP)] {
        assert_eq!(book.apply(at(2), &confirm(n, person)), alone());
    }
    assert_eq!(book.apply(at(2), &confirm(5, CLERK)), Ok(true));
    assert_eq!(book.entries.len(), entries, "the debt stood all the time");
    assert_eq!(book.custody(receipt), Some(Custody::Voided));
    let presented = give(&mut book, 6, Body::ChequePresented { receipt });
    assert_eq!(presented, custody_of(1));
}

#[test]
fn the_same_command_on_another_day_is_another_command() {
    let mut book = book_with_invoices();
    let (debt, amount) = (debt(Some(0)), money(300));
    let on = |day| command(1, CLERK, day, Body::Discount { debt, amount });
    assert_eq!(book.apply(at(2), &on(2)), Ok(true));
    assert_eq!(book.apply(at(3), &on(2)), Ok(false));
    assert_eq!(book.apply(at(3), &on(1)), Err(CommandError::OtherCommand));
}

#[test]
fn a_sum_beyond_what_a_company_has_is_refused_as_too_large() {
    let mut book = book_with_invoices();
    let of = crate::ledger::command::OpeningOf::Bank;
    let opening = |fen| Body::Opening {
        of,
        amount: money(fen),
    };
    let most = crate::ledger::command::MOST_FEN;
    assert_eq!(give(&mut book, 1, opening(most)), Ok(true));
    for fen in [most + 1, -most - 1] {
        let refused = give(&mut book, 2, opening(fen));
        assert_eq!(refused, Err(CommandError::TooLarge));
    }
    let (debt, amount) = (debt(Some(0)), money(most + 1));
    let interest = give_by_two(&mut book, 3, Body::Interest { debt, amount });
    assert_eq!(interest, Err(CommandError::TooLarge));
}
