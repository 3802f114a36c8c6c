//! Notices on their way from the replica to everybody who listens.
//!
//! Invariant: whoever starts to listen late still hears how sync stands and what trouble the store
//! had, since those are said once and stay true.

use std::sync::{Arc, Mutex, PoisonError};

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};

use super::api::Notice;

/// Hands every notice to every listener.
#[derive(Clone, Debug, Default)]
pub struct Bell(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    listeners: Vec<UnboundedSender<Notice>>,
    sync: Option<Notice>,
    trouble: Vec<Notice>,
}

impl Bell {
    /// Tells everybody.
    pub fn ring(&self, notice: Notice) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &notice {
            Notice::Changed => {}
            Notice::Sync(_) => {
                // An answer about sync comes from a store that is open, here.
                inner.trouble.retain(|t| *t != Notice::OwnedElsewhere);
                inner.sync = Some(notice.clone());
            }
            Notice::StoreSetAside { .. } | Notice::OwnedElsewhere => {
                if !inner.trouble.contains(&notice) {
                    inner.trouble.push(notice.clone());
                }
            }
        }
        inner
            .listeners
            .retain(|listener| listener.unbounded_send(notice.clone()).is_ok());
    }

    /// Everything from now on, and before it what still holds.
    pub fn listen(&self) -> UnboundedReceiver<Notice> {
        let (sender, receiver) = unbounded();
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for notice in inner.trouble.iter().chain(&inner.sync) {
            // The receiver is alive: it is returned below.
            let _ = sender.unbounded_send(notice.clone());
        }
        inner.listeners.push(sender);
        receiver
    }
}
