//! The played company: its people, customers, work list and accounts.

use super::base::*;
use shared::aging::AgingBuckets;
use shared::contact_book::{BookContact, BookSign, ContactBook};
use shared::customer::{Contact, ContactRole, Customer, Settlement, Terms};
use shared::ids::{DeviceId, InvoiceId, TerritoryId};
use shared::invoice::Invoice;
use shared::money::Money;
use shared::people::{Person, Role};
use shared::policy::Settings;
use shared::policy::account::CaseStep;
use shared::policy::advice::{Advice, Step};
use shared::policy::alarm::Alarm;
use shared::policy::hold::{HoldReason, Supply};
use shared::policy::plan::{Factor, Manner, Plan};
use shared::policy::playbook::Tip;
use shared::policy::risk::RiskClass;
use shared::policy::work_list::{DunningStep, Why};
use shared::promise::{Instalment, PromiseState};
use shared::receipt::{MethodKind, ReceiptState};
use shared::sync::client::Status;
use shared::sync::message::InvoiceRow;
use shared::visit::{VisitResult, WarningSign};

use crate::replica::api::*;

pub(super) fn person(n: u32, name: &str, role: Role) -> Person {
    Person {
        id: person_id(n),
        name: name.to_owned(),
        role,
        phone: "13900001234".to_owned(),
        active: true,
    }
}

pub(super) fn sync_line() -> SyncLine {
    SyncLine {
        status: Status::Idle { last: Some(at(-5)) },
        waiting: 3,
        waiting_photos: 0,
        photos_wait_for_wifi: false,
        photo_under_way: None,
        rejected: 0,
        data_as_of: Some(NOW),
        clock_offset_ms: 400,
        restoring: false,
        put_off: 0,
    }
}

pub(super) fn session(role: Role) -> SessionView {
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
        figures: vec![],
        photos_wait_for_wifi: true,
        territories: vec!["城西片区".to_owned()],
    };
    SessionView {
        me: (role != Role::Unknown).then_some(me),
        known_people: vec![(person_id(1), "陈晓东".to_owned())],
        sync: sync_line(),
    }
}

pub(super) fn item(n: u32, name: &str, sum: &str, contact: &str, why: Vec<Why>) -> TodayItem {
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

pub(super) fn today_view() -> TodayView {
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
                        letter: Some(2),
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

pub(super) fn customer_lines() -> Vec<CustomerLine> {
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

pub(super) fn customer() -> Customer {
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

pub(super) fn invoices() -> Vec<InvoiceLine> {
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

pub(super) fn timeline() -> Vec<TimelineLine> {
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

pub(super) fn customer_view() -> CustomerView {
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
        case: vec![CaseStep {
            what: 1,
            on: today().plus_days(-6),
            then: Some(today().plus_days(-4)),
        }],
        why: vec![
            Why::PromiseBroken {
                amount: yuan("20000"),
                days: 1,
            },
            Why::FinalDeadlineIn { days: 1 },
            Why::LosingPerDay(yuan("61")),
            Why::Hold,
        ],
        advice: Some(advice()),
        timeline: timeline(),
        older: OlderRecords::Maybe,
        promises: vec![document(2)],
        statements: super::statement::links(),
    }
}

pub(in crate::screens) fn form_view() -> FormView {
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

fn advice() -> Advice {
    Advice {
        supply: Supply::Stopped(HoldReason::Ordered),
        attention: RiskClass::NearDoubtful,
        alarms: vec![Alarm::Days(34), Alarm::Share(80), Alarm::NoResult(3)],
        plan: Some(Plan {
            manner: Manner::Firm,
            factors: vec![(Factor::Character, 2), (Factor::Reputation, 1)],
        }),
        next: vec![
            (today().plus_days(1), Step::Deadline),
            (today().plus_days(26), Step::ThirdLetter),
        ],
        cards: vec![
            (Tip::NoNewGoodsBeforeMoney, None),
            (Tip::StatePurposeFirst, None),
            (Tip::NoStalling, None),
        ],
    }
}
