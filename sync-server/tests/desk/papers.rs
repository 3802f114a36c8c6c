//! Receipts entered from their paper copies: once, only what is nowhere here, and the record that comes later is the
//! same receipt.

use axum::http::StatusCode;
use serde_json::{Value, json};
use shared::{document::NewChange, ids::DocumentId, receipt::Method};
use sync_server::{
    api::{desk, receipt_check::ReceiptCheck},
    store::devices,
};

use super::office::*;

/// A receipt on paper: the record that the phone holds, and the text of its code.
struct Paper {
    record: NewChange,
    code: String,
}

/// Issues a receipt whose record stays on the phone.
fn issue(office: &mut Office, method: Method, amount: &str, on: usize) -> Paper {
    let company = &office.site.company;
    let (customer, invoice) = (company.customers[0], company.invoices[on]);
    let mut core = office
        .rep
        .receipt_core(customer, amount, &[(invoice, amount)]);
    core.method = method;
    core.customer_name = "客户100超市".into();
    let record = office.rep.seal(&core);
    let code = office.rep.receipt_code(&core);
    Paper { record, code }
}

/// The command that enters it, with all of the sum on one invoice.
fn enter(office: &Office, code: &str, method: &str, amount: &str, on: usize) -> Value {
    let company = &office.site.company;
    json!({ "kind": "enter_paper", "code": code, "person": company.rep_a,
        "customer": company.customers[0], "method": method,
        "pays": [{ "invoice": company.invoices[on], "amount": amount }] })
}

async fn check(office: &Office, by: &Phone, code: &str) -> ReceiptCheck {
    let body = json!({ "text": code });
    let path = "/v1/desk/receipt-check";
    office.site.post(path, Some(&by.token), body).await.json()
}

fn revoke(office: &mut Office) {
    let device = office.rep.device.id;
    office
        .site
        .company
        .store
        .write_at(now(), |tx| devices::revoke(tx, device, now()))
        .unwrap();
    office.rep.device.revoked_at = Some(now());
}

async fn waiting(office: &Office) -> Vec<desk::WaitingReceipt> {
    let path = "/v1/ledger/receipts?custody=field";
    let answer = office.site.get(path, Some(&office.clerk.token)).await;
    answer.json::<desk::WaitingReceipts>().receipts
}

#[tokio::test]
async fn what_a_lost_phone_issued_is_entered_from_its_paper_and_posts_as_the_receipt_would() {
    let mut office = Office::new();
    let paper = issue(&mut office, Method::Cash, "300", 0);
    revoke(&mut office);
    let found = check(&office, &office.clerk, &paper.code).await;
    assert_eq!(
        (found.proof.as_str(), found.ledger.as_deref()),
        ("revoked_that_day", Some("not_received"))
    );
    assert!(found.may_enter);
    let customer = office.site.company.customers[0].to_string();
    assert_eq!(found.payers, [customer]);
    let leaders = check(&office, &office.boss, &paper.code).await;
    assert!(!leaders.may_enter && leaders.payers.is_empty());

    let command = enter(&office, &paper.code, "cash", "300", 0);
    let taken = office.give(command.clone()).await;
    let entry = taken.entry.unwrap();
    assert_eq!(
        (entry.kind.as_str(), entry.day.as_str()),
        ("receipt", "2026-11-21")
    );
    let in_hands = format!("Assets:Field:Cash:{}", office.site.company.rep_a);
    assert_eq!(office.balance(&in_hands).await, "300.00");
    let account = office.account().await;
    assert_eq!(account.receipts[0].state, "posted");
    assert_eq!(account.invoices[0].settled, "300.00");
    office.verify();

    let found = check(&office, &office.clerk, &paper.code).await;
    let told = (found.verdict.as_str(), found.ledger.as_deref());
    assert_eq!(told, ("good", Some("same")));
    assert!(!found.may_enter);
    let entered = found.entered.unwrap();
    assert_eq!(entered.person, office.site.company.finance.to_string());
    assert_eq!(
        (entered.reason.as_str(), entered.has_record),
        ("按单据处理", false)
    );

    // The same paper once more, by the same clerk under another id, and by another.
    let clerks: [fn(&Office) -> &Phone; 2] = [|o| &o.clerk, |o| &o.second];
    for by in clerks {
        let again = office.refused(by, command.clone()).await;
        assert_eq!(again, (409, "command.paper_known".to_owned()));
    }
    let same = office.send(&office.clerk, 5_001, command).await;
    assert_eq!(
        same.status,
        StatusCode::OK,
        "the same command changes nothing"
    );
    assert_eq!(office.balance(&in_hands).await, "300.00");
    office.verify();
}

