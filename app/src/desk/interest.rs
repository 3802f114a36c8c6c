//! Interest on arrears 逾期利息: the rate of the company, and what it comes to on an invoice.
//!
//! Invariant: a sum is proposed only together with how it was reckoned; who charges it may write another.

use dioxus::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use shared::{
    day::Day,
    policy::charges::{self, Reckoned},
};

use super::{
    api::Invoice,
    order::Order,
    parts::Stale,
    state::{use_desk, use_read},
};
use crate::{
    components::{Button, ButtonKind, Card, DateField, Field},
    format,
    i18n::{t, t_args},
};

/// Who set the rate.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct RateSet {
    person: String,
    at: i64,
    reason: String,
}

/// The rate as it stands.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Rate {
    year_bp: u32,
    set: Option<RateSet>,
}

/// Hundredths of a percent as people write them: `14.6`.
fn percent(year_bp: u32) -> String {
    let (whole, rest) = (year_bp / 100, year_bp % 100);
    let text = format!("{whole}.{rest:02}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// What was typed as a percentage, in hundredths of a percent; none if it is none, or has more than two decimals.
fn typed_rate(raw: &str) -> Option<u32> {
    let plain = raw.trim().trim_end_matches(['%', '％']).trim();
    let (whole, rest) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || rest.len() > 2 || !digits(whole) || !digits(rest) {
        return None;
    }
    let rest: u32 = format!("{rest:0<2}").parse().ok()?;
    whole
        .parse::<u32>()
        .ok()?
        .checked_mul(100)?
        .checked_add(rest)
}

/// Who set the rate, when and why, in a sentence.
#[component]
fn SetBy(set: RateSet) -> Element {
    let desk = use_desk();
    let facts = [
        ("person", desk.person_name(&set.person).into()),
        ("moment", desk.moment(set.at).into()),
        ("reason", set.reason.into()),
    ];
    rsx! {
        p { class: "t3", id: "rate-by", {t_args("desk-rate-by", &facts)} }
    }
}

/// The rate, and the way to set it.
#[component]
pub fn RateCard() -> Element {
    let rate = use_read::<Rate>("/v1/desk/interest-rate".to_owned());
    let mut setting = use_signal(|| false);
    let Some(found) = rate.view() else {
        return rsx! { Stale { error: rate.error() } };
    };
    let title = match found.year_bp {
        0 => t("desk-rate-none"),
        bp => t_args("desk-rate-is", &[("rate", percent(bp).into())]),
    };
    rsx! {
        Card { id: "interest-rate",
            div { class: "row between wrap",
                div { class: "grow",
                    h2 { class: "card-title", "{title}" }
                    p { class: "t2", {t("desk-rate-note")} }
                    if let Some(set) = found.set.clone() {
                        SetBy { set }
                    }
                }
                Button { kind: ButtonKind::Soft, small: true, id: "set-rate", onclick: move |_| setting.set(true), {t("desk-rate-set")} }
            }
        }
        if setting() {
            SetRate { year_bp: found.year_bp, onclose: move |()| setting.set(false) }
        }
    }
}

#[component]
fn SetRate(year_bp: u32, onclose: EventHandler<()>) -> Element {
    let first = match year_bp {
        0 => String::new(),
        bp => percent(bp),
    };
    let begin = first.clone();
    let mut typed = use_signal(move || begin);
    let command = use_callback(move |()| match typed_rate(&typed.read()) {
        Some(year_bp) => {
            Ok::<Value, String>(json!({ "kind": "interest_rate", "year_bp": year_bp }))
        }
        None => Err(t("desk-rate-wrong")),
    });
    rsx! {
        Order {
            title: t("desk-rate-set"),
            confirm: t("desk-rate-set"),
            done: t("desk-rate-done"),
            command,
            onclose,
            p { class: "t2", {t("desk-rate-sheet")} }
            Field { id: "rate", label: t("desk-rate-year"), unit: "%", initial: first, required: true, oninput: move |text| typed.set(text) }
        }
    }
}

/// What interest on an invoice comes to: from the written notice on, by the company's rate, with how it was reckoned.
/// Calls back with the sum that is proposed; none where none is.
#[component]
pub fn Proposed(invoice: Invoice, onproposed: EventHandler<String>) -> Element {
    let today = use_desk().today();
    let rate = use_read::<Rate>("/v1/desk/interest-rate".to_owned());
    let mut notice = use_signal(|| None::<Day>);
    let Some(found) = rate.view() else {
        return rsx! { Stale { error: rate.error() } };
    };
    let year_bp = found.year_bp;
    let (open, due) = (invoice.outstanding, invoice.due);
    let reckoned = move |notice| charges::reckon(open, due, notice, today, year_bp).unwrap_or(None);
    rsx! {
        DateField {
            id: "notice",
            label: t("desk-interest-notice"),
            hint: t("desk-interest-notice-hint"),
            max: today,
            onchange: move |day| {
                notice.set(day);
                let sum = reckoned(day).map(|reckoned| reckoned.sum.to_string());
                onproposed.call(sum.unwrap_or_default());
            },
        }
        div { class: "stack tight", id: "reckoned", role: "status",
            match reckoned(notice()) {
                Some(Reckoned { from, days, sum }) => {
                    let facts = [
                        ("open", format::money(open).into()),
                        ("rate", percent(year_bp).into()),
                        ("days", days.into()),
                        ("from", format::date(from).into()),
                        ("until", format::date(today).into()),
                        ("sum", format::money(sum).into()),
                    ];
                    rsx! {
                        p { class: "num", {t_args("desk-interest-reckoned", &facts)} }
                        p { class: "t3", {t_args("desk-interest-from", &facts)} }
                    }
                }
                None if year_bp == 0 => rsx! { p { class: "t2", {t("desk-interest-no-rate")} } },
                None => rsx! { p { class: "t2", {t("desk-interest-no-notice")} } },
            }
            if let Some(set) = found.set.clone().filter(|_| year_bp > 0) {
                SetBy { set }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_as_people_write_them_and_written_as_they_read_them() {
        let check =
            |raw: &str, expected: Option<u32>| assert_eq!(typed_rate(raw), expected, "{raw}");
        check("14.6", Some(1_460));
        check(" 14.60 %", Some(1_460));
        check("3％", Some(300));
        check("0", Some(0));
        check("0.05", Some(5));
        check("14.605", None);
        check("-3", None);
        check("", None);
        check("一成", None);
        check("99999999999", None);
        for (bp, text) in [
            (1_460, "14.6"),
            (300, "3"),
            (5, "0.05"),
            (0, "0"),
            (1_000, "10"),
        ] {
            assert_eq!(percent(bp), text);
        }
    }
}
