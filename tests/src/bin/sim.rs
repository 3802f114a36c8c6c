//! Long runs of the simulator: `sim [--seeds N] [--from SEED] [--steps N] [--minutes N] [--json FILE]
//! [--faults everyday|refusals|first|none] [--worst yes] [--papers no]`.
//! Prints every seed that finds something; exits with 1 if one did. `sim --planted [NAME...]` (with
//! the feature `planted-bugs`) plants bugs and tells how many seeds it takes to find each.

// A step that fails here is a run that fails.
#![allow(clippy::unwrap_used)]

use std::{
    env, fs,
    path::PathBuf,
    process::ExitCode,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tests::{
    sim::{self, Config, Totals},
    workspace,
};

struct Options {
    from: u64,
    seeds: u64,
    minutes: u64,
    threads: usize,
    json: PathBuf,
    config: Config,
}

fn options() -> Options {
    let mut options = Options {
        from: 1,
        seeds: 1_000,
        minutes: u64::MAX / 60,
        threads: thread::available_parallelism().map_or(1, usize::from),
        json: workspace().join("target/sim.json"),
        config: Config::default(),
    };
    let mut given = env::args().skip(1);
    while let (Some(name), Some(value)) = (given.next(), given.next()) {
        let number = || value.parse::<u64>().expect("a number");
        match name.as_str() {
            "--from" => options.from = number(),
            "--seeds" => options.seeds = number(),
            "--minutes" => options.minutes = number(),
            "--threads" => options.threads = number() as usize,
            "--steps" => options.config.steps = number() as u32,
            "--json" => options.json = PathBuf::from(value),
            "--worst" => options.config.is_at_worst = value == "yes",
            "--papers" => options.config.has_papers = value == "yes",
            "--tell" => options.config.is_told = value == "yes",
            "--faults" => {
                options.config.faults = match value.as_str() {
                    "none" => Vec::new(),
                    "first" => Config::of_first_faults().faults,
                    "refusals" => Config::of_refusals().faults,
                    "everyday" => Config::default().faults,
                    other => panic!("unknown faults {other}"),
                }
            }
            other => panic!("unknown option {other}"),
        }
    }
    options
}

/// Plants every bug in turn and tells how many seeds it takes to find it.
#[cfg(feature = "planted-bugs")]
fn planted() -> ExitCode {
    let mut missed = 0;
    let wanted: Vec<String> = env::args().skip(2).collect();
    let is_wanted = |slug: &str| wanted.is_empty() || wanted.iter().any(|w| w == slug);
    let all = shared::planted::Bug::ALL.iter();
    for &bug in all.filter(|bug| is_wanted(bug.slug())) {
        match sim::find(bug) {
            Some((seeds, finding)) => {
                let what: String = finding.what.chars().take(90).collect();
                println!(
                    "{:<36} {seeds:>4}  {:?}: {what}",
                    bug.slug(),
                    finding.broken
                );
            }
            None => {
                missed += 1;
                println!(
                    "{:<36} not found in {} seeds",
                    bug.slug(),
                    sim::SEEDS_FOR_A_BUG
                );
            }
        }
    }
    ExitCode::from(u8::from(missed > 0))
}

#[cfg(not(feature = "planted-bugs"))]
fn planted() -> ExitCode {
    eprintln!("build with --features planted-bugs");
    ExitCode::FAILURE
}

fn main() -> ExitCode {
    if env::args().any(|arg| arg == "--planted") {
        return planted();
    }
    let options = options();
    let next = AtomicU64::new(options.from);
    let end = options.from.saturating_add(options.seeds);
    let totals = Mutex::new(Totals::default());
    let start = Instant::now();
    let limit = Duration::from_secs(options.minutes * 60);
    thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end || start.elapsed() > limit {
                        return;
                    }
                    let report = sim::run(seed, &options.config);
                    for finding in report.findings.iter().take(3) {
                        println!("seed {seed}: {:?}: {}", finding.broken, finding.what);
                    }
                    if options.seeds == 1 {
                        println!("{report:#?}");
                    }
                    totals.lock().unwrap().add(&report);
                }
            });
        }
    });
    let totals = totals.into_inner().unwrap();
    let json = serde_json::to_string_pretty(&totals).unwrap();
    fs::create_dir_all(options.json.parent().unwrap()).unwrap();
    fs::write(&options.json, &json).unwrap();
    println!("{json}");
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{} syncs with data in {seconds:.1} s: {:.0} a second",
        totals.syncs,
        totals.syncs as f64 / seconds
    );
    ExitCode::from(u8::from(!totals.failing.is_empty()))
}
