//! Links inside the app: real anchors with an address, so that they can be opened in a new tab, read
//! aloud and reached by keyboard; the router is told instead of loading the page anew.

use dioxus::prelude::*;

/// An anchor that hands its address to `onnavigate` on a plain click or Enter.
#[component]
pub fn NavLink(
    href: String,
    #[props(default)] class: String,
    /// Whether this is the page shown now.
    #[props(default)]
    current: bool,
    onnavigate: EventHandler<String>,
    #[props(extends = GlobalAttributes)] attributes: Vec<Attribute>,
    children: Element,
) -> Element {
    let to = href.clone();
    rsx! {
        a {
            class,
            href,
            aria_current: current.then_some("page"),
            onclick: move |event: MouseEvent| {
                let keys = event.modifiers();
                let new_place = keys.ctrl() || keys.meta() || keys.shift() || keys.alt();
                if !new_place {
                    event.prevent_default();
                    onnavigate.call(to.clone());
                }
            },
            ..attributes,
            {children}
        }
    }
}
