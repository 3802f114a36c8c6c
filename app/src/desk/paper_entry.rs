//! Enter a receipt from its paper copy 凭纸质收据补录: its phone is lost, and the record has not come.
//!
//! Invariants: number, day, sum and payer are those that the code's signature covers and nobody can change them here;
//! what is typed (method, reference, invoices) is typed from the paper: nothing is suggested.

use std::{collections::BTreeMap, rc::Rc};

use dioxus::prelude::*;
use serde_json::{Value, json};
use shared::{day::Day, money::Money, receipt::MethodKind};

use super::{
    api::{Accounts, Invoice},
    order::{Order, typed_sum},
    parts::Waiting,
    state::{use_desk, use_read},
};
use crate::{
    components::{Amount, AmountSize, Choice, Field, FieldKind, SelectField},
    format,
    i18n::{t, t_args, term},
};

/// What the code of the paper says, and who may have paid.
#[derive(Clone, Debug, PartialEq)]
pub struct Paper {
    /// The text of the code.
    pub code: String,
    /// Number of the receipt.
    pub number: String,
    /// Date printed.
    pub day: Day,
    /// Sum.
    pub amount: Money,
    /// Person id of whose device issued it.
    pub person: String,
    /// Customer ids of those who bear the payer's name; at least one.
    pub payers: Vec<String>,
}

/// What was typed for each invoice, by its id.
type Typed = BTreeMap<String, String>;

/// The sums that were typed, in the order of the invoices, and what they leave on account.
fn allocated(typed: &Typed, amount: Money) -> Result<(Vec<(String, Money)>, Money), String> {
    let mut rest = amount;
    let mut pays = Vec::new();
    for (invoice, raw) in typed {
        let Some(sum) = typed_sum(raw)?.filter(|sum| !sum.is_zero()) else {
            continue;
        };
        if sum.is_negative() {
            return Err(t("desk-sum-wrong"));
        }
        rest = rest.checked_sub(sum).map_err(|_| t("desk-sum-wrong"))?;
        pays.push((invoice.clone(), sum));
    }
    match rest.is_negative() {
        true => Err(t("desk-paper-too-much")),
        false => Ok((pays, rest)),
    }
}

/// Has the method a number of its own on the paper?
fn has_reference(method: &str) -> bool {
    !matches!(method, "" | "cash")
}

fn methods() -> Vec<Choice> {
    let all = MethodKind::ALL.iter().map(|method| method.slug());
    std::iter::once(Choice::new("", t("desk-paper-choose")))
        .chain(all.map(|slug| Choice::new(slug, term("method", slug))))
        .collect()
}

/// The sheet.
#[component]
pub fn EnterPaper(
    paper: Paper,
    /// It stands in the ledger now.
    onentered: EventHandler<()>,
    onclose: EventHandler<()>,
) -> Element {
    let desk = use_desk();
    let mut method = use_signal(String::new);
    let mut reference = use_signal(String::new);
    let mut typed = use_signal(Typed::new);
    let first = paper.payers.first().cloned().unwrap_or_default();
    let mut customer = use_signal(move || first);
    let for_command = Rc::new(paper.clone());
    let command = use_callback(move |()| {
        let paper = &for_command;
        if method.read().is_empty() {
            return Err(t("desk-paper-method-missing"));
        }
        let (pays, _) = allocated(&typed.read(), paper.amount)?;
        let pays: Vec<Value> = pays
            .into_iter()
            .map(|(invoice, amount)| json!({ "invoice": invoice, "amount": amount }))
            .collect();
        let reference = match has_reference(&method.read()) {
            true => reference.read().trim().to_owned(),
            false => String::new(),
        };
        Ok::<Value, String>(json!({
            "kind": "enter_paper", "code": paper.code, "person": paper.person, "customer": customer(),
            "method": method(), "reference": reference, "pays": pays,
        }))
    });
    let names = |id: &String| {
        let label = desk
            .customer(id)
            .map(|c| format!("{} {}", c.number, c.name));
        Choice::new(id.clone(), label.unwrap_or_else(|| desk.customer_name(id)))
    };
    rsx! {
        Order {
            title: t("desk-command-enter_paper"),
            confirm: t("desk-paper-yes"),
            done: t("desk-paper-done"),
            command,
            ontaken: move |_| onentered.call(()),
            onclose,
            p { class: "t2", {t("desk-paper-note")} }
            dl { class: "facts start",
                dt { {t("desk-col-receipt")} }
                dd { class: "num", "{paper.number}" }
                dt { {t("desk-col-day")} }
                dd { {format::date(paper.day)} }
                dt { {t("desk-col-person")} }
                dd { {desk.person_name(&paper.person)} }
                if let [only] = paper.payers.as_slice() {
                    dt { {t("desk-check-payer")} }
                    dd { {names(only).label} }
                }
                dt { {t("desk-col-amount")} }
                dd { Amount { value: paper.amount, size: AmountSize::Large, id: "paper-amount" } }
            }
            if paper.payers.len() > 1 {
                SelectField {
                    id: "paper-customer",
                    label: t("desk-check-payer"),
                    hint: t("desk-paper-same-name"),
                    options: paper.payers.iter().map(names).collect::<Vec<_>>(),
                    value: customer(),
                    onchange: move |id| {
                        customer.set(id);
                        typed.set(Typed::new());
                    },
                }
            }
            SelectField { id: "paper-method", label: t("desk-col-method"), options: methods(), value: method(), onchange: move |slug| method.set(slug) }
            if has_reference(&method.read()) {
                Field { id: "paper-reference", label: t("desk-paper-reference"), hint: t("desk-paper-reference-hint"), oninput: move |text| reference.set(text) }
            }
            Pays { customer: customer(), amount: paper.amount, typed }
        }
    }
}

