//! A customer's collection case: letters, deliveries, steps at law.

use serde_json::{Value, json};
use shared::{
    day::Day,
    policy::{account::CaseStep, legal::LegalStep},
    sync::message::{CaseRow, Cursor, Item, OLDEST_VERSION, PROTOCOL_VERSION, Row, RulesRow},
};
use sync_server::{api::case::CaseView, store::curve};

use super::office::*;

fn today() -> Day {
    Day::of(sync_server::clock::now(), 480)
}

async fn case(office: &Office, by: &Phone) -> Answered {
    let customer = office.site.company.customers[0];
    let path = format!("/v1/desk/case?customer={customer}");
    office.site.get(&path, Some(&by.token)).await
}

fn delivery(sent: Day, received: Option<(Day, &str)>) -> Value {
    json!({
        "sent": sent, "way": "post", "tracking": "EA123456789CN",
        "received": received.map(|(day, _)| day),
        "received_by": received.map_or("", |(_, by)| by),
    })
}

#[tokio::test]
async fn letters_deliveries_and_steps_are_noted_with_who_and_why_and_move_nothing() {
    let mut office = Office::new();
    let customer = office.site.company.customers[0];
    let invoice = office.site.company.invoices[0];
    let today = today();
    let letter = |number: u8, delivery| json!({ "kind": "letter_sent", "customer": customer, "letter": number, "delivery": delivery });
    let before = office.balance("Assets:Cash").await;
    for command in [
        letter(1, delivery(today.plus_days(-2), None)),
        letter(1, delivery(today.plus_days(-2), Some((today, "王会计")))),
        json!({ "kind": "invoice_delivered", "customer": customer, "invoice": invoice,
            "delivery": delivery(today.plus_days(-9), Some((today.plus_days(-8), "前台"))) }),
        json!({ "kind": "legal_step", "customer": customer, "step": "payment_order_served", "on": today }),
    ] {
        assert!(office.give(command).await.entry.is_none());
    }
    let found: CaseView = case(&office, &office.second).await.json();
    assert_eq!(
        found.letters.len(),
        2,
        "the second word stands beside the first"
    );
    assert_eq!(found.letters[0].received, None);
    assert_eq!(found.letters[1].received, Some(today.to_string()));
    assert_eq!(found.letters[1].received_by, "王会计");
    assert_eq!(
        found.letters[1].noted.person,
        office.site.company.finance.to_string()
    );
    assert_eq!(found.letters[1].noted.reason, "按单据处理");
    assert_eq!(found.invoices[0].invoice, Some(invoice.to_string()));
    let step = &found.steps[0];
    assert_eq!(step.next.as_deref(), Some("objection_by"));
    assert_eq!(step.until, Some(today.plus_days(15).to_string()));
    assert_eq!(office.balance("Assets:Cash").await, before);
    office.verify();
}

#[tokio::test]
async fn what_a_case_cannot_say_is_refused_and_only_finance_reads_one() {
    let mut office = Office::new();
    let [customer, other, ..] = office.site.company.customers[..] else {
        panic!("two customers");
    };
    let invoice = office.site.company.invoices[0];
    let today = today();
    let sent = |letter: u8, delivery| json!({ "kind": "letter_sent", "customer": customer, "letter": letter, "delivery": delivery });
    let good = || delivery(today, None);
    let nobody = uuid::Uuid::from_u128(404);
    for (command, code) in [
        (sent(0, good()), "command.case"),
        (sent(5, good()), "command.case"),
        (
            sent(1, delivery(today.plus_days(1), None)),
            "command.day_ahead",
        ),
        (
            sent(1, delivery(today, Some((today.plus_days(-1), "王")))),
            "command.case",
        ),
        (sent(1, delivery(today, Some((today, "")))), "command.case"),
        (
            json!({ "kind": "letter_sent", "customer": nobody, "letter": 1, "delivery": good() }),
            "command.no_such",
        ),
        (
            json!({ "kind": "invoice_delivered", "customer": other, "invoice": invoice, "delivery": good() }),
            "command.foreign_invoice",
        ),
        (
            json!({ "kind": "invoice_delivered", "customer": customer, "invoice": nobody, "delivery": good() }),
            "command.no_such",
        ),
        (
            json!({ "kind": "legal_step", "customer": customer, "step": "magic", "on": today }),
            "command.case",
        ),
        (
            json!({ "kind": "legal_step", "customer": customer, "step": "suit_filed", "on": today.plus_days(1) }),
            "command.day_ahead",
        ),
    ] {
        let (_, found) = office.refused(|o| &o.clerk, command.clone()).await;
        assert_eq!(found, code, "{command}");
    }
    let boss = office.refused(|o| &o.boss, sent(1, good())).await;
    assert_eq!(boss, (403, "auth.forbidden".to_owned()));
    assert_eq!(case(&office, &office.rep).await.status, 403);
    let empty: CaseView = case(&office, &office.clerk).await.json();
    assert!(empty.letters.is_empty() && empty.invoices.is_empty() && empty.steps.is_empty());
    let gone = format!("/v1/desk/case?customer={nobody}");
    assert_eq!(
        office
            .site
            .get(&gone, Some(&office.clerk.token))
            .await
            .status,
        404
    );
    office.verify();
}

