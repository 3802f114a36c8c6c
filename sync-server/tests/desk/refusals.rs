//! What makes no sense is a problem with a code, and changes nothing.

use serde_json::json;
use shared::ids::InvoiceId;
use sync_server::api::ledger as api;
use uuid::Uuid;

use super::office::*;

#[tokio::test]
async fn a_command_that_makes_no_sense_is_a_problem_and_changes_nothing() {
    let mut office = Office::new();
    let foreign = office.site.company.invoices[2];
    let customer = office.site.company.customers[0];
    let on = |invoice: Option<InvoiceId>| json!({ "customer": customer, "invoice": invoice });
    let discount = |invoice, amount: &str| json!({ "kind": "discount", "debt": on(invoice), "amount": amount });
    for (command, expected) in [
        (
            discount(Some(foreign), "1"),
            (409, "command.foreign_invoice"),
        ),
        (discount(None, "-1"), (422, "command.not_positive")),
        (discount(None, "1"), (409, "command.too_much")),
        (
            json!({ "kind": "cheque_bounced", "receipt": "ab".repeat(32) }),
            (404, "command.no_such"),
        ),
        (
            json!({ "kind": "print_money", "amount": "1" }),
            (422, "http.malformed"),
        ),
        (discount(None, "1.234"), (422, "http.malformed")),
        (
            json!({ "kind": "interest", "debt": on(None), "amount": "10000000000.00" }),
            (422, "command.too_large"),
        ),
        // Misspelt: what was meant would be left out.
        (
            json!({ "kind": "reallocate", "customer": customer, "reciept": "ab".repeat(32), "amount": "1" }),
            (422, "http.malformed"),
        ),
        (
            json!({ "kind": "interest", "debt": { "customer": customer, "invioce": foreign }, "amount": "1" }),
            (422, "http.malformed"),
        ),
    ] {
        let refused = office.refused(|o| &o.clerk, command.clone()).await;
        assert_eq!((refused.0, refused.1.as_str()), expected, "{command}");
    }
    let blank = json!({ "id": Uuid::from_u128(1), "reason": " ", "command": discount(None, "1") });
    let token = Some(office.clerk.token.as_str());
    let blank = office.site.post("/v1/ledger/commands", token, blank).await;
    assert_eq!(blank.code(), "command.reason");
    let misspelt = json!({ "id": Uuid::from_u128(1), "reason": "利息", "dya": "2026-11-01",
                           "command": { "kind": "interest", "debt": on(None), "amount": "1" } });
    let misspelt = office
        .site
        .post("/v1/ledger/commands", token, misspelt)
        .await;
    assert_eq!(
        (misspelt.status.as_u16(), misspelt.code()),
        (422, "http.malformed".to_owned())
    );
    let page: api::Entries = office.site.get("/v1/ledger/entries", token).await.json();
    assert_eq!(page.entries.len(), 4, "the four invoices");
    office.verify();
}
