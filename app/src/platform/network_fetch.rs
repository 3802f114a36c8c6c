//! HTTP in the browser: `fetch` through `/platform.js`, in the page or in a worker.
//!
//! Takes the place of `network_http` there. An HTTP library for the browser brings tables for addresses
//! and header names that the browser has itself: a tenth of all that a phone has to fetch.
//!
//! Invariant: dropping a call, or the pieces of a stream, ends it.

use futures::{FutureExt, StreamExt, future::Either};
use js_sys::{Array, JsString, Promise, Uint8Array};
use wasm_bindgen::{JsCast, prelude::*};
use wasm_bindgen_futures::JsFuture;

use super::{
    LocalBoxFuture,
    clock::{Clock, SystemClock},
    network::{Answer, Call, Network, Pieces, Unreachable},
};

#[wasm_bindgen(raw_module = "/platform.js")]
extern "C" {
    #[wasm_bindgen(js_name = sendsLater)]
    fn sends_later() -> bool;
    #[wasm_bindgen(js_name = leaveCalls)]
    fn leave_calls(calls: Array);
    #[wasm_bindgen(js_name = isMetered)]
    fn is_metered() -> JsValue;
    type HttpCall;
    #[wasm_bindgen(constructor)]
    fn new(method: &str, url: &str, headers: Array, body: Option<Uint8Array>) -> HttpCall;
    #[wasm_bindgen(method)]
    fn status(this: &HttpCall) -> Promise;
    #[wasm_bindgen(method)]
    fn headers(this: &HttpCall) -> Array;
    #[wasm_bindgen(method)]
    fn body(this: &HttpCall) -> Promise;
    #[wasm_bindgen(method)]
    fn piece(this: &HttpCall) -> Promise;
    #[wasm_bindgen(method)]
    fn stop(this: &HttpCall);
}

/// The browser's network.
#[derive(Clone, Copy, Debug, Default)]
pub struct HttpNetwork;

impl HttpNetwork {
    /// Connections are the browser's.
    pub fn new() -> Self {
        Self
    }
}

/// A call under way.
struct Running(HttpCall);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl Running {
    fn begin(call: Call) -> Self {
        let headers = Array::new();
        let header = |name: &str, value: &str| {
            headers.push(&Array::of2(&name.into(), &value.into()));
        };
        if let Some(token) = &call.token {
            header("authorization", &format!("Bearer {token}"));
        }
        for (name, value) in &call.headers {
            header(name, value);
        }
        let body = (!call.body.is_empty()).then(|| Uint8Array::from(call.body.as_slice()));
        Self(HttpCall::new(call.method, &call.url, headers, body))
    }

    async fn status(&self) -> Result<u16, Unreachable> {
        let status = JsFuture::from(self.0.status()).await.map_err(unreachable)?;
        Ok(status.as_f64().unwrap_or_default() as u16)
    }

    fn headers(&self) -> Vec<(String, String)> {
        let texts: Vec<String> = self
            .0
            .headers()
            .iter()
            .map(|text| text.as_string().unwrap_or_default())
            .collect();
        texts
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[name, value]| (name.clone(), value.clone()))
            .collect()
    }
}

fn unreachable(error: JsValue) -> Unreachable {
    let text = error
        .dyn_ref::<js_sys::Error>()
        .map_or_else(|| JsString::from("cut"), js_sys::Error::message);
    Unreachable(text.into())
}

fn bytes(value: JsValue) -> Vec<u8> {
    value
        .dyn_ref::<Uint8Array>()
        .map(Uint8Array::to_vec)
        .unwrap_or_default()
}

impl Network for HttpNetwork {
    fn send(&self, call: Call) -> LocalBoxFuture<'static, Result<Answer, Unreachable>> {
        let patience = call.timeout_ms;
        let answer = async move {
            let running = Running::begin(call);
            let status = running.status().await?;
            let body = JsFuture::from(running.0.body())
                .await
                .map_err(unreachable)?;
            Ok(Answer {
                status,
                headers: running.headers(),
                body: bytes(body),
            })
        };
        within(patience, answer).boxed_local()
    }

    fn stream(&self, call: Call) -> LocalBoxFuture<'static, Result<(u16, Pieces), Unreachable>> {
        let patience = call.timeout_ms;
        let opened = async move {
            let running = Running::begin(call);
            let status = running.status().await?;
            let pieces: Pieces = futures::stream::unfold(Some(running), |running| async move {
                let running = running?;
                match JsFuture::from(running.0.piece()).await {
                    Ok(end) if end.is_null() => None,
                    Ok(piece) => Some((Ok(bytes(piece)), Some(running))),
                    Err(error) => Some((Err(unreachable(error)), None)),
                }
            })
            .boxed_local();
            Ok((status, pieces))
        };
        within(patience, opened).boxed_local()
    }

    fn is_metered(&self) -> Option<bool> {
        is_metered().as_bool()
    }

    fn sends_later(&self) -> bool {
        sends_later()
    }

    fn leave(&self, calls: Vec<Call>) {
        let left = calls.into_iter().map(|call| {
            let token = call.token.unwrap_or_default();
            let body = Uint8Array::from(call.body.as_slice());
            Array::of3(&call.url.into(), &token.into(), &body)
        });
        leave_calls(left.collect());
    }
}

/// Gives up after a while; dropping the call ends it.
async fn within<T>(
    patience_ms: u32,
    work: impl Future<Output = Result<T, Unreachable>>,
) -> Result<T, Unreachable> {
    let timer = SystemClock.sleep(patience_ms.max(1));
    match futures::future::select(Box::pin(work), timer).await {
        Either::Left((done, _)) => done,
        Either::Right(_) => Err(Unreachable(format!("no answer within {patience_ms} ms"))),
    }
}
