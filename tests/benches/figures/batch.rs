//! What a salesperson's half day costs: 30 records in one batch, and a sync with nothing to say.
//!
//! - `push_30_visits_bytes`, `push_30_receipts_bytes`: the body of the request with 30 plain visits of
//!   twelve fields; with 30 signed receipts. Both from a device that is up to date.
//! - `receipts_strokes_hashes_signatures_bytes`: what those 30 receipts cannot do without: the strokes of
//!   the customer's signature (the differences from point to point as bytes, packed by zstd as one text),
//!   the seal's SHA-256 and Ed25519 signature, and the digest of the receipt before.
//! - `push_30_receipts_bytes_ratio`: the receipts' bytes over that sum and the visits' bytes.
//! - `push_30_visits_server_cpu_ms`, `push_30_receipts_server_cpu_ms`: processor time of all of the server's
//!   threads for the whole request, signatures, rules, ledger, commit with flush and the answer included;
//!   median of [`RUNS`] such pushes.
//! - `idle_sync_bytes`: bodies of both directions when a phone that is up to date syncs.

use shared::{
    document::{self, NewChange, Record},
    evidence::Strokes,
    people::Role,
};
use tests::{
    device::{Device, Http},
    phone::Phone,
    world::World,
};

use crate::{
    Figures,
    cpu::Cpu,
    median, scratch,
    wire::{self, Records},
};

const RECORDS: usize = 30;
const RUNS: usize = 40;
const CUSTOMERS: u32 = 200;
/// SHA-256, Ed25519 signature, SHA-256 of the receipt before.
const SEAL_BYTES: usize = 32 + 64 + 32;

pub fn run(figures: &mut Figures) {
    let folder = scratch();
    let mut world = World::new(&folder.path().join("server"));
    let rep = world.person("陈晓东", Role::Rep);
    let about = world.customers(&rep, CUSTOMERS, 1);
    let phone = Phone::enrol(&folder.path().join("phone"), &mut world, &rep);
    phone.sync();
    let before = phone.traffic();
    phone.sync();
    let idle = phone.traffic().since(before);
    figures.add("idle_sync_bytes", (idle.up + idle.down) as f64, "B");

    let http = Http::new(&world.url());
    let mut device = Device::new(world.author(&rep));
    http.exchange(&mut device, &[]);
    let mut push = |records: Records| {
        let made = records.make(&mut device.author, &about, RECORDS * RUNS);
        let bytes = device.request(&made[..RECORDS]).encode().unwrap().len() as f64;
        let mut times = Vec::new();
        for batch in made.chunks(RECORDS) {
            let cpu = Cpu::now();
            http.exchange(&mut device, batch);
            times.push(cpu.elapsed_ms().1);
        }
        (bytes, median(times), made)
    };
    let (visits, visits_cpu, _) = push(Records::Visits);
    let (receipts, receipts_cpu, made) = push(Records::Receipts);
    let needed = incompressible(&made[..RECORDS]) as f64;
    figures.add("push_30_visits_bytes", visits, "B");
    figures.add("push_30_receipts_bytes", receipts, "B");
    figures.add("receipts_strokes_hashes_signatures_bytes", needed, "B");
    figures.add(
        "push_30_receipts_bytes_ratio",
        receipts / (needed + visits),
        "ratio",
    );
    figures.add("push_30_visits_server_cpu_ms", visits_cpu, "ms");
    figures.add("push_30_receipts_server_cpu_ms", receipts_cpu, "ms");
}

fn incompressible(receipts: &[NewChange]) -> usize {
    let mut strokes = Vec::new();
    for change in receipts {
        let Ok((_, Record::Receipt(receipt, _))) = document::read(&[&change.bytes]) else {
            panic!("not a receipt");
        };
        let signature = receipt.core.signature.unwrap();
        strokes.extend(differences(&signature.strokes));
    }
    println!("   strokes as differences: {} B", strokes.len());
    let packed = zstd::encode_all(&strokes[..], wire::JSON_LEVEL).unwrap();
    packed.len() + receipts.len() * SEAL_BYTES
}

/// Each point by its distance from the one before: a number of one or two bytes for each of its four.
fn differences(strokes: &Strokes) -> Vec<u8> {
    let mut out = Vec::new();
    let mut before = [0i64; 4];
    for stroke in &strokes.0 {
        number(&mut out, stroke.len() as i64);
        for point in stroke {
            let point = [
                i64::from(point.x),
                i64::from(point.y),
                i64::from(point.t_ms),
                i64::from(point.pressure),
            ];
            for (now, before) in point.iter().zip(before) {
                number(&mut out, now - before);
            }
            before = point;
        }
    }
    out
}

fn number(out: &mut Vec<u8>, value: i64) {
    let mut left = ((value << 1) ^ (value >> 63)) as u64;
    while left > 127 {
        out.push(left as u8 | 128);
        left >>= 7;
    }
    out.push(left as u8);
}
