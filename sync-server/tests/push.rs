//! What pushing promises: nothing lost, nothing doubled, one bad record stops no other.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use shared::{
    document::edit::Edit,
    evidence::Comment,
    ids::*,
    ledger::account::Account,
    receipt::{Method, ReceiptState, VoidDecision, VoidRequest},
    sync::message::{ExceptionKind, Frame, Outcome},
};
use support::*;
use sync_server::store::{
    StoreError, books, devices, exceptions, field_cash, journal, ledger, people, receipts,
};
use uuid::Uuid;

fn element(n: u128) -> ElementId {
    ElementId(Uuid::from_u128(n))
}

fn kinds(company: &Company) -> Vec<ExceptionKind> {
    let found = company
        .store
        .read(|c| exceptions::list(c, None, true, 100))
        .unwrap();
    found.iter().map(|e| e.kind).collect()
}

fn check_ledger(company: &Company) {
    let report = company.store.read(ledger::check).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
}

#[test]
fn a_cash_receipt_over_two_invoices_stands_in_the_ledger_once() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let parts = [
        (company.invoices[0], "1000"),
        (company.invoices[3], "200.50"),
    ];
    let receipt = phone.receipt(company.customers[0], "1300.50", &parts);
    let response = phone.push(std::slice::from_ref(&receipt));
    assert!(acked(&response.answers), "{:?}", response.answers);
    assert_eq!(company.outstanding(company.invoices[0]), money("0"));
    assert_eq!(company.outstanding(company.invoices[3]), money("799.50"));
    let account = company
        .store
        .read(|c| books::account(c, company.customers[0]))
        .unwrap();
    assert_eq!(account.on_account, money("100"));
    let cash = company
        .store
        .read(|c| field_cash::get(c, company.rep_a))
        .unwrap();
    assert_eq!(cash.unwrap().cash, money("1300.50"));
    assert_eq!(kinds(&company), []);
    check_ledger(&company);
}

#[test]
fn the_same_batch_again_gets_the_same_answers_and_posts_nothing() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let receipt = phone.receipt(company.customers[0], "100", &[(company.invoices[0], "100")]);
    phone.batch = 1;
    let request = phone.request(std::slice::from_ref(&receipt));
    let first = phone.send(&request).unwrap();
    let again = phone.send(&request).unwrap();
    assert_eq!(first.answers, again.answers);
    assert_eq!(first.head_seq, again.head_seq);
    assert_eq!(company.outstanding(company.invoices[0]), money("900"));
}

#[test]
fn the_same_change_in_two_batches_keeps_its_place_and_posts_once() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let receipt = phone.receipt(company.customers[0], "100", &[(company.invoices[0], "100")]);
    let first = phone.push(std::slice::from_ref(&receipt));
    let visit = phone.visit(company.customers[0]);
    let second = phone.push(&[receipt, visit]);
    assert_eq!(first.answers[0], second.answers[0]);
    assert!(acked(&second.answers));
    assert_eq!(company.outstanding(company.invoices[0]), money("900"));
    check_ledger(&company);
}

#[test]
fn a_refused_record_stops_no_other_and_what_builds_on_it_is_refused_with_it() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    // Of another salesperson's customer: never in scope.
    let foreign = phone.visit(company.customers[2]);
    let comment = Comment {
        id: element(1),
        author: company.rep_a,
        at: now(),
        text: "再去".into(),
    };
    let on_foreign = phone.edit(&[&foreign.bytes], &Edit::Comment(comment.clone()));
    let good = phone.visit(company.customers[0]);
    let on_good = phone.edit(&[&good.bytes], &Edit::Comment(comment));
    let response = phone.push(&[foreign.clone(), on_foreign, good, on_good]);
    let codes: Vec<&str> = response.answers.iter().map(code).collect();
    assert_eq!(
        codes,
        [
            "admission.out_of_scope",
            "admission.missing_dependency",
            "acked",
            "acked"
        ]
    );
    check_ledger(&company);
}

