//! The journal 日记账: every entry, by day, kind and customer, the newest first; and how its chain stands.

use dioxus::prelude::*;
use shared::ledger::entry::EntryKind;

use super::{
    api::{Chain, Entry, Journal},
    frame::Screen,
    parts::{Stale, Waiting},
    route::{JournalQuery, Place},
    state::{use_desk, use_read},
    words::{account, word},
};
use crate::{
    components::{
        Amount, Banner, Button, ButtonKind, Card, Choice, Column, DataRow, DataTable, DateField,
        EmptyState, Field, IconName, SelectField, Tag, Tone,
    },
    format,
    i18n::{t, t_args},
};

/// The screen.
#[component]
pub fn JournalScreen(query: JournalQuery) -> Element {
    let navigator = use_navigator();
    // Pages read so far end before these numbers.
    let mut before = use_signal(|| None::<u64>);
    let mut last = use_hook(|| CopyValue::new(JournalQuery::default()));
    if *last.peek() != query {
        last.set(query.clone());
        before.set(None);
    }
    let page = match before() {
        Some(number) => format!("&before={number}"),
        None => String::new(),
    };
    let journal = use_read::<Journal>(format!("/v1/desk/journal?{query}{page}"));
    let change = use_callback(move |query: JournalQuery| {
        navigator.replace(Place::Journal { query });
    });
    rsx! {
        Screen { title: t("desk-journal"),
            Filters { query: query.clone(), onchange: change }
            match journal.view() {
                None => rsx! { Waiting { error: journal.error() } },
                Some(found) => rsx! {
                    Stale { error: journal.error() }
                    ChainState { chain: found.chain.clone() }
                    if found.entries.is_empty() {
                        EmptyState {
                            icon: IconName::Chart,
                            title: t("desk-journal-none"),
                            body: if query.is_filtered() { t("desk-journal-none-filtered") } else { t("desk-journal-none-body") },
                        }
                    } else {
                        Entries { list: found.entries.clone() }
                    }
                    div { class: "row wrap",
                        if before().is_some() {
                            Button { kind: ButtonKind::Sub, small: true, id: "newest", onclick: move |_| before.set(None), {t("desk-newest")} }
                        }
                        if let Some(next) = found.next {
                            Button { kind: ButtonKind::Sub, small: true, id: "older", onclick: move |_| before.set(Some(next)), {t("desk-older")} }
                        }
                    }
                },
            }
        }
    }
}

#[component]
fn Filters(query: JournalQuery, onchange: EventHandler<JournalQuery>) -> Element {
    let desk = use_desk();
    let kinds = EntryKind::ALL
        .iter()
        .filter(|kind| **kind != EntryKind::Unknown)
        .map(|kind| Choice::new(kind.slug(), word("desk-kind", kind.slug())));
    let kinds = std::iter::once(Choice::new("", t("desk-all"))).chain(kinds);
    let number = match desk.customer(&query.customer) {
        Some(customer) => customer.number,
        None => query.customer.clone(),
    };
    let now = query.clone();
    let change = move |edit: &dyn Fn(&mut JournalQuery)| {
        let mut changed = now.clone();
        edit(&mut changed);
        onchange.call(changed);
    };
    let (by_from, by_to, by_kind, by_customer) = (
        change.clone(),
        change.clone(),
        change.clone(),
        change.clone(),
    );
    let mut typed = use_signal(String::new);
    rsx! {
        div { class: "filters",
            DateField { id: "from", label: t("desk-from-day"), initial: query.from, onchange: move |day| by_from(&|q| q.from = day) }
            DateField { id: "to", label: t("desk-to-day"), initial: query.to, onchange: move |day| by_to(&|q| q.to = day) }
            SelectField { id: "kind", label: t("desk-col-what"), options: kinds.collect::<Vec<_>>(), value: query.kind.clone(), onchange: move |kind: String| by_kind(&|q| q.kind = kind.clone()) }
            Field {
                id: "customer",
                label: t("customers-number"),
                initial: number,
                hint: t("desk-customer-hint"),
                oninput: move |text| typed.set(text),
                onenter: move |()| by_customer(&|q| q.customer = typed.read().trim().to_owned()),
            }
        }
    }
}

#[component]
fn ChainState(chain: Chain) -> Element {
    let args = [
        ("entries", chain.entries.into()),
        ("checked", chain.checked.into()),
    ];
    if !chain.whole {
        return rsx! {
            Banner { tone: Tone::Red, urgent: true, id: "chain", title: t("desk-chain-broken"), body: t("desk-chain-broken-body") }
        };
    }
    rsx! {
        Card { id: "chain",
            p {
                Tag { tone: Tone::Green, icon: IconName::Check, {t("desk-chain-whole")} }
                " "
                span { class: "t2 num", {t_args("desk-chain-checked", &args)} }
            }
            if let Some(head) = chain.head {
                p { class: "t3", {t("desk-chain-head")} " " span { class: "hash", "{head}" } }
            }
        }
    }
}

#[component]
fn Entries(list: Vec<Entry>) -> Element {
    let desk = use_desk();
    let columns = vec![
        Column::figures(t("desk-col-number")),
        Column::text(t("desk-col-day")),
        Column::text(t("desk-col-what")),
        Column::text(t("desk-col-account")),
        Column::figures(t("desk-col-debit")),
        Column::figures(t("desk-col-credit")),
    ];
    rsx! {
        DataTable { caption: t("desk-journal"), columns,
            for entry in list {
                DataRow { key: "{entry.number}",
                    td { class: "r", "{entry.number}" }
                    td { class: "nowrap",
                        {format::date(entry.day)}
                        if let Some(day) = entry.own_day {
                            p { class: "t3", {t_args("desk-own-day", &[("day", format::date(day).into())])} }
                        }
                    }
                    td {
                        {word("desk-kind", &entry.kind)}
                        if let Some(person) = entry.person.as_deref() {
                            p { class: "t3", {desk.person_name(person)} }
                        }
                    }
                    td {
                        for (index , posting) in entry.postings.iter().enumerate() {
                            p { key: "{index}", {account(desk, &posting.account)} }
                        }
                    }
                    td { class: "r nowrap",
                        for (index , posting) in entry.postings.iter().enumerate() {
                            p { key: "{index}",
                                if posting.amount.is_positive() {
                                    Amount { value: posting.amount, bare: true }
                                } else {
                                    "\u{a0}"
                                }
                            }
                        }
                    }
                    td { class: "r nowrap",
                        for (index , posting) in entry.postings.iter().enumerate() {
                            p { key: "{index}",
                                if posting.amount.is_positive() {
                                    "\u{a0}"
                                } else {
                                    Amount { value: posting.amount.negated(), bare: true }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
