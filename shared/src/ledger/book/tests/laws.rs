//! What holds after every step, whatever the steps are.

use proptest::{prelude::*, sample::select};

use super::*;
use crate::ledger::command::{Difference, OpeningOf, RecoveredFrom};

/// A step and the day on which the server takes it.
type Step = (i64, Fact);

fn any_body() -> impl Strategy<Value = Body> {
    let receipt = || {
        (0u8..12, 0u8..4).prop_map(|(n, of)| match of {
            0 => paper_of(n),
            _ => document(n),
        })
    };
    let on = || select(vec![None, Some(0u8), Some(1), Some(2)]);
    let fen = || (-20i64..6_000).prop_map(money);
    let till = || select(vec![Till::Cash, Till::Bank]);
    prop_oneof![
        3 => (receipt(), 0i64..40, select(vec![None, Some("L1"), Some("L2")])).prop_map(
            |(receipt, fee, line)| Body::ConfirmTransfer {
                receipt,
                fee: money(fee),
                bank_line: line.map(str::to_owned),
                booked: None,
            }
        ),
        1 => receipt().prop_map(|receipt| Body::ConfirmTransfer {
            receipt,
            fee: Money::ZERO,
            bank_line: None,
            booked: Some(PaymentId(Uuid::from_u128(900))),
        }),
        4 => (prop::collection::vec(receipt(), 1..4), -50i64..3_000).prop_map(
            |(receipts, counted)| Body::HandIn {
                person: REP,
                receipts,
                counted: money(counted),
            }
        ),
        2 => (0u16..40, any::<bool>(), fen()).prop_map(|(n, found, amount)| {
            Body::DecideDifference {
                hand_in: command_id(n),
                what: if found { Difference::Found } else { Difference::CashShort },
                amount,
            }
        }),
        3 => (receipt(), 0i64..9).prop_map(|(receipt, fee)| Body::ChequeCleared {
            receipt,
            fee: money(fee),
        }),
        1 => any::<bool>().prop_map(|on| Body::BankRule { on }),
        2 => (receipt(), 0u16..40, select(vec!["L1", "L3"])).prop_map(|(receipt, rule, line)| {
            Body::ConfirmByRule {
                receipt,
                bank_line: line.to_owned(),
                rule: command_id(rule),
            }
        }),
        2 => receipt().prop_map(|receipt| Body::ChequeBounced { receipt }),
        1 => receipt().prop_map(|receipt| Body::ChequePresented { receipt }),
        2 => receipt().prop_map(|receipt| Body::ConfirmVoid { receipt }),
        3 => (0u8..12, select(vec![MethodKind::Cash, MethodKind::Cheque, MethodKind::Transfer]), 1i64..4_000, on())
            .prop_map(|(n, kind, fen, on)| paper(n, kind, fen, on)),
        2 => (on(), on(), fen(), proptest::option::of(receipt())).prop_map(
            |(from, to, amount, receipt)| Body::Reallocate {
                customer: CUSTOMER,
                receipt,
                from: from.map(invoice_id),
                to: to.map(invoice_id),
                amount,
            }
        ),
        2 => (on(), fen(), till(), proptest::option::of(receipt())).prop_map(
            |(on, amount, out_of, receipt)| Body::Refund {
                debt: debt(on),
                receipt,
                out_of,
                amount,
            }
        ),
        1 => (on(), fen()).prop_map(|(on, amount)| Body::Discount { debt: debt(on), amount }),
        1 => (on(), fen()).prop_map(|(on, amount)| Body::Interest { debt: debt(on), amount }),
        1 => (on(), fen()).prop_map(|(on, amount)| Body::GoodsReturn { debt: debt(on), amount }),
        2 => (on(), fen()).prop_map(|(on, amount)| Body::WriteOff { debt: debt(on), amount }),
        1 => (on(), fen(), 0u8..3).prop_map(|(on, amount, from)| Body::Recover {
            debt: debt(on),
            from: [RecoveredFrom::Cash, RecoveredFrom::Bank, RecoveredFrom::Account]
                [usize::from(from)],
            amount,
        }),
        1 => (0u8..3, fen()).prop_map(|(of, amount)| Body::Opening {
            of: [OpeningOf::Cash, OpeningOf::Bank, OpeningOf::OnAccount(CUSTOMER)]
                [usize::from(of)],
            amount,
        }),
        1 => (0i64..30).prop_map(|through| Body::ClosePeriod { through: day(through) }),
        3 => (0u16..40).prop_map(|n| Body::Approve { proposal: command_id(n) }),
        1 => (0u16..40).prop_map(|n| Body::Reject { proposal: command_id(n) }),
    ]
}

fn any_receipt() -> impl Strategy<Value = Fact> {
    let kind = select(vec![
        MethodKind::Cash,
        MethodKind::Cash,
        MethodKind::Cheque,
        MethodKind::Transfer,
    ]);
    let on = select(vec![None, Some(0u8), Some(1), Some(2)]);
    (0u8..12, kind, 1i64..4_000, on, any::<bool>()).prop_map(|(n, kind, fen, on, other)| {
        receipt(
            n,
            kind,
            fen,
            on,
            if other && n > 8 { COLLEAGUE } else { REP },
        )
    })
}

