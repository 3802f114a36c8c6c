//! Names and versions by content: hashed names for the code, one version for the whole build, and the list that
//! the service worker stores.

use crate::compress::Effort;
use crate::files::Tree;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// The name of the phone's module before it gets its content hash.
pub const APP: &str = "app";

/// The hashed names of a module. The server may let browsers keep these for ever.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `app-<16 hex>.js`
    pub js: String,
    /// `app_bg-<16 hex>.wasm`
    pub wasm: String,
}

/// Files that browsers must ask the server for: never in the list of the service worker.
const NEVER_STORED: &[&str] = &["sw.js", "version.json"];

/// Is it a file of the phone? The desk is asked of the server every time, and changes no phone's version.
fn is_phones(name: &str) -> bool {
    !name.starts_with("desk/")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn short_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..8])
}

fn hash_tree<'a>(hash: &mut Sha256, tree: impl IntoIterator<Item = (&'a String, &'a Vec<u8>)>) {
    for (name, bytes) in tree {
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    }
}

/// Tells whether the inputs are those of the folder that is there already.
pub fn stamp(modules: [&[u8]; 2], inputs: &Tree, effort: Effort) -> String {
    let mut hash = Sha256::new();
    // The bundler's own program is an input, too.
    hash.update(
        std::env::current_exe()
            .and_then(std::fs::read)
            .unwrap_or_default(),
    );
    for wasm in modules {
        hash.update(Sha256::digest(wasm));
    }
    hash_tree(&mut hash, inputs);
    format!("{} {effort:?}", hex(&hash.finalize()))
}

/// Gives a module's wasm and its JavaScript the names that go with their contents.
pub fn name_by_content(site: &mut Tree, module: &str) -> Result<Code, String> {
    let (plain_js, plain_wasm) = (format!("{module}.js"), format!("{module}_bg.wasm"));
    let wasm = site
        .remove(&plain_wasm)
        .ok_or("wasm-bindgen made no wasm")?;
    let js = site
        .remove(&plain_js)
        .ok_or("wasm-bindgen made no JavaScript")?;
    let wasm_name = format!("{module}_bg-{}.wasm", short_hash(&wasm));
    let js = String::from_utf8(js).map_err(|_| "wasm-bindgen's JavaScript is not UTF-8")?;
    if !js.contains(&plain_wasm) {
        return Err(format!(
            "wasm-bindgen's JavaScript does not name {plain_wasm}"
        ));
    }
    let js = js.replace(&plain_wasm, &wasm_name).into_bytes();
    let js_name = format!("{module}-{}.js", short_hash(&js));
    site.insert(wasm_name.clone(), wasm);
    site.insert(js_name.clone(), js);
    Ok(Code {
        js: js_name,
        wasm: wasm_name,
    })
}

/// Fills the placeholders `@APP_JS@`, `@APP_WASM@`, `@VERSION@` and `/*FILES*/`; returns the version.
pub fn fill_in(site: &mut Tree, code: &Code) -> Result<String, String> {
    for name in ["index.html", "boot.js", "worker.js"] {
        edit(site, name, |text| {
            text.replace("@APP_JS@", &format!("/{}", code.js))
                .replace("@APP_WASM@", &format!("/{}", code.wasm))
        })?;
    }
    let mut hash = Sha256::new();
    hash_tree(&mut hash, site.iter().filter(|(name, _)| is_phones(name)));
    let version = hex(&hash.finalize()[..6]);
    for name in ["boot.js", "picture.js"] {
        edit(site, name, |text| text.replace("@VERSION@", &version))?;
    }
    let list = stored_files(site);
    edit(site, "sw.js", |text| {
        text.replace("@VERSION@", &version)
            .replace("/*FILES*/", &list)
    })?;
    Ok(version)
}

