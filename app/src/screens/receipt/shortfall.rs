//! What stays short of what was asked for 差额: a reason and the next date are due (seeds 000, 001).

use dioxus::prelude::*;
use shared::visit::UnpaidReason;

use super::draft::ReceiptDraft;
use crate::{
    components::{Card, Choice, ChoiceGroup, DateField, Tone},
    format,
    i18n::{t, t_args, term},
    replica::api::FormView,
    state::Form,
};

/// Asks why it was not all, and when the rest will come. Nothing if nothing stays short.
#[component]
pub fn ShortfallCard(form: Form<ReceiptDraft>, view: FormView) -> Element {
    let mut value = form.value;
    let draft = value.read().clone();
    let Some(short) = draft.short(&view) else {
        return rsx! {};
    };
    rsx! {
        Card {
            tone: Tone::Amber,
            title: t_args("receipt-short", &[("sum", format::money(short).into())]),
            aside: t("required"),
            id: "shortfall",
            div { class: "stack",
                ChoiceGroup {
                    name: "shortfall-reason",
                    label: t("receipt-why-short"),
                    options: UnpaidReason::ALL.iter().map(|r| Choice::new(r.slug(), term("unpaid-reason", r.slug()))).collect::<Vec<_>>(),
                    selected: draft.reason.map(|r| r.slug().to_owned()).into_iter().collect::<Vec<_>>(),
                    onchange: move |chosen: Vec<String>| value.write().reason = chosen.first().map(|slug| UnpaidReason::from_slug(slug)),
                }
                DateField {
                    id: "shortfall-day",
                    label: t("receipt-when-rest"),
                    initial: draft.next_day,
                    min: view.today,
                    onchange: move |day| value.write().next_day = day,
                }
            }
        }
    }
}
