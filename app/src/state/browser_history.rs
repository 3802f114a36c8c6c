//! The browser's address bar as the router's history.
//!
//! The framework's own needs its `document` feature, which evaluates scripts; the page's policy forbids that.
//! Invariant: going to a new address starts at the top of the page, going back returns to where one was.

use std::sync::Arc;

use dioxus_history::History;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};

/// The address bar.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowserHistory;

impl BrowserHistory {
    fn history(self) -> Option<web_sys::History> {
        web_sys::window()?.history().ok()
    }
}

impl History for BrowserHistory {
    fn current_route(&self) -> String {
        let Some(location) = web_sys::window().map(|window| window.location()) else {
            return "/".to_owned();
        };
        let path = location.pathname().unwrap_or_else(|_| "/".to_owned());
        path + &location.search().unwrap_or_default() + &location.hash().unwrap_or_default()
    }

    fn go_back(&self) {
        if let Some(history) = self.history() {
            let _ = history.back();
        }
    }

    fn go_forward(&self) {
        if let Some(history) = self.history() {
            let _ = history.forward();
        }
    }

    fn push(&self, route: String) {
        if route == self.current_route() {
            return;
        }
        if let (Some(history), Some(window)) = (self.history(), web_sys::window()) {
            if history
                .push_state_with_url(&JsValue::NULL, "", Some(&route))
                .is_ok()
            {
                window.scroll_to_with_x_and_y(0.0, 0.0);
            }
        }
    }

    fn replace(&self, path: String) {
        if let Some(history) = self.history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
        }
    }

    fn external(&self, url: String) -> bool {
        web_sys::window().is_some_and(|window| window.location().set_href(&url).is_ok())
    }

    fn updater(&self, callback: Arc<dyn Fn() + Send + Sync>) {
        let Some(window) = web_sys::window() else {
            return;
        };
        // The browser keeps the scroll position of entries by itself ("auto"): data are on the device,
        // so a screen has its height again within a frame or two.
        let listener = Closure::<dyn FnMut()>::new(move || callback());
        // The router lives as long as the page; the listener stays for good.
        let _ = window
            .add_event_listener_with_callback("popstate", listener.into_js_value().unchecked_ref());
    }
}
