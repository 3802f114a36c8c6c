//! The host natively: a folder, the system's clock and entropy, HTTP over the network.

use std::{path::PathBuf, rc::Rc};

use futures::future::LocalBoxFuture;
use rusqlite::Connection;

use super::{
    api::ReplicaFailure,
    host::{Files, Host},
    service::{Gate, How},
};
use crate::platform::{clock::SystemClock, entropy::SystemEntropy, network_http::HttpNetwork};

/// SQLite files in a folder.
pub struct Folder(pub PathBuf);

impl Files for Folder {
    fn reserve(&self, _files: usize) -> LocalBoxFuture<'static, Result<(), String>> {
        let made = std::fs::create_dir_all(&self.0).map_err(|e| e.to_string());
        Box::pin(async { made })
    }

    fn open(&self, name: &str) -> rusqlite::Result<Connection> {
        Connection::open(self.0.join(name))
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        entries
            .filter_map(|e| e.file_name().into_string().ok())
            .collect()
    }
}

/// A folder has one owner: whoever has its files open in SQLite's exclusive mode. A second process
/// fails when it opens, with `store.owned_elsewhere`.
pub struct FolderGate(PathBuf);

impl FolderGate {
    /// For the stores in this folder.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }
}

impl Gate for FolderGate {
    async fn own(&self, _how: How) -> bool {
        true
    }

    async fn lost(&self) {
        std::future::pending().await
    }

    async fn host(&self) -> Result<Host, ReplicaFailure> {
        Ok(Host {
            build: None,
            files: Rc::new(Folder(self.0.clone())),
            clock: Rc::new(SystemClock),
            entropy: Rc::new(SystemEntropy),
            network: Rc::new(HttpNetwork::new()),
            origin: String::new(),
        })
    }

    fn release(&self) {}
}
