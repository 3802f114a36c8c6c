//! Records that the tests of this crate share.

use super::*;
use crate::{
    customer::ContactRole,
    day::{Day, Timestamp},
    evidence::{Attachment, Comment, Fix, GeoPoint, Signature, Signer, StrokePoint, Strokes},
    hand_in::{HandInCore, HandedIn, Pieces},
    ids::{ContentHash, ElementId, InvoiceId, PersonId},
    money::Money,
    promise::{Instalment, PromiseCore, PromisedInvoice},
    proposal::{Ask, DisputeReason, Proposal, ProposalDecision, ProposalKind},
    receipt::{Allocation, Method, MethodKind, ReceiptCore, ReceiptNumber, Shortfall},
    statement::{self, AnswerCore, DisputedLine},
    visit::{UnpaidReason, VisitPurpose, VisitResult, WarningSign},
};
use ed25519_dalek::{Signer as _, SigningKey};
use uuid::Uuid;

/// A device key made from one byte.
pub(crate) struct Key(pub SigningKey);

impl Sealer for Key {
    fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }
    fn sign(&self, digest: &Digest) -> [u8; 64] {
        self.0.sign(&digest.0).to_bytes()
    }
}

pub(crate) fn key(n: u8) -> Key {
    Key(SigningKey::from_bytes(&[n; 32]))
}

pub(crate) fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

pub(crate) const REP: PersonId = PersonId(Uuid::from_u128(1));
pub(crate) const BOSS: PersonId = PersonId(Uuid::from_u128(2));
pub(crate) const DEVICE: DeviceId = DeviceId(Uuid::from_u128(3));
pub(crate) const CUSTOMER: CustomerId = CustomerId(Uuid::from_u128(4));
pub(crate) const NOON: Timestamp = Timestamp(1_795_233_600_000);

pub(crate) fn origin(counter: u64) -> Origin {
    Origin {
        device: DEVICE,
        counter,
        actor: [7; 16],
        at_s: 1_795_233_600,
    }
}

pub(crate) fn fix() -> Fix {
    Fix {
        point: GeoPoint {
            lat_e7: 312_304_000,
            lon_e7: 1_214_737_000,
        },
        accuracy_m: 12,
        at: NOON,
    }
}

pub(crate) fn signature() -> Signature {
    let point = |i: i16| StrokePoint {
        x: 10 * i,
        y: 7 * i,
        t_ms: 16 * i as u32,
        pressure: 0,
    };
    Signature {
        signer: Signer {
            name: "王建国".into(),
            role: "法定代表人".into(),
            phone: "13800000000".into(),
        },
        strokes: Strokes(vec![(0..20).map(point).collect()]),
        at: NOON,
        fix: Some(fix()),
    }
}

pub(crate) fn visit() -> Visit {
    Visit {
        customer: CUSTOMER,
        person: REP,
        started_at: NOON,
        ended_at: NOON.plus_ms(1_800_000),
        check_in: Some(fix()),
        check_out: None,
        purpose: VisitPurpose::Collect,
        person_met: "李会计".into(),
        result: VisitResult::PaidPartly,
        reason: Some(UnpaidReason::GoodsUnsold),
        signs: vec![WarningSign::OrdersFall, WarningSign::StaffLeave],
        next_day: Day::new(2026, 11, 28),
        related: vec![],
        notes: "账上没钱，下周再来".into(),
        comments: vec![],
        attachments: vec![],
        corrects: vec![],
    }
}

pub(crate) fn comment(n: u128, author: PersonId, text: &str) -> Comment {
    Comment {
        id: ElementId(id(n)),
        author,
        at: NOON,
        text: text.into(),
    }
}

pub(crate) fn photo(n: u128, author: PersonId) -> Attachment {
    Attachment {
        id: ElementId(id(n)),
        content: ContentHash([n as u8; 32]),
        media_type: "image/jpeg".into(),
        size_bytes: 150_000,
        author,
        at: NOON,
        caption: String::new(),
    }
}

pub(crate) fn contact(n: u128, author: PersonId) -> crate::contact_book::BookContact {
    crate::contact_book::BookContact {
        id: ElementId(id(n)),
        replaces: None,
        author,
        at: NOON,
        name: "赵老板".into(),
        role: ContactRole::DecisionMaker,
        phone: String::new(),
    }
}

pub(crate) fn yuan(n: u32) -> Money {
    Money::from_yuan(n)
}

pub(crate) fn promise() -> PromiseCore {
    let day = |d| Day::new(2026, 12, d).unwrap();
    PromiseCore {
        customer: CUSTOMER,
        customer_name: "大华商行".into(),
        company_name: "汇款有限公司".into(),
        person: REP,
        person_name: "陈小明".into(),
        made_at: NOON,
        day: Day::new(2026, 11, 21).unwrap(),
        total: yuan(3_000),
        instalments: vec![
            Instalment {
                due: day(1),
                amount: yuan(1_000),
            },
            Instalment {
                due: day(15),
                amount: yuan(2_000),
            },
        ],
        invoices: vec![PromisedInvoice {
            invoice: InvoiceId(id(10)),
            number: "0001".into(),
            outstanding: yuan(3_000),
        }],
        already_counted: vec![],
        replaces: None,
        letter: vec!["付款承诺书".into(), "兹承诺…".into()],
        signature: signature(),
        corrects: vec![],
    }
}

