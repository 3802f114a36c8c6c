//! The program as administrators and scripts start it: what it prints, what it leaves behind, with
//! which code it ends.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod receipts;
mod running;
mod serving;
#[path = "../support/mod.rs"]
mod support;

use std::{
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;
use support::Company;

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

/// The command that imports customers and writes a report.
fn import_customers<'a>(file: &'a str, map: &'a str, report: &'a str) -> [&'a str; 7] {
    let what = "customers";
    ["import", what, file, "--map", map, "--report", report]
}

/// Exit code and the one sentence of a command that fails.
fn failure(data: &Path, arguments: &[&str]) -> (i32, String) {
    let output = run(data, arguments);
    let sentence = String::from_utf8(output.stderr).unwrap();
    assert_eq!(sentence.trim().lines().count(), 1, "{sentence}");
    (output.status.code().unwrap(), sentence)
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
    let text = printed(data, &import_customers(&file, &map, &report));
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

    let map = write(
        "invoices.toml",
        "[columns]\nnumber = 1\ncustomer = 2\nissued = 3\ndue = 4\namount = 5\n",
    );
    let file = write(
        "invoices.csv",
        "a,b,c,d,e\nF1,C1,2026-09-01,2026-10-01,100.00\n",
    );
    printed(data, &["import", "invoices", &file, "--map", &map]);
    let map = write(
        "payments.toml",
        "[columns]\nnumber = 1\ninvoice = 2\nday = 3\namount = 4\n",
    );
    let file = write(
        "payments.csv",
        "a,b,c,d\nP1,F1,2026-10-01,40.00\nP2,F9,2026-10-02,60.00\n",
    );
    let import = ["import", "payments", &file, "--map", &map];
    assert_eq!(failure(data, &import).0, 3);
    let text = printed(data, &[&import[..], &["--skip-bad"]].concat());
    assert!(
        text.contains("imported, bad rows left out") && text.contains("1 new"),
        "{text}"
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

#[test]
fn of_many_bad_rows_the_screen_names_twenty_and_the_report_all() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    printed(data, &["user", "add", "王芳", "--role", "rep"]);
    let path = |name: &str| data.join(name).to_str().unwrap().to_owned();
    let (file, map, report) = (path("bad.csv"), path("map.toml"), path("report.json"));
    std::fs::write(&map, "[columns]\nnumber = 1\nname = 2\nterritory = 3\n").unwrap();
    let rows: String = (1..=25).map(|n| format!("C{n},,城西\n")).collect();
    std::fs::write(&file, format!("a,b,c\n{rows}C26,甲,城西\n")).unwrap();
    let output = run(data, &import_customers(&file, &map, &report));
    assert_eq!(output.status.code(), Some(3));
    let screen = String::from_utf8(output.stdout).unwrap();
    let named = screen.lines().filter(|l| l.contains("column b")).count();
    assert!(named == 20 && screen.contains("and 5 more"), "{screen}");
    let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    let lines: Vec<_> = report["bad_rows"].as_array().unwrap().iter().collect();
    assert_eq!((&report["applied"], lines.len()), (&Value::Bool(false), 25));
    for (line, bad) in (2..).zip(lines) {
        assert_eq!(
            (&bad["line"], &bad["column"], &bad["reason"]),
            (&Value::from(line), &"b".into(), &"import.missing".into())
        );
    }
}

/// What the check says of a ledger into which somebody wrote by hand.
fn damaged_by(sql: &str) -> (Option<i32>, String) {
    let company = Company::new();
    let path = company.dir.path().join("company.db");
    let by_hand = rusqlite::Connection::open(path).unwrap();
    by_hand.execute_batch(sql).unwrap();
    let output = run(company.dir.path(), &["ledger", "check"]);
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code(), said)
}

#[test]
fn a_damaged_ledger_ends_its_check_with_exit_code_4_and_what_is_wrong() {
    for (sql, fault) in [
        (
            "UPDATE invoice SET settled = settled + 1 WHERE number = 'F000200'",
            "settled sum differs from the postings on invoice: F000200",
        ),
        (
            "DROP TRIGGER log_is_append_only_update; UPDATE log SET body_hash = zeroblob(32) WHERE seq = 3",
            "the chain of the log is broken at 3",
        ),
    ] {
        let (code, said) = damaged_by(sql);
        assert!(code == Some(4) && said.contains(fault), "{code:?} {said}");
    }
    let (code, said) = damaged_by("SELECT 1");
    assert!(code == Some(0) && said.contains("All is well"), "{said}");
}

#[test]
fn what_was_refused_is_listed_with_its_reason() {
    let company = Company::new();
    let mut phone = company.phone(company.rep_a, 1);
    let visit = phone.visit(company.customers[2]);
    phone.push(std::slice::from_ref(&visit));
    let list = printed(company.dir.path(), &["quarantine", "list"]);
    let parts = [
        "2026-11-21T10:00:00+08:00",
        "A01",
        "李明",
        "admission.out_of_scope: ",
    ];
    assert!(
        list.lines().count() == 1 && parts.iter().all(|part| list.contains(part)),
        "{list}"
    );
    let list = printed(company.dir.path(), &["quarantine", "list", "--json"]);
    let list: Value = serde_json::from_str(&list).unwrap();
    let frame = shared::document::to_frame(&visit.bytes);
    let expected = serde_json::json!([{
        "hash": visit.hash.to_string(), "code": "admission.out_of_scope", "detail": list[0]["detail"],
        "device": "A01", "person": "李明", "received_at": "2026-11-21T10:00:00+08:00", "bytes": frame.len(),
    }]);
    assert_eq!(list, expected);
    assert!(!list[0]["detail"].as_str().unwrap().is_empty());
}
