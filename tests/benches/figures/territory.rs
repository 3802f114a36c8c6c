//! A phone with 50,000 records: how it came by them, and what one more costs it.
//!
//! The records are plain visits of twelve fields, pushed by the salesperson's other device, about 200
//! customers with an open invoice each (as in `make bench-peers`); closed, and so digests on the phone.
//!
//! - `first_sync_1000_visits_ms`, `first_sync_50000_visits_ms` and their ratio: from an empty store, just
//!   signed in, until everything is in it; medians. `..._phone_cpu_ratio` is the same of the phone's own
//!   processor time.
//! - `first_sync_50000_visits_bytes`: bodies of both directions.
//! - `phone_50000_delta_up_cpu_ms`, `phone_50000_delta_down_cpu_ms`: the phone's own processor time for a
//!   sync that sends one visit made on it; that fetches one made on the other device. Medians of
//!   [`DELTAS`]. Saving the visit is not in it.

use std::{path::Path, time::Instant};

use shared::people::{Person, Role};
use tests::{
    device::{Device, Http},
    phone::Phone,
    records::Dice,
    world::World,
};

use crate::{Figures, cpu::Cpu, median, ms, scratch, wire::Records};

const CUSTOMERS: u32 = 200;
const FEW: usize = 1_000;
const MANY: usize = 50_000;
const DELTAS: usize = 30;

pub fn run(figures: &mut Figures) {
    let folder = scratch();
    let mut few = Company::new(&folder.path().join("few"), FEW);
    let first_few = few.first_syncs(9);
    let mut many = Company::new(&folder.path().join("many"), MANY);
    let first_many = many.first_syncs(3);
    figures.add("first_sync_1000_visits_ms", first_few.wall_ms, "ms");
    figures.add("first_sync_50000_visits_ms", first_many.wall_ms, "ms");
    figures.add(
        "first_sync_50000_vs_1000_ratio",
        first_many.wall_ms / first_few.wall_ms,
        "ratio",
    );
    figures.add(
        "first_sync_50000_vs_1000_phone_cpu_ratio",
        first_many.cpu_ms / first_few.cpu_ms,
        "ratio",
    );
    figures.add("first_sync_50000_visits_bytes", first_many.bytes, "B");
    let (up, down) = many.deltas(&first_many.phone);
    figures.add("phone_50000_delta_up_cpu_ms", up, "ms");
    figures.add("phone_50000_delta_down_cpu_ms", down, "ms");
}

struct First {
    wall_ms: f64,
    cpu_ms: f64,
    bytes: f64,
    phone: Phone,
}

struct Company {
    folder: std::path::PathBuf,
    world: World,
    rep: Person,
    about: Vec<(shared::customer::Customer, shared::invoice::Invoice)>,
    other: Device,
    http: Http,
    records: usize,
}

impl Company {
    fn new(folder: &Path, records: usize) -> Self {
        let mut world = World::new(&folder.join("server"));
        let rep = world.person("陈晓东", Role::Rep);
        let about = world.customers(&rep, CUSTOMERS, 1);
        let mut other = Device::new(world.author(&rep));
        let http = Http::new(&world.url());
        let made = Records::Visits.make(&mut other.author, &about, records);
        http.push(&mut other, &made);
        Self {
            folder: folder.to_owned(),
            world,
            rep,
            about,
            other,
            http,
            records,
        }
    }

    fn first_syncs(&mut self, times: usize) -> First {
        let (mut walls, mut cpus, mut last) = (Vec::new(), Vec::new(), None);
        for at in 0..times {
            let folder = self.folder.join(format!("phone-{at}"));
            let phone = Phone::enrol(&folder, &mut self.world, &self.rep);
            let before = phone.traffic();
            let cpu = Cpu::now();
            let start = Instant::now();
            phone.sync();
            walls.push(ms(start));
            cpus.push(cpu.elapsed_ms().0);
            assert_eq!(
                phone.visits() as usize,
                self.records,
                "every visit has come"
            );
            last = Some((phone, before));
        }
        let (phone, before) = last.unwrap();
        let traffic = phone.traffic().since(before);
        First {
            wall_ms: median(walls),
            cpu_ms: median(cpus),
            bytes: (traffic.up + traffic.down) as f64,
            phone,
        }
    }

    /// Processor time of the phone for one record up, and for one down.
    fn deltas(&mut self, phone: &Phone) -> (f64, f64) {
        let mut dice = Dice(31);
        let (mut ups, mut downs) = (Vec::new(), Vec::new());
        let news = Records::Visits.make(&mut self.other.author, &self.about, DELTAS);
        self.http.exchange(&mut self.other, &[]);
        for one in news.chunks(1) {
            let customer = dice.pick(&self.about).0.clone();
            phone.save_visit(&mut dice, &customer);
            let cpu = Cpu::now();
            phone.sync();
            ups.push(cpu.elapsed_ms().0);
            self.http.exchange(&mut self.other, one);
            let cpu = Cpu::now();
            phone.sync();
            downs.push(cpu.elapsed_ms().0);
        }
        (median(ups), median(downs))
    }
}
