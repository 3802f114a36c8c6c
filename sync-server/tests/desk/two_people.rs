//! What one person proposes and another decides.

use axum::http::StatusCode;
use serde_json::json;
use shared::{ids::TerritoryId, people::Territory};
use sync_server::{
    api::desk,
    store::{StoreError, books, people},
};
use uuid::Uuid;

use super::office::*;

#[tokio::test]
async fn money_goes_out_and_debts_go_away_only_on_two_peoples_word() {
    let mut office = Office::new();
    let company = &office.site.company;
    let debt = json!({ "customer": company.customers[0], "invoice": company.invoices[0] });
    let write_off = json!({ "kind": "write_off", "debt": debt, "amount": "1000" });
    let proposed = office.give(write_off).await;
    assert_eq!(proposed.decision.as_deref(), Some("open"));
    assert!(proposed.entry.is_none());
    assert_eq!(office.account().await.book, "2000.00");
    let approve = json!({ "kind": "approve", "proposal": proposed.id });
    let alone = office.refused(|o| &o.clerk, approve.clone()).await;
    assert_eq!(alone, (403, "command.same_person".to_owned()));
    let rep = office.refused(|o| &o.rep, approve.clone()).await;
    assert_eq!(rep, (403, "auth.forbidden".to_owned()));

    // The leader has the second word, and no other word.
    let own = json!({ "kind": "interest", "debt": debt, "amount": "1" });
    let own = office.refused(|o| &o.boss, own).await;
    assert_eq!(own, (403, "auth.forbidden".to_owned()));
    let approved = office.send(&office.boss, 77, approve).await;
    assert_eq!(approved.status, StatusCode::CREATED);
    assert_eq!(office.account().await.book, "1000.00");
    assert_eq!(office.balance("Expenses:BadDebt").await, "1000.00");
    let reject = json!({ "kind": "reject", "proposal": proposed.id });
    let late = office.send(&office.second, 78, reject).await;
    assert_eq!(late.code(), "command.decided");

    let recover =
        |amount: &str| json!({ "kind": "recover", "debt": debt, "from": "bank", "amount": amount });
    let too_much = office.refused(|o| &o.clerk, recover("1000.01")).await;
    assert_eq!(too_much, (409, "command.too_much".to_owned()));
    office.give(recover("250")).await;
    assert_eq!(office.balance("Expenses:BadDebt").await, "750.00");
    let token = Some(office.clerk.token.clone());
    let open: desk::Commands = office
        .site
        .get("/v1/ledger/commands", token.as_deref())
        .await
        .json();
    assert!(open.commands.is_empty());
    let all: desk::Commands = office
        .site
        .get("/v1/ledger/commands?all=true", token.as_deref())
        .await
        .json();
    assert_eq!(all.commands.len(), 3);
    assert!(all.commands.iter().all(|c| c.reason == "按单据处理"));
    office.verify();
}

#[tokio::test]
async fn a_leader_is_shown_what_awaits_their_word_and_nothing_of_others() {
    let mut office = Office::new();
    let company = &office.site.company;
    let other = json!({ "customer": company.customers[2], "invoice": company.invoices[2] });
    let discount =
        |debt: &serde_json::Value| json!({ "kind": "discount", "debt": debt, "amount": "5" });
    let (own, foreign) = (discount(&office.debt(0)), discount(&other));
    // Another leads the territory of B's customer from now on.
    company
        .store
        .write_at(now(), |tx| -> Result<_, StoreError> {
            let territory = Territory {
                id: TerritoryId(Uuid::from_u128(51)),
                name: "城西".into(),
                supervisor: None,
            };
            people::add_territory(tx, &territory)?;
            let moved = customer(102, territory.id, Some(company.rep_b));
            books::put_customer(tx, &moved, now())
        })
        .unwrap();
    let proposed = office.give(own).await;
    office.give(foreign).await;
    let kinds = |n: usize| Ok(vec!["discount".to_owned(); n]);
    assert_eq!(office.commands_of(&office.clerk, "").await, kinds(2));
    assert_eq!(office.commands_of(&office.boss, "").await, kinds(1));
    assert_eq!(
        office.commands_of(&office.boss, "?all=true").await,
        kinds(1)
    );
    let of = |number: &str| format!("?customer={number}");
    assert_eq!(
        office.commands_of(&office.boss, &of("C00100")).await,
        kinds(1)
    );
    assert_eq!(
        office.commands_of(&office.boss, &of("C00102")).await,
        kinds(0)
    );
    let rep = office.commands_of(&office.rep, "").await;
    assert_eq!(rep, Err("auth.forbidden".to_owned()));

    let approve = json!({ "kind": "approve", "proposal": proposed.id });
    let approved = office.send(&office.boss, 77, approve).await;
    assert_eq!(approved.status, StatusCode::CREATED);
    assert_eq!(office.commands_of(&office.boss, "").await, kinds(0));
    assert_eq!(office.account().await.book, "1995.00");
    office.verify();
}

#[tokio::test]
async fn discount_interest_and_goods_return_wait_for_a_second_person_and_goods_have_their_bound() {
    let mut office = Office::new();
    let debt = office.debt(0);
    let on = |kind: &str, amount: &str| json!({ "kind": kind, "debt": debt, "amount": amount });
    let too_much = office
        .refused(|o| &o.clerk, on("goods_return", "1000.01"))
        .await;
    assert_eq!(too_much, (409, "command.too_much".to_owned()));
    for (kind, amount, book) in [
        ("goods_return", "100", "1900.00"),
        ("discount", "50", "1850.00"),
        ("interest", "7", "1857.00"),
    ] {
        office.give_by_two(on(kind, amount)).await;
        assert_eq!(office.account().await.book, book);
    }
    office.verify();
}

/// A leader who sells stands in their own scope; what they took is for others to pay back.
#[tokio::test]
async fn a_leader_is_not_shown_and_does_not_approve_the_refund_of_money_that_they_took() {
    let mut office = Office::new();
    let customer = office.site.company.customers[0];
    let boss = office.site.company.boss;
    let core = office.boss.receipt_core(customer, "400", &[]);
    let receipt = office.boss.seal(&core);
    assert!(acked(
        &office.boss.push(std::slice::from_ref(&receipt)).answers
    ));
    office.give(hand_in(boss, &[&receipt], "400")).await;
    let refund = json!({ "kind": "refund", "debt": { "customer": customer }, "receipt": receipt.document,
                         "out_of": "cash", "amount": "400" });
    let proposed = office.give(refund).await;
    assert_eq!(office.commands_of(&office.boss, "").await, Ok(vec![]));
    let approve = json!({ "kind": "approve", "proposal": proposed.id });
    let own = office.refused(|o| &o.boss, approve.clone()).await;
    assert_eq!(own, (403, "auth.forbidden".to_owned()));
    let other = office.send(&office.second, 77, approve).await;
    assert_eq!(other.status, StatusCode::CREATED);
    assert_eq!(office.balance("Assets:Cash").await, "0.00");
    office.verify();
}
