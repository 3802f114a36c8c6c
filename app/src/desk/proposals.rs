//! Requests 申请: what the field asks for. A list with filters; of one all that was said, the invoices as they stand, and
//! the answer of finance. Where something is posted, the answer carries the command, filled in from the request.

use dioxus::prelude::*;
use serde_json::{Value, json};
use shared::{money::Money, proposal::ProposalKind};

use super::{
    api::Accounts,
    asked::{AskedInvoice, AskedPhoto, Proposal, Proposals, Word},
    browser, customer,
    frame::Screen,
    order::{Order, needed_sum},
    parts::{CustomerLink, Due, Stale, Sum, Waiting},
    route::Place,
    state::{use_desk, use_read},
    words::word,
};
use crate::{
    components::{
        Amount, AmountSize, Button, ButtonKind, Choice, Column, CommentThread, CommentView,
        DataRow, DataTable, EmptyState, Field, FieldKind, IconName, Photo, PhotoGrid, Segmented,
        SelectField, Sheet, Tag, Tone,
    },
    format,
    i18n::{t, t_args, term},
};

/// The kind of command that moves money from one debt to another; it needs no second person.
const MOVE: &str = "reallocate";

/// What finance is about to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Saying {
    Agree,
    Post,
    Decline,
}

/// The screen.
#[component]
pub fn ProposalsScreen(show: String, what: String) -> Element {
    let navigator = use_navigator();
    let closed = show == "closed";
    let kind = ProposalKind::from_slug(&what);
    let what = match kind {
        ProposalKind::Unknown => String::new(),
        kind => kind.slug().to_owned(),
    };
    let of_kind = match what.is_empty() {
        true => String::new(),
        false => format!("&what={what}"),
    };
    let list = use_read::<Proposals>(format!("/v1/desk/proposals?closed={closed}{of_kind}"));
    let mut open = use_signal(|| None::<String>);
    let mut saying = use_signal(|| None::<(Proposal, Saying)>);
    let kinds = ProposalKind::ALL.iter().map(|kind| kind.slug());
    let kinds = kinds.map(|slug| Choice::new(slug, term("proposal", slug)));
    let (show_now, what_now) = (show.clone(), what.clone());
    rsx! {
        Screen { title: t("desk-requests"),
            div { class: "row wrap",
                Segmented {
                    name: "show",
                    label: t("desk-requests"),
                    options: vec![Choice::new("open", t("desk-requests-open")), Choice::new("closed", t("desk-requests-closed"))],
                    value: if closed { "closed" } else { "open" },
                    onchange: move |show: String| {
                        navigator.replace(Place::Proposals { show, what: what_now.clone() });
                    },
                }
                SelectField {
                    id: "what",
                    label: t("desk-requests-kind"),
                    options: std::iter::once(Choice::new("", t("desk-all"))).chain(kinds).collect::<Vec<_>>(),
                    value: what,
                    onchange: move |what: String| {
                        navigator.replace(Place::Proposals { show: show_now.clone(), what });
                    },
                }
            }
            match list.view() {
                None => rsx! { Waiting { error: list.error() } },
                Some(found) if found.proposals.is_empty() => rsx! {
                    EmptyState { icon: IconName::Check, title: t("desk-requests-none"), body: t("desk-requests-none-body") }
                },
                Some(found) => rsx! {
                    Stale { error: list.error() }
                    List { list: found.proposals.clone(), onopen: move |document| open.set(Some(document)) }
                },
            }
            // What is shown of one is what was read last.
            if let Some(shown) = list.view().and_then(|found| found.proposals.iter().find(|p| Some(&p.document) == open.read().as_ref()).cloned()) {
                Detail {
                    proposal: shown.clone(),
                    onsay: move |what| {
                        open.set(None);
                        saying.set(Some((shown.clone(), what)));
                    },
                    onclose: move |()| open.set(None),
                }
            }
            if let Some((proposal, what)) = saying() {
                Say { proposal, what, onclose: move |()| saying.set(None) }
            }
        }
    }
}

/// `争议 · 价格不符`
fn title(proposal: &Proposal) -> String {
    let what = term("proposal", &proposal.what);
    match &proposal.reason {
        Some(reason) => format!("{what} · {}", term("dispute-reason", reason)),
        None => what,
    }
}