/// What a device is told of cases and rules when it reads from the beginning.
fn told(phone: &mut Phone, version: u16) -> (Vec<CaseRow>, Vec<RulesRow>) {
    phone.version = version;
    phone.cursor = Cursor::default();
    let (mut cases, mut rules) = (Vec::new(), Vec::new());
    for entry in phone.pull() {
        if let Item::Row(row) = entry.item {
            match *row {
                Row::Case(row) => cases.push(row),
                Row::Rules(row) => rules.push(row),
                _ => {}
            }
        }
    }
    phone.version = PROTOCOL_VERSION;
    (cases, rules)
}

#[tokio::test]
async fn the_phones_of_a_customer_are_told_of_letters_and_the_step_at_law_and_those_of_version_5_are_not()
 {
    let mut office = Office::new();
    let customer = office.site.company.customers[0];
    let today = today();
    let sent = today.plus_days(-2);
    assert_eq!(told(&mut office.rep, PROTOCOL_VERSION), (vec![], vec![]));
    let letter = |number: u8, delivery| json!({ "kind": "letter_sent", "customer": customer, "letter": number, "delivery": delivery });
    let step = |step: &str, on: Day| json!({ "kind": "legal_step", "customer": customer, "step": step, "on": on });
    for command in [
        letter(1, delivery(sent, None)),
        letter(1, delivery(sent, Some((today, "王会计")))),
        letter(2, delivery(today, None)),
        step("payment_order_served", today),
        step("payment_order_applied", today.plus_days(-5)),
    ] {
        office.give(command).await;
    }
    let letter = |what, on, then| CaseStep { what, on, then };
    let steps = vec![
        letter(1, sent, Some(today)),
        letter(2, today, None),
        CaseStep::of_law(LegalStep::PaymentOrderServed, today).unwrap(),
    ];
    assert_eq!(steps[2].then, Some(today.plus_days(15)));
    let expected = CaseRow { customer, steps };
    let expected = (vec![expected], vec![]);
    assert_eq!(told(&mut office.rep, PROTOCOL_VERSION), expected);
    assert_eq!(told(&mut office.rep, OLDEST_VERSION), (vec![], vec![]));
    let mut other = office.site.company.phone(office.site.company.rep_b, 9);
    assert_eq!(told(&mut other, PROTOCOL_VERSION), (vec![], vec![]));
    let found: CaseView = case(&office, &office.clerk).await.json();
    assert_eq!(found.letters.len(), 3, "the desk shows all that was said");
    office.verify();
}

#[tokio::test]
async fn the_companys_own_curve_goes_to_every_phone_of_the_newer_version_once_it_is_another_and_costs_nothing_else()
 {
    let mut office = Office::new();
    let store = office.site.company.store.clone();
    let head = || *store.watch_head().borrow();
    let before = head();
    curve::renew(&store).unwrap();
    assert_eq!(head(), before, "too few debts: nothing is written");
    let body = json!({ "id": uuid::Uuid::from_u128(70), "revision": 0, "reason": "公司还小", "values": { "curve_debts": 1 } });
    let path = "/v1/desk/settings";
    let set = office
        .site
        .post(path, Some(&office.clerk.token), body)
        .await;
    assert_eq!(set.status.as_u16(), 201);
    let (_, rules) = told(&mut office.rep, PROTOCOL_VERSION);
    assert!(rules[0].curve.is_empty(), "no debt is settled yet");
    let invoice = office.site.company.invoices[0];
    let owed = office.site.company.outstanding(invoice).to_string();
    office.take(shared::receipt::Method::Cash, &owed, 0);
    let before = head();
    curve::renew(&store).unwrap();
    let after = head();
    assert_eq!(after, before + 1);
    curve::renew(&store).unwrap();
    assert_eq!(head(), after, "the same again is not sent");
    let (_, rules) = told(&mut office.rep, PROTOCOL_VERSION);
    assert_eq!(rules.len(), 1);
    assert_eq!(rules[0].curve[0].per_mille, 1_000, "it came in whole");
    assert_eq!(told(&mut office.rep, OLDEST_VERSION), (vec![], vec![]));
}