fn any_payment() -> impl Strategy<Value = Fact> {
    (900u128..903, 1i64..4_000).prop_map(|(n, fen)| {
        Fact::Payment(Payment {
            id: PaymentId(Uuid::from_u128(n)),
            customer: CUSTOMER,
            number: format!("P-{n}"),
            day: day(1),
            amount: money(fen),
            invoice: None,
        })
    })
}

fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => any_receipt().prop_map(|fact| (None, fact)),
        1 => any_payment().prop_map(|fact| (None, fact)),
        2 => (0u8..12).prop_map(|n| (None, void(n))),
        8 => (0u16..40, any::<bool>(), any_body()).prop_map(|(n, second, body)| {
            let person = if second { SECOND } else { CLERK };
            (Some(()), command(n, person, 0, body))
        }),
    ];
    prop::collection::vec(step, 1..60).prop_map(|steps| {
        steps
            .into_iter()
            .enumerate()
            .map(|(n, (_, fact))| {
                let on = 2 + n as i64 / 3;
                let fact = match fact {
                    Fact::Command(command) => Fact::Command(Command {
                        at: at(on),
                        day: day(on),
                        ..command
                    }),
                    other => other,
                };
                (on, fact)
            })
            .collect()
    })
}

/// The checks that hold at every moment.
fn check(book: &Book) {
    assert_eq!(book.balances.values().map(|b| b.fen()).sum::<i64>(), 0);
    for person in [REP, COLLEAGUE] {
        let cash = balance(book, Account::FieldCash(person));
        assert_eq!(
            cash,
            book.cash_in_hands(person).unwrap().fen(),
            "field cash"
        );
        let cheques = sum_of(book, |held| {
            held.words.person() == person
                && held.words.method() == MethodKind::Cheque
                && held.custody == Custody::Field
        });
        assert_eq!(balance(book, Account::FieldCheques(person)), cheques);
    }
    let clearing = sum_of(book, |held| held.custody == Custody::Clearing);
    assert_eq!(balance(book, Account::Cheques), clearing, "in clearing");
    let uncleared = sum_of(book, |held| {
        held.words.method() == MethodKind::Cheque
            && matches!(held.custody, Custody::Field | Custody::Clearing)
    });
    assert_eq!(-balance(book, Account::ChequesUncleared), uncleared);
    for (id, held) in &book.receipts {
        once(book, *id, held);
    }
}

fn sum_of(book: &Book, holds: impl Fn(&Held) -> bool) -> i64 {
    let held = book.receipts.values().filter(|held| holds(held));
    held.map(|held| held.words.amount().fen()).sum()
}

/// A receipt is posted, in transit, or voided: never lost, never twice.
fn once(book: &Book, id: DocumentId, held: &Held) {
    let of_receipt = |kind: EntryKind| {
        let entries = book.entries.iter().map(|chained| &chained.entry);
        entries
            .filter(|e| e.kind == kind && e.source.receipt().map(|of| book.now(of)) == Some(id))
            .count()
    };
    let is_claim = held.words.method() == MethodKind::Transfer;
    assert_eq!(of_receipt(EntryKind::Receipt), usize::from(!is_claim));
    assert!(of_receipt(EntryKind::Transfer) <= usize::from(is_claim));
    assert!(of_receipt(EntryKind::Cleared) <= 1 && of_receipt(EntryKind::Void) <= 1);
    let applied = book.standing(id).unwrap().applied;
    let applied: i64 = applied.values().map(|sum| sum.fen()).sum();
    match held.custody {
        Custody::Voided | Custody::Claim | Custody::Clearing | Custody::Bounced => {
            assert_eq!(applied, 0, "{:?}", held.custody);
        }
        Custody::Field if held.words.method() != MethodKind::Cash => assert_eq!(applied, 0),
        Custody::Field => assert_eq!(applied, held.words.amount().fen()),
        _ => assert!(applied <= held.words.amount().fen()),
    }
}

/// Money that came in and did not go out again, counted from what was said and not from entries: it must lie
/// in a till, in somebody's hands, with the bank, or be called lost.
fn came_in(book: &Book) -> i64 {
    let approved = |command: &&Command| {
        !command.body.needs_two() || book.decisions.get(&command.id) == Some(&Decision::Approved)
    };
    let commands: Vec<&Command> = book.commands.values().filter(approved).collect();
    let matched: Vec<DocumentId> = commands
        .iter()
        .filter_map(|command| match &command.body {
            Body::ConfirmTransfer {
                receipt,
                booked: Some(_),
                ..
            } => Some(book.now(*receipt)),
            _ => None,
        })
        .collect();
    let refunded = |of: Option<DocumentId>| -> i64 {
        let sums = commands.iter().map(|command| match &command.body {
            Body::Refund {
                receipt, amount, ..
            } if of.is_none() || receipt.map(|id| book.now(id)) == of => amount.fen(),
            _ => 0,
        });
        sums.sum()
    };
    let mut sum = -refunded(None);
    for (id, held) in &book.receipts {
        let is_cash = held.words.method() == MethodKind::Cash;
        sum += match held.custody {
            Custody::Voided => refunded(Some(*id)),
            Custody::Field | Custody::Company if is_cash => held.words.amount().fen(),
            Custody::Bank if !matched.contains(id) => held.words.amount().fen(),
            _ => 0,
        };
    }
    sum += book.payments.values().map(|p| p.amount.fen()).sum::<i64>();
    for command in commands {
        sum += match &command.body {
            Body::Recover {
                from: RecoveredFrom::Cash | RecoveredFrom::Bank,
                amount,
                ..
            } => amount.fen(),
            Body::Opening {
                of: OpeningOf::Cash | OpeningOf::Bank,
                amount,
            } => amount.fen(),
            _ => 0,
        };
    }
    sum
}

