//! The words of the interface in the language of the person who reads them.
//!
//! `assets/locales/*.ftl` (Fluent) are embedded in the native binary; in the browser they stay files of their
//! own, which `boot.js` has read before the module starts (those of the desk, `desk.*.ftl`, for the desk alone).
//! Both languages have the same keys.
//! Screens call [`t`], [`t_args`] or the [`t!`](crate::t) macro; a call made while a component renders
//! subscribes that component, so switching the language redraws it.
//! Invariant: nothing here panics. A key that is missing shows as `[key]`, a broken pattern as its text.

use std::cell::OnceCell;

use dioxus::{core::Runtime, prelude::*};

pub use crate::messages::Arg;
use crate::messages::Messages;

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Simplified Chinese, the first language.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Every language, in the order in which people choose.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The BCP 47 tag, for `<html lang>` and for storing the choice.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The name of the language in that language.
    pub const fn own_name(self) -> &'static str {
        match self {
            Lang::Zh => "中文",
            Lang::En => "English",
        }
    }

    /// The language for a BCP 47 tag such as a browser gives (`zh`, `zh-Hans-CN`, `en-GB`); Chinese for others.
    pub fn from_tag(tag: &str) -> Self {
        let main = tag.split(['-', '_']).next().unwrap_or_default();
        if main.eq_ignore_ascii_case("en") {
            Lang::En
        } else {
            Lang::Zh
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn source(self) -> String {
        let text = match self {
            Lang::Zh => concat!(
                include_str!("../assets/locales/zh-CN.ftl"),
                "\n",
                include_str!("../assets/locales/desk.zh-CN.ftl")
            ),
            Lang::En => concat!(
                include_str!("../assets/locales/en.ftl"),
                "\n",
                include_str!("../assets/locales/desk.en.ftl")
            ),
        };
        text.to_owned()
    }

    #[cfg(target_arch = "wasm32")]
    fn source(self) -> String {
        crate::platform::web::locale_text(self.tag())
    }

    fn messages(self) -> Messages {
        // A file with a mistake still gives every message that could be read; a test refuses such a file.
        Messages::new(self.source(), self == Lang::En)
    }
}

static LANG: GlobalSignal<Lang> = Signal::global(Lang::default);

thread_local! {
    static ZH: OnceCell<Messages> = const { OnceCell::new() };
    static EN: OnceCell<Messages> = const { OnceCell::new() };
}

/// The language shown now. Reading it while rendering subscribes the component.
/// Outside a running interface it is the first language.
pub fn lang() -> Lang {
    if Runtime::try_current().is_some() {
        LANG()
    } else {
        Lang::default()
    }
}

/// Switches the interface to another language; every text on the screen follows.
/// Storing the choice and setting `<html lang>` is for the caller.
pub fn set_lang(lang: Lang) {
    if Runtime::try_current().is_some() {
        *LANG.write() = lang;
    }
}

/// The text of a key in the current language; `[key]` if there is none.
pub fn t(key: &str) -> String {
    text(lang(), key, &[])
}

/// The text of a key with values for its variables:
/// `t_args("status-pending", &[("count", 3.into()), ("time", "14:32".into())])`.
pub fn t_args(key: &str, args: &[(&str, Arg<'_>)]) -> String {
    text(lang(), key, args)
}

/// The word for one value of a shared enum: `term("visit-result", result.slug())`.
pub fn term(family: &str, slug: &str) -> String {
    if slug == "unknown" {
        t("term-unknown")
    } else {
        t(&format!("{family}-{slug}"))
    }
}

/// The text of a key in a given language, for papers that the customer reads and for tests.
pub fn text(lang: Lang, key: &str, args: &[(&str, Arg<'_>)]) -> String {
    let cell = match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    };
    cell.with(|cell| {
        let messages = cell.get_or_init(|| lang.messages());
        messages.text(key, args)
    })
    .unwrap_or_else(|| format!("[{key}]"))
}

/// The text of a key, with values by name: `t!("save")`, `t!("status-pending", count = 3, time = when)`.
#[macro_export]
macro_rules! t {
    ($key:expr $(,)?) => { $crate::i18n::t($key) };
    ($key:expr, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::t_args($key, &[$((stringify!($name), $crate::i18n::Arg::from($value))),+])
    };
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};

    use super::*;

    /// The words as `fluent-bundle` reads them.
    fn bundle(lang: Lang) -> FluentBundle<FluentResource> {
        let id: unic_langid::LanguageIdentifier = lang.tag().parse().unwrap();
        let mut bundle = FluentBundle::new(vec![id]);
        // The invisible isolation marks would end up in copied amounts and in searches.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(lang.source()).unwrap();
        bundle.add_resource(resource).unwrap();
        bundle
    }

    /// Messages of a file by key: their text and the variables they use. Read by hand rather than by the
    /// Fluent parser, so that duplicates and empty values are seen too.
    fn messages(lang: Lang) -> BTreeMap<String, (String, BTreeSet<String>)> {
        let mut found = BTreeMap::new();
        let mut current: Option<String> = None;
        for line in lang.source().lines() {
            let is_key = line.starts_with(|c: char| c.is_ascii_alphabetic());
            if let (true, Some((key, value))) = (is_key, line.split_once('=')) {
                let key = key.trim().to_owned();
                let old = found.insert(key.clone(), (value.trim().to_owned(), BTreeSet::new()));
                assert!(old.is_none(), "{}: {key} stands twice", lang.tag());
                current = Some(key);
            } else if line.starts_with(' ') || line == "}" {
                if let Some((text, _)) = current.as_ref().and_then(|key| found.get_mut(key)) {
                    text.push(' ');
                    text.push_str(line.trim());
                }
            } else {
                assert!(
                    line.is_empty() || line.starts_with('#'),
                    "{}: cannot read {line:?}",
                    lang.tag()
                );
                current = None;
            }
        }
        for (text, variables) in found.values_mut() {
            for part in text.split('$').skip(1) {
                let name: String = part
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
                    .collect();
                variables.insert(name);
            }
        }
        found
    }

    #[test]
    fn both_files_parse() {
        for lang in Lang::ALL {
            if let Err((_, errors)) = FluentResource::try_new(lang.source()) {
                panic!("{}: {errors:?}", lang.tag());
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_variables_and_no_empty_text() {
        let (zh, en) = (messages(Lang::Zh), messages(Lang::En));
        let missing = |a: &BTreeMap<String, _>, b: &BTreeMap<String, _>| -> Vec<String> {
            a.keys()
                .filter(|key| !b.contains_key(*key))
                .cloned()
                .collect()
        };
        assert_eq!(
            missing(&zh, &en),
            Vec::<String>::new(),
            "missing in English"
        );
        assert_eq!(
            missing(&en, &zh),
            Vec::<String>::new(),
            "missing in Chinese"
        );
        for (key, (text, variables)) in &zh {
            let (other_text, other_variables) = &en[key];
            assert!(!text.is_empty() && !other_text.is_empty(), "{key} is empty");
            assert_eq!(variables, other_variables, "variables of {key}");
        }
    }

    #[test]
    fn every_message_reads_as_fluent_reads_it_without_an_error() {
        for lang in Lang::ALL {
            let bundle = bundle(lang);
            for (key, (_, variables)) in messages(lang) {
                let pattern = bundle.get_message(&key).and_then(|m| m.value()).unwrap();
                for count in [0, 1, 2, 21, 365] {
                    let theirs: FluentArgs<'_> = variables
                        .iter()
                        .map(|name| (name.as_str(), FluentValue::from(count)))
                        .collect();
                    let ours: Vec<(&str, Arg<'_>)> = variables
                        .iter()
                        .map(|name| (name.as_str(), Arg::from(count)))
                        .collect();
                    let mut errors = Vec::new();
                    let said = bundle.format_pattern(pattern, Some(&theirs), &mut errors);
                    assert!(errors.is_empty(), "{}: {key}: {errors:?}", lang.tag());
                    assert_eq!(text(lang, &key, &ours), said, "{}: {key}", lang.tag());
                }
                let theirs: FluentArgs<'_> = variables
                    .iter()
                    .map(|name| (name.as_str(), FluentValue::from("大华")))
                    .collect();
                let ours: Vec<(&str, Arg<'_>)> = variables
                    .iter()
                    .map(|name| (name.as_str(), Arg::from("大华")))
                    .collect();
                let said = bundle.format_pattern(pattern, Some(&theirs), &mut Vec::new());
                assert_eq!(text(lang, &key, &ours), said, "{}: {key}", lang.tag());
            }
        }
    }

    #[test]
    fn a_missing_key_shows_in_brackets() {
        assert_eq!(text(Lang::Zh, "no-such-key", &[]), "[no-such-key]");
        assert_eq!(text(Lang::En, "", &[]), "[]");
    }

    #[test]
    fn values_stand_in_the_text_without_invisible_marks() {
        let args = [("count", Arg::from(3)), ("time", Arg::from("14:32"))];
        assert_eq!(
            text(Lang::Zh, "status-pending", &args),
            "未同步 3 条 · 数据截至 14:32"
        );
        assert_eq!(
            text(Lang::En, "status-pending", &args),
            "3 not synced · data as of 14:32"
        );
    }

    #[test]
    fn tags_of_browsers_find_their_language() {
        for (tag, expected) in [
            ("zh-CN", Lang::Zh),
            ("zh", Lang::Zh),
            ("en-GB", Lang::En),
            ("EN", Lang::En),
            ("fr", Lang::Zh),
            ("", Lang::Zh),
        ] {
            assert_eq!(Lang::from_tag(tag), expected, "{tag}");
        }
    }

    #[test]
    fn every_value_of_every_shared_enum_has_a_word() {
        use shared::policy::{
            advice::Step,
            dunning::DunningStep,
            escalation::Escalation,
            hold::HoldReason,
            legal::LegalStep,
            plan::{Factor, Manner},
            playbook::Tip,
            risk::RiskClass,
            statement_calendar::StatementPhase,
        };
        use shared::{
            customer::*, people::Role, promise::PromiseState, proposal::*, receipt::*, visit::*,
        };
        fn slugs<T: Copy>(
            family: &'static str,
            all: &[T],
            slug: fn(T) -> &'static str,
        ) -> Vec<String> {
            all.iter()
                .map(|value| format!("{family}-{}", slug(*value)))
                .collect()
        }
        let keys = [
            slugs("visit-purpose", VisitPurpose::ALL, VisitPurpose::slug),
            slugs("visit-result", VisitResult::ALL, VisitResult::slug),
            slugs("unpaid-reason", UnpaidReason::ALL, UnpaidReason::slug),
            slugs("warning-sign", WarningSign::ALL, WarningSign::slug),
            slugs("promise-state", PromiseState::ALL, PromiseState::slug),
            slugs("method", MethodKind::ALL, MethodKind::slug),
            slugs("receipt-state", ReceiptState::ALL, ReceiptState::slug),
            slugs("contact-role", ContactRole::ALL, ContactRole::slug),
            slugs("settlement", Settlement::ALL, Settlement::slug),
            slugs(
                "book-field",
                shared::contact_book::BookField::ALL,
                shared::contact_book::BookField::slug,
            ),
            slugs("proposal", ProposalKind::ALL, ProposalKind::slug),
            slugs("proposal-way", ProposalKind::ALL, ProposalKind::slug),
            slugs("proposal-agree", ProposalKind::ALL, ProposalKind::slug),
            slugs("proposal-state", ProposalState::ALL, ProposalState::slug),
            slugs("dispute-reason", DisputeReason::ALL, DisputeReason::slug),
            slugs("role", Role::ALL, Role::slug),
            slugs("tip", Tip::ALL, Tip::slug),
            slugs("step", Step::ALL, Step::slug),
            slugs("hold-reason", HoldReason::ALL, HoldReason::slug),
            slugs("manner", Manner::ALL, Manner::slug),
            slugs("why", Escalation::ALL, Escalation::slug),
            slugs("why-statement", StatementPhase::ALL, StatementPhase::slug),
            slugs("dunning", DunningStep::ALL, DunningStep::slug),
            slugs("legal", LegalStep::ALL, LegalStep::slug),
            slugs("risk", RiskClass::ALL, RiskClass::slug),
        ];
        let factors = Factor::ALL.iter().flat_map(|factor| {
            ["hard", "soft"].map(|side| format!("factor-{}-{side}", factor.slug()))
        });
        let zh = messages(Lang::Zh);
        let missing: Vec<_> = keys
            .into_iter()
            .flatten()
            .chain(factors)
            .filter(|key| !zh.contains_key(key))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
