//! Cards, tags, rows, banners, and the states of a screen without content.

use dioxus::prelude::*;

use super::{
    icon::{Icon, IconName},
    link::NavLink,
    tone::Tone,
};

/// A surface that holds one thing. `title` becomes its heading (`h2`).
#[component]
pub fn Card(
    #[props(default)] tone: Tone,
    #[props(default)] title: Option<String>,
    /// Small text at the right of the title.
    #[props(default)]
    aside: Option<String>,
    /// Further classes: `roomy`, `flush`, `voucher`.
    #[props(default)]
    class: &'static str,
    #[props(extends = GlobalAttributes)] attributes: Vec<Attribute>,
    children: Element,
) -> Element {
    rsx! {
        section { class: "card {tone.surface_class()} {class}", ..attributes,
            if let Some(title) = title {
                if let Some(aside) = aside {
                    div { class: "card-head",
                        h2 { class: "card-title", "{title}" }
                        span { class: "t3", "{aside}" }
                    }
                } else {
                    h2 { class: "card-title", "{title}" }
                }
            }
            {children}
        }
    }
}

/// A card that leads somewhere as a whole.
#[component]
pub fn LinkCard(
    href: String,
    onnavigate: EventHandler<String>,
    #[props(default)] tone: Tone,
    #[props(extends = GlobalAttributes)] attributes: Vec<Attribute>,
    children: Element,
) -> Element {
    rsx! {
        NavLink { class: "card {tone.surface_class()}", href, onnavigate, attributes, {children} }
    }
}

/// A short fact in a pill.
#[component]
pub fn Tag(
    #[props(default)] tone: Tone,
    #[props(default)] icon: Option<IconName>,
    #[props(extends = GlobalAttributes)] attributes: Vec<Attribute>,
    children: Element,
) -> Element {
    rsx! {
        span { class: "tag {tone.class()}", ..attributes,
            if let Some(name) = icon {
                Icon { name }
            }
            {children}
        }
    }
}

/// Rows separated by hairlines; put [`ListRow`]s into it, itself into a [`Card`].
#[component]
pub fn Rows(children: Element) -> Element {
    rsx! {
        div { class: "rows", {children} }
    }
}

/// A row with title, second line, and something at the right. With `href` it is a link, with `onclick` a button.
#[component]
pub fn ListRow(
    title: String,
    #[props(default)] subtitle: Option<String>,
    #[props(default)] icon: Option<IconName>,
    #[props(default)] href: Option<String>,
    #[props(default)] onnavigate: EventHandler<String>,
    #[props(default)] onclick: Option<EventHandler<()>>,
    /// What stands at the right: a sum, a tag, a time.
    #[props(default)]
    children: Element,
) -> Element {
    let leads = href.is_some() || onclick.is_some();
    let inner = rsx! {
        if let Some(name) = icon {
            Icon { name }
        }
        span { class: "list-row-main",
            span { class: "t1", "{title}" }
            if let Some(subtitle) = subtitle {
                br {}
                span { class: "t2", "{subtitle}" }
            }
        }
        span { class: "list-row-end", {children} }
        if leads {
            Icon { name: IconName::Chevron, class: "chev" }
        }
    };
    match (href, onclick) {
        (Some(href), _) => rsx! {
            NavLink { class: "list-row", href, onnavigate, {inner} }
        },
        (None, Some(onclick)) => rsx! {
            button { class: "list-row", r#type: "button", onclick: move |_| onclick.call(()), {inner} }
        },
        (None, None) => rsx! {
            div { class: "list-row", {inner} }
        },
    }
}

/// A message above the content: what happened, what is safe, what to do (the button in `children`).
#[component]
pub fn Banner(
    #[props(default = Tone::Teal)] tone: Tone,
    title: String,
    #[props(default)] body: Option<String>,
    /// Announced at once by screen readers; for errors that follow a tap.
    #[props(default)]
    urgent: bool,
    #[props(extends = GlobalAttributes)] attributes: Vec<Attribute>,
    #[props(default)] children: Element,
) -> Element {
    let icon = match tone {
        Tone::Red | Tone::Amber => IconName::Alert,
        Tone::Green => IconName::Check,
        Tone::Neutral | Tone::Teal => IconName::Info,
    };
    rsx! {
        div {
            class: "banner {tone.surface_class()}",
            role: if urgent { "alert" } else { "status" },
            ..attributes,
            Icon { name: icon }
            div { class: "grow",
                p { class: "banner-title", "{title}" }
                if let Some(body) = body {
                    p { class: "banner-body", "{body}" }
                }
                {children}
            }
        }
    }
}

/// A screen or list without content: says why, and what to do next (the button in `children`).
#[component]
pub fn EmptyState(
    icon: IconName,
    title: String,
    #[props(default)] body: Option<String>,
    #[props(default)] children: Element,
) -> Element {
    rsx! {
        div { class: "empty",
            div { class: "empty-mark", aria_hidden: "true",
                Icon { name: icon, class: "lg" }
            }
            p { class: "empty-title", "{title}" }
            if let Some(body) = body {
                p { class: "empty-body", "{body}" }
            }
            {children}
        }
    }
}

/// Stands where `cards` cards will be once they are read.
#[component]
pub fn Skeleton(#[props(default = 3)] cards: u8) -> Element {
    rsx! {
        div { class: "stack", role: "status", aria_label: crate::i18n::t("loading"),
            for index in 0..cards {
                div { key: "{index}", class: "card", aria_hidden: "true",
                    span { class: "skel title" }
                    span { class: if index == 0 { "skel amount" } else { "skel" } }
                    span { class: "skel short" }
                }
            }
        }
    }
}
