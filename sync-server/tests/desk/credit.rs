//! Credit ratings: what is proposed and why, two people's word, and what is turned down.

use axum::http::StatusCode;
use serde_json::{Value, json};
use shared::{
    customer::{Customer, Settlement},
    day::Day,
    ids::{InvoiceId, TerritoryId},
    invoice::Invoice,
    money::Money,
    people::{Role, Territory},
    sync::message::Row,
};
use sync_server::{
    api::credit::{BasisView, CreditLine, CreditView},
    clock,
    store::{StoreError, books, people},
};
use uuid::Uuid;

use super::office::*;

fn today() -> Day {
    Day::of(clock::now(), 480)
}

async fn credit(office: &Office, by: &Phone, query: &str) -> CreditView {
    let path = format!("/v1/desk/credit{query}");
    office.site.get(&path, Some(&by.token)).await.json()
}

/// The line of the first customer, whose debts are overdue.
async fn first(office: &Office) -> CreditLine {
    let all = credit(office, &office.clerk, "?all=true").await;
    let customer = office.site.company.customers[0].to_string();
    all.lines
        .into_iter()
        .find(|l| l.customer == customer)
        .unwrap()
}

fn rate(line: &CreditLine, grade: &str, limit: &str, hold: bool) -> Value {
    let rating = json!({ "grade": grade, "limit": limit, "term_days": 20 });
    json!({ "kind": "credit_rating", "customer": line.customer, "rating": rating, "hold": hold, "basis": line.basis })
}

fn keep(line: &CreditLine) -> Value {
    json!({ "kind": "credit_kept", "customer": line.customer, "basis": line.basis })
}

fn stored(office: &Office) -> Customer {
    let company = &office.site.company;
    let read = |conn: &_| books::customer(conn, company.customers[0]);
    company.store.read(read).unwrap().unwrap()
}

/// A customer that pays as agreed, with an invoice that was due and paid long ago.
fn add_good_payer(office: &Office, number: u128) -> Customer {
    let company = &office.site.company;
    let good = customer(number, territory_of(office), Some(company.rep_a));
    let due = today().plus_days(-20);
    let bill = Invoice {
        id: InvoiceId(Uuid::from_u128(9_000 + number)),
        customer: good.id,
        number: format!("FP-{number}"),
        issued: due.plus_days(-30),
        due,
        amount: Money::from_yuan(900),
    };
    let paid = shared::invoice::Payment {
        id: shared::ids::PaymentId(Uuid::from_u128(9_500 + number)),
        customer: good.id,
        number: format!("SK-{number}"),
        day: due,
        amount: bill.amount,
        invoice: Some(bill.id),
    };
    company
        .store
        .write_at(now(), |tx| -> Result<_, StoreError> {
            books::put_customer(tx, &good, now())?;
            books::put_invoice(tx, &bill, now())?;
            books::put_payment(tx, &paid, now())
        })
        .unwrap();
    good
}

fn territory_of(office: &Office) -> TerritoryId {
    stored(office).territory
}

#[tokio::test]
async fn the_worst_falls_first_with_what_happened_and_the_better_grade_waits_for_its_review() {
    let office = Office::new();
    let good = add_good_payer(&office, 300);
    let found = credit(&office, &office.clerk, "").await;
    assert_eq!(found.every_months, 6);
    let worst = &found.lines[0];
    assert_eq!(worst.customer, office.site.company.customers[0].to_string());
    assert_eq!(
        (worst.state.as_str(), worst.now.grade.as_str()),
        ("proposed", "B")
    );
    assert_eq!(
        (worst.exposure.as_str(), worst.now.limit.as_str()),
        ("2000.00", "50000.00")
    );
    let basis = worst.basis.as_ref().unwrap();
    assert_eq!(
        (
            basis.proposed.grade.as_str(),
            basis.proposed.limit.as_str(),
            basis.proposed.term_days
        ),
        ("D", "0.00", 0)
    );
    assert!(
        worst.conduct.worst_days > 0 && worst.decision.is_none() && worst.next_review.is_none()
    );
    // Never rated: the review is due, and who paid on the day is offered a better grade, after all that fall.
    let better = found
        .lines
        .iter()
        .position(|l| l.customer == good.id.to_string())
        .unwrap();
    let line = &found.lines[better];
    assert_eq!(line.conduct.due, "900.00");
    assert_eq!(
        (line.conduct.on_time.as_str(), line.conduct.late_percent),
        ("900.00", 0)
    );
    let proposed = &line.basis.as_ref().unwrap().proposed;
    assert_eq!(
        (proposed.grade.as_str(), proposed.limit.as_str()),
        ("A", "60000.00")
    );
    assert_eq!(better, found.lines.len() - 1);
}

