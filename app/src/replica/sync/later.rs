//! What waits is left with the system (a browser's background sync), which sends it when the network is back
//! and the app may be gone.
//!
//! Invariant: what is left is exactly what the next start sends: a batch under way is the same bytes under the
//! same number, so that it is taken in once however often it comes.

use shared::sync::client::Status;

use super::{
    super::{actor::Actor, open::Open},
    build, post,
};

impl Actor {
    /// Leaves what waits with the system when there is no connection, and takes it back when all is sent or
    /// nobody is let in: the app may be gone before the network is back.
    pub fn leave_for_later(&self) {
        let network = &self.0.host.network;
        if !network.sends_later() {
            return;
        }
        let open = self.0.open.borrow();
        let wanted = match (open.as_ref(), &*self.0.status.borrow()) {
            (Some(open), Status::Offline { .. }) => last_waiting(open),
            (Some(_), Status::Syncing | Status::Refused { .. }) => return,
            (None, _) | (_, Status::Idle { .. } | Status::Revoked) => Some(0),
        };
        let (Some(wanted), open) = (wanted, open.as_ref()) else {
            return;
        };
        if self.0.left.replace(Some(wanted)) == Some(wanted) {
            return;
        }
        let calls = open.filter(|_| wanted > 0).map(|open| {
            let now = self.0.host.clock.now();
            let left = build::left(open, self.0.speaks.get(), now)?;
            left.iter()
                .map(|request| post::call(&open.identity.server, &open.identity.token, request))
                .collect()
        });
        // What cannot be made now is sent when the app is opened again.
        network.leave(calls.and_then(Result::ok).unwrap_or_default());
    }
}

/// Place of the last change in the outbox; 0 if it is empty, none if it cannot be read.
fn last_waiting(open: &Open) -> Option<i64> {
    open.db
        .prepare_cached("SELECT COALESCE(MAX(place), 0) FROM outbox WHERE reviewed = 0")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .ok()
}
