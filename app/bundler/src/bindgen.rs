//! wasm-bindgen as a library: `Cargo.lock` keeps it at the version of the crate inside the wasm.

use crate::files::Tree;

/// The name of the module before it gets its content hash.
pub const MODULE: &str = "app";

/// Makes `app.js`, `app_bg.wasm` and the JavaScript snippets of the crates inside.
///
/// One module serves the page and the worker: `main` looks where it runs. Type declarations are not made.
pub fn generate(wasm: &[u8]) -> Result<Tree, String> {
    let scratch = Scratch::new()?;
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen
        .input_bytes(MODULE, wasm.to_vec())
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
    Ok(tree)
}

/// A folder of this process, gone when dropped.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn new() -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("huikuan-bundler-{}", std::process::id()));
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
