//! What is measured of each system.
//!
//! - *push*: a client makes n records and sends them, until the server has them all on its disk. That is
//!   fsync for ours; the peers do without, so at the end the file system of the server's folder is
//!   synced (`sync -f`), and for every system that counts in.
//! - *first sync*: an empty client gets all n. Ids of documents are told to peers that cannot list them.
//! - *delta*: both clients are connected and have everything; the one makes a record, until the server
//!   has stored it and the other has it. Mean of [`DELTAS`]; processor time of both and the server.
//! - *again*: a client that has everything was away, made a record, and comes back: until the server has
//!   it and nothing passes any more.
//!
//! Bytes are those of both directions. All of a system together may take no longer than its budget.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    process::{Failure, Process},
    proxy::Proxy,
    systems::{self, Place, Server, System},
    table::Row,
};

/// Records made one at a time.
const DELTAS: usize = 10;
/// Nothing passes for so long: all is said.
const REST: Duration = Duration::from_millis(400);

/// What a system may take, all steps together.
fn budget(n: usize) -> Duration {
    Duration::from_secs(if n > 1_000 { 240 } else { 120 })
}

/// Measures a system. What could not be measured stays out of the row, with the reason.
pub fn run(system: System, n: usize) -> Row {
    let mut row = Row::new(system, n);
    let scratch = match tempfile::tempdir_in(crate::bench_folder()) {
        Ok(folder) => folder,
        Err(error) => {
            row.stopped("set-up", &error.to_string());
            return row;
        }
    };
    let folder = scratch.path();
    let place = Place {
        folder,
        company: &folder.join("company.json"),
        records: &folder.join("records.json"),
    };
    let mut step = Step {
        name: "set-up",
        since: Instant::now(),
    };
    match measure(system, n, &place, &mut row, &mut step) {
        Ok(()) => {}
        Err(Failure::Late) => {
            let spent = step.since.elapsed().as_secs();
            row.stopped(step.name, &format!("> {spent} s"));
        }
        Err(Failure::Said(what)) => row.stopped(step.name, &what),
    }
    row
}

/// Which step is under way.
struct Step {
    name: &'static str,
    since: Instant,
}

impl Step {
    fn begin(&mut self, name: &'static str) {
        self.name = name;
        self.since = Instant::now();
    }

    fn ms(&self) -> f64 {
        self.since.elapsed().as_secs_f64() * 1_000.0
    }
}

/// A run under way.
struct Run<'a> {
    system: System,
    n: usize,
    folder: &'a Path,
    deadline: Instant,
    server: Server,
    proxy: Proxy,
}

fn measure(
    system: System,
    n: usize,
    place: &Place<'_>,
    row: &mut Row,
    step: &mut Step,
) -> Result<(), Failure> {
    systems::prepare(place, n + 2 * DELTAS + 2)?;
    let deadline = Instant::now() + budget(n);
    let server = systems::server(system, place, deadline)?;
    let proxy = Proxy::start(server.addr)?;
    let mut run = Run {
        system,
        n,
        folder: place.folder,
        deadline,
        server,
        proxy,
    };
    let mut author = systems::client(system, place, run.proxy.addr(), false, deadline)?;
    let ids = run.push(&mut author, row, step)?;
    row.set("server_rss_mb", run.server.process.peak_mb());
    if system == System::Phone {
        row.stopped("first sync", "as huikuan");
        return Ok(());
    }
    let mut reader = systems::client(system, place, run.proxy.addr(), true, deadline)?;
    reader.ask(&json!({"do": "skip", "count": n + DELTAS}), deadline)?;
    run.first_sync(&mut reader, &ids, row, step)?;
    row.set("server_rss_mb", run.server.process.peak_mb());
    run.delta(&mut author, &mut reader, row, step)?;
    run.again(&mut author, &mut reader, row, step)?;
    row.set("server_rss_mb", run.server.process.peak_mb());
    Ok(())
}

