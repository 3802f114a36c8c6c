//! A visit, a promise and a receipt of the played company, and what waits of them.

use super::{accounts::*, base::*};
use shared::document::{Kind, Seal};
use shared::evidence::{Comment, Signature, Signer, StrokePoint, Strokes};
use shared::ids::Digest;
use shared::money::Money;
use shared::promise::{Instalment, Promise, PromiseCore, PromiseState};
use shared::receipt::{
    Allocation, Method, Receipt, ReceiptCore, ReceiptNumber, ReceiptState, Shortfall, VoidRequest,
};
use shared::visit::{UnpaidReason, Visit, VisitPurpose, VisitResult, WarningSign};

use crate::replica::api::*;

pub(super) fn visit() -> Visit {
    Visit {
        customer: customer_id(1),
        person: person_id(1),
        started_at: at(-60),
        ended_at: at(-34),
        check_in: Some(fix(18)),
        check_out: None,
        purpose: VisitPurpose::Collect,
        person_met: "刘国强".to_owned(),
        result: VisitResult::PaidPartly,
        reason: Some(UnpaidReason::NoCash),
        signs: vec![WarningSign::PartnersSplit],
        next_day: Some(today().plus_days(7)),
        related: vec![document(3), document(2)],
        notes: "老板承认欠款，说工地款 28 号到。收现金 12,000，其余分三期签了承诺。".to_owned(),
        comments: comments(),
        attachments: Vec::new(),
        corrects: vec![],
    }
}

pub(super) fn comments() -> Vec<Comment> {
    let comment = |n, author, text: &str| Comment {
        id: element(n),
        author,
        at: at(-10),
        text: text.to_owned(),
    };
    vec![
        comment(10, person_id(2), "28 号一早先到他工地，别等电话。"),
        comment(11, person_id(1), "收到，已约 8:30。"),
    ]
}

pub(super) fn signature() -> Signature {
    let point = |x, y| StrokePoint {
        x,
        y,
        t_ms: 0,
        pressure: 0,
    };
    Signature {
        signer: Signer {
            name: "刘国强".to_owned(),
            role: "法定代表人".to_owned(),
            phone: "13800002761".to_owned(),
        },
        strokes: Strokes(vec![vec![
            point(100, 200),
            point(200, 90),
            point(320, 260),
            point(500, 120),
            point(800, 200),
        ]]),
        at: NOW,
        fix: None,
    }
}

pub(super) fn letter() -> Vec<String> {
    [
        "还款承诺书",
        "致：城西贸易有限公司",
        "本单位尚欠贵公司货款人民币叁万元整（¥30,000.00），承诺按下列日期付清：",
        "2026年11月28日 ¥10,000.00",
        "逾期未付，愿按约承担违约责任。",
    ]
    .map(str::to_owned)
    .to_vec()
}

pub(super) fn promise() -> RecordContent {
    let instalments: Vec<Instalment> = [7, 21, 35]
        .map(|days| Instalment {
            due: today().plus_days(days),
            amount: yuan("10000"),
        })
        .to_vec();
    let core = PromiseCore {
        customer: customer_id(1),
        customer_name: "鑫源五金商行".to_owned(),
        company_name: "城西贸易有限公司".to_owned(),
        person: person_id(1),
        person_name: "陈晓东".to_owned(),
        made_at: at(-40),
        day: today(),
        total: yuan("30000"),
        instalments,
        invoices: Vec::new(),
        already_counted: Vec::new(),
        replaces: None,
        letter: letter(),
        signature: signature(),
        corrects: vec![],
    };
    let states = vec![
        (PromiseState::Kept, yuan("10000")),
        (PromiseState::PartlyKept, yuan("2000")),
        (PromiseState::Pending, Money::ZERO),
    ];
    RecordContent::Promise(
        Promise {
            core,
            cancellations: Vec::new(),
            comments: Vec::new(),
            attachments: Vec::new(),
        },
        PromiseState::PartlyKept,
        states,
    )
}

