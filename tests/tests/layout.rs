//! The boundaries between the crates, kept by reading their sources.

// A step that fails here is a test that fails.
#![allow(clippy::unwrap_used)]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tests::workspace;

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn walk(dir: &Path, out: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(dir).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                out.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut out = Vec::new();
    let root = workspace().join(folder);
    assert!(
        root.is_dir(),
        "{folder} is gone: this test would check nothing"
    );
    walk(&root, &mut out);
    out.sort();
    out
}

/// Lines of code (comments left out) in which one of the words stands.
fn offenders(folder: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in sources(folder) {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            if words.iter().any(|w| code.contains(w)) {
                found.push(format!(
                    "{}:{}: {}",
                    path.display(),
                    number + 1,
                    line.trim()
                ));
            }
        }
    }
    found
}

fn assert_none(folder: &str, words: &[&str], why: &str) {
    let found = offenders(folder, words);
    assert!(found.is_empty(), "{why}:\n{}", found.join("\n"));
}

#[test]
fn shared_does_no_io_reads_no_clock_and_draws_no_randomness() {
    let banned = [
        "std::fs",
        "std::net",
        "std::process",
        "std::thread",
        "std::env",
        "tokio",
        "reqwest",
        "rusqlite",
        "SystemTime",
        "Instant::now",
        "Utc::now",
        "Local::now",
        "now_v7",
        "new_v4",
        "getrandom",
        "async fn",
        ".await",
        "HashMap",
        "HashSet",
    ];
    assert_none("shared/src", &banned, "shared is pure");
}

#[test]
fn components_know_no_domain_type_but_ids_money_days_and_evidence() {
    let banned = [
        "shared::customer",
        "shared::invoice",
        "shared::promise",
        "shared::receipt",
        "shared::visit",
        "shared::ledger",
        "shared::document",
        "shared::sync",
        "shared::policy",
        "crate::replica",
        "crate::screens",
        "crate::state",
    ];
    assert_none(
        "app/src/components",
        &banned,
        "components know no domain type",
    );
}

#[test]
fn lists_are_joined_with_the_comma_of_the_language() {
    for folder in [
        "app/src/screens",
        "app/src/components",
        "app/src/state",
        "app/src/desk",
    ] {
        assert_none(
            folder,
            &["join(\"、", "join(\"，"],
            "the comma of lists is in the locale files",
        );
    }
}

#[test]
fn screens_never_touch_sql_or_documents() {
    let banned = [
        "rusqlite",
        "automerge",
        "SELECT ",
        "INSERT ",
        "replica::store",
        "shared::document::create",
    ];
    assert_none(
        "app/src/screens",
        &banned,
        "screens speak to the replica in messages only",
    );
    assert_none(
        "app/src/state",
        &banned,
        "state speaks to the replica in messages only",
    );
}

#[test]
fn the_desk_of_finance_knows_neither_the_phones_replica_nor_its_documents() {
    assert_none(
        "app/src/desk",
        &[
            "crate::replica",
            "crate::screens",
            "crate::state::app_state",
            "state::use_app",
            "automerge",
            "rusqlite",
            "shared::document",
            "shared::sync",
        ],
        "the desk works on the server's JSON API alone",
    );
}

#[test]
fn handlers_hold_no_sql() {
    assert_none(
        "sync-server/src/api",
        &["SELECT ", "INSERT ", "UPDATE ", "DELETE FROM", "rusqlite::"],
        "SQL lives in the store",
    );
}

/// `Role::from_slug` reads a role; commands, the import and the demo company name those whom they make.
#[test]
fn what_a_role_may_do_is_asked_in_one_place() {
    let mut asked_in = Vec::new();
    for (path, text) in sources("sync-server/src") {
        let name = path.to_string_lossy().replace('\\', "/");
        let makes_people = ["/cli/", "/demo/", "/import/"];
        let judges = text
            .replace("Role::from_slug", "")
            .lines()
            .any(|line| line.split("//").next().unwrap_or("").contains("Role::"));
        if judges && !makes_people.iter().any(|folder| name.contains(folder)) {
            asked_in.push(name.rsplit("/src/").next().unwrap_or("").to_owned());
        }
    }
    assert_eq!(asked_in, ["scope.rs"]);
}

