//! What a customer owes: the sum, its age, terms and limits, open invoices.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{money::Money, policy::risk::RiskClass};

use crate::{
    components::{AgingBar, Amount, AmountSize, Button, ButtonKind, Card, Tag, Tone},
    format::{self, money},
    i18n::{t, t_args, term},
    replica::api::{CustomerView, InvoiceLine},
    state::{use_app, words},
};

/// Invoices shown at first.
const FIRST_INVOICES: usize = 5;

/// Outstanding, in transit, on account, aging, terms.
#[component]
pub fn Account(view: Rc<CustomerView>) -> Element {
    let risk = RiskClass::from_slug(&view.risk);
    let tone = match risk {
        RiskClass::NotDue | RiskClass::Unknown => Tone::Neutral,
        RiskClass::UnderCollection => Tone::Amber,
        RiskClass::NearDoubtful | RiskClass::Doubtful | RiskClass::Dead => Tone::Red,
    };
    let parts = words::aging(&view.aging);
    let spoken = parts
        .iter()
        .filter(|part| part.weight.is_positive())
        .map(|part| part.label.clone())
        .collect::<Vec<_>>();
    rsx! {
        Card { id: "account",
            h2 { class: "t2", font_weight: "400", {t("customer-outstanding")} }
            div { class: "row between wrap",
                Amount { value: view.outstanding, size: AmountSize::Huge, id: "outstanding" }
                span { class: "row",
                    if view.customer.hold {
                        Tag { tone: Tone::Red, {t("hold")} }
                    }
                    if risk != RiskClass::Unknown {
                        Tag { tone, {term("risk", risk.slug())} }
                    }
                }
            }
            if view.in_transit.is_positive() {
                p { class: "t3", {t_args("customer-in-transit", &[("amount", money(view.in_transit).into())])} }
            }
            if view.on_account.is_positive() {
                p { class: "t3", {t_args("customer-on-account", &[("amount", money(view.on_account).into())])} }
            }
            if !spoken.is_empty() {
                div { margin_top: "12px",
                    AgingBar { parts, label: t_args("customer-aging", &[("parts", spoken.join(&t("list-comma")).into())]) }
                }
            }
            p { class: "t2", margin_top: "8px", {terms(&view)} }
        }
    }
}

/// Limit, how much of it is used, term, grade, settlement.
fn terms(view: &CustomerView) -> String {
    let terms = &view.customer.terms;
    let limit = if terms.credit_limit.is_positive() {
        let limit = t_args(
            "terms-limit",
            &[("amount", format::money_short(terms.credit_limit).into())],
        );
        let used = t_args(
            "terms-used",
            &[(
                "percent",
                percent(view.outstanding, terms.credit_limit).into(),
            )],
        );
        words::joined(&[limit, used])
    } else {
        t("terms-cash-only")
    };
    let term_days = t_args("terms-days", &[("days", terms.term_days.into())]);
    let grade = if terms.grade.is_empty() {
        String::new()
    } else {
        t_args("terms-grade", &[("grade", terms.grade.clone().into())])
    };
    words::joined(&[
        limit,
        term("settlement", terms.settlement.slug()),
        term_days,
        grade,
    ])
}

/// A share in whole percent; below nothing counts as nothing.
fn percent(part: Money, whole: Money) -> String {
    let (part, whole) = (
        i128::from(part.fen().max(0)),
        i128::from(whole.fen().max(1)),
    );
    format!("{}%", (part * 100 + whole / 2) / whole)
}

/// Open invoices, oldest due first.
#[component]
pub fn Invoices(view: Rc<CustomerView>) -> Element {
    let mut all = use_signal(|| false);
    let count = view.invoices.len();
    let shown: Vec<InvoiceLine> = view
        .invoices
        .iter()
        .take(if all() { usize::MAX } else { FIRST_INVOICES })
        .cloned()
        .collect();
    if count == 0 {
        return rsx! {
            Card { title: t("customer-invoices"), id: "invoices",
                p { class: "t2", {t("customer-no-invoices")} }
            }
        };
    }
    rsx! {
        Card { title: t("customer-invoices"), aside: t_args("count-items", &[("count", count.into())]), id: "invoices",
            table { class: "alloc num",
                thead { class: "sr",
                    tr {
                        th { scope: "col", {t("invoice-number")} }
                        th { scope: "col", {t("invoice-outstanding")} }
                    }
                }
                tbody {
                    for line in shown {
                        Line { key: "{line.row.invoice.id}", line }
                    }
                }
            }
            if count > FIRST_INVOICES && !all() {
                Button { kind: ButtonKind::Ghost, full: true, small: true, id: "invoices-all", onclick: move |_| all.set(true),
                    {t_args("more-count", &[("count", (count - FIRST_INVOICES).into())])}
                }
            }
        }
    }
}

#[component]
fn Line(line: InvoiceLine) -> Element {
    let today = use_app().today();
    let invoice = &line.row.invoice;
    let due = format::due(invoice.due, today);
    let of = (line.outstanding != invoice.amount).then(|| {
        t_args(
            "invoice-of",
            &[("amount", format::money_plain(invoice.amount).into())],
        )
    });
    rsx! {
        tr {
            td {
                span { class: "strong", "{invoice.number}" }
                br {}
                span { class: if line.overdue_days > 0 { "t3 red" } else { "t3" }, "{due} · {format::date_short(invoice.due, today)}" }
            }
            td { class: "r",
                Amount { value: line.outstanding }
                if let Some(of) = of {
                    br {}
                    span { class: "t3", "{of}" }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn used_credit_is_a_whole_percentage() {
        let yuan = Money::from_yuan;
        for (part, whole, expected) in [
            (yuan(42_000), yuan(50_000), "84%"),
            (yuan(0), yuan(10), "0%"),
            (yuan(15), yuan(10), "150%"),
            (yuan(1), Money::ZERO, "10000%"),
        ] {
            assert_eq!(percent(part, whole), expected);
        }
        assert_eq!(percent(yuan(5).negated(), yuan(10)), "0%");
    }
}
