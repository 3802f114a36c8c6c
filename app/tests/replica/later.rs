//! What is unsent is left with the system, which sends it when the app is gone and the network is back: the
//! next start sends the same once more and gets the same answer.

use std::path::Path;

use app::{
    platform::network::{Call, Network},
    replica::{actor::Actor, api::*},
};
use shared::sync::message::SyncRequest;

use crate::{phone::*, server::Server};

/// Runs the replica with its driver: does something, then waits until the server's side is as expected.
fn drive_until<W: Future<Output = ()>>(
    folder: &Path,
    server: &Server,
    work: impl FnOnce(Actor) -> W,
    until: impl Fn(&Server) -> bool,
) {
    drive(folder, server, async |actor| {
        work(actor).await;
        while !until(server) {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    });
}

async fn save(actor: &Actor, n: u128, notes: &str) {
    let reply = actor.call(save_visit(n, notes)).await;
    assert!(matches!(reply, Reply::Saved(_)), "{reply:?}");
}

fn left(server: &Server) -> Vec<SyncRequest> {
    let read = |call: &Call| SyncRequest::decode(&call.body).unwrap();
    server.0.borrow().left.iter().map(read).collect()
}

/// Two visits saved without a connection, one after the other, and the app closed.
fn unsent(folder: &Path, server: &Server) -> Vec<Call> {
    drop(Phone::enrolled(folder, server, "one"));
    server.0.borrow_mut().online = false;
    let taken = std::cell::RefCell::new(vec![]);
    drive_until(
        folder,
        server,
        async |actor| {
            save(&actor, 1, "a").await;
            while left(server).iter().map(|r| r.frames.len()).sum::<usize>() < 1 {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
            save(&actor, 2, "b").await;
        },
        |server| {
            taken.replace(server.0.borrow().left.clone());
            left(server).len() == 2
        },
    );
    server.0.borrow_mut().online = true;
    taken.into_inner()
}

#[test]
fn what_the_system_sent_meanwhile_is_acknowledged_at_the_next_start_and_doubles_nothing() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let calls = unsent(folder.path(), &server);
    let before = server.0.borrow().log.len();
    for call in calls {
        assert_eq!(block_on(server.send(call)).unwrap().status, 200);
    }
    assert_eq!(server.0.borrow().log.len(), before + 2);
    drive_until(
        folder.path(),
        &server,
        async |actor| save(&actor, 1, "c").await,
        |server| server.0.borrow().documents.len() == 3,
    );
    let phone = Phone::open(folder.path(), &server, 9);
    phone.sync();
    assert!(phone.queue().lines.is_empty());
    assert_eq!(server.0.borrow().log.len(), before + 3);
}

#[test]
fn the_batch_that_is_left_is_the_one_that_the_next_start_sends() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let calls = unsent(folder.path(), &server);
    let read = |call: &Call| SyncRequest::decode(&call.body).unwrap();
    let kept: Vec<SyncRequest> = calls.iter().map(read).collect();
    assert_eq!(kept.len(), 2);
    assert_eq!(kept[1].batch, kept[0].batch + 1);
    assert_eq!(kept[1].generation, kept[0].generation + 1);
    let phone = Phone::open(folder.path(), &server, 9);
    phone.sync();
    let state = server.0.borrow();
    let sent: Vec<_> = state
        .requests
        .iter()
        .filter(|request| !request.frames.is_empty())
        .map(|request| (request.batch, request.hashes()))
        .collect();
    let kept: Vec<_> = kept.iter().map(|r| (r.batch, r.hashes())).collect();
    assert_eq!(sent, kept);
}

#[test]
fn nothing_is_left_once_all_is_sent_or_somebody_signs_out_or_is_revoked() {
    let (server, folder) = (company(), tempfile::tempdir().unwrap());
    let is_left = |server: &Server| !server.0.borrow().left.is_empty();
    let calls = unsent(folder.path(), &server);
    server.0.borrow_mut().left = calls.clone();
    drive_until(folder.path(), &server, async |_| {}, |s| !is_left(s));
    drive_until(
        folder.path(),
        &server,
        async |_| {},
        |s| s.0.borrow().documents.len() == 2,
    );

    server.0.borrow_mut().online = false;
    drive_until(
        folder.path(),
        &server,
        async |actor| {
            save(&actor, 1, "c").await;
            while !is_left(&server) {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
            actor.call(Request::SignOut).await;
        },
        |s| !is_left(s),
    );
    let phone = Phone::open(folder.path(), &server, 9);
    let me = phone.session().known_people[0].0;
    phone.call(Request::SwitchTo(me));
    drop(phone);
    server.0.borrow_mut().online = true;
    server.0.borrow_mut().revoked = true;
    server.0.borrow_mut().left = calls;
    drive_until(
        folder.path(),
        &server,
        async |actor| {
            while actor.call(Request::Session).await.status() != Some(true) {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
        },
        |s| !is_left(s),
    );
}

trait Revoked {
    fn status(&self) -> Option<bool>;
}

impl Revoked for Reply {
    /// Does the session say that the device is revoked?
    fn status(&self) -> Option<bool> {
        match self {
            Reply::Session(view) => Some(view.sync.status == shared::sync::client::Status::Revoked),
            _ => None,
        }
    }
}
