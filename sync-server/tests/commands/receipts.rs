//! `receipt verify`: what is said of a receipt's code, and with which exit code.

use std::{
    io::Write,
    path::Path,
    process::{Output, Stdio},
};

use sync_server::store::devices;

use super::{
    failure, printed, program, run,
    support::{Company, Phone, acked, now},
};

/// A receipt over 300.00 that was synced or not, the text of its code, and who issued it.
fn issued(company: &Company, synced: bool) -> (Phone, String) {
    let mut phone = company.phone(company.rep_a, 1);
    let core = phone.receipt_core(company.customers[0], "300", &[(company.invoices[0], "300")]);
    let receipt = phone.seal(&core);
    let code = phone.receipt_code(&core);
    if synced {
        assert!(acked(&phone.push(&[receipt]).answers));
    }
    (phone, code)
}

fn verify(company: &Company, code: &str) -> (i32, String) {
    failure(company.dir.path(), &["receipt", "verify", code])
}

fn piped(data: &Path, text: &str) -> Output {
    let mut child = program(data, &["receipt", "verify", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_receipt_of_the_ledger_is_called_genuine_with_its_state_however_its_text_comes() {
    let company = Company::new();
    let (_, code) = issued(&company, true);
    let data = company.dir.path();
    let said = printed(data, &["receipt", "verify", &code]);
    let parts = [
        "A01-261121-1  2026-11-21  300.00  客户",
        "Signed by device A01 of 李明.",
        "Genuine: ",
        "the same sum and day (posted)",
    ];
    assert!(parts.iter().all(|part| said.contains(part)), "{said}");
    let file = data.join("code.txt");
    std::fs::write(&file, format!("\u{feff}{code}\r\n")).unwrap();
    let file = file.to_str().unwrap();
    let by_file = printed(data, &["receipt", "verify", "--file", file]);
    assert_eq!(by_file, said);
    let by_pipe = piped(data, &format!("{code}\n"));
    assert_eq!(String::from_utf8(by_pipe.stdout).unwrap(), said);
    assert_eq!(by_pipe.status.code(), Some(0));
}

#[test]
fn a_receipt_that_has_not_come_yet_is_genuine_and_said_to_be_missing() {
    let company = Company::new();
    let (_, code) = issued(&company, false);
    let said = printed(company.dir.path(), &["receipt", "verify", &code]);
    assert!(
        said.contains("Genuine: ") && said.contains("does not have it: not received yet"),
        "{said}"
    );
}

#[test]
fn a_forged_receipt_ends_with_exit_code_4_and_why_and_tells_nothing_of_the_ledger() {
    let company = Company::new();
    let (_, code) = issued(&company, true);
    for (text, why) in [
        (code.replace("300.00", "900.00"), "altered"),
        (
            code.replacen("A01", "A77", 1),
            "no device of this company has",
        ),
        (
            "https://example.com/".to_owned(),
            "not the text of a receipt",
        ),
        (code.replacen("HK1", "HK2", 1), "newer version"),
    ] {
        let (exit, sentence) = verify(&company, &text);
        assert_eq!(exit, 4, "{sentence}");
        assert!(
            sentence.contains("not genuine: ")
                && sentence.contains(why)
                && !sentence.contains("ledger"),
            "{sentence}"
        );
    }
}

#[test]
fn what_was_signed_on_a_revoked_device_is_judged_by_the_day_and_by_the_ledger() {
    const DAY_MS: i64 = 86_400_000;
    for (after_days, synced, expected) in [
        (1, false, "in doubt"),
        (0, false, "in doubt"),
        (-1, false, "not genuine"),
        (1, true, ""),
    ] {
        let company = Company::new();
        let (phone, code) = issued(&company, synced);
        let at = now().plus_ms(after_days * DAY_MS);
        company
            .store
            .write_at(at, |tx| devices::revoke(tx, phone.device.id, at))
            .unwrap();
        let output = run(company.dir.path(), &["receipt", "verify", &code]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains(", revoked on 2026-11-2"), "{said}");
        let sentence = String::from_utf8(output.stderr).unwrap();
        assert!(sentence.contains(expected), "{after_days}: {sentence}");
        let exit = if expected.is_empty() { 0 } else { 4 };
        assert_eq!(output.status.code(), Some(exit), "{sentence}");
    }
}

#[test]
fn a_command_without_a_text_and_a_file_that_is_not_there_are_told_from_a_forgery() {
    let company = Company::new();
    let data = company.dir.path();
    let usage = run(data, &["receipt", "verify"]);
    assert_eq!(usage.status.code(), Some(2));
    let (exit, sentence) = failure(data, &["receipt", "verify", "--file", "/no/such/file"]);
    assert!(exit == 1 && sentence.contains("can't read"), "{sentence}");
}
