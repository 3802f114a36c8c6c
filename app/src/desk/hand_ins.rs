//! Hand-ins 交账: cash is counted by denomination before anybody sees how much it should be; what it differs by
//! is decided with a reason.

use std::collections::{BTreeMap, BTreeSet};

use dioxus::prelude::*;
use serde_json::{Value, json};
use shared::money::Money;

use super::{
    api::{HandIn, HandIns, Offer, Offers, Receipt, Receipts, Taken},
    frame::Screen,
    offers::{OffersDecided, OffersToCount},
    order::{Order, needed_sum},
    parts::{SectionHead, Stale, Sum, Waiting},
    state::{use_desk, use_read},
};
use crate::{
    components::{
        Amount, AmountSize, Banner, Button, ButtonKind, CheckBox, Choice, Column, DataRow,
        DataTable, EmptyState, Field, FieldKind, IconName, Segmented, Tone,
    },
    format,
    i18n::{t, t_args, term},
};

/// Notes and coins in fen, the largest first.
const DENOMINATIONS: &[i64] = &[10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10];

/// The screen.
#[component]
pub fn HandInsScreen() -> Element {
    let receipts = use_read::<Receipts>("/v1/desk/receipts".to_owned());
    let undecided = use_read::<HandIns>("/v1/ledger/hand-ins".to_owned());
    let offers = use_read::<Offers>("/v1/desk/hand-ins".to_owned());
    let mut counting = use_signal(|| None::<Counting>);
    let mut deciding = use_signal(|| None::<HandIn>);
    let mut counted = use_signal(|| None::<HandIn>);
    rsx! {
        Screen { title: t("desk-hand-ins"),
            Stale { error: undecided.error().or(offers.error()) }
            if let Some(hand_in) = counted() {
                Outcome { hand_in }
            }
            match receipts.view() {
                None => rsx! { Waiting { error: receipts.error() } },
                Some(list) => {
                    let held = by_person(&list.receipts);
                    let counted_now = counting().and_then(|counting| counting.receipts(&held));
                    rsx! {
                        if let Some(offers) = offers.view() {
                            OffersToCount {
                                offers,
                                oncount: move |offer: Offer| {
                                    let of = offer.receipts.into_iter().map(|receipt| receipt.document).collect();
                                    counting.set(Some(Counting { person: offer.person, of: Some(of) }));
                                },
                            }
                        }
                        InTheField { held: held.clone(), oncount: move |person| counting.set(Some(Counting { person, of: None })) }
                        if let Some((person, receipts, is_offer)) = counted_now {
                            Count {
                                person,
                                receipts,
                                is_offer,
                                ontaken: move |taken: Taken| counted.set(taken.hand_in),
                                onclose: move |()| counting.set(None),
                            }
                        }
                    }
                }
            }
            match undecided.view() {
                None => rsx! { Waiting {} },
                Some(list) => rsx! {
                    Differences { list: list.hand_ins.clone(), ondecide: move |hand_in| deciding.set(Some(hand_in)) }
                },
            }
            if let Some(offers) = offers.view() {
                OffersDecided { offers }
            }
            if let Some(hand_in) = deciding() {
                Decide { hand_in, onclose: move |()| deciding.set(None) }
            }
        }
    }
}

/// Whose money is being counted: all of theirs to choose from, or just what they have handed in.
#[derive(Clone, PartialEq)]
struct Counting {
    person: String,
    of: Option<Vec<String>>,
}

impl Counting {
    /// The receipts to count; none if they are not all there (any more).
    fn receipts(
        &self,
        held: &BTreeMap<String, Vec<Receipt>>,
    ) -> Option<(String, Vec<Receipt>, bool)> {
        let mut receipts = held.get(&self.person)?.clone();
        if let Some(of) = &self.of {
            receipts.retain(|receipt| of.contains(&receipt.document));
            if receipts.len() != of.len() {
                return None;
            }
        }
        Some((self.person.clone(), receipts, self.of.is_some()))
    }
}

/// What is in the field, by person.
fn by_person(list: &[Receipt]) -> BTreeMap<String, Vec<Receipt>> {
    let mut held: BTreeMap<String, Vec<Receipt>> = BTreeMap::new();
    for receipt in list.iter().filter(|r| r.custody == "field") {
        held.entry(receipt.person.clone())
            .or_default()
            .push(receipt.clone());
    }
    held
}

