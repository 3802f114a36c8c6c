//! The desk: dark side navigation, main column with tables, detail pane. From 900 px.

use dioxus::prelude::*;

use super::{frame::NavItem, link::NavLink};
use crate::i18n::t;

/// The frame of a desk screen: [`SideNav`], main column, and a detail pane if `detail` is given.
#[component]
pub fn Desk(
    side: Element,
    title: String,
    /// What stands at the right of the title: live state, buttons.
    #[props(default)]
    aside: Option<Element>,
    #[props(default)] detail: Option<Element>,
    /// The name of the detail pane, read aloud.
    #[props(default)]
    detail_label: String,
    children: Element,
) -> Element {
    let class = if detail.is_some() {
        "desk with-detail"
    } else {
        "desk"
    };
    rsx! {
        div { class,
            {side}
            main { class: "desk-main", id: "content", tabindex: "-1",
                div { class: "desk-head",
                    h1 { "{title}" }
                    {aside}
                }
                {children}
            }
            if let Some(detail) = detail {
                aside { class: "detail", id: "detail", tabindex: "0", aria_label: "{detail_label}", {detail} }
            }
        }
    }
}

/// The dark rail at the left of the desk. `children` stand at its foot: who is signed in, state of the link.
#[component]
pub fn SideNav(
    items: Vec<NavItem>,
    onnavigate: EventHandler<String>,
    #[props(default)] children: Element,
) -> Element {
    rsx! {
        header { class: "side",
            p { class: "side-brand", {t("app-name")} }
            nav { class: "stack tight", aria_label: t("nav-main"),
                for item in items {
                    NavLink { key: "{item.href}", class: "side-link", href: item.href, current: item.current, onnavigate,
                        span { "{item.label}" }
                        if item.badge > 0 {
                            span { class: "badge", "{item.badge}" }
                        }
                    }
                }
            }
            div { class: "side-foot", {children} }
        }
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub label: String,
    /// Aligned to the right: figures.
    pub right: bool,
}

impl Column {
    /// A column of text.
    pub fn text(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            right: false,
        }
    }

    /// A column of figures.
    pub fn figures(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            right: true,
        }
    }
}

/// A table of records; its rows are [`DataRow`]s with `td` cells (class `r` for figures).
#[component]
pub fn DataTable(
    /// What the table shows, read aloud.
    caption: String,
    columns: Vec<Column>,
    children: Element,
) -> Element {
    rsx! {
        div { class: "table-wrap", tabindex: "0", role: "region", aria_label: "{caption}",
            table { class: "table num",
                caption { class: "sr", "{caption}" }
                thead {
                    tr {
                        for (index , column) in columns.into_iter().enumerate() {
                            th { key: "{index}", scope: "col", class: if column.right { "r" }, "{column.label}" }
                        }
                    }
                }
                tbody { {children} }
            }
        }
    }
}

/// A row; `selected` when its record is open in the detail pane. One of its cells holds a [`RowLink`].
#[component]
pub fn DataRow(#[props(default)] selected: bool, children: Element) -> Element {
    rsx! {
        tr { class: if selected { "on" }, {children} }
    }
}

/// The link that makes a whole row lead to its record, by tap and by keyboard.
#[component]
pub fn RowLink(
    href: String,
    #[props(default)] current: bool,
    onnavigate: EventHandler<String>,
    children: Element,
) -> Element {
    rsx! {
        NavLink { class: "row-link", href, current, onnavigate, {children} }
    }
}
