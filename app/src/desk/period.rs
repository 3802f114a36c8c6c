//! Period close 结账: which days are closed, by whom, and the sheet that closes more of them.
//!
//! Invariant: before days are closed it is said that this is for good, and which phones may still hold records of them.

use dioxus::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::day::Day;

use super::{
    frame::Screen,
    order::Order,
    parts::{SectionHead, Stale, Waiting},
    state::{use_desk, use_read},
};
use crate::{
    components::{
        Banner, Button, ButtonKind, Card, Column, DataRow, DataTable, DateField, EmptyState,
        IconName, Tone,
    },
    format,
    i18n::{t, t_args},
};

/// A close.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Close {
    id: String,
    through: Day,
    person: String,
    at: i64,
    reason: String,
}

/// A device that brings records of the field.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Device {
    code: String,
    person: String,
    last: Option<Day>,
}

/// How the closed days stand.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Period {
    closed_through: Option<Day>,
    closable_through: Option<Day>,
    closes: Vec<Close>,
    late_entries: u64,
    devices: Vec<Device>,
}

impl Period {
    /// The first day that is open; none if none was ever closed.
    fn first_open(&self) -> Option<Day> {
        self.closed_through.map(|day| day.plus_days(1))
    }

    /// Can the days up to this one be closed?
    fn can_close(&self, through: Day) -> bool {
        self.closable_through.is_some_and(|last| through <= last)
            && self.first_open().is_none_or(|first| through >= first)
    }

    /// Devices that were not heard after the day: they may hold records of it.
    fn not_heard_since(&self, day: Day) -> Vec<Device> {
        let is_behind = |device: &&Device| device.last.is_none_or(|last| last <= day);
        self.devices.iter().filter(is_behind).cloned().collect()
    }
}

/// The screen.
#[component]
pub fn PeriodScreen() -> Element {
    let period = use_read::<Period>("/v1/desk/period".to_owned());
    rsx! {
        Screen { title: t("desk-period"),
            match period.view() {
                None => rsx! { Waiting { error: period.error() } },
                Some(found) => rsx! {
                    Stale { error: period.error() }
                    Standing { period: (*found).clone() }
                    match found.closable_through {
                        // The field begins anew with what is left to close.
                        Some(last) => rsx! {
                            for key in [format!("{last}-{:?}", found.closed_through)] {
                                Choose { key: "{key}", period: (*found).clone(), last }
                            }
                        },
                        None => rsx! {
                            EmptyState { icon: IconName::Check, title: t("desk-period-all-closed"), body: t("desk-period-all-closed-body") }
                        },
                    }
                    Closes { list: found.closes.clone() }
                },
            }
        }
    }
}

/// What is closed now, and what has come late.
#[component]
fn Standing(period: Period) -> Element {
    let title = match period.closed_through {
        Some(day) => t_args(
            "desk-period-closed",
            &[("day", format::date_long(day).into())],
        ),
        None => t("desk-period-none"),
    };
    rsx! {
        Card { id: "closed-through", title,
            p { class: "t2", {t("desk-period-note")} }
            if period.late_entries > 0 {
                p { id: "late", class: "t2", {t_args("desk-period-late", &[("count", period.late_entries.into())])} }
            }
        }
    }
}

/// Up to which day, which phones may still hold something, and the button.
#[component]
fn Choose(period: Period, last: Day) -> Element {
    let mut day = use_signal(move || Some(last));
    let mut closing = use_signal(|| None::<Day>);
    let mut is_wrong = use_signal(|| false);
    let rules = period.clone();
    let open = move |_| match day().filter(|day| rules.can_close(*day)) {
        Some(through) => closing.set(Some(through)),
        None => is_wrong.set(true),
    };
    let not_heard = day().map_or_else(Vec::new, |day| period.not_heard_since(day));
    rsx! {
        SectionHead { title: t("desk-period-choose") }
        DateField {
            id: "through",
            label: t("desk-period-through"),
            initial: Some(last),
            min: period.first_open(),
            max: Some(last),
            hint: t("desk-period-hint"),
            error: is_wrong().then(|| t("desk-period-wrong")),
            required: true,
            onchange: move |chosen| {
                day.set(chosen);
                is_wrong.set(false);
            },
        }
        if !not_heard.is_empty() {
            NotHeard { list: not_heard.clone() }
        }
        div { class: "row wrap",
            Button { kind: ButtonKind::Primary, id: "close-days", onclick: open, {t("desk-period-do")} }
        }
        if let Some(through) = closing() {
            CloseSheet {
                first: period.first_open(),
                through,
                not_heard: period.not_heard_since(through).len(),
                onclose: move |()| closing.set(None),
            }
        }
    }
}

