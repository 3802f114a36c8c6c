//! The server in a process of its own: this program called with the server's command line.

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use tests::process::Process;

/// A server that listens, killed when dropped.
pub struct Server {
    process: Option<Process>,
    /// Where.
    pub addr: SocketAddr,
}

impl Server {
    /// Serves a data folder.
    pub fn start(data: &Path) -> Self {
        // Free a moment ago; nobody else takes ports from this range by number.
        let probe = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = probe.local_addr().unwrap();
        drop(probe);
        let port = addr.port().to_string();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("serve").arg("--data").arg(data);
        command.args(["--host", "127.0.0.1", "--port", &port]);
        let process = Some(Process::start(&mut command));
        let begun = Instant::now();
        while TcpStream::connect(addr).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(30),
                "the server does not listen"
            );
            thread::sleep(Duration::from_millis(10));
        }
        Self { process, addr }
    }

    /// Its origin.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Its number.
    pub fn id(&self) -> u32 {
        self.process.as_ref().map(Process::id).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            process.kill();
        }
    }
}
