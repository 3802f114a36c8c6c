//! The signature pad: full screen, lying on its side on an upright phone, so that the customer turns the
//! phone and writes along its length. Strokes carry time and pressure; `ink` turns them into lines.
//!
//! While a finger moves, only the path of the stroke being drawn changes.

use dioxus::{html::geometry::PixelsSize, prelude::*};
use shared::evidence::Strokes;

use super::{
    button::{Button, ButtonKind},
    icon::{Icon, IconName},
    ink::{Sample, Tracer, bounds, is_enough, strokes_path},
    overlay::use_modal,
};
use crate::i18n::{t, t_args};

/// The full-screen pad. Render it only while somebody signs.
#[component]
pub fn SignaturePad(
    /// Who signs: name and role, under the line.
    signer: String,
    /// What is signed: title, sum, day; at the right under the line.
    #[props(default)]
    subject: String,
    onsave: EventHandler<Strokes>,
    oncancel: EventHandler<()>,
) -> Element {
    let modal = use_modal();
    let mut tracer = use_signal(Tracer::default);
    let mut live = use_signal(String::new);
    let mut finished = use_signal(String::new);
    let mut size = use_signal(|| (0.0_f64, 0.0_f64));
    let mut too_short = use_signal(|| false);
    let mut redraw = move || {
        live.set(String::new());
        finished.set(strokes_path(tracer.peek().strokes()));
        too_short.set(false);
    };
    let sample = move |event: &PointerEvent| {
        let (width, _) = *size.peek();
        let at = event.element_coordinates();
        Sample {
            x_px: at.x,
            y_px: at.y,
            width_px: width,
            at_ms: event_ms(event),
            pressure: pressure(event),
        }
    };
    let save = move |_| {
        let strokes = tracer.peek().strokes().clone();
        if is_enough(&strokes) {
            onsave.call(strokes);
        } else {
            too_short.set(true);
        }
    };
    let empty = finished.read().is_empty();
    let view_box = {
        let (width, height) = size();
        let height = match width > 0.0 {
            true => 1000.0 * height / width,
            false => 400.0,
        };
        format!("0 0 1000 {}", height.round() as u32)
    };
    rsx! {
        dialog {
            class: "sign-screen",
            id: "signature-pad",
            aria_labelledby: "sign-title",
            open: !cfg!(target_arch = "wasm32"),
            onmounted: move |event| modal.call(event),
            oncancel: move |event| {
                event.prevent_default();
                oncancel.call(());
            },
            div { class: "sign-turn",
                div { class: "sign-bar",
                    div { class: "grow",
                        h2 { id: "sign-title", {t("sign-title")} }
                        if too_short() {
                            p { class: "error", role: "alert", {t("sign-too-short")} }
                        } else {
                            p { class: "t3 clip", {t("sign-turn")} }
                        }
                    }
                    Button { kind: ButtonKind::Ghost, small: true, id: "sign-cancel", onclick: move |_| oncancel.call(()), {t("cancel")} }
                    Button {
                        kind: ButtonKind::Sub,
                        small: true,
                        icon: IconName::Undo,
                        disabled: empty,
                        id: "sign-undo",
                        onclick: move |_| {
                            tracer.write().undo();
                            redraw();
                        },
                        {t("undo")}
                    }
                    Button {
                        kind: ButtonKind::Sub,
                        small: true,
                        disabled: empty,
                        id: "sign-clear",
                        onclick: move |_| {
                            tracer.set(Tracer::default());
                            redraw();
                        },
                        {t("clear")}
                    }
                    Button { small: true, icon: IconName::Check, disabled: empty, id: "sign-save", onclick: save, {t("sign-done")} }
                }
                div {
                    class: "sign-area",
                    id: "sign-area",
                    role: "img",
                    aria_label: t("sign-area"),
                    onresize: move |event| {
                        if let Ok(PixelsSize { width, height, .. }) = event.get_content_box_size() {
                            size.set((width, height));
                        }
                    },
                    onpointerdown: move |event| {
                        event.prevent_default();
                        if event.is_primary() && tracer.write().begin(sample(&event)) {
                            live.set(tracer.peek().live_path());
                        }
                    },
                    onpointermove: move |event| {
                        if event.is_primary() && tracer.peek().is_drawing() && tracer.write().extend(sample(&event)) {
                            live.set(tracer.peek().live_path());
                        }
                    },
                    onpointerup: move |_| if tracer.write().end() { redraw() },
                    onpointercancel: move |_| if tracer.write().end() { redraw() },
                    onpointerleave: move |_| if tracer.write().end() { redraw() },
                    span { class: "sign-cross", aria_hidden: "true", "×" }
                    div { class: "sign-line",
                        span {
                            span { "{signer}" }
                            span { "{subject}" }
                        }
                    }
                    svg { view_box: "{view_box}", preserve_aspect_ratio: "xMinYMin meet", "aria-hidden": "true",
                        path { class: "ink", d: "{finished}" }
                        path { class: "ink", d: "{live}" }
                    }
                }
            }
        }
    }
}