fn lies(book: &Book) -> i64 {
    use Account::{Bank, BankFees, Cash, CashShort, FieldCash};
    [
        Cash,
        Bank,
        BankFees,
        CashShort,
        FieldCash(REP),
        FieldCash(COLLEAGUE),
    ]
    .into_iter()
    .map(|account| balance(book, account))
    .sum()
}

fn play(steps: &[Step]) -> (Book, Vec<Step>) {
    let mut book = book_with_invoices();
    let mut taken = Vec::new();
    for (on, fact) in steps {
        let before = (book.balances(), book.entries.len(), book.closed_through);
        match book.apply(at(*on), fact) {
            Ok(true) => taken.push((*on, fact.clone())),
            Ok(false) | Err(_) => {
                let after = (book.balances(), book.entries.len(), book.closed_through);
                assert_eq!(before, after, "a refused step changed something");
            }
        }
        check(&book);
        assert_eq!(
            lies(&book),
            came_in(&book),
            "money lost or made by {fact:?}"
        );
    }
    (book, taken)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn money_is_conserved_and_every_check_holds_through_any_sequence(steps in any_steps()) {
        let (book, taken) = play(&steps);
        prop_assert!(chain::verify(None, book.entries.iter().cloned()).is_ok());

        // The same again changes nothing, however late it comes.
        let mut again = book.clone();
        for (on, fact) in &taken {
            prop_assert_eq!(again.apply(at(on + 40), fact), Ok(false));
        }
        prop_assert_eq!(again.balances(), book.balances());
        prop_assert_eq!(again.entries.len(), book.entries.len());

        // A rebuild from the facts gives the same ledger, chain included.
        let mut rebuilt = book_with_invoices();
        for (on, fact) in &taken {
            prop_assert_eq!(rebuilt.apply(at(*on), fact), Ok(true));
        }
        prop_assert_eq!(&rebuilt.entries, &book.entries);
    }

    #[test]
    fn no_entry_lies_on_a_day_that_was_closed_before_it(steps in any_steps()) {
        let mut book = book_with_invoices();
        for (on, fact) in &steps {
            let (closed, count) = (book.closed_through, book.entries.len());
            let _ = book.apply(at(*on), fact);
            for chained in &book.entries[count..] {
                prop_assert!(closed.is_none_or(|closed| chained.entry.day > closed));
            }
        }
    }

    #[test]
    fn field_documents_in_any_order_give_the_same_accounts(
        receipts in prop::collection::vec((any_receipt(), any::<bool>()), 1..10),
        keys in prop::collection::vec(any::<u32>(), 20),
    ) {
        let mut facts: Vec<Fact> = Vec::new();
        for (n, (fact, voided)) in (0u8..).zip(&receipts) {
            if let Fact::Receipt { core, .. } = fact {
                facts.push(Fact::Receipt {
                    document: document(n),
                    seal: Digest([n; 32]),
                    core: core.clone(),
                });
            }
            if *voided {
                facts.push(void(n));
            }
        }
        let in_order = arrive(&facts);
        let mut shuffled: Vec<(u32, Fact)> = keys.into_iter().cycle().zip(facts).collect();
        shuffled.sort_by_key(|(key, _)| *key);
        let shuffled: Vec<Fact> = shuffled.into_iter().map(|(_, fact)| fact).collect();
        let other = arrive(&shuffled);
        prop_assert_eq!(other.balances(), in_order.balances());
        prop_assert_eq!(paid(&other), paid(&in_order));
        for id in in_order.receipts.keys() {
            prop_assert_eq!(other.custody(*id), in_order.custody(*id));
        }
    }
}

/// What promise states depend on.
fn paid(book: &Book) -> BTreeMap<(Option<DocumentId>, Debt), Money> {
    let mut paid = book.paid.clone();
    paid.retain(|_, sum| !sum.is_zero());
    paid
}

/// Brings facts in; what builds on something that is not there yet comes again later, as phones do it.
fn arrive(facts: &[Fact]) -> Book {
    let mut book = book_with_invoices();
    let mut waiting: Vec<&Fact> = facts.iter().collect();
    while !waiting.is_empty() {
        let count = waiting.len();
        waiting.retain(|fact| book.apply(at(2), fact).is_err());
        assert!(waiting.len() < count, "{waiting:?}");
    }
    check(&book);
    book
}