#[test]
fn bytes_that_are_no_change_are_quarantined_and_the_rest_flows() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let good = phone.visit(company.customers[0]);
    let mut frames = phone.request(std::slice::from_ref(&good)).frames;
    for change in [vec![], vec![1, 2, 3], vec![0xff; 3_000], good.bytes.clone()] {
        frames.insert(
            0,
            Frame {
                document: None,
                change,
            },
        );
    }
    phone.batch += 1;
    let request = phone.request_of(frames);
    let response = phone.send(&request).unwrap();
    assert_eq!(response.answers.len(), 5);
    for answer in &response.answers[..4] {
        assert!(
            matches!(answer.outcome, Outcome::Rejected { .. }),
            "{answer:?}"
        );
    }
    assert!(acked(&response.answers[4..]));
    // Each lies in quarantine as it came, with the reason that was answered.
    for (frame, answer) in request.frames.iter().zip(&response.answers).take(4) {
        let Outcome::Rejected { code, detail } = &answer.outcome else {
            panic!("{answer:?}")
        };
        assert!(!code.is_empty() && !detail.is_empty(), "{answer:?}");
        let hash = shared::document::frame_hash(&frame.change).0;
        let kept = company.store.read(|conn| -> Result<_, StoreError> {
            let query = "SELECT frame, code, detail FROM quarantine WHERE hash = ?1";
            Ok(conn.query_row(query, [hash], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?)
        });
        let expected = (frame.change.clone(), code.clone(), detail.clone());
        assert_eq!(kept.unwrap(), expected);
    }
}

#[test]
fn two_phones_take_cash_on_one_invoice_and_both_stand_with_an_exception() {
    let company = Company::new();
    let mut first = company.phone(company.rep_a, 1);
    let mut second = company.phone(company.rep_a, 2);
    let one = first.receipt(company.customers[0], "800", &[(company.invoices[0], "800")]);
    let two = second.receipt(company.customers[0], "700", &[(company.invoices[0], "700")]);
    assert!(acked(&first.push(&[one]).answers));
    assert!(acked(&second.push(&[two]).answers));
    assert_eq!(company.outstanding(company.invoices[0]), money("-500"));
    assert_eq!(kinds(&company), [ExceptionKind::Overpaid]);
    check_ledger(&company);
}

#[test]
fn a_void_asked_for_moves_nothing_until_a_supervisor_approves_it() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let mut desk = company.phone(company.boss, 2);
    let receipt = phone.receipt(company.customers[0], "400", &[(company.invoices[0], "400")]);
    let request = VoidRequest {
        id: element(1),
        author: company.rep_a,
        at: now(),
        reason: "金额写错".into(),
    };
    let asked = phone.edit(&[&receipt.bytes], &Edit::RequestVoid(request));
    assert!(acked(
        &phone.push(&[receipt.clone(), asked.clone()]).answers
    ));
    let state = |company: &Company| {
        let found = company.store.read(|c| receipts::state(c, receipt.document));
        found.unwrap().unwrap()
    };
    assert_eq!(state(&company), ReceiptState::VoidPending);
    assert_eq!(company.outstanding(company.invoices[0]), money("600"));
    assert_eq!(kinds(&company), [ExceptionKind::VoidPending]);

    let decision = VoidDecision {
        id: element(2),
        request: element(1),
        author: company.boss,
        at: now(),
        approved: true,
        note: String::new(),
    };
    let approved = desk.edit(&[&receipt.bytes, &asked.bytes], &Edit::DecideVoid(decision));
    assert!(acked(&desk.push(&[approved]).answers));
    assert_eq!(state(&company), ReceiptState::Voided);
    assert_eq!(company.outstanding(company.invoices[0]), money("1000"));
    assert_eq!(kinds(&company), []);
    let cash = company
        .store
        .read(|c| journal::balance(c, Account::FieldCash(company.rep_a)));
    assert_eq!(cash.unwrap(), money("0"));
    check_ledger(&company);
}

#[test]
fn a_salesperson_cannot_approve_a_void() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let receipt = phone.receipt(company.customers[0], "400", &[(company.invoices[0], "400")]);
    let request = VoidRequest {
        id: element(1),
        author: company.rep_a,
        at: now(),
        reason: "写错".into(),
    };
    let asked = phone.edit(&[&receipt.bytes], &Edit::RequestVoid(request));
    let decision = VoidDecision {
        id: element(2),
        request: element(1),
        author: company.rep_a,
        at: now(),
        approved: true,
        note: String::new(),
    };
    let own = phone.edit(&[&receipt.bytes, &asked.bytes], &Edit::DecideVoid(decision));
    let response = phone.push(&[receipt, asked, own]);
    assert!(acked(&response.answers[..2]));
    assert!(matches!(
        response.answers[2].outcome,
        Outcome::Rejected { .. }
    ));
    assert_eq!(company.outstanding(company.invoices[0]), money("600"));
}

#[test]
fn a_receipt_for_a_customer_reassigned_meanwhile_is_posted_and_flagged() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let receipt = phone.receipt(company.customers[0], "100", &[(company.invoices[0], "100")]);
    company
        .store
        .write_at(now(), |tx| {
            people::assign(tx, company.customers[0], Some(company.rep_b), now())
        })
        .unwrap();
    assert!(acked(&phone.push(&[receipt]).answers));
    assert_eq!(company.outstanding(company.invoices[0]), money("900"));
    assert_eq!(kinds(&company), [ExceptionKind::OutOfScope]);
    check_ledger(&company);
}

