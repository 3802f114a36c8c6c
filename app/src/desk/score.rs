//! A salesperson's score of the month: its parts with the sums behind each, and the targets by which it goes.

use dioxus::prelude::*;
use serde_json::{Value, json};
use shared::{day::Day, money::Money};

use super::{
    api::TeamLine,
    order::{Order, typed_sum},
    parts::SectionHead,
    state::use_desk,
};
use crate::{
    components::{
        Button, ButtonKind, Choice, Column, DataRow, DataTable, Field, FieldKind, SelectField,
    },
    format,
    i18n::{t, t_args},
};

/// Thousandths as people read a score: `69.5`.
pub fn points(permille: u16) -> String {
    format!("{:.1}", f64::from(permille) / 10.0)
}

/// The parts of a score, and what they go by.
#[component]
pub fn ScoreOf(line: TeamLine, weights: [u32; 3]) -> Element {
    let desk = use_desk();
    let mut setting = use_signal(|| false);
    let name = desk.person_name(&line.person);
    let title = t_args("desk-score-of", &[("name", name.into())]);
    let columns = vec![
        Column::text(t("desk-col-part")),
        Column::text(t("desk-col-sums")),
        Column::figures(t("desk-col-points")),
        Column::figures(t("desk-col-weight")),
    ];
    let rows = parts(&line);
    let by = line.target.as_ref().map(|target| {
        let facts = [
            ("person", desk.person_name(&target.person).into()),
            ("moment", desk.moment(target.at).into()),
            ("reason", target.reason.clone().into()),
        ];
        t_args("desk-target-by", &facts)
    });
    let may_set = !desk.is_me(&line.person);
    rsx! {
        SectionHead { title: title.clone(), aside: t_args("desk-score-whole", &[("points", points(line.score).into())]) }
        DataTable { caption: title, columns,
            for ((part , sums , permille) , weight) in rows.into_iter().zip(weights) {
                DataRow { key: "{part}",
                    td { {t(part)} }
                    td { "{sums}" }
                    td { class: "r nowrap",
                        match permille {
                            Some(permille) => rsx! { strong { {points(permille)} } },
                            None => rsx! { {t("desk-score-left-out")} },
                        }
                    }
                    td { class: "r", "{weight}" }
                }
            }
        }
        div { class: "row between wrap",
            p { class: "t2 grow", id: "target-by", {by.unwrap_or_else(|| t("desk-target-none"))} }
            if may_set {
                Button { kind: ButtonKind::Soft, small: true, id: "set-target", onclick: move |_| setting.set(true), {t("desk-target-set")} }
            }
        }
        if setting() {
            SetTarget { line: line.clone(), onclose: move |()| setting.set(false) }
        }
    }
}

/// Each part with its sums in words, and what it counts; none where there is nothing to measure by.
fn parts(line: &TeamLine) -> [(&'static str, String, Option<u16>); 3] {
    let target = line.target.as_ref();
    let said = |key: &str, sums: &[(&str, Money)]| {
        let facts: Vec<_> = sums
            .iter()
            .map(|(name, sum)| (*name, format::money(*sum).into()))
            .collect();
        t_args(key, &facts)
    };
    let sold = ("done", line.sold);
    let sales = match target.and_then(|target| target.sales) {
        Some(target) => said("desk-score-sales", &[sold, ("target", target)]),
        None => said("desk-score-sales-none", &[sold]),
    };
    let collected = ("done", line.collected);
    let collection = match target.and_then(|target| target.collection) {
        Some(target) => said("desk-score-collection", &[collected, ("target", target)]),
        None => said(
            "desk-score-collectable",
            &[collected, ("target", line.collectable)],
        ),
    };
    let owed = [("overdue", line.overdue), ("owed", line.receivable)];
    let receivables = said("desk-score-receivables", &owed);
    [
        ("desk-col-sold", sales, line.score_sales),
        ("desk-col-collected", collection, line.score_collection),
        ("desk-col-owed", receivables, Some(line.score_receivables)),
    ]
}

/// Sets the target of this month or of the next.
#[component]
fn SetTarget(line: TeamLine, onclose: EventHandler<()>) -> Element {
    let desk = use_desk();
    let (this, next) = months(desk.today());
    let target = line.target.clone();
    let begin = |sum: Option<Money>| sum.map_or_else(String::new, |sum| sum.to_string());
    let first_sales = begin(target.as_ref().and_then(|target| target.sales));
    let first_collection = begin(target.and_then(|target| target.collection));
    let mut month = use_signal(|| this);
    let mut sales = use_signal({
        let first = first_sales.clone();
        move || first
    });
    let mut collection = use_signal({
        let first = first_collection.clone();
        move || first
    });
    let person = line.person.clone();
    let command = use_callback(move |()| {
        let sum = |raw: &str| match typed_sum(raw)?.unwrap_or(Money::ZERO) {
            sum if sum.is_negative() => Err(t("desk-sum-wrong")),
            sum => Ok(sum),
        };
        let (sales, collection) = (sum(&sales.read())?, sum(&collection.read())?);
        Ok::<Value, String>(
            json!({ "kind": "month_target", "person": person, "month": month(), "sales": sales, "collection": collection }),
        )
    });
    let option = |day: Day| Choice::new(day.to_string(), month_word(day));
    let name = desk.person_name(&line.person);
    rsx! {
        Order {
            title: t_args("desk-target-title", &[("name", name.into())]),
            confirm: t("desk-target-set"),
            done: t("desk-target-done"),
            command,
            onclose,
            p { class: "t2", {t("desk-target-note")} }
            SelectField {
                id: "target-month",
                label: t("desk-target-month"),
                options: vec![option(this), option(next)],
                value: month().to_string(),
                onchange: move |text: String| month.set(text.parse().unwrap_or(this)),
            }
            Field {
                id: "target-sales",
                kind: FieldKind::Money,
                label: t("desk-target-sales"),
                hint: t("desk-target-sales-hint"),
                initial: first_sales,
                oninput: move |text| sales.set(text),
            }
            Field {
                id: "target-collection",
                kind: FieldKind::Money,
                label: t("desk-target-collection"),
                hint: t("desk-target-collection-hint"),
                initial: first_collection,
                oninput: move |text| collection.set(text),
            }
        }
    }
}

/// The first days of this month and of the next.
fn months(today: Day) -> (Day, Day) {
    let first = format!("{}-01", month_word(today)).parse();
    (first.unwrap_or(today), today.month_end().plus_days(1))
}

/// The month of a day, `2026-11`.
fn month_word(day: Day) -> String {
    let text = day.to_string();
    text.get(..7).unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_set_for_this_month_or_the_next() {
        let check = |today: &str, this: &str, next: &str| {
            let found = months(today.parse().unwrap());
            let words = (found.0.to_string(), found.1.to_string());
            assert_eq!(words, (this.to_owned(), next.to_owned()), "{today}");
        };
        check("2026-11-24", "2026-11-01", "2026-12-01");
        check("2026-12-31", "2026-12-01", "2027-01-01");
        check("2026-03-01", "2026-03-01", "2026-04-01");
        check("2028-02-29", "2028-02-01", "2028-03-01");
        check("2026-01-31", "2026-01-01", "2026-02-01");
        assert_eq!(month_word("2026-11-01".parse().unwrap()), "2026-11");
    }

    #[test]
    fn a_score_reads_as_points_of_a_hundred() {
        for (permille, text) in [(1_000, "100.0"), (695, "69.5"), (0, "0.0")] {
            assert_eq!(points(permille), text);
        }
    }
}
