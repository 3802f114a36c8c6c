//! The replica in a Web Worker: messages of the page in, replies and notices out.

use futures::{
    StreamExt,
    channel::{mpsc, oneshot},
};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::{
    api::{ReplicaFailure, Reply, Request},
    bell::Bell,
    host_web::PoolGate,
    link_web::{post, taken},
    service::{self, Job},
};
use crate::platform::web;

/// Starts the replica of this worker; it runs until the page ends it.
pub fn run() {
    let (jobs, incoming) = mpsc::unbounded::<Job>();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some((number, bytes)) = taken(&event.data()) {
            accept(&jobs, number, &bytes);
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let bell = Bell::default();
    let mut notices = bell.listen();
    wasm_bindgen_futures::spawn_local(async move {
        while let Some(notice) = notices.next().await {
            if let Ok(bytes) = postcard::to_stdvec(&notice) {
                send(0, &bytes);
            }
        }
    });
    wasm_bindgen_futures::spawn_local(service::serve(PoolGate::default(), incoming, bell));
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

fn accept(jobs: &mpsc::UnboundedSender<Job>, number: u32, bytes: &[u8]) {
    let (answer, reply) = oneshot::channel();
    let sent = match postcard::from_bytes::<Request>(bytes) {
        Ok(request) => jobs.unbounded_send(Job { request, answer }).is_ok(),
        Err(_) => false,
    };
    wasm_bindgen_futures::spawn_local(async move {
        let reply = match reply.await {
            Ok(reply) => reply,
            Err(_) if sent => failed("replica.gone", "the replica has ended"),
            Err(_) => failed(
                "replica.not_understood",
                "page and worker differ in version",
            ),
        };
        let bytes = postcard::to_stdvec(&reply).unwrap_or_default();
        if matches!(reply, Reply::Saved(_)) {
            web::tell("saved");
        }
        send(number, &bytes);
    });
}

fn failed(code: &str, detail: &str) -> Reply {
    Reply::Failed(ReplicaFailure {
        code: code.into(),
        detail: detail.into(),
    })
}

fn send(number: u32, bytes: &[u8]) {
    // The page is there as long as its worker is.
    let _ = post(number, bytes, |buffer, transfer| {
        scope().post_message_with_transfer(buffer, transfer)
    });
}
