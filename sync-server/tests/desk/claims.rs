//! Transfers and cheques: claims until the money is there.

use axum::http::StatusCode;
use serde_json::json;
use shared::{document::NewChange, ids::PaymentId, invoice::Payment};
use sync_server::store::{StoreError, books, promises};
use uuid::Uuid;

use super::office::*;

#[tokio::test]
async fn a_command_sent_twice_posts_once_and_another_under_its_id_is_refused() {
    let mut office = Office::new();
    let receipt = office.take(transfer(), "400", 0);
    assert_eq!(office.account().await.in_transit, "400.00");
    let confirm = |fee: &str| {
        json!({ "kind": "confirm_transfer", "receipt": receipt.document,
                "fee": fee, "bank_line": "2026-11-21/17" })
    };
    let first = office.send(&office.clerk, 1, confirm("2")).await;
    assert_eq!(first.status, StatusCode::CREATED);
    let again = office.send(&office.clerk, 1, confirm("2")).await;
    assert_eq!(again.status, StatusCode::OK);
    let other = office.send(&office.clerk, 1, confirm("3")).await;
    assert_eq!(
        (other.status, other.code().as_str()),
        (StatusCode::CONFLICT, "command.other")
    );
    let account = office.account().await;
    assert_eq!(
        (account.book.as_str(), account.in_transit.as_str()),
        ("1600.00", "0.00")
    );
    assert_eq!(account.receipts[0].state, "cleared");
    assert_eq!(office.balance("Assets:Bank").await, "398.00");
    assert_eq!(office.balance("Expenses:BankFees").await, "2.00");

    let next = office.take(transfer(), "400", 3);
    let line = json!({ "kind": "confirm_transfer", "receipt": next.document, "bank_line": "2026-11-21/17" });
    let used = office.refused(|o| &o.clerk, line).await;
    assert_eq!(used, (409, "command.line_used".to_owned()));
    office.verify();
}

#[tokio::test]
async fn a_cheque_lowers_the_debt_when_it_clears_and_a_bounced_one_does_not() {
    let mut office = Office::new();
    let rep = office.site.company.rep_a;
    let (good, bad) = (
        office.take(cheque(), "300", 0),
        office.take(cheque(), "200", 3),
    );
    office.give(hand_in(rep, &[&good, &bad], "0")).await;
    assert_eq!(office.balance("Assets:Cheques").await, "500.00");
    let on = |kind: &str, receipt: &NewChange| json!({ "kind": kind, "receipt": receipt.document });
    office.give(on("cheque_bounced", &bad)).await;
    office.give(on("cheque_cleared", &good)).await;
    let account = office.account().await;
    assert_eq!(
        (account.book.as_str(), account.in_transit.as_str()),
        ("1700.00", "0.00")
    );
    let states: Vec<&str> = account.receipts.iter().map(|r| r.state.as_str()).collect();
    assert_eq!(states, ["cleared", "bounced"]);
    office.give(on("cheque_presented", &bad)).await;
    assert_eq!(office.account().await.in_transit, "200.00");
    office.verify();
}

#[tokio::test]
async fn a_command_sent_again_after_midnight_is_the_same_and_with_another_day_it_is_not() {
    let mut office = Office::new();
    let claim = office.take(transfer(), "400", 0);
    let today = shared::day::Day::of(sync_server::clock::now(), 480);
    let confirm = json!({ "kind": "confirm_transfer", "receipt": claim.document });
    let on = |day: Option<shared::day::Day>| json!({ "id": Uuid::from_u128(1), "reason": "到账", "day": day, "command": confirm });
    let token = Some(office.clerk.token.as_str());
    let send = |day| office.site.post("/v1/ledger/commands", token, on(day));
    let yesterday = today.plus_days(-1);
    assert_eq!(send(Some(yesterday)).await.status, StatusCode::CREATED);
    assert_eq!(send(Some(yesterday)).await.status, StatusCode::OK);
    assert_eq!(send(None).await.status, StatusCode::OK);
    let other = send(Some(today)).await;
    assert_eq!(
        (other.status, other.code().as_str()),
        (StatusCode::CONFLICT, "command.other")
    );
    office.verify();
}

