//! Closed days take no entries.

use serde_json::json;
use shared::{
    ids::CommandId,
    ledger::command::{Body, Command},
};
use sync_server::{
    api::ledger as api,
    store::{StoreError, books, desk, promises},
};
use uuid::Uuid;

use super::office::*;

#[tokio::test]
async fn a_closed_day_takes_no_entry_and_what_comes_late_posts_on_the_next_day_and_says_so() {
    let mut office = Office::new();
    let today = shared::day::Day::of(sync_server::clock::now(), 480);
    let yesterday = today.plus_days(-1);
    let close = |day: shared::day::Day| json!({ "kind": "close_period", "through": day });
    let ahead = office.refused(|o| &o.clerk, close(today)).await;
    assert_eq!(ahead, (409, "command.not_closable".to_owned()));
    office.give(close(yesterday)).await;
    let company = &office.site.company;
    let debt = json!({ "customer": company.customers[0], "invoice": null });
    let command = json!({ "kind": "interest", "debt": debt, "amount": "5" });
    let on_closed =
        json!({ "id": Uuid::from_u128(9), "reason": "利息", "day": yesterday, "command": command });
    let refused = office
        .site
        .post("/v1/ledger/commands", Some(&office.clerk.token), on_closed)
        .await;
    assert_eq!(refused.code(), "command.day_closed");
    let late = invoice(900, company.customers[0], "70");
    company
        .store
        .write(|tx| {
            let at = tx.now();
            books::put_invoice(tx, &late, at)
        })
        .unwrap();
    let token = Some(office.clerk.token.as_str());
    let page: api::Entries = office.site.get("/v1/ledger/entries", token).await.json();
    let entry = page.entries.last().unwrap();
    assert_eq!(entry.day, today.to_string());
    assert_eq!(entry.own_day.as_deref(), Some("2026-10-01"));
    assert!(page.entries[0].own_day.is_none());
    office.verify();
}

#[test]
fn a_late_entry_keeps_a_promise_by_the_day_on_which_the_money_came() {
    let mut office = Office::new();
    let customer = office.site.company.customers[0];
    office.rep.clock = now().plus_ms(-20 * 86_400_000);
    let promise = office
        .rep
        .promise_of("2026-11-01", customer, "2026-11-10", "500");
    let id = promise.document;
    let close = Command {
        id: CommandId(Uuid::from_u128(1)),
        person: office.site.company.finance,
        at: now(),
        day: day("2026-11-21"),
        reason: "月结".into(),
        body: Body::ClosePeriod {
            through: day("2026-11-20"),
        },
    };
    let store = std::sync::Arc::clone(&office.site.company.store);
    store
        .write_at(now(), |tx| -> Result<_, StoreError> {
            desk::take(tx, &close)
        })
        .unwrap();
    office.rep.clock = now().plus_ms(-11 * 86_400_000);
    let mut core = office.rep.receipt_core(customer, "500", &[]);
    core.day = day("2026-11-10");
    core.number.day = core.day;
    let receipt = office.rep.seal(&core);
    office.rep.clock = now();
    assert!(acked(&office.rep.push(&[promise, receipt]).answers));
    let late: (i64, i64) = store
        .read(|conn| -> Result<_, StoreError> {
            let sql = "SELECT e.day, l.own_day FROM late_entry l JOIN journal_entry e ON e.number = l.entry";
            Ok(conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
        })
        .unwrap();
    assert_eq!(
        late,
        (day("2026-11-21").number(), day("2026-11-10").number())
    );
    let state = store.read(|conn| promises::state(conn, id)).unwrap();
    assert_eq!(state.unwrap().0.slug(), "kept");
    office.verify();
}

#[tokio::test]
async fn the_desk_is_told_which_days_are_closed_by_whom_and_which_phones_may_still_hold_records() {
    use sync_server::{
        api::period::{HeardView, PeriodView},
        store::devices,
    };

    let mut office = Office::new();
    let token = office.clerk.token.clone();
    let today = shared::day::Day::of(sync_server::clock::now(), 480);
    let yesterday = today.plus_days(-1).to_string();
    let path = "/v1/desk/period";
    let before: PeriodView = office.site.get(path, Some(&token)).await.json();
    assert_eq!(before.closed_through, None);
    assert_eq!(before.closable_through.as_ref(), Some(&yesterday));
    assert!(before.closes.is_empty());
    // Neither finance's own devices nor one that was revoked brings anything.
    let boss = office.boss.device.id;
    let store = std::sync::Arc::clone(&office.site.company.store);
    store
        .write_at(now(), |tx| devices::revoke(tx, boss, now()))
        .unwrap();
    office.take(shared::receipt::Method::Cash, "30", 0);
    let heard = HeardView {
        code: office.rep.device.code.clone(),
        person: office.site.company.rep_a.to_string(),
        last: Some("2026-11-21".to_owned()),
    };

    let month_end = json!({ "kind": "close_period", "through": "2026-10-31" });
    office.give(month_end).await;
    office
        .give(json!({ "kind": "close_period", "through": yesterday }))
        .await;
    let after: PeriodView = office.site.get(path, Some(&token)).await.json();
    assert_eq!(after.closed_through.as_ref(), Some(&yesterday));
    assert_eq!(after.closable_through, None, "today is not over");
    assert_eq!(after.devices, [heard]);
    let closes: Vec<_> = after
        .closes
        .iter()
        .map(|close| (close.through.as_str(), close.person.as_str()))
        .collect();
    let clerk = office.site.company.finance.to_string();
    let expected = [(yesterday.as_str(), clerk.as_str()), ("2026-10-31", &clerk)];
    assert_eq!(closes, expected, "the newest first");
    assert_eq!(after.late_entries, 0);

    let late = invoice(901, office.site.company.customers[0], "70");
    store
        .write(|tx| {
            let at = tx.now();
            books::put_invoice(tx, &late, at)
        })
        .unwrap();
    let late: PeriodView = office.site.get(path, Some(&token)).await.json();
    assert_eq!(late.late_entries, 1);

    let refused = office.site.get(path, Some(&office.rep.token)).await;
    assert_eq!(refused.code(), "auth.forbidden");
}
