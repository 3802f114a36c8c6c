//! The morning after a night without network: 1,000 phones come back in the same moment.
//!
//! Each is another salesperson's, with ten customers of their own, synced the evening before, and has 30
//! records of the mix in its outbox. The server is a process of its own (see `server`) on this machine.
//! Batches are made and signed beforehand; then all phones connect at once, each on a connection of its
//! own, send, and read their answer to its end; answers are checked afterwards, so that the sender takes
//! little processor time from the server, with which it shares the cores.
//!
//! - `morning_1000_phones_p50_ms`, `_p99_ms`, `_max_ms`: from that moment, the same for all, until a phone
//!   has its answer: connecting and waiting in line included. Then its records are durable, and its
//!   colleagues' news have come with the answer.
//! - `morning_server_rss_mb`: the most memory that the server process held, to the end.
//! - `morning_server_cpu_ms`, `morning_sender_cpu_ms`: processor time of the server, and of the sender.

use std::{
    fs,
    net::SocketAddr,
    time::{Duration, Instant},
};

use shared::{people::Role, sync::message::SyncResponse};
use tests::{
    device::{self, Device, Http},
    world::World,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{Figures, cpu::Cpu, median, ms, quantile, scratch, server::Server, wire};

const PHONES: usize = 1_000;
const CUSTOMERS: u32 = 10;
const RECORDS: usize = 30;
/// Nobody waits longer.
const PATIENCE: Duration = Duration::from_secs(60);

pub fn run(figures: &mut Figures) {
    let folder = scratch();
    let mut world = World::new(folder.path());
    let mut phones = Vec::new();
    for at in 0..PHONES {
        let rep = world.person(&format!("业务员{at}"), Role::Rep);
        let about = world.customers(&rep, CUSTOMERS, 1);
        phones.push((Device::new(world.author(&rep)), about));
    }
    drop(world);

    let server = Server::start(folder.path());
    let http = Http::new(&server.url());
    let mut requests = Vec::new();
    for (device, about) in &mut phones {
        http.exchange(device, &[]);
        let changes = wire::make(&mut device.author, about, RECORDS);
        let body = device.request(&changes).encode().unwrap();
        requests.push(http_request(&device.token, &body));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (cpu, server_ms) = (Cpu::now(), cpu_ms(server.id()));
    let answers = runtime.block_on(all_at_once(server.addr, requests));
    let sender_ms = cpu.elapsed_ms().0;
    let server_ms = cpu_ms(server.id()) - server_ms;
    let mut times = Vec::new();
    for answer in answers {
        let (took_ms, answer) = answer.unwrap();
        let answer = SyncResponse::decode(body_of(&answer)).unwrap();
        assert_eq!(device::acked(&answer), RECORDS, "every record is stored");
        assert!(!answer.more, "one round trip is enough");
        times.push(took_ms);
    }
    figures.add("morning_1000_phones_p50_ms", median(times.clone()), "ms");
    figures.add(
        "morning_1000_phones_p99_ms",
        quantile(times.clone(), 0.99),
        "ms",
    );
    figures.add("morning_1000_phones_max_ms", quantile(times, 1.0), "ms");
    figures.add("morning_server_rss_mb", peak_mb(server.id()), "MB");
    figures.add("morning_server_cpu_ms", server_ms, "ms");
    figures.add("morning_sender_cpu_ms", sender_ms, "ms");
}

fn http_request(token: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "POST /v1/sync HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// How long each took, in milliseconds, and what it was answered.
type Answered = Result<(f64, Vec<u8>), String>;

async fn all_at_once(server: SocketAddr, requests: Vec<Vec<u8>>) -> Vec<Answered> {
    let begun = Instant::now();
    let calls: Vec<_> = requests
        .into_iter()
        .map(|request| tokio::spawn(call(server, request, begun)))
        .collect();
    let mut answers = Vec::with_capacity(calls.len());
    for call in calls {
        answers.push(call.await.unwrap());
    }
    answers
}

async fn call(server: SocketAddr, request: Vec<u8>, begun: Instant) -> Answered {
    let exchange = async {
        let mut stream = TcpStream::connect(server).await?;
        stream.write_all(&request).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    match tokio::time::timeout(PATIENCE, exchange).await {
        Ok(Ok(answer)) => Ok((ms(begun), answer)),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("no answer".to_owned()),
    }
}

/// The body of an answer that ends with its connection.
fn body_of(answer: &[u8]) -> &[u8] {
    assert!(
        answer.starts_with(b"HTTP/1.1 200"),
        "{}",
        String::from_utf8_lossy(answer)
    );
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    &answer[end + 4..]
}

/// Processor time of all threads that the process ever had, in steps of 10 ms (`/proc/<pid>/stat`).
fn cpu_ms(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields = stat.rsplit(')').next().unwrap().split_whitespace();
    let ticks: f64 = fields
        .skip(11)
        .take(2)
        .map(|f| f.parse::<f64>().unwrap())
        .sum();
    ticks * 10.0
}

fn peak_mb(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let peak = status
        .lines()
        .find_map(|l| l.strip_prefix("VmHWM:"))
        .unwrap();
    let kb: f64 = peak.split_whitespace().next().unwrap().parse().unwrap();
    kb / 1_024.0
}
