//! What the server promises over HTTP: enrolment, tokens, attachments, problems, the client's files.

mod support;

use std::{path::PathBuf, sync::Arc};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use sha2::{Digest as _, Sha256};
use shared::{document::edit::Edit, evidence::Attachment, ids::*, sync::message::SyncResponse};
use support::*;
use sync_server::{
    api::{devices::CodeResponse, enrol::EnrolResponse, ledger, me::Me},
    auth::EnrolLimiter,
    blobs::Blobs,
    router::router,
    state::AppState,
    store::devices,
};
use tower::ServiceExt;
use uuid::Uuid;

struct Answered {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answered {
    fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| {
            panic!("{e}: {}", String::from_utf8_lossy(&self.body));
        })
    }
    fn code(&self) -> String {
        self.json::<sync_server::problem::Problem>().code
    }
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

struct Site {
    company: Company,
    router: Router,
    _stop: tokio::sync::watch::Sender<bool>,
}

impl Site {
    fn new() -> Self {
        Self::with_web(None)
    }

    fn with_web(web: Option<PathBuf>) -> Self {
        let company = Company::new();
        let (stop, stopping) = tokio::sync::watch::channel(false);
        let state = AppState {
            store: Arc::clone(&company.store),
            blobs: Arc::new(Blobs::new(company.dir.path())),
            enrol_limiter: Arc::new(EnrolLimiter::default()),
            web,
            public_url: None,
            tls: false,
            stopping,
        };
        Self {
            router: router(state),
            company,
            _stop: stop,
        }
    }

    async fn call(&self, request: Request<Body>) -> Answered {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Answered {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    async fn get(&self, path: &str, token: Option<&str>) -> Answered {
        self.call(request(Method::GET, path, token, &[], Vec::new()))
            .await
    }

    async fn post(&self, path: &str, token: Option<&str>, json: serde_json::Value) -> Answered {
        let headers = [("content-type", "application/json")];
        let body = serde_json::to_vec(&json).unwrap();
        self.call(request(Method::POST, path, token, &headers, body))
            .await
    }

    fn code_for(&self, person: PersonId, at: shared::day::Timestamp, seed: u8) -> String {
        self.company
            .store
            .write_at(at, |tx| devices::create_code(tx, person, at, [seed; 10]))
            .unwrap()
    }
}

fn request(
    method: Method,
    path: &str,
    token: Option<&str>,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body)).unwrap()
}

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
        .call(request(Method::POST, "/v1/sync", token, &[], vec![1, 2, 3]))
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

fn attached(site: &Site, phone: &mut Phone, bytes: &[u8]) -> ContentHash {
    let hash = ContentHash(Sha256::digest(bytes).into());
    let visit = phone.visit(site.company.customers[0]);
    let attachment = Attachment {
        id: ElementId(Uuid::from_u128(1)),
        content: hash,
        media_type: "image/jpeg".into(),
        size_bytes: bytes.len() as u64,
        author: phone.device.person.id,
        at: now(),
        caption: String::new(),
    };
    let photo = phone.edit(&[&visit.bytes], &Edit::Attachment(attachment));
    assert!(acked(&phone.push(&[visit, photo]).answers));
    hash
}

#[tokio::test]
async fn an_attachment_goes_up_in_pieces_and_down_to_those_who_may_see_it() {
    let site = Site::new();
    let bytes: Vec<u8> = (0..10_000u32).map(|n| (n % 251) as u8).collect();
    let mut phone = site.company.phone(site.company.rep_a, 1);
    let hash = attached(&site, &mut phone, &bytes);
    let path = format!("/v1/attachments/{hash}");
    let token = phone.token.clone();
    let head = || site.call(request(Method::HEAD, &path, Some(&token), &[], vec![]));
    let piece = |from: usize, to: usize| {
        let offset = from.to_string();
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("upload-offset", offset.as_str()),
            ("content-type", "application/offset+octet-stream"),
        ];
        let part = bytes[from..to].to_vec();
        site.call(request(Method::PATCH, &path, Some(&token), &headers, part))
    };
    let status = head().await;
    assert_eq!(
        (
            status.header("upload-offset"),
            status.header("upload-length")
        ),
        ("0", "10000")
    );
    assert_eq!(
        site.get(&path, Some(&token)).await.code(),
        "attachment.not_yet"
    );
    assert_eq!(piece(0, 4_000).await.status, StatusCode::NO_CONTENT);
    assert_eq!(head().await.header("upload-offset"), "4000");
    let again = piece(0, 4_000).await;
    assert_eq!(
        (again.status, again.header("upload-offset")),
        (StatusCode::CONFLICT, "4000")
    );
    assert_eq!(piece(4_000, 10_000).await.status, StatusCode::NO_CONTENT);

    let boss = site.company.phone(site.company.boss, 2);
    let whole = site.get(&path, Some(&boss.token)).await;
    assert_eq!(
        (whole.status, whole.header("content-type")),
        (StatusCode::OK, "image/jpeg")
    );
    assert_eq!(whole.body, bytes);
    assert!(whole.header("cache-control").contains("private"));
    let range = [("range", "bytes=10-19")];
    let part = site
        .call(request(
            Method::GET,
            &path,
            Some(&boss.token),
            &range,
            vec![],
        ))
        .await;
    assert_eq!(part.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.body, bytes[10..20]);
    assert_eq!(part.header("content-range"), "bytes 10-19/10000");

    let stranger = site.company.phone(site.company.rep_b, 3);
    let hidden = site.get(&path, Some(&stranger.token)).await;
    assert_eq!(
        (hidden.status, hidden.code().as_str()),
        (StatusCode::NOT_FOUND, "attachment.unknown")
    );
}

