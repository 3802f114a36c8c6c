//! Words of the desk: sentences for refusals, names of accounts, the language.

use shared::ledger::account::Account;

use super::{api::Failure, state::DeskState};
use crate::{
    i18n::{Lang, lang, t, t_args, text},
    state::prefs,
};

/// Takes the language chosen before, or the browser's.
pub fn load_language() {
    #[cfg(target_arch = "wasm32")]
    {
        let platform = crate::platform::web::platform();
        prefs::load_language(&platform);
        platform.device.set_title(&t("desk-title"));
    }
}

/// Keeps the language that was just chosen.
pub fn keep_language(chosen: Lang) {
    #[cfg(target_arch = "wasm32")]
    {
        let platform = crate::platform::web::platform();
        prefs::keep_language(&platform, chosen);
        platform.device.set_title(&t("desk-title"));
    }
    #[cfg(not(target_arch = "wasm32"))]
    {
        let _ = prefs::keep_language;
        crate::i18n::set_lang(chosen);
    }
}

/// The sentence for a refusal: what happened, what is safe, what to do. A code without a sentence of its own gets
/// that of its family, else the general one with the code for support.
pub fn sentence(failure: &Failure) -> String {
    let slug = failure.code.replace(['.', '_'], "-");
    let family = failure.code.split('.').next().unwrap_or_default();
    known(&format!("desk-error-{slug}"))
        .or_else(|| known(&format!("desk-error-{family}")))
        .unwrap_or_else(|| {
            t_args(
                "desk-error-unknown",
                &[("code", failure.code.clone().into())],
            )
        })
}

fn known(key: &str) -> Option<String> {
    let found = text(lang(), key, &[]);
    (found != format!("[{key}]")).then_some(found)
}

/// The word for a kind, or the kind itself where there is none.
pub fn word(family: &str, slug: &str) -> String {
    known(&format!("{family}-{slug}")).unwrap_or_else(|| slug.to_owned())
}

/// An account by name; the customer's or salesperson's name beside it.
pub fn account(desk: DeskState, code: &str) -> String {
    let named = |key: &str, name: String| format!("{} · {name}", t(key));
    match Account::parse(code) {
        Ok(Account::Receivable { customer, invoice }) => {
            let key = match invoice {
                Some(_) => "desk-account-receivable",
                None => "desk-account-on-account",
            };
            named(key, desk.customer_name(&customer.to_string()))
        }
        Ok(Account::FieldCash(person)) => named(
            "desk-account-field-cash",
            desk.person_name(&person.to_string()),
        ),
        Ok(Account::FieldCheques(person)) => named(
            "desk-account-field-cheques",
            desk.person_name(&person.to_string()),
        ),
        Ok(plain) => t(match plain {
            Account::Cheques => "desk-account-cheques",
            Account::ChequesUncleared => "desk-account-cheques-uncleared",
            Account::Bank => "desk-account-bank",
            Account::Cash => "desk-account-cash",
            Account::Sales => "desk-account-sales",
            Account::Interest => "desk-account-interest",
            Account::Returns => "desk-account-returns",
            Account::BadDebt => "desk-account-bad-debt",
            Account::Discounts => "desk-account-discounts",
            Account::CashShort => "desk-account-cash-short",
            Account::BankFees => "desk-account-bank-fees",
            _ => "desk-account-opening",
        }),
        Err(_) => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_becomes_a_sentence_and_none_is_shown_raw() {
        for code in [
            "command.same_person",
            "command.too_much",
            "command.something_new",
            "network.unreachable",
            "auth.session",
            "auth.revoked",
            "ledger.no_customer",
            "store.busy",
            "server.internal",
            "http.malformed",
            "x",
        ] {
            let failure = Failure {
                code: code.to_owned(),
            };
            let sentence = sentence(&failure);
            assert!(
                !sentence.starts_with('[') && sentence.chars().count() > 8,
                "{code}: {sentence}"
            );
        }
    }
}
