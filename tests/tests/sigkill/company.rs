//! A company of processes: a server on a folder, phones on folders of their own, what each phone was
//! told, and the check of copies of their files while they are dead.

use std::{
    collections::BTreeSet,
    fs,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::Command,
};

use app::replica::{host_native::Folder, store::open_store};
use rusqlite::Connection;
use shared::{customer::Customer, invoice::Invoice, people::Role};
use sync_server::store::{Store, StoreError, ledger};
use tempfile::TempDir;
use tests::{process::Process, world::World};

/// Phones of the company.
pub const PHONES: usize = 2;

/// A phone, running or not, and what its owner was told.
#[derive(Default)]
struct Phone {
    process: Option<Process>,
    saved: BTreeSet<String>,
    synced: BTreeSet<String>,
    lives: u64,
}

impl Phone {
    /// Takes note of what a life of the phone told, in order.
    fn hear(&mut self, lines: &[String]) {
        for line in lines {
            match line.split_once(' ') {
                Some(("saved", record)) if record.len() == 64 => {
                    self.saved.insert(record.to_owned());
                }
                None if line == "synced" => self.synced = self.saved.clone(),
                _ => {}
            }
        }
    }
}

/// The company.
pub struct Company {
    folder: TempDir,
    seed: u64,
    port: u16,
    server: Option<Process>,
    phones: [Phone; PHONES],
}

impl Company {
    /// Sets one up: people, customers, and their phones signed in.
    pub fn begin(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("server");
        fs::create_dir_all(&data).unwrap();
        let mut world = World::begin(Store::open(&data).unwrap(), "CNY");
        let mut codes = Vec::new();
        for n in 0..PHONES {
            let rep = world.person(&format!("销售{n}"), Role::Rep);
            let books: Vec<(Customer, Invoice)> = world.customers(&rep, 5, 1);
            let text = serde_json::to_vec(&books).unwrap();
            fs::write(folder.path().join(format!("books-{n}.json")), text).unwrap();
            codes.push(world.code(&rep));
        }
        drop(world);
        // The phones know the server by its port: it must come back on the same one.
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut company = Self {
            folder,
            seed,
            port,
            server: None,
            phones: Default::default(),
        };
        company.start_server();
        for (n, code) in codes.iter().enumerate() {
            // Until the server listens, signing in fails and nothing is used up.
            let enrolled = (0..100).any(|_| {
                let phone = Process::start(company.phone(n, "enrol").arg(code));
                let (status, lines) = phone.wait();
                company.phones[n].hear(&lines);
                status.success()
            });
            assert!(enrolled, "phone {n} cannot sign in");
        }
        company
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    fn phone_folder(&self, n: usize) -> PathBuf {
        self.folder.path().join(format!("phone-{n}"))
    }

    fn phone(&self, n: usize, order: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_field-phone"));
        let seed = self
            .seed
            .wrapping_add(self.phones[n].lives * 1_000 + n as u64);
        command
            .arg(self.phone_folder(n))
            .arg(format!("http://127.0.0.1:{}", self.port))
            .arg(self.folder.path().join(format!("books-{n}.json")))
            .arg(seed.to_string())
            .arg(order);
        command
    }

    fn start_server(&mut self) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ledger-server"));
        command
            .args(["serve", "--port", &self.port.to_string(), "--data"])
            .arg(self.data());
        self.server = Some(Process::start(&mut command));
    }

    /// Whoever is dead lives again.
    pub fn work(&mut self) {
        if self.server.is_none() {
            self.start_server();
        }
        for n in 0..PHONES {
            if self.phones[n].process.is_none() {
                self.phones[n].lives += 1;
                let phone = Process::start(&mut self.phone(n, "work"));
                self.phones[n].process = Some(phone);
            }
        }
    }

    /// Kills a phone and looks at what it left.
    pub fn kill_phone(&mut self, n: usize, why: &str) {
        let Some(mut process) = self.phones[n].process.take() else {
            return;
        };
        assert!(!process.has_ended(), "{why}: phone {n} ended by itself");
        let lines = process.kill();
        self.phones[n].hear(&lines);
        self.check_phone(n, why);
    }

    /// Kills the server and looks at what it left.
    pub fn kill_server(&mut self, why: &str) {
        let Some(mut process) = self.server.take() else {
            return;
        };
        assert!(!process.has_ended(), "{why}: the server ended by itself");
        process.kill();
        self.check_server(why);
    }

