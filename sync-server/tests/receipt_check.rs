//! What the desk is told of a receipt that somebody shows: who may ask, and how much of the ledger the answer tells.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use serde_json::json;
use shared::{document::edit::Edit, ids::CustomerId, receipt::ReceiptCore};
use support::{
    site::{Answered, Site},
    *,
};
use sync_server::api::receipt_check::ReceiptCheck;

const PATH: &str = "/v1/desk/receipt-check";

async fn ask(site: &Site, phone: &Phone, text: &str) -> Answered {
    let body = json!({ "text": text });
    site.post(PATH, Some(&phone.token), body).await
}

async fn check(site: &Site, phone: &Phone, text: &str) -> ReceiptCheck {
    ask(site, phone, text).await.json()
}

/// A receipt over 300.00 that the ledger has, and the text of its code.
fn posted(rep: &mut Phone, customer: CustomerId) -> (ReceiptCore, String) {
    let core = rep.receipt_core(customer, "300", &[]);
    let receipt = rep.seal(&core);
    assert!(acked(&rep.push(&[receipt]).answers));
    let code = rep.receipt_code(&core);
    (core, code)
}

#[tokio::test]
async fn finance_is_told_what_a_code_says_who_signed_it_and_where_the_ledger_has_it() {
    let site = Site::new();
    let clerk = site.company.phone(site.company.finance, 1);
    let mut rep = site.company.phone(site.company.rep_a, 2);
    let customer = site.company.customers[0];
    let (_, code) = posted(&mut rep, customer);
    let found = check(&site, &clerk, &code).await;
    let expected = json!({
        "verdict": "good", "proof": "genuine",
        "code": { "number": "A02-261121-1", "day": "2026-11-21", "amount": "300.00", "payer": "客户" },
        "device": { "code": "A02", "person": rep.device.person.id, "revoked_on": null },
        "ledger": "same", "state": "posted", "customer": customer,
        "may_enter": false, "payers": [], "entered": null,
    });
    assert_eq!(serde_json::to_value(&found).unwrap(), expected);

    let core = rep.receipt_core(customer, "40", &[]);
    let _unsent = rep.seal(&core);
    let waits = check(&site, &clerk, &rep.receipt_code(&core)).await;
    assert_eq!(
        (waits.verdict.as_str(), waits.ledger.as_deref()),
        ("good", Some("not_received"))
    );
}

#[tokio::test]
async fn an_invented_text_learns_nothing_of_the_ledger() {
    let site = Site::new();
    let clerk = site.company.phone(site.company.finance, 1);
    let mut rep = site.company.phone(site.company.rep_a, 2);
    let (_, code) = posted(&mut rep, site.company.customers[0]);
    for (text, proof) in [
        (code.replace("300.00", "900.00"), "altered"),
        (code.replacen("A02", "A99", 1), "unknown_device"),
        ("A02-261121-1".to_owned(), "no_receipt"),
        ("|".repeat(60_000), "no_receipt"),
    ] {
        let found = check(&site, &clerk, &text).await;
        let judged = (found.verdict.as_str(), found.proof.as_str());
        assert_eq!(judged, ("bad", proof));
        let told = (found.ledger, found.state, found.customer);
        assert_eq!(told, (None, None, None), "{proof}");
    }
}

#[tokio::test]
async fn another_receipt_under_the_same_number_is_not_taken_for_this_one() {
    let site = Site::new();
    let clerk = site.company.phone(site.company.finance, 1);
    let mut rep = site.company.phone(site.company.rep_a, 2);
    let (mut core, _) = posted(&mut rep, site.company.customers[0]);
    // The phone was set back: it gives the number once more.
    core.amount = money("70");
    let _unsent = rep.seal(&core);
    let found = check(&site, &clerk, &rep.receipt_code(&core)).await;
    assert_eq!(
        (found.verdict.as_str(), found.ledger.as_deref()),
        ("doubtful", Some("other_receipt"))
    );
    assert_eq!(found.customer, None);
}

#[tokio::test]
async fn a_voided_receipt_is_genuine_and_in_doubt() {
    let site = Site::new();
    let clerk = site.company.phone(site.company.finance, 1);
    let mut rep = site.company.phone(site.company.rep_a, 2);
    let mut boss = site.company.phone(site.company.boss, 3);
    let core = rep.receipt_core(site.company.customers[0], "300", &[]);
    let receipt = rep.seal(&core);
    assert!(acked(&rep.push(std::slice::from_ref(&receipt)).answers));
    let (asked, approved) = void(&rep, &boss, &receipt.bytes);
    assert!(acked(&rep.push(&[asked]).answers));
    assert!(acked(&boss.push(&[approved]).answers));
    let found = check(&site, &clerk, &rep.receipt_code(&core)).await;
    let judged = (found.verdict.as_str(), found.proof.as_str());
    assert_eq!(judged, ("doubtful", "genuine"));
    assert_eq!(found.state.as_deref(), Some("voided"));
}

/// A void asked for by the one and approved by the other.
fn void(
    rep: &Phone,
    boss: &Phone,
    receipt: &[u8],
) -> (shared::document::NewChange, shared::document::NewChange) {
    use shared::{
        ids::ElementId,
        receipt::{VoidDecision, VoidRequest},
    };
    let request = ElementId(uuid::Uuid::from_u128(501));
    let asked = Edit::RequestVoid(VoidRequest {
        id: request,
        author: rep.device.person.id,
        at: rep.clock,
        reason: "客户退回".into(),
    });
    let asked = rep.edit(&[receipt], &asked);
    let approved = Edit::DecideVoid(VoidDecision {
        id: ElementId(uuid::Uuid::from_u128(502)),
        request,
        author: boss.device.person.id,
        at: boss.clock,
        approved: true,
        note: String::new(),
    });
    let approved = boss.edit(&[receipt, &asked.bytes], &approved);
    (asked, approved)
}

#[tokio::test]
async fn a_supervisor_is_told_of_the_ledger_within_their_scope_alone_and_a_salesperson_nothing() {
    let site = Site::new();
    let boss = site.company.phone(site.company.boss, 1);
    let mut rep = site.company.phone(site.company.rep_a, 2);
    let customer = site.company.customers[0];
    let (_, code) = posted(&mut rep, customer);
    let inside = check(&site, &boss, &code).await;
    assert_eq!(inside.ledger.as_deref(), Some("same"));

    let elsewhere = shared::people::Territory {
        id: shared::ids::TerritoryId(uuid::Uuid::from_u128(900)),
        name: "城西".into(),
        supervisor: None,
    };
    let company = &site.company;
    company
        .store
        .write_at(now(), |tx| -> Result<(), sync_server::store::StoreError> {
            sync_server::store::people::add_territory(tx, &elsewhere)?;
            let moved = support::customer(100, elsewhere.id, Some(company.rep_a));
            sync_server::store::books::put_customer(tx, &moved, now()).map(|_| ())
        })
        .unwrap();
    let outside = check(&site, &boss, &code).await;
    let judged = (outside.verdict.as_str(), outside.proof.as_str());
    assert_eq!(judged, ("good", "genuine"), "the paper's signature holds");
    let told = (outside.ledger.as_deref(), outside.state, outside.customer);
    assert_eq!(told, (Some("hidden"), None, None));

    let refused = ask(&site, &rep, &code).await;
    assert_eq!(refused.code(), "auth.forbidden");
}
