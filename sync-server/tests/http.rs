//! What the server promises over HTTP: enrolment, tokens, round trips, the ledger as JSON.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use axum::http::{Method, StatusCode};
use shared::sync::message::SyncResponse;
use support::{
    site::{Site, request},
    *,
};
use sync_server::{
    api::{devices::CodeResponse, enrol::EnrolResponse, ledger, me::Me},
    store::devices,
};
use tower::ServiceExt;

const KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

fn enrol_body(code: &str) -> serde_json::Value {
    serde_json::json!({ "code": code, "public_key": KEY, "label": "手机" })
}

#[tokio::test]
async fn a_code_enrols_one_device_and_its_token_opens_the_api() {
    let site = Site::new();
    let code = site.code_for(site.company.rep_a, sync_server::clock::now(), 7);
    let typed = code.to_lowercase().replace('-', " ");
    let first = site.post("/v1/enrol", None, enrol_body(&typed)).await;
    assert_eq!(first.status, StatusCode::CREATED);
    let enrolled: EnrolResponse = first.json();
    assert_eq!(
        (enrolled.person.name.as_str(), enrolled.person.role.as_str()),
        ("李明", "rep")
    );
    assert_eq!(enrolled.device_code, "A01");
    let me: Me = site.get("/v1/me", Some(&enrolled.token)).await.json();
    assert_eq!((me.device_code.as_str(), me.customers), ("A01", 2));
    let again = site.post("/v1/enrol", None, enrol_body(&code)).await;
    assert_eq!(
        (again.status, again.code().as_str()),
        (StatusCode::FORBIDDEN, "enrol.code_used")
    );
}

#[tokio::test]
async fn an_expired_or_unknown_code_and_a_bad_key_are_refused() {
    let site = Site::new();
    let long_ago = sync_server::clock::now().plus_ms(-16 * 60_000);
    let code = site.code_for(site.company.rep_a, long_ago, 7);
    let expired = site.post("/v1/enrol", None, enrol_body(&code)).await;
    assert_eq!(expired.code(), "enrol.code_expired");
    let unknown = site
        .post("/v1/enrol", None, enrol_body("AAAAA-AAAAA"))
        .await;
    assert_eq!(unknown.code(), "enrol.code_unknown");
    let bad = serde_json::json!({ "code": code, "public_key": "00" });
    assert_eq!(
        site.post("/v1/enrol", None, bad).await.code(),
        "enrol.bad_key"
    );
    let no_json = site.post("/v1/enrol", None, serde_json::json!([1])).await;
    assert_eq!(no_json.code(), "http.malformed");
}

#[tokio::test]
async fn a_code_is_good_for_a_quarter_of_an_hour() {
    let site = Site::new();
    let made = sync_server::clock::now().plus_ms(-14 * 60_000);
    let code = site.code_for(site.company.rep_a, made, 7);
    let enrolled = site.post("/v1/enrol", None, enrol_body(&code)).await;
    assert_eq!(enrolled.status, StatusCode::CREATED);
}

#[tokio::test]
async fn neither_codes_nor_tokens_stand_in_the_ledgers_files() {
    let site = Site::new();
    let now = sync_server::clock::now();
    let used = site.code_for(site.company.rep_a, now, 7);
    let unused = site.code_for(site.company.rep_b, now, 9);
    let enrolled = site.post("/v1/enrol", None, enrol_body(&used)).await;
    let token = enrolled.json::<EnrolResponse>().token;
    let secrets = [
        used.replace('-', ""),
        unused.replace('-', ""),
        used,
        unused,
        token,
    ];
    let mut looked_at = 0;
    for entry in std::fs::read_dir(site.company.dir.path())
        .unwrap()
        .flatten()
    {
        if !entry.file_type().unwrap().is_file() {
            continue;
        }
        let bytes = std::fs::read(entry.path()).unwrap();
        let holds = |text: &str| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        // What is stored as text is found, so what is not found is not there.
        looked_at += usize::from(holds("李明"));
        for secret in &secrets {
            assert!(!holds(secret), "{secret} in {:?}", entry.file_name());
        }
    }
    assert!(looked_at >= 1);
}

