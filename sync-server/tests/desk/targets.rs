//! Targets of a month: who sets them, which word counts, and what they do to the score.

use axum::http::StatusCode;
use serde_json::{Value, json};
use shared::{day::Day, ids::PersonId};
use sync_server::{
    api::team::{TeamLine, TeamView},
    clock,
    store::team::month_begin,
};
use uuid::Uuid;

use super::office::*;

fn today() -> Day {
    Day::of(clock::now(), 480)
}

fn target(person: PersonId, month: Day, sales: &str, collection: &str) -> Value {
    json!({ "kind": "month_target", "person": person, "month": month, "sales": sales, "collection": collection })
}

async fn of_rep(office: &Office) -> TeamLine {
    let token = Some(office.clerk.token.as_str());
    let team: TeamView = office.site.get("/v1/desk/team", token).await.json();
    assert_eq!(team.weights, [30, 40, 30]);
    let rep = office.site.company.rep_a.to_string();
    team.people.into_iter().find(|p| p.person == rep).unwrap()
}

#[tokio::test]
async fn the_score_counts_sales_by_the_last_target_of_the_month_and_without_one_not_at_all() {
    let mut office = Office::new();
    let rep = office.site.company.rep_a;
    let month = month_begin(today());
    let none = of_rep(&office).await;
    assert_eq!((none.target.clone(), none.score_sales), (None, None));
    // Of this month, to the salesperson's customer.
    let mut bill = invoice(300, office.site.company.customers[0], "600");
    (bill.issued, bill.due) = (today(), today().plus_days(30));
    office
        .site
        .company
        .store
        .write_at(now(), |tx| {
            sync_server::store::books::put_invoice(tx, &bill, now())
        })
        .unwrap();
    office.give(target(rep, month, "1200", "0")).await;
    let next = month.month_end().plus_days(1);
    office.give(target(rep, next, "9", "9")).await;
    let found = of_rep(&office).await;
    assert_eq!(found.sold, "600.00");
    assert_eq!(found.score_sales, Some(500));
    assert_eq!(found.score_collection, none.score_collection);
    let set = found.target.unwrap();
    assert_eq!(
        (set.sales.as_deref(), set.collection),
        (Some("1200.00"), None)
    );
    assert_eq!(set.person, office.site.company.finance.to_string());
    assert_eq!(set.reason, "按单据处理");

    let lower = office
        .send(&office.boss, 80, target(rep, month, "600", "10000"))
        .await;
    assert_eq!(
        lower.status,
        StatusCode::CREATED,
        "the leader sets it as well"
    );
    let found = of_rep(&office).await;
    assert_eq!(
        (found.score_sales, found.score_collection),
        (Some(1_000), Some(0))
    );
    let again = office
        .send(&office.boss, 80, target(rep, month, "600", "10000"))
        .await;
    assert_eq!(again.status, StatusCode::OK);
    let other = office
        .send(&office.boss, 80, target(rep, month, "601", "10000"))
        .await;
    assert_eq!(other.code(), "command.other");
    // No target any more: the part is left out again.
    office.give(target(rep, month, "0", "0")).await;
    assert_eq!(of_rep(&office).await.score_sales, None);
    office.verify();
}

#[tokio::test]
async fn a_target_is_of_a_month_to_come_for_somebody_one_leads_and_never_ones_own() {
    let mut office = Office::new();
    let (rep, boss) = (office.site.company.rep_a, office.site.company.boss);
    let month = month_begin(today());
    let before = month_begin(month.plus_days(-1));
    let odd = || (422, "command.target".to_owned());
    let nobody = PersonId(Uuid::from_u128(404));
    for (command, expected) in [
        (target(rep, month.plus_days(1), "1", "1"), odd()),
        (target(rep, before, "1", "1"), odd()),
        (
            target(rep, month_begin(month.plus_days(800)), "1", "1"),
            odd(),
        ),
        (target(rep, month, "-1", "1"), odd()),
        (target(rep, month, "1", "-1"), odd()),
        (
            target(rep, month, "10000000000", "1"),
            (422, "command.too_large".to_owned()),
        ),
        (
            target(nobody, month, "1", "1"),
            (404, "command.no_such".to_owned()),
        ),
    ] {
        let found = office.refused(|o| &o.clerk, command.clone()).await;
        assert_eq!(found, expected, "{command}");
    }
    for by in [(|o| &o.rep) as fn(&Office) -> &Phone, |o| &o.boss] {
        let own = office.refused(by, target(boss, month, "1", "1")).await;
        assert_eq!(own, (403, "auth.forbidden".to_owned()));
    }
    let own = office
        .refused(|o| &o.rep, target(rep, month, "1", "1"))
        .await;
    assert_eq!(own, (403, "auth.forbidden".to_owned()));
    assert_eq!(of_rep(&office).await.target, None);
    office.verify();
}
