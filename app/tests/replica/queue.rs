//! Each line of the queue says how its record or photo really stands.

use std::{
    cell::Cell,
    path::Path,
    rc::Rc,
    time::{Duration, Instant},
};

use app::{
    platform::network::{Answer, Call, Network, Pieces, Unreachable},
    replica::{actor::Actor, api::*},
};
use futures::future::LocalBoxFuture;

use crate::{phone::*, server::Server};

/// A connection on which everything takes as long as `held` says.
#[derive(Clone)]
struct Held {
    server: Server,
    held: Rc<Cell<bool>>,
}

impl Network for Held {
    fn send(&self, call: Call) -> LocalBoxFuture<'static, Result<Answer, Unreachable>> {
        let here = self.clone();
        Box::pin(async move {
            while here.held.get() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            here.server.send(call).await
        })
    }

    fn stream(&self, call: Call) -> LocalBoxFuture<'static, Result<(u16, Pieces), Unreachable>> {
        self.server.stream(call)
    }

    fn sends_later(&self) -> bool {
        true
    }

    fn leave(&self, calls: Vec<Call>) {
        self.server.leave(calls);
    }

    fn is_metered(&self) -> Option<bool> {
        self.server.is_metered()
    }
}

/// How each line stands, oldest first: as the screen says it, with the code of the reason.
async fn states(actor: &Actor) -> Vec<String> {
    let Reply::Queue(view) = actor.call(Request::Queue).await else {
        panic!("no queue")
    };
    let of = |line: QueueLine| match line.state {
        LineState::Waiting => "waiting".to_owned(),
        LineState::Sending => "sending".to_owned(),
        LineState::PutOff { code, retry_at } => match retry_at {
            Some(_) => format!("{code}, tried again"),
            None => code,
        },
        LineState::ForWifi => "photo-wifi".to_owned(),
    };
    view.lines.into_iter().map(of).collect()
}

async fn become_states(actor: &Actor, wanted: &[&str]) {
    let begun = Instant::now();
    loop {
        let found = states(actor).await;
        if found == wanted {
            return;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{found:?} instead of {wanted:?}"
        );
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn order(actor: &Actor, request: Request) {
    let reply = actor.call(request).await;
    assert!(!matches!(reply, Reply::Failed(_)), "{reply:?}");
}

fn begun(folder: &Path) -> Held {
    let server = company();
    drop(Phone::enrolled(folder, &server, "one"));
    Held {
        server,
        held: Rc::default(),
    }
}

#[test]
fn a_record_waits_until_it_is_tried_and_is_put_off_only_when_it_was_tried_in_vain() {
    let folder = tempfile::tempdir().unwrap();
    let network = begun(folder.path());
    let server = network.server.clone();
    server.0.borrow_mut().online = false;
    drive(folder.path(), &network, async |actor| {
        // Without a network nothing is tried, though it is left with the system.
        order(&actor, Request::Online(false)).await;
        order(&actor, save_visit(1, "first")).await;
        while server.0.borrow().left.is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(states(&actor).await, ["waiting"]);

        order(&actor, Request::Online(true)).await;
        become_states(&actor, &["sync.away, tried again"]).await;
        // What is saved later is not in the batch that was tried.
        order(&actor, save_visit(2, "second")).await;
        become_states(&actor, &["sync.away, tried again", "waiting"]).await;

        network.held.set(true);
        order(&actor, Request::SyncNow).await;
        become_states(&actor, &["sending", "waiting"]).await;
        server.0.borrow_mut().online = true;
        network.held.set(false);
        become_states(&actor, &[]).await;
    });
}

#[test]
fn what_the_server_or_its_office_does_not_take_is_put_off_with_that_reason() {
    let folder = tempfile::tempdir().unwrap();
    let network = begun(folder.path());
    let server = network.server.clone();
    server.0.borrow_mut().revoked = true;
    drive(folder.path(), &network, async |actor| {
        order(&actor, save_visit(1, "first")).await;
        become_states(&actor, &["auth.revoked"]).await;
        // The office has got it for review.
        let sql = "UPDATE outbox SET reviewed = 1";
        actor.look(|db| db.execute(sql, [])).unwrap().unwrap();
        assert_eq!(states(&actor).await, ["sync.review"]);
        let sql = "UPDATE change SET state = 'parked' WHERE state = 'waiting'";
        actor.look(|db| db.execute(sql, [])).unwrap().unwrap();
        let sql = "DELETE FROM outbox";
        actor.look(|db| db.execute(sql, [])).unwrap().unwrap();
        assert_eq!(states(&actor).await, ["sync.base"]);
    });
}

#[test]
fn a_photo_says_whether_it_waits_for_wifi_is_on_its_way_or_was_tried_in_vain() {
    let folder = tempfile::tempdir().unwrap();
    let network = begun(folder.path());
    let server = network.server.clone();
    server.0.borrow_mut().metered = Some(true);
    server.0.borrow_mut().photo_piece = 100;
    drive(folder.path(), &network, async |actor| {
        let mut new = visit(1, "photo");
        new.photos.push(NewPhoto {
            media_type: "image/jpeg".into(),
            bytes: vec![7; 1_000],
            caption: String::new(),
        });
        order(&actor, Request::SaveVisit(Box::new(new))).await;
        become_states(&actor, &["photo-wifi"]).await;
        network.held.set(true);
        order(&actor, Request::SendPhotosNow).await;
        become_states(&actor, &["sending"]).await;
        server.0.borrow_mut().online = false;
        network.held.set(false);
        become_states(&actor, &["sync.away"]).await;
        // It takes a tenth of it a round, and fewer rounds than that are tried: put off by the server.
        server.0.borrow_mut().online = true;
        order(&actor, Request::SendPhotosNow).await;
        become_states(&actor, &["photo.not_taken"]).await;
        server.0.borrow_mut().photo_piece = 1_000;
        order(&actor, Request::SendPhotosNow).await;
        become_states(&actor, &[]).await;
    });
}
