//! What lies over a screen: sheets and confirmations (native `<dialog>`), and short messages.
//!
//! A sheet is open while it is rendered. In a browser it is shown as a modal dialog (focus stays inside,
//! Escape closes, focus returns to where it was); elsewhere the `open` attribute shows it.

use std::rc::Rc;

use dioxus::prelude::*;

use super::{
    button::{Button, ButtonKind, IconButton},
    icon::{Icon, IconName},
    tone::Tone,
};
use crate::i18n::t;

/// A sheet that rises from the lower edge (centred on large screens). Render it only while it is open.
#[component]
pub fn Sheet(
    title: String,
    onclose: EventHandler<()>,
    #[props(default = "sheet")] id: &'static str,
    /// Buttons at the foot.
    #[props(default)]
    foot: Option<Element>,
    children: Element,
) -> Element {
    use_return_focus();
    rsx! {
        dialog {
            class: "sheet moves",
            id,
            aria_labelledby: "{id}-title",
            open: !cfg!(target_arch = "wasm32"),
            onmounted: move |event| show_modal(&event.data()),
            oncancel: move |event| {
                event.prevent_default();
                onclose.call(());
            },
            div { class: "sheet-head",
                h2 { id: "{id}-title", "{title}" }
                IconButton { icon: IconName::Close, label: t("close"), id: "{id}-close", onclick: move |_| onclose.call(()) }
            }
            div { class: "sheet-body", {children} }
            if let Some(foot) = foot {
                div { class: "sheet-foot", {foot} }
            }
        }
    }
}

/// Asks once before an irreversible step. `children` says what exactly will happen.
#[component]
pub fn ConfirmSheet(
    title: String,
    confirm_label: String,
    #[props(default)] danger: bool,
    #[props(default)] busy: bool,
    onconfirm: EventHandler<()>,
    oncancel: EventHandler<()>,
    children: Element,
) -> Element {
    let kind = if danger {
        ButtonKind::Danger
    } else {
        ButtonKind::Primary
    };
    rsx! {
        Sheet {
            title,
            id: "confirm",
            onclose: oncancel,
            foot: rsx! {
                Button { kind: ButtonKind::Sub, disabled: busy, id: "confirm-no", onclick: move |_| oncancel.call(()), {t("cancel")} }
                Button { kind, busy, wide: true, id: "confirm-yes", onclick: move |_| onconfirm.call(()), "{confirm_label}" }
            },
            {children}
        }
    }
}

#[cfg(target_arch = "wasm32")]
pub(super) fn show_modal(mounted: &MountedData) {
    use wasm_bindgen::JsCast;
    let dialog = mounted
        .downcast::<web_sys::Element>()
        .and_then(|element| element.dyn_ref::<web_sys::HtmlDialogElement>());
    if let Some(dialog) = dialog {
        if !dialog.open() && dialog.show_modal().is_err() {
            dialog.set_open(true);
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
pub(super) fn show_modal(_mounted: &MountedData) {}

/// Gives the focus back to where it was when the component that calls this goes away.
#[cfg(target_arch = "wasm32")]
fn use_return_focus() {
    use wasm_bindgen::JsCast;
    let before = use_hook(|| {
        let active = web_sys::window()
            .and_then(|window| window.document())
            .and_then(|document| document.active_element());
        Rc::new(active.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()))
    });
    use_drop(move || {
        if let Some(element) = before.as_ref() {
            // The element may be gone by now; then the focus falls to the page, which is all right.
            let _ = element.focus();
        }
    });
}

#[cfg(not(target_arch = "wasm32"))]
fn use_return_focus() {
    let _ = use_hook(|| Rc::new(()));
}

#[derive(Clone, PartialEq)]
struct ToastMessage {
    id: u64,
    tone: Tone,
    text: String,
}

/// Messages on the screen at once.
const MAX_TOASTS: usize = 3;
static TOASTS: GlobalSignal<Vec<ToastMessage>> = Signal::global(Vec::new);
static LAST_TOAST: GlobalSignal<u64> = Signal::global(|| 0);

/// Shows a short message for five seconds (ten for errors, `Tone::Red`); a tap takes it away.
/// For what does not need an answer; anything that does belongs into a banner or a sheet.
pub fn toast(tone: Tone, text: impl Into<String>) {
    let id = LAST_TOAST.peek().wrapping_add(1);
    *LAST_TOAST.write() = id;
    let mut toasts = TOASTS.write();
    toasts.push(ToastMessage {
        id,
        tone,
        text: text.into(),
    });
    let over = toasts.len().saturating_sub(MAX_TOASTS);
    toasts.drain(..over);
}

fn dismiss(id: u64) {
    TOASTS.write().retain(|message| message.id != id);
}

/// Where messages appear; stands once in the app's frame.
#[component]
pub fn ToastHost() -> Element {
    rsx! {
        div { class: "toasts", id: "toasts", role: "status", aria_live: "polite",
            for message in TOASTS() {
                button {
                    key: "{message.id}",
                    class: if message.tone == Tone::Red { "toast bad" } else { "toast" },
                    r#type: "button",
                    title: t("dismiss"),
                    onclick: move |_| dismiss(message.id),
                    onanimationend: move |_| dismiss(message.id),
                    Icon {
                        name: match message.tone {
                            Tone::Red | Tone::Amber => IconName::Alert,
                            Tone::Green => IconName::Check,
                            Tone::Neutral | Tone::Teal => IconName::Info,
                        },
                    }
                    span { "{message.text}" }
                }
            }
        }
    }
}
