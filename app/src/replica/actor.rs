//! The replica as an actor: takes a request, answers from the store, drives sync.

use super::{
    api::{ReplicaFailure, Reply, Request},
    bell::Bell,
    host::Host,
};

/// One device's replica. Cheap to clone; not for several threads.
#[derive(Clone)]
pub struct Actor {}

impl Actor {
    /// Opens the stores of this device.
    pub async fn open(_host: Host, _bell: Bell) -> Result<Self, ReplicaFailure> {
        Ok(Self {})
    }

    /// Answers a request.
    pub async fn call(&self, _request: Request) -> Reply {
        Reply::Done
    }

    /// Drives sync for as long as it is polled.
    pub async fn drive(&self) {
        std::future::pending().await
    }

    /// Closes every store.
    pub fn close(&self) {}
}
