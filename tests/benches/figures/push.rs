//! A batch of 1,000 new records over real HTTP until it is durable on the server.

use std::time::Instant;

use shared::people::Role;
use tests::{
    device::{Device, Http},
    world::World,
};

use crate::{Figures, median, ms, scratch, wire};

const ROUNDS: usize = 5;
const RECORDS: usize = 1_000;

pub fn run(figures: &mut Figures) {
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let folder = scratch();
        let mut world = World::new(folder.path());
        let rep = world.person("陈晓东", Role::Rep);
        let about = world.customers(&rep, 200, 1);
        let mut device = Device::new(world.author(&rep));
        let http = Http::new(&world.url());
        let changes = wire::make(&mut device.author, &about, RECORDS);
        let start = Instant::now();
        http.push(&mut device, &changes);
        times.push(ms(start));
    }
    figures.add("push_1000_records_ms", median(times), "ms");
}
