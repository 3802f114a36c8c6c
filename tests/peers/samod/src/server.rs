//! The sync server: keeps documents in files and announces none of its own.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use samod::{
    PeerId, Repo, ShareConfig,
    storage::{Storage, StorageKey, TokioFilesystemStorage},
};
use serde_json::json;
use tokio::{net::TcpListener, sync::watch};

use crate::{Result, commands, number, reply, say};

/// The storage of the crate; it only counts the documents that have been written.
#[derive(Clone)]
struct Counted {
    files: TokioFilesystemStorage,
    stored: Arc<watch::Sender<BTreeSet<String>>>,
}

impl Storage for Counted {
    async fn load(&self, key: StorageKey) -> Option<Vec<u8>> {
        self.files.load(key).await
    }

    async fn load_range(&self, prefix: StorageKey) -> HashMap<StorageKey, Vec<u8>> {
        self.files.load_range(prefix).await
    }

    async fn put(&self, key: StorageKey, data: Vec<u8>) {
        let parts: Vec<String> = key.clone().into_iter().collect();
        self.files.put(key, data).await;
        if let [document, what, ..] = &parts[..]
            && (what == "snapshot" || what == "incremental")
        {
            self.stored
                .send_if_modified(|known| known.insert(document.clone()));
        }
    }

    async fn delete(&self, key: StorageKey) {
        self.files.delete(key).await;
    }
}

/// Serves until the input ends.
pub async fn run(folder: &str) -> Result<()> {
    let stored = Arc::new(watch::Sender::new(BTreeSet::new()));
    let storage = Counted {
        files: TokioFilesystemStorage::new(folder),
        stored: stored.clone(),
    };
    let repo = Repo::build_tokio()
        .with_storage(storage)
        .with_peer_id(PeerId::from("server"))
        .with_share_policy(ShareConfig::read_write().with_announce(false))
        .load()
        .await;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let acceptor = repo.make_acceptor(samod::Url::parse(&format!("tcp://127.0.0.1:{port}"))?)?;
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let _ = socket.set_nodelay(true);
            if acceptor.accept_tokio_io(socket).is_err() {
                break;
            }
        }
    });
    say(&json!({"ready": port}));
    let mut commands = commands();
    let mut stored = stored.subscribe();
    while let Some(command) = commands.recv().await {
        let count = number(&command, "count");
        let reached = stored.wait_for(|known| known.len() >= count).await;
        reply(
            reached
                .map(|known| json!({"stored": known.len()}))
                .map_err(Into::into),
        );
    }
    Ok(())
}
