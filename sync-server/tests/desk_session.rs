//! What the desk of finance in a browser is promised: a session that only its own page can use, that ends when the
//! device is revoked, and lists that never tell a sum of cash before it was counted.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use shared::{day::Day, receipt::Method as Paid};
use support::{
    site::{Answered, Site, request},
    *,
};
use sync_server::{api::desk_reads as api, store::devices};
use uuid::Uuid;

const DESK: (&str, &str) = ("x-huikuan-desk", "1");

/// Signs in to the desk; gives the cookie as the browser sends it.
async fn signed_in(site: &Site, phone: &Phone) -> String {
    let answer = site
        .post("/v1/desk/session", Some(&phone.token), json!({}))
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let cookie = answer.header("set-cookie").to_owned();
    assert!(
        cookie.contains("HttpOnly; SameSite=Strict; Path=/v1"),
        "{cookie}"
    );
    assert!(
        !cookie.contains(&phone.token),
        "the token stays on the device"
    );
    cookie.split(';').next().unwrap().to_owned()
}

async fn at_desk(site: &Site, method: Method, path: &str, cookie: &str, body: Value) -> Answered {
    let headers = [
        DESK,
        ("cookie", cookie),
        ("content-type", "application/json"),
    ];
    let body = serde_json::to_vec(&body).unwrap();
    site.call(request(method, path, None, &headers, body)).await
}

async fn look(site: &Site, path: &str, cookie: &str) -> Answered {
    at_desk(site, Method::GET, path, cookie, Value::Null).await
}

#[tokio::test]
async fn a_session_of_the_desk_counts_only_beside_its_header_and_ends_with_the_desk() {
    let site = Site::new();
    let clerk = site.company.phone(site.company.finance, 1);
    let cookie = signed_in(&site, &clerk).await;
    let found: api::Directory = look(&site, "/v1/desk/directory", &cookie).await.json();
    assert_eq!(found.me.role, "finance");
    assert_eq!(found.customers.len(), site.company.customers.len());

    let no_header = [("cookie", cookie.as_str())];
    let answer = request(Method::GET, "/v1/desk/directory", None, &no_header, vec![]);
    let answer = site.call(answer).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::UNAUTHORIZED, "auth.missing")
    );
    let other = look(&site, "/v1/desk/directory", "huikuan-desk=abc").await;
    assert_eq!(other.code(), "auth.session");
    // A session begins no other, and is no device that syncs.
    let again = at_desk(&site, Method::POST, "/v1/desk/session", &cookie, json!({})).await;
    assert_eq!(again.code(), "auth.missing");

    let out = at_desk(
        &site,
        Method::DELETE,
        "/v1/desk/session",
        &cookie,
        Value::Null,
    )
    .await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(look(&site, "/v1/me", &cookie).await.code(), "auth.session");
}

#[tokio::test]
async fn where_the_desk_is_reached_over_https_its_cookie_never_goes_out_unencrypted() {
    for (tls, public_url, is_secure) in [
        (false, None, false),
        (false, Some("http://localhost:8080"), false),
        (true, None, true),
        (false, Some("https://hk.example.com"), true),
    ] {
        let mut site = Site::new();
        site.state.tls = tls;
        site.state.public_url = public_url.map(str::to_owned);
        site.router = sync_server::router::router(site.state.clone());
        let clerk = site.company.phone(site.company.finance, 1);
        let path = "/v1/desk/session";
        let answer = site.post(path, Some(&clerk.token), json!({})).await;
        let cookie = answer.header("set-cookie");
        let found = cookie.split("; ").any(|part| part == "Secure");
        assert_eq!(found, is_secure, "{tls} {public_url:?}: {cookie}");
    }
}

#[tokio::test]
async fn a_revoked_devices_cookie_is_refused_and_a_salesperson_gets_none() {
    let site = Site::new();
    let clerk = site.company.phone(site.company.finance, 1);
    let cookie = signed_in(&site, &clerk).await;
    assert_eq!(look(&site, "/v1/me", &cookie).await.status, StatusCode::OK);
    let device = clerk.device.id;
    let revoke = |tx: &mut sync_server::store::WriteTx<'_>| devices::revoke(tx, device, now());
    site.company.store.write_at(now(), revoke).unwrap();
    let answer = look(&site, "/v1/ledger/accounts", &cookie).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::UNAUTHORIZED, "auth.revoked")
    );

    let rep = site.company.phone(site.company.rep_a, 2);
    let answer = site
        .post("/v1/desk/session", Some(&rep.token), json!({}))
        .await;
    assert_eq!(answer.code(), "auth.forbidden");
}

