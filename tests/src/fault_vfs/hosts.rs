//! The disk in the product's terms: files of a phone's replica, the folder of a server's ledger.

use std::path::Path;

use app::{platform::LocalBoxFuture, replica::host::Files};
use rusqlite::Connection;
use sync_server::store::{Store, StoreError};

use super::Disk;

impl Files for Disk {
    fn reserve(&self, _files: usize) -> LocalBoxFuture<'static, Result<(), String>> {
        let stopped = self.is_stopped();
        Box::pin(async move {
            match stopped {
                true => Err("the machine has stopped".to_owned()),
                false => Ok(()),
            }
        })
    }

    fn open(&self, name: &str) -> rusqlite::Result<Connection> {
        Self::open(self, name)
    }

    fn names(&self) -> Vec<String> {
        Self::names(self)
    }
}

impl Disk {
    /// Opens the server's ledger on this disk. `folder` is where attachments would go: these stay in
    /// real files, and the folder need not exist where there are none.
    pub fn open_store(&self, folder: &Path) -> Result<Store, StoreError> {
        let disk = self.clone();
        Store::open_with(folder, move |name, flags| disk.open_with(name, flags))
    }
}
