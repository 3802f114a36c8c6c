//! What statements promise.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::document::fixtures::{CUSTOMER, NOON, REP, signature, yuan};
use crate::ids::DocumentId;
use crate::proposal::DisputeReason;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// So many open invoices of 1,000 yuan each, one of them partly paid.
pub(crate) fn facts(invoices: u32) -> Facts {
    let open = (0..invoices).map(|n| StatementLine {
        invoice: Some(InvoiceId(Uuid::from_u128(u128::from(n) + 1))),
        number: format!("FP-{n:04}"),
        issued: day("2026-10-01").plus_days(i64::from(n) % 30),
        due: day("2026-10-31").plus_days(i64::from(n) % 30),
        amount: yuan(1_000),
        outstanding: if n == 0 { yuan(400) } else { yuan(1_000) },
        items: 1,
    });
    Facts {
        purpose: StatementPurpose::Monthly,
        customer: CUSTOMER,
        customer_number: "C0042".into(),
        customer_name: "鑫源五金商行".into(),
        company_name: "城西贸易有限公司".into(),
        from: day("2026-10-01"),
        as_of: day("2026-10-31"),
        revision: 1,
        invoiced: yuan(1_000 * invoices),
        paid: yuan(600),
        other: Money::ZERO,
        open: open.collect(),
        on_account: Money::ZERO,
        payments: vec![StatementPayment {
            number: "A07-261012-3".into(),
            day: day("2026-10-12"),
            amount: yuan(600),
            items: 1,
        }],
    }
}

fn sum(statement: &Statement) -> Money {
    Money::sum(statement.lines.iter().map(|line| line.outstanding)).unwrap()
}

/// An answer to it.
pub(crate) fn answer(statement: &Statement, disputed: &[u32]) -> AnswerCore {
    let disputed = disputed.iter().map(|&line| DisputedLine {
        line,
        number: statement.lines[line as usize].number.clone(),
        outstanding: statement.lines[line as usize].outstanding,
        reason: DisputeReason::Price,
        words: String::new(),
        says: Some(yuan(1)),
    });
    AnswerCore {
        customer: statement.customer,
        customer_name: statement.customer_name.clone(),
        company_name: statement.company_name.clone(),
        person: REP,
        person_name: "陈小明".into(),
        made_at: NOON,
        day: day("2026-11-03"),
        statement: statement.id(),
        digest: digest(&statement.content().unwrap()),
        as_of: statement.as_of,
        closing: statement.closing,
        letter: vec!["对账单".into()],
        disputed: disputed.collect(),
        signature: Some(signature()),
        fix: None,
    }
}

#[test]
fn a_long_statement_folds_the_rest_into_one_line_that_says_of_how_many() {
    let statement = Statement::make(facts(250)).unwrap();
    assert_eq!(statement.lines.len(), limits::STATEMENT_LINES);
    let rest = statement.lines.last().unwrap();
    assert_eq!((rest.invoice, rest.items), (None, 51));
    assert_eq!(rest.outstanding, yuan(51_000));
    assert_eq!(sum(&statement), statement.closing);
}

#[test]
fn money_on_account_is_a_line_of_its_own_and_the_opening_balance_is_reckoned_back() {
    let mut facts = facts(2);
    facts.on_account = yuan(50);
    facts.other = yuan(30).negated();
    let statement = Statement::make(facts).unwrap();
    assert_eq!(statement.closing, yuan(1_350));
    // 1,350 = opening + 2,000 − 600 − 30.
    assert_eq!(statement.opening, yuan(20).negated());
    assert!(statement.lines.last().unwrap().is_on_account());
    assert_eq!(sum(&statement), statement.closing);
}

#[test]
fn the_same_figures_have_the_same_name_and_digest_and_others_do_not() {
    let statement = |change: &dyn Fn(&mut Facts)| {
        let mut facts = facts(3);
        facts.open.rotate_left(1);
        change(&mut facts);
        let made = Statement::make(facts).unwrap();
        let content = made.content().unwrap();
        assert_eq!(Statement::read(&content).unwrap(), made);
        (made.id(), digest(&content))
    };
    let plain = statement(&|_| {});
    assert_eq!(plain, statement(&|facts| facts.open.reverse()));
    let corrected = statement(&|facts| facts.open[0].outstanding = yuan(1));
    assert_eq!(corrected.0, plain.0);
    assert_ne!(corrected.1, plain.1);
    assert_ne!(statement(&|facts| facts.revision = 2).0, plain.0);
    let legal = statement(&|facts| facts.purpose = StatementPurpose::Confirmation);
    assert_ne!(legal.0, plain.0);
}

