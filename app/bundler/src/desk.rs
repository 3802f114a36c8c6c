//! The desk of finance: a module of its own and whatever its page needs, whole, in the folder `desk/`. What it
//! shares with the phone's client lies there a second time, so that a phone's service worker, which may still
//! hold the build before, never mixes the two.

use crate::{
    files::Tree,
    version::{self, Code},
};

/// The name of the module before it gets its content hash.
pub const MODULE: &str = "desk";

/// Files shared with the phone's client: where they lie, and where the desk finds them.
const SHARED: &[(&str, &str)] = &[
    ("assets/tokens.css", "desk/tokens.css"),
    ("assets/base.css", "desk/base.css"),
    ("assets/components.css", "desk/components.css"),
    ("platform.js", "desk/platform.js"),
];

/// The words of a language: those of the client, with the desk's own behind them.
const WORDS: &[&str] = &["zh-CN", "en"];

/// Lays the desk's folder into the site; gives the names of its code, with the folder.
pub fn lay(site: &mut Tree, generated: Tree) -> Result<Code, String> {
    let mut generated = generated;
    let code = version::name_by_content(&mut generated, MODULE)?;
    for (name, bytes) in generated {
        let bytes = match name == code.js {
            true => with_own_platform(bytes)?,
            false => bytes,
        };
        site.insert(format!("desk/{name}"), bytes);
    }
    for (from, to) in SHARED {
        let bytes = site
            .get(*from)
            .ok_or_else(|| format!("{from} is missing"))?;
        site.insert((*to).to_owned(), bytes.clone());
    }
    for tag in WORDS {
        let client = format!("assets/locales/{tag}.ftl");
        let mut words = site
            .get(&client)
            .ok_or_else(|| format!("{client} is missing"))?
            .clone();
        let own = format!("assets/locales/desk.{tag}.ftl");
        words.push(b'\n');
        words.extend(
            site.remove(&own)
                .ok_or_else(|| format!("{own} is missing"))?,
        );
        site.insert(format!("desk/{tag}.ftl"), words);
    }
    let code = Code {
        js: format!("desk/{}", code.js),
        wasm: format!("desk/{}", code.wasm),
    };
    version::edit(site, "desk/boot.js", |text| {
        text.replace("@DESK_JS@", &format!("/{}", code.js))
            .replace("@DESK_WASM@", &format!("/{}", code.wasm))
    })?;
    Ok(code)
}

/// The glue loads `/platform.js`, which the phone's service worker answers: the desk has a copy. (Inside the wasm
/// the imports keep that name.)
fn with_own_platform(js: Vec<u8>) -> Result<Vec<u8>, String> {
    let js = String::from_utf8(js).map_err(|_| "wasm-bindgen's JavaScript is not UTF-8")?;
    Ok(js
        .replace("from '/platform.js'", "from '/desk/platform.js'")
        .replace("from \"/platform.js\"", "from \"/desk/platform.js\"")
        .into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn the_desk_lies_whole_in_its_own_folder() {
        let mut site = tree(&[
            ("assets/tokens.css", "t"),
            ("assets/base.css", "b"),
            ("assets/components.css", "c"),
            ("platform.js", "p"),
            ("assets/locales/zh-CN.ftl", "a = 甲"),
            ("assets/locales/desk.zh-CN.ftl", "b = 乙"),
            ("assets/locales/en.ftl", "a = A"),
            ("assets/locales/desk.en.ftl", "b = B"),
            ("desk/boot.js", "@DESK_JS@ @DESK_WASM@"),
        ]);
        let generated = tree(&[
            (
                "desk.js",
                "from '/platform.js'; { '/platform.js': 1 } load('desk_bg.wasm')",
            ),
            ("desk_bg.wasm", "\0asm"),
        ]);
        let code = lay(&mut site, generated).unwrap();
        let text = |name: &str| String::from_utf8(site[name].clone()).unwrap();
        assert_eq!(text("desk/boot.js"), format!("/{} /{}", code.js, code.wasm));
        assert!(text(&code.js).starts_with("from '/desk/platform.js'; { '/platform.js': 1 }"));
        assert_eq!(text("desk/zh-CN.ftl"), "a = 甲\nb = 乙");
        assert!(!site.contains_key("assets/locales/desk.en.ftl"));
        assert_eq!(text("desk/tokens.css"), "t");
    }
}
