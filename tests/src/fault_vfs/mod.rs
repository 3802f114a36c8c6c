//! Disks that fail, for SQLite: files in memory behind a VFS of its own, and faults drawn from a seed.
//!
//! Every file has what is durable and what was written and not flushed. A power cut drops or keeps each
//! unflushed change at random and may tear one; a killed process loses nothing of them but what it was
//! about to write. Writes fall short, flushes fail, room runs out, the machine stops at any write or
//! flush. A phone's stores open on a [`Disk`] as [`Files`](app::replica::host::Files), the server's by
//! [`Disk::open_store`].
//!
//! ```
//! use tests::fault_vfs::{Crash, Disk, Faults};
//! let disk = Disk::new(7);
//! let db = disk.open("a.db").unwrap();
//! db.execute_batch("CREATE TABLE t (n); INSERT INTO t VALUES (1)").unwrap();
//! disk.set_faults(Faults { crash_at: Some((2, Crash::PowerLoss)), ..Faults::default() });
//! assert!(db.execute_batch("INSERT INTO t VALUES (2)").is_err());
//! drop(db);
//! disk.power_on();
//! let db = disk.open("a.db").unwrap();
//! let sum: i64 = db.query_row("SELECT sum(n) FROM t", [], |row| row.get(0)).unwrap();
//! assert_eq!(sum, 1);
//! assert_eq!(disk.struck().power_cuts_at_a_step, 1);
//! ```

mod faults;
mod ffi;
mod ffi_file;
mod file;
mod hosts;
mod locks;
mod shm;
mod state;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, OpenFlags};

pub use faults::{Crash, Faults, Struck};
use file::File;
use state::State;

/// A disk. Cheap to clone: all clones are the same disk.
#[derive(Clone, Debug)]
pub struct Disk(Arc<Inner>);

/// All files of a disk as they were at a moment, seen through the cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot(BTreeMap<String, Vec<u8>>);

/// The disk itself.
#[derive(Debug)]
struct Inner {
    number: u64,
    state: Mutex<State>,
}

impl Inner {
    fn new(number: u64, seed: u64) -> Self {
        Self {
            number,
            state: Mutex::new(State::new(seed)),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        ffi::unplug(self.number);
    }
}

impl Disk {
    /// An empty disk on which nothing fails yet. The seed decides what a power cut leaves.
    pub fn new(seed: u64) -> Self {
        Self(ffi::plug_in(|number| Inner::new(number, seed)))
    }

    /// Another disk with the same files: a copied phone, a restored backup on a new machine.
    pub fn from_snapshot(seed: u64, snapshot: &Snapshot) -> Self {
        let disk = Self::new(seed);
        disk.0.state().files = snapshot.files();
        disk
    }

    /// The path of a file by which SQLite's file system `fault` finds it.
    pub fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/{}/{name}", self.0.number))
    }

    /// Opens a database, making it if it is not there. Several connections may have the same one open.
    pub fn open(&self, name: &str) -> rusqlite::Result<Connection> {
        self.open_with(name, OpenFlags::default())
    }

    /// The same with flags of SQLite.
    pub fn open_with(&self, name: &str, flags: OpenFlags) -> rusqlite::Result<Connection> {
        Connection::open_with_flags_and_vfs(self.path(name), flags, ffi::NAME)
    }

    /// What shall go wrong from now on, in place of what was set before.
    pub fn set_faults(&self, faults: Faults) {
        self.0.state().set_faults(faults);
    }

    /// Nothing shall go wrong any more.
    pub fn no_faults(&self) {
        self.set_faults(Faults::default());
    }

    /// The machine stops now. Connections that are open fail at whatever they do from now on, for ever;
    /// nothing can be opened before [`Disk::power_on`].
    pub fn crash(&self, crash: Crash) {
        self.0.state().stop(crash);
    }

    /// [`Disk::crash`] by a power cut.
    pub fn pull_the_plug(&self) {
        self.crash(Crash::PowerLoss);
    }

    /// The machine runs again, and no fault is set.
    pub fn power_on(&self) {
        let mut state = self.0.state();
        state.set_faults(Faults::default());
        state.running = true;
    }

    /// Has it stopped (by [`Disk::crash`] or a fault) and not been started again?
    pub fn is_stopped(&self) -> bool {
        !self.0.state().running
    }

    /// All files as programs see them now.
    pub fn snapshot(&self) -> Snapshot {
        let state = self.0.state();
        let files = state.files.iter();
        Snapshot(
            files
                .map(|(name, file)| (name.clone(), file.now.clone()))
                .collect(),
        )
    }

    /// Puts all files back to what they were, durably; open connections are dead, the machine runs.
    pub fn restore(&self, snapshot: &Snapshot) {
        self.0.state().replace(snapshot.files());
    }

    /// Takes a file away that nobody has open.
    pub fn remove(&self, name: &str) {
        self.0.state().files.remove(name);
    }

    /// What really struck so far.
    pub fn struck(&self) -> Struck {
        self.0.state().struck
    }

    /// Writes, changes of length, flushes and removals so far.
    pub fn steps(&self) -> u64 {
        self.0.state().steps
    }

    /// Bytes that its files take.
    pub fn used(&self) -> u64 {
        self.0.state().used()
    }

    /// Is there something that a power cut could take away?
    pub fn has_unflushed(&self) -> bool {
        self.0.state().files.values().any(File::is_dirty)
    }

    /// Names of the files.
    pub fn names(&self) -> Vec<String> {
        self.0.state().files.keys().cloned().collect()
    }
}

impl Snapshot {
    fn files(&self) -> BTreeMap<String, File> {
        let durable =
            |(name, bytes): (&String, &Vec<u8>)| (name.clone(), File::durable(bytes.clone()));
        self.0.iter().map(durable).collect()
    }

    /// The bytes of a file.
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// Puts a file in, in place of what was there under its name.
    pub fn put(&mut self, name: &str, bytes: Vec<u8>) {
        self.0.insert(name.to_owned(), bytes);
    }

    /// Takes a file out.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Names of the files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Bytes in all.
    pub fn bytes(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }
}