#[test]
fn only_message_and_api_know_wire_formats() {
    for (path, text) in sources("shared/src") {
        if !path.ends_with("sync/message.rs") && !path.to_string_lossy().contains("sync/codec") {
            assert!(
                !text.contains("zstd::"),
                "{}: compression belongs to sync::message",
                path.display()
            );
        }
    }
}

#[test]
fn the_replica_knows_no_user_interface() {
    assert_none(
        "app/src/replica",
        &[
            "dioxus",
            "crate::screens",
            "crate::components",
            "crate::i18n",
        ],
        "the replica has no UI",
    );
}

#[test]
fn the_simulators_auditor_uses_nothing_of_what_it_judges() {
    assert_none(
        "tests/src/sim/auditor",
        &[
            "shared::",
            "app::",
            "sync_server",
            "automerge",
            "rusqlite",
            "crate::records",
            "super::super",
            "sim::observe",
        ],
        "the auditor is independent",
    );
}

#[test]
fn money_never_meets_floating_point() {
    for folder in [
        "shared/src",
        "sync-server/src",
        "app/src/replica",
        "app/src/desk",
    ] {
        for (path, text) in sources(folder) {
            for (number, line) in text.lines().enumerate() {
                let code = line.split("//").next().unwrap_or("").to_lowercase();
                let float = ["f64", "f32"].iter().any(|f| code.contains(f));
                let money = ["amount", "money", "balance", "outstanding", "fen"]
                    .iter()
                    .any(|m| code.contains(m));
                assert!(
                    !(float && money),
                    "{}:{}: {}",
                    path.display(),
                    number + 1,
                    line.trim()
                );
            }
        }
    }
}

#[test]
fn the_top_level_holds_only_what_was_agreed() {
    let listing = Command::new("git")
        .args(["ls-tree", "--name-only", "HEAD"])
        .current_dir(workspace())
        .output()
        .unwrap();
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "Makefile",
        "README.md",
        "app",
        "shared",
        "sync-server",
        "tests",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "clippy.toml",
        "deny.toml",
        "rustfmt.toml",
    ];
    for name in String::from_utf8_lossy(&listing.stdout).lines() {
        assert!(
            name.starts_with('.') || allowed.contains(&name),
            "{name} does not belong at the top level"
        );
    }
}

#[test]
fn no_module_is_without_a_header() {
    for folder in [
        "shared/src",
        "sync-server/src",
        "sync-server/tests",
        "app/src",
        "app/tests",
        "app/bundler/src",
        "tests/src",
        "tests/tests",
        "tests/benches",
        "tests/fuzz/src",
        "tests/fuzz/fuzz_targets",
        "tests/peers/samod/src",
    ] {
        for (path, text) in sources(folder) {
            assert!(
                text.trim_start().starts_with("//!"),
                "{} does not say what it is for",
                path.display()
            );
        }
    }
}

#[test]
fn every_crate_says_what_it_is() {
    let listing = Command::new("git")
        .args(["ls-files", "*Cargo.toml"])
        .current_dir(workspace())
        .output()
        .unwrap();
    let listing = String::from_utf8_lossy(&listing.stdout).into_owned();
    assert!(listing.lines().count() > 5, "{listing}");
    for manifest in listing.lines() {
        let readme = workspace().join(manifest).with_file_name("README.md");
        assert!(readme.is_file(), "{} is missing", readme.display());
    }
}

#[test]
fn no_text_holds_two_versions_of_itself() {
    let marks = ["<<<<<<< ", ">>>>>>> "];
    for mark in marks {
        let found = Command::new("git")
            .args(["grep", "-l", &format!("^{mark}"), "HEAD"])
            .current_dir(workspace())
            .output()
            .unwrap();
        let found = String::from_utf8_lossy(&found.stdout).into_owned();
        assert!(found.is_empty(), "a merge was left half done in\n{found}");
    }
}