#[test]
fn periods_and_windows_are_those_of_the_calendar() {
    let settings = Settings::default();
    let first = |purpose, as_of: &str| first_day(purpose, day(as_of), &settings).to_string();
    assert_eq!(first(StatementPurpose::Monthly, "2026-10-31"), "2026-10-01");
    assert_eq!(
        first(StatementPurpose::Quarterly, "2026-12-31"),
        "2026-10-01"
    );
    assert_eq!(
        first(StatementPurpose::Quarterly, "2026-11-30"),
        "2026-10-01"
    );
    assert_eq!(
        first(StatementPurpose::Confirmation, "2026-01-31"),
        "2025-11-01"
    );
    let until =
        |as_of: &str, today: &str| agree_until(day(as_of), day(today), &settings).to_string();
    assert_eq!(until("2026-10-31", "2026-11-01"), "2026-11-07");
    assert_eq!(until("2026-10-31", "2026-11-07"), "2026-11-07");
    // Run late, the customer has as many days from then on.
    assert_eq!(until("2026-10-31", "2026-11-21"), "2026-11-28");
    assert_eq!(until("2026-11-20", "2026-11-21"), "2026-11-28");
}

#[test]
fn the_first_answer_to_what_was_shown_stands_and_every_other_is_said_to_be_what_it_is() {
    let statement = Statement::make(facts(2)).unwrap();
    let core = answer(&statement, &[]);
    let stored = Stored {
        customer: CUSTOMER,
        state: StatementState::Sent,
        digest: core.digest,
        answer: None,
    };
    let document = Some(DocumentId([1; 32]));
    let check = |stored: Option<Stored>, expected| {
        assert_eq!(standing(stored.as_ref(), &core), expected, "{stored:?}");
    };
    use AnswerStanding as A;
    check(None, A::NoSuch);
    check(Some(stored), A::Stands);
    let agreed = Stored {
        state: StatementState::Agreed,
        answer: document,
        ..stored
    };
    check(Some(agreed), A::Second);
    let replaced = Stored {
        state: StatementState::Replaced,
        ..stored
    };
    check(Some(replaced), A::Replaced);
    let closed = Stored {
        state: StatementState::Closed,
        ..stored
    };
    check(Some(closed), A::Closed);
    let other = Stored {
        digest: Digest([9; 32]),
        ..stored
    };
    check(Some(other), A::Differs);
    let theirs = Stored {
        customer: CustomerId(Uuid::from_u128(99)),
        ..stored
    };
    check(Some(theirs), A::NoSuch);
}

#[test]
fn a_dispute_is_answered_once_every_line_of_it_is() {
    let statement = Statement::make(facts(3)).unwrap();
    let disputed = answer(&statement, &[0, 2]).disputed;
    let mut replies = Vec::new();
    let said = |line, accepted| LineReply {
        line,
        accepted,
        note: "按发票".into(),
    };
    use StatementState::*;
    let mut give = |state, new| reply(state, &disputed, &mut replies, new);
    assert_eq!(give(Disputed, said(1, true)), Err(StatementError::Line));
    assert_eq!(give(Sent, said(0, true)), Err(StatementError::State));
    assert_eq!(give(Disputed, said(2, false)), Ok(Disputed));
    assert_eq!(give(Disputed, said(2, false)), Ok(Disputed));
    assert_eq!(give(Disputed, said(2, true)), Err(StatementError::Replied));
    assert_eq!(give(Disputed, said(0, true)), Ok(Answered));
    assert_eq!(give(Answered, said(0, true)), Ok(Answered));
    assert_eq!(replies.len(), 2);
}

proptest! {
    #[test]
    fn lines_and_movement_add_up_to_the_closing_balance_to_the_fen(
        open in prop::collection::vec((-500_000i64..5_000_000, 0i64..90), 0..450),
        on_account in 0i64..1_000_000,
        moved in (-9_000_000i64..9_000_000, -9_000_000i64..9_000_000, -9_000i64..9_000),
        payments in prop::collection::vec(-10_000i64..900_000, 0..450),
    ) {
        let fen = |fen| Money::from_fen(fen).unwrap();
        let mut facts = facts(0);
        facts.open = open.iter().enumerate().map(|(n, &(sum, days))| StatementLine {
            invoice: Some(InvoiceId(Uuid::from_u128(n as u128))),
            number: format!("F{n}"),
            issued: facts.from,
            due: facts.from.plus_days(days),
            amount: fen(sum.abs()),
            outstanding: fen(sum),
            items: 1,
        }).collect();
        facts.on_account = fen(on_account);
        facts.payments = payments.iter().map(|&sum| StatementPayment {
            number: String::new(), day: facts.from, amount: fen(sum), items: 1,
        }).collect();
        (facts.invoiced, facts.paid, facts.other) = (fen(moved.0), fen(moved.1), fen(moved.2));
        let expected: i64 = open.iter().map(|(sum, _)| sum).sum::<i64>() - on_account;
        let statement = Statement::make(facts).unwrap();
        prop_assert_eq!(statement.closing, fen(expected));
        prop_assert_eq!(sum(&statement), statement.closing);
        let moved = statement.opening.fen() + statement.invoiced.fen() - statement.paid.fen() + statement.other.fen();
        prop_assert_eq!(moved, statement.closing.fen());
        prop_assert!(statement.lines.len() <= limits::STATEMENT_LINES + 1);
        prop_assert!(statement.payments.len() <= limits::STATEMENT_LINES);
        let paid: i64 = statement.payments.iter().map(|p| p.amount.fen()).sum();
        prop_assert_eq!(paid, payments.iter().sum::<i64>());
        let content = statement.content().unwrap();
        prop_assert_eq!(Statement::read(&content).unwrap(), statement);
    }
}
