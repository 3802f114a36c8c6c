//! Voids of receipts whose money the company has.

use serde_json::json;
use shared::receipt::Method;

use super::office::*;

#[tokio::test]
async fn a_void_after_the_hand_in_waits_for_finance_and_comes_out_of_the_companys_cash() {
    let mut office = Office::new();
    let rep = office.site.company.rep_a;
    let receipt = office.take(Method::Cash, "400", 0);
    office.give(hand_in(rep, &[&receipt], "400")).await;
    let asked = office.ask_for_void(&receipt);
    let confirm = json!({ "kind": "confirm_void", "receipt": receipt.document });
    let early = office.refused(|o| &o.clerk, confirm.clone()).await;
    assert_eq!(early, (409, "command.not_approved".to_owned()));
    office.approve_void(&receipt, &asked);
    assert_eq!(office.account().await.receipts[0].state, "void_pending");
    assert_eq!(office.account().await.book, "1600.00");
    office.verify();

    office.give(confirm).await;
    assert_eq!(office.account().await.receipts[0].state, "voided");
    assert_eq!(office.account().await.book, "2000.00");
    assert_eq!(office.balance("Assets:Cash").await, "0.00");
    assert!(office.exceptions().await.is_empty());
    office.verify();
}

#[tokio::test]
async fn a_void_that_was_approved_before_the_cheque_bounced_still_waits_for_finance() {
    let mut office = Office::new();
    let rep = office.site.company.rep_a;
    let receipt = office.take(cheque(), "400", 0);
    office.give(hand_in(rep, &[&receipt], "0")).await;
    let asked = office.ask_for_void(&receipt);
    office.approve_void(&receipt, &asked);
    let on = |kind: &str| json!({ "kind": kind, "receipt": receipt.document });
    office.give(on("cheque_bounced")).await;
    assert_eq!(office.account().await.receipts[0].state, "void_pending");
    assert_eq!(office.exceptions().await, ["void_pending"]);
    office.verify();
    let confirmed = office.give(on("confirm_void")).await;
    assert!(confirmed.entry.is_none(), "the debt stood all the time");
    assert_eq!(office.account().await.receipts[0].state, "voided");
    assert!(office.exceptions().await.is_empty());
    assert_eq!(office.account().await.book, "2000.00");
    office.verify();
}
