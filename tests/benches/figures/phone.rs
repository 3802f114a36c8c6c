//! A native phone against the real server: the first sync of a large territory, and saving durably.
//!
//! - `first_sync_10000_records_2000_customers_ms`: from an empty store, just signed in, until everything
//!   is in it: 2,000 customers with two open invoices each, 10,000 signed records, and the rows that the
//!   ledger made of them; closed records as lists show them. Median of three phones.
//! - `early_sync_10000_records_ms`: the same records to a phone that was there before they were made, and
//!   so gets all of them whole.
//! - `fetch_100_records_on_demand_ms`: the whole of a hundred closed records that somebody opens.
//! - `bytes_down_per_record`: what a phone gets that has the customers already, when the 10,000 records
//!   come: records, and the ledger's rows about invoices, accounts, receipts and promises. Beside it the
//!   records alone as JSON in one zstd frame (`bytes_down_vs_json_zstd`).
//! - `save_receipt_native_ms_median`, `_p95`: from the request until the replica answers *saved* (sealed,
//!   chained, committed with synchronous=FULL), in the store that has all of the above.

use std::time::Instant;

use app::replica::api::Request;
use shared::{ids::DocumentId, people::Role};
use tests::{
    device::{Device, Http},
    phone::{Phone, receipt_request},
    records::{self, Dice, as_json_lines},
    world::World,
};

use crate::{Figures, median, ms, quantile, scratch, wire};

const CUSTOMERS: u32 = 2_000;
const RECORDS: usize = 10_000;
const PHONES: usize = 3;
const SAVES: usize = 300;

pub fn run(figures: &mut Figures) {
    let folder = scratch();
    let mut world = World::new(&folder.path().join("server"));
    let rep = world.person("陈晓东", Role::Rep);
    let about = world.customers(&rep, CUSTOMERS, 2);
    let early = Phone::enrol(&folder.path().join("early"), &mut world, &rep);
    early.sync();

    let mut device = Device::new(world.author(&rep));
    let changes = wire::make(&mut device.author, &about, RECORDS);
    Http::new(&world.url()).push(&mut device, &changes);
    let before = early.traffic();
    let start = Instant::now();
    early.sync();
    figures.add("early_sync_10000_records_ms", ms(start), "ms");
    let down = early.traffic().since(before).down as f64;
    let json = zstd::encode_all(
        as_json_lines(&changes).unwrap().as_bytes(),
        wire::JSON_LEVEL,
    )
    .unwrap()
    .len() as f64;

    let mut times = Vec::new();
    let mut phone = early;
    for i in 0..PHONES {
        phone = Phone::enrol(&folder.path().join(format!("phone-{i}")), &mut world, &rep);
        let start = Instant::now();
        phone.sync();
        times.push(ms(start));
    }
    assert!(
        phone.today().customer_count == CUSTOMERS,
        "everything has come"
    );
    figures.add(
        "first_sync_10000_records_2000_customers_ms",
        median(times),
        "ms",
    );
    let first_down = phone.traffic().down as f64;
    let ids: Vec<DocumentId> = changes.iter().take(100).map(|c| c.document).collect();
    for id in &ids {
        phone.try_ask(Request::Record(*id));
    }
    let start = Instant::now();
    phone.sync();
    figures.add("fetch_100_records_on_demand_ms", ms(start), "ms");
    for id in ids {
        phone.ask(Request::Record(id));
    }
    figures.add("first_sync_bytes_down", first_down, "B");
    figures.add("bytes_down_per_record", down / RECORDS as f64, "B");
    figures.add("bytes_down_vs_json_zstd", down / json, "ratio");

    let mut dice = Dice(11);
    let mut saves = Vec::new();
    for _ in 0..SAVES {
        let (customer, invoice) = dice.pick(&about).clone();
        let signature = records::signature(&mut dice, sync_server::clock::now());
        let request = receipt_request(records::part(&mut dice), &customer, &invoice, signature);
        let start = Instant::now();
        phone.ask(request);
        saves.push(ms(start));
    }
    figures.add("save_receipt_native_ms_median", median(saves.clone()), "ms");
    figures.add("save_receipt_native_ms_p95", quantile(saves, 0.95), "ms");
    let mut lists: Vec<f64> = Vec::new();
    for _ in 0..9 {
        let start = Instant::now();
        phone.today();
        lists.push(ms(start));
    }
    figures.add("today_native_2000_customers_ms", median(lists), "ms");
}
