//! Draws every screen for every role, in both languages, from a played replica, into `target/screens/`
//! (to look at them in a browser), and checks what holds for all: words are there, one heading, one main part.

use std::{fs, path::Path, rc::Rc};

use dioxus::prelude::*;
use dioxus_history::{History, MemoryHistory};
use futures::{FutureExt, StreamExt, future::LocalBoxFuture, stream::LocalBoxStream};
use shared::{
    aging::AgingBuckets,
    contact_book::{BookContact, BookSign, ContactBook},
    customer::{Contact, ContactRole, Customer, Settlement, Terms},
    day::{Day, Timestamp},
    document::{Kind, Seal},
    evidence::{Comment, Fix, GeoPoint, Signature, Signer, StrokePoint, Strokes},
    ids::{CustomerId, DeviceId, Digest, DocumentId, ElementId, InvoiceId, PersonId, TerritoryId},
    invoice::Invoice,
    money::Money,
    people::{Person, Role, Territory},
    policy::{
        Settings,
        playbook::Tip,
        work_list::{DunningStep, Why},
    },
    promise::{Instalment, Promise, PromiseCore, PromiseState},
    receipt::{
        Allocation, Method, MethodKind, Receipt, ReceiptCore, ReceiptNumber, ReceiptState,
        Shortfall, VoidRequest,
    },
    sync::{
        client::Status,
        message::{ExceptionKind, ExceptionRow, InvoiceRow},
    },
    visit::{UnpaidReason, Visit, VisitPurpose, VisitResult, WarningSign},
};

use super::app::Started;
use crate::{
    i18n::{Lang, set_lang},
    platform::fake::{FakeClock, FakeDevice},
    replica::api::*,
    state::app_state::{Answers, Start},
};

const NOW: Timestamp = Timestamp(1_795_242_727_000);

fn yuan(text: &str) -> Money {
    text.parse().unwrap()
}
fn day(text: &str) -> Day {
    text.parse().unwrap()
}
fn today() -> Day {
    day("2026-11-21")
}
fn uuid(n: u32) -> String {
    format!("018f3c1e-0000-7000-8000-{n:012}")
}
fn customer_id(n: u32) -> CustomerId {
    uuid(n).parse().unwrap()
}
fn person_id(n: u32) -> PersonId {
    uuid(100 + n).parse().unwrap()
}
fn element(n: u32) -> ElementId {
    uuid(200 + n).parse().unwrap()
}
fn document(n: u8) -> DocumentId {
    DocumentId([n; 32])
}
fn at(minutes: i64) -> Timestamp {
    NOW.plus_ms(minutes * 60_000)
}
fn place(metres_north: i32) -> GeoPoint {
    GeoPoint {
        lat_e7: 306_000_000 + metres_north * 90,
        lon_e7: 1_040_000_000,
    }
}
fn fix(metres_north: i32) -> Fix {
    Fix {
        point: place(metres_north),
        accuracy_m: 12,
        at: NOW,
    }
}

/// Plays the replica for one role.
struct Played(Role);

impl Answers for Played {
    fn call(&self, request: Request) -> LocalBoxFuture<'static, Reply> {
        let reply = answer(self.0, request);
        async move { reply }.boxed_local()
    }
    fn notices(&self) -> LocalBoxStream<'static, Notice> {
        futures::stream::pending().boxed_local()
    }
}

