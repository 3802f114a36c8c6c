//! The laws of the ledger, over whatever finance and the field do; and each command by example.

mod booked;
mod examples;
mod laws;
mod papers;
mod two_people;

use uuid::Uuid;

use super::*;
use crate::{
    ids::ElementId,
    ledger::{
        command::{Body, Paid, Till},
        entry::EntryKind,
    },
    receipt::{Allocation, Method, ReceiptNumber},
};

const CUSTOMER: CustomerId = CustomerId(Uuid::from_u128(1));
const OTHER: CustomerId = CustomerId(Uuid::from_u128(2));
const REP: PersonId = PersonId(Uuid::from_u128(3));
const COLLEAGUE: PersonId = PersonId(Uuid::from_u128(4));
const LEADER: PersonId = PersonId(Uuid::from_u128(5));
const CLERK: PersonId = PersonId(Uuid::from_u128(6));
const SECOND: PersonId = PersonId(Uuid::from_u128(7));

fn money(fen: i64) -> Money {
    Money::from_fen(fen).unwrap()
}

/// Midday of the n-th day.
fn at(n: i64) -> Timestamp {
    Timestamp(day(n).number() * 86_400_000 + 4 * 3_600_000)
}

fn day(n: i64) -> Day {
    Day::new(2026, 11, 1).unwrap().plus_days(n)
}

fn invoice_id(n: u8) -> InvoiceId {
    InvoiceId(Uuid::from_u128(100 + u128::from(n)))
}

/// Invoices 0 and 1 are the customer's, 2 is another's; ¥100.00 each.
fn invoice(n: u8) -> Fact {
    Fact::Invoice {
        invoice: Invoice {
            id: invoice_id(n),
            customer: if n < 2 { CUSTOMER } else { OTHER },
            number: format!("FP-{n}"),
            issued: day(0),
            due: day(30),
            amount: money(10_000),
        },
        revision: 0,
    }
}

fn document(n: u8) -> DocumentId {
    DocumentId([n; 32])
}

fn method(kind: MethodKind) -> Method {
    let (number, bank, reference) = (String::new(), String::new(), String::new());
    match kind {
        MethodKind::Cheque => Method::Cheque { number, bank },
        MethodKind::Transfer => Method::Transfer { reference },
        _ => Method::Cash,
    }
}

fn receipt(n: u8, kind: MethodKind, fen: i64, on: Option<u8>, person: PersonId) -> Fact {
    let core = ReceiptCore {
        number: ReceiptNumber {
            device_code: "A07".to_owned(),
            day: day(1),
            n: u32::from(n),
        },
        previous: None,
        customer: CUSTOMER,
        customer_name: String::new(),
        company_name: String::new(),
        person,
        person_name: String::new(),
        issued_at: at(1),
        day: day(1),
        method: method(kind),
        amount: money(fen),
        allocations: on
            .map(|on| Allocation {
                invoice: invoice_id(on),
                number: format!("FP-{on}"),
                amount: money(fen),
            })
            .into_iter()
            .collect(),
        asked: money(fen),
        shortfall: None,
        purpose: String::new(),
        signature: None,
        last_server_at: None,
        corrects: vec![],
    };
    Fact::Receipt {
        document: document(n),
        seal: Digest([n; 32]),
        core: Box::new(core),
    }
}

/// The code of the n-th receipt, over so much.
fn code(n: u8, fen: i64) -> String {
    let (core, signature) = (Digest([n; 32]), "0".repeat(128));
    format!(
        "HK1|A07-261102-{n}|{}|{}|{core}|{signature}|客户",
        day(1),
        money(fen)
    )
}

/// The n-th receipt entered from its paper copy.
fn paper(n: u8, method: MethodKind, fen: i64, on: Option<u8>) -> Body {
    Body::EnterPaper {
        code: code(n, fen),
        person: REP,
        customer: CUSTOMER,
        method,
        reference: String::new(),
        pays: on
            .map(|on| Paid {
                invoice: invoice_id(on),
                amount: money(fen),
            })
            .into_iter()
            .collect(),
    }
}

/// The id of the n-th receipt until its record comes.
fn paper_of(n: u8) -> DocumentId {
    decide::paper_id(Digest([n; 32]))
}

fn void(n: u8) -> Fact {
    Fact::Void {
        receipt: document(n),
        approval: Approval {
            decision: ElementId(Uuid::from_u128(500 + u128::from(n))),
            requester: REP,
            approver: LEADER,
        },
    }
}

fn command_id(n: u16) -> CommandId {
    CommandId(Uuid::from_u128(1_000 + u128::from(n)))
}

fn command(n: u16, person: PersonId, on: i64, body: Body) -> Fact {
    Fact::Command(Command {
        id: command_id(n),
        person,
        at: at(on),
        day: day(on),
        reason: "对账后处理".to_owned(),
        body,
    })
}

fn debt(invoice: Option<u8>) -> Debt {
    Debt {
        customer: CUSTOMER,
        invoice: invoice.map(invoice_id),
    }
}

fn receivable(invoice: Option<u8>) -> Account {
    Account::Receivable {
        customer: CUSTOMER,
        invoice: invoice.map(invoice_id),
    }
}

fn balance(book: &Book, account: Account) -> i64 {
    book.balance_of(account).fen()
}

fn book_with_invoices() -> Book {
    let mut book = Book::new(480);
    for n in 0..3 {
        assert_eq!(book.apply(at(0), &invoice(n)), Ok(true));
    }
    book
}
