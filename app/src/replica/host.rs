//! What the replica stands on: files for its stores, clock, entropy, network.

use std::rc::Rc;

use futures::future::LocalBoxFuture;
use rusqlite::Connection;

use crate::platform::{clock::Clock, entropy::Entropy, network::Network};

/// The edge as the replica sees it.
#[derive(Clone)]
pub struct Host {
    /// Files of the stores.
    pub files: Rc<dyn Files>,
    /// The time.
    pub clock: Rc<dyn Clock>,
    /// Randomness.
    pub entropy: Rc<dyn Entropy>,
    /// HTTP.
    pub network: Rc<dyn Network>,
    /// Which build of the app this is; what one has laid ready no other reads. None: nothing is laid ready.
    pub build: Option<String>,
    /// The server of the page, for people who give no other; empty natively.
    pub origin: String,
}

/// SQLite files by name, in a folder or in the browser's private file system.
pub trait Files {
    /// Makes room for this many more files; needed before a file is made.
    fn reserve(&self, files: usize) -> LocalBoxFuture<'static, Result<(), String>>;
    /// Opens a file, making it if it is not there.
    fn open(&self, name: &str) -> rusqlite::Result<Connection>;
    /// Names of the files that are there.
    fn names(&self) -> Vec<String>;
}
