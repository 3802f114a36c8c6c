//! The systems and how each is started, in the set-up that its own documentation recommends.

use std::{
    fs::{self, File},
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    company::Company,
    process::{Failure, Process},
};

/// One that is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Ours: plain visits from a client in memory, a phone on disk that gets them.
    Visits,
    /// Ours, with the mix: 60 % visits, 10 % signed promises, 30 % signed receipts.
    Mix,
    /// Ours: the phone pushes, having saved every record durably by itself.
    Phone,
    /// samod, a crate.
    Samod,
    /// Packages of npm, by the name of their drivers in `tests/peers`.
    Npm(&'static str),
}

/// In the order of the table.
pub fn all() -> Vec<System> {
    vec![
        System::Visits,
        System::Phone,
        System::Mix,
        System::Npm("pouchdb"),
        System::Npm("yjs"),
        System::Samod,
        System::Npm("automerge-repo"),
    ]
}

impl System {
    /// Name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Visits => "huikuan",
            Self::Mix => "huikuan-mix",
            Self::Phone => "huikuan-phone",
            Self::Samod => "samod",
            Self::Npm(name) => name,
        }
    }

    /// Is it ours?
    pub fn is_ours(self) -> bool {
        matches!(self, Self::Visits | Self::Mix | Self::Phone)
    }

    /// What runs, with versions.
    pub fn set_up(self) -> String {
        let npm =
            |package: &str| npm_version(package).unwrap_or_else(|| "not installed".to_owned());
        match self {
            Self::Visits => "sync-server on SQLite (WAL, synchronous=FULL); push from a client in \
                memory, first sync and delta into the phone's store on disk (open matters whole, closed ones \
                as digests, the rest on demand); HTTP, token, signed batches"
                .to_owned(),
            Self::Mix => "the same with 60 % visits, 10 % signed promises, 30 % signed receipts, \
                posted to the ledger"
                .to_owned(),
            Self::Phone => "push from the phone's store on disk: every record saved durably by itself, \
                then synced"
                .to_owned(),
            Self::Samod => {
                "samod 0.16.0, TCP; TokioFilesystemStorage, announce off at the server".to_owned()
            }
            Self::Npm("pouchdb") => format!(
                "PouchDB {}, client in memory; express-pouchdb {} (minimumForPouchDB) with PouchDB {} on \
                 LevelDB; delta by live sync",
                npm("pouchdb"),
                npm("express-pouchdb"),
                npm("pouchdb-731")
            ),
            Self::Npm("yjs") => format!(
                "Yjs {}, y-websocket {}, @y/websocket-server {} with YPERSISTENCE (LevelDB); a room and \
                 hence a connection for each record, 48 at a time",
                npm("yjs"),
                npm("y-websocket"),
                npm("@y/websocket-server")
            ),
            Self::Npm(_) => format!(
                "automerge-repo {}, Automerge {}, WebSocketServerAdapter, NodeFSStorageAdapter, announce \
                 off at the server",
                npm("@automerge/automerge-repo"),
                npm("@automerge/automerge")
            ),
        }
    }
}

/// What a run works on.
pub struct Place<'a> {
    /// Scratch folder; the server's data are in `data`.
    pub folder: &'a Path,
    /// What our clients are told.
    pub company: &'a Path,
    /// What the peers' clients are told.
    pub records: &'a Path,
}

impl Place<'_> {
    /// The server's data.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }
}

/// A server that listens.
pub struct Server {
    /// Its process.
    pub process: Process,
    /// Where.
    pub addr: SocketAddr,
}

/// Writes what clients are told, and the company that our server begins with.
pub fn prepare(place: &Place<'_>, records: usize) -> Result<(), Failure> {
    let company = Company::make(&place.data());
    let json = |value| serde_json::to_vec(value).map_err(|e| Failure::Said(e.to_string()));
    fs::write(
        place.company,
        serde_json::to_vec(&company).unwrap_or_default(),
    )?;
    fs::write(place.records, json(&Value::Array(company.plain(records)))?)?;
    Ok(())
}

