//! The page's end in the browser: a module worker with the same wasm file, postcard bytes in
//! transferred buffers with four bytes of call number in front. Number 0 are notices.
//!
//! Invariant: a worker that dies (a trap cannot be caught in wasm) answers its open calls with
//! `replica.gone` and is started anew, at most once in two seconds.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use futures::channel::oneshot;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, prelude::*};
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use super::{
    api::{Notice, ReplicaFailure, Reply, Request},
    bell::Bell,
    handle::{Config, gone},
};
use crate::platform::web;

/// The way to the worker.
pub struct Link(Rc<RefCell<Calls>>);

struct Calls {
    worker: Option<Worker>,
    next: u32,
    open: HashMap<u32, oneshot::Sender<Reply>>,
    bell: Bell,
}

impl Link {
    /// Starts the worker.
    pub fn start(_config: Config, bell: Bell) -> Self {
        let calls = Rc::new(RefCell::new(Calls {
            worker: None,
            next: 0,
            open: HashMap::new(),
            bell,
        }));
        begin(&calls);
        Self(calls)
    }

    /// Posts a request and waits for the reply.
    pub async fn call(&self, request: Request) -> Result<Reply, ReplicaFailure> {
        let bytes = postcard::to_stdvec(&request).map_err(|e| gone(e.to_string()))?;
        let (answer, reply) = oneshot::channel();
        {
            let mut calls = self.0.borrow_mut();
            calls.next = calls.next.wrapping_add(1).max(1);
            let number = calls.next;
            let worker = calls
                .worker
                .clone()
                .ok_or_else(|| gone("no worker could be started"))?;
            post(number, &bytes, |buffer, transfer| {
                worker.post_message_with_transfer(buffer, transfer)
            })
            .map_err(|e| gone(format!("{e:?}")))?;
            calls.open.insert(number, answer);
        }
        reply.await.map_err(|_| gone("the worker has ended"))
    }
}

/// Lays number and bytes into one buffer and hands it over.
pub(super) fn post(
    number: u32,
    bytes: &[u8],
    send: impl FnOnce(&JsValue, &JsValue) -> Result<(), JsValue>,
) -> Result<(), JsValue> {
    let length = u32::try_from(bytes.len()).map_err(|_| JsValue::from_str("too long"))?;
    let array = Uint8Array::new_with_length(4 + length);
    array.subarray(0, 4).copy_from(&number.to_le_bytes());
    array.subarray(4, 4 + length).copy_from(bytes);
    let buffer = array.buffer();
    send(&buffer, &js_sys::Array::of1(&buffer))
}

/// Takes number and bytes out of a message; none if it is no buffer of ours.
pub(super) fn taken(message: &JsValue) -> Option<(u32, Vec<u8>)> {
    let bytes = Uint8Array::new(message.dyn_ref::<ArrayBuffer>()?).to_vec();
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*number), rest.to_vec()))
}

fn begin(calls: &Rc<RefCell<Calls>>) {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    if web::traced() {
        // Not in the address: a service worker answers with the stored file, whose address has no query.
        options.set_name("trace");
    }
    let Ok(worker) = Worker::new_with_options("/worker.js", &options) else {
        return;
    };
    let on_message = {
        let calls = calls.clone();
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            receive(&calls, &event.data());
        })
    };
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let on_error = {
        let calls = calls.clone();
        Closure::<dyn FnMut()>::new(move || restart(&calls))
    };
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    on_error.forget();
    // Without it the worker waits for ever, as without a page: there is no app then.
    let _ = worker.post_message(&web::compiled());
    calls.borrow_mut().worker = Some(worker);
}

fn receive(calls: &Rc<RefCell<Calls>>, message: &JsValue) {
    let Some((number, bytes)) = taken(message) else {
        web::keep_trace(message);
        return;
    };
    if number == 0 {
        if let Ok(notice) = postcard::from_bytes::<Notice>(&bytes) {
            let bell = calls.borrow().bell.clone();
            bell.ring(notice);
        }
        return;
    }
    let waiting = calls.borrow_mut().open.remove(&number);
    if let (Some(waiting), Ok(reply)) = (waiting, postcard::from_bytes::<Reply>(&bytes)) {
        // The screen that asked may be gone.
        let _ = waiting.send(reply);
    }
}

/// Ends the worker that failed, answers its calls, and starts another after two seconds.
fn restart(calls: &Rc<RefCell<Calls>>) {
    let Some(worker) = calls.borrow_mut().worker.take() else {
        return;
    };
    worker.set_onmessage(None);
    worker.set_onerror(None);
    worker.terminate();
    // Dropping the senders answers the open calls with `replica.gone`.
    calls.borrow_mut().open.clear();
    let calls = calls.clone();
    wasm_bindgen_futures::spawn_local(async move {
        web::sleep(2_000).await;
        begin(&calls);
        let bell = calls.borrow().bell.clone();
        bell.ring(Notice::Changed);
    });
}