/// Brings in a payment of the books that is somebody's transfer.
fn book(office: &Office, amount: &str) -> PaymentId {
    let company = &office.site.company;
    let payment = Payment {
        id: PaymentId(Uuid::from_u128(900)),
        customer: company.customers[0],
        number: "P-1".into(),
        day: day("2026-11-21"),
        amount: money(amount),
        invoice: None,
    };
    company
        .store
        .write_at(now(), |tx| -> Result<_, StoreError> {
            books::put_payment(tx, &payment, now())
        })
        .unwrap();
    payment.id
}

#[tokio::test]
async fn booked_money_goes_back_once_whether_the_books_or_the_receipt_had_it() {
    for refund_first in [true, false] {
        let mut office = Office::new();
        let claim = office.take(transfer(), "400", 0);
        let payment = book(&office, "400");
        let customer = office.site.company.customers[0];
        let account = json!({ "customer": customer });
        let refund = |debt: &serde_json::Value, receipt: Option<&NewChange>| {
            let receipt = receipt.map(|receipt| receipt.document);
            json!({ "kind": "refund", "debt": debt, "receipt": receipt, "out_of": "bank", "amount": "400" })
        };
        let matched =
            json!({ "kind": "confirm_transfer", "receipt": claim.document, "booked": payment });
        let none_left = (409, "command.too_much".to_owned());
        if refund_first {
            office.give_by_two(refund(&account, None)).await;
            let gone = office.refused(|o| &o.clerk, matched).await;
            assert_eq!(gone, none_left);
        } else {
            office.give(matched).await;
            let of_receipt = refund(&office.debt(0), Some(&claim));
            let of_receipt = office.refused(|o| &o.clerk, of_receipt).await;
            assert_eq!(of_receipt, none_left);
            office.give_by_two(refund(&office.debt(0), None)).await;
        }
        for debt in [account, office.debt(0)] {
            let again = office.refused(|o| &o.clerk, refund(&debt, None)).await;
            assert_eq!(again, none_left);
        }
        assert_eq!(office.balance("Assets:Bank").await, "0.00");
        office.verify();
    }
}

#[tokio::test]
async fn a_promise_counts_booked_money_once_and_no_longer_once_it_was_paid_back() {
    let mut office = Office::new();
    let customer = office.site.company.customers[0];
    let promise = office.rep.promise(customer, "2026-11-25", "500");
    let id = promise.document;
    assert!(acked(&office.rep.push(&[promise]).answers));
    let claim = office.take(transfer(), "400", 0);
    let payment = book(&office, "400");
    let paid = |office: &Office| {
        let store = &office.site.company.store;
        let found = store.read(|conn| promises::state(conn, id)).unwrap();
        found.unwrap().1[0].1.to_string()
    };
    assert_eq!(paid(&office), "400.00");
    let matched =
        json!({ "kind": "confirm_transfer", "receipt": claim.document, "booked": payment });
    office.give(matched).await;
    assert_eq!(paid(&office), "400.00");
    let debt = office.debt(0);
    let refund = json!({ "kind": "refund", "debt": debt, "out_of": "bank", "amount": "400" });
    office.give_by_two(refund).await;
    assert_eq!(paid(&office), "0.00");
    office.verify();
}

#[tokio::test]
async fn what_a_customer_had_paid_before_the_ledger_began_pays_an_invoice() {
    let mut office = Office::new();
    let customer = office.site.company.customers[0];
    let opening = json!({ "kind": "opening", "of": { "on_account": customer }, "amount": "300" });
    office.give(opening).await;
    assert_eq!(office.account().await.on_account, "300.00");
    let to = office.site.company.invoices[0];
    let pay = json!({ "kind": "reallocate", "customer": customer, "to": to, "amount": "300" });
    office.give(pay.clone()).await;
    let account = office.account().await;
    assert_eq!(account.on_account, "0.00");
    assert_eq!(account.invoices[0].outstanding, "700.00");
    let again = office.refused(|o| &o.clerk, pay).await;
    assert_eq!(again, (409, "command.too_much".to_owned()));
    office.verify();
}