#[tokio::test]
async fn guessing_codes_is_stopped_after_ten_tries() {
    let site = Site::new();
    for _ in 0..10 {
        let wrong = site
            .post("/v1/enrol", None, enrol_body("AAAAA-AAAAA"))
            .await;
        assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    }
    let code = site.code_for(site.company.rep_a, sync_server::clock::now(), 7);
    let stopped = site.post("/v1/enrol", None, enrol_body(&code)).await;
    assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(stopped.code(), "enrol.too_many_tries");
    assert!(stopped.header("retry-after").parse::<u32>().unwrap() > 0);
}

#[tokio::test]
async fn a_revoked_device_and_a_disabled_person_are_told_so() {
    let site = Site::new();
    let phone = site.company.phone(site.company.rep_a, 1);
    let other = site.company.phone(site.company.rep_b, 2);
    assert_eq!(
        site.get("/v1/me", Some(&phone.token)).await.status,
        StatusCode::OK
    );
    site.company
        .store
        .write(|tx| {
            devices::revoke(tx, phone.device.id, now())?;
            sync_server::store::people::set_active(tx, site.company.rep_b, false)
        })
        .unwrap();
    for token in [&phone.token, &other.token] {
        for path in ["/v1/me", "/v1/live"] {
            let refused = site.get(path, Some(token)).await;
            assert_eq!(
                (refused.status, refused.code().as_str()),
                (StatusCode::UNAUTHORIZED, "auth.revoked")
            );
        }
    }
    assert_eq!(
        site.get("/v1/me", Some("nonsense")).await.code(),
        "auth.unknown"
    );
    assert_eq!(site.get("/v1/me", None).await.code(), "auth.missing");
}

#[tokio::test]
async fn a_round_trip_goes_over_http_and_damage_is_a_problem() {
    let site = Site::new();
    let mut phone = site.company.phone(site.company.rep_a, 1);
    phone.clock = sync_server::clock::now();
    let visit = phone.visit(site.company.customers[0]);
    phone.batch = 1;
    let body = phone.request(&[visit]).encode().unwrap();
    let token = Some(phone.token.as_str());
    let answered = site
        .call(request(Method::POST, "/v1/sync", token, &[], body))
        .await;
    assert_eq!(answered.status, StatusCode::OK);
    let response = SyncResponse::decode(&answered.body).unwrap();
    assert!(acked(&response.answers));
    assert!(!response.entries.is_empty());
    let damaged = site
        .call(request(Method::POST, "/v1/sync", token, &[], vec![5, 2, 3]))
        .await;
    assert_eq!(damaged.code(), "message.damaged");
    let newer = site
        .call(request(Method::POST, "/v1/sync", token, &[], vec![99]))
        .await;
    assert_eq!(newer.code(), "message.version");
    let large = vec![0; shared::sync::limits::REQUEST_BYTES + 1];
    let large = site
        .call(request(Method::POST, "/v1/sync", token, &[], large))
        .await;
    assert_eq!(
        (large.status, large.code().as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, "http.too_large")
    );
}

