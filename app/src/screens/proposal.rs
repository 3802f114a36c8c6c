//! The form of a proposal 申请: what is asked for, about which invoices, how much, why. Kept at every change.

use dioxus::prelude::*;
use shared::{
    ids::{CustomerId, InvoiceId},
    money::Money,
    proposal::{Ask, DisputeReason, ProposalKind},
};

use crate::{
    components::{
        Button, Card, Choice, ChoiceGroup, DateField, Field, FieldKind, IconName, TextArea,
    },
    format,
    i18n::{t, t_args, term},
    replica::api::{FormView, NewPhoto, NewProposal, Request},
    route::Route,
    screens::{frame::Screen, parts::Waiting, saving::use_saving, visit::Photos},
    state::{
        Form,
        draft::{DraftPhoto, key},
        navigate::use_back,
        take, use_form, use_query,
    },
};

/// The form.
#[component]
pub fn ProposalFormScreen(customer: CustomerId) -> Element {
    let view = use_query(Request::Form(customer), take::form);
    let kept = key::proposal(customer);
    let form = use_form::<Ask>(kept.clone());
    let photos = use_form::<Vec<DraftPhoto>>(key::photos(&kept));
    let back = use_back(Route::Customer { id: customer });
    let ready = *form.ready.read() && *photos.ready.read();
    let Some(view) = view.view().filter(|_| ready) else {
        return rsx! {
            Screen { title: t("proposal-title"), onback: back, Waiting { error: view.error(), onretry: move |()| view.again() } }
        };
    };
    let what = form.value.read().what;
    rsx! {
        Screen {
            title: view.customer.name.clone(),
            kicker: t("proposal-title"),
            onback: back,
            actions: rsx! { SaveBar { form, photos, customer } },
            {kinds(form)}
            if what != ProposalKind::Unknown {
                Matter { form, view: (*view).clone() }
                Card {
                    div { class: "stack",
                        TextArea {
                            id: "proposal-words",
                            label: t("proposal-words"),
                            initial: form.value.peek().words.clone(),
                            placeholder: t("proposal-words-hint"),
                            required: form.value.read().needs_words(),
                            oninput: move |text: String| {
                                let mut value = form.value;
                                value.write().words = text;
                            },
                        }
                        Photos { photos, customer: view.customer.name.clone() }
                    }
                }
                p { class: "t2", id: "proposal-way", {term("proposal-way", what.slug())} }
            }
        }
    }
}

/// What for; of a dispute, what about.
fn kinds(form: Form<Ask>) -> Element {
    let mut value = form.value;
    let (what, reason) = {
        let ask = value.read();
        (ask.what, ask.reason)
    };
    let kinds = ProposalKind::ALL.iter().map(|kind| kind.slug());
    let reasons = DisputeReason::ALL.iter().map(|reason| reason.slug());
    rsx! {
        Card {
            div { class: "stack",
                ChoiceGroup {
                    name: "proposal-what",
                    label: t("proposal-what"),
                    required: true,
                    options: choices("proposal", kinds),
                    selected: vec![what.slug().to_owned()],
                    onchange: move |chosen: Vec<String>| {
                        let what = chosen.first().map_or(ProposalKind::Unknown, |slug| ProposalKind::from_slug(slug));
                        let mut ask = value.write();
                        ask.what = what;
                        if !is_of_many(what) {
                            ask.invoices.truncate(1);
                        }
                    },
                }
                if what == ProposalKind::Dispute {
                    ChoiceGroup {
                        name: "proposal-reason",
                        label: t("proposal-reason"),
                        required: true,
                        options: choices("dispute-reason", reasons),
                        selected: reason.map(|reason| reason.slug().to_owned()).into_iter().collect::<Vec<_>>(),
                        onchange: move |chosen: Vec<String>| value.write().reason = chosen.first().map(|slug| DisputeReason::from_slug(slug)),
                    }
                }
            }
        }
    }
}

fn choices(family: &str, slugs: impl Iterator<Item = &'static str>) -> Vec<Choice> {
    slugs
        .map(|slug| Choice::new(slug, term(family, slug)))
        .collect()
}

