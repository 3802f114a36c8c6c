//! Every code with which the phone refuses something has a sentence in both languages: what happened,
//! what is safe, what to do. A code of its own key, or that of its family (`receipt.…` → `error-receipt`).

// A step that fails here is a test that fails.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, fs, path::Path};

/// Families of codes that people meet.
const FAMILIES: &[&str] = &[
    "receipt",
    "hand_in",
    "statement",
    "promise",
    "proposal",
    "visit",
    "comment",
    "book",
    "photo",
    "draft",
    "record",
    "session",
    "enrol",
    "device",
    "store",
    "replica",
    "rules",
    "content",
    "document",
    "money",
    "message",
    "network",
    "admission",
];

#[test]
fn every_code_of_the_replica_and_of_admission_has_a_sentence_in_both_languages() {
    let root = tests::workspace();
    let mut codes = BTreeSet::new();
    for folder in ["app/src/replica", "app/src/platform", "shared/src"] {
        collect(&root.join(folder), &mut codes);
    }
    assert!(codes.len() > 50, "the codes were not found: {codes:?}");
    for language in ["zh-CN", "en"] {
        let file = root.join(format!("app/assets/locales/{language}.ftl"));
        let text = fs::read_to_string(file).unwrap();
        let has = |key: &str| {
            text.lines()
                .any(|line| line.starts_with(&format!("{key} = ")))
        };
        let missing: Vec<&String> = codes
            .iter()
            .filter(|code| {
                let family = code.split('.').next().unwrap_or_default();
                let own = code.replace(['.', '_'], "-");
                !has(&format!("error-{own}")) && !has(&format!("error-{family}"))
            })
            .collect();
        assert!(missing.is_empty(), "no sentence in {language}: {missing:?}");
    }
}

/// String literals of the form `family.some_words`.
fn collect(folder: &Path, codes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, codes);
            continue;
        }
        if path.extension().is_none_or(|e| e != "rs") {
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        for literal in source.split('"').skip(1).step_by(2) {
            let Some((family, rest)) = literal.split_once('.') else {
                continue;
            };
            let is_word = |c: char| c.is_ascii_lowercase() || c == '_';
            if FAMILIES.contains(&family) && !rest.is_empty() && rest.chars().all(is_word) {
                codes.insert(literal.to_owned());
            }
        }
    }
}
