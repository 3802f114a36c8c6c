//! The program as administrators and scripts start it: what it prints, what it leaves behind, with
//! which code it ends.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Command, Output, Stdio},
};

fn program(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sync-server"));
    command.args(arguments).arg("--data").arg(data);
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    program(data, arguments).output().unwrap()
}

/// Runs a command that must succeed, and gives what it printed.
fn printed(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Exit code and the one sentence of a command that fails.
fn failure(data: &Path, arguments: &[&str]) -> (i32, String) {
    let output = run(data, arguments);
    let sentence = String::from_utf8(output.stderr).unwrap();
    assert_eq!(sentence.trim().lines().count(), 1, "{sentence}");
    (output.status.code().unwrap(), sentence)
}

#[test]
fn serving_an_empty_folder_makes_one_link_for_the_first_administrator_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("new/ledger");
    let arguments = ["serve", "--port", "0", "--company", "东方贸易"];
    let mut server = program(&data, &arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let link = lines.find(|line| line.contains("/enrol#")).unwrap();
    assert!(link.starts_with("http://localhost:"), "{link}");
    // A power cut rather than a farewell: what was printed must hold.
    server.kill().unwrap();
    server.wait().unwrap();
    let people = printed(&data, &["user", "list"]);
    assert!(
        people.lines().count() == 1 && people.contains("admin"),
        "{people}"
    );
    assert_eq!(
        printed(&data, &["territory", "list"]) + &printed(&data, &["device", "list"]),
        ""
    );
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

#[test]
fn what_a_machine_does_wrong_has_its_own_exit_code() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    assert_eq!(failure(&data, &["ledger", "check"]).0, 7);
    assert!(!data.exists(), "asking makes nothing");
    std::fs::write(dir.path().join("a-file"), "x").unwrap();
    assert_eq!(
        failure(
            &dir.path().join("a-file"),
            &["user", "add", "王芳", "--role", "rep"]
        )
        .0,
        7
    );
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("company.db"), "not a database").unwrap();
    assert_eq!(failure(&data, &["user", "list"]).0, 7);
    assert_eq!(
        std::fs::read(data.join("company.db")).unwrap(),
        b"not a database"
    );
    assert_eq!(
        failure(&data, &["serve", "--port", "0", "--tls-cert", "x.pem"]).0,
        2
    );
}

#[test]
fn a_company_is_set_up_from_the_command_line() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    let begun = printed(data, &["user", "add", "王芳", "--role", "rep"]);
    assert!(begun.contains("A new ledger was begun"), "{begun}");
    printed(data, &["user", "add", "陈静", "--role", "supervisor"]);
    assert_eq!(
        failure(data, &["user", "add", "王芳", "--role", "rep"]).0,
        1
    );

    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let map = write(
        "customers.toml",
        "[columns]\nnumber = 1\nname = 2\nterritory = 3\nrep = 4\n",
    );
    let file = write(
        "customers.csv",
        "a,b,c,d\nC1,城西五金,城西,王芳\nC2,恒达建材,城西,\n",
    );
    let report = write("report.json", "");
    let text = printed(
        data,
        &[
            "import",
            "customers",
            &file,
            "--map",
            &map,
            "--report",
            &report,
        ],
    );
    assert!(text.contains("2 new"), "{text}");
    assert!(
        std::fs::read_to_string(report)
            .unwrap()
            .contains("\"applied\": true")
    );
    printed(data, &["assign", "--lead", "陈静", "--territory", "城西"]);
    assert!(printed(data, &["territory", "list"]).contains("2 customers, led by 陈静"));
    printed(data, &["assign", "C2", "--rep", "王芳"]);
    assert_eq!(failure(data, &["assign", "C9", "--rep", "王芳"]).0, 1);
    assert_eq!(failure(data, &["assign", "C1", "--rep", "陈静"]).0, 1);

    let bad = write("bad.csv", "a,b,c,d\nC3,甲,城西,赵云\n");
    assert_eq!(
        failure(data, &["import", "customers", &bad, "--map", &map]).0,
        3
    );

    let code = printed(
        data,
        &["device", "code", "王芳", "--url", "https://hk.example.com/"],
    );
    assert!(code.starts_with("https://hk.example.com/enrol#"), "{code}");
    printed(data, &["user", "disable", "王芳"]);
    assert_eq!(failure(data, &["device", "code", "王芳"]).0, 1);
    assert!(printed(data, &["ledger", "check"]).contains("All is well"));
}

#[test]
fn for_how_long_phones_keep_closed_records_can_be_set() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("ledger");
    printed(&data, &["user", "add", "陈静", "--role", "admin"]);
    assert!(printed(&data, &["device", "history"]).contains("180 days"));
    assert!(printed(&data, &["device", "history", "365"]).contains("365 days"));
    assert!(printed(&data, &["device", "history"]).contains("365 days"));
    assert_eq!(
        run(&data, &["device", "history", "1"]).status.code(),
        Some(2)
    );
}
