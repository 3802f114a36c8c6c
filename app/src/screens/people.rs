//! People and territories, as far as everybody in the company may see them.

use dioxus::prelude::*;
use shared::people::Person;

use super::{frame::Screen, parts::Waiting};
use crate::{
    components::{Card, ListRow, Rows, Tag, Tone},
    i18n::{t, t_args, term},
    replica::api::Request,
    route::Route,
    state::{
        navigate::{use_back, use_go},
        take, use_app, use_query, words,
    },
};

/// The directory.
#[component]
pub fn PeopleScreen() -> Element {
    let directory = use_query(Request::Directory, take::directory);
    let app = use_app();
    let onback = use_back(Route::Me {});
    rsx! {
        Screen { title: t("nav-people"), onback: (!*app.wide.read()).then_some(onback),
            match directory.view() {
                Some(view) => rsx! {
                    Card { class: "flush", id: "people",
                        Rows {
                            for person in view.people.iter().cloned() {
                                PersonRow { key: "{person.id}", person }
                            }
                        }
                    }
                    h2 { class: "section", {t("people-territories")} }
                    Card { class: "flush", id: "territories",
                        Rows {
                            for territory in view.territories.iter() {
                                ListRow {
                                    key: "{territory.id}",
                                    title: territory.name.clone(),
                                    subtitle: view
                                        .people
                                        .iter()
                                        .find(|person| Some(person.id) == territory.supervisor)
                                        .map(|person| t_args("people-led-by", &[("name", person.name.clone().into())])),
                                }
                            }
                        }
                    }
                },
                None => rsx! { Waiting { error: directory.error(), onretry: move |()| directory.again() } },
            }
        }
    }
}

#[component]
fn PersonRow(person: Person) -> Element {
    let go = use_go();
    let log = Route::Log {
        query: crate::route::LogQuery {
            rep: Some(person.id),
            ..Default::default()
        },
    };
    rsx! {
        ListRow {
            title: person.name.clone(),
            subtitle: words::joined(&[term("role", person.role.slug()), person.phone.clone()]),
            href: (person.role == shared::people::Role::Rep).then(|| log.to_string()),
            onnavigate: go,
            if !person.active {
                Tag { tone: Tone::Neutral, {t("people-inactive")} }
            }
        }
    }
}
