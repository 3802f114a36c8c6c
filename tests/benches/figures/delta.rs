//! The same news with little and with much history behind it: cost must follow what changed, not what
//! there is.
//!
//! Two companies of 2,000 customers with two open invoices each, a salesperson's phone and their
//! supervisor's, both native replicas, fully synced. The one has 100 records of history, the other
//! 10,000, at most ten a customer. Then, in turn, the salesperson saves 20 records about 20 customers
//! (the same in both companies, of whom neither has any history, so that nothing dilutes the ratio) and
//! both phones sync: pushed, taken into the ledger, pulled, projected. Counted is processor time of the
//! whole process (both replicas and the server; see `cpu`) and bytes of HTTP bodies.
//!
//! `delta_cost_ratio_10000_vs_100` is the ratio of the medians of 50 such runs. A few of them also bring a log into
//! its file, which medians leave out: `delta_cost_ratio_mean_10000_vs_100` has it in. Beside it
//! `delta_cost_ratio_one_customer_10000_vs_100`: the whole history belongs to one customer, and so does
//! the news (visits and receipts). There the ledger looks at all promises and payments of that customer
//! again.

use std::path::Path;

use shared::{customer::Customer, invoice::Invoice, people::Role};
use tests::{
    device::{Device, Http},
    phone::Phone,
    records::Dice,
    world::World,
};

use crate::{Figures, cpu::Cpu, median, scratch, wire};

const FEW: usize = 100;
const MANY: usize = 10_000;
const NEWS: usize = 20;
/// Runs that are not counted: they fill caches.
const WARM_UP: usize = 2;
const RUNS: usize = 50;
const RUNS_ONE_CUSTOMER: usize = 20;

pub fn run(figures: &mut Figures) {
    let [few, many] = compare(RUNS, |folder, records| Company::new(folder, records, 2_000));
    figures.add("delta_cost_cpu_ms_100", few.cost_ms, "ms");
    figures.add("delta_cost_cpu_ms_10000", many.cost_ms, "ms");
    figures.add(
        "delta_cost_ratio_10000_vs_100",
        many.cost_ms / few.cost_ms,
        "ratio",
    );
    figures.add(
        "delta_cost_ratio_mean_10000_vs_100",
        many.mean_ms / few.mean_ms,
        "ratio",
    );
    figures.add(
        "delta_cost_ratio_phones_10000_vs_100",
        many.phones_ms / few.phones_ms,
        "ratio",
    );
    figures.add(
        "delta_cost_ratio_server_10000_vs_100",
        many.server_ms / few.server_ms,
        "ratio",
    );
    figures.add("delta_bytes_100", few.bytes, "B");
    figures.add(
        "delta_bytes_ratio_10000_vs_100",
        many.bytes / few.bytes,
        "ratio",
    );
    let [few, many] = compare(RUNS_ONE_CUSTOMER, |folder, records| {
        Company::new(folder, records, 1)
    });
    figures.add(
        "delta_cost_ratio_one_customer_10000_vs_100",
        many.cost_ms / few.cost_ms,
        "ratio",
    );
}

/// What a run cost; of many runs, the medians (and one mean).
#[derive(Clone, Copy)]
struct Cost {
    /// Processor time altogether.
    cost_ms: f64,
    /// The same; of many runs, their mean.
    mean_ms: f64,
    /// That of the two phones (both run in the main thread).
    phones_ms: f64,
    /// That of the server.
    server_ms: f64,
    /// Bytes of HTTP bodies.
    bytes: f64,
}

impl Cost {
    fn medians(runs: &[Self]) -> Self {
        let of = |part: fn(&Self) -> f64| median(runs.iter().map(part).collect());
        Self {
            cost_ms: of(|c| c.cost_ms),
            mean_ms: runs.iter().map(|c| c.mean_ms).sum::<f64>() / runs.len() as f64,
            phones_ms: of(|c| c.phones_ms),
            server_ms: of(|c| c.server_ms),
            bytes: of(|c| c.bytes),
        }
    }
}

fn compare(runs: usize, make: impl Fn(&Path, usize) -> Company) -> [Cost; 2] {
    let folder = scratch();
    let companies = [
        make(&folder.path().join("few"), FEW),
        make(&folder.path().join("many"), MANY),
    ];
    let mut costs = [const { Vec::new() }; 2];
    for run in 0..WARM_UP + runs {
        for (company, costs) in companies.iter().zip(&mut costs) {
            let cost = company.news(run);
            if run >= WARM_UP {
                costs.push(cost);
            }
        }
    }
    costs.map(|runs| Cost::medians(&runs))
}

/// A company with its history and two phones.
struct Company {
    rep: Phone,
    supervisor: Phone,
    /// Of whom news come.
    fresh: Vec<(Customer, Invoice)>,
    // Last: phones go first.
    _world: World,
}

impl Company {
    /// Half of the customers have the history, news are about the others; a single customer has both.
    fn new(folder: &Path, records: usize, customers: u32) -> Self {
        let mut world = World::new(&folder.join("server"));
        let rep = world.person("陈晓东", Role::Rep);
        let supervisor = world.person("周立", Role::Supervisor);
        world.lead(&supervisor);
        let about = world.customers(&rep, customers, 2);
        let (old, fresh) = about.split_at(about.len() / 2);
        let old = if old.is_empty() { fresh } else { old };
        let mut device = Device::new(world.author(&rep));
        let changes = wire::make(&mut device.author, old, records);
        Http::new(&world.url()).push(&mut device, &changes);
        let phones = [("rep", &rep), ("supervisor", &supervisor)].map(|(name, person)| {
            let phone = Phone::enrol(&folder.join(name), &mut world, person);
            phone.sync();
            phone
        });
        let [rep, supervisor] = phones;
        Self {
            rep,
            supervisor,
            fresh: fresh.to_vec(),
            _world: world,
        }
    }

    /// Saves the news of a run, then lets both phones sync.
    fn news(&self, run: usize) -> Cost {
        let mut dice = Dice(1_000 + run as u64);
        for i in 0..NEWS {
            let (customer, invoice) = &self.fresh[(run * NEWS + i) % self.fresh.len()];
            match self.fresh.len() {
                1 if i % 10 == 6 => self.rep.save_visit(&mut dice, customer),
                _ => self.rep.save(&mut dice, i, customer, invoice),
            };
        }
        let before = (self.rep.traffic(), self.supervisor.traffic());
        let cpu = Cpu::now();
        self.rep.sync();
        self.supervisor.sync();
        let (phones_ms, server_ms) = cpu.elapsed_ms();
        let (rep, supervisor) = (
            self.rep.traffic().since(before.0),
            self.supervisor.traffic().since(before.1),
        );
        let bytes = (rep.up + rep.down + supervisor.up + supervisor.down) as f64;
        Cost {
            cost_ms: phones_ms + server_ms,
            mean_ms: phones_ms + server_ms,
            phones_ms,
            server_ms,
            bytes,
        }
    }
}
