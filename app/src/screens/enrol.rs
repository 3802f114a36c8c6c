//! Sign-in: a device is enrolled once with a code that is valid for 15 minutes, from a link or typed.
//! People whose store is on this device come back with a tap.

use dioxus::prelude::*;
use shared::ids::PersonId;

use super::{
    frame::Bare,
    parts::{Waiting, toast_failure},
};
use crate::{
    components::{
        Banner, Button, Card, Field, FieldKind, IconName, LangSwitch, ListRow, Rows, Tone,
    },
    i18n::{t, t_args},
    replica::api::Request,
    route::Route,
    state::{errors, prefs, use_app},
};

/// The address that a sign-in link leads to.
#[component]
pub fn EnrolScreen(code: String) -> Element {
    let app = use_app();
    // The code stays in no history; the field below has it already.
    let code = use_hook(move || {
        if !code.is_empty() {
            app.platform().device.drop_fragment();
        }
        code
    });
    rsx! {
        SignIn { code }
    }
}

/// The sign-in screen.
#[component]
pub fn SignIn(code: String) -> Element {
    let app = use_app();
    let me = app.me.read().as_ref().map(|me| me.person.name.clone());
    let known = app.known_people.read().clone();
    let owned = *app.owned_elsewhere.read();
    let ready = *app.known.read();
    rsx! {
        Bare {
            title: t("sign-in-title"),
            kicker: t("app-name"),
            if owned {
                Banner { tone: Tone::Amber, title: t("owned-title"), body: t("owned-body") }
            } else if !ready {
                Waiting { cards: 1 }
            } else {
                if let Some(name) = me {
                    Banner { tone: Tone::Amber, title: t_args("enrol-signed-in", &[("name", name.into())]), body: t("enrol-signed-in-body") }
                }
                CodeForm { code }
                KnownPeople { known }
            }
            Card { title: t("lang-label"),
                LangSwitch { onchange: move |lang| prefs::keep_language(&app.platform(), lang) }
            }
        }
    }
}

/// Where the page came from is the server; a native window has to be told.
const ASKS_FOR_SERVER: bool = !cfg!(target_arch = "wasm32");

#[component]
fn CodeForm(code: String) -> Element {
    let app = use_app();
    let navigator = use_navigator();
    let from_link = !code.is_empty();
    let start = code.clone();
    let mut typed = use_signal(move || start);
    let mut server = use_signal(String::new);
    let mut busy = use_signal(|| false);
    let mut error = use_signal(|| None::<String>);
    let mut enrol = move |()| {
        let code = typed.peek().trim().to_owned();
        let server = server.peek().trim().trim_end_matches('/').to_owned();
        if code.is_empty() {
            error.set(Some(t("enrol-code-missing")));
            return;
        }
        if *busy.peek() {
            return;
        }
        busy.set(true);
        error.set(None);
        let label = app.platform().device.label();
        spawn(async move {
            match app
                .change_session(Request::Enrol {
                    server,
                    code,
                    label,
                })
                .await
            {
                Ok(()) => {
                    // Many records will lie here; ask the system to keep them. Somebody being signed in now,
                    // this form may be gone before the answer is here.
                    dioxus::core::spawn_forever(app.keep_storage());
                    navigator.replace(Route::Home {});
                }
                Err(failure) => error.set(Some(errors::sentence(&failure))),
            }
            busy.set(false);
        });
    };
    rsx! {
        form {
            class: "card roomy",
            id: "enrol",
            onsubmit: move |event| {
                event.prevent_default();
                enrol(());
            },
            div { class: "stack",
            p { class: "body", if from_link { {t("enrol-from-link")} } else { {t("enrol-intro")} } }
            if ASKS_FOR_SERVER {
                Field { id: "server", label: t("enrol-server"), placeholder: "https://", required: true, oninput: move |text| server.set(text) }
            }
            Field {
                id: "code",
                label: t("enrol-code"),
                kind: FieldKind::Code,
                initial: code,
                hint: t("enrol-code-hint"),
                required: true,
                autocomplete: "one-time-code",
                max_length: 64,
                oninput: move |text| typed.set(text),
            }
            if let Some(error) = error() {
                Banner { tone: Tone::Red, urgent: true, title: t("enrol-failed"), body: error, id: "enrol-error" }
            }
            Button { submit: true, full: true, busy: busy(), id: "enrol-go", {t("enrol-go")} }
            }
        }
    }
}

/// People whose stores lie on this device.
#[component]
fn KnownPeople(known: Vec<(PersonId, String)>) -> Element {
    let app = use_app();
    let navigator = use_navigator();
    let switch = move |person: PersonId| {
        spawn(async move {
            match app.change_session(Request::SwitchTo(person)).await {
                Ok(()) => {
                    navigator.replace(Route::Home {});
                }
                Err(failure) => toast_failure(&failure),
            }
        });
    };
    if known.is_empty() {
        return rsx! {};
    }
    rsx! {
        section { class: "stack", id: "known-people",
            h2 { class: "section", {t("known-people")} }
            Card { class: "flush",
                Rows {
                    for (person , name) in known {
                        ListRow { key: "{person}", title: name, icon: IconName::Me, onclick: move |()| switch(person) }
                    }
                }
            }
        }
    }
}