/// Can it be about several invoices? What is posted lies on one.
fn is_of_many(what: ProposalKind) -> bool {
    matches!(what, ProposalKind::Dispute | ProposalKind::Extension)
}

/// What is open of the chosen invoices.
fn open_of(view: &FormView, invoices: &[InvoiceId]) -> Money {
    let chosen = view
        .invoices
        .iter()
        .filter(|line| invoices.contains(&line.row.invoice.id));
    let open = chosen
        .map(|line| line.outstanding)
        .filter(|sum| sum.is_positive());
    Money::sum(open).unwrap_or_default()
}

/// Which invoices, how much, until when.
#[component]
fn Matter(form: Form<Ask>, view: FormView) -> Element {
    let mut value = form.value;
    let mut round = use_signal(|| 0_u32);
    let ask = value.read().clone();
    let many = is_of_many(ask.what);
    let mut options: Vec<Choice> = view
        .invoices
        .iter()
        .map(|line| {
            let label = format!(
                "{} {}",
                line.row.invoice.number,
                format::money(line.outstanding)
            );
            Choice::new(line.row.invoice.id.to_string(), label)
        })
        .collect();
    let mut selected: Vec<String> = ask.invoices.iter().map(ToString::to_string).collect();
    if !many {
        options.insert(0, Choice::new("", t("proposal-no-invoice")));
        if selected.is_empty() {
            selected.push(String::new());
        }
    }
    let today = view.today;
    let choose = move |chosen: Vec<String>| {
        let mut ask = value.write();
        ask.invoices = chosen.iter().filter_map(|id| id.parse().ok()).collect();
        let open = open_of(&view, &ask.invoices);
        if open.is_positive() {
            ask.amount = open;
            round += 1;
        }
    };
    rsx! {
        Card {
            div { class: "stack",
                if options.len() > 1 || many && !options.is_empty() {
                    ChoiceGroup {
                        name: "proposal-invoices",
                        label: t("proposal-invoices"),
                        multiple: many,
                        options,
                        selected,
                        onchange: choose,
                    }
                }
                // The field begins anew with what is open of the invoices chosen.
                for round in [round()] {
                    Field {
                        key: "{round}",
                        id: "proposal-amount",
                        label: t("proposal-amount"),
                        kind: FieldKind::Money,
                        required: true,
                        initial: if ask.amount.is_positive() { ask.amount.to_string() } else { String::new() },
                        oninput: move |text: String| value.write().amount = typed(&text),
                    }
                }
                if ask.what == ProposalKind::Extension {
                    DateField {
                        id: "proposal-until",
                        label: t("proposal-until"),
                        initial: ask.until,
                        min: today.plus_days(1),
                        required: true,
                        onchange: move |day| value.write().until = day,
                    }
                }
            }
        }
    }
}

/// What was typed as a sum; nothing if it is none.
pub fn typed(text: &str) -> Money {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, ',' | ' ' | '¥' | '，'))
        .collect();
    plain.parse().unwrap_or_default()
}

#[component]
fn SaveBar(form: Form<Ask>, photos: Form<Vec<DraftPhoto>>, customer: CustomerId) -> Element {
    let saving = use_saving(None);
    let save = move |_| {
        let new = NewProposal {
            customer,
            ask: form.value.peek().clone(),
            photos: photos.value.peek().iter().map(NewPhoto::from).collect(),
        };
        let drafts = vec![form.draft, photos.draft];
        let request = Request::Propose(Box::new(new));
        saving.save(request, drafts, Some((customer, None)));
    };
    let sum = form.value.read().amount;
    let label = match sum.is_positive() {
        true => t_args(
            "proposal-save-sum",
            &[("amount", format::money(sum).into())],
        ),
        false => t("proposal-save"),
    };
    rsx! {
        Button { wide: true, icon: IconName::Check, busy: saving.busy(), id: "proposal-save", onclick: save, "{label}" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_sum_or_nothing_yet() {
        for (text, expected) in [
            ("1,200.5", "1200.50"),
            ("¥30", "30.00"),
            ("12.", "12.00"),
            ("", "0.00"),
            ("abc", "0.00"),
        ] {
            assert_eq!(typed(text).to_string(), expected, "{text}");
        }
    }
}
