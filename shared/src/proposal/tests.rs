//! What the states of a proposal promise, and what finance may post in answer to one.

use super::*;
use ProposalKind::{Discount, Dispute, Extension, GoodsReturn, WriteOff};
use proptest::prelude::*;

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

#[test]
fn a_proposal_is_settled_when_all_who_have_a_word_agree_and_what_is_to_be_posted_is_posted() {
    use Finance::{Agreed, Declined, Ordered};
    let check = |what, leads, sales, finance, expected: &str| {
        let found = state(what, leads, sales, finance);
        assert_eq!(
            found.slug(),
            expected,
            "{what} {leads} {sales:?} {finance:?}"
        );
    };
    // An extension is the supervisor's alone (002).
    check(Extension, false, None, None, "open");
    check(Extension, false, YES, None, "settled");
    check(Extension, false, NO, None, "declined_by_sales");
    // A dispute is joint, in whatever order (002).
    check(Dispute, false, YES, None, "agreed_by_sales");
    check(Dispute, false, None, Some(Agreed), "agreed_by_finance");
    check(Dispute, false, YES, Some(Agreed), "settled");
    check(Dispute, false, NO, Some(Agreed), "declined_by_sales");
    check(Dispute, false, None, Some(Declined), "declined_by_finance");
    check(Dispute, false, YES, Some(Declined), "declined_by_finance");
    // What is posted is settled by the posting.
    for what in [Discount, GoodsReturn, WriteOff, Dispute] {
        check(
            what,
            false,
            YES,
            Some(Ordered(Decision::Open)),
            "being_posted",
        );
        check(
            what,
            false,
            YES,
            Some(Ordered(Decision::Approved)),
            "settled",
        );
        check(
            what,
            false,
            YES,
            Some(Ordered(Decision::Rejected)),
            "declined_by_finance",
        );
    }
    // A supervisor's own word for sales does not count: finance is the second person.
    check(Extension, true, None, None, "agreed_by_sales");
    check(Extension, true, None, Some(Agreed), "settled");
    check(WriteOff, true, None, None, "agreed_by_sales");
    check(WriteOff, true, None, Some(Declined), "declined_by_finance");
}

fn ask(what: ProposalKind, invoices: &[InvoiceId]) -> Ask {
    Ask {
        what,
        reason: (what == Dispute).then_some(DisputeReason::Price),
        invoices: invoices.to_vec(),
        amount: Money::from_yuan(300),
        until: None,
        words: "样品破损".into(),
    }
}

fn id(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}

/// A command about a debt of a customer.
fn body(what: ProposalKind, customer: u128, invoice: Option<u128>, yuan: u32) -> Body {
    let debt = Debt {
        customer: CustomerId(id(customer)),
        invoice: invoice.map(|n| InvoiceId(id(n))),
    };
    let amount = Money::from_yuan(yuan);
    match what {
        GoodsReturn => Body::GoodsReturn { debt, amount },
        WriteOff => Body::WriteOff { debt, amount },
        _ => Body::Discount { debt, amount },
    }
}

fn waiting(ask: &Ask, state: ProposalState) -> Waiting<'_> {
    Waiting {
        customer: CustomerId(id(1)),
        ask,
        leads: false,
        agreed: None,
        state,
        answered: false,
    }
}

#[test]
fn finance_posts_what_was_agreed_and_nothing_else() {
    let invoice = InvoiceId(id(7));
    let agreed = ProposalState::AgreedBySales;
    let check = |what, named: &[InvoiceId], state, body: Option<Body>, expected: Option<&str>| {
        let ask = ask(what, named);
        let found = waiting(&ask, state).may_agree(body.as_ref());
        assert_eq!(
            found.err().map(|e| e.code()),
            expected,
            "{what} {state} {body:?}"
        );
    };
    let named = [invoice];
    for what in [Discount, GoodsReturn, WriteOff] {
        check(
            what,
            &named,
            agreed,
            Some(body(what, 1, Some(7), 300)),
            None,
        );
        check(what, &[], agreed, Some(body(what, 1, Some(8), 300)), None);
        check(what, &[], agreed, Some(body(what, 1, None, 300)), None);
        let early = Some(body(what, 1, Some(7), 300));
        check(
            what,
            &named,
            ProposalState::Open,
            early,
            Some("proposal.waits_for_sales"),
        );
        check(
            what,
            &named,
            ProposalState::Open,
            None,
            Some("proposal.waits_for_sales"),
        );
        check(what, &named, agreed, None, Some("proposal.needs_command"));
        for (customer, invoice) in [(2, Some(7)), (1, Some(8)), (1, None)] {
            let other = Some(body(what, customer, invoice, 300));
            check(what, &named, agreed, other, Some("proposal.other_matter"));
        }
        let more = Some(body(what, 1, Some(7), 301));
        check(what, &named, agreed, more, Some("proposal.too_much"));
        let again = Some(body(what, 1, Some(7), 300));
        check(
            what,
            &named,
            ProposalState::Settled,
            again,
            Some("proposal.answered"),
        );
    }
    check(
        Discount,
        &named,
        agreed,
        Some(body(WriteOff, 1, Some(7), 300)),
        Some("proposal.other_matter"),
    );
    check(
        Dispute,
        &named,
        agreed,
        Some(body(GoodsReturn, 1, Some(7), 20)),
        None,
    );
    check(
        Dispute,
        &named,
        agreed,
        Some(body(WriteOff, 1, Some(7), 20)),
        Some("proposal.other_matter"),
    );
    check(Dispute, &named, agreed, None, None);
    check(Dispute, &named, ProposalState::Open, None, None);
    check(
        Extension,
        &named,
        ProposalState::Open,
        None,
        Some("proposal.sales_alone"),
    );
}

