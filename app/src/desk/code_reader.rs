//! Reading a receipt's QR code at the desk: with the camera, or from a photo of the receipt. The browser reads it where
//! it can (`BarcodeDetector`), else a decoder of our own does; the picture never leaves the page.
//!
//! Invariant: the camera is on only while its picture is on the screen.

use dioxus::prelude::*;

use super::browser::{self, Seen};
use crate::{
    components::{Banner, Button, ButtonKind, Icon, IconName, Tone},
    i18n::t,
};

const VIEW: &str = "camera-view";
const PHOTO: &str = "code-photo";

/// The text of the one code in grey points; none if there is none, or none that can be read.
fn decode(grey: &[u8], width: usize) -> Option<String> {
    let height = grey.len().checked_div(width)?;
    let point = |x: usize, y: usize| grey.get(y * width + x).copied().unwrap_or(255);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, point);
    let codes = image.detect_grids();
    let mut texts = codes.iter().filter_map(|code| code.decode().ok());
    texts.next().map(|(_, text)| text)
}

fn text_of(seen: Seen) -> Option<String> {
    match seen.status {
        200 => Some(seen.text),
        206 => decode(&seen.grey, seen.width),
        _ => None,
    }
}

/// What is wrong with a camera, as the end of a key.
fn trouble_of(status: u16) -> &'static str {
    match status {
        403 => "denied",
        404 => "none",
        _ => "failed",
    }
}

/// Two ways to read a code; `onread` gets its text.
#[component]
pub fn CodeReader(onread: EventHandler<String>) -> Element {
    let mut is_open = use_signal(|| false);
    let mut trouble = use_signal(|| None::<&'static str>);
    let mut close = move || {
        browser::camera_close(VIEW);
        is_open.set(false);
    };
    use_drop(|| browser::camera_close(VIEW));
    let watch = move |_| {
        spawn(async move {
            let opened = browser::camera_open(VIEW).await;
            if opened.status != 200 {
                trouble.set(Some(trouble_of(opened.status)));
                close();
                return;
            }
            while is_open() {
                let seen = browser::camera_look(VIEW).await;
                if seen.status == 0 {
                    return;
                }
                if let Some(text) = text_of(seen) {
                    close();
                    onread.call(text);
                    return;
                }
            }
        });
    };
    let chosen = move |_| {
        spawn(async move {
            let seen = browser::picture_of(PHOTO).await;
            if seen.status == 0 {
                return;
            }
            match text_of(seen) {
                Some(text) => onread.call(text),
                None => trouble.set(Some("unread")),
            }
        });
    };
    rsx! {
        div { class: "row wrap",
            Button {
                kind: ButtonKind::Sub,
                icon: IconName::QrCode,
                id: "camera",
                disabled: is_open(),
                onclick: move |_| {
                    trouble.set(None);
                    is_open.set(true);
                },
                {t("desk-scan-camera")}
            }
            label { class: "btn sub file-choice", r#for: PHOTO,
                input { id: PHOTO, r#type: "file", accept: "image/*", onchange: move |event| {
                    trouble.set(None);
                    chosen(event);
                } }
                Icon { name: IconName::Document }
                span { {t("desk-scan-photo")} }
            }
        }
        if is_open() {
            div { class: "stack", id: "camera-box",
                video { id: VIEW, class: "camera-view", muted: true, autoplay: true, "playsinline": "true", aria_label: t("desk-scan-view"), onmounted: watch }
                p { class: "t2", role: "status", {t("desk-scan-hold")} }
                div { class: "row wrap",
                    Button { kind: ButtonKind::Sub, small: true, id: "camera-close", onclick: move |_| close(), {t("desk-scan-close")} }
                }
            }
        }
        if let Some(slug) = trouble() {
            Banner { tone: Tone::Amber, urgent: true, id: "camera-trouble", title: t("desk-scan-not"), body: t(&format!("desk-scan-{slug}")) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A code as a camera sees it: some points a module, white around it.
    fn drawn(text: &str) -> (Vec<u8>, usize) {
        const POINTS: usize = 4;
        const MARGIN: usize = 4;
        let code = qrcode::QrCode::new(text).unwrap();
        let modules = code.width();
        let width = (modules + 2 * MARGIN) * POINTS;
        let is_dark = |x: usize, y: usize| {
            let inside = |at: usize| (at / POINTS).checked_sub(MARGIN).filter(|at| *at < modules);
            let module = inside(x).zip(inside(y));
            module.is_some_and(|at| code[at] == qrcode::Color::Dark)
        };
        let points = (0..width * width).map(|at| match is_dark(at % width, at / width) {
            true => 20,
            false => 230,
        });
        (points.collect(), width)
    }

    #[test]
    fn a_code_in_a_picture_is_read_and_a_picture_without_one_is_not() {
        let text = format!(
            "HK1|A02-261121-1|2026-11-21|300.00|{}|客户",
            "0".repeat(200)
        );
        let (grey, width) = drawn(&text);
        assert_eq!(decode(&grey, width), Some(text));
        assert_eq!(decode(&[200; 10_000], 100), None);
        assert_eq!(decode(&[], 0), None);
        assert_eq!(decode(&[7; 5], 100), None);
        let cut = &grey[..grey.len() / 2];
        assert_eq!(decode(cut, width), None);
    }

    #[test]
    fn a_camera_that_cannot_be_had_is_told_apart() {
        let told: Vec<_> = [403, 404, 500, 0].map(trouble_of).into();
        assert_eq!(told, ["denied", "none", "failed", "failed"]);
    }
}
