//! A sealed record's paper goes out: printed, or handed to the phone's share sheet as a message.

use dioxus::prelude::*;

use crate::{
    components::{Button, ButtonKind},
    i18n::t,
    state::use_app,
};

/// Print and share.
#[component]
pub fn PrintAndShare(title: String, text: String) -> Element {
    let app = use_app();
    let share = move |_| {
        let sharing = app
            .platform()
            .share
            .share(title.clone(), text.clone(), None);
        spawn(async move {
            sharing.await;
        });
    };
    rsx! {
        Button { kind: ButtonKind::Sub, id: "print", onclick: move |_| app.platform().share.print(), {t("print")} }
        Button { id: "share", onclick: share, {t("share")} }
    }
}
