//! Turns the client's wasm into the folder that the server serves (`target/web`).
//!
//! Invariants
//! - The output is a function of the inputs: same wasm and same static files, same names, same version.
//! - The folder appears whole or not at all: it is made beside the old one and then takes its place.
//! - The service worker's list names every file of the phone with its hash, so that a cache never mixes two builds.
//! - The desk of finance is a second module in a folder of its own (`desk/`), which no phone stores.

mod bindgen;
mod compress;
mod desk;
mod files;
mod order;
mod version;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// What the command line asks for.
struct Options {
    wasm: PathBuf,
    statics: PathBuf,
    assets: PathBuf,
    out: PathBuf,
    effort: compress::Effort,
}

const USAGE: &str = "bundler [--dev] WASM OUT\n  \
    WASM   what cargo built, e.g. target/wasm32-unknown-unknown/web-release/app.wasm (desk.wasm beside it)\n  \
    OUT    the folder to (re)make, e.g. target/web\n  \
    --dev  compress quickly\n\
    Run it from the project's root: app/web and app/assets are read from there.";

fn options(args: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut effort = compress::Effort::Release;
    let mut paths = Vec::new();
    for arg in args {
        match arg.as_str() {
            "--dev" => effort = compress::Effort::Dev,
            flag if flag.starts_with('-') => return Err(format!("unknown option {flag}\n{USAGE}")),
            path => paths.push(PathBuf::from(path)),
        }
    }
    let [wasm, out]: [PathBuf; 2] = paths.try_into().map_err(|_| USAGE.to_owned())?;
    Ok(Options {
        wasm,
        out,
        statics: "app/web".into(),
        assets: "app/assets".into(),
        effort,
    })
}

fn main() -> ExitCode {
    match options(std::env::args().skip(1)).and_then(|options| run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("bundler: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    let started = Instant::now();
    let wasm = files::read(&options.wasm)?;
    let desk_wasm = files::read(&options.wasm.with_file_name("desk.wasm"))?;
    let mut inputs = files::read_tree(&options.statics)?;
    for (name, bytes) in files::read_tree(&options.assets)? {
        inputs.insert(format!("assets/{name}"), bytes);
    }
    let stamp = version::stamp([&wasm, &desk_wasm], &inputs, options.effort);
    let stamp_file = beside(&options.out, "stamp");
    if options.out.is_dir() && std::fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        println!("bundler: {} is up to date", options.out.display());
        return Ok(());
    }

    let mut site = bindgen::generate(version::APP, &wasm)?;
    let code = version::name_by_content(&mut site, version::APP)?;
    site.extend(inputs);
    let desk_code = desk::lay(&mut site, bindgen::generate(desk::MODULE, &desk_wasm)?)?;
    let version = version::fill_in(&mut site, &code)?;
    let compressed = compress::all(&site, options.effort);
    let brotli = |name: &str| {
        let twin = compressed.get(&format!("{name}.br"));
        twin.map_or(0, Vec::len)
    };
    let (wasm_brotli_bytes, desk_brotli_bytes) = (brotli(&code.wasm), brotli(&desk_code.wasm));
    let wasm_bytes = site.get(&code.wasm).map_or(0, Vec::len);
    site.insert(
        "version.json".to_owned(),
        version::json(&version, wasm_bytes, wasm_brotli_bytes, desk_brotli_bytes),
    );

    let fresh = beside(&options.out, "new");
    files::write_tree(&fresh, site.iter().chain(&compressed))?;
    // A stamp of the old folder must not vouch for a half-made change.
    files::remove(&stamp_file)?;
    files::replace(&fresh, &options.out)?;
    files::write(&stamp_file, stamp.as_bytes())?;
    report(&site, &compressed, options, &version, started);
    println!(
        "bundler: wasm {} KB, brotli {:.3} MB; desk, brotli {:.3} MB; version {version}",
        wasm_bytes / 1024,
        wasm_brotli_bytes as f64 / 1_000_000.0,
        desk_brotli_bytes as f64 / 1_000_000.0
    );
    Ok(())
}

/// `target/web` and `stamp` → `target/web.stamp`.
fn beside(out: &Path, suffix: &str) -> PathBuf {
    let mut name = out.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(suffix);
    out.with_file_name(name)
}

fn report(
    site: &files::Tree,
    compressed: &files::Tree,
    options: &Options,
    version: &str,
    started: Instant,
) {
    println!("{:>9} {:>9}  file", "bytes", "brotli");
    for (name, bytes) in site {
        let brotli = compressed
            .get(&format!("{name}.br"))
            .map_or("-".to_owned(), |b| b.len().to_string());
        println!("{:>9} {brotli:>9}  {name}", bytes.len());
    }
    println!(
        "bundler: {} files of version {version} in {} after {:.1} s",
        site.len(),
        options.out.display(),
        started.elapsed().as_secs_f32()
    );
}
