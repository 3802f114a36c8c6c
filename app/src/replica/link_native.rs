//! The screens' end, natively: the replica in a thread of its own with a small tokio runtime.

use std::thread;

use futures::channel::{mpsc, oneshot};

use super::{
    api::{ReplicaFailure, Reply, Request},
    bell::Bell,
    handle::{Config, gone},
    host_native::FolderGate,
    service::{self, Job},
};

/// The way to the thread.
pub struct Link(mpsc::UnboundedSender<Job>);

impl Link {
    /// Starts the thread. If that fails, every call says so.
    pub fn start(config: Config, bell: Bell) -> Self {
        let (sender, jobs) = mpsc::unbounded();
        let folder = config
            .folder
            .unwrap_or_else(crate::platform::native::data_folder);
        let run = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            // Without a runtime the jobs are dropped and every call is answered with `replica.gone`.
            if let Ok(runtime) = runtime {
                let gate = FolderGate::new(folder);
                tokio::task::LocalSet::new().block_on(&runtime, service::serve(gate, jobs, bell));
            }
        };
        // The same: a thread that cannot be had drops the jobs.
        let _ = thread::Builder::new().name("replica".into()).spawn(run);
        Self(sender)
    }

    /// Sends a request and waits for the reply.
    pub async fn call(&self, request: Request) -> Result<Reply, ReplicaFailure> {
        let (answer, reply) = oneshot::channel();
        self.0
            .unbounded_send(Job { request, answer })
            .map_err(|_| gone("the replica's thread has ended"))?;
        reply
            .await
            .map_err(|_| gone("the replica's thread dropped the call"))
    }
}
