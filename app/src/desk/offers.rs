//! Hand-ins that came from the field: to be counted blind, or sent back; and what became of the last of them, with
//! both counts beside each other.

use std::rc::Rc;

use dioxus::prelude::*;
use serde_json::Value;

use super::{
    api::{Offer, Offers},
    order::Order,
    parts::{SectionHead, Sum},
    state::use_desk,
};
use crate::{
    components::{Button, ButtonKind, Column, DataRow, DataTable, Tag, Tone},
    i18n::{t, t_args},
};

/// To be counted. `oncount` gets the hand-in whose money somebody counts.
#[component]
pub fn OffersToCount(offers: Rc<Offers>, oncount: EventHandler<Offer>) -> Element {
    let desk = use_desk();
    let mut returning = use_signal(|| None::<Offer>);
    if offers.open.is_empty() {
        return rsx! {};
    }
    let columns = vec![
        Column::text(t("desk-col-person")),
        Column::text(t("desk-col-offer-signed")),
        Column::text(t("desk-col-receiver")),
        Column::figures(t("desk-col-receipts")),
        Column::figures(t("desk-col-paper-sum")),
        Column::figures(t("desk-col-action")),
    ];
    rsx! {
        SectionHead { title: t("desk-offers"), aside: t("desk-blind-note") }
        DataTable { caption: t("desk-offers"), columns,
            for offer in offers.open.iter().cloned() {
                DataRow { key: "{offer.document}",
                    td { strong { {desk.person_name(&offer.person)} } }
                    td { class: "nowrap", {desk.moment(offer.made_at)} }
                    td { "{offer.receiver}" }
                    td { class: "r", "{offer.receipts.len()}" }
                    Sum { value: offer.cheques }
                    td {
                        div { class: "acts",
                            if offer.is_whole() {
                                Button {
                                    small: true,
                                    id: "count-offer-{desk.person_name(&offer.person)}",
                                    onclick: {
                                        let offer = offer.clone();
                                        move |_| oncount.call(offer.clone())
                                    },
                                    {t("desk-count")}
                                }
                            } else {
                                Tag { tone: Tone::Red, {t("desk-offer-broken")} }
                            }
                            Button {
                                small: true,
                                kind: ButtonKind::Sub,
                                id: "return-offer-{desk.person_name(&offer.person)}",
                                onclick: move |_| returning.set(Some(offer.clone())),
                                {t("desk-offer-return")}
                            }
                        }
                    }
                }
            }
        }
        if let Some(offer) = returning() {
            Order {
                title: t_args("desk-offer-return-title", &[("person", desk.person_name(&offer.person).into())]),
                confirm: t("desk-offer-return"),
                danger: true,
                send_to: format!("/v1/desk/hand-ins/{}/return", offer.document),
                done: t("desk-offer-returned"),
                command: Callback::new(|()| Ok(Value::Null)),
                onclose: move |()| returning.set(None),
                p { class: "t2", {t("desk-offer-return-note")} }
            }
        }
    }
}

/// What became of the last of them.
#[component]
pub fn OffersDecided(offers: Rc<Offers>) -> Element {
    let desk = use_desk();
    if offers.decided.is_empty() {
        return rsx! {};
    }
    let columns = vec![
        Column::text(t("desk-col-person")),
        Column::text(t("desk-col-offer-signed")),
        Column::figures(t("desk-col-expected")),
        Column::figures(t("desk-col-phone-count")),
        Column::figures(t("desk-col-counted")),
        Column::text(t("desk-col-state")),
    ];
    rsx! {
        SectionHead { title: t("desk-offers-decided") }
        DataTable { caption: t("desk-offers-decided"), columns,
            for offer in offers.decided.iter().cloned() {
                DataRow { key: "{offer.document}",
                    td { {desk.person_name(&offer.person)} }
                    td { class: "nowrap", {desk.moment(offer.made_at)} }
                    Sum { value: offer.counted.as_ref().map(|count| count.expected) }
                    Sum { value: offer.phone.as_ref().map(|count| count.cash) }
                    Sum { value: offer.counted.as_ref().map(|count| count.counted), strong: true }
                    td { State { offer } }
                }
            }
        }
    }
}

#[component]
fn State(offer: Offer) -> Element {
    let said = offer.phone.map(|count| count.note).unwrap_or_default();
    rsx! {
        if offer.state == "accepted" {
            Tag { tone: Tone::Green, {t("desk-offer-accepted")} }
        } else {
            Tag { tone: Tone::Amber, {t("desk-offer-was-returned")} }
        }
        if !said.is_empty() {
            p { class: "t3", "{said}" }
        }
        if !offer.reason.is_empty() {
            p { class: "t3", "{offer.reason}" }
        }
    }
}
