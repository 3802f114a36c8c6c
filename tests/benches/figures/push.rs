//! A batch of 1,000 new records over real HTTP until it is durable on the server.

use std::time::Instant;

use shared::{
    document::NewChange,
    people::Role,
    sync::message::{Outcome, SyncRequest, SyncResponse},
};
use tests::{records::Author, world::World};

use crate::{Figures, median, ms, scratch, wire};

const ROUNDS: usize = 5;
const RECORDS: usize = 1_000;

pub fn run(figures: &mut Figures) {
    let client = Http::new();
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let folder = scratch();
        let mut world = World::new(folder.path());
        let rep = world.person("陈晓东", Role::Rep);
        let about = world.customers(&rep, 200, 1);
        let (mut author, token) = world.author(&rep);
        let changes = wire::make(&mut author, &about, RECORDS);
        let start = Instant::now();
        let request = wire::request(&author, &changes, 1);
        let answer = client.sync(&world.url(), &token, &request);
        times.push(ms(start));
        assert_taken_in(&answer, RECORDS);
    }
    figures.add("push_1000_records_ms", median(times), "ms");
}

fn assert_taken_in(answer: &SyncResponse, records: usize) {
    let acked = answer
        .answers
        .iter()
        .filter(|a| matches!(a.outcome, Outcome::Acked { .. }))
        .count();
    assert_eq!(acked, records, "every record is taken in");
}

/// Speaks to the server as a device does.
pub struct Http {
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
}

impl Http {
    pub fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        Self {
            runtime,
            client: reqwest::Client::new(),
        }
    }

    pub fn sync(&self, url: &str, token: &str, request: &SyncRequest) -> SyncResponse {
        let body = request.encode().unwrap();
        self.runtime.block_on(async {
            let sent = self
                .client
                .post(format!("{url}/v1/sync"))
                .bearer_auth(token)
                .body(body)
                .send()
                .await
                .unwrap();
            assert!(sent.status().is_success(), "{}", sent.status());
            SyncResponse::decode(&sent.bytes().await.unwrap()).unwrap()
        })
    }
    /// Pushes any number of records, in full batches.
    pub fn push_all(&self, url: &str, token: &str, author: &Author, changes: &[NewChange]) {
        for (batch, changes) in changes.chunks(1_000).enumerate() {
            let answer = self.sync(
                url,
                token,
                &wire::request(author, changes, batch as u64 + 1),
            );
            assert_taken_in(&answer, changes.len());
        }
    }
}
