//! Customers, searched by name or number; each leads to its account.

use dioxus::prelude::*;

use super::{
    api::{Aging, Customer},
    frame::Screen,
    parts::{CustomerLink, Sum},
    state::{use_desk, use_read},
};
use crate::{
    components::{
        Button, ButtonKind, Column, DataRow, DataTable, EmptyState, Field, FieldKind, IconName,
    },
    i18n::{t, t_args},
};

/// Rows drawn at a time.
const STEP: usize = 100;

/// The screen.
#[component]
pub fn CustomersScreen(q: String) -> Element {
    let desk = use_desk();
    let first = q.clone();
    let mut typed = use_signal(move || q);
    let mut shown = use_signal(|| STEP);
    let owed = use_read::<Aging>("/v1/desk/aging".to_owned());
    let found = matching(
        desk.directory().as_deref().map_or(&[], |d| &d.customers),
        &typed.read(),
    );
    let count = found.len();
    let columns = vec![
        Column::text(t("customers-number")),
        Column::text(t("customers-name")),
        Column::text(t("desk-col-rep")),
        Column::figures(t("desk-col-overdue")),
        Column::figures(t("desk-col-book")),
    ];
    let line = move |id: &str| {
        owed.view().and_then(|aging| {
            aging
                .lines
                .iter()
                .find(|l| l.id.as_deref() == Some(id))
                .cloned()
        })
    };
    let overdue = |line: &super::api::AgingLine| line.buckets.overdue().ok();
    rsx! {
        Screen { title: t("desk-customers"),
            Field {
                id: "search",
                label: t("desk-search"),
                label_hidden: true,
                kind: FieldKind::Search,
                placeholder: t("desk-search"),
                initial: first,
                oninput: move |text| {
                    typed.set(text);
                    shown.set(STEP);
                },
            }
            if found.is_empty() {
                EmptyState { icon: IconName::Search, title: t("desk-customers-none"), body: t("desk-customers-none-body") }
            } else {
                DataTable { caption: t("desk-customers"), columns,
                    for customer in found.into_iter().take(shown()) {
                        DataRow { key: "{customer.id}",
                            td { class: "nowrap", "{customer.number}" }
                            td { CustomerLink { id: customer.id.clone(), whole_row: true } }
                            td { {customer.rep.as_deref().map_or_else(|| "–".to_owned(), |rep| desk.person_name(rep))} }
                            Sum { value: line(&customer.id).as_ref().and_then(overdue).filter(|sum| !sum.is_zero()) }
                            Sum { value: line(&customer.id).map(|line| line.total), strong: true }
                        }
                    }
                }
                if count > shown() {
                    Button { kind: ButtonKind::Sub, full: true, id: "more", onclick: move |_| shown += STEP,
                        {t_args("more-count", &[("count", (count - shown()).into())])}
                    }
                }
            }
        }
    }
}

/// Customers whose number or name holds what was typed.
pub fn matching(all: &[Customer], typed: &str) -> Vec<Customer> {
    let typed = typed.trim().to_lowercase();
    let fits = |customer: &&Customer| {
        customer.number.to_lowercase().contains(&typed)
            || customer.name.to_lowercase().contains(&typed)
    };
    all.iter().filter(fits).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_are_found_by_a_part_of_number_or_name() {
        let customer = |number: &str, name: &str| Customer {
            id: number.to_owned(),
            number: number.to_owned(),
            name: name.to_owned(),
            rep: None,
        };
        let all = [customer("C001", "恒达建材"), customer("C002", "Acme")];
        let found = |typed: &str| matching(&all, typed).len();
        assert_eq!(
            (found("c00"), found("建材"), found(" ACME "), found("x")),
            (2, 1, 1, 0)
        );
    }
}