#[test]
fn money_for_another_customers_invoice_is_kept_on_account() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let receipt = phone.receipt(company.customers[0], "100", &[(company.invoices[2], "100")]);
    assert!(acked(&phone.push(&[receipt]).answers));
    assert_eq!(company.outstanding(company.invoices[2]), money("1000"));
    let account = company
        .store
        .read(|c| books::account(c, company.customers[0]))
        .unwrap();
    assert_eq!(account.on_account, money("100"));
    assert_eq!(kinds(&company), [ExceptionKind::ForeignInvoice]);
}

#[test]
fn a_transfer_is_in_transit_and_posts_nothing() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let mut core = phone.receipt_core(company.customers[0], "300", &[(company.invoices[0], "300")]);
    core.method = Method::Transfer {
        reference: "6222".into(),
    };
    let change = phone.seal(&core);
    assert!(acked(&phone.push(&[change]).answers));
    let account = company
        .store
        .read(|c| books::account(c, company.customers[0]))
        .unwrap();
    assert_eq!(
        (account.on_account, account.in_transit),
        (money("0"), money("300"))
    );
    assert_eq!(company.outstanding(company.invoices[0]), money("1000"));
    check_ledger(&company);
}

#[test]
fn a_missing_receipt_number_shows_until_the_receipt_comes() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let first = phone.receipt(company.customers[0], "10", &[(company.invoices[0], "10")]);
    let second = phone.receipt(company.customers[0], "20", &[(company.invoices[0], "20")]);
    assert!(acked(&phone.push(&[second]).answers));
    assert_eq!(kinds(&company), [ExceptionKind::NumberGap]);
    assert!(acked(&phone.push(&[first]).answers));
    assert_eq!(kinds(&company), []);
}

#[test]
fn a_clock_a_day_wrong_is_flagged_and_nothing_is_refused() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    phone.clock = now().plus_ms(-86_400_000);
    let visit = phone.visit(company.customers[0]);
    phone.batch = 1;
    let request = phone.request(&[visit]);
    let response =
        sync_server::api::sync::answer(&company.store, &phone.device, &request, now()).unwrap();
    assert!(acked(&response.answers));
    assert_eq!(kinds(&company), [ExceptionKind::ClockSkew]);
}

#[test]
fn a_signature_of_another_key_or_another_device_is_refused_whole() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let other = company.phone(company.rep_a, 2);
    let visit = phone.visit(company.customers[0]);
    let mut forged = phone.request(std::slice::from_ref(&visit));
    forged.sign(&Key(&other.key));
    assert_eq!(
        phone.send(&forged).unwrap_err().code,
        "sync.wrong_signature"
    );
    let mut foreign = phone.request(&[visit]);
    foreign.device = other.device.id;
    assert_eq!(phone.send(&foreign).unwrap_err().code, "sync.wrong_device");
}

#[test]
fn a_promise_is_kept_by_cash_that_comes_after_it() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let promise = phone.promise(company.customers[0], "2026-11-25", "500");
    let document = promise.document;
    assert!(acked(&phone.push(&[promise]).answers));
    let state = |company: &Company| {
        let found = company
            .store
            .read(|c| sync_server::store::promises::state(c, document));
        found.unwrap().unwrap().0.slug()
    };
    assert_eq!(state(&company), "pending");
    let receipt = phone.receipt(company.customers[0], "500", &[(company.invoices[0], "500")]);
    assert!(acked(&phone.push(&[receipt]).answers));
    assert_eq!(state(&company), "kept");
}

#[test]
fn what_was_made_before_a_device_was_revoked_comes_in_with_the_persons_next_device_and_is_flagged()
{
    let company = Company::new();
    let mut old = company.phone(company.rep_a, 1);
    let parts = [(company.invoices[0], "300")];
    let receipt = old.receipt(company.customers[0], "300", &parts);
    let visit = old.visit(company.customers[0]);
    company
        .store
        .write(|tx| devices::revoke(tx, old.device.id, now()))
        .unwrap();
    let mut new = company.phone(company.rep_a, 2);
    let response = new.push(&[receipt, visit]);
    assert!(acked(&response.answers), "{:?}", response.answers);
    assert_eq!(company.outstanding(company.invoices[0]), money("700"));
    assert_eq!(kinds(&company), [ExceptionKind::RevokedAuthor; 2]);
    check_ledger(&company);
}

#[test]
fn a_record_made_on_another_persons_device_is_refused() {
    let company = Company::new();
    let visit = company.phone(company.rep_a, 1).visit(company.customers[0]);
    let response = company.phone(company.boss, 2).push(&[visit]);
    assert_eq!(code(&response.answers[0]), "admission.wrong_device");
}