/// What the receipt pays: a sum beside each invoice that it names, the rest on account.
#[component]
fn Pays(customer: String, amount: Money, mut typed: Signal<Typed>) -> Element {
    let mut all = use_signal(|| false);
    let accounts = use_read::<Accounts>(format!("/v1/ledger/accounts?customer={customer}"));
    let Some(account) = accounts.view().and_then(|view| view.customer.clone()) else {
        return rsx! { Waiting { error: accounts.error() } };
    };
    let is_open = |invoice: &Invoice| invoice.outstanding.is_positive();
    let settled = account.invoices.iter().any(|invoice| !is_open(invoice));
    let listed: Vec<Invoice> = account
        .invoices
        .iter()
        .filter(|invoice| all() || is_open(invoice))
        .cloned()
        .collect();
    rsx! {
        div { class: "stack", id: "paper-pays", role: "group", aria_labelledby: "paper-pays-title",
            p { class: "t2", id: "paper-pays-title", {t("desk-paper-pays")} }
            for invoice in listed {
                Field {
                    key: "{invoice.id}",
                    id: "pays-{invoice.number}",
                    label: t_args("desk-paper-invoice", &[
                        ("number", invoice.number.clone().into()),
                        ("open", format::money(invoice.outstanding).into()),
                    ]),
                    kind: FieldKind::Money,
                    oninput: move |text| {
                        typed.write().insert(invoice.id.clone(), text);
                    },
                }
            }
            if settled && !all() {
                button { r#type: "button", class: "btn ghost small", id: "paper-all", onclick: move |_| all.set(true), {t("desk-paper-settled")} }
            }
        }
        Rest { typed, amount }
    }
}

#[component]
fn Rest(typed: Signal<Typed>, amount: Money) -> Element {
    rsx! {
        p { class: "t2", id: "paper-rest", role: "status",
            match allocated(&typed.read(), amount) {
                Ok((_, rest)) => t_args("desk-paper-rest", &[("sum", format::money(rest).into())]),
                Err(sentence) => sentence,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_beside_invoices_leaves_the_rest_on_account_and_never_more_than_was_paid() {
        let check = |typed: &[(&str, &str)], expected: Option<(usize, &str)>| {
            let typed: Typed = typed
                .iter()
                .map(|(id, raw)| ((*id).to_owned(), (*raw).to_owned()))
                .collect();
            let found = allocated(&typed, "500".parse().unwrap()).ok();
            let found = found.map(|(pays, rest)| (pays.len(), rest.to_string()));
            let expected = expected.map(|(count, rest)| (count, rest.to_owned()));
            assert_eq!(found, expected, "{typed:?}");
        };
        check(&[], Some((0, "500.00")));
        check(&[("a", "300"), ("b", "")], Some((1, "200.00")));
        check(&[("a", "300"), ("b", "200.00")], Some((2, "0.00")));
        check(&[("a", "0")], Some((0, "500.00")));
        check(&[("a", "300"), ("b", "200.01")], None);
        check(&[("a", "-1")], None);
        check(&[("a", "three")], None);
    }

    #[test]
    fn every_method_can_be_chosen_and_none_is_chosen_beforehand() {
        let methods = methods();
        assert_eq!(methods.len(), 7);
        assert_eq!(methods[0].value, "");
        assert!(!has_reference("cash") && has_reference("cheque"));
    }
}