fn tone(state: &str) -> Tone {
    match state {
        "settled" => Tone::Green,
        "declined_by_sales" | "declined_by_finance" => Tone::Red,
        "agreed_by_sales" => Tone::Amber,
        "being_posted" => Tone::Teal,
        _ => Tone::Neutral,
    }
}

#[component]
fn List(list: Vec<Proposal>, onopen: EventHandler<String>) -> Element {
    let desk = use_desk();
    let columns = vec![
        Column::text(t("desk-col-what")),
        Column::text(t("desk-col-customer")),
        Column::text(t("desk-col-asked-by")),
        Column::text(t("desk-col-state")),
        Column::figures(t("desk-col-amount")),
        Column::figures(t("desk-col-action")),
    ];
    rsx! {
        DataTable { caption: t("desk-requests"), columns,
            for proposal in list {
                DataRow { key: "{proposal.document}",
                    td {
                        strong { {title(&proposal)} }
                        if !proposal.words.is_empty() {
                            p { class: "t3", "{proposal.words}" }
                        }
                    }
                    td { CustomerLink { id: proposal.customer.clone() } }
                    td {
                        {desk.person_name(&proposal.person)}
                        p { class: "t3 nowrap", {desk.moment(proposal.received_at)} }
                    }
                    td { Tag { tone: tone(&proposal.state), {term("proposal-state", &proposal.state)} } }
                    Sum { value: proposal.amount, strong: true }
                    td {
                        div { class: "acts",
                            Button {
                                small: true,
                                kind: ButtonKind::Soft,
                                aria_label: "{t(\"desk-request-see\")} {title(&proposal)} {desk.customer_name(&proposal.customer)}",
                                onclick: {
                                    let document = proposal.document.clone();
                                    move |_| onopen.call(document.clone())
                                },
                                {t("desk-request-see")}
                            }
                        }
                    }
                }
            }
        }
    }
}

/// All that is known of one.
#[component]
fn Detail(proposal: Proposal, onsay: EventHandler<Saying>, onclose: EventHandler<()>) -> Element {
    let desk = use_desk();
    let acts = proposal.may_agree || proposal.may_post || proposal.may_decline;
    let who = format!(
        "{} · {}",
        desk.person_name(&proposal.person),
        desk.moment(proposal.received_at)
    );
    let comments = proposal.comments.iter().enumerate();
    let comments: Vec<CommentView> = comments
        .map(|(n, said)| CommentView {
            id: n.to_string(),
            author: desk.person_name(&said.author),
            when: desk.moment(said.at),
            text: said.text.clone(),
            mine: false,
            lead: said.author != proposal.person,
            pending: false,
        })
        .collect();
    let foot = acts.then(|| {
        rsx! {
            if proposal.may_decline {
                Button { kind: ButtonKind::GhostDanger, id: "request-decline", onclick: move |_| onsay.call(Saying::Decline), {t("proposal-decline")} }
            }
            if proposal.may_agree {
                Button { kind: if proposal.may_post { ButtonKind::Sub } else { ButtonKind::Primary }, id: "request-agree", onclick: move |_| onsay.call(Saying::Agree), {t("desk-request-agree")} }
            }
            if proposal.may_post {
                Button { id: "request-post", onclick: move |_| onsay.call(Saying::Post), {t("desk-request-post")} }
            }
        }
    });
    rsx! {
        Sheet { title: title(&proposal), id: "request", onclose, foot,
            div { class: "row between wrap",
                div {
                    h3 { class: "t1", {desk.customer_name(&proposal.customer)} }
                    p { class: "t3", "{who}" }
                }
                Amount { value: proposal.amount, size: AmountSize::Large, id: "request-amount" }
            }
            Tag { tone: tone(&proposal.state), {term("proposal-state", &proposal.state)} }
            dl { class: "facts",
                if let Some(day) = proposal.until {
                    dt { {t("proposal-until")} }
                    dd { {format::date(day)} }
                }
                if !proposal.words.is_empty() {
                    dt { {t("proposal-words")} }
                    dd { "{proposal.words}" }
                }
                if let Some(said) = proposal.sales.clone() {
                    dt { {t("role-supervisor")} }
                    dd { id: "request-sales", {verdict(&said, desk.person_name(&said.person))} }
                }
                if let Some(said) = proposal.finance.clone() {
                    dt { {t("role-finance")} }
                    dd { id: "request-finance", {verdict(&said, desk.person_name(&said.person))} }
                }
            }
            Invoices { list: proposal.invoices.clone() }
            if !proposal.photos.is_empty() {
                Photos { photos: proposal.photos.clone() }
            }
            if !comments.is_empty() {
                CommentThread { comments }
            }
        }
    }
}