#[tokio::test]
async fn finance_reads_the_ledger_and_a_salesperson_does_not() {
    let site = Site::new();
    let mut phone = site.company.phone(site.company.rep_a, 1);
    let receipt = phone.receipt(
        site.company.customers[0],
        "1300.50",
        &[
            (site.company.invoices[0], "1000"),
            (site.company.invoices[3], "200.50"),
        ],
    );
    assert!(acked(&phone.push(&[receipt]).answers));
    let desk = site.company.phone(site.company.finance, 2);
    let token = Some(desk.token.as_str());
    let accounts: ledger::Accounts = site
        .get("/v1/ledger/accounts?customer=C00100", token)
        .await
        .json();
    let customer = accounts.customer.unwrap();
    assert_eq!(
        (customer.book.as_str(), customer.on_account.as_str()),
        ("699.50", "100.00")
    );
    let outstanding: Vec<&str> = customer
        .invoices
        .iter()
        .map(|i| i.outstanding.as_str())
        .collect();
    assert_eq!(outstanding, ["0.00", "799.50"]);
    assert_eq!(customer.receipts.len(), 1);
    let total: i64 = accounts
        .balances
        .iter()
        .map(|b| money(&b.balance).fen())
        .sum();
    assert_eq!(total, 0);
    let entries: ledger::Entries = site
        .get("/v1/ledger/entries?customer=C00100", token)
        .await
        .json();
    assert_eq!(entries.entries.len(), 3);
    let rest: ledger::Entries = site.get("/v1/ledger/entries?after=4", token).await.json();
    assert_eq!(rest.entries.len(), 1);
    let list: ledger::Exceptions = site.get("/v1/ledger/exceptions", token).await.json();
    assert!(list.exceptions.is_empty());
    let missing = site.get("/v1/ledger/accounts?customer=nobody", token).await;
    assert_eq!(missing.code(), "ledger.no_customer");
    let refused = site.get("/v1/ledger/entries", Some(&phone.token)).await;
    assert_eq!(
        (refused.status, refused.code().as_str()),
        (StatusCode::FORBIDDEN, "auth.forbidden")
    );
}

#[tokio::test]
async fn an_administrator_makes_codes_for_others_and_everybody_for_themselves() {
    let site = Site::new();
    let admin = site.company.phone(site.company.admin, 1);
    let rep = site.company.phone(site.company.rep_a, 2);
    let other = serde_json::json!({ "person": site.company.rep_b.to_string() });
    let refused = site
        .post("/v1/devices", Some(&rep.token), other.clone())
        .await;
    assert_eq!(refused.code(), "auth.forbidden");
    let made: CodeResponse = site
        .post("/v1/devices", Some(&admin.token), other)
        .await
        .json();
    assert!(
        made.link.ends_with(&format!("/enrol#{}", made.code)),
        "{}",
        made.link
    );
    assert!(made.qr_svg.contains("<svg"));
    let enrolled = site.post("/v1/enrol", None, enrol_body(&made.code)).await;
    assert_eq!(enrolled.json::<EnrolResponse>().person.name, "王芳");
    let own = site
        .post("/v1/devices", Some(&rep.token), serde_json::json!({}))
        .await;
    assert_eq!(own.status, StatusCode::CREATED);
}

#[tokio::test]
async fn the_live_channel_says_the_newest_number_first() {
    let site = Site::new();
    let phone = site.company.phone(site.company.rep_a, 1);
    let request = request(Method::GET, "/v1/live", Some(&phone.token), &[], vec![]);
    let response = site.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body().into_data_stream();
    let head = site
        .company
        .store
        .read(sync_server::store::log::head)
        .unwrap()
        .seq;
    let first = futures::StreamExt::next(&mut body).await.unwrap().unwrap();
    assert_eq!(first, format!("event: head\ndata: {head}\n\n"));
    let mut other = site.company.phone(site.company.rep_b, 2);
    let visit = other.visit(site.company.customers[2]);
    let response = other.push(&[visit]);
    let next = futures::StreamExt::next(&mut body).await.unwrap().unwrap();
    assert_eq!(
        next,
        format!("event: head\ndata: {}\n\n", response.head_seq)
    );
}

#[tokio::test]
async fn health_tells_version_and_newest_number_and_a_ledger_that_cannot_be_read_is_not_well() {
    let site = Site::new();
    let head = site.company.store.read(sync_server::store::log::head);
    let answer = site.get("/healthz", None).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.json::<serde_json::Value>(),
        serde_json::json!({ "ok": true, "version": env!("CARGO_PKG_VERSION"), "head_seq": head.unwrap().seq })
    );
    let path = site.company.dir.path().join("company.db");
    let by_hand = rusqlite::Connection::open(path).unwrap();
    by_hand
        .execute_batch("ALTER TABLE log RENAME TO lost")
        .unwrap();
    let answer = site.get("/healthz", None).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert!(!answer.code().is_empty());
}
