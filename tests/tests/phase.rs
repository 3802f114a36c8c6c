//! The steps of `make` say in one sentence when what stopped them lies in the machine.

// A step that fails here is a test that fails.
#![allow(clippy::unwrap_used)]

use std::process::Command;

use tests::workspace;

/// What a step that prints `said` and fails is answered with, and how it ends.
fn check(name: &str, said: &str, sentence: &str) {
    let folder = tempfile::tempdir().unwrap();
    let ran = Command::new(workspace().join(".ci/phase"))
        .args([name, "bash", "-c", "echo \"$1\"; exit 7", "step", said])
        .env("PHASES", folder.path())
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(7), "{said}");
    assert_eq!(String::from_utf8_lossy(&ran.stderr).trim(), sentence);
    let phases = std::fs::read_to_string(folder.path().join("phases.txt")).unwrap();
    assert!(
        phases.starts_with(name) && phases.contains("failed"),
        "{phases}"
    );
}

#[test]
fn a_step_without_network_says_so_in_one_sentence() {
    let sentence = "No network: what is missing could not be fetched. Connect this machine and run this again.";
    for said in [
        "warning: spurious network error (3 tries remaining)",
        "curl: (6) Could not resolve host: example.invalid",
        "error: failed to download from `https://example.invalid`",
    ] {
        check("server", said, sentence);
    }
}

#[test]
fn a_step_without_room_says_so_in_one_sentence() {
    let sentence = "The disk is full: make room and run this again.";
    for said in [
        "error: No space left on device (os error 28)",
        "npm error code ENOSPC",
    ] {
        check("web-wasm", said, sentence);
    }
}

#[test]
fn a_test_that_fails_on_a_disk_of_its_own_is_not_taken_for_a_full_machine() {
    check("tests", "No space left on device", "");
    check("clippy", "error: unused variable", "");
}
