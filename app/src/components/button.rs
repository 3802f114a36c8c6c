//! Buttons: native `<button>`, at least 48 px high.

use dioxus::prelude::*;

use super::icon::{Icon, IconName};

/// How much weight a button has on its screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one thing to do.
    #[default]
    Primary,
    /// An alternative.
    Sub,
    /// A second action of the same rank.
    Soft,
    /// Destroys or cannot be undone.
    Danger,
    /// Quiet, inside text and cards.
    Ghost,
    /// Quiet and destructive.
    GhostDanger,
}

impl ButtonKind {
    const fn class(self) -> &'static str {
        match self {
            ButtonKind::Primary => "",
            ButtonKind::Sub => "sub",
            ButtonKind::Soft => "soft",
            ButtonKind::Danger => "danger",
            ButtonKind::Ghost => "ghost",
            ButtonKind::GhostDanger => "ghost danger",
        }
    }
}

/// A button with words. `busy` shows a turning ring and refuses further taps.
#[component]
pub fn Button(
    #[props(default)] kind: ButtonKind,
    #[props(default)] icon: Option<IconName>,
    #[props(default)] disabled: bool,
    #[props(default)] busy: bool,
    #[props(default)] full: bool,
    #[props(default)] wide: bool,
    #[props(default)] small: bool,
    /// Submits the form around it instead of only calling `onclick`.
    #[props(default)]
    submit: bool,
    #[props(default)] onclick: EventHandler<MouseEvent>,
    #[props(extends = GlobalAttributes)] attributes: Vec<Attribute>,
    children: Element,
) -> Element {
    let class = [
        "btn",
        kind.class(),
        if full { "full" } else { "" },
        if wide { "wide" } else { "" },
        if small { "small" } else { "" },
    ];
    rsx! {
        button {
            class: class.join(" "),
            r#type: if submit { "submit" } else { "button" },
            disabled: disabled || busy,
            aria_busy: busy.then_some("true"),
            onclick: move |event| onclick.call(event),
            ..attributes,
            if busy {
                span { class: "spin", aria_hidden: "true" }
            } else if let Some(name) = icon {
                Icon { name }
            }
            {children}
        }
    }
}

/// A button that is only a symbol; `label` is what it does, read aloud and shown as its title.
#[component]
pub fn IconButton(
    icon: IconName,
    label: String,
    #[props(default)] disabled: bool,
    /// A count in a small red disc; nothing at 0.
    #[props(default)]
    badge: u32,
    #[props(default)] onclick: EventHandler<MouseEvent>,
    #[props(extends = GlobalAttributes)] attributes: Vec<Attribute>,
) -> Element {
    rsx! {
        button {
            class: "icon-btn",
            r#type: "button",
            aria_label: "{label}",
            title: "{label}",
            disabled,
            onclick: move |event| onclick.call(event),
            ..attributes,
            Icon { name: icon }
            if badge > 0 {
                span { class: "badge", aria_hidden: "true", "{badge}" }
            }
        }
    }
}
