//! Who decides, who pays, when they are there: the books' contacts and those met in the field.

use std::rc::Rc;

use dioxus::prelude::*;
use shared::{contact_book::BookField, customer::ContactRole, ids::ElementId};

use crate::{
    components::{Button, ButtonKind, Card, Icon, IconName, Tag, Tone},
    i18n::{t, t_args, term},
    replica::api::CustomerView,
};

/// A contact from the books or from the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Element of the contact book; none for one from the books.
    pub element: Option<ElementId>,
    /// Name.
    pub name: String,
    /// Part in paying.
    pub role: ContactRole,
    /// Telephone, may be empty.
    pub phone: String,
    /// Anything worth knowing.
    pub note: String,
}

/// Everybody known at the customer's: met in the field first; who decides before who pays before others.
pub fn all(view: &CustomerView) -> Vec<Known> {
    let field = view.book.current_contacts().map(|contact| Known {
        element: Some(contact.id),
        name: contact.name.clone(),
        role: contact.role,
        phone: contact.phone.clone(),
        note: String::new(),
    });
    let mut found: Vec<Known> = field.collect();
    for contact in &view.customer.contacts {
        if !found.iter().any(|known| known.name == contact.name) {
            found.push(Known {
                element: None,
                name: contact.name.clone(),
                role: contact.role,
                phone: contact.phone.clone(),
                note: contact.note.clone(),
            });
        }
    }
    found.sort_by_key(|known| known.role);
    found
}

/// A telephone link for one contact.
#[component]
pub fn CallLink(name: String, phone: String) -> Element {
    let label = t_args("call-person", &[("name", name.into())]);
    rsx! {
        a { class: "icon-btn", href: "tel:{phone}", aria_label: "{label}", title: "{label}", Icon { name: IconName::Phone } }
    }
}

/// The card of people, best time, cycles and warning signs.
#[component]
pub fn People(view: Rc<CustomerView>, onedit: EventHandler<()>) -> Element {
    let people = all(&view);
    let facts: Vec<(String, String)> = BookField::ALL
        .iter()
        .filter_map(|field| {
            let value = view
                .book
                .fields
                .get(field.slug())
                .filter(|value| !value.is_empty())?;
            Some((term("book-field", field.slug()), value.clone()))
        })
        .collect();
    let mut signs: Vec<_> = view.book.signs.iter().map(|seen| seen.sign).collect();
    signs.sort_unstable();
    signs.dedup();
    rsx! {
        Card { id: "people", title: t("customer-people"),
            if people.is_empty() && facts.is_empty() {
                p { class: "t2", {t("customer-no-people")} }
                Button { kind: ButtonKind::Soft, small: true, icon: IconName::Plus, onclick: move |_| onedit.call(()), {t("book-edit")} }
            }
            ul {
                for (index , person) in people.into_iter().enumerate() {
                    Person { key: "{index}", person }
                }
            }
            if !facts.is_empty() {
                dl { class: "facts start", margin_top: "8px",
                    for (index , (label , value)) in facts.into_iter().enumerate() {
                        Fragment { key: "{index}",
                            dt { "{label}" }
                            dd { "{value}" }
                        }
                    }
                }
            }
            if !view.customer.address.is_empty() {
                p { class: "t2", margin_top: "8px", "{view.customer.address}" }
            }
            if !signs.is_empty() {
                div { class: "why",
                    for sign in signs {
                        Tag { key: "{sign}", tone: Tone::Amber, {term("warning-sign", sign.slug())} }
                    }
                }
            }
        }
    }
}

#[component]
fn Person(person: Known) -> Element {
    let role = super::super::parts::role_word(person.role);
    let Known {
        name, phone, note, ..
    } = person;
    rsx! {
        li { class: "row between",
            div { class: "grow",
                span { class: "t1", "{name}" }
                if !note.is_empty() {
                    p { class: "t2", "{note}" }
                }
            }
            if !role.is_empty() {
                Tag { "{role}" }
            }
            if !phone.is_empty() {
                CallLink { name, phone }
            }
        }
    }
}
