//! Checks of `assets/tokens.css`: contrast of every text pair in both themes, equal copies of the dark theme.

use std::collections::BTreeMap;

const CSS: &str = include_str!("../../assets/tokens.css");

fn block(selector: &str) -> BTreeMap<&'static str, &'static str> {
    let start = CSS
        .find(selector)
        .unwrap_or_else(|| panic!("no {selector}"));
    let body = CSS[start..]
        .split_once('{')
        .and_then(|(_, rest)| rest.split_once('}'))
        .unwrap()
        .0;
    body.lines()
        .filter_map(|line| line.trim().split_once(';')?.0.split_once(':'))
        .map(|(name, value)| (name.trim(), value.trim()))
        .collect()
}

fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.03928 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

const GROUNDS: [&str; 8] = [
    "paper",
    "surface",
    "sunken",
    "neutral-soft",
    "primary-soft",
    "due-soft",
    "seal-soft",
    "kept-soft",
];
const FILLED: [(&str, &str); 12] = [
    ("primary-ink", "primary"),
    ("primary-ink", "primary-press"),
    ("seal-ink", "seal-fill"),
    ("seal-ink", "seal-press"),
    ("letter-ink", "letter"),
    ("ink-2", "letter"),
    ("ink-3", "letter"),
    ("seal", "letter"),
    ("side-ink", "side"),
    ("side-on-ink", "side-on"),
    ("side-on-ink", "side"),
    ("toast-ink", "toast"),
];

#[test]
fn every_text_pair_has_a_contrast_of_four_and_a_half_in_both_themes() {
    let mut pairs: Vec<(&str, &str)> = FILLED.to_vec();
    for ink in ["ink", "ink-2", "ink-3"] {
        pairs.extend(GROUNDS.map(|ground| (ink, ground)));
    }
    for (tone, soft) in [
        ("primary", "primary-soft"),
        ("seal", "seal-soft"),
        ("due", "due-soft"),
        ("kept", "kept-soft"),
    ] {
        pairs.extend(
            ["paper", "surface", "sunken", "neutral-soft", soft].map(|ground| (tone, ground)),
        );
    }
    for theme in [":root {", ":root[data-theme=\"dark\"]"] {
        let tokens = block(theme);
        for (ink, ground) in &pairs {
            let value = |name: &str| tokens[format!("--{name}").as_str()];
            let ratio = contrast(value(ink), value(ground));
            assert!(ratio >= 4.5, "{theme} {ink} on {ground}: {ratio:.2}");
        }
    }
}

#[test]
fn edges_of_controls_and_the_focus_ring_stand_out_from_the_ground() {
    for theme in [":root {", ":root[data-theme=\"dark\"]"] {
        let tokens = block(theme);
        for (edge, ground) in [
            ("line-strong", "surface"),
            ("line-strong", "paper"),
            ("focus", "paper"),
            ("focus", "surface"),
        ] {
            let ratio = contrast(
                tokens[format!("--{edge}").as_str()],
                tokens[format!("--{ground}").as_str()],
            );
            assert!(ratio >= 3.0, "{theme} {edge} on {ground}: {ratio:.2}");
        }
    }
}

#[test]
fn both_copies_of_the_dark_theme_are_equal() {
    assert_eq!(
        block(":root:not([data-theme=\"light\"])"),
        block(":root[data-theme=\"dark\"]")
    );
}
