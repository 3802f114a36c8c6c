//! What the receipt pays 核销: suggested oldest due first, editable to the cent for each invoice.

use dioxus::prelude::*;
use shared::{ids::InvoiceId, money::Money};

use super::draft::ReceiptDraft;
use crate::{
    components::{Amount, Button, ButtonKind, Card, Field, FieldKind, Sheet, Tag, Tone},
    format,
    i18n::{t, t_args},
    replica::api::{FormView, InvoiceLine},
    state::Form,
};

/// Invoices listed beyond those that are paid.
const MORE_OPEN: usize = 3;

/// The invoices that the sum pays, and the next ones, each to be changed with a tap.
#[component]
pub fn Allocations(form: Form<ReceiptDraft>, view: FormView) -> Element {
    let mut editing = use_signal(|| None::<InvoiceId>);
    let mut all = use_signal(|| false);
    let mut value = form.value;
    let draft = value.read().clone();
    let parts = draft.allocations(&view);
    let paid = |id: InvoiceId| {
        parts
            .iter()
            .find(|(i, _)| *i == id)
            .map_or(Money::ZERO, |(_, sum)| *sum)
    };
    let (paying, open): (Vec<_>, Vec<_>) = view
        .invoices
        .iter()
        .partition(|line| paid(line.row.invoice.id).is_positive());
    let hidden = if all() {
        0
    } else {
        open.len().saturating_sub(MORE_OPEN)
    };
    let shown: Vec<InvoiceLine> = paying
        .into_iter()
        .chain(
            open.into_iter()
                .take(if all() { usize::MAX } else { MORE_OPEN }),
        )
        .cloned()
        .collect();
    let left = draft.left(&view);
    let by_hand = draft.chosen.is_some();
    let sheet = editing().and_then(|id| {
        view.invoices
            .iter()
            .find(|line| line.row.invoice.id == id)
            .cloned()
    });
    rsx! {
        Card { title: t("receipt-allocation"), aside: if by_hand { t("receipt-by-hand") } else { t("receipt-suggested") }, id: "allocations",
            ul { class: "rows",
                for line in shown {
                    li { key: "{line.row.invoice.id}",
                        Row { line: line.clone(), paid: paid(line.row.invoice.id), onedit: move |id| editing.set(Some(id)) }
                    }
                }
            }
            if hidden > 0 {
                Button { kind: ButtonKind::Ghost, small: true, id: "allocation-more", onclick: move |_| all.set(true),
                    {t_args("receipt-more-invoices", &[("count", i64::try_from(hidden).unwrap_or_default().into())])}
                }
            }
            if left.is_positive() {
                div { class: "row between", id: "on-account",
                    span { class: "t2", {t("receipt-on-account")} }
                    Amount { value: left, tone: Tone::Teal }
                }
            }
            if left.is_negative() {
                p { class: "error", role: "alert", {t("receipt-too-much")} }
            }
            if by_hand {
                Button { kind: ButtonKind::Ghost, small: true, id: "allocation-reset", onclick: move |_| value.write().chosen = None, {t("receipt-suggest-again")} }
            }
        }
        if let Some(line) = sheet {
            EditSheet { key: "{line.row.invoice.id}", form, view: view.clone(), line, onclose: move |()| editing.set(None) }
        }
    }
}

#[component]
fn Row(line: InvoiceLine, paid: Money, onedit: EventHandler<InvoiceId>) -> Element {
    let invoice = line.row.invoice.clone();
    let late = if line.overdue_days > 0 {
        t_args("overdue-days", &[("days", line.overdue_days.into())])
    } else {
        t_args("receipt-due", &[("day", format::date(invoice.due).into())])
    };
    rsx! {
        button { class: "list-row", r#type: "button", id: "allocate-{invoice.number}", onclick: move |_| onedit.call(invoice.id),
            span { class: "list-row-main",
                span { class: "t1 num", "{invoice.number}" }
                br {}
                span { class: "t3", "{late} · {format::money(line.outstanding)}" }
            }
            span { class: "list-row-end",
                if paid.is_positive() {
                    Amount { value: paid, bare: true }
                } else {
                    Tag { {t("receipt-not-paid")} }
                }
            }
        }
    }
}

/// How much of one invoice is paid.
#[component]
fn EditSheet(
    form: Form<ReceiptDraft>,
    view: FormView,
    line: InvoiceLine,
    onclose: EventHandler<()>,
) -> Element {
    let mut value = form.value;
    let invoice = line.row.invoice.clone();
    let parts = value.peek().allocations(&view);
    let now = parts
        .iter()
        .find(|(id, _)| *id == invoice.id)
        .map_or(Money::ZERO, |(_, sum)| *sum);
    let mut typed = use_signal(|| {
        if now.is_positive() {
            now.to_string()
        } else {
            String::new()
        }
    });
    let mut error = use_signal(|| None::<String>);
    let id = invoice.id;
    let most = {
        // What the other invoices leave of the sum, but no more than is owed.
        let left = value
            .peek()
            .left(&view)
            .checked_add(now)
            .unwrap_or(Money::ZERO);
        left.min(line.outstanding).max(Money::ZERO)
    };
    let view_for_save = view.clone();
    let mut put = move |sum: Money| {
        value.write().allocate(&view_for_save, id, sum);
        onclose.call(());
    };
    let mut put_all = put.clone();
    let mut put_none = put.clone();
    let save = move |()| {
        let text = typed.peek().clone();
        match if text.trim().is_empty() {
            Ok(Money::ZERO)
        } else {
            text.parse::<Money>()
        } {
            Ok(sum) if !sum.is_negative() => put(sum),
            _ => error.set(Some(t("money-invalid"))),
        }
    };
    let save_click = save.clone();
    rsx! {
        Sheet {
            title: t_args("receipt-allocate-to", &[("number", invoice.number.clone().into())]),
            id: "allocate",
            onclose,
            foot: rsx! {
                Button { kind: ButtonKind::Sub, id: "allocate-none", onclick: move |_| put_none(Money::ZERO), {t("receipt-not-paid")} }
                Button { kind: ButtonKind::Soft, id: "allocate-all", onclick: move |_| put_all(most), {format::money(most)} }
                Button { wide: true, id: "allocate-save", onclick: { let mut save = save_click.clone(); move |_| save(()) }, {t("done")} }
            },
            p { class: "t2", {t_args("receipt-owed-on", &[("sum", format::money(line.outstanding).into())])} }
            Field {
                id: "allocate-sum",
                label: t("receipt-pays"),
                kind: FieldKind::Money,
                initial: typed.peek().clone(),
                error: error(),
                oninput: move |text: String| {
                    typed.set(text);
                    error.set(None);
                },
                onenter: { let mut save = save.clone(); move |()| save(()) },
            }
        }
    }
}
