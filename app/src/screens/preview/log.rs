//! What the supervisor of the played company sees.

use super::{accounts::*, base::*};
use shared::ids::Digest;
use shared::people::{Role, Territory};
use shared::receipt::MethodKind;
use shared::sync::message::{ExceptionKind, ExceptionRow};
use shared::visit::{UnpaidReason, VisitPurpose, VisitResult};

use crate::replica::api::*;

pub(super) fn log_view() -> VisitLogView {
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

pub(super) fn approval() -> ApprovalView {
    ApprovalView {
        document: document(3),
        what: ApprovalOf::Void {
            request: element(20),
            number: "A07-261121-2".to_owned(),
            method: MethodKind::Cash,
        },
        customer: (customer_id(1), "鑫源五金商行".to_owned()),
        amount: yuan("12000"),
        person_name: "陈晓东".to_owned(),
        is_mine: false,
        at: at(-20),
        reason: "金额写错，应为 2,000".to_owned(),
    }
}

pub(super) fn exceptions() -> Vec<ExceptionView> {
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

pub(super) fn directory(role: Role) -> DirectoryView {
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
