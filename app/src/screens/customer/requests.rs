//! What was asked for about an account and is not closed: disputes among it; and the way to ask for something.

use std::rc::Rc;

use dioxus::prelude::*;

use super::Event;
use crate::{
    components::{Button, ButtonKind, Card, IconName, Timeline},
    i18n::t,
    replica::api::{CustomerView, TimelineLine, TimelineWhat},
    route::Route,
    state::use_app,
};

fn is_open(line: &TimelineLine) -> bool {
    matches!(&line.what, TimelineWhat::Proposal(asked) if !asked.state.is_closed())
}

/// Open requests, and the button for a new one; nothing for those who have neither.
#[component]
pub fn Requests(view: Rc<CustomerView>) -> Element {
    let rep = use_app().is_rep();
    let navigator = use_navigator();
    let customer = view.customer.id;
    let open: Vec<TimelineLine> = view
        .timeline
        .iter()
        .filter(|line| is_open(line))
        .cloned()
        .collect();
    if open.is_empty() && !rep {
        return rsx! {};
    }
    rsx! {
        Card { title: t("customer-requests"), id: "requests",
            if !open.is_empty() {
                Timeline {
                    for (index , line) in open.into_iter().enumerate() {
                        Event { key: "{index}", line }
                    }
                }
            }
            if rep {
                Button {
                    kind: ButtonKind::Soft,
                    full: true,
                    icon: IconName::Document,
                    id: "new-proposal",
                    onclick: move |_| {
                        navigator.push(Route::NewProposal { customer });
                    },
                    {t("proposal-new")}
                }
            }
        }
    }
}