fn answer(role: Role, request: Request) -> Reply {
    match request {
        Request::Session => Reply::Session(Box::new(session(role))),
        Request::Today => Reply::Today(Box::new(today_view())),
        Request::Customers { .. } => Reply::Customers(customer_lines()),
        Request::Customer(_) => Reply::Customer(Box::new(customer_view())),
        Request::Form(_) => Reply::Form(Box::new(form_view())),
        Request::Record(id) if id == document(2) => {
            Reply::Record(Box::new(record(promise(), Kind::Promise)))
        }
        Request::Record(id) if id == document(3) => {
            Reply::Record(Box::new(record(receipt(), Kind::Receipt)))
        }
        Request::Record(_) => {
            Reply::Record(Box::new(record(RecordContent::Visit(visit()), Kind::Visit)))
        }
        Request::Collect => Reply::Collect(Box::new(collect_view())),
        Request::Queue => Reply::Queue(Box::new(queue_view())),
        Request::VisitLog(_) => Reply::VisitLog(Box::new(log_view())),
        Request::Approvals => Reply::Approvals(vec![approval()]),
        Request::Exceptions => Reply::Exceptions(exceptions()),
        Request::Directory => Reply::Directory(Box::new(directory(role))),
        Request::Draft(_) => Reply::Draft(None),
        Request::Attachment(_) => Reply::Attachment(None),
        Request::PreviewLetter(_) => Reply::Letter(letter()),
        _ => Reply::Done,
    }
}

fn person(n: u32, name: &str, role: Role) -> Person {
    Person {
        id: person_id(n),
        name: name.to_owned(),
        role,
        phone: "13900001234".to_owned(),
        active: true,
    }
}

fn sync_line() -> SyncLine {
    SyncLine {
        status: Status::Idle { last: Some(at(-5)) },
        waiting: 3,
        waiting_photos: 0,
        rejected: 0,
        data_as_of: Some(NOW),
        clock_offset_ms: 400,
    }
}

fn session(role: Role) -> SessionView {
    let name = if role == Role::Rep {
        "陈晓东"
    } else {
        "林岚"
    };
    let me = Me {
        person: person(1, name, role),
        device: uuid(300).parse::<DeviceId>().unwrap(),
        device_code: "A07".to_owned(),
        server: "https://huikuan.example".to_owned(),
        company_name: "城西贸易有限公司".to_owned(),
        utc_offset_minutes: 480,
        today: today(),
        policy: Settings::default(),
        territories: vec!["城西片区".to_owned()],
    };
    SessionView {
        me: (role != Role::Unknown).then_some(me),
        known_people: vec![(person_id(1), "陈晓东".to_owned())],
        sync: sync_line(),
    }
}

fn item(n: u32, name: &str, sum: &str, contact: &str, why: Vec<Why>) -> TodayItem {
    TodayItem {
        customer: customer_id(n),
        name: name.to_owned(),
        outstanding: yuan(sum),
        overdue: yuan(sum),
        contact: Some((contact.to_owned(), ContactRole::DecisionMaker)),
        best_time: if n == 2 {
            "15:30".to_owned()
        } else {
            String::new()
        },
        position: Some(place(i32::try_from(n).unwrap() * 1_200)),
        why,
        appointment: (n == 2).then(|| today().plus_days(1)),
        hold: n == 3,
    }
}

fn today_view() -> TodayView {
    TodayView {
        today: today(),
        to_zero: yuan("286410.50"),
        paid_permille: 620,
        in_transit_permille: 90,
        collected_today: yuan("18600"),
        items: vec![
            item(
                1,
                "鑫源五金商行",
                "42000",
                "刘国强",
                vec![
                    Why::PromiseBroken {
                        amount: yuan("20000"),
                        days: 1,
                    },
                    Why::FinalDeadlineIn { days: 1 },
                    Why::LosingPerDay(yuan("61")),
                ],
            ),
            item(
                2,
                "百惠超市（南门店）",
                "15780.40",
                "王姐",
                vec![Why::DueIn {
                    days: 3,
                    amount: yuan("15780.40"),
                }],
            ),
            item(
                3,
                "顺发建材经营部",
                "96300",
                "赵老板",
                vec![
                    Why::Overdue {
                        days: 34,
                        amount: yuan("96300"),
                    },
                    Why::DunningStep {
                        step: DunningStep::SecondLetter,
                    },
                    Why::Sign(WarningSign::OrdersFall),
                    Why::Hold,
                ],
            ),
            item(
                4,
                "老周粮油",
                "3260",
                "周师傅",
                vec![Why::DueIn {
                    days: 7,
                    amount: yuan("3260"),
                }],
            ),
        ],
        customer_count: 50,
    }
}

