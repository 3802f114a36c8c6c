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
//! `delta_cost_ratio_10000_vs_100` is the ratio of the medians of 50 such runs. Beside it
//! `delta_cost_ratio_one_customer_10000_vs_100`: the whole history belongs to one customer, and so does
//! the news. There the ledger looks at all promises and payments of that customer again.

use std::path::Path;

use shared::{customer::Customer, invoice::Invoice, people::Role};
use tests::{
    phone::{Phone, Traffic},
    records::Dice,
    world::World,
};

use crate::{Figures, cpu::Cpu, median, push::Http, scratch, wire};

const FEW: usize = 100;
const MANY: usize = 10_000;
const NEWS: usize = 20;
const RUNS: usize = 50;
const RUNS_ONE_CUSTOMER: usize = 20;

pub fn run(figures: &mut Figures) {
    let spread = compare(RUNS, |folder, records| Company::new(folder, records, 2_000));
    figures.add("delta_cost_cpu_ms_100", spread.cost_few_ms, "ms");
    figures.add("delta_cost_cpu_ms_10000", spread.cost_many_ms, "ms");
    figures.add(
        "delta_cost_ratio_10000_vs_100",
        spread.cost_many_ms / spread.cost_few_ms,
        "ratio",
    );
    figures.add("delta_bytes_100", spread.bytes_few, "B");
    figures.add(
        "delta_bytes_ratio_10000_vs_100",
        spread.bytes_many / spread.bytes_few,
        "ratio",
    );
    let one = compare(RUNS_ONE_CUSTOMER, |folder, records| {
        Company::new(folder, records, 1)
    });
    figures.add(
        "delta_cost_ratio_one_customer_10000_vs_100",
        one.cost_many_ms / one.cost_few_ms,
        "ratio",
    );
}

/// Medians.
struct Compared {
    cost_few_ms: f64,
    cost_many_ms: f64,
    bytes_few: f64,
    bytes_many: f64,
}

fn compare(runs: usize, make: impl Fn(&Path, usize) -> Company) -> Compared {
    let folder = scratch();
    let few = make(&folder.path().join("few"), FEW);
    let many = make(&folder.path().join("many"), MANY);
    let (mut costs, mut bytes) = ([const { Vec::new() }; 2], [const { Vec::new() }; 2]);
    // The first two runs fill caches.
    for run in 0..runs + 2 {
        for (which, company) in [&few, &many].into_iter().enumerate() {
            let (cpu_ms, traffic) = company.news(run);
            if run >= 2 {
                costs[which].push(cpu_ms);
                bytes[which].push((traffic.up + traffic.down) as f64);
            }
        }
    }
    let [cost_few_ms, cost_many_ms] = costs.map(median);
    let [bytes_few, bytes_many] = bytes.map(median);
    Compared {
        cost_few_ms,
        cost_many_ms,
        bytes_few,
        bytes_many,
    }
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
        let (mut author, token) = world.author(&rep);
        let changes = wire::make(&mut author, old, records);
        Http::new().push_all(&world.url(), &token, &author, &changes);
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

    /// Saves the news of a run, then lets both phones sync: processor time in ms, and bytes.
    fn news(&self, run: usize) -> (f64, Traffic) {
        let mut dice = Dice(1_000 + run as u64);
        for i in 0..NEWS {
            let (customer, invoice) = &self.fresh[(run * NEWS + i) % self.fresh.len()];
            self.rep.save(&mut dice, i, customer, invoice);
        }
        let before = (self.rep.traffic(), self.supervisor.traffic());
        let cpu = Cpu::now();
        self.rep.sync();
        self.supervisor.sync();
        let cost_ms = cpu.elapsed_ms();
        let (rep, supervisor) = (
            self.rep.traffic().since(before.0),
            self.supervisor.traffic().since(before.1),
        );
        (
            cost_ms,
            Traffic {
                up: rep.up + supervisor.up,
                down: rep.down + supervisor.down,
            },
        )
    }
}
