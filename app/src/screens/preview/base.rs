//! Short ways to write sums, days, ids and places.

use shared::day::{Day, Timestamp};
use shared::evidence::{Fix, GeoPoint};
use shared::ids::{CustomerId, DocumentId, ElementId, PersonId};
use shared::money::Money;

pub(super) const NOW: Timestamp = Timestamp(1_795_242_727_000);

pub(super) fn yuan(text: &str) -> Money {
    text.parse().unwrap()
}

pub(super) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(super) fn today() -> Day {
    day("2026-11-21")
}

pub(super) fn uuid(n: u32) -> String {
    format!("018f3c1e-0000-7000-8000-{n:012}")
}

pub(super) fn customer_id(n: u32) -> CustomerId {
    uuid(n).parse().unwrap()
}

pub(super) fn person_id(n: u32) -> PersonId {
    uuid(100 + n).parse().unwrap()
}

pub(super) fn element(n: u32) -> ElementId {
    uuid(200 + n).parse().unwrap()
}

pub(super) fn document(n: u8) -> DocumentId {
    DocumentId([n; 32])
}

pub(super) fn at(minutes: i64) -> Timestamp {
    NOW.plus_ms(minutes * 60_000)
}

pub(super) fn place(metres_north: i32) -> GeoPoint {
    GeoPoint {
        lat_e7: 306_000_000 + metres_north * 90,
        lon_e7: 1_040_000_000,
    }
}

pub(super) fn fix(metres_north: i32) -> Fix {
    Fix {
        point: place(metres_north),
        accuracy_m: 12,
        at: NOW,
    }
}
