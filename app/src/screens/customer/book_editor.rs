//! Writing into the contact book 客户往来簿: contacts, who decides and pays, best time, cycles, stock
//! sold, warning signs, the customer's place. Only what was changed is saved, each fact by itself, so
//! that two people who edit offline do not overwrite each other.

use std::{collections::BTreeMap, rc::Rc};

use dioxus::prelude::*;
use shared::{contact_book::BookField, customer::ContactRole, ids::CustomerId, visit::WarningSign};

use super::contacts::{Known, all};
use crate::{
    components::{
        Button, ButtonKind, Choice, ChoiceGroup, Field, FieldKind, Icon, IconName, ListRow, Rows,
        SelectField, Sheet, Tone, toast,
    },
    i18n::{t, term},
    replica::api::{BookEdit, CustomerView, Request},
    screens::parts::toast_failure,
    state::{AppState, errors, use_app},
};

/// What was changed and not saved yet.
#[derive(Clone, Debug, Default, PartialEq)]
struct Draft {
    fields: BTreeMap<BookField, String>,
    signs: Vec<WarningSign>,
}

/// The sheet.
#[component]
pub fn BookEditor(view: Rc<CustomerView>, onclose: EventHandler<()>) -> Element {
    let app = use_app();
    let customer = view.customer.id;
    let mut draft = use_signal(Draft::default);
    let mut busy = use_signal(|| false);
    let known = view.book.fields.clone();
    let save = move |_| {
        let edits = edits(&draft.peek(), &known);
        busy.set(true);
        spawn(async move {
            let saved = save_all(app, customer, edits).await;
            busy.set(false);
            if saved {
                toast(Tone::Green, t("book-saved"));
                onclose.call(());
            }
        });
    };
    let seen: Vec<WarningSign> = view.book.signs.iter().map(|seen| seen.sign).collect();
    let fresh = WarningSign::ALL.iter().filter(|sign| !seen.contains(sign));
    rsx! {
        Sheet {
            title: t("book-title"),
            id: "book",
            onclose,
            foot: rsx! {
                Button { kind: ButtonKind::Sub, disabled: busy(), onclick: move |_| onclose.call(()), {t("cancel")} }
                Button { busy: busy(), wide: true, id: "book-save", onclick: save, {t("save")} }
            },
            Contacts { view: Rc::clone(&view) }
            for field in BookField::ALL.iter().copied() {
                Field {
                    key: "{field}",
                    id: "book-{field}",
                    label: term("book-field", field.slug()),
                    initial: view.book.fields.get(field.slug()).cloned().unwrap_or_default(),
                    placeholder: t(&format!("book-hint-{}", field.slug())),
                    oninput: move |value: String| {
                        draft.write().fields.insert(field, value);
                    },
                }
            }
            ChoiceGroup {
                name: "book-signs",
                label: t("book-signs"),
                multiple: true,
                options: fresh.map(|sign| Choice::new(sign.slug(), term("warning-sign", sign.slug()))).collect::<Vec<_>>(),
                selected: draft.read().signs.iter().map(|sign| sign.slug().to_owned()).collect::<Vec<_>>(),
                onchange: move |chosen: Vec<String>| {
                    draft.write().signs = chosen.iter().map(|slug| WarningSign::from_slug(slug)).collect();
                },
            }
            PlaceHere { customer }
        }
    }
}

/// Only what differs from what is known.
fn edits(draft: &Draft, known: &BTreeMap<String, String>) -> Vec<BookEdit> {
    let fields = draft.fields.iter().filter_map(|(field, value)| {
        let value = value.trim();
        let before = known.get(field.slug()).map_or("", String::as_str);
        (value != before).then(|| BookEdit::Field(*field, value.to_owned()))
    });
    fields
        .chain(draft.signs.iter().map(|sign| BookEdit::Sign(*sign)))
        .collect()
}

async fn save_all(app: AppState, customer: CustomerId, edits: Vec<BookEdit>) -> bool {
    for edit in edits {
        if let Err(failure) = app.order(Request::Book { customer, edit }).await {
            toast_failure(&failure);
            return false;
        }
    }
    true
}

/// Contacts with a line to add one, or to correct one met in the field.
#[component]
fn Contacts(view: Rc<CustomerView>) -> Element {
    let mut open = use_signal(|| None::<Option<Known>>);
    let customer = view.customer.id;
    rsx! {
        section { class: "stack",
            h3 { {t("customer-people")} }
            Rows {
                for (index , person) in all(&view).into_iter().enumerate() {
                    ListRow {
                        key: "{index}",
                        title: person.name.clone(),
                        subtitle: term("contact-role", person.role.slug()),
                        onclick: {
                            let person = person.clone();
                            move |()| open.set(Some(Some(person.clone())))
                        },
                        "{person.phone}"
                    }
                }
            }
            match open() {
                Some(person) => rsx! { ContactForm { customer, person, ondone: move |()| open.set(None) } },
                None => rsx! {
                    Button { kind: ButtonKind::Soft, small: true, icon: IconName::Plus, id: "contact-add", onclick: move |_| open.set(Some(None)), {t("contact-add")} }
                },
            }
        }
    }
}

