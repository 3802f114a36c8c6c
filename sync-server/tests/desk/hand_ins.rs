//! Hand-ins 交账: counted blind, and what becomes of a difference.

use serde_json::json;
use shared::receipt::Method;
use sync_server::api::desk;

use super::office::*;

#[tokio::test]
async fn cash_is_counted_blind_and_what_is_missing_stays_on_the_salesperson() {
    let mut office = Office::new();
    let receipt = office.take(Method::Cash, "400", 0);
    let rep = office.site.company.rep_a;
    let token = office.clerk.token.clone();
    let waiting: desk::WaitingReceipts = office
        .site
        .get("/v1/ledger/receipts?custody=field", Some(&token))
        .await
        .json();
    assert_eq!(waiting.receipts.len(), 1);
    assert_eq!(waiting.receipts[0].amount, None, "nobody says how much");

    let taken = office.give(hand_in(rep, &[&receipt], "390")).await;
    let count = taken.hand_in.unwrap();
    assert_eq!(
        (count.expected.as_str(), count.undecided.as_str()),
        ("400.00", "10.00")
    );
    let in_hands = format!("Assets:Field:Cash:{rep}");
    assert_eq!(office.balance(&in_hands).await, "10.00");
    assert_eq!(office.account().await.receipts[0].state, "cleared");
    let again = hand_in(rep, &[&receipt], "10");
    let again = office.refused(|o| &o.clerk, again).await;
    assert_eq!(again, (409, "command.custody".to_owned()));

    let open: desk::HandIns = office
        .site
        .get("/v1/ledger/hand-ins", Some(&token))
        .await
        .json();
    assert_eq!(open.hand_ins.len(), 1);
    let decide = json!({ "kind": "decide_difference", "hand_in": taken.id, "what": "cash_short", "amount": "10" });
    let decided = office.give_by_two(decide).await;
    assert_eq!(decided.entry.unwrap().kind, "difference");
    assert_eq!(office.balance(&in_hands).await, "0.00");
    assert_eq!(office.balance("Assets:Cash").await, "390.00");
    assert_eq!(office.balance("Expenses:CashShort").await, "10.00");
    office.verify();
}

/// The leader has the second word on the cash of those whom they lead, finance on all, and nobody on their own.
#[tokio::test]
async fn cash_is_called_lost_by_two_people_and_by_nobody_who_had_it() {
    let mut office = Office::new();
    let rep = office.site.company.rep_a;
    let receipt = office.take(Method::Cash, "400", 0);
    let own = office.refused(|o| &o.rep, hand_in(rep, &[&receipt], "400"));
    assert_eq!(own.await, (403, "auth.forbidden".to_owned()));
    let taken = office.give(hand_in(rep, &[&receipt], "390")).await;
    let lost = json!({ "kind": "decide_difference", "hand_in": taken.id, "what": "cash_short", "amount": "10" });
    let proposed = office.give(lost).await;
    assert_eq!(office.balance("Expenses:CashShort").await, "0.00");
    let boss = office.commands_of(&office.boss, "").await;
    assert_eq!(boss, Ok(vec!["decide_difference".to_owned()]));
    let approve = json!({ "kind": "approve", "proposal": proposed.id });
    let alone = office.refused(|o| &o.clerk, approve.clone()).await;
    assert_eq!(alone, (403, "command.same_person".to_owned()));
    let approved = office.send(&office.boss, 77, approve).await;
    assert_eq!(approved.status, 201);
    assert_eq!(office.balance("Expenses:CashShort").await, "10.00");
    office.verify();
}

#[tokio::test]
async fn finance_counts_no_cash_that_they_took_themselves() {
    let mut office = Office::new();
    let clerk = office.site.company.finance;
    let receipt = office.take(Method::Cash, "400", 0);
    let own = office
        .refused(|o| &o.clerk, hand_in(clerk, &[&receipt], "400"))
        .await;
    assert_eq!(own, (403, "command.same_person".to_owned()));
    office.verify();
}
