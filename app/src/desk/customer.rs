//! A customer's account: what is owed, invoice by invoice, receipts, promises, and what finance does about it.

use dioxus::prelude::*;
use serde_json::{Value, json};
use shared::{day::Day, money::Money};

use super::{
    api::{Account, Accounts, Commands, Invoice, Promise, Promises},
    case::CaseCard,
    frame::{Screen, use_go},
    interest::Proposed,
    order::{Order, needed_sum},
    parts::{Due, SectionHead, Stale, Sum, Waiting},
    route::{JournalQuery, Place},
    state::{use_desk, use_read},
    words::word,
};
use crate::{
    components::{
        Amount, AmountSize, Button, ButtonKind, Card, Choice, Column, DataRow, DataTable,
        EmptyState, Field, FieldKind, IconName, NavLink, Segmented, SelectField, Tag, Tone,
    },
    format,
    i18n::{t, t_args, term},
};

/// Stands for the account beside the invoices in choices.
pub(super) const ON_ACCOUNT: &str = "account";
/// Stands for money of the books in choices.
pub(super) const BOOKS: &str = "books";

/// What finance does about an account.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Deed {
    Reallocate,
    Refund,
    Recover,
    Discount(String),
    GoodsReturn(String),
    Interest(String),
    WriteOff(String),
}

impl Deed {
    const fn slug(&self) -> &'static str {
        match self {
            Deed::Reallocate => "reallocate",
            Deed::Refund => "refund",
            Deed::Recover => "recover",
            Deed::Discount(_) => "discount",
            Deed::GoodsReturn(_) => "goods_return",
            Deed::Interest(_) => "interest",
            Deed::WriteOff(_) => "write_off",
        }
    }

    /// The invoice that it is about, if it is about one.
    fn invoice(&self) -> Option<&str> {
        match self {
            Deed::Reallocate | Deed::Refund | Deed::Recover => None,
            Deed::Discount(id)
            | Deed::GoodsReturn(id)
            | Deed::Interest(id)
            | Deed::WriteOff(id) => Some(id),
        }
    }

    /// What can be done about an open invoice: interest only once it is overdue.
    fn about(invoice: &Invoice, today: Day) -> Vec<Self> {
        let id = || invoice.id.clone();
        let interest = (invoice.due < today).then(|| Self::Interest(id()));
        [Self::Discount(id()), Self::GoodsReturn(id())]
            .into_iter()
            .chain(interest)
            .chain([Self::WriteOff(id())])
            .collect()
    }
}

/// The screen.
#[component]
pub fn CustomerScreen(id: String) -> Element {
    let accounts = use_read::<Accounts>(format!("/v1/ledger/accounts?customer={id}"));
    let mut deed = use_signal(|| None::<Deed>);
    let name = use_desk().customer(&id);
    let title = name.map_or_else(|| t("desk-account"), |c| format!("{} {}", c.number, c.name));
    rsx! {
        Screen { title,
            match accounts.view().and_then(|accounts| accounts.customer.clone()) {
                None => rsx! { Waiting { error: accounts.error() } },
                Some(account) => rsx! {
                    Stale { error: accounts.error() }
                    Head { account: account.clone(), ondeed: move |chosen| deed.set(Some(chosen)) }
                    InvoiceList { account: account.clone(), ondeed: move |chosen| deed.set(Some(chosen)) }
                    ReceiptList { account: account.clone() }
                    PromiseList { id: id.clone() }
                    CaseCard { account: account.clone() }
                    CommandList { id: id.clone() }
                    if let Some(chosen) = deed() {
                        Act { account, deed: chosen, onclose: move |()| deed.set(None) }
                    }
                },
            }
        }
    }
}

#[component]
fn Head(account: Account, ondeed: EventHandler<Deed>) -> Element {
    let go = use_go();
    let journal = Place::Journal {
        query: JournalQuery {
            customer: account.id.clone(),
            ..JournalQuery::default()
        },
    };
    rsx! {
        Card { id: "sums",
            div { class: "row between wrap",
                div { class: "sums",
                    div {
                        h2 { class: "t2", {t("desk-book")} }
                        Amount { value: account.book, size: AmountSize::Huge, id: "book" }
                    }
                    div {
                        p { class: "t2", {t("desk-on-account")} }
                        Amount { value: account.on_account, size: AmountSize::Large, id: "on-account" }
                    }
                    div {
                        p { class: "t2", {t("desk-in-transit")} }
                        Amount { value: account.in_transit, size: AmountSize::Large, id: "in-transit" }
                    }
                }
                div { class: "row wrap",
                    Button { kind: ButtonKind::Soft, small: true, id: "do-reallocate", onclick: move |_| ondeed.call(Deed::Reallocate), {t("desk-reallocate")} }
                    Button { kind: ButtonKind::Soft, small: true, id: "do-refund", onclick: move |_| ondeed.call(Deed::Refund), {t("desk-refund")} }
                    Button { kind: ButtonKind::Soft, small: true, id: "do-recover", onclick: move |_| ondeed.call(Deed::Recover), {t("desk-recover")} }
                    NavLink { class: "btn sub small", href: journal.to_string(), onnavigate: go, {t("desk-journal")} }
                }
            }
        }
    }
}

