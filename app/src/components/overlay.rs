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
    let modal = use_modal();
    rsx! {
        dialog {
            class: "sheet moves",
            id,
            aria_labelledby: "{id}-title",
            open: !cfg!(target_arch = "wasm32"),
            onmounted: move |event| modal.call(event),
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

/// Shows a dialog as modal once its element is there, and closes it when its component goes away, which
/// gives the focus back to where it was. Returns what goes into the dialog's `onmounted`.
pub(super) fn use_modal() -> Callback<MountedEvent> {
    let shown = use_hook(|| Rc::new(browser::Modal::default()));
    let closing = shown.clone();
    use_drop(move || closing.close());
    use_callback(move |event: MountedEvent| shown.show(&event.data()))
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use std::cell::RefCell;

    use dioxus::prelude::MountedData;
    use wasm_bindgen::JsCast;
    use web_sys::{Element, HtmlDialogElement, HtmlElement};

    /// A dialog on the screen, and the element that had the focus before.
    #[derive(Default)]
    pub struct Modal {
        dialog: RefCell<Option<HtmlDialogElement>>,
        before: RefCell<Option<HtmlElement>>,
    }

    impl Modal {
        pub fn show(&self, mounted: &MountedData) {
            let Some(dialog) = mounted
                .downcast::<Element>()
                .and_then(|element| element.dyn_ref::<HtmlDialogElement>())
                .cloned()
            else {
                return;
            };
            let active = web_sys::window()
                .and_then(|window| window.document())
                .and_then(|page| page.active_element());
            self.before
                .replace(active.and_then(|element| element.dyn_into().ok()));
            if !dialog.open() && dialog.show_modal().is_err() {
                dialog.set_open(true);
            }
            self.dialog.replace(Some(dialog));
        }

        pub fn close(&self) {
            if let Some(dialog) = self.dialog.take() {
                dialog.close();
            }
            if let Some(before) = self.before.take() {
                // The element may be gone by now; then the focus falls to the page, which is all right.
                let _ = before.focus();
            }
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod browser {
    use dioxus::prelude::MountedData;

    /// Elsewhere the `open` attribute shows the dialog.
    #[derive(Default)]
    pub struct Modal {}

    impl Modal {
        pub fn show(&self, _mounted: &MountedData) {}
        pub fn close(&self) {}
    }
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
