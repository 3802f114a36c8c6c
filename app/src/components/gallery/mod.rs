//! Draws the parts as static pages into `target/gallery/`, to look at them in a browser: the screens of the
//! design and every state of every part, in each language and theme. Also checks that each page renders.

mod desk;
mod parts;
mod phone;

use std::{fs, path::Path};

use dioxus::prelude::*;
use shared::{
    day::{Day, Timestamp},
    evidence::{Fix, GeoPoint, StrokePoint, Strokes},
    money::Money,
};

use super::*;
use crate::i18n::{Lang, set_lang, t};

fn yuan(text: &str) -> Money {
    text.parse().unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn ignore<T: 'static>() -> EventHandler<T> {
    EventHandler::new(|_| {})
}

fn tabs(current: &str) -> Vec<NavItem> {
    [
        ("today", IconName::Today, 0),
        ("customers", IconName::Customers, 0),
        ("collect", IconName::Collect, 0),
        ("hand-in", IconName::HandIn, 2),
        ("me", IconName::Me, 0),
    ]
    .map(|(name, icon, badge)| NavItem {
        icon,
        label: t(&format!("tab-{name}")),
        href: format!("/{name}"),
        current: name == current,
        badge,
    })
    .to_vec()
}

fn strokes() -> Strokes {
    let point = |x: i16, y: i16| StrokePoint {
        x,
        y,
        t_ms: 0,
        pressure: 0,
    };
    let wave = |shift: i16| {
        (0..40_i16)
            .map(|i| {
                point(
                    150 + shift + i * 9,
                    180 + ((f64::from(i) * 0.8).sin() * 90.0) as i16 - i,
                )
            })
            .collect()
    };
    Strokes(vec![
        wave(0),
        vec![point(420, 90), point(640, 300)],
        wave(330),
    ])
}

fn fix(lat_e7: i32, lon_e7: i32) -> Fix {
    Fix {
        point: GeoPoint { lat_e7, lon_e7 },
        accuracy_m: 12,
        at: Timestamp(0),
    }
}

fn choices(names: &[&str]) -> Vec<Choice> {
    names.iter().map(|name| Choice::new(*name, *name)).collect()
}

fn comments() -> Vec<CommentView> {
    vec![
        CommentView {
            id: "1".into(),
            author: "主管 林岚".into(),
            when: "14:58".into(),
            text: "28 号一早先到他工地，别等电话。".into(),
            mine: false,
            lead: true,
            pending: false,
        },
        CommentView {
            id: "2".into(),
            author: "陈晓东".into(),
            when: crate::t!("comment-merged", time = "15:20"),
            text: "收到，已约 8:30。".into(),
            mine: true,
            lead: false,
            pending: true,
        },
    ]
}

/// A page of the gallery.
type Page = fn() -> Element;

fn in_english(page: Page) -> Element {
    use_hook(|| set_lang(Lang::En));
    page()
}

#[test]
fn every_page_of_the_gallery_renders() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/gallery");
    fs::create_dir_all(&folder).unwrap();
    let pages: [(&str, Page); 10] = [
        ("today", phone::today_page),
        ("customer", phone::customer_page),
        ("receipt", phone::receipt_page),
        ("promise", phone::promise_page),
        ("voucher", phone::voucher_page),
        ("parts", parts::parts_page),
        ("parts-en", || in_english(parts::parts_page)),
        ("sheet", parts::sheet_page),
        ("signature", parts::signature_page),
        ("desk", desk::desk_page),
    ];
    for (name, page) in pages {
        let mut dom = VirtualDom::new(page);
        dom.rebuild_in_place();
        dom.render_immediate(&mut dioxus::core::NoOpMutations);
        let body = dioxus_ssr::render(&dom);
        assert!(body.len() > 200, "{name} is empty");
        assert!(!body.contains("[status-"), "{name} lacks a word");
        for theme in ["light", "dark"] {
            let html = format!(
                "<!doctype html><html lang=\"zh-CN\" data-theme=\"{theme}\"><meta charset=\"utf-8\">\
                 <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\"><title>{name}</title>\
                 <link rel=\"stylesheet\" href=\"../../app/assets/tokens.css\"><link rel=\"stylesheet\" href=\"../../app/assets/base.css\">\
                 <link rel=\"stylesheet\" href=\"../../app/assets/components.css\"><body>{body}</body></html>"
            );
            fs::write(folder.join(format!("{name}-{theme}.html")), html).unwrap();
        }
    }
}