#[component]
fn ContactForm(customer: CustomerId, person: Option<Known>, ondone: EventHandler<()>) -> Element {
    let app = use_app();
    let start = person.clone();
    let blank = || Known {
        element: None,
        name: String::new(),
        role: ContactRole::Other,
        phone: String::new(),
        note: String::new(),
    };
    let mut draft = use_signal(move || start.unwrap_or_else(blank));
    let mut error = use_signal(|| None::<String>);
    let save = move |_| {
        let Known {
            element,
            name,
            role,
            phone,
            ..
        } = draft.peek().clone();
        let name = name.trim().to_owned();
        if name.is_empty() {
            error.set(Some(t("contact-name-missing")));
            return;
        }
        let edit = BookEdit::Contact {
            replaces: element,
            name,
            role,
            phone: phone.trim().to_owned(),
        };
        spawn(async move {
            match app.order(Request::Book { customer, edit }).await {
                Ok(()) => ondone.call(()),
                Err(failure) => toast_failure(&failure),
            }
        });
    };
    let roles = ContactRole::ALL
        .iter()
        .map(|role| Choice::new(role.slug(), term("contact-role", role.slug())))
        .collect::<Vec<_>>();
    rsx! {
        div { class: "card",
            div { class: "stack",
            Field {
                id: "contact-name",
                label: t("contact-name"),
                required: true,
                initial: draft.peek().name.clone(),
                error: error(),
                max_length: 60,
                oninput: move |value| draft.write().name = value,
            }
            SelectField {
                id: "contact-role",
                label: t("contact-role"),
                options: roles,
                value: draft.read().role.slug(),
                onchange: move |slug: String| draft.write().role = ContactRole::from_slug(&slug),
            }
            Field {
                id: "contact-phone",
                label: t("contact-phone"),
                kind: FieldKind::Phone,
                initial: draft.peek().phone.clone(),
                max_length: 30,
                oninput: move |value| draft.write().phone = value,
            }
            div { class: "row",
                Button { kind: ButtonKind::Sub, small: true, onclick: move |_| ondone.call(()), {t("cancel")} }
                Button { small: true, wide: true, id: "contact-save", onclick: save, {t("contact-save")} }
            }
            }
        }
    }
}

/// Makes the place where the phone is now the customer's place.
#[component]
fn PlaceHere(customer: CustomerId) -> Element {
    let app = use_app();
    let mut busy = use_signal(|| false);
    let set = move |_| {
        busy.set(true);
        spawn(async move {
            match app.locate().await {
                Ok(fix) => match app
                    .order(Request::Book {
                        customer,
                        edit: BookEdit::Position(fix.point),
                    })
                    .await
                {
                    Ok(()) => toast(Tone::Green, t("book-place-saved")),
                    Err(failure) => toast_failure(&failure),
                },
                Err(error) => toast(Tone::Red, errors::code_sentence(error.code())),
            }
            busy.set(false);
        });
    };
    if !app.is_rep() {
        return rsx! {};
    }
    rsx! {
        div {
            p { class: "field-label", {t("book-place")} }
            p { class: "hint", {t("book-place-hint")} }
            Button { kind: ButtonKind::Soft, small: true, busy: busy(), id: "book-place", onclick: set,
                Icon { name: IconName::Pin }
                {t("book-place-set")}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_changed_is_written() {
        let known = BTreeMap::from([
            ("best_time".to_owned(), "15:30".to_owned()),
            ("remark".to_owned(), "old".to_owned()),
        ]);
        let draft = Draft {
            fields: BTreeMap::from([
                (BookField::BestTime, " 15:30 ".to_owned()),
                (BookField::WhoPays, "王会计".to_owned()),
                (BookField::Remark, String::new()),
                (BookField::StockSold, "  ".to_owned()),
            ]),
            signs: vec![WarningSign::OrdersFall],
        };
        assert_eq!(
            edits(&draft, &known),
            vec![
                BookEdit::Field(BookField::WhoPays, "王会计".to_owned()),
                BookEdit::Field(BookField::Remark, String::new()),
                BookEdit::Sign(WarningSign::OrdersFall),
            ]
        );
    }
}
