//! Receipts entered from their paper copies: one posting, whatever comes first and however often.

use proptest::{prelude::*, sample::select};

use super::*;

/// The n-th receipt over ¥12.00 on the invoice, from its record.
fn record(n: u8, kind: MethodKind, on: Option<u8>) -> Fact {
    receipt(n, kind, 1_200, on, REP)
}

fn entered(n: u16, body: Body) -> Fact {
    command(n, CLERK, 2, body)
}

fn applied(book: &Book, id: DocumentId) -> Vec<(Option<InvoiceId>, i64)> {
    let standing = book.standing(id).unwrap();
    let fen = |(invoice, sum): (&Option<InvoiceId>, &Money)| (*invoice, sum.fen());
    standing.applied.iter().map(fen).collect()
}

fn refusal(book: &mut Book, body: Body) -> &'static str {
    book.apply(at(2), &entered(39, body)).unwrap_err().code()
}

#[test]
fn a_paper_posts_what_its_receipt_would_have() {
    for kind in [MethodKind::Cash, MethodKind::Cheque, MethodKind::Transfer] {
        let (mut from_paper, mut from_record) = (book_with_invoices(), book_with_invoices());
        let fact = entered(0, paper(1, kind, 1_200, Some(0)));
        assert_eq!(from_paper.apply(at(2), &fact), Ok(true));
        assert_eq!(
            from_record.apply(at(2), &record(1, kind, Some(0))),
            Ok(true)
        );
        assert_eq!(from_paper.balances(), from_record.balances(), "{kind}");
        let (paper, known) = (paper_of(1), document(1));
        assert_eq!(from_paper.custody(paper), from_record.custody(known));
        assert_eq!(applied(&from_paper, paper), applied(&from_record, known));
        let in_transit = |book: &Book| book.in_transit(CUSTOMER).unwrap();
        assert_eq!(in_transit(&from_paper), in_transit(&from_record));
        let days = |book: &Book| book.entries().last().map(|chained| chained.entry.day);
        assert_eq!(days(&from_paper), days(&from_record));
    }
}

#[test]
fn the_record_that_comes_later_is_the_paper_and_what_was_done_with_it_stands() {
    let mut book = book_with_invoices();
    let hand_in = |receipts| Body::HandIn {
        person: REP,
        receipts,
        counted: money(1_200),
    };
    let cash = paper(1, MethodKind::Cash, 1_200, Some(0));
    for fact in [entered(0, cash), entered(1, hand_in(vec![paper_of(1)]))] {
        assert_eq!(book.apply(at(2), &fact), Ok(true));
    }
    let before = book.balances();
    let own = record(1, MethodKind::Cash, Some(0));
    assert_eq!(book.apply(at(5), &own), Ok(true));
    assert_eq!(book.balances(), before);
    for id in [paper_of(1), document(1)] {
        assert_eq!(book.custody(id), Some(Custody::Company));
    }
    // It cannot be handed in again, under whichever id; nor entered once more.
    for id in [paper_of(1), document(1)] {
        let again = book.apply(at(5), &entered(3, hand_in(vec![id])));
        assert_eq!(again.unwrap_err().code(), "command.custody");
    }
    let again = paper(1, MethodKind::Cash, 1_200, Some(0));
    assert_eq!(refusal(&mut book, again), "command.paper_known");
    // A void of the record gives back what the paper had posted.
    let clerks_word = command(
        7,
        SECOND,
        5,
        Body::ConfirmVoid {
            receipt: document(1),
        },
    );
    for fact in [void(1), clerks_word] {
        assert_eq!(book.apply(at(5), &fact), Ok(true));
    }
    assert_eq!(book.custody(paper_of(1)), Some(Custody::Voided));
    let untouched = book_with_invoices();
    assert_eq!(book.balances(), untouched.balances());
}

#[test]
fn one_receipt_under_both_its_ids_is_not_handed_in_twice_at_once() {
    let mut book = book_with_invoices();
    let cash = paper(1, MethodKind::Cash, 1_200, Some(0));
    for fact in [entered(0, cash), record(1, MethodKind::Cash, Some(0))] {
        assert_eq!(book.apply(at(2), &fact), Ok(true));
    }
    let both = Body::HandIn {
        person: REP,
        receipts: vec![paper_of(1), document(1)],
        counted: money(2_400),
    };
    assert_eq!(refusal(&mut book, both), "command.receipts");
}

#[test]
fn money_typed_on_another_debt_than_the_record_says_is_moved_there_by_finance() {
    let mut book = book_with_invoices();
    let typed = paper(1, MethodKind::Cash, 1_200, Some(0));
    for fact in [entered(0, typed), record(1, MethodKind::Cash, Some(1))] {
        assert_eq!(book.apply(at(2), &fact), Ok(true));
    }
    assert_eq!(applied(&book, document(1)), [(Some(invoice_id(0)), 1_200)]);
    let moved = Body::Reallocate {
        customer: CUSTOMER,
        receipt: Some(document(1)),
        from: Some(invoice_id(0)),
        to: Some(invoice_id(1)),
        amount: money(1_200),
    };
    assert_eq!(book.apply(at(2), &entered(1, moved)), Ok(true));
    assert_eq!(applied(&book, document(1)), [(Some(invoice_id(1)), 1_200)]);
}

