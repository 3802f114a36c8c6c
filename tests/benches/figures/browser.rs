//! The client that ships, in Chromium: its size, its cold start, saving a receipt. What exactly is
//! measured stands in `tests/e2e/bench.mjs`; this fills the company that it runs on.
//!
//! The salesperson's store has 2,000 customers, 6,000 invoices and 10,000 signed records.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use serde::Deserialize;
use shared::people::Role;
use tests::{
    device::{Device, Http},
    workspace,
    world::World,
};

use crate::{Figures, scratch, wire};

const NAME: &str = "陈晓东";
const CUSTOMERS: u32 = 2_000;
const RECORDS: usize = 10_000;

/// What `bench.mjs` says.
#[derive(Deserialize)]
struct Measured {
    name: String,
    value: f64,
    unit: String,
}

pub fn run(figures: &mut Figures) {
    let web = std::env::var_os("HUIKUAN_WEB")
        .map_or_else(|| workspace().join("target/web"), PathBuf::from);
    match wasm_brotli_bytes(&web) {
        Some(bytes) => figures.add("wasm_brotli_mb", bytes / 1e6, "MB"),
        None => return println!("skipped: no client at {}: run make web", web.display()),
    }
    let folder = scratch();
    let mut world = World::new(folder.path());
    let rep = world.person(NAME, Role::Rep);
    let about = world.customers(&rep, CUSTOMERS, 3);
    let mut device = Device::new(world.author(&rep));
    let changes = wire::make(&mut device.author, &about, RECORDS);
    Http::new(&world.url()).push(&mut device, &changes);
    drop(world);

    let ran = Command::new("node")
        .arg("bench.mjs")
        .arg(folder.path())
        .arg(NAME)
        .current_dir(workspace().join("tests/e2e"))
        // This program is the server, too.
        .env("HUIKUAN_SERVER", std::env::current_exe().unwrap())
        .env("HUIKUAN_WEB", &web)
        .stderr(Stdio::inherit())
        .output();
    let output = match ran {
        Ok(output) if output.status.success() => output,
        Ok(output) => {
            return println!(
                "no figures from the browser: bench.mjs ended with {}",
                output.status
            );
        }
        Err(error) => return println!("skipped: node could not be started: {error}"),
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let measured: Vec<Measured> =
        serde_json::from_str(text.lines().last().unwrap_or_default()).unwrap();
    for m in measured {
        figures.add(&m.name, m.value, &m.unit);
    }
}

fn wasm_brotli_bytes(web: &std::path::Path) -> Option<f64> {
    let text = std::fs::read_to_string(web.join("version.json")).ok()?;
    let json: serde_json::Value = serde_json::from_str(&text).ok()?;
    json.get("wasm_brotli_bytes")?.as_f64()
}
