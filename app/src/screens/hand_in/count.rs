//! The first step of a hand-in: which receipts, and the cash counted before anybody says how much it should be.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{
    hand_in::{DENOMINATIONS, Pieces, counted},
    ids::DocumentId,
    money::Money,
    receipt::MethodKind,
};

use crate::{
    components::{
        Amount, AmountSize, Button, Card, CheckBox, CountRow, EmptyState, IconName, Tone, toast,
    },
    format,
    i18n::{t, t_args, term},
    replica::api::{HandInView, HeldReceipt, NewHandIn},
    screens::frame::Screen,
    state::{Form, words},
};

/// Denominations as they stand on notes and coins: `100 元`, `5 角`.
pub fn face(fen: u32) -> String {
    match fen % 100 {
        0 => t_args("hand-in-yuan", &[("face", (fen / 100).into())]),
        part => t_args("hand-in-jiao", &[("face", (part / 10).into())]),
    }
}

fn count_of(pieces: &[Pieces], face: u32) -> u32 {
    let found = pieces.iter().find(|pieces| pieces.face == face);
    found.map_or(0, |pieces| pieces.count)
}

fn set_count(pieces: &mut Vec<Pieces>, face: u32, count: u32) {
    pieces.retain(|pieces| pieces.face != face);
    if count > 0 {
        pieces.push(Pieces { face, count });
    }
}

/// Which receipts, and the count.
#[component]
pub fn CountStep(form: Form<NewHandIn>, view: Rc<HandInView>, onback: EventHandler<()>) -> Element {
    let mut value = form.value;
    let mut unreadable = use_signal(Vec::<u32>::new);
    let draft = value.read().clone();
    let chosen: Vec<&HeldReceipt> = view
        .held
        .iter()
        .filter(|held| !draft.left_out.contains(&held.receipt.receipt))
        .collect();
    let has_cash = chosen
        .iter()
        .any(|held| held.receipt.method == MethodKind::Cash);
    let ids: Vec<DocumentId> = chosen.iter().map(|held| held.receipt.receipt).collect();
    let total = counted(&draft.pieces);
    let next = move |_| {
        let problem = if ids.is_empty() {
            Some("hand-in-missing-receipt")
        } else if has_cash && (!unreadable.peek().is_empty() || total.is_none()) {
            Some("hand-in-missing-count")
        } else {
            None
        };
        match problem {
            Some(key) => toast(Tone::Red, t(key)),
            None => {
                let mut draft = value.write();
                if !has_cash {
                    draft.pieces.clear();
                }
                draft.receipts.clone_from(&ids);
            }
        }
    };
    if view.held.is_empty() {
        return rsx! {
            Screen { title: t("hand-in-count-title"), onback,
                EmptyState { icon: IconName::HandIn, title: t("hand-in-none"), body: t("hand-in-none-body") }
            }
        };
    }
    rsx! {
        Screen {
            title: t("hand-in-count-title"),
            onback,
            actions: rsx! {
                Button { full: true, id: "hand-in-counted", onclick: next, {t("hand-in-to-sign")} }
            },
            Card { title: t("hand-in-receipts"), aside: t_args("hand-in-receipt-count", &[("count", chosen.len().into())]), id: "held",
                for held in view.held.iter().cloned() {
                    CheckBox {
                        key: "{held.receipt.receipt}",
                        label: held_label(&held),
                        checked: !draft.left_out.contains(&held.receipt.receipt),
                        onchange: move |on: bool| {
                            let id = held.receipt.receipt;
                            let mut draft = value.write();
                            draft.left_out.retain(|left_out| *left_out != id);
                            if !on {
                                draft.left_out.push(id);
                            }
                        },
                    }
                }
            }
            if has_cash {
                Card { title: t("hand-in-cash"), id: "count",
                    p { class: "t2", {t("hand-in-count-note")} }
                    div { role: "group", aria_label: t("hand-in-cash"),
                        for fen in DENOMINATIONS {
                            CountRow {
                                key: "{fen}",
                                id: "pieces-{fen}",
                                label: face(fen),
                                unit: t("hand-in-pieces"),
                                initial: count_of(&draft.pieces, fen),
                                worth: worth(&draft.pieces, fen),
                                oncount: move |count: Option<u32>| {
                                    unreadable.write().retain(|wrong| *wrong != fen);
                                    if count.is_none() {
                                        unreadable.write().push(fen);
                                    }
                                    set_count(&mut value.write().pieces, fen, count.unwrap_or(0));
                                },
                            }
                        }
                    }
                    div { class: "row between count-total",
                        span { class: "t1", {t("hand-in-counted")} }
                        output { id: "counted", aria_live: "polite",
                            if let Some(value) = total {
                                Amount { value, size: AmountSize::Large }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn worth(pieces: &[Pieces], face: u32) -> Option<Money> {
    let count = count_of(pieces, face);
    counted(&[Pieces { face, count }]).filter(|worth| worth.is_positive())
}

/// A receipt in the list: cash without its sum, which is seen after the count.
fn held_label(held: &HeldReceipt) -> String {
    let is_cash = held.receipt.method == MethodKind::Cash;
    words::joined(&[
        held.receipt.number.clone(),
        held.customer_name.clone(),
        term("method", held.receipt.method.slug()),
        match is_cash {
            true => String::new(),
            false => format::money(held.receipt.amount),
        },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_typed_anew_takes_the_place_of_the_old_one() {
        let mut pieces = Vec::new();
        set_count(&mut pieces, 10_000, 12);
        set_count(&mut pieces, 50, 3);
        set_count(&mut pieces, 10_000, 2);
        assert_eq!(counted(&pieces).unwrap().to_string(), "201.50");
        set_count(&mut pieces, 50, 0);
        assert_eq!(
            (
                count_of(&pieces, 50),
                count_of(&pieces, 10_000),
                pieces.len()
            ),
            (0, 2, 1)
        );
    }
}