pub(super) fn receipt() -> RecordContent {
    let core = ReceiptCore {
        number: ReceiptNumber {
            device_code: "A07".to_owned(),
            day: today(),
            n: 2,
        },
        previous: None,
        customer: customer_id(1),
        customer_name: "鑫源五金商行".to_owned(),
        company_name: "城西贸易有限公司".to_owned(),
        person: person_id(1),
        person_name: "陈晓东".to_owned(),
        issued_at: at(-36),
        day: today(),
        method: Method::Cash,
        amount: yuan("12000"),
        allocations: vec![
            Allocation {
                invoice: uuid(501).parse().unwrap(),
                number: "FP-0918".to_owned(),
                amount: yuan("9740"),
            },
            Allocation {
                invoice: uuid(502).parse().unwrap(),
                number: "FP-1007".to_owned(),
                amount: yuan("2260"),
            },
        ],
        asked: yuan("20000"),
        shortfall: Some(Shortfall {
            amount: yuan("8000"),
            reason: UnpaidReason::NoCash,
            next_day: today().plus_days(7),
        }),
        purpose: String::new(),
        signature: Some(signature()),
        last_server_at: None,
        corrects: vec![],
    };
    let request = VoidRequest {
        id: element(20),
        author: person_id(1),
        at: NOW,
        reason: "金额写错".to_owned(),
    };
    RecordContent::Receipt(
        Receipt {
            core,
            void_requests: vec![request],
            void_decisions: Vec::new(),
            comments: Vec::new(),
            attachments: Vec::new(),
        },
        Some(ReceiptState::Cleared),
    )
}

pub(super) fn record(content: RecordContent, kind: Kind) -> RecordView {
    let sealed = kind != Kind::Visit;
    RecordView {
        document: document(1),
        kind,
        customer: (customer_id(1), "鑫源五金商行".to_owned()),
        author: (person_id(1), "陈晓东".to_owned()),
        content,
        seal: sealed.then_some(Seal {
            digest: Digest([0x7c; 32]),
            signature: [0; 64],
            public_key: [0; 32],
        }),
        journey: Journey {
            saved_at: at(-34),
            received_at: Some(at(-30)),
            in_ledger: true,
            confirmed: kind == Kind::Receipt,
            waiting: 0,
            rejected: None,
            correctable: false,
            corrected_by: None,
            corrects: None,
        },
        clock_offset_ms: Some(400),
        customer_position: Some(place(0)),
        names: vec![
            (person_id(1), "陈晓东".to_owned()),
            (person_id(2), "林岚".to_owned()),
        ],
        qr: (kind == Kind::Receipt).then(|| "A07-261121-2".to_owned()),
        mine: true,
    }
}

pub(super) fn collect_view() -> CollectView {
    let receipts = timeline()
        .into_iter()
        .filter(|line| matches!(line.what, TimelineWhat::Receipt { .. }));
    CollectView {
        cash_in_hand: yuan("18600"),
        cheques_in_hand: yuan("26500"),
        collected_today: yuan("18600"),
        ledger: None,
        receipts: receipts
            .map(|line| (line, customer_id(1), "鑫源五金商行".to_owned()))
            .collect(),
    }
}

pub(super) fn queue_view() -> QueueView {
    let line = |n, kind, label: &str, rejected: Option<&str>| QueueLine {
        document: document(n),
        kind,
        customer_name: "鑫源五金商行".to_owned(),
        label: label.to_owned(),
        changes: 1,
        bytes: 2_400,
        at: at(-34),
        photo: false,
        state: LineState::Waiting,
        rejected: rejected.map(str::to_owned),
        correctable: rejected.is_some(),
        corrected_by: None,
    };
    let stands = |state, line| QueueLine { state, ..line };
    let put_off = LineState::PutOff {
        code: "sync.away".to_owned(),
        retry_at: Some(at(5)),
    };
    QueueView {
        sync: sync_line(),
        lines: vec![
            line(1, Kind::Visit, "", None),
            stands(LineState::Sending, line(4, Kind::Visit, "", None)),
            stands(put_off, line(2, Kind::Promise, "¥30,000.00", None)),
            stands(LineState::ForWifi, line(5, Kind::Visit, "", None)),
            line(
                3,
                Kind::Receipt,
                "A07-261121-2",
                Some("admission.out_of_scope"),
            ),
        ],
    }
}
