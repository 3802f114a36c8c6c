//! Bytes of records on the wire beside the same records as JSON in one zstd frame.

use shared::{
    customer::Customer,
    day::Timestamp,
    document::NewChange,
    invoice::Invoice,
    money::Money,
    people::Role,
    sync::message::{
        Cursor, Entry, InvoiceRow, Item, PROTOCOL_VERSION, Row, Standing, SyncResponse,
    },
};
use tests::{
    device::Device,
    records::{Author, Dice, as_json_lines},
    world::World,
};

use crate::{Figures, scratch};

/// Level of zstd for the JSON beside which we stand: what a careful API would use.
pub const JSON_LEVEL: i32 = 3;

pub fn run(figures: &mut Figures) {
    let folder = scratch();
    let mut world = World::new(folder.path());
    let rep = world.person("陈晓东", Role::Rep);
    let about = world.customers(&rep, 200, 1);
    let mut device = Device::new(world.author(&rep));
    rows(figures, &world.customers(&rep, 2_000, 1));
    let changes = make(&mut device.author, &about, 1_000);
    let up = device.request(&changes).encode().unwrap().len();
    let json = zstd::encode_all(as_json_lines(&changes).unwrap().as_bytes(), JSON_LEVEL)
        .unwrap()
        .len();
    figures.add("bytes_up_per_record_1000", up as f64 / 1_000.0, "B");
    figures.add(
        "bytes_json_zstd_per_record_1000",
        json as f64 / 1_000.0,
        "B",
    );
    figures.add("bytes_up_vs_json_zstd", up as f64 / json as f64, "ratio");
}

/// Invoice rows on their way down.
pub fn rows(figures: &mut Figures, about: &[(Customer, Invoice)]) {
    let entries: Vec<Entry> = about
        .iter()
        .zip(1..)
        .map(|((_, invoice), seq)| Entry {
            seq,
            item: Item::Row(Box::new(Row::Invoice(InvoiceRow {
                invoice: invoice.clone(),
                settled: Money::ZERO,
            }))),
        })
        .collect();
    let count = entries.len() as f64;
    let page = SyncResponse {
        version: PROTOCOL_VERSION,
        epoch: 1,
        generation: 1,
        standing: Standing::Current,
        answers: Vec::new(),
        entries,
        cursor: Cursor::default(),
        more: false,
        head_seq: 0,
        server_clock: Timestamp(1_795_230_000_000),
        fetched: Vec::new(),
        fetched_entries: Vec::new(),
        history_days: 0,
    };
    let bytes = page.encode().unwrap().len() as f64;
    figures.add("bytes_down_per_invoice_row", bytes / count, "B");
}

/// Which records of the mix.
#[derive(Clone, Copy)]
pub enum Records {
    /// All of them: 60 % visits, 10 % signed promises, 30 % signed receipts.
    Mix,
    /// Visits alone: twelve fields each, unsigned.
    Visits,
    /// Signed receipts alone.
    Receipts,
}

impl Records {
    /// Makes so many.
    pub fn make(
        self,
        author: &mut Author,
        about: &[(Customer, Invoice)],
        count: usize,
    ) -> Vec<NewChange> {
        let mut dice = Dice(7);
        // Of ten records of the mix the first six are visits, the last three receipts.
        let place = |at: usize| match self {
            Self::Mix => at,
            Self::Visits => at / 6 * 10 + at % 6,
            Self::Receipts => at / 3 * 10 + 7 + at % 3,
        };
        (0..count)
            .map(|at| author.record(&mut dice, place(at), about).unwrap())
            .collect()
    }
}

/// Records of the mix.
pub fn make(author: &mut Author, about: &[(Customer, Invoice)], count: usize) -> Vec<NewChange> {
    Records::Mix.make(author, about, count)
}
