//! The browser's address bar as the router's history.
//!
//! The framework's own needs its `document` feature, which evaluates scripts; the page's policy forbids that.
//! Invariants: going to a new address starts at the top of the page, going back returns to where one was;
//! each entry knows how many screens of the app lie before it, so that "back" never leaves the app.

use std::sync::Arc;

use dioxus_history::History;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};

use crate::platform::web;

/// A screen that was left gets this long to have its height again.
const RESTORE_TRIES: u32 = 25;
const RESTORE_EVERY_MS: u32 = 40;

/// The address bar.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowserHistory;

impl BrowserHistory {
    /// Takes the scrolling over from the browser, which would scroll before the screen has its data.
    pub fn new() -> Self {
        if let Some(history) = history() {
            let _ = history.set_scroll_restoration(web_sys::ScrollRestoration::Manual);
        }
        Self
    }
}

/// How many screens of the app lie before this one.
pub fn depth() -> u32 {
    entry().0
}

fn history() -> Option<web_sys::History> {
    web_sys::window()?.history().ok()
}

/// What the entry shown now keeps: its depth and how far down it was scrolled.
fn entry() -> (u32, f64) {
    let state = history().and_then(|history| history.state().ok());
    let kept = state.and_then(|state| state.dyn_into::<Array>().ok());
    kept.map_or((0, 0.0), |kept| {
        let number = |index| kept.get(index).as_f64().unwrap_or_default();
        (number(0) as u32, number(1))
    })
}

fn state(depth: u32, top: f64) -> JsValue {
    Array::of2(&JsValue::from(depth), &JsValue::from(top)).into()
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
        if let Some(history) = history() {
            let _ = history.back();
        }
    }

    fn go_forward(&self) {
        if let Some(history) = history() {
            let _ = history.forward();
        }
    }

    fn push(&self, route: String) {
        if route == self.current_route() {
            return;
        }
        let (Some(history), Some(window)) = (history(), web_sys::window()) else {
            return;
        };
        let top = window.scroll_y().unwrap_or_default();
        let _ = history.replace_state_with_url(&state(depth(), top), "", None);
        let next = state(depth() + 1, 0.0);
        if history.push_state_with_url(&next, "", Some(&route)).is_ok() {
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    fn replace(&self, path: String) {
        if let Some(history) = history() {
            let _ = history.replace_state_with_url(&state(depth(), 0.0), "", Some(&path));
        }
    }

    fn external(&self, url: String) -> bool {
        web_sys::window().is_some_and(|window| window.location().set_href(&url).is_ok())
    }

    fn updater(&self, callback: Arc<dyn Fn() + Send + Sync>) {
        let Some(window) = web_sys::window() else {
            return;
        };
        let listener = Closure::<dyn FnMut()>::new(move || {
            callback();
            wasm_bindgen_futures::spawn_local(scroll_back_to(entry().1));
        });
        // The router lives as long as the page; the listener stays for good.
        let _ = window
            .add_event_listener_with_callback("popstate", listener.into_js_value().unchecked_ref());
    }
}

/// Scrolls down to where the screen was left, as soon as it is high enough again.
async fn scroll_back_to(top: f64) {
    for _ in 0..RESTORE_TRIES {
        web::sleep(RESTORE_EVERY_MS).await;
        let Some(window) = web_sys::window() else {
            return;
        };
        let height = window
            .document()
            .and_then(|document| document.document_element())
            .map_or(0, |root| root.scroll_height());
        let seen = window
            .inner_height()
            .ok()
            .and_then(|height| height.as_f64())
            .unwrap_or_default();
        if f64::from(height) - seen >= top {
            window.scroll_to_with_x_and_y(0.0, top);
            return;
        }
    }
}
