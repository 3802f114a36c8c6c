//! The simulator: a whole company in one process, driven by one seed, with everything going wrong that
//! can, and an independent auditor beside it.
//!
//! Phones are the real replica with its driver and its store; the server is the real store and the real
//! answer to a sync; between them go the bytes of the wire. Time is virtual, randomness comes from the
//! seed, the network is the run's own: the same seed gives the same run, byte for byte.
//!
//! - `time`, `wire`, `phone`, `site`: what the real parts stand on.
//! - `faults`: what can go wrong. `run`: the loop that moves time and messages. `settle`: coming to rest.
//! - `people`, `act`, `arrange`, `office`: the company and what its people and administrators do.
//! - `paper_work`, `desk`: hand-ins, requests, answers to statements on phones, and what finance does with them.
//! - `refused`: records that the server refuses and that are made anew; phones that are enrolled anew.
//! - `older`: databases of earlier versions.
//! - `observe`, `observe_papers`: turn what phones and server show into plain values; `auditor`: judges them.

mod act;
mod arrange;
pub mod auditor;
mod desk;
mod faults;
mod network;
mod observe;
mod observe_papers;
mod office;
pub mod older;
mod paper_work;
mod people;
mod phone;
mod refused;
mod run;
mod settle;
mod site;
mod time;
mod wire;

use std::{
    any::Any,
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

use serde::Serialize;

use auditor::{Broken, Finding};
pub use faults::{Counts, Fault};

/// What a run is like, beside its seed.
#[derive(Clone, Debug)]
pub struct Config {
    /// Things that people and administrators do.
    pub steps: u32,
    /// Faults that may strike.
    pub faults: Vec<Fault>,
    /// Do people hand in, ask for things, and agree statements? Without, seeds give the runs that they gave before
    /// the simulator knew of it.
    pub has_papers: bool,
    /// Every fault strikes as often as it may in any seed.
    pub is_at_worst: bool,
    /// A bug planted in the product, which the auditor must find.
    #[cfg(feature = "planted-bugs")]
    pub bug: Option<shared::planted::Bug>,
    /// Tell on the standard error output what happens.
    pub is_told: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            steps: 120,
            faults: Fault::everyday(),
            has_papers: true,
            is_at_worst: false,
            #[cfg(feature = "planted-bugs")]
            bug: None,
            is_told: false,
        }
    }
}

impl Config {
    /// A run with the faults that the simulator knew first.
    pub fn of_first_faults() -> Self {
        Self {
            faults: Fault::first(),
            ..Self::default()
        }
    }

    /// The same run as before the simulator knew of hand-ins, requests and statements: for seeds that found something
    /// then.
    pub fn without_papers(self) -> Self {
        Self {
            has_papers: false,
            ..self
        }
    }

    /// A run in which every everyday fault strikes as often as it may in any seed.
    pub fn at_worst() -> Self {
        Self {
            is_at_worst: true,
            ..Self::default()
        }
    }

    /// A run with the faults that the simulator knew first, with records that are refused and made anew,
    /// and with phones that are enrolled anew.
    pub fn of_refusals() -> Self {
        let mut faults = Fault::first();
        faults.extend([Fault::RecordRefused, Fault::EnrolledAnew]);
        Self {
            faults,
            ..Self::default()
        }
    }

    /// A run in which nothing goes wrong.
    pub fn without_faults() -> Self {
        Self {
            faults: Vec::new(),
            ..Self::default()
        }
    }
}

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// Syncs that carried data.
    pub syncs: u64,
    /// Faults that struck such a sync.
    pub faults: Counts,
    /// Promises found broken.
    pub findings: Vec<Finding>,
    /// Hash over everything that went over the wire.
    pub trace: String,
    /// Requests of people that the app refused, by code.
    pub refused: BTreeMap<String, u64>,
}

impl Report {
    /// How many promises of one sort were broken.
    pub fn count(&self, broken: Broken) -> u64 {
        let same = self.findings.iter().filter(|f| f.broken == broken);
        same.count() as u64
    }
}

/// Runs the simulation of one seed. A panic anywhere in it is a finding.
pub fn run(seed: u64, config: &Config) -> Report {
    #[cfg(feature = "planted-bugs")]
    shared::planted::plant(config.bug);
    let caught = catch_unwind(AssertUnwindSafe(|| {
        let mut run = run::Run::new(seed, config);
        run.play();
        run.report()
    }));
    caught.unwrap_or_else(|panic| Report {
        seed,
        findings: vec![Finding {
            broken: Broken::Wrong,
            what: format!("panicked: {}", words(panic.as_ref())),
        }],
        ..Report::default()
    })
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
    text.unwrap_or_default()
}

/// Seeds that a planted bug may take before it is found.
pub const SEEDS_FOR_A_BUG: u64 = 60;

/// How many seeds it takes to find each planted bug, and what was found; none if it was not.
#[cfg(feature = "planted-bugs")]
pub fn find(bug: shared::planted::Bug) -> Option<(u64, Finding)> {
    let config = Config {
        bug: Some(bug),
        ..Config::default()
    };
    let found = (1..=SEEDS_FOR_A_BUG).find_map(|seed| {
        let finding = run(seed, &config).findings.into_iter().next()?;
        // Found only if it is this bug that was found.
        let is_its_own = run(seed, &Config::default()).findings.is_empty();
        is_its_own.then_some((seed, finding))
    });
    shared::planted::plant(None);
    found
}

/// Sums over many runs, as written to `target/sim.json`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Totals {
    /// Runs.
    pub seeds: u64,
    /// Syncs that carried data.
    pub syncs: u64,
    /// Faults that struck them.
    pub faults: BTreeMap<String, u64>,
    /// Things lost.
    pub lost: u64,
    /// Things that happened twice.
    pub doubled: u64,
    /// Things that never came to rest.
    pub stuck: u64,
    /// Things that were not as they should be.
    pub wrong: u64,
    /// Seeds that found something.
    pub failing: Vec<u64>,
}

impl Totals {
    /// Adds a run.
    pub fn add(&mut self, report: &Report) {
        self.seeds += 1;
        self.syncs += report.syncs;
        for (fault, count) in &report.faults {
            *self.faults.entry((*fault).to_owned()).or_default() += count;
        }
        self.lost += report.count(Broken::Lost);
        self.doubled += report.count(Broken::Doubled);
        self.stuck += report.count(Broken::Stuck);
        self.wrong += report.count(Broken::Wrong);
        if !report.findings.is_empty() {
            self.failing.push(report.seed);
        }
    }

    /// Adds other sums.
    pub fn merge(&mut self, other: Totals) {
        self.seeds += other.seeds;
        self.syncs += other.syncs;
        for (fault, count) in other.faults {
            *self.faults.entry(fault).or_default() += count;
        }
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.stuck += other.stuck;
        self.wrong += other.wrong;
        self.failing.extend(other.failing);
    }
}