#[tokio::test]
async fn the_phone_that_is_found_later_doubles_nothing_and_what_was_done_meanwhile_stands() {
    let mut office = Office::new();
    let paper = issue(&mut office, Method::Cash, "300", 0);
    let command = enter(&office, &paper.code, "cash", "300", 0);
    office.give(command).await;
    let listed = waiting(&office).await;
    assert_eq!(listed.len(), 1);
    let id: DocumentId = listed[0].document.parse().unwrap();
    assert_ne!(id, paper.record.document);
    let rep = office.site.company.rep_a;
    let handed_in = json!({ "kind": "hand_in", "person": rep, "receipts": [id], "counted": "300" });
    office.give(handed_in).await;

    assert!(acked(
        &office.rep.push(std::slice::from_ref(&paper.record)).answers
    ));
    assert_eq!(office.balance("Assets:Cash").await, "300.00");
    let account = office.account().await;
    assert_eq!(account.receipts.len(), 1);
    assert_eq!(account.receipts[0].state, "cleared");
    assert_eq!(
        account.receipts[0].document,
        paper.record.document.to_string()
    );
    assert_eq!(account.invoices[0].settled, "300.00");
    assert_eq!(office.exceptions().await, Vec::<String>::new());
    office.verify();
    let entered = check(&office, &office.clerk, &paper.code).await.entered;
    assert!(entered.unwrap().has_record);

    // It is voided by its record, from where its money is by now.
    let asked = office.ask_for_void(&paper.record);
    office.approve_void(&paper.record, &asked);
    let confirm = json!({ "kind": "confirm_void", "receipt": paper.record.document });
    office.give(confirm).await;
    assert_eq!(office.balance("Assets:Cash").await, "0.00");
    assert_eq!(office.account().await.invoices[0].settled, "0.00");
    office.verify();
    let voided = enter(&office, &paper.code, "cash", "300", 0);
    let again = office.refused(|o| &o.clerk, voided).await;
    assert_eq!(again, (409, "command.paper_known".to_owned()));
}

#[tokio::test]
async fn a_record_that_says_something_else_is_an_exception_until_the_money_lies_where_it_says() {
    let mut office = Office::new();
    let paper = issue(&mut office, Method::Cash, "300", 0);
    let typed = enter(&office, &paper.code, "cash", "300", 3);
    office.give(typed).await;
    assert!(acked(
        &office.rep.push(std::slice::from_ref(&paper.record)).answers
    ));
    assert_eq!(office.exceptions().await, ["paper_differs"]);
    office.verify();
    let company = &office.site.company;
    let moved = json!({ "kind": "reallocate", "customer": company.customers[0],
        "receipt": paper.record.document, "from": company.invoices[3], "to": company.invoices[0],
        "amount": "300" });
    office.give(moved).await;
    assert_eq!(office.exceptions().await, Vec::<String>::new());
    office.verify();
}

#[tokio::test]
async fn another_method_than_the_records_is_an_exception_until_the_receipt_is_voided() {
    let mut office = Office::new();
    let paper = issue(&mut office, transfer(), "300", 0);
    let typed = enter(&office, &paper.code, "cash", "300", 0);
    office.give(typed).await;
    assert!(acked(
        &office.rep.push(std::slice::from_ref(&paper.record)).answers
    ));
    assert_eq!(office.exceptions().await, ["paper_differs"]);
    let asked = office.ask_for_void(&paper.record);
    office.approve_void(&paper.record, &asked);
    assert_eq!(office.exceptions().await, Vec::<String>::new());
    let in_hands = format!("Assets:Field:Cash:{}", office.site.company.rep_a);
    assert_eq!(office.balance(&in_hands).await, "0.00");
    office.verify();
}

#[tokio::test]
async fn transfers_and_cheques_from_paper_go_the_way_of_any_other() {
    let mut office = Office::new();
    let by_bank = issue(&mut office, transfer(), "300", 0);
    let by_cheque = issue(&mut office, cheque(), "200", 0);
    let mut first = enter(&office, &by_bank.code, "transfer", "300", 0);
    first["reference"] = json!("BK-7781");
    office.give(first).await;
    let second = enter(&office, &by_cheque.code, "cheque", "200", 0);
    office.give(second).await;
    assert_eq!(office.account().await.in_transit, "500.00");
    office.verify();
    let lines = json!({ "lines": [{ "reference": "L-1", "day": "2026-11-21", "amount": "300.00",
        "payer": "", "text": "货款 BK-7781" }] });
    let token = office.clerk.token.clone();
    let matched: Value = office
        .site
        .post("/v1/ledger/bank-lines", Some(&token), lines)
        .await
        .json();
    assert_eq!(matched["lines"][0]["found"], "exact", "{matched}");
    let claim = matched["lines"][0]["claims"][0]["receipt"].clone();
    let confirm = json!({ "kind": "confirm_transfer", "receipt": claim, "bank_line": "L-1" });
    office.give(confirm).await;
    assert_eq!(office.balance("Assets:Bank").await, "300.00");
    for paper in [by_bank, by_cheque] {
        assert!(acked(&office.rep.push(&[paper.record]).answers));
    }
    assert_eq!(office.account().await.in_transit, "200.00");
    assert_eq!(office.exceptions().await, Vec::<String>::new());
    office.verify();
}