#[tokio::test]
async fn a_supervisor_at_the_desk_sees_the_customers_in_scope_and_no_ledger() {
    let site = Site::new();
    let boss = site.company.phone(site.company.boss, 1);
    let cookie = signed_in(&site, &boss).await;
    let found: api::Directory = look(&site, "/v1/desk/directory", &cookie).await.json();
    assert_eq!(found.me.role, "supervisor");
    let seen = |conn: &sync_server::store::Connection| {
        sync_server::store::scope::count(conn, site.company.boss)
    };
    let seen = site.company.store.read(seen).unwrap();
    assert_eq!(found.customers.len() as u64, seen);
    for path in ["receipts", "voids", "aging", "journal", "promises"] {
        let answer = look(&site, &format!("/v1/desk/{path}"), &cookie).await;
        assert_eq!(answer.code(), "auth.forbidden", "{path}");
    }
}

#[tokio::test]
async fn the_desk_lists_papers_with_their_due_days_and_no_sum_of_uncounted_cash() {
    let site = Site::new();
    let mut rep = site.company.phone(site.company.rep_a, 1);
    let clerk = site.company.phone(site.company.finance, 2);
    let (customer, invoice) = (site.company.customers[0], site.company.invoices[0]);
    let bill = Paid::AcceptanceBill {
        number: "B-7".into(),
        bank: "工商银行".into(),
        due: Day::new(2027, 1, 15),
    };
    for (method, amount) in [(Paid::Cash, "30.00"), (bill, "40.00")] {
        let mut core = rep.receipt_core(customer, amount, &[(invoice, amount)]);
        core.method = method;
        let receipt = rep.seal(&core);
        assert!(acked(&rep.push(&[receipt]).answers));
    }
    let cookie = signed_in(&site, &clerk).await;
    let found: api::DeskReceipts = look(&site, "/v1/desk/receipts", &cookie).await.json();
    let lines: Vec<_> = found
        .receipts
        .iter()
        .map(|r| {
            (
                r.receipt.method.as_str(),
                r.receipt.amount.as_deref(),
                r.reference.as_str(),
                r.due.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("cash", None, "", None),
            ("acceptance_bill", Some("40.00"), "B-7", Some("2027-01-15"))
        ]
    );

    // A command through the session posts once, however often it is sent.
    let command = json!({
        "id": Uuid::from_u128(77), "reason": "当面点收",
        "command": { "kind": "hand_in", "person": site.company.rep_a.to_string(), "counted": "25.00",
            "receipts": found.receipts.iter().map(|r| r.receipt.document.clone()).collect::<Vec<_>>() },
    });
    for expected in [StatusCode::CREATED, StatusCode::OK] {
        let path = "/v1/ledger/commands";
        let answer = at_desk(&site, Method::POST, path, &cookie, command.clone()).await;
        assert_eq!(answer.status, expected);
    }
    let page: api::Journal = look(&site, "/v1/desk/journal?kind=hand_in", &cookie)
        .await
        .json();
    assert_eq!((page.entries.len(), page.next), (1, None));
    assert!(page.chain.whole && page.chain.checked == page.chain.entries);
    let none: api::Journal = look(&site, "/v1/desk/journal?to=2001-01-01", &cookie)
        .await
        .json();
    assert_eq!(none.entries.len(), 0);
    let wrong = look(&site, "/v1/desk/journal?from=yesterday", &cookie).await;
    assert_eq!(wrong.code(), "http.malformed");
}

#[tokio::test]
async fn the_aging_adds_up_to_the_same_total_by_customer_salesperson_and_territory() {
    let site = Site::new();
    let clerk = site.company.phone(site.company.finance, 1);
    let cookie = signed_in(&site, &clerk).await;
    let mut totals = Vec::new();
    for by in ["customer", "rep", "territory"] {
        let path = format!("/v1/desk/aging?by={by}");
        let aging: api::Aging = look(&site, &path, &cookie).await.json();
        let sum =
            shared::money::Money::sum(aging.lines.iter().map(|line| line.total.parse().unwrap()));
        assert_eq!(sum.unwrap().to_string(), aging.total.total, "{by}");
        totals.push(aging.total.total);
    }
    let accounts = look(&site, "/v1/ledger/accounts", &cookie).await;
    let accounts: sync_server::api::ledger::Accounts = accounts.json();
    let owed = accounts
        .balances
        .iter()
        .find(|b| b.account == "Assets:Receivable")
        .unwrap();
    assert_eq!(totals, vec![owed.balance.clone(); 3]);
}
