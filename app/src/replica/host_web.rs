//! The host in a Web Worker: SQLite over a pool of OPFS sync access handles, one tab at a time.

use std::{cell::RefCell, rc::Rc};

use futures::{StreamExt, channel::mpsc, future::LocalBoxFuture};
use rusqlite::Connection;
use sqlite_wasm_rs::vfs::VfsFilesManager;
use sqlite_wasm_vfs::sahpool::{OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};
use wasm_bindgen::prelude::*;

use super::{
    api::ReplicaFailure,
    host::{Files, Host},
    service::{Gate, How},
};
use crate::platform::{clock::SystemClock, entropy::SystemEntropy, network_http::HttpNetwork, web};

/// Folder of the pool in the origin's private file system.
const DIRECTORY: &str = ".huikuan";
/// A reload or the tab that lost the stores may hold the handles for a moment.
const TRIES: u32 = 60;
const TRY_EVERY_MS: u32 = 50;
/// Before another tab is said to own the stores: the page that was just left needs time to go.
const OWN_TRIES: u32 = 20;

/// Files in the pool.
struct Pool(OpfsSAHPoolUtil);

impl Files for Pool {
    fn reserve(&self, files: usize) -> LocalBoxFuture<'static, Result<(), String>> {
        let pool = self.0.clone();
        Box::pin(async move {
            let used = pool.len().map_err(|e| e.to_string())?;
            // Beside each store its journal.
            pool.ensure_capacity(used + 2 * files + 2)
                .await
                .map_err(|e| e.to_string())
        })
    }

    fn open(&self, name: &str) -> rusqlite::Result<Connection> {
        Connection::open(name)
    }

    fn names(&self) -> Vec<String> {
        let names = self.0.names().unwrap_or_default();
        let bare = names
            .into_iter()
            .map(|n| n.trim_start_matches('/').to_owned());
        bare.collect()
    }
}

/// Web Locks let one tab own the pool.
pub struct PoolGate {
    pool: RefCell<Option<OpfsSAHPoolUtil>>,
    lost: Closure<dyn FnMut()>,
    losses: RefCell<Option<mpsc::UnboundedReceiver<()>>>,
}

impl Default for PoolGate {
    fn default() -> Self {
        let (sender, losses) = mpsc::unbounded();
        Self {
            pool: RefCell::default(),
            lost: Closure::new(move || {
                // Heard by `lost` for as long as the gate lives.
                let _ = sender.unbounded_send(());
            }),
            losses: RefCell::new(Some(losses)),
        }
    }
}

impl Gate for PoolGate {
    async fn own(&self, how: How) -> bool {
        match how {
            How::Wait => web::own_store("wait", &self.lost).await,
            How::Steal => web::own_store("steal", &self.lost).await,
            How::Try => {
                for _ in 0..OWN_TRIES {
                    if web::own_store("try", &self.lost).await {
                        return true;
                    }
                    web::sleep(TRY_EVERY_MS).await;
                }
                false
            }
        }
    }

    async fn lost(&self) {
        let Some(mut losses) = self.losses.borrow_mut().take() else {
            return std::future::pending().await;
        };
        let _ = losses.next().await;
        *self.losses.borrow_mut() = Some(losses);
    }

    async fn host(&self) -> Result<Host, ReplicaFailure> {
        let known = self.pool.borrow().clone();
        let pool = match known {
            Some(pool) => resumed(pool).await?,
            None => installed().await?,
        };
        *self.pool.borrow_mut() = Some(pool.clone());
        Ok(Host {
            build: Some(web::build()).filter(|build| !build.is_empty()),
            files: Rc::new(Pool(pool)),
            clock: Rc::new(SystemClock),
            entropy: Rc::new(SystemEntropy),
            network: Rc::new(HttpNetwork::new()),
            origin: web::origin(),
        })
    }

    fn release(&self) {
        if let Some(pool) = self.pool.borrow().as_ref() {
            // If a file is still open the handles go with the worker.
            let _ = pool.pause();
        }
    }
}

async fn installed() -> Result<OpfsSAHPoolUtil, ReplicaFailure> {
    let options = OpfsSAHPoolCfgBuilder::new()
        .vfs_name("opfs-sahpool")
        .directory(DIRECTORY)
        .initial_capacity(8)
        .build();
    let mut trouble = String::new();
    for _ in 0..TRIES {
        match install::<sqlite_wasm_rs::WasmOsCallback>(&options, true).await {
            Ok(pool) => return Ok(pool),
            Err(error) => trouble = error.to_string(),
        }
        web::sleep(TRY_EVERY_MS).await;
    }
    Err(unavailable(trouble))
}

async fn resumed(pool: OpfsSAHPoolUtil) -> Result<OpfsSAHPoolUtil, ReplicaFailure> {
    let mut trouble = String::new();
    for _ in 0..TRIES {
        match pool.resume().await {
            Ok(()) => return Ok(pool),
            Err(error) => trouble = error.to_string(),
        }
        web::sleep(TRY_EVERY_MS).await;
    }
    Err(unavailable(trouble))
}

fn unavailable(detail: String) -> ReplicaFailure {
    ReplicaFailure {
        code: "store.unavailable".into(),
        detail,
    }
}
