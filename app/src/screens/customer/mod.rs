//! One customer's account: what they owe and since when, whom to see, what to say, what happened;
//! and the three things to do at the counter.

mod account;
pub mod advice;
mod book_editor;
mod contacts;
mod requests;
mod statements;
mod timeline;

use std::rc::Rc;

use dioxus::prelude::*;
use shared::ids::CustomerId;

use super::{frame::Screen, not_found::Missing, parts::Waiting};
use crate::{
    components::{Button, ButtonKind, IconButton, IconName},
    i18n::{t, t_args},
    replica::api::{CustomerView, Request},
    route::Route,
    state::{navigate::use_back, take, use_app, use_query, words},
};
use account::{Account, Invoices};
use advice::{AdviceCard, CardsBefore};
use contacts::People;
use requests::Requests;
use statements::Statements;
pub use timeline::Event;
use timeline::History;

/// The account of one customer.
#[component]
pub fn CustomerScreen(id: CustomerId) -> Element {
    let app = use_app();
    let customer = use_query(Request::Customer(id), take::customer);
    let onback = use_back(Route::Customers { q: String::new() });
    let mut editing = use_signal(|| false);
    if customer.view().is_none()
        && customer
            .error()
            .is_some_and(|failure| failure.code.ends_with("not_found"))
    {
        return rsx! { Missing { title: t("customer-gone-title"), body: t("customer-gone-body") } };
    }
    let view = customer.view();
    let rep = app.is_rep();
    let wide = *app.wide.read();
    // One frame for all states: if it changed, focus and scrolling would be lost when the data arrive.
    rsx! {
        Screen {
            title: view.as_ref().map_or_else(|| t("customer"), |view| view.customer.name.clone()),
            kicker: view.as_ref().map(|view| kicker(view, rep)),
            onback,
            aside: rsx! {
                if let Some(view) = view.clone() {
                    CallFirst { view }
                    IconButton { icon: IconName::Pen, label: t("book-edit"), id: "book-edit", onclick: move |_| editing.set(true) }
                }
            },
            detail: view.clone().filter(|_| wide).map(|view| rsx! { History { view } }),
            detail_label: t("customer-history"),
            actions: rep.then(|| rsx! { Doings { id } }),
            match view.clone() {
                Some(view) => rsx! {
                    Account { view: Rc::clone(&view) }
                    Statements { view: Rc::clone(&view) }
                    AdviceCard { view: Rc::clone(&view) }
                    CardsBefore { view: Rc::clone(&view) }
                    People { view: Rc::clone(&view), onedit: move |()| editing.set(true) }
                    Invoices { view: Rc::clone(&view) }
                    Requests { view: Rc::clone(&view) }
                    if !wide {
                        History { view }
                    }
                },
                None => rsx! { Waiting { error: customer.error(), onretry: move |()| customer.again() } },
            }
        }
        if let Some(view) = view.filter(|_| editing()) {
            book_editor::BookEditor { view, onclose: move |()| editing.set(false) }
        }
    }
}

/// Number, and for others than the salesperson who is in charge.
fn kicker(view: &CustomerView, rep: bool) -> String {
    let owner = view.rep_name.clone().filter(|_| !rep);
    let owner = owner.map(|name| t_args("customer-rep", &[("name", name.into())]));
    words::joined(&[view.customer.number.clone(), owner.unwrap_or_default()])
}

/// Calls the first contact that has a telephone.
#[component]
fn CallFirst(view: Rc<CustomerView>) -> Element {
    let first = contacts::all(&view)
        .into_iter()
        .find(|contact| !contact.phone.is_empty());
    match first {
        Some(contact) => rsx! { contacts::CallLink { name: contact.name, phone: contact.phone } },
        None => rsx! {},
    }
}

/// Visit, promise, receipt.
#[component]
fn Doings(id: CustomerId) -> Element {
    let navigator = use_navigator();
    let to = move |route: Route| {
        move |_| {
            navigator.push(route.clone());
        }
    };
    rsx! {
        Button { kind: ButtonKind::Sub, id: "do-visit", onclick: to(Route::NewVisit { customer: id }), {t("customer-visit")} }
        Button { kind: ButtonKind::Soft, id: "do-promise", onclick: to(Route::NewPromise { customer: id }), {t("customer-promise")} }
        Button { kind: ButtonKind::Primary, id: "do-receipt", onclick: to(Route::NewReceipt { customer: id }), {t("customer-receipt")} }
    }
}