#[tokio::test]
async fn bytes_of_another_hash_are_refused_and_the_right_ones_taken_afterwards() {
    let site = Site::new();
    let mut phone = site.company.phone(site.company.rep_a, 1);
    let hash = attached(&site, &mut phone, b"right");
    let path = format!("/v1/attachments/{hash}");
    let headers = [("tus-resumable", "1.0.0"), ("upload-offset", "0")];
    let send = |body: &[u8]| {
        site.call(request(
            Method::PATCH,
            &path,
            Some(&phone.token),
            &headers,
            body.to_vec(),
        ))
    };
    assert_eq!(send(b"wrong").await.code(), "attachment.wrong_hash");
    assert_eq!(send(b"right and more").await.code(), "attachment.too_long");
    assert_eq!(send(b"right").await.status, StatusCode::NO_CONTENT);
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

fn web_folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(dir.path().join(name), text).unwrap();
    write("index.html", "<!doctype html>page");
    write("sw.js", "worker");
    write("manifest.webmanifest", "{}");
    write("app-0123456789abcdef.js", "code");
    write("app-0123456789abcdef.js.br", "packed with brotli");
    write("app-0123456789abcdef.js.gz", "packed with gzip");
    dir
}

#[tokio::test]
async fn screens_get_the_page_missing_files_do_not_and_every_answer_is_locked_down() {
    let web = web_folder();
    let site = Site::with_web(Some(web.path().to_owned()));
    for path in ["/", "/enrol", "/customers/0190/receipt"] {
        let page = site.get(path, None).await;
        assert_eq!(
            (page.status, page.body.as_slice()),
            (StatusCode::OK, b"<!doctype html>page".as_slice()),
            "{path}"
        );
        assert_eq!(page.header("cache-control"), "no-cache");
        assert!(page.header("content-type").starts_with("text/html"));
    }
    for path in ["/missing.js", "/v1/unknown", "/assets/none.css"] {
        let missing = site.get(path, None).await;
        assert_eq!(
            (missing.status, missing.code().as_str()),
            (StatusCode::NOT_FOUND, "http.not_found"),
            "{path}"
        );
    }
    for path in ["/", "/healthz", "/v1/me", "/missing.js"] {
        let answer = site.get(path, None).await;
        let csp = answer.header("content-security-policy");
        assert!(
            csp.contains("script-src 'self' 'wasm-unsafe-eval';"),
            "{path}: {csp}"
        );
        assert!(csp.contains("frame-ancestors 'none'") && !csp.contains("unsafe-inline"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
    }
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_go_out_as_they_were_packed() {
    let web = web_folder();
    let site = Site::with_web(Some(web.path().to_owned()));
    let get = |path: &'static str, encoding: &'static str| {
        let headers = [("accept-encoding", encoding)];
        site.call(request(Method::GET, path, None, &headers, vec![]))
    };
    let code = get("/app-0123456789abcdef.js", "gzip, br").await;
    assert_eq!(
        code.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        (code.header("content-encoding"), code.body.as_slice()),
        ("br", b"packed with brotli".as_slice())
    );
    let gzip = get("/app-0123456789abcdef.js", "gzip").await;
    assert_eq!(gzip.body, b"packed with gzip");
    let plain = get("/app-0123456789abcdef.js", "identity").await;
    assert_eq!(plain.body, b"code");
    assert_eq!(
        get("/sw.js", "br").await.header("cache-control"),
        "no-cache"
    );
    let manifest = get("/manifest.webmanifest", "br").await;
    assert_eq!(manifest.header("content-type"), "application/manifest+json");
    let outside = site.get("/../company.db", None).await;
    assert_ne!(outside.status, StatusCode::OK);
}

#[tokio::test]
async fn the_description_names_every_json_address() {
    let site = Site::new();
    let described: serde_json::Value = site.get("/v1/openapi.json", None).await.json();
    for path in [
        "/healthz",
        "/v1/enrol",
        "/v1/me",
        "/v1/devices",
        "/v1/live",
        "/v1/ledger/accounts",
    ] {
        assert!(described["paths"][path].is_object(), "{path}");
    }
    assert!(described["paths"]["/v1/attachments/{sha256}"]["patch"].is_object());
    assert_eq!(site.get("/healthz", None).await.status, StatusCode::OK);
}
