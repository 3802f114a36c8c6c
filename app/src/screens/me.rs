//! Me 我的: who is signed in, on which device, in which language; is the store safe; sign out.

use dioxus::prelude::*;
use shared::people::Role;

use super::{
    frame::Screen,
    parts::{DeskLink, toast_failure},
    sync::StorageNote,
};
use crate::{
    components::{
        Button, ButtonKind, Card, Choice, ConfirmSheet, IconName, LangSwitch, ListRow, Rows,
        Segmented,
    },
    i18n::{t, t_args, term},
    replica::api::Request,
    route::Route,
    state::{navigate::use_go, prefs, use_app, use_me, words},
};

/// Person, device, settings.
#[component]
pub fn MeScreen() -> Element {
    let app = use_app();
    let go = use_go();
    let mut leaving = use_signal(|| false);
    let Some(me) = use_me() else {
        return rsx! {};
    };
    let version = app.platform().device.version();
    let people = matches!(me.person.role, Role::Supervisor | Role::Admin);
    let approvals = me.person.role == Role::Admin;
    let territories = me.territories.join(&t("list-comma"));
    rsx! {
        Screen { title: t("tab-me"), tabs: true,
            Card { id: "person",
                h2 { class: "t1", "{me.person.name}" }
                p { class: "t2", {words::joined(&[term("role", me.person.role.slug()), me.company_name.clone(), territories])} }
                if !me.person.phone.is_empty() {
                    p { class: "t3", "{me.person.phone}" }
                }
            }
            Card { title: t("lang-label"),
                LangSwitch { onchange: move |lang| prefs::keep_language(&app.platform(), lang) }
            }
            PhotoRule { wait: me.photos_wait_for_wifi }
            Card { class: "flush",
                Rows {
                    ListRow { title: t("nav-sync"), icon: IconName::Sync, href: Route::Sync {}.to_string(), onnavigate: go }
                    if approvals {
                        ListRow { title: t("nav-approvals"), icon: IconName::Check, href: Route::Approvals {}.to_string(), onnavigate: go }
                    }
                    if people {
                        ListRow { title: t("nav-people"), icon: IconName::Team, href: Route::People {}.to_string(), onnavigate: go }
                    }
                }
            }
            StorageNote {}
            Card { title: t("me-device"), id: "device",
                dl { class: "facts",
                    dt { {t("me-device-code")} }
                    dd { class: "num", "{me.device_code}" }
                    dt { {t("me-server")} }
                    dd { "{me.server}" }
                    if !version.is_empty() {
                        dt { {t("me-version")} }
                        dd { class: "num", "{version}" }
                    }
                }
            }
            if me.person.role == Role::Supervisor {
                DeskLink {}
            }
            Button { kind: ButtonKind::Sub, full: true, id: "sign-out", onclick: move |_| leaving.set(true), {t("sign-out")} }
        }
        if leaving() {
            SignOut { onclose: move |()| leaving.set(false) }
        }
    }
}

/// When photos are sent; records are always sent at once.
#[component]
fn PhotoRule(wait: bool) -> Element {
    let app = use_app();
    let mut chosen = use_signal(|| wait);
    let choose = move |value: String| {
        let wait = value == WIFI;
        chosen.set(wait);
        spawn(async move {
            let done = app.order(Request::PhotosWaitForWifi(wait)).await;
            let session = app.change_session(Request::Session);
            if let Err(failure) = done.and(session.await) {
                chosen.set(!wait);
                toast_failure(&failure);
            }
        });
    };
    rsx! {
        Card { title: t("me-photos"), id: "photos",
            div { class: "stack",
                Segmented {
                    name: "photo-rule",
                    label: t("me-photos"),
                    options: vec![Choice::new(WIFI, t("me-photos-wifi")), Choice::new("always", t("me-photos-always"))],
                    value: if chosen() { WIFI } else { "always" },
                    onchange: choose,
                }
                p { class: "hint", {t("me-photos-hint")} }
            }
        }
    }
}

const WIFI: &str = "wifi";

/// Signing out keeps everything; what has not been sent is said.
#[component]
fn SignOut(onclose: EventHandler<()>) -> Element {
    let app = use_app();
    let mut busy = use_signal(|| false);
    let waiting = app
        .sync
        .read()
        .as_ref()
        .map_or(0, |sync| sync.waiting.saturating_add(sync.waiting_photos));
    let confirm = move |()| {
        busy.set(true);
        spawn(async move {
            if let Err(failure) = app.change_session(Request::SignOut).await {
                busy.set(false);
                toast_failure(&failure);
            }
        });
    };
    let body = if waiting > 0 {
        t_args("sign-out-waiting", &[("count", waiting.into())])
    } else {
        t("sign-out-body")
    };
    rsx! {
        ConfirmSheet { title: t("sign-out"), confirm_label: t("sign-out"), busy: busy(), onconfirm: confirm, oncancel: onclose,
            p { "{body}" }
        }
    }
}
