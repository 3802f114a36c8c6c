//! Going from screen to screen.

use dioxus::prelude::*;

use crate::route::Route;

/// Goes to an address of the app: what links hand to the router.
pub fn use_go() -> EventHandler<String> {
    let navigator = use_navigator();
    use_callback(move |href: String| {
        if let Ok(route) = href.parse::<Route>() {
            navigator.push(route);
        }
    })
}

/// Goes one screen back; from a screen that was opened directly, to `parent`.
pub fn use_back(parent: Route) -> EventHandler<()> {
    let navigator = use_navigator();
    use_callback(move |()| {
        if super::page::has_history() {
            navigator.go_back();
        } else {
            navigator.replace(parent.clone());
        }
    })
}
