//! The rules of collecting at the desk: who may read whose list, in which order, of which day; and the team.

use shared::{
    day::Day,
    ids::TerritoryId,
    money::Money,
    people::{Role, Territory},
    visit::WarningSign,
};
use sync_server::{
    api::{collection::WorkListView, team::TeamView},
    clock,
    store::{books, people},
};
use uuid::Uuid;

use super::office::*;

async fn list(office: &Office, by: &Phone, query: &str) -> Answered {
    let path = format!("/v1/desk/work-list?{query}");
    office.site.get(&path, Some(&by.token)).await
}

fn today() -> Day {
    Day::of(clock::now(), 480)
}

/// A second territory under a leader of its own, with a customer of the first salesperson's.
fn elsewhere(office: &Office) -> Phone {
    let lead = person(16, "吴敏", Role::Supervisor);
    let territory = Territory {
        id: TerritoryId(Uuid::from_u128(51)),
        name: "城西".into(),
        supervisor: Some(lead.id),
    };
    let company = &office.site.company;
    let theirs = customer(103, territory.id, Some(company.rep_a));
    company
        .store
        .write_at(now(), |tx| -> Result<(), sync_server::store::StoreError> {
            people::add(tx, &lead)?;
            people::add_territory(tx, &territory)?;
            books::put_customer(tx, &theirs, now())?;
            books::put_invoice(tx, &invoice(210, theirs.id, "700"), now()).map(|_| ())
        })
        .unwrap();
    company.phone(lead.id, 9)
}

#[tokio::test]
async fn finance_reads_everybodys_list_a_supervisor_what_is_within_their_scope_and_a_salesperson_none()
 {
    let office = Office::new();
    let lead = elsewhere(&office);
    let company = &office.site.company;
    let of = |person| format!("person={person}");
    let seen = |found: &WorkListView| (found.customers, found.items.len());
    let all: WorkListView = list(&office, &office.clerk, &of(company.rep_a))
        .await
        .json();
    assert_eq!(seen(&all), (3, 3));
    let part: WorkListView = list(&office, &office.boss, &of(company.rep_a)).await.json();
    assert_eq!(seen(&part), (2, 2));
    let other: WorkListView = list(&office, &lead, &of(company.rep_a)).await.json();
    assert_eq!(seen(&other), (1, 1));
    let nobody = list(&office, &lead, &of(company.rep_b)).await;
    assert_eq!(
        (nobody.status.as_u16(), nobody.code()),
        (403, "auth.forbidden".into())
    );
    let own: WorkListView = list(&office, &lead, &of(lead.device.person.id))
        .await
        .json();
    assert_eq!(seen(&own), (0, 0));
    let rep = list(&office, &office.rep, &of(company.rep_a)).await;
    assert_eq!(
        (rep.status.as_u16(), rep.code()),
        (403, "auth.forbidden".into())
    );
    let path = format!("/v1/desk/work-list?{}", of(company.rep_a));
    assert_eq!(office.site.get(&path, None).await.status, 401);
}

#[tokio::test]
async fn an_unknown_person_a_day_gone_by_and_no_day_at_all_are_refused_with_a_code() {
    let office = Office::new();
    let rep = office.site.company.rep_a;
    let check = async |query: String, status: u16, code: &str| {
        let answer = list(&office, &office.clerk, &query).await;
        let found = (answer.status.as_u16(), answer.code());
        assert_eq!(found, (status, code.to_owned()), "{query}");
    };
    check(
        format!("person={}", Uuid::from_u128(999)),
        404,
        "ledger.no_such",
    )
    .await;
    check("person=nobody".into(), 404, "ledger.no_such").await;
    check("day=2026-11-21".into(), 400, "http.malformed").await;
    check(
        format!("person={rep}&day=21.11.2026"),
        400,
        "http.malformed",
    )
    .await;
    let day = |days| today().plus_days(days);
    check(
        format!("person={rep}&day={}", day(-2)),
        422,
        "collection.day",
    )
    .await;
    check(
        format!("person={rep}&day={}", day(33)),
        422,
        "collection.day",
    )
    .await;
    let ahead = list(
        &office,
        &office.clerk,
        &format!("person={rep}&day={}", day(3)),
    )
    .await;
    assert_eq!(ahead.json::<WorkListView>().day, day(3).to_string());
}

