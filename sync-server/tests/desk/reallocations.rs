//! Money that is moved from one debt to another.

use serde_json::json;
use shared::receipt::Method;

use super::office::*;

#[tokio::test]
async fn reallocated_money_pays_the_invoice_to_which_it_went_and_no_other() {
    let mut office = Office::new();
    let receipt = office.take(Method::Cash, "400", 0);
    let company = &office.site.company;
    let move_it = json!({ "kind": "reallocate", "customer": company.customers[0], "receipt": receipt.document,
                          "from": company.invoices[0], "to": company.invoices[3], "amount": "150" });
    office.give(move_it).await;
    let account = office.account().await;
    let outstanding: Vec<&str> = account
        .invoices
        .iter()
        .map(|i| i.outstanding.as_str())
        .collect();
    assert_eq!(outstanding, ["750.00", "850.00"]);
    office.verify();
}