#[component]
fn InTheField(held: BTreeMap<String, Vec<Receipt>>, oncount: EventHandler<String>) -> Element {
    let desk = use_desk();
    let columns = vec![
        Column::text(t("desk-col-person")),
        Column::text(t("desk-col-oldest")),
        Column::figures(t("desk-col-cash-receipts")),
        Column::figures(t("desk-col-papers")),
        Column::figures(t("desk-col-paper-sum")),
        Column::figures(t("desk-col-action")),
    ];
    rsx! {
        SectionHead { title: t("desk-in-the-field"), aside: t("desk-blind-note") }
        if held.is_empty() {
            EmptyState { icon: IconName::HandIn, title: t("desk-field-none"), body: t("desk-field-none-body") }
        } else {
            DataTable { caption: t("desk-in-the-field"), columns,
                for (person , list) in held {
                    DataRow { key: "{person}",
                        td { strong { {desk.person_name(&person)} } }
                        td { class: "nowrap", {list.iter().map(|r| r.day).min().map(format::date).unwrap_or_default()} }
                        td { class: "r", "{list.iter().filter(|r| !r.is_paper()).count()}" }
                        td { class: "r", "{list.iter().filter(|r| r.is_paper()).count()}" }
                        Sum { value: Money::sum(list.iter().filter_map(|r| r.amount)).ok() }
                        td {
                            div { class: "acts",
                                Button {
                                    small: true,
                                    kind: ButtonKind::Soft,
                                    id: "count-{desk.person_name(&person)}",
                                    onclick: {
                                        let person = person.clone();
                                        move |_| oncount.call(person.clone())
                                    },
                                    {t("desk-count")}
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What a count comes to: pieces of each denomination.
fn total(pieces: &BTreeMap<i64, u32>) -> Option<Money> {
    let mut fen = 0i64;
    for (value, count) in pieces {
        fen = fen.checked_add(value.checked_mul(i64::from(*count))?)?;
    }
    Money::from_fen(fen).ok()
}

/// `100`, `0.5`: a denomination as it stands on the note.
fn face(fen: i64) -> String {
    match fen % 100 {
        0 => (fen / 100).to_string(),
        part => format!("0.{}", part / 10),
    }
}

/// The blind count.
#[component]
fn Count(
    person: String,
    receipts: Vec<Receipt>,
    /// Just these: they were handed in together and signed for.
    is_offer: bool,
    ontaken: EventHandler<Taken>,
    onclose: EventHandler<()>,
) -> Element {
    let desk = use_desk();
    let mut pieces = use_signal(BTreeMap::<i64, u32>::new);
    let mut wrong = use_signal(|| false);
    let all: BTreeSet<String> = receipts.iter().map(|r| r.document.clone()).collect();
    let mut chosen = use_signal(move || all);
    let holder = person.clone();
    let has_cash = receipts.iter().any(|r| !r.is_paper());
    let command = use_callback(move |()| {
        let receipts: Vec<String> = chosen.read().iter().cloned().collect();
        if receipts.is_empty() {
            return Err(t("desk-count-no-receipt"));
        }
        if wrong() {
            return Err(t("desk-count-wrong"));
        }
        let Some(counted) = total(&pieces.read()) else {
            return Err(t("desk-sum-wrong"));
        };
        Ok::<Value, String>(json!({
            "kind": "hand_in", "person": holder, "receipts": receipts, "counted": counted,
        }))
    });
    rsx! {
        Order {
            title: t_args("desk-count-title", &[("person", desk.person_name(&person).into())]),
            confirm: t("desk-count-yes"),
            reason: t("desk-reason-hand-in"),
            done: t("desk-count-done"),
            command,
            ontaken,
            onclose,
            p { class: "t2", {t("desk-count-note")} }
            fieldset { class: "stack tight", id: "handed-in",
                legend { class: "t1", {t("desk-count-receipts")} }
                if is_offer {
                    ul { class: "t2",
                        for receipt in receipts.iter() {
                            li { key: "{receipt.document}", {handed(receipt, &desk.customer_name(&receipt.customer))} }
                        }
                    }
                }
                for receipt in receipts.into_iter().filter(|_| !is_offer) {
                    CheckBox {
                        key: "{receipt.document}",
                        label: handed(&receipt, &desk.customer_name(&receipt.customer)),
                        checked: chosen.read().contains(&receipt.document),
                        onchange: {
                            let document = receipt.document.clone();
                            move |on| {
                                let mut chosen = chosen.write();
                                match on {
                                    true => chosen.insert(document.clone()),
                                    false => chosen.remove(&document),
                                };
                            }
                        },
                    }
                }
            }
            if has_cash {
                fieldset { id: "denominations",
                    legend { class: "t1", {t("desk-count-cash")} }
                    div { class: "denominations",
                        for fen in DENOMINATIONS.iter().copied() {
                            Field {
                                key: "{fen}",
                                id: "pieces-{fen}",
                                label: t_args("desk-pieces", &[("face", face(fen).into())]),
                                kind: FieldKind::Digits,
                                max_length: 6,
                                oninput: move |text: String| {
                                    let text = text.trim();
                                    let count = match text.is_empty() {
                                        true => Some(0),
                                        false => text.parse::<u32>().ok(),
                                    };
                                    wrong.set(count.is_none());
                                    pieces.write().insert(fen, count.unwrap_or(0));
                                },
                            }
                        }
                    }
                    div { class: "counted",
                        span { {t("desk-counted")} }
                        output { id: "counted",
                            if let Some(value) = total(&pieces.read()) {
                                Amount { value, size: AmountSize::Large }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A receipt in the list of what is handed in; cash without its sum.
fn handed(receipt: &Receipt, customer: &str) -> String {
    let sum = receipt.amount.map(format::money).unwrap_or_default();
    let parts = [
        receipt.number.clone(),
        customer.to_owned(),
        term("method", &receipt.method),
        receipt.reference.clone(),
        sum,
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// What the count came to, once it stands.
#[component]
fn Outcome(hand_in: HandIn) -> Element {
    let desk = use_desk();
    let (tone, key) = match hand_in.undecided {
        left if left.is_zero() => (Tone::Green, "desk-count-even"),
        left if left.is_positive() => (Tone::Amber, "desk-count-short"),
        _ => (Tone::Amber, "desk-count-over"),
    };
    let off = match hand_in.undecided.is_negative() {
        true => hand_in.undecided.negated(),
        false => hand_in.undecided,
    };
    let args = [
        ("person", desk.person_name(&hand_in.person).into()),
        ("expected", format::money(hand_in.expected).into()),
        ("counted", format::money(hand_in.counted).into()),
        ("off", format::money(off).into()),
    ];
    rsx! {
        Banner { tone, id: "count-outcome", title: t_args(key, &args), body: t_args("desk-count-both", &args) }
    }
}

#[component]
fn Differences(list: Vec<HandIn>, ondecide: EventHandler<HandIn>) -> Element {
    let desk = use_desk();
    let columns = vec![
        Column::text(t("desk-col-person")),
        Column::figures(t("desk-col-expected")),
        Column::figures(t("desk-col-counted")),
        Column::figures(t("desk-col-undecided")),
        Column::figures(t("desk-col-action")),
    ];
    rsx! {
        SectionHead { title: t("desk-differences") }
        if list.is_empty() {
            EmptyState { icon: IconName::Check, title: t("desk-differences-none"), body: t("desk-differences-none-body") }
        } else {
            DataTable { caption: t("desk-differences"), columns,
                for hand_in in list {
                    DataRow { key: "{hand_in.id}",
                        td { {desk.person_name(&hand_in.person)} }
                        Sum { value: hand_in.expected }
                        Sum { value: hand_in.counted }
                        td { class: "r nowrap",
                            strong { Amount { value: hand_in.undecided.negated(), bare: true, tone: Tone::Red } }
                        }
                        td {
                            div { class: "acts",
                                Button {
                                    small: true,
                                    kind: ButtonKind::Soft,
                                    id: "decide-{desk.person_name(&hand_in.person)}",
                                    onclick: move |_| ondecide.call(hand_in.clone()),
                                    {t("desk-decide")}
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What became of a difference.
#[component]
fn Decide(hand_in: HandIn, onclose: EventHandler<()>) -> Element {
    let desk = use_desk();
    let is_short = hand_in.undecided.is_positive();
    let most = match is_short {
        true => hand_in.undecided,
        false => hand_in.undecided.negated(),
    };
    let mut what = use_signal(|| "found".to_owned());
    let mut amount = use_signal(move || most.to_string());
    let id = hand_in.id.clone();
    let command = use_callback(move |()| {
        let amount = needed_sum(&amount.read())?;
        Ok::<Value, String>(json!({
            "kind": "decide_difference", "hand_in": id, "what": what(), "amount": amount,
        }))
    });
    let side = if is_short { "short" } else { "over" };
    rsx! {
        Order {
            title: t_args("desk-decide-title", &[("person", desk.person_name(&hand_in.person).into())]),
            confirm: t("desk-decide"),
            danger: what() == "cash_short",
            done: if what() == "cash_short" { t("desk-decide-proposed") } else { t("desk-decide-done") },
            command,
            onclose,
            Segmented {
                name: "difference",
                label: t("desk-difference-what"),
                options: vec![
                    Choice::new("found", t(&format!("desk-difference-found-{side}"))),
                    Choice::new("cash_short", t(&format!("desk-difference-booked-{side}"))),
                ],
                value: what(),
                onchange: move |value| what.set(value),
            }
            p { class: "t2", {t(&format!("desk-difference-note-{}-{side}", what()))} }
            Field {
                id: "difference-amount",
                label: t("desk-col-amount"),
                kind: FieldKind::Money,
                initial: most.to_string(),
                oninput: move |text| amount.set(text),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_add_up_in_whole_fen() {
        let pieces = BTreeMap::from([(10_000, 12), (50, 3), (10, 7)]);
        assert_eq!(total(&pieces).unwrap().to_string(), "1202.20");
        assert_eq!(total(&BTreeMap::new()).unwrap().to_string(), "0.00");
        assert_eq!(total(&BTreeMap::from([(i64::MAX, 2)])), None);
    }

    #[test]
    fn denominations_read_as_on_the_note() {
        let faces: Vec<String> = DENOMINATIONS.iter().map(|fen| face(*fen)).collect();
        assert_eq!(faces, ["100", "50", "20", "10", "5", "1", "0.5", "0.1"]);
    }
}
