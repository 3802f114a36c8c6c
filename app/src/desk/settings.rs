//! Settings 设置: the figures of the company's rules by groups, each with its unit, its default and where that comes from;
//! what was typed is checked in place by the server's own bounds, shown as a change before it is made, and every change
//! stands below the form.
//!
//! Invariant: a change is made from the revision that the screen was shown. What somebody else changed meanwhile is said,
//! and shown only once nothing is half-typed: nobody's typing goes, and nobody's change is overwritten unseen.

use std::{collections::BTreeMap, rc::Rc};

use dioxus::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::policy::setting::{self, Group, Setting, SettingError, Unit, Whole};

use super::{
    frame::Screen,
    order::Order,
    parts::{SectionHead, Stale, Waiting},
    state::{use_desk, use_read},
};
use crate::{
    components::{
        Banner, Button, ButtonKind, Card, Column, DataRow, DataTable, Field, FieldKind, Tone,
    },
    i18n::{t, t_args, term},
};

/// A value as the server tells it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Told {
    key: String,
    value: u32,
}

/// One value that became another.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Changed {
    key: String,
    old: u32,
    new: u32,
}

/// A change that was made.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Change {
    id: String,
    person: String,
    at: i64,
    reason: String,
    changed: Vec<Changed>,
}

/// The settings and their changes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Settings {
    revision: u32,
    settings: Vec<Told>,
    changes: Vec<Change>,
}

impl Settings {
    fn whole(&self) -> Whole {
        Whole::of(
            self.settings
                .iter()
                .map(|one| (one.key.as_str(), one.value)),
        )
    }
}

/// What was typed, by the settings' names.
type Draft = BTreeMap<&'static str, String>;

/// What was typed differs in these, or is wrong there.
#[derive(Clone, Debug, Default, PartialEq)]
struct Judged {
    changed: Vec<Changed>,
    wrong: BTreeMap<&'static str, String>,
}

impl Judged {
    fn values(&self) -> BTreeMap<String, u32> {
        let pairs = self.changed.iter().map(|one| (one.key.clone(), one.new));
        pairs.collect()
    }
}

/// What a value reads like, without its unit: a time of the day as `18:00`.
fn typed(unit: Unit, value: u32) -> String {
    match unit {
        Unit::Time => format!("{:02}:{:02}", value / 60, value % 60),
        _ => value.to_string(),
    }
}

/// The value of what was typed; none if it is none.
fn read(unit: Unit, text: &str) -> Option<u32> {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | ',' | '，'))
        .map(|c| if c == '：' { ':' } else { c })
        .collect();
    if unit != Unit::Time {
        return plain.parse().ok();
    }
    let (hours, minutes) = plain.split_once(':')?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// A value with its unit, in words.
fn said(one: &Setting, value: u32) -> String {
    let value = typed(one.unit, value);
    t_args(
        &format!("desk-set-value-{}", one.unit.slug().replace('_', "-")),
        &[("value", value.into())],
    )
}

fn name(key: &str) -> String {
    t(&format!("desk-set-{}", key.replace('_', "-")))
}

fn out_of_bounds(one: &Setting) -> String {
    t_args(
        "desk-set-range",
        &[
            ("min", typed(one.unit, one.min).into()),
            ("max", typed(one.unit, one.max).into()),
        ],
    )
}

/// Judges what was typed as the server will.
fn judge(before: &Whole, draft: &Draft) -> Judged {
    let mut judged = Judged::default();
    for (key, text) in draft {
        let Some(one) = setting::setting(key) else {
            continue;
        };
        match read(one.unit, text).filter(|value| one.takes(*value)) {
            None => {
                judged.wrong.insert(one.key, out_of_bounds(one));
            }
            Some(new) if new != one.of(before) => judged.changed.push(Changed {
                key: one.key.to_owned(),
                old: one.of(before),
                new,
            }),
            Some(_) => {}
        }
    }
    if let Err(SettingError::Order { key, next }) = setting::apply(before, &judged.values()) {
        // Said at what was typed, if only one of both was.
        let typed_next = draft.contains_key(next) && !draft.contains_key(key);
        let (at, words) = match typed_next {
            true => (next, "desk-set-after"),
            false => (key, "desk-set-before"),
        };
        let other = if typed_next { key } else { next };
        let words = t_args(words, &[("other", name(other).into())]);
        judged.wrong.entry(at).or_insert(words);
    }
    judged
}

/// The screen.
#[component]
pub fn SettingsScreen() -> Element {
    let settings = use_read::<Settings>("/v1/desk/settings".to_owned());
    rsx! {
        Screen { title: t("desk-settings"),
            match settings.view() {
                None => rsx! { Waiting { error: settings.error() } },
                Some(found) => rsx! {
                    Stale { error: settings.error() }
                    p { class: "t2", {t("desk-set-note")} }
                    Form { found: found.clone() }
                    History { list: found.changes.clone() }
                },
            }
        }
    }
}

