//! What screens hold of the replica: a cheap handle to ask, to order and to listen.
//!
//! The replica itself runs beside the screens, in a thread (native) or in a Web Worker (browser).
//! Invariant: nothing here waits for the store; every call is answered, if need be with a failure.

use std::rc::Rc;

use futures::Stream;

use super::{
    api::{Notice, ReplicaFailure, Reply, Request},
    bell::Bell,
};

#[cfg(not(target_arch = "wasm32"))]
use super::link_native as link;
#[cfg(target_arch = "wasm32")]
use super::link_web as link;

/// How to start the replica.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// Native: folder of the stores; none takes `HUIKUAN_DATA` or the user's data folder.
    /// In the browser stores lie in the origin's private file system and this is ignored.
    pub folder: Option<std::path::PathBuf>,
}

/// The screens' end of the replica.
#[derive(Clone)]
pub struct Replica {
    link: Rc<link::Link>,
    bell: Bell,
}

/// Two handles are equal if they lead to the same replica.
impl PartialEq for Replica {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.link, &other.link)
    }
}

impl Replica {
    /// Starts the replica beside the caller. Once in a process, from the screens' thread.
    pub fn start(config: Config) -> Self {
        let bell = Bell::default();
        let link = Rc::new(link::Link::start(config, bell.clone()));
        Self { link, bell }
    }

    /// Asks or orders. If the replica is gone or its store cannot be had, the reply is
    /// [`Reply::Failed`] with `replica.gone`, `store.owned_elsewhere` or another stable code.
    pub async fn call(&self, request: Request) -> Reply {
        match self.link.call(request).await {
            Ok(reply) => reply,
            Err(failure) => Reply::Failed(failure),
        }
    }

    /// Everything the replica tells without being asked, from now on; first of all what still holds
    /// (how sync stands, whether the store is owned by another tab or was set aside).
    pub fn notices(&self) -> impl Stream<Item = Notice> + Unpin + 'static {
        self.bell.listen()
    }
}

/// The replica's thread or worker has ended.
pub(crate) fn gone(detail: impl Into<String>) -> ReplicaFailure {
    ReplicaFailure {
        code: "replica.gone".into(),
        detail: detail.into(),
    }
}
