//! What the phone's client and the desk share about addresses: the router has the browser's address bar, and
//! whoever goes to another screen begins at its main part.

use dioxus::prelude::*;

use super::page;

/// Gives the router the address bar of the browser; natively the framework keeps addresses in memory.
#[component]
pub fn Addressed(children: Element) -> Element {
    #[cfg(target_arch = "wasm32")]
    use_hook(|| {
        let history: std::rc::Rc<dyn dioxus_history::History> =
            std::rc::Rc::new(super::browser_history::BrowserHistory::new());
        dioxus_history::provide_history_context(history);
    });
    children
}

/// After going to another screen reading and keyboard begin at its main part.
pub fn use_focus_on_new_screen(path: &str) {
    let path = path.to_owned();
    let mut last = use_hook(|| CopyValue::new(None::<String>));
    use_effect(use_reactive!(|path| {
        let first = last.peek().is_none();
        let other = last.peek().as_ref() != Some(&path);
        last.set(Some(path));
        if other && !first {
            page::focus_main();
        }
    }));
}
