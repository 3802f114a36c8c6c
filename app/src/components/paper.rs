//! Papers that the customer reads: letters, receipts, the 收讫 seal, codes to scan.

use dioxus::prelude::*;
use qrcode::{
    Color, EcLevel, QrCode as Code, Version,
    bits::Bits,
    optimize::{Optimizer, Parser, Segment},
    types::Mode,
};
use shared::day::Day;

use crate::{format, i18n::t_args};

/// A letter on cream paper in a book face. `title` stands centred above.
#[component]
pub fn Letter(title: String, children: Element) -> Element {
    rsx! {
        article { class: "letter",
            h2 { "{title}" }
            {children}
        }
    }
}

/// The frame of a printed receipt: title, date and number, facts as [`VoucherLine`]s; `seal` once confirmed.
#[component]
pub fn Voucher(
    title: String,
    date: String,
    number: String,
    /// The day finance confirmed it.
    #[props(default)]
    sealed_on: Option<Day>,
    children: Element,
) -> Element {
    rsx! {
        article { class: "card voucher",
            h2 { "{title}" }
            p { class: "voucher-head",
                span { "{date}" }
                span { "{number}" }
            }
            dl { {children} }
            if let Some(day) = sealed_on {
                Seal { day }
            }
        }
    }
}

/// One line of a [`Voucher`].
#[component]
pub fn VoucherLine(label: String, children: Element) -> Element {
    rsx! {
        div {
            dt { "{label}" }
            dd { {children} }
        }
    }
}

/// The round seal 收讫 that stamps a receipt when finance has confirmed it. `stamp` lets it fall onto the paper.
#[component]
pub fn Seal(day: Day, #[props(default)] stamp: bool) -> Element {
    let date = format::date(day);
    rsx! {
        svg {
            class: if stamp { "seal stamp moves" } else { "seal" },
            view_box: "0 0 120 120",
            role: "img",
            "aria-label": t_args("seal-cleared-label", &[("date", date.clone().into())]),
            g { fill: "none", stroke: "currentColor",
                circle { cx: "60", cy: "60", r: "55", stroke_width: "4" }
                circle { cx: "60", cy: "60", r: "48.5", stroke_width: "1.2" }
            }
            g { fill: "currentColor", text_anchor: "middle", "aria-hidden": "true",
                path { d: "M60 20l2.6 5.4 5.9.8-4.3 4.1 1.1 5.9-5.3-2.8-5.3 2.8 1.1-5.9-4.3-4.1 5.9-.8z" }
                text { x: "62", y: "72", font_size: "33", font_weight: "700", letter_spacing: "4", "收讫" }
                text { x: "60", y: "92", font_size: "10.5", letter_spacing: ".4", {date.replace('-', ".")} }
            }
        }
    }
}

/// A code that another device scans; drawn as one path. Nothing is drawn when the text is too long for a code.
#[component]
pub fn QrCode(
    text: String,
    /// What scanning it does.
    label: String,
    /// Fills the screen's width, for scanning from another phone.
    #[props(default)]
    big: bool,
) -> Element {
    let Some((path, size)) = qr_path(&text) else {
        return rsx! {};
    };
    rsx! {
        svg {
            class: if big { "qr big" } else { "qr" },
            view_box: "0 0 {size} {size}",
            role: "img",
            "aria-label": "{label}",
            shape_rendering: "crispEdges",
            path { d: "{path}", fill: "currentColor" }
        }
    }
}

/// The largest kind of code.
const LARGEST_VERSION: i16 = 40;

/// How the text stands in the code: everything beyond digits and capitals as the bytes of UTF-8. The crate by
/// itself takes pairs of such bytes for characters of Shift JIS, and who scans them reads other characters.
fn segments(text: &str) -> Vec<Segment> {
    let plain = |segment: Segment| Segment {
        mode: match segment.mode {
            Mode::Kanji => Mode::Byte,
            mode => mode,
        },
        ..segment
    };
    Parser::new(text.as_bytes()).map(plain).collect()
}

/// The smallest code that holds the text.
fn encode(text: &str) -> Option<Code> {
    let segments = segments(text);
    (1..=LARGEST_VERSION)
        .map(Version::Normal)
        .find_map(|version| {
            let mut bits = Bits::new(version);
            let fitted = Optimizer::new(segments.iter().copied(), version);
            bits.push_segments(text.as_bytes(), fitted).ok()?;
            bits.push_terminator(EcLevel::M).ok()?;
            Code::with_bits(bits, EcLevel::M).ok()
        })
}

/// The dark modules as a path of rows, and the number of modules a side.
fn qr_path(text: &str) -> Option<(String, usize)> {
    let code = encode(text)?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        while x < row.len() {
            let run = row
                .iter()
                .skip(x)
                .take_while(|module| **module == Color::Dark)
                .count();
            if run > 0 {
                path.push_str(&format!("M{x} {y}h{run}v1h-{run}z"));
            }
            x += run.max(1);
        }
    }
    Some((path, width))
}

#[cfg(test)]
mod tests {
    use super::{Mode, qr_path, segments};

    #[test]
    fn a_code_is_one_path_of_dark_runs() {
        let (path, size) = qr_path("A07-261121-2").unwrap();
        assert_eq!(size, 21);
        assert!(
            path.starts_with("M0 0h7v1h-7z"),
            "finder pattern first: {path}"
        );
        assert_eq!(qr_path(&"x".repeat(5_000)), None);
    }

    #[test]
    fn chinese_text_stands_in_a_code_as_utf_8() {
        let text = "HK1|A07-261121-2|城西五金商行";
        let found = segments(text);
        assert!(
            found.iter().all(|part| part.mode != Mode::Kanji),
            "{found:?}"
        );
        assert_eq!(found.last().map(|part| part.end), Some(text.len()));
        assert!(qr_path(text).is_some());
    }
}
