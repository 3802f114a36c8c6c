//! `serve`, `run-demo` and `make run`: the links that they print sign in, and what was printed holds.

use std::{net::TcpListener, path::Path, process::Command};

use super::{
    failure, printed,
    running::{Running, browser, links, sign_in},
};

#[tokio::test]
async fn serving_an_empty_folder_makes_one_link_for_the_first_administrator_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("new/ledger");
    let arguments = ["serve", "--port", "0", "--company", "东方贸易"];
    let mut server = Running::start(&data, &arguments);
    let mut said = server.said_until("/enrol#");
    let link = links(&said)[0].clone();
    assert!(link.starts_with("http://localhost:"), "{link}");
    let (address, _) = link.split_once("/enrol#").unwrap();
    let health = browser(None).get(format!("{address}/healthz"));
    assert_eq!(health.send().await.unwrap().status(), 200);
    // A power cut rather than a farewell: what was printed must hold.
    said.extend(server.kill());
    assert_eq!(links(&said).len(), 1, "{said:?}");
    let people = printed(&data, &["user", "list"]);
    assert!(
        people.lines().count() == 1 && people.contains("admin"),
        "{people}"
    );
    assert_eq!(
        printed(&data, &["territory", "list"]) + &printed(&data, &["device", "list"]),
        ""
    );
    let ledger = rusqlite::Connection::open(data.join("company.db")).unwrap();
    for table in [
        "customer",
        "invoice",
        "payment",
        "document",
        "journal_entry",
    ] {
        let query = format!("SELECT COUNT(*) FROM {table}");
        let rows: i64 = ledger.query_row(&query, [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 0, "{table}");
    }
}

#[tokio::test]
async fn the_demo_company_prints_a_link_for_each_role_and_keeps_its_data_when_it_is_started_again()
{
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("some/where");
    let arguments = ["run-demo", "--port", "0"];
    let mut server = Running::start(&data, &arguments);
    let said = server.said_until("Each link signs one browser in");
    assert!(
        said.iter().any(|line| line.contains("900 visits")),
        "{said:?}"
    );
    let roles = [
        ("salesperson", "rep"),
        ("supervisor", "supervisor"),
        ("finance", "finance"),
    ];
    let lines = links(&said);
    assert_eq!(lines.len(), roles.len(), "{said:?}");
    let browser = browser(None);
    for (seed, (line, (title, role))) in (1..).zip(lines.iter().zip(roles)) {
        assert!(line.trim_start().starts_with(title), "{line}");
        let (server, enrolled) = sign_in(&browser, line, seed).await;
        assert_eq!(enrolled["person"]["role"], role, "{line}");
        let me = browser.get(format!("{server}/v1/me"));
        let me = me.bearer_auth(enrolled["token"].as_str().unwrap());
        let me: serde_json::Value = me.send().await.unwrap().json().await.unwrap();
        // Who is shown has something to see.
        assert!(me["customers"].as_u64().unwrap() >= 40, "{title}: {me}");
    }
    server.kill();
    let stands = |what: &[&str]| printed(&data, what);
    let people = stands(&["user", "list"]);
    let ledger = stands(&["ledger", "check"]);
    assert!(ledger.contains("All is well"), "{ledger}");

    let mut server = Running::start(&data, &arguments);
    let again = server.said_until("Each link signs one browser in");
    assert!(
        again[0].contains("is there already") && links(&again).len() == 3,
        "{again:?}"
    );
    assert!(links(&again).iter().all(|link| !said.contains(link)));
    server.kill();
    assert_eq!(stands(&["user", "list"]), people);
    assert_eq!(stands(&["ledger", "check"]), ledger);
}

#[test]
fn make_run_hands_the_port_and_the_folder_on() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut make = Command::new("make");
    make.args(["-n", "run", "PORT=9123", "DATA=/some/where"]);
    let output = make.current_dir(root).output().unwrap();
    let steps = String::from_utf8(output.stdout).unwrap();
    let start = steps
        .lines()
        .find(|step| step.contains("sync-server run-demo"));
    assert!(
        start.is_some_and(|s| s.contains("--data \"/some/where\" --port 9123 --web target/web")),
        "{steps}"
    );
}

#[tokio::test]
async fn with_a_certificate_it_speaks_https_and_its_cookies_are_for_https_alone() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("ledger");
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let cert = write("cert.pem", &made.cert.pem());
    let key = write("key.pem", &made.signing_key.serialize_pem());
    let arguments = |cert, key| ["serve", "--port", "0", "--tls-cert", cert, "--tls-key", key];
    let mut server = Running::start(&data, &arguments(&cert, &key));
    let said = server.said_until("/enrol#");
    let browser = browser(Some(&made.cert.pem()));
    let (address, enrolled) = sign_in(&browser, links(&said)[0], 1).await;
    assert!(address.starts_with("https://localhost:"), "{address}");
    let health = browser.get(format!("{address}/healthz")).send().await;
    assert_eq!(health.unwrap().status(), 200);
    let session = browser.post(format!("{address}/v1/desk/session"));
    let session = session.bearer_auth(enrolled["token"].as_str().unwrap());
    let session = session.send().await.unwrap();
    let cookie = session.headers()["set-cookie"].to_str().unwrap();
    assert!(cookie.ends_with("; Secure"), "{cookie}");
    let unencrypted = address.replace("https:", "http:");
    let unencrypted = browser.get(format!("{unencrypted}/healthz")).send().await;
    assert!(!unencrypted.is_ok_and(|answer| answer.status() == 200));
    server.kill();

    // What cannot be used is said so before anything is made.
    let garbage = write("garbage.pem", "-----BEGIN CERTIFICATE-----\n?");
    let missing = dir.path().join("missing.pem");
    let missing = missing.to_str().unwrap();
    let data = dir.path().join("new");
    for (cert, key) in [
        (garbage.as_str(), key.as_str()),
        (&cert, &garbage),
        (&cert, missing),
    ] {
        let (code, sentence) = failure(&data, &arguments(cert, key));
        assert!(
            code == 1 && sentence.contains("can't be used"),
            "{code} {sentence}"
        );
        assert!(!data.exists());
    }
}

#[test]
fn a_port_in_use_is_said_so_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for command in ["serve", "run-demo"] {
        let data = dir.path().join(command);
        let (code, sentence) = failure(&data, &[command, "--port", &port]);
        assert!(
            code == 5 && sentence.contains(&format!("port {port} is in use")),
            "{code} {sentence}"
        );
        assert!(!data.exists());
    }
}
