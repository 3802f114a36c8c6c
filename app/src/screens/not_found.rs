//! An address that leads nowhere.

use dioxus::prelude::*;

use super::frame::Screen;
use crate::{
    components::{Button, EmptyState, IconName},
    i18n::t,
    route::Route,
};

/// Says so and leads back.
#[component]
pub fn NotFoundScreen(segments: Vec<String>) -> Element {
    let _ = segments;
    rsx! {
        Missing { title: t("not-found-title"), body: t("not-found-body") }
    }
}

/// Something that is not here, with the way home.
#[component]
pub fn Missing(title: String, body: String) -> Element {
    let navigator = use_navigator();
    rsx! {
        Screen { title: title.clone(), tabs: true,
            EmptyState { icon: IconName::Search, title, body,
                Button {
                    id: "go-home",
                    onclick: move |_| {
                        navigator.push(Route::Home {});
                    },
                    {t("not-found-home")}
                }
            }
        }
    }
}
