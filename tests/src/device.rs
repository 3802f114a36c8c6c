//! A device that keeps nothing but where it stands: makes signed batches, takes answers in, and speaks
//! HTTP as a phone does. For tests and benches that need many devices, or none of the phone's own work.

use shared::{
    document::{self, NewChange},
    sync::{
        limits::FRAMES_PER_REQUEST,
        message::{Cursor, Frame, Outcome, PROTOCOL_VERSION, SyncRequest, SyncResponse},
    },
};
use sync_server::clock;

use crate::{phone::Traffic, records::Author};

/// Somebody's device.
pub struct Device {
    /// Who makes records on it.
    pub author: Author,
    /// Its bearer token.
    pub token: String,
    batch: u64,
    epoch: u64,
    generation: u64,
    cursor: Cursor,
}

impl Device {
    /// One that has not spoken with the server yet.
    pub fn new((author, token): (Author, String)) -> Self {
        Self {
            author,
            token,
            batch: 0,
            epoch: 0,
            generation: 0,
            cursor: Cursor::default(),
        }
    }

    /// The next request, with these changes.
    pub fn request(&mut self, changes: &[NewChange]) -> SyncRequest {
        self.batch += 1;
        let mut request = SyncRequest {
            version: PROTOCOL_VERSION,
            device: self.author.device,
            generation: self.generation,
            batch: self.batch,
            epoch: self.epoch,
            cursor: self.cursor,
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
            phone_clock: clock::now(),
            wants: Vec::new(),
        };
        request.sign(&self.author);
        request
    }

    /// Takes an answer in; is there more to fetch?
    pub fn take(&mut self, answer: &SyncResponse) -> bool {
        self.cursor = answer.cursor;
        self.epoch = answer.epoch;
        self.generation = answer.generation;
        answer.more
    }
}

/// How many changes an answer calls stored.
pub fn acked(answer: &SyncResponse) -> usize {
    let is_acked = |outcome: &Outcome| matches!(outcome, Outcome::Acked { .. });
    answer
        .answers
        .iter()
        .filter(|a| is_acked(&a.outcome))
        .count()
}

/// A connection to a server.
pub struct Http {
    origin: String,
    url: String,
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
}

impl Http {
    /// To the server with this origin.
    pub fn new(origin: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        Self {
            origin: origin.to_owned(),
            url: format!("{origin}/v1/sync"),
            runtime,
            client: reqwest::Client::new(),
        }
    }

    /// What is answered at an address of the JSON API.
    pub fn get(&self, token: &str, path: &str) -> Vec<u8> {
        self.runtime.block_on(async {
            let call = self.client.get(format!("{}{path}", self.origin));
            let sent = call.bearer_auth(token).send().await.unwrap();
            assert!(sent.status().is_success(), "{}", sent.status());
            sent.bytes().await.unwrap().to_vec()
        })
    }

    /// One round trip.
    pub fn send(&self, token: &str, body: Vec<u8>) -> Vec<u8> {
        self.runtime.block_on(async {
            let call = self.client.post(&self.url).bearer_auth(token).body(body);
            let sent = call.send().await.unwrap();
            assert!(sent.status().is_success(), "{}", sent.status());
            sent.bytes().await.unwrap().to_vec()
        })
    }

    /// Sends changes, all of which are to be stored, and takes in all that is new. Gives the bytes of bodies.
    pub fn exchange(&self, device: &mut Device, changes: &[NewChange]) -> Traffic {
        let mut traffic = Traffic::default();
        let mut unsent = changes;
        loop {
            let (now, rest) = unsent.split_at(unsent.len().min(FRAMES_PER_REQUEST));
            let body = device.request(now).encode().unwrap();
            traffic.up += body.len() as u64;
            let answer = self.send(&device.token, body);
            traffic.down += answer.len() as u64;
            let answer = SyncResponse::decode(&answer).unwrap();
            assert_eq!(acked(&answer), now.len(), "every record is stored");
            unsent = rest;
            if !device.take(&answer) && unsent.is_empty() {
                return traffic;
            }
        }
    }

    /// Sends changes without fetching anything: each batch is answered with the same first page.
    pub fn push(&self, device: &mut Device, changes: &[NewChange]) {
        for changes in changes.chunks(FRAMES_PER_REQUEST) {
            let body = device.request(changes).encode().unwrap();
            let answer = SyncResponse::decode(&self.send(&device.token, body)).unwrap();
            assert_eq!(acked(&answer), changes.len(), "every record is stored");
            device.generation = answer.generation;
        }
    }
}