#[test]
fn of_a_claim_that_nobody_has_confirmed_the_records_own_words_count() {
    let mut book = book_with_invoices();
    let typed = paper(1, MethodKind::Transfer, 1_200, Some(0));
    let confirm = Body::ConfirmTransfer {
        receipt: paper_of(1),
        fee: Money::ZERO,
        bank_line: Some("L1".to_owned()),
        booked: None,
    };
    for fact in [
        entered(0, typed),
        record(1, MethodKind::Transfer, Some(1)),
        entered(1, confirm),
    ] {
        assert_eq!(book.apply(at(2), &fact), Ok(true));
    }
    assert_eq!(applied(&book, document(1)), [(Some(invoice_id(1)), 1_200)]);
}

type Change<'c> = &'c dyn Fn(&mut String, &mut CustomerId, &mut MethodKind, &mut Vec<Paid>);

/// A paper that would be taken, changed.
fn changed(change: Change<'_>) -> Body {
    let mut body = paper(1, MethodKind::Cash, 1_200, Some(0));
    if let Body::EnterPaper {
        code,
        customer,
        method,
        pays,
        ..
    } = &mut body
    {
        change(code, customer, method, pays);
    }
    body
}

#[test]
fn what_no_receipt_could_say_is_not_entered() {
    let mut book = book_with_invoices();
    let twice = changed(&|_, _, _, pays| pays.push(pays[0]));
    let too_much = changed(&|_, _, _, pays| pays[0].amount = money(1_201));
    let nothing = changed(&|_, _, _, pays| pays[0].amount = Money::ZERO);
    let foreign = changed(&|_, _, _, pays| pays[0].invoice = invoice_id(2));
    let nobody = changed(&|_, customer, _, _| *customer = CustomerId(Uuid::from_u128(77)));
    let no_method = changed(&|_, _, method, _| *method = MethodKind::Unknown);
    let no_code = changed(&|code, _, _, _| *code = "A07-261102-1".to_owned());
    let ahead = changed(&|code, _, _, _| *code = code.replace("2026-11-02", "2026-11-12"));
    let no_sum = changed(&|code, _, _, _| *code = code.replace("12.00", "-12.00"));
    for (body, expected) in [
        (twice, "command.paper_words"),
        (too_much, "command.too_much"),
        (nothing, "command.not_positive"),
        (foreign, "command.foreign_invoice"),
        (nobody, "command.no_such"),
        (no_method, "command.paper_words"),
        (no_code, "command.paper_code"),
        (ahead, "command.day_ahead"),
        (no_sum, "command.not_positive"),
    ] {
        assert_eq!(refusal(&mut book, body), expected);
    }
    let own = command(9, REP, 2, paper(1, MethodKind::Cash, 1_200, Some(0)));
    assert_eq!(book.apply(at(2), &own), Err(CommandError::SamePerson));
    assert_eq!(book.balances(), book_with_invoices().balances());
}

#[test]
fn the_paper_of_a_closed_day_lies_on_the_first_open_one() {
    let mut book = book_with_invoices();
    let close = Body::ClosePeriod { through: day(3) };
    let body = paper(1, MethodKind::Cash, 1_200, None);
    for fact in [command(0, CLERK, 5, close), command(1, CLERK, 5, body)] {
        assert_eq!(book.apply(at(5), &fact), Ok(true));
    }
    let last = book.entries().last().unwrap();
    assert_eq!(last.entry.day, day(4));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Papers, by one clerk or two, the records, and all of it again, in any order.
    #[test]
    fn a_receipt_counts_once_in_any_order_of_paper_and_record_and_whatever_is_repeated(
        kind in select(vec![MethodKind::Cash, MethodKind::Cheque, MethodKind::Transfer]),
        typed in select(vec![None, Some(0u8), Some(1)]),
        said in select(vec![None, Some(0u8), Some(1)]),
        steps in prop::collection::vec(0usize..4, 1..12),
    ) {
        let facts = [
            entered(0, paper(1, kind, 1_200, typed)),
            command(1, SECOND, 2, paper(1, kind, 1_200, said)),
            record(1, kind, said),
            entered(2, paper(2, kind, 500, typed)),
        ];
        let mut book = book_with_invoices();
        let mut taken = Vec::new();
        for fact in steps.iter().map(|step| &facts[*step]) {
            if book.apply(at(2), fact) == Ok(true) {
                taken.push(fact.clone());
            }
        }
        let posted = |n: u8| {
            let ids = [paper_of(n), document(n)];
            let entries = book.entries().iter().map(|chained| &chained.entry);
            entries.filter(|e| e.source.receipt().is_some_and(|id| ids.contains(&id))).count()
        };
        let posts = usize::from(kind != MethodKind::Transfer);
        let (first, second) = (steps.iter().any(|s| *s < 3), steps.contains(&3));
        prop_assert_eq!(posted(1), posts * usize::from(first));
        prop_assert_eq!(posted(2), posts * usize::from(second));
        let fen = 1_200 * i64::from(first) + 500 * i64::from(second);
        let held = match kind {
            MethodKind::Cash => balance(&book, Account::FieldCash(REP)),
            MethodKind::Cheque => balance(&book, Account::FieldCheques(REP)),
            _ => book.in_transit(CUSTOMER).unwrap().fen(),
        };
        prop_assert_eq!(held, fen);
        let mut rebuilt = book_with_invoices();
        for fact in &taken {
            prop_assert_eq!(rebuilt.apply(at(2), fact), Ok(true));
        }
        prop_assert_eq!(rebuilt.entries(), book.entries());
    }
}
