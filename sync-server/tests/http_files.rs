//! What the server promises of files: attachments of records, and the client's own.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use axum::http::{Method, StatusCode};
use sha2::{Digest as _, Sha256};
use shared::{document::edit::Edit, evidence::Attachment, ids::*};
use support::{
    site::{Site, request},
    *,
};
use uuid::Uuid;

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
async fn a_server_stopped_after_the_last_byte_of_an_attachment_completes_it_when_it_is_asked() {
    let site = Site::new();
    let mut phone = site.company.phone(site.company.rep_a, 1);
    let bytes = b"all of a photo";
    let hash = attached(&site, &mut phone, bytes);
    let path = format!("/v1/attachments/{hash}");
    let name = hash.to_string();
    let folder = site.company.dir.path().join("attachments").join(&name[..2]);
    std::fs::create_dir_all(&folder).unwrap();
    let part = folder.join(format!("{name}.part"));
    let offset = async || {
        let asked = request(Method::HEAD, &path, Some(&phone.token), &[], vec![]);
        let status = site.call(asked).await;
        status.header("upload-offset").to_owned()
    };
    // Its pages never reached the disk: to be sent again.
    std::fs::write(&part, [0; 14]).unwrap();
    assert_eq!(offset().await, "0");
    std::fs::write(&part, bytes).unwrap();
    assert_eq!(offset().await, "14");
    let whole = site.get(&path, Some(&phone.token)).await;
    assert_eq!((whole.status, whole.body), (StatusCode::OK, bytes.to_vec()));
}

#[tokio::test]
async fn bytes_of_another_hash_are_refused_and_the_right_ones_taken_afterwards() {
    let site = Site::new();
    let mut phone = site.company.phone(site.company.rep_a, 1);
    let hash = attached(&site, &mut phone, b"right");
    let path = format!("/v1/attachments/{hash}");
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("upload-offset", "0"),
        ("content-type", "application/offset+octet-stream"),
    ];
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
async fn the_upload_speaks_tus_as_its_core_protocol_says() {
    let site = Site::new();
    let mut phone = site.company.phone(site.company.rep_a, 1);
    let hash = attached(&site, &mut phone, b"right");
    let path = format!("/v1/attachments/{hash}");
    let call = |method: Method, token: Option<&str>, headers: &[(&str, &str)], body: &[u8]| {
        site.call(request(method, &path, token, headers, body.to_vec()))
    };
    let token = Some(phone.token.as_str());
    let able = call(Method::OPTIONS, None, &[], b"").await;
    assert_eq!(able.status, StatusCode::NO_CONTENT);
    assert_eq!(
        (able.header("tus-version"), able.header("tus-max-size")),
        ("1.0.0", "10485760")
    );

    let (old, now) = (("tus-resumable", "0.2.2"), ("tus-resumable", "1.0.0"));
    let at_0 = ("upload-offset", "0");
    let piece = ("content-type", "application/offset+octet-stream");
    for (method, headers) in [
        (Method::HEAD, vec![old]),
        (Method::PATCH, vec![old, at_0, piece]),
        (Method::PATCH, vec![at_0, piece]),
    ] {
        let refused = call(method, token, &headers, b"").await;
        assert_eq!(refused.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(
            (
                refused.header("tus-version"),
                refused.header("tus-resumable")
            ),
            ("1.0.0", "1.0.0")
        );
    }
    let check = async |headers: &[(&str, &str)], status: StatusCode, code: &str| {
        let refused = call(Method::PATCH, token, headers, b"ri").await;
        assert_eq!((refused.status, refused.code().as_str()), (status, code));
        assert_eq!(refused.header("tus-resumable"), "1.0.0");
    };
    check(
        &[now, at_0],
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "attachment.media_type",
    )
    .await;
    check(
        &[now, piece],
        StatusCode::BAD_REQUEST,
        "attachment.no_offset",
    )
    .await;
    check(
        &[now, piece, ("upload-offset", "3")],
        StatusCode::CONFLICT,
        "attachment.offset",
    )
    .await;
    check(
        &[now, piece, ("upload-offset", "4"), ("content-length", "2")],
        StatusCode::PAYLOAD_TOO_LARGE,
        "attachment.too_long",
    )
    .await;
    let head = call(Method::HEAD, token, &[now], b"").await;
    assert_eq!(
        (
            head.header("upload-offset"),
            head.header("upload-length"),
            head.header("cache-control")
        ),
        ("0", "5", "no-store")
    );

    let instead = ("x-http-method-override", "PATCH");
    let created = call(Method::POST, token, &[now], b"").await;
    assert_eq!(created.code(), "attachment.no_creation");
    let taken = call(Method::POST, token, &[now, at_0, piece, instead], b"right").await;
    assert_eq!(
        (taken.status, taken.header("upload-offset")),
        (StatusCode::NO_CONTENT, "5")
    );
}

/// A body that ends in the middle, as when the signal is gone.
fn cut_off(bytes: Vec<u8>) -> axum::body::Body {
    let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    axum::body::Body::from_stream(futures::stream::iter([Ok(bytes), Err(broken)]))
}

#[tokio::test]
async fn what_arrived_before_the_connection_ended_is_kept() {
    let site = Site::new();
    let bytes: Vec<u8> = (0..1_500_000u32).map(|n| (n % 251) as u8).collect();
    let mut phone = site.company.phone(site.company.rep_a, 1);
    let hash = attached(&site, &mut phone, &bytes);
    let path = format!("/v1/attachments/{hash}");
    let send = |offset: &str, body: axum::body::Body| {
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("upload-offset", offset),
            ("content-type", "application/offset+octet-stream"),
        ];
        let mut sent = request(Method::PATCH, &path, Some(&phone.token), &headers, vec![]);
        *sent.body_mut() = body;
        site.call(sent)
    };
    let cut = send("0", cut_off(bytes[..700_001].to_vec())).await;
    assert_eq!(
        (cut.code().as_str(), cut.header("upload-offset")),
        ("attachment.cut_off", "700001")
    );
    let rest = send("700001", bytes[700_001..].to_vec().into()).await;
    assert_eq!(
        (rest.status, rest.header("upload-offset")),
        (StatusCode::NO_CONTENT, "1500000")
    );
    assert_eq!(site.get(&path, Some(&phone.token)).await.body, bytes);
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
