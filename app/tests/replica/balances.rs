//! Balances: the server's figures less own receipts that these do not contain yet, never twice.

use app::replica::api::*;
use shared::{
    money::Money,
    receipt::{Method, ReceiptState},
};

use crate::phone::*;

#[test]
fn cash_lowers_the_balance_at_once_and_only_once() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let check = |expected: &str| {
        let view = phone.customer(customer_id(1));
        assert_eq!(view.outstanding, money(expected));
        assert_eq!(view.aging.total().unwrap(), money(expected));
        let Reply::Today(today) = phone.call(Request::Today) else {
            panic!("no view")
        };
        let card = today
            .items
            .iter()
            .find(|i| i.customer == customer_id(1))
            .unwrap();
        assert_eq!(card.outstanding, money(expected));
    };
    check("2000.00");
    let id = phone.saved(receipt(1, "300.00", Method::Cash));
    check("1700.00");
    // The acknowledgement comes with one page, the posted row with the next.
    server.0.borrow_mut().page_size = 1;
    phone.sync();
    check("1700.00");
    phone.sync();
    check("1700.00");
    assert_eq!(
        phone.customer(customer_id(1)).invoices[0].row.settled,
        money("300.00")
    );
    assert!(phone.record(id).journey.in_ledger);
}

#[test]
fn what_is_no_cash_is_in_transit_and_lowers_nothing() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let transfer = Method::Transfer {
        reference: "8812".into(),
    };
    phone.saved(receipt(1, "300.00", transfer));
    let view = phone.customer(customer_id(1));
    assert_eq!(view.outstanding, money("2000.00"));
    assert_eq!(view.in_transit, money("300.00"));
    let Reply::Collect(collect) = phone.call(Request::Collect) else {
        panic!("no view")
    };
    assert_eq!(collect.cash_in_hand, Money::ZERO);
    assert_eq!(collect.collected_today, money("300.00"));
}

#[test]
fn while_a_void_is_pending_the_money_stands_where_it_stood() {
    let server = company();
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let rep = Phone::enrolled(a.path(), &server, "one");
    let boss = Phone::enrolled(b.path(), &server, "boss");
    let id = rep.saved(receipt(1, "300.00", Method::Cash));
    rep.saved(Request::RequestVoid {
        document: id,
        reason: "金额写错".into(),
    });
    assert_eq!(rep.customer(customer_id(1)).outstanding, money("1700.00"));
    let again = rep.failed(Request::RequestVoid {
        document: id,
        reason: "再来".into(),
    });
    assert_eq!(again, "receipt.void_asked_already");
    rep.sync();
    let RecordContent::Receipt(_, state) = rep.record(id).content else {
        panic!("not a receipt")
    };
    assert_eq!(state, Some(ReceiptState::VoidPending));
    boss.sync();
    let Reply::Approvals(list) = boss.call(Request::Approvals) else {
        panic!("no list")
    };
    assert_eq!(list.len(), 1);
    assert_eq!(
        (list[0].reason.as_str(), list[0].person_name.as_str()),
        ("金额写错", "张伟")
    );
    let ApprovalOf::Void { request, .. } = list[0].what else {
        panic!("not a void")
    };
    let decide = |by: &Phone| {
        by.call(Request::DecideVoid {
            document: id,
            request,
            approve: true,
            note: "同意".into(),
        })
    };
    let own = rep.failed(Request::DecideVoid {
        document: id,
        request,
        approve: true,
        note: String::new(),
    });
    assert_eq!(own, "receipt.void_own_request");
    assert!(matches!(decide(&boss), Reply::Saved(_)));
    boss.sync();
    let Reply::Approvals(list) = boss.call(Request::Approvals) else {
        panic!("no list")
    };
    assert!(list.is_empty());
}

#[test]
fn own_cash_counts_for_its_customer_alone_in_the_list_and_on_the_page_also_where_it_over_pays() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let check = |expected: [&str; 2]| {
        let Reply::Customers(list) = phone.call(Request::Customers {
            search: String::new(),
            limit: 10,
        }) else {
            panic!("no list")
        };
        for (n, sum) in (1..).zip(expected) {
            let line = list.iter().find(|l| l.id == customer_id(n)).unwrap();
            assert_eq!(line.outstanding, money(sum), "list, customer {n}");
            let page = phone.customer(customer_id(n));
            assert_eq!(page.outstanding, money(sum), "page, customer {n}");
        }
    };
    phone.saved(receipt(1, "1000.00", Method::Cash));
    phone.saved(receipt(2, "150.00", Method::Cash));
    check(["1000.00", "1850.00"]);
    phone.sync();
    phone.sync();
    check(["1000.00", "1850.00"]);
    // The invoice is paid, the server says, and more is taken on it.
    phone.saved(receipt(1, "50.00", Method::Cash));
    check(["950.00", "1850.00"]);
    phone.saved(receipt(2, "900.00", Method::Cash));
    check(["950.00", "950.00"]);
}

#[test]
fn customers_are_found_by_name_pinyin_and_number() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let phone = Phone::enrolled(folder.path(), &server, "one");
    let check = |search: &str, expected: usize| {
        let Reply::Customers(found) = phone.call(Request::Customers {
            search: search.into(),
            limit: 10,
        }) else {
            panic!("no list")
        };
        assert_eq!(found.len(), expected, "{search}");
    };
    check("恒发", 1);
    check("HFSP", 2);
    check("hengfa", 2);
    check("C002", 1);
    check("发食品公司", 0);
    check("%", 0);
    check("", 2);
}