fn customer_lines() -> Vec<CustomerLine> {
    [
        ("鑫源五金商行", "42000", "33600", 34),
        ("百惠超市（南门店）", "15780.40", "0", 0),
        ("顺发建材经营部", "96300", "96300", 61),
        ("老周粮油", "3260", "0", 0),
    ]
    .into_iter()
    .zip(1..)
    .map(
        |((name, outstanding, overdue, overdue_days), n)| CustomerLine {
            id: customer_id(n),
            number: format!("C{n:04}"),
            name: name.to_owned(),
            outstanding: yuan(outstanding),
            overdue: yuan(overdue),
            overdue_days,
            position: None,
            hold: n == 3,
        },
    )
    .collect()
}

fn customer() -> Customer {
    Customer {
        id: customer_id(1),
        number: "C0001".to_owned(),
        name: "鑫源五金商行".to_owned(),
        search_key: String::new(),
        territory: uuid(400).parse::<TerritoryId>().unwrap(),
        rep: Some(person_id(1)),
        address: "城西路 18 号".to_owned(),
        position: Some(place(0)),
        contacts: vec![Contact {
            name: "王会计".to_owned(),
            role: ContactRole::Accountant,
            phone: "13800000000".to_owned(),
            note: "15:30 后在店".to_owned(),
        }],
        terms: Terms {
            settlement: Settlement::Monthly,
            term_days: 30,
            credit_limit: yuan("50000"),
            grade: "B".to_owned(),
            deduction_rate_bp: 0,
        },
        hold: true,
    }
}

fn invoices() -> Vec<InvoiceLine> {
    [
        ("FP-0918", "2026-10-18", "9740"),
        ("FP-1007", "2026-11-06", "13860"),
        ("FP-1102", "2026-12-02", "18400"),
    ]
    .into_iter()
    .zip(1..)
    .map(|((number, due, amount), n)| InvoiceLine {
        row: InvoiceRow {
            invoice: Invoice {
                id: uuid(500 + n).parse::<InvoiceId>().unwrap(),
                customer: customer_id(1),
                number: number.to_owned(),
                issued: day(due).plus_days(-30),
                due: day(due),
                amount: yuan(amount),
            },
            settled: Money::ZERO,
        },
        outstanding: yuan(amount),
        overdue_days: today().days_since(day(due)),
    })
    .collect()
}

fn timeline() -> Vec<TimelineLine> {
    let line = |document, day, synced, what| TimelineLine {
        document,
        day,
        at: None,
        what,
        synced,
    };
    let broken = vec![(
        Instalment {
            due: today().plus_days(-1),
            amount: yuan("20000"),
        },
        PromiseState::Broken,
    )];
    vec![
        line(
            Some(document(2)),
            today().plus_days(-1),
            true,
            TimelineWhat::Promise {
                total: yuan("30000"),
                state: PromiseState::Broken,
                instalments: broken,
            },
        ),
        line(
            Some(document(3)),
            today().plus_days(-7),
            false,
            TimelineWhat::Receipt {
                number: "A07-261114-3".to_owned(),
                amount: yuan("5000"),
                method: MethodKind::Transfer,
                state: Some(ReceiptState::InTransit),
            },
        ),
        line(
            Some(document(1)),
            today().plus_days(-7),
            true,
            TimelineWhat::Visit {
                minutes: 26,
                result: VisitResult::Unpaid,
                note: "老板说货款压在工地，月底结".to_owned(),
                person_name: "陈晓东".to_owned(),
            },
        ),
        line(
            None,
            day("2026-09-20"),
            true,
            TimelineWhat::Payment {
                number: "SK-0920".to_owned(),
                amount: yuan("8000"),
            },
        ),
    ]
}

