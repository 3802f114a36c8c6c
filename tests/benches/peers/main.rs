//! Speed beside peers, all in one run on one machine: `make bench-peers`, or `make bench-peers N=1000`.
//!
//! Every system gets the same records of twelve fields, one document a record, from clients in processes
//! of their own, against a server in a process of its own that keeps them on disk. All bytes go through
//! a proxy that counts them (see `proxy`). What is measured stands in `steps`, how each system is set up
//! in `systems`.
//!
//! Our clients and our server are this program once more, in processes of their own; the server runs with
//! the command line, the code and the build of the one that ships.
//!
//! Prints a table, writes `target/bench/peers.json` (a list of rows) and `target/bench/peers.md`. A peer
//! that fails or takes longer than it may gets a row that says so.

// A step that fails here ends the run.
#![allow(clippy::unwrap_used)]

mod company;
mod ours;
mod process;
mod proxy;
mod steps;
mod systems;
mod table;

use std::{fs, path::PathBuf, process::ExitCode};

use systems::System;
use table::Row;

/// Up to this many records every system runs several times, in turn, and medians count.
const REPEATED_UP_TO: usize = 1_000;
const ROUNDS: usize = 3;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("serve") {
        return sync_server::cli::main();
    }
    measure_all();
    ExitCode::SUCCESS
}

fn measure_all() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["client", how, setup, address] => return ours::run(how, setup, address),
        ["phone", how, setup, address] => return ours::run_phone(how, setup, address),
        _ => {}
    }
    let (sizes, only): (Vec<_>, Vec<_>) = args.iter().partition(|a| a.parse::<usize>().is_ok());
    let mut sizes: Vec<usize> = sizes.iter().filter_map(|a| a.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![1_000, 10_000];
    }
    let mut rows = Vec::new();
    for n in sizes {
        rows.extend(measure(n, &only));
        // After every size, so that what has been measured stays if the run is ended.
        write(&rows);
    }
    println!("\n{}", table::markdown(&rows));
}

/// All systems with this many records.
fn measure(n: usize, only: &[&String]) -> Vec<Row> {
    let systems: Vec<System> = systems::all()
        .into_iter()
        .filter(|s| only.is_empty() || only.iter().any(|name| s.name() == *name))
        .collect();
    let rounds = if n > REPEATED_UP_TO { 1 } else { ROUNDS };
    let mut runs: Vec<Vec<Row>> = systems.iter().map(|_| Vec::new()).collect();
    for round in 1..=rounds {
        for (system, runs) in systems.iter().zip(&mut runs) {
            // What failed once is not tried again.
            if runs.iter().any(|row: &Row| row.failed()) {
                continue;
            }
            println!(
                "-- {} with {n} records, round {round} of {rounds}",
                system.name()
            );
            let row = steps::run(*system, n);
            println!("   {}", row.line());
            runs.push(row);
        }
    }
    runs.into_iter().filter_map(table::medians).collect()
}

fn write(rows: &[Row]) {
    let folder = bench_folder();
    let written = fs::write(folder.join("peers.json"), table::json(rows))
        .and_then(|()| fs::write(folder.join("peers.md"), table::markdown(rows)));
    match written {
        Ok(()) => println!("written to target/bench/peers.json and peers.md"),
        Err(error) => eprintln!("the figures could not be written: {error}"),
    }
}

/// Where figures, data of the servers and what they print go: on the disk of the workspace.
pub fn bench_folder() -> PathBuf {
    let folder = tests::workspace().join("target/bench");
    fs::create_dir_all(&folder).unwrap();
    folder
}