/// Who said what.
fn verdict(said: &Word, name: String) -> String {
    let verdict = match (said.agreed, said.amount) {
        (true, Some(sum)) => t_args(
            "proposal-said-less",
            &[("amount", format::money(sum).into())],
        ),
        (true, None) => t("proposal-said-yes"),
        (false, _) => t("proposal-said-no"),
    };
    let decision = said.decision.as_ref();
    let decision = decision.map(|slug| word("desk-decision", slug));
    let parts = [
        name,
        verdict,
        said.words.clone(),
        decision.unwrap_or_default(),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

#[component]
fn Invoices(list: Vec<AskedInvoice>) -> Element {
    if list.is_empty() {
        return rsx! {
            p { class: "t2", {t("proposal-no-invoice")} }
        };
    }
    let columns = vec![
        Column::text(t("desk-col-invoice")),
        Column::text(t("desk-col-due")),
        Column::figures(t("desk-col-amount")),
        Column::figures(t("desk-col-open")),
    ];
    rsx! {
        DataTable { caption: t("proposal-invoices"), columns,
            for invoice in list {
                DataRow { key: "{invoice.id}",
                    td { class: "nowrap", "{invoice.number}" }
                    td { Due { day: invoice.due } }
                    Sum { value: invoice.amount }
                    Sum { value: invoice.outstanding, strong: true }
                }
            }
        }
    }
}

/// The photos, as far as they have come.
#[component]
fn Photos(photos: Vec<AskedPhoto>) -> Element {
    let mut urls = use_signal(Vec::<Option<String>>::new);
    let mut large = use_signal(|| None::<usize>);
    let wanted: Vec<String> = photos.iter().map(|photo| photo.content.clone()).collect();
    use_hook(move || {
        spawn(async move {
            for content in wanted {
                let url = browser::image(&format!("/v1/attachments/{content}")).await;
                urls.write().push(url);
            }
        });
    });
    let shown: Vec<Photo> = photos
        .iter()
        .enumerate()
        .map(|(n, photo)| Photo {
            id: n.to_string(),
            url: urls.read().get(n).cloned().flatten(),
            caption: photo.caption.clone(),
            pending: false,
        })
        .collect();
    let chosen = large().and_then(|n| urls.read().get(n).cloned().flatten());
    rsx! {
        PhotoGrid { photos: shown, onopen: move |id: String| large.set(id.parse().ok().filter(|n| Some(*n) != large())) }
        if let Some(url) = chosen {
            img { src: "{url}", alt: t("photos"), max_width: "100%" }
        }
    }
}

/// The kind of command that answers it; of a dispute one can be chosen.
fn commands(what: &str) -> Vec<Choice> {
    let slugs: &[&str] = match what {
        "dispute" => &["discount", "goods_return", "reallocate"],
        "discount" => &["discount"],
        "goods_return" => &["goods_return"],
        _ => &["write_off"],
    };
    let choices = slugs.iter();
    choices
        .map(|slug| Choice::new(*slug, word("desk-command", slug)))
        .collect()
}

/// The sheet in which finance answers.
#[component]
fn Say(proposal: Proposal, what: Saying, onclose: EventHandler<()>) -> Element {
    let desk = use_desk();
    let accounts = use_read::<Accounts>(format!(
        "/v1/ledger/accounts?customer={}",
        proposal.customer
    ));
    let kinds = commands(&proposal.what);
    let first_kind = kinds.first().map(|choice| choice.value.clone());
    let mut kind = use_signal(move || first_kind.unwrap_or_default());
    let begin = proposal.most;
    let mut amount = use_signal(move || begin.to_string());
    let mut invoice = use_signal(|| None::<String>);
    // Of money that is moved: whose it is, and where it was booked.
    let mut whose = use_signal(|| customer::BOOKS.to_owned());
    let mut from = use_signal(|| customer::ON_ACCOUNT.to_owned());
    let options = debts(&proposal, accounts.view().as_deref());
    let first = options.first().map(|choice| choice.value.clone());
    let chosen = invoice().or(first).unwrap_or_default();
    let (about, owner) = (chosen.clone(), proposal.customer.clone());
    let command = use_callback(move |()| {
        Ok::<Value, String>(match what {
            Saying::Decline => json!({ "agree": false }),
            Saying::Agree => json!({ "agree": true }),
            Saying::Post if about.is_empty() => return Err(t("desk-request-no-invoice")),
            Saying::Post => {
                let sum: Money = needed_sum(&amount.read())?;
                let debt = json!({ "customer": owner, "invoice": about });
                let command = match kind().as_str() {
                    MOVE => json!({
                        "kind": MOVE, "customer": owner, "receipt": customer::source(&whose.read()),
                        "from": customer::invoice(&from.read()), "to": about, "amount": sum,
                    }),
                    kind => json!({ "kind": kind, "debt": debt, "amount": sum }),
                };
                json!({ "agree": true, "command": command })
            }
        })
    });
    let slug = match what {
        Saying::Agree => "agree",
        Saying::Post if kind() == MOVE => "move",
        Saying::Post => "post",
        Saying::Decline => "decline",
    };
    rsx! {
        Order {
            title: title(&proposal),
            confirm: t(&format!("desk-request-{slug}-yes")),
            danger: what == Saying::Decline,
            send_to: format!("/v1/desk/proposals/{}/answer", proposal.document),
            done: t(&format!("desk-request-{slug}-done")),
            command,
            onclose,
            p { class: "t2", {t(&format!("desk-request-{slug}-note"))} }
            dl { class: "facts",
                dt { {t("desk-col-customer")} }
                dd { {desk.customer_name(&proposal.customer)} }
                dt { {t("desk-request-most")} }
                dd { Amount { value: proposal.most, size: AmountSize::Large } }
            }
            if what == Saying::Post {
                if kinds.len() > 1 {
                    Segmented { name: "request-kind", label: t("desk-col-what"), options: kinds, value: kind(), onchange: move |value| kind.set(value) }
                }
                if let Some(account) = accounts.view().and_then(|accounts| accounts.customer.clone()).filter(|_| kind() == MOVE) {
                    SelectField { id: "whose", label: t("desk-whose-money"), options: customer::sources(&account), value: whose(), onchange: move |value| whose.set(value) }
                    SelectField { id: "from", label: t("desk-from"), options: customer::debts(&account, |i| i.settled), value: from(), hint: t("desk-from-hint"), onchange: move |value| from.set(value) }
                }
                SelectField { id: "request-invoice", label: t("desk-col-invoice"), options, value: chosen, onchange: move |value| invoice.set(Some(value)) }
                Field {
                    id: "amount",
                    label: t("desk-col-amount"),
                    kind: FieldKind::Money,
                    initial: begin.to_string(),
                    required: true,
                    oninput: move |text| amount.set(text),
                }
            }
        }
    }
}

/// Open invoices that it can be posted on: those that it names, or all.
fn debts(proposal: &Proposal, accounts: Option<&Accounts>) -> Vec<Choice> {
    let named = |id: &str| proposal.invoices.iter().any(|invoice| invoice.id == id);
    let account = accounts.and_then(|accounts| accounts.customer.as_ref());
    let invoices = account.map(|account| account.invoices.as_slice());
    let open = invoices.unwrap_or_default().iter().filter(|invoice| {
        invoice.outstanding.is_positive() && (proposal.invoices.is_empty() || named(&invoice.id))
    });
    open.map(|invoice| {
        let label = format!(
            "{} · {}",
            invoice.number,
            format::money(invoice.outstanding)
        );
        Choice::new(invoice.id.clone(), label)
    })
    .collect()
}
