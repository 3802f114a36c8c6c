//! From codes to sentences: what happened, what is safe, what to do. No raw code reaches a person alone.

use crate::{
    i18n::{lang, t, t_args, text},
    replica::api::ReplicaFailure,
};

/// The sentence for a failure.
pub fn sentence(failure: &ReplicaFailure) -> String {
    code_sentence(&failure.code)
}

/// The sentence for a code such as `store.full` or `admission.out_of_scope`.
/// A code without a sentence of its own gets the general one with the code in brackets, for support.
pub fn code_sentence(code: &str) -> String {
    known(code).unwrap_or_else(|| {
        let family = code.split('.').next().unwrap_or_default();
        known(family)
            .unwrap_or_else(|| t_args("error-unknown", &[("code", code.to_owned().into())]))
    })
}

/// Why the server did not take a record, and what to do about it.
pub fn rejection_sentence(code: &str) -> String {
    known(code).unwrap_or_else(|| t("error-admission"))
}

fn known(code: &str) -> Option<String> {
    let slug: String = code
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let key = format!("error-{slug}");
    let found = text(lang(), &key, &[]);
    (found != format!("[{key}]")).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_gets_a_sentence_and_none_is_shown_raw() {
        for code in [
            "store.full",
            "network.unreachable",
            "enrol.code_expired",
            "admission.broken_seal",
            "admission.new_one",
            "x",
            "",
        ] {
            let sentence = code_sentence(code);
            assert!(
                !sentence.starts_with('[') && sentence.chars().count() > 8,
                "{code}: {sentence}"
            );
        }
        assert_ne!(
            code_sentence("store.full"),
            code_sentence("network.unreachable")
        );
    }
}
