//! What must not depend on order or chance: the same records in any order, from any number of senders,
//! give the same ledger.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use shared::{
    document::{NewChange, edit::Edit},
    ids::*,
    money::Money,
    promise::Cancellation,
    receipt::{Method, VoidDecision, VoidRequest},
};
use support::*;
use sync_server::store::{books, exceptions, field_cash, ledger, promises, receipts};
use uuid::Uuid;

fn element(n: u128) -> ElementId {
    ElementId(Uuid::from_u128(n))
}

/// Everything that people see of the accounts.
fn figures(company: &Company) -> Vec<String> {
    let report = company.store.read(ledger::check).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    let mut found: Vec<String> = company
        .invoices
        .iter()
        .map(|id| company.outstanding(*id).to_string())
        .collect();
    for customer in company.customers {
        let account = company.store.read(|c| books::account(c, customer)).unwrap();
        found.push(format!("{} {}", account.on_account, account.in_transit));
        for line in company
            .store
            .read(|c| receipts::of_customer(c, customer))
            .unwrap()
        {
            found.push(format!("{} {} {}", line.number, line.amount, line.state));
        }
    }
    let cash = company
        .store
        .read(|c| field_cash::get(c, company.rep_a))
        .unwrap();
    found.push(format!("{:?}", cash.map(|c| (c.cash, c.cheques))));
    let mut open: Vec<String> = company
        .store
        .read(|c| exceptions::list(c, None, true, 100))
        .unwrap()
        .iter()
        .map(|e| format!("{} {} {:?}", e.kind, e.subject, e.amount))
        .collect();
    open.sort();
    found.extend(open);
    found
}

#[test]
fn records_in_any_order_give_the_same_accounts_promises_and_exceptions() {
    let orders: [[usize; 6]; 4] = [
        [0, 1, 2, 3, 4, 5],
        [5, 4, 3, 2, 1, 0],
        [2, 5, 0, 3, 1, 4],
        [3, 0, 5, 1, 4, 2],
    ];
    let mut seen: Option<(Vec<String>, String)> = None;
    for order in orders {
        let company = Company::new();
        let mut phone = company.phone(company.rep_a, 1);
        let mut desk = company.phone(company.boss, 2);
        let customer = company.customers[0];
        let invoice = company.invoices[0];
        let promise = phone.promise(customer, "2026-11-20", "600");
        let wrong = phone.receipt(customer, "700", &[(invoice, "700")]);
        let right = phone.receipt(customer, "800", &[(invoice, "750")]);
        let mut core = phone.receipt_core(customer, "90", &[(company.invoices[3], "90")]);
        core.method = Method::Cheque {
            number: "00123".into(),
            bank: "工商银行".into(),
        };
        let cheque = phone.seal(&core);
        let elsewhere = phone.receipt(customer, "5", &[(company.invoices[2], "5")]);
        let visit = phone.visit(customer);
        let document = promise.document;
        let records: [NewChange; 6] = [promise, wrong.clone(), right, cheque, elsewhere, visit];
        for index in order {
            let response = phone.push(&records[index..=index]);
            assert!(acked(&response.answers), "{:?}", response.answers);
        }
        let request = VoidRequest {
            id: element(1),
            author: company.rep_a,
            at: now(),
            reason: "写错".into(),
        };
        let asked = phone.edit(&[&wrong.bytes], &Edit::RequestVoid(request));
        phone.push(std::slice::from_ref(&asked));
        let decision = VoidDecision {
            id: element(2),
            request: element(1),
            author: company.boss,
            at: now(),
            approved: true,
            note: String::new(),
        };
        let approved = desk.edit(&[&wrong.bytes, &asked.bytes], &Edit::DecideVoid(decision));
        assert!(acked(&desk.push(&[approved]).answers));
        let promise = company
            .store
            .read(|c| promises::state(c, document))
            .unwrap();
        let now = (figures(&company), format!("{promise:?}"));
        match &seen {
            None => seen = Some(now),
            Some(before) => assert_eq!(*before, now, "{order:?}"),
        }
    }
    let (figures, _) = seen.unwrap();
    assert_eq!(figures[..4], ["250.00", "1000.00", "1000.00", "1000.00"]);
    assert_eq!(figures[4], "55.00 90.00");
}

#[test]
fn one_batch_sent_twice_at_once_is_taken_in_once() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    phone.batch = 1;
    let changes: Vec<NewChange> = (0..40)
        .map(|_| phone.receipt(company.customers[0], "1", &[(company.invoices[0], "1")]))
        .collect();
    let request = phone.request(&changes);
    let (store, device) = (&company.store, &phone.device);
    let send = || {
        sync_server::api::sync::answer(store, device, &request, now())
            .unwrap()
            .answers
    };
    let (first, second) = std::thread::scope(|scope| {
        let other = scope.spawn(send);
        (send(), other.join().unwrap())
    });
    assert!(acked(&first));
    assert_eq!(first, second);
    assert_eq!(company.outstanding(company.invoices[0]), money("960"));
    figures(&company);
}

#[test]
fn many_phones_pushing_at_once_leave_a_log_without_gaps() {
    let company = Company::new();
    let phones: Vec<Phone> = (1..=6)
        .map(|seed| company.phone(company.rep_a, seed))
        .collect();
    std::thread::scope(|scope| {
        for mut phone in phones {
            let (customer, invoice) = (company.customers[0], company.invoices[0]);
            scope.spawn(move || {
                for _ in 0..5 {
                    let receipt = phone.receipt(customer, "10", &[(invoice, "10")]);
                    let visit = phone.visit(customer);
                    assert!(acked(&phone.push(&[receipt, visit]).answers));
                }
            });
        }
    });
    assert_eq!(company.outstanding(company.invoices[0]), money("700"));
    let report = company.store.read(ledger::check).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    let head = company.store.read(sync_server::store::log::head).unwrap();
    assert_eq!(report.log_entries, head.seq);
}

#[test]
fn a_cheque_in_the_reps_hands_discharges_nobody() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let mut core = phone.receipt_core(company.customers[0], "500", &[(company.invoices[0], "500")]);
    core.method = Method::Cheque {
        number: "00123".into(),
        bank: "工商银行".into(),
    };
    let cheque = phone.seal(&core);
    assert!(acked(&phone.push(&[cheque]).answers));
    assert_eq!(company.outstanding(company.invoices[0]), money("1000"));
    let cash = company
        .store
        .read(|c| field_cash::get(c, company.rep_a))
        .unwrap()
        .unwrap();
    assert_eq!((cash.cash, cash.cheques), (Money::ZERO, money("500")));
}

#[test]
fn only_a_supervisor_cancels_a_promise() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let mut desk = company.phone(company.boss, 2);
    let promise = phone.promise(company.customers[0], "2026-11-25", "500");
    let cancel = |author: PersonId, n: u128| {
        Edit::CancelPromise(Cancellation {
            id: element(n),
            author,
            at: now(),
            reason: "改约".into(),
        })
    };
    let own = phone.edit(&[&promise.bytes], &cancel(company.rep_a, 1));
    let response = phone.push(&[promise.clone(), own]);
    assert_eq!(code(&response.answers[0]), "acked");
    assert_eq!(code(&response.answers[1]), "admission.not_allowed");
    let theirs = desk.edit(&[&promise.bytes], &cancel(company.boss, 2));
    assert!(acked(&desk.push(&[theirs]).answers));
    let state = company
        .store
        .read(|c| promises::state(c, promise.document))
        .unwrap();
    assert_eq!(state.unwrap().0.slug(), "cancelled");
}