/// All groups, and what is changed of them.
#[component]
fn Form(found: Rc<Settings>) -> Element {
    let desk = use_desk();
    let mut draft = use_signal(Draft::new);
    let mut saving = use_signal(|| false);
    let first = found.clone();
    // What was typed is about the values that were shown then: those of others are taken once nothing is half-typed.
    let mut base = use_signal(move || first);
    let newest = found.clone();
    use_effect(use_reactive!(|newest| {
        let shown = base.peek().revision;
        let is_mine = newest.revision == shown + 1
            && newest
                .changes
                .first()
                .is_some_and(|one| desk.is_me(&one.person));
        if newest.revision != shown && (is_mine || draft.peek().is_empty()) {
            draft.set(Draft::new());
            base.set(newest);
        }
    }));
    let revision = base.read().revision;
    let before = base.read().whole();
    let is_overtaken = revision != found.revision && !draft.read().is_empty();
    let judged = judge(&before, &draft.read());
    let count = judged.changed.len();
    let is_wrong = !judged.wrong.is_empty();
    let wrong = judged.wrong.clone();
    rsx! {
        for group in Group::ALL {
            Card { key: "{group.slug()}", id: "group-{group.slug()}", title: term("desk-set-group", group.slug()),
                div { class: "settings",
                    for one in setting::ALL.iter().filter(|one| one.group == *group) {
                        Line {
                            key: "{revision}-{one.key}",
                            name: one.key,
                            value: one.of(&before),
                            error: wrong.get(one.key).cloned(),
                            ontyped: move |text: Option<String>| {
                                match text {
                                    Some(text) => draft.write().insert(one.key, text),
                                    None => draft.write().remove(one.key),
                                };
                            },
                        }
                    }
                }
            }
        }
        if is_overtaken {
            Banner { tone: Tone::Amber, id: "settings-overtaken", title: t("desk-set-overtaken"), body: t("desk-set-overtaken-body"),
                Button {
                    kind: ButtonKind::Sub,
                    small: true,
                    id: "settings-anew",
                    onclick: move |_| {
                        draft.set(Draft::new());
                        base.set(found.clone());
                    },
                    {t("desk-set-anew")}
                }
            }
        }
        if !draft.read().is_empty() {
            div { class: "settings-foot row between wrap", id: "settings-foot",
                p { class: "t2", role: "status",
                    if is_wrong {
                        {t("desk-set-wrong")}
                    } else {
                        {t_args("desk-set-count", &[("count", count.into())])}
                    }
                }
                Button {
                    kind: ButtonKind::Primary,
                    id: "settings-look",
                    disabled: count == 0 || is_wrong,
                    onclick: move |_| saving.set(true),
                    {t("desk-set-look")}
                }
            }
        }
        if saving() {
            Save { revision, judged, onclose: move |()| saving.set(false) }
        }
    }
}

/// One setting: its field, what it is about, and the way back to the default.
#[component]
fn Line(
    name: &'static str,
    value: u32,
    error: Option<String>,
    ontyped: EventHandler<Option<String>>,
) -> Element {
    // The field is made anew where its text comes from elsewhere than the keyboard.
    let mut made = use_signal(|| 0u32);
    let mut begins = use_signal(|| None::<u32>);
    let mut shown = use_signal(|| Some(value));
    let Some(one) = setting::setting(name) else {
        return rsx! {};
    };
    let default = one.default_value();
    let initial = typed(one.unit, begins().unwrap_or(value));
    let unit = (one.unit != Unit::Count).then(|| {
        t(&format!(
            "desk-set-unit-{}",
            one.unit.slug().replace('_', "-")
        ))
    });
    let source = t(&format!("desk-set-{}-why", one.key.replace('_', "-")));
    let hint = t_args(
        "desk-set-hint",
        &[
            ("why", source.into()),
            ("default", said(one, default).into()),
        ],
    );
    rsx! {
        div { class: "setting",
            for key in [made()] {
                Field {
                    key: "{key}",
                    id: "set-{one.key}",
                    label: self::name(one.key),
                    kind: if one.unit == Unit::Time { FieldKind::Text } else { FieldKind::Digits },
                    initial: initial.clone(),
                    unit: unit.clone(),
                    hint: hint.clone(),
                    error: error.clone(),
                    max_length: 9,
                    oninput: move |text: String| {
                        let now = read(one.unit, &text);
                        shown.set(now);
                        ontyped.call((now != Some(value)).then_some(text));
                    },
                }
            }
            if shown() != Some(default) {
                Button {
                    kind: ButtonKind::Sub,
                    small: true,
                    id: "default-{one.key}",
                    aria_label: t_args("desk-set-default-of", &[("name", self::name(one.key).into())]),
                    onclick: move |_| {
                        begins.set(Some(default));
                        shown.set(Some(default));
                        made += 1;
                        ontyped.call((default != value).then(|| typed(one.unit, default)));
                    },
                    {t("desk-set-default")}
                }
            }
        }
    }
}

