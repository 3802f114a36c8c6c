//! A proxy for TCP that counts the bytes of either direction, as a program sees them (all of HTTP and
//! WebSocket, without the headers of TCP and IP).

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Enough for a copying thread.
const STACK_BYTES: usize = 128 << 10;
const BUFFER_BYTES: usize = 64 << 10;

/// Stands between clients and one server until it is dropped.
pub struct Proxy {
    addr: SocketAddr,
    counted: Arc<Counted>,
}

struct Counted {
    since: Instant,
    bytes: AtomicU64,
    /// When the last byte passed, in microseconds since `since`.
    last_us: AtomicU64,
    ended: AtomicBool,
}

impl Proxy {
    /// Listens on a free port.
    pub fn start(server: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let addr = listener.local_addr()?;
        let counted = Arc::new(Counted {
            since: Instant::now(),
            bytes: AtomicU64::new(0),
            last_us: AtomicU64::new(0),
            ended: AtomicBool::new(false),
        });
        let counts = counted.clone();
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if counts.ended.load(Ordering::Relaxed) {
                    break;
                }
                // What cannot be passed on is closed, as by a server that is gone.
                let _ = pass_on(client, server, &counts);
            }
        });
        Ok(Self { addr, counted })
    }

    /// Where clients connect.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Bytes of both directions so far.
    pub fn bytes(&self) -> u64 {
        self.counted.bytes.load(Ordering::Relaxed)
    }

    /// Waits until nothing has passed for `rest`; gives when the last byte did.
    pub fn quiet(&self, rest: Duration, deadline: Instant) -> Option<Instant> {
        loop {
            let last = self.counted.since
                + Duration::from_micros(self.counted.last_us.load(Ordering::Relaxed));
            if last.elapsed() >= rest {
                return Some(last);
            }
            if Instant::now() >= deadline {
                return None;
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.counted.ended.store(true, Ordering::Relaxed);
        // Wakes the listener.
        let _ = TcpStream::connect(self.addr);
    }
}

fn pass_on(client: TcpStream, server: SocketAddr, counted: &Arc<Counted>) -> io::Result<()> {
    let server = TcpStream::connect(server)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let ways = [(client.try_clone()?, server.try_clone()?), (server, client)];
    for (from, to) in ways {
        let counted = counted.clone();
        thread::Builder::new()
            .stack_size(STACK_BYTES)
            .spawn(move || copy(from, to, &counted))?;
    }
    Ok(())
}

fn copy(mut from: TcpStream, mut to: TcpStream, counted: &Counted) {
    let mut buffer = vec![0; BUFFER_BYTES];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        counted.bytes.fetch_add(n as u64, Ordering::Relaxed);
        let now_us = counted.since.elapsed().as_micros() as u64;
        counted.last_us.fetch_max(now_us, Ordering::Relaxed);
        if buffer
            .get(..n)
            .is_none_or(|part| to.write_all(part).is_err())
        {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
    let _ = from.shutdown(Shutdown::Read);
}