#[tokio::test]
async fn the_list_names_the_reasons_of_what_was_noted_plan_and_alarms_and_stays_in_order() {
    let mut office = Office::new();
    let company = &office.site.company;
    let (rep, customers) = (company.rep_a, company.customers);
    let mut visits = Vec::new();
    for hours in [30, 29, 28] {
        office.rep.clock = clock::now().plus_ms(-hours * 3_600_000);
        let mut visit = office.rep.plain_visit(customers[1]);
        visit.signs = vec![WarningSign::PartnersSplit];
        visit.next_day = Some(today());
        let origin = office.rep.origin();
        visits.push(shared::document::create_visit(&visit, origin).unwrap());
    }
    assert!(acked(&office.rep.push(&visits).answers));
    let query = format!("person={rep}");
    let found: WorkListView = list(&office, &office.clerk, &query).await.json();
    let first = &found.items[0];
    // We said that we would come: that customer stands first, though the other owes more.
    assert_eq!(first.customer, customers[1].to_string());
    let codes: Vec<&str> = first.reasons.iter().map(|r| r.code.as_str()).collect();
    assert_eq!(codes[0], "appointment");
    assert!(
        codes.contains(&"alarm_no_result") && codes.contains(&"overdue"),
        "{codes:?}"
    );
    let sign = first.reasons.iter().find(|r| r.code == "sign").unwrap();
    assert_eq!(sign.what.as_deref(), Some("partners_split"));
    assert!(first.plan.is_some() && !first.factors.is_empty());
    assert!(first.alarms.iter().any(|alarm| alarm.count == Some(3)));
    assert_eq!(
        (first.outstanding.as_str(), first.overdue.as_str()),
        ("1000.00", "1000.00")
    );
    for _ in 0..3 {
        let again: WorkListView = list(&office, &office.clerk, &query).await.json();
        let order = |list: &WorkListView| -> Vec<String> {
            list.items
                .iter()
                .map(|item| item.customer.clone())
                .collect()
        };
        assert_eq!(order(&again), order(&found));
    }
}

#[tokio::test]
async fn the_team_is_told_by_what_the_ledger_has_and_a_supervisor_by_their_own_customers() {
    let mut office = Office::new();
    let lead = elsewhere(&office);
    let team = async |office: &Office, by: &Phone| -> TeamView {
        office
            .site
            .get("/v1/desk/team", Some(&by.token))
            .await
            .json()
    };
    let before = team(&office, &office.clerk).await;
    let names = office.site.company.rep_a.to_string();
    let of = |team: &TeamView| {
        team.people
            .iter()
            .find(|p| p.person == names)
            .unwrap()
            .clone()
    };
    let found = of(&before);
    assert_eq!((found.customers, found.receivable.as_str()), (3, "3700.00"));
    assert_eq!(
        (found.overdue.as_str(), found.score_receivables),
        ("3700.00", 0)
    );
    assert_eq!(
        (found.collected.as_str(), found.score_collection),
        ("0.00", Some(0))
    );
    assert_eq!(
        before.people.len(),
        2,
        "who has customers, and every salesperson"
    );
    // Too few debts were settled: the curve of the settings stands.
    assert_eq!((before.debts, before.curve[0].per_mille), (0, 982));
    let theirs = team(&office, &lead).await;
    assert_eq!(theirs.people.len(), 1);
    assert_eq!(
        (of(&theirs).customers, of(&theirs).receivable.as_str()),
        (1, "700.00")
    );
    let rep = office
        .site
        .get("/v1/desk/team", Some(&office.rep.token))
        .await;
    assert_eq!(rep.code(), "auth.forbidden");
    // Cash on a debt that is due counts at once, as collected and as a debt that was settled.
    office.rep.clock = clock::now();
    let (customer, invoice) = (
        office.site.company.customers[0],
        office.site.company.invoices[0],
    );
    let mut core = office
        .rep
        .receipt_core(customer, "1000", &[(invoice, "1000")]);
    core.day = today();
    let receipt = office.rep.seal(&core);
    assert!(acked(&office.rep.push(&[receipt]).answers));
    let after = team(&office, &office.clerk).await;
    let found = of(&after);
    assert_eq!(found.receivable, "2700.00");
    assert_eq!(after.debts, 1);
    let sums = [&found.collected, &found.collectable].map(|sum| sum.parse::<Money>().unwrap());
    assert!(sums[0] <= sums[1], "{sums:?}");
}