/// What becomes different, in words.
#[component]
fn Differences(list: Vec<Changed>, caption: String) -> Element {
    let columns = vec![
        Column::text(t("desk-set-col-name")),
        Column::figures(t("desk-set-col-old")),
        Column::figures(t("desk-set-col-new")),
    ];
    let value = |key: &str, value: u32| {
        setting::setting(key).map_or_else(|| value.to_string(), |one| said(one, value))
    };
    rsx! {
        DataTable { caption, columns,
            for one in list {
                DataRow { key: "{one.key}",
                    td { {name(&one.key)} }
                    td { class: "r nowrap", {value(&one.key, one.old)} }
                    td { class: "r nowrap", strong { {value(&one.key, one.new)} } }
                }
            }
        }
    }
}

/// The sheet: what becomes different, why, and from when on.
#[component]
fn Save(revision: u32, judged: Judged, onclose: EventHandler<()>) -> Element {
    let values = judged.values();
    let command = use_callback(move |()| {
        Ok::<Value, String>(json!({ "revision": revision, "values": values.clone() }))
    });
    rsx! {
        Order {
            title: t("desk-set-title"),
            confirm: t("desk-set-yes"),
            send_to: "/v1/desk/settings".to_owned(),
            done: t("desk-set-done"),
            command,
            onclose,
            Differences { list: judged.changed.clone(), caption: t("desk-set-title") }
            Banner { tone: Tone::Amber, id: "settings-effect", title: t("desk-set-effect"), body: t("desk-set-effect-body") }
        }
    }
}

/// Who changed what, when and why.
#[component]
fn History(list: Vec<Change>) -> Element {
    let desk = use_desk();
    rsx! {
        SectionHead { title: t("desk-set-history") }
        if list.is_empty() {
            p { class: "t2", id: "settings-history", {t("desk-set-history-none")} }
        } else {
            div { class: "stack", id: "settings-history",
                for change in list {
                    Card { key: "{change.id}",
                        p {
                            strong { {desk.person_name(&change.person)} }
                            " "
                            span { class: "t3 nowrap", {desk.moment(change.at)} }
                        }
                        p { class: "t2", "{change.reason}" }
                        Differences { list: change.changed.clone(), caption: change.reason.clone() }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_people_type_them_and_times_as_times_of_the_day() {
        let check = |unit, text: &str, expected: Option<u32>| {
            assert_eq!(read(unit, text), expected, "{text}");
        };
        check(Unit::Days, " 15 ", Some(15));
        check(Unit::Yuan, "50,000", Some(50_000));
        check(Unit::Days, "-1", None);
        check(Unit::Days, "1.5", None);
        check(Unit::Days, "", None);
        check(Unit::Time, "18:00", Some(1_080));
        check(Unit::Time, "9：05", Some(545));
        check(Unit::Time, "24:00", None);
        check(Unit::Time, "1800", None);
        assert_eq!(typed(Unit::Time, 545), "09:05");
    }

    #[test]
    fn what_is_wrong_is_said_at_the_field_that_was_typed_in() {
        let whole = Whole::default();
        let wrong = |pairs: &[(&'static str, &str)]| -> Vec<&'static str> {
            let draft = pairs.iter().map(|(key, text)| (*key, (*text).to_owned()));
            judge(&whole, &draft.collect()).wrong.into_keys().collect()
        };
        assert_eq!(wrong(&[("remind_days", "10")]), Vec::<&str>::new());
        assert_eq!(wrong(&[("remind_days", "zehn")]), ["remind_days"]);
        assert_eq!(wrong(&[("remind_days", "2")]), ["remind_days"]);
        assert_eq!(wrong(&[("fix_days", "8")]), ["fix_days"]);
        assert_eq!(wrong(&[("dunning_2", "90")]), ["dunning_2"]);
        let same = [("remind_days", "7".to_owned())].into();
        assert_eq!(judge(&whole, &same), Judged::default());
    }

    #[test]
    fn every_setting_has_its_words() {
        for one in &setting::ALL {
            let key = one.key.replace('_', "-");
            for key in [format!("desk-set-{key}"), format!("desk-set-{key}-why")] {
                assert!(!t(&key).starts_with('['), "{key}");
            }
        }
        for unit in Unit::ALL {
            let unit = unit.slug().replace('_', "-");
            let named = unit == "count" || !t(&format!("desk-set-unit-{unit}")).starts_with('[');
            assert!(named && !t(&format!("desk-set-value-{unit}")).starts_with('['));
        }
        for group in Group::ALL {
            assert!(!term("desk-set-group", group.slug()).starts_with('['));
        }
    }
}