impl Run<'_> {
    fn push(
        &mut self,
        author: &mut Process,
        row: &mut Row,
        step: &mut Step,
    ) -> Result<Value, Failure> {
        sync_disk(self.folder)?;
        let (bytes, cpu) = (self.proxy.bytes(), self.server.process.cpu());
        step.begin("push");
        let answer = author.ask(&json!({"do": "push", "count": self.n}), self.deadline)?;
        self.stored(self.n)?;
        sync_disk(self.folder)?;
        row.set("push_ms", step.ms());
        self.quiet()?;
        row.set("bytes_up", (self.proxy.bytes() - bytes) as f64);
        row.set("server_cpu_push_ms", self.server.process.cpu().since(&cpu));
        Ok(answer["ids"].clone())
    }

    fn first_sync(
        &mut self,
        reader: &mut Process,
        ids: &Value,
        row: &mut Row,
        step: &mut Step,
    ) -> Result<(), Failure> {
        let (bytes, cpu) = (self.proxy.bytes(), self.server.process.cpu());
        step.begin("first sync");
        reader.ask(&json!({"do": "first", "ids": ids}), self.deadline)?;
        row.set("first_sync_ms", step.ms());
        self.quiet()?;
        row.set("bytes_down", (self.proxy.bytes() - bytes) as f64);
        row.set(
            "server_cpu_first_sync_ms",
            self.server.process.cpu().since(&cpu),
        );
        if self.system.is_ours() {
            let visits = match self.system {
                System::Mix => (0..self.n).filter(|at| at % 10 < 6).count(),
                _ => self.n,
            };
            reader.ask(&json!({"do": "check", "visits": visits}), self.deadline)?;
        }
        Ok(())
    }

    fn delta(
        &mut self,
        author: &mut Process,
        reader: &mut Process,
        row: &mut Row,
        step: &mut Step,
    ) -> Result<(), Failure> {
        step.begin("delta");
        author.ask(&json!({"do": "stay"}), self.deadline)?;
        reader.ask(&json!({"do": "stay"}), self.deadline)?;
        self.quiet()?;
        let bytes = self.proxy.bytes();
        let cpu = [author.cpu(), reader.cpu(), self.server.process.cpu()];
        step.begin("delta");
        for made in 1..=DELTAS {
            let answer = author.ask(&json!({"do": "add"}), self.deadline)?;
            self.stored(self.n + made)?;
            reader.ask(&json!({"do": "get", "ids": answer["ids"]}), self.deadline)?;
        }
        row.set("delta_ms", step.ms() / DELTAS as f64);
        self.quiet()?;
        let now = [author.cpu(), reader.cpu(), self.server.process.cpu()];
        let used: f64 = now
            .iter()
            .zip(&cpu)
            .map(|(now, then)| now.since(then))
            .sum();
        row.set("delta_cpu_ms", used / DELTAS as f64);
        row.set(
            "delta_bytes",
            (self.proxy.bytes() - bytes) as f64 / DELTAS as f64,
        );
        Ok(())
    }

    fn again(
        &mut self,
        author: &mut Process,
        reader: &mut Process,
        row: &mut Row,
        step: &mut Step,
    ) -> Result<(), Failure> {
        step.begin("again");
        // The other stays out of it.
        author.ask(&json!({"do": "away"}), self.deadline)?;
        reader.ask(&json!({"do": "away"}), self.deadline)?;
        reader.ask(&json!({"do": "make"}), self.deadline)?;
        self.quiet()?;
        let bytes = self.proxy.bytes();
        let cpu = [reader.cpu(), self.server.process.cpu()];
        step.begin("again");
        reader.ask(&json!({"do": "back"}), self.deadline)?;
        self.stored(self.n + DELTAS + 1)?;
        let done = Instant::now();
        let last = self.quiet()?.max(done);
        row.set(
            "again_ms",
            last.duration_since(step.since).as_secs_f64() * 1_000.0,
        );
        let now = [reader.cpu(), self.server.process.cpu()];
        row.set(
            "again_cpu_ms",
            now.iter()
                .zip(&cpu)
                .map(|(now, then)| now.since(then))
                .sum(),
        );
        row.set("again_bytes", (self.proxy.bytes() - bytes) as f64);
        Ok(())
    }

    /// Waits until the server has stored so many. What ours has answered, it has stored.
    fn stored(&mut self, count: usize) -> Result<(), Failure> {
        if !self.system.is_ours() {
            let command = json!({"do": "stored", "count": count});
            self.server.process.ask(&command, self.deadline)?;
        }
        Ok(())
    }

    fn quiet(&self) -> Result<Instant, Failure> {
        self.proxy.quiet(REST, self.deadline).ok_or(Failure::Late)
    }
}

/// Brings what was written in a folder's file system to the disk.
fn sync_disk(folder: &Path) -> Result<(), Failure> {
    let ran = Command::new("sync").arg("-f").arg(folder).status()?;
    match ran.success() {
        true => Ok(()),
        false => Err(Failure::Said(format!("sync -f ended with {ran}"))),
    }
}