/// Strokes as they were drawn, fitted into the place given; read-only.
#[component]
pub fn StrokesView(
    strokes: Strokes,
    /// Who signed, read aloud.
    signer: String,
) -> Element {
    let (x, y, width, height) = bounds(&strokes);
    rsx! {
        svg {
            view_box: "{x} {y} {width} {height}",
            preserve_aspect_ratio: "xMidYMid meet",
            role: "img",
            "aria-label": t_args("sign-label", &[("name", signer.into())]),
            path { class: "ink", d: strokes_path(&strokes) }
        }
    }
}

/// The place for a signature in a form: a large button while it is empty, then the strokes.
#[component]
pub fn SignatureSlot(
    #[props(default)] strokes: Option<Strokes>,
    signer: String,
    /// Of the slot; two on one screen need two.
    #[props(default = "signature")]
    id: &'static str,
    /// Sealed: cannot be signed again.
    #[props(default)]
    sealed: bool,
    #[props(default)] onopen: EventHandler<()>,
) -> Element {
    let signed = strokes.filter(|strokes| !strokes.0.is_empty());
    let again = signed.is_some().then(|| t("sign-again"));
    match (signed, sealed) {
        (Some(strokes), true) => rsx! {
            div { class: "sign sealed", id,
                StrokesView { strokes, signer }
            }
        },
        (None, true) => rsx! {
            p { class: "t3", {t("sign-none")} }
        },
        (signed, false) => rsx! {
            button {
                class: "sign",
                id,
                r#type: "button",
                aria_label: again,
                onclick: move |_| onopen.call(()),
                if let Some(strokes) = signed {
                    StrokesView { strokes, signer }
                } else {
                    span { class: "sign-call",
                        Icon { name: IconName::Pen }
                        span { {t("sign-tap")} }
                    }
                    span { class: "sign-hint", {t("sign-turn")} }
                }
            }
        },
    }
}

/// 0–255; 0 where the device has none (a mouse, or the 0.5 that screens without a sensor report).
fn pressure(event: &PointerEvent) -> u8 {
    let pressure = event.pressure();
    let known = event.pointer_type() != "mouse" && (pressure - 0.5).abs() > f32::EPSILON;
    if known {
        (pressure.clamp(0.0, 1.0) * 255.0).round() as u8
    } else {
        0
    }
}

/// Milliseconds on a clock that never runs backwards.
#[cfg(target_arch = "wasm32")]
fn event_ms(event: &PointerEvent) -> f64 {
    event
        .data()
        .downcast::<web_sys::PointerEvent>()
        .map(|raw| raw.time_stamp())
        .unwrap_or_default()
}

/// Milliseconds on a clock that never runs backwards.
#[cfg(not(target_arch = "wasm32"))]
fn event_ms(_event: &PointerEvent) -> f64 {
    use std::{sync::OnceLock, time::Instant};
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64() * 1_000.0
}