#[tokio::test]
async fn a_rating_is_the_customers_terms_on_two_peoples_word_once_and_goes_to_the_phones() {
    let mut office = Office::new();
    office.rep.pull();
    let line = first(&office).await;
    let proposed = office.give(rate(&line, "C", "10000", true)).await;
    assert_eq!(proposed.decision.as_deref(), Some("open"));
    let before = stored(&office);
    assert_eq!((before.terms.grade.as_str(), before.hold), ("B", false));
    let waiting = first(&office).await;
    let waits = waiting.decision.unwrap();
    assert_eq!(
        (waiting.state.as_str(), waits.outcome.as_str()),
        ("waits", "waits")
    );
    let approve = json!({ "kind": "approve", "proposal": proposed.id });
    let alone = office.refused(|o| &o.clerk, approve.clone()).await;
    assert_eq!(alone, (403, "command.same_person".to_owned()));
    let rep = office.refused(|o| &o.rep, approve.clone()).await;
    assert_eq!(rep, (403, "auth.forbidden".to_owned()));
    for again in [false, true] {
        let answer = office.send(&office.boss, 77, approve.clone()).await;
        let expected = if again {
            StatusCode::OK
        } else {
            StatusCode::CREATED
        };
        assert_eq!(answer.status, expected);
    }
    let after = stored(&office);
    assert_eq!(after.terms.credit_limit, Money::from_yuan(10_000));
    assert_eq!(
        (
            after.terms.grade.as_str(),
            after.terms.term_days,
            after.hold
        ),
        ("C", 20, true)
    );
    let unchanged = Customer {
        terms: before.terms.clone(),
        hold: false,
        ..after.clone()
    };
    assert_eq!(unchanged, before, "nothing else is");
    let came = office.rep.pull();
    let on_phone = rows(&came).into_iter().rev().find_map(|row| match row {
        Row::Customer(customer) if customer.id == after.id => Some(customer.clone()),
        _ => None,
    });
    assert_eq!(on_phone, Some(after));
    let rated = first(&office).await;
    let last = rated.decision.unwrap();
    assert_eq!(last.outcome, "rated");
    assert_eq!(last.person, office.site.company.finance.to_string());
    assert_eq!(last.second, Some(office.site.company.boss.to_string()));
    assert_eq!(
        (last.reason.as_str(), last.hold),
        ("按单据处理", Some(true))
    );
    assert!(rated.next_review.is_some());
    assert_ne!(
        rated.state, "proposed",
        "two persons have decided about just this"
    );
    assert_eq!(rated.conduct.since, today().to_string());
    office.verify();
}

#[tokio::test]
async fn what_was_turned_down_is_quiet_and_changes_nothing_until_the_facts_get_worse() {
    let mut office = Office::new();
    let line = first(&office).await;
    let before = stored(&office);
    let taken = office.give(rate(&line, "D", "0", false)).await;
    let reject = json!({ "kind": "reject", "proposal": taken.id });
    assert_eq!(
        office.send(&office.second, 78, reject).await.status,
        StatusCode::CREATED
    );
    let rejected = first(&office).await;
    assert_eq!(rejected.state, "quiet");
    assert_eq!(rejected.decision.unwrap().outcome, "rejected");
    assert_eq!(stored(&office), before);

    // What one person leaves as it is stays quiet as well; a cheque that comes back wakes it.
    let receipt = office.take(cheque(), "500", 0);
    office.give(keep(&first(&office).await)).await;
    let kept = first(&office).await;
    assert_eq!(
        (kept.state.as_str(), kept.decision.unwrap().outcome.as_str()),
        ("quiet", "kept")
    );
    assert_eq!(stored(&office), before);
    let rep = office.site.company.rep_a;
    office.give(hand_in(rep, &[&receipt], "0")).await;
    office
        .give(json!({ "kind": "cheque_bounced", "receipt": receipt.document }))
        .await;
    let woken = first(&office).await;
    assert_eq!(
        (woken.state.as_str(), woken.conduct.bounced),
        ("proposed", 1)
    );
    office.verify();
}

