//! Our clients. The one makes records in memory, as the peers' clients do, and pushes them in signed
//! batches; the other is the replica of the app on disk, as it runs natively on a phone.

use std::{
    io::{BufRead, Write},
    path::Path,
};

use serde_json::{Value, json};
use shared::{
    document::{self, NewChange},
    sync::{
        limits::FRAMES_PER_REQUEST,
        message::{Cursor, Frame, Outcome, PROTOCOL_VERSION, SyncRequest, SyncResponse},
    },
};
use sync_server::clock;
use tests::{
    phone::Phone,
    records::{Author, Dice},
};

use crate::company::Company;

/// Answers the bench's commands until there are no more.
fn serve(mut obey: impl FnMut(&Value) -> Value) {
    say(&json!({"ready": 0}));
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let command: Value = serde_json::from_str(&line).unwrap();
        let mut answer = obey(&command);
        answer["ok"] = json!(true);
        say(&answer);
    }
}

fn say(message: &Value) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{message}").unwrap();
    out.flush().unwrap();
}

fn company(setup: &str) -> Company {
    serde_json::from_slice(&std::fs::read(setup).unwrap()).unwrap()
}

fn count(command: &Value) -> usize {
    command["count"].as_u64().unwrap_or(1) as usize
}

/// The client in memory; `how` is `visits` or `mix`.
pub fn run(how: &str, setup: &str, address: &str) {
    let company = company(setup);
    let mut client = Client::new(&company, address, how == "mix");
    serve(|command| match command["do"].as_str() {
        Some("push" | "add") => {
            client.push(count(command));
            json!({"ids": []})
        }
        _ => json!({}),
    });
}

/// A device that keeps nothing but its cursor.
struct Client<'a> {
    company: &'a Company,
    author: Author,
    dice: Dice,
    mix: bool,
    made: usize,
    batch: u64,
    epoch: u64,
    generation: u64,
    cursor: Cursor,
    url: String,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl<'a> Client<'a> {
    /// Connects and takes in what is there, as a phone has before somebody works with it.
    fn new(company: &'a Company, address: &str, mix: bool) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = Self {
            company,
            author: company.author(),
            dice: Dice(7),
            mix,
            made: 0,
            batch: 0,
            epoch: 0,
            generation: 0,
            cursor: Cursor::default(),
            url: format!("http://{address}/v1/sync"),
            http: reqwest::Client::new(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap(),
        };
        client.exchange(&[]);
        client
    }

    fn push(&mut self, count: usize) {
        let changes: Vec<NewChange> = (self.made..self.made + count)
            .map(|at| {
                self.company
                    .record(&mut self.author, &mut self.dice, at, self.mix)
            })
            .collect();
        self.made += count;
        for part in changes.chunks(FRAMES_PER_REQUEST) {
            self.exchange(part);
        }
    }

    /// Sends changes and takes in all that is new.
    fn exchange(&mut self, changes: &[NewChange]) {
        self.batch += 1;
        let answer = self.send(self.request(changes));
        let acked = answer
            .answers
            .iter()
            .filter(|a| matches!(a.outcome, Outcome::Acked { .. }));
        assert_eq!(acked.count(), changes.len(), "every record is taken in");
        let mut more = self.take(answer);
        while more {
            self.batch += 1;
            let answer = self.send(self.request(&[]));
            more = self.take(answer);
        }
    }

    fn take(&mut self, answer: SyncResponse) -> bool {
        self.cursor = answer.cursor;
        self.epoch = answer.epoch;
        self.generation = answer.generation;
        answer.more
    }

    fn request(&self, changes: &[NewChange]) -> SyncRequest {
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
            phone_clock: clock::now(),
            wants: Vec::new(),
        };
        if !changes.is_empty() {
            request.sign(&self.author);
        }
        request
    }

    fn send(&self, request: SyncRequest) -> SyncResponse {
        let body = request.encode().unwrap();
        let call = self
            .http
            .post(&self.url)
            .bearer_auth(&self.company.token)
            .body(body);
        self.runtime.block_on(async {
            let sent = call.send().await.unwrap();
            assert!(sent.status().is_success(), "{}", sent.status());
            SyncResponse::decode(&sent.bytes().await.unwrap()).unwrap()
        })
    }
}

/// The phone; `how` is `new` (nothing has come yet) or `synced` (it has its customers).
pub fn run_phone(how: &str, setup: &str, address: &str) {
    let company = company(setup);
    let folder = Path::new(setup).with_file_name("phone");
    let phone = Phone::sign_in(&folder, &format!("http://{address}"), &company.code);
    if how == "synced" {
        phone.sync();
    }
    let mut dice = Dice(23);
    let mut made = 0;
    serve(|command| {
        match command["do"].as_str() {
            Some("push") => {
                for at in 0..count(command) {
                    phone.save_visit(&mut dice, company.customer(at));
                }
                phone.sync();
            }
            Some("make") => {
                phone.save_visit(&mut dice, company.customer(made));
                made += 1;
            }
            Some("first" | "get" | "back") => phone.sync(),
            Some("check") => {
                let expected = command["visits"].as_u64().unwrap();
                assert_eq!(u64::from(phone.visits()), expected, "every visit has come");
            }
            _ => {}
        }
        json!({})
    });
}