fn customer_view() -> CustomerView {
    let contact = BookContact {
        id: element(1),
        replaces: None,
        author: person_id(1),
        at: NOW,
        name: "刘国强".to_owned(),
        role: ContactRole::DecisionMaker,
        phone: "13800002761".to_owned(),
    };
    CustomerView {
        customer: customer(),
        rep_name: Some("陈晓东".to_owned()),
        outstanding: yuan("42000"),
        in_transit: yuan("5000"),
        on_account: Money::ZERO,
        aging: AgingBuckets {
            not_due: yuan("8400"),
            days_1_30: yuan("13860"),
            days_31_60: yuan("19740"),
            ..AgingBuckets::default()
        },
        invoices: invoices(),
        book: ContactBook {
            customer: customer_id(1),
            fields: [
                ("best_time".to_owned(), "15:30 后".to_owned()),
                ("payment_cycle".to_owned(), "月底".to_owned()),
            ]
            .into(),
            position: None,
            contacts: vec![contact],
            signs: vec![BookSign {
                id: element(2),
                author: person_id(1),
                at: NOW,
                sign: WarningSign::OrdersFall,
            }],
            comments: Vec::new(),
            attachments: Vec::new(),
        },
        risk: "under_collection".to_owned(),
        why: Vec::new(),
        tip: Some(Tip::StatePurposeFirst),
        timeline: timeline(),
        promises: vec![document(2)],
    }
}

fn form_view() -> FormView {
    FormView {
        customer: customer(),
        invoices: invoices(),
        outstanding: yuan("42000"),
        asked: yuan("20000"),
        open_promises: Vec::new(),
        next_receipt_number: "A07-261121-2".to_owned(),
        contacts: vec![(
            "刘国强".to_owned(),
            ContactRole::DecisionMaker,
            "13800002761".to_owned(),
        )],
        today: today(),
    }
}

fn visit() -> Visit {
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
    }
}

