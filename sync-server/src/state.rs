//! What every handler shares.

use std::{path::PathBuf, sync::Arc};

use tokio::sync::watch;

use crate::{auth::EnrolLimiter, blobs::Blobs, problem::Problem, store::Store};

/// Shared by all handlers; cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The ledger.
    pub store: Arc<Store>,
    /// Bytes of attachments.
    pub blobs: Arc<Blobs>,
    /// Wrong enrolment codes of the last minute.
    pub enrol_limiter: Arc<EnrolLimiter>,
    /// Folder with the client's files, if it serves them.
    pub web: Option<PathBuf>,
    /// Address that links begin with, if it is known; else they follow the request's own.
    pub public_url: Option<String>,
    /// Are connections encrypted by this server?
    pub tls: bool,
    /// Turns true when the server stops: long answers end.
    pub stopping: watch::Receiver<bool>,
}

impl AppState {
    /// Runs work on the store where it may block.
    pub async fn blocking<T, F>(&self, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Store) -> Result<T, Problem> + Send + 'static,
    {
        let store = Arc::clone(&self.store);
        tokio::task::spawn_blocking(move || work(&store))
            .await
            .unwrap_or_else(|_| Err(Problem::internal()))
    }
}