#[component]
fn InvoiceList(account: Account, ondeed: EventHandler<Deed>) -> Element {
    let mut open_only = use_signal(|| true);
    let today = use_desk().today();
    let all = account.invoices.len();
    let list: Vec<Invoice> = account
        .invoices
        .into_iter()
        .filter(|invoice| !open_only() || !invoice.outstanding.is_zero())
        .collect();
    let columns = vec![
        Column::text(t("desk-col-invoice")),
        Column::text(t("desk-col-issued")),
        Column::text(t("desk-col-due")),
        Column::figures(t("desk-col-amount")),
        Column::figures(t("desk-col-settled")),
        Column::figures(t("desk-col-open")),
        Column::figures(t("desk-col-action")),
    ];
    rsx! {
        SectionHead { title: t("desk-invoices"), aside: t_args("desk-of", &[("part", list.len().into()), ("all", all.into())]) }
        Segmented {
            name: "invoices-shown",
            label: t("desk-invoices"),
            options: vec![Choice::new("open", t("desk-only-open")), Choice::new("all", t("desk-all"))],
            value: if open_only() { "open" } else { "all" },
            onchange: move |value: String| open_only.set(value == "open"),
        }
        if list.is_empty() {
            EmptyState { icon: IconName::Check, title: t("desk-invoices-none"), body: t("desk-invoices-none-body") }
        } else {
            DataTable { caption: t("desk-invoices"), columns,
                for invoice in list {
                    DataRow { key: "{invoice.id}",
                        td { class: "nowrap", "{invoice.number}" }
                        td { class: "nowrap", {format::date(invoice.issued)} }
                        td {
                            if invoice.outstanding.is_positive() {
                                Due { day: invoice.due }
                            } else {
                                {format::date(invoice.due)}
                            }
                        }
                        Sum { value: invoice.amount }
                        Sum { value: invoice.settled }
                        Sum { value: invoice.outstanding, strong: true }
                        td {
                            if invoice.outstanding.is_positive() {
                                div { class: "acts",
                                    for deed in Deed::about(&invoice, today) {
                                        Button {
                                            key: "{deed.slug()}",
                                            small: true,
                                            kind: if deed.slug() == "write_off" { ButtonKind::GhostDanger } else { ButtonKind::Ghost },
                                            id: "{deed.slug()}-{invoice.number}",
                                            aria_label: "{word(\"desk-command\", deed.slug())} {invoice.number}",
                                            onclick: {
                                                let deed = deed.clone();
                                                move |_| ondeed.call(deed.clone())
                                            },
                                            {word("desk-command", deed.slug())}
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[component]
fn ReceiptList(account: Account) -> Element {
    let desk = use_desk();
    let columns = vec![
        Column::text(t("desk-col-day")),
        Column::text(t("desk-col-receipt")),
        Column::text(t("desk-col-method")),
        Column::text(t("desk-col-person")),
        Column::text(t("desk-col-state")),
        Column::figures(t("desk-col-amount")),
    ];
    rsx! {
        SectionHead { title: t("desk-account-receipts") }
        if account.receipts.is_empty() {
            EmptyState { icon: IconName::Collect, title: t("desk-account-receipts-none"), body: t("desk-account-receipts-none-body") }
        } else {
            DataTable { caption: t("desk-account-receipts"), columns,
                for receipt in account.receipts.into_iter().rev() {
                    DataRow { key: "{receipt.document}",
                        td { class: "nowrap", {format::date(receipt.day)} }
                        td { class: "nowrap", "{receipt.number}" }
                        td { {term("method", &receipt.method)} }
                        td { {desk.person_name(&receipt.person)} }
                        td { Tag { tone: receipt_tone(&receipt.state), {term("receipt-state", &receipt.state)} } }
                        Sum { value: receipt.amount, strong: true }
                    }
                }
            }
        }
    }
}

fn receipt_tone(state: &str) -> Tone {
    match state {
        "cleared" => Tone::Green,
        "posted" => Tone::Teal,
        "in_transit" | "void_pending" => Tone::Amber,
        "bounced" => Tone::Red,
        _ => Tone::Neutral,
    }
}

fn promise_tone(state: &str) -> Tone {
    match state {
        "kept" => Tone::Green,
        "broken" => Tone::Red,
        "partly_kept" => Tone::Amber,
        _ => Tone::Neutral,
    }
}

#[component]
fn PromiseList(id: String) -> Element {
    let promises = use_read::<Promises>(format!("/v1/desk/promises?customer={id}"));
    let Some(list) = promises.view() else {
        return rsx! { Waiting { error: promises.error() } };
    };
    let columns = vec![
        Column::text(t("desk-col-signed")),
        Column::text(t("desk-col-due")),
        Column::text(t("desk-col-state")),
        Column::figures(t("desk-col-promised")),
        Column::figures(t("desk-col-paid")),
    ];
    let rows = |promise: Promise| {
        let day = promise.day;
        let lines = promise.instalments.into_iter().enumerate();
        lines
            .map(|(n, line)| (format!("{}-{n}", promise.document), day, line))
            .collect::<Vec<_>>()
    };
    rsx! {
        SectionHead { title: t("desk-promises") }
        if list.promises.is_empty() {
            EmptyState { icon: IconName::Today, title: t("desk-promises-none"), body: t("desk-promises-none-body") }
        } else {
            DataTable { caption: t("desk-promises"), columns,
                for (key , day , line) in list.promises.iter().cloned().flat_map(rows) {
                    DataRow { key: "{key}",
                        td { class: "nowrap", {format::date(day)} }
                        td { class: "nowrap", {format::date(line.due)} }
                        td { Tag { tone: promise_tone(&line.state), {term("promise-state", &line.state)} } }
                        Sum { value: line.amount }
                        Sum { value: line.paid }
                    }
                }
            }
        }
    }
}

/// What finance has done about this customer.
#[component]
fn CommandList(id: String) -> Element {
    let desk = use_desk();
    let commands = use_read::<Commands>(format!("/v1/ledger/commands?customer={id}&all=true"));
    let Some(list) = commands.view().filter(|list| !list.commands.is_empty()) else {
        return rsx! {};
    };
    let columns = vec![
        Column::text(t("desk-col-day")),
        Column::text(t("desk-col-what")),
        Column::text(t("desk-col-by")),
        Column::text(t("desk-col-reason")),
        Column::figures(t("desk-col-amount")),
    ];
    rsx! {
        SectionHead { title: t("desk-deeds") }
        DataTable { caption: t("desk-deeds"), columns,
            for deed in list.commands.clone() {
                DataRow { key: "{deed.id}",
                    td { class: "nowrap", {format::date(deed.day)} }
                    td {
                        {word("desk-command", &deed.kind)}
                        if let Some(decision) = deed.decision.clone() {
                            " "
                            Tag { tone: if decision == "open" { Tone::Amber } else { Tone::Neutral }, {word("desk-decision", &decision)} }
                        }
                    }
                    td { {desk.person_name(&deed.person)} }
                    td { "{deed.reason}" }
                    Sum { value: deed.amount() }
                }
            }
        }
    }
}

/// Invoices as choices, with what `figure` says of each; the account beside them first.
pub(super) fn debts(account: &Account, figure: fn(&Invoice) -> Money) -> Vec<Choice> {
    let on_account = format!(
        "{} · {}",
        t("desk-on-account"),
        format::money(account.on_account)
    );
    let invoices = account.invoices.iter().map(|invoice| {
        let label = format!("{} · {}", invoice.number, format::money(figure(invoice)));
        Choice::new(invoice.id.clone(), label)
    });
    std::iter::once(Choice::new(ON_ACCOUNT, on_account))
        .chain(invoices)
        .collect()
}

/// The invoice that was chosen; none for the account.
pub(super) fn invoice(choice: &str) -> Value {
    match choice {
        ON_ACCOUNT => Value::Null,
        id => Value::from(id),
    }
}

/// Where money of the company is.
fn tills() -> Vec<Choice> {
    vec![
        Choice::new("bank", t("desk-account-bank")),
        Choice::new("cash", t("desk-account-cash")),
    ]
}

/// Whose money: receipts of the customer, or money of the books.
pub(super) fn sources(account: &Account) -> Vec<Choice> {
    let books = Choice::new(BOOKS, t("desk-money-of-books"));
    let receipts = account
        .receipts
        .iter()
        .rev()
        .filter(|r| r.state != "voided");
    std::iter::once(books)
        .chain(receipts.map(|receipt| {
            let sum = format::money(receipt.amount);
            Choice::new(
                receipt.document.clone(),
                format!("{} · {sum}", receipt.number),
            )
        }))
        .collect()
}

pub(super) fn source(choice: &str) -> Value {
    match choice {
        BOOKS => Value::Null,
        id => Value::from(id),
    }
}

/// The sheet.
#[component]
fn Act(account: Account, deed: Deed, onclose: EventHandler<()>) -> Element {
    let slug = deed.slug();
    let chosen = deed
        .invoice()
        .and_then(|id| account.invoices.iter().find(|i| i.id == id));
    let first_sum = match slug {
        "write_off" => chosen
            .map(|i| i.outstanding.to_string())
            .unwrap_or_default(),
        _ => String::new(),
    };
    let begin = first_sum.clone();
    let mut first = use_signal(move || first_sum);
    let mut amount = use_signal(move || begin);
    let mut from = use_signal(|| ON_ACCOUNT.to_owned());
    let mut to = use_signal(|| ON_ACCOUNT.to_owned());
    let mut whose = use_signal(|| BOOKS.to_owned());
    let mut till = use_signal(|| "bank".to_owned());
    let (customer, about) = (account.id.clone(), deed.invoice().map(str::to_owned));
    let command = use_callback(move |()| {
        let amount = needed_sum(&amount.read())?;
        let receipt = source(&whose.read());
        let debt = json!({ "customer": customer, "invoice": about });
        Ok::<Value, String>(match slug {
            "reallocate" => json!({
                "kind": slug, "customer": customer, "receipt": receipt,
                "from": invoice(&from.read()), "to": invoice(&to.read()), "amount": amount,
            }),
            "refund" => json!({
                "kind": slug, "debt": { "customer": customer, "invoice": invoice(&from.read()) },
                "receipt": receipt, "out_of": till(), "amount": amount,
            }),
            "recover" => json!({
                "kind": slug, "debt": { "customer": customer, "invoice": invoice(&from.read()) },
                "from": till(), "amount": amount,
            }),
            _ => json!({ "kind": slug, "debt": debt, "amount": amount }),
        })
    });
    let moves = matches!(deed, Deed::Reallocate | Deed::Refund);
    rsx! {
        Order {
            title: word("desk-command", slug),
            confirm: t(&format!("desk-{slug}-yes")),
            danger: slug == "write_off",
            done: t(&format!("desk-{slug}-done")),
            command,
            onclose,
            p { class: "t2", {t(&format!("desk-{slug}-note"))} }
            if let Some(invoice) = chosen.cloned() {
                dl { class: "facts",
                    dt { {t("desk-col-invoice")} }
                    dd { class: "num", "{invoice.number}" }
                    dt { {t("desk-col-open")} }
                    dd { Amount { value: invoice.outstanding, size: AmountSize::Large } }
                }
            }
            if moves {
                SelectField { id: "whose", label: t("desk-whose-money"), options: sources(&account), value: whose(), onchange: move |value| whose.set(value) }
                SelectField { id: "from", label: t("desk-from"), options: debts(&account, |i| i.settled), value: from(), hint: t("desk-from-hint"), onchange: move |value| from.set(value) }
            }
            if deed == Deed::Reallocate {
                SelectField { id: "to", label: t("desk-to"), options: debts(&account, |i| i.outstanding), value: to(), hint: t("desk-to-hint"), onchange: move |value| to.set(value) }
            }
            if deed == Deed::Recover {
                SelectField { id: "from", label: t("desk-recover-of"), options: debts(&account, |i| i.amount), value: from(), onchange: move |value| from.set(value) }
            }
            if deed == Deed::Refund {
                Segmented { name: "till", label: t("desk-till"), options: tills(), value: till(), onchange: move |value| till.set(value) }
            }
            if deed == Deed::Recover {
                Segmented {
                    name: "till",
                    label: t("desk-recover-from"),
                    options: tills().into_iter().chain([Choice::new(ON_ACCOUNT, t("desk-recover-account"))]).collect::<Vec<_>>(),
                    value: till(),
                    onchange: move |value| till.set(value),
                }
            }
            if let (Deed::Interest(_), Some(invoice)) = (&deed, chosen.cloned()) {
                Proposed {
                    invoice,
                    onproposed: move |sum: String| {
                        amount.set(sum.clone());
                        first.set(sum);
                    },
                }
            }
            // The field begins anew with what is proposed.
            for proposed in [first()] {
                Field {
                    key: "{proposed}",
                    id: "amount",
                    label: t("desk-col-amount"),
                    kind: FieldKind::Money,
                    initial: proposed.clone(),
                    required: true,
                    oninput: move |text| amount.set(text),
                }
            }
        }
    }
}