fn comments() -> Vec<Comment> {
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

fn signature() -> Signature {
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

fn letter() -> Vec<String> {
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

fn promise() -> RecordContent {
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

fn receipt() -> RecordContent {
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

fn record(content: RecordContent, kind: Kind) -> RecordView {
    let sealed = kind != Kind::Visit;
    RecordView {
        document: document(1),
        kind,
        customer: (customer_id(1), "鑫源五金商行".to_owned()),
        author: (person_id(1), "陈晓东".to_owned()),
        content,
        seal: sealed.then(|| Seal {
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

fn collect_view() -> CollectView {
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

fn queue_view() -> QueueView {
    let line = |n, kind, label: &str, rejected: Option<&str>| QueueLine {
        document: document(n),
        kind,
        customer_name: "鑫源五金商行".to_owned(),
        label: label.to_owned(),
        changes: 1,
        bytes: 2_400,
        at: at(-34),
        photo: false,
        rejected: rejected.map(str::to_owned),
    };
    QueueView {
        sync: sync_line(),
        lines: vec![
            line(1, Kind::Visit, "", None),
            line(2, Kind::Promise, "¥30,000.00", None),
            line(
                3,
                Kind::Receipt,
                "A07-261121-2",
                Some("admission.out_of_scope"),
            ),
        ],
    }
}

fn log_view() -> VisitLogView {
    let line = |n: u8, rep: &str, customer: &str, place, result, collected: &str| VisitLine {
        document: document(n),
        person: (person_id(1), rep.to_owned()),
        customer: (customer_id(u32::from(n)), customer.to_owned()),
        started_at: at(-60 * i64::from(n)),
        ended_at: at(-60 * i64::from(n) + 26),
        person_met: "刘国强".to_owned(),
        purpose: VisitPurpose::Collect,
        result,
        reason: (result == VisitResult::Unpaid).then_some(UnpaidReason::NoCash),
        place,
        clock_off_ms: (n == 3).then_some(7 * 60_000),
        collected: yuan(collected),
        promised: n == 1,
        signs: Vec::new(),
        photos: 1,
        comments: u32::from(n == 1),
    };
    VisitLogView {
        lines: vec![
            line(
                1,
                "陈晓东",
                "鑫源五金商行",
                PlaceCheck::AtCustomer { distance_m: 18 },
                VisitResult::PaidPartly,
                "12000",
            ),
            line(
                2,
                "赵敏",
                "顺发建材经营部",
                PlaceCheck::Far { distance_m: 2_300 },
                VisitResult::Unpaid,
                "0",
            ),
            line(
                3,
                "孙立",
                "百惠超市（南门店）",
                PlaceCheck::NoFix,
                VisitResult::Disputed,
                "0",
            ),
            line(
                4,
                "李倩",
                "宏达装饰",
                PlaceCheck::CustomerPlaceUnknown,
                VisitResult::Promised,
                "0",
            ),
        ],
        total: 4,
        customers: 42,
        people: 8,
        conspicuous: 3,
    }
}

fn approval() -> ApprovalView {
    ApprovalView {
        document: document(3),
        request: element(20),
        number: "A07-261121-2".to_owned(),
        customer: (customer_id(1), "鑫源五金商行".to_owned()),
        amount: yuan("12000"),
        method: MethodKind::Cash,
        person_name: "陈晓东".to_owned(),
        at: at(-20),
        reason: "金额写错，应为 2,000".to_owned(),
    }
}

fn exceptions() -> Vec<ExceptionView> {
    ExceptionKind::ALL
        .iter()
        .zip(0_u8..)
        .map(|(kind, n)| ExceptionView {
            row: ExceptionRow {
                id: Digest([n; 32]),
                kind: *kind,
                customer: customer_id(1),
                document: Some(document(3)),
                subject: "FP-0918".to_owned(),
                amount: Some(yuan("9740")),
                found_at: at(-90),
                open: true,
            },
            customer_name: "鑫源五金商行".to_owned(),
        })
        .collect()
}

fn directory(role: Role) -> DirectoryView {
    DirectoryView {
        people: vec![
            person(1, "陈晓东", Role::Rep),
            person(2, "林岚", Role::Supervisor),
        ],
        territories: vec![Territory {
            id: uuid(400).parse().unwrap(),
            name: "城西片区".to_owned(),
            supervisor: Some(person_id(2)),
        }],
        my_role: role,
    }
}

/// One drawing: who looks, at which address, on what.
#[derive(Clone, PartialEq, Props)]
struct Look {
    role: Role,
    path: String,
    wide: bool,
    lang: Lang,
}

#[derive(Clone)]
struct Shown(Look);

thread_local! {
    static LOOK: std::cell::RefCell<Option<Shown>> = const { std::cell::RefCell::new(None) };
}

fn start() -> Start {
    let look = LOOK.with(|look| look.borrow().clone()).unwrap().0;
    let device = FakeDevice::default();
    device
        .settings
        .borrow_mut()
        .insert("language".to_owned(), look.lang.tag().to_owned());
    device
        .settings
        .borrow_mut()
        .insert("place-allowed".to_owned(), "1".to_owned());
    device.fix.set(Some(fix(0)));
    Start {
        answers: Rc::new(Played(look.role)),
        platform: device.platform(FakeClock::at(NOW)),
        wide: look.wide,
    }
}

fn stage(look: Look) -> Element {
    use_hook(|| {
        set_lang(look.lang);
        let history: Rc<dyn History> = Rc::new(MemoryHistory::with_initial_path(look.path));
        dioxus_history::provide_history_context(history);
    });
    rsx! { Started { start: |()| start() } }
}

fn draw(look: Look) -> String {
    LOOK.with(|shown| *shown.borrow_mut() = Some(Shown(look.clone())));
    let mut dom = VirtualDom::new_with_props(stage, look);
    dom.rebuild_in_place();
    // Every answer is there at once: when nothing is left to do the screen stands.
    for _ in 0..200 {
        if dom.wait_for_work().now_or_never().is_none() {
            break;
        }
        dom.render_immediate(&mut dioxus::core::NoOpMutations);
    }
    dioxus_ssr::render(&dom)
}

#[test]
fn every_screen_has_its_words_one_heading_and_one_main_part() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screens");
    fs::create_dir_all(&folder).unwrap();
    let (customer, record) = (customer_id(1), |n| document(n));
    let log_open = format!("/log?open={}", document(1));
    let screens: Vec<(&str, Role, String)> = vec![
        ("sign-in", Role::Unknown, "/".to_owned()),
        ("enrol", Role::Unknown, "/enrol#AB12-CD34".to_owned()),
        ("today", Role::Rep, "/".to_owned()),
        ("customers", Role::Rep, "/customers?q=".to_owned()),
        ("customer", Role::Rep, format!("/customer/{customer}")),
        ("visit", Role::Rep, format!("/record/{}", record(1))),
        ("promise", Role::Rep, format!("/record/{}", record(2))),
        ("receipt", Role::Rep, format!("/record/{}", record(3))),
        ("visit-form", Role::Rep, format!("/visit/new/{customer}")),
        (
            "promise-form",
            Role::Rep,
            format!("/promise/new/{customer}"),
        ),
        (
            "receipt-form",
            Role::Rep,
            format!("/receipt/new/{customer}"),
        ),
        ("collect", Role::Rep, "/collect".to_owned()),
        ("sync", Role::Rep, "/sync".to_owned()),
        ("me", Role::Rep, "/me".to_owned()),
        ("log", Role::Supervisor, "/".to_owned()),
        ("log-open", Role::Supervisor, log_open),
        ("approvals", Role::Supervisor, "/approvals".to_owned()),
        ("exceptions", Role::Supervisor, "/exceptions".to_owned()),
        (
            "customer-supervisor",
            Role::Supervisor,
            format!("/customer/{customer}"),
        ),
        ("people", Role::Admin, "/people".to_owned()),
        ("ledger", Role::Finance, "/".to_owned()),
        ("not-found", Role::Rep, "/nothing/here".to_owned()),
    ];
    for (name, role, path) in screens {
        for lang in Lang::ALL {
            for wide in [false, true] {
                let html = draw(Look {
                    role,
                    path: path.clone(),
                    wide,
                    lang,
                });
                let shape = if wide { "desk" } else { "phone" };
                let file = format!("{name}-{}-{shape}", lang.tag());
                let page = format!(
                    "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, \
                     initial-scale=1, viewport-fit=cover\"><title>{file}</title><link rel=\"stylesheet\" href=\"../../app/assets/tokens.css\">\
                     <link rel=\"stylesheet\" href=\"../../app/assets/base.css\"><link rel=\"stylesheet\" href=\"../../app/assets/components.css\">\
                     <body>{html}</body></html>",
                    lang.tag()
                );
                fs::write(folder.join(format!("{file}.html")), page).unwrap();
                assert!(html.len() > 800, "{file} is empty: {html}");
                let missing = html
                    .split('[')
                    .skip(1)
                    .filter(|rest| rest.split_once(']').is_some_and(|(key, _)| is_key(key)))
                    .collect::<Vec<_>>();
                assert!(
                    missing.is_empty(),
                    "{file} lacks words: {:?}",
                    missing
                        .iter()
                        .map(|m| &m[..40.min(m.len())])
                        .collect::<Vec<_>>()
                );
                assert_eq!(html.matches("<h1").count(), 1, "headings of {file}");
                assert_eq!(html.matches("<main").count(), 1, "main parts of {file}");
            }
        }
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}
