//! The page or window that the app is shown in: how wide it is, where the focus is, whether one can go back.

use futures::stream::LocalBoxStream;

/// The room from which the desk layout is used. A phone on its side is wide as well, but low: to turn it while
/// somebody signs must not lay the screen out anew.
pub const DESK_QUERY: &str = "(min-width: 900px) and (min-height: 500px)";

#[cfg(target_arch = "wasm32")]
mod imp {
    use futures::{StreamExt, channel::mpsc, stream::LocalBoxStream};
    use wasm_bindgen::{JsCast, prelude::Closure};

    fn query() -> Option<web_sys::MediaQueryList> {
        web_sys::window()?.match_media(super::DESK_QUERY).ok()?
    }

    pub fn is_wide() -> bool {
        query().is_some_and(|query| query.matches())
    }

    pub fn width_changes() -> LocalBoxStream<'static, bool> {
        let (sender, receiver) = mpsc::unbounded();
        let Some(query) = query() else {
            return futures::stream::pending().boxed_local();
        };
        let watched = query.clone();
        let listener = Closure::<dyn FnMut()>::new(move || {
            // The receiver lives as long as the app.
            let _ = sender.unbounded_send(watched.matches());
        });
        // The app asks once; the listener stays for good.
        let _ = query
            .add_event_listener_with_callback("change", listener.into_js_value().unchecked_ref());
        receiver.boxed_local()
    }

    pub fn has_history() -> bool {
        crate::state::browser_history::depth() > 0
    }

    pub fn focus_main() {
        let main = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.query_selector("main").ok().flatten())
            .and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(main) = main {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = main.focus_with_options(&options);
        }
    }

    pub fn focus_row(id: &str) {
        let link = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.get_element_by_id(&format!("row-{id}")))
            .and_then(|cell| cell.query_selector("a").ok().flatten())
            .and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(link) = link {
            let _ = link.focus();
        }
    }

    pub fn leave_for(href: &str) {
        if let Some(window) = web_sys::window() {
            let _ = window.location().set_href(href);
        }
    }

    pub fn reload() {
        if let Some(window) = web_sys::window() {
            let _ = window.location().reload();
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod imp {
    use futures::{StreamExt, stream::LocalBoxStream};

    // A native window starts in the size of a phone.
    pub fn is_wide() -> bool {
        false
    }

    pub fn width_changes() -> LocalBoxStream<'static, bool> {
        futures::stream::pending().boxed_local()
    }

    pub fn has_history() -> bool {
        true
    }

    pub fn focus_main() {}

    pub fn focus_row(_id: &str) {}

    pub fn leave_for(_href: &str) {}

    pub fn reload() {}
}

/// Is there room for the desk layout?
pub fn is_wide() -> bool {
    imp::is_wide()
}

/// Every change of that.
pub fn width_changes() -> LocalBoxStream<'static, bool> {
    imp::width_changes()
}

/// Is there a screen to go back to?
pub fn has_history() -> bool {
    imp::has_history()
}

/// Puts the focus on the main part of a new screen, so that reading begins there.
pub fn focus_main() {
    imp::focus_main();
}

/// Puts the focus on the link of a table's row; its cell has the id `row-{id}`.
pub fn focus_row(id: &str) {
    imp::focus_row(id);
}

/// Leaves the app for another page of the same server.
pub fn leave_for(href: &str) {
    imp::leave_for(href);
}

/// Loads the page anew.
pub fn reload() {
    imp::reload();
}
