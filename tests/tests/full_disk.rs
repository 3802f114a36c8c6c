//! The server's program on a disk that is really full: a tiny file system of its own. Starting says so
//! with exit code 6 and one sentence, a sync with problem 507; nothing is half done, what is there can be
//! read, and all goes on as soon as there is room.
//!
//! Skipped with a notice where file systems cannot be mounted.

// A step that fails here is a test that fails.
#![allow(clippy::unwrap_used)]

use std::{
    fs,
    io::Write,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use shared::{
    customer::Customer,
    document::{self, NewChange},
    invoice::Invoice,
    people::Role,
    sync::message::{Answer, Cursor, Frame, Outcome, PROTOCOL_VERSION, SyncRequest, SyncResponse},
};
use sync_server::{
    clock,
    problem::Problem,
    store::{Store, ledger},
};
use tempfile::TempDir;
use tests::{
    process::Process,
    records::{Author, Dice},
    world::World,
};

/// A small file system, gone when dropped.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// One of so many KiB; none where this may not be done.
    fn mount(kib: u64) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={kib}k"), "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status();
        let mounted = mounted.is_ok_and(|status| status.success());
        if !mounted {
            println!("skipped: a file system cannot be mounted here");
        }
        mounted.then_some(Self(folder))
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn resize(&self, kib: u64) {
        let status = Command::new("mount")
            .args(["-o", &format!("remount,size={kib}k")])
            .arg(self.0.path())
            .status();
        assert!(status.unwrap().success());
    }

    /// Fills it to the last byte but so many KiB.
    fn fill(&self, but_kib: usize) {
        let path = self.0.path().join("filler");
        let mut filler = fs::File::create(&path).unwrap();
        while filler.write(&[1; 4_096]).is_ok_and(|n| n > 0) {}
        let length = filler.metadata().unwrap().len();
        filler
            .set_len(length.saturating_sub(but_kib as u64 * 1_024))
            .unwrap();
    }

    fn make_room(&self) {
        fs::remove_file(self.0.path().join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: whoever still has a file open there goes first.
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

fn program(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ledger-server"));
    command.args(arguments).arg("--data").arg(data);
    command
}

fn free_port() -> u16 {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    free.local_addr().unwrap().port()
}

/// Starts the server; the exit code and what it wrote to stderr if it ends by itself.
fn serve(data: &Path, port: u16) -> Result<Process, (i32, String)> {
    let said = tempfile::NamedTempFile::new().unwrap();
    let mut command = program(data, &["serve", "--port", &port.to_string()]);
    command.stderr(said.reopen().unwrap());
    let mut server = Process::start(&mut command);
    for _ in 0..400 {
        if server.has_ended() {
            let (status, _) = server.wait();
            let said = fs::read_to_string(said.path()).unwrap();
            return Err((status.code().unwrap_or(-1), said));
        }
        if Http::new(port).get("/healthz").is_some_and(|s| s == 200) {
            return Ok(server);
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("the server neither serves nor ends");
}

struct Http {
    port: u16,
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
}

impl Http {
    fn new(port: u16) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        Self {
            port,
            runtime,
            // Not over a connection to a server that has been killed meanwhile.
            client: reqwest::Client::builder()
                .pool_max_idle_per_host(0)
                .build()
                .unwrap(),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn get(&self, path: &str) -> Option<u16> {
        let sent = self.client.get(self.url(path)).send();
        let answer = self.runtime.block_on(sent).ok()?;
        Some(answer.status().as_u16())
    }

    fn sync(&self, token: &str, request: &SyncRequest) -> Result<SyncResponse, Problem> {
        self.runtime.block_on(async {
            let call = self.client.post(self.url("/v1/sync")).bearer_auth(token);
            let sent = call.body(request.encode().unwrap()).send().await.unwrap();
            let status = sent.status();
            let body = sent.bytes().await.unwrap();
            match status.is_success() {
                true => Ok(SyncResponse::decode(&body).unwrap()),
                false => Err(serde_json::from_slice(&body).unwrap()),
            }
        })
    }
}

/// A company in the folder, with a device of a salesperson.
fn company(data: &Path) -> (Author, String, Vec<(Customer, Invoice)>) {
    let mut world = World::new(data);
    let rep = world.person("陈晓东", Role::Rep);
    let books = world.customers(&rep, 5, 1);
    let (author, token) = world.author(&rep);
    (author, token, books)
}

fn batch(author: &Author, changes: &[NewChange], number: u64) -> SyncRequest {
    let frame = |change: &NewChange| Frame {
        document: None,
        change: document::to_frame(&change.bytes).to_vec(),
    };
    let mut request = SyncRequest {
        version: PROTOCOL_VERSION,
        device: author.device,
        // Counted up by the server with every batch.
        generation: number - 1,
        batch: number,
        epoch: 0,
        cursor: Cursor::default(),
        checkpoints: vec![],
        frames: changes.iter().map(frame).collect(),
        signature: [0; 64],
        phone_clock: clock::now(),
        wants: Vec::new(),
    };
    request.sign(author);
    request
}

fn is_whole(data: &Path) {
    let store = Store::open(data).unwrap();
    let report = store.read(ledger::check).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
}

#[test]
fn a_server_without_room_to_start_ends_with_code_6_and_one_sentence_and_starts_with_room() {
    let port = free_port();
    let mut refused = 0;
    // From room for nothing to room for half of what a new ledger takes.
    for kib in [4, 8, 16, 40, 64, 100, 150, 200, 260, 320] {
        let Some(disk) = SmallDisk::mount(kib) else {
            return;
        };
        match serve(&disk.data(), port) {
            Ok(server) => drop(server.kill()),
            Err((code, said)) => {
                assert_eq!(said.trim().lines().count(), 1, "{kib} KiB: {said}");
                assert!(said.contains("the disk is full"), "{kib} KiB: {said}");
                assert_eq!(code, 6, "{kib} KiB: {said}");
                refused += 1;
            }
        }
        disk.resize(16_384);
        let server = serve(&disk.data(), port).unwrap_or_else(|e| panic!("{kib} KiB: {e:?}"));
        server.kill();
        is_whole(&disk.data());
    }
    assert!(refused > 3, "{refused}");
}

#[test]
fn a_server_whose_disk_fills_up_answers_507_takes_nothing_half_and_goes_on_with_room() {
    let Some(disk) = SmallDisk::mount(16_384) else {
        return;
    };
    let (mut author, token, books) = company(&disk.data());
    let port = free_port();
    let mut server = serve(&disk.data(), port).unwrap();
    let http = Http::new(port);
    let mut dice = Dice(5);
    let mut refused = 0;
    for number in 0..12_u64 {
        let records = (0..8).map(|n| author.record(&mut dice, n, &books).unwrap());
        let records: Vec<NewChange> = records.collect();
        let request = batch(&author, &records, number + 1);
        // With nothing left, with a little, with almost enough.
        disk.fill(number as usize * 12);
        let first = http.sync(&token, &request);
        if let Err(problem) = &first {
            let said = (problem.status, problem.code.as_str());
            assert_eq!(said, (507, "store.disk_full"), "{number}");
            assert!(!problem.detail.is_empty());
            refused += 1;
            assert_eq!(http.get("/healthz"), Some(200));
            if number % 2 == 0 {
                // A server that is started again on the full disk runs, or says why not.
                server.kill();
                match serve(&disk.data(), port) {
                    Ok(again) => server = again,
                    Err((code, said)) => {
                        assert_eq!(code, 6, "{said}");
                        assert_eq!(said.trim().lines().count(), 1, "{said}");
                        disk.make_room();
                        server = serve(&disk.data(), port).unwrap();
                        disk.fill(0);
                    }
                }
            }
        }
        disk.make_room();
        assert!(!server.has_ended(), "{number}");
        let answer = http.sync(&token, &request).unwrap();
        let is_acked = |a: &Answer| matches!(a.outcome, Outcome::Acked { .. });
        assert!(answer.answers.iter().all(is_acked), "{number}");
        assert_eq!(answer.answers.len(), 8, "{number}");
        if let Ok(first) = first {
            assert_eq!(first.answers, answer.answers, "{number}");
        }
    }
    server.kill();
    is_whole(&disk.data());
    assert!(refused > 3, "{refused}");
}
