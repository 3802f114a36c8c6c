//! HTTP over the network, natively (rustls). In the browser `network_fetch.rs` takes this place.

use std::time::Duration;

use futures::{FutureExt, StreamExt, future::Either};

use super::{
    LocalBoxFuture,
    clock::{Clock, SystemClock},
    network::{Answer, Call, Network, Pieces, Unreachable},
};

/// The real network.
#[derive(Clone)]
pub struct HttpNetwork(reqwest::Client);

impl Default for HttpNetwork {
    fn default() -> Self {
        Self::new()
    }
}

impl HttpNetwork {
    /// A client that keeps its connections.
    pub fn new() -> Self {
        // Fails only if it has been installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self(client())
    }

    fn request(&self, call: Call) -> Result<reqwest::RequestBuilder, Unreachable> {
        let method = reqwest::Method::from_bytes(call.method.as_bytes()).map_err(unreachable)?;
        let mut request = self.0.request(method, &call.url);
        if let Some(token) = &call.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        if !call.body.is_empty() {
            request = request.body(call.body);
        }
        Ok(request)
    }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .connect_timeout(Duration::from_secs(10))
        .build()
        .unwrap_or_default()
}

fn unreachable(error: impl std::fmt::Display) -> Unreachable {
    Unreachable(error.to_string())
}

impl Network for HttpNetwork {
    fn send(&self, call: Call) -> LocalBoxFuture<'static, Result<Answer, Unreachable>> {
        let patience = call.timeout_ms;
        let request = self.request(call);
        let answer = async move {
            let response = request?.send().await.map_err(unreachable)?;
            let status = response.status().as_u16();
            let headers = response
                .headers()
                .iter()
                .filter_map(|(n, v)| Some((n.as_str().to_owned(), v.to_str().ok()?.to_owned())))
                .collect();
            let body = response.bytes().await.map_err(unreachable)?.to_vec();
            Ok(Answer {
                status,
                headers,
                body,
            })
        };
        within(patience, answer).boxed_local()
    }

    fn stream(&self, call: Call) -> LocalBoxFuture<'static, Result<(u16, Pieces), Unreachable>> {
        let patience = call.timeout_ms;
        let request = self.request(call);
        let opened = async move {
            let response = request?.send().await.map_err(unreachable)?;
            let status = response.status().as_u16();
            let pieces: Pieces = response
                .bytes_stream()
                .map(|piece| piece.map(|b| b.to_vec()).map_err(unreachable))
                .boxed_local();
            Ok((status, pieces))
        };
        within(patience, opened).boxed_local()
    }
}

/// Gives up after a while; dropping the request cuts it.
async fn within<T>(
    patience_ms: u32,
    work: impl Future<Output = Result<T, Unreachable>>,
) -> Result<T, Unreachable> {
    let timer = SystemClock.sleep(patience_ms.max(1));
    match futures::future::select(Box::pin(work), timer).await {
        Either::Left((done, _)) => done,
        Either::Right(_) => Err(Unreachable(format!(
            "no answer within {:?}",
            Duration::from_millis(u64::from(patience_ms))
        ))),
    }
}