#[tokio::test]
async fn a_gap_in_the_numbers_is_closed_by_the_paper() {
    let mut office = Office::new();
    let lost = issue(&mut office, Method::Cash, "300", 0);
    let next = issue(&mut office, Method::Cash, "50", 3);
    assert!(acked(&office.rep.push(&[next.record]).answers));
    assert_eq!(office.exceptions().await, ["number_gap"]);
    let command = enter(&office, &lost.code, "cash", "300", 0);
    office.give(command).await;
    assert_eq!(office.exceptions().await, Vec::<String>::new());
    // Entered first, a later record finds it there.
    let second = issue(&mut office, Method::Cash, "20", 0);
    let command = enter(&office, &second.code, "cash", "20", 0);
    office.give(command).await;
    let third = issue(&mut office, Method::Cash, "30", 0);
    assert!(acked(&office.rep.push(&[third.record]).answers));
    assert_eq!(office.exceptions().await, Vec::<String>::new());
    office.verify();
}

#[tokio::test]
async fn what_is_here_already_or_was_altered_or_is_anothers_is_never_entered() {
    let mut office = Office::new();
    let posted = issue(&mut office, Method::Cash, "300", 0);
    assert!(acked(&office.rep.push(&[posted.record]).answers));
    let command = enter(&office, &posted.code, "cash", "300", 0);
    let known = office.refused(|o| &o.clerk, command).await;
    assert_eq!(known, (409, "command.paper_known".to_owned()));

    let paper = issue(&mut office, Method::Cash, "120", 0);
    let good = enter(&office, &paper.code, "cash", "120", 0);
    let with = |key: &str, value: Value| {
        let mut command = good.clone();
        command[key] = value;
        command
    };
    let company = &office.site.company;
    let (b, other) = (company.rep_b, company.customers[1]);
    let altered = paper.code.replace("120.00", "920.00");
    for (command, status, code) in [
        (with("code", json!(altered)), 422, "command.paper_code"),
        (
            with("code", json!("A01-261121-2")),
            422,
            "command.paper_code",
        ),
        (with("person", json!(b)), 404, "command.no_such"),
        (with("customer", json!(other)), 422, "command.paper_payer"),
        (with("method", json!("iou")), 422, "command.paper_words"),
    ] {
        let refused = office.refused(|o| &o.clerk, command).await;
        assert_eq!(refused, (status, code.to_owned()));
    }
    let others: [fn(&Office) -> &Phone; 2] = [|o| &o.rep, |o| &o.boss];
    for by in others {
        let refused = office.refused(by, good.clone()).await;
        assert_eq!(refused, (403, "auth.forbidden".to_owned()));
    }
    office.verify();
    assert_eq!(office.account().await.invoices[0].settled, "300.00");
}

#[tokio::test]
async fn what_was_refused_or_waits_for_review_is_said_to_be_that_and_is_not_entered() {
    let mut office = Office::new();
    // For a customer of somebody else: refused.
    let company = &office.site.company;
    let (foreign, own) = (company.customers[2], company.customers[0]);
    let core = office.rep.receipt_core(foreign, "80", &[]);
    let record = office.rep.seal(&core);
    let code = office.rep.receipt_code(&core);
    assert!(!acked(&office.rep.push(&[record]).answers));
    let found = check(&office, &office.clerk, &code).await;
    assert_eq!(found.ledger.as_deref(), Some("refused"));
    assert_eq!(
        (found.verdict.as_str(), found.may_enter),
        ("doubtful", false)
    );

    let waits = issue(&mut office, Method::Cash, "300", 0);
    revoke(&mut office);
    office.rep.push(&[waits.record]);
    let found = check(&office, &office.clerk, &waits.code).await;
    assert_eq!(found.ledger.as_deref(), Some("in_review"));
    assert!(!found.may_enter);
    let mut command = enter(&office, &waits.code, "cash", "300", 0);
    command["customer"] = json!(own);
    let refused = office.refused(|o| &o.clerk, command).await;
    assert_eq!(refused, (409, "command.paper_known".to_owned()));
    office.verify();
}

#[tokio::test]
async fn a_correction_of_what_was_entered_from_paper_and_then_refused_is_shown_to_finance() {
    let mut office = Office::new();
    // For a customer of somebody else: its record is refused when it comes.
    let company = &office.site.company;
    let (customer, sum) = (company.customers[0], "80");
    let foreign = company.customers[2];
    let mut core = office.rep.receipt_core(foreign, sum, &[]);
    core.customer_name = "客户102超市".into();
    let refused = office.rep.seal(&core);
    let code = office.rep.receipt_code(&core);
    let mut typed = enter(&office, &code, "cash", sum, 0);
    typed["customer"] = json!(foreign);
    typed["pays"] = json!([]);
    office.give(typed).await;
    assert!(!acked(
        &office.rep.push(std::slice::from_ref(&refused)).answers
    ));
    let mut corrected = office.rep.receipt_core(customer, sum, &[]);
    corrected.corrects = vec![refused.document];
    let corrected = office.rep.seal(&corrected);
    assert!(acked(&office.rep.push(&[corrected]).answers));
    let open = office.exceptions().await;
    assert!(open.contains(&"looks_doubled".to_owned()), "{open:?}");
    office.verify();
}