pub(crate) fn receipt() -> ReceiptCore {
    ReceiptCore {
        number: ReceiptNumber {
            device_code: "A07".into(),
            day: Day::new(2026, 11, 21).unwrap(),
            n: 1,
        },
        previous: None,
        customer: CUSTOMER,
        customer_name: "大华商行".into(),
        company_name: "汇款有限公司".into(),
        person: REP,
        person_name: "陈小明".into(),
        issued_at: NOON,
        day: Day::new(2026, 11, 21).unwrap(),
        method: Method::Cash,
        amount: yuan(1_500),
        allocations: vec![
            Allocation {
                invoice: InvoiceId(id(10)),
                number: "0001".into(),
                amount: yuan(1_000),
            },
            Allocation {
                invoice: InvoiceId(id(11)),
                number: "0002".into(),
                amount: yuan(400),
            },
        ],
        asked: yuan(2_000),
        shortfall: Some(Shortfall {
            amount: yuan(500),
            reason: UnpaidReason::GoodsUnsold,
            next_day: Day::new(2026, 11, 28).unwrap(),
        }),
        purpose: "货款".into(),
        signature: Some(signature()),
        last_server_at: None,
        corrects: vec![],
    }
}

/// 1,500 in cash, counted a jiao short, and a cheque.
pub(crate) fn hand_in() -> HandInCore {
    let handed_in = |n: u8, method, amount| HandedIn {
        receipt: DocumentId([n; 32]),
        number: format!("A07-261121-{n}"),
        method,
        amount,
    };
    let mut received = signature();
    received.signer.name = "孙会计".into();
    HandInCore {
        person: REP,
        person_name: "陈小明".into(),
        company_name: "汇款有限公司".into(),
        made_at: NOON,
        day: Day::new(2026, 11, 21).unwrap(),
        receipts: vec![
            handed_in(1, MethodKind::Cash, yuan(1_500)),
            handed_in(2, MethodKind::Cheque, yuan(3_000)),
        ],
        pieces: vec![
            Pieces {
                face: 10_000,
                count: 14,
            },
            Pieces {
                face: 5_000,
                count: 1,
            },
            Pieces {
                face: 2_000,
                count: 2,
            },
            Pieces {
                face: 500,
                count: 1,
            },
            Pieces {
                face: 100,
                count: 4,
            },
            Pieces { face: 50, count: 1 },
            Pieces { face: 10, count: 4 },
        ],
        cash: "1499.90".parse().unwrap(),
        expected: yuan(1_500),
        cheques: yuan(3_000),
        note: "找零少一角".into(),
        signature: signature(),
        received,
    }
}

/// 300 of two invoices are contested: the price is wrong.
pub(crate) fn proposal() -> Proposal {
    Proposal {
        customer: CUSTOMER,
        person: REP,
        made_at: NOON,
        ask: Ask {
            what: ProposalKind::Dispute,
            reason: Some(DisputeReason::Price),
            invoices: vec![InvoiceId(id(10)), InvoiceId(id(11))],
            amount: yuan(300),
            until: None,
            words: "合同价每箱少 3 元".into(),
        },
        decisions: vec![],
        comments: vec![],
        attachments: vec![],
    }
}

/// A supervisor's word on it.
pub(crate) fn word(n: u128, author: PersonId, approved: bool) -> ProposalDecision {
    ProposalDecision {
        id: ElementId(id(n)),
        author,
        at: NOON,
        approved,
        amount: None,
        note: "按合同价".into(),
    }
}

/// A statement of 4,000, disputed in one line.
pub(crate) fn statement() -> AnswerCore {
    let as_of = Day::new(2026, 10, 31).unwrap();
    AnswerCore {
        customer: CUSTOMER,
        customer_name: "鑫源五金商行".into(),
        company_name: "汇款有限公司".into(),
        person: REP,
        person_name: "陈小明".into(),
        made_at: NOON,
        day: Day::new(2026, 11, 3).unwrap(),
        statement: statement::id(CUSTOMER, false, as_of, 1),
        digest: Digest([8; 32]),
        as_of,
        closing: yuan(4_000),
        letter: vec!["对账单".into(), "截至2026年10月31日".into()],
        disputed: vec![DisputedLine {
            line: 1,
            number: "FP-1002".into(),
            outstanding: yuan(1_500),
            reason: DisputeReason::Price,
            words: "单价按上月".into(),
            says: Some("1400.50".parse().unwrap()),
        }],
        signature: Some(signature()),
        fix: Some(fix()),
    }
}