#[test]
fn money_is_moved_to_the_disputed_invoice_and_nowhere_else() {
    let invoice = InvoiceId(id(7));
    let moved = |customer: u128, to: Option<u128>, yuan: u32| Body::Reallocate {
        customer: CustomerId(id(customer)),
        receipt: None,
        from: Some(InvoiceId(id(9))),
        to: to.map(|n| InvoiceId(id(n))),
        amount: Money::from_yuan(yuan),
    };
    let check = |what, named: &[InvoiceId], state, body: Body, expected: Option<&str>| {
        let ask = ask(what, named);
        let found = waiting(&ask, state).may_agree(Some(&body));
        let found = found.err().map(|e| e.code());
        assert_eq!(found, expected, "{what} {state} {body:?}");
    };
    let (named, agreed) = ([invoice], ProposalState::AgreedBySales);
    let other = Some("proposal.other_matter");
    check(Dispute, &named, agreed, moved(1, Some(7), 300), None);
    check(Dispute, &[], agreed, moved(1, Some(8), 300), None);
    check(Dispute, &named, agreed, moved(1, Some(8), 300), other);
    check(Dispute, &named, agreed, moved(2, Some(7), 300), other);
    // To the account beside the invoices nothing is moved: that would raise what is due.
    check(Dispute, &named, agreed, moved(1, None, 300), other);
    check(Dispute, &[], agreed, moved(1, None, 300), other);
    let more = moved(1, Some(7), 301);
    check(Dispute, &named, agreed, more, Some("proposal.too_much"));
    let early = moved(1, Some(7), 1);
    let waits = Some("proposal.waits_for_sales");
    check(Dispute, &named, ProposalState::Open, early, waits);
    for what in [Discount, GoodsReturn, WriteOff] {
        check(what, &named, agreed, moved(1, Some(7), 300), other);
    }
}

#[test]
fn less_that_the_supervisor_agreed_to_is_the_most_that_is_posted() {
    let asked = ask(Discount, &[]);
    let less = Waiting {
        agreed: Some(Money::from_yuan(100)),
        ..waiting(&asked, ProposalState::AgreedBySales)
    };
    let sum = |yuan| less.may_agree(Some(&body(Discount, 1, Some(7), yuan)));
    assert_eq!(sum(100), Ok(()));
    assert_eq!(sum(101), Err(AnswerError::TooMuch(Money::from_yuan(100))));
}

fn words() -> impl Strategy<Value = Option<Finance>> {
    prop_oneof![
        Just(None),
        Just(Some(Finance::Declined)),
        Just(Some(Finance::Agreed)),
        Just(Some(Finance::Ordered(Decision::Open))),
        Just(Some(Finance::Ordered(Decision::Approved))),
        Just(Some(Finance::Ordered(Decision::Rejected))),
    ]
}

proptest! {
    /// Whatever is said: nothing is settled without two persons' words (an extension: the one of the supervisor), and
    /// a word that says no is never overruled.
    #[test]
    fn nothing_is_settled_over_a_no_or_on_the_word_of_who_asked(
        what in prop::sample::select(ProposalKind::ALL), leads: bool,
        sales in prop::option::of(any::<bool>()), finance in words(),
    ) {
        let found = state(what, leads, sales, finance);
        let no = sales == NO
            || matches!(finance, Some(Finance::Declined | Finance::Ordered(Decision::Rejected)));
        prop_assert_eq!(
            no,
            matches!(found, ProposalState::DeclinedBySales | ProposalState::DeclinedByFinance)
        );
        if found == ProposalState::Settled {
            let by_finance =
                matches!(finance, Some(Finance::Agreed | Finance::Ordered(Decision::Approved)));
            let by_sales = sales == YES;
            prop_assert!(by_finance || (what == Extension && by_sales && !leads));
            prop_assert!(by_sales || leads);
        }
    }
}