/// Starts a system's server on a folder and waits until it listens.
pub fn server(system: System, place: &Place<'_>, deadline: Instant) -> Result<Server, Failure> {
    if system.is_ours() {
        return our_server(place, deadline);
    }
    // What was made there is for ours alone.
    let data = place.folder.join("peer");
    fs::create_dir_all(&data)?;
    let mut command = match system {
        System::Samod => samod("server"),
        _ => node(system, "server"),
    };
    let process = Process::start(command.arg(&data), errors()?)?;
    let ready = process.answer(deadline)?;
    let port = ready["ready"].as_u64().and_then(|p| u16::try_from(p).ok());
    let port = port.ok_or_else(|| Failure::Said(format!("no port: {ready}")))?;
    let addr = SocketAddr::from(([127, 0, 0, 1], port));
    Ok(Server { process, addr })
}

fn our_server(place: &Place<'_>, deadline: Instant) -> Result<Server, Failure> {
    // Free a moment ago; nobody else takes ports from this range by number.
    let addr = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut command = Command::new(sync_server()?);
    command.arg("serve").arg("--data").arg(place.data()).args([
        "--host",
        "127.0.0.1",
        "--port",
        &addr.port().to_string(),
    ]);
    let process = Process::start(&mut command, errors()?)?;
    while TcpStream::connect(addr).is_err() {
        if Instant::now() > deadline {
            return Err(Failure::Said("the server does not listen".to_owned()));
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(Server { process, addr })
}

/// Starts a client and waits until it is connected. `second` is the one that gets what the first pushed.
pub fn client(
    system: System,
    place: &Place<'_>,
    proxy: SocketAddr,
    second: bool,
    deadline: Instant,
) -> Result<Process, Failure> {
    let mut command = match system {
        System::Samod => samod("client"),
        System::Npm(_) => node(system, "client"),
        _ => Command::new(std::env::current_exe()?),
    };
    match system {
        System::Phone => command.args(["phone", "synced"]).arg(place.company),
        System::Visits | System::Mix if second => command.args(["phone", "new"]).arg(place.company),
        System::Visits => command.args(["client", "visits"]).arg(place.company),
        System::Mix => command.args(["client", "mix"]).arg(place.company),
        System::Samod | System::Npm(_) => command.env("PEERS_RECORDS", place.records),
    };
    let process = Process::start(command.arg(proxy.to_string()), errors()?)?;
    process.answer(deadline)?;
    Ok(process)
}

fn node(system: System, role: &str) -> Command {
    let driver = peers().join(format!("{}-{role}.mjs", system.name()));
    let mut command = Command::new("node");
    command.arg(driver).env("NODE_ENV", "production");
    command
}

fn samod(role: &str) -> Command {
    let built = std::env::var_os("SAMOD_PEER").map_or_else(
        || tests::workspace().join("target/samod/release/samod-peer"),
        PathBuf::from,
    );
    let mut command = Command::new(built);
    command.arg(role);
    command
}

/// Our server's program: this one, called with the server's command line; or another.
fn sync_server() -> io::Result<PathBuf> {
    match std::env::var_os("HUIKUAN_SERVER") {
        Some(other) => Ok(other.into()),
        None => std::env::current_exe(),
    }
}

fn peers() -> PathBuf {
    tests::workspace().join("tests/peers")
}

/// Where programs print what goes wrong.
fn errors() -> io::Result<File> {
    File::options()
        .create(true)
        .append(true)
        .open(crate::bench_folder().join("peers.log"))
}

fn npm_version(package: &str) -> Option<String> {
    let path = peers()
        .join("node_modules")
        .join(package)
        .join("package.json");
    let json: Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    Some(json["version"].as_str()?.to_owned())
}
