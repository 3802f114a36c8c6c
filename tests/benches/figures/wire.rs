//! Bytes of records on the wire beside the same records as JSON in one zstd frame.

use shared::{
    customer::Customer,
    day::Timestamp,
    document::{self, NewChange},
    invoice::Invoice,
    money::Money,
    people::Role,
    sync::message::{
        Cursor, Entry, Frame, InvoiceRow, Item, OLDEST_VERSION, PROTOCOL_VERSION, Row, Standing,
        SyncRequest, SyncResponse,
    },
};
use tests::{
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
    let (mut author, _) = world.author(&rep);
    rows(figures, &world.customers(&rep, 2_000, 1));
    let changes = make(&mut author, &about, 1_000);
    let up = request(&author, &changes, 1).encode().unwrap().len();
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

/// Invoice rows on their way down, in columns and (as version 1 has them) one after another.
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
    let mut page = SyncResponse {
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
    page.version = OLDEST_VERSION;
    let bytes = page.encode().unwrap().len() as f64;
    figures.add("bytes_down_per_invoice_row_version_1", bytes / count, "B");
}

/// Records of the mix.
pub fn make(author: &mut Author, about: &[(Customer, Invoice)], count: usize) -> Vec<NewChange> {
    let mut dice = Dice(7);
    (0..count)
        .map(|i| author.record(&mut dice, i, about).unwrap())
        .collect()
}

/// A signed batch of them.
pub fn request(author: &Author, changes: &[NewChange], batch: u64) -> SyncRequest {
    let mut request = SyncRequest {
        version: PROTOCOL_VERSION,
        device: author.device,
        // Counted up by the server with every batch.
        generation: batch.saturating_sub(1),
        batch,
        epoch: 0,
        cursor: Cursor::default(),
        checkpoints: vec![],
        frames: changes
            .iter()
            .map(|c| Frame {
                document: None,
                change: document::to_frame(&c.bytes).to_vec(),
            })
            .collect(),
        signature: [0; 64],
        // A clock that is right: each record of a wrong one would be an exception, too.
        phone_clock: sync_server::clock::now(),
        wants: Vec::new(),
    };
    request.sign(author);
    request
}
