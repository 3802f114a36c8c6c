//! Places at the store: who waits for whom.
#![allow(clippy::unwrap_used)] // helpers of tests may fail loudly, too

mod support;

use std::{
    sync::{Arc, mpsc},
    time::Duration,
};

use serde_json::json;
use support::site::Site;
use sync_server::{
    state::PLACES,
    store::{StoreError, WriteTx},
};
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn those_who_wait_to_write_keep_no_reader_waiting() {
    let site = Arc::new(Site::new());
    let clerk = site.company.phone(site.company.finance, 2);
    let (release, released) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel();
    let store = Arc::clone(&site.company.store);
    let long = std::thread::spawn(move || {
        store.write(|_: &mut WriteTx<'_>| -> Result<(), StoreError> {
            begun.send(()).unwrap();
            released.recv().unwrap();
            Ok(())
        })
    });
    has_begun.recv().unwrap();
    let of = json!({ "kind": "opening", "of": "cash", "amount": "1" });
    let commands: Vec<_> = (1..=PLACES as u128 * 2)
        .map(|n| {
            let (site, token) = (Arc::clone(&site), clerk.token.clone());
            let body = json!({ "id": Uuid::from_u128(n), "reason": "期初", "command": of });
            tokio::spawn(async move {
                let sent = site.post("/v1/ledger/commands", Some(&token), body);
                sent.await.status
            })
        })
        .collect();
    while site.state.writers.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    // The bound is for a server that never answers.
    let answer = tokio::time::timeout(Duration::from_secs(60), site.get("/healthz", None));
    assert_eq!(answer.await.unwrap().status, 200);
    release.send(()).unwrap();
    long.join().unwrap().unwrap();
    for command in commands {
        assert_eq!(command.await.unwrap(), 201);
    }
}
