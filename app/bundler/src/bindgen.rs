//! wasm-bindgen as a library: `Cargo.lock` keeps it at the version of the crate inside the wasm.

use crate::files::Tree;

/// Makes `<name>.js`, `<name>_bg.wasm` and the JavaScript snippets of the crates inside.
///
/// One module serves the phone's page and its worker: `main` looks where it runs. Type declarations are not made.
pub fn generate(name: &str, wasm: &[u8]) -> Result<Tree, String> {
    let scratch = Scratch::new(name)?;
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen
        .input_bytes(name, wasm.to_vec())
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .typescript(false)
                .remove_name_section(true)
                .remove_producers_section(true)
                .omit_default_module_path(false)
                .generate(&scratch.0)
        })
        .map_err(|error| format!("wasm-bindgen: {error:#}"))?;
    let mut tree = crate::files::read_tree(&scratch.0)?;
    tree.retain(|name, _| !name.ends_with(".d.ts"));
    for (file, bytes) in &mut tree {
        if file.ends_with(".wasm") {
            *bytes = crate::order::by_likeness(bytes)?;
        }
    }
    match tree.values().any(|file| asks_nobody(file)) {
        true => Err(NOBODY.to_owned()),
        false => Ok(tree),
    }
}

const NOBODY: &str = "the wasm calls functions that nobody gives it (it imports them from \"env\"): \
    is too much left out of SQLite in .cargo/config.toml?";

/// Does the JavaScript import what the linker did not find? No page could load it.
fn asks_nobody(js: &[u8]) -> bool {
    let wanted = b"from \"env\"";
    js.windows(wanted.len()).any(|part| part == wanted)
}

/// A folder of this process, gone when dropped.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new(name: &str) -> Result<Self, String> {
        let path =
            std::env::temp_dir().join(format!("huikuan-bundler-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path)
            .map_err(|error| format!("cannot make {}: {error}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing depends on it: the system empties its own temporary folder in the end.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::asks_nobody;

    #[test]
    fn a_module_with_functions_that_nobody_gives_is_refused() {
        assert!(asks_nobody(b"import * as import20 from \"env\"\n"));
        assert!(!asks_nobody(b"import * as import1 from \"/platform.js\"\n"));
    }
}
