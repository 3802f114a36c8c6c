//! A record made in place of a refused one: of both, and whatever else was made in that place, one counts.

#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use shared::{
    document::{self, NewChange},
    ids::{CustomerId, DocumentId, InvoiceId},
    visit::Visit,
};
use support::*;
use sync_server::{
    review,
    store::{backup, books, corrections, devices, documents},
};

/// A receipt over ¥300 for a customer of somebody else: refused.
fn refused_receipt(company: &Company, phone: &mut Phone) -> NewChange {
    let receipt = phone.receipt(company.customers[2], "300", &[]);
    let answers = phone.push(std::slice::from_ref(&receipt)).answers;
    assert_eq!(code(&answers[0]), "admission.out_of_scope");
    receipt
}

fn correction(
    phone: &mut Phone,
    (customer, invoice): (CustomerId, InvoiceId),
    corrects: &[&NewChange],
) -> NewChange {
    let mut core = phone.receipt_core(customer, "300", &[(invoice, "300")]);
    core.corrects = corrects.iter().map(|change| change.document).collect();
    phone.seal(&core)
}

fn pushed(phone: &mut Phone, change: &NewChange) -> String {
    let answers = phone.push(std::slice::from_ref(change)).answers;
    code(&answers[0]).to_owned()
}

fn is_stored(company: &Company, document: DocumentId) -> bool {
    let stored = company.store.read(|c| documents::stored(c, document));
    stored.unwrap().is_some()
}

/// The customer of the refused records becomes the salesperson's, so that nothing stands against them.
fn assign(phone: &Phone) {
    let mut customer = customer(
        102,
        shared::ids::TerritoryId(uuid::Uuid::from_u128(50)),
        None,
    );
    customer.rep = Some(phone.device.person.id);
    phone
        .store
        .write_at(now(), |tx| books::put_customer(tx, &customer, now()))
        .unwrap();
}

#[test]
fn once_its_correction_is_admitted_a_refused_record_never_is() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let old = refused_receipt(&company, &mut phone);
    let about = (company.customers[0], company.invoices[0]);
    let new = correction(&mut phone, about, &[&old]);
    assert_eq!(pushed(&mut phone, &new), "acked");
    assert_eq!(company.outstanding(company.invoices[0]), money("700"));
    assign(&phone);
    assert_eq!(pushed(&mut phone, &old), "admission.corrected");
    assert!(!is_stored(&company, old.document));
    let by = company.store.read(|c| corrections::by(c, old.document));
    assert_eq!(by.unwrap(), Some(new.document));
    assert_eq!(pushed(&mut phone, &new), "acked", "again, as it was");
    assert_eq!(company.outstanding(company.invoices[0]), money("700"));
}

#[test]
fn a_refused_record_has_one_correction() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let old = refused_receipt(&company, &mut phone);
    let about = (company.customers[0], company.invoices[0]);
    let first = correction(&mut phone, about, &[&old]);
    let second = correction(&mut phone, about, &[&old]);
    let answers = phone.push(&[first, second.clone()]).answers;
    let codes: Vec<&str> = answers.iter().map(code).collect();
    assert_eq!(codes, ["acked", "admission.corrected_already"]);
    assert!(!is_stored(&company, second.document));
    assert_eq!(company.outstanding(company.invoices[0]), money("700"));
}

#[test]
fn what_counts_is_not_corrected() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let about = (company.customers[0], company.invoices[0]);
    let old = phone.receipt(about.0, "300", &[(about.1, "300")]);
    assert_eq!(pushed(&mut phone, &old), "acked");
    let new = correction(&mut phone, about, &[&old]);
    assert_eq!(pushed(&mut phone, &new), "admission.corrects_admitted");
    assert_eq!(company.outstanding(about.1), money("700"), "not twice");
}

#[test]
fn a_correction_that_is_refused_can_be_corrected_and_then_none_of_both_comes_back() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let first = refused_receipt(&company, &mut phone);
    let foreign = (company.customers[2], company.invoices[2]);
    let second = correction(&mut phone, foreign, &[&first]);
    assert_eq!(pushed(&mut phone, &second), "admission.out_of_scope");
    let about = (company.customers[0], company.invoices[0]);
    let third = correction(&mut phone, about, &[&second, &first]);
    assert_eq!(pushed(&mut phone, &third), "acked");
    assign(&phone);
    for old in [&first, &second] {
        assert_eq!(pushed(&mut phone, old), "admission.corrected");
    }
    assert_eq!(company.outstanding(company.invoices[2]), money("1000"));
}

#[test]
fn nobody_corrects_somebody_elses_record() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let old = refused_receipt(&company, &mut phone);
    let mut other = company.phone(company.rep_b, 2);
    let about = (company.customers[2], company.invoices[2]);
    let claim = correction(&mut other, about, &[&old]);
    assert_eq!(pushed(&mut other, &claim), "admission.not_allowed");
}

#[test]
fn what_waits_for_review_is_not_released_once_it_was_corrected() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let about = (company.customers[0], company.invoices[0]);
    let old = phone.receipt(about.0, "300", &[(about.1, "300")]);
    company
        .store
        .write(|tx| devices::revoke(tx, phone.device.id, now()))
        .unwrap();
    phone.device.revoked_at = Some(now());
    phone.push(std::slice::from_ref(&old));
    let waiting = company.store.read(review::list).unwrap();
    assert_eq!(waiting.len(), 1);
    let mut anew = company.phone(company.rep_a, 2);
    let new = correction(&mut anew, about, &[&old]);
    assert_eq!(pushed(&mut anew, &new), "acked");
    assert_eq!(company.store.read(review::list).unwrap(), []);
    assert!(review::release(&company.store, old.hash, now()).is_err());
    assert_eq!(company.outstanding(about.1), money("700"));
}

#[test]
fn visits_and_promises_are_corrected_as_well() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let old = phone.visit(company.customers[2]);
    assert_eq!(pushed(&mut phone, &old), "admission.out_of_scope");
    let visit = Visit {
        corrects: vec![old.document],
        ..phone.plain_visit(company.customers[0])
    };
    let origin = phone.origin();
    let new = document::create_visit(&visit, origin).unwrap();
    assert_eq!(pushed(&mut phone, &new), "acked");
    assign(&phone);
    assert_eq!(pushed(&mut phone, &old), "admission.corrected");
}

#[test]
fn a_restored_server_that_lost_the_correction_gets_it_again_and_not_what_it_corrected() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let old = refused_receipt(&company, &mut phone);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup.db");
    company.store.back_up(&file).unwrap();
    let about = (company.customers[0], company.invoices[0]);
    let new = correction(&mut phone, about, &[&old]);
    assert_eq!(pushed(&mut phone, &new), "acked");
    let dir = folder.path().join("restored");
    backup::restore(&dir, &file, "aside").unwrap();
    let restored = sync_server::store::Store::open(&dir).unwrap();
    phone.store = std::sync::Arc::new(restored);
    phone.cursor = Default::default();
    phone.generation = phone
        .store
        .read(|c| devices::generation(c, phone.device.id))
        .unwrap();
    assert_eq!(pushed(&mut phone, &new), "acked");
    assign(&phone);
    assert_eq!(pushed(&mut phone, &old), "admission.corrected");
}
