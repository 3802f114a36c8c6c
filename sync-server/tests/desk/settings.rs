//! The company's settings at the desk: changed with a reason, kept with old and new, told to phones, and never half.

use serde_json::{Value, json};
use shared::{
    policy::figures::Figures,
    sync::message::{Cursor, Item, OLDEST_VERSION, PROTOCOL_VERSION, Row},
};
use sync_server::{api::settings::SettingsView, store::company};
use uuid::Uuid;

use super::office::*;

const PATH: &str = "/v1/desk/settings";

async fn view(office: &Office) -> SettingsView {
    let answer = office.site.get(PATH, Some(&office.second.token)).await;
    answer.json()
}

async fn set(office: &Office, by: &Phone, id: u128, revision: u32, values: Value) -> (u16, String) {
    let body = json!({ "id": Uuid::from_u128(id), "revision": revision, "reason": "试行一个月", "values": values });
    let answer = office.site.post(PATH, Some(&by.token), body).await;
    let status = answer.status.as_u16();
    let code = if status < 300 {
        String::new()
    } else {
        answer.code()
    };
    (status, code)
}

fn value(view: &SettingsView, key: &str) -> u32 {
    let found = view.settings.iter().find(|one| one.key == key);
    found.unwrap().value
}

/// What a device reads from the beginning of the company and its rules.
fn told(phone: &mut Phone, version: u16) -> (u16, Option<Figures>) {
    phone.version = version;
    phone.cursor = Cursor::default();
    let (mut remind_days, mut figures) = (0, None);
    for entry in phone.pull() {
        if let Item::Row(row) = entry.item {
            match *row {
                Row::Company(row) => remind_days = row.policy.remind_days,
                Row::Rules(row) => figures = Some(Figures::of(&row.figures)),
                _ => {}
            }
        }
    }
    phone.version = PROTOCOL_VERSION;
    (remind_days, figures)
}

#[tokio::test]
async fn settings_are_changed_with_a_reason_kept_with_old_and_new_and_told_to_phones() {
    let mut office = Office::new();
    let before = view(&office).await;
    assert_eq!((before.revision, before.changes.len()), (0, 0));
    assert!(before.settings.iter().all(|one| one.value == one.default));
    assert_eq!(told(&mut office.rep, PROTOCOL_VERSION), (7, None));
    let values = json!({ "remind_days": 10, "handover_days": 75, "phone_history_days": 365 });
    assert_eq!(
        set(&office, &office.clerk, 1, 0, values.clone()).await,
        (201, String::new())
    );
    let after = view(&office).await;
    assert_eq!(after.revision, 1);
    for (key, expected) in [
        ("remind_days", 10),
        ("handover_days", 75),
        ("phone_history_days", 365),
        ("fix_days", 3),
    ] {
        assert_eq!(value(&after, key), expected, "{key}");
    }
    let change = &after.changes[0];
    assert_eq!(change.person, office.clerk.device.person.id.to_string());
    assert_eq!(change.reason, "试行一个月");
    let changed = change.changed.iter();
    let changed: Vec<_> = changed.map(|c| (c.key.as_str(), c.old, c.new)).collect();
    let expected = [
        ("remind_days", 7, 10),
        ("handover_days", 90, 75),
        ("phone_history_days", 180, 365),
    ];
    assert_eq!(changed, expected);
    // Phones are told; those of the version before of what their version has a word for.
    let figures = Figures {
        handover_days: 75,
        ..Figures::default()
    };
    assert_eq!(told(&mut office.rep, PROTOCOL_VERSION), (10, Some(figures)));
    assert_eq!(told(&mut office.rep, OLDEST_VERSION), (10, None));
    // The same again changes nothing; under its id nothing else is changed.
    assert_eq!(set(&office, &office.clerk, 1, 0, values).await.0, 200);
    let other = json!({ "remind_days": 12 });
    let refused = set(&office, &office.clerk, 1, 0, other).await;
    assert_eq!(refused, (409, "settings.other_change".into()));
    let other = json!({ "remind_days": 10 });
    let refused = set(&office, &office.clerk, 1, u32::MAX, other).await;
    assert_eq!(refused, (409, "settings.other_change".into()));
    assert_eq!(view(&office).await, after);
    // Back to the default is a change like any other, and the phones hear of it.
    let back = json!({ "handover_days": 90 });
    assert_eq!(set(&office, &office.second, 2, 1, back).await.0, 201);
    let (_, figures) = told(&mut office.rep, PROTOCOL_VERSION);
    assert_eq!(figures, Some(Figures::default()));
    office.verify();
}

#[tokio::test]
async fn of_two_who_change_settings_at_the_same_time_the_second_is_told_and_changes_nothing() {
    let office = Office::new();
    let first = set(&office, &office.clerk, 1, 0, json!({ "remind_days": 10 })).await;
    assert_eq!(first.0, 201);
    let second = set(&office, &office.second, 2, 0, json!({ "fix_days": 5 })).await;
    assert_eq!(second, (409, "settings.stale".into()));
    let found = view(&office).await;
    assert_eq!((found.revision, value(&found, "fix_days")), (1, 3));
    let again = set(&office, &office.second, 3, 1, json!({ "fix_days": 5 })).await;
    assert_eq!(again.0, 201);
}

#[tokio::test]
async fn what_does_not_do_is_refused_with_a_code_and_changes_nothing() {
    let office = Office::new();
    let before = view(&office).await;
    for (values, code) in [
        (json!({ "remind_days": 61 }), "settings.range"),
        (json!({ "remind_days": 2 }), "settings.order"),
        (
            json!({ "remind_days": 10, "dunning_1": 40 }),
            "settings.order",
        ),
        (json!({ "moon_phase": 1 }), "settings.unknown"),
        (json!({ "remind_days": 7 }), "settings.nothing"),
        (json!({}), "settings.nothing"),
    ] {
        let refused = set(&office, &office.clerk, 1, 0, values.clone()).await;
        assert_eq!(refused, (422, code.to_owned()), "{values}");
    }
    for values in [json!({ "remind_days": -1 }), json!({ "remind_days": "7" })] {
        let (status, code) = set(&office, &office.clerk, 1, 0, values).await;
        assert_eq!((status, code.as_str()), (422, "http.malformed"));
    }
    let long = "长".repeat(501);
    for reason in ["", "  ", long.as_str()] {
        let body = json!({ "id": Uuid::from_u128(1), "revision": 0, "reason": reason, "values": { "remind_days": 10 } });
        let answer = office
            .site
            .post(PATH, Some(&office.clerk.token), body)
            .await;
        assert_eq!(answer.code(), "settings.reason");
    }
    for by in [&office.rep, &office.boss] {
        let values = json!({ "remind_days": 10 });
        let refused = set(&office, by, 1, 0, values).await;
        assert_eq!(refused, (403, "auth.forbidden".into()));
        assert_eq!(office.site.get(PATH, Some(&by.token)).await.status, 403);
    }
    assert_eq!(office.site.get(PATH, None).await.status, 401);
    assert_eq!(view(&office).await, before);
    let found = office.site.company.store.read(company::get).unwrap();
    assert_eq!(found.unwrap().policy, Default::default());
}
