//! Hand-ins of the played company.

use super::{base::*, records::signature};
use shared::hand_in::{HandIn, HandInCore, HandInState, HandedIn, Pieces};
use shared::receipt::MethodKind;

use crate::replica::api::*;

fn handed_in(n: u8, method: MethodKind, amount: &str) -> HandedIn {
    HandedIn {
        receipt: document(n),
        number: format!("A07-261121-{n}"),
        method,
        amount: yuan(amount),
    }
}

fn counted() -> HandInWord {
    HandInWord {
        state: HandInState::Accepted,
        counted: Some(yuan("11950")),
        undecided: Some(yuan("50")),
        reason: String::new(),
        at: at(-5),
    }
}

pub(super) fn hand_in() -> RecordContent {
    let core = HandInCore {
        person: person_id(1),
        person_name: "陈晓东".to_owned(),
        company_name: "城西贸易有限公司".to_owned(),
        made_at: at(-20),
        day: today(),
        receipts: vec![
            handed_in(2, MethodKind::Cash, "12000"),
            handed_in(3, MethodKind::Cheque, "26500"),
        ],
        pieces: vec![Pieces {
            face: 10_000,
            count: 120,
        }],
        cash: yuan("12000"),
        expected: yuan("12000"),
        cheques: yuan("26500"),
        note: String::new(),
        signature: signature(),
        received: signature(),
    };
    let hand_in = HandIn {
        core,
        comments: Vec::new(),
        attachments: Vec::new(),
    };
    RecordContent::HandIn(hand_in, Some(counted()))
}

pub(super) fn hand_ins_view() -> HandInView {
    let held = |n, method, amount: &str, customer: &str| HeldReceipt {
        receipt: handed_in(n, method, amount),
        day: today(),
        customer_name: customer.to_owned(),
    };
    let line = |n, word| HandInLine {
        document: document(n),
        day: today(),
        at: at(-20),
        cash: yuan("12000"),
        cheques: yuan("26500"),
        receipts: 2,
        synced: true,
        rejected: false,
        word,
    };
    HandInView {
        cash_in_hand: yuan("18600"),
        cheques_in_hand: yuan("26500"),
        held: vec![
            held(5, MethodKind::Cash, "18600", "鑫源五金商行"),
            held(6, MethodKind::Cheque, "26500", "恒达建材"),
        ],
        hand_ins: vec![line(4, Some(counted())), line(7, None)],
        my_name: "陈晓东".to_owned(),
    }
}
