//! What a phone's clock cannot do: keep a promise by being set back.

#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use shared::{day::Day, document::NewChange};
use support::*;
use sync_server::store::promises;

/// Pays a promise of 10 November in cash on 21 November, with a receipt dated 10 November.
fn paid_late(heard_of_the_server: bool) -> (Company, &'static str, Day) {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let customer = company.customers[0];
    phone.clock = now().plus_ms(-20 * 86_400_000);
    let promise: NewChange = phone.promise_of("2026-11-01", customer, "2026-11-10", "500");
    let document = promise.document;
    phone.clock = now().plus_ms(-11 * 86_400_000);
    let mut core = phone.receipt_core(customer, "500", &[(company.invoices[0], "500")]);
    core.day = day("2026-11-10");
    core.number.day = core.day;
    core.last_server_at = heard_of_the_server.then(|| now().plus_ms(-3_600_000));
    let receipt = phone.seal(&core);
    let id = receipt.document;
    // The server's clock is right.
    phone.clock = now();
    assert!(acked(&phone.push(&[promise, receipt]).answers));
    let (state, posted) = company
        .store
        .read(|c| -> Result<_, sync_server::store::StoreError> {
            let state = promises::state(c, document)?.unwrap().0.slug();
            let posted: i64 = c.query_row(
                "SELECT posted_day FROM receipt_state WHERE document = ?1",
                [id.0],
                |row| row.get(0),
            )?;
            Ok((state, Day::from_number(posted)))
        })
        .unwrap();
    (company, state, posted)
}

#[test]
fn a_phone_clock_set_back_keeps_no_promise_once_the_phone_has_heard_of_the_server() {
    let (_company, state, posted) = paid_late(true);
    assert_eq!((state, posted), ("broken", day("2026-11-21")));
}

#[test]
fn cash_taken_in_time_without_signal_keeps_the_promise_when_it_comes_in_late() {
    let (_company, state, posted) = paid_late(false);
    assert_eq!((state, posted), ("kept", day("2026-11-10")));
}
