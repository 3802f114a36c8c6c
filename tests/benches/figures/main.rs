//! Figures of the product, beside peers where there are any, all measured in one run.
//!
//! Prints a table, with the limit of each figure that has one (`limits`), and writes
//! `target/bench/figures.json`, a list of `{name, value, unit}`. Ratios count; times depend on the machine, so
//! that a figure over its limit is marked and stops nothing. A run of everything that lacks a figure which has a
//! limit has failed. Figures from the browser come from `tests/e2e/bench.mjs`, which this program starts last.
//! Where a server in a process of its own is measured, it is this program once more, called with the
//! server's own command line: the same code in the same build as the server that ships.

// A step that fails here ends the run.
#![allow(clippy::unwrap_used)]

mod batch;
mod browser;
mod cpu;
mod delta;
mod ledger;
mod limits;
mod morning;
mod phone;
mod push;
mod server;
mod territory;
mod wire;

use std::{fs, process::ExitCode, time::Instant};

/// One figure.
pub struct Figure {
    name: String,
    value: f64,
    unit: String,
}

/// Everything measured so far.
#[derive(Default)]
pub struct Figures(Vec<Figure>);

impl Figures {
    /// Adds one, and says so at once.
    pub fn add(&mut self, name: &str, value: f64, unit: &str) {
        let limit = limits::of(name).map_or_else(String::new, |limit| {
            let verdict = if limit.holds(value) { "" } else { "   OVER" };
            format!("{limit}{verdict}")
        });
        println!("{name:<44} {value:>14.3} {unit:<6} {limit}");
        self.0.push(Figure {
            name: name.to_owned(),
            value,
            unit: unit.to_owned(),
        });
    }

    fn missing(&self) -> Vec<&'static str> {
        let is_there = |name: &&str| self.0.iter().any(|figure| figure.name == *name);
        limits::names().filter(|name| !is_there(name)).collect()
    }

    fn json(&self) -> String {
        let list: Vec<serde_json::Value> = self
            .0
            .iter()
            .map(|f| serde_json::json!({"name": f.name, "value": (f.value * 1_000.0).round() / 1_000.0, "unit": f.unit}))
            .collect();
        serde_json::to_string_pretty(&list).unwrap_or_default()
    }
}

/// Milliseconds since `start`.
pub fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1_000.0
}

/// The middle one.
pub fn median(values: Vec<f64>) -> f64 {
    quantile(values, 0.5)
}

/// The value below which this part of them lies.
pub fn quantile(mut values: Vec<f64>, part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() as f64 * part) as usize;
    values
        .get(at.min(values.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

/// A folder on the disk of the workspace (a temporary folder may be memory), gone when dropped.
pub fn scratch() -> tempfile::TempDir {
    let bench = tests::workspace().join("target/bench");
    fs::create_dir_all(&bench).unwrap();
    tempfile::tempdir_in(bench).unwrap()
}

fn main() -> ExitCode {
    if matches!(std::env::args().nth(1).as_deref(), Some("serve" | "device")) {
        return sync_server::cli::main();
    }
    // `cargo bench` hands flags over that mean nothing here; a word chooses the parts that contain it.
    let only = std::env::args()
        .skip(1)
        .find(|a| !a.starts_with('-'))
        .unwrap_or_default();
    let mut figures = Figures::default();
    type Part = fn(&mut Figures);
    let parts: [(&str, Part); 9] = [
        ("wire", wire::run),
        ("batch", batch::run),
        ("push", push::run),
        ("phone", phone::run),
        ("territory", territory::run),
        ("delta", delta::run),
        ("ledger", ledger::run),
        ("morning", morning::run),
        ("browser", browser::run),
    ];
    for (name, run) in parts {
        if name.contains(&only) {
            println!("-- {name}");
            run(&mut figures);
        }
    }
    let folder = tests::workspace().join("target/bench");
    let written = fs::create_dir_all(&folder)
        .and_then(|()| fs::write(folder.join("figures.json"), figures.json()));
    match written {
        Ok(()) => println!("written to target/bench/figures.json"),
        Err(error) => eprintln!("figures.json could not be written: {error}"),
    }
    let missing = figures.missing();
    if only.is_empty() && !missing.is_empty() {
        eprintln!("figures that could not be measured: {}", missing.join(", "));
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