#[tokio::test]
async fn a_decision_about_other_facts_or_by_others_is_refused_and_changes_nothing() {
    let mut office = Office::new();
    let line = first(&office).await;
    let mut moved = line.clone();
    let seen: &mut BasisView = moved.basis.as_mut().unwrap();
    seen.steps.bounced = 3;
    let mut none = line.clone();
    none.basis = None;
    let mut nobody = line.clone();
    nobody.customer = Uuid::from_u128(404).to_string();
    let changed = || (409, "command.credit_moved".to_owned());
    let odd = || (422, "command.credit".to_owned());
    let mut long = rate(&line, "B", "1", false);
    long["rating"]["term_days"] = json!(3_651);
    for (command, expected) in [
        (rate(&moved, "C", "1", false), changed()),
        (keep(&moved), changed()),
        (rate(&none, "C", "1", false), changed()),
        (rate(&line, "E", "1", false), odd()),
        (rate(&line, "B", "-1", false), odd()),
        (long, odd()),
        (
            rate(&line, "B", "10000000000", false),
            (422, "command.too_large".to_owned()),
        ),
        (
            rate(&nobody, "B", "1", false),
            (404, "command.no_such".to_owned()),
        ),
        (keep(&nobody), (404, "command.no_such".to_owned())),
    ] {
        let found = office.refused(|o| &o.clerk, command.clone()).await;
        assert_eq!(found, expected, "{command}");
    }
    let by_rep = office.refused(|o| &o.rep, keep(&line)).await;
    assert_eq!(by_rep, (403, "auth.forbidden".to_owned()));
    office.give(rate(&line, "C", "1", false)).await;
    let second = office
        .refused(|o| &o.second, rate(&line, "D", "0", false))
        .await;
    assert_eq!(second, (409, "command.credit_waits".to_owned()));
    let kept = office.refused(|o| &o.second, keep(&line)).await;
    assert_eq!(kept, (409, "command.credit_waits".to_owned()));
    assert_eq!(stored(&office).terms, stored_terms());
    let rep = office
        .site
        .get("/v1/desk/credit", Some(&office.rep.token))
        .await;
    assert_eq!(rep.code(), "auth.forbidden");
    office.verify();
}

/// The terms of every customer of the example company.
fn stored_terms() -> shared::customer::Terms {
    customer(1, TerritoryId(Uuid::from_u128(1)), None).terms
}

#[tokio::test]
async fn a_supervisor_rates_the_customers_of_their_scope_and_finance_has_the_second_word() {
    let office = Office::new();
    let lead = person(16, "吴敏", Role::Supervisor);
    let company = &office.site.company;
    let territory = Territory {
        id: TerritoryId(Uuid::from_u128(51)),
        name: "城西".into(),
        supervisor: Some(lead.id),
    };
    company
        .store
        .write_at(now(), |tx| -> Result<_, StoreError> {
            people::add(tx, &lead)?;
            people::add_territory(tx, &territory)
        })
        .unwrap();
    let lead = company.phone(lead.id, 9);
    let none = credit(&office, &lead, "?all=true").await;
    assert_eq!((none.customers, none.lines.len()), (0, 0));
    let line = first(&office).await;
    let id = 90;
    let foreign = office.send(&lead, id, rate(&line, "C", "1", false)).await;
    assert_eq!(foreign.code(), "auth.forbidden");
    let own = office
        .send(&office.boss, id, rate(&line, "C", "1", false))
        .await;
    assert_eq!(own.status, StatusCode::CREATED);
    let approve = json!({ "kind": "approve", "proposal": Uuid::from_u128(id) });
    let alone = office.send(&office.boss, 91, approve.clone()).await;
    assert_eq!(alone.code(), "command.same_person");
    assert_eq!(
        office.commands_of(&office.clerk, "").await,
        Ok(vec!["credit_rating".to_owned()])
    );
    let word = office.send(&office.clerk, 92, approve).await;
    assert_eq!(word.status, StatusCode::CREATED);
    assert_eq!(stored(&office).terms.grade, "C");
    office.verify();
}

#[tokio::test]
async fn who_gets_no_credit_and_has_no_limit_is_not_rated() {
    let office = Office::new();
    let mut cash_only = stored(&office);
    cash_only.terms.settlement = Settlement::CashOnDelivery;
    cash_only.terms.credit_limit = Money::ZERO;
    let company = &office.site.company;
    company
        .store
        .write_at(now(), |tx| books::put_customer(tx, &cash_only, now()))
        .unwrap();
    assert_eq!(first(&office).await.state, "as_is");
}
