//! The frame of a screen on a phone: top bar, page, bar of actions, status line, tabs.

use dioxus::prelude::*;

use super::{
    button::IconButton,
    icon::{Icon, IconName},
    link::NavLink,
};
use crate::i18n::t;

/// Title of the screen (its only `h1`), an optional small line above it, the way back, and what stands at the right.
#[component]
pub fn TopBar(
    title: String,
    #[props(default)] kicker: Option<String>,
    /// With a handler a back button stands at the left.
    #[props(default)]
    onback: Option<EventHandler<()>>,
    #[props(default)] narrow: bool,
    #[props(default)] children: Element,
) -> Element {
    rsx! {
        header { class: if narrow { "top narrow" } else { "top" },
            div { class: "top-in",
                if let Some(onback) = onback {
                    IconButton { icon: IconName::Back, label: t("back"), id: "back", onclick: move |_| onback.call(()) }
                }
                div { class: "top-text",
                    if let Some(kicker) = kicker {
                        p { class: "top-kicker", "{kicker}" }
                    }
                    h1 { "{title}" }
                }
                div { class: "top-side", {children} }
            }
        }
    }
}

/// The main part of a screen; `narrow` keeps a readable width on large screens.
#[component]
pub fn Page(#[props(default)] narrow: bool, children: Element) -> Element {
    rsx! {
        main { class: if narrow { "page narrow" } else { "page" }, id: "content", tabindex: "-1", {children} }
    }
}

/// Buttons at the lower edge of a page that has no tabs. Stands last inside [`Page`].
#[component]
pub fn ActionBar(children: Element) -> Element {
    rsx! {
        div { class: "actions", {children} }
    }
}

/// One place that the navigation leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct NavItem {
    /// Its symbol; the desk's side navigation shows none.
    pub icon: IconName,
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// Whether it is shown now.
    pub current: bool,
    /// How many things wait there; nothing at 0.
    pub badge: u32,
}

/// The bottom tabs of the phone. Put it, under a [`StatusLine`], into [`Dock`].
#[component]
pub fn TabBar(items: Vec<NavItem>, onnavigate: EventHandler<String>) -> Element {
    rsx! {
        nav { class: "tabs", aria_label: t("nav-main"),
            for item in items {
                NavLink {
                    key: "{item.href}",
                    class: "tab",
                    href: item.href,
                    current: item.current,
                    onnavigate,
                    Icon { name: item.icon }
                    span { "{item.label}" }
                    if item.badge > 0 {
                        span { class: "badge", "{item.badge}" }
                    }
                }
            }
        }
    }
}

/// Holds status line and tabs at the lower edge.
#[component]
pub fn Dock(children: Element) -> Element {
    rsx! {
        footer { class: "dock no-print", {children} }
    }
}

/// How things stand with the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatusTone {
    /// Everything is with the server.
    #[default]
    Synced,
    /// Records wait to be sent.
    Pending,
    /// They are being sent now.
    Busy,
    /// No connection.
    Offline,
    /// Something was not accepted.
    Rejected,
}

/// The thin line that is always true about sync; tapping it opens the sync screen.
#[component]
pub fn StatusLine(
    #[props(default)] tone: StatusTone,
    text: String,
    onclick: EventHandler<()>,
) -> Element {
    let class = match tone {
        StatusTone::Synced => "status ok",
        StatusTone::Pending | StatusTone::Busy => "status",
        StatusTone::Offline => "status off",
        StatusTone::Rejected => "status bad",
    };
    rsx! {
        button {
            class,
            id: "status-line",
            r#type: "button",
            title: t("status-open"),
            onclick: move |_| onclick.call(()),
            match tone {
                StatusTone::Offline => rsx! { Icon { name: IconName::CloudOff } },
                StatusTone::Rejected => rsx! { Icon { name: IconName::Alert } },
                StatusTone::Busy => rsx! { span { class: "dot live", aria_hidden: "true" } },
                _ => rsx! { span { class: "dot", aria_hidden: "true" } },
            }
            span { role: "status", "{text}" }
            Icon { name: IconName::Chevron, class: "sm" }
        }
    }
}
