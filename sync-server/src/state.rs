//! What every handler shares.

use std::{path::PathBuf, sync::Arc};

use tokio::sync::{Semaphore, watch};

use crate::{
    auth::EnrolLimiter, blobs::Blobs, desk_sessions::DeskSessions, problem::Problem, store::Store,
};

/// How many requests work on the store at a time; the others wait in the order in which they came. More of
/// them at once would finish none of them earlier, and each would need a thread and a connection of its
/// own to the store: a thousand phones that come back in the same moment must not cost memory for all.
pub const PLACES: usize = 8;
/// How many of them may want to write: writing goes through one lock, and those who wait for it must not keep
/// all who only read (`/healthz` among them) from theirs.
pub const WRITERS: usize = PLACES - 2;

/// Shared by all handlers; cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The ledger.
    pub store: Arc<Store>,
    /// Bytes of attachments.
    pub blobs: Arc<Blobs>,
    /// Wrong enrolment codes of the last minute.
    pub enrol_limiter: Arc<EnrolLimiter>,
    /// Sessions of the desk in browsers.
    pub desk_sessions: Arc<DeskSessions>,
    /// Folder with the client's files, if it serves them.
    pub web: Option<PathBuf>,
    /// Address that links begin with, if it is known; else they follow the request's own.
    pub public_url: Option<String>,
    /// Are connections encrypted by this server?
    pub tls: bool,
    /// Places at the store (see [`PLACES`]).
    pub places: Arc<Semaphore>,
    /// Who of them may want to write (see [`WRITERS`]).
    pub writers: Arc<Semaphore>,
    /// Turns true when the server stops: long answers end.
    pub stopping: watch::Receiver<bool>,
}

impl AppState {
    /// Runs work that may write to the store where it may block.
    pub async fn writing<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Store) -> Result<T, Problem> + Send + 'static,
    {
        let Ok(writer) = Arc::clone(&self.writers).acquire_owned().await else {
            return Err(Problem::internal());
        };
        self.blocking(move |store| {
            let done = work(store);
            drop(writer);
            done
        })
        .await
    }

    /// Runs work that only reads the store where it may block.
    pub async fn blocking<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Store) -> Result<T, Problem> + Send + 'static,
    {
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
            return Err(Problem::internal());
        };
        let store = Arc::clone(&self.store);
        // The place goes with the work, which goes on if nobody waits for it any more.
        let work = move || {
            let done = work(&store);
            drop(place);
            done
        };
        tokio::task::spawn_blocking(work)
            .await
            .unwrap_or_else(|_| Err(Problem::internal()))
    }
}