/// Phones that may still hold records of the days.
#[component]
fn NotHeard(list: Vec<Device>) -> Element {
    let desk = use_desk();
    let columns = vec![
        Column::text(t("desk-period-device")),
        Column::text(t("desk-period-whose")),
        Column::text(t("desk-period-heard")),
    ];
    let title = t_args("desk-period-not-heard", &[("count", list.len().into())]);
    rsx! {
        Banner { tone: Tone::Amber, id: "not-heard", title, body: t("desk-period-not-heard-body") }
        DataTable { caption: t("desk-period-not-heard-caption"), columns,
            for device in list {
                DataRow { key: "{device.code}",
                    td { class: "nowrap", "{device.code}" }
                    td { {desk.person_name(&device.person)} }
                    td { class: "nowrap", {device.last.map_or_else(|| t("desk-period-never"), format::date)} }
                }
            }
        }
    }
}

/// The sheet.
#[component]
fn CloseSheet(
    first: Option<Day>,
    through: Day,
    not_heard: usize,
    onclose: EventHandler<()>,
) -> Element {
    let command = use_callback(move |()| {
        Ok::<Value, String>(json!({ "kind": "close_period", "through": through }))
    });
    let days = match first {
        Some(first) if first < through => {
            format!("{} – {}", format::date(first), format::date(through))
        }
        Some(_) => format::date(through),
        None => t_args(
            "desk-period-up-to",
            &[("day", format::date(through).into())],
        ),
    };
    rsx! {
        Order {
            title: t("desk-period-title"),
            confirm: t("desk-period-yes"),
            danger: true,
            reason: t("desk-period-reason"),
            done: t("desk-period-done"),
            command,
            onclose,
            dl { class: "facts",
                dt { {t("desk-period-days")} }
                dd { class: "num", id: "days", "{days}" }
            }
            p { class: "t2", {t("desk-period-warning")} }
            if not_heard > 0 {
                p { class: "t2", {t_args("desk-period-not-heard", &[("count", not_heard.into())])} }
            }
        }
    }
}

/// Who closed what, and why.
#[component]
fn Closes(list: Vec<Close>) -> Element {
    let desk = use_desk();
    if list.is_empty() {
        return rsx! {};
    }
    let columns = vec![
        Column::text(t("desk-period-through")),
        Column::text(t("desk-col-by")),
        Column::text(t("desk-col-reason")),
    ];
    rsx! {
        SectionHead { title: t("desk-period-closes") }
        DataTable { caption: t("desk-period-closes"), columns,
            for close in list {
                DataRow { key: "{close.id}",
                    td { class: "nowrap", strong { {format::date(close.through)} } }
                    td {
                        {desk.person_name(&close.person)}
                        p { class: "t3 nowrap", {desk.moment(close.at)} }
                    }
                    td { "{close.reason}" }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn period(closed: Option<&str>, closable: Option<&str>) -> Period {
        let device = |code: &str, last: Option<&str>| Device {
            code: code.to_owned(),
            person: String::new(),
            last: last.map(day),
        };
        Period {
            closed_through: closed.map(day),
            closable_through: closable.map(day),
            closes: vec![],
            late_entries: 0,
            devices: vec![
                device("A01", None),
                device("A02", Some("2026-11-20")),
                device("A03", Some("2026-11-21")),
            ],
        }
    }

    #[test]
    fn only_days_that_are_over_and_open_can_be_closed() {
        let some = period(Some("2026-10-31"), Some("2026-11-20"));
        let can = |text: &str| some.can_close(day(text));
        assert!(can("2026-11-01") && can("2026-11-20"));
        assert!(!can("2026-10-31") && !can("2026-11-21"));
        assert!(period(None, Some("2026-11-20")).can_close(day("2020-01-01")));
        assert!(!period(Some("2026-11-20"), None).can_close(day("2026-11-20")));
    }

    #[test]
    fn a_phone_not_heard_after_a_day_may_hold_records_of_it() {
        let codes = |text: &str| -> Vec<String> {
            let found = period(None, None).not_heard_since(day(text));
            found.into_iter().map(|device| device.code).collect()
        };
        assert_eq!(codes("2026-11-19"), ["A01"]);
        assert_eq!(codes("2026-11-20"), ["A01", "A02"]);
        assert_eq!(codes("2026-11-21"), ["A01", "A02", "A03"]);
    }
}