    /// Everybody sends all that waits; then both sides hold the same. Gives how many records were said to
    /// be saved, and synced.
    pub fn end(mut self, why: &str) -> (u64, u64) {
        for n in 0..PHONES {
            self.kill_phone(n, why);
        }
        let mut all = BTreeSet::new();
        for n in 0..PHONES {
            let (status, lines) = Process::start(&mut self.phone(n, "drain")).wait();
            assert!(status.success(), "{why}: phone {n} cannot send what waits");
            self.phones[n].hear(&lines);
            all.extend(self.check_phone(n, why));
        }
        self.kill_server(why);
        let held = self.check_server(why);
        assert_eq!(held, all, "{why}: phones and server hold the same records");
        self.check_photos(why);
        let count = |of: fn(&Phone) -> usize| self.phones.iter().map(of).sum::<usize>() as u64;
        (count(|p| p.saved.len()), count(|p| p.synced.len()))
    }

    /// What was told is there; the database is whole; nothing that the server acknowledged waits. Gives
    /// the records of the phone's owner.
    fn check_phone(&self, n: usize, why: &str) -> BTreeSet<String> {
        let copy = copy_of(&self.phone_folder(n));
        let names = fs::read_dir(copy.path()).unwrap().flatten();
        let mut stores = names
            .filter_map(|e| e.file_name().into_string().ok())
            .filter(|name| name.starts_with("person-") && name.ends_with(".db"));
        let name = stores.next().unwrap();
        assert_eq!(
            stores.next(),
            None,
            "{why}: phone {n}: a store was set aside"
        );
        let db = open_store(&Folder(copy.path().to_owned()), &name).unwrap();
        assert_whole(&db, why);
        let phone = &self.phones[n];
        let here = ids(&db, "SELECT hex(id) FROM document WHERE mine = 1");
        let lost: Vec<_> = phone.saved.difference(&here).collect();
        assert!(lost.is_empty(), "{why}: phone {n} lost {lost:?}");
        let waiting = ids(&db, "SELECT hex(document) FROM outbox");
        let again: Vec<_> = phone.synced.intersection(&waiting).collect();
        assert!(again.is_empty(), "{why}: phone {n} sends again {again:?}");
        let stray = ids(
            &db,
            "SELECT hex(hash) FROM change WHERE own = 1 AND state = 'waiting'
               AND hash NOT IN (SELECT hash FROM outbox)",
        );
        assert!(
            stray.is_empty(),
            "{why}: phone {n} will never send {stray:?}"
        );
        ids(&db, "SELECT hex(id) FROM document")
    }

    /// What phones were told is in the ledger is there, and the whole ledger verifies. Gives its records.
    fn check_server(&self, why: &str) -> BTreeSet<String> {
        let copy = copy_of(&self.data());
        let store = Store::open(copy.path()).unwrap_or_else(|e| panic!("{why}: {e}"));
        let report = store.read(ledger::check).unwrap();
        assert_eq!(report.problems, Vec::<String>::new(), "{why}");
        let read = |conn: &Connection| -> Result<_, StoreError> {
            assert_whole(conn, why);
            let wrong = "SELECT kind || ' ' || subject FROM exception
                WHERE kind IN ('number_gap', 'number_reused', 'promise_replaced_twice')";
            assert_eq!(ids(conn, wrong), BTreeSet::new(), "{why}");
            Ok(ids(conn, "SELECT hex(id) FROM document"))
        };
        let held = store.read(read).unwrap();
        for (n, phone) in self.phones.iter().enumerate() {
            let lost: Vec<_> = phone.synced.difference(&held).collect();
            assert!(
                lost.is_empty(),
                "{why}: of phone {n} the server lost {lost:?}"
            );
        }
        held
    }

    /// Every photo that a record names is there, with the bytes of its name.
    fn check_photos(&self, why: &str) {
        let db = Connection::open(self.data().join("company.db")).unwrap();
        let photos = ids(&db, "SELECT hex(hash) FROM attachment_ref");
        let arrived = ids(&db, "SELECT hex(hash) FROM attachment WHERE complete = 1");
        assert_eq!(
            photos, arrived,
            "{why}: photos of records and those that have arrived"
        );
        for photo in photos {
            let path = self
                .data()
                .join("attachments")
                .join(&photo[..2])
                .join(&photo);
            let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{why}: {photo}: {e}"));
            let hash = app::replica::store::attachments::hash_of(&bytes).unwrap();
            assert_eq!(hash.to_string(), photo, "{why}");
        }
    }
}

/// Copies of the database files of a folder: what a dead process left, without recovering it in place of
/// the process that comes after.
fn copy_of(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name();
        let text = name.to_string_lossy();
        if text.ends_with(".db") || text.ends_with("-wal") || text.ends_with("-journal") {
            fs::copy(entry.path(), copy.path().join(&name)).unwrap();
        }
    }
    copy
}

fn assert_whole(db: &Connection, why: &str) {
    let sql = "PRAGMA integrity_check";
    let said: String = db.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(said, "ok", "{why}");
}

fn ids(db: &Connection, sql: &str) -> BTreeSet<String> {
    let mut statement = db.prepare(sql).unwrap();
    let found = statement
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap();
    found.map(|id| id.unwrap().to_lowercase()).collect()
}