pub fn edit(
    site: &mut Tree,
    name: &str,
    change: impl FnOnce(&str) -> String,
) -> Result<(), String> {
    let bytes = site
        .get_mut(name)
        .ok_or_else(|| format!("app/web/{name} is missing"))?;
    let text = std::str::from_utf8(bytes).map_err(|_| format!("app/web/{name} is not UTF-8"))?;
    *bytes = change(text).into_bytes();
    Ok(())
}

/// `'/boot.js': 'sha256-…',` for every file; the page itself is stored under `/`.
fn stored_files(site: &Tree) -> String {
    let mut list = String::new();
    for (name, bytes) in site
        .iter()
        .filter(|(name, _)| is_phones(name) && !NEVER_STORED.contains(&name.as_str()))
    {
        let path = if name == "index.html" { "" } else { name };
        let _ = write!(
            list,
            "\n  '/{path}': 'sha256-{}',",
            base64(&Sha256::digest(bytes))
        );
    }
    list
}

/// What `/version.json` says.
pub fn json(
    version: &str,
    wasm_bytes: usize,
    wasm_brotli_bytes: usize,
    desk_brotli_bytes: usize,
) -> Vec<u8> {
    format!(
        "{{\"version\":\"{version}\",\"wasm_bytes\":{wasm_bytes},\"wasm_brotli_bytes\":{wasm_brotli_bytes},\
         \"desk_wasm_brotli_bytes\":{desk_brotli_bytes}}}\n"
    )
    .into_bytes()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let joined = group
            .iter()
            .fold(0u32, |sum, byte| sum << 8 | u32::from(*byte))
            << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = DIGITS[(joined >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= group.len() {
                digit as char
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Tree {
        [
            ("app.js", "load('app_bg.wasm')"),
            ("app_bg.wasm", "\0asm"),
            ("index.html", "@APP_JS@ @APP_WASM@"),
            ("boot.js", "@APP_JS@ @VERSION@"),
            ("picture.js", "@VERSION@"),
            ("worker.js", "@APP_JS@"),
            ("sw.js", "'@VERSION@' {/*FILES*/}"),
        ]
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
        .collect()
    }

    fn text(site: &Tree, name: &str) -> String {
        String::from_utf8(site[name].clone()).unwrap()
    }

    #[test]
    fn every_stored_file_is_listed_with_its_hash_and_the_worker_itself_is_not() {
        let mut site = site();
        site.insert("desk/boot.js".to_owned(), b"desk".to_vec());
        let code = name_by_content(&mut site, APP).unwrap();
        let version = fill_in(&mut site, &code).unwrap();
        let worker = text(&site, "sw.js");
        assert!(worker.contains(&format!("'{version}'")), "{worker}");
        for name in [
            "/",
            "/boot.js",
            "/worker.js",
            &format!("/{}", code.js),
            &format!("/{}", code.wasm),
        ] {
            assert!(
                worker.contains(&format!("'{name}': 'sha256-")),
                "{name} missing in {worker}"
            );
        }
        assert!(!worker.contains("desk"), "phones do not store the desk");
        assert!(!worker.contains("/sw.js'") && !worker.contains("/index.html'"));
        let page_hash = base64(&Sha256::digest(&site["index.html"]));
        assert!(
            worker.contains(&page_hash),
            "the hash is that of the finished file"
        );
        assert_eq!(text(&site, "boot.js"), format!("/{} {version}", code.js));
    }

    #[test]
    fn a_changed_byte_anywhere_changes_the_version() {
        let version_of = |site: &mut Tree| {
            let code = name_by_content(site, APP).unwrap();
            fill_in(site, &code).unwrap()
        };
        let first = version_of(&mut site());
        let mut with_desk = site();
        with_desk.insert("desk/boot.js".to_owned(), b"desk".to_vec());
        assert_eq!(first, version_of(&mut with_desk), "the desk is no phone's");
        assert_eq!(first, version_of(&mut site()));
        for name in site().keys() {
            let mut changed = site();
            changed.get_mut(name).unwrap().push(b' ');
            assert_ne!(first, version_of(&mut changed), "{name}");
        }
    }

    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (bytes, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
    }
}
